/** The surroundings of one exporter twice, before and under the regime, with the routes out of it. */
import { geoConicConformal, geoMercator, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { number } from "../core/format.js";
import { SEA, borders } from "../core/land.js";
import { INK, MUTED, RULE, SUPPLIERS } from "../core/palette.js";
import { heading, sheet, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";
import { CLOSED, drawn, trace, routesLegend, words } from "../core/routes.js";

const WIDEST = 12;
const TOP = 26;
const GAP = 24;
const LAND = "#e6e4dd";
const HOME = "#d3cfc3";
const PAD = 44;

export function draw(canvas, chart, { width, world, names }) {
  const { states, routes } = chart.data;
  const wide = width >= 620;
  const panel = wide ? (width - GAP) / 2 : width;
  const projection = fitted(chart.data.frame, panel);
  const height = projection.height;
  const svg = sheet(width, 10);
  const shapes = /** @type {any} */ (feature(world, world.objects.countries)).features;
  states.forEach((state, k) => {
    const [left, top] = wide ? [k * (panel + GAP), 0] : [0, k * (TOP + height + 22)];
    const group = svg.append("g").attr("transform", `translate(${left},${top})`);
    heading(group, 0, 14, state.label);
    write(group, panel, 14, `${number(state.total, 1)} Mt by these routes`,
      { size: 12, fill: MUTED, anchor: "end" });
    const plate = group.append("g").attr("transform", `translate(0,${TOP})`);
    onePanel(plate, chart, state.id, { ...projection, panel, shapes, world, names });
  });
  const body = wide ? TOP + height : 2 * (TOP + height) + 22;
  const total = Math.ceil(body + 18 + routesLegend(svg, body + 18, width, routes, WIDEST));
  svg.attr("viewBox", `0 0 ${width} ${total}`).attr("height", total);
  canvas.replaceChildren(svg.node());
}

/** A projection that shows the frame's points with room for their names. */
function fitted(points, panel) {
  const lats = points.map((p) => p[1]);
  const lons = points.map((p) => p[0]);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const conic = south * north > 0 && Math.min(Math.abs(south), Math.abs(north)) > 15;
  const base = (conic ? geoConicConformal().parallels([south, Math.max(north, south + 1)]) : geoMercator())
    .rotate([-(Math.min(...lons) + Math.max(...lons)) / 2, 0]);
  /** @type {import("geojson").MultiPoint} */
  const all = { type: "MultiPoint", coordinates: points };
  const [[x0, y0], [x1, y1]] = geoPath(base.fitWidth(1000, all)).bounds(all);
  const tall = ((y1 - y0) / (x1 - x0)) * (panel - 2 * PAD) + 2 * PAD;
  const height = Math.round(Math.max(240, Math.min(tall, 470)));
  base.fitExtent([[PAD, PAD * 0.75], [panel - PAD, height - PAD * 0.75]], all)
    .clipExtent([[0, 0], [panel, height]]);
  return { base, height };
}

function onePanel(plate, chart, state, { base, height, panel, shapes, world, names }) {
  const path = geoPath(base);
  const id = `frame-${chart.id}-${state}`;
  plate.append("clipPath").attr("id", id).append("rect").attr("width", panel).attr("height", height);
  const land = plate.append("g").attr("clip-path", `url(#${id})`);
  land.append("rect").attr("width", panel).attr("height", height).attr("fill", SEA);
  land.append("g").selectAll("path").data(shapes.filter((d) => path(d))).join("path")
    .attr("d", path).attr("fill", (d) => (d.id === chart.data.origin ? HOME : LAND))
    .attr("pointer-events", "none");
  borders(land, world, path);
  const at = (point) => base(point);
  const lines = drawn(chart.data.routes, state, WIDEST);
  const colour = (d) => (d.closed ? CLOSED : SUPPLIERS[d.k % SUPPLIERS.length]);
  tip(land.append("g").attr("fill", "none").attr("stroke-linecap", "round")
    .selectAll("path").data(lines).join("path").attr("class", "route")
    .attr("d", (d) => trace(d.route, at)).attr("stroke", colour)
    .attr("stroke-width", (d) => (d.closed ? 1.8 : d.width))
    .attr("stroke-dasharray", (d) => (d.closed ? "5 4" : null)), (d) => words(d.route));
  const boxes = [];
  const marks = lines.map((d) => ({ ...d, ...anchor(d.route, at, panel, height) }));
  land.selectAll("circle").data(marks.filter((d) => d.inside)).join("circle")
    .attr("cx", (d) => d.x).attr("cy", (d) => d.y).attr("r", 3.6)
    .attr("fill", "#ffffff").attr("stroke", colour).attr("stroke-width", 1.6)
    .attr("pointer-events", "none");
  for (const d of marks) boxes.push([d.x - 4, d.y - 4, d.x + 4, d.y + 4]);
  const crossed = lines.filter((d) => d.width > 2.5).flatMap((d) => beads(d, at));
  for (const d of marks.toSorted((a, b) => b.size - a.size)) {
    const carried = d.closed ? "closed" : `${number(d.size, d.size < 0.995 ? 2 : 1)} Mt`;
    const label = d.inside ? d.route.label : `${d.route.label} →`;
    place(land, d, [...wrap(label, 116, 11.5, 600), carried],
      { boxes, crossed, panel, height, fill: d.closed ? MUTED : INK });
  }
  const [home] = chart.data.routes;
  if (home) {
    const [x, y] = at(home.via[0]);
    place(land, { x, y }, [names[chart.data.origin]],
      { boxes, crossed, panel, height, fill: MUTED, optional: true });
  }
  for (const shape of shapes) {
    if (shape.id === chart.data.origin) continue;
    if (path.area(shape) < 900) continue;
    const [x, y] = path.centroid(shape);
    place(land, { x, y, centre: true }, [names[shape.id] ?? shape.id],
      { boxes, crossed, panel, height, fill: MUTED, optional: true });
  }
  plate.append("rect").attr("width", panel).attr("height", height).attr("fill", "none")
    .attr("stroke", RULE).attr("pointer-events", "none");
}

/** Where a route's name stands: at its port, or where it leaves the frame. */
function anchor(route, at, panel, height) {
  /** @param {number[]} point */
  const inside = ([x, y]) => x >= 4 && x <= panel - 4 && y >= 4 && y <= height - 4;
  const port = at(route.port);
  if (inside(port)) return { x: port[0], y: port[1], inside: true };
  const points = route.via.map(at);
  const k = points.findIndex((p) => !inside(p));
  const [a, b] = [points[Math.max(k - 1, 0)], points[Math.max(k, 0)]];
  let [x, y] = a;
  for (let t = 0; t <= 1; t += 0.02) {
    const p = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    if (!inside(p)) break;
    [x, y] = p;
  }
  return { x, y, inside: false };
}

/** Small boxes along a thick line, which names keep off where they can. */
function beads(d, at) {
  const half = d.width / 2;
  const points = d.route.via.map(at);
  return points.slice(1).flatMap(([x1, y1], k) => {
    const [x0, y0] = points[k];
    const count = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 8));
    return Array.from({ length: count }, (_, n) => {
      const [x, y] = [x0 + (n / count) * (x1 - x0), y0 + (n / count) * (y1 - y0)];
      return [x - half, y - half, x + half, y + half];
    });
  });
}

