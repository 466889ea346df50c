/** Drawing helpers: a chart's svg and its texts. */
import { create } from "d3-selection";
import { change } from "./format.js";
import { FONT, INK, MUTED, RULE } from "./palette.js";

/** An svg that keeps its proportions when it is scaled to paper. */
export function sheet(width, height) {
  return create("svg")
    .attr("xmlns", "http://www.w3.org/2000/svg")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("width", width)
    .attr("height", height)
    .attr("font-family", FONT)
    .attr("font-size", 13)
    .attr("fill", INK)
    .attr("aria-hidden", "true");
}

/**
 * A line of text.
 * @param {{size?: number, fill?: string, anchor?: string, weight?: number}} style
 */
export function write(parent, x, y, words, style = {}) {
  return parent.append("text")
    .attr("x", x)
    .attr("y", y)
    .attr("font-size", style.size ?? 13)
    .attr("fill", style.fill ?? INK)
    .attr("text-anchor", style.anchor ?? "start")
    .attr("font-weight", style.weight ?? 400)
    .text(words);
}

/** A small heading of a panel. */
export function heading(parent, x, y, words) {
  return write(parent, x, y, words, { weight: 600 });
}

export function rule(parent, x1, y1, x2, y2, stroke = RULE) {
  return parent.append("line")
    .attr("x1", x1).attr("y1", y1).attr("x2", x2).attr("y2", y2)
    .attr("stroke", stroke);
}

/** The band of a figure as a thin line with end strokes; what lies left of `least` is cut off. */
export function whisker(parent, ends, y, least = -Infinity) {
  const [a, b] = [Math.min(...ends), Math.max(...ends)].map((end) => Math.max(end, least));
  const group = parent.append("g").attr("class", "whisker");
  rule(group, a, y, b, y, INK);
  for (const end of [a, b]) if (end > least) rule(group, end, y - 3, end, y + 3, INK);
  return group;
}

/** Both ends of the band of a figure; null where nothing was drawn. */
export const ends = (low, high) => (typeof low === "number" ? [low, high] : null);

/** ' (+2.1 to +4.7, 5 to 95 %)' after a figure in a tip; nothing without a band. */
export function within(band) {
  return band ? ` (${change(band[0])} to ${change(band[1])}, 5 to 95 %)` : "";
}

let ruler = null;

/** Width of a text in pixels. */
export function widthOf(words, size = 13, weight = 400) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(words).width;
}

/** The words broken into lines no wider than `width`. */
export function wrap(words, width, size = 13, weight = 400) {
  const lines = [];
  let line = "";
  for (const word of words.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer, size, weight) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** The words cut with an ellipsis where they are wider than `width`. */
export function fit(words, width, size = 13) {
  if (widthOf(words, size) <= width) return words;
  let cut = words;
  while (cut.length > 1 && widthOf(`${cut}…`, size) > width) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}

/**
 * A legend of coloured squares that wraps; returns its height.
 * @param {{label: string, colour: string, stroke?: string}[]} entries
 */
export function legend(parent, x, y, width, entries) {
  let [left, top] = [x, y];
  for (const { label, colour, stroke = null } of entries) {
    const wide = 18 + widthOf(label, 12) + 14;
    if (left > x && left + wide > x + width) [left, top] = [x, top + 20];
    parent.append("rect").attr("x", left).attr("y", top).attr("width", 12).attr("height", 12)
      .attr("fill", colour).attr("stroke", stroke);
    write(parent, left + 17, top + 10.5, label, { size: 12, fill: MUTED });
    left += wide;
  }
  return top - y + 20;
}

/**
 * Words broken into lines; returns the height that they take.
 * @param {{size?: number, fill?: string, weight?: number}} style
 */
export function paragraph(parent, x, y, words, width, style = {}) {
  const size = style.size ?? 13;
  const step = Math.round(size * 1.32);
  const lines = wrap(words, width, size, style.weight ?? 400);
  lines.forEach((line, k) => write(parent, x, y + k * step, line, style));
  return lines.length * step;
}

/** Heights the svg to what was drawn. */
export function trim(svg, width, height) {
  return svg.attr("viewBox", `0 0 ${width} ${Math.ceil(height)}`).attr("height", Math.ceil(height));
}
