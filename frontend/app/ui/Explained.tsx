/** A text in which each term that needs it has an *i*, which explains it in two sentences. */
import { computed, signal } from "@preact/signals";
import { useId, useState } from "preact/hooks";
import { look } from "../api/client";
import { finderOf, pieces, type Term } from "./terms";

const terms = signal<Term[]>([]);
const finder = computed(() => finderOf(terms.value));

/** Learns the terms, once; without them texts stand as they are. */
export async function learnTerms() {
  ({ terms: terms.value } = await look("/api/glossary").catch(() => ({ terms: [] })));
}

/** An *i* that opens what is said of something; `label` says so without eyes. */
export function Info({ label, meaning }: { label: string; meaning: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <button type="button" class="i" aria-expanded={open} aria-controls={id} aria-label={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => { if (event.key === "Escape") setOpen(false); }}>i</button>
      <span class="meaning" role="note" id={id} hidden={!open}>{meaning}</span>
    </>
  );
}

export function Explained({ text }: { text: string }) {
  return <>{pieces(text, finder.value).map(({ text: words, term, word }) =>
    (term ? <>{words}<Info label={`What ‘${word}’ means`} meaning={term.meaning} /></> : words))}</>;
}
