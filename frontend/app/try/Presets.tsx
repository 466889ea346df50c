/** Scenarios of the case to begin with: each is one change, and pressed again the way back. */
import { useId } from "preact/hooks";
import { movedAt } from "../store/answer";
import { empty, whole } from "../store/scenario";
import { change, hold, now, sheet } from "../store/work";
import type { Named, Scenario } from "../store/model";
import { Moved } from "./Moved";
import { isShown, presetsOf } from "./order";

export function Presets() {
  const where = useId();
  const of = sheet.value;
  if (!of) return null;
  const all = presetsOf(of);
  if (!all.length) return null;
  const press = (preset: Named) => {
    const back = isShown(of, preset, now.peek());
    // Each is told against the state before it.
    hold(null);
    hold(where);
    change(back ? `‘${preset.label}’ taken back` : preset.label, (draft) => {
      const next = whole(back ? empty() : { ...preset });
      delete (next as Partial<Named>).label;
      draft.now = next as Scenario;
    }, { where });
  };
  return (
    <section aria-labelledby="c-presets" class="presets">
      <h3 id="c-presets">Start from a scenario</h3>
      <p class="preset-row">
        {all.map((preset) => (
          <button key={preset.label} type="button" class="preset" data-preset={preset.label}
            aria-pressed={isShown(of, preset, now.value)} onClick={() => press(preset)}>{preset.label}</button>
        ))}
      </p>
      <div class="room"><Moved words={movedAt.value[where]} /></div>
    </section>
  );
}
