/** What the server sends and what the page holds, as types. */

export interface Link { text: string; href: string; note?: string }

export interface Period { from: string; until: string | null; document?: string }

/** A number at the place where it stands: a parameter, or a number of a measure that was added. */
export interface Strength {
  parameter: string; role: string; label: string;
  value?: number; at?: (string | number)[]; low?: number; high?: number; unit?: string;
  /** What 0, 50 and 100 % of enforcement mean, in the words of the measure. */
  degrees?: string[];
}

export interface Measure {
  id: string; label: string; owner: string; owner_label: string; kind: string; description: string;
  note: string; trade?: boolean; sets: string; in_force: boolean; periods: Period[]; acts: Link[];
  source: Link[]; strength: Strength[];
}

export interface Parameter {
  name: string; label?: string; value: number; low: number | null; high: number | null; unit: string;
  date: string; source: Link[]; estimate: boolean; note: string; uses: string[]; dated?: boolean;
}

export interface Route {
  id: string; label: string; transit: string; closed_by: string[]; numbers: { parameter: string; label: string }[];
}

export interface RouteChoice {
  label: string; commodity: string; origin: string; routes: Route[]; numbers: { parameter: string; label: string }[];
}

export interface Choice { id: string; label: string }

/** A case as its controls show it: the answer of /api/case and /api/upload. */
export interface Sheet {
  id: string; name: string; title: string; summary: string; digest: string; text: string | null; alone?: boolean;
  trade?: boolean; negotiation?: boolean; payoffs?: boolean; date: string; horizon: string; transfers: string; base_year: string;
  days: { date: string; label: string }[]; parties: Choice[]; measures: Measure[]; route_choices: RouteChoice[];
  parameters: Record<string, Parameter>; scenarios: Named[]; idle?: Record<string, string>;
  questions?: { id: string; question: string }[];
  choices: { kinds: Choice[]; countries: Choice[]; groups: Choice[]; goods: Choice[];
    routes: { commodity: string; origin: string; id: string; label: string }[] };
}

/** What differs from the case; what is as in the case is left out. */
export interface Scenario {
  label?: string; date?: string; horizon?: string; transfers?: string;
  measures: Record<string, boolean>; in_force: Record<string, Period[]>; parameters: Record<string, number>;
}

export type Named = Scenario & { label: string };

/** Everything that a person made on a case: what undo takes back and the address holds. */
export interface Work {
  /** Measures added to the case. */
  added: any[];
  /** What is on the screen. */
  now: Scenario;
  /** Scenarios kept under a name. */
  named: Named[];
  /** Measures that the deal on the table changes, by id; none where nothing is laid. */
  deal?: string[];
}

/** One figure of the answer of /api/answer. */
export interface Figure {
  id: string; key: string; side: string; commodity: string | null; label: string; group: string; unit: string;
  shown_unit: string; decimals: number; value: number | null; before: number | null;
  real_income_change: number | null; largest_supplier: string | null;
}

/** How a state differs from the case, in the server's words. */
export interface Departure {
  hypothetical: boolean; scenario: string; heading: string; sentence: string; line: string; mark: string; suffix: string;
  changes: { what: string; id: string; label: string; value: string; own: string; unit: string; words: string }[];
}

export interface Answer {
  figures: Figure[]; departure: Departure | null; subject: string; certificate: { sentence: string; evaluations: number };
  tables: Table[]; charts: Chart[]; milliseconds: Record<string, number>;
}

export interface Column {
  key: string; label: string; unit: string; kind: string; decimals: number; signed?: boolean; toned?: boolean; group?: boolean;
}

export interface Table {
  id: string; title: string; sentence: string; note: string; unit: string; lead?: number; state?: string; suffix?: string;
  columns: Column[]; rows: any[][];
}

export interface Chart {
  id: string; kind: string; title: string; unit: string; description: string; source: string; table?: string;
  state?: string; suffix?: string; data: any;
}

export interface Chapter {
  id: string; question: string; sentence: string; paragraph: string; bullet: string; picture: string; sections: string[];
  /** Of the state before: a later stage brings the answer to this one. */
  old?: boolean;
}

export interface Section { id: string; title: string; parts: string[]; note?: string }

/** The document `brief`, as far as the page reads it. */
export interface Views {
  overview?: { headline: string; chapters: Chapter[]; bullets: { chapter: string; text: string }[]; options: any; effects: any[];
    /** Later stages bring further answers. */
    partial?: boolean };
  sections: Section[]; tables: Table[]; charts: Chart[]; sentences: string[]; subject: string; title: string;
  departure?: Departure | null;
}

export interface Band { low: number; high: number; drivers: { parameter: string; correlation: number }[] }
