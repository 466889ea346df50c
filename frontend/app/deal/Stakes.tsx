/** What each side cares about: a slider for each, with marks where the answer about the deal flips. */
import { useId, useState } from "preact/hooks";
import { hold } from "../store/work";
import { pressed, rounded } from "../try/span";
import { sentence } from "../store/scenario";
import { stakes } from "./talks";
import { endsOf, placeOf, saidOf, thenOf, turned, voicesOf, type Stake, type Voice } from "./thresholds";
import type { DealAnswer } from "./model";

/** Half of the width of a slider's knob, px: its middle stays so far inside the ends. */
const KNOB = 8;
const left = (place: number) => `calc(${100 * place}% + ${KNOB * (1 - 2 * place)}px)`;

function Slider({ of, id, value, change }: { of: Stake; id: string; value: number; change: (value: number) => void }) {
  const [low, high] = endsOf(of);
  const step = 10 ** (Math.floor(Math.log10(high - low)) - 3);
  const put = (shown: number) => change(turned(of, Math.min(Math.max(rounded(shown, step), low), high)));
  return (
    <div class="slider">
      <span class="marks" aria-hidden="true">
        {of.turns.map((x) => <i key={x} class="flip" data-flip={x} style={{ left: left(placeOf(of, x)) }} />)}
        <i class="own" style={{ left: left(placeOf(of, of.value)) }} />
      </span>
      <input type="range" id={id} min={low} max={high} step="any" value={turned(of, value)} data-stake-slider={of.id}
        aria-valuetext={saidOf(of, value)} onPointerDown={() => hold(id)}
        onInput={(event) => put(Number(event.currentTarget.value))}
        onKeyDown={(event) => {
          const next = pressed(event.key, Number(event.currentTarget.value), { low, high, step });
          if (next === null) return;
          event.preventDefault();
          put(next);
        }} />
    </div>
  );
}

function Options({ label, all }: { label: string; all: Stake[] }) {
  if (!all.length) return null;
  return <optgroup label={label}>{all.map((s) => <option key={s.id} value={s.id}>{sentence(s.label)}</option>)}</optgroup>;
}

function One({ voice }: { voice: Voice }) {
  const id = useId();
  const [chosen, choose] = useState(voice.stakes[0].id);
  const of = voice.stakes.find((s) => s.id === chosen) ?? voice.stakes[0];
  const [moved, move] = useState<Record<string, number>>({});
  const value = moved[of.id] ?? of.value;
  return (
    <li class="stake" data-voice={voice.id}>
      <div class="row">
        <label for={id}><b>{voice.label}</b>{of.cost ? " puts a cost on" : " values"}</label>
        {voice.stakes.length > 1 ? (
          <select aria-label={`What ${voice.label} cares about`} value={of.id} onChange={(event) => choose(event.currentTarget.value)}>
            <Options label="Flips the answer" all={voice.stakes.filter((s) => s.turns.length)} />
            <Options label="Flips nothing" all={voice.stakes.filter((s) => !s.turns.length)} />
          </select>
        ) : <span>{of.label}</span>}
        <button type="button" class="reset" hidden={value === of.value} aria-label={`Reset ${of.label} of ${voice.label}`}
          onClick={() => move({ ...moved, [of.id]: of.value })}>Reset</button>
      </div>
      <Slider of={of} id={id} value={value} change={(next) => move({ ...moved, [of.id]: next })} />
      <p class="unit">{saidOf(of, value)}</p>
      <p class="then" aria-live="polite">{thenOf(of, value).join(" ")}</p>
      {of.sentences.length ? of.sentences.map((words) => <p class="flips" key={words}>{words}</p>)
        : <p class="note">No value in this range changes the answer.</p>}
    </li>
  );
}

export function Stakes({ of }: { of: DealAnswer }) {
  const found = stakes.value;
  if (!found || !of.moves.length || !found.valuations.length) return null;
  const voices = voicesOf(found.valuations, of.choices.signatories.map((s) => s.id));
  const list = (some: Voice[]) => <ul class="stakes-of">{some.map((v) => <One key={v.id} voice={v} />)}</ul>;
  const others = voices.filter((v) => !v.signs);
  return (
    <section class="stakes" aria-labelledby="c-stakes">
      <h4 id="c-stakes">What each side cares about</h4>
      <p class="note">Move a slider to try another value: the case stays as it is. A mark shows where the answer flips.</p>
      {list(voices.filter((v) => v.signs))}
      {others.length ? <details class="group"><summary>{`Others who have a say (${others.length})`}</summary>{list(others)}</details> : null}
    </section>
  );
}
