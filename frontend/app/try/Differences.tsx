/** Everything that differs from the case, each with the way back. */
import { wrong } from "../store/answer";
import { changeAdded, changeNow, changes, hold, resetAll, work } from "../store/work";
import { Links } from "../ui/Links";

export function Differences() {
  const found = changes.value;
  return (
    <section aria-labelledby="c-differs">
      <h3 id="c-differs">Different from the case</h3>
      <div class="differing">
        <p class="note" hidden={found.length > 0}>Nothing: everything is as in the case.</p>
        <ul class="differences">
          {found.map((d) => (
            <li key={`${d.what} ${d.remove ?? ""}`}>
              <span>{`${d.what}: `}<strong>{`${d.value}${d.unit ? ` ${d.unit}` : ""}`}</strong>
                {d.own === undefined ? "" : ` (${d.own} in the case)`}</span>
              {d.source?.length ? <span class="from"> <Links all={d.source} /></span> : null}{" "}
              <button type="button" aria-label={`${d.undo ? "Reset" : "Remove"} ${d.what}`} onClick={() => {
                hold(null);
                if (d.undo) changeNow(`${d.what} reset`, d.undo);
                else changeAdded(`${d.what} removed`, work.peek().added.filter((_, k) => k !== d.remove));
              }}>{d.undo ? "Reset" : "Remove"}</button>
              {d.name && wrong.value.has(d.name) ? <p class="wrong">{wrong.value.get(d.name)}</p> : null}
            </li>
          ))}
        </ul>
        <button type="button" id="reset-all" hidden={!found.length} onClick={() => resetAll()}>Reset everything</button>
      </div>
    </section>
  );
}
