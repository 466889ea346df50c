/** The app: state on the left, answers on the right, both in the address. */
import { Refused, ask, file, job, look, upload } from "./api.js";
import { Compare } from "./compare.js";
import { Controls } from "./controls.js";
import { button, h, painted, say } from "./dom.js";
import { saveBlob } from "./files.js";
import { Live, moved } from "./live.js";
import { measureForm } from "./measure.js";
import { Parts } from "./parts.js";
import { reproduce } from "./reproduce.js";
import { State, empty, plain, read, whole } from "./state.js";
import { fill } from "./table.js";

const QUIET = { parts: 220, views: 650, bands: 1500, address: 300 };
const DRAWS = 64;
/** What stands on the page until the brief's own sections are there. */
const FIRST = [{ id: "world", title: "Who gains and who pays", parts: ["chart:map", "chart:gains", "table:gains"] }];

/** The sections of the brief, the map's before the list of measures, which the controls hold too. */
const mapFirst = (sections) => [...sections].sort((a, b) =>
  b.parts.includes("chart:map") - a.parts.includes("chart:map"));
const byId = (id) => document.getElementById(id);
const client = crypto.randomUUID();

class App {
  constructor(shared, version) {
    Object.assign(this, { shared, version });
    this.live = new Live(byId("strip"), byId("figures"));
    this.parts = new Parts(byId("sections"), shared);
    this.compare = new Compare(byId("compare"), shared, () => this.state, (scenario) => this.take(scenario));
    this.compare.onkept = () => this.remember();
    this.sequence = 0;
    this.timers = {};
    this.jobs = {};
    this.full = false;
    this.figures = [];
    this.files();
    byId("full").addEventListener("click", () => { this.full = true; this.views(); });
    byId("stop").addEventListener("click", () => { this.stop(); this.busy(false); });
    byId("draw").checked = localStorage.getItem("bands") !== "off";
    byId("draw").addEventListener("change", () => {
      localStorage.setItem("bands", byId("draw").checked ? "on" : "off");
      if (byId("draw").checked) this.bands();
      else this.stop("bands");
    });
    byId("ask-claims").addEventListener("click", () => this.claims());
    addEventListener("hashchange", () => { if (location.hash !== this.address) this.restore(); });
  }

  // Cases.

  async open(asked, file = null) {
    const sheet = await ask("/api/case", asked);
    this.begin(sheet, asked, file);
  }

  begin(sheet, { added = [], now = {}, named = [] } = {}, file = null) {
    const state = new State(sheet);
    Object.assign(state, { file, added, now: whole(now), named: named.map(whole) });
    delete state.now.label;
    this.state = state;
    this.full = false;
    this.shared.name = `detente-${sheet.name}`;
    document.title = `${sheet.title} – détente`;
    byId("title").textContent = sheet.title;
    byId("summary").textContent = sheet.summary;
    const list = byId("case");
    if (![...list.options].some((o) => o.value === sheet.id)) {
      list.append(new Option(`${sheet.name} (from a file)`, sheet.id));
    }
    list.value = sheet.id;
    this.lay();
    this.lays(FIRST);
    this.change(null, { first: true });
  }

  lay() {
    this.controls = new Controls(byId("controls"), this.state, {
      change: (where) => this.change(where),
      begin: (where) => this.hold(where),
      reset: () => { this.hold(null); this.state.now = empty(); this.reopen([]); },
      add: () => this.form(null),
      edit: (place) => this.form(place),
      remove: (place) => this.reopen(this.state.added.filter((_, k) => k !== place)),
    });
    this.compare.show();
  }

  async form(place) {
    const { state } = this;
    const found = await measureForm(state.sheet, state.added, place, state.date);
    if (found) this.adopt(found.sheet, found.added);
  }

  /** The same case with other measures added. */
  async reopen(added) {
    const { state } = this;
    if (!added.length && !state.added.length) { this.lay(); this.change(null); return; }
    const gone = state.added.filter((m) => !added.includes(m)).map((m) => m.id);
    for (const scenario of [state.now, ...state.named]) {
      for (const id of gone) { delete scenario.measures[id]; delete scenario.in_force[id]; }
    }
    try {
      this.adopt(await ask("/api/case", { case: state.sheet.id, added }), added);
    } catch (error) { this.fault(error); }
  }

  adopt(sheet, added) {
    this.state.sheet = sheet;
    this.state.added = added;
    this.lay();
    this.change(null);
  }

  take(scenario) {
    this.hold(null);
    this.state.now = whole(scenario);
    delete this.state.now.label;
    this.controls.show();
    this.change(null);
  }

  // Answers: one at a time; a change that comes in the meantime is asked for after it.

  /** What a control changes is told against the figures from before it was touched. */
  hold(where) {
    if (where && where === this.held?.where) return;
    this.held = { where, figures: this.figures };
  }

  change(where, { first = false } = {}) {
    if (where && where !== this.held?.where) this.hold(where);
    this.where = where;
    this.stop();
    Object.values(this.timers).forEach(clearTimeout);
    if (this.live.bands) this.live.band(null);
    this.asked = performance.now();
    this.busy(true);
    this.wanted = { first };
    if (!this.asking) this.answer();
    this.timers.address = setTimeout(() => this.remember(), QUIET.address);
  }

