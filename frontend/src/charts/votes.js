/** Who votes how when a measure is adopted, renewed and repealed, and who can block alone. */
import { INK, MUTED, REST } from "../core/palette.js";
import { select } from "../core/controls.js";
import { paragraph, sheet, trim, widthOf, write } from "../core/svg.js";
import { tip } from "../core/tip.js";

const CELL = { wide: 29, tall: 18 };
const fitted = (members) => Math.max(CELL.wide, ...members.map((m) => widthOf(m.code, 10, 600) + 9));
const MARKS = [
  { id: "yes", label: "in favour" },
  { id: "even", label: "neither gains nor loses" },
  { id: "no", label: "opposed" },
  { id: "alone", label: "opposed, and can block alone" },
];
const SAID = Object.fromEntries(MARKS.map((m) => [m.id, m.label]));

export function controls(parent, chart, state, redraw) {
  const { bases } = chart.data;
  state.basis = bases[0].id;
  select(parent, "Votes by", bases, state.basis, (value) => { state.basis = value; redraw(); });
}

/** The unit says by what members vote. */
export function titleOf(chart, state) {
  const basis = chart.data.bases.find((b) => b.id === state.basis);
  return { title: chart.title, unit: `Votes by ${basis.label}; ${chart.unit}` };
}

export function draw(canvas, chart, { width, state }) {
  const panels = chart.data.panels[state.basis];
  const svg = sheet(width, 10);
  let y = key(svg, width);
  for (const panel of panels) {
    y += 6;
    y += 3 + paragraph(svg, 0, y + 12, panel.label, width, { weight: 600 });
    if (panel.note) y += paragraph(svg, 0, y + 8, panel.note, width, { size: 12, fill: MUTED }) + 4;
    for (const moment of panel.moments) y = oneMoment(svg, panel, moment, y, width);
    y += 10;
  }
  trim(svg, width, y);
  canvas.replaceChildren(svg.node());
}

function oneMoment(svg, panel, moment, top, width) {
  write(svg, 0, top + 13, moment.label, { size: 12.5, weight: 600 });
  const beside = widthOf(moment.label, 12.5, 600) + 10;
  let y = top + paragraph(svg, beside, top + 13, moment.outcome, width - beside,
    { size: 12, fill: MUTED }) + 4;
  const wide = fitted(panel.members);
  const row = Math.max(1, Math.floor(width / wide));
  moment.votes.forEach((vote, k) => {
    const [x, down] = [(k % row) * wide, Math.floor(k / row) * (CELL.tall + 3)];
    cell(svg, x, y + down, vote, panel.members[k], wide);
  });
  if (moment.votes.length) y += Math.ceil(moment.votes.length / row) * (CELL.tall + 3);
  return y + 5;
}

function box(parent, x, y, vote, wide) {
  const shape = parent.append("rect").attr("class", "vote").attr("x", x + 0.5).attr("y", y + 0.5)
    .attr("width", wide - 3).attr("height", CELL.tall - 1)
    .attr("fill", { yes: "#ffffff", even: "#ffffff", no: REST, alone: INK }[vote])
    .attr("stroke", vote === "alone" ? INK : MUTED).attr("stroke-width", vote === "no" ? 1.4 : 0.8)
    .attr("stroke-dasharray", vote === "even" ? "2 2" : null);
  return shape;
}

function cell(svg, x, y, vote, member, wide) {
  tip(box(svg, x, y, vote, wide).datum(member), (m) => `${m.label}\n${SAID[vote]}`);
  write(svg, x + (wide - 2) / 2, y + 12.8, member.code, { size: 10, anchor: "middle",
    fill: { alone: "#ffffff", no: INK }[vote] ?? MUTED, weight: vote === "alone" ? 600 : 400 })
    .attr("pointer-events", "none");
}

function key(svg, width) {
  let [x, y] = [0, 0];
  for (const { id, label } of MARKS) {
    const wide = 24 + widthOf(label, 12) + 16;
    if (x && x + wide > width) [x, y] = [0, y + 24];
    box(svg, x, y, id, 20);
    write(svg, x + 23, y + 13, label, { size: 12, fill: MUTED });
    x += wide;
  }
  return y + 28;
}
