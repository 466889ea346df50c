/** Runs the tests of functions that need no page: bundles them first, as sources are TypeScript. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = fs.mkdtempSync(path.join(os.tmpdir(), "detente-tests-"));
try {
  const names = fs.readdirSync(here).filter((name) => name.endsWith(".test.js"));
  await build({
    entryPoints: names.map((name) => path.join(here, name)), outdir: out, outExtension: { ".js": ".mjs" },
    bundle: true, platform: "node", format: "esm", target: "node20", jsx: "automatic", jsxImportSource: "preact",
    sourcemap: "inline", logLevel: "warning",
  });
  const files = names.map((name) => path.join(out, name.replace(/\.js$/, ".mjs")));
  const { status } = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  fs.rmSync(out, { recursive: true, force: true });
}
