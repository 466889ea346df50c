/** Numbers and colours as readers see them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, change, decimalsFor, number, roundBelow } from "../src/core/format.js";
import python from "./two_digits.json";
import { INK, SUPPLIERS, onColour } from "../src/core/palette.js";

test("a number has thousands commas, a true minus sign and a plus where gains carry one", () => {
  assert.equal(number(1234567.89, 1), "1,234,567.9");
  assert.equal(number(-4.65, 1), "−4.7");
  assert.equal(number(31, 0, true), "+31");
});

test("a number that rounds to nothing has no sign, and what is unknown is a dash", () => {
  assert.equal(number(-0.04, 1, true), "0.0");
  assert.equal(number(null), "–");
  assert.equal(number(Infinity), "–");
});

test("two digits are those that Python writes, halves included", () => {
  assert.deepEqual(python.map(([value, decimals, signed]) => beside(value, decimals, signed)), python.map((row) => row[3]));
  assert.equal(beside(null), "–");
});

test("a half goes to the even digit, as in Python", () => {
  assert.deepEqual([0.5, 1.5, 2.5].map((v) => number(v)), ["0", "2", "2"]);
  assert.deepEqual([0.25, 0.125].map((v) => number(v, 1)), ["0.2", "0.1"]);
});

test("digits after the point suit the largest value", () => {
  assert.equal(decimalsFor([0.0123, -4]), 2);
  assert.equal(decimalsFor([1234]), 0);
  assert.equal(decimalsFor([0, NaN]), 0);
  assert.equal(decimalsFor([1e-9]), 4);
});

test("a change has two or three digits and its sign", () => {
  assert.equal(change(31.4), "+31");
  assert.equal(change(-4.66), "−4.7");
  assert.equal(change(0.0321), "+0.032");
  assert.equal(change(9.96), "+10");
  assert.equal(change(0), "0");
});

test("a legend's unit is 1, 2 or 5 times a power of ten, and never above the value", () => {
  assert.deepEqual([1, 1.9, 2, 4.99, 5, 99, 0.03].map(roundBelow).map((v) => Number(v.toPrecision(6))),
    [1, 1, 2, 2, 5, 50, 0.02]);
});

test("words on a colour are black or white, whichever reads better", () => {
  assert.equal(onColour("#ffffff"), INK);
  assert.equal(onColour("#000000"), "#ffffff");
  assert.equal(onColour(SUPPLIERS[1]), INK);
  assert.equal(onColour(SUPPLIERS[0]), "#ffffff");
});
