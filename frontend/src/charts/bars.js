/** Those who pay and those who gain, ranked, on one scale. */
import { scaleLinear } from "d3-scale";
import { beside, change } from "../core/format.js";
import { GAIN, LOSS, MUTED } from "../core/palette.js";
import { ends, fit, heading, rule, sheet, whisker, widthOf, within, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const ROW = 23;
const TOP = 30;

export function draw(canvas, chart, { width }) {
  const sides = [
    { rows: chart.data.pay, label: "Who pays", colour: LOSS, sign: -1 },
    { rows: chart.data.gain, label: "Who gains", colour: GAIN, sign: 1 },
  ].filter((side) => side.rows.length);
  const all = sides.flatMap((side) => side.rows);
  if (!all.length) {
    const empty = sheet(width, 30);
    write(empty, 0, 18, "No economy gains or loses noticeably.", { fill: MUTED });
    canvas.replaceChildren(empty.node());
    return;
  }
  const reach = (d) => Math.max(Math.abs(d.value), ...(ends(d.low, d.high) ?? []).map(Math.abs));
  const most = Math.max(...all.map(reach));
  const wide = width >= 640;
  const panel = wide ? (width - 36) / 2 : width;
  const names = Math.min(Math.max(...all.map((d) => widthOf(d.label))) + 10, panel * 0.36);
  const figures = 118;
  const x = scaleLinear([0, most], [0, panel - names - figures]);
  const tall = (side) => TOP + side.rows.length * ROW + 14;
  const height = wide ? Math.max(...sides.map(tall)) : sides.reduce((s, d) => s + tall(d), 0);
  const svg = sheet(width, height);
  let [left, top] = [0, 0];
  for (const side of sides) {
    const group = svg.append("g").attr("transform", `translate(${left},${top})`);
    heading(group, 0, 14, side.label);
    write(group, panel, 14, "USD million · % of real income",
      { size: 11, fill: MUTED, anchor: "end" });
    rule(group, names, TOP - 4, names, TOP + side.rows.length * ROW);
    side.rows.forEach((d, k) => {
      const y = TOP + k * ROW;
      const size = x(Math.abs(d.value));
      const band = ends(d.low, d.high);
      write(group, 0, y + 13, fit(d.label, names - 8));
      tip(group.append("rect").datum(d).attr("class", "bar").attr("x", names).attr("y", y)
        .attr("width", Math.max(size, 0.75)).attr("height", ROW - 7).attr("fill", side.colour),
      () => `${d.label}\n${change(d.value)} USD million a year${within(band)}\n${change(d.percent)} % of real income`);
      if (band) whisker(group, band.map((end) => names + x(side.sign * end)), y + (ROW - 7) / 2, names);
      const value = beside(d.value, 1, true);
      const end = names + x(band ? Math.max(Math.abs(d.value), ...band.map((v) => side.sign * v)) : Math.abs(d.value));
      write(group, end + 6, y + 13, value, { size: 12 });
      write(group, end + 12 + widthOf(value, 12), y + 13, `${change(d.percent)} %`,
        { size: 11, fill: MUTED });
    });
    if (wide) left += panel + 36;
    else top += tall(side);
  }
  canvas.replaceChildren(svg.node());
}
