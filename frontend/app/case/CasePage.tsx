/** The page of a case: who gains and pays in a strip, three bullets, what can be tried, four questions. */
import { useEffect, useRef } from "preact/hooks";
import { Compare } from "../compare/Compare";
import { Share } from "../share/Share";
import { sheet, trade } from "../store/work";
import { Panel } from "../try/Panel";
import { narrow } from "../ui/narrow";
import { FaultBox } from "./FaultBox";
import { Bar, Head } from "./Head";
import { Short } from "./Short";
import { Strip } from "./Strip";
import { Tabs } from "./Tabs";
import { Working } from "./Working";

/** What scrolls under the strip keeps clear of it. */
function useTop() {
  const node = useRef<HTMLElement>(null);
  useEffect(() => {
    const top = node.current as HTMLElement;
    const watch = new ResizeObserver(() =>
      document.documentElement.style.setProperty("--top", `${top.offsetHeight}px`));
    watch.observe(top);
    return () => watch.disconnect();
  }, []);
  return node;
}

export function CasePage() {
  const top = useTop();
  const of = sheet.value;
  if (!of) return null;
  const fixed = !trade.value && !of.measures.length && !Object.keys(of.parameters).length;
  return (
    <>
      <a class="skip" id="to-results" href="#results" onClick={(event) => {
        event.preventDefault();
        document.getElementById("results")?.focus();
      }}>To the results</a>
      <Bar />
      <Head />
      <section id="top" class={`top ${fixed ? "fixed" : ""}`} aria-label="Figures and progress" ref={top}>
        {trade.value ? <Strip /> : null}
        <FaultBox />
        {fixed || !narrow.value ? <Working /> : null}
      </section>
      <Short />
      <div class={`two ${fixed ? "fixed" : ""}`}>
        {fixed ? null : <Panel />}
        <main id="results" tabIndex={-1}>
          <Tabs />
          {trade.value ? <Compare /> : null}
          <Share />
        </main>
      </div>
    </>
  );
}
