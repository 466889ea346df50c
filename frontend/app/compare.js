/** Scenarios kept under a name, on the same axes as the case and as what is on the screen. */
import { Refused, ask } from "./api.js";
import { button, h } from "./dom.js";
import { shown } from "./live.js";
import { Sections } from "./sections.js";
import { busy, done, released } from "./pending.js";
import { NOW, plain, whole } from "./state.js";

const MOST = 10;
const BASELINE = "Baseline";
const SCREEN = "On the screen";

const same = (a, b) => JSON.stringify(plain(a, "")) === JSON.stringify(plain(b, ""));

export class Compare {
  /**
   * @param {HTMLElement} root
   * @param {any} shared what all sections of the page share
   * @param {() => import("./state.js").State} state what is on the screen
   * @param {(scenario: object) => void} take puts one on the screen
   * @param {(asked: object, words: string) => Promise<any>} draw bands of one; null if stopped
   */
  constructor(root, shared, state, take, draw) {
    this.root = root;
    this.shared = shared;
    this.state = state;
    this.take = take;
    this.draw = draw;
    this.turn = 0;
    /** @type {any} what the server answered last */
    this.found = null;
    /** @type {(() => void)|null} told when what is kept has changed */
    this.onkept = null;
    this.known = new Map();
    this.name = h("input", { type: "text", id: "scenario-name", maxlength: 60, autocomplete: "off" });
    this.list = h("ul", { class: "kept" });
    this.wrong = h("p", { class: "wrong", role: "alert", hidden: true });
    this.others = h("div", {});
    this.banding = button("Draw the bands of these scenarios", () => this.bands(), { id: "compare-bands" });
    this.form = h("form", { class: "keep", onsubmit: (event) => { event.preventDefault(); this.keep(); } },
      h("div", { class: "field" }, h("label", { for: "scenario-name" }, "Keep what is on the screen as"), this.name),
      h("button", { type: "submit", id: "keep" }, "Keep"));
    this.dates = h("form", { class: "keep", onsubmit: (event) => { event.preventDefault(); this.keepDate(); } },
      h("div", { class: "field" }, h("label", { for: "other-date" }, "Or the same on another date"),
        h("input", { type: "date", id: "other-date", min: "1990-01-01", max: "2100-12-31" })),
      h("button", { type: "submit", id: "keep-date" }, "Compare the date"));
    root.append(this.form, this.dates, this.wrong, this.list, h("p", { class: "buttons" }, this.banding), this.others);
    this.sections = new Sections(this.others, shared);
  }

  keep() { this.add({ ...whole(this.state().now), label: this.name.value.trim() }); this.name.value = ""; }

  keepDate() {
    const date = /** @type {HTMLInputElement} */ (this.root.querySelector("#other-date")).value;
    if (date) this.add({ ...whole(this.state().now), date, label: date });
  }

  add(scenario) {
    const state = this.state();
    const taken = [BASELINE, NOW, SCREEN, ...state.named.map((s) => s.label)];
    let wrong = "";
    if (!scenario.label) wrong = "Give it a name.";
    else if (taken.includes(scenario.label)) wrong = `‘${scenario.label}’ is taken. Choose another name.`;
    else if (state.named.length >= MOST) wrong = `${MOST} scenarios are kept at most. Remove one.`;
    this.wrong.textContent = wrong;
    this.wrong.hidden = !wrong;
    if (wrong) return;
    state.named.push(scenario);
    this.changed();
  }

  changed() {
    this.show();
    this.update();
    this.onkept?.();
  }

  show() {
    const state = this.state();
    this.list.replaceChildren(...state.named.map((scenario, k) => h("li", {},
      h("b", {}, scenario.label), " ",
      button("Show", () => this.take(scenario), { "aria-label": `Show ${scenario.label}` }), " ",
      button("Remove", () => { state.named.splice(k, 1); this.changed(); },
        { "aria-label": `Remove ${scenario.label}` }))));
    this.others.hidden = !state.named.length;
    this.banding.hidden = true;
  }

  /** Another case: nothing of the last one stays. */
  clear() {
    this.sections.clear();
    this.known.clear();
    this.found = null;
    this.wrong.hidden = true;
  }

