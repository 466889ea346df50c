/** Who would sign: a light for each signatory, and for each who could stop it alone. */
import { lightOf, vetoesOf, type Light, type Signature } from "./model";

function One({ light }: { light: Light }) {
  return (
    <span class="light" data-light={light.id} data-for={light.for}>
      <span class="lamp" aria-hidden="true">{light.for ? "✓" : "✕"}</span>
      <span><b>{light.label}</b> {light.words}</span>
    </span>
  );
}

/** Lights that are shown at once; the others stand behind a heading. */
const MOST = 4;

function Vetoes({ all }: { all: Light[] }) {
  const list = (some: Light[]) => <ul>{some.map((v) => <li key={v.id}><One light={v} /></li>)}</ul>;
  if (all.length <= MOST + 1) return all.length ? list(all) : null;
  return (
    <>
      {list(all.slice(0, MOST))}
      <details class="group"><summary>{`${all.length - MOST} others can stop it alone`}</summary>{list(all.slice(MOST))}</details>
    </>
  );
}

export function Lights({ all }: { all: Signature[] }) {
  if (!all.length) return null;
  return (
    <ul class="lights" aria-label="Who would sign">
      {all.map((one) => (
        <li key={one.party}>
          <One light={lightOf(one)} />
          {one.rule ? <p class="note">{`It decides by ${one.rule}.`}</p> : null}
          <Vetoes all={vetoesOf(one)} />
        </li>
      ))}
    </ul>
  );
}
