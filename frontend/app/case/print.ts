/** On paper every question is drawn with its details, and no control. */

/** Watches for the page to be printed, once, when it begins. */
export function watchPrint() {
  let closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>("#results details:not([open])")];
    for (const one of closed) one.open = true;
    dispatchEvent(new Event("detente-print"));
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    closed = [];
  });
}
