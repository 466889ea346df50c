/** A number with its slider, its unit, its source and what it was. */
import { useId, useRef, useState } from "preact/hooks";
import { movedAt, touched, wrong as blamed } from "../store/answer";
import { idle } from "../store/results";
import { short } from "../store/scenario";
import { hold } from "../store/work";
import { Links } from "../ui/Links";
import { Moved } from "./Moved";
import { exact, pressed, rounded, spanOf, type Numeric } from "./span";

const same = (value: number) => value;

interface Props {
  of: Numeric;
  label: string;
  /** What it is now. */
  value: number;
  /** Told when it is changed, with the place where it is said what that moved. */
  change: (value: number, where: string) => void;
  unit?: string;
  /** Whether source and uses are shown. */
  about?: boolean;
  /** Whether it is told when the slider is let go, not on the way. */
  late?: boolean;
  /** Ends of what is shown, beyond which nothing is taken; the same in words. */
  ends?: [number, number];
  reach?: string;
  /** What is shown of a value, and the value of what is shown. */
  out?: (value: number) => number;
  into?: (shown: number) => number;
  /** Where the value of before stands, in words. */
  whose?: string;
  /** What the ends of what is shown mean, and the middle between them, in the words of the case. */
  degrees?: string[];
}

/** What three places of a slider mean, below it. */
function Degrees({ words, at, unit }: { words: string[]; at: number[]; unit: string }) {
  return (
    <ol class="degrees">
      {words.map((one, k) => <li key={one}><b>{`${at[k]} ${unit}`}</b> {one}</li>)}
    </ol>
  );
}

function About({ of, out, reach, unit, whose, meant }:
Required<Pick<Props, "of" | "out" | "reach" | "unit" | "whose">> & { meant: boolean }) {
  const range = of.low === null || of.high === null ? "no range"
    : [of.low, of.high].map((v) => out(v)).sort((a, b) => a - b).map(short).join(" to ");
  return (
    <p class="unit">{meant ? `Thought likely: ${range} ${unit}; ${short(out(of.value))} ${unit} ${whose}` : reach
      ? `${reach.charAt(0).toUpperCase()}${reach.slice(1)}; thought likely: ${range} ${unit}; ${short(out(of.value))} ${unit} ${whose}`
      : `${unit}; ${range}; ${short(out(of.value))} ${whose}`}</p>
  );
}

export function NumberControl({ of, label, value, change, about = true, unit = of.unit, late = false, ends, reach = "",
  out = same, into = same, whose = "in the case", degrees }: Props) {
  const where = useId();
  const span = spanOf(of, ends);
  const box = useRef<HTMLInputElement>(null);
  /** What was typed and is not taken. */
  const [refused, setRefused] = useState("");
  /** What is being typed: an answer that comes in the meantime does not take it away. */
  const [typed, setTyped] = useState<string | null>(null);
  /** What a slider shows on its way, where it is told only when it is let go. */
  const [way, setWay] = useState<number | null>(null);
  const fault = refused || blamed.value.get(of.name) || "";
  const shown = way ?? out(value);
  const told = (next: number) => {
    touched.value = of.name;
    setRefused("");
    change(exact(into(next)), where);
  };
  const slide = (raw: number, end: boolean) => {
    const next = rounded(raw, span.step);
    if (late && !end) setWay(next);
    else {
      setWay(null);
      told(next);
    }
  };
  const type = () => {
    const node = box.current as HTMLInputElement;
    const next = Number(node.value);
    // What is out of reach stays to be mended.
    if (!ends || (next >= ends[0] && next <= ends[1])) setTyped(null);
    if (node.value.trim() === "" || !Number.isFinite(next)) setTyped(null);
    else if (ends && (next < ends[0] || next > ends[1])) {
      setRefused(`${short(next)} is not ${reach}. Type a number between ${ends[0]} and ${ends[1]}.`);
    } else told(next);
  };
  const bad = fault ? { "aria-invalid": true, "aria-describedby": `${where}-wrong` } : {};
  const idles = idle.value[of.name] ?? "";
  const places = ends ? [ends[0], (ends[0] + ends[1]) / 2, ends[1]] : [];
  const meant = places.length && degrees?.length === places.length ? degrees : null;
  const meaning = meant?.[places.indexOf(shown)];
  return (
    <div class="number" data-number={of.name}>
      <label for={where}>{label}</label>
      <div class="row">
        <input type="range" id={where} min={span.low} max={span.high} step="any" data-parameter={of.name} value={shown}
          aria-valuetext={`${short(shown)} ${unit}${meaning ? `: ${meaning}` : ""}`} {...bad}
          onPointerDown={() => hold(where)} onFocus={() => hold(where)}
          onInput={(event) => slide(Number(event.currentTarget.value), false)}
          onChange={(event) => { if (late) slide(Number(event.currentTarget.value), true); }}
          onKeyDown={(event) => {
            const next = pressed(event.key, Number(event.currentTarget.value), span);
            if (next === null) return;
            event.preventDefault();
            slide(next, true);
          }} />
        <input type="number" ref={box} step="any" aria-label={`${label}, ${unit}`} data-box={of.name} inputMode="decimal"
          value={typed ?? short(shown)} {...bad} onFocus={() => hold(where)} onChange={type}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === "Enter") type(); }} />
        <button type="button" class="reset" hidden={value === of.value}
          aria-label={`Reset ${label} to ${short(out(of.value))}`}
          onClick={() => { hold(where); setRefused(""); setTyped(null); change(of.value, where); }}>Reset</button>
      </div>
      {meant ? <Degrees words={meant} at={places} unit={unit} /> : null}
      <About of={of} out={out} reach={reach} unit={unit} whose={whose} meant={meant !== null} />
      <p class="idle" data-idle={of.name} hidden={!idles}>{idles}</p>
      <p class="wrong" id={`${where}-wrong`} role="alert" hidden={!fault}>{fault}</p>
      <Moved words={movedAt.value[where]} />
      {about ? (
        <details class="about"><summary>Source</summary>
          <p>{`${of.date}. `}<Links all={of.source ?? []} />{of.estimate ? " (marked as an estimate)" : ""}</p>
          {of.note ? <p>{of.note}</p> : null}
          {of.uses?.length ? <p>{`Bears on: ${of.uses.join("; ")}.`}</p> : null}
        </details>
      ) : null}
    </div>
  );
}
