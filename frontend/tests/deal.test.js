/** The table between the parties: who signs, who can stop it, and what would win them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bandWords, hands, lightOf, millions, stepsOf, toggled, verdict, vetoesOf } from "../app/deal/model.ts";
import { answerAt, placeOf, saidOf, thenOf, voicesOf } from "../app/deal/thresholds.ts";
import { fragmentOf, read } from "../app/store/address.ts";
import { none } from "../app/store/scenario.ts";

const signature = (more = {}) => ({ party: "EU", label: "the European Union", signs: false, owner: true, gain: -116.3,
  money: -20, stake: -96.3, reserve: 0, gain_low: null, gain_high: null, payment: 118.2, gives: [], gets: [], rule: "unanimity of 27", members: [],
  ratifiers: [], ...more });

test("a light says in words what its colour says", () => {
  assert.deepEqual(lightOf(signature()), { id: "EU", label: "The European Union", for: false,
    words: "Does not sign: it loses what is worth USD 120 million a year, and USD 120 million a year would win it." });
  assert.match(lightOf(signature({ payment: null })).words, /no payment is known that would win it\.$/);
  assert.match(lightOf(signature({ gain: 0.001, payment: 0 })).words, /it neither gains nor loses, and next to nothing/);
  assert.equal(lightOf(signature({ signs: true, gain: 3.14, payment: 0 })).words, "Signs: it gains what is worth USD 3.1 million a year.");
});

test("only those who can stop it alone have a light, the dearest first", () => {
  const member = (id, can_veto, payment) => ({ member: id, label: id, gain: -1, money: 0, in_favour: !can_veto, can_veto, payment });
  const of = signature({ members: [member("AUT", true, 6.8), member("HUN", false, 0), member("DEU", true, 59)],
    ratifiers: [{ party: "Congress", label: "US Congress", gain: 1, blocks: false, payment: 0 }] });
  assert.deepEqual(vetoesOf(of).map((v) => [v.id, v.for]), [["Congress", true], ["DEU", false], ["AUT", false]]);
  assert.equal(vetoesOf(of)[1].words, "Can veto: USD 59 million a year would win it.");
  assert.equal(vetoesOf(signature()).length, 0);
});

test("sums are as in the sentences", () => {
  assert.deepEqual([318.4, -47.6, 6.84, 0.41, 1234.5].map((v) => millions(v)).map((w) => w.slice(4, -15)), ["320", "48", "6.8", "0.41", "1.2"]);
});

test("beside a band a sum has two digits", () => {
  const words = (gain, gain_low, gain_high) => lightOf(signature({ gain, gain_low, gain_high })).words;
  assert.match(words(-116.3, -431.8, -93.6), /it loses what is worth USD 120 million a year \(94 to 430\), and/);
  assert.match(words(0.21, -37.9, 6.7), /it gains what is worth USD 0\.21 million a year \(−38 to 6\.7\)/);
  assert.match(bandWords({ signatures: [signature()] }), /^No band is known/);
  assert.match(bandWords({ signatures: [signature({ gain_low: 1, gain_high: 2 })] }), /^In brackets/);
});

const span = (low, high, answer) => ({ low, high, answer });
const stake = (more = {}) => ({ id: "valuations.LT.quiet", party: "LT", member: "", voice: "LT", voice_label: "Lithuania",
  label: "a quiet border", unit: "a year without flights", value: 25, low: 3, high: 150, stated: true, cost: false,
  signing: [{ party: "US", label: "the US", gain: 5, slope: 0, spans: [span(3, 150, true)] },
    { party: "LT", label: "Lithuania", gain: -12, slope: 1, spans: [span(3, 12, false), span(12, 150, true)] }],
  lasting: [span(3, 150, false)], finding: null, turns: [12], sentences: [], ...more });

test("a slider says what would be otherwise at its value", () => {
  assert.deepEqual(thenOf(stake(), 25), []);
  assert.deepEqual(thenOf(stake(), 20), ["Lithuania gains what is worth USD 8 million a year."]);
  assert.deepEqual(thenOf(stake(), 10), ["Lithuania would refuse.", "Lithuania loses what is worth USD 2 million a year."]);
  assert.deepEqual(thenOf(stake({ value: 5 }), 30).slice(0, 2), ["Lithuania would sign.", "All would sign."]);
  assert.deepEqual(thenOf(stake({ value: 5 }), 12.01).at(-1), "Lithuania neither gains nor loses.");
  assert.equal(saidOf(stake(), 10), "USD 10 million a year (the case says 25, from 3 to 150)");
  assert.equal(saidOf(stake(), 25), "USD 25 million a year (as in the case, from 3 to 150)");
  const found = [{ low: 3, high: 20, state: null, change: "" }, { low: 20, high: 40, state: 7, change: "‘A’ ends" },
    { low: 40, high: 150, state: 9, change: "‘B’ ends" }];
  const searched = stake({ member: "LTU", finding: found, lasting: [span(3, 50, false), span(50, 150, true)] });
  assert.deepEqual([15, 30, 60].map((x) => thenOf(searched, x)), [["The search finds no deal."], [],
    ["Nobody would leave it any more.", "The search finds another deal: ‘B’ ends."]]);
  assert.equal(answerAt(found, 20).state, null);
});

test("what is a cost over its range is shown as a size", () => {
  const cost = stake({ cost: true, unit: "person", value: -0.1, low: -0.5, high: -0.01, stated: false });
  assert.equal(saidOf(cost, -0.2), "USD 0.2 million a year for each person (the case says 0.1, shown from 0.01 to 0.5)");
  assert.equal(placeOf(cost, -0.5), 1);
  assert.equal(placeOf(cost, -0.01), 0);
  assert.equal(placeOf(stake(), 3), 0);
});

test("those who sign come first, then others who have a say", () => {
  const all = [stake({ voice: "HUN", voice_label: "Hungary", party: "EU", member: "HUN" }), stake(),
    stake({ id: "v.US.freed", voice: "US", voice_label: "US", party: "US" }), stake({ id: "v.LT.b" })];
  assert.deepEqual(voicesOf(all, ["US", "EU", "LT"]).map((v) => [v.id, v.signs, v.stakes.length]),
    [["US", true, 1], ["LT", true, 2], ["HUN", false, 1]]);
});

test("moves stand with their owners, those who sign first", () => {
  const move = (id, owner) => ({ id, label: id, owner, owner_label: owner, in_force: true });
  const choices = { criteria: [], signatories: [{ id: "US", label: "US" }, { id: "EU", label: "EU" }],
    moves: [move("x", "Elsewhere"), move("b", "EU"), move("a", "US"), move("c", "EU")] };
  assert.deepEqual(hands(choices).map((h) => [h.party, h.moves.map((m) => m.id)]), [["US", ["a"]], ["EU", ["b", "c"]], ["Elsewhere", ["x"]]]);
  assert.deepEqual(toggled(["a", "b"], "a"), ["b"]);
  assert.deepEqual(toggled([], "a"), ["a"]);
});

test("the end of the order is no one's step, and each says who would break off", () => {
  const steps = [{ turn: 1, step: "the end of ‘A’", owner: "US", gain: 3, trust: 0 },
    { turn: 2, step: "the start of ‘B’", owner: "EU", gain: -2, trust: 1 }, { turn: 3, step: "", owner: null, gain: 1, trust: null }];
  const found = stepsOf(steps, new Map([["US", "United States"]]));
  assert.deepEqual(found.map((s) => s.owner), ["United States", "EU", ""]);
  assert.deepEqual(found.map((s) => s.words), ["Nobody gains by breaking off here.", "Somebody would gain by breaking off here.",
    "Once all steps are taken, nobody gains by going back."]);
  assert.deepEqual(verdict({ sentences: ["a", "b", "c"] }), ["a", "b"]);
});

test("the deal on the table stands in the address", async () => {
  const work = { ...none(), deal: ["us-potash"] };
  const found = await read(await fragmentOf({ id: "belarus" }, null, work));
  assert.deepEqual(found.deal, ["us-potash"]);
  assert.equal("deal" in await read(await fragmentOf({ id: "belarus" }, null, none())), false);
  await assert.rejects(read('#{"case":"belarus","deal":[3]}'));
});
