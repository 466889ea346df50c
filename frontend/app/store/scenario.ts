/** A scenario of a case: what of it differs, in words and as the server takes it. No page is needed. */
import type { Link, Measure, Named, Period, Scenario, Sheet, Work } from "./model";

/** Label of the scenario that is on the screen, in the address and in files. */
export const NOW = "now";
const PARTS = ["date", "horizon", "transfers", "measures", "in_force", "parameters"] as const;

/** A leakage is shown as what it leaves of the measure, and converted here and nowhere else. */
export const ENFORCED = {
  label: "Enforcement: how much of the trade before it is stopped",
  unit: "%",
  reach: "a percentage from 0 (nothing is stopped) to 100 (everything is)",
  ends: [0, 100] as [number, number],
  out: (leakage: number) => 100 * (1 - leakage),
  into: (percent: number) => 1 - percent / 100,
};

export const empty = (): Scenario => ({ measures: {}, in_force: {}, parameters: {} });

/** Work that was not begun. */
export const none = (): Work => ({ added: [], now: empty(), named: [] });

/** A scenario as the server takes it: without what is as in the case. */
export function plain(scenario: Partial<Scenario>, label = scenario.label): any {
  const out = { label };
  for (const key of PARTS) {
    const value = scenario[key];
    if (value === undefined || value === null) continue;
    if (typeof value === "object" && !Object.keys(value).length) continue;
    out[key as string] = value;
  }
  return out;
}

/** A scenario of a file or the address, with every part that the page changes. */
export function whole<S extends Partial<Scenario>>(scenario: S): S & Scenario {
  const part = (key: "measures" | "in_force" | "parameters") => structuredClone(scenario[key] ?? {});
  return { ...structuredClone(scenario), measures: part("measures"), in_force: part("in_force"),
    parameters: part("parameters") } as S & Scenario;
}

/**
 * The scenarios of a file: the one that is on the screen, if it holds one, and those kept beside it.
 * Those of a packaged case are offered to try, and kept only once a reader keeps them.
 */
export function scenariosOf(sheet: { scenarios?: Named[]; text?: string | null }): { now: Partial<Scenario>; named: Named[] } {
  const { scenarios = [] } = sheet;
  if (sheet.text === null) return { now: {}, named: [] };
  // A file that the page saved has the scenarios of its case first, then that on the screen, then those kept.
  const at = scenarios.findIndex((s) => s.label === NOW);
  return { now: scenarios[at] ?? {}, named: scenarios.slice(at + 1) };
}

export const same = (a: Partial<Scenario>, b: Partial<Scenario>) =>
  JSON.stringify(plain(a, "")) === JSON.stringify(plain(b, ""));

/** A number as a person would type it. */
export const short = (value: number) => String(Number(value.toPrecision(8)));

export const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** A parameter as people call it. */
export const labelOf = (sheet: Sheet, name: string) =>
  sentence(sheet.parameters[name]?.label ?? name.replace(/_/g, " "));

export const dateOf = (sheet: Sheet, now: Scenario) => now.date ?? sheet.date;

export const periodsOf = (measure: Measure, now: Scenario): Period[] => now.in_force[measure.id] ?? measure.periods;

/** Whether a measure is in force by its days. */
export const byDate = (sheet: Sheet, now: Scenario, measure: Measure) =>
  periodsOf(measure, now).some((p) => p.from <= dateOf(sheet, now) && (!p.until || dateOf(sheet, now) < p.until));

export const isOn = (sheet: Sheet, now: Scenario, measure: Measure) =>
  now.measures[measure.id] ?? byDate(sheet, now, measure);

export const valueOf = (sheet: Sheet, now: Scenario, name: string) =>
  now.parameters[name] ?? sheet.parameters[name].value;

// Changes of a scenario, in place: for use on the copy that `change` of store/work.ts gives.

/** Sets a part of the scenario; what equals the case is not kept. */
export function set(now: Scenario, key: "date" | "horizon" | "transfers", value: string | null, own: string) {
  if (value === own || value === null) delete now[key];
  else Object.assign(now, { [key]: value });
}

