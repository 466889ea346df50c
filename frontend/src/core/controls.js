/** Labelled choices above a chart. */

/**
 * A drop-down list; calls back with the chosen id.
 * @param {{id: string, label: string}[]} choices
 */
export function select(parent, label, choices, chosen, change) {
  const wrapper = document.createElement("label");
  wrapper.className = "choice";
  wrapper.append(label, " ");
  const list = document.createElement("select");
  for (const { id, label: words } of choices) {
    list.append(new Option(words, id, id === chosen, id === chosen));
  }
  list.addEventListener("change", () => change(list.value));
  wrapper.append(list);
  parent.append(wrapper);
}
