/** A measure: its switch, how hard it bites, and its days, act and source. */
import { useId } from "preact/hooks";
import { movedAt, touched, wrong } from "../store/answer";
import { influence } from "../store/influence";
import type { Measure, Scenario, Strength } from "../store/model";
import { idle } from "../store/results";
import { ENFORCED, addedNumber, isOn, periodsOf, reschedule, sentence, setAddedNumber, turn } from "../store/scenario";
import { change, changeAdded, changeNow, hold, now, sheet, work } from "../store/work";
import { Linked, Links } from "../ui/Links";
import { openForm } from "../new/form";
import { Moved } from "./Moved";
import { movesWords } from "./order";
import { NumberControl } from "./NumberControl";
import { ParameterControl } from "./ParameterControl";

function Hard({ measure, of }: { measure: Measure; of: Strength }) {
  const enforced = of.role === "leakage";
  if (of.parameter) {
    return <ParameterControl name={of.parameter} enforced={enforced} label={of.label} degrees={of.degrees} />;
  }
  const at = of.at as (string | number)[];
  const p = { name: `${measure.id}-${of.role}`, value: of.value as number, low: of.low ?? null, high: of.high ?? null,
    unit: of.unit ?? "" };
  return (
    <NumberControl of={p} {...(enforced ? ENFORCED : {})} degrees={of.degrees} label={enforced ? ENFORCED.label : sentence(of.label)}
      about={false} late value={addedNumber(work.value, measure.id, at) ?? p.value} whose="as added"
      change={(value, where) => change(measure.label, (draft) => setAddedNumber(draft, measure.id, at, value),
        { where, key: p.name })} />
  );
}

/** First and last days in force, which may be moved. */
function Days({ measure }: { measure: Measure }) {
  const id = useId();
  const put = (k: number, key: "from" | "until", node: HTMLInputElement) => {
    if (!node.validity.valid) return;
    const all = periodsOf(measure, now.peek()).map((p) => ({ from: p.from, until: p.until ?? null }));
    all[k] = { ...all[k], [key]: node.value || null };
    if (!all[k].from) return;
    hold(null);
    changeNow(`days of ‘${measure.label}’`, (draft) => reschedule(draft, measure, all));
  };
  const periods = periodsOf(measure, now.value);
  return (
    <div>
      {measure.periods.map((period, k) => (
        <div class="days">
          {(["from", "until"] as const).map((key) => (
            <span class="field">
              <label for={`${id}-${k}-${key}`}>{key === "from" ? "From" : "until (first day without)"}</label>
              <input type="date" id={`${id}-${k}-${key}`} data-days={`${measure.id}-${key}`}
                value={periods[k]?.[key] ?? ""} onChange={(event) => put(k, key, event.currentTarget)} />
            </span>
          ))}
          <span class="note">{period.document}</span>
        </div>
      ))}
    </div>
  );
}

/** What of a measure may be set, without sliders that move nothing in the state and are as in the case. */
const sliders = (measure: Measure, scenario: Scenario, reasons: Record<string, string>) =>
  measure.strength.filter((s) => !s.parameter || !(s.parameter in reasons) || s.parameter in scenario.parameters);

/** `linked`: drawn as one of a pair, whose words say why it moves nothing alone. */
export function MeasureCard({ measure, linked = false }: { measure: Measure; linked?: boolean }) {
  // Known before the card is there: what adding it moved is said here.
  const id = `measure-${measure.id}`;
  const of = sheet.value;
  if (!of) return null;
  const on = isOn(of, now.value, measure);
  const trades = measure.trade ?? Boolean(measure.sets);
  const where = trades ? id : null;
  const place = of.measures.indexOf(measure) - (of.measures.length - work.value.added.length);
  const fault = wrong.value.get(measure.id) ?? "";
  const idles = linked ? "" : idle.value[measure.id] ?? "";
  const moves = trades && !linked && !idles ? movesWords(influence.value?.get(measure.id)) : "";
  return (
    <div class="measure">
      <div class="switch">
        <input type="checkbox" role="switch" id={id} data-measure={measure.id} checked={on} onChange={(event) => {
          const next = event.currentTarget.checked;
          hold(where);
          touched.value = measure.id;
          changeNow(`‘${measure.label}’ ${next ? "imposed" : "lifted"}`,
            (draft, case_) => turn(case_, draft, measure, next), { where });
        }} />
        <label for={id}>{measure.label}</label>
      </div>
      <p class="note">{measure.owner_label}{moves ? <>{": "}<span class="moves">{moves}</span></> : null}</p>
      {trades ? null : <p class="note">No trade effect; bears on the negotiation.</p>}
      <p class="idle" data-idle={measure.id} hidden={!idles}>{idles}</p>
      <p class="wrong" id={`${id}-wrong`} hidden={!fault}>{fault}</p>
      <Moved words={movedAt.value[id]} />
      <div class="strength" hidden={!on}>
        {sliders(measure, now.value, idle.value).map((s) => <Hard key={s.parameter || s.role} measure={measure} of={s} />)}
      </div>
      <details class="about">
        <summary>Days, act and source</summary>
        {measure.description ? <p>{measure.description}</p> : null}
        {trades ? <p><b>Sets: </b>{measure.sets}</p> : null}
        <Days measure={measure} />
        {measure.acts.length ? <ul>{measure.acts.map((a) => <li><Linked one={a} />{a.note ? ` ${a.note}` : ""}</li>)}</ul> : null}
        <p><b>Source: </b><Links all={measure.source} /></p>
        {measure.note ? <p class="note">{measure.note}</p> : null}
        {place >= 0 ? (
          <p><button type="button" onClick={() => openForm(place)}>Change</button>{" "}
            <button type="button" onClick={() => changeAdded(`‘${measure.label}’ removed`,
              work.peek().added.filter((_, k) => k !== place))}>Remove</button></p>
        ) : null}
      </details>
    </div>
  );
}
