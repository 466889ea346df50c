/** The documents `deal` and `deal_search`, as far as the table reads them, and their words. No page is needed. */
import { beside, twoDigits } from "../../src/core/format.js";
import { sentence } from "../store/scenario";

export interface Move { id: string; label: string; owner: string; owner_label: string; begins?: boolean; in_force?: boolean; reversible?: boolean }

export interface Member { member: string; label: string; gain: number; money: number; in_favour: boolean; can_veto: boolean; payment: number | null }

export interface Ratifier { party: string; label: string; gain: number; blocks: boolean; payment: number | null }

export interface Signature {
  party: string; label: string; signs: boolean; owner: boolean; gain: number; money: number; stake: number; reserve: number;
  gain_low: number | null; gain_high: number | null; payment: number | null; gives: string[]; gets: string[]; rule: string; members: Member[]; ratifiers: Ratifier[];
}

/** A step in its order; `gain` is the least that anybody gains by going on. The last one stands for the end. */
export interface Step { turn: number; step: string; owner: string | null; gain: number; trust: number | null }

export interface DealAnswer {
  change: string; moves: Move[]; signatures: Signature[]; signed_by_all: boolean; carried_out: boolean; refused_by: string[];
  vetoes: { party: string; id: string; label: string }[]; payment_total: number | null; sentences: string[]; notes: string[]; unit: string;
  stability: { holds: boolean | null; leavers: { party: string; label: string; payment: number | null }[]; self_enforcing: boolean | null;
    steps: Step[]; sentences: string[] } | null;
  choices: { moves: Move[]; signatories: { id: string; label: string }[]; criteria: { id: string; label: string; description: string }[] };
}

export interface Dropped { kind: "without" | "signed_by"; id: string; label: string; accepted: number; sentence: string }

export interface Search {
  criterion: string; without: string[]; signed_by: string[]; examined: number; accepted: number; found: boolean;
  deal: DealAnswer | null; tied: number; droppable: Dropped[]; nearest: DealAnswer | null; sentences: string[];
}

/** A light: whether someone is for the deal, in words that need no colour. */
export interface Light { id: string; label: string; for: boolean; words: string }

/** A sum as the sentences of the server have it, in two digits, with its band if it has one. */
export function millions(value: number, band?: [number, number] | null): string {
  const size = twoDigits(Math.abs(value));
  const [scale, unit] = size < 1000 ? [1, "million"] : [1000, "billion"];
  const plain = (x: number) => beside(x / scale, 2).replace(/\.0$/, "");
  const said = size < 0.095 ? "less than USD 0.1 million a year" : `USD ${plain(size)} ${unit} a year`;
  if (!band) return said;
  const ends = band.map((end) => (value < 0 ? -end : end)).sort((a, b) => a - b).map(plain);
  return ends[0] === ends[1] ? said : `${said} (${ends[0]} to ${ends[1]})`;
}

const won = (payment: number | null) => (payment === null ? "no payment is known that would win it"
  : payment < 0.05 ? "next to nothing would win it" : `${millions(payment)} would win it`);

/** The light of a signatory. */
export function lightOf(one: Signature): Light {
  const band: [number, number] | null = one.gain_low === null || one.gain_high === null ? null : [one.gain_low, one.gain_high];
  const gain = Math.abs(one.gain) < 0.05 ? "it neither gains nor loses"
    : `it ${one.gain > 0 ? "gains" : "loses"} what is worth ${millions(one.gain, band)}`;
  const words = one.signs ? `Signs: ${gain}.` : `Does not sign: ${gain}, and ${won(one.payment)}.`;
  return { id: one.party, label: sentence(one.label), for: one.signs, words };
}

/** The lights of those whose No alone stops a signatory: members of a bloc and parties that must consent. */
export function vetoesOf(one: Signature): Light[] {
  const members = one.members.filter((m) => m.can_veto).sort((a, b) => (b.payment ?? Infinity) - (a.payment ?? Infinity))
    .map((m) => ({ id: m.member, label: sentence(m.label), for: false, words: `Can veto: ${won(m.payment)}.` }));
  const ratifiers = one.ratifiers.map((r) => ({ id: r.party, label: sentence(r.label), for: !r.blocks,
    words: r.blocks ? `Must consent and would refuse: ${won(r.payment)}.` : "Must consent, and would." }));
  return [...ratifiers, ...members];
}

/** The moves of each party, those of signatories first and in their order. */
export function hands(of: DealAnswer["choices"]): { party: string; label: string; moves: Move[] }[] {
  const owners = [...new Map(of.moves.map((m) => [m.owner, m.owner_label])).entries()];
  const rank = new Map(of.signatories.map((s, k) => [s.id, k]));
  return owners.map(([party, label]) => ({ party, label, moves: of.moves.filter((m) => m.owner === party) }))
    .sort((a, b) => (rank.get(a.party) ?? owners.length) - (rank.get(b.party) ?? owners.length));
}

/** What laying a move does. */
export const does = (move: Move) => (move.in_force ? "ends" : "begins");

/** The package with a move laid, or taken from the table. */
export const toggled = (laid: string[], id: string) => (laid.includes(id) ? laid.filter((m) => m !== id) : [...laid, id]);

/** What the brackets behind gains are, or that there are none. */
export const bandWords = (of: Pick<DealAnswer, "signatures">) => (of.signatures.some((s) => s.gain_low !== null)
  ? "In brackets: 90 % of the draws packaged with the case."
  : "No band is known of a state that you changed: draws are packaged for the case as it is.");

/** What the package is and who would sign; what each gains stands in the lights, what lasts below them. */
export const verdict = (of: Pick<DealAnswer, "sentences">) => of.sentences.slice(0, 2);

/** The steps of a deal, each with whether all gain by going on; the last stands for when all are taken. */
export const stepsOf = (all: Step[], labels: Map<string, string>) => all.map((s) => ({
  turn: s.turn, owner: s.owner ? labels.get(s.owner) ?? s.owner : "", step: s.step,
  words: s.step ? (s.gain < 0 ? "Somebody would gain by breaking off here." : "Nobody gains by breaking off here.")
    : s.gain < 0 ? "Once all steps are taken, somebody would gain by going back."
      : "Once all steps are taken, nobody gains by going back.",
}));
