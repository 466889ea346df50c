/**
 * The figures of the state on the screen. One answer at a time is asked for; a change that comes in
 * the meantime is asked for after it, and a slow answer that is no longer wanted is given up.
 */
import { batch, computed, signal } from "@preact/signals";
import { ask } from "../api/client";
import { moved, type Said } from "../figures/moved";
import { hideFault, namedIn, showFault } from "./faults";
import type { Answer, Departure, Figure } from "./model";
import { labelOf } from "./scenario";
import { busy, done, painted, released } from "./settled";
import { asked, changes, sheet, trade } from "./work";

/** How long a running answer may still take once a newer one is wanted, ms. */
const PATIENCE = 400;
/** After this long the figures on the screen are said to be of the state before, ms. */
const LATE = 1000;
const SOLVING = "of the state before; this one is being solved";
const FAILED = "of the state before: this one has no answer";

/** The figures on the screen. */
export const figures = signal<Figure[]>([]);
/** The figures of the case as it is, which ghosts show; empty until they are known. */
export const own = signal<Figure[]>([]);
/** How the state that they are of differs from the case, in the server's words. */
export const departure = signal<Departure | null>(null);
export const subject = signal("");
export const certificate = signal("");
/** Why the figures are of the state before; empty where they are of this one. */
export const age = signal("");
/** What the last change of a control moved, by the id of the place where it is said. */
export const movedAt = signal<Record<string, Said[]>>({});
/** What is wrong with parameters and measures, by name. */
export const wrong = signal<Map<string, string>>(new Map());
/** The control that was changed last: faults that name none stand there. */
export const touched = signal("");
/** Whether what the controls say still has to be answered. */
export const pending = signal(false);

/** Counts the states of the controls; what is shown carries the turn that it belongs to. */
export const turn = signal(0);
/** Parts of turns before this one are said to be of the state before. */
export const aged = signal(0);
/** Whether the state on the screen is not the case's own. */
export const changed = computed(() => changes.value.length > 0);

export const client = crypto.randomUUID();
let sequence = 0;
/** The next number of a request: earlier ones of this page need no answer. */
export const next = () => { sequence += 1; return sequence; };

interface Held { where: string | null; figures: Figure[]; departure: Departure | null; joined: boolean }
let held: Held | null = null;
let changing: Held | null = null;
let flight: (AbortController & { since?: number; changing?: Held | null; hurried?: any }) | null = null;
let wanted: { first: boolean } | null = null;
let asking = false;
let since = 0;
let late: any = null;

/** What follows an answer: tables, charts and what is slower. */
export const after = { stop: () => {}, begin: (_first: boolean) => {}, failed: () => {} };

/** Another case: nothing of the last one stays. */
export function clear() {
  flight?.abort();
  held = null;
  changing = null;
  batch(() => {
    figures.value = [];
    own.value = [];
    departure.value = null;
    subject.value = "";
    certificate.value = "";
    age.value = "";
    movedAt.value = {};
    wrong.value = new Map();
    pending.value = false;
  });
}

/**
 * What a control changes is told against the figures from before it was touched; where a change
 * before it has not been answered yet, the two are told together.
 */
export function hold(where: string | null) {
  if (where && where === held?.where) return;
  held = { where, figures: figures.peek(), departure: departure.peek(), joined: pending.peek() };
}

/** The controls say something else: ask for its answer. */
export function answerFor(where: string | null, first = false) {
  if (where && where !== held?.where) hold(where);
  changing = where ? held : null;
  busy("answer");
  after.stop();
  if (!first) hideFault();
  since = performance.now();
  batch(() => {
    pending.value = true;
    turn.value += 1;
  });
  if (!trade.peek()) {
    settle();
    aged.value = turn.peek();
    after.begin(first);
    done("answer");
    return;
  }
  late ??= setTimeout(() => { if (figures.peek().length) age.value = SOLVING; }, LATE);
  wanted = { first };
  if (asking) hurry();
  else answer();
}

