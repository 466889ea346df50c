/** Ways of transport as lines: which are drawn, how thick, and their words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, mostOf, words } from "../src/core/routes.js";

const open = { before: false, under: false };
const routes = [
  { label: "Small port", before: 1, under: 2, closed: open, capacity: null, via: [] },
  { label: "Large port", before: 10, under: 0, closed: { before: false, under: true }, closed_by: "Transit ban",
    capacity: 11, place: "Klaipėda", via: [] },
  { label: "Unused", before: 0, under: 0, closed: open, capacity: null, via: [] },
];

test("the thickest line is the most that any route carries in any state", () => {
  assert.equal(mostOf(routes), 10);
  const before = drawn(routes, "before", 12);
  assert.deepEqual(before.map((d) => [d.route.label, d.width]), [["Large port", 12], ["Small port", 1.2]]);
});

test("closed routes are drawn first, and those that carry nothing and are open are left out", () => {
  const under = drawn(routes, "under", 12);
  assert.deepEqual(under.map((d) => d.route.label), ["Large port", "Small port"]);
  assert.equal(under[0].closed, true);
  assert.equal(under[0].width, 0.8);
});

test("the words of a route name its place, its capacity and what closes it", () => {
  assert.equal(words(routes[1]), "Large port\nKlaipėda\nbefore 10.00 Mt, under the regime 0.00 Mt\n"
    + "capacity 11.0 Mt a year\nclosed by Transit ban");
});
