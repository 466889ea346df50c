/** The scenario of the page: what differs from the case, and the address that holds it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../app/api/client.ts";
import { fragmentOf, read } from "../app/store/address.ts";
import { ENFORCED, NOW, addedNumber, differences, isOn, none, plain, reschedule, same, scenariosOf, set, setAddedNumber,
  short, tune, turn, whole } from "../app/store/scenario.ts";

const sheet = () => ({
  id: "belarus", date: "2026-07-01", horizon: "medium", transfers: "fixed",
  parameters: { leak: { name: "leak", label: "leakage of the ban", value: 0.1, unit: "share", source: [] },
    price: { name: "price", value: 250, unit: "USD per tonne", source: [] } },
  measures: [{ id: "ban", label: "A ban", source: [], periods: [{ from: "2022-01-01", until: null }],
    strength: [{ role: "leakage", parameter: "leak" }] }],
});

test("what equals the case is not kept", () => {
  const [of, work] = [sheet(), none()];
  tune(of, work.now, "price", 300);
  tune(of, work.now, "price", 250);
  set(work.now, "date", "2026-07-01", "2026-07-01");
  turn(of, work.now, of.measures[0], true);
  reschedule(work.now, of.measures[0], [{ from: "2022-01-01", until: null }]);
  assert.deepEqual(work.now, { measures: {}, in_force: {}, parameters: {} });
  assert.deepEqual(differences(of, work), []);
});

test("a measure is in force from its first day until the day before its last", () => {
  const [of, { now }] = [sheet(), none()];
  const [ban] = of.measures;
  reschedule(now, ban, [{ from: "2022-01-01", until: "2026-07-01" }]);
  assert.equal(isOn(of, now, ban), false);
  set(now, "date", "2026-06-30", "2026-07-01");
  assert.equal(isOn(of, now, ban), true);
});

test("other days take the place of a switch", () => {
  const [of, { now }] = [sheet(), none()];
  turn(of, now, of.measures[0], false);
  reschedule(now, of.measures[0], [{ from: "2023-01-01", until: null }]);
  assert.deepEqual(now.measures, {});
  assert.equal(isOn(of, now, of.measures[0]), true);
});

test("every difference says what it was and can be undone", () => {
  const [of, work] = [sheet(), none()];
  set(work.now, "horizon", "long", "medium");
  turn(of, work.now, of.measures[0], false);
  tune(of, work.now, "leak", 0.25);
  work.added.push({ id: "own", label: "An own measure" });
  const found = differences(of, work);
  assert.deepEqual(found.map((d) => [d.what, d.value, d.own]), [
    ["Horizon", "long run", "medium run"],
    ["A ban", "not in force", "in force"],
    ["Enforcement of ‘A ban’", "75 %", "90 %"],
    ["An own measure", "added", undefined],
  ]);
  found.forEach((d) => d.undo?.(work.now));
  assert.deepEqual(differences(of, work).map((d) => d.remove), [0]);
});

test("a number of an added measure is read and written at its place", () => {
  const work = { ...none(), added: [{ id: "own", sets: [{ tariff: { rate: 0.25 } }] }] };
  const at = ["sets", 0, "tariff", "rate"];
  assert.equal(addedNumber(work, "own", at), 0.25);
  setAddedNumber(work, "own", at, 0.5);
  assert.deepEqual(work.added[0].sets, [{ tariff: { rate: 0.5 } }]);
  assert.equal(addedNumber(work, "other", at), undefined);
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

test("two scenarios are the same whatever they are called", () => {
  assert.equal(same({ label: "a", measures: { ban: false } }, { label: "b", measures: { ban: false }, parameters: {} }), true);
  assert.equal(same({ label: "a" }, { label: "a", date: "2026-01-01" }), false);
});

test("the scenario named now of a file is on the screen, those after it are kept, and those before are to try", () => {
  const found = scenariosOf({ scenarios: [{ label: "try" }, { label: NOW, date: "2026-01-01" }, { label: "a" }] });
  assert.equal(found.now.date, "2026-01-01");
  assert.deepEqual(found.named.map((s) => s.label), ["a"]);
  assert.deepEqual(scenariosOf({ scenarios: [{ label: "b" }] }).named.map((s) => s.label), ["b"]);
  assert.deepEqual(scenariosOf({}), { now: {}, named: [] });
});

test("an address gives back the state that it was made of, the case file included", async () => {
  const [of, work] = [sheet(), none()];
  const text = "name: potash\n# ‘Kali’ in two words\n";
  tune(of, work.now, "price", 300);
  work.named.push(whole({ label: "kept", horizon: "long" }));
  const data = await read(await fragmentOf(of, text, work, "what-deal"));
  assert.equal(data.case, "belarus");
  assert.equal(data.file, text);
  assert.equal(data.tab, "what-deal");
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
  await refused({ tab: 3 }, /no scenario that can be read/);
  await refused({ named: [{ label: "a" }, { label: "a" }] }, /two scenarios named ‘a’/);
  await refused({ file: "AAAA" }, /damaged/);
});

test("a case file in the address may not grow beyond what a file may have", async () => {
  const fragment = await fragmentOf(sheet(), "#".repeat(300_000), none());
  await assert.rejects(read(fragment), /larger than a case file may be/);
});
