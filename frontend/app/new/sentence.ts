/** What comes next in a sentence that states a measure, and what fits there. The server reads it. No page is needed. */
import type { Choice } from "../store/model";

export interface Place extends Choice { kind: string }
export interface Good extends Choice {
  hs: string;
  sector: string;
  /** Known gaps of the data of a narrow good. */
  notes?: string[];
  /** Other names under which it is found. */
  also?: string[];
}
export interface Named { places: Place[]; goods: Good[]; verbs: Choice[]; directions: string[] }

/** What fits at the end of a text: the whole text with it. */
export interface Option { label: string; hint: string; text: string }
export type Slot = "who" | "what" | "goods" | "whom" | "except" | "complete";
export interface Guide { slot: Slot; options: Option[] }

/** What the slots ask for. */
export const QUESTIONS: Record<Slot, string> = {
  who: "Who holds the measure?",
  what: "What does it do?",
  goods: "Which goods? Type a name or an HS code.",
  whom: "Whose trade is it about?",
  except: "Which countries are left out? Part them by commas.",
  complete: "The sentence is whole. The buttons below add to it.",
};

/** Options that a list shows at most. */
const MOST = 40;
const HEAD = /^(.+?\s(ban|tax|hinder|limit|licen[cs]e|cap)\S*\s+(?:the\s+)?(import|export|trade|price)\S*\s+(?:of|in)\s+)(.*)$/i;
const WHOM = /^(.+?)\s+(from|to|with)\s+(.*)$/i;
const EXCEPT = /^(.*?),?\s+except\s+(?:for\s+)?(.*)$/i;
const AMOUNT = /,?\s+(?:up to|to|beyond)\s+(?:USD\s+)?\d/i;
const LATER = /(,?\s+(?:(by|at|leaving|since|with rent)\s|(?:up to|to|beyond)\s+(?:USD\s+)?\d)).*$/i;
const LAST = /^(.*(?:,\s*(?:and\s+)?|\s+and\s+))?(.*)$/i;
const PREPOSITION = { import: "from", export: "to", trade: "with", price: "from" };

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** As a place stands in a sentence: a group by its letters, a country by its name where nothing in it parts a list. */
export const written = (place: Place) => (place.kind !== "country" || /,|\sand\s/.test(place.label) ? place.id : place.label);

/** Places that a text finds, those that begin with it first. */
export function placesFor(text: string, places: Place[]): Place[] {
  const sought = plain(text);
  const begins = (p: Place) => plain(p.label).startsWith(sought) || plain(p.id).startsWith(sought);
  const found = places.filter((p) => begins(p) || plain(p.label).includes(sought));
  return [...found.filter(begins), ...found.filter((p) => !begins(p))];
}

/** Goods that a name or an HS code finds, those that begin with it first. */
export function goodsFor(text: string, goods: Good[]): Good[] {
  const sought = plain(text).replace(/^hs\s*/, "");
  if (/^\d/.test(sought)) {
    const code = sought.replace(/[.\s]/g, "");
    const fits = (hs: string) => hs.startsWith(code) || code.startsWith(hs);
    return goods.filter((g) => g.hs && g.hs.split(", ").some(fits));
  }
  const begins = (g: Good) => plain(g.label).startsWith(sought);
  const names = (g: Good) => [g.label, ...(g.also ?? [])].map(plain);
  const found = goods.filter((g) => names(g).some((name) => name.includes(sought)));
  return [...found.filter(begins), ...found.filter((g) => !begins(g))];
}

/** Letters of a code count in capitals only: 'rus' is the beginning of a name. */
const isPlace = (text: string, places: Place[]) =>
  places.some((p) => p.id === text.trim() || plain(p.label) === plain(text));
const isGood = (text: string, goods: Good[]) => goods.some((g) => plain(g.label) === plain(text));

function ofPlaces(head: string, text: string, places: Place[], end = ""): Option[] {
  return placesFor(text, places).slice(0, MOST).map((p) => ({
    label: p.label, hint: p.kind === "country" ? "" : p.id, text: `${head}${written(p)}${end}` }));
}

