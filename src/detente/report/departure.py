"""How a state differs from its case: the one description that titles, files and the app carry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from detente.report import labels as w
from detente.report.labels import label_of
from detente.report.table import day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.analysis.negotiation import TalksAnswer
    from detente.cases import Case, Measure, Period
    from detente.report.table import Chart, Section, Table


What = Literal["date", "horizon", "transfers", "measure", "days", "added", "flows", "parameter"]

#: What stands before every title of a state that is not the case's.
MARK = "Hypothetical"
#: The same in names of files.
STEM = "hypothetical"
#: Changes that a line names; it counts the others.
_NAMED = 4


@dataclass(frozen=True)
class Change:
    """One thing of a state that is not as the case has it.

    Attributes:
        what: which kind of thing.
        name: of the measure, commodity or parameter; empty for others.
        label: the same for readers.
        value: what it is in the state.
        own: what it is in the case.
        unit: of both.
    """

    what: What
    name: str
    label: str
    value: str
    own: str
    unit: str = ""

    @property
    def words(self) -> str:
        """'‘EU ban’ lifted (in force in the case)'."""
        if self.what == "date":
            return f"assessed on {self.value}, not on the case's {self.own}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.label} {self.value}{unit} ({self.own} in the case)"


@dataclass(frozen=True)
class Departure:
    """Everything of a state that is not as the case has it; false where nothing is.

    Attributes:
        changes: in the order of date, horizon, deficits, measures, flows, parameters.
        scenario: the label of the scenario that the state is, if it has one.
    """

    changes: tuple[Change, ...] = ()
    scenario: str = ""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def sentence(self) -> str:
        """All changes in a sentence; empty for the case's own state."""
        return self._sentence(len(self.changes))

    @property
    def line(self) -> str:
        """The same as short as a chart or a row of a file carries it."""
        return self._sentence(_NAMED)

    @property
    def named(self) -> str:
        """The first changes, and a count of the others."""
        return self._named(_NAMED)

    def _sentence(self, most: int) -> str:
        if not self.changes:
            return ""
        of = f" {w.quoted(self.scenario)}" if self.scenario else ""
        return f"{MARK} state{of}, not that of the case: {self._named(most)}."

    def _named(self, most: int) -> str:
        named = [change.words for change in self.changes[:most]]
        left = len(self.changes) - len(named)
        return w.listing([*named, w.count(left, "other change")] if left else named)

    def titled(self, title: str) -> str:
        """A title that says whether it is of the case or not."""
        return f"{MARK}: {title}" if self.changes and not title.startswith(MARK) else title

    def stem(self, name: str) -> str:
        """A name of a file that says the same."""
        return f"{name}-{STEM}" if self.changes else name

    def section(self, section: Section) -> Section:
        """A section as it stands in this state."""
        return replace(section, title=self.titled(section.title))

    def table(self, table: Table) -> Table:
        """A table as it stands in this state: marked in what leaves with it."""
        return replace(table, title=self.titled(table.title), state=self.line)

    def chart(self, chart: Chart) -> Chart:
        """A chart as it stands in this state: marked in what leaves with it."""
        title, data = self.titled(chart.title), self._of(chart)
        return replace(chart, title=title, data=data, state=self.line)

    def _of(self, chart: Chart) -> dict[str, Any]:
        """What a chart draws: of one with several views each has its own title."""
        views = chart.data.get("views")
        if not isinstance(views, list):
            return chart.data
        titled = [
            {**view, "title": self.titled(view["title"])} if "title" in view else view
            for view in views
        ]
        return {**chart.data, "views": titled}

    def measure(self, identifier: str) -> str:
        """What is hypothetical about a measure; empty where it is as in the case."""
        found = [c.value for c in self.changes if c.name == identifier and c.what in _OF_MEASURE]
        return "; ".join(found)

    def plain(self) -> dict[str, Any] | None:
        """Itself as plain values; None for the case's own state."""
        if not self.changes:
            return None
        return {
            "scenario": self.scenario,
            "sentence": self.sentence,
            "line": self.line,
            "changes": [{**vars(c), "words": c.words} for c in self.changes],
        }


#: The case's own state.
AS_FILED = Departure()
#: The label that a file gives to what was on the screen of the app, which names nothing.
_ON_SCREEN = "now"
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
    own = case.own
    on, own_on = date or case.date, own_date or own.date
    changes: list[Change] = []
    if on != own_on:
        changes.append(Change("date", "", "date assessed", day(on), day(own_on)))
    if (horizon or case.horizon) != own.horizon:
        value, filed = f"{horizon or case.horizon} run", f"{own.horizon} run"
        changes.append(Change("horizon", "", "horizon", value, filed))
    if (transfers or case.transfers) != own.transfers:
        value, filed = _SHORT[transfers or case.transfers], _SHORT[own.transfers]
        changes.append(Change("transfers", "", "trade deficits", value, filed))
    changes += _measures(case, on)
    changes += _flows(case)
    changes += _parameters(case)
    scenario = case.named_scenario
    named = scenario is not None and scenario.label != _ON_SCREEN
    return Departure(tuple(changes), scenario.label if scenario and named else "")


def departure_of_talks(answer: TalksAnswer) -> Departure:
    """How the state that talks start from differs from that of the case's own talks."""
    own = answer.case.own
    own_date = own.date if own.talks is None else own.talks_terms().day
    return departure_of(answer.case, answer.date, answer.horizon, own_date=own_date)


def _measures(case: Case, on: dt.date) -> Iterable[Change]:
    own = {m.id: m for m in case.own.measures}
    for m in case.measures:
        label = w.quoted(m.label)
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
    return f"in force {w.listing(spells)}" if spells else "never in force"


def _flows(case: Case) -> Iterable[Change]:
    own = {c.name: c for c in case.own.commodities}
    for c in case.commodities:
        if c.flows != own[c.name].flows:
            label = f"flows of {c.label.lower()} from the table"
            yield Change("flows", c.name, label, str(c.flows), str(own[c.name].flows))


def _parameters(case: Case) -> Iterable[Change]:
    own = case.own
    others = {u.name: u.value for u in own.uncertainties}
    for name, value in case.changes.items():
        p = own.parameters.get(name)
        filed = others.get(name) if p is None else p.value
        if filed is None or value == filed:
            continue
        unit = "" if p is None else p.unit
        yield Change("parameter", name, label_of(name), w.general(value), w.general(filed), unit)
