/** Numbers as readers see them; the same rules as negotiation/words.py. */
import { format } from "d3-format";

const fixed = [0, 1, 2, 3, 4, 5, 6].map((d) => format(`,.${d}f`));

const MORE = 50;

/** The digits that stay of a number written out, where what follows is just half and they are even; as Python rounds. */
function even(exact, more = MORE) {
  const kept = exact.slice(0, -more);
  return /^50*$/.test(exact.slice(-more)) && /[02468]\.?$/.test(kept) ? kept : "";
}

/**
 * A number with thousands commas and a true minus sign.
 * @param {number|null} value
 * @param {number} decimals
 * @param {boolean} signed whether gains carry a plus
 */
export function number(value, decimals = 0, signed = false) {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const kept = size < 1e15 ? even(size.toFixed(decimals + MORE)) : "";
  const text = fixed[decimals](kept ? Number(kept) : size);
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? "−" : signed ? "+" : "") + text;
}

/** A number to two significant digits, as it stands beside a band: 444 is 440, 0.833 is 0.83. */
export function twoDigits(value) {
  if (!Number.isFinite(value)) return value;
  const size = Math.abs(value);
  const [digits, power] = size.toExponential(MORE + 1).split("e");
  const kept = even(digits);
  const short = Number(kept ? `${kept}e${power}` : size.toExponential(1));
  return value < 0 ? -short : short;
}

/**
 * The one rule for what the model says: two digits, and no more decimals than given; what rounds to
 * nothing is 0. `digits_beside` of negotiation/words.py writes the same.
 * @param {number|null} value
 * @param {number} decimals the most digits after the point; one is allowed in any case
 * @param {boolean} signed whether gains carry a plus
 */
export function beside(value, decimals = 1, signed = false) {
  if (value === null || !Number.isFinite(value)) return "–";
  const most = Math.max(decimals, 1);
  if (Math.abs(value) < 0.5 * 10 ** -most) return "0";
  const short = twoDigits(value);
  const needed = Math.max(1 - Math.floor(Math.log10(Math.abs(short))), 0);
  return needed > most ? number(value, most, signed) : number(short, needed, signed);
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

/** A value to two digits with its sign, with as many decimals as they take: +31, −4.7, +0.032. */
export function change(value) {
  return value === 0 ? "0" : beside(value, 6, true);
}
