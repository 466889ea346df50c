"""How a state differs from its case: the one description that titles, files and data carry."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from detente.analysis.negotiation.labels import parameter_words
from detente.cases.saved_scenarios import ON_SCREEN, SWITCHES
from detente.negotiation.words import day, general, listed, number_word, quoted, upper_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.cases import Case, Measure, NamedScenario, Period


What = Literal["date", "horizon", "transfers", "measure", "days", "added", "flows", "parameter"]

#: What stands before every title of a state that never was: measures, days in force, flows or
#: parameters are not those of the case.
MARK = "Your scenario"
#: The same in names of files.
STEM = "your-scenario"
#: Changes that make no hypothesis: what is in force then is what the acts of the case say.
_SETTING = ("date", "horizon", "transfers")
#: Changes that a line names; it counts the others.
_NAMED = 4
#: Characters of a label that names of files carry.
_LONGEST = 40


@dataclass(frozen=True)
class Change:
    """One thing of a state that is not as the case has it.

    Attributes:
        what: which kind of thing.
        name: of the measure, commodity or parameter; empty for others.
        label: the departure for readers.
        value: what it is in the state.
        own: what it is in the case.
        unit: of both.
        mark: what titles carry of a date, horizon or rule of deficits: '1 June 2022'.
        stem: the departure in names of files: '2022-06-01'.
    """

    what: What
    name: str
    label: str
    value: str
    own: str
    unit: str = ""
    mark: str = ""
    stem: str = ""

    @property
    def words(self) -> str:
        """'‘EU ban’ lifted (in force in the case)'."""
        if self.what == "date":
            return f"assessed on {self.value}, not on the case's {self.own}"
        if self.what == "horizon":
            return f"{self.value}, not the case's {self.own}"
        if self.what == "transfers":
            return f"trade deficits {self.value}, not {self.own} as in the case"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.label} {self.value}{unit} ({self.own} in the case)"


@dataclass(frozen=True)
class Departure:
    """Everything of a state that is not as the case has it; false where nothing is.

    Attributes:
        changes: in the order of date, horizon, deficits, measures, flows, parameters.
        scenario: the label of the scenario that the state is, or of the one of the case which it
            equals; empty where there is none.
    """

    changes: tuple[Change, ...] = ()
    scenario: str = ""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def hypothetical(self) -> bool:
        """Whether the state never was: more differs than its date, horizon and deficits."""
        return any(change.what not in _SETTING for change in self.changes)

    @property
    def mark(self) -> str:
        """What stands before titles: 'Your scenario ‘Klaipėda open’', '1 June 2022, short run'.

        Empty for the case's own state.
        """
        if self.hypothetical:
            return f"{MARK} {quoted(self.scenario)}" if self.scenario else MARK
        return upper_first(", ".join(change.mark for change in self.changes))

    @property
    def count(self) -> str:
        """How much differs: '1 change', '2 changes'."""
        return f"{len(self.changes)} change{'s' * (len(self.changes) != 1)}"

    @property
    def suffix(self) -> str:
        """What names of files end with: '-your-scenario-klaipeda-open-2-changes', '-2022-06-01'."""
        parts = [change.stem for change in self.changes]
        if self.hypothetical:
            parts = [STEM, *filter(None, [_stem(self.scenario)]), self.count.replace(" ", "-")]
        return "".join(f"-{part}" for part in parts)

    @property
    def sentence(self) -> str:
        """All changes in a sentence; empty for the case's own state."""
        return self._sentence(len(self.changes))

    @property
    def line(self) -> str:
        """The departure as short as a chart or a row of a file carries it."""
        return self._sentence(_NAMED)

    @property
    def named(self) -> str:
        """The first changes, and a count of the others."""
        return self._named(_NAMED)

    def _sentence(self, most: int) -> str:
        if not self.changes:
            return ""
        if self.hypothetical:
            return f"{self.mark}, not the state of the case: {self._named(most)}."
        words = "; ".join(change.words for change in self.changes)
        if self.scenario:
            return f"Scenario {quoted(self.scenario)}: {words}."
        return f"{upper_first(words)}."

    def _named(self, most: int) -> str:
        named = [change.words for change in self.changes[:most]]
        left = len(self.changes) - len(named)
        return listed(
            [*named, f"{number_word(left)} other change{'s' * (left > 1)}"] if left else named
        )

    def titled(self, title: str) -> str:
        """A title that says whether it is of the case: 'Your scenario: Who gains (2 changes)'."""
        begun = f"{self.mark}: "
        if not self.changes or title.startswith(begun):
            return title
        return f"{begun}{title}{self._counted}"

    @property
    def heading(self) -> str:
        """The state in one line: 'Your scenario: Klaipėda open (2 changes)'; maybe empty."""
        if not self.hypothetical:
            return self.page
        first = next(change for change in self.changes if change.what not in _SETTING)
        value = f"{first.value} {first.unit}".rstrip()
        return f"{MARK}: {self.scenario or f'{first.label} {value}'}{self._counted}"

    @property
    def page(self) -> str:
        """What stands at the head of each printed page."""
        if self.hypothetical:
            return f"{self.mark}, not the state of the case{self._counted}"
        return f"{self.mark}, not as in the case" if self.changes else ""

    def untitled(self, title: str) -> str:
        """The title without that, where a list stands below a mark that holds for all of it."""
        begun = f"{self.mark}: "
        if not self.changes or not title.startswith(begun):
            return title
        return title.removeprefix(begun).removesuffix(self._counted)

    @property
    def _counted(self) -> str:
        """What ends a title of a state that never was: ' (2 changes)'."""
        return f" ({self.count})" if self.hypothetical else ""

    def stem(self, name: str) -> str:
        """A name of a file that says the same."""
        return f"{name}{self.suffix}"

    def measure(self, identifier: str) -> str:
        """What is hypothetical about a measure; empty where it is as in the case."""
        found = [c.value for c in self.changes if c.name == identifier and c.what in _OF_MEASURE]
        return "; ".join(found)

    def plain(self) -> dict[str, Any] | None:
        """Itself as plain values; None for the case's own state."""
        if not self.changes:
            return None
        return {
            "hypothetical": self.hypothetical,
            "scenario": self.scenario,
            "sentence": self.sentence,
            "line": self.line,
            "heading": self.heading,
            "mark": self.mark,
            "suffix": self.suffix,
            "changes": [
                {"what": c.what, "id": c.name} | {key: getattr(c, key) for key in _CHANGE}
                for c in self.changes
            ],
        }

    def entries(self) -> dict[str, Any]:
        """Both entries of an answer's data: whether it is hypothetical, and what differs."""
        return {"hypothetical": self.hypothetical, "departure": self.plain()}


