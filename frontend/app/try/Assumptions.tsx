/** Numbers of routes and all parameters of the case, behind a heading that is closed at first. */
import { useEffect, useState } from "preact/hooks";
import { learnParameters, parametersBy, type Influence } from "../store/influence";
import { sentence } from "../store/scenario";
import { sheet, trade } from "../store/work";
import { ParameterControl } from "./ParameterControl";
import { byInfluence, movesWords } from "./order";

function Routes() {
  const of = sheet.value;
  if (!of?.route_choices.length) return null;
  const names = new Map(of.measures.map((m) => [m.id, m.label]));
  const seen = new Set<string>();
  const once = <T extends { parameter: string }>(all: T[]) =>
    all.filter((n) => !seen.has(n.parameter) && seen.add(n.parameter));
  return (
    <section aria-labelledby="c-routes">
      <h3 id="c-routes">Routes</h3>
      {of.route_choices.map((r) => (
        <details class="group" key={r.label}>
          <summary>{r.label}</summary>
          {r.routes.map((route) => (
            <div class="route" key={route.id}>
              <h4>{route.label}{route.transit ? <span class="note">{` through ${route.transit}`}</span> : null}</h4>
              {route.closed_by.length ? <p class="note">
                {`Closed while in force: ${route.closed_by.map((m) => names.get(m)).join("; ")}.`}</p> : null}
              {once(route.numbers).map((n) => <ParameterControl key={n.parameter} name={n.parameter} label={sentence(n.label)} />)}
            </div>
          ))}
          {once(r.numbers).map((n) => <ParameterControl key={n.parameter} name={n.parameter} label={sentence(n.label)} />)}
        </details>
      ))}
    </section>
  );
}

function Parameters() {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState("");
  const of = sheet.value;
  const names = Object.keys(of?.parameters ?? {});
  if (!of || !names.length) return null;
  const wanted = words.toLowerCase();
  const text = (name: string) => {
    const p = of.parameters[name];
    return `${name.replace(/_/g, " ")} ${p.label ?? ""} ${p.unit} ${p.note} ${p.uses.join(" ")}`.toLowerCase();
  };
  const found = parametersBy.value;
  const ready = !trade.value || found !== null;
  const lines = new Map((found ?? []).map((one) => [one.names[0], one]));
  return (
    <section aria-labelledby="c-parameters">
      <h3 id="c-parameters">Assumptions</h3>
      <details class="group" id="all-parameters" onToggle={(event) => { if (event.currentTarget.open) setOpen(true); }}>
        <summary>{`All ${names.length} parameters of the case`}</summary>
        {trade.value ? <p class="note">{ready
          ? "Those that move most over their range come first, by what they move most, in USD million a year."
          : "Finding out which of them move most …"}</p> : null}
        <div class="field">
          <label for="find-parameter">Find</label>{" "}
          <input type="search" id="find-parameter" autocomplete="off" value={words}
            onInput={(event) => setWords(event.currentTarget.value)} />
        </div>
        <div class="parameters">
          {open && ready ? <Sorted names={byInfluence(names, found ?? [])} lines={lines} wanted={(name) => text(name).includes(wanted)} /> : null}
        </div>
        {open && !ready ? <Ask /> : null}
      </details>
    </section>
  );
}

/** Asks once for what the parameters move; the list stands when it is known. */
function Ask() {
  useEffect(() => { learnParameters(); }, []);
  return null;
}

interface SortedProps { names: string[]; lines: Map<string, Influence>; wanted: (name: string) => boolean }

function Sorted({ names, lines, wanted }: SortedProps) {
  return (
    <>
      {names.map((name) => (
        <div key={name} hidden={!wanted(name)}>
          <ParameterControl name={name} />
          {lines.has(name) ? <p class="note moves">{movesWords(lines.get(name))}</p> : null}
        </div>
      ))}
    </>
  );
}

export function Assumptions() {
  return (
    <>
      <Routes />
      <Parameters />
    </>
  );
}
