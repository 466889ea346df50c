/**
 * Several readings of the same things on one axis: a row for each thing, a mark of its own shape for
 * each reading, its band as a thin line. `panels` stand beside each other on the same axis.
 */
import { scaleLinear } from "d3-scale";
import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle,
  symbolWye } from "d3-shape";
import { beside, number } from "../core/format.js";
import { INK, MUTED, RULE, SUPPLIERS } from "../core/palette.js";
import { ends, fit, heading, rule, sheet, trim, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar,
  symbolWye];
const ROW = 25;
/** Bands of several readings lie beside one another. */
const APART = 3;
const GAP = 28;

const shape = (k) => symbol(SHAPES[k % SHAPES.length], k ? 58 : 70)();
const colour = (k) => (k === 0 ? INK : SUPPLIERS[(k - 1) % SUPPLIERS.length]);
const band = (row, k) => ends(row.low?.[k], row.high?.[k]);

export function draw(canvas, chart, { width }) {
  const { scenarios, zero = true, panels = [{ label: "", rows: chart.data.rows }] } = chart.data;
  const all = panels.flatMap((p) => p.rows);
  const drawn = all.flatMap((row) => scenarios.flatMap((_, k) => band(row, k) ?? []));
  const values = [...all.flatMap((row) => row.values), ...drawn].filter((v) => v !== null);
  const across = width >= 640 ? panels.length : 1;
  const wide = (width - GAP * (across - 1)) / across;
  const names = Math.min(Math.max(...all.map((r) => widthOf(r.label))) + 14, wide * (wide < 480 ? 0.36 : 0.42));
  const origin = zero && chart.unit !== "USD per tonne" ? [0] : [];
  const x = scaleLinear([Math.min(...values, ...origin), Math.max(...values, ...origin)],
    [names + 8, wide - 26]).nice(5);
  const svg = sheet(width, 10);
  const top = key(svg, scenarios, width);
  const given = { chart, x, names, wide, signed: /year$/.test(chart.unit) && values.some((v) => v < 0),
    row: drawn.length ? ROW + APART * scenarios.length : ROW };
  let low = top;
  panels.forEach((panel, p) => {
    const place = p % across;
    const begin = place ? top : low;
    const group = svg.append("g").attr("transform", `translate(${place * (wide + GAP)},${begin})`);
    low = Math.max(low, begin + drawPanel(group, panel, given));
  });
  trim(svg, width, low);
  canvas.replaceChildren(svg.node());
}

/** One panel; returns its height. */
function drawPanel(svg, panel, { chart, x, names, wide, row: tall, signed }) {
  const head = panel.label ? 18 : 0;
  if (head) heading(svg, 0, 14, panel.label);
  const top = head + 30;
  const bottom = top + panel.rows.length * tall;
  for (const tick of x.ticks(wide < 480 ? 3 : 6)) {
    rule(svg, x(tick), top - 8, x(tick), bottom, tick === 0 ? MUTED : RULE);
    write(svg, x(tick), top - 13, number(tick, tick % 1 ? 1 : 0), { size: 11, fill: MUTED, anchor: "middle" });
  }
  panel.rows.forEach((row, r) => {
    const y = top + r * tall + tall / 2;
    drawLabel(svg, row.label, y, names - 8);
    drawRow(svg, row, y, { chart, x, signed });
  });
  return bottom + 8;
}

function drawRow(svg, row, y, { chart, x, signed }) {
  const { scenarios } = chart.data;
  const known = row.values.filter((v) => v !== null);
  if (known.length > 1) rule(svg, x(Math.min(...known)), y, x(Math.max(...known)), y, MUTED);
  scenarios.forEach((_, k) => {
    const own = band(row, k);
    if (!own) return;
    const at = y + (k - (scenarios.length - 1) / 2) * APART;
    svg.append("line").attr("class", "whisker").attr("x1", x(own[0])).attr("x2", x(own[1]))
      .attr("y1", at).attr("y2", at).attr("stroke", colour(k)).attr("stroke-width", 1.5);
  });
  // The first is drawn last and hollow, so that it hides no other.
  [...row.values.keys()].reverse().forEach((k) => {
    if (row.values[k] === null) return;
    tip(svg.append("path").datum(row.values[k]).attr("class", "mark").attr("d", shape(k))
      .attr("transform", `translate(${x(row.values[k])},${y})`).attr("fill", k ? colour(k) : "none")
      .attr("pointer-events", "all").attr("stroke", colour(k)).attr("stroke-width", 1.5),
    () => told(chart, row, k, signed));
  });
}

/** The name of a row, in two lines where it is long. */
function drawLabel(svg, words, y, width) {
  const lines = wrap(words, width, 12.5);
  if (lines.length < 2) write(svg, 0, y + 4, fit(words, width, 12.5), { size: 12.5 });
  else {
    write(svg, 0, y - 2, lines[0], { size: 11.5 });
    write(svg, 0, y + 10.5, fit(lines.slice(1).join(" "), width, 11.5), { size: 11.5 });
  }
}

/** A reading in words: its number, its band, and how far it is from the first. */
function told(chart, row, k, signed) {
  const { scenarios, decimals, unit = chart.unit } = chart.data;
  const [first, value] = [row.values[0], row.values[k]];
  const own = band(row, k);
  return [`${row.label}, ${scenarios[k]}`, `${beside(value, decimals, signed)} ${unit}`,
    own ? `${own.map((end) => beside(end, decimals, signed)).join(" to ")}, 5 to 95 %` : "",
    k && first !== null ? `${beside(value - first, decimals, true)} against ${scenarios[0]}` : ""]
    .filter(Boolean).join("\n");
}

/** What each shape means; returns its height. */
function key(svg, scenarios, width) {
  let [left, y] = [8, 10];
  scenarios.forEach((label, k) => {
    const words = fit(label, width - 30, 12);
    const wide = 20 + widthOf(words, 12) + 16;
    if (left > 8 && left + wide > width) [left, y] = [8, y + 20];
    svg.append("path").attr("d", shape(k)).attr("transform", `translate(${left},${y})`)
      .attr("fill", k ? colour(k) : "none").attr("stroke", colour(k)).attr("stroke-width", 1.5);
    write(svg, left + 11, y + 4, words, { size: 12, fill: MUTED });
    left += wide;
  });
  return y + 10;
}
