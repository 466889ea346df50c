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

export function Lights({ all }: { all: Signature[] }) {
  if (!all.length) return null;
  return (
    <ul class="lights" aria-label="Who would sign">
      {all.map((one) => {
        const vetoes = vetoesOf(one);
        return (
          <li key={one.party}>
            <One light={lightOf(one)} />
            {one.rule ? <p class="note">{`It decides by ${one.rule}.`}</p> : null}
            {vetoes.length ? <ul>{vetoes.map((v) => <li key={v.id}><One light={v} /></li>)}</ul> : null}
          </li>
        );
      })}
    </ul>
  );
}
