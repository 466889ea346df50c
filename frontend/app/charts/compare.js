/** Scenarios on one axis: a row for each country, a mark of its own shape for each scenario, its band as a thin line. */
import { scaleLinear } from "d3-scale";
import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle,
  symbolWye } from "d3-shape";
import { number } from "../../src/core/format.js";
import { INK, MUTED, RULE, SUPPLIERS } from "../../src/core/palette.js";
import { ends, fit, rule, sheet, widthOf, write } from "../../src/core/svg.js";
import { tip } from "../../src/core/tip.js";

const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar,
  symbolWye];
const ROW = 25;
/** Bands of several scenarios lie beside one another. */
const APART = 3;

const shape = (k) => symbol(SHAPES[k % SHAPES.length], k ? 58 : 70)();
const colour = (k) => (k === 0 ? INK : SUPPLIERS[(k - 1) % SUPPLIERS.length]);

export function draw(canvas, chart, { width }) {
  const { scenarios, rows, decimals } = chart.data;
  const signed = /year$/.test(chart.unit) && rows.some((r) => r.values.some((v) => v < 0));
  const band = (row, k) => ends(row.low?.[k], row.high?.[k]);
  const drawn = (row) => scenarios.flatMap((_, k) => band(row, k) ?? []);
  const banded = rows.some((r) => drawn(r).length);
  const tall = banded ? ROW + APART * scenarios.length : ROW;
  const values = rows.flatMap((r) => [...r.values, ...drawn(r)]).filter((v) => v !== null);
  const zero = chart.unit === "USD per tonne" ? [] : [0];
  const names = Math.min(Math.max(...rows.map((r) => widthOf(r.label))) + 14, width * 0.34);
  const x = scaleLinear([Math.min(...values, ...zero), Math.max(...values, ...zero)],
    [names + 8, width - 14]).nice(5);
  const svg = sheet(width, 10);
  const top = key(svg, scenarios, width) + 30;
  const bottom = top + rows.length * tall;
  for (const tick of x.ticks(width < 480 ? 3 : 6)) {
    rule(svg, x(tick), top - 8, x(tick), bottom, tick === 0 ? MUTED : RULE);
    write(svg, x(tick), top - 13, number(tick, tick % 1 ? 1 : 0), { size: 11, fill: MUTED, anchor: "middle" });
  }
  rows.forEach((row, r) => {
    const y = top + r * tall + tall / 2;
    write(svg, 0, y + 4, fit(row.label, names - 8));
    const known = row.values.filter((v) => v !== null);
    if (known.length > 1) rule(svg, x(Math.min(...known)), y, x(Math.max(...known)), y, MUTED);
    scenarios.forEach((_, k) => {
      const own = band(row, k);
      if (!own) return;
      const at = y + (k - (scenarios.length - 1) / 2) * APART;
      svg.append("line").attr("class", "whisker").attr("x1", x(own[0])).attr("x2", x(own[1]))
        .attr("y1", at).attr("y2", at).attr("stroke", colour(k)).attr("stroke-width", 1.5);
    });
    row.values.forEach((value, k) => {
      if (value === null) return;
      tip(svg.append("path").datum(value).attr("class", "mark").attr("d", shape(k))
        .attr("transform", `translate(${x(value)},${y})`).attr("fill", k ? colour(k) : "#ffffff")
        .attr("stroke", colour(k)).attr("stroke-width", 1.5),
      () => [`${row.label}, ${scenarios[k]}`, `${number(value, decimals, signed)} ${chart.unit}`,
        band(row, k) ? `${band(row, k)?.map((end) => number(end, decimals, signed)).join(" to ")}, 5 to 95 %` : "",
        k && row.values[0] !== null
          ? `${number(value - row.values[0], decimals, true)} against ${scenarios[0]}` : ""]
        .filter(Boolean).join("\n"));
    });
  });
  svg.attr("viewBox", `0 0 ${width} ${bottom + 8}`).attr("height", bottom + 8);
  canvas.replaceChildren(svg.node());
}

/** What each shape means; returns its height. */
function key(svg, scenarios, width) {
  let [left, y] = [8, 10];
  scenarios.forEach((label, k) => {
    const words = fit(label, width - 30, 12);
    const wide = 20 + widthOf(words, 12) + 16;
    if (left > 8 && left + wide > width) [left, y] = [8, y + 20];
    svg.append("path").attr("d", shape(k)).attr("transform", `translate(${left},${y})`)
      .attr("fill", k ? colour(k) : "#ffffff").attr("stroke", colour(k)).attr("stroke-width", 1.5);
    write(svg, left + 11, y + 4, words, { size: 12, fill: MUTED });
    left += wide;
  });
  return y + 10;
}
