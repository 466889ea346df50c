/** The measures of a new case, each a sentence that is answered with what it closes. */
import { Combobox } from "./Combobox";
import { addMeasure, check, checking, choices, closes, draft, faults, leave, putMeasure, removeMeasure } from "./checked";
import { additions, goodIn, guideOf, QUESTIONS, type Guide } from "./sentence";
import { Info } from "../ui/Explained";

const fieldOf = (key: number) => `new-measure-${key}`;

/** Goes to a sentence once it is drawn, with the caret at its end. */
const goTo = (key: number) => requestAnimationFrame(() => {
  const field = document.getElementById(fieldOf(key)) as HTMLInputElement | null;
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
});

function Said({ of }: { of: number }) {
  const wrong = faults.value[`measure-${of}`];
  const found = closes.value[of];
  const text = draft.value.measures.find((m) => m.key === of)?.text.trim();
  return (
    <div class="said" aria-busy={checking.value}>
      <div class="wrong" id={`${fieldOf(of)}-wrong`} role="alert">{wrong?.map((words) => <p key={words}>{words}</p>)}</div>
      <div aria-live="polite" id={`${fieldOf(of)}-closes`} class="closes">
        {found && text ? <><p><strong>{found.sentence}</strong></p>{found.notes.map((n) => <p class="note">{n}</p>)}</> : null}
      </div>
      <Gaps of={text ?? ""} />
    </div>
  );
}

/** What the data of a narrow good miss, closed at first. */
function Gaps({ of }: { of: string }) {
  const good = goodIn(of, choices.value?.goods ?? []);
  if (!good?.notes?.length) return null;
  const what = `Known gaps of the data on ${good.label}`;
  return <p class="gaps">{what}<Info key={good.id} label={what} meaning={good.notes.join(" ")} /></p>;
}

function Sentence({ of, text, place }: { of: number; text: string; place: number }) {
  const all = choices.value;
  const guide: Guide = all ? guideOf(text, all) : { slot: "who", options: [] };
  const id = fieldOf(of);
  const wrong = Boolean(faults.value[`measure-${of}`]);
  return (
    <li class="sentence-of">
      <div class="field">
        <label for={id}>{`Measure ${place}`}</label>
        <span class="note" id={`${id}-asks`}>{QUESTIONS[guide.slot]}</span>
        <Combobox id={id} label="What fits here" value={text} options={guide.options}
          type={(words) => putMeasure(of, words)} take={(one) => { putMeasure(of, one.text); goTo(of); }}
          enter={() => { leave(`measure-${of}`, text); check(); }} left={() => leave(`measure-${of}`, text)}
          more={{ "aria-describedby": `${id}-asks${wrong ? ` ${id}-wrong` : ""}`, "aria-invalid": wrong || undefined }} />
      </div>
      <div class="additions" role="group" aria-label={`Add to measure ${place}`}>
        {additions(text).map((one) => (
          <button key={one.id} type="button" data-adds={one.id} disabled={one.text === null}
            onClick={() => { putMeasure(of, one.text as string); goTo(of); }}>{one.label}</button>
        ))}
        <button type="button" class="remove" aria-label={`Remove measure ${place}`} onClick={() => {
          removeMeasure(of);
          document.getElementById("add-sentence")?.focus();
        }}>Remove</button>
      </div>
      <Said of={of} />
    </li>
  );
}

export function Sentences() {
  const { measures } = draft.value;
  return (
    <section aria-labelledby="new-measures-title">
      <h2 id="new-measures-title">Measures</h2>
      <p class="note">One sentence for each, as ‘EU bans imports of crude oil from Russia, except Hungary, Slovakia, Czechia’.</p>
      <ol class="sentences">
        {measures.map((m, k) => <Sentence key={m.key} of={m.key} text={m.text} place={k + 1} />)}
      </ol>
      <p class="buttons"><button type="button" id="add-sentence" onClick={() => goTo(addMeasure())}>Add another measure</button></p>
    </section>
  );
}
