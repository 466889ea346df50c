/** The results beside the figures: sections, comparison, claims, bands, all slower than the figures. */
import { ask } from "./api.js";
import { Compare } from "./compare.js";
import { byId, h, say } from "./dom.js";
import { Sections } from "./sections.js";
import { contents } from "./places.js";
import { reproduce } from "./reproduce.js";
import { busy, done, released } from "./pending.js";
import { fill } from "./table.js";
import { Jobs } from "./jobs.js";

/** How long the controls rest before what is slower is asked for, ms. */
const QUIET = { parts: 220, views: 650, bands: 1500 };
const DRAWS = 64;
/** What belongs to a change and stops with the next one; a brief is of the state that it was asked for. */
const OF_STATE = ["views", "bands", "claims", "compare"];
/** Sections of the page itself that show the state, beside the sections. */
const BESIDE = ["findings-section", "reproduce-section", "claims-live"];

/** The sections of the brief, the map's before the list of measures, which the controls hold too. */
const mapFirst = (sections) => [...sections].sort((a, b) =>
  Number(b.parts.includes("chart:map")) - Number(a.parts.includes("chart:map")));

export class Results {
  /** @param {any} app the page, whose state they show */
  constructor(app) {
    this.app = app;
    this.shared = app.shared;
    this.live = app.live;
    /** @type {Object<string, ReturnType<typeof setTimeout>>} */
    this.timers = {};
    this.turn = 0;
    /** Stops the request for the tables and charts of a state that the controls no longer say. */
    this.parts = new AbortController();
    this.full = false;
    this.claimed = false;
    this.sections = new Sections(byId("sections"), this.shared);
    this.jobs = new Jobs(() => {
      clearTimeout(this.timers.bands);
      this.busy(false);
      this.behind();
    });
    this.compare = new Compare(byId("compare"), this.shared, () => app.state, (scenario) => app.take(scenario),
      (asked, words) => this.draws(asked, words));
    this.compare.onkept = () => app.remember();
    byId("full").addEventListener("click", () => { this.full = true; this.views(); });
    byId("resume").addEventListener("click", () => { this.busy(true); this.after(true); });
    byId("draw").checked = localStorage.getItem("bands") !== "off";
    byId("draw").addEventListener("change", () => {
      localStorage.setItem("bands", byId("draw").checked ? "on" : "off");
      if (byId("draw").checked) this.bands();
      else { this.jobs.stop(["bands"]); this.band(null); }
    });
    byId("ask-claims").addEventListener("click", () => this.claims());
  }

  get asked() { return { ...this.app.state.asked, client: this.app.client }; }

  fault(error, more) { this.app.fault(error, more); }

  /** Nothing of the case before stays on the page. */
  clear() {
    Object.assign(this, { full: false, claimed: false });
    this.shared.tables.clear();
    this.sections.clear();
    this.compare.clear();
    this.live.clear();
    this.band(null);
    for (const id of ["contents", "findings", "reproduce", "claims-live", "subject", "certificate"]) {
      byId(id).replaceChildren();
    }
    byId("ask-claims").hidden = false;
  }

  /** The controls say something else: what is under way for the state before ends. */
  stop() {
    this.jobs.stop(OF_STATE);
    this.parts.abort();
    this.turn += 1;
    for (const [key, timer] of Object.entries(this.timers)) {
      clearTimeout(timer);
      done(key);
    }
    byId("behind").hidden = true;
    this.band(null);
    this.busy(true);
  }

  /** Whether the sections still have to come to what the controls say. */
  busy(so) {
    byId("sections").setAttribute("aria-busy", so);
  }

  /** What does not yet show the state of the controls says so; after the figures, which come first. */
  age() {
    this.sections.age();
    this.compare.age();
    for (const id of BESIDE) if (byId(id).childElementCount) byId(id).classList.add("stale");
  }

  /** Offers to bring up to date what was stopped on the way. */
  behind() {
    const beside = BESIDE.some((id) => byId(id).classList.contains("stale"));
    byId("behind").hidden = this.app.pending || !(beside || this.sections.stale || this.compare.stale);
  }

  /** What is slower, when the controls have come to rest. */
  after(first) {
    byId("behind").hidden = true;
    const wait = (key, run, rest) => {
      clearTimeout(this.timers[key]);
      busy(key);
      const { turn } = this;
      this.timers[key] = setTimeout(async () => {
        await run();
        if (turn === this.turn) done(key);
      }, rest);
    };
    wait("views", () => this.views(), first ? 0 : QUIET.views);
    if (!this.app.state.trade) return;
    wait("parts", () => this.second(), first ? 0 : QUIET.parts);
    wait("compare", () => this.compare.update(), QUIET.views);
    // Those of the case as it stands came with it.
    if (!first) wait("idle", () => this.idle(), QUIET.views);
    wait("prepare", () => ask("/api/prepare", this.app.state.asked).catch(() => {}), QUIET.views);
  }

  /** Which controls move nothing in this state, said beside them. */
  async idle() {
    const { turn } = this;
    const found = await ask("/api/idle", this.asked).catch(() => null);
    await released();
    if (found && turn === this.turn) this.app.controls.tell(found.idle);
  }

