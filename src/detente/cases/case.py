"""A case: the file that a user writes, read, checked and ready to be answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from detente._deprecated import keep_attributes
from detente._shown import short
from detente._types import Array
from detente.cases.case_data import CaseData
from detente.cases.check_negotiation import idle
from detente.cases.flow_overrides import overridden, with_flows
from detente.cases.migration import RENAMED
from detente.cases.negotiation_terms import negotiation_terms
from detente.cases.overrides import applied, switched, uncertainties, with_values
from detente.cases.route_terms import route_terms
from detente.cases.saved_scenarios import NamedScenario
from detente.world.names import label_of

if TYPE_CHECKING:
    from detente.cases.fields import Uncertainty
    from detente.cases.negotiation_terms import NegotiationTerms
    from detente.cases.route_terms import RouteChoiceTerms
    from detente.cases.tables import Flow
    from detente.world import World


class Case(CaseData):
    """Parties, the measures that they control, and the numbers behind both.

    Read one with `detente.cases.load_case`; the same content always has the same `digest`.

    Example:
        >>> import detente
        >>> case = detente.load_case("belarus")
        >>> [measure.id for measure in case.regime("2021-12-31")]
        ['us-potash', 'us-finance', 'eu-potash-2021']
    """

    def __repr__(self) -> str:
        """Title, day, and how much of each kind the file has, in a few lines."""
        kinds = {
            "parties": self.parties,
            "measures": self.measures,
            "parameters": self.parameters,
            "commodities": self.commodities,
            "interests": self.interests,
            "events": self.events,
            "claims": self.claims,
        }
        counts = "; ".join(f"{kind}: {len(found)}" for kind, found in kinds.items() if found)
        lines = (
            f"{self.name}: {self.title}",
            f"{self.date}, {self.horizon} run, base year {self.world or 'none'}",
            counts or "empty",
            f"In force: {', '.join(m.id for m in self.regime()) or 'nothing'}",
        )
        return short("Case", lines)

    __str__ = __repr__

    def parameter_label(self, name: str) -> str:
        """What readers call a parameter inside a sentence: its label, or else its key in words.

        Args:
            name: its key, or that of a parameter of the horizon, such as `horizon.span`.

        Returns:
            str: such as 'room in Russian Baltic ports'.
        """
        given = self.parameters.get(name)
        return given.label if given is not None and given.label else label_of(name)

    def in_scenario(self, scenario: NamedScenario | str) -> Self:
        """The case as a named scenario has it: date, measures in force, parameters.

        Args:
            scenario: one of the file's by its label, or any other.

        Returns:
            Case: with the date, the periods and the values of the scenario.

        Raises:
            CaseError: for an unknown label, an unknown measure or parameter, or impossible values.
        """
        if isinstance(scenario, str):
            found = {s.label: s for s in self.scenarios}
            if scenario not in found:
                raise self.unknown("scenario", scenario, found)
            scenario = found[scenario]
        return applied(self, scenario)

    def switched(
        self,
        lift: Iterable[str] = (),
        impose: Iterable[str] = (),
        date: dt.date | str | None = None,
    ) -> Self:
        """The case with some measures lifted and others imposed, as `brief --lift --impose` has it.

        Args:
            lift: ids of measures that are not to be in force on the day.
            impose: ids of measures that are to be in force on the day.
            date: the day; the case's own if None.

        Returns:
            Case: on that day, with these measures switched; itself where nothing is asked.

        Raises:
            CaseError: for an unknown measure, or one that is to be lifted and imposed.

        Example:
            >>> import detente
            >>> case = detente.load_case("belarus").switched(lift=["us-potash"])
            >>> "us-potash" in [measure.id for measure in case.regime()]
            False
        """
        return switched(self, lift, impose, date)

    def with_parameters(self, values: Mapping[str, float]) -> Self:
        """The same case with other values of some parameters; sources and ranges stay.

        A value outside its range is accepted: the range says what is likely, not what may be asked.
        What a parameter is on other days (`by_date`) moves in proportion, a leakage to 1 at most.
        The ranges of valuations, patience and channels, which `uncertainties` lists, go by their
        dotted names.

        Args:
            values: new values by name of the parameter, in its unit.

        Returns:
            Case: with these values, and a digest of its own.

        Raises:
            CaseError: for an unknown name, a value that is not a finite number, or values that
                cannot stand together (shares above 1, a leakage of 1.2).
        """
        return with_values(self, values)

    def with_flows(self, commodity: str, table: str) -> Self:
        """The same case with other flows of a commodity; overrides of the file still apply.

        Args:
            commodity: its name.
            table: a bundled table, or a csv beside the case file.

        Returns:
            Case: with the flows of that table.

        Raises:
            CaseError: if there is no such commodity or table, or a row of it cannot be used.
        """
        return with_flows(self, self.commodity(commodity), table)

    def flows(self, commodity: str) -> tuple[Flow, ...]:
        """Who sells how much of the commodity to whom, with the file's overrides applied.

        Args:
            commodity: its name.

        Returns:
            tuple: a `Flow` for each pair of exporter and importer that trade.
        """
        chosen = self.commodity(commodity)
        return overridden(self, chosen, self._flows.get(commodity, ()))

    def quantity_ni(self, commodity: str, countries: Sequence[str]) -> Array:
        """The commodity's flows as an array, in its unit: market by origin, (N, N).

        Args:
            commodity: its name.
            countries: ISO3 codes in the order of the axes, N.

        Returns:
            numpy.ndarray: quantities by market and origin, (N, N), in the commodity's unit.
        """
        place = {c: n for n, c in enumerate(countries)}
        out = np.zeros((len(countries), len(countries)))
        for flow in self.flows(commodity):
            out[place[flow.market], place[flow.origin]] += flow.quantity
        return out

    def route_terms(
        self, world: World, measures: Iterable[str] = (), day: dt.date | str | None = None
    ) -> tuple[RouteChoiceTerms, ...]:
        """What every route costs and earns under these measures on a day, in plain numbers.

        Args:
            world: the base year, for members of groups.
            measures: ids of the measures in force; none by default.
            day: whose values dated parameters have; the case's own if None.

        Returns:
            tuple: a `RouteChoiceTerms` for each commodity and exporter with routes.
        """
        return route_terms(self, world, measures, day)

    def negotiation_terms(self, day: dt.date | str | None = None) -> NegotiationTerms:
        """The negotiation in plain numbers: moves, parties, worth of interests, channels.

        Args:
            day: of the status quo; that of the negotiation if None.

        Returns:
            NegotiationTerms: moves, parties, worth of interests in USD million a year, and
            channels.

        Raises:
            CaseError: if the case has no `negotiation`.
        """
        return negotiation_terms(self, day)

    @property
    def uncertainties(self) -> tuple[Uncertainty, ...]:
        """The ranges that stand outside `parameters`: of valuations, patience and channels."""
        return uncertainties(self)

    def idle_negotiation(self) -> tuple[tuple[str, str], ...]:
        """Measures and interests that the negotiation never uses, each with the reason.

        Returns:
            tuple: the id of a measure or interest, and why it is never used.
        """
        return idle(self)


_METHODS = {"talks_terms": "negotiation_terms", "idle_talks": "idle_negotiation"}
keep_attributes(Case, RENAMED | _METHODS)
