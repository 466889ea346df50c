/** How far a long computation is, how to stop it, and how to bring up to date what was stopped. */
import { jobs } from "../store/jobs";
import { behind, resume, stopAll } from "../store/results";

export function Working() {
  const [own] = jobs.value;
  const far = own?.total ? { max: own.total, value: own.done } : {};
  return (
    <div class="working">
      <div id="working" hidden={!own}>
        <span id="doing">{own ? (own.total > 8 ? `${own.words}, ${own.done} of ${own.total}` : own.words) : ""}</span>{" "}
        <progress id="bar" aria-label="Progress of the computation" {...far} key={own?.total ? "far" : "begun"} />{" "}
        <button type="button" id="stop" onClick={stopAll}>Stop</button>
      </div>
      <div id="behind" hidden={!behind.value}>
        <span>Sections are of the state before.</span>{" "}
        <button type="button" id="resume" onClick={resume}>Update now</button>
      </div>
    </div>
  );
}
