"""Draws that have no answer: which, with what values, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from detente.analysis.uncertainty.ranges import Uncertain, of_time

if TYPE_CHECKING:
    from detente.cases import Case


#: Bands are refused where a larger share of the draws failed: they would be bands of the rest.
MOST_FAILED = 0.05
#: Failures whose parameters are named, of each kind.
_NAMED = 2

Kind = Literal["impossible", "without equilibrium", "not converged"]
_KINDS: tuple[Kind, ...] = ("impossible", "without equilibrium", "not converged")


@dataclass(frozen=True)
class Failure:
    """One draw that contributes nothing.

    Attributes:
        draw: its place, from 0.
        kind: `impossible` where the values cannot be those of any economy, `without equilibrium`
            where a country loses its last supplier, `not converged` where the solver gave up.
        reason: what was said of it.
        values: the parameters that are behind it, with what was drawn: those without which it would
            not be impossible, or else those drawn farthest from their central values.
        enough: whether these, with all others at the centre, make it impossible.
    """

    draw: int
    kind: Kind
    reason: str
    values: Mapping[str, float] = field(default_factory=dict)
    enough: bool = False

    @property
    def sentence(self) -> str:
        """The failure in words, without a stop at the end."""
        drawn = ", ".join(f"{name} = {value:.4g}" for name, value in self.values.items())
        whose = "" if self.enough or not drawn else "farthest from the centre: "
        return f"draw {self.draw + 1} ({whose}{drawn}): {self.reason.rstrip('. ')}"


def failure_of(draw: int, error: Exception) -> Failure:
    """What an error makes of a draw; one that is no fault of the draw is raised again."""
    from detente.cases import CaseError
    from detente.trade import InfeasibleShock, NotConverged, ShockError
    from detente.world import WorldError

    if isinstance(error, CaseError):
        stated = "; ".join(f"{f.key}: {f.message}" if f.key else f.message for f in error.faults)
        return Failure(draw, "impossible", stated)
    if isinstance(error, WorldError):
        return Failure(draw, "impossible", "; ".join(error.faults))
    if isinstance(error, InfeasibleShock):
        return Failure(draw, "without equilibrium", _first_line(error))
    if isinstance(error, ShockError):
        return Failure(draw, "impossible", _first_line(error))
    if isinstance(error, NotConverged):
        return Failure(draw, "not converged", _first_line(error))
    raise error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def with_values(
    failures: Sequence[Failure],
    case: Case,
    uncertain: Sequence[Uncertain],
    drawn: Mapping[int, list[float]],
) -> tuple[Failure, ...]:
    """The failures with the parameters behind the first of each kind named.

    Args:
        failures: in the order of the draws.
        case: at central values.
        uncertain: what was drawn.
        drawn: the values of the failed draws, in the order of `uncertain`.
    """
    out = []
    named = dict.fromkeys(_KINDS, 0)
    for one in failures:
        if named[one.kind] < _NAMED and one.draw in drawn:
            named[one.kind] += 1
            out.append(_named(one, case, uncertain, drawn[one.draw]))
        else:
            out.append(one)
    return tuple(out)


def _named(
    one: Failure, case: Case, uncertain: Sequence[Uncertain], values: Sequence[float]
) -> Failure:
    pairs = sorted(zip(uncertain, values, strict=True), key=lambda pair: -_distance(*pair))
    own = {u.name: v for u, v in pairs if not of_time(u) and u.name in case.parameters}
    if one.kind == "impossible" and impossible(case, own):
        for name in reversed(tuple(own)):
            fewer = {k: v for k, v in own.items() if k != name}
            own = fewer if impossible(case, fewer) else own
        return replace(one, values=own, enough=True)
    return replace(one, values={u.name: value for u, value in pairs[:2]})


def _distance(u: Uncertain, value: float) -> float:
    """How far a value lies from the central one, as a share of the way to that end of the range."""
    side = u.high - u.value if value > u.value else u.value - u.low
    return abs(value - u.value) / side if side > 0 else 0.0


def impossible(case: Case, values: Mapping[str, float]) -> str:
    """Why a case cannot have these values of its parameters; empty if it can.

    Its numbers, its base year and what its measures set are tried; no equilibrium is solved.
    """
    from detente.cases import CaseError
    from detente.cases.resolve import Shocks, world_of
    from detente.trade import ShockError
    from detente.world import WorldError

    try:
        other = case.with_parameters(values)
        if other.has_trade:
            world = world_of(other)
            Shocks(other, world, other.date).of(m.id for m in other.trade_measures)
    except (CaseError, WorldError, ShockError) as error:
        return failure_of(0, error).reason
    return ""


def why_failed(failures: Sequence[Failure]) -> str:
    """How many draws failed for which reason, with an example of each."""
    parts = []
    for kind in _KINDS:
        some = [f for f in failures if f.kind == kind]
        if some:
            example = next((f for f in some if f.values), some[0])
            first = "" if len(some) == 1 else "for example "
            parts.append(f"{len(some)} {kind} ({first}{example.sentence})")
    return "; ".join(parts)
