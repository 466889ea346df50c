/** Measures of the case, strongest first, with what moves nothing in a closed list. */
import { influence, order, pairs } from "../store/influence";
import { idle } from "../store/results";
import { now, sheet, trade } from "../store/work";
import { openForm } from "../new/form";
import { LinkedPair } from "./LinkedPair";
import { MeasureCard } from "./MeasureCard";
import { isPair, laid } from "./order";

export function Measures() {
  const of = sheet.value;
  if (!of || (!trade.value && !of.measures.length)) return null;
  const { shown, still } = laid(of, now.value, idle.value, order.value, pairs.value);
  const waiting = trade.value && influence.value === null;
  return (
    <section aria-labelledby="c-measures" class="measures" aria-busy={waiting}>
      <h3 id="c-measures">Measures</h3>
      {trade.value ? <p class="note">Strongest first. Beside each is what switching it moves most, in USD million a
        year.</p> : null}
      <div class={waiting ? "ordering" : ""}>
        {shown.map((one) => (isPair(one) ? <LinkedPair key={one.of.names.join(" ")} pair={one} />
          : <MeasureCard key={one.id} measure={one} />))}
      </div>
      {still.length ? (
        <details class="group" id="still-measures">
          <summary>{`These move nothing here (${still.length})`}</summary>
          {still.map((m) => <MeasureCard key={m.id} measure={m} />)}
        </details>
      ) : null}
      {trade.value ? <button type="button" id="add-measure" onClick={() => openForm(null)}>Add a measure</button> : null}
    </section>
  );
}
