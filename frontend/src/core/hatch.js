/** Fills that differ in pattern as well as in colour, so that they also read on paper. */
import { INK, SUPPLIERS } from "./palette.js";

const SIZE = 7;
const LINES = [
  ["M0,7L7,0"], ["M0,0L7,7"], ["M0,3.5L7,3.5"], ["M3.5,0L3.5,7"],
  ["M0,7L7,0", "M0,0L7,7"], ["M0,3.5L7,3.5", "M3.5,0L3.5,7"], ["M1.5,3.5L4.5,3.5"],
];
/** What money is drawn in; interests follow in the colours of suppliers. */
export const MONEY = INK;

/**
 * A fill for each of `count` parts: the first solid and dark, the others hatched.
 * @param {string} id unique on the page
 */
export function hatches(svg, id, count) {
  const defs = svg.append("defs");
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return MONEY;
    const colour = SUPPLIERS[(k - 1) % SUPPLIERS.length];
    const again = Math.floor((k - 1) / SUPPLIERS.length);
    const lines = LINES[(k - 1 + again) % LINES.length];
    const name = `hatch-${id}-${k}`;
    const pattern = defs.append("pattern").attr("id", name).attr("width", SIZE)
      .attr("height", SIZE).attr("patternUnits", "userSpaceOnUse");
    pattern.append("rect").attr("width", SIZE).attr("height", SIZE).attr("fill", colour)
      .attr("fill-opacity", 0.45);
    pattern.selectAll("path").data(lines).join("path").attr("d", (d) => d)
      .attr("stroke", colour).attr("stroke-width", 1.6).attr("fill", "none");
    return `url(#${name})`;
  });
}
