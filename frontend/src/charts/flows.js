/** Who sells to whom before and under the regime: two flow diagrams on one scale. */
import { sankey, sankeyLinkHorizontal } from "d3-sankey";
import { number } from "../core/format.js";
import { INK, MUTED, REST, SUPPLIERS } from "../core/palette.js";
import { fit, heading, sheet, widthOf, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const PAD = 9;
const NODE = 9;
const TALL = 430;
const TOP = 28;

export function draw(canvas, chart, { width }) {
  const { panels, sellers, markets, stressed } = chart.data;
  const wide = width >= 760;
  const panel = wide ? (width - 40) / 2 : width;
  const count = Math.max(sellers.length, markets.length);
  const totals = panels.map((p) => p.links.reduce((sum, link) => sum + link[2], 0));
  const scale = (TALL - (count - 1) * PAD) / Math.max(...totals);
  const colour = (name) => {
    const k = sellers.indexOf(name);
    return k === sellers.length - 1 ? REST : SUPPLIERS[k % SUPPLIERS.length];
  };
  const height = TOP + TALL + 16;
  const svg = sheet(width, wide ? height : height * panels.length);
  panels.forEach((data, k) => {
    const group = svg.append("g").attr("transform",
      wide ? `translate(${k * (panel + 40)},0)` : `translate(0,${k * height})`);
    heading(group, 0, 14, data.label);
    write(group, panel, 14, `${number(totals[k], 1)} Mt`, { fill: MUTED, size: 12, anchor: "end" });
    onePanel(group, data, { panel, scale, colour, sellers, markets, stressed, total: totals[k] });
  });
  canvas.replaceChildren(svg.node());
}

function onePanel(group, data, { panel, scale, colour, sellers, markets, stressed, total }) {
  const from = (name) => `from ${name}`;
  const to = (name) => `to ${name}`;
  const used = new Set(data.links.flatMap(([a, b]) => [from(a), to(b)]));
  const nodes = [
    ...sellers.map((name, k) => ({ id: from(name), name, side: 0, rank: k })),
    ...markets.map((name, k) => ({ id: to(name), name, side: 1, rank: k })),
  ].filter((node) => used.has(node.id));
  const links = data.links.map(([a, b, value]) => ({ source: from(a), target: to(b), value, seller: a }));
  const gutters = [sellers, markets].map((list) =>
    Math.min(Math.max(...list.map((name) => widthOf(name, 12))) + 44, panel * 0.4));
  const most = Math.max(...[0, 1].map((s) => nodes.filter((n) => n.side === s).length));
  const layout = /** @type {import("d3-sankey").SankeyLayout<any, any, any>} */ (sankey())
    .nodeId((d) => d.id).nodeWidth(NODE).nodePadding(PAD)
    .nodeAlign((d) => d.side).nodeSort((a, b) => a.rank - b.rank)
    .extent([[gutters[0], TOP], [panel - gutters[1], TOP + total * scale + (most - 1) * PAD]]);
  const graph = layout({ nodes, links });
  tip(group.append("g").attr("fill", "none").selectAll("path").data(graph.links).join("path")
    .attr("class", "link")
    .attr("d", sankeyLinkHorizontal())
    .attr("stroke", (d) => colour(d.seller))
    .attr("stroke-opacity", (d) => (stressed.includes(d.seller) ? 0.55 : 0.2))
    .attr("stroke-width", (d) => Math.max(d.width, 0.5)),
  (d) => `${d.source.name} to ${d.target.name}\n${number(d.value, 2)} Mt`);
  for (const node of graph.nodes) {
    const left = node.side === 0;
    group.append("rect").attr("x", node.x0).attr("y", node.y0).attr("width", NODE)
      .attr("height", Math.max(node.y1 - node.y0, 0.75)).attr("fill", left ? colour(node.name) : INK);
    const value = number(node.value, node.value < 9.95 ? 1 : 0);
    const room = gutters[node.side] - 10 - widthOf(value, 11) - 6;
    const words = write(group, left ? gutters[0] - 6 : panel - gutters[1] + 6, (node.y0 + node.y1) / 2 + 4,
      fit(node.name, room, 12), { size: 12, anchor: left ? "end" : "start" });
    words.append("tspan").attr("fill", MUTED).attr("font-size", 11).text(`  ${value}`);
  }
}
