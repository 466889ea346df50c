/** The answer in three bullets, each of which leads to its picture. */
import { coming, isOld, overview } from "../store/results";
import { sheet } from "../store/work";
import { toChapter } from "./details";

export function Short() {
  const found = overview.value;
  const bullets = found?.data.bullets ?? [];
  return (
    <section aria-label="In short">
    <ul class={`bullets ${isOld(found) ? "stale" : ""}`}>
      {bullets.length ? null : <li class="note">{coming.value ? "The answers in short are being worked out."
        : "The answers in short are not there."}</li>}
      {bullets.map(({ chapter, text }) => (
        <li key={chapter}>{text}{" "}
          <button type="button" class="link" onClick={() => toChapter(chapter)}>
            {`${sheet.value?.questions?.find((q) => q.id === chapter)?.question ?? "See it"} →`}</button></li>
      ))}
    </ul>
    </section>
  );
}
