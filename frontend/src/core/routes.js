/** Routes as lines: as thick as what they carry, dashed where a measure closes them. */
import { curveCatmullRom, line } from "d3-shape";
import { number, roundBelow } from "./format.js";
import { INK, MUTED } from "./palette.js";
import { widthOf, wrap, write } from "./svg.js";

export const CLOSED = "#7d8790";
export const CAVEAT = "Routes as described in the case, not surveyed lines.";

const smooth = line().curve(curveCatmullRom.alpha(0.5));

/** The smooth line of a route through its points. */
export const trace = (route, projection) => smooth(route.via.map(projection));

/** Most that any route carries in any state, Mt. */
export const mostOf = (routes) => Math.max(...routes.flatMap((w) => [w.before, w.under]), 1e-9);

/** The routes as lines of one state; those that carry nothing and are open are left out. */
export function drawn(routes, state, widest) {
  const most = mostOf(routes);
  return routes.map((route, k) => ({
    route, k, size: route[state], closed: route.closed[state],
    width: Math.max((widest * route[state]) / most, 0.8),
  })).filter((d) => d.closed || d.size >= 0.0005)
    .sort((a, b) => b.closed - a.closed || b.width - a.width);
}

/** What a route carries in words, for hovering. */
export function words(route) {
  const room = route.capacity === null ? "" : `\ncapacity ${number(route.capacity, 1)} Mt a year`;
  const closed = route.closed.under ? `\nclosed by ${route.closed_by}` : "";
  const place = route.place && route.place !== route.label ? `\n${route.place}` : "";
  return `${route.label}${place}\nbefore ${number(route.before, 2)} Mt, under the regime `
    + `${number(route.under, 2)} Mt${room}${closed}`;
}

/** How thick a line is and what dashes mean; returns its height. */
export function routesLegend(svg, y, width, routes, widest) {
  const most = mostOf(routes);
  const unit = roundBelow(most);
  let x = 0;
  const sample = (label, thick, dashes) => {
    svg.append("line").attr("x1", x).attr("x2", x + 26).attr("y1", y).attr("y2", y)
      .attr("stroke", dashes ? CLOSED : INK).attr("stroke-width", thick)
      .attr("stroke-dasharray", dashes);
    write(svg, x + 32, y + 4, label, { size: 11.5, fill: MUTED });
    x += 32 + widthOf(label, 11.5) + 16;
  };
  for (const size of [unit, unit / 5]) {
    sample(`${Number(size.toPrecision(1))} Mt`, Math.max((widest * size) / most, 0.8), null);
  }
  sample("closed", 1.6, "5 4");
  const beside = x + widthOf(CAVEAT, 11.5) <= width;
  const lines = beside ? [CAVEAT] : wrap(CAVEAT, width, 11.5);
  lines.forEach((text, k) => write(svg, beside ? x : 0, y + 4 + 16 * (beside ? 0 : k + 1), text,
    { size: 11.5, fill: MUTED }));
  return 14 + 16 * (beside ? 0 : lines.length);
}
