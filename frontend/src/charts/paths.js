/** Paths of improvement from the status quo to where nobody moves on, as a tree. */
import { INK, MUTED, RULE } from "../core/palette.js";
import { paragraph, sheet, trim } from "../core/svg.js";
import { tip } from "../core/tip.js";

const R = 7;

export function draw(canvas, chart, { width }) {
  const { nodes } = chart.data;
  const indent = width >= 640 ? 34 : 20;
  const svg = sheet(width, 10);
  const lines = svg.append("g").attr("fill", "none");
  const at = new Map();
  let y = 12;
  for (const node of nodes) {
    const x = R + 2 + node.depth * indent;
    at.set(node.id, { x, y });
    const parent = at.get(node.parent);
    if (parent) {
      lines.append("path").attr("d", `M${parent.x},${parent.y + R}V${y}H${x - R}`)
        .attr("stroke", node.together ? INK : MUTED).attr("stroke-width", node.together ? 2.4 : 1.3);
    }
    circle(svg, node, x, y);
    const left = x + R + 9;
    let low = y + 4;
    low += paragraph(svg, left, low, node.head, width - left, { weight: 600 });
    if (node.text) low += paragraph(svg, left, low, node.text, width - left, { size: 12.5 });
    if (node.foot) low += paragraph(svg, left, low, node.foot, width - left, { size: 12, fill: MUTED });
    y = low + 14;
  }
  y = key(svg, y + 2, width);
  trim(svg, width, y);
  canvas.replaceChildren(svg.node());
}

function circle(svg, node, x, y) {
  const mark = svg.append("circle").datum(node).attr("class", "state").attr("cx", x).attr("cy", y)
    .attr("r", R).attr("fill", node.stable ? INK : "#ffffff").attr("stroke", INK)
    .attr("stroke-width", 1.6);
  tip(mark, (d) => [d.head, d.text, d.foot].filter(Boolean).join("\n"));
  if (node.depth === 0) {
    svg.append("circle").attr("cx", x).attr("cy", y).attr("r", R - 3.4).attr("fill", "none")
      .attr("stroke", node.stable ? "#ffffff" : INK).attr("stroke-width", 1.2)
      .attr("pointer-events", "none");
  }
}

function key(svg, top, width) {
  svg.append("line").attr("x1", 0).attr("x2", width).attr("y1", top - 10).attr("y2", top - 10)
    .attr("stroke", RULE);
  let y = top + 8;
  const entry = (label, mark) => {
    mark(svg.append("g").attr("transform", `translate(14,${y - 4})`));
    y += paragraph(svg, 36, y, label, width - 36, { size: 12, fill: MUTED }) + 3;
  };
  const dot = (fill) => (g) => g.append("circle").attr("r", 5.5).attr("fill", fill)
    .attr("stroke", INK).attr("stroke-width", 1.5);
  const stroke = (colour, wide) => (g) => g.append("line").attr("x1", -12).attr("x2", 12)
    .attr("stroke", colour).attr("stroke-width", wide);
  entry("stable for all parties", dot(INK));
  entry("somebody would move on", dot("#ffffff"));
  entry("a move of one party by which it gains", stroke(MUTED, 1.3));
  entry("a move of several together by which each gains", stroke(INK, 2.4));
  return y;
}