  async answer() {
    this.asking = true;
    while (this.wanted) {
      const { first } = this.wanted;
      this.wanted = null;
      const began = this.asked;
      this.sequence += 1;
      try {
        const answer = await ask("/api/answer",
          { ...this.state.asked, client, sequence: this.sequence, parts: false });
        const there = performance.now();
        this.show(answer);
        await painted();
        performance.measure("painted", { start: began, end: performance.now(), detail: {
          sequence: this.sequence, ...answer.milliseconds, answered: there - began,
          evaluations: answer.certificate.evaluations,
        } });
        this.age();
        if (!this.wanted) this.after(first);
      } catch (error) {
        if (error.status === 409) continue;
        this.fault(error);
        if (!this.wanted) this.busy(false);
      }
    }
    this.asking = false;
  }

  /** Whether the sections still have to come to what the controls say. */
  busy(so) {
    byId("sections").setAttribute("aria-busy", so);
  }

  show(answer) {
    this.fault(null);
    this.live.show(answer.figures);
    this.figures = answer.figures;
    byId("subject").textContent = answer.subject;
    byId("certificate").textContent = answer.certificate.sentence;
    if (this.where && this.held?.where === this.where && this.held.figures.length) {
      this.where.replaceChildren(...moved(this.held.figures, answer.figures));
    }
  }

  /** What does not yet show the state of the controls says so; after the figures, which come first. */
  age() {
    this.parts.age();
    this.compare.age();
    if (this.claimed) byId("claims").classList.add("stale");
  }

  /** What is slower, when the controls have come to rest. */
  after(first) {
    const wait = (key, run) => { this.timers[key] = setTimeout(run, first ? 0 : QUIET[key]); };
    wait("parts", () => this.second());
    wait("views", () => this.views());
    this.timers.compare = setTimeout(() => this.compare.update(), QUIET.views);
    this.timers.prepare = setTimeout(() => ask("/api/prepare", this.state.asked).catch(() => {}), QUIET.views);
  }

  /** Tables and charts of the same state, which need no further equilibrium. */
  async second() {
    try {
      const sequence = this.sequence + 1;
      this.sequence = sequence;
      const answer = await ask("/api/answer", { ...this.state.asked, client, sequence });
      if (sequence !== this.sequence || this.wanted) return;
      this.parts.update(answer);
    } catch (error) { if (error.status !== 409) this.fault(error); }
  }

  /** The sections, with the figures after the first of them, which holds the map. */
  lays(sections) {
    this.parts.lay(sections);
    byId("sections").querySelector(".part")?.after(byId("figures-section"));
  }

  async views() {
    this.stop("bands");
    this.busy(true);
    const told = this.started("views", "Each measure switched");
    try {
      const views = await job("/api/views", { ...this.state.asked, client, full: this.full }, told, this.jobs.views.signal);
      this.lays(mapFirst(views.sections));
      this.parts.update(views);
      byId("findings").replaceChildren(...views.findings.map((words) => h("li", {}, words)));
      byId("contents").replaceChildren(...mapFirst(views.sections).map((s) =>
        h("li", {}, h("a", { href: `#${s.id}`, onclick: (event) => {
          event.preventDefault();
          byId(s.id).scrollIntoView();
          byId(s.id).focus();
        } }, s.title))));
      byId("full").hidden = this.full;
      byId("reproduce").replaceChildren(...reproduce(views, this.state, this.version));
      // The tables of the quicker answer, if still on their way, are not to replace these.
      clearTimeout(this.timers.parts);
      this.sequence += 1;
      this.ended("views");
      say("All tables and charts show the new state.");
      if (this.claimed) await this.claims();
      if (byId("draw").checked) this.timers.bands = setTimeout(() => this.bands(), QUIET.bands);
    } catch (error) { this.ended("views", error); }
  }

  async bands() {
    const told = this.started("bands", `Bands from ${DRAWS} draws of the parameters`);
    try {
      const found = await job("/api/bands", { ...this.state.asked, client, draws: DRAWS }, told, this.jobs.bands.signal);
      this.live.band(found.bands);
      byId("band-note").textContent = `Bands: 5 to 95 % of ${found.done - found.failed} draws of every `
        + `parameter that has a range, each independently${found.failed ? `; ${found.failed} had no equilibrium` : ""}.`;
      this.ended("bands");
      say("Bands are shown.");
    } catch (error) { this.ended("bands", error); }
  }

  async claims() {
    // One long computation at a time: bands, the longest, wait for what was asked for.
    const waiting = Boolean(this.jobs.bands);
    this.stop("bands");
    const told = this.started("claims", "Claims held against the numbers");
    this.claimed = true;
    try {
      const found = await job("/api/claims", { ...this.state.asked, client }, told, this.jobs.claims.signal);
      fill(byId("claims"), found.table, this.shared.name);
      byId("claims").classList.remove("stale");
      byId("ask-claims").hidden = true;
      this.ended("claims");
      if (waiting) this.bands();
    } catch (error) { this.ended("claims", error); }
  }

