/** The form of a measure that is added: faults stand at the field that they are about. */
import { Refused, ask } from "./api.js";
import { button, fresh, h } from "./dom.js";

const SETS = [
  { id: "embargo", label: "embargo: no trade but for a leakage", number: ["leakage", "Leakage, share of the base flow", 0] },
  { id: "tariff", label: "tariff: a new rate", number: ["rate", "Rate, a fraction (0.25 is 25 %)", 0.25] },
  { id: "iceberg", label: "extra trade cost", number: ["factor", "Delivered cost, multiple of the base year’s", 1.1] },
  { id: "export_tax", label: "export tax", number: ["rate", "Rate, a fraction", 0.1] },
  { id: "productivity", label: "productivity of producers", number: ["factor", "Output per input, multiple of the base year’s", 0.99] },
  { id: "route", label: "a route closed", number: null },
];

/** What a measure can set, by its id. */
const setNamed = (id) => SETS.find((s) => s.id === id) ?? SETS[0];

const named = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");

/**
 * Opens the form; resolves with the measure, accepted by the server, or null.
 * @param {object} sheet of the case
 * @param {object[]} added the measures added so far
 * @param {number|null} place of the one that is changed
 * @returns {Promise<{added: object[], sheet: object}|null>}
 */
export function measureForm(sheet, added, place, date) {
  const old = place === null ? null : added[place];
  const { choices } = sheet;
  const base = sheet.measures.length - added.length;
  const fields = new Map();

  const field = (key, label, input, hint) => {
    const id = fresh("field");
    const wrong = h("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
    input.id = id;
    const node = h("div", { class: "field" }, h("label", { for: id }, label), input,
      hint ? h("p", { class: "note" }, hint) : null, wrong);
    fields.set(key, { input, wrong, node });
    return node;
  };
  const select = (options, chosen, more = {}) => {
    const several = new Set([chosen ?? []].flat());
    return h("select", more, options.map(({ id, label }) =>
      h("option", { value: id, selected: several.has(id) || null }, label)));
  };
  const places = [...choices.groups.map((g) => ({ id: g.id, label: `${g.label} (group)` })), ...choices.countries];
  const several = (chosen) => select(places, chosen, { multiple: true, size: 6 });
  const setting = old?.sets[0] ?? {};
  const kindOfSet = Object.keys(setting)[0] ?? "embargo";
  const effect = setting[kindOfSet] ?? {};
  const period = old?.in_force[0] ?? { from: date };

  const label = h("input", { type: "text", value: old?.label ?? "", required: true });
  const sets = select(SETS, kindOfSet);
  const amount = h("input", { type: "number", step: "any" });
  const inputs = {
    label,
    owner: select(sheet.parties, old?.owner),
    kind: select(choices.kinds, old?.kind),
    origin: several(effect.origin ?? effect.country),
    market: several(effect.market),
    goods: select(choices.goods, effect.goods, { multiple: true, size: 5 }),
    route: select(choices.routes.map((w, k) => ({ id: String(k), label: w.label })),
      String(choices.routes.findIndex((w) => w.id === effect.routes && w.origin === effect.origin))),
    from: h("input", { type: "date", value: period.from ?? "" }),
    until: h("input", { type: "date", value: period.until ?? "" }),
    source: h("input", { type: "text", value: old?.source ?? "analyst estimate" }),
  };
  const general = h("div", { class: "wrong", role: "alert" });
  const follow = (given) => {
    const chosen = setNamed(sets.value);
    const route = chosen.id === "route";
    fields.get("origin").node.hidden = route;
    fields.get("origin").node.querySelector("label").textContent =
      chosen.id === "productivity" ? "Countries" : "Origins: who sells";
    fields.get("market").node.hidden = route || chosen.id === "productivity";
    fields.get("goods").node.hidden = route;
    fields.get("route").node.hidden = !route;
    fields.get("amount").node.hidden = !chosen.number;
    if (chosen.number) {
      fields.get("amount").node.querySelector("label").textContent = chosen.number[1];
      amount.value = given ?? chosen.number[2];
    }
  };
  sets.addEventListener("change", () => follow());

  const picked = (node) => [...node.selectedOptions].map((o) => o.value);
  const read = () => {
    const chosen = setNamed(sets.value);
    const labels = (key, node) => {
      const all = picked(node);
      return all.length ? { [key]: all.length === 1 ? all[0] : all } : {};
    };
    let what;
    if (chosen.id === "route") {
      const route = choices.routes[Number(inputs.route.value)];
      what = route ? { commodity: route.commodity, origin: route.origin, routes: route.id, close: true } : {};
    } else {
      what = chosen.id === "productivity" ? labels("country", inputs.origin)
        : { ...labels("origin", inputs.origin), ...labels("market", inputs.market) };
      Object.assign(what, labels("goods", inputs.goods));
      if (chosen.number && amount.value !== "") what[chosen.number[0]] = Number(amount.value);
    }
    const days = { from: inputs.from.value, document: "Added in the app" };
    if (inputs.until.value) days.until = inputs.until.value;
    const taken = new Set(sheet.measures.map((m) => m.id));
    let id = old?.id ?? `added-${named(label.value) || "measure"}`;
    if (!old) for (let k = 2; taken.has(id); k += 1) id = `${id.replace(/-\d+$/, "")}-${k}`;
    return { id, label: label.value, owner: inputs.owner.value, kind: inputs.kind.value,
      sets: [{ [chosen.id]: what }], in_force: [days], source: inputs.source.value };
  };

  const blame = (faults, index) => {
    const mine = `measures[${base + index}]`;
    const left = [];
    for (const { wrong, input } of fields.values()) {
      wrong.hidden = true;
      wrong.textContent = "";
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    for (const fault of faults) {
      const words = `${fault.message} ${fault.remedy}`.trim();
      const rest = fault.key.startsWith(mine) ? fault.key.slice(mine.length) : "";
      const last = rest.split(".").at(-1)?.replace(/\[\d+\]$/, "");
      const key = { country: "origin", leakage: "amount", rate: "amount", factor: "amount", commodity: "route",
        in_force: "from", id: "label" }[last] ?? last;
      const found = fields.get(key);
      if (!rest || !found) { left.push(`${fault.key}: ${words}`); continue; }
      found.wrong.hidden = false;
      found.wrong.textContent = [found.wrong.textContent, words].filter(Boolean).join(" ");
      found.input.setAttribute("aria-invalid", "true");
      found.input.setAttribute("aria-describedby", found.wrong.id);
    }
    general.textContent = left.join(" ");
    [...fields.values()].find((f) => !f.wrong.hidden)?.input.focus();
  };

  return new Promise((resolve) => {
    let result = null;
    const submit = async (event) => {
      event.preventDefault();
      const measure = read();
      const index = place ?? added.length;
      const next = [...added];
      next[index] = measure;
      try {
        const answer = await ask("/api/case", { case: sheet.id, added: next });
        result = { added: next, sheet: answer };
        dialog.close();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        blame(error.faults, index);
        if (!error.faults.length) general.textContent = error.message;
      }
    };
    const title = fresh("title");
    const dialog = h("dialog", { "aria-labelledby": title, class: "form" },
      h("form", { novalidate: true, onsubmit: submit },
        h("h2", { id: title }, old ? "Change a measure" : "Add a measure"),
        general,
        field("label", "Name", label),
        field("owner", "Whose it is", inputs.owner),
        field("kind", "Kind", inputs.kind),
        field("sets", "What it sets", sets),
        field("origin", "Origins: who sells", inputs.origin, "Hold Ctrl or Cmd to choose several."),
        field("market", "Markets: who buys", inputs.market, "Hold Ctrl or Cmd to choose several."),
        field("goods", "Goods", inputs.goods),
        field("route", "Route that is closed", inputs.route),
        field("amount", "Amount", amount),
        h("div", { class: "pair" }, field("from", "In force from", inputs.from),
          field("until", "until (first day without; open if empty)", inputs.until)),
        field("source", "Source", inputs.source, "A publication with its address, or ‘analyst estimate’."),
        h("div", { class: "buttons" }, h("button", { type: "submit", class: "main" }, old ? "Change it" : "Add it"), " ",
          button("Cancel", () => dialog.close()))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(result); });
    document.body.append(dialog);
    follow(effect.leakage ?? effect.rate ?? effect.factor);
    dialog.showModal();
    label.focus();
  });
}
