/** The new case that is being filled in, and what the server says of it. */
import { computed, signal } from "@preact/signals";
import { Refused, ask, file, look } from "../api/client";
import { hideFault, showFault } from "../store/faults";
import { openText } from "../store/route";
import { say } from "../store/said";
import { busy, done } from "../store/settled";
import { saveBlob } from "../ui/files";
import { blank, closesByKey, faultsByField, formOf, partiesWords, type Bloc, type Checked, type Draft } from "./draft";
import type { Named } from "./sentence";

export interface Choices extends Named { blocs: Bloc[]; world: { label: string }; form: string }

/** How long typing rests before the form is checked, ms. */
const REST = 200;
const today = () => new Date().toISOString().slice(0, 10);

export const draft = signal<Draft>(blank(today()));
/** What a case may name; null before it has come. */
export const choices = signal<Choices | null>(null);
/** The last answer, with the form that it is about. */
const answer = signal<{ of: Draft; found: Checked } | null>(null);
/** Fields that were left, whose faults are shown; all of them once the case was to be made. */
const left = signal<ReadonlySet<string>>(new Set());
const tried = signal(false);
/** Whether the answer is about an earlier form. */
export const checking = computed(() => answer.value !== null && answer.value.of !== draft.value);

const shown = (field: string) => tried.value || left.value.has(field);

/** Faults by field, of those fields that were left. */
export const faults = computed(() => {
  const now = answer.value;
  if (!now) return {};
  return Object.fromEntries(Object.entries(faultsByField(now.found.faults, now.of)).filter(([field]) => shown(field)));
});
export const closes = computed(() => (answer.value ? closesByKey(answer.value.found.closes, answer.value.of) : {}));
export const taking = computed(() => partiesWords(answer.value?.found.parties ?? []));

let waiting: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | null = null;

/** Checks the form now; whether it is without faults, null where no answer came. */
export async function check(): Promise<boolean | null> {
  clearTimeout(waiting);
  asking?.abort();
  asking = new AbortController();
  const own = asking;
  const of = draft.peek();
  busy("new");
  try {
    const found: Checked = await ask("/api/new/check", { form: formOf(of) }, { signal: own.signal });
    if (own !== asking) return null;
    answer.value = { of, found };
    return found.ok;
  } catch (error) {
    if (own === asking && error.name !== "AbortError") showFault(error, { heading: "The form was not checked.", again: error.passing && again });
    return null;
  } finally { if (own === asking) done("new"); }
}

const again = () => { hideFault(); check(); };

/** Changes what is filled in; the answer follows once typing rests. */
export function put(change: Partial<Draft>) {
  draft.value = { ...draft.peek(), ...change };
  asking?.abort();
  clearTimeout(waiting);
  busy("new");
  waiting = setTimeout(check, REST);
}

export const putMeasure = (key: number, text: string) =>
  put({ measures: draft.peek().measures.map((m) => (m.key === key ? { key, text } : m)) });

/** The key of a sentence that is added at the end. */
export function addMeasure(): number {
  const { measures } = draft.peek();
  const key = Math.max(...measures.map((m) => m.key)) + 1;
  put({ measures: [...measures, { key, text: "" }] });
  return key;
}

export function removeMeasure(key: number) {
  const rest = draft.peek().measures.filter((m) => m.key !== key);
  put({ measures: rest.length ? rest : [{ key: key + 1, text: "" }] });
}

/** From now on the faults of a field are shown. An empty field is left as it is until the case is made. */
export function leave(field: string, text: string) {
  if (text.trim()) left.value = new Set([...left.peek(), field]);
}

/** An empty form. */
export function beginDraft() {
  clearTimeout(waiting);
  asking?.abort();
  asking = null;
  done("new");
  draft.value = blank(today());
  answer.value = null;
  left.value = new Set();
  tried.value = false;
}

export async function learnChoices() {
  if (choices.peek()) return;
  busy("choices");
  try { choices.value = await look("/api/new/choices"); } catch (error) {
    showFault(error, { heading: "The choices did not come.", again: error.passing && (() => { hideFault(); learnChoices(); }) });
  } finally { done("choices"); }
}

/** The file of the form; null where it has faults, which then stand at their fields. */
async function written(): Promise<File | null> {
  tried.value = true;
  hideFault();
  const sound = await check();
  if (sound === null) return null;
  if (!sound) {
    const count = Object.values(faults.peek()).flat().length;
    say(`The case was not made. ${count === 1 ? "One fault stands" : `${count} faults stand`} at the fields.`);
    return null;
  }
  return file("/api/new/file", { form: formOf(draft.peek()) });
}

/** Makes the case and opens it, or saves its file; whether that came about. */
export async function make(then: "open" | "save"): Promise<boolean> {
  busy("make");
  try {
    const made = await written();
    if (!made) return false;
    if (then === "save") {
      saveBlob(made.name, made);
      say(`${made.name} was saved.`);
    } else { await openText(await made.text()); }
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    showFault(error, { heading: "The case was not made." });
    return false;
  } finally { done("make"); }
}
