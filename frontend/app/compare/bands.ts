/** Bands of compared scenarios, put into the charts and the table of the comparison. No page is needed. */
import { shown } from "../figures/moved";
import type { Band, Chart, Figure, Table } from "../store/model";

type Bands = Record<string, Band> | null;

/** The rows of a chart are the figures of its group, in their order. */
export function withBands(chart: Chart, bands: Bands[], figures: Figure[]): Chart {
  const own = figures.filter((f) => f.group === chart.title);
  const rows = chart.data.rows.map((row, r) => {
    const end = (which: "low" | "high") => bands.map((b) => {
      const found = own[r]?.label === row.label && b?.[own[r].id];
      return found ? shown(own[r], found[which]) : null;
    });
    return { ...row, low: end("low"), high: end("high") };
  });
  return { ...chart, data: { ...chart.data, rows } };
}

/** The table with both ends of the bands as further columns; `draws` is the least that any of them rests on. */
export function withEnds(table: Table, asked: { label: string }[], bands: Bands[], figures: Figure[], draws: number): Table {
  const ends = asked.flatMap(({ label }, k) => (bands[k]
    ? ["5 %", "95 %"].map((words, end) => ({ end, of: bands[k], column: {
      key: `${["low", "high"][end]}_${k}`, label: `${label}, ${words}`, unit: "", kind: "number", decimals: -3 } })) : []));
  return { ...table,
    columns: [...table.columns, ...ends.map((e) => e.column)],
    rows: table.rows.map((row) => {
      const figure = figures.find((f) => f.group === row[0] && f.label === row[1]);
      return [...row, ...ends.map(({ end, of }) =>
        (figure ? shown(figure, of?.[figure.id]?.[end ? "high" : "low"] ?? null) : null))];
    }),
    note: `${table.note} Bands: 5 to 95 % of ${draws} draws of every parameter that has a range, each independently.` };
}
