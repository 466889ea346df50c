/** Where measures stand in the panel, and what is said of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { byInfluence, isShown, laid, movesWords, pairWords, pairsOf } from "../app/try/order.ts";
import { empty, scenariosOf } from "../app/store/scenario.ts";

const measure = (id, more = {}) => ({ id, label: id.toUpperCase(), sets: "an embargo", source: [], strength: [],
  periods: [{ from: "2022-01-01", until: null }], ...more });
const sheet = (more = {}) => ({
  id: "belarus", date: "2025-12-01", text: null, idle: { a: "Held twice.", b: "Held twice.", idle: "Nothing." },
  measures: [measure("weak"), measure("a"), measure("strong"), measure("b"), measure("idle"), measure("talk", { sets: "" }),
    measure("past", { periods: [{ from: "2021-01-01", until: "2022-01-01" }] })],
  route_choices: [{ label: "By sea", routes: [{ label: "Klaipėda", closed_by: ["a", "b"] }], numbers: [] }],
  parameters: {}, scenarios: [{ label: "One", measures: { a: false } }], ...more,
});
const line = (names, change) => ({ names, side: "BLR", label: "Belarus", change });
const order = [line(["strong"], 100), line(["weak"], -3)];
const found = [line(["a", "b"], 350), line(["past", "a"], 9)];
const ids = (all) => all.map((one) => one.id ?? `${one.first.id}+${one.second.id}`);

test("a strength has two digits", () => {
  assert.equal(movesWords(line(["a"], -143.9)), "moves Belarus by ±140");
  assert.equal(movesWords(undefined), "");
});

test("the strongest come first, a pair by what both move, and what moves nothing apart", () => {
  const of = sheet();
  const { shown, still } = laid(of, empty(), of.idle, order, found);
  assert.deepEqual(ids(shown), ["a+b", "strong", "weak", "past"]);
  assert.deepEqual(ids(still), ["idle", "talk"]);
  const changed = laid(of, { ...empty(), measures: { idle: false } }, of.idle, order, found);
  assert.ok(ids(changed.shown).includes("idle"), "what was changed stays in sight");
  const moving = laid(of, empty(), {}, order, found);
  assert.ok(ids(moving.shown).includes("idle"), "what moves in the state on the screen is shown");
});

test("without trade all measures stand in the open", () => {
  const { shown, still } = laid(sheet({ trade: false }), empty(), {}, [], []);
  assert.equal(shown.length, 7);
  assert.deepEqual(still, []);
});

test("a measure that ended is no part of a pair", () => {
  assert.equal(pairsOf(sheet(), empty(), [line(["past", "a"], 9)]).length, 0);
});

test("a pair says what holds in each state, and what its button does", () => {
  const of = sheet();
  const [pair] = pairsOf(of, empty(), found);
  const said = (measures, more = of) => pairWords(more, { ...empty(), measures }, pair);
  assert.equal(said({}).words, "Klaipėda stays shut if only one is lifted: the other closes it too. Lift both?");
  assert.equal(said({ a: false }).words, "Klaipėda stays shut: ‘B’ closes it too. Lift it as well?");
  assert.deepEqual(said({ a: false, b: false }),
    { words: "Klaipėda is open: both measures are lifted.", button: "Impose both", lift: false });
  const bare = sheet({ route_choices: [] });
  assert.match(said({ b: false }, bare).words, /^Nothing changes: ‘A’ sets the same\./);
});

test("parameters that move most come first, the others as in the case", () => {
  assert.deepEqual(byInfluence(["x", "y", "z"], [line(["z"], -7), line(["y"], 2)]), ["z", "y", "x"]);
});

test("a scenario to try is on the screen when every control stands where it puts it", () => {
  const of = sheet({ scenarios: [{ label: "One", measures: { b: false, a: false, past: false } }],
    parameters: { rate: { value: 0.5 } } });
  const shown = (more) => isShown(of, of.scenarios[0], { ...empty(), ...more });
  assert.equal(shown({ measures: { a: false, b: false } }), true, "in another order, and without what is so anyway");
  assert.equal(shown({ measures: { a: false, b: false }, parameters: { rate: 0.5 } }), true);
  assert.equal(shown({ measures: { a: false, b: false }, parameters: { rate: 0.6 } }), false);
  assert.equal(shown({ measures: { a: false, b: false }, date: "2022-02-01" }), false);
  assert.equal(shown({ measures: { a: false } }), false);
  assert.equal(shown({}), false);
});

test("scenarios of a packaged case are offered, those of a file are kept", () => {
  assert.deepEqual(scenariosOf(sheet()), { now: {}, named: [] });
  assert.equal(scenariosOf(sheet({ text: "name: own" })).named.length, 1);
});
