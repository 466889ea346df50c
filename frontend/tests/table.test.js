/** Cells of tables as they are written, headings of their files, and what a fault is about. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../app/api/client.ts";
import { namedIn } from "../app/store/faults.ts";
import { labelled, shown } from "../app/table/cells.ts";
import { csvOf } from "../src/core/download.js";

const column = (more) => ({ key: "k", label: "", unit: "", kind: "number", decimals: 1, signed: false, ...more });

test("a number of a table follows its column", () => {
  assert.equal(shown(column({ signed: true }), 1234.56), "+1,234.6");
  assert.equal(shown(column({ decimals: -1 }), -0.12345678), "−0.123457");
  assert.equal(shown(column({ decimals: -2 }), -0.00032), "−3.2 × 10⁻⁴");
  assert.equal(shown(column({ decimals: -2 }), 0), "0");
  assert.equal(shown(column({}), null), "–");
});

test("days are written in words, other words stay as they are", () => {
  assert.equal(shown(column({ kind: "date" }), "from 2026-02-09 on"), "from 9 Feb 2026 on");
  assert.equal(shown(column({ kind: "text" }), "2026-02-09"), "2026-02-09");
});

test("headings of a file are the readers' own, and each stands once", () => {
  const table = { columns: [column({ key: "a", label: "Gain", unit: "%" }), column({ key: "b", label: "Gain", unit: "%" }),
    column({ key: "c", label: "" })], rows: [] };
  assert.deepEqual(labelled(table).columns.map((c) => c.key), ["Gain [a]", "Gain [b]", "c"]);
});

test("a fault is about the parameters that it names, else about its measure", () => {
  const sheet = { parameters: { leak: {}, price: {} }, measures: [{ id: "ban" }, { id: "tariff-us" }] };
  assert.deepEqual(namedIn({ key: "parameters.price", message: "Too low." }, sheet), ["price"]);
  assert.deepEqual(namedIn({ key: "", message: "tariff-us ends before it begins." }, sheet), ["tariff-us"]);
  assert.deepEqual(namedIn({ key: "measures[0].sets", message: "It sets nothing." }, sheet), ["ban"]);
  assert.deepEqual(namedIn({ key: "notes", message: "Too long." }, sheet), []);
});

test("a request may be tried again where the server is busy or away, not where it refused", () => {
  const passing = (status) => new Refused(status, { message: "" }).passing;
  assert.deepEqual([0, 429, 503, 422, 409].map(passing), [true, true, true, false, false]);
});

test("a csv file keeps a spreadsheet from running a text as a formula, and says how its state differs", () => {
  const table = { columns: [column({ key: "Gain", unit: "%" }), column({ key: "Of", kind: "text" })], state: "Hypothetical",
    rows: [[-1.5, "=1+1"], [null, 'a "b", c'], [2, [{ text: "Act", href: "https://x.org" }, { text: "No page" }]]] };
  assert.equal(csvOf(table), ["Gain (%),Of,state", "-1.5,'=1+1,Hypothetical", ',"a ""b"", c",Hypothetical',
    "2,Act <https://x.org>; No page,Hypothetical"].join("\n"));
});
