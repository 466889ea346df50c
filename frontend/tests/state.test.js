/** The scenario of the page: what differs from the case, and the address that holds it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../app/api.js";
import { ENFORCED, NOW, State, plain, read, scenariosOf, short, whole } from "../app/state.js";

const sheet = () => ({
  id: "belarus", date: "2026-07-01", horizon: "medium", transfers: "fixed",
  parameters: { leak: { name: "leak", label: "leakage of the ban", value: 0.1, unit: "share", source: [] },
    price: { name: "price", value: 250, unit: "USD per tonne", source: [] } },
  measures: [{ id: "ban", label: "A ban", source: [], periods: [{ from: "2022-01-01", until: null }],
    strength: [{ role: "leakage", parameter: "leak" }] }],
});

test("what equals the case is not kept", () => {
  const state = new State(sheet());
  state.tune("price", 300);
  state.tune("price", 250);
  state.set("date", "2026-07-01", "2026-07-01");
  state.switch(state.sheet.measures[0], true);
  assert.deepEqual(state.now, { measures: {}, in_force: {}, parameters: {} });
  assert.deepEqual(state.differences(), []);
});

test("a measure is in force from its first day until the day before its last", () => {
  const state = new State(sheet());
  const [ban] = state.sheet.measures;
  state.now.in_force.ban = [{ from: "2022-01-01", until: "2026-07-01" }];
  assert.equal(state.on(ban), false);
  state.set("date", "2026-06-30", "2026-07-01");
  assert.equal(state.on(ban), true);
});

test("every difference says what it was and can be undone", () => {
  const state = new State(sheet());
  state.set("horizon", "long", "medium");
  state.switch(state.sheet.measures[0], false);
  state.tune("leak", 0.25);
  const found = state.differences();
  assert.deepEqual(found.map((d) => [d.what, d.value, d.own]), [
    ["Horizon", "long run", "medium run"],
    ["A ban", "not in force", "in force"],
    ["Enforcement of ‘A ban’", "75 %", "90 %"],
  ]);
  found.forEach((d) => d.undo?.());
  assert.deepEqual(state.differences(), []);
});

test("enforcement is what a leakage leaves, and converts without dust", () => {
  assert.equal(short(ENFORCED.out(0.07)), "93");
  assert.equal(Number(ENFORCED.into(93).toPrecision(12)), 0.07);
});

test("a scenario for the server leaves out what is as in the case", () => {
  assert.deepEqual(plain({ label: "mine", date: null, measures: {}, parameters: { price: 1 }, other: 2 }),
    { label: "mine", parameters: { price: 1 } });
  assert.deepEqual(whole({ label: "mine" }), { label: "mine", measures: {}, in_force: {}, parameters: {} });
});

test("the scenario named now of a file is on the screen, the others are kept beside it", () => {
  const found = scenariosOf({ scenarios: [{ label: "a" }, { label: NOW, date: "2026-01-01" }] });
  assert.equal(found.now.date, "2026-01-01");
  assert.deepEqual(found.named.map((s) => s.label), ["a"]);
  assert.deepEqual(scenariosOf({}), { now: {}, named: [] });
});

test("an address gives back the state that it was made of, the case file included", async () => {
  const state = new State({ ...sheet(), text: "name: potash\n# ‘Kali’ in two words\n" });
  state.tune("price", 300);
  state.named.push(whole({ label: "kept", horizon: "long" }));
  const data = await read(await state.fragment());
  assert.equal(data.case, "belarus");
  assert.equal(data.file, state.file);
  assert.deepEqual(data.now, { parameters: { price: 300 } });
  assert.deepEqual(data.named, [{ label: "kept", horizon: "long" }]);
});

test("an address that holds something else is refused with what to do", async () => {
  const refused = (data, words) => assert.rejects(read(`#${encodeURIComponent(JSON.stringify(data))}`),
    (error) => error instanceof Refused && words.test(error.message));
  await assert.rejects(read("#%7Bbroken"), /Copy the whole address again/);
  await refused([], /no scenario that can be read/);
  await refused({ secret: 1 }, /holds secret, which is no part of a scenario/);
  await refused({ named: {} }, /no scenario that can be read/);
  await refused({ named: [{ label: "a" }, { label: "a" }] }, /two scenarios named ‘a’/);
  await refused({ file: "AAAA" }, /damaged/);
  assert.equal(await read(""), null);
});

test("a case file in the address may not grow beyond what a file may have", async () => {
  const state = new State({ ...sheet(), text: "#".repeat(300_000) });
  await assert.rejects(read(await state.fragment()), /larger than a case file may be/);
});
