/** Requests to the server that the page came from. */

/** What the server refused, with its faults. */
export class Refused extends Error {
  constructor(status, { message, faults }) {
    super(message);
    this.status = status;
    this.faults = faults ?? [];
  }
}

async function refusal(response) {
  let body = { message: `The server answered ${response.status}.` };
  try { body = await response.json(); } catch { /* not JSON: the status says enough */ }
  return new Refused(response.status, body);
}

async function send(path, body, { signal, type = "application/json" } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST", body, signal, headers: { "content-type": type },
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, {
      message: "The server does not answer. Start `detente serve` again; the page keeps its state.",
    });
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

export const ask = async (path, data, more) =>
  (await send(path, JSON.stringify(data), more)).json();

export const upload = async (text) =>
  (await send("/api/upload", text, { type: "application/yaml" })).json();

export const file = async (path, data, more) =>
  (await send(path, JSON.stringify(data), more)).blob();

export const look = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw await refusal(response);
  return response.json();
};

/**
 * A long job: calls `told` with its progress, returns its result.
 * @param {AbortSignal} signal stops the job
 */
export async function job(path, data, told, signal) {
  const response = await send(path, JSON.stringify(data), { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Refused(0, { message: "The computation was stopped." });
    text += value;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const [kind, what] = text.slice(0, end).split("\n").map((l) => l.slice(l.indexOf(":") + 2));
      text = text.slice(end + 2);
      const content = JSON.parse(what);
      if (kind === "progress") told(content);
      else if (kind === "result") return content;
      else throw new Refused(kind === "fault" ? 422 : 409, { message: content ?? "Stopped." });
    }
  }
}
