/** Packages that all would sign by what two parties gain, with the points that pick one each. */
import { scaleLinear } from "d3-scale";
import { symbol, symbolCross, symbolDiamond, symbolSquare, symbolTriangle } from "d3-shape";
import { select } from "../core/controls.js";
import { change, number } from "../core/format.js";
import { INK, MUTED, REST, RULE, SUPPLIERS } from "../core/palette.js";
import { heading, rule, sheet, trim, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const SHAPES = [symbolTriangle, symbolSquare, symbolDiamond, symbolCross];

const setOf = (chart, state) => chart.data.sets.find((s) => s.id === state.set);

export function controls(parent, chart, state, redraw) {
  const { sets } = chart.data;
  Object.assign(state, { set: sets[0].id, x: 0, y: Math.min(1, sets[0].parties.length - 1) });
  const axes = document.createElement("span");
  axes.className = "controls";
  const fill = () => {
    axes.replaceChildren();
    const { parties } = setOf(chart, state);
    if (parties.length < 3) return;
    const choices = parties.map((label, k) => ({ id: String(k), label }));
    for (const [axis, label] of [["x", "Across"], ["y", "Upwards"]]) {
      select(axes, label, choices, String(state[axis]), (value) => {
        state[axis] = Number(value);
        redraw();
      });
    }
  };
  if (sets.length > 1) {
    select(parent, "Signed by", sets, state.set, (value) => {
      Object.assign(state, { set: value, x: 0, y: 1 });
      fill();
      redraw();
    });
  }
  parent.append(axes);
  fill();
}

/** Every package of the chosen set that is drawn, for the csv file. */
export function tableOf(chart, { state }) {
  const { parties, dots, measures } = setOf(chart, state);
  const { unit } = chart.data;
  return {
    columns: [{ key: "package" }, ...parties.map((p) => ({ key: `gain of ${p}`, unit })), { key: "on the front" }],
    rows: dots.map((d) => [named(measures, d), ...d.gain, d.front ? "yes" : "no"]),
  };
}

const named = (measures, d) => d.changed.map((k) => measures[k]).join("; ");

export function draw(canvas, chart, { width, state }) {
  const { parties, dots, marks, measures, left: hidden } = setOf(chart, state);
  const { unit } = chart.data;
  const [i, k] = [state.x, state.y];
  const height = Math.round(Math.min(width * 0.72, 460));
  const ends = (p) => dots.map((d) => d.gain[p]).concat(0);
  const y0 = scaleLinear([Math.min(...ends(k)), Math.max(...ends(k))], [0, 1]).nice(5);
  const left = Math.max(...y0.ticks(5).map((t) => widthOf(number(t), 11))) + 12;
  const x = scaleLinear([Math.min(...ends(i)), Math.max(...ends(i))], [left + 8, width - 14])
    .nice(5);
  const y = y0.copy().range([height, 34]);
  const svg = sheet(width, height + 60);
  heading(svg, 0, 13, `${parties[k]} gains`);
  for (const t of x.ticks(width < 500 ? 4 : 7)) {
    rule(svg, x(t), 30, x(t), height + 4, t === 0 ? MUTED : RULE);
    write(svg, x(t), height + 18, number(t), { size: 11, fill: MUTED, anchor: "middle" });
  }
  for (const t of y.ticks(5)) {
    rule(svg, left + 4, y(t), width - 4, y(t), t === 0 ? MUTED : RULE);
    write(svg, left, y(t) + 4, number(t), { size: 11, fill: MUTED, anchor: "end" });
  }
  write(svg, width - 4, height + 36, `${parties[i]} gains →`, { weight: 600, anchor: "end" });
  const words = (d) => [named(measures, d), ...parties.map((p, n) => `${p} ${change(d.gain[n])} ${unit}`)].join("\n");
  const spots = svg.append("g").selectAll("circle")
    .data(dots.toSorted((a, b) => a.front - b.front)).join("circle")
    .attr("class", "package").attr("cx", (d) => x(d.gain[i])).attr("cy", (d) => y(d.gain[k]))
    .attr("r", (d) => (d.front ? 4 : 2.6)).attr("fill", (d) => (d.front ? "#ffffff" : REST))
    .attr("stroke", (d) => (d.front ? INK : "none")).attr("stroke-width", 1.4);
  tip(spots, words);
  origin(svg, x(0), y(0));
  points(svg, grouped(marks, i, k), { x, y, i, k, width, height, words });
  trim(svg, width, height + 44 + key(svg, height + 56, width, hidden));
  canvas.replaceChildren(svg.node());
}

function origin(svg, x, y) {
  const mark = svg.append("g").attr("stroke", INK).attr("stroke-width", 1.8);
  mark.append("path").attr("d", `M${x - 5},${y - 5}l10,10M${x - 5},${y + 5}l10,-10`);
  tip(mark.datum({}), () => "Status quo\nnothing changes, nobody gains");
}

/** Points that pick one package, or look alike from here, share a label. */
function grouped(marks, i, k) {
  const groups = new Map();
  for (const [n, mark] of marks.entries()) {
    const at = `${mark.gain[i]} ${mark.gain[k]}`;
    groups.set(at, [...(groups.get(at) ?? []), { ...mark, n }]);
  }
  return [...groups.values()];
}

function points(svg, groups, { x, y, i, k, width, height, words }) {
  const boxes = groups.map(([m]) => [x(m.gain[i]) - 8, y(m.gain[k]) - 8, x(m.gain[i]) + 8, y(m.gain[k]) + 8]);
  for (const group of groups) {
    const [first] = group;
    const [px, py] = [x(first.gain[i]), y(first.gain[k])];
    tip(svg.append("path").datum(first).attr("class", "point")
      .attr("d", symbol(SHAPES[first.n % SHAPES.length], 150)())
      .attr("transform", `translate(${px},${py})`).attr("fill", SUPPLIERS[first.n])
      .attr("stroke", "#ffffff").attr("stroke-width", 1.2),
    () => `${group.map((m) => m.label).join(", ")}\n${words(first)}`);
    const lines = wrap(group.map((m) => m.label).join(", "), Math.min(width * 0.45, 260), 12, 600);
    const wide = Math.max(...lines.map((line) => widthOf(line, 12, 600)));
    const tall = lines.length * 15;
    const [above, below, middle] = [py - 10 - tall, py + 10, py - tall / 2];
    const spots = [[px + 11, middle], [px - 11 - wide, middle], [px - wide / 2, above],
      [px - wide / 2, below], [px + 8, above], [px + 8, below], [px - 8 - wide, above],
      [px - 8 - wide, below]];
    /** @param {number[]} spot */
    const free = ([left, top]) => left > 2 && left + wide < width - 2 && top > 18
      && top + tall < height && !boxes.some(([x0, y0, x1, y1]) => left < x1 && left + wide > x0
        && top < y1 && top + tall > y0);
    const [left, top] = spots.find(free)
      ?? [Math.max(2, Math.min(px + 11, width - wide - 2)), below];
    boxes.push([left, top, left + wide, top + tall]);
    lines.forEach((line, n) => write(svg, left, top + 11.5 + 15 * n, line, { size: 12, weight: 600 })
      .attr("stroke", "#ffffff").attr("stroke-width", 3).attr("paint-order", "stroke")
      .attr("stroke-linejoin", "round").attr("pointer-events", "none"));
  }
}

function key(svg, top, width, hidden) {
  let [left, y] = [0, top];
  const entry = (label, mark) => {
    const wide = 16 + widthOf(label, 12) + 16;
    if (left && left + wide > width) [left, y] = [0, y + 18];
    mark(svg.append("g").attr("transform", `translate(${left + 5},${y})`));
    write(svg, left + 15, y + 4, label, { size: 12, fill: MUTED });
    left += wide;
  };
  entry("on the Pareto front", (g) => g.append("circle").attr("r", 4).attr("fill", "#ffffff")
    .attr("stroke", INK).attr("stroke-width", 1.4));
  entry("another package that all would sign", (g) => g.append("circle").attr("r", 2.8)
    .attr("fill", REST));
  entry("status quo", (g) => g.append("path").attr("d", "M-4,-4l8,8M-4,4l8,-8").attr("stroke", INK)
    .attr("stroke-width", 1.8));
  if (hidden) {
    y += 18;
    write(svg, 0, y + 4, `${number(hidden)} more packages lie where these do.`, { size: 12, fill: MUTED });
  }
  return y - top + 24;
}
