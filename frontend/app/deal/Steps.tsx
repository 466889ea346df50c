/** The order in which a deal is carried out, as a timeline, and whether it lasts. */
import { stepsOf, type DealAnswer } from "./model";

export function Steps({ of }: { of: DealAnswer }) {
  const stability = of.stability;
  if (!stability || !of.moves.length) return null;
  const labels = new Map(of.moves.map((m) => [m.owner, m.owner_label]));
  const steps = stepsOf(stability.steps, labels);
  return (
    <div class="order-of-steps">
      {steps.length ? (
        <>
          <h4 id="c-steps">{stability.self_enforcing ? "An order of steps that holds" : "The order that comes nearest to holding"}</h4>
          <ol class="timeline" aria-labelledby="c-steps">
            {steps.map((step) => (
              <li key={step.turn} data-step={step.turn}>
                {step.step ? <><b>{`${step.owner}:`}</b>{` ${step.step}. `}</> : null}<span class="note">{step.words}</span>
              </li>
            ))}
          </ol>
        </>
      ) : null}
      {stability.sentences.length ? <h4>Whether it lasts</h4> : null}
      {stability.sentences.map((words) => <p key={words}>{words}</p>)}
    </div>
  );
}
