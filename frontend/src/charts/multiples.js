/**
 * Options side by side: one panel per option, one bar per place, one scale. Bars are gains and losses,
 * or amounts without a sign, as sales by buyer and year.
 */
import { scaleLinear } from "d3-scale";
import { beside, change } from "../core/format.js";
import { AMOUNT, GAIN, LOSS, MUTED, NEGLIGIBLE, NEUTRAL } from "../core/palette.js";
import { ends, fit, legend, rule, sheet, trim, whisker, widthOf, within, wrap, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const ROW = 21;
const GAP = 18;

export function draw(canvas, chart, { width }) {
  const { places, options, amounts = false } = chart.data;
  const said = (value) => (amounts ? beside(value, 2) : beside(value, 1, true));
  const values = options.flatMap((o) => o.values).filter((v) => v !== null);
  const drawn = options.flatMap((o) => [...(o.low ?? []), ...(o.high ?? [])]).filter((end) => end !== null);
  const label = Math.max(0, ...values.map((v) => widthOf(said(v), 11))) + 6;
  const names = Math.min(Math.max(...places.map((p) => widthOf(p, 12.5))) + 8, width * 0.32);
  const room = width - names;
  const fitting = Math.max(1, Math.min(options.length, Math.floor((room + GAP) / (118 + GAP))));
  const across = Math.ceil(options.length / Math.ceil(options.length / fitting));
  const panel = (room - GAP * (across - 1)) / across;
  const [low, high] = [Math.min(0, ...values, ...drawn), Math.max(0, ...values, ...drawn)];
  const x = scaleLinear([low, high], [low < 0 ? label : 0, panel - (high > 0 ? label : 0)]);
  const titles = options.map((o) => wrap(o.label, panel - 4, 12, 600));
  const head = Math.max(...titles.map((t) => t.length)) * 15 + 10;
  const band = head + places.length * ROW + 22;
  const tall = Math.ceil(options.length / across) * band;
  const svg = sheet(width, tall);
  const key = amounts ? 0 : legend(svg, 0, tall + 4, width, [{ label: "costs", colour: LOSS }, { label: "brings", colour: GAIN },
    { label: `no noticeable change (under USD ${NEGLIGIBLE} million)`, colour: NEUTRAL, stroke: MUTED }]);
  trim(svg, width, tall + 4 + key);
  options.forEach((option, k) => {
    const column = k % across;
    const group = svg.append("g")
      .attr("transform", `translate(0,${Math.floor(k / across) * band})`);
    const left = names + column * (panel + GAP);
    titles[k].forEach((line, row) => write(group, left, 12 + 15 * row, line, { size: 12, weight: 600 }));
    rule(group, left + x(0), head - 2, left + x(0), head + places.length * ROW);
    places.forEach((place, row) => {
      const y = head + row * ROW;
      const value = option.values[row];
      if (column === 0) write(group, 0, y + 13, fit(place, names - 6, 12.5), { size: 12.5 });
      const spread = ends(option.low?.[row], option.high?.[row]);
      const nothing = !amounts && Math.abs(value) < NEGLIGIBLE;
      const colour = amounts ? AMOUNT : nothing ? NEUTRAL : value < 0 ? LOSS : GAIN;
      const end = nothing || value === null ? x(0) : x(value);
      tip(group.append("rect").datum(value).attr("class", "bar").attr("x", left + Math.min(x(0), end) - (nothing ? 1.5 : 0))
        .attr("y", y + 2).attr("width", nothing ? 3 : Math.max(Math.abs(end - x(0)), value === null ? 0 : 0.75)).attr("height", ROW - 7)
        .attr("fill", colour).attr("stroke", nothing ? MUTED : null)
        .attr("stroke-width", 0.7),
      () => (amounts ? `${option.label}, ${place}\n${said(value)} ${chart.unit}`
        : `${place}\n${option.label}\n${change(value)} USD million a year${within(spread)}`));
      if (spread) whisker(group, spread.map((v) => left + x(v)), y + 2 + (ROW - 7) / 2);
      const below = value < 0 && !nothing;
      const edge = spread && !nothing ? (below ? Math.min : Math.max)(end, ...spread.map(x)) : end;
      write(group, left + edge + (below ? -4 : 4), y + 13, said(value),
        { size: 11, fill: MUTED, anchor: below ? "end" : "start" });
    });
  });
  canvas.replaceChildren(svg.node());
}
