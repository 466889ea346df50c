/** What a measure that is added is made of. No page is needed. */
import type { Sheet } from "../store/model";

/** What it can set, with the number that each needs: key, label, value at first. */
export const SETS: { id: string; label: string; number: [string, string, number] | null }[] = [
  { id: "embargo", label: "embargo: no trade but for a leakage", number: ["leakage", "Leakage, share of the base flow", 0] },
  { id: "tariff", label: "tariff: a new rate", number: ["rate", "Rate, a fraction (0.25 is 25 %)", 0.25] },
  { id: "iceberg", label: "extra trade cost", number: ["factor", "Delivered cost, multiple of the base year’s", 1.1] },
  { id: "export_tax", label: "export tax", number: ["rate", "Rate, a fraction", 0.1] },
  { id: "productivity", label: "productivity of producers", number: ["factor", "Output per input, multiple of the base year’s", 0.99] },
  { id: "route", label: "a route closed", number: null },
];

export const setNamed = (id: string) => SETS.find((s) => s.id === id) ?? SETS[0];

/** What the fields of the form hold. */
export interface Fields {
  label: string; owner: string; kind: string; sets: string; origin: string[]; market: string[]; goods: string[];
  route: string; amount: string; from: string; until: string; source: string;
}

const list = (value: unknown): string[] => (value === undefined ? [] : [value].flat() as string[]);

/** The fields of a measure that was added, or of a new one. */
export function fieldsOf(sheet: Sheet, old: any, date: string): Fields {
  const setting = old?.sets[0] ?? {};
  const kind = Object.keys(setting)[0] ?? "embargo";
  const effect = setting[kind] ?? {};
  const period = old?.in_force[0] ?? { from: date };
  const amount = effect.leakage ?? effect.rate ?? effect.factor ?? setNamed(kind).number?.[2] ?? "";
  const route = sheet.choices.routes.findIndex((w) => w.id === effect.routes && w.origin === effect.origin);
  return {
    label: old?.label ?? "", owner: old?.owner ?? sheet.parties[0]?.id ?? "", kind: old?.kind ?? sheet.choices.kinds[0]?.id ?? "",
    sets: kind, origin: list(effect.origin ?? effect.country), market: list(effect.market), goods: list(effect.goods),
    route: String(Math.max(route, 0)), amount: String(amount), from: period.from ?? "", until: period.until ?? "",
    source: old?.source ?? "analyst estimate",
  };
}

const named = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");

/** A name that no other measure has. */
function freshId(sheet: Sheet, label: string) {
  const taken = new Set(sheet.measures.map((m) => m.id));
  const stem = `added-${named(label) || "measure"}`;
  let id = stem;
  for (let k = 2; taken.has(id); k += 1) id = `${stem}-${k}`;
  return id;
}

/** The measure as it stands in a case file. */
export function measureOf(sheet: Sheet, fields: Fields, old: any) {
  const chosen = setNamed(fields.sets);
  const places = (key: string, all: string[]) => (all.length ? { [key]: all.length === 1 ? all[0] : all } : {});
  let what: Record<string, unknown>;
  if (chosen.id === "route") {
    const route = sheet.choices.routes[Number(fields.route)];
    what = route ? { commodity: route.commodity, origin: route.origin, routes: route.id, close: true } : {};
  } else {
    what = chosen.id === "productivity" ? places("country", fields.origin)
      : { ...places("origin", fields.origin), ...places("market", fields.market) };
    Object.assign(what, places("goods", fields.goods));
    if (chosen.number && fields.amount !== "") what[chosen.number[0]] = Number(fields.amount);
  }
  const days: Record<string, string> = { from: fields.from, document: "Added in the app" };
  if (fields.until) days.until = fields.until;
  return { id: old?.id ?? freshId(sheet, fields.label), label: fields.label, owner: fields.owner, kind: fields.kind,
    sets: [{ [chosen.id]: what }], in_force: [days], source: fields.source };
}

/** The field that a key of a measure is typed in. */
const AT = { country: "origin", leakage: "amount", rate: "amount", factor: "amount", commodity: "route",
  in_force: "from", id: "label" };

/** What a field asks for, where it is empty. */
const ASKS = { label: "Give it a name.", origin: "Choose who sells.", market: "Choose who buys.", goods: "Choose the goods.",
  route: "Choose a route.", source: "Name a publication, or write ‘analyst estimate’.", from: "Give the first day in force.",
  amount: "Give a number." };

/** A fault as a sentence at its field. */
function wordsAt(field: string, { message, remedy }: { message: string; remedy: string }): string {
  if (/is (missing|empty)/.test(message) && ASKS[field]) return ASKS[field];
  const said = message.replace(/^is /, field === "amount" ? "The number is " : "This is ");
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${remedy}`.trim();
}

/** Faults by field; what is about none of them stands under `general`. */
export function faultsByField(faults: { key: string; message: string; remedy: string }[], place: number,
  fields: string[]): Record<string, string> {
  const mine = `measures[${place}]`;
  const out: Record<string, string> = {};
  for (const one of faults) {
    const rest = one.key.startsWith(mine) ? one.key.slice(mine.length) : "";
    // A key that is missing is named in the message of what lacks it.
    const lacks = /^'(\w+)' is missing/.exec(one.message)?.[1];
    const last = lacks ?? rest.split(".").at(-1)?.replace(/\[\d+\]$/, "") ?? "";
    const key = AT[last] ?? last;
    const [at, said] = rest && fields.includes(key) ? [key, wordsAt(key, one)]
      : ["general", `${one.key}: ${one.message} ${one.remedy}`.trim()];
    if (!out[at]?.includes(said)) out[at] = [out[at], said].filter(Boolean).join(" ");
  }
  return out;
}
