/** What one sees first: what this is, the cases, a blank case, a file, the work that was left. */
import { useEffect } from "preact/hooks";
import { cards, cases, goTo, lastWork, opening, choose, type CaseLine } from "../store/route";
import { toneOf, brief } from "../case/Strip";
import { FaultBox } from "../case/FaultBox";
import { beginDraft } from "../new/checked";
import { OpenFile } from "../ui/OpenFile";
import { learnCards } from "./cards";
import { PlainBar } from "../ui/PlainBar";
import { Tour } from "./Tour";

/** The effects of a case on its parties as small bars. */
function Bars({ of }: { of: { label: string; value: number }[] }) {
  const most = Math.max(1, ...of.map((b) => Math.abs(b.value)));
  return (
    <ul class="mini">
      {of.map((b) => (
        <li key={b.label}>
          <span class="name">{b.label}</span>
          <span class="bar" aria-hidden="true"><i class={`now ${toneOf(b.value)}`} style={{
            left: `${b.value < 0 ? 50 - (50 * -b.value) / most : 50}%`, width: `${(50 * Math.abs(b.value)) / most}%` }} /></span>
          <b class={toneOf(b.value)}>{brief(b.value)}</b>
        </li>
      ))}
    </ul>
  );
}

/** The first sentence of a summary. */
const first = (text: string) => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;

function Card({ of }: { of: CaseLine }) {
  const answer = cards.value[of.case];
  return (
    <li class="card">
      <a href={`#{"case":"${of.case}"}`} onClick={(event) => { event.preventDefault(); choose(of.case); }}>
        <h3>{of.title}</h3>
        <p class="about">{first(of.summary)}</p>
        <p class="answer">{answer?.sentence ?? ""}</p>
        {answer && !answer.bars.length ? null : (
          <div class="room">
            {answer ? <><Bars of={answer.bars} />
              <p class="unit">USD million a year against no measures</p></> : null}
          </div>
        )}
        <span class="go">{opening.value === of.case ? "Opening …" : "Open the case →"}</span>
      </a>
    </li>
  );
}

export function StartPage() {
  const last = lastWork();
  useEffect(() => {
    const leave = new AbortController();
    learnCards(leave.signal);
    return () => leave.abort();
  }, []);
  return (
    <>
      <PlainBar here="start" />
      <main class="start" id="results" tabIndex={-1}>
        <h1>See what a sanction does to everyone it touches, and what lifting it would do</h1>
        <p class="lead">Take a case, switch a measure, and watch who pays, where the goods go and what deal would hold.</p>
        <FaultBox />
        <p class="buttons">
          <Tour />
          <a class="button" id="to-goods" href="#goods">See who trades which good</a>
          {last ? <a class="button" id="last-work" href={last.address}>{`Continue with ${last.title}`}</a> : null}
        </p>
        <h2>Cases</h2>
        <ul class="cards">
          {cases.value.map((c) => <Card key={c.case} of={c} />)}
          <li class="card own">
            <h3>Your own case</h3>
            <p>Name the parties, the goods and the measures in sentences, and see at once what each measure closes.</p>
            <p class="buttons"><button type="button" id="blank" onClick={() => { beginDraft(); goTo("new"); }}>Start from a blank case</button></p>
            <OpenFile />
          </li>
        </ul>
      </main>
    </>
  );
}
