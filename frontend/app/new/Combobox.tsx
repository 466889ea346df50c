/**
 * A field with a list of what fits, which opens over the page: arrows choose, Enter takes, Escape closes.
 * It stays closed where a fault stands below, until one types.
 */
import { useEffect, useId, useRef, useState } from "preact/hooks";

export interface Fitting { label: string; hint: string }

interface Props<T extends Fitting> {
  id: string;
  value: string;
  options: T[];
  /** What the list holds. */
  label: string;
  type: (text: string) => void;
  take: (one: T) => void;
  /** Enter without a choice. */
  enter?: () => void;
  left?: () => void;
  /** Marks of a fault and of what describes the field. */
  more?: { "aria-invalid"?: boolean; "aria-describedby"?: string };
  placeholder?: string;
}

export function Combobox<T extends Fitting>({ id, value, options, label, type, take, enter, left, more, placeholder }: Props<T>) {
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const base = useId();
  const shown = open && options.length > 0;
  useEffect(() => { list.current?.children[at]?.scrollIntoView({ block: "nearest" }); }, [at]);
  const move = (step: number) => {
    setOpen(true);
    setAt((at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length);
  };
  const pick = (one: T) => {
    setAt(-1);
    take(one);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if ((key === "ArrowDown" || key === "ArrowUp") && options.length) {
      event.preventDefault();
      move(key === "ArrowDown" ? 1 : -1);
    } else if (key === "Enter") {
      event.preventDefault();
      if (shown && options[at]) pick(options[at]);
      else { setOpen(false); enter?.(); }
    } else if (key === "Escape" && shown) {
      event.preventDefault();
      setOpen(false);
      setAt(-1);
    }
  };
  return (
    <div class="combobox">
      <input type="text" id={id} role="combobox" aria-autocomplete="list" aria-expanded={shown} aria-controls={`${base}-list`}
        aria-activedescendant={shown && options[at] ? `${base}-${at}` : undefined} autocomplete="off" spellcheck={false}
        value={value} maxLength={400} placeholder={placeholder} {...more}
        onFocus={() => setOpen(!more?.["aria-invalid"])} onClick={() => setOpen(true)} onKeyDown={onKeyDown}
        onInput={(event) => { setOpen(true); setAt(-1); type(event.currentTarget.value); }}
        onBlur={() => { setOpen(false); setAt(-1); left?.(); }} />
      <ul id={`${base}-list`} role="listbox" aria-label={label} hidden={!shown} ref={list}
        onPointerDown={(event) => event.preventDefault()} onMouseDown={(event) => event.preventDefault()}>
        {options.map((one, k) => (
          <li key={one.label} id={`${base}-${k}`} role="option" aria-selected={k === at} onClick={() => pick(one)}>
            <span>{one.label}</span>{one.hint ? <span class="hint">{one.hint}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
