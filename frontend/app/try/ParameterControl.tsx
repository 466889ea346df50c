/** The control of a parameter of the case. */
import { ENFORCED, labelOf, sentence, tune, valueOf } from "../store/scenario";
import { changeNow, sheet, now } from "../store/work";
import { NumberControl } from "./NumberControl";

/** `enforced` shows a leakage as the percentage that is stopped. */
export function ParameterControl({ name, label, enforced = false, degrees }:
{ name: string; label?: string; enforced?: boolean; degrees?: string[] }) {
  const of = sheet.value;
  if (!of?.parameters[name]) return null;
  const given = enforced ? ENFORCED : {};
  const words = label ?? labelOf(of, name);
  return (
    <NumberControl of={of.parameters[name]} {...given} degrees={degrees} label={enforced ? ENFORCED.label : sentence(words)}
      value={valueOf(of, now.value, name)}
      change={(value, where) => changeNow(words, (draft, case_) => tune(case_, draft, name, value), { where, key: name })} />
  );
}
