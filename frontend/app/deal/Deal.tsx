/** The table between the parties: moves are laid on it, and each who must sign shows a light. */
import { useEffect } from "preact/hooks";
import { sheet } from "../store/work";
import { FindDeal } from "./FindDeal";
import { Lights } from "./Lights";
import { Steps } from "./Steps";
import { deal, laid, lay, old, refusal, watchDeal } from "./talks";
import { Stakes } from "./Stakes";
import { bandWords, does, hands, toggled, verdict, type Move } from "./model";

const MOVE = "text/x-detente-move";

function put(move: Move) {
  const on = laid.peek().includes(move.id);
  lay(`‘${move.label}’ ${on ? "taken from the table" : "laid on the table"}`, toggled(laid.peek(), move.id));
}

function Chip({ move }: { move: Move }) {
  const on = laid.value.includes(move.id);
  return (
    <button type="button" class="chip-move" data-move={move.id} aria-pressed={on} draggable
      onDragStart={(event) => event.dataTransfer?.setData(MOVE, move.id)} onClick={() => put(move)}>
      {move.label} <b>{does(move)}</b></button>
  );
}

/** Where moves are dropped: `on` lays them, the other side takes them back. */
function drop(all: Move[], on: boolean) {
  return {
    onDragOver: (event: DragEvent) => { if (event.dataTransfer?.types.includes(MOVE)) event.preventDefault(); },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const move = all.find((m) => m.id === event.dataTransfer?.getData(MOVE));
      if (move && laid.peek().includes(move.id) !== on) put(move);
    },
  };
}

function OnTable({ all }: { all: Move[] }) {
  const there = all.filter((m) => laid.value.includes(m.id));
  const owners = [...new Map(there.map((m) => [m.owner, m.owner_label])).entries()];
  return (
    <div class="on-table" {...drop(all, true)}>
      <h4>On the table</h4>
      {there.length ? (
        <ul>{owners.map(([owner, label]) => (
          <li key={owner}><span class="note">{label}</span>{" "}
            {there.filter((m) => m.owner === owner).map((m) => <Chip key={m.id} move={m} />)}</li>
        ))}</ul>
      ) : <p class="note">Nothing yet: press a move, or drag it here.</p>}
      <p><button type="button" id="clear-deal" disabled={!there.length} onClick={() => lay("table cleared", [])}>Clear the table</button></p>
    </div>
  );
}

export function Deal() {
  const of = sheet.value;
  useEffect(() => watchDeal(), []);
  if (!of?.payoffs) return null;
  const found = deal.value;
  if (!found) {
    return (
      <section class="deal" id="deal" aria-labelledby="c-deal">
        <h3 id="c-deal">Lay a deal on the table</h3>
        <p class={refusal.value ? "wrong" : "note"} role={refusal.value ? "alert" : undefined}>
          {refusal.value || "The moves of the parties are on their way."}</p>
        {refusal.value && laid.value.length ? (
          <p><button type="button" onClick={() => lay("table cleared", [])}>Clear the table</button></p>
        ) : null}
      </section>
    );
  }
  const all = found.choices.moves;
  if (!all.length) return null;
  return (
    <section class="deal" id="deal" aria-labelledby="c-deal">
      <h3 id="c-deal">Lay a deal on the table</h3>
      <p class="note">Press what would change. The lights show who would sign.</p>
      <div class="talks">
        <div class="hands" {...drop(all, false)}>
          {hands(found.choices).map((hand) => (
            <div class="hand" key={hand.party} role="group" aria-labelledby={`hand-${hand.party}`}>
              <h4 id={`hand-${hand.party}`}>{hand.label}</h4>
              <p>{hand.moves.filter((m) => !laid.value.includes(m.id)).map((m) => <Chip key={m.id} move={m} />)}</p>
            </div>
          ))}
        </div>
        <div class="at-table">
          <OnTable all={all} />
        <div class={`verdict ${old.value && !refusal.value ? "stale" : ""}`}>
          {refusal.value ? <p class="wrong" id="deal-refusal" role="alert">{refusal.value}</p> : (
            <>
              {verdict(found).map((words) => <p key={words}>{words}</p>)}
              {found.moves.length ? <><Lights all={found.signatures} /><p class="note">{bandWords(found)}</p></> : null}
              <Steps of={found} />
            </>
          )}
        </div>
        </div>
        <FindDeal of={found.choices} />
      </div>
      {refusal.value ? null : <Stakes of={found} />}
    </section>
  );
}
