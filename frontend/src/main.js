/** Draws every chart of the page from the data inside it, and makes its files. */
import * as bars from "./charts/bars.js";
import * as chances from "./charts/chances.js";
import * as components from "./charts/components.js";
import * as dots from "./charts/dots.js";
import * as flows from "./charts/flows.js";
import * as ladder from "./charts/ladder.js";
import * as links from "./charts/links.js";
import * as map from "./charts/map.js";
import * as multiples from "./charts/multiples.js";
import * as pareto from "./charts/pareto.js";
import * as paths from "./charts/paths.js";
import * as shares from "./charts/shares.js";
import * as steps from "./charts/steps.js";
import * as votes from "./charts/votes.js";
import * as ways from "./charts/ways.js";
import { saveCsv, saveSvg } from "./core/download.js";

const DRAWINGS = {
  bars, chances, components, dots, flows, ladder, links, map, multiples, pareto, paths,
  shares, steps, votes, ways,
};

const read = (id) => JSON.parse(document.getElementById(id).textContent);

function figure(node, chart, shared) {
  const drawing = DRAWINGS[chart.kind];
  const canvas = node.querySelector(".canvas");
  const words = { title: chart.title, unit: chart.unit, source: chart.source };
  const state = {};
  let width = 0;
  const redraw = () => {
    if (drawing.titleOf) {
      Object.assign(words, drawing.titleOf(chart, state));
      node.querySelector(".title").textContent = words.title;
      node.querySelector(".unit").textContent = words.unit;
    }
    width = Math.floor(canvas.clientWidth);
    drawing.draw(canvas, chart, { ...shared, width, state });
  };
  drawing.controls?.(node.querySelector(".controls"), chart, state, redraw);
  redraw();
  const name = `${shared.name}-${chart.id}`;
  node.querySelector("[data-save=svg]").addEventListener("click", () =>
    saveSvg(name, canvas.querySelector("svg"), words));
  node.querySelector("[data-save=csv]").addEventListener("click", () =>
    saveCsv(name, drawing.tableOf?.(chart, { ...shared, state }) ?? shared.tables.get(chart.table)));
  return () => { if (Math.floor(canvas.clientWidth) !== width) redraw(); };
}

function table(node, shared) {
  const data = shared.tables.get(node.dataset.table);
  node.querySelector("[data-save=csv]").addEventListener("click", () =>
    saveCsv(`${shared.name}-table-${data.id}`, data));
  const more = node.querySelector("[data-more]");
  more?.addEventListener("click", () => {
    const open = node.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Show fewer rows" : more.dataset.more;
  });
}

function start() {
  const data = read("brief-data");
  const shared = {
    name: data.name,
    names: data.names,
    world: read("brief-map"),
    tables: new Map(data.tables.map((t) => [t.id, t])),
  };
  document.documentElement.classList.add("drawn");
  const charts = new Map(data.charts.map((c) => [c.id, c]));
  const refresh = [...document.querySelectorAll("[data-chart]")].map((node) =>
    figure(node, charts.get(node.dataset.chart), shared));
  document.querySelectorAll("[data-table]").forEach((node) => table(node, shared));
  let timer = 0;
  addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh.forEach((run) => run()), 80);
  });
}

start();