export function turn(sheet: Sheet, now: Scenario, measure: Measure, on: boolean) {
  if (on === byDate(sheet, now, measure)) delete now.measures[measure.id];
  else Object.assign(now.measures, { [measure.id]: on });
}

export function tune(sheet: Sheet, now: Scenario, name: string, value: number) {
  if (value === sheet.parameters[name].value) delete now.parameters[name];
  else Object.assign(now.parameters, { [name]: value });
}

/** Other days in force; a switch of the same measure no longer holds. */
export function reschedule(now: Scenario, measure: Measure, periods: Period[]) {
  const own = periods.every((p, k) => p.from === measure.periods[k].from
    && p.until === (measure.periods[k].until ?? null));
  if (own) delete now.in_force[measure.id];
  else Object.assign(now.in_force, { [measure.id]: periods });
  delete now.measures[measure.id];
}

/** A number of a measure that was added, which is no parameter. */
export const addedNumber = (work: Work, id: string, at: (string | number)[]) =>
  at.reduce((value, key) => value?.[key], work.added.find((m) => m.id === id));

export function setAddedNumber(work: Work, id: string, at: (string | number)[], value: number) {
  const measure = work.added.find((m) => m.id === id);
  at.slice(0, -1).reduce((part, key) => part[key], measure)[at[at.length - 1]] = value;
}

/** One thing that differs from the case, with what takes it back. */
export interface Difference {
  name?: string; what: string; value: string; own?: string; unit?: string; source?: Link[];
  /** Takes it back in a copy of the work; a measure that was added is removed by its place instead. */
  undo?: (now: Scenario) => void;
  remove?: number;
}

/** Everything that differs from the case, in words, each with how to take it back. */
export function differences(sheet: Sheet, { now, added }: Work): Difference[] {
  const out: Difference[] = [];
  if (now.date) out.push({ what: "Date", value: now.date, own: sheet.date, undo: (s) => { delete s.date; } });
  if (now.horizon) {
    out.push({ what: "Horizon", value: `${now.horizon} run`, own: `${sheet.horizon} run`,
      undo: (s) => { delete s.horizon; } });
  }
  if (now.transfers) {
    out.push({ what: "Trade deficits", value: now.transfers, own: sheet.transfers,
      undo: (s) => { delete s.transfers; } });
  }
  const force = (on: boolean) => (on ? "in force" : "not in force");
  const days = (all: Period[]) => all.map((p) => `${p.from} to ${p.until ?? "open"}`).join("; ") || "never";
  for (const m of sheet.measures) {
    if (m.id in now.measures) {
      out.push({ name: m.id, what: m.label, value: force(now.measures[m.id]), own: force(byDate(sheet, now, m)),
        source: m.source, undo: (s) => { delete s.measures[m.id]; } });
    }
    if (m.id in now.in_force) {
      out.push({ name: m.id, what: `${m.label}: days in force`, value: days(now.in_force[m.id]), own: days(m.periods),
        source: m.source, undo: (s) => { delete s.in_force[m.id]; } });
    }
  }
  for (const [name, value] of Object.entries(now.parameters)) {
    const p = sheet.parameters[name];
    if (!p) continue;
    const held = sheet.measures.filter((m) => m.strength.some((s) => s.role === "leakage" && s.parameter === name));
    const what = held.length ? `Enforcement of ${held.map((m) => `‘${m.label}’`).join(", ")}` : labelOf(sheet, name);
    const shown = (v: number) => (held.length ? `${short(ENFORCED.out(v))} %` : short(v));
    out.push({ name, what, value: shown(value), own: shown(p.value), unit: held.length ? "" : p.unit,
      source: p.source, undo: (s) => { delete s.parameters[name]; } });
  }
  added.forEach((m, k) => out.push({ what: m.label ?? m.id, value: "added", remove: k }));
  return out;
}
