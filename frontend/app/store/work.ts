/** The case on the page, what a person made of it, and the way back: the one place where it changes. */
import { batch, computed, signal } from "@preact/signals";
import { ask, keep } from "../api/client";
import { showFault } from "./faults";
import type { Scenario, Sheet, Work } from "./model";
import { NOW, differences, none, plain, whole } from "./scenario";

/** The case on the page; null before one is open. */
export const sheet = signal<Sheet | null>(null);
/** The text of its file, where the server does not hold it for good. */
export const file = signal<string | null>(null);
/** What a person made of it. Never changed in place: see `change`. */
export const work = signal<Work>(none());
/** The scenario on the screen. */
export const now = computed(() => work.value.now);
/** Everything in which it differs from the case. */
export const changes = computed(() => (sheet.value ? differences(sheet.value, work.value) : []));
/** Whether the case has trade: without it there is the negotiation only. */
export const trade = computed(() => sheet.value?.trade !== false);

interface Step { work: Work; words: string }

/** States before this one, the last at the end, each with what was done to it. */
export const past = signal<Step[]>([]);
/** States that were taken back. */
export const future = signal<Step[]>([]);
const MOST = 100;
/** Changes of one control within this time are one step, ms. */
const ONE_STEP = 1000;
let last = { key: "", at: -Infinity };

/** Who is told of a change: where it was made, and whether another answer is needed. */
type Told = (where: string | null, answers: boolean) => void;
let told: Told = () => {};

/** Have changes told to `run`, which asks for answers and writes the address. */
export function onChange(run: Told) { told = run; }

/** Who is told that a person takes hold of a control, before it changes. */
let held: (where: string | null) => void = () => {};
export function onHold(run: (where: string | null) => void) { held = run; }

/** Say that a person takes hold of a control: what it changes is told against the figures before. */
export const hold = (where: string | null) => held(where);

/** What of a case and scenario the server needs. */
export const asked = () => ({
  case: sheet.peek()?.id ?? "", added: work.peek().added, scenario: plain(work.peek().now, NOW),
});

/** The scenarios kept beside it, where the server asks for them: they stand in the case file too. */
export const beside = () => (work.peek().named.length ? { kept: work.peek().named.map((s) => plain(s)) } : {});

interface How {
  /** The place that says what the change moved: an id of a control. */
  where?: string | null;
  /** Changes with the same key, one soon after the other, are one step back. */
  key?: string;
  /** Whether the figures change; scenarios that are kept only do not. */
  answers?: boolean;
}

/**
 * Changes the work: `run` is given a copy to change in place. One call is one step back, and the
 * address and the answers follow.
 */
export function change(words: string, run: (draft: Work, of: Sheet) => void,
  { where = null, key = "", answers = true }: How = {}) {
  const of = sheet.peek();
  if (!of) return;
  const draft = structuredClone(work.peek());
  run(draft, of);
  stepTo(draft, words, key);
  told(where, answers);
}

/** The same for what stands in the scenario on the screen. */
export const changeNow = (words: string, run: (now: Scenario, of: Sheet) => void, how?: How) =>
  change(words, (draft, of) => run(draft.now, of), how);

function stepTo(next: Work, words: string, key: string) {
  const at = performance.now();
  const more = key !== "" && key === last.key && at - last.at < ONE_STEP && past.peek().length > 0;
  last = { key, at };
  batch(() => {
    if (!more) past.value = [...past.peek(), { work: work.peek(), words }].slice(-MOST);
    future.value = [];
    work.value = next;
  });
  stored();
}

/** Measures added, changed or removed: the server says what the case then is. */
export async function changeAdded(words: string, added: any[], found: Sheet | null = null, where: string | null = null) {
  const of = sheet.peek();
  if (!of) return;
  try {
    const next = found ?? await ask("/api/case", { case: of.id, added });
    const draft = structuredClone(work.peek());
    const kept = new Set(added.map((m) => m.id));
    for (const gone of draft.added.filter((m) => !kept.has(m.id))) {
      for (const s of [draft.now, ...draft.named]) {
        delete s.measures[gone.id];
        delete s.in_force[gone.id];
      }
    }
    draft.added = added;
    batch(() => {
      sheet.value = next;
      stepTo(draft, words, "");
    });
    told(where, true);
  } catch (error) { showFault(error, { heading: "The measures were not changed." }); }
}

/** Puts a scenario on the screen. */
export const take = (scenario: Partial<Scenario>, words = "another scenario") => {
  hold(null);
  change(words, (draft) => {
    draft.now = whole({ ...scenario }) as Scenario;
    delete draft.now.label;
  });
};

/** Everything back to the case as it is. */
export async function resetAll() {
  hold(null);
  if (work.peek().added.length) {
    batch(() => change("everything reset", (draft) => { draft.now = none().now; }, { answers: false }));
    await changeAdded("everything reset", []);
  } else change("everything reset", (draft) => { draft.now = none().now; });
}

async function go(from: typeof past, to: typeof past) {
  const step = from.peek().at(-1);
  const of = sheet.peek();
  if (!step || !of) return;
  let next = of;
  if (JSON.stringify(step.work.added) !== JSON.stringify(work.peek().added)) {
    try {
      next = await ask("/api/case", { case: of.id, added: step.work.added });
    } catch (error) {
      showFault(error, { heading: "The step was not taken." });
      return;
    }
  }
  last = { key: "", at: -Infinity };
  hold(null);
  batch(() => {
    from.value = from.peek().slice(0, -1);
    to.value = [...to.peek(), { work: work.peek(), words: step.words }];
    sheet.value = next;
    work.value = step.work;
  });
  stored();
  told(null, true);
}

export const undo = () => go(past, future);
export const redo = () => go(future, past);

// The way back survives a reload of the page; the work itself stands in the address.

const STORE = "detente-steps";

function stored() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify({ id: sheet.peek()?.id, work: work.peek(), past: past.peek().slice(-20),
      future: future.peek().slice(-20) }));
  } catch { /* no room: the way back ends with the page */ }
}

/** The work as the address has it, for holding two against each other. */
const plainly = ({ added, now: given, named }: Work) =>
  JSON.stringify([added, plain(given, NOW), named.map((s) => plain(s))]);

function restored(of: Sheet, made: Work) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
    if (kept?.id !== of.id || plainly(kept.work) !== plainly(made)) return { past: [], future: [] };
    return kept as { past: Step[]; future: Step[] };
  } catch { return { past: [], future: [] }; }
}

/** Begins on a case, with the work that its file or the address holds. */
export function begin(next: Sheet, given: { added?: any[]; now?: Partial<Scenario>; named?: any[]; deal?: string[] }, text: string | null) {
  const made: Work = { added: given.added ?? [], now: whole(given.now ?? {}) as Scenario,
    named: (given.named ?? []).map((s) => whole(s)), ...(given.deal?.length ? { deal: given.deal } : {}) };
  delete made.now.label;
  const steps = restored(next, made);
  last = { key: "", at: -Infinity };
  batch(() => {
    sheet.value = next;
    // A text that needs tables beside it comes to nothing elsewhere.
    file.value = (next.alone !== false && next.text) || text;
    work.value = made;
    past.value = steps.past;
    future.value = steps.future;
  });
  keep(file.peek());
}
