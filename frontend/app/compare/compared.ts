/** Scenarios kept under a name, on the same axes as the case and as what is on the screen. */
import { batch, computed, signal } from "@preact/signals";
import { Refused, ask } from "../api/client";
import { figures, turn } from "../store/answer";
import type { Named, Scenario } from "../store/model";
import { bandsOf, followers, isOld, partOf, type Dated } from "../store/results";
import { NOW, plain, same, whole } from "../store/scenario";
import { busy, done, released } from "../store/settled";
import { change, sheet, work } from "../store/work";
import { withBands, withEnds } from "./bands";

/** Beside the baseline and what is on the screen. */
const MOST = 4;
const BASELINE = "Baseline";
const SCREEN = "On the screen";

/** What is wrong with a name or a comparison; empty where nothing is. */
export const wrong = signal("");
/** The parts of the comparison that is shown. */
export const parts = signal<Dated<string[]> | null>(null);
/** Whether bands of all of them are drawn. */
export const banded = signal(false);
export const banding = signal(false);
/** Names of the scenarios that are kept. */
export const names = computed(() => work.value.named.map((s) => s.label));

let turns = 0;
let found: any = null;
/** Bands by scenario, with how many draws they rest on, and whether that is all of them. */
const known = new Map<string, { bands: any; draws: number; all: boolean }>();

/** Keeps a scenario under a name; says what is wrong with the name, or nothing. */
export function keepAs(label: string, more: Partial<Scenario> = {}) {
  const taken = [BASELINE, NOW, SCREEN, ...names.peek()];
  wrong.value = !label ? "Give it a name."
    : taken.includes(label) ? `‘${label}’ is taken. Choose another name.`
      : names.peek().length >= MOST ? `${MOST} scenarios are kept at most. Remove one.` : "";
  if (wrong.peek()) return;
  change(`‘${label}’ kept`, (draft) => {
    draft.named.push({ ...whole(draft.now), ...more, label } as Named);
  }, { answers: false });
}

export const remove = (place: number) => change("a kept scenario removed",
  (draft) => { draft.named.splice(place, 1); }, { answers: false });

/** Baseline, the kept ones, and what is on the screen where it is none of them. */
function scenarios(): any[] {
  const { named, now } = work.peek();
  const all = [{ label: BASELINE }, ...named.map((s) => plain(s))];
  const there = [{}, ...named].some((s) => same({ ...s }, now));
  return there ? all : [...all, plain(now, SCREEN)];
}

const keyOf = (scenario: object) =>
  JSON.stringify([sheet.peek()?.id, work.peek().added, plain(scenario, "")]);

async function update() {
  const of = sheet.peek();
  turns += 1;
  const mine = turns;
  if (!of || !work.peek().named.length) {
    found = null;
    parts.value = null;
    done("comparison");
    return;
  }
  const all = scenarios();
  busy("comparison");
  try {
    const answer = await ask("/api/compare", { case: of.id, added: work.peek().added, scenarios: all });
    await released();
    if (mine !== turns) return;
    found = { ...answer.views, asked: all };
    paint();
    wrong.value = "";
  } catch (error) {
    if (mine === turns) refuse(error);
  } finally {
    if (mine === turns) done("comparison");
  }
}

function refuse(error: Error) {
  wrong.value = error.message;
  if (!(error instanceof Refused)) console.error(error);
}

function paint() {
  const drawn = found.asked.map((s) => known.get(keyOf(s)) ?? null);
  const bands = drawn.map((d) => d?.bands ?? null);
  const some = bands.some(Boolean);
  const count = Math.min(...drawn.flatMap((d) => (d ? [d.draws] : [])));
  const charts = some ? found.charts.map((c) => withBands(c, bands, figures.peek())) : found.charts;
  const tables = some ? found.tables.map((t) => withEnds(t, found.asked, bands, figures.peek(), count)) : found.tables;
  const now = turn.peek();
  batch(() => {
    for (const chart of charts) partOf(`chart:${chart.id}`).value = { data: chart, turn: now };
    for (const table of tables) partOf(`table:${table.id}`).value = { data: table, turn: now };
    parts.value = { turn: now, data: [...charts.map((c) => `chart:${c.id}`), ...tables.map((t) => `table:${t.id}`)] };
    banded.value = drawn.every((d) => d?.all);
  });
}

/** Bands of every scenario that has none yet, one after another, painted as they come. */
export async function drawAll() {
  banding.value = true;
  try {
    for (const scenario of scenarios()) {
      const key = keyOf(scenario);
      if (known.get(key)?.all) continue;
      const asked = { case: sheet.peek()?.id, added: work.peek().added, scenario: plain(scenario, NOW) };
      const take = ({ bands, draws }, all: boolean) => {
        known.set(key, { bands, draws: draws.done - draws.failed, all });
        if (found) paint();
      };
      const drawn = await bandsOf(asked, `Bands of ‘${scenario.label}’`, (part) => take(part, false));
      if (!drawn) return;
      take(drawn, true);
    }
  } catch (error) {
    refuse(error);
  } finally {
    banding.value = false;
  }
}

/** Begins, once: the comparison follows every change. */
export function beginComparison() {
  Object.assign(followers, { update, stale: () => isOld(parts.peek()) });
}
