/** Several of a list: a field that searches it, and a chip for each that is chosen. */
import { useState } from "preact/hooks";
import { say } from "../store/said";
import { Combobox, type Fitting } from "./Combobox";

export interface Choosable extends Fitting { id: string }

interface Props {
  id: string;
  /** What the list holds, as 'Countries'. */
  label: string;
  /** What fits a text, without what is chosen already. */
  fitting: (text: string) => Choosable[];
  chosen: { id: string; label: string }[];
  take: (id: string) => void;
  remove: (id: string) => void;
  left?: () => void;
  more?: Record<string, any>;
  /** What is said of one that is taken. */
  taken: (label: string) => string;
  placeholder?: string;
}

export function Chosen({ id, label, fitting, chosen, take, remove, left, more, taken, placeholder }: Props) {
  const [text, setText] = useState("");
  const options = fitting(text).filter((one) => !chosen.some((c) => c.id === one.id));
  const add = (one: Choosable) => {
    take(one.id);
    setText("");
    say(taken(one.label));
  };
  return (
    <>
      <Combobox id={id} label={label} value={text} options={options} type={setText} take={add} left={left} more={more} placeholder={placeholder}
        enter={() => { if (text.trim() && options[0]) add(options[0]); }} />
      <ul class="chips chosen" aria-label={`${label} that are chosen`}>
        {chosen.map((one) => (
          <li key={one.id}><button type="button" class="toggle" aria-label={`Remove ${one.label}`} data-chosen={one.id}
            onClick={() => { remove(one.id); document.getElementById(id)?.focus(); }}>
            {one.label} <span aria-hidden="true">×</span></button></li>
        ))}
      </ul>
    </>
  );
}