  /** Tables and charts of the same state, which need no further equilibrium. */
  async second() {
    this.parts.abort();
    const { signal } = (this.parts = new AbortController());
    try {
      this.app.sequence += 1;
      const answer = await ask("/api/answer", { ...this.asked, sequence: this.app.sequence }, { signal });
      await released();
      if (!signal.aborted) this.sections.update(answer);
    } catch (error) { if (!signal.aborted) this.unfinished(error); }
  }

  unfinished(error) {
    this.busy(false);
    this.behind();
    this.fault(error, { heading: "The sections were not brought up to date.", again: () => this.after(true) });
  }

  /** The sections, with the figures after the first of them, which holds the map. */
  lays(sections) {
    this.sections.lay(sections);
    byId("sections").querySelector(".part")?.after(byId("figures-section"));
  }

  async views() {
    clearTimeout(this.timers.bands);
    this.jobs.stop(["bands"]);
    this.busy(true);
    byId("behind").hidden = true;
    try {
      const views = await this.jobs.run("views", "Tables and charts", "/api/views",
        { ...this.asked, ...this.app.state.kept, full: this.full }, (part) => this.some(part));
      if (!views) return;
      const { turn } = this;
      await released();
      if (turn !== this.turn) return;
      this.paint(views, true);
      byId("full").hidden = this.full || !this.app.state.trade;
      this.busy(false);
      say("All tables and charts show the new state.");
      const claims = views.tables.find((t) => t.id === "claims");
      if (claims) this.claim(claims);
      else if (this.claimed) await this.claims();
      if (byId("draw").checked && this.app.state.trade) this.timers.bands = setTimeout(() => this.bands(), QUIET.bands);
    } catch (error) { this.unfinished(error); }
  }

  /** What there is before the end. */
  async some(part) {
    const { turn } = this;
    await released();
    if (turn === this.turn && this.jobs.has("views")) this.paint(part, false);
  }

  /** What a job has found: all, or what is known so far, with the rest as it stands. */
  paint(views, all) {
    // What others have said stands in a section of the page itself.
    const found = views.sections.filter((s) => s.id !== "claims");
    const known = new Set(found.map((s) => s.id));
    const rest = all ? [] : (this.sections.sections ?? []).filter((s) => !known.has(s.id));
    const sections = mapFirst([...found, ...rest]);
    // The tables of the quicker answer, if still on their way, are not to replace these.
    clearTimeout(this.timers.parts);
    done("parts");
    this.app.sequence += 1;
    this.lays(sections);
    this.sections.update(views);
    contents(sections, this.app.state.trade, views.departure);
    if (!this.app.state.trade) {
      byId("subject").textContent = views.subject;
      this.app.head(views.departure);
    }
    if (!all) return;
    byId("findings").replaceChildren(...views.sentences.map((words) => h("li", {}, words)));
    byId("reproduce").replaceChildren(...reproduce(views, this.app.state, this.app.version));
    for (const id of ["findings-section", "reproduce-section"]) byId(id).classList.remove("stale");
  }

  draws(asked, words) {
    this.jobs.stop(["bands"]);
    return this.jobs.run("compare", words, "/api/bands", { ...asked, client: `${this.app.client}-compare`, draws: DRAWS });
  }

  async bands() {
    try {
      const found = await this.jobs.run("bands", `Bands from ${DRAWS} draws of the parameters`, "/api/bands",
        { ...this.asked, draws: DRAWS }, (part) => this.band(part, " so far"));
      if (!found) return;
      this.band(found);
      say("Bands are shown.");
    } catch (error) { this.fault(error, { heading: "The bands were not drawn.", again: () => this.bands() }); }
  }

  band(found, far = "") {
    if (found || this.live.bands) this.live.band(found?.bands ?? null);
    const draws = found?.draws;
    byId("band-note").textContent = draws ? `Bands: 5 to 95 % of ${draws.done - draws.failed} draws${far} of every `
      + `parameter that has a range, each independently${draws.failed ? `; ${draws.failed} failed${draws.why_failed ? `: ${draws.why_failed}` : ""}` : ""}.` : "";
  }

  async claims() {
    // One long computation at a time: bands, the longest, wait for what was asked for.
    const waiting = this.jobs.has("bands");
    this.jobs.stop(["bands"]);
    try {
      const found = await this.jobs.run("claims", "Claims held against the numbers", "/api/claims",
        this.asked);
      if (!found) return;
      this.claim(found.views.tables[0]);
      if (waiting) this.bands();
    } catch (error) {
      this.behind();
      this.fault(error, { heading: "The claims were not held against the numbers.", again: () => this.claims() });
    }
  }

  claim(table) {
    this.claimed = true;
    fill(byId("claims-live"), table, this.shared);
    byId("claims-live").classList.remove("stale");
    byId("ask-claims").hidden = true;
  }

  /** The brief of the state as a text or a blob; null where it was stopped. */
  async brief(state) {
    const waiting = this.jobs.has("bands");
    this.jobs.stop(["bands"]);
    const asked = { ...state.asked, ...state.kept, client: this.app.client };
    const found = await this.jobs.run("brief", "Writing the brief", "/api/brief/stream", asked)
      .catch((error) => {
        // A server without the stream writes it in one go.
        if (error.status !== 404 && error.status !== 405) throw error;
        return this.jobs.run("brief", "Writing the brief", "/api/brief", asked);
      });
    if (waiting && this.app.state === state && this.jobs.idle) this.bands();
    return found;
  }
}
