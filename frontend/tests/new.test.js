/** The form of a new case: what comes next in a sentence, and where answers stand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, closesByKey, faultsByField, formOf, partiesWords, renewalsOf, wordsOf } from "../app/new/draft.ts";
import { additions, goodsFor, guideOf, placesFor, written } from "../app/new/sentence.ts";

const place = (id, label, kind = "country") => ({ id, label, kind });
const good = (label, hs) => ({ id: label, label, hs, sector: "S" });
const named = {
  places: [place("EU", "European Union", "group"), place("EAEU", "Eurasian Economic Union", "group"), place("RUS", "Russia"),
    place("BLR", "Belarus"), place("USA", "United States"), place("HUN", "Hungary"), place("CIV", "Côte d'Ivoire"),
    place("BIH", "Bosnia and Herzegovina")],
  goods: [good("manufacturing", ""), good("crude oil", "2709"), good("refined oil", "2710"), good("steel", "72, 73")],
  verbs: [{ id: "bans", label: "bans" }, { id: "taxes", label: "taxes" }, { id: "hinders", label: "makes dearer to deliver" },
    { id: "limits", label: "limits by a quota" }, { id: "licenses", label: "lets an amount through a ban" },
    { id: "caps", label: "caps the price" }],
  directions: ["imports", "exports", "trade"],
};
const at = (text) => {
  const { slot, options } = guideOf(text, named);
  return [slot, options.map((one) => one.text)];
};

test("a sentence is asked for word by word", () => {
  assert.equal(at("")[0], "who");
  assert.deepEqual(at("uni"), ["who", ["United States ", "EU ", "EAEU "]]);
  assert.deepEqual(at("EU")[1].slice(0, 2), ["EU bans imports of ", "EU bans exports of "]);
  assert.deepEqual(at("the EU tr"), ["what", ["bans", "taxes", "hinders", "limits", "licenses"].map((verb) => `EU ${verb} trade in `)]);
  assert.deepEqual(at("EU bans exports"), ["what", ["EU bans exports of "]]);
  assert.deepEqual(at("EU bans imports of oil"),
    ["goods", ["EU bans imports of crude oil from ", "EU bans imports of refined oil from "]]);
  assert.deepEqual(at("EU bans exports of 7208"), ["goods", ["EU bans exports of steel to "]]);
  assert.deepEqual(at("EU bans trade in steel")[0], "whom");
  assert.equal(at("EU bans trade in steel")[1][2], "EU bans trade in steel with Russia");
  assert.deepEqual(at("EU bans imports of 2709"), ["goods", ["EU bans imports of crude oil from "]]);
  assert.deepEqual(at("EU bans imports of steel from RUS"), ["complete", []]);
  assert.equal(at("EU bans imports of steel from rus")[1][0], "EU bans imports of steel from Russia");
  assert.deepEqual(at("EU bans imports of crude oil from russ"), ["whom", ["EU bans imports of crude oil from Russia"]]);
  assert.deepEqual(at("EU bans imports of steel from Russia and bel"),
    ["whom", ["EU bans imports of steel from Russia and Belarus"]]);
});

test("a whole sentence asks for nothing, an exception for countries, a rate for nothing", () => {
  assert.deepEqual(at("EU bans imports of crude oil from Russia"), ["complete", []]);
  assert.deepEqual(at("EU bans imports of crude oil from Russia, except hun"),
    ["except", ["EU bans imports of crude oil from Russia, except Hungary"]]);
  assert.deepEqual(at("EU bans imports of crude oil from Russia, except Hungary, unit"),
    ["except", ["EU bans imports of crude oil from Russia, except Hungary, United States"]]);
  assert.deepEqual(at("EU bans imports of crude oil from Russia, leaving 6"), ["complete", []]);
  assert.deepEqual(at("EU bans imports of crude oil from Russia, except Hungary, since 2022"), ["complete", []]);
});

test("owners are joined, and each verb has what it needs", () => {
  assert.equal(at("EU an")[1].at(-1), "EU and ");
  assert.deepEqual(at("EU and uni")[1], ["EU and United States ", "EU and EU ", "EU and EAEU "]);
  assert.deepEqual(at("EU and USA ca"), ["what", ["EU and USA cap the price of "]]);
  assert.deepEqual(at("EU and USA cap the price of 2709"), ["goods", ["EU and USA cap the price of crude oil from "]]);
  assert.deepEqual(at("EU caps the price of crude oil from Russia at 6"), ["complete", []]);
  assert.deepEqual(at("EU limits exports of steel to Russia to 60 %"), ["complete", []]);
  assert.equal(at("EU limits exports of steel to bel")[1][0], "EU limits exports of steel to Belarus");
  const fits = (text) => Object.fromEntries(additions(text).map((one) => [one.id, one.text]));
  assert.equal(fits("EU limits imports of steel from Russia").amount, "EU limits imports of steel from Russia to 60 %");
  assert.equal(fits("EU licenses imports of steel from Russia, since 2023-01-01").amount,
    "EU licenses imports of steel from Russia up to 60 %, since 2023-01-01");
  assert.equal(fits("EU taxes imports of steel from Russia by 25 %").amount, "EU taxes imports of steel from Russia by 25 % beyond 60 %");
  assert.equal(fits("EU limits imports of steel from Russia to 60 %").amount, null);
  assert.equal(fits("EU caps the price of crude oil from Russia").at, "EU caps the price of crude oil from Russia at 60 USD per barrel");
  assert.equal(fits("EU bans imports of steel from Russia").amount, null);
});

test("what may be added fits the sentence", () => {
  const fits = (text) => Object.fromEntries(additions(text).map((one) => [one.id, one.text]));
  assert.deepEqual(Object.values(fits("EU bans imports of")), [null, null, null, null, null, null]);
  const ban = fits("EU bans imports of steel from Russia.");
  assert.equal(ban.except, "EU bans imports of steel from Russia, except ");
  assert.equal(ban.leaving, "EU bans imports of steel from Russia, leaving 60 %");
  assert.equal(ban.by, null);
  const tax = fits("US taxes imports of steel from China, except Hungary");
  assert.deepEqual([tax.leaving, tax.by, tax.except], [null, "US taxes imports of steel from China by 25 %, except Hungary", null]);
  assert.equal(fits("EU bans imports of steel from Russia, since 2022-01-01").leaving,
    "EU bans imports of steel from Russia, leaving 60 %, since 2022-01-01");
});

test("places and goods are found by name, letters, accents aside, and HS code", () => {
  assert.deepEqual(placesFor("cote", named.places).map((p) => p.id), ["CIV"]);
  assert.deepEqual(placesFor("e", named.places).map((p) => p.id).slice(0, 2), ["EU", "EAEU"]);
  assert.deepEqual(goodsFor("HS 27", named.goods).map((g) => g.label), ["crude oil", "refined oil"]);
  assert.deepEqual(goodsFor("99", named.goods), []);
  assert.equal(written(named.places[7]), "BIH", "a name that would part a list stands by its letters");
});

test("faults and answers stand at the sentence that they are about, beside empty ones", () => {
  const draft = { ...blank("2023-06-01"), measures: [{ key: 4, text: " " }, { key: 7, text: "EU bans" }, { key: 9, text: "x" }] };
  assert.deepEqual(formOf(draft).measures, ["EU bans", "x"]);
  const fault = (key, message, remedy = "") => ({ key, message, remedy });
  assert.deepEqual(faultsByField([fault("title", "is empty.", "Say it."), fault("measures[1].goods", "'crud' is no good."),
    fault("measures[1]", "the rate is missing."), fault("parties[0]", "No."), fault("world", "no world.")], draft),
  { title: ["The title is empty. Say it."], "measure-9": ["'crud' is no good.", "The rate is missing."], parties: ["No."],
    "": ["No world."] });
  assert.deepEqual(Object.keys(faultsByField([fault("measures", "there is no measure.")], draft)), ["measure-4"]);
  assert.equal(wordsOf(fault("date", "'June' is not a day.", "Write it.")), "'June' is not a day. Write it.");
  assert.deepEqual(Object.keys(closesByKey([{ measure: 1 }, { measure: 5 }], draft)), ["9"]);
});

test("a bloc says when it renews, and the parties are named", () => {
  const bloc = { renewals: [{ against: "RUS", days: ["01-31", "07-31"], decision: "A decision", href: "https://x.eu" }] };
  assert.deepEqual(renewalsOf(bloc, named.places), [{ words: "Renews its measures against Russia by 31 January and 31 July.",
    act: { text: "A decision", href: "https://x.eu" } }]);
  assert.equal(partiesWords([]), "");
  const party = (label, owns) => ({ id: label, label, owns });
  assert.equal(partiesWords([party("Russia", false), party("China", false)]), "Parties of the case: Russia, China.");
  assert.equal(partiesWords([party("European Union", true), party("Russia", false)]),
    "Parties of the case: European Union (holds measures), Russia.");
});
