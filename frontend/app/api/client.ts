/** Requests to the server that the page came from. */

/** What is wrong with one key of a case. */
export interface Fault { key: string; message: string; remedy: string; line?: number }

/** What the server refused, or could not be asked, with its faults. */
export class Refused extends Error {
  status: number;
  faults: Fault[];
  code: string;

  /** `status` is 0 where the server did not answer. */
  constructor(status: number, { message, faults, code }: { message: string; faults?: Fault[]; code?: string }) {
    super(message);
    this.status = status;
    this.faults = faults ?? [];
    this.code = code ?? "";
  }

  /** Whether the same request may be answered at another time. */
  get passing() { return this.status === 0 || this.status === 429 || this.status >= 500; }
}

const GONE = "The server does not answer. Start `detente serve` again, and then try again. Your changes are kept.";
const gone = (error) => (error.name === "AbortError" ? error : new Refused(0, { message: GONE }));

async function refusal(response: Response) {
  let body = { message: `The server answered ${response.status}.` };
  try { body = await response.json(); } catch { /* not JSON: the status says enough */ }
  return new Refused(response.status, body);
}

async function answered(path: string, given?: RequestInit) {
  let response: Response;
  try { response = await fetch(path, given); } catch (error) { throw gone(error); }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** The text of the case on the page, where the server does not hold it for good. */
let kept: string | null = null;

/** Have a case's text at hand: a server that was started anew is sent it again. */
export const keep = (text: string | null) => { kept = text; };

export const upload = async (text: BodyInit) => (await answered("/api/upload", {
  method: "POST", body: text, headers: { "content-type": "application/yaml" },
})).json();

interface More { signal?: AbortSignal; accept?: string }

async function send(path: string, data: object, { signal, accept }: More = {}) {
  const given = {
    method: "POST", body: JSON.stringify(data), signal,
    headers: { "content-type": "application/json", ...(accept ? { accept } : {}) },
  };
  try {
    return await answered(path, given);
  } catch (error) {
    if (error.code !== "unknown_case" || kept === null) throw error;
    await upload(kept);
    return answered(path, given);
  }
}

export const ask = async (path: string, data: object, more?: More): Promise<any> =>
  (await send(path, data, more)).json();

/** A file, under the name that the server gives it. */
export async function file(path: string, data: object, more?: More) {
  const response = await send(path, data, more);
  const [, name = ""] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  const blob = await response.blob();
  return new File([blob], decodeURIComponent(name), { type: blob.type });
}

export const look = async (path: string): Promise<any> => (await answered(path)).json();

interface Listening {
  told?: (content: any) => void;
  /** Given what is known before the end. */
  part?: (content: any) => void;
  /** Stops the job. */
  signal?: AbortSignal;
}

/**
 * A long job: tells its progress and returns its result; a reply that is no stream of events is
 * returned as a blob.
 */
export async function job(path: string, data: object, { told, part, signal }: Listening): Promise<any> {
  const response = await send(path, data, { signal, accept: "text/event-stream" });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response.blob();
  const reader = (response.body as ReadableStream).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    let read;
    try { read = await reader.read(); } catch (error) { throw gone(error); }
    if (read.done) throw new Refused(0, { message: "The computation broke off. Try again." });
    text += read.value;
    let end: number;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const [kind, what] = text.slice(0, end).split("\n").map((l) => l.slice(l.indexOf(":") + 2));
      text = text.slice(end + 2);
      const content = JSON.parse(what);
      if (kind === "progress") told?.(content);
      else if (kind === "part") part?.(content);
      else if (kind === "result") return content;
      else {
        const { message = content ?? "Stopped.", ...more } = content?.message ? content : {};
        throw new Refused(kind === "fault" ? 422 : 409, { ...more, message });
      }
    }
  }
}
