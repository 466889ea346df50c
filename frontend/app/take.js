/** What leaves the page: case file, brief, address. */
import { file } from "./api.js";
import { byId, say } from "./dom.js";
import { saveBlob } from "./files.js";
import { NOW, plain } from "./state.js";

/** What files of a state are called: the case, marked where the state is not the case's own. */
const stem = (state) => `${state.sheet.name}${state.differences().length ? "-hypothetical" : ""}`;

/**
 * @param {App} app
 * @param {(error: Error, heading: string) => void} refused
 */
export function takeAway(app, refused) {
  const save = (id, run, heading) => byId(id).addEventListener("click", async () => {
    byId(id).disabled = true;
    try { await run(app.state); } catch (error) { refused(error, heading); } finally { byId(id).disabled = false; }
  });
  save("save-case", async (state) => {
    const scenarios = [plain(state.now, NOW), ...state.named.map((s) => plain(s))];
    const blob = await file("/api/file", { case: state.sheet.id, added: state.added, scenarios });
    saveBlob(`${stem(state)}.yaml`, blob);
  }, "The case file was not written.");
  save("save-brief", async (state) => {
    const found = await app.results.brief(state);
    if (!found) { say("The brief was not written."); return; }
    const text = found instanceof Blob || typeof found === "string" ? found : found.html ?? found.text;
    saveBlob(`detente-${stem(state)}.html`, text instanceof Blob ? text : new Blob([text], { type: "text/html;charset=utf-8" }));
    say("The brief is written.");
  }, "The brief was not written.");
  save("copy-link", async () => {
    await app.remember();
    byId("link").select();
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    say("The address is copied.");
  }, "");
}
