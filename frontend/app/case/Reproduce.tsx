/** How to get the same numbers elsewhere, and how to cite them. */
import { isOld, reproduction } from "../store/results";
import { version } from "../store/route";
import { say } from "../store/said";
import { sheet } from "../store/work";
import { copy } from "../ui/files";

function Copyable({ words, text }: { words: string; text: string }) {
  return (
    <div class="copyable">
      <h4>{words}</h4>
      <pre tabIndex={0}><code>{text}</code></pre>
      <button type="button" aria-label={`Copy: ${words}`}
        onClick={async () => { await copy(text); say("Copied."); }}>Copy</button>
    </div>
  );
}

/** The line to cite a state of a case by. */
function citation(name: string, digest: string | undefined, subject: string, sentence: string) {
  const today = new Date().toISOString().slice(0, 10);
  return `The détente developers (2026). détente: what a sanction does to everyone it touches, version ${version.value}. `
    + `Case ‘${name}’${digest ? ` (SHA-256 ${digest.slice(0, 16)}…)` : ""}, ${subject}`
    + `${sentence ? `; ${sentence.replace(/\.$/, "")}` : ""}. Computed ${today}.`;
}

/** The command, the Python and the digests, as the brief states them, and a line to cite. */
export function Reproduce() {
  const found = reproduction.value;
  const of = sheet.value;
  if (!of) return null;
  const rows = new Map<string, string>((found?.data.table.rows ?? []) as [string, string][]);
  const line = rows.get("Command line");
  const python = rows.get("Python");
  return (
    <section id="reproduce-section" class={isOld(found) ? "stale" : undefined} aria-labelledby="c-again">
      <h3 id="c-again" tabIndex={-1}>Reproduce and cite this</h3>
      <div id="reproduce">
        {line?.includes("--scenario")
          ? <p>First download the case file below; it holds this state under the name ‘now’.</p> : null}
        {line ? <Copyable words="On the command line" text={line} /> : null}
        {python ? <Copyable words="In Python" text={python} /> : null}
        {found ? (
          <>
            <h4>Digests and versions</h4>
            <dl>
              {[...rows].filter(([key]) => !["Command line", "Python"].includes(key)).map(([key, value]) => (
                <><dt>{key}</dt><dd><code>{value}</code></dd></>
              ))}
            </dl>
            <Copyable words="Cite" text={citation(of.name, rows.get("Case digest (SHA-256)"),
              found.data.subject, found.data.sentence)} />
          </>
        ) : null}
      </div>
    </section>
  );
}
