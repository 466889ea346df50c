"""Both ends of every range of a case: which of them no economy could have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from detente.analysis.uncertainty.failures import impossible
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
    found = [*_each(case, progress), *_together(case)]
    if not found:
        return ()
    if case.path is None:
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
