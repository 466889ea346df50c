/** Terms of the glossary in a text. No page is needed. */

export interface Term { words: string[]; meaning: string }
/** A part of a text; the last words of one that ends with a term are explained. */
export interface Piece { text: string; term?: Term; word?: string }

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What finds the terms, the longest words first. */
export function finderOf(terms: Term[]) {
  const byWord = new Map(terms.flatMap((t) => t.words.map((word): [string, Term] => [word, t])));
  const words = [...byWord.keys()].sort((a, b) => b.length - a.length);
  return { byWord, find: words.length ? new RegExp(`(?<![\\p{L}\\d])(?:${words.map(escaped).join("|")})(?![\\p{L}\\d])`, "gu") : null };
}

/** The text in pieces, each of which ends with a term that it names first; the last may end with none. */
export function pieces(text: string, { byWord, find }: ReturnType<typeof finderOf>): Piece[] {
  if (!find) return [{ text }];
  const out: Piece[] = [];
  const seen = new Set<Term>();
  let from = 0;
  for (const found of text.matchAll(find)) {
    const term = byWord.get(found[0]) as Term;
    if (seen.has(term)) continue;
    seen.add(term);
    const end = found.index + found[0].length;
    out.push({ text: text.slice(from, end), term, word: found[0] });
    from = end;
  }
  return from < text.length ? [...out, { text: text.slice(from) }] : out;
}
