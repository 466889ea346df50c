/** How to get the same numbers elsewhere, and how to cite them. */
import { button, h, say } from "./dom.js";

function copyable(words, text) {
  return h("div", { class: "copyable" }, h("h3", {}, words), h("pre", { tabindex: 0 }, h("code", {}, text)),
    button("Copy", async () => {
      await navigator.clipboard?.writeText(text).catch(() => {});
      say("Copied.");
    }, { "aria-label": `Copy: ${words}` }));
}

/** The command, the Python and the digests, as the brief states them, and a line to cite. */
export function reproduce(views, state, version) {
  const table = views.tables.find((t) => t.id === "reproduce");
  if (!table) return [];
  const rows = new Map(table.rows);
  const digest = rows.get("Case digest (SHA-256)");
  const line = rows.get("Command line");
  const needsFile = line?.includes("--scenario");
  const today = new Date().toISOString().slice(0, 10);
  const cite = `The détente developers (2026). détente: what a sanction does to everyone it touches, version ${version}. `
    + `Case ‘${state.sheet.name}’${digest ? ` (SHA-256 ${digest.slice(0, 16)}…)` : ""}, ${views.subject}`
    + `${views.departure ? `; ${views.departure.sentence.replace(/\.$/, "")}` : ""}. Computed ${today}.`;
  return [
    needsFile ? h("p", {}, "First download the case file above; it holds this state under the name ‘now’.") : null,
    line ? copyable("On the command line", line) : null,
    rows.has("Python") ? copyable("In Python", rows.get("Python")) : null,
    h("h3", {}, "Digests and versions"),
    h("dl", {}, [...rows].filter(([key]) => !["Command line", "Python"].includes(key))
      .map(([key, value]) => [h("dt", {}, key), h("dd", {}, h("code", {}, value))])),
    copyable("Cite", cite),
  ].filter(Boolean);
}
