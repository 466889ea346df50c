/** The left side: what may be changed of the case. */
import { button, fresh, h, links } from "./dom.js";
import { numberControl } from "./number.js";
import { ENFORCED } from "./state.js";

export class Controls {
  /**
   * @param {HTMLElement} root
   * @param {import("./state.js").State} state
   * @param {{change: Function, begin: Function, add: Function, remove: Function, edit: Function, reset: Function}} on
   */
  constructor(root, state, on) {
    this.root = root;
    this.state = state;
    this.on = on;
    this.shows = [];
    this.blames = [];
    this.tells = [];
    this.reasons = state.sheet.idle ?? {};
    this.wrong = new Map();
    this.places = new Map();
    this.found = h("ul", { class: "differences" });
    this.none = h("p", { class: "note" }, "Nothing: everything is as in the case.");
    this.all = button("Reset everything", () => this.on.reset(), { id: "reset-all" });
    this.root.replaceChildren(
      this.setting(), this.differences(), this.measures(), this.routes(), this.parameters(),
    );
    this.show();
  }

  /** Brings every control to what the state says. */
  show() {
    this.shows.forEach((run) => run());
    this.list();
  }

  /**
   * Faults stand at their controls, and beside what differs from the case.
   * @param {Map<string, string>} wrong by parameter or measure
   */
  blame(wrong) {
    this.wrong = wrong;
    this.blames.forEach((run) => run());
    this.list();
  }

  /** Where it is said what switching a measure moved. */
  movedOf(id) { return this.places.get(id) ?? null; }

  /** Where it is said why a control moves nothing in the state that is shown. */
  idle(name) {
    const node = h("p", { class: "idle", "data-idle": name, hidden: true });
    const show = () => {
      node.textContent = this.reasons[name] ?? "";
      node.hidden = !node.textContent;
    };
    this.tells.push(show);
    show();
    return node;
  }

  /**
   * Says beside each control that moves nothing why that is so.
   * @param {Object<string, string>} reasons by measure or parameter
   */
  tell(reasons) {
    this.reasons = reasons;
    this.tells.forEach((run) => run());
  }

  changed(moved) {
    this.on.change(moved);
    this.list();
  }

  begin(moved) { this.on.begin(moved); }

  // Date, horizon, deficits.

  setting() {
    const { state } = this;
    if (!state.trade) return h("span", { hidden: true });
    const { sheet } = state;
    const moved = h("p", { class: "moved" });
    const set = (key, value, own) => {
      this.begin(moved);
      state.set(key, value, own);
      this.changed(moved);
      this.show();
    };
    const date = h("input", { type: "date", id: "date", required: true, min: "1990-01-01", max: "2100-12-31",
      onchange: () => { if (date.validity.valid && date.value) set("date", date.value, sheet.date); } });
    const day = h("select", { id: "day", "aria-label": "A day on which something changes",
      onchange: () => { if (day.value) set("date", day.value, sheet.date); } },
    h("option", { value: "" }, "a day of change …"),
    sheet.days.map((d) => h("option", { value: d.date }, `${d.date}: ${d.label}`)));
    const choice = (key, id, label, options) => {
      const list = h("select", { id, onchange: () => set(key, list.value, sheet[key]) },
        options.map(([value, words]) => h("option", { value }, words)));
      this.shows.push(() => { list.value = state[key]; });
      return h("div", { class: "field" }, h("label", { for: id }, label), list);
    };
    this.shows.push(() => {
      date.value = state.date;
      day.value = sheet.days.some((d) => d.date === state.date) ? state.date : "";
    });
    return h("section", { "aria-labelledby": "c-when" }, h("h2", { id: "c-when" }, "When and how far"),
      h("div", { class: "field" }, h("label", { for: "date" }, "Date assessed"), date, day),
      choice("horizon", "horizon", "Horizon",
        [["short", "short run"], ["medium", "medium run"], ["long", "long run"]]),
      choice("transfers", "transfers", "Trade deficits", [["fixed", "fixed"],
        ["proportional", "proportional to income"], ["zero", "zero"]]),
      moved);
  }

  // What differs from the case.

  differences() {
    return h("section", { "aria-labelledby": "c-differs" },
      h("h2", { id: "c-differs" }, "Different from the case"), h("div", { class: "differing" }, this.none, this.found, this.all));
  }

