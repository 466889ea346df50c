/** What moved most between two answers, in parts of a sentence. */
import { beside } from "../../src/core/format.js";
import type { Departure, Figure } from "../store/model";

export const GAINS = "equivalent_variation";
export const WORLD = `${GAINS}-world`;

/** A value of a figure as it is on the screen: a share in percent. */
export const shown = (figure: Pick<Figure, "unit">, value: number | null) =>
  (value !== null && figure.unit === "fraction" ? 100 * value : value);

/** A state by name, as what a change is told against. */
function named(state: Departure | null) {
  if (!state) return "the case";
  const [first, ...rest] = state.changes.map((c) => `${c.label} ${c.value}${c.unit ? ` ${c.unit}` : ""}`);
  const others = rest.length ? ` and ${rest.length} other ${rest.length === 1 ? "change" : "changes"}` : "";
  return `the state with ${first}${others}`;
}

/** A part of a sentence; a number that is a gain or a loss has its tone. */
export interface Said { words: string; tone?: "gain" | "loss" }

const WORDS = { price_paid: "price paid in", largest_share: "largest supplier’s share in", sold: "sales of" };

/** What moved; `state` is how the state before differs, `joined` whether another change came with this one. */
export function moved(before: Figure[], after: Figure[], state: Departure | null, joined: boolean): Said[] {
  const old = new Map(before.map((f) => [f.id, f]));
  const shifts = after.flatMap((f) => {
    const was = old.get(f.id);
    if (!was || f.value === null || was.value === null) return [];
    return [{ f, by: (shown(f, f.value) as number) - (shown(was, was.value) as number) }];
  });
  const most = (a, b) => Math.abs(b.by) - Math.abs(a.by);
  const gains = shifts.filter(({ f, by }) => f.key === GAINS && f.id !== WORLD && Math.abs(by) >= 0.05)
    .sort(most).slice(0, 3);
  const begin = joined ? "With the change before: moved " : "Moved ";
  const against = `against ${named(state)}`;
  if (!gains.length) return [{ words: `${begin}no one here by USD 0.05 million a year ${against}.` }];
  const others = Object.keys(WORDS).flatMap((key) => shifts
    .filter(({ f, by }) => f.key === key && Math.abs(by) >= 0.5 * 10 ** -f.decimals).sort(most).slice(0, 1));
  return [
    { words: `${begin}most, ${against}: ` },
    ...gains.flatMap(({ f, by }, k): Said[] => [{ words: `${k ? ", " : ""}${f.label} ` },
      { words: beside(by, 1, true), tone: by < 0 ? "loss" : "gain" }]),
    { words: " USD million a year" },
    ...others.map(({ f, by }) => ({ words: `; ${WORDS[f.key]} ${f.label} ${beside(by, f.decimals, true)} `
      + `${f.unit === "fraction" ? "points" : f.shown_unit}` })),
    { words: "." },
  ];
}