#: The case's own state.
AS_FILED = Departure()
_CHANGE = ("label", "value", "own", "unit", "words")
_OF_MEASURE = ("measure", "days", "added")
_SHORT = {"fixed": "fixed", "proportional": "proportional to income", "zero": "zero"}


def departure_of(
    case: Case,
    date: dt.date | None = None,
    horizon: str | None = None,
    transfers: str | None = None,
    *,
    own_date: dt.date | None = None,
) -> Departure:
    """How a state differs from the case as its file has it.

    Args:
        case: as its file has it, or as a scenario or other values of parameters have it.
        date: the day of the state; the case's if None.
        horizon: of the state; the case's if None.
        transfers: of the state; the case's if None.
        own_date: the day that the state has in the case, where that is not the case's date.
    """
    own_on = own_date or case.own.date
    span, rule = horizon or case.horizon, transfers or case.transfers
    changes = _changes(case, date or case.date, own_on, span, rule)
    return Departure(changes, _scenario_of(case, changes, own_on))


def _changes(case: Case, on: dt.date, own_on: dt.date, span: str, rule: str) -> tuple[Change, ...]:
    """Everything of a state that is not as the case has it."""
    own = case.own
    changes: list[Change] = []
    if on != own_on:
        shown = day(on)
        changes.append(
            Change("date", "", "date assessed", shown, day(own_on), mark=shown, stem=on.isoformat())
        )
    if span != own.horizon:
        value, filed = f"{span} run", f"{own.horizon} run"
        changes.append(Change("horizon", "", "horizon", value, filed, mark=value, stem=span))
    if rule != own.transfers:
        value, filed = _SHORT[rule], _SHORT[own.transfers]
        mark = f"trade deficits {value}"
        changes.append(
            Change(
                "transfers", "", "trade deficits", value, filed, mark=mark, stem=f"{rule}-deficits"
            )
        )
    return (*changes, *_measures(case, on), *_flows(case), *_parameters(case))


