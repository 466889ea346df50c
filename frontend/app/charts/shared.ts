/** What all charts and tables of the page share: the map, names of countries, tables by id, the stem of files. */
import type { Table } from "../store/model";

export const shared = {
  world: null as any, names: {} as Record<string, string>, tables: new Map<string, Table>(), name: "detente",
};
