/** A table as the brief writes it, made from the same data, with its files. */
import { useState } from "preact/hooks";
import { nameOf, saveCsv } from "../../src/core/download.js";
import { file } from "../api/client";
import { shared } from "../charts/shared";
import { showFault } from "../store/faults";
import type { Column, Table as Data } from "../store/model";
import { sentence } from "../store/scenario";
import { saveBlob } from "../ui/files";
import { Linked, Prose } from "../ui/Links";
import { Explained } from "../ui/Explained";
import { Sideways } from "../ui/Sideways";
import { bandsIn, labelled, shown, tone, widths } from "./cells";

async function saveXlsx(name: string, table: Data) {
  const columns = labelled(table).columns.map(({ key, unit, kind }) => ({ key, label: key, unit, kind }));
  const made = await file(`/api/workbook?name=${encodeURIComponent(name)}`,
    { title: table.title, note: table.note.slice(0, 4000), state: table.state ?? "", columns, rows: table.rows });
  saveBlob(`${name}.xlsx`, made);
}

/** The buttons that save a table as it is when one is pressed. */
export function Saves({ title, id, table }: { title: string; id: string; table: () => Data }) {
  const save = { csv: (name: string, made: Data) => saveCsv(name, labelled(made)),
    xlsx: (name: string, made: Data) =>
      saveXlsx(name, made).catch((error) => showFault(error, { heading: "The table was not saved." })) };
  return (
    <div class="save">
      {Object.entries(save).map(([kind, run]) => (
        <button type="button" data-save={kind} aria-label={`Download the table ‘${title}’ as ${kind}`}
          onClick={() => { const made = table(); run(nameOf(shared, made, id), made); }}>{kind}</button>
      ))}
    </div>
  );
}

interface CellProps { column: Column; cell: any; wide: string; first: boolean; banded: boolean }

function Cell({ column, cell, wide, first, banded }: CellProps) {
  if (column.kind === "number") return <td class={`n ${tone(column, cell, banded)}`}>{shown(column, cell, banded)}</td>;
  if (column.kind === "links") {
    return <td class="long links">{(cell ?? []).map((one) => <span class="item"><Linked one={one} /></span>)}</td>;
  }
  if (column.kind === "code") return <td><code>{cell ?? ""}</code></td>;
  const words = <Prose text={shown(column, cell)} />;
  return first ? <th scope="row" class={wide}>{words}</th> : <td class={wide}>{words}</td>;
}

function Body({ table }: { table: Data }) {
  const plain = table.columns.filter((c) => !c.group);
  const wide = widths(table);
  const bands = bandsIn(table.columns);
  const groups = table.columns.map((c, k) => (c.group ? k : -1)).filter((k) => k >= 0);
  let before: string | null = null;
  return (
    <tbody>
      {table.rows.flatMap((row, r) => {
        const extra = table.lead && r >= table.lead ? "extra" : "";
        const group = groups.map((k) => row[k]).join(" · ");
        const total = row.slice(0, 3).includes("World") ? "total" : "";
        const heads = groups.length && group !== before ? [
          <tr class={`group ${extra}`}><th scope="rowgroup" colSpan={plain.length}>{sentence(group)}</th></tr>] : [];
        before = group;
        return [...heads,
          <tr class={`${extra} ${total}`.trim() || undefined}>
            {table.columns.map((column, k) => (column.group ? null
              : <Cell column={column} cell={row[k]} wide={wide[k]} first={column === plain[0]}
                banded={Boolean(bands[k]?.every((end) => row[end] !== null)) && row[bands[k]![0]] !== row[bands[k]![1]]} />))}
          </tr>];
      })}
    </tbody>
  );
}

/** The inside of a frame `.table`; `open` says whether all rows are shown. */
export function Table({ table, id }: { table: Data; id: string }) {
  const [open, setOpen] = useState(false);
  const more = table.lead && table.rows.length > table.lead;
  return (
    <div class={open ? "open" : "lead"}>
      <h3>{table.title}</h3>
      {table.state ? <p class="state">{table.state}</p> : null}
      <p class="sentence"><Explained text={table.sentence} /></p>
      {table.unit ? <p class="unit">{table.unit}</p> : null}
      <Sideways title={table.title}>
        <table>
          <caption>{`${table.title}. ${table.sentence}`}</caption>
          <thead>
            <tr>
              {table.columns.filter((c) => !c.group).map((c) => (
                <th scope="col" class={c.kind === "number" ? "n" : undefined}>{c.label}
                  {c.unit && !table.unit ? <span class="of">{c.unit}</span> : null}</th>
              ))}
            </tr>
          </thead>
          <Body table={table} />
        </table>
      </Sideways>
      {more ? <button type="button" class="more" aria-expanded={open} aria-controls={id}
        onClick={() => setOpen(!open)}>{open ? "Show fewer rows" : `Show all ${table.rows.length} rows`}</button> : null}
      <div class="foot">
        <p class="note">{table.note}</p>
        <Saves title={table.title} id={`table-${table.id}`} table={() => table} />
      </div>
    </div>
  );
}
