/** What each move would change for its owner: money and every interest, stacked from nothing. */
import { scaleLinear } from "d3-scale";
import { change } from "../core/format.js";
import { hatches } from "../core/hatch.js";
import { INK, MUTED, RULE } from "../core/palette.js";
import { legend, paragraph, rule, sheet, trim } from "../core/svg.js";
import { tip } from "../core/tip.js";

const BAR = 14;

export function draw(canvas, chart, { width }) {
  const { components, groups } = chart.data;
  const rows = groups.flatMap((g) => g.rows);
  const svg = sheet(width, 10);
  const used = components.map((label, k) => ({ label, k }))
    .filter(({ k }) => k === 0 || rows.some((r) => Math.abs(r.parts[k]) > 0));
  const fills = [];
  hatches(svg, chart.id, used.length).forEach((fill, n) => { fills[used[n].k] = fill; });
  let y = legend(svg, 0, 0, width, used.map(({ label, k }) => ({ label, colour: fills[k] }))) + 4;
  const [low, high] = extent(rows);
  for (const group of groups) {
    const times = magnified(extent(group.rows), [low, high]);
    const x = scaleLinear([low / times, high / times], [4, width - 4]);
    const name = times > 1 ? `${group.label} (bars drawn ${times} times as long)` : group.label;
    y += 5 + paragraph(svg, 0, y + 14, name, width, { weight: 600 });
    if (group.note) y += paragraph(svg, 0, y + 9, group.note, width, { size: 12, fill: MUTED }) + 4;
    for (const row of group.rows) y = oneRow(svg, row, y, { x, width, components, fills });
    y += 12;
  }
  trim(svg, width, y);
  canvas.replaceChildren(svg.node());
}

/** How many times as long small bars are drawn, from the same zero. */
function magnified(own, whole) {
  const room = Math.min(...[0, 1].map((k) => (Math.abs(own[k]) > 1e-9 ? whole[k] / own[k] : Infinity)));
  return room < 10 ? 1 : Math.max(...[1, 5, 10, 50, 100, 500, 1000].filter((t) => t <= room));
}

function extent(rows) {
  const sums = rows.flatMap((r) => [-1, 1].map((s) =>
    r.parts.filter((p) => p * s > 0).reduce((a, b) => a + b, 0)));
  return [Math.min(0, ...sums), Math.max(0, ...sums, 1e-9)];
}

function oneRow(svg, row, top, { x, width, components, fills }) {
  let y = top + 12;
  y += paragraph(svg, 0, y, row.label, width, { size: 12.5 }) - 8;
  const edges = { [-1]: 0, 1: 0 };
  const parts = row.parts.map((value, k) => ({ value, k })).filter((d) => d.value !== 0);
  for (const part of parts) {
    const side = Math.sign(part.value);
    part.from = edges[side];
    edges[side] += part.value;
    part.to = edges[side];
  }
  rule(svg, x.range()[0], y + BAR / 2, x.range()[1], y + BAR / 2, RULE);
  tip(svg.append("g").selectAll("rect").data(parts).join("rect").attr("class", "bar")
    .attr("x", (d) => x(Math.min(d.from, d.to))).attr("y", y).attr("height", BAR)
    .attr("width", (d) => Math.max(Math.abs(x(d.to) - x(d.from)), 0.75))
    .attr("fill", (d) => fills[d.k]).attr("stroke", "#ffffff").attr("stroke-width", 0.5),
  (d) => `${components[d.k]}\n${change(d.value)} ${row.unit}`);
  rule(svg, x(0), y - 3, x(0), y + BAR + 3, INK);
  const at = x(row.total);
  svg.append("path").attr("d", `M${at},${y - 3}l4.5,${BAR / 2 + 3}l-4.5,${BAR / 2 + 3}l-4.5,${-BAR / 2 - 3}z`)
    .attr("fill", "#ffffff").attr("stroke", INK).attr("stroke-width", 1.3)
    .attr("pointer-events", "none");
  y += BAR + 14;
  const figures = parts.map((d) => `${components[d.k]} ${change(d.value)}`);
  const said = [...figures, `in all ${change(row.total)}`].join(" · ");
  y += paragraph(svg, 0, y, said + (row.said ? ` – ${row.said}` : ""), width, { size: 11.5, fill: MUTED });
  return y + 2;
}