  get stale() { return this.state().named.length > 0 && this.sections.stale; }

  age() { this.sections.age(); }

  /** Baseline, the kept ones, and what is on the screen where it is none of them. */
  get scenarios() {
    const state = this.state();
    const all = [{ label: BASELINE }, ...state.named.map((s) => plain(s))];
    const known = [{}, ...state.named].some((s) => same({ ...s }, state.now));
    return known ? all : [...all, plain(state.now, SCREEN)];
  }

  async update() {
    const state = this.state();
    if (!state.named.length) return;
    const { scenarios } = this;
    this.turn += 1;
    const { turn } = this;
    busy("comparison");
    try {
      const found = await ask("/api/compare", { case: state.sheet.id, added: state.added, scenarios });
      await released();
      if (turn !== this.turn) return;
      this.found = { ...found.views, asked: scenarios };
      this.paint();
      this.wrong.hidden = true;
    } catch (error) {
      if (turn === this.turn) this.refuse(error);
    } finally {
      if (turn === this.turn) done("comparison");
    }
  }

  refuse(error) {
    this.wrong.textContent = error.message;
    this.wrong.hidden = false;
    if (!(error instanceof Refused)) console.error(error);
  }

  paint() {
    const { found } = this;
    const bands = found.asked.map((s) => this.known.get(this.key(s)) ?? null);
    this.banding.hidden = bands.every(Boolean);
    this.sections.lay([{ id: "side-by-side", title: "Side by side",
      parts: [...found.charts.map((c) => `chart:${c.id}`), "table:comparison"] }]);
    const { figures } = this.shared;
    const banded = bands.some(Boolean);
    this.sections.update({
      charts: banded ? found.charts.map((c) => withBands(c, bands, figures)) : found.charts,
      tables: banded ? found.tables.map((t) => withEnds(t, found.asked, bands, figures)) : found.tables,
    });
  }

  key(scenario) {
    const { sheet, added } = this.state();
    return JSON.stringify([sheet.id, added, plain(scenario, "")]);
  }

  /** Bands of every scenario that has none yet, one after another, painted as they come. */
  async bands() {
    this.banding.disabled = true;
    try {
      for (const scenario of this.scenarios) {
        const key = this.key(scenario);
        if (this.known.has(key)) continue;
        const { sheet, added } = this.state();
        const asked = { case: sheet.id, added, scenario: plain(scenario, NOW) };
        const found = await this.draw(asked, `Bands of ‘${scenario.label}’`);
        if (!found) return;
        this.known.set(key, found.bands);
        if (this.found) this.paint();
      }
    } catch (error) {
      this.refuse(error);
    } finally {
      this.banding.disabled = false;
    }
  }
}

/** The rows of a chart are the figures of its group, in their order. */
function withBands(chart, bands, figures) {
  const own = figures.filter((f) => f.group === chart.title);
  const rows = chart.data.rows.map((row, r) => {
    const end = (which) => bands.map((b) => {
      const found = own[r]?.label === row.label && b?.[own[r].id];
      return found ? shown(own[r], found[which]) : null;
    });
    return { ...row, low: end("low"), high: end("high") };
  });
  return { ...chart, data: { ...chart.data, rows } };
}

/** The table with both ends of the bands as further columns. */
function withEnds(table, asked, bands, figures) {
  const ends = asked.flatMap(({ label }, k) => (bands[k]
    ? ["5 %", "95 %"].map((words, end) => ({ end, of: bands[k], column: {
      key: `${["low", "high"][end]}_${k}`, label: `${label}, ${words}`, unit: "", kind: "number", decimals: 1 } })) : []));
  return { ...table,
    columns: [...table.columns, ...ends.map((e) => e.column)],
    rows: table.rows.map((row) => {
      const figure = figures.find((f) => f.group === row[0] && f.label === row[1]);
      return [...row, ...ends.map(({ end, of }) => (figure ? shown(figure, of[figure.id]?.[["low", "high"][end]] ?? null) : null))];
    }),
    note: `${table.note} Bands: 5 to 95 % of draws of every parameter that has a range, each independently.` };
}
