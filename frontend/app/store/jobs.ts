/** Long computations: how far they are, and how to stop them. */
import { signal } from "@preact/signals";
import { job } from "../api/client";

interface Running { kind: string; words: string; done: number; total: number; control: AbortController }

/** Those under way, the first of which is shown. */
export const jobs = signal<Running[]>([]);

export const isRunning = (kind: string) => jobs.peek().some((j) => j.kind === kind);

function update(own: Running, more: Partial<Running>) {
  jobs.value = jobs.peek().map((j) => (j.control === own.control ? { ...j, ...more } : j));
}

/** Runs a job, in place of one of the same kind; null where it was stopped or another took its place. */
export async function run(kind: string, words: string, path: string, data: object,
  part?: (content: any) => void): Promise<any> {
  stop([kind]);
  const own: Running = { kind, words, done: 0, total: 0, control: new AbortController() };
  jobs.value = [...jobs.peek(), own];
  const mine = () => jobs.peek().some((j) => j.control === own.control);
  const told = ({ done, total, what }) =>
    update(own, { done, total, words: total > 8 || !what ? words : `${words}: ${what}` });
  try {
    const found = await job(path, data, { told, part: (p) => { if (mine()) part?.(p); }, signal: own.control.signal });
    return mine() ? found : null;
  } catch (error) {
    if (error.name === "AbortError" || error.status === 409 || !mine()) return null;
    throw error;
  } finally {
    if (mine()) jobs.value = jobs.peek().filter((j) => j.control !== own.control);
  }
}

/** Stops some kinds, or all. */
export function stop(kinds: string[] = jobs.peek().map((j) => j.kind)) {
  const gone = jobs.peek().filter((j) => kinds.includes(j.kind));
  if (!gone.length) return;
  jobs.value = jobs.peek().filter((j) => !kinds.includes(j.kind));
  gone.forEach((j) => j.control.abort());
}