  // Progress.

  started(kind, words) {
    this.stop(kind);
    const own = new AbortController();
    this.jobs[kind] = own;
    own.words = words;
    this.progress();
    return ({ done, total, what }) => {
      if (this.jobs[kind] !== own) return;
      Object.assign(own, { done, total, words: total > 8 ? words : `${words}: ${what}` });
      this.progress();
    };
  }

  ended(kind, error = null) {
    if (error?.name === "AbortError") return;
    delete this.jobs[kind];
    this.progress();
    if (kind === "views") this.busy(false);
    if (error && error.status !== 409) this.fault(error);
  }

  stop(kind = null) {
    for (const key of kind ? [kind] : Object.keys(this.jobs)) {
      this.jobs[key]?.abort();
      delete this.jobs[key];
    }
    clearTimeout(this.timers.bands);
    this.progress();
  }

  progress() {
    const [own] = Object.values(this.jobs);
    byId("working").hidden = !own;
    if (!own) return;
    byId("doing").textContent = own.total > 8 ? `${own.words}, ${own.done} of ${own.total}` : own.words;
    const bar = byId("bar");
    if (own.total) Object.assign(bar, { max: own.total, value: own.done });
    else bar.removeAttribute("value");
  }

  fault(error) {
    const place = byId("fault");
    place.hidden = !error;
    if (!error) return;
    const faults = error.faults ?? [];
    place.replaceChildren(h("p", {}, faults.length ? "This state cannot be answered:" : String(error.message)),
      faults.length ? h("ul", {}, faults.map((f) => h("li", {}, f.key ? h("code", {}, f.key) : "", " ", f.message, " ", f.remedy))) : "");
    if (!(error instanceof Refused)) console.error(error);
  }

  // The address, and files.

  async remember() {
    this.address = await this.state.fragment();
    history.replaceState(null, "", this.address);
    byId("link").value = location.href;
  }

  async restore() {
    let data = null;
    try {
      data = await read(location.hash);
      if (!data) { await this.open({ case: this.start }); return; }
      const { added = [], now = {}, named = [] } = data;
      let id = data.case ?? this.start;
      if (data.file) id = (await upload(data.file)).id;
      const sheet = await ask("/api/case", { case: id, added,
        scenarios: [plain({ ...now }, "now"), ...named] });
      this.begin(sheet, { added, now, named }, data.file ?? null);
    } catch (error) {
      if (!this.state) await this.open({ case: this.start });
      this.fault(error);
      byId("fault").prepend(h("p", {}, h("strong", {}, "The scenario in the address was not used.")));
    }
  }

  async read(chosen) {
    try {
      const text = chosen.size > 4e6 ? chosen : await chosen.arrayBuffer();
      const sheet = await upload(text);
      const [now, ...named] = sheet.scenarios;
      this.begin(sheet, { now: now ?? {}, named }, await chosen.text());
    } catch (error) {
      this.fault(error);
      byId("fault").prepend(h("p", {}, h("strong", {}, `${chosen.name} was not opened.`)));
      byId("fault").focus();
    }
  }

  files() {
    byId("case").addEventListener("change", () =>
      this.open({ case: byId("case").value }).catch((error) => this.fault(error)));
    byId("open").addEventListener("change", ({ target }) => {
      if (target.files[0]) this.read(target.files[0]);
      target.value = "";
    });
    const save = (id, run) => byId(id).addEventListener("click", async () => {
      byId(id).disabled = true;
      try { await run(); } catch (error) { this.fault(error); } finally { byId(id).disabled = false; }
    });
    save("save-case", async () => {
      const { state } = this;
      const scenarios = [plain(state.now, "now"), ...state.named.map((s) => plain(s))];
      const blob = await file("/api/file", { case: state.sheet.id, added: state.added, scenarios });
      saveBlob(`${state.sheet.name}.yaml`, blob);
    });
    save("save-brief", async () => {
      say("The brief is being written.");
      const blob = await file("/api/brief", { ...this.state.asked, full: this.full });
      saveBlob(`detente-${this.state.sheet.name}.html`, blob);
    });
    save("copy-link", async () => {
      await this.remember();
      byId("link").select();
      await navigator.clipboard?.writeText(location.href).catch(() => {});
      say("The address is copied.");
    });
  }
}

async function start() {
  const [world, names, { cases, start: first }, { version }] = await Promise.all(
    ["/assets/map.json", "/assets/names.json", "/api/cases", "/api/health"].map(look));
  byId("case").replaceChildren(...cases.map((c) => new Option(c.name, c.name)));
  document.documentElement.classList.add("drawn");
  const app = new App({ world, names, tables: new Map(), name: "detente" }, version);
  app.start = first;
  byId("to-results").addEventListener("click", () => byId("results").focus());
  await app.restore();
}

start().catch((error) => {
  const place = byId("fault");
  place.hidden = false;
  place.replaceChildren(h("p", {}, error.message), button("Try again", () => location.reload()));
});
