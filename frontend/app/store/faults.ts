/** What is wrong, above the results and in sight wherever the page stands. */
import { signal } from "@preact/signals";
import { Refused, type Fault } from "../api/client";
import type { Sheet } from "./model";

export interface Shown {
  /** What did not come about; empty where the message says all. */
  heading: string;
  message: string;
  faults: { whose: string; words: string }[];
  /** What the button for another try does. */
  again: (() => void) | null;
}

export const fault = signal<Shown | null>(null);

interface More { heading?: string; again?: (() => void) | false | null; name?: (one: Fault) => string }

/** Shows what was refused; `name` says what a fault is about in the words of the controls. */
export function showFault(error: any, { heading = "", again = null, name = (one) => one.key }: More = {}) {
  fault.value = {
    heading, message: String(error.message), again: again || null,
    faults: (error.faults ?? []).map((one) => ({ whose: name(one), words: `${one.message} ${one.remedy}`.trim() })),
  };
  if (!(error instanceof Refused)) console.error(error);
}

export function hideFault() { fault.value = null; }

/** The names of controls that a fault is about: parameters and measures of a case. */
export function namedIn(one: { key: string; message: string }, sheet: Pick<Sheet, "parameters" | "measures">): string[] {
  const words = new Set(`${one.key} ${one.message}`.match(/[A-Za-z][\w-]*/g) ?? []);
  const found = Object.keys(sheet.parameters).filter((name) => words.has(name));
  if (found.length) return found;
  const ids = sheet.measures.map((m) => m.id).filter((id) => words.has(id));
  const place = Number(/^measures\[(\d+)\]/.exec(one.key)?.[1] ?? NaN);
  if (!ids.length && sheet.measures[place]) return [sheet.measures[place].id];
  return ids;
}
