/** The figures that follow every control: the strip that is always in sight, and the table. */
import { number } from "../src/core/format.js";
import { GAIN, LOSS, NEGLIGIBLE } from "../src/core/palette.js";
import { h, reachable, sideways } from "./dom.js";

const STRIP = 7;

const BAND = "5 to 95 %";

const GAINS = "equivalent_variation";
const WORLD = `${GAINS}-world`;
/** A value of a figure as it is on the screen: a share in percent. */
export const shown = (figure, value) => (value !== null && figure.unit === "fraction" ? 100 * value : value);
const percent = (fraction) => (fraction === null ? null : 100 * fraction);
const signed = (figure, value) => number(shown(figure, value), figure.decimals, figure.key === GAINS);
const tone = (figure) => (figure.key === GAINS && Math.abs(figure.value ?? 0) >= NEGLIGIBLE
  ? (figure.value < 0 ? "loss" : "gain") : "");
/** The strip has little room: no digits after the point of what is large. */
const brief = (figure) => number(figure.value, Math.abs(figure.value) >= 100 ? 0 : figure.decimals, true);

export class Live {
  /**
   * @param {HTMLElement} strip what is always in sight
   * @param {HTMLElement} table all figures
   * @param {HTMLElement[]} notes where it is said that they are of the state before
   */
  constructor(strip, table, notes) {
    this.strip = strip;
    this.table = table;
    this.notes = notes;
    this.label = (name) => name;
    /** @type {Map<string, ((figure: any) => void)[]>} what writes each figure into its cells */
    this.cells = new Map();
    this.clear();
    new ResizeObserver(() => {
      for (const node of this.table.querySelectorAll(".figures")) {
        reachable(node, node.querySelector(".title")?.textContent ?? "",
          /** @type {HTMLElement} */ (node.previousElementSibling));
      }
    }).observe(this.table);
  }

  /** Nothing is known yet, or nothing can be. */
  clear() {
    this.bands = null;
    this.state = null;
    this.figures = [];
    this.ids = null;
    this.strip.replaceChildren();
    this.table.replaceChildren();
    this.table.classList.remove("banded");
    this.age("");
  }

  /** The figures are of the state before, and why; empty where they are of this one. */
  age(words) {
    const text = this.figures.length ? words : "";
    for (const node of [this.strip, this.table]) node.classList.toggle("old", Boolean(text));
    for (const note of this.notes) {
      note.textContent = text;
      note.hidden = !text;
    }
  }

  /**
   * New figures: cells are written over where they stand, so that nothing moves.
   * @param {object|null} state how their state differs from the case, as the server says
   */
  show(figures, state = this.state) {
    this.state = state;
    const ids = figures.map((f) => f.id).join();
    if (ids !== this.ids) this.lay(figures, ids);
    this.figures = figures;
    for (const figure of figures) {
      for (const cell of this.cells.get(figure.id) ?? []) cell(figure);
    }
  }

  /** Bands of the figures, or none while they are out of date. */
  band(bands) {
    this.bands = bands;
    this.table.classList.toggle("banded", bands !== null);
    this.show(this.figures);
  }

  /** The figures with their bands, as files carry them. */
  saved() {
    const column = (key, label, kind = "number") => ({ key, label, unit: "", kind });
    const columns = [column("group", "Group", "text"), column("of", "Of", "text"), column("unit", "Unit", "text"),
      column("value", "Value"), column("before", "Before"), column("percent", "% of real income"),
      column("largest", "Largest supplier", "text")];
    if (this.bands) {
      columns.push(column("low", "5 %"), column("high", "95 %"), column("driver", "Moved most by", "text"));
    }
    const rows = this.figures.map((f) => {
      const band = this.bands?.[f.id];
      const row = [f.group, f.label, f.shown_unit, shown(f, f.value), shown(f, f.before), percent(f.real_income_change),
        f.largest_supplier];
      return this.bands ? [...row, shown(f, band?.low ?? null), shown(f, band?.high ?? null), this.driver(band)] : row;
    });
    const state = this.state?.line ?? "";
    const title = `${state ? `${this.state.mark}: ` : ""}Figures of this state`;
    return { id: "figures", title, unit: "", note: "", state, suffix: this.state?.suffix ?? "", columns, rows };
  }

  driver(band) { return band?.drivers.length ? this.label(band.drivers[0].parameter) : ""; }

