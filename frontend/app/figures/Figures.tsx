/** All figures of the state on the screen, with their bands once these are drawn. */
import { beside, number } from "../../src/core/format.js";
import { NEGLIGIBLE } from "../../src/core/palette.js";
import { age, certificate, departure, figures } from "../store/answer";
import type { Band, Figure, Table } from "../store/model";
import { bandNote, bands, chooseBands, drawing } from "../store/results";
import { labelOf } from "../store/scenario";
import { sheet } from "../store/work";
import { Saves } from "../table/Table";
import { Sideways } from "../ui/Sideways";
import { GAINS, WORLD, shown } from "./moved";

const percent = (fraction: number | null) => (fraction === null ? null : 100 * fraction);
/** In two digits beside a band, else in those of the figure. */
const signed = (figure: Figure, value: number | null, banded: boolean) =>
  (banded ? beside : number)(shown(figure, value), figure.decimals, figure.key === GAINS);
const tone = (figure: Figure) => (figure.key === GAINS && Math.abs(figure.value ?? 0) >= NEGLIGIBLE
  ? ((figure.value as number) < 0 ? "loss" : "gain") : "");

const driver = (band: Band | undefined) =>
  (band?.drivers.length && sheet.peek() ? labelOf(sheet.peek() as any, band.drivers[0].parameter) : "");

/** The figures with their bands, as files carry them. */
export function saved(): Table {
  const column = (key: string, label: string, kind = "number") => ({ key, label, unit: "", kind, decimals: 0 });
  const columns = [column("group", "Group", "text"), column("of", "Of", "text"), column("unit", "Unit", "text"),
    column("value", "Value"), column("before", "Before"), column("percent", "% of real income"),
    column("largest", "Largest supplier", "text")];
  const drawn = bands.peek();
  if (drawn) columns.push(column("low", "5 %"), column("high", "95 %"), column("driver", "Moved most by", "text"));
  const rows = figures.peek().map((f) => {
    const band = drawn?.[f.id];
    const row = [f.group, f.label, f.shown_unit, shown(f, f.value), shown(f, f.before), percent(f.real_income_change),
      f.largest_supplier];
    return drawn ? [...row, shown(f, band?.low ?? null), shown(f, band?.high ?? null), driver(band)] : row;
  });
  const state = departure.peek();
  const title = `${state ? `${state.mark}: ` : ""}Figures of this state`;
  return { id: "figures", title, sentence: "", unit: "", note: "", state: state?.line ?? "", suffix: state?.suffix ?? "",
    columns, rows };
}

function Row({ figure, band }: { figure: Figure; band: Band | undefined }) {
  const ends = band ? [band.low, band.high].map((end) => signed(figure, end, true)).join(" to ") : "";
  return (
    <tr class={figure.id === WORLD ? "total" : undefined}>
      <th scope="row">{figure.label}</th>
      <td class={`n ${tone(figure)}`} data-figure={figure.id}>{signed(figure, figure.value, Boolean(band))}</td>
      <td class="n">{figure.key === GAINS ? number(percent(figure.real_income_change), 3, true)
        : number(shown(figure, figure.before), figure.decimals)}</td>
      {figure.key === "largest_share" ? <td>{figure.largest_supplier ?? ""}</td> : null}
      <td class="n bands">{ends}</td>
      <td class="bands note">{driver(band)}</td>
    </tr>
  );
}

const HEADS = { [GAINS]: ["Effect", "% of real income"], largest_share: ["Now", "Before", "From"] };

function Group({ title, of }: { title: string; of: Figure[] }) {
  const [first] = of;
  return (
    <div class="group-of-figures">
      <Sideways title={title} class="figures">
        <table>
          <caption><span class="title">{title}</span> <span class="unit">{first.shown_unit}</span></caption>
          <thead>
            <tr>
              <th scope="col">Of</th>
              {(HEADS[first.key] ?? ["Now", "Before"]).map((words) =>
                <th scope="col" class={words === "From" ? undefined : "n"}>{words}</th>)}
              <th scope="col" class="n bands">5 to 95 %</th>
              <th scope="col" class="bands">Moved most by</th>
            </tr>
          </thead>
          <tbody>{of.map((f) => <Row key={f.id} figure={f} band={bands.value?.[f.id]} />)}</tbody>
        </table>
      </Sideways>
    </div>
  );
}

export function Figures() {
  const all = figures.value;
  const state = departure.value;
  const groups = [...new Set(all.map((f) => f.group))];
  return (
    <section aria-labelledby="figures-now" id="figures-section">
      <h3 id="figures-now" tabIndex={-1}>{state ? `${state.mark}: figures of this state` : "Figures of this state"}</h3>
      <p class="note" id="certificate">{certificate.value}</p>
      <div class="field check">
        <input type="checkbox" id="draw" role="switch" checked={drawing.value}
          onChange={(event) => chooseBands(event.currentTarget.checked)} />
        <label for="draw">Bands of uncertainty, after the figures</label>
      </div>
      <p class="old-note" id="figures-note" hidden={!age.value}>{age.value}</p>
      <div id="figures" class={`figure-tables ${bands.value ? "banded" : ""} ${age.value ? "old" : ""}`}>
        {groups.map((group) => <Group key={group} title={group} of={all.filter((f) => f.group === group)} />)}
      </div>
      <div class="foot">
        <p class="note" id="band-note">{bandNote.value}</p>
        <div id="save-figures"><Saves title="Figures of this state" id="figures" table={saved} /></div>
      </div>
    </section>
  );
}
