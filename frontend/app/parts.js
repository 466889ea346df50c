/** The sections of the brief on the page: each chart and table is drawn when it comes into view. */
import { figure } from "../src/core/figure.js";
import * as compare from "./charts/compare.js";
import { h } from "./dom.js";
import { savePng } from "./files.js";
import { fill } from "./table.js";

const AHEAD = "300px";
const saves = ({ name, canvas, words }) => ({
  png: () => savePng(name, canvas.querySelector("svg"), words),
});

export class Parts {
  /** @param {HTMLElement} root where the sections stand */
  constructor(root, shared) {
    this.root = root;
    this.shared = shared;
    this.charts = new Map();
    this.frames = new Map();
    this.watch = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const frame = this.frames.get(target.dataset.part);
        if (!frame) continue;
        frame.near = isIntersecting;
        if (isIntersecting) this.draw(frame);
      }
    }, { rootMargin: AHEAD });
    let timer = 0;
    new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => this.frames.forEach((f) => f.node.isConnected && f.resize?.()), 80);
    }).observe(root);
  }

  /** The sections in the order of the brief; frames that stay keep their place and their choices. */
  lay(sections) {
    const key = JSON.stringify(sections);
    if (key === this.laid) return;
    this.laid = key;
    const old = this.frames;
    this.frames = new Map();
    for (const section of this.root.querySelectorAll(".part")) section.remove();
    this.root.append(...sections.map(({ id, title, parts }) =>
      h("section", { "aria-labelledby": id, class: "part" }, h("h2", { id, tabindex: -1 }, title),
        parts.map((part) => {
          const frame = old.get(part) ?? this.frame(part);
          this.frames.set(part, frame);
          return frame.node;
        }))));
  }

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
    }
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
    if (frame.chart) this.chart(frame, data);
    else frame.resize = fill(frame.node, data, this.shared.name);
  }

  chart(frame, chart) {
    const chosen = [...frame.node.querySelectorAll(".controls select")].map((s) => s.value);
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

function shell(chart) {
  const save = (kind, what) => h("button", {
    type: "button", "data-save": kind, "aria-label": `Download ${what} ‘${chart.title}’ as ${kind}`,
  }, kind);
  return [
    h("h3", { class: "title" }, chart.title),
    h("p", { class: "unit" }, chart.unit),
    h("div", { class: "controls" }),
    h("div", { class: "canvas", role: "img", "aria-label": chart.description }),
    h("figcaption", { class: "foot" },
      h("p", { class: "source" }, `Source: ${chart.source}`),
      h("div", { class: "save" },
        save("svg", "the chart"), " ", save("png", "the chart"), " ",
        save("csv", "the numbers of the chart"))),
  ];
}
