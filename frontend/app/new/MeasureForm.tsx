/** The form of a measure that is added: answered as it is filled in, with faults at the fields that were left. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Refused, ask } from "../api/client";
import type { Choice, Sheet } from "../store/model";
import { dateOf } from "../store/scenario";
import { busy, done } from "../store/settled";
import { changeAdded, now, sheet, work } from "../store/work";
import { Chosen } from "./Chosen";
import { closeForm, form } from "./form";
import { faultsByField, fieldsOf, measureOf, setNamed, SETS, type Fields } from "./measure";
import { placesFor, type Place } from "./sentence";

/** How long typing rests before the measure is checked, ms. */
const REST = 200;

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

interface Found { faults: { key: string; message: string; remedy: string }[]; sentences: string[] }

/** What the server says of the measure as it is filled in; null before it has. */
function useAnswer(of: Sheet, next: any[], place: number) {
  const [found, setFound] = useState<Found | null>(null);
  const told = JSON.stringify(next);
  useEffect(() => {
    const stop = new AbortController();
    busy("addition");
    const timer = setTimeout(async () => {
      const one = await ask("/api/added/check", { case: of.id, added: next, place }, { signal: stop.signal }).catch(() => null);
      if (stop.signal.aborted) return;
      if (one) setFound(one);
      done("addition");
    }, REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
      done("addition");
    };
  }, [told]);
  return [found, setFound] as const;
}

function Form({ of, place }: { of: Sheet; place: number | null }) {
  const added = work.peek().added;
  const old = place === null ? null : added[place];
  const [fields, setFields] = useState<Fields>(() => fieldsOf(of, old, dateOf(of, now.peek())));
  /** Fields that were left, whose faults are shown; all of them once it was to be added. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const { choices } = of;
  const chosen = setNamed(fields.sets);
  const index = place ?? added.length;
  const next = [...added];
  next[index] = measureOf(of, fields, old);
  const [found, setFound] = useAnswer(of, next, index);
  const every = faultsByField(found?.faults ?? [], of.measures.length - added.length + index, Object.keys(fields));
  const wrong = Object.fromEntries(Object.entries(every).filter(([field]) => tried > 0 || left.has(field)));
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);
  useEffect(() => { if (tried) dialog.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus(); }, [tried]);
  const put = (key: keyof Fields, value: any) => setFields((before) => ({ ...before, [key]: value }));
  const leave = (key: keyof Fields) => { if (fields[key].length) setLeft(new Set([...left, key])); };
  const submit = async (event: Event) => {
    event.preventDefault();
    busy("add");
    try {
      const sheetOf = await ask("/api/case", { case: of.id, added: next });
      closeForm();
      // What it moved is said at its own card, which is made with it.
      await changeAdded(`‘${fields.label}’ ${old ? "changed" : "added"}`, next, sheetOf, `measure-${next[index].id}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setFound({ faults: error.faults.length ? error.faults : [{ key: "", message: error.message, remedy: "" }], sentences: [] });
      setTried(tried + 1);
    } finally { done("add"); }
  };
  const text = (key: keyof Fields, type = "text") => (more) => (
    <input type={type} {...more} step={type === "number" ? "any" : undefined} value={fields[key]} onBlur={() => leave(key)}
      onInput={(event) => put(key, event.currentTarget.value)} />
  );
  const select = (key: keyof Fields, all: Choice[]) => (more) => (
    <select {...more} value={fields[key]} onChange={(event) => put(key, event.currentTarget.value)}>
      {all.map((o) => <option value={o.id}>{o.label}</option>)}
    </select>
  );
  const several = (key: "origin" | "market" | "goods", label: string, all: Place[]) => ({ id, ...more }) => (
    <Chosen id={id} label={label} more={more} placeholder="Type, or choose from the list" taken={(name) => `${name} is chosen.`} left={() => leave(key)}
      fitting={(words) => placesFor(words, all).map((p) => ({ ...p, hint: p.kind === "group" ? "group" : p.kind === "country" ? p.id : "" }))}
      chosen={fields[key].map((one) => ({ id: one, label: all.find((p) => p.id === one)?.label ?? one }))}
      take={(one) => put(key, [...fields[key], one])} remove={(one) => put(key, fields[key].filter((x) => x !== one))} />
  );
  const places: Place[] = [...choices.groups.map((g) => ({ ...g, kind: "group" })), ...choices.countries.map((c) => ({ ...c, kind: "country" }))];
  const goods: Place[] = choices.goods.map((g) => ({ ...g, kind: "good" }));
  const route = chosen.id === "route";
  const only = chosen.id === "productivity";
  return (
    <dialog ref={dialog} class="form" aria-labelledby={title} onClose={closeForm}>
      <form noValidate onSubmit={submit}>
        <h2 id={title}>{old ? "Change a measure" : "Add a measure"}</h2>
        <div class="wrong" role="alert">{wrong.general ?? ""}</div>
        <Field name="label" label="Name" wrong={wrong.label}>{text("label")}</Field>
        <div class="pair">
          <Field name="owner" label="Whose it is" wrong={wrong.owner}>{select("owner", of.parties)}</Field>
          <Field name="kind" label="Kind" wrong={wrong.kind}>{select("kind", choices.kinds)}</Field>
        </div>
        <Field name="sets" label="What it sets" wrong={wrong.sets}>
          {(more) => (
            <select {...more} value={fields.sets} onChange={(event) => {
              const id = event.currentTarget.value;
              setFields({ ...fields, sets: id, amount: String(setNamed(id).number?.[2] ?? "") });
            }}>{SETS.map((o) => <option value={o.id}>{o.label}</option>)}</select>
          )}
        </Field>
        {chosen.number ? <Field name="amount" label={chosen.number[1]} wrong={wrong.amount}>{text("amount", "number")}</Field> : null}
        {route ? null : <Field name="origin" label={only ? "Countries" : "Origins: who sells"} wrong={wrong.origin}>
          {several("origin", only ? "Countries" : "Origins", places)}</Field>}
        {route || only ? null : <Field name="market" label="Markets: who buys" wrong={wrong.market}>
          {several("market", "Markets", places)}</Field>}
        {route ? null : <Field name="goods" label="Goods" wrong={wrong.goods}>{several("goods", "Goods", goods)}</Field>}
        {route ? <Field name="route" label="Route that is closed" wrong={wrong.route}>
          {select("route", choices.routes.map((w, k) => ({ id: String(k), label: w.label })))}</Field> : null}
        <div class="pair">
          <Field name="from" label="In force from" wrong={wrong.from}>{text("from", "date")}</Field>
          <Field name="until" label="until (first day without; open if empty)" wrong={wrong.until}>{text("until", "date")}</Field>
        </div>
        <Field name="source" label="Source" wrong={wrong.source}
          hint="A publication with its address, or ‘analyst estimate’.">{text("source")}</Field>
        <div class="closes" aria-live="polite" id="addition-closes">
          {found && !found.faults.length ? found.sentences.map((words) => <p key={words}><strong>{words}</strong></p>) : null}
        </div>
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
