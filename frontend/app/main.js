/** The app: state on the left, answers on the right, both in the address. */
import { Refused, ask, keep, look, upload } from "./api.js";
import { nameOf } from "../src/core/download.js";
import { Controls } from "./controls.js";
import { button, byId, h, painted } from "./dom.js";
import { hideFault, namedIn, showFault } from "./faults.js";
import { Live, moved } from "./live.js";
import { measureForm } from "./measure.js";
import { begin as beginPlaces } from "./places.js";
import { Results } from "./results.js";
import { NOW, State, empty, plain, read, scenariosOf, whole } from "./state.js";
import { busy, done, released } from "./pending.js";
import { saves } from "./table.js";
import { exportButtons } from "./export.js";

/** How long the controls rest before the address follows, ms. */
const ADDRESS = 300;
/** How long a running answer may still take once a newer one is wanted, ms. */
const PATIENCE = 400;
/** After this long the figures on the screen are said to be of the state before, ms. */
const LATE = 1000;
/** Bytes of a case file that the server takes. */
const FILE = 262_144;
/** What stands on the page until the brief's own sections are there. */
const FIRST = [{ id: "world", title: "Who gains and who pays", parts: ["chart:map", "chart:gains", "table:gains"] }];
const SOLVING = "of the state before; this one is being solved";
const FAILED = "of the state before: this one has no answer";

class App {
  constructor(shared, version) {
    this.shared = shared;
    this.version = version;
    /** The case that is opened where the address names none. */
    this.start = "";
    /** @type {any} the answer that is on its way */
    this.flight = null;
    shared.refused = (error) => this.fault(error, { heading: "The table was not saved." });
    this.live = new Live(byId("strip"), byId("figures"), [byId("strip-note"), byId("figures-note")]);
    this.results = new Results(this);
    this.client = crypto.randomUUID();
    this.sequence = 0;
    this.texts = new Map();
    this.figures = [];
    this.answered = null;
    /** @type {any} the state of the page; there is one as soon as a case is open */
    this.state = null;
    /** @type {any} its controls */
    this.controls = null;
    /** When the controls last changed. */
    this.asked = 0;
    this.listen();
  }

  listen() {
    byId("save-figures").append(saves("Figures of this state",
      () => nameOf(this.shared, this.live.saved(), "figures"), () => this.live.saved(), this.shared.refused));
    byId("case").addEventListener("change", ({ target }) => this.choose(target.value));
    byId("open").addEventListener("change", ({ target }) => {
      if (target.files[0]) this.read(target.files[0]);
      target.value = "";
    });
    exportButtons(this, (error, heading) => this.fault(error, { heading }));
    addEventListener("hashchange", () => { if (location.hash !== this.address) this.restore(); });
  }

  // Cases.

  async open(asked) {
    const sheet = await ask("/api/case", asked);
    this.begin(sheet, scenariosOf(sheet), this.texts.get(sheet.id));
  }

  async choose(id) {
    try {
      keep(this.texts.get(id) ?? null);
      await this.open({ case: id });
    } catch (error) {
      // The list names what is on the screen.
      keep(this.state?.file ?? null);
      const chosen = byId("case").selectedOptions[0].text;
      byId("case").value = this.state?.sheet.id ?? "";
      this.fault(error, { heading: `The case ${chosen} was not opened.`,
        again: error.passing && (() => this.choose(id)) });
    }
  }

  begin(sheet, { added = [], now = {}, named = [] } = {}, file = null) {
    const state = new State(sheet);
    Object.assign(state, { added, now: whole(now), named: named.map(whole) });
    delete state.now.label;
    state.file ??= file;
    keep(state.file);
    if (state.file) this.texts.set(sheet.id, state.file);
    Object.assign(this, { figures: [], answered: null, held: null, changing: null, pending: false });
    this.results.clear();
    hideFault();
    this.state = state;
    this.shared.name = `detente-${sheet.name}`;
    this.live.label = (name) => state.label(name);
    this.head(null);
    byId("summary").textContent = sheet.summary;
    const list = byId("case");
    if (![...list.options].some((o) => o.value === sheet.id)) {
      list.append(new Option(`${sheet.name} (from a file)`, sheet.id));
    }
    list.value = sheet.id;
    // A case without trade has a negotiation only: nothing to put into figures, and no days.
    for (const id of ["strip-holder", "figures-section", "full", "compare-section", "claims-section"]) {
      byId(id).hidden = !state.trade;
    }
    const fixed = !state.trade && !sheet.measures.length && !Object.keys(sheet.parameters).length;
    byId("controls").parentElement.classList.toggle("fixed", fixed);
    for (const id of ["controls", "jump"]) byId(id).hidden = fixed;
    this.lay();
    this.results.lays(state.trade ? FIRST : []);
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
    this.results.compare.show();
  }

