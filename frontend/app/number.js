/** A number with its slider, its unit, its source and what it was. */
import { button, fresh, h, links } from "./dom.js";
import { short } from "./state.js";

const same = (value) => value;

/** Ends and step of a slider: the range thought possible, or half to twice the value. */
function span(p, given) {
  if (given) return { low: given[0], high: given[1], step: 10 ** (Math.floor(Math.log10(given[1] - given[0])) - 3) };
  let [low, high] = p.low === null ? [Math.min(0.5 * p.value, 2 * p.value), Math.max(0.5 * p.value, 2 * p.value)]
    : [p.low, p.high];
  low = Math.min(low, p.value);
  high = Math.max(high, p.value);
  if (low === high) [low, high] = [0, 1];
  return { low, high, step: 10 ** (Math.floor(Math.log10(high - low)) - 2) };
}

/** Rounded to the step, so that what is sent is what is shown. */
const rounded = (value, step) => Number((Math.round(value / step) * step).toPrecision(10));

/** Without the dust of a conversion: 1 − 93 / 100 is 0.07. */
const exact = (value) => Number(value.toPrecision(12));

/**
 * What a control of a number shows and tells.
 * @typedef {object} NumberOptions
 * @property {string} label
 * @property {() => number} value what it is now
 * @property {(value: number) => void} change told when it is changed
 * @property {() => void} [begin] told when somebody takes hold of it
 * @property {boolean} [about] whether source and uses are shown
 * @property {string} [unit]
 * @property {boolean} [late] whether it is told when the slider is let go, not on the way
 * @property {number[]} [ends] of what is shown, which takes nothing beyond them; the parameter's range if left out
 * @property {string} [reach] the same in words
 * @property {(value: number) => number} [out] what is shown of a value
 * @property {(shown: number) => number} [into] the value of what is shown
 * @property {string} [whose] where the value of before stands, in words
 */

/**
 * A control for one parameter.
 * @param {any} p the parameter as the sheet has it
 * @param {NumberOptions} options
 * @returns {{node: HTMLElement, show: (value: number) => void, moved: HTMLElement, unit: HTMLElement,
 *   blame: (words: string|null) => void}}
 */
export function numberControl(p, { label, value, change, begin, about = true, unit = p.unit, ends: given,
  reach = "", out = same, into = same, late = false, whose = "in the case" }) {
  const { low, high, step } = span(p, given);
  const id = fresh("number");
  const ends = [low, high];
  const slider = h("input", {
    type: "range", id, min: ends[0], max: ends[1], step: "any", "data-parameter": p.name,
  });
  const box = h("input", {
    type: "number", step: "any", "aria-label": `${label}, ${unit}`, "data-box": p.name, inputmode: "decimal",
  });
  const moved = h("p", { class: "moved", "aria-live": "off" });
  const wrong = h("p", { class: "wrong", id: `${id}-wrong`, role: "alert", hidden: true });
  /** What the server says is wrong with this number; nothing takes it away. */
  function blame(words) {
    wrong.textContent = words ?? "";
    wrong.hidden = !words;
    for (const input of [slider, box]) {
      for (const [key, mark] of [["aria-invalid", "true"], ["aria-describedby", wrong.id]]) {
        if (words) input.setAttribute(key, mark);
        else input.removeAttribute(key);
      }
    }
  }
  const reset = button("Reset", () => { change(p.value); show(p.value); },
    { class: "reset", hidden: true, "aria-label": `Reset ${label} to ${short(out(p.value))}` });
  function show(v) {
    slider.value = String(out(v));
    slider.setAttribute("aria-valuetext", `${short(out(v))} ${unit}`);
    if (document.activeElement !== box) box.value = short(out(v));
    reset.hidden = v === p.value;
  }
  slider.addEventListener("pointerdown", () => begin?.());
  slider.addEventListener("focus", () => begin?.());
  slider.addEventListener("input", () => {
    const shown = rounded(Number(slider.value), step);
    const v = exact(into(shown));
    if (!late) change(v);
    box.value = short(shown);
    slider.setAttribute("aria-valuetext", `${short(shown)} ${unit}`);
    blame("");
    reset.hidden = v === p.value;
  });
  if (late) slider.addEventListener("change", () => change(exact(into(rounded(Number(slider.value), step)))));
  slider.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = Math.min(Math.max(Number(slider.value) + by * ((ends[1] - ends[0]) / 100), ends[0]), ends[1]);
    slider.value = String(next);
    slider.dispatchEvent(new Event("input"));
    if (late) slider.dispatchEvent(new Event("change"));
  });
  box.addEventListener("focus", () => begin?.());
  box.addEventListener("change", () => {
    const v = Number(box.value);
    if (box.value.trim() === "" || !Number.isFinite(v)) { show(value()); return; }
    if (given && (v < given[0] || v > given[1])) {
      blame(`${short(v)} is not ${reach}. Type a number between ${given[0]} and ${given[1]}.`);
      return;
    }
    blame("");
    change(exact(into(v)));
    show(value());
  });
  const range = p.low === null ? "no range"
    : [p.low, p.high].map((v) => out(v)).sort((a, b) => a - b).map(short).join(" to ");
  const words = h("p", { class: "unit" }, reach
    ? `${reach.charAt(0).toUpperCase()}${reach.slice(1)}; thought likely: ${range} ${unit}; ${short(out(p.value))} ${unit} ${whose}`
    : `${unit}; ${range}; ${short(out(p.value))} ${whose}`);
  const node = h("div", { class: "number", "data-number": p.name },
    h("label", { for: id }, label),
    h("div", { class: "row" }, slider, box, reset),
    words,
    wrong,
    moved,
    about ? h("details", { class: "about" }, h("summary", {}, "Source"),
      h("p", {}, `${p.date}. `, p.source.length ? links(p.source) : "", p.estimate ? " (marked as an estimate)" : ""),
      p.note ? h("p", {}, p.note) : null,
      p.uses.length ? h("p", {}, `Bears on: ${p.uses.join("; ")}.`) : null) : null);
  show(value());
  return { node, show, moved, unit: words, blame };
}
