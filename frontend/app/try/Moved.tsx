/** What the last change of a control moved, beside it. */
import type { Said } from "../figures/moved";

export function Moved({ words }: { words: Said[] | undefined }) {
  return (
    <p class="moved" aria-live="off">
      {words?.map((one) => (one.tone ? <b class={one.tone}>{one.words}</b> : one.words))}
    </p>
  );
}
