/** A tour of a minute that can be skipped at any step. */
import { useRef, useState } from "preact/hooks";

const STEPS: [string, string][] = [
  ["Who gains and who pays", "The strip on top of a case shows each party with a bar: what the measures in force bring or cost it, "
    + "in USD million a year, against a world without them."],
  ["Try", "Switch a measure off, or move its slider. The strip follows at once; a dashed bar keeps the case as it is."],
  ["Four questions", "Who pays? Where do the goods go instead? What deal would hold? How far can I believe this? Each tab has one "
    + "sentence, one picture and one paragraph. Tables and methods stand in Data and details."],
  ["Your scenario", "What you change is marked as your scenario in every title and file. Undo takes a step back. Keep a scenario "
    + "under a name to compare it."],
  ["Share it", "The address of the page holds everything that you changed. The brief and the case file hold it, too."],
];

export function Tour() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [step, setStep] = useState(0);
  const [title, words] = STEPS[step];
  const last = step === STEPS.length - 1;
  return (
    <>
      <button type="button" id="tour" class="main" onClick={() => { setStep(0); dialog.current?.showModal(); }}>
        Take the tour (one minute)</button>
      <dialog ref={dialog} class="tour" aria-labelledby="tour-title">
        <p class="note">{`${step + 1} of ${STEPS.length}`}</p>
        <h2 id="tour-title">{title}</h2>
        <p aria-live="polite">{words}</p>
        <p class="buttons">
          {step ? <button type="button" onClick={() => setStep(step - 1)}>Back</button> : null}
          <button type="button" class="main" onClick={() => (last ? dialog.current?.close() : setStep(step + 1))}>
            {last ? "Begin" : "Next"}</button>
          {last ? null : <button type="button" onClick={() => dialog.current?.close()}>Skip the tour</button>}
        </p>
      </dialog>
    </>
  );
}
