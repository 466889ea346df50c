"""Both ends of every range of a case, and some draws: which of them no economy could have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from detente.analysis.uncertainty.failures import Failure, impossible, with_values
from detente.analysis.uncertainty.ranges import correlated, sample, uncertain_of
from detente.cases import Fault, read_files
from detente.cases.check_numbers import SUM_TOLERANCE
from detente.cases.errors import KeyPath, dotted
from detente.cases.fields import REST, NumberOrParameter

if TYPE_CHECKING:
    from detente.cases import Case


def end_faults(case: Case, progress: Callable[[int], None] | None = None) -> tuple[Fault, ...]:
    """Every range whose ends cannot be, each parameter alone and shares of one whole together.

    Each parameter is put to its lowest and highest value with all others at the centre; numbers,
    base year and what measures set are tried, no equilibrium is solved.

    Args:
        case: read without fault.
        progress: told how many parameters were tried.
    """
    return _located(case, [*_each(case, progress), *_together(case)])


#: Draws that a check tries, and the seed that makes them the same every time.
CHECKED_DRAWS, _SEED = 16, 0


def draw_faults(case: Case, draws: int = CHECKED_DRAWS) -> tuple[Fault, ...]:
    """Draws from inside the ranges that cannot be, each with the parameters behind it.

    Numbers, base year and what measures set are tried as in `end_faults`. Of each impossible draw
    the parameters are named without which it could be, and each set of them once.

    Args:
        case: read without fault, and without fault at the ends of its ranges.
        draws: how many are tried.
    """
    uncertain = [u for u in uncertain_of(case) if u.name in case.parameters]
    if not uncertain or not case.has_trade:
        return ()
    points = correlated(sample(len(uncertain), draws, _SEED), uncertain, case)
    found: dict[tuple[str, ...], tuple[KeyPath, str, str]] = {}
    for k, row in enumerate(points):
        at = [float(u.quantile(p)) for u, p in zip(uncertain, row, strict=True)]
        values = {u.name: value for u, value in zip(uncertain, at, strict=True)}
        reason = impossible(case, values)
        if not reason:
            continue
        failure = Failure(k, "impossible", reason)
        (named,) = with_values([failure], case, uncertain, {k: at})
        names = tuple(sorted(named.values))
        drawn = ", ".join(f"{name} {value:.4g}" for name, value in named.values.items())
        message = f"draw {k + 1} of {draws} is impossible: {drawn}: {reason}"
        found.setdefault(
            names, (("parameters", names[0], "range"), message, "Narrow one of the ranges.")
        )
    return _located(case, list(found.values()))


def _located(case: Case, found: list[tuple[KeyPath, str, str]]) -> tuple[Fault, ...]:
    if case.path is None or not found:
        faults = [Fault(0, dotted(path), what, do) for path, what, do in found]
    else:
        marked = read_files(case.path).marked
        faults = [marked.fault(*one) for one in found]
    return tuple(sorted(faults, key=lambda f: (f.file, f.line, f.key)))


def _each(case: Case, progress: Callable[[int], None] | None) -> Iterator[tuple[KeyPath, str, str]]:
    for k, (name, parameter) in enumerate(case.parameters.items()):
        for word, end in zip(("lowest", "highest"), parameter.range or (), strict=False):
            reason = "" if end == parameter.value else impossible(case, {name: end})
            if reason:
                yield (
                    ("parameters", name, "range"),
                    f"its {word} value {end:g} is impossible with all others at the centre: "
                    f"{reason}",
                    "Narrow the range, or change what uses it.",
                )
        if progress is not None:
            progress(k + 1)


def _together(case: Case) -> Iterator[tuple[KeyPath, str, str]]:
    """Shares of one whole that draws may carry past it, though no single range does."""
    for index, c in enumerate(case.commodities):
        path: KeyPath = ("commodities", index)
        factors = {k: getattr(c, k) for k in ("labour_share", "capital_share", "resource_share")}
        yield from _past_one(case, (*path, "resource_share"), factors, leave=True)
        yield from _past_one(case, (*path, "users"), c.users)
    for index, choice in enumerate(case.route_choices):
        shares = {f"{k} {route.id}": route.base_share for k, route in enumerate(choice.routes)}
        yield from _past_one(case, ("route_choices", index, "routes"), shares)


def _past_one(
    case: Case, path: KeyPath, shares: Mapping[str, NumberOrParameter], *, leave: bool = False
) -> Iterator[tuple[KeyPath, str, str]]:
    """Whether shares can sum to more than 1, or, where none is `rest`, to anything but 1."""
    given = [s for s in shares.values() if s != REST]
    ranged = [s for s in given if isinstance(s, str) and _ends(case, s)[0] < _ends(case, s)[1]]
    if not ranged:
        return
    low, high = (sum(_ends(case, s)[k] for s in given) for k in (0, 1))
    spans = ", ".join(f"{s} up to {_ends(case, s)[1]:g}" for s in dict.fromkeys(ranged))
    whole = leave or REST in shares.values()
    if whole and high > 1 + SUM_TOLERANCE and len(set(ranged)) > 1:
        yield (
            path,
            f"together the shares reach {high:.4g} where every range is at its highest ({spans}), "
            "more than 1: such draws are impossible.",
            "Narrow the ranges, so that their upper ends leave room for each other.",
        )
    elif not whole and high - low > SUM_TOLERANCE:
        yield (
            path,
            f"the shares must sum to 1, and draws of {', '.join(dict.fromkeys(ranged))} change "
            f"the sum from {low:.4g} to {high:.4g}.",
            f"Write {REST} for one of them.",
        )


def _ends(case: Case, given: NumberOrParameter) -> tuple[float, float]:
    if not isinstance(given, str):
        return float(given), float(given)
    parameter = case.parameters[given]
    return parameter.range or (parameter.value, parameter.value)
