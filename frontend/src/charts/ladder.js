/** Steps in turn: who takes each, and what every party has gained once it is taken. */
import { scaleLinear } from "d3-scale";
import { change } from "../core/format.js";
import { GAIN, INK, LOSS, MUTED, NEGLIGIBLE, NEUTRAL, RULE } from "../core/palette.js";
import { fit, paragraph, rule, sheet, trim, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const LEFT = 34;
const GAP = 10;

export function draw(canvas, chart, { width }) {
  const { parties, steps, breaks } = chart.data;
  const wide = width >= 640;
  const split = wide ? Math.round(width * 0.44) : LEFT;
  const column = (width - split) / parties.length;
  const most = Math.max(...steps.flatMap((s) => s.gain.map(Math.abs)), 1e-9);
  const reach = scaleLinear([0, most], [0, column - GAP - 4]);
  const svg = sheet(width, 10);
  const line = svg.append("line").attr("stroke", MUTED).attr("stroke-width", 2);
  const head = { size: 11.5, weight: 600 };
  if (wide) parties.forEach((p, k) => write(svg, split + k * column, 12, fit(p, column - GAP, 11.5), head));
  let y = wide ? 30 : 10;
  const first = y + 6;
  let last = first;
  steps.forEach((step, n) => {
    if (breaks?.turn === n) y = broken(svg, breaks, y, width);
    last = y + 6;
    const texts = svg.append("g");
    let low = y + 10;
    if (step.owner) low += paragraph(texts, LEFT, low, step.owner, split - LEFT - 14 > 80 ? split - LEFT - 14 : width - LEFT, { weight: 600 });
    low += paragraph(texts, LEFT, low, step.label, wide ? split - LEFT - 14 : width - LEFT, { size: 12.5 });
    mark(svg, 11, y + 6, n);
    let base = wide ? y + 10 : low + 2;
    if (!wide) {
      parties.forEach((p, k) => write(svg, split + k * column, base, fit(p, column - 6, 10.5),
        { size: 10.5, fill: MUTED }));
      base += 15;
    }
    step.gain.forEach((value, k) => gain(svg, { value, party: parties[k], step },
      split + k * column, base, reach));
    y = Math.max(low, base + 18) + 12;
    if (n + 1 < steps.length) rule(svg, LEFT, y - 10, width, y - 10, RULE);
  });
  if (breaks?.turn === steps.length) y = broken(svg, breaks, y, width);
  line.attr("x1", 11).attr("x2", 11).attr("y1", first).attr("y2", last);
  trim(svg, width, y);
  canvas.replaceChildren(svg.node());
}

/** Where somebody would rather not go on. */
function broken(svg, breaks, y, width) {
  const low = y + 4 + paragraph(svg, LEFT, y + 8, `Here it unravels: ${breaks.said}`, width - LEFT,
    { size: 12.5, weight: 600, fill: LOSS });
  svg.append("path").attr("d", `M4,${y - 2}l14,12M4,${y + 10}l14,-12`).attr("stroke", LOSS)
    .attr("stroke-width", 2);
  return low + 6;
}

function mark(svg, x, y, n) {
  svg.append("circle").attr("cx", x).attr("cy", y).attr("r", 10).attr("fill", n ? INK : "#ffffff")
    .attr("stroke", INK).attr("stroke-width", 1.6);
  if (n) write(svg, x, y + 4.2, String(n), { size: 12, fill: "#ffffff", anchor: "middle", weight: 600 });
}

function gain(svg, { value, party, step }, x, y, reach) {
  const text = Math.abs(value) > 0 ? change(value) : "0";
  const none = Math.abs(value) < NEGLIGIBLE;
  const colour = none ? MUTED : value < 0 ? LOSS : GAIN;
  write(svg, x, y, text, { size: 12.5, fill: colour });
  tip(svg.append("rect").datum(step).attr("class", "bar").attr("x", x).attr("y", y + 6)
    .attr("width", Math.max(reach(Math.abs(value)), 0.75)).attr("height", 6)
    .attr("fill", none ? NEUTRAL : value < 0 ? "#ffffff" : colour).attr("stroke", colour),
  () => `${party}\n${text} after: ${step.label}`);
}
