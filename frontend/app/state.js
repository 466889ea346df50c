/** The whole scenario: what is on the screen, what is kept beside it, and both as a fragment. */

const KEYS = ["case", "file", "added", "now", "named"];
const SCENARIO = ["label", "date", "horizon", "transfers", "measures", "in_force", "parameters"];

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
    this.file = null;
    this.added = [];
    this.now = empty();
    this.named = [];
  }

  get date() { return this.now.date ?? this.sheet.date; }

  get horizon() { return this.now.horizon ?? this.sheet.horizon; }

  get transfers() { return this.now.transfers ?? this.sheet.transfers; }

  /** What of a case and scenario the server needs. */
  get asked() { return { case: this.sheet.id, added: this.added, scenario: plain(this.now, "now") }; }

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
          what: m.label, value: now.measures[m.id] ? "in force" : "not in force",
          own: this.byDate(m) ? "in force" : "not in force", source: m.source,
          undo: () => { delete now.measures[m.id]; },
        });
      }
      if (m.id in now.in_force) {
        const days = (all) => all.map((p) => `${p.from} to ${p.until ?? "open"}`).join("; ") || "never";
        out.push({
          what: `${m.label}: days in force`, value: days(now.in_force[m.id]), own: days(m.periods),
          source: m.source, undo: () => { delete now.in_force[m.id]; },
        });
      }
    }
    for (const [name, value] of Object.entries(now.parameters)) {
      const p = sheet.parameters[name];
      if (!p) continue;
      out.push({
        what: p.label, value: short(value), own: short(p.value), unit: p.unit, source: p.source,
        undo: () => { delete now.parameters[name]; },
      });
    }
    for (const [k, m] of this.added.entries()) {
      out.push({ what: m.label ?? m.id, value: "added", own: "not in the case", remove: k });
    }
    return out;
  }

  /** As it stands in the address. */
  async fragment() {
    const data = {};
    data.case = this.sheet.id;
    if (this.file) data.file = await packed(this.file);
    if (this.added.length) data.added = this.added;
    const now = plain(this.now, "now");
    delete now.label;
    if (Object.keys(now).length) data.now = now;
    if (this.named.length) data.named = this.named.map((s) => plain(s));
    return `#${encodeURIComponent(JSON.stringify(data)).replace(/%(22|2C|3A|7B|7D|5B|5D)/g,
      (all) => decodeURIComponent(all))}`;
  }
}

export const short = (value) => String(Number(value.toPrecision(8)));

/**
 * What stands in the address; the server checks the scenarios like those of a file.
 * @returns {Promise<object|null>} null where nothing stands there
 */
export async function read(fragment) {
  const text = fragment.replace(/^#/, "");
  if (!text) return null;
  const wrong = new Error("The address holds no scenario that can be read.");
  let data;
  try { data = JSON.parse(decodeURIComponent(text)); } catch { throw wrong; }
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw wrong;
  const unknown = Object.keys(data).filter((key) => !KEYS.includes(key));
  if (unknown.length) throw new Error(`The address holds ${unknown[0]}, which is no part of a scenario.`);
  for (const [key, kind] of [["added", Array], ["named", Array], ["now", Object]]) {
    if (key in data && !(data[key] instanceof kind)) throw wrong;
  }
  if (typeof (data.case ?? "") !== "string" || typeof (data.file ?? "") !== "string") throw wrong;
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
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST) {
      await reader.cancel();
      throw new Error("The case in the address is too large.");
    }
    parts.push(value);
  }
  return new Blob(parts).text();
}

/** A scenario of a file or the address, with every part that the page changes. */
export function whole(scenario) {
  return { ...structuredClone(scenario), ...Object.fromEntries(
    ["measures", "in_force", "parameters"].map((key) => [key, structuredClone(scenario[key] ?? {})])) };
}