function hurry() {
  const mine = flight;
  if (!mine) return;
  mine.hurried ??= setTimeout(() => { if (flight === mine && wanted) mine.abort(); },
    Math.max(0, (mine.since ?? 0) + PATIENCE - performance.now()));
}

async function answer() {
  asking = true;
  while (wanted) {
    const { first } = wanted;
    wanted = null;
    const began = since;
    const mine = Object.assign(new AbortController(), { since: performance.now(), changing });
    flight = mine;
    const of = sheet.peek()?.id;
    try {
      const found: Answer = await ask("/api/answer",
        { ...asked(), client, sequence: next(), parts: false }, { signal: mine.signal });
      if (of !== sheet.peek()?.id) continue;
      const there = performance.now();
      show(found, mine.changing);
      await painted();
      performance.measure("painted", { start: began, end: performance.now(), detail: {
        sequence, ...found.milliseconds, answered: there - began, evaluations: found.certificate.evaluations,
      } });
      aged.value = turn.peek();
      if (!wanted) after.begin(first);
    } catch (error) {
      if (error.name !== "AbortError" && error.status !== 409 && !wanted) failed(error);
    }
    flight = null;
  }
  asking = false;
  done("answer");
}

/** What the controls say is answered. */
function settle() {
  batch(() => {
    pending.value = false;
    if (wrong.peek().size) wrong.value = new Map();
  });
  clearTimeout(late);
  late = null;
}

function show(found: Answer, change: Held | null) {
  batch(() => {
    if (!wanted) settle();
    age.value = "";
    figures.value = found.figures;
    departure.value = found.departure;
    subject.value = found.subject;
    certificate.value = found.certificate.sentence;
    if (!found.departure) own.value = found.figures;
  });
  if (change?.where && change.figures.length) {
    const words = moved(change.figures, found.figures, change.departure, change.joined);
    const { where } = change;
    released().then(() => { movedAt.value = { ...movedAt.peek(), [where]: words }; });
  }
  // What is changed after this answer was asked for is told against it.
  for (const later of [held, changing]) {
    if (later && later !== change) {
      Object.assign(later, { figures: found.figures, departure: found.departure, joined: false });
    }
  }
}

/** The figures of the case as it is, for the ghosts, where a changed state was opened. */
export async function learnOwn() {
  const of = sheet.peek();
  if (!of || !trade.peek() || own.peek().length) return;
  const found = await ask("/api/answer", { case: of.id, added: [], scenario: { label: "now" }, parts: false })
    .catch(() => null);
  if (found && sheet.peek()?.id === of.id && !own.peek().length) own.value = found.figures;
}

/** A state without an answer: all that is on the screen is of the state before, and says so. */
function failed(error: any) {
  clearTimeout(late);
  late = null;
  const of = sheet.peek();
  if (!of) return;
  const found = new Map<string, string>();
  const faults = error.faults?.length || error.passing ? error.faults ?? []
    : [{ key: "", message: error.message, remedy: "" }];
  for (const one of faults) {
    const named = namedIn(one, of);
    for (const name of named.length ? named : [touched.peek()].filter(Boolean)) {
      found.set(name, [found.get(name), one.message, one.remedy].filter(Boolean).join(" "));
    }
  }
  batch(() => {
    if (figures.peek().length) age.value = FAILED;
    aged.value = turn.peek();
    wrong.value = found;
    if (changing?.where) movedAt.value = { ...movedAt.peek(), [changing.where]: [] };
  });
  after.failed();
  showFault(error, { heading: error.passing ? "" : "This state cannot be answered.",
    again: error.passing && (() => answerFor(null)),
    name: (one) => namedIn(one, of).map((name) => (of.parameters[name] ? labelOf(of, name)
      : of.measures.find((m) => m.id === name)?.label)).join(", ") || one.key });
}

