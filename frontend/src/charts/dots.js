/** Prices before (hollow) and under the regime (filled). */
import { scaleLinear } from "d3-scale";
import { number } from "../core/format.js";
import { INK, MUTED } from "../core/palette.js";
import { fit, heading, rule, sheet, widthOf, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const ROW = 24;
const TOP = 44;

export function draw(canvas, chart, { width }) {
  const panels = chart.data.panels.filter((p) => p.rows.length);
  const all = panels.flatMap((p) => p.rows);
  const wide = width >= 700;
  const panel = wide ? (width - 40) / 2 : width;
  const names = Math.min(Math.max(...all.map((d) => widthOf(d.label))) + 12, panel * 0.36);
  const ends = all.flatMap((d) => [d.before, d.under]);
  const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [names + 8, panel - 62]).nice(4);
  const tall = (p) => TOP + p.rows.length * ROW + 18;
  const key = 24;
  const height = key + (wide ? Math.max(...panels.map(tall)) : panels.reduce((s, p) => s + tall(p), 0));
  const svg = sheet(width, height);
  drawKey(svg);
  let [left, top] = [0, key];
  for (const one of panels) {
    const group = svg.append("g").attr("transform", `translate(${left},${top})`);
    heading(group, 0, 14, one.label);
    const bottom = TOP + one.rows.length * ROW - 4;
    // As many as stand beside each other without touching.
    const widest = Math.max(...x.domain().map((end) => widthOf(number(end), 11))) + 14;
    const most = Math.floor((panel - 62 - names - 8) / widest);
    for (const tick of x.ticks(Math.max(1, Math.min(panel < 420 ? 3 : 5, most - 1)))) {
      rule(group, x(tick), TOP - 8, x(tick), bottom);
      write(group, x(tick), TOP - 13, number(tick), { size: 11, fill: MUTED, anchor: "middle" });
    }
    one.rows.forEach((d, k) => drawRow(group, d, TOP + k * ROW + 8, { x, names, panel }));
    if (wide) left += panel + 40;
    else top += tall(one);
  }
  canvas.replaceChildren(svg.node());
}

function drawKey(svg) {
  svg.append("circle").attr("cx", 6).attr("cy", 8).attr("r", 4.4).attr("fill", "#ffffff")
    .attr("stroke", INK).attr("stroke-width", 1.4);
  write(svg, 16, 12, "before the measures", { size: 12, fill: MUTED });
  const next = 16 + widthOf("before the measures", 12) + 18;
  svg.append("circle").attr("cx", next).attr("cy", 8).attr("r", 5).attr("fill", INK);
  write(svg, next + 10, 12, "under the regime", { size: 12, fill: MUTED });
}

function drawRow(group, d, y, { x, names, panel }) {
  const percent = 100 * (d.under / d.before - 1);
  write(group, 0, y + 4, fit(d.label, names - 8));
  rule(group, x(d.before), y, x(d.under), y, INK).attr("stroke-width", 2.4);
  group.append("circle").attr("cx", x(d.before)).attr("cy", y).attr("r", 4.4)
    .attr("fill", "#ffffff").attr("stroke", INK).attr("stroke-width", 1.4);
  tip(group.append("circle").datum(d).attr("class", "dot").attr("cx", x(d.under)).attr("cy", y)
    .attr("r", 5).attr("fill", INK),
  () => `${d.label}\n${number(d.before)} before, ${number(d.under)} USD per tonne under the regime`);
  write(group, panel, y + 4, `${number(percent, 1, true)} %`, { size: 12, anchor: "end" });
}
