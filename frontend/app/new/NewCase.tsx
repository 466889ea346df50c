/** A case from nothing: who bans what from whom. More measures are added on the page of the case. */
import { useEffect, useState } from "preact/hooks";
import { Refused, ask } from "../api/client";
import { FaultBox } from "../case/FaultBox";
import type { Choice } from "../store/model";
import { cases, goTo, openText, startCase } from "../store/route";
import { showFault } from "../store/faults";
import { caseText } from "./case";

/** A world that has every country and sector: the choices of a case that brings no goods of its own. */
async function choicesOfWorld() {
  const plain = cases.peek().find((c) => c.case === "russia-coalition")?.case ?? startCase.peek();
  return (await ask("/api/case", { case: plain })).choices as { countries: Choice[]; groups: Choice[]; goods: Choice[] };
}

function Form({ places, goods }: { places: Choice[]; goods: Choice[] }) {
  const [title, setTitle] = useState("");
  const [date, setDate] = useState(() => new Date().toISOString().slice(0, 10));
  const [holder, setHolder] = useState("EU");
  const [target, setTarget] = useState("RUS");
  const [banned, setBanned] = useState<string[]>([]);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const named = (id: string) => places.find((p) => p.id === id) as Choice;
  const submit = async (event: Event) => {
    event.preventDefault();
    const found = { ...(title.trim() ? {} : { title: "Give the case a title." }),
      ...(date ? {} : { date: "Choose a day." }),
      ...(holder === target ? { target: "Choose somebody else than the one who bans." } : {}) };
    setWrong(found);
    if (Object.keys(found).length) return;
    const text = caseText({ title: title.trim(), date, holder: named(holder), target: named(target),
      goods: banned.length ? goods.filter((g) => banned.includes(g.id)) : goods, all: !banned.length });
    try { await openText(text); } catch (error) {
      if (!(error instanceof Refused)) throw error;
      showFault(error, { heading: "The case was not made." });
    }
  };
  const mended = (key: string) => setWrong(Object.fromEntries(Object.entries(wrong).filter(([k]) => k !== key)));
  const fault = (key: string) => <p class="wrong" id={`new-${key}-wrong`} role="alert" hidden={!wrong[key]}>{wrong[key]}</p>;
  const bad = (key: string) => (wrong[key] ? { "aria-invalid": true, "aria-describedby": `new-${key}-wrong` } : {});
  const place = (key: string, label: string, value: string, put: (id: string) => void) => (
    <div class="field">
      <label for={`new-${key}`}>{label}</label>{" "}
      <select id={`new-${key}`} value={value} {...bad(key)}
        onChange={(event) => { put(event.currentTarget.value); mended("target"); }}>
        {places.map((p) => <option value={p.id}>{p.label}</option>)}
      </select>
      {fault(key)}
    </div>
  );
  return (
    <form class="new-case" noValidate onSubmit={submit}>
      <div class="field">
        <label for="new-title">Title of the case</label>{" "}
        <input type="text" id="new-title" maxLength={120} value={title} {...bad("title")}
          onInput={(event) => { setTitle(event.currentTarget.value); mended("title"); }} />
        {fault("title")}
      </div>
      <div class="field">
        <label for="new-date">Day that is assessed</label>{" "}
        <input type="date" id="new-date" min="1990-01-01" max="2100-12-31" value={date} {...bad("date")}
          onInput={(event) => { setDate(event.currentTarget.value); mended("date"); }} />
        {fault("date")}
      </div>
      {place("holder", "Who bans imports", holder, setHolder)}
      {place("target", "From whom", target, setTarget)}
      <fieldset>
        <legend>Of which goods (all of them where none is chosen)</legend>
        <div class="chips">
          {goods.map((g) => (
            <label key={g.id} class="choice-chip"><input type="checkbox" checked={banned.includes(g.id)} onChange={(event) =>
              setBanned(event.currentTarget.checked ? [...banned, g.id] : banned.filter((id) => id !== g.id))} />
            {g.label}</label>
          ))}
        </div>
      </fieldset>
      <p class="buttons"><button type="submit" class="main" id="make">Make the case</button></p>
    </form>
  );
}

export function NewCase() {
  const [choices, setChoices] = useState<Awaited<ReturnType<typeof choicesOfWorld>> | null>(null);
  useEffect(() => {
    choicesOfWorld().then(setChoices, (error) => showFault(error, { heading: "The choices did not come." }));
  }, []);
  return (
    <>
      <div class="bar-top">
        <a class="brand" href="#" onClick={(event) => { event.preventDefault(); goTo(""); }}>détente</a>
      </div>
      <main class="start" id="results" tabIndex={-1}>
        <h1>A new case</h1>
        <p class="lead">Begin with one ban. Further measures, days and strengths are set on the page of the case, which you
          can save as a file.</p>
        <FaultBox />
        {choices ? <Form places={[...choices.groups, ...choices.countries]} goods={choices.goods} /> : null}
      </main>
    </>
  );
}
