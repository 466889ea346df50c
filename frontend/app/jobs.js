/** Long computations: how far they are, in sight wherever the page stands, and how to stop them. */
import { job } from "./api.js";
import { byId } from "./dom.js";

export class Jobs {
  /** @param {() => void} ended told when one has ended or was stopped */
  constructor(ended) {
    this.ended = ended;
    this.running = new Map();
    byId("stop").addEventListener("click", () => { this.stop(); this.ended(); });
  }

  has(kind) { return this.running.has(kind); }

  get idle() { return this.running.size === 0; }

  /**
   * Runs a job, in place of one of the same kind.
   * @returns {Promise<any>} its result; null where it was stopped or another took its place
   */
  async run(kind, words, path, data, part) {
    this.stop([kind]);
    const own = Object.assign(new AbortController(), { words });
    this.running.set(kind, own);
    this.show();
    const mine = () => this.running.get(kind) === own;
    const told = ({ done, total, what }) => {
      if (!mine()) return;
      Object.assign(own, { done, total, words: total > 8 || !what ? words : `${words}: ${what}` });
      this.show();
    };
    try {
      const found = await job(path, data, { told, part: (p) => mine() && part?.(p), signal: own.signal });
      return mine() ? found : null;
    } catch (error) {
      if (error.name === "AbortError" || error.status === 409 || !mine()) return null;
      throw error;
    } finally {
      if (mine()) { this.running.delete(kind); this.show(); }
    }
  }

  /** Stops some kinds, or all. */
  stop(kinds = [...this.running.keys()]) {
    for (const kind of kinds) {
      this.running.get(kind)?.abort();
      this.running.delete(kind);
    }
    this.show();
  }

  show() {
    const [own] = this.running.values();
    byId("working").hidden = !own;
    if (!own) return;
    byId("doing").textContent = own.total > 8 ? `${own.words}, ${own.done} of ${own.total}` : own.words;
    const bar = byId("bar");
    if (own.total) Object.assign(bar, { max: own.total, value: own.done });
    else bar.removeAttribute("value");
  }
}
