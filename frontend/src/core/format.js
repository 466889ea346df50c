/** Numbers as readers see them; the same rules as negotiation/words.py. */
import { format } from "d3-format";

const fixed = [0, 1, 2, 3, 4, 5, 6].map((d) => format(`,.${d}f`));

/**
 * A number with thousands commas and a true minus sign.
 * @param {number|null} value
 * @param {number} decimals
 * @param {boolean} signed whether gains carry a plus
 */
export function number(value, decimals = 0, signed = false) {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = fixed[decimals](Math.abs(value));
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? "−" : signed ? "+" : "") + text;
}

/**
 * Digits after the point that suit the largest of the values.
 * @param {number[]} values
 */
export function decimalsFor(values, digits = 3) {
  const largest = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  if (largest === 0) return 0;
  return Math.min(Math.max(digits - 1 - Math.floor(Math.log10(largest)), 0), 4);
}

/**
 * The roundest number that is not above the value: 1, 2 or 5 times a power of ten.
 * @param {number} value above zero
 */
export function roundBelow(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ten * ([5, 2].find((k) => k * ten <= value * 1.0001) ?? 1);
}

/** A value to two or three digits with its sign: +31, −4.7, +0.032. */
export function change(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const decimals = size >= 9.95 ? 0 : Math.min(1 - Math.floor(Math.log10(size)), 6);
  return number(value, Math.max(decimals, 0), true);
}
