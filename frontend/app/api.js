/** Requests to the server that the page came from. */

/** @typedef {{key: string, message: string, remedy: string}} Fault what is wrong with one key of a case */

/** What the server refused, or could not be asked, with its faults. */
export class Refused extends Error {
  /**
   * @param {number} status 0 where the server did not answer
   * @param {{message: string, faults?: Fault[], code?: string}} body
   */
  constructor(status, { message, faults, code }) {
    super(message);
    this.status = status;
    this.faults = faults ?? [];
    this.code = code ?? "";
  }

  /** Whether the same request may be answered at another time. */
  get passing() { return this.status === 0 || this.status === 429 || this.status >= 500; }
}

const GONE = "The server does not answer. Start `detente serve` again; the page keeps its state.";
const gone = (error) => (error.name === "AbortError" ? error : new Refused(0, { message: GONE }));

async function refusal(response) {
  let body = { message: `The server answered ${response.status}.` };
  try { body = await response.json(); } catch { /* not JSON: the status says enough */ }
  return new Refused(response.status, body);
}

async function answered(path, given) {
  let response;
  try { response = await fetch(path, given); } catch (error) { throw gone(error); }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** The text of the case on the page, where the server does not hold it for good. */
let kept = null;

/** Have a case's text at hand: a server that was started anew is sent it again. */
export const keep = (text) => { kept = text; };

export const upload = async (text) => (await answered("/api/upload", {
  method: "POST", body: text, headers: { "content-type": "application/yaml" },
})).json();

/**
 * @param {string} path
 * @param {object} data
 * @param {{signal?: AbortSignal, accept?: string}} more
 */
async function send(path, data, { signal, accept } = {}) {
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

export const ask = async (path, data, more) => (await send(path, data, more)).json();

/** A file, under the name that the server gives it. */
export async function file(path, data, more) {
  const response = await send(path, data, more);
  const [, name = ""] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  const blob = await response.blob();
  return new File([blob], decodeURIComponent(name), { type: blob.type });
}

export const look = async (path) => (await answered(path)).json();

/**
 * A long job: calls `told` with its progress, returns its result; a reply that is no stream of
 * events is returned as a blob.
 * @param {string} path
 * @param {object} data
 * @param {{told?: (content: any) => void, part?: (content: any) => void, signal?: AbortSignal}} on
 *   `part` is given what is known before the end, `signal` stops the job
 * @returns {Promise<any>}
 */
export async function job(path, data, { told, part, signal }) {
  const response = await send(path, data, { signal, accept: "text/event-stream" });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response.blob();
  const reader = /** @type {ReadableStream} */ (response.body).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    let read;
    try { read = await reader.read(); } catch (error) { throw gone(error); }
    if (read.done) throw new Refused(0, { message: "The computation broke off. Try again." });
    text += read.value;
    let end;
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