def _scenario_of(case: Case, changes: tuple[Change, ...], own_on: dt.date) -> str:
    """What a state is called: the label of its scenario, or of that of the case which it equals."""
    scenario = case.named_scenario
    if scenario is not None and scenario.label not in (ON_SCREEN, SWITCHES):
        return scenario.label
    if not changes or case.added:
        return ""
    for offered in case.own.scenarios:
        # What each of them says is counted only where it may come to as many changes.
        if offered.label in (ON_SCREEN, SWITCHES) or _most_changes(offered) < len(changes):
            continue
        state = case.own.in_scenario(offered)
        on = offered.date or own_on
        if _changes(state, on, own_on, state.horizon, state.transfers) == changes:
            return offered.label
    return ""


def _most_changes(scenario: NamedScenario) -> int:
    """How much of a case a scenario changes at most."""
    setting = (scenario.date, scenario.horizon, scenario.transfers)
    switched = {*scenario.measures, *scenario.in_force}
    return sum(s is not None for s in setting) + len(switched) + len(scenario.parameters)


def _stem(label: str) -> str:
    """A label in names of files: 'klaipeda-open'."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.lower()).split()
    return "-".join(words)[:_LONGEST].rstrip("-")


def _measures(case: Case, on: dt.date) -> Iterable[Change]:
    own = {m.id: m for m in case.own.measures}
    for m in case.measures:
        label = quoted(m.label)
        filed = own[m.id]
        if m.id in case.added:
            state = "in force" if m.in_force_on(on) else "not in force"
            yield Change("added", m.id, label, f"added, {state}", "no measure")
        elif m.in_force_on(on) != filed.in_force_on(on):
            value = "imposed" if m.in_force_on(on) else "lifted"
            yield Change("measure", m.id, label, value, _state(filed, on))
        elif m.in_force != filed.in_force:
            yield Change("days", m.id, label, days(m.in_force), days(filed.in_force))


def _state(measure: Measure, on: dt.date) -> str:
    return "in force" if measure.in_force_on(on) else "not in force"


def days(periods: Iterable[Period]) -> str:
    """Days in force in words: 'in force 2 May 2021 to 3 June 2022'."""
    spells = [
        f"{day(p.start)} to {day(p.until)}" if p.until else f"from {day(p.start)}" for p in periods
    ]
    return f"in force {listed(spells)}" if spells else "never in force"


def _flows(case: Case) -> Iterable[Change]:
    own = {c.name: c for c in case.own.commodities}
    for c in case.commodities:
        if c.flows != own[c.name].flows:
            label = f"flows of {c.label.lower()} from the table"
            yield Change("flows", c.name, label, str(c.flows), str(own[c.name].flows))


def _parameters(case: Case) -> Iterable[Change]:
    own = case.own
    others = {v.name: own.number(v.value) for v in own.valuations}
    others |= {u.name: u.value for u in own.uncertainties}
    for name, value in case.changes.items():
        p = own.parameters.get(name)
        filed = others.get(name) if p is None else p.value
        if filed is None or value == filed:
            continue
        held = [m for m in case.measures if _leaks(m, name)]
        if held:
            # Readers are told how much is stopped, which is what they typed.
            label = f"enforcement of {listed([quoted(m.label) for m in held])}"
            yield Change("parameter", name, label, _stopped(value), _stopped(filed))
            continue
        unit = "" if p is None else p.unit
        words = parameter_words(case, name) if p is None else case.parameter_label(name)
        yield Change("parameter", name, words, general(value), general(filed), unit)


def _leaks(measure: Measure, name: str) -> bool:
    """Whether a parameter is the leakage of a measure."""
    return any(getattr(s.effect, "leakage", None) == name for s in measure.sets)


def _stopped(leakage: float) -> str:
    """A leakage as the percentage of the base flow that is stopped."""
    return f"{general(round(100 * (1 - leakage), 10))} %"
