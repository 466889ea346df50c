/** Which measures stand where in the panel, and what is said of them. No page is needed. */
import { beside } from "../../src/core/format.js";
import type { Influence } from "../store/influence";
import type { Measure, Named, Scenario, Sheet } from "../store/model";
import { byDate, dateOf, isOn, periodsOf, valueOf, whole } from "../store/scenario";

/** What a measure moves, in words. */
export const movesWords = (one: Influence | undefined) => (one ? `moves ${one.label} by ±${beside(Math.abs(one.change))}` : "");

/** Two measures that close the same, one of which is drawn with the other. */
export interface Pair { first: Measure; second: Measure; of: Influence }

/** Pairs of which both are in force, or would be by their days; each measure stands in one pair. */
export function pairsOf(sheet: Sheet, now: Scenario, found: Influence[]): Pair[] {
  const there = new Map(sheet.measures.filter((m) => isOn(sheet, now, m) || byDate(sheet, now, m)).map((m) => [m.id, m]));
  const taken = new Set<string>();
  const out: Pair[] = [];
  for (const of of found) {
    const [first, second] = of.names.map((id) => there.get(id));
    if (!first || !second || of.names.some((id) => taken.has(id))) continue;
    of.names.forEach((id) => taken.add(id));
    out.push({ first, second, of });
  }
  return out;
}

/** The route that both of a pair close, in the words of the case; empty where it is none. */
export function routeOf(sheet: Sheet, { first, second }: Pair): string {
  const shut = sheet.route_choices.flatMap((r) => r.routes)
    .find((r) => r.closed_by.includes(first.id) && r.closed_by.includes(second.id));
  return shut?.label ?? "";
}

/** What a pair is in a state: what is said of it, and what its button does. */
export function pairWords(sheet: Sheet, now: Scenario, pair: Pair): { words: string; button: string; lift: boolean } {
  const on = [pair.first, pair.second].filter((m) => isOn(sheet, now, m));
  const route = routeOf(sheet, pair);
  if (on.length === 0) {
    const open = route ? `${route} is open` : "Neither holds any longer";
    return { words: `${open}: both measures are lifted.`, button: "Impose both", lift: false };
  }
  if (on.length === 1) {
    const stays = route ? `${route} stays shut` : "Nothing changes";
    const holds = route ? "closes it too" : "sets the same";
    return { words: `${stays}: ‘${on[0].label}’ ${holds}. Lift it as well?`, button: "Lift it as well", lift: true };
  }
  const stays = route ? `${route} stays shut if only one is lifted: the other closes it too`
    : "Lifting only one changes nothing: the other sets the same";
  return { words: `${stays}. Lift both?`, button: "Lift both", lift: true };
}

export interface Laid {
  /** One after the other: a measure or a pair. */
  shown: (Measure | Pair)[];
  /** What moves nothing in trade, for the closed list. */
  still: Measure[];
}

export const isPair = (one: Measure | Pair): one is Pair => "first" in one;

/**
 * Measures strongest first. What moves nothing, neither as the case stands nor in the state on the
 * screen, and was not changed, stands apart.
 */
export function laid(sheet: Sheet, now: Scenario, idle: Record<string, string>, order: Influence[], found: Influence[]): Laid {
  const sizes = new Map(order.map((one) => [one.names[0], Math.abs(one.change)]));
  const sizeOf = (one: Measure | Pair) => (isPair(one) ? Math.abs(one.of.change) : sizes.get(one.id) ?? 0);
  const pairs = pairsOf(sheet, now, found);
  const paired = new Set(pairs.flatMap((p) => [p.first.id, p.second.id]));
  const all = sheet.trade !== false;
  const changed = (m: Measure) => m.id in now.measures || m.id in now.in_force;
  const still = sheet.measures.filter((m) => all && !paired.has(m.id) && !changed(m)
    && (!m.sets || (m.id in (sheet.idle ?? {}) && m.id in idle)));
  const apart = new Set(still.map((m) => m.id));
  // A pair stands by what both move together; what each alone moves is nothing.
  const shown = [...sheet.measures.filter((m) => !paired.has(m.id) && !apart.has(m.id)), ...pairs]
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  return { shown, still };
}

/** The scenarios that a case offers to try. */
export const presetsOf = (sheet: Sheet): Named[] => sheet.scenarios.filter((s) => s.label !== "now");

/**
 * Whether a scenario is on the screen: every control stands where the scenario puts it, in whichever
 * order it was brought there. The name in titles and files is the server's, which holds it likewise.
 */
export function isShown(sheet: Sheet, preset: Named, now: Scenario): boolean {
  const given = whole(preset);
  const at = (s: Scenario) => [dateOf(sheet, s), s.horizon ?? sheet.horizon, s.transfers ?? sheet.transfers,
    sheet.measures.map((m) => [isOn(sheet, s, m), periodsOf(m, s).map((p) => [p.from, p.until ?? null])]),
    Object.keys(sheet.parameters).map((name) => valueOf(sheet, s, name))];
  return JSON.stringify(at(given)) === JSON.stringify(at(now));
}

/** Names with those first that move most; the others follow as the case has them. */
export function byInfluence(names: string[], found: Influence[]): string[] {
  const sizes = new Map(found.map((one) => [one.names[0], Math.abs(one.change)]));
  return [...names].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
}
