/** Colours and type of every chart; text colours pass WCAG AA on white. */
export const INK = "#1b2127";
export const MUTED = "#56616b";
export const RULE = "#d4d9dd";
export const LOSS = "#a8431a";
export const GAIN = "#17638a";
export const NEUTRAL = "#f0eee8";
/** Amounts that are neither gains nor losses, as tonnes sold. */
export const AMOUNT = "#43488f";
export const REST = "#c6cbd0";

/** Below this many USD million a year nothing is called a gain or a loss, or coloured as one. */
export const NEGLIGIBLE = 0.1;

/** Four steps away from nothing, faint to strong. */
export const LOSSES = ["#f7dccc", "#eeb293", "#d67a4c", "#a8431a"];
export const GAINS = ["#d3e5ee", "#9bc4d9", "#5197b8", "#17638a"];

/** One colour per supplier, told apart also by those who see red and green alike. */
export const SUPPLIERS = [
  "#17638a", "#c77c11", "#7a3b69", "#4c7a4b", "#43488f", "#4fa3a5", "#b65d5d", "#7d6e45",
];

export const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';

/**
 * Black or white, whichever reads better on the colour.
 * @param {string} hex
 */
export function onColour(hex) {
  const [r, g, b] = [1, 3, 5].map((k) => {
    const c = parseInt(hex.slice(k, k + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return light > 0.22 ? INK : "#ffffff";
}
