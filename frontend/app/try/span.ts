/** Ends and step of the slider of a number, and what its keys do. No page is needed. */
import type { Parameter } from "../store/model";

/** What a control of a number needs of a parameter, or of a number of a measure that was added. */
export type Numeric = Pick<Parameter, "name" | "value" | "low" | "high" | "unit"> & Partial<Parameter>;

export interface Span { low: number; high: number; step: number }

/** The ends that were given, the range thought possible, or half to twice the value. */
export function spanOf(p: Numeric, given?: [number, number]): Span {
  if (given) return { low: given[0], high: given[1], step: 10 ** (Math.floor(Math.log10(given[1] - given[0])) - 3) };
  let [low, high] = p.low === null || p.high === null
    ? [Math.min(0.5 * p.value, 2 * p.value), Math.max(0.5 * p.value, 2 * p.value)] : [p.low, p.high];
  low = Math.min(low, p.value);
  high = Math.max(high, p.value);
  if (low === high) [low, high] = [0, 1];
  return { low, high, step: 10 ** (Math.floor(Math.log10(high - low)) - 2) };
}

/** Rounded to the step, so that what is sent is what is shown. */
export const rounded = (value: number, step: number) => Number((Math.round(value / step) * step).toPrecision(10));

/** Without the dust of a conversion: 1 − 93 / 100 is 0.07. */
export const exact = (value: number) => Number(value.toPrecision(12));

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** Where a key takes a slider: a hundredth or a tenth of its way; null for other keys. */
export function pressed(key: string, value: number, { low, high }: Span): number | null {
  const by: number | undefined = KEYS[key];
  return by === undefined ? null : Math.min(Math.max(value + by * ((high - low) / 100), low), high);
}
