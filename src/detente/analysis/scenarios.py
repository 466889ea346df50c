"""Sets of measures of one case solved on one base year, each once, many at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from detente._types import Transfers
from detente.analysis.assessment import snapshot
from detente.cases import CaseError, Fault
from detente.cases.resolve import Shocks, world_of
from detente.trade import horizon_named, solve, solve_many

if TYPE_CHECKING:
    from detente.analysis.assessment import Snapshot
    from detente.cases import Case
    from detente.trade import Equilibrium, Horizon, Shock
    from detente.trade._linear_response import Response
    from detente.world import World


Key = frozenset[str]


class NoTrade(CaseError):
    """A question about trade that a case cannot be asked, as none of its measures touches it."""

    def __init__(self, case: str) -> None:
        message = "no measure of the case touches trade, so that there is no regime to solve."
        remedy = f"`detente stable {case}` answers what it can be asked."
        super().__init__([Fault(0, "measures", message, remedy)], case)

    def __str__(self) -> str:
        (fault,) = self.faults
        return f"{self.name}: {fault.message} {fault.remedy}"


class Scenarios:
    """Solves sets of measures of one case on one base year, each set once.

    Args:
        case: the case.
        date: whose group members are meant.
        horizon: `short`, `medium` or `long`; the case's if None.
        transfers: `fixed`, `proportional` or `zero`; the case's if None.
        tolerance: of the certificate.
        world: the base year, if it was built before; it depends on neither date nor horizon.
        spans: horizons with other numbers than those on file, by name.
        guide: scenarios of neighbouring parameters, whose solutions are started from.

    Raises:
        NoTrade: if no measure of the case touches trade.
    """

    def __init__(
        self,
        case: Case,
        *,
        date: dt.date | None = None,
        horizon: str | None = None,
        transfers: Transfers | None = None,
        tolerance: float = 1e-9,
        world: World | None = None,
        spans: Mapping[str, Horizon] | None = None,
        guide: Scenarios | None = None,
    ) -> None:
        if not case.has_trade:
            raise NoTrade(case.name)
        self.case = case
        self.date = date or case.date
        self.horizon = horizon or case.horizon
        self.transfers: Transfers = transfers or case.transfers
        self.tolerance = tolerance
        self.world: World = world_of(case) if world is None else world
        self.spans = spans or {}
        self.guide = guide
        self._solved: dict[Key, Equilibrium] = {}
        self._response: Response | None = None
        self._seen: dict[Key, Snapshot] = {}
        self._shocks = Shocks(case, self.world, self.date)
        self._days = [self]
        self._horizons = {self.horizon: self}

    def __getstate__(self) -> dict[str, Any]:
        """Itself without what it solved, which another process solves again where it needs it."""
        empty: dict[str, Any] = {"_solved": {}, "_seen": {}, "_response": None}
        return self.__dict__ | empty | {"_days": [self], "_horizons": {self.horizon: self}}

    @property
    def span(self) -> Horizon:
        """How far the economy adjusts, in numbers."""
        return self.spans.get(self.horizon) or horizon_named(self.horizon)

    def on(self, date: dt.date) -> Scenarios:
        """The scenarios on another day: other members of groups, other values of dated parameters.

        Days on which neither differs are one: what is returned may bear the date of another.
        """
        for known in self._days:
            if known.date == date or _same_terms(self.case, known.date, date):
                return known
        other = self._other(date=date, guide=self.guide and self.guide.on(date))
        self._days.append(other)
        other._days = self._days
        return other

    def at(self, horizon: str) -> Scenarios:
        """The scenarios at another horizon."""
        if horizon not in self._horizons:
            other = self._other(horizon=horizon, guide=self.guide and self.guide.at(horizon))
            self._horizons[horizon] = other
            other._horizons = self._horizons
        return self._horizons[horizon]

    def _other(self, **changed: Any) -> Scenarios:
        kept = {
            name: getattr(self, name)
            for name in ("date", "horizon", "transfers", "tolerance", "world", "spans")
        }
        return Scenarios(self.case, **(kept | changed))

    def equilibrium(self, measures: Iterable[str]) -> Equilibrium:
        """The equilibrium with exactly these measures in force.

        Raises:
            InfeasibleShock: they leave a country without a supplier.
            NotConverged: the solver did not reach the tolerance.
        """
        key = frozenset(self.case.measure(m).id for m in measures)
        if key not in self._solved:
            near = min(self._solved, key=lambda k: len(k ^ key), default=None)
            if near is not None and len(near ^ key) > len(key):
                # The base year itself, where the solver starts by default, is nearer.
                near = None
            self._solved[key] = solve(
                self.world,
                self._shock(key),
                self.span,
                self.transfers,
                self.tolerance,
                start=None if near is None else self._solved[near],
            )
        return self._solved[key]

    def solve_together(self, sets: Iterable[Iterable[str]]) -> None:
        """Solve several sets of measures at once, which is quicker than one by one."""
        solve_days([(self, sets)])

    def response(self) -> Response:
        """How the economy answers near its base year; see `trade._linear_response`.

        The derivative at the base year serves all regimes: that at a regime is steep where routes
        are crowded, and misleads where a draw has other capacities.
        """
        if self._response is None:
            from detente.trade._linear_response import response

            self._response = response(self.equilibrium(()).solution)
        return self._response

    def prepare(self) -> None:
        """Work out the responses at this and every other horizon that was asked about."""
        for there in self._horizons.values():
            there._days[0].response()

    def _shock(self, key: Key) -> Shock:
        return self._shocks.of(key)

    def snapshot(self, measures: Iterable[str]) -> Snapshot:
        """What that equilibrium means, by country and commodity."""
        wanted = frozenset(measures)
        if wanted not in self._seen:
            ordered = [m.id for m in self.case.trade_measures if m.id in wanted]
            self._seen[wanted] = snapshot(
                self.case, ordered, self.equilibrium(wanted), self._shocks.terms(wanted)
            )
        return self._seen[wanted]

    def beside(
        self, sets: Iterable[Iterable[str]], more: Shock, near: Sequence[Equilibrium] | None = None
    ) -> list[tuple[Equilibrium, Snapshot]]:
        """What sets of measures come to when something that is none of them happens as well.

        Args:
            sets: ids of measures in force.
            more: what happens besides.
            near: solutions of the guide to start from, one a set; those of the measures alone
                if None.

        Raises:
            InfeasibleShock: together they leave a country without a supplier.
            NotConverged: the solver did not reach the tolerance.
        """
        keys = [frozenset(measures) for measures in sets]
        guide = self._days[0].guide
        found = solve_many(
            self.world,
            [self._shock(key) + more for key in keys],
            self.span,
            self.transfers,
            self.tolerance,
            start=[self.equilibrium(key) for key in keys] if near is None else near,
            response=None if near is None or guide is None else guide.response(),
        )
        ordered = [[m.id for m in self.case.trade_measures if m.id in key] for key in keys]
        return [
            (one, snapshot(self.case, names, one, self._shocks.terms(key)))
            for key, names, one in zip(keys, ordered, found, strict=True)
        ]


#: Scenarios, and sets of measures that they need solved.
Wanted: TypeAlias = "tuple[Scenarios, Iterable[Iterable[str]]]"


def solve_days(wanted: Iterable[Wanted]) -> None:
    """Solve sets of measures on several days of one family of scenarios, all at once.

    Args:
        wanted: scenarios that come from each other by `on`, each with its sets of measures.

    Raises:
        InfeasibleShock: one of them leaves a country without a supplier.
        NotConverged: the solver did not reach the tolerance for one of them.
    """
    left: dict[tuple[int, Key], Scenarios] = {}
    for there, sets in wanted:
        for measures in sets:
            key = frozenset(there.case.measure(m).id for m in measures)
            if key not in there._solved:
                left.setdefault((id(there), key), there)
    if not left:
        return
    some = next(iter(left.values()))
    start, response = None, None
    if some.guide is not None:
        pairs = [(there.guide, key) for (_, key), there in left.items() if there.guide is not None]
        solve_days([(guide, [key]) for guide, key in pairs])
        start = [guide.equilibrium(key) for guide, key in pairs]
        response = some._days[0].guide.response() if some._days[0].guide else None
    found = solve_many(
        some.world,
        [there._shock(key) for (_, key), there in left.items()],
        some.span,
        some.transfers,
        some.tolerance,
        start=start,
        response=response,
    )
    for ((_, key), there), one in zip(left.items(), found, strict=True):
        there._solved[key] = one


def solve_horizons(wanted: Iterable[Wanted]) -> None:
    """Solve sets of measures on several days and at several horizons, each horizon's at once.

    Args:
        wanted: as for `solve_days`, of scenarios that come from each other by `on` and `at`.
    """
    by: dict[str, list[Wanted]] = {}
    for there, sets in wanted:
        by.setdefault(there.horizon, []).append((there, sets))
    for some in by.values():
        solve_days(some)


def _same_terms(case: Case, one: dt.date, other: dt.date) -> bool:
    """Whether every dated parameter and every group of countries means the same on two days."""
    from detente.world import available_groups, members

    return all(p.on(one) == p.on(other) for p in case.parameters.values()) and all(
        members(group, one) == members(group, other) for group in available_groups()
    )
