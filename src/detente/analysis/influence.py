"""What each control of a state moves most: which side, and by how much money a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from detente.analysis.measure_effects import NOISE
from detente.cases import CaseError
from detente.trade import NotConverged, ShockError

if TYPE_CHECKING:
    from detente._types import Array
    from detente.cases import Case
    from detente.world import World

#: Gains of every country in a state with some measures in force, USD million a year.
Gains: TypeAlias = "Callable[[Case, Sequence[str]], Array]"


@dataclass(frozen=True)
class Influence:
    """The side that a control moves most.

    Attributes:
        names: of the control: a measure, two that hold the same, or a parameter.
        side: id of whom it moves.
        label: whom, for readers.
        change: what they gain by it, USD million a year; below 0 if they lose.
    """

    names: tuple[str, ...]
    side: str
    label: str
    change: float


@dataclass(frozen=True)
class Watched:
    """A side whose gains are looked at.

    Attributes:
        id: of the side.
        label: for readers.
        members: places of its countries on the country axis.
    """

    id: str
    label: str
    members: tuple[int, ...]


def watched(sides: Iterable[tuple[str, str, Iterable[str]]], world: World) -> list[Watched]:
    """Sides by id, name and codes of their countries."""
    return [Watched(i, label, tuple(map(world.country, codes))) for i, label, codes in sides]


def influence_of_measures(
    case: Case, sides: Sequence[Watched], gains: Gains, idle: Iterable[str]
) -> list[Influence]:
    """What switching each measure moves most, the strongest first.

    Args:
        case: in the state that is looked at.
        sides: whose gains count; none of them may be empty.
        gains: solves a state.
        idle: measures that move nothing, which are left out.

    Returns:
        list[Influence]: of the measures that move a side by more than the noise of the model. A
        switch that no prices can meet is left out.
    """
    on = [m.id for m in case.regime()]
    left = set(idle)
    sets = [((m.id,), [case], _switched(on, [m.id])) for m in case.trade_measures]
    return _ranked(case, on, sides, gains, [one for one in sets if one[0][0] not in left])


def influence_of_pairs(
    case: Case, sides: Sequence[Watched], gains: Gains, held: dict[str, tuple[str, ...]]
) -> list[Influence]:
    """What lifting two measures that hold the same moves most, the strongest first.

    Args:
        case: in the state that is looked at.
        sides: as in `influence_of_measures`.
        gains: solves a state.
        held: measures that move nothing alone, each with those that hold the same.
    """
    on = [m.id for m in case.regime()]
    pairs = {tuple(sorted((one, other))) for one, others in held.items() for other in others}
    place = {m.id: k for k, m in enumerate(case.measures)}
    ordered = [tuple(sorted(pair, key=place.__getitem__)) for pair in sorted(pairs)]
    sets = [(pair, [case], [m for m in on if m not in pair]) for pair in ordered]
    return _ranked(case, on, sides, gains, sets)


def influence_of_parameters(
    case: Case, sides: Sequence[Watched], gains: Gains, idle: Iterable[str]
) -> list[Influence]:
    """What the range of each parameter moves most: at that end of it which moves more.

    Args:
        case: in the state that is looked at.
        sides: as in `influence_of_measures`.
        gains: solves a state.
        idle: parameters that move nothing, which are left out.
    """
    on = [m.id for m in case.regime()]
    left = set(idle)
    sets = [
        ((name,), list(_ends(case, name, p.range)), on)
        for name, p in case.parameters.items()
        if name not in left and p.range is not None
    ]
    return _ranked(case, on, sides, gains, sets)


def _switched(on: Sequence[str], names: Iterable[str]) -> list[str]:
    switched = set(names)
    return [*(m for m in on if m not in switched), *sorted(switched - set(on))]


def _ends(case: Case, name: str, ends: tuple[float, float]) -> Iterator[Case]:
    for value in ends:
        try:
            yield case.with_parameters({name: value})
        except CaseError:
            # Shares that no longer sum to one: this end cannot stand with the other values.
            continue


def _ranked(
    case: Case,
    on: Sequence[str],
    sides: Sequence[Watched],
    gains: Gains,
    sets: Iterable[tuple[tuple[str, ...], Sequence[Case], Sequence[str]]],
) -> list[Influence]:
    found = []
    now = gains(case, on)
    for names, states, measures in sets:
        moved: list[tuple[float, Watched]] = []
        for state in states:
            try:
                change_n = gains(state, measures) - now
            except (ShockError, NotConverged):
                continue
            moved += [(float(change_n[list(side.members)].sum()), side) for side in sides]
        change, side = max(moved, key=lambda one: abs(one[0]), default=(0.0, None))
        if side is not None and abs(change) > NOISE:
            found.append(Influence(names, side.id, side.label, change))
    return sorted(found, key=lambda one: -abs(one.change))
