/** One of the four questions: a sentence, a picture, a paragraph, and all details behind them. */
import { useComputed } from "@preact/signals";
import { Deal } from "../deal/Deal";
import { Figures } from "../figures/Figures";
import { departure } from "../store/answer";
import type { Chapter as Answered, Section } from "../store/model";
import { addAll, coming, findings, fullShown, isOld, overview, partOf } from "../store/results";
import { sentence } from "../store/scenario";
import { trade } from "../store/work";
import { Explained } from "../ui/Explained";
import { Claims } from "./Claims";
import { Part } from "./Part";
import { Reproduce } from "./Reproduce";
import { openDetails } from "./details";

/** The picture of a tab before its answer is there. */
const FIRST: Record<string, string> = { "who-pays": "chart:gains" };
/** Drawn beside the picture of a question where the case has it. */
const BESIDE: Record<string, string> = { "who-pays": "chart:map" };

export interface Laid { id: string; question: string; answered: Answered | null; pictures: string[]; sections: Section[] }

/** The questions with the sections of each; what no question names stands with the last one. */
export function layout(questions: { id: string; question: string }[], chapters: Answered[], all: Section[]): Laid[] {
  const byId = new Map(chapters.map((c) => [c.id, c]));
  const named = new Set(chapters.flatMap((c) => c.sections));
  return questions.map(({ id, question }, k) => {
    const answered = byId.get(id) ?? null;
    const own = answered?.sections ?? [];
    const found = all.filter((s) => own.includes(s.id)).sort((a, b) => own.indexOf(a.id) - own.indexOf(b.id));
    const rest = k === questions.length - 1 ? all.filter((s) => !named.has(s.id)) : [];
    // A question whose answer names no picture has the first chart of its details.
    const chart = found.flatMap((s) => s.parts).find((part) => part.startsWith("chart:"));
    // A table is no picture: it stands in the details.
    const pictures = [answered?.picture || FIRST[id] || chart, BESIDE[id]].filter((p) => p?.startsWith("chart:")) as string[];
    return { id, question, answered, pictures: [...new Set(pictures)], sections: [...rest, ...found] };
  });
}

/** The table that holds the numbers of a picture. */
function numbersOf(picture: string): string {
  const found = partOf(picture).value?.data as any;
  return picture.startsWith("chart:") && found?.table ? `table:${found.table}` : "";
}

function Numbers({ picture, chapter }: { picture: string; chapter: string }) {
  const table = numbersOf(picture);
  if (!table) return null;
  return (
    <button type="button" class="link" onClick={() => openDetails(chapter, `table-${table.slice(6)}`)}>
      The numbers of this picture, as a table</button>
  );
}

function Sections({ all, shown, state }: { all: Section[]; shown: string[]; state: string }) {
  return (
    <>
      {all.map((s) => {
        const parts = s.parts.filter((part) => !shown.includes(part));
        const title = state && s.title.startsWith(`${state}: `) ? sentence(s.title.slice(state.length + 2)) : s.title;
        return (
          <section key={s.id} class="part" data-section={s.id} aria-labelledby={`part-${s.id}`}>
            <h3 class="section" id={`part-${s.id}`} tabIndex={-1}>{title}</h3>
            {s.note ? <p class="rests">{s.note}</p> : null}
            {parts.map((part) => <Part key={part} part={part} />)}
          </section>
        );
      })}
    </>
  );
}

function Findings() {
  const found = findings.value;
  return (
    <section class={`findings ${isOld(found) ? "stale" : ""}`} id="findings-section" aria-labelledby="in-short">
      <h3 id="in-short" tabIndex={-1}>Every finding in a sentence</h3>
      <ul id="findings">{found?.data.map((words) => <li><Explained text={words} /></li>)}</ul>
    </section>
  );
}

export function Chapter({ of, open, first, last }: { of: Laid; open: boolean; first: boolean; last: boolean }) {
  const old = useComputed(() => isOld(overview.value) || overview.value?.data.chapters.find((c) => c.id === of.id)?.old === true);
  const shown = of.pictures.filter((p, k) => k === 0 || partOf(p).value !== null);
  const mark = departure.value?.mark ?? "";
  return (
    <section class="chapter" id={`tab-${of.id}`} role="tabpanel" aria-labelledby={`to-${of.id}`} data-open={open}
      tabIndex={-1}>
      <h2 class={`answer ${old.value ? "stale" : ""}`}>{of.answered?.sentence ?? (coming.value ? "…" : "This answer is not there.")}</h2>
      <div hidden={!shown.length} class={`pictures ${shown.length > 1 ? "two" : ""}`}>
        {shown.map((part) => (
          <div key={part} class="picture">
            <Part part={part} />
            <Numbers picture={part} chapter={of.id} />
          </div>
        ))}
      </div>
      <p class={`paragraph ${old.value ? "stale" : ""}`}><Explained text={of.answered?.paragraph ?? ""} /></p>
      {of.id === "what-deal" ? <Deal /> : null}
      <details class="details" id={`details-${of.id}`}>
        <summary>Data and details</summary>
        {first && trade.value ? <Figures /> : null}
        {first && trade.value && !fullShown.value ? (
          <p class="buttons"><button type="button" id="full" disabled={coming.value} onClick={() => addAll()}>
            Add all regimes in time and the other horizons (some seconds)</button></p>
        ) : null}
        <Sections all={of.sections} shown={shown} state={mark} />
        {first ? <Findings /> : null}
        {last && trade.value ? <Claims /> : null}
        {last ? <Reproduce /> : null}
      </details>
    </section>
  );
}

