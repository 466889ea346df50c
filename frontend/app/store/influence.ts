/** Whom each control moves most, and by how much: of the state on the screen, asked for when it rests. */
import { batch, signal } from "@preact/signals";
import { ask } from "../api/client";
import { client, turn } from "./answer";
import { asked, sheet } from "./work";
import { released } from "./settled";

/** A control, or two measures that hold the same, and the side that it moves most, USD million a year. */
export interface Influence { names: string[]; side: string; label: string; change: number }

/** Of the measures of the state on the screen, by id; null before the first answer. */
export const influence = signal<Map<string, Influence> | null>(null);
/** Measures by their strength in the state that was opened: their order stays. */
export const order = signal<Influence[]>([]);
/** Pairs of measures that hold the same, with what lifting both moved when they were found. */
export const pairs = signal<Influence[]>([]);
/** Of the parameters of the state in which they were asked for; null before. */
export const parametersBy = signal<Influence[] | null>(null);

/** Another case: nothing of the last one stays. */
export function clearInfluence() {
  batch(() => {
    influence.value = null;
    order.value = [];
    pairs.value = [];
    parametersBy.value = null;
  });
}

const keyOf = (one: Influence) => one.names.join(" ");

/** Asks for the state on the screen; where there is no answer, the order of the case stays. */
export async function learnInfluence() {
  const [mine, of] = [turn.peek(), sheet.peek()];
  const found = await ask("/api/influence", { ...asked(), client }).catch(() => null);
  await released();
  if (mine !== turn.peek() || of?.id !== sheet.peek()?.id) return;
  const measures: Influence[] = found?.measures ?? [];
  batch(() => {
    influence.value = new Map(measures.map((one) => [one.names[0], one]));
    const known = new Set(order.peek().map(keyOf));
    order.value = [...order.peek(), ...measures.filter((one) => !known.has(keyOf(one)))];
    const had = new Set(pairs.peek().map(keyOf));
    pairs.value = [...pairs.peek(), ...(found?.pairs ?? []).filter((one) => !had.has(keyOf(one)))];
  });
}

/** Asks for the parameters, once a case: they take seconds. */
export async function learnParameters() {
  if (parametersBy.peek()) return;
  const of = sheet.peek()?.id;
  const found = await ask("/api/influence", { ...asked(), parameters: true }).catch(() => null);
  if (of === sheet.peek()?.id) parametersBy.value = found?.parameters ?? [];
}
