/** The left side, a sheet from below on a phone: what may be changed of the case. */
import { useState } from "preact/hooks";
import { Working } from "../case/Working";
import { trade } from "../store/work";
import { narrow } from "../ui/narrow";
import { MeasureForm } from "../new/MeasureForm";
import { Assumptions } from "./Assumptions";
import { Differences } from "./Differences";
import { Measures } from "./Measures";
import { Presets } from "./Presets";
import { Setting } from "./Setting";

export function Panel() {
  const [open, setOpen] = useState(false);
  return (
    <aside id="controls" class={`controls-side ${open ? "open" : ""}`} aria-labelledby="c-try" tabIndex={-1}>
      <div class="handle">
        <button type="button" class="jump" id="jump" aria-expanded={open} aria-controls="controls-inside"
          onClick={() => {
            // The sheet leaves the strip in sight, which answers what is changed in it.
            if (!open) document.querySelector(".bullets")?.scrollIntoView();
            setOpen(!open);
          }}>{open ? "↓ Close" : "↑ Try: change the measures"}</button>
        {narrow.value ? <Working /> : null}
      </div>
      <div id="controls-inside" class="inside">
        <h2 id="c-try">Try</h2>
        <Presets />
        <Measures />
        <Differences />
        {trade.value ? <Setting /> : null}
        <Assumptions />
      </div>
      <MeasureForm />
    </aside>
  );
}
