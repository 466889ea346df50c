/** Who sold how much of a narrow good to whom: one sentence, one picture, one paragraph, and the rest behind them. */
import { useEffect, useRef, useState } from "preact/hooks";
import { FaultBox } from "../case/FaultBox";
import { Chart, keyOf } from "../charts/Chart";
import { shared } from "../charts/shared";
import { Chosen } from "../new/Chosen";
import { Combobox } from "../new/Combobox";
import { goodsFor, placesFor } from "../new/sentence";
import { askedAt } from "../store/route";
import { Table } from "../table/Table";
import { PlainBar } from "../ui/PlainBar";
import { FIRST, LAST, pathOf } from "./asked";
import { asked, begin, goods, places, put, traded, waiting, type Traded } from "./traded";

const YEARS = Array.from({ length: LAST - FIRST + 1 }, (_, k) => FIRST + k);
const hinted = (g) => ({ ...g, hint: `HS ${g.hs}` });

function GoodField() {
  /** What is being typed; null while the field shows the good that is asked about. */
  const [text, setText] = useState<string | null>(null);
  const { good } = asked.value;
  const name = goods.value.find((g) => g.hs === good)?.label ?? good;
  const options = goodsFor(text ?? "", goods.value).map(hinted);
  const take = (code: string) => { setText(null); put({ good: code }); };
  return (
    <div class="field">
      <label for="good">Good</label>
      <Combobox id="good" label="Goods" value={text ?? name} options={options} type={setText} take={(one) => take(one.hs)}
        enter={() => { if (text?.trim()) take(options[0]?.hs ?? text.trim()); }} left={() => setText(null)} />
    </div>
  );
}

function Ends({ side, id, label }: { side: "sellers" | "buyers"; id: string; label: string }) {
  const chosen = asked.value[side];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Chosen id={id} label={label} placeholder={chosen.length ? "Add another" : "All; type a country or group"}
        taken={(name) => `${name} is chosen.`}
        fitting={(words) => placesFor(words, places.value).map((p) => ({ ...p, hint: p.kind === "group" ? "group" : p.id }))}
        chosen={chosen.map((one) => ({ id: one, label: places.value.find((p) => p.id === one)?.label ?? shared.names[one] ?? one }))}
        take={(one) => put({ [side]: [...chosen, one] })} remove={(one) => put({ [side]: chosen.filter((x) => x !== one) })} />
    </div>
  );
}

function Year({ which, label }: { which: "first" | "last"; label: string }) {
  const value = asked.value[which];
  const years = YEARS.includes(value) ? YEARS : [value, ...YEARS];
  return (
    <div class="field">
      <label for={`year-${which}`}>{label}</label>
      <select id={`year-${which}`} value={value} onChange={(event) => put({ [which]: Number(event.currentTarget.value) })}>
        {years.map((y) => <option value={y}>{y}</option>)}
      </select>
    </div>
  );
}

/** The table behind the picture: its part is opened, and it is gone to. */
function toNumbers() {
  const details = document.getElementById("goods-data") as HTMLDetailsElement;
  details.open = true;
  requestAnimationFrame(() => {
    const table = document.getElementById("table-goods-partners");
    table?.scrollIntoView();
    table?.focus({ preventScroll: true });
  });
}

function Framed({ of }: { of: Traded["views"]["tables"][number] }) {
  return <div class="table" id={`table-${of.id}`} tabIndex={-1}><Table table={of} id={`table-${of.id}`} key={of.title} /></div>;
}

function Answer({ of }: { of: Traded }) {
  const chosen = useRef<string[]>([]);
  const [chart] = of.views.charts;
  const [partners, years, ...more] = of.views.tables;
  const old = waiting.value ? "stale" : "";
  return (
    <div aria-busy={waiting.value || undefined}>
      <h2 class={`answer ${old}`} id="goods-answer">{of.sentence}</h2>
      <div class="picture">
        <figure id={`chart-${chart.id}`} class={old || undefined}><Chart key={keyOf(chart)} chart={chart} chosen={chosen} /></figure>
        <button type="button" class="link" onClick={toNumbers}>The numbers of this picture, as a table</button>
      </div>
      <p class={`paragraph ${old}`} id="goods-paragraph">{of.paragraph}</p>
      <details class="details" id="goods-data">
        <summary>Data</summary>
        <Framed of={partners} />
      </details>
      <details class="details" id="goods-details">
        <summary>Details</summary>
        <h3 class="section">Prices and totals</h3>
        <Framed of={years} />
        {more.length ? <h3 class="section">Production</h3> : null}
        {more.map((one) => <Framed of={one} />)}
        <h3 class="section">What is missing</h3>
        <ul id="goods-notes">{of.notes.map((words) => <li key={words}>{words}</li>)}</ul>
        <h3 class="section">Sources</h3>
        <ul id="goods-sources">{of.sources.map((words) => <li key={words}>{words}</li>)}</ul>
        <p><a href={pathOf(asked.value)}>Every flow as a JSON document</a></p>
      </details>
    </div>
  );
}

export function GoodsPage() {
  const found = traded.value;
  useEffect(() => { begin(askedAt.value); }, [askedAt.value]);
  useEffect(() => { document.title = found ? `Trade in ${found.name} – détente` : "Goods – détente"; }, [found?.name]);
  useEffect(() => {
    const name = shared.name;
    return () => {
      // The files of a case that is gone back to are called after it.
      shared.name = name;
      document.title = "détente";
    };
  }, []);
  return (
    <>
      <PlainBar here="goods" />
      <main class="start goods" id="results" tabIndex={-1}>
        <h1>Who trades which good</h1>
        <form class="goods-asked" aria-label="What is asked" onSubmit={(event) => event.preventDefault()}>
          <GoodField />
          <Ends side="sellers" id="sellers" label="Sellers" />
          <Ends side="buyers" id="buyers" label="Buyers" />
          <div class="years"><Year which="first" label="From" /><Year which="last" label="to" /></div>
        </form>
        <FaultBox />
        {found ? <Answer of={found} /> : null}
      </main>
    </>
  );
}
