/** Who gains and who pays on the world map with an inset for Europe, and how a commodity moves. */
import { geoAzimuthalEqualArea, geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { WIDEST, arcLegend, arcsOf, drawArcs } from "../core/arcs.js";
import { select } from "../core/controls.js";
import { change, number } from "../core/format.js";
import { SEA, borders } from "../core/land.js";
import { GAINS, INK, LOSSES, MUTED, NEGLIGIBLE, NEUTRAL, RULE } from "../core/palette.js";
import { sheet, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";
import { CLOSED, drawn, trace, routesLegend, words as routeWords } from "../core/routes.js";

const UNITS = [
  { id: "money", label: "USD million a year" },
  { id: "percent", label: "real income, %" },
];
/** Countries drawn smaller than this have a dot, square pixels. */
const SMALL = 24;
/** From this width on the inset stands beside the world, else below it. */
const BESIDE = 700;
const GAP = 10;
/** Corners of the inset, lon-lat. */
/** @type {import("geojson").MultiPoint} */
const EUROPE = { type: "MultiPoint", coordinates: [[-9.5, 37], [36, 37], [13, 35.3], [13, 62.5]] };
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

/** The country that was tapped or pressed: it stays while the state of the page changes. */
let kept = "";

export function draw(canvas, chart, { width, world, names, state }) {
  const { views, flows, exits, apart } = chart.data;
  const view = views.find((v) => v.id === state.view);
  const flow = flows[Number(state.flow)];
  const mode = flow && MODES.some((m) => m.id === state.mode) ? state.mode : "";
  const lines = WAY_MODES.find((m) => m.id === state.mode)?.state;
  const routes = lines ? exits.filter((e) => e.good === flow.good).flatMap((e) => e.routes) : [];
  const steps = thresholds(views, state.unit);
  const known = new Set(apart);
  const places = framesOf(width);
  const key = legendRows(width);
  const svg = sheet(width, 10).attr("aria-hidden", null);
  hatch(svg);
  const fill = (code) => known.has(code) ? colourOf(view[state.unit][code], steps, view.money[code]) : "url(#rest)";
  const values = (code) => (known.has(code)
    ? [`${change(view.money[code])} USD million a year`, `${change(view.percent[code])} % of real income`]
    : ["not listed apart in the data (rest of the world)"]);
  const words = (code) => [names[code] ?? code, ...values(code)].join("\n");
  const shapes = /** @type {any} */ (feature(world, world.objects.countries)).features;
  const frames = places.map((place) => frame(svg, place, { world, shapes, known, fill, words }));
  frames.filter((f) => f.inset).forEach((f) => nameCountries(f, { shapes, known, view, names }));
  for (const f of frames) if (routes.length) drawRoutes(f.routes, routes, lines, f.projection);
  let y = Math.max(...places.map((p) => p.y + p.height)) + 16;
  drawLegend(svg, 0, y, steps, key);
  y += key.height - 16;
  const said = svg.append("g").attr("class", "on-screen");
  const point = pointing(frames, { said, shapes, known, names, values, flow, mode, width, y });
  y += 2 * LINE + 6;
  if (mode) y += arcLegend(said, y + 6, width, flow, mode) + 6;
  if (routes.length) y += routesLegend(svg, y + 12, width, routes, WIDEST) + 12;
  svg.attr("viewBox", `0 0 ${width} ${Math.ceil(y)}`).attr("height", Math.ceil(y));
  canvas.setAttribute("role", "group");
  canvas.replaceChildren(svg.node());
  point();
}

/** The world, and Europe beside or below it: where each stands, and how it is projected. */
function framesOf(width) {
  const wide = width >= BESIDE;
  const one = wide ? Math.floor(0.6 * width) : width;
  const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(one, { type: "Sphere" });
  const [[, top]] = geoPath(projection).bounds({ type: "Sphere" });
  const [, south] = /** @type {[number, number]} */ (projection([11, -57]));
  const world = { id: "world", x: 0, y: 0, width: one, height: south - top, projection, inset: false };
  const two = wide ? width - one - GAP : width;
  const near = geoAzimuthalEqualArea().rotate([-13, -52]).fitWidth(two, EUROPE);
  const [[, north], [, low]] = geoPath(near).bounds(EUROPE);
  const [dx, dy] = near.translate();
  near.translate([dx, dy - north]);
  const europe = { id: "europe", x: wide ? one + GAP : 0, y: wide ? 0 : world.height + GAP, width: two,
    height: low - north, projection: near, inset: true };
  return [world, europe];
}

/** Land with its colours in one frame; the groups into which more is drawn. */
function frame(svg, place, { world, shapes, known, fill, words }) {
  const { projection, inset } = place;
  const path = geoPath(projection);
  const clip = `map-${place.id}`;
  svg.append("defs").append("clipPath").attr("id", clip).append("rect")
    .attr("width", place.width).attr("height", place.height);
  const outer = svg.append("g").attr("transform", `translate(${place.x},${place.y})`);
  const plate = outer.append("g").attr("class", place.id).attr("clip-path", `url(#${clip})`);
  if (inset) plate.append("rect").attr("width", place.width).attr("height", place.height).attr("fill", SEA);
  else plate.append("path").attr("d", path({ type: "Sphere" })).attr("fill", SEA);
  // What lies far from an inset would be bent around it. The smallest islands are points without bounds.
  const near = inset ? shapes.filter((d) => seen(path.bounds(d), place) || inside(projection(d.properties.point), place))
    : shapes;
  tip(plate.append("g").selectAll("path").data(near).join("path")
    .attr("class", "country")
    .attr("data-code", (d) => d.id)
    .attr("d", path)
    .attr("fill", (d) => fill(d.id)), (d) => words(d.id))
    .attr("aria-hidden", (d) => (inset || !known.has(d.id) ? "true" : null));
  borders(plate, world, path);
  const small = near.filter((d) => known.has(d.id) && path.area(d) < SMALL);
  tip(plate.append("g").selectAll("circle").data(small).join("circle")
    .attr("class", "country-dot")
    .attr("data-code", (d) => d.id)
    .attr("transform", (d) => `translate(${projection(geoCentroid(d))})`)
    .attr("r", inset ? 5 : 3.2).attr("stroke", MUTED).attr("stroke-width", 0.7)
    .attr("fill", (d) => fill(d.id)), (d) => words(d.id)).attr("aria-hidden", "true");
  if (inset) {
    outer.append("rect").attr("width", place.width).attr("height", place.height).attr("fill", "none")
      .attr("stroke", RULE);
  }
  const layer = (name) => plate.append("g").attr("class", name);
  return { ...place, path, plate, routes: layer("routes"), outline: layer("outline"), arcs: layer("arcs"), names: layer("names") };
}

const inside = ([x, y], { width, height }) => x > 0 && y > 0 && x < width && y < height;
const seen = ([[x0, y0], [x1, y1]], { width, height }) => x1 > 0 && y1 > 0 && x0 < width && y0 < height;

/** Names on the inset: of those moved most first, each where it covers no other. */
function nameCountries({ names: group, projection, width, height }, { shapes, known, view, names }) {
  const size = 10.5;
  const taken = [];
  const order = shapes.filter((d) => known.has(d.id))
    .sort((a, b) => Math.abs(view.money[b.id]) - Math.abs(view.money[a.id]));
  for (const { id, properties } of order) {
    const [x, y] = projection(properties.point);
    const half = widthOf(names[id], size) / 2 + 2;
    const box = [x - half, y - 6, x + half, y + 6];
    if (half > 48 || box[0] < 2 || box[1] < 2 || box[2] > width - 2 || box[3] > height - 2) continue;
    if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) continue;
    taken.push(box);
    write(group, x, y + 3.5, names[id], { size, anchor: "middle" })
      .attr("stroke", "#ffffff").attr("stroke-width", 2.6).attr("stroke-linejoin", "round")
      .attr("paint-order", "stroke").attr("pointer-events", "none");
  }
}

const LINE = 16;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Shows the country under the pointer, with keyboard focus or tapped: its outline, its figures and what
 * it sells and buys. Returns what shows the one that was kept.
 */
function pointing(frames, { said, shapes, known, names, values, flow, mode, width, y }) {
  const byCode = new Map(shapes.map((d) => [d.id, d]));
  const points = new Map(shapes.map((d) => [d.id, d.properties.point]));
  const text = said.append("g");
  const hint = `Point at a country or tap it: its figures${mode ? `, and with whom it trades ${flow.label.toLowerCase()}` : ""}.`;
  const show = (code) => {
    const of = byCode.get(code);
    const arcs = of && mode ? arcsOf(flow, mode, code) : [];
    for (const f of frames) {
      f.outline.selectAll("*").remove();
      if (of) {
        f.outline.append("path").attr("d", f.path(of)).attr("fill", "none").attr("stroke", INK)
          .attr("stroke-width", 1.8).attr("pointer-events", "none");
        if (f.path.area(of) < 4 * SMALL) {
          f.outline.append("circle").attr("transform", `translate(${f.projection(points.get(code))})`).attr("r", 8)
            .attr("fill", "none").attr("stroke", INK).attr("stroke-width", 1.6).attr("pointer-events", "none");
        }
      }
      drawArcs(f.arcs, arcs, { points, projection: f.projection, names, flow, whole: !f.inset, held: code === kept });
    }
    text.selectAll("*").remove();
    const none = of && mode && known.has(code) && !arcs.length ? ` No noticeable flow of ${flow.label.toLowerCase()}.` : "";
    const words = of ? `${names[code] ?? code}: ${values(code).join(", ")}.${none}` : hint;
    wrap(words, width, 12.5, of ? 600 : 400).slice(0, 2).forEach((line, k) =>
      write(text, 0, y + 14 + LINE * k, line, of ? { size: 12.5, weight: 600 } : { size: 12.5, fill: MUTED }));
    // On paper and in files stands only what was chosen to stay.
    said.attr("class", of && code === kept ? null : "on-screen");
  };
  const keep = (code) => {
    kept = code === kept ? "" : code;
    world.attr("aria-pressed", (d) => String(d.id === kept));
    show(kept || code);
  };
  const world = frames[0].plate.selectAll(".country").filter((d) => known.has(d.id));
  const others = frames.flatMap((f) => [f.plate.selectAll(".country"), f.plate.selectAll(".country-dot")]);
  for (const marks of others) {
    marks.on("pointerenter.pointing", (_, d) => show(d.id)).on("pointerleave.pointing", () => show(kept))
      .on("click.pointing", (_, d) => keep(d.id));
  }
  // One of them is reached by Tab, the others from it by arrows.
  const [first] = known.has(kept) ? [kept] : [...known].filter((code) => byCode.has(code));
  const enter = (code) => world.attr("tabindex", (d) => (d.id === code ? 0 : -1));
  world.attr("role", "button").attr("aria-pressed", (d) => String(d.id === kept))
    .on("focus.pointing", (_, d) => show(d.id)).on("blur.pointing", () => show(kept))
    .on("keydown.pointing", (event, d) => {
      if (event.key === "Enter" || event.key === " ") keep(d.id);
      else if (event.key === "Escape") {
        if (kept) keep(kept);
      } else if (STEPS[event.key]) {
        const next = nearest(d.id, STEPS[event.key], [...known].filter((code) => points.has(code)),
          (code) => frames[0].projection(points.get(code)));
        if (next) {
          enter(next);
          world.filter((one) => one.id === next).node().focus();
        }
      } else return;
      event.preventDefault();
    });
  enter(first);
  return () => show(kept);
}

/** The country that lies nearest in a direction; what lies aside of it counts twice. */
function nearest(from, [dx, dy], codes, at) {
  const [x, y] = at(from);
  let best = "";
  let least = Infinity;
  for (const code of codes) {
    const [u, v] = at(code);
    const ahead = (u - x) * dx + (v - y) * dy;
    const aside = Math.abs((u - x) * dy - (v - y) * dx);
    if (code === from || ahead <= 0 || aside > 2 * ahead) continue;
    if (ahead + 2 * aside < least) [best, least] = [code, ahead + 2 * aside];
  }
  return best;
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
