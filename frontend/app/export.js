/** What leaves the page: case file, brief, address. */
import { file } from "./api.js";
import { byId, say } from "./dom.js";
import { saveBlob } from "./files.js";
import { NOW, plain } from "./state.js";

/** What a brief is called: the case, marked where the state is not the case's own. */
function stem(app, state) {
  const suffix = state.differences().length ? app.answered?.suffix ?? "" : "";
  return `detente-${state.sheet.name}${suffix}`;
}

/**
 * @param {any} app the page
 * @param {(error: Error, heading: string) => void} refused
 */
export function exportButtons(app, refused) {
  const save = (id, run, heading) => byId(id).addEventListener("click", async () => {
    byId(id).disabled = true;
    try { await run(app.state); } catch (error) { refused(error, heading); } finally { byId(id).disabled = false; }
  });
  save("save-case", async (state) => {
    const scenarios = [plain(state.now, NOW), ...state.named.map((s) => plain(s))];
    const made = await file("/api/file", { case: state.sheet.id, added: state.added, scenarios });
    saveBlob(made.name, made);
  }, "The case file was not written.");
  save("save-brief", async (state) => {
    const name = `${stem(app, state)}.html`;
    const found = await app.results.brief(state);
    if (!found) { say("The brief was not written."); return; }
    const text = found instanceof Blob || typeof found === "string" ? found : found.html ?? found.text;
    saveBlob(name, text instanceof Blob ? text : new Blob([text], { type: "text/html;charset=utf-8" }));
    say("The brief is written.");
  }, "The brief was not written.");
  save("copy-link", async () => {
    await app.remember();
    byId("link").select();
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    say("The address is copied.");
  }, "");
}
