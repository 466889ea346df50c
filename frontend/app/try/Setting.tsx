/** When the case is assessed, and how far the economy adjusts. */
import { useId } from "preact/hooks";
import { movedAt } from "../store/answer";
import { set } from "../store/scenario";
import { changeNow, hold, now, sheet } from "../store/work";
import { Moved } from "./Moved";

type Key = "date" | "horizon" | "transfers";

const WORDS = { date: "the date", horizon: "the horizon", transfers: "the trade deficits" };

export function Setting() {
  const where = useId();
  const of = sheet.value;
  if (!of) return null;
  const put = (key: Key, value: string) => {
    hold(where);
    changeNow(WORDS[key], (draft, case_) => set(draft, key, value, case_[key]), { where });
  };
  const choice = (key: Key, label: string, options: [string, string][]) => (
    <div class="field">
      <label for={key}>{label}</label>{" "}
      <select id={key} value={now.value[key] ?? of[key]} onChange={(event) => put(key, event.currentTarget.value)}>
        {options.map(([value, words]) => <option value={value}>{words}</option>)}
      </select>
    </div>
  );
  const date = now.value.date ?? of.date;
  return (
    <section aria-labelledby="c-when">
      <h3 id="c-when">When and how far</h3>
      <div class="field">
        <label for="date">Date assessed</label>{" "}
        <input type="date" id="date" required min="1990-01-01" max="2100-12-31" value={date} onChange={(event) => {
          const node = event.currentTarget;
          if (node.validity.valid && node.value) put("date", node.value);
        }} />{" "}
        <select id="day" aria-label="A day on which something changes" value={of.days.some((d) => d.date === date) ? date : ""}
          onChange={(event) => { if (event.currentTarget.value) put("date", event.currentTarget.value); }}>
          <option value="">a day of change …</option>
          {of.days.map((d) => <option value={d.date}>{`${d.date}: ${d.label}`}</option>)}
        </select>
      </div>
      {choice("horizon", "Horizon", [["short", "short run"], ["medium", "medium run"], ["long", "long run"]])}
      {choice("transfers", "Trade deficits", [["fixed", "fixed"], ["proportional", "proportional to income"], ["zero", "zero"]])}
      <Moved words={movedAt.value[where]} />
    </section>
  );
}
