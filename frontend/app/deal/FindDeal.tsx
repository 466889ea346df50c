/** ‘Find me a deal’: for a criterion, with what must stay out and who must sign. */
import { useId, useState } from "preact/hooks";
import { findDeal, lay, search, searching, searchRefusal, stopSearch } from "./talks";
import { hands, toggled, verdict, type DealAnswer } from "./model";

interface Chosen { id: string; label: string }

/** Several of a list, each a button that stays pressed. */
function Several({ label, all, chosen, change, kind }: { label: string; all: Chosen[]; chosen: string[];
  change: (next: string[]) => void; kind: string }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} class="several">
      <p id={id}>{label}</p>
      <p>{all.map((one) => (
        <button key={one.id} type="button" class="chip-move" data-choice={`${kind}-${one.id}`}
          aria-pressed={chosen.includes(one.id)} onClick={() => change(toggled(chosen, one.id))}>{one.label}</button>
      ))}</p>
    </div>
  );
}

export function FindDeal({ of }: { of: DealAnswer["choices"] }) {
  const id = useId();
  const [criterion, setCriterion] = useState("fairest");
  const [without, setWithout] = useState<string[]>([]);
  const [signers, setSigners] = useState<string[]>(() => of.signatories.map((s) => s.id));
  const about = of.criteria.find((c) => c.id === criterion)?.description ?? "";
  const run = (out = without, who = signers) =>
    findDeal(criterion, out, who.length === of.signatories.length ? null : who);
  const found = search.value;
  return (
    <section class="find-deal" aria-labelledby={`${id}-h`}>
      <h3 id={`${id}-h`}>Find me a deal</h3>
      <div class="field">
        <label for={`${id}-criterion`}>Choose it by</label>
        <select id={`${id}-criterion`} data-criterion value={criterion} onChange={(event) => setCriterion(event.currentTarget.value)}>
          {of.criteria.map((c) => <option key={c.id} value={c.id}>{c.label}</option>)}
        </select>
      </div>
      <p class="note">{about}</p>
      <Several kind="sign" label="Who must sign" all={of.signatories} chosen={signers} change={setSigners} />
      <details class="group">
        <summary>{without.length ? `What must stay out (${without.length})` : "What must stay out: nothing"}</summary>
        {hands(of).map((hand) => (
          <Several key={hand.party} kind="out" label={hand.label} all={hand.moves} chosen={without} change={setWithout} />
        ))}
      </details>
      <p><button type="button" class="main" id="find-deal" disabled={searching.value || !signers.length}
        onClick={() => run()}>{searching.value ? "Searching …" : "Find me a deal"}</button>
      {searching.value ? (
        <>{" "}<button type="button" id="stop-search" onClick={stopSearch}>Stop</button>{" "}
          <progress aria-label="Progress of the search" /></>
      ) : null}
      {signers.length ? null : <span class="note"> Choose at least one who signs.</span>}</p>
      {searching.value ? <p class="note">Every package that can be put together is weighed.</p> : null}
      <div class="found" aria-live="off">
        {searchRefusal.value ? <p class="wrong" role="alert">{searchRefusal.value}</p> : null}
        {found ? (
          <>
            {(found.deal ? verdict(found) : found.sentences).map((words) => <p key={words}>{words}</p>)}
            {found.deal ? <p class="note">It lies on the table.</p> : null}
            {found.droppable.length ? (
              <ul class="droppable">
                {found.droppable.map((one) => (
                  <li key={`${one.kind} ${one.id}`}>{one.sentence}{" "}
                    <button type="button" data-drop={one.id} onClick={() => {
                      const out = one.kind === "without" ? without.filter((m) => m !== one.id) : without;
                      const who = one.kind === "signed_by" ? signers.filter((m) => m !== one.id) : signers;
                      setWithout(out);
                      setSigners(who);
                      run(out, who);
                    }}>Search without this condition</button></li>
                ))}
              </ul>
            ) : null}
            {found.nearest && !found.deal ? (
              <p><button type="button" id="lay-nearest" onClick={() => lay("nearest deal laid",
                found.nearest?.moves.map((m) => m.id) ?? [])}>Lay the nearest one on the table</button></p>
            ) : null}
          </>
        ) : null}
      </div>
    </section>
  );
}
