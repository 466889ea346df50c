/** One tooltip for the page; marks also carry their words for those who do not hover. */
let box = null;

function show(event, words) {
  box ??= document.body.appendChild(
    Object.assign(document.createElement("div"), { className: "tip", hidden: true }),
  );
  box.replaceChildren(...words.split("\n").map((line, k) => {
    const part = document.createElement(k === 0 ? "strong" : "span");
    part.textContent = line;
    return part;
  }));
  box.hidden = false;
  const { clientX: x, clientY: y } = event;
  const { offsetWidth: w, offsetHeight: h } = box;
  box.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - w - 6))}px`;
  box.style.top = `${y + 18 + h > innerHeight ? y - h - 12 : y + 18}px`;
}

function hide() {
  if (box) box.hidden = true;
}

/**
 * Gives every mark of a selection its words: on hover, and as text in the drawing.
 * @param {(datum: any) => string} words lines apart by \n, the first one in bold
 */
export function tip(selection, words) {
  return selection
    .attr("data-tip", words)
    .attr("aria-label", (d) => words(d).replace(/\n/g, ", "))
    .on("pointerenter pointermove", (event, d) => show(event, words(d)))
    .on("pointerleave", hide);
}
