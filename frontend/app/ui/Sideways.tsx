/** What may be wider than the screen: it scrolls, says so, and can be reached by the keyboard only then. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export function Sideways({ title, class: name = "scroll", children }:
  { title: string; class?: string; children: ComponentChildren }) {
  const node = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  useLayoutEffect(() => {
    const one = node.current as HTMLDivElement;
    const look = () => setOver(one.scrollWidth > one.clientWidth + 1);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(one);
    return () => watch.disconnect();
  }, [children]);
  const reach = over ? { tabIndex: 0, role: "region" as const, "aria-label": title } : {};
  return (
    <>
      <p class="note cue" hidden={!over}>Wider than the screen: scroll it sideways →</p>
      <div class={name} ref={node} {...reach}>{children}</div>
    </>
  );
}
