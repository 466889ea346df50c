/**
 * What is slower than the figures: tables and charts, the four answers in words, bands, claims.
 * Each carries the turn of the state that it belongs to; what is older says so.
 */
import { batch, signal, type Signal } from "@preact/signals";
import { ask } from "../api/client";
import { shared } from "../charts/shared";
import { after, aged, client, departure, next, pending, subject, turn } from "./answer";
import { showFault } from "./faults";
import { clearInfluence, learnInfluence } from "./influence";
import { isRunning, jobs, run, stop as stopJobs } from "./jobs";
import type { Band, Chart, Section, Table, Views } from "./model";
import { busy, done, released } from "./settled";
import { say } from "./said";
import { asked, beside, sheet, trade } from "./work";

/** How long the controls rest before what is slower is asked for, ms. */
const QUIET = { parts: 220, views: 650, bands: 1500 };
/** As many as the bands that are packaged with cases rest on; what there is so far is shown on the way. */
const DRAWS = 200;
/** The question whose answer needs every stage. */
const LAST = "how-sure";
/** What belongs to a change and stops with the next one; a brief is of the state that it was asked for. */
const OF_STATE = ["views", "bands", "claims", "compare"];

/** A value with the turn of the state that it belongs to. */
export interface Dated<T> { data: T; turn: number }

/** Whether something shown is of a state before the one on the screen. */
export const isOld = (one: Dated<unknown> | null) => one !== null && one.turn < aged.value;

const known = new Map<string, Signal<Dated<Table | Chart> | null>>();
/** A table or chart by its part, as `table:gains` or `chart:map`; null until it is there. */
export function partOf(name: string) {
  let found = known.get(name);
  if (!found) known.set(name, found = signal(null));
  return found;
}

/** The sections of the brief, in their order; those of before stay until all are there. */
export const sections = signal<Section[]>([]);
/** The four questions with their answers. */
export const overview = signal<Dated<NonNullable<Views["overview"]>> | null>(null);
/** Every finding in a sentence. */
export const findings = signal<Dated<string[]> | null>(null);
/** What reproduces the state: the table `reproduce`, with the state's own words. */
export const reproduction = signal<Dated<{ table: Table; subject: string; sentence: string }> | null>(null);
/** What others have said, held against the numbers. */
export const claims = signal<Dated<Table> | null>(null);
/** Whether regimes in time and other horizons are asked for, too. */
export const full = signal(false);
/** Whether all regimes are there. */
export const fullShown = signal(false);
/** Whether the tables and charts still have to come to what the controls say. */
export const coming = signal(true);
/** Whether something was stopped on the way and can be brought up to date. */
export const behind = signal(false);
/** Whether bands are drawn after the figures. */
export const drawing = signal(false);
/** Bands of the figures, by id; null while there are none. */
export const bands = signal<Record<string, Band> | null>(null);
export const bandNote = signal("");
/** Why controls move nothing in the state that is shown, by name. */
export const idle = signal<Record<string, string>>({});
/** What else has to be told of a change, as the comparison. */
export const followers = { update: async () => {}, stale: () => false };

const timers: Record<string, ReturnType<typeof setTimeout>> = {};
let turns = 0;
let parts = new AbortController();
let claimed = false;

/** What does not yet show the state of the controls. */
const anyOld = () => [overview, findings, reproduction, claims].some((s) => s.value && isOld(s.value))
  || [...known.values()].some((s) => s.value && isOld(s.value)) || followers.stale();

/** Begins, once: bands as the reader chose them last. */
export function beginResults() {
  drawing.value = localStorage.getItem("bands") !== "off";
  Object.assign(after, { stop, begin: begins, failed: () => { coming.value = false; } });
}

/** Another case: nothing of the last one stays. */
export function clearResults() {
  stop();
  claimed = false;
  shared.tables.clear();
  clearInfluence();
  batch(() => {
    for (const one of known.values()) one.value = null;
    known.clear();
    sections.value = [];
    overview.value = null;
    findings.value = null;
    reproduction.value = null;
    claims.value = null;
    full.value = false;
    fullShown.value = false;
    idle.value = sheet.peek()?.idle ?? {};
    behind.value = false;
    coming.value = true;
  });
}

/** The controls say something else: what is under way for the state before ends. */
function stop() {
  stopJobs(OF_STATE);
  parts.abort();
  turns += 1;
  for (const [key, timer] of Object.entries(timers)) {
    clearTimeout(timer);
    done(key);
  }
  batch(() => {
    behind.value = false;
    coming.value = true;
  });
  band(null);
}

