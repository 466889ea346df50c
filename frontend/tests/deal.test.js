/** The table between the parties: who signs, who can stop it, and what would win them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hands, lightOf, millions, stepsOf, toggled, verdict, vetoesOf } from "../app/deal/model.ts";
import { fragmentOf, read } from "../app/store/address.ts";
import { none } from "../app/store/scenario.ts";

const signature = (more = {}) => ({ party: "EU", label: "the European Union", signs: false, owner: true, gain: -116.3,
  money: -20, stake: -96.3, reserve: 0, payment: 118.2, gives: [], gets: [], rule: "unanimity of 27", members: [],
  ratifiers: [], ...more });

test("a light says in words what its colour says", () => {
  assert.deepEqual(lightOf(signature()), { id: "EU", label: "The European Union", for: false,
    words: "Does not sign: it loses what is worth USD 116 million a year, and USD 118 million a year would win it." });
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
  assert.deepEqual([318.4, -47.6, 6.84, 0.41, 1234.5].map(millions).map((w) => w.slice(4, -15)), ["318", "48", "6.8", "0.41", "1,235"]);
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
