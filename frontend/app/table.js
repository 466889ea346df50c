/** A table as the brief writes it, made from the same data. */
import { number } from "../src/core/format.js";
import { nameOf, saveCsv } from "../src/core/download.js";
import { file } from "./api.js";
import { saveBlob } from "./files.js";
import { button, h, link, linked, reachable, sideways } from "./dom.js";

const GENERAL = -1;
const SCIENTIFIC = -2;
const MINUS = "−";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const sign = (text) => text.replace(/-/g, MINUS);
const superscript = (n) => [...String(n)].map((c) => ({ "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³" }[c]
  ?? String.fromCharCode(0x2070 + Number(c)))).join("");

function scientific(value) {
  if (value === 0) return "0";
  const [digits, power] = value.toExponential(1).split("e");
  return `${sign(digits)} × 10${superscript(Number(power))}`;
}

/** A cell as it is written; the same rules as report/html.py. */
export function shown(column, cell) {
  if (typeof cell === "number") {
    if (column.decimals === GENERAL) return sign(String(Number(cell.toPrecision(6))));
    if (column.decimals === SCIENTIFIC) return scientific(cell);
    return number(cell, column.decimals, column.signed);
  }
  if (column.kind === "number" || cell === null) return "–";
  if (column.kind !== "date") return String(cell);
  return String(cell).replace(/(\d{4})-(\d\d)-(\d\d)/g,
    (_, y, m, d) => `${Number(d)} ${MONTHS[m - 1]} ${y}`);
}

function tone(column, cell) {
  if (!column.toned || typeof cell !== "number" || !/[1-9]/.test(shown(column, cell))) return "";
  return cell < 0 ? "loss" : "gain";
}

function widths(table) {
  return table.columns.map((column, k) => {
    const longest = Math.max(0, ...table.rows.map((row) =>
      (Array.isArray(row[k]) ? row[k].map((l) => l.text).join("; ") : shown(column, row[k])).length));
    return longest > 44 ? "long" : longest <= 22 ? "short" : "";
  });
}

function head(column, table) {
  return h("th", { scope: "col", class: column.kind === "number" ? "n" : null }, column.label,
    column.unit && !table.unit ? h("span", { class: "of" }, column.unit) : null);
}

function cellOf(column, cell, wide, first) {
  if (column.kind === "number") return h("td", { class: `n ${tone(column, cell)}` }, shown(column, cell));
  if (column.kind === "links") {
    return h("td", { class: "long links" },
      (cell ?? []).map((one) => h("span", { class: "item" }, link(one))));
  }
  if (column.kind === "code") return h("td", {}, h("code", {}, cell ?? ""));
  const words = linked(shown(column, cell));
  return first ? h("th", { scope: "row", class: wide }, words) : h("td", { class: wide }, words);
}

function body(table) {
  const plain = table.columns.filter((c) => !c.group);
  const wide = widths(table);
  const groups = table.columns.map((c, k) => (c.group ? k : -1)).filter((k) => k >= 0);
  let before = null;
  return table.rows.flatMap((row, r) => {
    const extra = table.lead && r >= table.lead ? "extra" : "";
    const group = groups.map((k) => row[k]).join(" · ");
    const out = [];
    if (groups.length && group !== before) {
      out.push(h("tr", { class: `group ${extra}` },
        h("th", { scope: "rowgroup", colspan: plain.length }, group.charAt(0).toUpperCase() + group.slice(1))));
      before = group;
    }
    const total = row.slice(0, 3).includes("World") ? "total" : "";
    out.push(h("tr", { class: `${extra} ${total}`.trim() || null }, table.columns.map((column, k) =>
      (column.group ? null : cellOf(column, row[k], wide[k], column === plain[0])))));
    return out;
  });
}

/** The table with the headings that readers see, as its files carry them; each stands once. */
export function labelled(table) {
  const words = table.columns.map((c) => c.label || c.key);
  const whole = table.columns.map((c, k) => `${words[k]} (${c.unit})`);
  return { ...table, columns: table.columns.map((c, k) => ({ ...c,
    key: whole.indexOf(whole[k]) === whole.lastIndexOf(whole[k]) ? words[k] : `${words[k]} [${c.key}]` })) };
}

async function saveXlsx(name, table) {
  const columns = labelled(table).columns.map(({ key, unit, kind }) => ({ key, label: key, unit, kind }));
  const blob = await file(`/api/workbook?name=${encodeURIComponent(name)}`,
    { title: table.title, note: table.note.slice(0, 4000), state: table.state ?? "", columns, rows: table.rows });
  saveBlob(`${name}.xlsx`, blob);
}

/**
 * The buttons that save a table.
 * @param {() => object} table as it is when one is pressed
 * @param {(error: Error) => void} refused
 */
export function saves(title, name, table, refused) {
  const save = (kind, run) => button(kind, run,
    { "data-save": kind, "aria-label": `Download the table ‘${title}’ as ${kind}` });
  return h("div", { class: "save" },
    save("csv", () => saveCsv(name(), labelled(table()))),
    save("xlsx", () => saveXlsx(name(), table()).catch(refused)));
}

/** Fills a frame with a table; keeps it open if it was. */
export function fill(node, table, shared) {
  const open = node.classList.contains("open");
  const more = table.lead && table.rows.length > table.lead;
  const all = `Show all ${table.rows.length} rows`;
  const toggle = more ? button(open ? "Show fewer rows" : all, (event) => {
    const now = node.classList.toggle("open");
    event.target.setAttribute("aria-expanded", String(now));
    event.target.textContent = now ? "Show fewer rows" : all;
  }, { class: "more", "aria-expanded": String(open), "aria-controls": node.id }) : null;
  const cue = sideways();
  node.replaceChildren(...[
    h("h3", {}, table.title),
    table.state ? h("p", { class: "state" }, table.state) : null,
    h("p", { class: "sentence" }, table.sentence),
    table.unit ? h("p", { class: "unit" }, table.unit) : null,
    cue,
    h("div", { class: "scroll" }, h("table", {},
      h("caption", {}, `${table.title}. ${table.sentence}`),
      h("thead", {}, h("tr", {}, table.columns.filter((c) => !c.group).map((c) => head(c, table)))),
      h("tbody", {}, body(table)))),
    toggle,
    h("div", { class: "foot" },
      h("p", { class: "note" }, table.note),
      saves(table.title, () => nameOf(shared, table, `table-${table.id}`), () => table, shared.refused)),
  ].filter(Boolean));
  const scroll = node.querySelector(".scroll");
  const reach = () => reachable(scroll, table.title, cue);
  reach();
  return reach;
}
