/** Up to four named scenarios side by side with the case and with what is on the screen. */
import { useState } from "preact/hooks";
import { Part } from "../case/Part";
import { take, work } from "../store/work";
import { banded, banding, drawAll, keepAs, parts, remove, wrong } from "./compared";

export function Compare() {
  const [name, setName] = useState("");
  const [date, setDate] = useState("");
  const kept = work.value.named;
  const shown = parts.value;
  return (
    <section id="compare-section" aria-labelledby="c-compare">
      <h2 id="c-compare" tabIndex={-1}>Compare scenarios</h2>
      <div id="compare">
        <form class="keep" onSubmit={(event) => {
          event.preventDefault();
          keepAs(name.trim());
          if (!wrong.peek()) setName("");
        }}>
          <div class="field">
            <label for="scenario-name">Keep what is on the screen as</label>
            <input type="text" id="scenario-name" maxLength={60} autocomplete="off" value={name}
              onInput={(event) => setName(event.currentTarget.value)} />
          </div>
          <button type="submit" id="keep">Keep</button>
        </form>
        <form class="keep" onSubmit={(event) => { event.preventDefault(); if (date) keepAs(date, { date }); }}>
          <div class="field">
            <label for="other-date">Or the same on another date</label>
            <input type="date" id="other-date" min="1990-01-01" max="2100-12-31" value={date}
              onInput={(event) => setDate(event.currentTarget.value)} />
          </div>
          <button type="submit" id="keep-date">Compare the date</button>
        </form>
        <p class="wrong" role="alert" hidden={!wrong.value}>{wrong.value}</p>
        <ul class="kept">
          {kept.map((scenario, k) => (
            <li key={scenario.label}>
              <b>{scenario.label}</b>{" "}
              <button type="button" aria-label={`Show ${scenario.label}`}
                onClick={() => take(scenario, `‘${scenario.label}’ shown`)}>Show</button>{" "}
              <button type="button" aria-label={`Remove ${scenario.label}`} onClick={() => remove(k)}>Remove</button>
            </li>
          ))}
        </ul>
        {kept.length && shown ? (
          <>
            <p class="buttons" hidden={banded.value}>
              <button type="button" id="compare-bands" disabled={banding.value} onClick={() => drawAll()}>
                Draw the bands of these scenarios</button></p>
            <div class="side-by-side">{shown.data.map((part) => <Part key={part} part={part} />)}</div>
          </>
        ) : null}
      </div>
    </section>
  );
}
