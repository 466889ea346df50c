/** The document `thresholds`: what each side cares about, and where the answer flips. No page is needed. */
import { beside } from "../../src/core/format.js";
import { millions } from "./model";

export interface Span<T> { low: number; high: number; answer: T }
export interface Signing { party: string; label: string; gain: number; slope: number; spans: Span<boolean>[] }

export interface Stake {
  id: string; party: string; member: string; voice: string; voice_label: string; label: string; unit: string;
  value: number; low: number; high: number; stated: boolean; cost: boolean; signing: Signing[];
  lasting: Span<boolean | null>[]; finding: { low: number; high: number; state: number | null; change: string }[] | null;
  turns: number[]; sentences: string[];
}

export interface Thresholds { moves: string[]; criterion: string | null; valuations: Stake[] }

export interface Voice { id: string; label: string; signs: boolean; stakes: Stake[] }

/** Who cares about what: signatories in their order, then members and ratifiers that could veto. */
export function voicesOf(all: Stake[], signatories: string[]): Voice[] {
  const found = new Map<string, Voice>();
  for (const one of all) {
    const voice = found.get(one.voice) ?? { id: one.voice, label: one.voice_label,
      signs: !one.member && signatories.includes(one.party), stakes: [] };
    voice.stakes.push(one);
    found.set(one.voice, voice);
  }
  const rank = ({ id, signs }: Voice) => (signs ? signatories.indexOf(id) : signatories.length);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** The answer at a value; at a threshold that of the span below. */
export const answerAt = <S extends { high: number }>(spans: S[], value: number): S =>
  spans.find((s) => value <= s.high) ?? spans[spans.length - 1];

/** What a slider shows of a value, and the value of what it shows: what something costs is a size. */
export const turned = (of: Pick<Stake, "cost">, value: number) => (of.cost && value !== 0 ? -value : value);

/** The ends of what the slider shows. */
export const endsOf = (of: Stake): [number, number] => (of.cost ? [turned(of, of.high), turned(of, of.low)] : [of.low, of.high]);

/** Where a value stands between the ends, from 0 to 1. */
export function placeOf(of: Stake, value: number): number {
  const [low, high] = endsOf(of);
  return (turned(of, value) - low) / (high - low);
}

/** A value of the case as its file has it, without digits that say nothing. */
const plain = (value: number) => beside(value, 2).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** The value that is chosen, beside that of the case. */
export function saidOf(of: Stake, value: number): string {
  const shown = turned(of, value);
  const own = turned(of, of.value);
  const each = of.unit.split(" ").length <= 2 ? ` for each ${of.unit}` : "";
  const sign = shown < 0 ? "−" : "";
  const [low, high] = endsOf(of).map(plain);
  const range = of.stated ? "from" : "shown from";
  const held = value === of.value ? "as in the case" : `the case says ${plain(own)}`;
  return `USD ${sign}${plain(Math.abs(shown))} million a year${each} (${held}, ${range} ${low} to ${high})`;
}

/** What would be otherwise at a value: who signs, what the one who cares gains, whether it lasts, what is found. */
export function thenOf(of: Stake, value: number): string[] {
  if (value === of.value) return [];
  const now = (s: Signing) => answerAt(s.spans, of.value).answer;
  const then = (s: Signing) => answerAt(s.spans, value).answer;
  const turns = of.signing.filter((s) => now(s) !== then(s));
  const out = turns.map((s) => `${s.label} would ${then(s) ? "sign" : "refuse"}.`);
  if (turns.length && of.signing.every(then)) out.push("All would sign.");
  const own = of.signing.find((s) => s.party === of.party);
  if (own && !of.member && own.slope !== 0) {
    const gain = own.gain + own.slope * value;
    out.push(Math.abs(gain) < 0.05 ? `${own.label} neither gains nor loses.`
      : `${own.label} ${gain > 0 ? "gains" : "loses"} what is worth ${millions(gain)}.`);
  }
  const lasts = answerAt(of.lasting, value).answer;
  if (lasts !== answerAt(of.lasting, of.value).answer) out.push(lasts ? "Nobody would leave it any more." : "Somebody would leave it.");
  if (of.finding) {
    const there = answerAt(of.finding, value);
    if (there.state !== answerAt(of.finding, of.value).state) {
      out.push(there.state === null ? "The search finds no deal." : `The search finds another deal: ${there.change}.`);
    }
  }
  return out.map((words) => words.charAt(0).toUpperCase() + words.slice(1));
}
