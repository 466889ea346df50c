/** Who gains and who pays on the world map, and how a commodity moves. */
import { geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { select } from "../core/controls.js";
import { change, number, roundBelow } from "../core/format.js";
import { SEA, borders } from "../core/land.js";
import { GAIN, GAINS, INK, LOSS, LOSSES, MUTED, NEGLIGIBLE, NEUTRAL, RULE } from "../core/palette.js";
import { sheet, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";
import { CLOSED, drawn, trace, routesLegend, words as routeWords } from "../core/routes.js";

const UNITS = [
  { id: "money", label: "USD million a year" },
  { id: "percent", label: "real income, %" },
];
const WIDEST = 9;
const MOST_ARCS = 70;
const SMALL = 24;
const NONE = "no noticeable change";

const MODES = [
  { id: "change", label: "change under the regime" },
  { id: "before", label: "before the measures" },
  { id: "under", label: "under the regime" },
];
const WAY_MODES = [
  { id: "routes-before", label: "routes before the measures", state: "before" },
  { id: "routes-under", label: "routes under the regime", state: "under" },
];
const NO_MODE = { id: "none", label: "not shown" };

export function controls(parent, chart, state, redraw) {
  const { views, flows } = chart.data;
  Object.assign(state, { view: views[0].id, unit: "money", mode: "change", flow: 0 });
  const on = (key) => (value) => { state[key] = value; redraw(); };
  select(parent, "Effect of", views, state.view, on("view"));
  select(parent, "in", UNITS, state.unit, on("unit"));
  if (flows.length > 1) {
    const goods = flows.map((f, k) => ({ id: String(k), label: f.label }));
    select(parent, "Flows of", goods, "0", on("flow"));
  }
  if (flows.length) {
    const label = flows.length > 1 ? "as" : `${flows[0].label} flows`;
    const modes = [...MODES, ...(chart.data.exits.length ? WAY_MODES : []), NO_MODE];
    select(parent, label, modes, state.mode, on("mode"));
  }
}

/** The title of the chosen view. */
export function titleOf(chart, state) {
  const view = chart.data.views.find((v) => v.id === state.view);
  return { title: view.title, unit: UNITS.find((u) => u.id === state.unit)?.label };
}

/** Every view's numbers, for the csv file. */
export function tableOf(chart, { names }) {
  const { views } = chart.data;
  return {
    columns: [
      { key: "country" }, { key: "code" },
      ...views.flatMap(({ id }) => [{ key: id, unit: "USD million a year" },
        { key: `${id}-real-income`, unit: "%" }]),
    ],
    rows: Object.keys(views[0].money).map((code) => [names[code] ?? code, code,
      ...views.flatMap((view) => [view.money[code], view.percent[code]])]),
  };
}

/** Four thresholds, a factor of ten apart, that suit every view alike; money begins where it counts. */
function thresholds(views, unit) {
  const most = Math.max(1e-3, ...views.flatMap((v) => Object.values(v[unit]).map(Math.abs)));
  const least = unit === "money" ? Math.round(Math.log10(NEGLIGIBLE)) + 3 : -Infinity;
  const top = Math.max(Math.floor(Math.log10(most)), least);
  return [top - 3, top - 2, top - 1, top].map((k) => 10 ** k);
}

/** What is not noticeable has no colour, in whichever unit it is shown. */
function colourOf(value, steps, money) {
  if (Math.abs(money) < NEGLIGIBLE) return NEUTRAL;
  const k = steps.filter((s) => Math.abs(value) >= s).length - 1;
  if (k < 0) return NEUTRAL;
  return (value < 0 ? LOSSES : GAINS)[k];
}

export function draw(canvas, chart, { width, world, names, state }) {
  const { views, flows, exits, apart } = chart.data;
  const view = views.find((v) => v.id === state.view);
  const flow = flows[Number(state.flow)];
  const arcs = flow && MODES.some((m) => m.id === state.mode) ? arcsOf(flow, state.mode) : [];
  const lines = WAY_MODES.find((m) => m.id === state.mode)?.state;
  const routes = lines ? exits.filter((e) => e.good === flow.good).flatMap((e) => e.routes) : [];
  const steps = thresholds(views, state.unit);
  const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(width, { type: "Sphere" });
  const path = geoPath(projection);
  const shapes = /** @type {any} */ (feature(world, world.objects.countries)).features;
  const [[, top]] = path.bounds({ type: "Sphere" });
  const [, south] = /** @type {[number, number]} */ (projection([11, -57]));
  const height = south - top;
  const key = legendRows(width);
  const svg = sheet(width, Math.ceil(height + key.height));
  hatch(svg);
  const clip = svg.append("defs").append("clipPath").attr("id", "map-frame");
  clip.append("rect").attr("width", width).attr("height", height);
  const plate = svg.append("g").attr("clip-path", "url(#map-frame)");
  const known = new Set(apart);
  plate.append("path").attr("d", path({ type: "Sphere" })).attr("fill", SEA);
  const fill = (code) => known.has(code) ? colourOf(view[state.unit][code], steps, view.money[code]) : "url(#rest)";
  const words = (code) => [
    names[code] ?? code,
    known.has(code)
      ? `${change(view.money[code])} USD million a year\n${change(view.percent[code])} % of real income`
      : "not listed apart in the data (rest of the world)",
  ].join("\n");
  tip(plate.append("g").selectAll("path").data(shapes).join("path")
    .attr("class", "country")
    .attr("data-code", (d) => d.id)
    .attr("d", path)
    .attr("fill", (d) => fill(d.id)), (d) => words(d.id));
  borders(plate, world, path);
  const small = shapes.filter((d) => known.has(d.id) && path.area(d) < SMALL);
  tip(plate.append("g").selectAll("circle").data(small).join("circle")
    .attr("class", "country-dot")
    .attr("transform", (d) => `translate(${projection(geoCentroid(d))})`)
    .attr("r", 3.2).attr("stroke", MUTED).attr("stroke-width", 0.7)
    .attr("fill", (d) => fill(d.id)), (d) => words(d.id));
  drawArcs(plate, arcs, { shapes, projection, names, flow });
  if (routes.length) drawRoutes(plate, routes, lines, projection);
  drawLegend(svg, 0, height + 16, steps, key);
  if (arcs.length) {
    const y = height + key.height + 12;
    const total = Math.ceil(y + drawArcLegend(svg, y, width, flow, arcs, state.mode));
    svg.attr("viewBox", `0 0 ${width} ${total}`).attr("height", total);
  }
  if (routes.length) {
    const y = height + key.height + 12;
    const total = Math.ceil(y + routesLegend(svg, y, width, routes, WIDEST));
    svg.attr("viewBox", `0 0 ${width} ${total}`).attr("height", total);
  }
  canvas.replaceChildren(svg.node());
}

/** The routes out of the exporter through their points, the closed ones dashed and named. */
function drawRoutes(plate, routes, state, projection) {
  const marks = drawn(routes, state, WIDEST);
  const group = plate.append("g").attr("fill", "none").attr("stroke-linecap", "round");
  group.selectAll(".casing").data(marks).join("path").attr("class", "casing")
    .attr("d", (d) => trace(d.route, projection)).attr("stroke", "#ffffff").attr("stroke-opacity", 0.7)
    .attr("stroke-width", (d) => d.width + 1.8).attr("pointer-events", "none");
  tip(group.selectAll(".route").data(marks).join("path").attr("class", "route")
    .attr("d", (d) => trace(d.route, projection))
    .attr("stroke", (d) => (d.closed ? CLOSED : INK)).attr("stroke-opacity", 0.9)
    .attr("stroke-width", (d) => (d.closed ? 1.6 : d.width))
    .attr("stroke-dasharray", (d) => (d.closed ? "5 4" : null)), (d) => routeWords(d.route));
  const named = [];
  for (const { route } of marks.filter((d) => d.closed)) {
    const [x, y] = projection(route.port);
    if (named.some(([u, v]) => Math.hypot(u - x, v - y) < 40)) continue;
    named.push([x, y]);
    write(plate, x - 2, y + 13, "closed", { size: 10.5, anchor: "end", weight: 600 })
      .attr("stroke", "#ffffff").attr("stroke-width", 3).attr("paint-order", "stroke")
      .attr("pointer-events", "none");
  }
}

function hatch(svg) {
  const pattern = svg.append("defs").append("pattern").attr("id", "rest")
    .attr("patternUnits", "userSpaceOnUse").attr("width", 5).attr("height", 5)
    .attr("patternTransform", "rotate(45)");
  pattern.append("rect").attr("width", 5).attr("height", 5).attr("fill", "#f4f5f6");
  pattern.append("rect").attr("width", 1.4).attr("height", 5).attr("fill", "#cfd4d8");
}

/** The flows to draw in one mode: the largest, with their size. */
function arcsOf(flow, mode) {
  const size = {
    before: (r) => r[2], under: (r) => r[3], change: (r) => r[3] - r[2],
  }[mode];
  const all = flow.rows.map((row) => ({ row, size: size(row) }));
  const most = Math.max(...all.map((a) => Math.abs(a.size)), 1e-9);
  return all.filter((a) => Math.abs(a.size) >= Math.max(0.01 * most, 0.02))
    .sort((a, b) => Math.abs(b.size) - Math.abs(a.size))
    .slice(0, MOST_ARCS)
    .map((a) => ({ ...a, signed: mode === "change", width: WIDEST * Math.abs(a.size) / most }))
    .reverse();
}

const arcColour = (a) => (!a.signed ? INK : a.size < 0 ? LOSS : GAIN);

/** A bow between two points of the drawing, bulging north: it joins seller and buyer, no route. */
function bow([x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const bulge = dx < 0 ? 0.3 : -0.3;
  const cx = (x1 + x2) / 2 - bulge * dy;
  const cy = Math.max((y1 + y2) / 2 + bulge * dx, -0.5 * Math.min(y1, y2));
  const round = (v) => Math.round(v * 10) / 10;
  return `M${round(x1)},${round(y1)}Q${round(cx)},${round(cy)} ${round(x2)},${round(y2)}`;
}

function drawArcs(plate, arcs, { shapes, projection, names, flow }) {
  const points = new Map(shapes.map((d) => [d.id, d.properties.point]));
  const placed = arcs.filter(({ row }) => points.has(row[0]) && points.has(row[1]));
  const words = ({ row: [from, to, before, under] }) =>
    `${names[from]} to ${names[to]}\nbefore ${number(before, 2)} Mt, under the regime `
    + `${number(under, 2)} Mt\n${flow.label}, ${number(under - before, 2, true)} Mt`;
  const line = ({ row }) => bow(projection(points.get(row[0])), projection(points.get(row[1])));
  const group = plate.append("g").attr("fill", "none").attr("stroke-linecap", "round");
  group.selectAll(".casing").data(placed).join("path").attr("class", "casing")
    .attr("d", line).attr("stroke", "#ffffff").attr("stroke-opacity", 0.55)
    .attr("stroke-width", (a) => Math.max(a.width, 0.8) + 1.6).attr("pointer-events", "none");
  tip(group.selectAll(".arc").data(placed).join("path")
    .attr("class", "arc")
    .attr("d", line)
    .attr("stroke", arcColour)
    .attr("stroke-opacity", 0.85)
    .attr("stroke-width", (a) => Math.max(a.width, 0.8)), words);
  group.selectAll("circle").data(placed).join("circle")
    .attr("transform", ({ row }) => `translate(${projection(points.get(row[1]))})`)
    .attr("r", (a) => 1.6 + a.width / 2.6)
    .attr("fill", arcColour).attr("stroke", "#ffffff").attr("stroke-width", 0.8)
    .attr("pointer-events", "none");
}

function legendRows(width) {
  const narrow = width < 620;
  return { cell: Math.min(64, (width - 4) / 9), height: narrow ? 110 : 70, narrow };
}

function plain(value) {
  return value >= 1 ? number(value) : String(Number(value.toPrecision(1)));
}

function drawLegend(svg, x, y, steps, { cell, narrow }) {
  const colours = [...LOSSES.toReversed(), NEUTRAL, ...GAINS];
  const edges = [...steps.toReversed().map((s) => `−${plain(s)}`), ...steps.map(plain)];
  colours.forEach((colour, k) => svg.append("rect").attr("x", x + k * cell).attr("y", y)
    .attr("width", cell).attr("height", 11).attr("fill", colour).attr("stroke", "#ffffff"));
  edges.forEach((edge, k) => write(svg, x + (k + 1) * cell, y + 25, edge,
    { size: narrow ? 9.5 : 11.5, fill: MUTED, anchor: "middle" }));
  const [left, top] = narrow ? [x, y + 38] : [x + 9 * cell + 18, y];
  svg.append("rect").attr("x", left).attr("y", top).attr("width", 18).attr("height", 11)
    .attr("fill", "url(#rest)").attr("stroke", RULE);
  write(svg, left + 24, top + 10, "not listed apart in the data", { size: 11.5, fill: MUTED });
  svg.append("line").attr("x1", left).attr("x2", left + 18).attr("y1", top + 21)
    .attr("y2", top + 21).attr("stroke", MUTED).attr("stroke-dasharray", "2 2");
  write(svg, left + 24, top + 25, "status of boundary undetermined", { size: 11.5, fill: MUTED });
  svg.append("rect").attr("class", "none").attr("x", left).attr("y", top + 32).attr("width", 18).attr("height", 11)
    .attr("fill", NEUTRAL).attr("stroke", RULE);
  write(svg, left + 24, top + 42, NONE, { size: 11.5, fill: MUTED });
}

/** How wide an arc is, and what its colours mean; returns its height. */
function drawArcLegend(svg, y, width, flow, arcs, mode) {
  const last = arcs.at(-1);
  const unit = roundBelow(Math.abs(last.size));
  const samples = [unit, unit / 5].map((size) => ({ size, width: last.width * size / Math.abs(last.size) }));
  let x = 0;
  for (const sample of samples) {
    svg.append("line").attr("x1", x).attr("x2", x + 26).attr("y1", y).attr("y2", y)
      .attr("stroke", INK).attr("stroke-opacity", 0.85).attr("stroke-width", Math.max(sample.width, 0.8));
    const label = `${plain(sample.size)} Mt`;
    write(svg, x + 32, y + 4, label, { size: 11.5, fill: MUTED });
    x += 32 + widthOf(label, 11.5) + 16;
  }
  if (mode === "change") {
    for (const [colour, label] of [[GAIN, "more"], [LOSS, "less"]]) {
      svg.append("line").attr("x1", x).attr("x2", x + 18).attr("y1", y).attr("y2", y)
        .attr("stroke", colour).attr("stroke-width", 3);
      write(svg, x + 23, y + 4, label, { size: 11.5, fill: MUTED });
      x += 23 + widthOf(label, 11.5) + 14;
    }
  }
  const share = Math.round(100 * flow.drawn_share);
  const note = `Bows join seller and buyer (dot); they are no routes. Drawn: economies listed apart, ${share} % of traded tonnes.`;
  const beside = x + widthOf(note, 11.5) <= width;
  const lines = beside ? [note] : wrap(note, width, 11.5);
  lines.forEach((line, k) => write(svg, beside ? x : 0, y + 4 + 16 * (beside ? 0 : k + 1), line,
    { size: 11.5, fill: MUTED }));
  return 14 + 16 * (beside ? 0 : lines.length);
}
