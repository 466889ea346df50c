/** A new case as it is filled in: what is asked of the server, and where its answers stand. No page is needed. */
import type { Fault } from "../api/client";
import type { Choice, Link } from "../store/model";

export interface Draft {
  title: string;
  date: string;
  /** Ids of countries and groups. */
  parties: string[];
  /** Sentences by a key that stays while others come and go. */
  measures: { key: number; text: string }[];
}

export interface Closing { measure: number; text: string; sentence: string; notes: string[] }
export interface Checked { ok: boolean; faults: Fault[]; parties: (Choice & { owns: boolean })[]; closes: Closing[] }
export interface Renewal { against: string; days: string[]; decision: string; href: string }
export type Evidence = "text" | "report" | "none";
export interface Bloc {
  id: string; name: string; rule: string; source: string; href: string; evidence: Evidence; note: string; renewals: Renewal[];
}

/** What was not read of a source; an estimate has none to read. */
export const unread = (bloc: Bloc): string => (bloc.evidence === "text" || bloc.source === "analyst estimate" ? ""
  : bloc.evidence === "report" ? "A public report of it was read, not the act." : "Neither the act nor a report of it was read: check it.");

export const blank = (date: string): Draft => ({ title: "", date, parties: [], measures: [{ key: 0, text: "" }] });

const filled = (draft: Draft) => draft.measures.filter((m) => m.text.trim());

/** The form as the server takes it: sentences that are still empty stay away. */
export const formOf = (draft: Draft) => ({
  title: draft.title, date: draft.date, parties: draft.parties, measures: filled(draft).map((m) => m.text),
});

/** The name of a field: `title`, `date`, `parties`, `measure-KEY`; empty for what has none. */
function fieldOf(key: string, draft: Draft): string {
  const place = /^measures\[(\d+)\]/.exec(key);
  const of = place ? filled(draft)[Number(place[1])] : draft.measures[0];
  if (key.startsWith("measures")) return of ? `measure-${of.key}` : "";
  return ["title", "date", "parties"].find((name) => key.startsWith(name)) ?? "";
}

const SUBJECTS = { title: "The title", date: "The day" };

/** A fault as a whole sentence beside its field, with what to do. */
export function wordsOf(one: Fault): string {
  const subject = SUBJECTS[one.key];
  const said = subject && /^is\s/.test(one.message) ? `${subject} ${one.message}` : one.message;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${one.remedy}`.trim();
}

/** All faults by field; those without one by the empty name. */
export function faultsByField(faults: Fault[], draft: Draft): Record<string, string[]> {
  const out: Record<string, string[]> = {};
  for (const one of faults) (out[fieldOf(one.key, draft)] ??= []).push(wordsOf(one));
  return out;
}

/** What the measures close, by the key of the measure. */
export const closesByKey = (closes: Closing[], draft: Draft): Record<number, Closing> =>
  Object.fromEntries(closes.flatMap((c) => {
    const of = filled(draft)[c.measure];
    return of ? [[of.key, c]] : [];
  }));

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

/** '01-31' as '31 January'. */
const dayOf = (text: string) => {
  const [month, day] = text.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]}`;
};

const listed = (all: string[]) => (all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`);

/** When a bloc must renew its measures, against whom, each with its act. */
export const renewalsOf = (bloc: Bloc, places: Choice[]): { words: string; act: Link }[] => bloc.renewals.map((r) => ({
  words: `Renews its measures against ${places.find((p) => p.id === r.against)?.label ?? r.against} by `
    + `${listed(r.days.map(dayOf))}.`,
  act: { text: r.decision, href: r.href },
}));

/** Who takes part in the case; empty while nobody does. */
export const partiesWords = (parties: Checked["parties"]): string => (parties.length
  ? `Parties of the case: ${parties.map((p) => `${p.label}${p.owns ? " (holds measures)" : ""}`).join(", ")}.` : "");