/** What is slower, when the controls have come to rest. */
function begins(first: boolean) {
  behind.value = false;
  const wait = (key: string, what: () => Promise<unknown>, rest: number) => {
    clearTimeout(timers[key]);
    busy(key);
    const mine = turns;
    timers[key] = setTimeout(async () => {
      await what();
      if (mine === turns) done(key);
    }, rest);
  };
  wait("views", () => views(), first ? 0 : QUIET.views);
  if (!trade.peek()) return;
  wait("parts", second, first ? 0 : QUIET.parts);
  wait("compare", () => followers.update(), QUIET.views);
  wait("influence", learnInfluence, first ? 0 : QUIET.views);
  // Those of the case as it stands came with it.
  if (!first) wait("idle", learnIdle, QUIET.views);
  wait("prepare", () => ask("/api/prepare", asked()).catch(() => {}), QUIET.views);
}

/** Brings up to date what was stopped. */
export function resume() {
  coming.value = true;
  begins(true);
}

/** Stops everything that runs. */
export function stopAll() {
  stopJobs();
  ended();
}

function ended() {
  clearTimeout(timers.bands);
  batch(() => {
    coming.value = false;
    behind.value = !pending.peek() && anyOld();
  });
}

async function learnIdle() {
  const mine = turns;
  const found = await ask("/api/idle", { ...asked(), client }).catch(() => null);
  await released();
  if (found && mine === turns) idle.value = found.idle;
}

/** Tables and charts of the same state, which need no further equilibrium. */
async function second() {
  parts.abort();
  const { signal: given } = (parts = new AbortController());
  try {
    const found = await ask("/api/answer", { ...asked(), client, sequence: next() }, { signal: given });
    await released();
    if (!given.aborted) update(found);
  } catch (error) { if (!given.aborted) unfinished(error); }
}

function unfinished(error: Error) {
  batch(() => {
    coming.value = false;
    behind.value = !pending.peek() && anyOld();
  });
  const heading = overview.peek() ? "The sections were not brought up to date." : "The answers were not worked out.";
  showFault(error, { heading, again: resume });
}

/** What is as before keeps its drawing. */
function replace(name: string, data: Table | Chart, now: number) {
  const one = partOf(name);
  const before = one.peek()?.data;
  const same = before && JSON.stringify(before) === JSON.stringify(data);
  one.value = { data: same ? before : data, turn: now };
}

/** New data; each part that changed is drawn when it is in sight. */
function update(found: { charts: Chart[]; tables: Table[] }) {
  const now = turn.peek();
  batch(() => {
    for (const table of found.tables) {
      shared.tables.set(table.id, table);
      replace(`table:${table.id}`, table, now);
    }
    for (const chart of found.charts) replace(`chart:${chart.id}`, chart, now);
  });
}

async function views() {
  clearTimeout(timers.bands);
  stopJobs(["bands"]);
  batch(() => {
    coming.value = true;
    behind.value = false;
  });
  const wanted = full.peek();
  try {
    const found: Views | null = await run("views", "Tables and charts", "/api/views",
      { ...asked(), client, ...beside(), full: wanted }, some);
    if (!found) return;
    const mine = turns;
    await released();
    if (mine !== turns) return;
    paint(found, true);
    batch(() => {
      fullShown.value = wanted;
      coming.value = false;
    });
    say("All tables and charts show the new state.");
    const table = found.tables.find((t) => t.id === "claims");
    if (table) claim(table);
    else if (claimed) await askClaims();
    if (drawing.peek() && trade.peek()) timers.bands = setTimeout(() => drawBands(), QUIET.bands);
  } catch (error) { unfinished(error); }
}

/** All regimes in time and the other horizons as well. */
export function addAll() {
  full.value = true;
  views();
}

/** What there is before the end. */
async function some(part: Views) {
  const mine = turns;
  await released();
  if (mine === turns && isRunning("views")) paint(part, false);
}

