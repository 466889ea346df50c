/** The whole work as a fragment of the address, and back. */
import { Refused } from "../api/client";
import type { Sheet, Work } from "./model";
import { NOW, plain } from "./scenario";

const KEYS = ["case", "file", "added", "now", "named", "deal", "tab"];
const MOST = 262144;

const wrong = (message: string) => new Refused(422, { message });
const UNREADABLE = "The address holds no scenario that can be read. Copy the whole address again.";
const DAMAGED = "The case file in the address is damaged. Copy the whole address again, or open the file.";
const LARGE = "The case in the address is larger than a case file may be (256 KiB).";

/** The work on a case as it stands in the address. */
export async function fragmentOf(sheet: Sheet, file: string | null, work: Work, tab = ""): Promise<string> {
  const data: Record<string, unknown> = { case: sheet.id };
  if (file) data.file = await packed(file);
  if (work.added.length) data.added = work.added;
  const now = plain(work.now, NOW);
  delete now.label;
  if (Object.keys(now).length) data.now = now;
  if (work.named.length) data.named = work.named.map((s) => plain(s));
  if (work.deal?.length) data.deal = work.deal;
  if (tab) data.tab = tab;
  return `#${encodeURIComponent(JSON.stringify(data)).replace(/%(22|2C|3A|7B|7D|5B|5D)/g,
    (all) => decodeURIComponent(all))}`;
}

/** What stands in the address; the server checks the scenarios like those of a file. */
export async function read(fragment: string): Promise<any> {
  const text = fragment.replace(/^#/, "");
  let data;
  try { data = JSON.parse(decodeURIComponent(text)); } catch { throw wrong(UNREADABLE); }
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw wrong(UNREADABLE);
  const unknown = Object.keys(data).filter((key) => !KEYS.includes(key));
  if (unknown.length) throw wrong(`The address holds ${unknown[0]}, which is no part of a scenario.`);
  for (const key of ["added", "named", "deal"]) {
    if (key in data && !Array.isArray(data[key])) throw wrong(UNREADABLE);
  }
  if ("now" in data && !(data.now instanceof Object)) throw wrong(UNREADABLE);
  if ((data.deal ?? []).some((id) => typeof id !== "string")) throw wrong(UNREADABLE);
  const labels = (data.named ?? []).map((s) => s?.label);
  const twice = labels.find((label, k) => label === NOW || labels.indexOf(label) < k);
  if (twice !== undefined) throw wrong(`The address holds two scenarios named ‘${twice}’.`);
  for (const key of ["case", "file", "tab"]) if (typeof (data[key] ?? "") !== "string") throw wrong(UNREADABLE);
  if (data.file) data.file = await unpacked(data.file);
  return data;
}

async function packed(text: string) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let out = "";
  for (const byte of bytes) out += String.fromCharCode(byte);
  return btoa(out).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The text again; one that grows beyond what a file may have is refused. */
async function unpacked(text: string) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST) {
        await reader.cancel();
        break;
      }
      parts.push(value);
    }
  } catch {
    throw wrong(DAMAGED);
  }
  if (size > MOST) throw wrong(LARGE);
  return new Blob(parts).text();
}
