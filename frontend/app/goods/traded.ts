/** The good that is looked at: what is asked, and what the server answers. */
import { signal } from "@preact/signals";
import { look } from "../api/client";
import { shared } from "../charts/shared";
import type { Good, Place } from "../new/sentence";
import { hideFault, showFault } from "../store/faults";
import type { Chart, Table } from "../store/model";
import { page } from "../store/route";
import { busy, done } from "../store/settled";
import { addressOf, askedOf, DEFAULT, pathOf, type Asked } from "./asked";

/** How the page shows trade in a good: the answer of `/api/goods/CODE/page`. */
export interface Traded {
  hs: string; name: string; years: [number, number]; sentence: string; paragraph: string; notes: string[]; sources: string[];
  views: { tables: Table[]; charts: Chart[] };
}

export const asked = signal<Asked>(DEFAULT);
/** The last answer; null before the first, and where the question was refused. */
export const traded = signal<Traded | null>(null);
/** Whether the answer is about an earlier question. */
export const waiting = signal(false);
export const goods = signal<Good[]>([]);
export const places = signal<Place[]>([]);

let turn = 0;

/** Asks the server for what is asked now; of several questions only the last is answered. */
async function learn() {
  turn += 1;
  const own = turn;
  busy("goods");
  waiting.value = true;
  try {
    const found: Traded = await look(pathOf(asked.peek(), "/page"));
    if (own !== turn) return;
    hideFault();
    for (const table of found.views.tables) shared.tables.set(table.id, table);
    shared.name = `detente-${found.hs}`;
    traded.value = found;
  } catch (error) {
    if (own !== turn) return;
    traded.value = null;
    showFault(error, { heading: "This trade is not shown.", again: error.passing && learn });
  } finally {
    if (own === turn) {
      waiting.value = false;
      done("goods");
    }
  }
}

/** Changes what is asked; the address follows. */
export function put(change: Partial<Asked>) {
  asked.value = { ...asked.peek(), ...change };
  history.replaceState(null, "", addressOf(asked.peek()));
  learn();
}

/** Shows what an address asks, with all goods and places to choose from. */
export async function begin(address: string) {
  asked.value = askedOf(address);
  learn();
  if (goods.peek().length) return;
  busy("goods-list");
  try {
    const [list, known] = await Promise.all([look("/api/goods"), look("/api/places")]);
    goods.value = list.goods.map((g) => ({ id: g.hs, label: g.name, hs: g.hs, sector: g.isic, also: g.also, notes: g.notes }));
    places.value = known.places;
  } catch (error) {
    if (page.peek() === "goods") showFault(error, { heading: "The list of goods did not come.", again: error.passing && (() => begin(address)) });
  } finally { done("goods-list"); }
}