/**
 * Writes lines beside a point where nothing stands yet.
 * @param {any} group
 * @param {{x: number, y: number, centre?: boolean}} point
 * @param {string[]} lines
 * @param {{boxes: number[][], crossed: number[][], panel: number, height: number, fill: string, optional?: boolean}} room
 */
function place(group, { x, y, centre }, lines, { boxes, crossed, panel, height, fill, optional }) {
  const size = optional ? 10.5 : 11.5;
  const bold = (k) => !optional && k < lines.length - 1;
  const wide = Math.max(...lines.map((text, k) => widthOf(text, size, bold(k) ? 600 : 400)));
  const tall = lines.length * 13;
  /** @param {number[]} spot */
  const over = ([left, top]) => (/** @type {number[]} */ [x0, y0, x1, y1]) => left < x1 + 2 && left + wide > x0 - 2
    && top < y1 + 1 && top + tall > y0 - 1;
  const spots = centre ? [[x - wide / 2, y - tall / 2]] : [8, 16, 28, 44].flatMap((gap) => [
    [x + gap, y - tall / 2], [x - gap - wide, y - tall / 2], [x - wide / 2, y - gap - tall],
    [x - wide / 2, y + gap], [x + gap, y - gap - tall], [x + gap, y + gap],
    [x - gap - wide, y - gap - tall], [x - gap - wide, y + gap],
  ]);
  const fits = (spot) => spot[0] >= 2 && spot[1] >= 2 && spot[0] + wide <= panel - 2
    && spot[1] + tall <= height - 2 && !boxes.some(over(spot));
  const free = spots.filter(fits);
  const spot = free.find((s) => !crossed.some(over(s))) ?? (optional ? undefined : free[0]);
  if (!spot) return;
  boxes.push([spot[0], spot[1], spot[0] + wide, spot[1] + tall]);
  lines.forEach((text, k) => write(group, spot[0], spot[1] + 10.5 + 13 * k, text,
    { size, fill: bold(k) ? fill : MUTED, weight: bold(k) ? 600 : 400 })
    .attr("stroke", optional ? null : "#ffffff").attr("stroke-opacity", 0.85)
    .attr("stroke-width", 3).attr("paint-order", "stroke").attr("stroke-linejoin", "round")
    .attr("pointer-events", "none"));
}
