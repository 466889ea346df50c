/** The parties with what the measures bring or cost them, always in sight, and the ghost of the case as it is. */
import { useComputed } from "@preact/signals";
import { beside } from "../../src/core/format.js";
import { NEGLIGIBLE } from "../../src/core/palette.js";
import { GAINS, WORLD } from "../figures/moved";
import { age, departure, figures, own } from "../store/answer";
import type { Figure } from "../store/model";

const MOST = 7;

/** Two digits with a sign, as everywhere beside a band. */
export const brief = (value: number) => beside(value, 1, true);

export const toneOf = (value: number) => (Math.abs(value) < NEGLIGIBLE ? "" : value < 0 ? "loss" : "gain");

/** Whose bars stand in the strip: the first of the figures, and the world. */
export function chosen(all: Figure[]): Figure[] {
  const gains = all.filter((f) => f.key === GAINS);
  const first = gains.slice(0, MOST - 1);
  return [...new Set([...first, ...gains.filter((f) => f.id === WORLD)])];
}

function Bar({ value, before, most }: { value: number; before: number; most: number }) {
  const at = (v: number) => {
    const wide = Math.min((50 * Math.abs(v)) / most, 50);
    return { left: `${v < 0 ? 50 - wide : 50}%`, width: `${wide}%` };
  };
  return (
    <span class="bar" aria-hidden="true">
      <i class={`now ${toneOf(value)}`} style={at(value)} />
      <i class="ghost" style={at(before)} />
    </span>
  );
}

function Chip({ figure, before, most }: { figure: Figure; before: number | null; most: number }) {
  const value = figure.value ?? 0;
  const moved = before !== null && Math.abs(value - before) >= NEGLIGIBLE ? before : null;
  return (
    <li class="chip" data-side={figure.side}>
      <span class="name">{figure.label}</span>
      <Bar value={value} before={before ?? value} most={most} />
      <span class="values">
        {moved === null ? null : <><span class="was">{brief(moved)}</span> → </>}
        <b class={toneOf(value)}>{brief(value)}</b>
        {moved === null ? null : <span class="by">{`, ${brief(value - moved)}`}</span>}
      </span>
    </li>
  );
}

/** The world is a sum: its bar has a scale of its own only where it is longer than all others. */
export function Strip() {
  const before = useComputed(() => new Map(own.value.map((f) => [f.id, f.value])));
  const shown = chosen(figures.value);
  const most = Math.max(1, ...shown.flatMap((f) => [Math.abs(f.value ?? 0), Math.abs(before.value.get(f.id) ?? 0)]));
  const state = departure.value;
  return (
    <section id="strip-holder" class="strip-holder" aria-label="Gains and losses, USD million a year">
      <ul id="strip" class={`strip ${age.value ? "old" : ""}`}>
        {shown.map((f) => <Chip key={f.id} figure={f} before={before.value.get(f.id) ?? null} most={most} />)}
      </ul>
      <p class="unit">
        <strong id="strip-state" hidden={!state}>{state?.mark}</strong>{" "}
        <span id="strip-unit">USD million a year against no measures{state ? "; dashed: the case as it is" : ""}</span>{" "}
        <strong id="strip-note" hidden={!age.value}>{age.value}</strong>
      </p>
    </section>
  );
}
