/** Two measures that hold the same closed: one alone moves nothing, both together do. */
import { movedAt } from "../store/answer";
import { turn } from "../store/scenario";
import { change, hold, now, sheet } from "../store/work";
import { MeasureCard } from "./MeasureCard";
import { Moved } from "./Moved";
import { movesWords, pairWords, type Pair } from "./order";

export function LinkedPair({ pair }: { pair: Pair }) {
  const of = sheet.value;
  if (!of) return null;
  const said = pairWords(of, now.value, pair);
  const id = `pair-${pair.first.id}`;
  const both = [pair.first, pair.second];
  return (
    <div class="linked-pair" role="group" aria-labelledby={`${id}-words`}>
      <MeasureCard measure={pair.first} linked />
      <div class="link-words">
        <p id={`${id}-words`}>{said.words}</p>
        <button type="button" data-pair={pair.of.names.join(" ")} onClick={() => {
          hold(id);
          change(`${said.button}: ${both.map((m) => `‘${m.label}’`).join(" and ")}`, (draft, case_) => {
            for (const m of both) turn(case_, draft.now, m, !said.lift);
          }, { where: id });
        }}>{said.button}</button>
        <p class="moves">{`Together: ${movesWords(pair.of)}`}</p>
        <Moved words={movedAt.value[id]} />
      </div>
      <MeasureCard measure={pair.second} linked />
    </div>
  );
}