  lay(figures, ids) {
    this.ids = ids;
    this.cells = new Map(figures.map((f) => [f.id, []]));
    const gains = figures.filter((f) => f.key === GAINS);
    const chosen = [...gains.slice(0, STRIP - 1), ...gains.filter((f) => f.id === WORLD)];
    this.strip.replaceChildren(...[...new Set(chosen)].map((f) => this.chip(f)));
    const groups = [...new Set(figures.map((f) => f.group))];
    this.table.replaceChildren(...groups.map((group) => this.group(group,
      figures.filter((f) => f.group === group))));
  }

  chip(figure) {
    const value = h("b", {});
    this.cells.get(figure.id)?.push((f) => {
      value.textContent = brief(f);
      value.className = tone(f);
    });
    return h("span", { class: "chip" }, h("span", {}, figure.label), value);
  }

  group(title, figures) {
    const [first] = figures;
    const heads = { [GAINS]: ["Effect", "% of real income"], largest_share: ["Now", "Before", "From"] }[first.key]
      ?? ["Now", "Before"];
    const rows = figures.map((f) => this.row(f));
    return h("div", { class: "group-of-figures" }, sideways(), h("div", { class: "figures" }, h("table", {},
      h("caption", {}, h("span", { class: "title" }, title), " ", h("span", { class: "unit" }, first.shown_unit)),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Of"),
        heads.map((words) => h("th", { scope: "col", class: words === "From" ? null : "n" }, words)),
        h("th", { scope: "col", class: "n bands" }, BAND),
        h("th", { scope: "col", class: "bands" }, "Moved most by"))),
      h("tbody", {}, rows))));
  }

  row(figure) {
    const value = h("td", { class: "n", "data-figure": figure.id });
    const beside = h("td", { class: "n" });
    const largest = figure.key === "largest_share" ? h("td", {}) : null;
    const band = h("td", { class: "n bands" });
    const driver = h("td", { class: "bands note" });
    this.cells.get(figure.id)?.push((f) => {
      value.textContent = signed(f, f.value);
      value.className = `n ${tone(f)}`;
      beside.textContent = f.key === GAINS ? number(percent(f.real_income_change), 3, true)
        : number(shown(f, f.before), f.decimals);
      if (largest) largest.textContent = f.largest_supplier ?? "";
      const found = this.bands?.[f.id];
      band.textContent = found ? [found.low, found.high].map((end) => signed(f, end)).join(" to ") : "";
      driver.textContent = this.driver(found);
    });
    return h("tr", { class: figure.id === WORLD ? "total" : null },
      h("th", { scope: "row" }, figure.label), value, beside, largest, band, driver);
  }
}

/** A state by name, as what a change is told against. */
function named(state) {
  if (!state) return "the case";
  const [first, ...rest] = state.changes.map((c) => `${c.label} ${c.value}${c.unit ? ` ${c.unit}` : ""}`);
  const others = rest.length ? ` and ${rest.length} other ${rest.length === 1 ? "change" : "changes"}` : "";
  return `the state with ${first}${others}`;
}

/**
 * What moved most between two answers, in a line.
 * @param {object|null} state how the state before differs from the case
 * @param {boolean} joined whether another change came with this one
 */
export function moved(before, after, state, joined) {
  const old = new Map(before.map((f) => [f.id, f]));
  const shifts = after.map((f) => ({ f, was: old.get(f.id) }))
    .filter(({ f, was }) => was && f.value !== null && was.value !== null)
    .map(({ f, was }) => ({ f, by: shown(f, f.value) - shown(was, was.value) }));
  const gains = shifts.filter(({ f, by }) => f.key === GAINS && f.id !== WORLD && Math.abs(by) >= 0.05)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by)).slice(0, 3);
  const begin = joined ? "With the change before: moved " : "Moved ";
  const against = `against ${named(state)}`;
  if (!gains.length) return [h("span", {}, `${begin}no one here by USD 0.05 million a year ${against}.`)];
  const others = ["price_paid", "largest_share", "sold"].flatMap((key) => shifts
    .filter(({ f, by }) => f.key === key && Math.abs(by) >= 0.5 * 10 ** -f.decimals)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by)).slice(0, 1));
  const words = { price_paid: "price paid in", largest_share: "largest supplier’s share in", sold: "sales of" };
  return [
    `${begin}most, ${against}: `,
    gains.map(({ f, by }, k) => [k ? ", " : "", f.label, " ",
      h("b", { style: `color:${by < 0 ? LOSS : GAIN}` }, number(by, Math.abs(by) < 10 ? 1 : 0, true))]),
    " USD million a year",
    others.map(({ f, by }) => `; ${words[f.key]} ${f.label} ${number(by, f.decimals, true)} ${f.unit === "fraction" ? "points" : f.shown_unit}`),
    ".",
  ].flat(3);
}
