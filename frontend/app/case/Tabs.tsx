/** The four questions as tabs. On paper all of them are drawn, one after the other. */
import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { coming, overview, sections } from "../store/results";
import { openTab, tab } from "../store/route";
import { sheet } from "../store/work";
import { Chapter, layout } from "./Chapter";

export function Tabs() {
  const of = sheet.value;
  const laid = useComputed(() => {
    const found = overview.value?.data;
    const chapters = found?.chapters ?? [];
    const asked = sheet.value?.questions ?? [];
    // A case may have an answer to fewer of them; that is known once all stages are there.
    const there = found && !found.partial ? asked.filter((q) => chapters.some((c) => c.id === q.id)) : asked;
    return layout(there.length ? there : asked, chapters, sections.value);
  });
  const list = useRef<HTMLDivElement>(null);
  const all = laid.value;
  const open = all.some((one) => one.id === tab.value) ? tab.value : all[0]?.id;
  // On a phone the tabs are wider than the screen: the open one is in sight.
  useEffect(() => {
    const one = document.getElementById(`to-${open}`);
    if (one && list.current) list.current.scrollLeft = one.offsetLeft - (list.current.clientWidth - one.offsetWidth) / 2;
  }, [open]);
  if (!of) return null;
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = all.findIndex((one) => one.id === open);
    const next = all[(at + by + all.length) % all.length].id;
    openTab(next);
    document.getElementById(`to-${next}`)?.focus();
  };
  return (
    <div id="sections" aria-busy={coming.value}>
      <div class="tabs" role="tablist" aria-label="The four questions" id="contents" ref={list}
        onKeyDown={step}>
        {all.map((one) => (
          <button key={one.id} type="button" role="tab" id={`to-${one.id}`} aria-selected={one.id === open}
            aria-controls={`tab-${one.id}`} tabIndex={one.id === open ? 0 : -1}
            onClick={() => openTab(one.id)}>{one.question}</button>
        ))}
      </div>
      {all.map((one, k) => (
        <Chapter key={one.id} of={one} open={one.id === open} first={k === 0} last={k === all.length - 1} />
      ))}
    </div>
  );
}
