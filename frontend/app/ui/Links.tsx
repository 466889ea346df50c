/** Words that lead to pages. */
import type { Link } from "../store/model";

/** A text that leads to a page, if its address is one. */
export function Linked({ one }: { one: Link }) {
  if (!/^https?:\/\//.test(one.href ?? "")) return <>{one.text}</>;
  return <a href={one.href} rel="noreferrer noopener" target="_blank">{one.text}</a>;
}

export function Links({ all }: { all: Link[] }) {
  return <>{all.map((one, k) => <>{k ? "; " : ""}<Linked one={one} /></>)}</>;
}

/** Text in which addresses are links that show only the host. */
export function Prose({ text }: { text: string }) {
  return <>{String(text).split(/(https?:\/\/[^\s()<>]*[^\s()<>.,;])/).map((part, k) =>
    (k % 2 ? <Linked one={{ text: new URL(part).hostname, href: part }} /> : part))}</>;
}
