/** How cells of a table are written; the same rules as report/html.py. No page is needed. */
import { beside, number } from "../../src/core/format.js";
import type { Column, Table } from "../store/model";

const GENERAL = -1;
const SCIENTIFIC = -2;
const TWO_DIGITS = -3;
const MINUS = "−";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const sign = (text: string) => text.replace(/-/g, MINUS);
const superscript = (n: number) => [...String(n)].map((c) => ({ "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³" }[c]
  ?? String.fromCharCode(0x2070 + Number(c)))).join("");

function scientific(value: number) {
  if (value === 0) return "0";
  const [digits, power] = value.toExponential(1).split("e");
  return `${sign(digits)} × 10${superscript(Number(power))}`;
}

/** Where the band of each number stands: the columns of its ends; nothing for one without. */
export function bandsIn(columns: Column[]): ([number, number] | null)[] {
  const at = new Map(columns.map((c, k) => [c.key, k]));
  return columns.map(({ key }) => {
    const of = key.replace(/_(low|high)$/, "");
    const [low, high] = [at.get(`${of}_low`), at.get(`${of}_high`)];
    return low === undefined || high === undefined ? null : [low, high];
  });
}

/** A cell as it is written; a number that stands beside a band has two digits. */
export function shown(column: Column, cell: any, banded = false): string {
  if (typeof cell === "number") {
    if (column.decimals === GENERAL) return sign(String(Number(cell.toPrecision(6))));
    if (column.decimals === SCIENTIFIC) return scientific(cell);
    if (column.decimals === TWO_DIGITS) return beside(cell, 2, column.signed);
    return banded ? beside(cell, column.decimals, column.signed) : number(cell, column.decimals, column.signed);
  }
  if (column.kind === "number" || cell === null) return "–";
  if (column.kind !== "date") return String(cell);
  return String(cell).replace(/(\d{4})-(\d\d)-(\d\d)/g,
    (_, y, m, d) => `${Number(d)} ${MONTHS[Number(m) - 1]} ${y}`);
}

/** Whether a cell is a gain or a loss. */
export function tone(column: Column, cell: any, banded = false): string {
  if (!column.toned || typeof cell !== "number" || !/[1-9]/.test(shown(column, cell, banded))) return "";
  return cell < 0 ? "loss" : "gain";
}

/** How wide each column is: `long`, `short` or between. */
export function widths(table: Table): string[] {
  return table.columns.map((column, k) => {
    const longest = Math.max(0, ...table.rows.map((row) =>
      (Array.isArray(row[k]) ? row[k].map((l) => l.text).join("; ") : shown(column, row[k])).length));
    return longest > 44 ? "long" : longest <= 22 ? "short" : "";
  });
}

/** The table with the headings that readers see, as its files carry them; each stands once. */
export function labelled<T extends Pick<Table, "columns">>(table: T): T {
  const words = table.columns.map((c) => c.label || c.key);
  const whole = table.columns.map((c, k) => `${words[k]} (${c.unit})`);
  return { ...table, columns: table.columns.map((c, k) => ({ ...c,
    key: whole.indexOf(whole[k]) === whole.lastIndexOf(whole[k]) ? words[k] : `${words[k]} [${c.key}]` })) };
}
