/** A case from nothing: title, day, parties and sentences; the file that comes out opens in the app. */
import { useEffect, useRef } from "preact/hooks";
import { FaultBox } from "../case/FaultBox";
import { PlainBar } from "../ui/PlainBar";
import { Parties } from "./Parties";
import { Sentences } from "./Sentences";
import { choices, draft, faults, leave, learnChoices, make, put, taking } from "./checked";

type Words = "title" | "date";

function Field({ name, label, type }: { name: Words; label: string; type: "text" | "date" }) {
  const id = `new-${name}`;
  const wrong = faults.value[name]?.join(" ") ?? "";
  const more = {
    id, value: draft.value[name], "aria-invalid": wrong ? true : undefined,
    "aria-describedby": wrong ? `${id}-wrong` : undefined,
    onInput: (event: { currentTarget: HTMLInputElement }) => put({ [name]: event.currentTarget.value }),
    onBlur: (event: { currentTarget: HTMLInputElement }) => leave(name, event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === "date" ? <input type="date" min="1990-01-01" max="2100-12-31" {...more} />
        : <input type="text" maxLength={120} {...more} />}
      <p class="wrong" id={`${id}-wrong`} role="alert">{wrong}</p>
    </div>
  );
}

function Form() {
  const form = useRef<HTMLFormElement>(null);
  const go = async (then: "open" | "save") => {
    if (await make(then)) return;
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const others = faults.value[""];
  return (
    <form class="new-case" noValidate ref={form} onSubmit={(event) => { event.preventDefault(); go("open"); }}>
      <div class="about-case">
        <Field name="title" label="Title of the case" type="text" />
        <Field name="date" label="Day that is assessed" type="date" />
      </div>
      <Sentences />
      <Parties />
      <p class="taking" id="taking">{taking.value}</p>
      <div class="wrong" id="new-wrong" role="alert">{others?.map((words) => <p>{words}</p>)}</div>
      <p class="buttons">
        <button type="submit" class="main" id="make">Make the case</button>
        <button type="button" id="save-draft" onClick={() => go("save")}>Save its file</button>
      </p>
      <p class="note">{choices.value ? `The case stands on the world ${choices.value.world.label.replace(/, (\d+)$/, " (base year $1)")}. ` : ""}
        The file marks each number that is a first guess.</p>
    </form>
  );
}

export function NewCase() {
  useEffect(() => { learnChoices(); }, []);
  return (
    <>
      <PlainBar here="new" />
      <main class="start" id="results" tabIndex={-1}>
        <h1>A new case</h1>
        <p class="lead">Say in sentences who does what to whose trade. Each is answered with what it closes.</p>
        <FaultBox />
        <Form />
      </main>
    </>
  );
}
