/** The bar on top of the pages that show no case. */
import { goTo } from "../store/route";

export function PlainBar({ here }: { here: "start" | "new" | "goods" }) {
  const link = (where: "" | "goods", words: string) => (
    <a href={`#${where}`} aria-current={here === (where || "start") ? "page" : undefined}
      onClick={(event) => { event.preventDefault(); goTo(where); }}>{words}</a>
  );
  return (
    <header class="bar-top">
      {here === "start" ? <span class="brand">détente</span>
        : <a class="brand" href="#" onClick={(event) => { event.preventDefault(); goTo(""); }}>détente</a>}
      <nav aria-label="Pages">{link("", "Cases")}{link("goods", "Goods")}</nav>
    </header>
  );
}
