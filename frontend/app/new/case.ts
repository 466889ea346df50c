/** A case from nothing: two parties and one ban, to which measures are added on its page. No page is needed. */
import type { Choice } from "../store/model";

export interface Begun { title: string; date: string; holder: Choice; target: Choice; goods: Choice[];
  /** Whether they are all goods of the world. */
  all?: boolean }

const slug = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");

/** The case as the text of a file. */
export function caseText({ title, date, holder, target, goods, all = false }: Begun): string {
  const what = all ? "all goods" : goods.map((g) => g.label.toLowerCase()).join(", ");
  const party = (of: Choice) => ({ id: of.id, name: of.label, members: [of.id] });
  const ban = {
    id: "ban", label: `Ban of ${holder.label} on imports of ${what} from ${target.label}`, owner: holder.id, kind: "sanction",
    source: "analyst estimate", sets: [{ embargo: { origin: target.id, market: holder.id, goods: goods.map((g) => g.id),
      leakage: 0 } }],
    in_force: [{ from: date, document: "Begun in the app" }],
  };
  return `${JSON.stringify({ schema: 1, name: slug(title) || "own-case", title,
    summary: `${ban.label}. A case that was begun in the app: every measure in it is an assumption.`,
    date, parties: [party(holder), party(target)], measures: [ban] }, null, 1)}\n`;
}
