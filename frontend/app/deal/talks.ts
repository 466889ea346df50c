/** The deal on the table and the search for one: asked for when what they rest on has come to rest. */
import { batch, computed, effect, signal } from "@preact/signals";
import { ask } from "../api/client";
import { client } from "../store/answer";
import { busy, done } from "../store/settled";
import { say } from "../store/said";
import { asked, change, sheet, work } from "../store/work";
import type { DealAnswer, Search } from "./model";
import type { Thresholds } from "./thresholds";

/** How long moves rest before the deal is asked for, ms. */
const QUIET = 650;

/** Measures that change in the deal on the table. */
export const laid = computed(() => work.value.deal ?? []);
/** The deal that was answered last; null before the first. */
export const deal = signal<DealAnswer | null>(null);
/** Whether it is of another package or state than the table shows. */
export const old = signal(false);
/** Why the package on the table has no answer; empty where it has one. */
export const refusal = signal("");
/** Where the answer about it flips, by what each side cares about; null while that is not known. */
export const stakes = signal<Thresholds | null>(null);
export const search = signal<Search | null>(null);
export const searching = signal(false);
export const searchRefusal = signal("");

let turn = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

async function weigh() {
  turn += 1;
  const mine = turn;
  let found: DealAnswer | null = null;
  let why = "";
  try {
    found = await ask("/api/deal", { ...asked(), moves: laid.peek() });
  } catch (error) { why = [error.message, ...(error.faults ?? []).map((f) => `${f.message} ${f.remedy}`.trim())].join(" "); }
  if (mine !== turn) return;
  batch(() => {
    if (found) deal.value = found;
    old.value = !found;
    refusal.value = why;
  });
  if (found && found.moves.length) {
    say(found.sentences[0] ?? "");
    await flips(mine);
  }
  if (mine === turn) done("deal");
}

/** Asks where the answer flips: of the deal, and of the search that found it. */
async function flips(mine: number) {
  const of = search.peek();
  const same = of?.deal && of.deal.moves.map((m) => m.id).sort().join() === [...laid.peek()].sort().join();
  const more = same ? { criterion: of.criterion, without: of.without, signed_by: of.signed_by } : {};
  const found = await ask("/api/deal/thresholds", { ...asked(), moves: laid.peek(), ...more }).catch(() => null);
  if (mine === turn) stakes.value = found;
}

/** Watches what the deal rests on, while the table is on the screen; returns what ends it. */
export function watchDeal() {
  let of = "";
  const stop = effect(() => {
    const key = JSON.stringify([sheet.value?.id, work.value.now, work.value.added]);
    JSON.stringify(laid.value);
    if (!sheet.value?.payoffs) {
      clearTimeout(timer);
      turn += 1;
      done("deal");
      return;
    }
    batch(() => {
      stakes.value = null;
      old.value = deal.peek() !== null;
      if (key !== of) {
        search.value = null;
        searchRefusal.value = "";
      }
      if (JSON.parse(key)[0] !== JSON.parse(of || "[null]")[0]) deal.value = null;
    });
    of = key;
    busy("deal");
    clearTimeout(timer);
    timer = setTimeout(weigh, QUIET);
  });
  return () => {
    stop();
    clearTimeout(timer);
    turn += 1;
    done("deal");
  };
}

/** Lays other moves on the table: one step back. */
export const lay = (words: string, moves: string[]) => change(words, (draft) => {
  if (moves.length) draft.deal = moves;
  else delete draft.deal;
}, { answers: false });

let control = new AbortController();

/** Gives the search up: what was found before stays. */
export const stopSearch = () => control.abort();

/** Asks for a deal, and lays it on the table if there is one. */
export async function findDeal(criterion: string, without: string[], signedBy: string[] | null) {
  busy("find");
  searching.value = true;
  control = new AbortController();
  try {
    const found: Search = await ask("/api/deal/find", { ...asked(), client, criterion, without, signed_by: signedBy },
      { signal: control.signal });
    batch(() => {
      search.value = found;
      searchRefusal.value = "";
    });
    if (found.deal) lay("deal found", found.deal.moves.map((m) => m.id));
    say(found.sentences[0] ?? "");
  } catch (error) {
    if (error.name === "AbortError") say("The search was stopped.");
    else {batch(() => {
      search.value = null;
      searchRefusal.value = [error.message, ...(error.faults ?? []).map((f) => f.message)].join(" ");
    });}
  }
  searching.value = false;
  done("find");
}
