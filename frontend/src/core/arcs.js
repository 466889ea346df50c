/** The flows of one country on a map: bows that join seller and buyer, as thick as what they carry. */
import { number, roundBelow } from "./format.js";
import { GAIN, INK, LOSS, MUTED } from "./palette.js";
import { widthOf, wrap, write } from "./svg.js";
import { tip } from "./tip.js";

export const WIDEST = 9;
/** Flows that change by less than this many Mt are not drawn. */
const LEAST = 0.02;

const SIZES = { before: (r) => r[2], under: (r) => r[3], change: (r) => r[3] - r[2] };

/** The largest flow of a good in one mode, Mt: every country's arcs are drawn to its scale. */
export const largest = (flow, mode) => Math.max(...flow.rows.map((r) => Math.abs(SIZES[mode](r))), 1e-9);

/** What a country sells and buys in one mode, small flows first. */
export function arcsOf(flow, mode, code) {
  const most = largest(flow, mode);
  return flow.rows.filter((row) => row[0] === code || row[1] === code)
    .map((row) => ({ row, size: SIZES[mode](row) }))
    .filter((a) => Math.abs(a.size) >= LEAST)
    .sort((a, b) => Math.abs(b.size) - Math.abs(a.size))
    .map((a) => ({ ...a, signed: mode === "change", width: (WIDEST * Math.abs(a.size)) / most }))
    .reverse();
}

const colourOf = (a) => (!a.signed ? INK : a.size < 0 ? LOSS : GAIN);

/** A bow between two points of the drawing, bulging north, no higher than `top`. */
function bow([x1, y1], [x2, y2], top) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const bulge = dx < 0 ? 0.3 : -0.3;
  const cx = (x1 + x2) / 2 - bulge * dy;
  const cy = Math.max((y1 + y2) / 2 + bulge * dx, top ? -0.5 * Math.min(y1, y2) : -Infinity);
  const round = (v) => Math.round(v * 10) / 10;
  return `M${round(x1)},${round(y1)}Q${round(cx)},${round(cy)} ${round(x2)},${round(y2)}`;
}

/**
 * Draws arcs into a group, in place of those that were there.
 * @param {any} group of the drawing
 * @param {any[]} arcs as of `arcsOf`
 * @param {{points: Map<string, [number, number]>, projection: any, names: any, flow: any, whole: boolean,
 *   held: boolean}} given where countries lie, whether the frame shows the whole world, and whether
 *   the arcs stay, so that they may be pointed at
 */
export function drawArcs(group, arcs, { points, projection, names, flow, whole, held }) {
  const placed = arcs.filter(({ row }) => points.has(row[0]) && points.has(row[1]));
  const words = ({ row: [from, to, before, under] }) =>
    `${names[from]} to ${names[to]}\nbefore ${number(before, 2)} Mt, under the regime `
    + `${number(under, 2)} Mt\n${flow.label}, ${number(under - before, 2, true)} Mt`;
  const at = (code) => projection(points.get(code));
  const line = ({ row }) => bow(at(row[0]), at(row[1]), whole);
  group.selectAll("*").remove();
  group.attr("fill", "none").attr("stroke-linecap", "round").attr("pointer-events", held ? null : "none");
  group.selectAll(".casing").data(placed).join("path").attr("class", "casing")
    .attr("d", line).attr("stroke", "#ffffff").attr("stroke-opacity", 0.55)
    .attr("stroke-width", (a) => Math.max(a.width, 0.8) + 1.6).attr("pointer-events", "none");
  tip(group.selectAll(".arc").data(placed).join("path").attr("class", "arc").attr("d", line)
    .attr("stroke", colourOf).attr("stroke-opacity", 0.85)
    .attr("stroke-width", (a) => Math.max(a.width, 0.8)), words).attr("aria-hidden", "true");
  group.selectAll("circle").data(placed).join("circle")
    .attr("transform", ({ row }) => `translate(${at(row[1])})`)
    .attr("r", (a) => 1.6 + a.width / 2.6)
    .attr("fill", colourOf).attr("stroke", "#ffffff").attr("stroke-width", 0.8)
    .attr("pointer-events", "none");
}

const plain = (value) => (value >= 1 ? number(value) : String(Number(value.toPrecision(1))));

/** How wide an arc is, and what its colours mean; returns its height. */
export function arcLegend(svg, y, width, flow, mode) {
  const most = largest(flow, mode);
  const unit = roundBelow(most);
  let x = 0;
  for (const size of [unit, unit / 5]) {
    svg.append("line").attr("x1", x).attr("x2", x + 26).attr("y1", y).attr("y2", y)
      .attr("stroke", INK).attr("stroke-opacity", 0.85).attr("stroke-width", Math.max((WIDEST * size) / most, 0.8));
    const label = `${plain(size)} Mt`;
    write(svg, x + 32, y + 4, label, { size: 11.5, fill: MUTED });
    x += 32 + widthOf(label, 11.5) + 16;
  }
  if (mode === "change") {
    for (const [colour, label] of [[GAIN, "more"], [LOSS, "less"]]) {
      svg.append("line").attr("x1", x).attr("x2", x + 18).attr("y1", y).attr("y2", y)
        .attr("stroke", colour).attr("stroke-width", 3);
      write(svg, x + 23, y + 4, label, { size: 11.5, fill: MUTED });
      x += 23 + widthOf(label, 11.5) + 14;
    }
  }
  const share = Math.round(100 * flow.drawn_share);
  const note = `Bows join seller and buyer (dot); they are no routes. Economies listed apart: ${share} % of traded tonnes.`;
  const beside = x + widthOf(note, 11.5) <= width;
  const lines = beside ? [note] : wrap(note, width, 11.5);
  lines.forEach((text, k) => write(svg, beside ? x : 0, y + 4 + 16 * (beside ? 0 : k + 1), text,
    { size: 11.5, fill: MUTED }));
  return 14 + 16 * (beside ? 0 : lines.length);
}
