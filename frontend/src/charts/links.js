/** Who talks to whom: parties around a circle, and how much of what is meant arrives. */
import { number } from "../core/format.js";
import { INK, MUTED } from "../core/palette.js";
import { sheet, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

export function draw(canvas, chart, { width }) {
  const { parties, links } = chart.data;
  const height = Math.round(Math.min(Math.max(width * 0.62, 300), 420));
  const svg = sheet(width, height);
  const [rx, ry] = [Math.min(width / 2 - 62, 300), height / 2 - 40];
  /** @returns {[number, number]} */
  const place = (k) => {
    const turn = (2 * Math.PI * k) / parties.length - Math.PI / 2;
    return [width / 2 + rx * Math.cos(turn), height / 2 + ry * Math.sin(turn)];
  };
  for (const link of links) {
    const [[x1, y1], [x2, y2]] = [place(link.from), place(link.to)];
    tip(svg.append("line").datum(link).attr("class", "channel").attr("x1", x1).attr("y1", y1)
      .attr("x2", x2).attr("y2", y2).attr("stroke", MUTED).attr("stroke-linecap", "round")
      .attr("stroke-width", 1 + 6 * link.fidelity),
    (d) => `${d.label}\n${number(100 * d.fidelity)} % arrives as it was meant${d.said ? `\n${d.said}` : ""}`);
  }
  const boxes = [];
  for (const link of links) label(svg, link, place, boxes);
  parties.forEach((name, k) => party(svg, name, place(k)));
  canvas.replaceChildren(svg.node());
}

/** The share that arrives, on its line where no other label stands yet. */
function label(svg, link, place, boxes) {
  const [[x1, y1], [x2, y2]] = [place(link.from), place(link.to)];
  const text = `${number(100 * link.fidelity)} %`;
  const wide = widthOf(text, 11.5, 600) + 6;
  const spots = [0.5, 0.38, 0.62, 0.3, 0.7].map((t) => [x1 + t * (x2 - x1), y1 + t * (y2 - y1)]);
  /** @param {number[]} spot */
  const free = ([x, y]) => !boxes.some(([a, b, w]) => Math.abs(a - x) < (w + wide) / 2 && Math.abs(b - y) < 16);
  const [x, y] = spots.find(free) ?? spots[0];
  boxes.push([x, y, wide]);
  svg.append("rect").attr("x", x - wide / 2).attr("y", y - 8).attr("width", wide).attr("height", 16)
    .attr("fill", "#ffffff").attr("pointer-events", "none");
  write(svg, x, y + 4, text, { size: 11.5, weight: 600, anchor: "middle" }).attr("pointer-events", "none");
}

function party(svg, name, [x, y]) {
  const lines = wrap(name, 104, 12, 600);
  const wide = Math.max(...lines.map((l) => widthOf(l, 12, 600))) + 14;
  const tall = lines.length * 15 + 8;
  svg.append("rect").attr("x", x - wide / 2).attr("y", y - tall / 2).attr("width", wide)
    .attr("height", tall).attr("rx", 4).attr("fill", "#ffffff").attr("stroke", INK);
  lines.forEach((line, k) => write(svg, x, y - tall / 2 + 15 + 15 * k, line,
    { size: 12, weight: 600, anchor: "middle" }));
}
