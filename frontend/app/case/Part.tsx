/** A frame for one table or chart: drawn when it comes near, and marked while it is of the state before. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Chart, keyOf } from "../charts/Chart";
import { isOld, partOf } from "../store/results";
import { Table } from "../table/Table";

const AHEAD = "300px";

/** Whether an element is in sight or near it; on paper all are. */
function useNear(node: { current: Element | null }) {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => setNear(seen.some((one) => one.isIntersecting)), { rootMargin: AHEAD });
    watch.observe(node.current as Element);
    const paper = () => setNear(true);
    addEventListener("detente-print", paper);
    return () => {
      watch.disconnect();
      removeEventListener("detente-print", paper);
    };
  }, []);
  return near;
}

/** `part` is `chart:ID` or `table:ID`. */
export function Part({ part }: { part: string }) {
  const node = useRef<any>(null);
  const near = useNear(node);
  const given = partOf(part).value;
  const old = isOld(given);
  /** What was drawn last: out of sight, newer data waits until it is near. */
  const drawn = useRef<typeof given>(null);
  const chosen = useRef<string[]>([]);
  if (near || given === null) drawn.current = given;
  const shown = drawn.current && drawn.current.data === given?.data ? given : null;
  const tall = useRef(0);
  useEffect(() => { if (shown && node.current?.offsetHeight) tall.current = node.current.offsetHeight; });
  const id = part.slice(part.indexOf(":") + 1);
  const frame = { "data-part": part, ref: node, "aria-busy": old || undefined,
    style: shown ? undefined : { minHeight: tall.current ? `${tall.current}px` : undefined } };
  const mark = old ? "stale" : "";
  if (part.startsWith("chart:")) {
    return (
      <figure id={`chart-${id}`} class={mark || undefined} {...frame}>
        {shown ? <Chart key={keyOf(shown.data as any)} chart={shown.data as any} chosen={chosen} /> : null}
      </figure>
    );
  }
  return (
    <div id={`table-${id}`} class={`table ${mark}`.trim()} {...frame}>
      {shown ? <Table table={shown.data as any} id={`table-${id}`} /> : null}
    </div>
  );
}
