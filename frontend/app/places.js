/** Where things stand on the page: links to sections, the height of what stays on top, the phone. */
import { byId, h } from "./dom.js";

/** How long it is stayed with, and how long nothing may have moved, ms. */
const PATIENCE = 8000;
const STILL = 1500;

/**
 * Scrolls to an element and stays with it while what is drawn late above it changes the heights,
 * until nothing has moved for a while or the reader moves on.
 */
export function go(node) {
  const began = performance.now();
  let still = began;
  let done = false;
  const stop = new AbortController();
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    addEventListener(kind, () => { done = true; }, { signal: stop.signal, passive: true });
  }
  const wanted = () => parseFloat(getComputedStyle(node).scrollMarginTop);
  const step = () => {
    const now = performance.now();
    const off = node.getBoundingClientRect().top - wanted();
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    if (Math.abs(off) > 2 && !(end && off > 0)) {
      node.scrollIntoView();
      still = now;
    }
    if (done || now - still > STILL || now - began > PATIENCE) stop.abort();
    else requestAnimationFrame(step);
  };
  node.scrollIntoView();
  node.focus({ preventScroll: true });
  requestAnimationFrame(step);
}

/**
 * The list of sections: those of the results, with the figures after the first, then the page's own.
 * @param {boolean} figures whether there are any
 * @param {object|null} state how it differs from the case
 */
export function contents(sections, figures, state = null) {
  const own = [...byId("results").querySelectorAll(":scope > section")].filter((s) => s.checkVisibility())
    .map((s) => s.querySelector("h2")).map((head) => [head.id, head.textContent]);
  // The title of the page is marked; the list would only repeat it.
  const mark = state ? `${state.mark}: ` : "";
  const bare = (title) => (title.startsWith(mark) ? title.slice(mark.length) : title);
  const found = sections.map((s) => [`part-${s.id}`, bare(s.title)]);
  if (figures) found.splice(1, 0, ["figures-now", "Figures of this state"]);
  byId("contents").replaceChildren(...[...found, ...own]
    .map(([id, words]) => h("li", {}, h("a", { href: `#${id}`, onclick: (event) => {
      event.preventDefault();
      go(byId(id));
    } }, words))));
}

/** What scrolls under the strip keeps clear of it; a phone has a way from controls to results. */
export function begin() {
  const top = byId("top");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--top", `${top.offsetHeight}px`);
  }).observe(top);
  byId("to-results").addEventListener("click", () => byId("results").focus());
  const jump = byId("jump");
  const results = byId("results");
  const above = () => results.getBoundingClientRect().top < innerHeight / 2;
  const name = () => { jump.textContent = above() ? "↑ To the controls" : "↓ To the results"; };
  jump.addEventListener("click", () => go(above() ? byId("controls") : results));
  addEventListener("scroll", name, { passive: true });
  new ResizeObserver(name).observe(document.body);
}
