/**
 * What each case answers, in a sentence with bars. Those of packaged cases come with the list of cases;
 * others are asked for one after the other while the start page is seen.
 */
import { job } from "../api/client";
import { client } from "../store/answer";
import { cards, cases } from "../store/route";

/** Asks for those that are not there yet; the signal gives it up when a case is opened. */
export async function learnCards(given: AbortSignal) {
  for (const { case: id } of cases.peek()) {
    if (cards.peek()[id]) continue;
    try {
      const found = await job("/api/card", { case: id, client: `${client}-cards` }, { signal: given });
      cards.value = { ...cards.peek(), [id]: found };
    } catch (error) {
      if (given.aborted || error.name === "AbortError") return;
      // A case without an answer is shown by its summary.
    }
  }
}
