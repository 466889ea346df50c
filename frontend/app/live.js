/** The figures that follow every control: the strip that is always in sight, and the table. */
import { number } from "../src/core/format.js";
import { GAIN, LOSS } from "../src/core/palette.js";
import { h, reachable } from "./dom.js";

const STRIP = 7;

const signed = (figure, value) => number(value, figure.decimals, figure.kind === "gain");
const tone = (figure) => (figure.kind === "gain" && figure.value
  ? (figure.value < 0 ? "loss" : "gain") : "");

export class Live {
  constructor(strip, table) {
    Object.assign(this, { strip, table });
    this.bands = null;
    this.figures = [];
  }

  /** New figures: cells are written over where they stand, so that nothing moves. */
  show(figures) {
    const ids = figures.map((f) => f.id).join();
    if (ids !== this.ids) this.lay(figures, ids);
    this.figures = figures;
    for (const figure of figures) {
      for (const cell of this.cells.get(figure.id)) cell(figure);
    }
  }

  /** Bands of the figures, or none while they are out of date. */
  band(bands) {
    this.bands = bands;
    this.table.classList.toggle("banded", bands !== null);
    this.show(this.figures);
  }

  lay(figures, ids) {
    this.ids = ids;
    this.cells = new Map(figures.map((f) => [f.id, []]));
    const gains = figures.filter((f) => f.kind === "gain");
    const chosen = [...gains.slice(0, STRIP - 1), ...gains.filter((f) => f.id === "gain-world")];
    this.strip.replaceChildren(...new Set(chosen.map((f) => this.chip(f))));
    const groups = [...new Set(figures.map((f) => f.group))];
    this.table.replaceChildren(...groups.map((group) => this.group(group,
      figures.filter((f) => f.group === group))));
    new ResizeObserver(() => {
      for (const node of this.table.children) reachable(node, node.querySelector(".title").textContent);
    }).observe(this.table);
  }

  chip(figure) {
    const value = h("b", {});
    this.cells.get(figure.id).push((f) => {
      value.textContent = signed(f, f.value);
      value.className = tone(f);
    });
    return h("span", { class: "chip" }, h("span", {}, figure.label), value);
  }

  group(title, figures) {
    const [first] = figures;
    const heads = { gain: ["Effect", "% of real income"], share: ["Now", "Before", "From"] }[first.kind]
      ?? ["Now", "Before"];
    const rows = figures.map((f) => this.row(f, heads.length));
    return h("div", { class: "figures" }, h("table", {},
      h("caption", {}, h("span", { class: "title" }, title), " ", h("span", { class: "unit" }, first.unit)),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Of"),
        heads.map((words) => h("th", { scope: "col", class: words === "From" ? null : "n" }, words)),
        h("th", { scope: "col", class: "n bands" }, "5 to 95 %"),
        h("th", { scope: "col", class: "bands" }, "Moved most by"))),
      h("tbody", {}, rows)));
  }

  row(figure) {
    const value = h("td", { class: "n", "data-figure": figure.id });
    const beside = h("td", { class: "n" });
    const largest = figure.kind === "share" ? h("td", {}) : null;
    const band = h("td", { class: "n bands" });
    const driver = h("td", { class: "bands note" });
    this.cells.get(figure.id).push((f) => {
      value.textContent = signed(f, f.value);
      value.className = `n ${tone(f)}`;
      beside.textContent = f.kind === "gain" ? number(f.percent, 3, true) : number(f.before, f.decimals);
      if (largest) largest.textContent = f.largest ?? "";
      const found = this.bands?.[f.id];
      band.textContent = found ? `${signed(f, found.low)} to ${signed(f, found.high)}` : "";
      driver.textContent = found?.drivers.length ? found.drivers[0].parameter.replace(/_/g, " ") : "";
    });
    return h("tr", { class: figure.id === "gain-world" ? "total" : null },
      h("th", { scope: "row" }, figure.label), value, beside, largest, band, driver);
  }
}

/** What moved most between two answers, in a line. */
export function moved(before, after) {
  const old = new Map(before.map((f) => [f.id, f]));
  const shifts = after.map((f) => ({ f, was: old.get(f.id) }))
    .filter(({ f, was }) => was && f.value !== null && was.value !== null)
    .map(({ f, was }) => ({ f, by: f.value - was.value }));
  const gains = shifts.filter(({ f, by }) => f.kind === "gain" && f.id !== "gain-world" && Math.abs(by) >= 0.05)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by)).slice(0, 3);
  if (!gains.length) return [h("span", {}, "Moved no one here by USD 0.05 million a year.")];
  const others = ["price", "share", "sales"].flatMap((kind) => shifts
    .filter(({ f, by }) => f.kind === kind && Math.abs(by) >= 0.5 * 10 ** -f.decimals)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by)).slice(0, 1));
  const words = { price: "price paid in", share: "largest supplier’s share in", sales: "sales of" };
  return [
    "Moved most: ",
    gains.map(({ f, by }, k) => [k ? ", " : "", f.label, " ",
      h("b", { style: `color:${by < 0 ? LOSS : GAIN}` }, number(by, Math.abs(by) < 10 ? 1 : 0, true))]),
    " USD million a year",
    others.map(({ f, by }) => `; ${words[f.kind]} ${f.label} ${number(by, f.decimals, true)} ${f.unit === "%" ? "points" : f.unit}`),
    ".",
  ].flat(3);
}
