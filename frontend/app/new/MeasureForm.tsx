/** The form of a measure that is added: faults stand at the field that they are about, until it is mended. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Refused, ask } from "../api/client";
import type { Choice, Sheet } from "../store/model";
import { dateOf } from "../store/scenario";
import { changeAdded, now, sheet, work } from "../store/work";
import { closeForm, form } from "./form";
import { faultsByField, fieldsOf, measureOf, setNamed, SETS, type Fields } from "./measure";

interface FieldProps { name: string; label: string; hint?: string; wrong?: string; children: (more: any) => ComponentChildren }

function Field({ name, label, hint, wrong, children }: FieldProps) {
  const id = `${useId()}-${name}`;
  const bad = wrong ? { "aria-invalid": true, "aria-describedby": `${id}-wrong` } : {};
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "data-field": name, ...bad })}
      {hint ? <p class="note">{hint}</p> : null}
      <p class="wrong" id={`${id}-wrong`} hidden={!wrong}>{wrong}</p>
    </div>
  );
}

function Form({ of, place }: { of: Sheet; place: number | null }) {
  const added = work.peek().added;
  const old = place === null ? null : added[place];
  const [fields, setFields] = useState<Fields>(() => fieldsOf(of, old, dateOf(of, now.peek())));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const { choices } = of;
  const chosen = setNamed(fields.sets);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);
  useEffect(() => { dialog.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus(); }, [wrong.turn]);
  const put = (key: keyof Fields, value: any) => {
    setFields({ ...fields, [key]: value });
    setWrong(Object.fromEntries(Object.entries(wrong).filter(([k]) => k !== key)));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const index = place ?? added.length;
    const next = [...added];
    next[index] = measureOf(of, fields, old);
    try {
      const found = await ask("/api/case", { case: of.id, added: next });
      closeForm();
      // What it moved is said at its own card, which is made with it.
      await changeAdded(`‘${fields.label}’ ${old ? "changed" : "added"}`, next, found, `measure-${next[index].id}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const base = of.measures.length - added.length;
      const by = error.faults.length ? faultsByField(error.faults, base + index, Object.keys(fields))
        : { general: error.message };
      setWrong({ ...by, turn: String(performance.now()) });
    }
  };
  const text = (key: keyof Fields, type = "text") => (more) => (
    <input type={type} {...more} step={type === "number" ? "any" : undefined} value={fields[key]}
      onInput={(event) => put(key, event.currentTarget.value)} />
  );
  const select = (key: keyof Fields, all: Choice[]) => (more) => (
    <select {...more} value={fields[key]} onChange={(event) => put(key, event.currentTarget.value)}>
      {all.map((o) => <option value={o.id}>{o.label}</option>)}
    </select>
  );
  const several = (key: keyof Fields, all: Choice[], size: number) => (more) => (
    <select {...more} multiple size={size} onChange={(event) =>
      put(key, [...event.currentTarget.selectedOptions].map((o) => o.value))}>
      {all.map((o) => <option value={o.id} selected={fields[key].includes(o.id)}>{o.label}</option>)}
    </select>
  );
  const places = [...choices.groups.map((g) => ({ id: g.id, label: `${g.label} (group)` })), ...choices.countries];
  const route = chosen.id === "route";
  const only = chosen.id === "productivity";
  return (
    <dialog ref={dialog} class="form" aria-labelledby={title} onClose={closeForm}>
      <form noValidate onSubmit={submit}>
        <h2 id={title}>{old ? "Change a measure" : "Add a measure"}</h2>
        <div class="wrong" role="alert">{wrong.general ?? ""}</div>
        <Field name="label" label="Name" wrong={wrong.label}>{text("label")}</Field>
        <Field name="owner" label="Whose it is" wrong={wrong.owner}>{select("owner", of.parties)}</Field>
        <Field name="kind" label="Kind" wrong={wrong.kind}>{select("kind", choices.kinds)}</Field>
        <Field name="sets" label="What it sets" wrong={wrong.sets}>
          {(more) => (
            <select {...more} value={fields.sets} onChange={(event) => {
              const id = event.currentTarget.value;
              setFields({ ...fields, sets: id, amount: String(setNamed(id).number?.[2] ?? "") });
              setWrong({});
            }}>{SETS.map((o) => <option value={o.id}>{o.label}</option>)}</select>
          )}
        </Field>
        {route ? null : <Field name="origin" label={only ? "Countries" : "Origins: who sells"} wrong={wrong.origin}
          hint="Hold Ctrl or Cmd to choose several.">{several("origin", places, 6)}</Field>}
        {route || only ? null : <Field name="market" label="Markets: who buys" wrong={wrong.market}
          hint="Hold Ctrl or Cmd to choose several.">{several("market", places, 6)}</Field>}
        {route ? null : <Field name="goods" label="Goods" wrong={wrong.goods}>{several("goods", choices.goods, 5)}</Field>}
        {route ? <Field name="route" label="Route that is closed" wrong={wrong.route}>
          {select("route", choices.routes.map((w, k) => ({ id: String(k), label: w.label })))}</Field> : null}
        {chosen.number ? <Field name="amount" label={chosen.number[1]} wrong={wrong.amount}>{text("amount", "number")}</Field> : null}
        <div class="pair">
          <Field name="from" label="In force from" wrong={wrong.from}>{text("from", "date")}</Field>
          <Field name="until" label="until (first day without; open if empty)" wrong={wrong.until}>{text("until", "date")}</Field>
        </div>
        <Field name="source" label="Source" wrong={wrong.source}
          hint="A publication with its address, or ‘analyst estimate’.">{text("source")}</Field>
        <div class="buttons">
          <button type="submit" class="main">{old ? "Change it" : "Add it"}</button>{" "}
          <button type="button" onClick={() => dialog.current?.close()}>Cancel</button>
        </div>
      </form>
    </dialog>
  );
}

export function MeasureForm() {
  const of = sheet.value;
  const place = form.value;
  if (!of || place === undefined) return null;
  return <Form of={of} place={place} key={String(place)} />;
}