  list() {
    const found = this.state.differences();
    this.none.hidden = found.length > 0;
    this.all.hidden = found.length === 0;
    this.found.replaceChildren(...found.map((d) => h("li", {},
      h("span", {}, `${d.what}: `, h("strong", {}, `${d.value}${d.unit ? ` ${d.unit}` : ""}`),
        d.own === undefined ? null : ` (${d.own} in the case)`),
      d.source?.length ? h("span", { class: "from" }, " ", links(d.source)) : null, " ",
      button(d.undo ? "Reset" : "Remove", () => {
        if (d.undo) { this.begin(null); d.undo(); this.show(); this.changed(null); } else this.on.remove(d.remove);
      }, { "aria-label": `${d.undo ? "Reset" : "Remove"} ${d.what}` }),
      this.wrong.has(d.name) ? h("p", { class: "wrong" }, this.wrong.get(d.name)) : null)));
  }

  // Measures.

  measures() {
    const { sheet, trade } = this.state;
    if (!trade && !sheet.measures.length) return h("span", { hidden: true });
    // What moves something in the case's own state comes first.
    const still = (m) => !m.sets || !m.in_force || m.id in this.reasons;
    const sorted = [...sheet.measures].sort((a, b) => Number(still(a)) - Number(still(b)));
    const owners = [...new Set(sorted.map((m) => m.owner))];
    return h("section", { "aria-labelledby": "c-measures" }, h("h2", { id: "c-measures" }, "Measures"),
      owners.map((owner) => {
        const own = sorted.filter((m) => m.owner === owner);
        return h("fieldset", {}, h("legend", {}, own[0].owner_label), own.map((m) => this.measure(m)));
      }),
      trade ? button("Add a measure", () => this.on.add(), { id: "add-measure" }) : null);
  }

