/** The head of the page: where one is, other cases, and how the state differs from the case. */
import { useEffect } from "preact/hooks";
import { departure, subject } from "../store/answer";
import { cases, choose, goTo } from "../store/route";
import { OpenFile } from "../ui/OpenFile";
import { changes, future, past, redo, resetAll, sheet, undo } from "../store/work";

const typing = (node: EventTarget | null) => node instanceof HTMLElement
  && node.matches("input:not([type=range], [type=checkbox]), textarea, select");

/** Ctrl or Cmd with Z takes a step back, with Shift or Y forward. */
function useKeys() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || typing(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) undo();
      else if (key === "y" || key === "z") redo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

export function Bar() {
  const of = sheet.value;
  return (
    <header class="bar-top">
      <a class="brand" href="#" onClick={(event) => { event.preventDefault(); goTo(""); }}>détente</a>
      <div class="field case-field">
        <label for="case">Case</label>{" "}
        <select id="case" value={of?.id ?? ""} onChange={(event) => {
          const list = event.currentTarget;
          const id = list.value;
          // The list names what is on the screen, until another case is.
          list.value = sheet.peek()?.id ?? "";
          choose(id);
        }}>
          {cases.value.map((c) => <option value={c.case}>{c.case.length < 64 ? c.case : c.title}</option>)}
        </select>
      </div>
      <OpenFile />
      <nav aria-label="Of this page">
        <a href="#" onClick={(event) => { event.preventDefault(); goTo(""); }}>Cases</a>
        <a href="#goods" onClick={(event) => { event.preventDefault(); goTo("goods"); }}>Goods</a>
        <a href="#c-compare" onClick={to("c-compare")}>Compare</a>
        <a href="#c-take" onClick={to("c-take")}>Share</a>
      </nav>
    </header>
  );
}

/** A link to a section of the page, which leaves the address as it is. */
export const to = (id: string) => (event: Event) => {
  event.preventDefault();
  const node = document.getElementById(id);
  node?.scrollIntoView();
  node?.focus({ preventScroll: true });
};

export function Head() {
  useKeys();
  const of = sheet.value;
  const state = departure.value;
  // 'Your scenario: Klaipėda open (2 changes)'.
  const name = (state?.hypothetical ? state.heading : state?.mark) ?? "";
  const title = of?.title ?? "";
  useEffect(() => { document.title = `${name ? `${name}: ` : ""}${title} – détente`; }, [name, title]);
  const back = past.value.at(-1);
  const on = future.value.at(-1);
  return (
    <section class={`head ${state ? "differs" : ""}`} aria-label="The case on the screen">
      <h1 id="title" title={`${name ? `${name}: ` : ""}${title}`}>{name ? <><span class="scenario">{name}:</span> {title}</> : title}</h1>
      <p class="kicker" id="subject">{subject.value}</p>
      <div class="state-line">
        <p class={`kicker state ${state ? "differs" : ""}`} id="state" role="note" title={state?.sentence ?? ""}>
          {state?.sentence ?? "The state of the case."}</p>
        <span class="steps">
          <button type="button" id="undo" disabled={!back} title={back ? `Undo: ${back.words}` : ""}
            onClick={() => undo()}>Undo</button>
          <button type="button" id="redo" disabled={!on} title={on ? `Redo: ${on.words}` : ""}
            onClick={() => redo()}>Redo</button>
          <button type="button" id="back-to-case" disabled={!changes.value.length} onClick={() => resetAll()}>
            Back to the case</button>
        </span>
      </div>
      {of?.summary ? <details class="about"><summary>What this case is about</summary>
        <p class="summary" id="summary">{of.summary}</p></details> : null}
    </section>
  );
}
