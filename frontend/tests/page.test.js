/** What the page makes of answers and choices: words of a move, sliders, own measures, bands, the order of sections. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBands, withEnds } from "../app/compare/bands.ts";
import { moved } from "../app/figures/moved.ts";
import { faultsByField, fieldsOf, measureOf } from "../app/new/measure.ts";
import { finderOf, pieces } from "../app/ui/terms.ts";
import { exact, pressed, rounded, spanOf } from "../app/try/span.ts";

const figure = (side, value, more = {}) => ({ id: `equivalent_variation-${side}`, key: "equivalent_variation", label: side,
  unit: "USD million a year", shown_unit: "USD million a year", decimals: 1, value, ...more });
const said = (parts) => parts.map((p) => p.words).join("");

test("a change is told by what it moved most, against the state before by its name", () => {
  const before = [figure("A", -100), figure("B", 5)];
  const after = [figure("A", -40), figure("B", 1)];
  const parts = moved(before, after, null, false);
  assert.equal(said(parts), "Moved most, against the case: A +60, B −4.0 USD million a year.");
  assert.deepEqual(parts.filter((p) => p.tone).map((p) => p.tone), ["gain", "loss"]);
  const state = { changes: [{ label: "‘Ban’", value: "lifted", unit: "" }, {}, {}] };
  assert.match(said(moved(before, after, state, true)),
    /^With the change before: moved most, against the state with ‘Ban’ lifted and 2 other changes: /);
});

test("a change that moves nobody says so, and what has no value is left out", () => {
  assert.equal(said(moved([figure("A", 1)], [figure("A", 1.01)], null, false)),
    "Moved no one here by USD 0.05 million a year against the case.");
  assert.match(said(moved([figure("A", null)], [figure("A", 5)], null, false)), /^Moved no one here/);
});

test("a slider spans the range thought possible, the value within it, or half to twice the value", () => {
  assert.deepEqual(spanOf({ name: "p", value: 5, low: 1, high: 4, unit: "" }), { low: 1, high: 5, step: 0.01 });
  assert.deepEqual(spanOf({ name: "p", value: -2, low: null, high: null, unit: "" }), { low: -4, high: -1, step: 0.01 });
  assert.deepEqual(spanOf({ name: "p", value: 0, low: null, high: null, unit: "" }), { low: 0, high: 1, step: 0.01 });
  assert.deepEqual(spanOf({ name: "p", value: 0.1, low: 0, high: 0.2, unit: "" }, [0, 100]), { low: 0, high: 100, step: 0.1 });
});

test("keys move a slider by a hundredth or a tenth and stop at its ends", () => {
  const span = { low: 0, high: 10, step: 0.01 };
  assert.equal(pressed("ArrowRight", 5, span), 5.1);
  assert.equal(pressed("PageDown", 0.5, span), 0);
  assert.equal(pressed("Tab", 5, span), null);
  assert.equal(rounded(0.30000000000000004, 0.1), 0.3);
  assert.equal(exact(1 - 93 / 100), 0.07);
});

const sheet = { measures: [{ id: "added-a-ban" }], parties: [{ id: "EU" }, { id: "US" }],
  choices: { kinds: [{ id: "sanction" }], routes: [{ commodity: "POTASH", origin: "BLR", id: "klaipeda", label: "K" }] } };

test("an own measure is written as it stands in a case file, under a name that no other has", () => {
  const fields = { ...fieldsOf(sheet, null, "2026-01-01"), label: "A ban", origin: ["RUS"], market: ["EU", "USA"],
    goods: ["POTASH"], amount: "0.1" };
  assert.deepEqual(measureOf(sheet, fields, null), { id: "added-a-ban-2", label: "A ban", owner: "EU", kind: "sanction",
    sets: [{ embargo: { origin: "RUS", market: ["EU", "USA"], goods: "POTASH", leakage: 0.1 } }],
    in_force: [{ from: "2026-01-01", document: "Added in the app" }], source: "analyst estimate" });
});

test("a measure that is changed comes back as it was", () => {
  for (const sets of [[{ tariff: { origin: "RUS", rate: 0.3 } }], [{ productivity: { country: ["BLR", "RUS"], factor: 0.9 } }],
    [{ route: { commodity: "POTASH", origin: "BLR", routes: "klaipeda", close: true } }]]) {
    const old = { id: "own", label: "Own", owner: "US", kind: "sanction", sets, source: "x",
      in_force: [{ from: "2026-01-01", document: "Added in the app", until: "2026-06-01" }] };
    assert.deepEqual(measureOf(sheet, fieldsOf(sheet, old, ""), old), old);
  }
});

test("faults stand at the field that they are about, others in general", () => {
  const faults = [{ key: "measures[3].label", message: "It is empty.", remedy: "Name it." },
    { key: "measures[3].sets[0].embargo.leakage", message: "Too large.", remedy: "" },
    { key: "measures[2].label", message: "Twice.", remedy: "" }];
  assert.deepEqual(faultsByField(faults, 3, ["label", "amount"]), { label: "Give it a name.", amount: "Too large.",
    general: "measures[2].label: Twice." });
});

test("bands of compared scenarios stand at the rows of their figures", () => {
  const figures = [figure("A", -1, { group: "G", unit: "fraction" })];
  const bands = [null, { "equivalent_variation-A": { low: -0.02, high: 0.01, drivers: [] } }];
  const chart = withBands({ title: "G", data: { rows: [{ label: "A", values: [1, 2] }, { label: "B", values: [1, 2] }] } },
    bands, figures);
  assert.deepEqual(chart.data.rows.map((r) => [r.low, r.high]),
    [[[null, -2], [null, 1]], [[null, null], [null, null]]]);
  const table = withEnds({ columns: [], rows: [["G", "A"], ["G", "B"]], note: "N." }, [{ label: "x" }, { label: "y" }],
    bands, figures, 199);
  assert.deepEqual(table.columns.map((c) => c.label), ["y, 5 %", "y, 95 %"]);
  assert.deepEqual(table.rows, [["G", "A", -2, 1], ["G", "B", null, null]]);
  assert.match(table.note, /^N\. Bands: 5 to 95 % of 199 draws of every parameter/);
});

test("a term is explained once in a text, the longest words first, and never inside another word", () => {
  const [veto, seq] = [{ words: ["veto player", "veto players"], meaning: "A." }, { words: ["SEQ"], meaning: "B." }];
  const finder = finderOf([veto, seq]);
  assert.deepEqual(pieces("Two veto players hold SEQ; SEQ, SEQUENCE and a veto player.", finder), [
    { text: "Two veto players", term: veto, word: "veto players" }, { text: " hold SEQ", term: seq, word: "SEQ" },
    { text: "; SEQ, SEQUENCE and a veto player." }]);
  assert.deepEqual(pieces("Nothing here.", finderOf([])), [{ text: "Nothing here." }]);
  assert.deepEqual(pieces("État-SEQé", finder), [{ text: "État-SEQé" }]);
});
