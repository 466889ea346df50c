/** Who takes part: groups that are ready with their rules, and countries that are searched. */
import { useState } from "preact/hooks";
import { Linked } from "../ui/Links";
import { say } from "../store/said";
import { Combobox } from "./Combobox";
import { choices, draft, faults, put, type Choices } from "./checked";
import { renewalsOf, unread, type Bloc } from "./draft";
import { placesFor } from "./sentence";

const turn = (id: string) => {
  const { parties } = draft.peek();
  put({ parties: parties.includes(id) ? parties.filter((p) => p !== id) : [...parties, id] });
};

function Group({ of, all }: { of: Bloc; all: Choices }) {
  const chosen = draft.value.parties.includes(of.id);
  return (
    <li class="group-ready">
      <button type="button" class="toggle" aria-pressed={chosen} data-party={of.id} onClick={() => turn(of.id)}>
        <span aria-hidden="true">{chosen ? "✓" : "+"}</span> {of.name}
      </button>
      <p class="note">{`Decides by ${of.rule}. ${of.note}`}</p>
      {renewalsOf(of, all.places).map(({ words, act }) => <p class="note">{words} <Linked one={act} /></p>)}
      <p class="note">Source of the rule: <Linked one={{ text: of.source, href: of.href }} />{`. ${unread(of)}`}</p>
    </li>
  );
}

export function Parties() {
  const [text, setText] = useState("");
  const all = choices.value;
  const { parties } = draft.value;
  const wrong = faults.value.parties?.join(" ") ?? "";
  const labelOf = (id: string) => all?.places.find((p) => p.id === id)?.label ?? id;
  const groups = new Set(all?.blocs.map((b) => b.id));
  const found = placesFor(text, all?.places ?? []).filter((p) => !groups.has(p.id) && !parties.includes(p.id))
    .map((p) => ({ ...p, hint: p.kind === "country" ? p.id : "group" }));
  const take = (id: string) => {
    turn(id);
    setText("");
    say(`${labelOf(id)} takes part.`);
  };
  return (
    <section aria-labelledby="new-parties-title">
      <h2 id="new-parties-title">Parties</h2>
      <p class="note">Those whom your measures name come in by themselves. Add others who should take part.</p>
      <ul class="groups-ready">{all?.blocs.map((b) => <Group key={b.id} of={b} all={all} />)}</ul>
      <div class="field">
        <label for="new-party">Add a country</label>
        <Combobox id="new-party" label="Countries" value={text} options={found} type={setText}
          take={(one) => take(one.id)} enter={() => { if (text.trim() && found[0]) take(found[0].id); }}
          more={wrong ? { "aria-invalid": true, "aria-describedby": "new-parties-wrong" } : {}} />
        <p class="wrong" id="new-parties-wrong" role="alert" hidden={!wrong}>{wrong}</p>
      </div>
      <ul class="chips chosen" aria-label="Added parties">
        {parties.map((id) => (
          <li key={id}><button type="button" class="toggle" aria-label={`Remove ${labelOf(id)}`} data-chosen={id}
            onClick={() => { turn(id); document.getElementById("new-party")?.focus(); }}>
            {labelOf(id)} <span aria-hidden="true">×</span></button></li>
        ))}
      </ul>
    </section>
  );
}
