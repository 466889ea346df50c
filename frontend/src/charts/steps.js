/**
 * Quantities that hold from one date to the next, as steps, in panels with scales of their own. A panel
 * of `plain` quantities has no signs, and its scale begins where they do.
 */
import { scaleLinear } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import { change, decimalsFor, number } from "../core/format.js";
import { INK, MUTED, RULE, SUPPLIERS } from "../core/palette.js";
import { fit, heading, rule, sheet, widthOf, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const TALL = 210;
const TOP = 26;
const FOOT = 26;
const LABEL = 13.5;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dayOf = (text) => Date.parse(`${text}T00:00:00Z`);

function words(text) {
  const date = new Date(dayOf(text));
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

export function draw(canvas, chart, { width }) {
  const { dates, panels, assessed } = chart.data;
  const days = dates.map(dayOf);
  const last = Math.max(days.at(-1), dayOf(assessed));
  const end = last + 0.06 * (last - days[0] || 864e5);
  const labels = panels.flatMap((p) => p.series.map((s) => widthOf(s.label, 11.5, 600) + figure(p, s)));
  const gutter = Math.min(Math.max(...labels) + 14, width * 0.42);
  const ticks = panels.map((p) => yScale(p).ticks(4));
  const left = Math.max(...ticks.flat().map((t) => widthOf(number(t), 11))) + 10;
  const x = scaleLinear([days[0], end], [left, width - gutter]);
  const heights = panels.map((p) => Math.max(TALL, p.series.length * LABEL + 20));
  const height = heights.reduce((sum, h) => sum + TOP + h + FOOT + 12, 0);
  const svg = sheet(width, height);
  const colours = coloursOf(panels.flatMap((p) => p.series));
  let top = 0;
  panels.forEach((panel, k) => {
    const group = svg.append("g").attr("transform", `translate(0,${top})`);
    onePanel(group, panel, { x, days, end, tall: heights[k], ticks: ticks[k], colours, width, chart });
    top += TOP + heights[k] + FOOT + 12;
  });
  canvas.replaceChildren(svg.node());
}

/** A value in the words of its panel: a gain or loss with its sign, a plain quantity with three digits. */
const said = (panel, value) => (panel.plain
  ? number(value, decimalsFor(panel.series.flatMap((s) => s.values))) : change(value));

const figure = (panel, series) => widthOf(` ${said(panel, series.values.at(-1))}`, 11.5) + 3;

function yScale(panel) {
  const all = panel.series.flatMap((s) => s.values);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  // Prices far from zero would be flat lines on a scale that begins there.
  const ends = panel.plain && low > 0.3 * high ? [low, high] : [Math.min(0, low), Math.max(0, high)];
  return scaleLinear(ends, [1, 0]).nice(4);
}

/** A colour for each series: the one that it has elsewhere, or one that none of the others has. */
function coloursOf(all) {
  const taken = new Set(all.map((s) => s.colour));
  const free = SUPPLIERS.map((_, k) => k).filter((k) => !taken.has(k));
  let next = 0;
  return new Map(all.map((s) => {
    if (typeof s.colour === "number") return [s, SUPPLIERS[s.colour % SUPPLIERS.length]];
    next += 1;
    return [s, SUPPLIERS[free.length ? free[(next - 1) % free.length] : (next - 1) % SUPPLIERS.length]];
  }));
}

function onePanel(group, panel, { x, days, end, tall, ticks, colours, width, chart }) {
  const y = yScale(panel).range([TOP + tall, TOP]);
  const [left, right] = x.range();
  heading(group, 0, 13, fit(panel.label, width, 13));
  for (const tick of ticks) {
    rule(group, left, y(tick), right, y(tick), tick === 0 ? MUTED : RULE);
    write(group, left - 6, y(tick) + 4, number(tick), { size: 11, fill: MUTED, anchor: "end" });
  }
  years(group, x, days[0], end, TOP + tall);
  const seen = x(dayOf(chart.data.assessed));
  rule(group, seen, TOP - 4, seen, TOP + tall, INK).attr("stroke-dasharray", "2 3");
  write(group, seen - 4, TOP + tall - 5, "assessed", { size: 10.5, fill: MUTED, anchor: "end" });
  const step = line().curve(curveStepAfter).x((d) => x(d[0])).y((d) => y(d[1]));
  const points = (s) => [...days.map((d, t) => [d, s.values[t]]), [end, s.values.at(-1)]];
  group.append("g").attr("fill", "none").selectAll("path").data(panel.series).join("path")
    .attr("class", "step").attr("d", (s) => step(points(s))).attr("stroke-width", 2)
    .attr("stroke-linejoin", "round").attr("stroke", (s) => colours.get(s));
  const spread = apart(panel.series.map((s) => y(s.values.at(-1))), TOP + 4, TOP + tall);
  panel.series.forEach((s, k) => {
    const text = write(group, right + 6, spread[k] + 4,
      fit(s.label, (width - right - 12 - figure(panel, s)) / 1.06, 11.5),
      { size: 11.5, fill: colours.get(s), weight: 600 });
    text.append("tspan").attr("fill", MUTED).attr("font-weight", 400)
      .text(` ${said(panel, s.values.at(-1))}`);
  });
  hover(group, panel, { x, days, end, tall, chart });
}

function years(group, x, first, last, y) {
  const [from, to] = [first, last].map((d) => new Date(d).getUTCFullYear());
  for (let year = from + 1; year <= to; year += 1) {
    const at = x(Date.UTC(year, 0, 1));
    rule(group, at, y, at, y + 5, MUTED);
    write(group, at, y + 18, String(year), { size: 11, fill: MUTED, anchor: "middle" });
  }
}

/** Heights of labels, at least a line apart. */
function apart(wanted, top, bottom) {
  const order = wanted.map((y, k) => ({ y, k })).sort((a, b) => a.y - b.y);
  order.forEach((d, n) => { if (n) d.y = Math.max(d.y, order[n - 1].y + LABEL); else d.y = Math.max(d.y, top); });
  for (let n = order.length - 1; n >= 0; n -= 1) {
    const limit = n === order.length - 1 ? bottom : order[n + 1].y - LABEL;
    order[n].y = Math.min(order[n].y, limit);
  }
  return order.sort((a, b) => a.k - b.k).map((d) => d.y);
}

/** Every regime answers to the pointer over the whole height. */
function hover(group, panel, { x, days, end, tall, chart }) {
  const spans = days.map((day, t) => ({ t, from: x(day), to: x(days[t + 1] ?? end) }));
  tip(group.append("g").selectAll("rect").data(spans).join("rect").attr("class", "span")
    .attr("x", (d) => d.from).attr("y", TOP).attr("width", (d) => Math.max(d.to - d.from, 1))
    .attr("height", tall).attr("fill", "#ffffff").attr("fill-opacity", 0),
  ({ t }) => [
    `From ${words(chart.data.dates[t])}`, chart.data.changes[t],
    ...panel.series.map((s) => `${s.label} ${said(panel, s.values[t])}`),
  ].filter(Boolean).join("\n"));
}
