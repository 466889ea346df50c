"""What a case file says: its fields, and each of them by name and day.

`Case` adds what is worked out of them; functions that do so take a `CaseData`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, PrivateAttr

from detente._near import did_you_mean
from detente._types import Transfers
from detente.cases.claims import BackTestBlock, Claim, Published, Scenario
from detente.cases.economy import Commodity, Correlation, Elasticity, Parameter, Party, RouteChoice
from detente.cases.errors import CaseError, Fault
from detente.cases.fields import REST, Day, Entry, Name, NumberOrName, Selection, Text
from detente.cases.goods import NamedGood
from detente.cases.labels import chosen_countries, voters
from detente.cases.measures import Iceberg, Measure
from detente.cases.negotiation import (
    Channel,
    Conflict,
    Interest,
    Negotiation,
    ObservedMove,
    Valuation,
)
from detente.cases.renewals import Renewal
from detente.cases.saved_scenarios import NamedScenario
from detente.cases.stand_ins import StandIn
from detente.cases.tables import Flow
from detente.world.names import DEFAULT_WORLD

if TYPE_CHECKING:
    from detente.world import World


class CaseData(Entry):
    """The fields of a case, and what can be read off them."""

    schema_version: Literal[2] = Field(alias="schema", description="The version of this layout.")
    include: tuple[Text, ...] = Field(
        default=(), description="Files of the folder that hold further keys of this case."
    )
    name: Name
    title: Text
    summary: Text
    world: Text = Field(default=DEFAULT_WORLD, description="A bundled world, or a path to one.")
    date: Day = Field(description="The day whose regime is assessed unless another is asked for.")
    horizon: Literal["long", "medium", "short"] = "long"
    transfers: Transfers = "fixed"
    parties: tuple[Party, ...] = Field(min_length=1)
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    elasticities: tuple[Elasticity, ...] = ()
    stand_ins: tuple[StandIn, ...] = Field(
        default=(),
        alias="countries",
        description="Countries taken out of the rest of the world, with its structure.",
    )
    goods: tuple[NamedGood, ...] = Field(
        default=(), description="Goods of the product layer, each short for a commodity."
    )
    commodities: tuple[Commodity, ...] = ()
    route_choices: tuple[RouteChoice, ...] = ()
    measures: tuple[Measure, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    interests: tuple[Interest, ...] = ()
    valuations: tuple[Valuation, ...] = ()
    channels: tuple[Channel, ...] = ()
    events: tuple[ObservedMove, ...] = ()
    negotiation: Negotiation | None = None
    conflict: Conflict | None = None
    record: BackTestBlock | None = Field(
        default=None,
        description="What a test against later years compares, and what of them was seen.",
    )
    claims: tuple[Claim, ...] = ()
    published: tuple[Published, ...] = ()
    scenarios: tuple[NamedScenario, ...] = ()

    _path: Path | None = PrivateAttr(default=None)
    _included: tuple[Path, ...] = PrivateAttr(default=())
    _remarks: tuple[str, ...] = PrivateAttr(default=())
    _repairs: tuple[str, ...] = PrivateAttr(default=())
    _assumptions: tuple[str, ...] = PrivateAttr(default=())
    _digest: str = PrivateAttr(default="")
    _substance: str = PrivateAttr(default="")
    _flows: dict[str, tuple[Flow, ...]] = PrivateAttr(default_factory=dict)
    _changes: dict[str, float] = PrivateAttr(default_factory=dict)
    _scenario: NamedScenario | None = PrivateAttr(default=None)
    _own: Self | None = PrivateAttr(default=None)
    _added: tuple[str, ...] = PrivateAttr(default=())

    @property
    def path(self) -> Path | None:
        """The case file that it was read from."""
        return self._path

    @property
    def files(self) -> tuple[Path, ...]:
        """The case file and those that it includes; none for a case that was read from a text."""
        return () if self._path is None else (self._path, *self._included)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to change in its folder though it is no fault, such as a key's earlier name."""
        return self._remarks

    @property
    def repairs(self) -> tuple[str, ...]:
        """What had to be changed so that its goods fit into their sectors."""
        return self._repairs

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed of its goods, such as what producers sell at home."""
        return self._assumptions

    @property
    def digest(self) -> str:
        """SHA-256 of what its files say, comments apart, and of the flows that it uses."""
        return self._digest

    @property
    def substance(self) -> str:
        """The digest without its named scenarios, which change no answer but their own."""
        return self._substance

    @property
    def changes(self) -> dict[str, float]:
        """Parameters whose value differs from the file's, with the value used."""
        return dict(self._changes)

    @property
    def named_scenario(self) -> NamedScenario | None:
        """The scenario that was applied, if one was; see `in_scenario`."""
        return self._scenario

    @property
    def own(self) -> Self:
        """The case as its file has it: itself, unless a scenario, values or flows were set."""
        return self._own or self

    @property
    def added(self) -> tuple[str, ...]:
        """Ids of measures that a reader added, which the file does not have."""
        return self._added

    def value(self, parameter: str, day: dt.date | str | None = None) -> float:
        """The value of a parameter on a day, the case's own date unless another is given.

        Raises:
            CaseError: for an unknown name, with near ones.
        """
        if parameter not in self.parameters:
            raise self.unknown("parameter", parameter, self.parameters)
        return self.parameters[parameter].on(self._day(day))

    def number(self, given: float | str, day: dt.date | str | None = None) -> float:
        """What a number or the name of a parameter comes to on a day."""
        return self.value(given, day) if isinstance(given, str) else float(given)

    def measure(self, identifier: str) -> Measure:
        """A measure by its id; an unknown one raises `CaseError` with near ones."""
        for measure in self.measures:
            if measure.id == identifier:
                return measure
        raise self.unknown("measure", identifier, (measure.id for measure in self.measures))

    def renewal_of(self, measure: str) -> Renewal | None:
        """The decision that renews a measure together with others, if there is one."""
        return next((r for r in self.renewals if measure in r.measures), None)

    def renewed_on(self, measure: str) -> tuple[dt.date, ...]:
        """The days on which a measure was renewed, by itself or with others."""
        renewal = self.renewal_of(measure)
        return (
            self.measure(measure).renewed
            if renewal is None
            else tuple(day.date for day in renewal.renewed)
        )

    def renewed_no_later(self, measure: str, day: dt.date) -> bool:
        """Whether of a renewal no more is known than that it was made by this day."""
        renewal = self.renewal_of(measure)
        known = () if renewal is None else renewal.renewed
        return any(one.no_later and one.date == day for one in known)

    @property
    def observed(self) -> tuple[ObservedMove, ...]:
        """What parties did, in order of time: the events, and each renewal as one move."""
        days = [
            ObservedMove(
                id=renewal.move_id(day.date),
                date=day.date,
                party=renewal.owner,
                move="keep",
                measures=kept,
                source=day.source,
                note=day.note,
            )
            for renewal in self.renewals
            for day in renewal.renewed
            if (kept := tuple(m for m in renewal.measures if self.measure(m).in_force_on(day.date)))
        ]
        return tuple(sorted((*self.events, *days), key=lambda e: e.date))

    def party(self, identifier: str) -> Party:
        """A party by its id; an unknown one raises `CaseError` with near ones."""
        for party in self.parties:
            if party.id == identifier:
                return party
        raise self.unknown("party", identifier, (party.id for party in self.parties))

    def commodity(self, name: str) -> Commodity:
        """A commodity by its name; an unknown one raises `CaseError` with near ones."""
        for commodity in self.commodities:
            if commodity.name == name:
                return commodity
        raise self.unknown("commodity", name, (commodity.name for commodity in self.commodities))

    @property
    def has_trade(self) -> bool:
        """Whether any measure sets something in an economy; a published conflict has none."""
        return any(m.sets for m in self.measures)

    @property
    def trade_measures(self) -> tuple[Measure, ...]:
        """The measures that set something in the economy."""
        return tuple(m for m in self.measures if m.sets)

    @property
    def not_computed(self) -> tuple[str, ...]:
        """What measures set and no result has yet, each measure in a sentence."""
        return tuple(f"‘{m.label}’: {m.not_computed}" for m in self.measures if m.not_computed)

    def voters(self, party: str, day: dt.date | str | None = None) -> tuple[str, ...]:
        """ISO3 codes of those who vote in a party on a day; of a sovereign party, its members."""
        return voters(self.party(party).members, self._day(day))

    def regime(self, day: dt.date | str | None = None) -> tuple[Measure, ...]:
        """The measures in force on a day that set something in the economy.

        The day is the case's own unless another is given; `in_force` has all measures.
        """
        return tuple(m for m in self.in_force(day) if m.sets)

    def in_force(self, day: dt.date | str | None = None) -> tuple[Measure, ...]:
        """All measures in force on a day, the case's own date unless another is given."""
        on = self._day(day)
        return tuple(m for m in self.measures if m.in_force_on(on))

    def _day(self, day: dt.date | str | None) -> dt.date:
        return dt.date.fromisoformat(day) if isinstance(day, str) else day or self.date

    def countries(
        self, chosen: Selection, world: World, day: dt.date | str | None = None
    ) -> tuple[str, ...]:
        """The countries of a world that a choice stands for on a day (the case's, if left out)."""
        return chosen_countries(chosen, world, self._day(day))

    def chosen(
        self, choice: Selection, world: World, day: dt.date | str | None = None
    ) -> tuple[str, ...]:
        """The countries that a claim's choice of parties, countries and groups stands for."""
        parties = {p.id: p.members for p in self.parties}

        def spread(labels: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(c for label in labels for c in parties.get(label, (label,)))

        plain = Selection(spread(choice.include), spread(choice.exclude))
        return chosen_countries(plain, world, self._day(day))

    def members(
        self, party: str, world: World, day: dt.date | str | None = None
    ) -> tuple[str, ...]:
        """The countries of a world that a party speaks for on a day (the case's, if left out)."""
        chosen = Selection(self.party(party).members)
        return chosen_countries(chosen, world, self._day(day))

    def users(self, commodity: str) -> dict[str, float]:
        """Share of each user in purchases of the commodity; `rest` is what the others leave."""
        given = self.commodity(commodity).users
        numbers = {k: self.number(v) for k, v in given.items() if v != REST}
        return {k: numbers.get(k, 1.0 - sum(numbers.values())) for k in given}

    def iceberg_factor(
        self, iceberg: Iceberg, good: str, day: dt.date | str | None = None
    ) -> float:
        """Delivered cost of a good as a multiple of the base year's."""
        if iceberg.factor is not None:
            return self.number(iceberg.factor, day)
        extra: NumberOrName = iceberg.extra_cost if iceberg.extra_cost is not None else 0.0
        return 1.0 + self.number(extra, day) / self.number(self.commodity(good).price)

    def scenario(self, scenario: Scenario | None = None) -> tuple[tuple[str, ...], dt.date]:
        """Ids of the measures of a scenario in the order of the file, and the day it is read on.

        None is the regime of the case's own date. Of a scenario's own day hang the members of
        groups and the values of dated parameters, not only what is in force.
        """
        wanted = scenario or Scenario(regime=self.date)
        day = wanted.regime or self.date
        on = {m.id for m in self.regime(day)} - set(wanted.lift) | set(wanted.impose)
        if wanted.only or wanted.none:
            on = set(wanted.only)
        return tuple(m.id for m in self.measures if m.id in on), day

    def published_range(self, identifier: str) -> tuple[float, float]:
        """Lowest and highest published figure, in the unit of the number it is compared with."""
        found = {p.id: p for p in self.published}
        if identifier not in found:
            raise self.unknown("published figure", identifier, found)
        figure = found[identifier]
        single = (figure.value or 0.0, figure.value or 0.0)
        low, high = single if figure.range is None else figure.range
        scale = self.number(figure.conversion)
        return low * scale, high * scale

    def unknown(self, what: str, word: str, known: Iterable[str]) -> CaseError:
        """The error of asking for something that the case does not have, with near names."""
        return CaseError(
            [Fault(0, "", f"there is no {what} {word!r}.", did_you_mean(word, known))], self.name
        )
