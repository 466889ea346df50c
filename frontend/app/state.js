/** The whole scenario: what is on the screen, what is kept beside it, and both as a fragment. */
import { Refused } from "./api.js";

/** Label of the scenario that is on the screen, in the address and in files. */
export const NOW = "now";
const KEYS = ["case", "file", "added", "now", "named"];
const SCENARIO = ["label", "date", "horizon", "transfers", "measures", "in_force", "parameters"];

/** A leakage is shown as what it leaves of the measure, and converted here and nowhere else. */
export const ENFORCED = {
  label: "Enforcement: percent of the base flow that is stopped",
  unit: "%",
  reach: "a percentage from 0 (nothing is stopped) to 100 (everything is)",
  ends: [0, 100],
  out: (leakage) => 100 * (1 - leakage),
  into: (percent) => 1 - percent / 100,
};

export const empty = () => ({ measures: {}, in_force: {}, parameters: {} });

/** A scenario as the server takes it: without what is as in the case. */
export function plain(scenario, label = scenario.label) {
  const out = { label };
  for (const key of SCENARIO.slice(1)) {
    const value = scenario[key];
    if (value === undefined || value === null) continue;
    if (typeof value === "object" && !Object.keys(value).length) continue;
    out[key] = value;
  }
  return out;
}

export class State {
  constructor(sheet) {
    this.sheet = sheet;
    // A text that needs tables beside it comes to nothing elsewhere.
    this.file = (sheet.alone !== false && sheet.text) || null;
    this.added = [];
    this.now = empty();
    this.named = [];
  }

  get date() { return this.now.date ?? this.sheet.date; }

  get horizon() { return this.now.horizon ?? this.sheet.horizon; }

  get transfers() { return this.now.transfers ?? this.sheet.transfers; }

  /** Whether the case has trade: without it there is the negotiation only. */
  get trade() { return this.sheet.trade !== false; }

  /** What of a case and scenario the server needs. */
  get asked() { return { case: this.sheet.id, added: this.added, scenario: plain(this.now, NOW) }; }

  /** The scenarios kept beside it, where the server asks for them: they stand in the case file too. */
  get kept() { return "trade" in this.sheet && this.named.length ? { kept: this.named.map((s) => plain(s)) } : {}; }

  /** A number of a measure that was added, which is no parameter. */
  addedNumber(id, at) {
    return at.reduce((value, key) => value?.[key], this.added.find((m) => m.id === id));
  }

  setAddedNumber(id, at, value) {
    this.added = structuredClone(this.added);
    const measure = this.added.find((m) => m.id === id);
    at.slice(0, -1).reduce((part, key) => part[key], measure)[at.at(-1)] = value;
  }

