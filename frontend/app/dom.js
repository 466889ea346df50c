/** Building blocks of the page. */

/**
 * An element of the page by its id. Which kind of element it is stands in index.html.
 * @param {string} id
 * @returns {any}
 */
export const byId = (id) => document.getElementById(id);

/**
 * An element with attributes, listeners (`onclick`) and children; what is null is left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Object<string, any>} given
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

/** A text that leads to a page, if its address is one. */
export function link({ text, href }) {
  if (!/^https?:\/\//.test(href ?? "")) return document.createTextNode(text);
  return h("a", { href, rel: "noreferrer noopener", target: "_blank" }, text);
}

export function links(all) {
  return all.map((one, k) => [k ? "; " : "", link(one)]);
}

/** Text in which addresses are links that show only the host. */
export function linked(text) {
  return String(text).split(/(https?:\/\/[^\s()<>]*[^\s()<>.,;])/).map((part, k) =>
    (k % 2 ? link({ text: new URL(part).hostname, href: part }) : part));
}

export function button(words, press, more = {}) {
  return h("button", { type: "button", onclick: press, ...more }, words);
}

let count = 0;

/** A fresh id for a label and what it names. */
export function fresh(stem) {
  count += 1;
  return `${stem}-${count}`;
}

/** Tells those who do not see the page what changed. */
export function say(words) {
  byId("said").textContent = words;
}

/** Lets the browser show what stands there now. */
export const painted = () => new Promise((done) => {
  requestAnimationFrame(() => setTimeout(done, 0));
});

/**
 * What scrolls sideways can be reached by the keyboard, and only then.
 * @param {HTMLElement} cue says so to those who see it
 */
export function reachable(node, words, cue) {
  const over = node.scrollWidth > node.clientWidth + 1;
  for (const [key, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", words]]) {
    if (over) node.setAttribute(key, value);
    else node.removeAttribute(key);
  }
  cue.hidden = !over;
}

/** Says that what follows is wider than what is seen of it. */
export const sideways = () =>
  h("p", { class: "note cue", hidden: true }, "Wider than the screen: scroll it sideways →");
