/** Scenarios kept under a name, on the same axes as the case and as what is on the screen. */
import { ask } from "./api.js";
import { button, h } from "./dom.js";
import { Parts } from "./parts.js";
import { plain, whole } from "./state.js";

const MOST = 10;
const BASELINE = "Baseline";

export class Compare {
  constructor(root, shared, state, take) {
    Object.assign(this, { root, state, take });
    this.name = h("input", { type: "text", id: "scenario-name", maxlength: 60, autocomplete: "off" });
    this.list = h("ul", { class: "kept" });
    this.wrong = h("p", { class: "wrong", role: "alert", hidden: true });
    this.others = h("div", {});
    this.form = h("form", { class: "keep", onsubmit: (event) => { event.preventDefault(); this.keep(); } },
      h("div", { class: "field" }, h("label", { for: "scenario-name" }, "Keep what is on the screen as"), this.name),
      h("button", { type: "submit", id: "keep" }, "Keep"));
    this.dates = h("form", { class: "keep", onsubmit: (event) => { event.preventDefault(); this.keepDate(); } },
      h("div", { class: "field" }, h("label", { for: "other-date" }, "Or the same on another date"),
        h("input", { type: "date", id: "other-date", min: "1990-01-01", max: "2100-12-31" })),
      h("button", { type: "submit", id: "keep-date" }, "Compare the date"));
    root.append(this.form, this.dates, this.wrong, this.list, this.others);
    this.parts = new Parts(this.others, shared);
  }

  keep() { this.add({ ...whole(this.state().now), label: this.name.value.trim() }); this.name.value = ""; }

  keepDate() {
    const date = this.root.querySelector("#other-date").value;
    if (date) this.add({ ...whole(this.state().now), date, label: date });
  }

  add(scenario) {
    const state = this.state();
    const taken = [BASELINE, "now", "On the screen", ...state.named.map((s) => s.label)];
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
  }

  age() { this.parts.age(); }

  /** Baseline, the kept ones, and what is on the screen where it is none of them. */
  async update() {
    const state = this.state();
    if (!state.named.length) return;
    const same = (a, b) => JSON.stringify(plain(a, "")) === JSON.stringify(plain(b, ""));
    const scenarios = [{ label: BASELINE }, ...state.named.map((s) => plain(s))];
    const known = [{}, ...state.named].some((s) => same({ ...s }, state.now));
    if (!known) scenarios.push(plain(state.now, "On the screen"));
    const turn = (this.turn ?? 0) + 1;
    this.turn = turn;
    try {
      const found = await ask("/api/compare", { case: state.sheet.id, added: state.added, scenarios });
      if (turn !== this.turn) return;
      this.parts.lay([{ id: "side-by-side", title: "Side by side",
        parts: [...found.charts.map((c) => `chart:${c.id}`), "table:comparison"] }]);
      this.parts.update({ charts: found.charts, tables: [found.table] });
      this.wrong.hidden = true;
    } catch (error) {
      this.wrong.textContent = error.message;
      this.wrong.hidden = false;
    }
  }
}
