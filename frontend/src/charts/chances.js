/** How often answers are yes over the draws, as bars from none to all of them. */
import { scaleLinear } from "d3-scale";
import { number } from "../core/format.js";
import { INK, MUTED, REST, RULE } from "../core/palette.js";
import { paragraph, rule, sheet, trim, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const BAR = 10;

export function draw(canvas, chart, { width }) {
  const svg = sheet(width, 10);
  const x = scaleLinear([0, 1], [0, width - 52]);
  let y = 0;
  for (const group of chart.data.groups) {
    y += 7 + paragraph(svg, 0, y + 14, group.label, width, { weight: 600 });
    for (const row of group.rows) {
      y += paragraph(svg, 0, y + 11, row.label, width, { size: 12.5 }) + 1;
      svg.append("rect").attr("x", 0).attr("y", y).attr("width", x(1)).attr("height", BAR)
        .attr("fill", "#ffffff").attr("stroke", RULE);
      tip(svg.append("rect").datum(row).attr("class", "bar").attr("y", y)
        .attr("width", Math.max(x(row.chance), 0.75)).attr("height", BAR)
        .attr("fill", row.central ? INK : REST).attr("stroke", INK).attr("stroke-width", 0.8),
      (d) => `${d.label}\n${number(100 * d.chance)} % of the draws${d.said ? `\n${d.said}` : ""}`);
      rule(svg, x(0.5), y - 1, x(0.5), y + BAR + 1, MUTED).attr("stroke-dasharray", "2 2");
      write(svg, width, y + 9.5, `${number(100 * row.chance)} %`, { size: 12.5, anchor: "end" });
      y += BAR + 4;
      if (row.said) y += paragraph(svg, 0, y + 9, row.said, width, { size: 11.5, fill: MUTED });
      y += 9;
    }
    y += 6;
  }
  y = key(svg, y, width);
  trim(svg, width, y);
  canvas.replaceChildren(svg.node());
}

function key(svg, top, width) {
  let y = top;
  for (const [fill, label] of [[INK, "yes at central values"], [REST, "no at central values"]]) {
    svg.append("rect").attr("x", 0).attr("y", y).attr("width", 20).attr("height", BAR)
      .attr("fill", fill).attr("stroke", INK).attr("stroke-width", 0.8);
    y += paragraph(svg, 28, y + 9.5, label, width - 28, { size: 12, fill: MUTED }) + 3;
  }
  return y;
}
