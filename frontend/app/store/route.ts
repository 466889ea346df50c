/** Which page is shown, the case that is open, and the address that holds both. */
import { batch, signal } from "@preact/signals";
import { Refused, ask, keep, look, upload, type Fault } from "../api/client";
import { shared } from "../charts/shared";
import { fragmentOf, read as readAddress } from "./address";
import { answerFor, clear, hold, learnOwn } from "./answer";
import { hideFault, showFault } from "./faults";
import { NOW, plain, scenariosOf } from "./scenario";
import { clearResults, followers } from "./results";
import { begin, file, onChange, onHold, sheet, work } from "./work";

export type Page = "start" | "case" | "new" | "goods";
export interface CaseLine { case: string; title: string; summary: string }

export interface CardAnswer { sentence: string; bars: { label: string; value: number }[] }

/** How long the controls rest before the address follows, ms. */
const ADDRESS = 300;
/** Bytes of a case file that the server takes. */
const FILE = 262_144;
/** Where the last work is kept, for the start page. */
const STORE = "detente-work";

export const page = signal<Page | null>(null);
/** The packaged cases. */
export const cases = signal<CaseLine[]>([]);
/** What cases answer, by case: those of packaged cases come with the list. */
export const cards = signal<Record<string, CardAnswer>>({});
/** The case that the server was started with. */
export const startCase = signal("");
export const version = signal("");
/** The tab of the four questions that is open: the id of a chapter. */
export const tab = signal("");
/** The address of the state, for sharing; `aria-busy` while it is not yet written. */
export const link = signal({ href: "", busy: false });
/** Cases that were opened from files, by id. */
export const texts = new Map<string, string>();
/** The address of the page of goods, which holds what is asked. */
export const askedAt = signal("");
/** The case is being opened, by its name; empty where none is. */
export const opening = signal("");

let address = "";
/** Whether the case was opened from another page of the app. */
let entering = false;
let remembering: ReturnType<typeof setTimeout> | undefined;

const isGoods = (hash: string) => /^#goods(\/|$)/.test(hash);

/** Writes the address of the state now. */
export async function remember() {
  const of = sheet.peek();
  if (!of || page.peek() !== "case") return;
  address = await fragmentOf(of, file.peek(), work.peek(), tab.peek());
  if (page.peek() !== "case") return;
  // From another page one comes back to it; a change of the state takes the place of the last.
  if (entering) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  entering = false;
  try { localStorage.setItem(STORE, JSON.stringify({ title: of.title, address })); } catch { /* no room */ }
  link.value = { href: location.href, busy: false };
}

function soon() {
  link.value = { ...link.peek(), busy: true };
  clearTimeout(remembering);
  remembering = setTimeout(() => remember(), ADDRESS);
}

/** The work that was left last, for the start page; null where there is none. */
export function lastWork(): { title: string; address: string } | null {
  try { return JSON.parse(localStorage.getItem(STORE) ?? "null"); } catch { return null; }
}

function show(of: any, given: { added?: any[]; now?: any; named?: any[]; deal?: string[] }, text: string | null, where = "") {
  clear();
  begin(of, given, text);
  if (file.peek()) texts.set(of.id, file.peek() as string);
  clearResults();
  hideFault();
  shared.name = `detente-${of.name}`;
  if (!cases.peek().some((c) => c.case === of.id)) {
    cases.value = [...cases.peek(), { case: of.id, title: `${of.name} (from a file)`, summary: of.summary }];
  }
  entering = ["", "#", "#new"].includes(location.hash) || isGoods(location.hash);
  batch(() => {
    tab.value = where || of.questions?.[0]?.id || (of.trade === false ? "what-deal" : "who-pays");
    page.value = "case";
  });
  soon();
  answerFor(null, true);
  learnOwn();
}

async function open(given: { case: string; added?: any[]; scenarios?: any[] }) {
  const found = await ask("/api/case", given);
  show(found, scenariosOf(found), texts.get(found.id) ?? null);
}

/** Opens a case of the list; where it cannot be opened, what is on the screen stays. */
export async function choose(id: string) {
  opening.value = id;
  try {
    keep(texts.get(id) ?? null);
    await open({ case: id });
  } catch (error) {
    keep(file.peek());
    const title = cases.peek().find((c) => c.case === id);
    const name = title && title.case.length < 64 ? title.case : title?.title ?? id;
    showFault(error, { heading: `The case ${name} was not opened.`, again: error.passing && (() => choose(id)) });
  } finally { opening.value = ""; }
}

/** Where a fault of a file is: its line, and the key. */
const inFile = ({ key, line }: Fault) => [line ? `Line ${line}` : "", key].filter(Boolean).join(", ") || "The file";

/** Opens a file of a person. */
export async function openFile(chosen: File) {
  try {
    if (chosen.size > FILE) {
      throw new Refused(413, { message: `It has ${Math.ceil(chosen.size / 1024).toLocaleString("en")} KiB; `
        + `a case file may have ${FILE / 1024}. Leave out notes or claims.` });
    }
    const found = await upload(await chosen.arrayBuffer());
    show(found, scenariosOf(found), await chosen.text());
  } catch (error) {
    showFault(error, { heading: `${chosen.name} was not opened.`, name: inFile });
    document.getElementById("fault")?.focus();
  }
}

/** Opens a case from its text, as one that was made on the page. */
export async function openText(text: string) {
  const found = await upload(text);
  show(found, scenariosOf(found), text);
}

/** Shows what the address says: nothing for the start page, `#new`, `#goods` with what is asked, or a case with its state. */
export async function restore() {
  const { hash } = location;
  if (hash === "" || hash === "#") { page.value = "start"; return; }
  if (hash === "#new") { page.value = "new"; return; }
  if (isGoods(hash)) {
    askedAt.value = hash;
    page.value = "goods";
    return;
  }
  if (/^#[a-z-]+$/.test(hash) && document.getElementById(hash.slice(1))) return;
  try {
    const { added = [], now = {}, named = [], deal = [], file: text = null, case: given, tab: where } = await readAddress(hash);
    keep(text);
    let id = given ?? startCase.peek();
    if (text && !/^[0-9a-f]{64}$/.test(id)) ({ id } = await upload(text));
    const found = await ask("/api/case", { case: id, added, scenarios: [plain({ ...now }, NOW), ...named] });
    show(found, { added, now, named, deal }, text, where);
  } catch (error) {
    keep(file.peek());
    if (!sheet.peek()) await open({ case: startCase.peek() });
    showFault(error, { heading: "The scenario in the address was not used." });
  }
}

/** Goes to another page. */
export function goTo(where: "" | "new" | "goods") {
  hideFault();
  history.pushState(null, "", where ? `#${where}` : location.pathname);
  restore();
}

/** Opens another tab of the four questions. */
export function openTab(id: string) {
  if (tab.peek() === id) return;
  tab.value = id;
  soon();
}

/** Begins, once: what the server has, then what the address says. */
export async function beginRoute() {
  onHold(hold);
  onChange((where, answers) => {
    soon();
    if (answers) answerFor(where);
    else followers.update();
  });
  addEventListener("hashchange", () => {
    if (location.hash === address && sheet.peek()) page.value = "case";
    else restore();
  });
  const [world, names, list, found, health] = await Promise.all(
    ["/assets/map.json", "/assets/names.json", "/api/cases", "/api/cards", "/api/health"].map(look));
  Object.assign(shared, { world, names });
  cases.value = list.cases;
  cards.value = found.cards;
  startCase.value = list.start;
  version.value = health.version;
  await restore();
}
