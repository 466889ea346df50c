/** What is asked of the trade in a good, and the address that holds it. No page is needed. */

export interface Asked {
  /** HS code or name. */
  good: string;
  /** Codes of countries and groups; empty for all. */
  sellers: string[];
  buyers: string[];
  first: number;
  last: number;
}

/** Years of the flows. */
export const FIRST = 2005;
export const LAST = 2024;

/** What the page opens with: Russian crude oil, from before the invasion of 2022 on. */
export const DEFAULT: Asked = { good: "270900", sellers: ["RUS"], buyers: [], first: 2019, last: LAST };

const listed = (text: string | null) => (text ?? "").split(",").map((one) => one.trim()).filter(Boolean);
const decoded = (text: string) => { try { return decodeURIComponent(text); } catch { return text; } };

/** What an address such as `#goods/270900?from=RUS&years=2019:2024` asks; the server says what is wrong with it. */
export function askedOf(hash: string): Asked {
  const [path, query = ""] = hash.replace(/^#goods\/?/, "").split("?");
  if (!path) return DEFAULT;
  const given = new URLSearchParams(query);
  const [first, last] = (given.get("years") ?? "").split(":").map(Number);
  return {
    good: decoded(path), sellers: listed(given.get("from")), buyers: listed(given.get("to")),
    first: first || LAST - 5, last: last || first || LAST,
  };
}

/** The address of what is asked. */
export function addressOf({ good, sellers, buyers, first, last }: Asked): string {
  const parts = [sellers.length ? `from=${sellers.map(encodeURIComponent).join(",")}` : "",
    buyers.length ? `to=${buyers.map(encodeURIComponent).join(",")}` : "", `years=${first}:${last}`];
  return `#goods/${encodeURIComponent(good)}?${parts.filter(Boolean).join("&")}`;
}

/** The same as the server is asked, with `/page` for how the page shows it. */
export function pathOf({ good, sellers, buyers, first, last }: Asked, page = ""): string {
  const query = new URLSearchParams({ exporter: sellers.join(","), importer: buyers.join(","), years: `${first}:${last}` });
  return `/api/goods/${encodeURIComponent(good)}${page}?${query}`;
}
