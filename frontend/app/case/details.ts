/** Ways to what stands in the details of a question. */
import { openTab } from "../store/route";

/** Frames in which parts that came near are drawn. */
const SETTLE = 12;

const frame = () => new Promise((run) => { requestAnimationFrame(run); });

/** Opens the tab of a question and its details, and goes to an element in them. */
export async function openDetails(chapter: string, id: string) {
  openTab(chapter);
  const details = document.getElementById(`details-${chapter}`) as HTMLDetailsElement | null;
  if (details) details.open = true;
  await frame();
  await frame();
  const node = document.getElementById(id);
  const head = node?.closest(".part")?.querySelector<HTMLElement>("h3");
  // Parts on the way are drawn as they come near, and push it on.
  for (let k = 0; k < SETTLE; k += 1) {
    node?.scrollIntoView();
    await frame();
  }
  (head ?? node)?.focus({ preventScroll: true });
}

/** Opens the tab of a question and goes to its answer. */
export async function toChapter(chapter: string) {
  openTab(chapter);
  await frame();
  const node = document.getElementById(`tab-${chapter}`);
  node?.scrollIntoView({ block: "start" });
  node?.focus({ preventScroll: true });
}
