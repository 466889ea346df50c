"""The cache of live answers: what was solved before, and what one answer may cost.

`WarmModel` starts the next scenario from those solved before. `Budget` ends an answer when a later
one is wanted, or after so many evaluations. A search that finds no equilibrium would otherwise take
half a minute, and two of them the whole server.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from detente.analysis import Assessment
from detente.analysis.assessment import snapshot
from detente.analysis.idle_controls import names_in
from detente.cases import shock_of, world_of
from detente.errors import DetenteError
from detente.trade import solve_many
from detente.trade._linear_response import Response, response

if TYPE_CHECKING:
    from detente.analysis import Snapshot
    from detente.cases import Case
    from detente.trade import Equilibrium
    from detente.trade._solver import Watch
    from detente.world import World


class Superseded(DetenteError, RuntimeError):
    """A later request of the same client came in."""

    def __init__(self) -> None:
        super().__init__("A later change is being answered.", "Wait for its answer.")


class OverBudget(DetenteError, RuntimeError):
    """A state whose equilibrium takes longer than a live answer may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"No equilibrium of this state was found within {most} evaluations, the most that a "
            "live answer may take.",
            "Move the parameter that you changed last back towards the "
            "case's value, give an embargo a little leakage, or choose a longer horizon; "
            "`detente brief` on the case file searches as long as it takes.",
        )


class Budget:
    """Called before each evaluation of one answer.

    Args:
        most: evaluations that the answer may take.
        overtaken: whether nobody waits for it any more.
    """

    def __init__(self, most: int, overtaken: Callable[[], bool] = lambda: False) -> None:
        self.most = most
        self.overtaken = overtaken
        self.spent = 0

    def __call__(self) -> None:
        """Count an evaluation.

        Raises:
            Superseded: a later request came in.
            OverBudget: that was one too many.
        """
        if self.overtaken():
            raise Superseded
        self.spent += 1
        if self.spent > self.most:
            raise OverBudget(self.most)


T = TypeVar("T")

#: Equilibria kept to start from: some 5 MB each. Snapshots are small.
_EQUILIBRIA, _SNAPSHOTS, _WORLDS = 24, 512, 8


class _Recent(Generic[T]):
    """The values used last, by key; safe among threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[Any, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> T | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Any, value: T) -> T:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self.most:
                self._values.popitem(last=False)
        return value

    def items(self) -> list[tuple[Any, T]]:
        """The one used last first."""
        with self._lock:
            return list(reversed(self._values.items()))


@dataclass(frozen=True)
class _Point:
    """What an equilibrium depends on, within one case.

    Attributes:
        span: horizon and transfers.
        measures: those in force.
        day: of groups and of dated parameters.
        numbers: names and values of the parameters that bear on it.
    """

    span: tuple[str, str]
    measures: frozenset[str]
    day: dt.date
    numbers: frozenset[tuple[str, float]] = field(repr=False)


class WarmModel:
    """One case, ready to be answered in any scenario of it.

    Args:
        case: at its own values.
        tolerance: of every certificate.
    """

    def __init__(self, case: Case, tolerance: float = 1e-9) -> None:
        self.case = case
        self.tolerance = tolerance
        self._of_world = world_parameters(case)
        everywhere = names_in(case.route_choices) | set(self._of_world)
        self._of_measure = {m.id: names_in(m.sets) for m in case.measures}
        self._everywhere = everywhere & case.parameters.keys()
        self._worlds = _Recent["World"](_WORLDS)
        self._solved = _Recent["Equilibrium"](_EQUILIBRIA)
        self._seen = _Recent["Snapshot"](_SNAPSHOTS)
        self._responses: dict[tuple[str, str], Response] = {}
        self._lock = threading.Lock()

    def assessment(self, case: Case, watch: Watch | None = None) -> Assessment:
        """The regime of the case's date against the base, without the measures one by one.

        Args:
            case: this model's case in some scenario.
            watch: as in `detente.trade.solve`.

        Raises:
            ShockError: as in `assess`.
            NotConverged: as in `assess`.
        """
        world = self.world(case)
        in_force = [m.id for m in case.regime()]
        return Assessment(
            case=case,
            world=world,
            date=case.date,
            horizon=case.horizon,
            transfers=case.transfers,
            base=self.snapshot(case, (), watch),
            regime=self.snapshot(case, in_force, watch),
            effects=(),
            joint=(),
            groups={
                p.id: tuple(world.country(c) for c in case.members(p.id, world))
                for p in case.parties
            },
        )

    def world(self, case: Case) -> World:
        """The base year of a scenario, which only some parameters change."""
        key = tuple(case.parameters[name].value for name in self._of_world)
        return self._worlds.get(key) or self._worlds.put(key, world_of(case))

    def snapshot(self, case: Case, measures: Iterable[str], watch: Watch | None = None) -> Snapshot:
        """What a set of measures means in a scenario."""
        chosen = tuple(measures)
        point = self._point(case, chosen)
        found = self._seen.get(point)
        if found is None:
            equilibrium = self._equilibrium(case, point, watch)
            found = snapshot(
                case, chosen, equilibrium, case.route_terms(self.world(case), chosen, case.date)
            )
            self._seen.put(point, found)
        return found

    def prepare(self, case: Case, watch: Watch | None = None) -> None:
        """Compute, once a horizon, what makes every later answer quick; takes about a second."""
        span = case.horizon, case.transfers
        with self._lock:
            if span not in self._responses:
                base = self._equilibrium(case, self._point(case, ()), watch)
                self._responses[span] = response(base.solution)

    def _equilibrium(self, case: Case, point: _Point, watch: Watch | None = None) -> Equilibrium:
        found = self._solved.get(point)
        if found is not None:
            return found
        world = self.world(case)
        chosen = [m for m in case.trade_measures if m.id in point.measures]
        near = self._near(point)
        (solved,) = solve_many(
            world,
            [shock_of(case, chosen, world, case.date)],
            case.horizon,
            case.transfers,
            self.tolerance,
            start=None if near is None else [near],
            response=self._responses.get(point.span) if near is not None else None,
            watch=watch,
        )
        return self._solved.put(point, solved)

    def _near(self, point: _Point) -> Equilibrium | None:
        """The equilibrium that differs least: in measures first, then in parameters."""
        best: tuple[tuple[int, int], Equilibrium] | None = None
        for other, solved in self._solved.items():
            if other.span != point.span:
                continue
            apart = len(other.measures ^ point.measures), len(other.numbers ^ point.numbers)
            if best is None or apart < best[0]:
                best = apart, solved
        return None if best is None else best[1]

    def _point(self, case: Case, measures: Iterable[str]) -> _Point:
        chosen = frozenset(measures)
        names = self._everywhere.union(*(self._of_measure[m] for m in chosen))
        numbers = {(n, p.on(case.date)) for n, p in case.parameters.items() if n in names}
        return _Point((case.horizon, case.transfers), chosen, case.date, frozenset(numbers))


def world_parameters(case: Case) -> tuple[str, ...]:
    """Names of the parameters that the base year depends on."""
    parts = [*case.commodities, *case.elasticities]
    return tuple(sorted(names_in(parts) & case.parameters.keys()))
