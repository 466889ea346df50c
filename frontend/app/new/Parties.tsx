/** Who takes part: groups that are ready with their rules, and countries that are searched. */
import { Linked } from "../ui/Links";
import { Chosen } from "./Chosen";
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
  const all = choices.value;
  const { parties } = draft.value;
  const wrong = faults.value.parties?.join(" ") ?? "";
  const labelOf = (id: string) => all?.places.find((p) => p.id === id)?.label ?? id;
  const groups = new Set(all?.blocs.map((b) => b.id));
  const fitting = (text: string) => placesFor(text, all?.places ?? []).filter((p) => !groups.has(p.id))
    .map((p) => ({ ...p, hint: p.kind === "country" ? p.id : "group" }));
  return (
    <section aria-labelledby="new-parties-title">
      <h2 id="new-parties-title">Parties</h2>
      <p class="note">Those whom your measures name come in by themselves. Add others who should take part.</p>
      <ul class="groups-ready">{all?.blocs.map((b) => <Group key={b.id} of={b} all={all} />)}</ul>
      <div class="field">
        <label for="new-party">Add a country</label>
        <Chosen id="new-party" label="Countries" placeholder="Type, or choose from the list" fitting={fitting} take={turn} remove={turn}
          chosen={parties.map((id) => ({ id, label: labelOf(id) }))} taken={(label) => `${label} takes part.`}
          more={wrong ? { "aria-invalid": true, "aria-describedby": "new-parties-wrong" } : {}} />
        <p class="wrong" id="new-parties-wrong" role="alert" hidden={!wrong}>{wrong}</p>
      </div>
    </section>
  );
}
