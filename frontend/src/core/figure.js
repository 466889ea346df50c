/** A chart in its frame: title, choices, drawing, files. */
import * as bars from "../charts/bars.js";
import * as chances from "../charts/chances.js";
import * as compare from "../charts/compare.js";
import * as components from "../charts/components.js";
import * as dots from "../charts/dots.js";
import * as flows from "../charts/flows.js";
import * as ladder from "../charts/ladder.js";
import * as links from "../charts/links.js";
import * as map from "../charts/map.js";
import * as multiples from "../charts/multiples.js";
import * as pareto from "../charts/pareto.js";
import * as paths from "../charts/paths.js";
import * as shares from "../charts/shares.js";
import * as steps from "../charts/steps.js";
import * as votes from "../charts/votes.js";
import * as routes from "../charts/routes.js";
import { nameOf, saveCsv, saveSvg } from "./download.js";

/** The width of a drawing in what is not laid out, as a closed part of a page. */
const UNSEEN = 640;

const DRAWINGS = {
  bars, chances, compare, components, dots, flows, ladder, links, map, multiples, pareto, paths,
  shares, steps, votes, routes,
};

/**
 * A part of a frame, which every frame has.
 * @param {HTMLElement} node
 * @param {string} selector
 */
const part = (node, selector) => /** @type {HTMLElement} */ (node.querySelector(selector));

/**
 * Draws a chart into its frame; returns a function that draws it anew when the width changed.
 * @param {HTMLElement} node the frame, with `.title`, `.unit`, `.controls`, `.canvas`
 * @param {any} chart its kind, data and words, as the brief states them
 * @param {any} shared what all charts of the page share
 * @param {any} more what else a button `[data-save]` does
 */
export function figure(node, chart, shared, more = {}) {
  const drawing = DRAWINGS[chart.kind];
  const canvas = part(node, ".canvas");
  const words = { title: chart.title, unit: chart.unit, source: chart.source, state: chart.state };
  const state = {};
  let width = 0;
  const redraw = () => {
    if (drawing.titleOf) {
      Object.assign(words, drawing.titleOf(chart, state));
      part(node, ".title").textContent = words.title;
      part(node, ".unit").textContent = words.unit;
    }
    width = Math.floor(canvas.clientWidth) || UNSEEN;
    drawing.draw(canvas, chart, { ...shared, width, state });
  };
  drawing.controls?.(part(node, ".controls"), chart, state, redraw);
  redraw();
  const name = nameOf(shared, chart, chart.id);
  const table = () => {
    const own = drawing.tableOf?.(chart, { ...shared, state });
    return own ? { ...own, state: chart.state, suffix: chart.suffix } : shared.tables.get(chart.table);
  };
  const saves = {
    svg: () => saveSvg(name, canvas.querySelector("svg"), words),
    csv: () => saveCsv(name, table()),
    ...more.saves?.({ name, canvas, words, table }),
  };
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll("[data-save]"))) {
    button.addEventListener("click", saves[String(button.dataset.save)]);
  }
  return () => { if (Math.floor(canvas.clientWidth) !== width) redraw(); };
}
