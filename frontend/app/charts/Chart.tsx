/** A chart: title, choices, drawing, files. The drawing itself is one of frontend/src/charts. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { saveCsv } from "../../src/core/download.js";
import { figure } from "../../src/core/figure.js";
import type { Chart as Data } from "../store/model";
import { busy, done } from "../store/settled";
import { labelled } from "../table/cells";
import { savePng } from "../ui/files";
import { shared } from "./shared";

const saves = ({ name, canvas, words, table }) => ({
  csv: () => saveCsv(name, labelled(table())),
  png: () => savePng(name, canvas.querySelector("svg"), words),
});

/** What is chosen above a chart, which the next one keeps. */
export type Chosen = { current: string[] };

const keys = new WeakMap<Data, number>();
let count = 0;
/** A key for each chart that is drawn: other data is another drawing. */
export function keyOf(chart: Data) {
  if (!keys.has(chart)) keys.set(chart, count += 1);
  return keys.get(chart);
}

/** Heights of charts as they were drawn last, so that nothing moves while one is drawn anew. */
const heights = new Map<string, number>();

/** The inside of a frame `figure`; one chart in one state: another state has another key. */
export function Chart({ chart, chosen }: { chart: Data; chosen: Chosen }) {
  const node = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const frame = node.current as HTMLDivElement;
    busy("drawing");
    const resize = figure(frame, chart, shared, { saves });
    const lists = [...frame.querySelectorAll<HTMLSelectElement>(".controls select")];
    lists.forEach((list, k) => {
      const there = [...list.options].some((o) => o.value === chosen.current[k]);
      if (!there || list.value === chosen.current[k]) return;
      list.value = chosen.current[k];
      list.dispatchEvent(new Event("change"));
    });
    heights.set(chart.id, frame.offsetHeight);
    frame.style.minHeight = "";
    done("drawing");
    let timer: ReturnType<typeof setTimeout>;
    const watch = new ResizeObserver(() => {
      clearTimeout(timer);
      busy(`size-${chart.id}`);
      timer = setTimeout(() => {
        if (frame.isConnected && frame.clientWidth) resize();
        done(`size-${chart.id}`);
      }, 80);
    });
    watch.observe(frame.querySelector(".canvas") as Element);
    return () => {
      chosen.current = lists.map((list) => list.value);
      clearTimeout(timer);
      watch.disconnect();
      done(`size-${chart.id}`);
    };
  }, [chart]);
  const save = (kind: string, what: string) => (
    <button type="button" data-save={kind} aria-label={`Download ${what} ‘${chart.title}’ as ${kind}`}>{kind}</button>
  );
  const tall = heights.get(chart.id);
  return (
    <div ref={node} class="drawing" style={tall ? { minHeight: `${tall}px` } : undefined}>
      <h3 class="title">{chart.title}</h3>
      {chart.state ? <p class="state">{chart.state}</p> : null}
      <p class="unit">{chart.unit}</p>
      <div class="controls" />
      <div class="canvas" role="img" aria-label={chart.description}
        aria-details={chart.table ? `table-${chart.table}` : undefined} />
      <figcaption class="foot">
        <p class="source">{`Source: ${chart.source}`}</p>
        <div class="save">{save("svg", "the chart")} {save("png", "the chart")} {save("csv", "the numbers of the chart")}</div>
      </figcaption>
    </div>
  );
}