/** The longest name of a place at the beginning of a text; null if it begins with none. */
function ownerOf(text: string, places: Place[]): string | null {
  const names = places.flatMap((p) => [p.id, p.label]).sort((a, b) => b.length - a.length);
  return names.find((name) => new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?=\\s|$)`, "i").test(text)) ?? null;
}

/** A verb of several owners: 'ban', 'tax'. */
const many = (verb: string) => (verb === "taxes" ? "tax" : verb.replace(/s$/, ""));

function beginning(text: string, { places, verbs, directions }: Named): Guide {
  const bare = text.trimStart().replace(/^the\s+/i, "");
  // Owners that are joined by 'and' hold the measure each.
  let from = 0;
  let owner = ownerOf(bare, places);
  for (let joined; owner !== null; owner = ownerOf(bare.slice(from), places)) {
    joined = /^(?:,\s*|\s+)and\s+(?:the\s+)?/i.exec(bare.slice(from + owner.length));
    if (!joined) break;
    from += owner.length + joined[0].length;
  }
  if (owner === null) return { slot: "who", options: ofPlaces(bare.slice(0, from), bare.slice(from), places, " ") };
  const end = from + owner.length;
  const sought = plain(bare.slice(end));
  const ways = (id: string) => (id === "caps" ? ["price"] : directions);
  const all = verbs.flatMap((verb) => ways(verb.id).map((way) => ({ verb,
    words: `${from ? many(verb.id) : verb.id} ${way === "price" ? "the price" : way} ${way === "trade" ? "in" : "of"}` })));
  const found = all.filter(({ words }) => words.startsWith(sought) || words.includes(` ${sought}`));
  const more = !sought || "and ".startsWith(sought)
    ? [{ label: "and …", hint: "another owner", text: `${bare.slice(0, end)} and ` }] : [];
  return { slot: "what", options: [...found.map(({ verb, words }) => ({ label: words,
    hint: verb.label === verb.id ? "" : verb.label, text: `${bare.slice(0, end)} ${words} ` })), ...more] };
}

/** What is asked for at the end of a text, and what fits there. */
export function guideOf(text: string, named: Named): Guide {
  const head = HEAD.exec(text);
  if (!head) return beginning(text, named);
  const [, before, , way, rest] = head;
  const preposition = PREPOSITION[way.toLowerCase()];
  const whom = WHOM.exec(rest);
  if (!whom) {
    if (isGood(rest, named.goods)) {
      return { slot: "whom", options: ofPlaces(`${before}${rest.trim()} ${preposition} `, "", named.places) };
    }
    return { slot: "goods", options: goodsFor(rest, named.goods).slice(0, MOST).map((g) => ({
      label: g.label, hint: g.hs ? `HS ${g.hs}` : "sector", text: `${before}${g.label} ${preposition} ` })) };
  }
  const [, goods, word, them] = whom;
  const except = EXCEPT.exec(them);
  if (LATER.test(except ? except[2] : them)) return { slot: "complete", options: [] };
  const [, listed = "", last] = LAST.exec(except ? except[2] : them) as RegExpExecArray;
  if (isPlace(last, named.places)) return { slot: "complete", options: [] };
  const start = `${before}${goods} ${word} ${except ? `${except[1]}, except ` : ""}${listed}`;
  const others = named.places.filter((p) => !start.includes(written(p)) && (!except || p.kind === "country"));
  return { slot: except ? "except" : "whom", options: ofPlaces(start, last, others) };
}

/** The good that a sentence is about, by its name or HS code; undefined where it names none of the list. */
export function goodIn(text: string, goods: Good[]): Good | undefined {
  const rest = HEAD.exec(text)?.[4] ?? "";
  const named = plain(WHOM.exec(rest)?.[1] ?? rest).replace(/^hs\s*(?=\d)/, "");
  return named ? goods.find((g) => plain(g.label) === named || g.hs === named) : undefined;
}

/** What may be added to a sentence: the words on the button, and the text with them; null where it does not fit. */
export function additions(text: string): { id: string; label: string; text: string | null }[] {
  const verb = HEAD.exec(text)?.[2].toLowerCase().replace("license", "licence");
  const how = { limit: "to", licence: "up to", tax: "beyond" }[verb ?? ""] ?? "";
  const whole = verb !== undefined && WHOM.test(HEAD.exec(text)?.[4] ?? "");
  const bare = text.trimEnd().replace(/[.,]$/, "");
  // The grammar has the rate first, then the exceptions, then what passes and the day.
  const put = (words: string, before: RegExp) => {
    const at = bare.search(before);
    return at < 0 ? `${bare}${words}` : `${bare.slice(0, at)}${words}${bare.slice(at)}`;
  };
  const fits = (word: string, so: boolean) => whole && so && !new RegExp(`\\s${word}(\\s|$)`, "i").test(bare);
  return [
    { id: "except", label: "except …", text: fits("except", !/\s(leaving|since)\s/i.test(bare)) ? `${bare}, except ` : null },
    { id: "leaving", label: "leaving … %", text: fits("leaving", verb === "ban") ? put(", leaving 60 %", /,?\s+since\s/i) : null },
    { id: "by", label: "by … %", text: fits("by", verb === "tax" || verb === "hinder")
      ? put(" by 25 %", /,?\s+(beyond|except|since)\s/i) : null },
    { id: "amount", label: how ? `${how} …` : "to …", text: whole && how && !AMOUNT.test(bare)
      ? put(` ${how} 60 %`, /,?\s+(with rent|except|since)\s/i) : null },
    { id: "at", label: "at … USD", text: fits("at", verb === "cap") ? put(" at 60 USD per barrel", /,?\s+(except|since)\s/i) : null },
    { id: "since", label: "since …", text: fits("since", true) ? `${bare}, since ` : null },
  ];
}