  async form(place) {
    const { state } = this;
    const found = await measureForm(state.sheet, state.added, place, state.date);
    if (found) this.adopt(found.sheet, found.added, found.added[place ?? found.added.length - 1].id);
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
    } catch (error) { this.fault(error, { heading: "The measures were not changed." }); }
  }

  adopt(sheet, added, id = null) {
    this.state.sheet = sheet;
    this.state.added = added;
    this.lay();
    this.change(id && this.controls.movedOf(id));
  }

  take(scenario) {
    this.hold(null);
    this.state.now = whole(scenario);
    delete this.state.now.label;
    this.controls.show();
    this.change(null);
  }

  // Answers: one at a time; a change that comes in the meantime is asked for after it.

  /**
   * What a control changes is told against the figures from before it was touched; where a change
   * before it has not been answered yet, the two are told together.
   */
  hold(where) {
    if (where && where === this.held?.where) return;
    this.held = { where, figures: this.figures, answered: this.answered, joined: this.pending };
  }

  change(where, { first = false } = {}) {
    if (where && where !== this.held?.where) this.hold(where);
    this.changing = where ? this.held : null;
    this.pending = true;
    busy("answer");
    this.results.stop();
    if (!first) hideFault();
    this.asked = performance.now();
    byId("link").setAttribute("aria-busy", "true");
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => this.remember(), ADDRESS);
    if (!this.state.trade) {
      this.settle();
      this.results.age();
      this.results.after(first);
      done("answer");
      return;
    }
    this.late ??= setTimeout(() => this.live.age(SOLVING), LATE);
    this.wanted = { first };
    if (this.asking) this.hurry();
    else this.answer();
  }

  /** A slow answer that is no longer wanted is given up. */
  hurry() {
    const own = this.flight;
    own.hurried ??= setTimeout(() => { if (this.flight === own && this.wanted) own.abort(); },
      Math.max(0, own.since + PATIENCE - performance.now()));
  }

  async answer() {
    this.asking = true;
    while (this.wanted) {
      const { first } = this.wanted;
      this.wanted = null;
      const began = this.asked;
      const own = Object.assign(new AbortController(), { since: performance.now(), changing: this.changing });
      this.flight = own;
      this.sequence += 1;
      try {
        const answer = await ask("/api/answer",
          { ...this.state.asked, client: this.client, sequence: this.sequence, parts: false }, { signal: own.signal });
        const there = performance.now();
        this.show(answer, own.changing);
        await painted();
        performance.measure("painted", { start: began, end: performance.now(), detail: {
          sequence: this.sequence, ...answer.milliseconds, answered: there - began,
          evaluations: answer.certificate.evaluations,
        } });
        this.results.age();
        if (!this.wanted) this.results.after(first);
      } catch (error) {
        if (error.name !== "AbortError" && error.status !== 409 && !this.wanted) this.failed(error);
      }
      this.flight = null;
    }
    this.asking = false;
    done("answer");
  }

  /** What the controls say is answered. */
  settle() {
    this.pending = false;
    clearTimeout(this.late);
    this.late = null;
    if (this.controls.wrong.size) this.controls.blame(new Map());
  }

  show(answer, changing) {
    if (!this.wanted) this.settle();
    this.live.age("");
    this.live.show(answer.figures, answer.departure);
    this.figures = answer.figures;
    this.head(answer.departure);
    this.shared.figures = answer.figures;
    byId("subject").textContent = answer.subject;
    byId("certificate").textContent = answer.certificate.sentence;
    if (changing?.figures.length) {
      const words = moved(changing.figures, answer.figures, changing.answered, changing.joined);
      released().then(() => changing.where.replaceChildren(...words));
    }
    // What is changed after this answer was asked for is told against it.
    for (const later of [this.held, this.changing]) {
      if (later && later !== changing) {
        Object.assign(later, { figures: answer.figures, answered: answer.departure, joined: false });
      }
    }
  }

  /** The title of the page, and how what is on the screen differs from the case, in the server's words. */
  head(state) {
    this.answered = state;
    const { title } = this.state.sheet;
    const words = state ? `${state.mark}: ${title}` : title;
    byId("title").textContent = words;
    document.title = `${words} – détente`;
    // One line where the controls stand beside the results, so that nothing below it moves; their
    // list says what differs. A narrow page wraps it.
    byId("state").textContent = state?.sentence ?? "The state of the case.";
    byId("state").title = state?.sentence ?? "";
    byId("state").classList.toggle("differs", Boolean(state));
    byId("strip-state").hidden = !state;
    byId("strip-state").textContent = state?.hypothetical === false ? state.mark : "hypothetical";
    byId("strip-unit").textContent = state ? "USD m a year" : "USD million a year";
    byId("figures-now").textContent = `${state ? `${state.mark}: f` : "F"}igures of this state`;
  }

  /** A state without an answer: all that is on the screen is of the state before, and says so. */
  failed(error) {
    clearTimeout(this.late);
    this.late = null;
    this.live.age(FAILED);
    this.results.age();
    this.results.busy(false);
    this.changing?.where.replaceChildren();
    const { sheet } = this.state;
    const wrong = new Map();
    const faults = error.faults.length || error.passing ? error.faults : [{ key: "", message: error.message, remedy: "" }];
    for (const fault of faults) {
      const named = namedIn(fault, sheet);
      const touched = this.changing?.where.closest(".measure, [data-number]");
      const last = touched?.dataset.number ?? touched?.querySelector("[data-measure]")?.dataset.measure;
      for (const name of named.length ? named : [last].filter(Boolean)) {
        wrong.set(name, [wrong.get(name), fault.message, fault.remedy].filter(Boolean).join(" "));
      }
    }
    this.controls.blame(wrong);
    this.fault(error, { heading: error.passing ? "" : "This state cannot be answered.",
      again: error.passing && (() => this.change(null)),
      name: (fault) => namedIn(fault, sheet).map((name) =>
        (sheet.parameters[name] ? this.state.label(name) : sheet.measures.find((m) => m.id === name).label)).join(", ")
        || fault.key });
  }

  fault(error, more) { showFault(error instanceof Error ? error : new Refused(0, error), more); }

  // The address, and files.

  async remember() {
    this.address = await this.state.fragment();
    history.replaceState(null, "", this.address);
    byId("link").value = location.href;
    byId("link").removeAttribute("aria-busy");
  }

  async restore() {
    try {
      const data = await read(location.hash);
      if (!data) { await this.open({ case: this.start }); return; }
      const { added = [], now = {}, named = [], file = null } = data;
      keep(file);
      let id = data.case ?? this.start;
      if (file && !/^[0-9a-f]{64}$/.test(id)) ({ id } = await upload(file));
      const sheet = await ask("/api/case", { case: id, added,
        scenarios: [plain({ ...now }, NOW), ...named] });
      this.begin(sheet, { added, now, named }, file);
    } catch (error) {
      keep(this.state?.file ?? null);
      if (!this.state) await this.open({ case: this.start });
      this.fault(error, { heading: "The scenario in the address was not used." });
    }
  }

  async read(chosen) {
    try {
      if (chosen.size > FILE) {
        throw new Refused(413, { message: `It has ${Math.ceil(chosen.size / 1024).toLocaleString("en")} KiB; `
          + `a case file may have ${FILE / 1024}. Leave out notes or claims.` });
      }
      const sheet = await upload(await chosen.arrayBuffer());
      this.begin(sheet, scenariosOf(sheet), await chosen.text());
    } catch (error) {
      this.fault(error, { heading: `${chosen.name} was not opened.` });
      byId("fault").focus();
    }
  }
}

async function start() {
  busy("start");
  beginPlaces();
  const [world, names, { cases, start: first }, { version }] = await Promise.all(
    ["/assets/map.json", "/assets/names.json", "/api/cases", "/api/health"].map(look));
  byId("case").replaceChildren(...cases.map((c) => new Option(c.case, c.case)));
  document.documentElement.classList.add("drawn");
  const app = new App({ world, names, tables: new Map(), name: "detente" }, version);
  app.start = first;
  await app.restore();
  done("start");
}

start().catch((error) => {
  const place = byId("fault");
  place.hidden = false;
  place.replaceChildren(h("p", {}, error.message), button("Try again", () => location.reload()));
});
