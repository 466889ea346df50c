/** What is wrong, above the results and in sight wherever the page stands. */
import { Refused } from "./api.js";
import { button, byId, h } from "./dom.js";

/**
 * Shows what was refused.
 * @param {any} error a refusal with its faults, or any other error
 * @param {{heading?: string, again?: (() => void)|false|null, name?: (fault: any) => string}} more
 *   `heading` says what did not come about and is left out where the message says all, `again` is what
 *   the button for another try does, `name` says what a fault is about in the words of the controls
 */
export function showFault(error, { heading = "", again = null, name = (fault) => fault.key } = {}) {
  const faults = error.faults ?? [];
  const lines = faults.map((f) => {
    const whose = name(f);
    return h("li", {}, whose ? h("b", {}, `${whose}: `) : null, f.message, " ", f.remedy);
  });
  byId("fault").replaceChildren(...[
    heading ? h("p", {}, h("strong", {}, heading)) : null,
    faults.length ? h("ul", {}, lines) : h("p", {}, String(error.message)),
    h("p", { class: "buttons" },
      again ? button("Try again", again, { id: "again" }) : null,
      button("Close", () => hideFault(), { "aria-label": "Close the message" })),
  ].filter(Boolean));
  byId("fault").hidden = false;
  if (!(error instanceof Refused)) console.error(error);
}

export function hideFault() { byId("fault").hidden = true; }

/**
 * The names of controls that a fault is about: parameters and measures of a case.
 * @param {object} sheet of the case
 */
export function namedIn(fault, sheet) {
  const words = new Set(`${fault.key} ${fault.message}`.match(/[A-Za-z][\w-]*/g) ?? []);
  const found = Object.keys(sheet.parameters).filter((name) => words.has(name));
  if (found.length) return found;
  const ids = sheet.measures.map((m) => m.id).filter((id) => words.has(id));
  const place = Number(/^measures\[(\d+)\]/.exec(fault.key)?.[1] ?? NaN);
  if (!ids.length && sheet.measures[place]) return [sheet.measures[place].id];
  return ids;
}
