/** What leaves the page: case file, brief, address. */
import { useState } from "preact/hooks";
import { file as fetched } from "../api/client";
import { departure } from "../store/answer";
import { showFault } from "../store/faults";
import { writeBrief } from "../store/results";
import { link, remember } from "../store/route";
import { NOW, plain } from "../store/scenario";
import { say } from "../store/said";
import { changes, sheet, work } from "../store/work";
import { copy, saveBlob } from "../ui/files";

async function saveCase() {
  const of = sheet.peek();
  const { now, named, added } = work.peek();
  const scenarios = [plain(now, NOW), ...named.map((s) => plain(s))];
  const made = await fetched("/api/file", { case: of?.id, added, scenarios });
  saveBlob(made.name, made);
}

async function saveBrief() {
  // Marked where the state is not the case's own, and called after the state that it was asked for.
  const suffix = changes.peek().length ? departure.peek()?.suffix ?? "" : "";
  const name = `detente-${sheet.peek()?.name}${suffix}.html`;
  const found = await writeBrief();
  if (!found) {
    say("The brief was not written.");
    return;
  }
  const text = found instanceof Blob || typeof found === "string" ? found : found.html ?? found.text;
  saveBlob(name, text instanceof Blob ? text : new Blob([text], { type: "text/html;charset=utf-8" }));
  say("The brief is written.");
}

function Save({ id, run, heading, children }: { id: string; run: () => Promise<void>; heading: string; children: string }) {
  const [running, setRunning] = useState(false);
  const press = async () => {
    setRunning(true);
    try { await run(); } catch (error) { showFault(error, { heading }); } finally { setRunning(false); }
  };
  return <button type="button" id={id} disabled={running} onClick={press}>{children}</button>;
}

export function Share() {
  const { href, busy } = link.value;
  return (
    <section class="share" aria-labelledby="c-take">
      <h2 id="c-take" tabIndex={-1}>Share it</h2>
      <p class="buttons">
        <Save id="save-case" run={saveCase} heading="The case file was not written.">
          Case file with all scenarios (yaml)</Save>
        <Save id="save-brief" run={saveBrief} heading="The brief was not written.">
          Brief of this state (one HTML file)</Save>
        <button type="button" id="print" onClick={() => print()}>Print</button>
      </p>
      <div class="field">
        <label for="link">Address of this state</label>{" "}
        <input type="text" id="link" readOnly value={href} aria-busy={busy || undefined} />{" "}
        <button type="button" id="copy-link" onClick={async () => {
          await remember();
          (document.getElementById("link") as HTMLInputElement).select();
          await copy(location.href);
          say("The address is copied.");
        }}>Copy</button>
      </div>
    </section>
  );
}
