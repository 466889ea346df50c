"""Packaged sanctions by design: menus of what to hold and lift, the coalition, and curves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.analysis.background import run_in_background
from detente.analysis.coalitions import Member
from detente.analysis.extent import DATE_ONLY
from detente.analysis.precomputed.store import key_of, store, stored
from detente.analysis.sanctions import (
    FEW_WEIGHTS,
    Curve,
    CurvePoint,
    Joint,
    Sanctions,
    sanctions_of,
)
from detente.analysis.sensitivities import Entry
from detente.analysis.sides import sides_of

if TYPE_CHECKING:
    from detente.analysis.answer_data import AnswerData
    from detente.analysis.scenarios import Scenarios


#: Digits that are kept of a number.
_DIGITS = 7


def sanctions_beside(answer: AnswerData, *, curve: bool) -> Callable[[], Sanctions] | None:
    """The sanctions of an answer: those kept, or else begun in a process of their own.

    Args:
        answer: with the scenarios that it was solved with.
        curve: whether to work out a curve that is not kept, which takes half a minute or more.

    Returns:
        To be called once for the result; None where nobody is hit by another.
    """
    scenarios, sides = answer.scenarios, sides_of(answer.assessment)
    if scenarios is None or sides is None:
        return None
    found = packaged_sanctions(scenarios)
    if found is not None:
        return lambda: found
    return run_in_background(
        partial(sanctions_of, scenarios, sides, curve=FEW_WEIGHTS if curve else ())
    )


def packaged_sanctions(scenarios: Scenarios) -> Sanctions | None:
    """What is packaged for exactly this question; None where there is nothing.

    It is made by `data-build/sanctions.py`, from the same case, base year, horizon and settings.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
    """
    found = stored(_sanctions_name(scenarios), lambda: key_of(scenarios, DATE_ONLY))
    return None if found is None else _sanctions_from(found)


def write_sanctions(scenarios: Scenarios, found: Sanctions, folder: Path) -> Path:
    """Store sanctions for `packaged_sanctions`.

    Args:
        scenarios: whose they are.
        found: with a curve for every sender.
        folder: where to write.
    """
    return store(
        folder, _sanctions_name(scenarios), key_of(scenarios, DATE_ONLY), _to_plain(asdict(found))
    )


def _sanctions_name(scenarios: Scenarios) -> str:
    return f"{scenarios.case.name}-sanctions"


def _to_plain(value: Any) -> Any:
    """Numbers cut to a few digits; those that are not finite as texts."""
    if isinstance(value, dict):
        return {k: _to_plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else f"#{value}"
    return value


def _from_plain(value: Any) -> Any:
    """The opposite of `_to_plain`, with tuples for lists."""
    if isinstance(value, dict):
        return {k: _from_plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return tuple(map(_from_plain, value))
    return float(value[1:]) if isinstance(value, str) and value.startswith("#") else value


def _sanctions_from(found: dict[str, Any]) -> Sanctions:
    plain = _from_plain({k: v for k, v in found.items() if k != "key"})
    joint = plain["joint"]
    return Sanctions(
        menus={k: tuple(Entry(**e) for e in some) for k, some in plain["menus"].items()},
        joint=None
        if joint is None
        else Joint(**joint | {"members": tuple(Member(**m) for m in joint["members"])}),
        curves=tuple(
            Curve(**c | {"points": tuple(CurvePoint(**p) for p in c["points"])})
            for c in plain["curves"]
        ),
        lacking=plain["lacking"],
        draws=plain["draws"],
    )