/** What a job has found: all, or what is known so far, with the rest as it stands. */
function paint(found: Views, all: boolean) {
  // What others have said stands in a section of the page itself.
  const given = found.sections.filter((s) => s.id !== "claims");
  const ids = new Set(given.map((s) => s.id));
  const rest = all ? [] : sections.peek().filter((s) => !ids.has(s.id));
  // The tables of the quicker answer, if still on their way, are not to replace these.
  clearTimeout(timers.parts);
  done("parts");
  parts.abort();
  const now = turn.peek();
  batch(() => {
    if (JSON.stringify([...given, ...rest]) !== JSON.stringify(sections.peek())) sections.value = [...given, ...rest];
    update(found);
    if (found.overview) overview.value = { data: together(found.overview, all), turn: now };
    if (!trade.peek()) {
      subject.value = found.subject;
      departure.value = found.departure ?? null;
    }
    if (!all) return;
    findings.value = { data: found.sentences, turn: now };
    const table = found.tables.find((t) => t.id === "reproduce");
    reproduction.value = table ? { turn: now, data: { table, subject: found.subject,
      sentence: found.departure?.sentence ?? "" } } : null;
  });
}

/** Bullets of questions that are answered, and room for those that a later stage answers. */
function early(found: NonNullable<Views["overview"]>, before: { chapter: string; text: string }[]) {
  const now = found.bullets.filter((b) => b.chapter !== LAST);
  const ids = new Set(now.map((b) => b.chapter));
  return [...now, ...before.filter((b) => !ids.has(b.chapter))].slice(0, 3);
}

/** The answers that are there, with those of the state before, marked, where a later stage brings them. */
function together(found: NonNullable<Views["overview"]>, all: boolean) {
  if (all) return found;
  const before = overview.peek()?.data;
  const now = found.chapters.filter((c) => c.id !== LAST);
  const ids = new Set(now.map((c) => c.id));
  const rest = (before?.chapters ?? []).filter((c) => !ids.has(c.id)).map((c) => ({ ...c, old: true }));
  return { ...found, partial: true, bullets: early(found, before?.bullets ?? []), chapters: [...now, ...rest] };
}

// Bands and claims.

export function chooseBands(so: boolean) {
  drawing.value = so;
  localStorage.setItem("bands", so ? "on" : "off");
  if (so) drawBands();
  else {
    stopJobs(["bands"]);
    band(null);
  }
}

/** Bands of another scenario, for the comparison, with what there is on the way; null where they were stopped. */
export function bandsOf(given: object, words: string, part: (found: any) => void) {
  stopJobs(["bands"]);
  return run("compare", words, "/api/bands", { ...given, client: `${client}-compare`, draws: DRAWS }, part);
}

export async function drawBands() {
  try {
    const found = await run("bands", `Bands from ${DRAWS} draws of the parameters`, "/api/bands",
      { ...asked(), client, draws: DRAWS }, (part) => band(part, " so far"));
    if (!found) return;
    band(found);
    say("Bands are shown.");
  } catch (error) { showFault(error, { heading: "The bands were not drawn.", again: () => drawBands() }); }
}

function band(found: any, far = "") {
  const draws = found?.draws;
  batch(() => {
    if (found || bands.peek()) bands.value = found?.bands ?? null;
    bandNote.value = draws ? `Bands: 5 to 95 % of ${draws.done - draws.failed} draws${far} of every `
      + `parameter that has a range, each independently${draws.failed
        ? `; ${draws.failed} failed${draws.why_failed ? `: ${draws.why_failed}` : ""}` : ""}.` : "";
  });
}

export async function askClaims() {
  // One long computation at a time: bands, the longest, wait for what was asked for.
  const waiting = isRunning("bands");
  stopJobs(["bands"]);
  try {
    const found = await run("claims", "Claims held against the numbers", "/api/claims", { ...asked(), client });
    if (!found) return;
    claim(found.views.tables[0]);
    if (waiting) drawBands();
  } catch (error) {
    behind.value = !pending.peek() && anyOld();
    showFault(error, { heading: "The claims were not held against the numbers.", again: () => askClaims() });
  }
}

function claim(table: Table) {
  claimed = true;
  claims.value = { data: table, turn: turn.peek() };
}

/** The brief of the state on the screen as a text or a blob; null where it was stopped. */
export async function writeBrief(): Promise<any> {
  const waiting = isRunning("bands");
  stopJobs(["bands"]);
  const of = turn.peek();
  const given = { ...asked(), ...beside(), client };
  const found = await run("brief", "Writing the brief", "/api/brief/stream", given)
    .catch((error) => {
      // A server without the stream writes it in one go.
      if (error.status !== 404 && error.status !== 405) throw error;
      return run("brief", "Writing the brief", "/api/brief", given);
    });
  if (waiting && turn.peek() === of && !jobs.peek().length) drawBands();
  return found;
}

