/** Files out of the page, made in the page: they work offline and from a file. */
import { FONT, INK, MUTED } from "./palette.js";
import { wrap } from "./svg.js";

const MARGIN = 16;

function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** What a file made of a chart or table is called: marked where its state is not the case's own. */
export const nameOf = (shared, part, id) => `${shared.name}${part.suffix ?? ""}-${id}`;

/** What makes a spreadsheet take a text for a formula, and what is a number all the same. */
const RUN = /^[=+\-@\t\r]/;
const FIGURE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A cell as spreadsheets leave it alone: a text that looks like a formula begins with '. */
function cell(value) {
  const flat = Array.isArray(value)
    ? value.map((v) => (v.href ? `${v.text} <${v.href}>` : v.text)).join("; ")
    : value ?? "";
  const text = typeof flat === "string" && RUN.test(flat) && !FIGURE.test(flat)
    ? `'${flat}` : String(flat);
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/**
 * A table as csv, numbers unrounded, units in the headings. Where its state is not the case's own,
 * a last column says how it differs.
 */
export function csvOf(table) {
  const state = table.state ? [table.state] : [];
  const head = table.columns.map((c) => cell(c.unit ? `${c.key} (${c.unit})` : c.key));
  return [[...head, ...state.map(() => "state")],
    ...table.rows.map((row) => [...row, ...state].map(cell))].map((r) => r.join(",")).join("\n");
}

export function saveCsv(name, table) {
  save(`${name}.csv`, "text/csv;charset=utf-8", `\ufeff${csvOf(table)}\n`);
}

/** The drawing with its title, unit, source and how its state differs from the case, ready to stand alone. */
export function svgOf(drawing, { title, unit, source, state }) {
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  const lines = wrap(title, width, 18, 600);
  const sources = wrap(`Source: ${source}`, width, 11);
  const states = state ? wrap(state, width, 12, 600) : [];
  const head = lines.length * 23 + states.length * 17 + 24;
  const foot = sources.length * 15 + 14;
  const ns = "http://www.w3.org/2000/svg";
  const out = document.createElementNS(ns, "svg");
  const [w, h] = [width + 2 * MARGIN, height + head + foot + 2 * MARGIN];
  const set = (node, values) => {
    for (const [key, value] of Object.entries(values)) node.setAttribute(key, value);
    return node;
  };
  set(out, { xmlns: ns, viewBox: `0 0 ${w} ${h}`, width: w, height: h, "font-family": FONT });
  const add = (tag, values, text) => {
    const node = set(document.createElementNS(ns, tag), values);
    if (text) node.textContent = text;
    return out.appendChild(node);
  };
  add("title", {}, title);
  add("rect", { width: w, height: h, fill: "#ffffff" });
  lines.forEach((line, k) => add("text",
    { x: MARGIN, y: MARGIN + 17 + 23 * k, "font-size": 18, "font-weight": 600, fill: INK }, line));
  states.forEach((line, k) => add("text", { x: MARGIN, y: MARGIN + lines.length * 23 + 8 + 17 * k,
    "font-size": 12, "font-weight": 600, fill: INK }, line));
  add("text", { x: MARGIN, y: MARGIN + lines.length * 23 + states.length * 17 + 10, "font-size": 13, fill: MUTED }, unit);
  const inner = out.appendChild(drawing.cloneNode(true));
  set(inner, { x: MARGIN, y: MARGIN + head, width, height });
  for (const hint of inner.querySelectorAll(".on-screen")) hint.remove();
  for (const mark of inner.querySelectorAll("[data-tip]")) {
    const words = document.createElementNS(ns, "title");
    words.textContent = mark.getAttribute("data-tip").replace(/\n/g, ", ");
    mark.prepend(words);
    mark.removeAttribute("data-tip");
  }
  sources.forEach((line, k) => add("text",
    { x: MARGIN, y: MARGIN + head + height + 20 + 15 * k, "font-size": 11, fill: MUTED }, line));
  return new XMLSerializer().serializeToString(out);
}

export function saveSvg(name, drawing, words) {
  save(`${name}.svg`, "image/svg+xml;charset=utf-8",
    `<?xml version="1.0" encoding="UTF-8"?>\n${svgOf(drawing, words)}\n`);
}
