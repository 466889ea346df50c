/** The sections of the brief on the page: each chart and table is drawn when it comes into view. */
import { figure } from "../src/core/figure.js";
import * as compare from "./charts/compare.js";
import { h } from "./dom.js";
import { savePng } from "./files.js";
import { saveCsv } from "../src/core/download.js";
import { busy, done } from "./pending.js";
import { fill, labelled } from "./table.js";

const AHEAD = "300px";
const saves = ({ name, canvas, words, table }) => ({
  csv: () => saveCsv(name, labelled(table())),
  png: () => savePng(name, canvas.querySelector("svg"), words),
});

export class Sections {
  /** @param {HTMLElement} root where the sections stand */
  constructor(root, shared) {
    this.root = root;
    this.shared = shared;
    this.charts = new Map();
    /** @type {Map<string, any>} */
    this.frames = new Map();
    this.watch = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const frame = this.frames.get(String(/** @type {HTMLElement} */ (target).dataset.part));
        if (!frame) continue;
        frame.near = isIntersecting;
        if (isIntersecting) this.draw(frame);
      }
    }, { rootMargin: AHEAD });
    let timer = 0;
    new ResizeObserver(() => {
      clearTimeout(timer);
      busy("size");
      timer = setTimeout(() => {
        this.frames.forEach((f) => f.node.isConnected && f.resize?.());
        done("size");
      }, 80);
    }).observe(root);
  }

  /** Forgets all: another case follows. */
  clear() {
    this.laid = null;
    this.charts.clear();
    for (const { node } of this.frames.values()) this.watch.unobserve(node);
    this.frames.clear();
    for (const section of this.root.querySelectorAll(".part")) section.remove();
  }

  /** The sections in the order given; what stays is not touched, so that nothing jumps. */
  lay(sections) {
    const key = JSON.stringify(sections);
    if (key === this.laid) return;
    this.laid = key;
    this.sections = sections;
    const [old, there] = [this.frames, new Map()];
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(".part"))) {
      there.set(node.dataset.section, node);
    }
    this.frames = new Map();
    let before = null;
    for (const { id, title, parts } of sections) {
      const frames = parts.map((part) => old.get(part) ?? this.frame(part));
      frames.forEach((frame) => this.frames.set(frame.part, frame));
      const head = `part-${id}`;
      const node = there.get(id) ?? h("section", { "aria-labelledby": head, class: "part", "data-section": id },
        h("h2", { id: head, tabindex: -1 }));
      there.delete(id);
      node.firstChild.textContent = title;
      ordered(node, node.firstChild, frames.map((frame) => frame.node));
      ordered(this.root, before, [node]);
      before = node;
    }
    for (const node of there.values()) node.remove();
    for (const [part, { node }] of old) {
      if (this.frames.has(part)) continue;
      this.watch.unobserve(node);
      node.remove();
    }
  }

  get stale() { return [...this.frames.values()].some(({ node }) => node.classList.contains("stale")); }

  frame(part) {
    const id = part.slice(part.indexOf(":") + 1);
    const chart = part.startsWith("chart:");
    const node = chart
      ? h("figure", { id: `chart-${id}`, "data-part": part })
      : h("div", { id: `table-${id}`, class: "table", "data-part": part });
    this.watch.observe(node);
    return { part, id, chart, node, near: false, fresh: false };
  }

  /** New data; frames in sight are drawn at once, others when they come into it. */
  update({ charts, tables }) {
    for (const table of tables) this.shared.tables.set(table.id, table);
    for (const chart of charts) this.charts.set(chart.id, chart);
    const changed = new Set([...charts.map((c) => `chart:${c.id}`), ...tables.map((t) => `table:${t.id}`)]);
    for (const frame of this.frames.values()) {
      if (!changed.has(frame.part)) continue;
      frame.fresh = false;
      frame.node.classList.remove("stale");
      frame.node.removeAttribute("aria-busy");
      if (frame.near) this.draw(frame);
      else this.empty(frame);
    }
  }

  /** What is out of sight shows nothing of the state before; its room stays. */
  empty(frame) {
    const { node } = frame;
    if (!node.childElementCount) return;
    frame.chosen = chosenIn(node);
    frame.resize = null;
    node.style.minHeight = `${node.offsetHeight}px`;
    node.replaceChildren();
  }

  /** What is not among these no longer belongs to what the controls say. */
  age(but = new Set()) {
    for (const frame of this.frames.values()) {
      if (but.has(frame.part)) continue;
      frame.node.classList.add("stale");
      frame.node.setAttribute("aria-busy", "true");
    }
  }

  draw(frame) {
    if (frame.fresh) return;
    const data = frame.chart ? this.charts.get(frame.id) : this.shared.tables.get(frame.id);
    if (!data) return;
    frame.fresh = true;
    busy("drawing");
    if (frame.chart) this.chart(frame, data);
    else {
      frame.resize = fill(frame.node, data, this.shared);
      frame.node.style.minHeight = "";
    }
    done("drawing");
  }

  chart(frame, chart) {
    const chosen = frame.chosen ?? chosenIn(frame.node);
    frame.chosen = null;
    const tall = frame.node.offsetHeight;
    if (tall) frame.node.style.minHeight = `${tall}px`;
    frame.node.replaceChildren(...shell(chart));
    frame.resize = figure(frame.node, chart, this.shared, { drawings: { compare }, saves });
    [...frame.node.querySelectorAll(".controls select")].forEach((select, k) => {
      const there = [...select.options].some((o) => o.value === chosen[k]);
      if (!there || select.value === chosen[k]) return;
      select.value = chosen[k];
      select.dispatchEvent(new Event("change"));
    });
    frame.node.style.minHeight = "";
  }
}

/** What is chosen above a chart. */
const chosenIn = (node) => [...node.querySelectorAll(".controls select")].map((s) => s.value);

/** Puts nodes one after another behind one that stands there, moving only those that have to. */
function ordered(parent, before, nodes) {
  let last = before;
  for (const node of nodes) {
    let next = last ? last.nextElementSibling : parent.firstElementChild;
    // What is not of the parts, as the figures after the map, keeps its place.
    while (next && next !== node && !next.matches(".part, [data-part]")) next = next.nextElementSibling;
    if (next !== node) {
      if (last) last.after(node);
      else parent.prepend(node);
    }
    last = node;
  }
}

function shell(chart) {
  const save = (kind, what) => h("button", {
    type: "button", "data-save": kind, "aria-label": `Download ${what} ‘${chart.title}’ as ${kind}`,
  }, kind);
  return [
    h("h3", { class: "title" }, chart.title),
    chart.state ? h("p", { class: "state" }, chart.state) : null,
    h("p", { class: "unit" }, chart.unit),
    h("div", { class: "controls" }),
    h("div", { class: "canvas", role: "img", "aria-label": chart.description }),
    h("figcaption", { class: "foot" },
      h("p", { class: "source" }, `Source: ${chart.source}`),
      h("div", { class: "save" },
        save("svg", "the chart"), " ", save("png", "the chart"), " ",
        save("csv", "the numbers of the chart"))),
  ].filter(Boolean);
}