  measure(measure) {
    const { state } = this;
    const id = fresh("measure");
    const moved = h("p", { class: "moved" });
    const idle = this.idle(measure.id);
    const wrong = h("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
    this.blames.push(() => {
      wrong.textContent = this.wrong.get(measure.id) ?? "";
      wrong.hidden = !wrong.textContent;
    });
    const trades = measure.trade ?? Boolean(measure.sets);
    if (trades) this.places.set(measure.id, moved);
    const strength = h("div", { class: "strength" }, measure.strength.map((s) => this.strength(measure, s)));
    const box = h("input", { type: "checkbox", role: "switch", id, "data-measure": measure.id,
      onchange: () => {
        const where = trades ? moved : null;
        this.begin(where);
        state.switch(measure, box.checked);
        strength.hidden = !box.checked;
        this.changed(where);
      } });
    this.shows.push(() => {
      box.checked = state.on(measure);
      strength.hidden = !box.checked;
    });
    const place = state.sheet.measures.indexOf(measure) - (state.sheet.measures.length - state.added.length);
    return h("div", { class: "measure" },
      h("div", { class: "switch" }, box, h("label", { for: id }, measure.label)),
      trades ? null : h("p", { class: "note" }, "No trade effect; bears on the negotiation."),
      idle, wrong, moved, strength,
      h("details", { class: "about" }, h("summary", {}, "Days, act and source"),
        measure.description ? h("p", {}, measure.description) : null,
        trades ? h("p", {}, h("b", {}, "Sets: "), measure.sets) : null,
        this.days(measure),
        measure.acts.length ? h("ul", {}, measure.acts.map((a) => h("li", {}, links([a]), a.note ? ` ${a.note}` : ""))) : null,
        h("p", {}, h("b", {}, "Source: "), links(measure.source)),
        measure.note ? h("p", { class: "note" }, measure.note) : null,
        place >= 0 ? h("p", {}, button("Change", () => this.on.edit(place)), " ",
          button("Remove", () => this.on.remove(place))) : null));
  }

  /** How hard a measure bites: a parameter, or a number of one that was added. */
  strength(measure, s) {
    const { state } = this;
    const given = s.role === "leakage" ? ENFORCED : {};
    if (s.parameter) {
      return this.number(s.parameter, { label: `${sentence(s.label)}: ${state.label(s.parameter)}`, ...given });
    }
    const value = () => state.addedNumber(measure.id, s.at);
    const p = { name: `${measure.id}-${s.role}`, value: s.value, low: s.low, high: s.high, unit: s.unit };
    const control = numberControl(p, { label: sentence(s.label), ...given, about: false, late: true, value,
      whose: "as added",
      begin: () => this.begin(control.moved),
      change: (v) => { state.setAddedNumber(measure.id, s.at, v); this.changed(control.moved); } });
    this.shows.push(() => control.show(value()));
    return control.node;
  }

  /** First and last days in force, which may be moved. */
  days(measure) {
    const { state } = this;
    const rows = measure.periods.map((period, k) => {
      const input = (key, words) => {
        const id = fresh("day");
        const node = h("input", { type: "date", id, "data-days": `${measure.id}-${key}`,
          onchange: () => {
            if (!node.validity.valid) return;
            const all = state.periods(measure).map((p) => ({ from: p.from, until: p.until ?? null }));
            all[k] = { ...all[k], [key]: node.value || null };
            if (!all[k].from) return;
            const same = all.every((p, i) => p.from === measure.periods[i].from
              && p.until === (measure.periods[i].until ?? null));
            this.begin(null);
            if (same) delete state.now.in_force[measure.id];
            else state.now.in_force[measure.id] = all;
            delete state.now.measures[measure.id];
            this.show();
            this.changed(null);
          } });
        this.shows.push(() => { node.value = state.periods(measure)[k]?.[key] ?? ""; });
        return h("span", { class: "field" }, h("label", { for: id }, words), node);
      };
      return h("div", { class: "days" }, input("from", "From"), input("until", "until (first day without)"),
        h("span", { class: "note" }, period.document));
    });
    return h("div", {}, rows);
  }

  // Routes and parameters.

  routes() {
    const { sheet } = this.state;
    if (!sheet.route_choices.length) return h("span", { hidden: true });
    const names = new Map(sheet.measures.map((m) => [m.id, m.label]));
    const shown = new Set();
    const once = (n) => (shown.has(n.parameter) ? null : (shown.add(n.parameter), n));
    return h("section", { "aria-labelledby": "c-routes" }, h("h2", { id: "c-routes" }, "Routes"),
      sheet.route_choices.map((r) => h("details", { class: "group" }, h("summary", {}, r.label),
        r.routes.map((route) => h("div", { class: "route" },
          h("h3", {}, route.label, route.transit ? h("span", { class: "note" }, ` through ${route.transit}`) : null),
          route.closed_by.length
            ? h("p", { class: "note" }, `Closed while in force: ${route.closed_by.map((m) => names.get(m)).join("; ")}.`) : null,
          route.numbers.map(once).filter(Boolean).map((n) => this.number(n.parameter, { label: sentence(n.label) })))),
        r.numbers.map(once).filter(Boolean).map((n) => this.number(n.parameter, { label: sentence(n.label) })))));
  }

  parameters() {
    const { state } = this;
    const { sheet } = state;
    if (!Object.keys(sheet.parameters).length) return h("span", { hidden: true });
    const holder = h("div", { class: "parameters" });
    const search = h("input", { type: "search", id: "find-parameter", autocomplete: "off",
      oninput: () => {
        const words = search.value.toLowerCase();
        for (const node of /** @type {Iterable<HTMLElement>} */ (holder.children)) {
          const held = `${node.textContent} ${String(node.dataset.number).replace(/_/g, " ")}`;
          node.hidden = !held.toLowerCase().includes(words);
        }
      } });
    // They are many, and hidden until asked for: made when the list is opened.
    const make = () => {
      if (holder.childElementCount) return;
      holder.replaceChildren(...Object.values(sheet.parameters).map((p) =>
        this.number(p.name, { label: state.label(p.name) })));
    };
    return h("section", { "aria-labelledby": "c-parameters" },
      h("h2", { id: "c-parameters" }, "Parameters"),
      h("details", { class: "group", id: "all-parameters", ontoggle: (event) => event.target.open && make() },
        h("summary", {}, `All ${Object.keys(sheet.parameters).length} parameters of the case`),
        h("div", { class: "field" }, h("label", { for: "find-parameter" }, "Find"), search),
        holder));
  }

  number(name, given) {
    const { state } = this;
    const control = numberControl(state.sheet.parameters[name], {
      ...given,
      value: () => state.value(name),
      begin: () => this.begin(control.moved),
      change: (value) => {
        state.tune(name, value);
        this.changed(control.moved);
        // The same parameter may stand in several places.
        for (const other of this.root.querySelectorAll(`[data-number="${name}"]`)) {
          if (other !== control.node) other.dispatchEvent(new CustomEvent("other"));
        }
      },
    });
    control.unit.after(this.idle(name));
    control.node.addEventListener("other", () => control.show(state.value(name)));
    this.shows.push(() => control.show(state.value(name)));
    const blame = () => control.blame(this.wrong.get(name));
    this.blames.push(blame);
    blame();
    return control.node;
  }
}

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);