  /** A parameter as people call it. */
  label(name) {
    const words = this.sheet.parameters[name]?.label ?? name.replace(/_/g, " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  periods(measure) {
    return this.now.in_force[measure.id] ?? measure.periods;
  }

  /** Whether a measure is in force by its days. */
  byDate(measure) {
    return this.periods(measure).some((p) =>
      p.from <= this.date && (!p.until || this.date < p.until));
  }

  on(measure) { return this.now.measures[measure.id] ?? this.byDate(measure); }

  value(name) { return this.now.parameters[name] ?? this.sheet.parameters[name].value; }

  /** Sets something of the scenario; what equals the case is not kept. */
  set(key, value, own) {
    if (value === own || value === null) delete this.now[key];
    else this.now[key] = value;
  }

  switch(measure, on) {
    if (on === this.byDate(measure)) delete this.now.measures[measure.id];
    else this.now.measures[measure.id] = on;
  }

  tune(name, value) {
    if (value === this.sheet.parameters[name].value) delete this.now.parameters[name];
    else this.now.parameters[name] = value;
  }

  /** Everything that differs from the case, in words, each with how to undo it. */
  differences() {
    const { sheet, now } = this;
    const out = [];
    const undo = (key) => () => { delete now[key]; };
    if (now.date) out.push({ what: "Date", value: now.date, own: sheet.date, undo: undo("date") });
    if (now.horizon) {
      out.push({ what: "Horizon", value: `${now.horizon} run`, own: `${sheet.horizon} run`, undo: undo("horizon") });
    }
    if (now.transfers) {
      out.push({ what: "Trade deficits", value: now.transfers, own: sheet.transfers, undo: undo("transfers") });
    }
    for (const m of sheet.measures) {
      if (m.id in now.measures) {
        out.push({
          name: m.id, what: m.label, value: now.measures[m.id] ? "in force" : "not in force",
          own: this.byDate(m) ? "in force" : "not in force", source: m.source,
          undo: () => { delete now.measures[m.id]; },
        });
      }
      if (m.id in now.in_force) {
        const days = (all) => all.map((p) => `${p.from} to ${p.until ?? "open"}`).join("; ") || "never";
        out.push({
          name: m.id, what: `${m.label}: days in force`, value: days(now.in_force[m.id]), own: days(m.periods),
          source: m.source, undo: () => { delete now.in_force[m.id]; },
        });
      }
    }
    for (const [name, value] of Object.entries(now.parameters)) {
      const p = sheet.parameters[name];
      if (!p) continue;
      const held = sheet.measures.filter((m) =>
        m.strength.some((s) => s.role === "leakage" && s.parameter === name));
      const what = held.length ? `Enforcement of ${held.map((m) => `‘${m.label}’`).join(", ")}` : this.label(name);
      const shown = (v) => (held.length ? `${short(ENFORCED.out(v))} %` : short(v));
      out.push({
        name, what, value: shown(value), own: shown(p.value), unit: held.length ? "" : p.unit, source: p.source,
        undo: () => { delete now.parameters[name]; },
      });
    }
    for (const [k, m] of this.added.entries()) {
      out.push({ what: m.label ?? m.id, value: "added", remove: k });
    }
    return out;
  }

  /** As it stands in the address. */
  async fragment() {
    const data = {};
    data.case = this.sheet.id;
    if (this.file) data.file = await packed(this.file);
    if (this.added.length) data.added = this.added;
    const now = plain(this.now, NOW);
    delete now.label;
    if (Object.keys(now).length) data.now = now;
    if (this.named.length) data.named = this.named.map((s) => plain(s));
    return `#${encodeURIComponent(JSON.stringify(data)).replace(/%(22|2C|3A|7B|7D|5B|5D)/g,
      (all) => decodeURIComponent(all))}`;
  }
}

export const short = (value) => String(Number(value.toPrecision(8)));

const wrong = (message) => new Refused(422, { message });
const UNREADABLE = "The address holds no scenario that can be read. Copy the whole address again.";
const DAMAGED = "The case file in the address is damaged. Copy the whole address again, or open the file.";
const LARGE = "The case in the address is larger than a case file may be (256 KiB).";

/**
 * What stands in the address; the server checks the scenarios like those of a file.
 * @returns {Promise<object|null>} null where nothing stands there
 */
export async function read(fragment) {
  const text = fragment.replace(/^#/, "");
  if (!text || /^[a-z-]+$/.test(text) && document.getElementById(text)) return null;
  let data;
  try { data = JSON.parse(decodeURIComponent(text)); } catch { throw wrong(UNREADABLE); }
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw wrong(UNREADABLE);
  const unknown = Object.keys(data).filter((key) => !KEYS.includes(key));
  if (unknown.length) throw wrong(`The address holds ${unknown[0]}, which is no part of a scenario.`);
  for (const key of ["added", "named"]) {
    if (key in data && !Array.isArray(data[key])) throw wrong(UNREADABLE);
  }
  if ("now" in data && !(data.now instanceof Object)) throw wrong(UNREADABLE);
  const labels = (data.named ?? []).map((s) => s?.label);
  const twice = labels.find((label, k) => label === NOW || labels.indexOf(label) < k);
  if (twice !== undefined) throw wrong(`The address holds two scenarios named ‘${twice}’.`);
  if (typeof (data.case ?? "") !== "string" || typeof (data.file ?? "") !== "string") throw wrong(UNREADABLE);
  if (data.file) data.file = await unpacked(data.file);
  return data;
}

const MOST = 262144;

async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let out = "";
  for (const byte of bytes) out += String.fromCharCode(byte);
  return btoa(out).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The text again; one that grows beyond what a file may have is refused. */
async function unpacked(text) {
  const parts = [];
  let size = 0;
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST) {
        await reader.cancel();
        break;
      }
      parts.push(value);
    }
  } catch {
    throw wrong(DAMAGED);
  }
  if (size > MOST) throw wrong(LARGE);
  return new Blob(parts).text();
}

/** The scenarios of a file: the one that is on the screen, if it holds one, and those kept beside it. */
export function scenariosOf(sheet) {
  const { scenarios = [] } = sheet;
  return { now: scenarios.find((s) => s.label === NOW) ?? {}, named: scenarios.filter((s) => s.label !== NOW) };
}

/** A scenario of a file or the address, with every part that the page changes. */
export function whole(scenario) {
  return { ...structuredClone(scenario), ...Object.fromEntries(
    ["measures", "in_force", "parameters"].map((key) => [key, structuredClone(scenario[key] ?? {})])) };
}
