/** Suppliers' shares of each market as bars of 100 %: before, under the regime, one thing lifted. */
import { select } from "../core/controls.js";
import { number } from "../core/format.js";
import { MUTED, REST, SUPPLIERS, onColour } from "../core/palette.js";
import { fit, legend, sheet, widthOf, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const BAR = 17;

export function controls(parent, chart, state, redraw) {
  const lifted = chart.data.states.slice(2).filter((s) => s.id !== "lift-everything");
  state.third = lifted[0]?.id ?? "";
  if (!lifted.length) return;
  select(parent, "Beside the regime", [...lifted, { id: "", label: "nothing else" }], state.third,
    (value) => { state.third = value; redraw(); });
}

export function draw(canvas, chart, { width, state }) {
  const { suppliers, states, markets } = chart.data;
  const shown = states.map((s, k) => ({ ...s, k }))
    .filter((s) => s.k < 2 || s.id === state.third);
  const short = { before: "before", under: "regime" };
  const colours = [...suppliers.map((_, k) => SUPPLIERS[k % SUPPLIERS.length]), REST];
  const labels = [...suppliers, "Others"];
  const narrow = width < 560;
  const names = narrow ? 0 : Math.min(Math.max(...markets.map((m) => widthOf(m.label))) + 12, 170);
  const tags = 52;
  const room = width - names - tags;
  const block = shown.length * (BAR + 2) + (narrow ? 30 : 12);
  const svg = sheet(width, 10);
  const head = legend(svg, 0, 2, width, labels.map((label, k) => ({ label, colour: colours[k] }))) + 8;
  const third = states.find((s) => s.id === state.third);
  const key = third
    ? wrap(`lifted: ${third.label}, with the rest of the regime in place`, width, 11.5) : [];
  const foot = key.length * 16 + 4;
  const height = head + markets.length * block + foot;
  svg.attr("viewBox", `0 0 ${width} ${height}`).attr("height", height);
  markets.forEach((market, m) => {
    const top = head + m * block + (narrow ? 18 : 0);
    if (narrow) write(svg, 0, top - 5, market.label, { weight: 600, size: 12.5 });
    else write(svg, 0, top + 13, fit(market.label, names - 8), { weight: 600 });
    shown.forEach((s, row) => {
      const y = top + row * (BAR + 2);
      const own = market.shares[s.k];
      const parts = [...own, Math.max(0, 100 - own.reduce((a, b) => a + b, 0))];
      write(svg, names + tags - 6, y + 12.5, short[s.id] ?? "lifted",
        { size: 11, fill: MUTED, anchor: "end" });
      let left = names + tags;
      parts.forEach((share, k) => {
        const wide = (share / 100) * room;
        if (wide <= 0.05) return;
        tip(svg.append("rect").datum(share).attr("class", "bar").attr("x", left).attr("y", y)
          .attr("width", wide).attr("height", BAR).attr("fill", colours[k])
          .attr("stroke", "#ffffff").attr("stroke-width", 0.6),
        () => `${labels[k]} in ${market.label}\n${number(share, 1)} %, ${s.label}`);
        if (wide > 30) {
          write(svg, left + 4, y + 12.5, number(share), { size: 11, fill: onColour(colours[k]) })
            .attr("pointer-events", "none");
        }
        left += wide;
      });
    });
  });
  key.forEach((line, k) => write(svg, 0, height - foot + 12 + 16 * k, line,
    { size: 11.5, fill: MUTED }));
  canvas.replaceChildren(svg.node());
}
