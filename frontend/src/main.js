/** Draws every chart of the page from the data inside it, and makes its files. */
import { nameOf, saveCsv } from "./core/download.js";
import { figure } from "./core/figure.js";

const read = (id) => JSON.parse(/** @type {HTMLElement} */ (document.getElementById(id)).textContent ?? "");

function table(node, shared) {
  const data = shared.tables.get(node.dataset.table);
  node.querySelector("[data-save=csv]").addEventListener("click", () =>
    saveCsv(nameOf(shared, data, `table-${data.id}`), data));
  const more = node.querySelector("[data-more]");
  more?.addEventListener("click", () => {
    const open = node.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Show fewer rows" : more.dataset.more;
  });
}

function start() {
  const data = read("brief-data");
  const shared = {
    name: data.name,
    names: data.names,
    world: read("brief-map"),
    tables: new Map(data.tables.map((t) => [t.id, t])),
  };
  document.documentElement.classList.add("drawn");
  const charts = new Map(data.charts.map((c) => [c.id, c]));
  /** @type {NodeListOf<HTMLElement>} */
  const frames = document.querySelectorAll("[data-chart]");
  const refresh = [...frames].map((node) =>
    figure(node, charts.get(node.dataset.chart), shared));
  document.querySelectorAll("[data-table]").forEach((node) => table(node, shared));
  const settled = (so) => { document.documentElement.dataset.settled = String(so); };
  let timer = 0;
  addEventListener("resize", () => {
    clearTimeout(timer);
    settled(false);
    timer = setTimeout(() => { refresh.forEach((run) => run()); settled(true); }, 80);
  });
  settled(true);
}

start();
