/** The order in which a deal is carried out, as a timeline, and whether it lasts. */
import { twoDigits } from "../try/order";
import type { DealAnswer } from "./model";

export function Steps({ of }: { of: DealAnswer }) {
  const stability = of.stability;
  if (!stability || !of.moves.length) return null;
  return (
    <div class="order-of-steps">
      {stability.sentences.map((words) => <p key={words}>{words}</p>)}
      {stability.steps.length ? (
        <>
          <h4 id="c-steps">The order of steps</h4>
          <ol class="timeline" aria-labelledby="c-steps">
            {stability.steps.map((step) => (
              <li key={step.turn} data-step={step.turn}>
                <b>{step.owner}</b> {step.step}
                <span class="note">{` ${step.gain < 0 ? "It gives up what is worth" : "It gains what is worth"} USD ${
                  twoDigits(step.gain)} million a year by this step.`}</span>
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </div>
  );
}
