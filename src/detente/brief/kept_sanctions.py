"""Sanctions by design of packaged cases, worked out before: their curves take minutes."""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.brief.kept import key_of
from detente.brief.stored import store, stored
from detente.study.answering import DATE_ONLY
from detente.study.aside import aside
from detente.study.coalitions import Member
from detente.study.sanctioning import FEW_WEIGHTS, Curve, CurvePoint, Joint, Sanctions, sanctions_of
from detente.study.sensitivities import Entry
from detente.study.targeting import sides_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from detente.study.answering import Answer
    from detente.study.scenarios import Scenarios

#: Digits that are kept of a number.
_DIGITS = 7


def sanctions_beside(answer: Answer, *, curve: bool) -> Callable[[], Sanctions] | None:
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
    kept = kept_sanctions(scenarios)
    if kept is not None:
        return lambda: kept
    return aside(partial(sanctions_of, scenarios, sides, curve=FEW_WEIGHTS if curve else ()))


def kept_sanctions(scenarios: Scenarios) -> Sanctions | None:
    """What is packaged for exactly this question; None where there is nothing.

    It is made by `data-build/sanctions.py`, from the same case, base year, horizon and settings.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
    """
    found = stored(_name(scenarios), lambda: key_of(scenarios, DATE_ONLY))
    return None if found is None else _read(found)


def write_sanctions(scenarios: Scenarios, found: Sanctions, folder: Path) -> Path:
    """Store sanctions for `kept_sanctions`.

    Args:
        scenarios: whose they are.
        found: with a curve for every sender.
        folder: where to write.
    """
    return store(folder, _name(scenarios), key_of(scenarios, DATE_ONLY), _plain(asdict(found)))


def _name(scenarios: Scenarios) -> str:
    return f"{scenarios.case.name}-sanctions"


def _plain(value: Any) -> Any:
    """Numbers cut to a few digits; those that are not finite as texts."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else f"#{value}"
    return value


def _back(value: Any) -> Any:
    """The opposite of `_plain`, with tuples for lists."""
    if isinstance(value, dict):
        return {k: _back(v) for k, v in value.items()}
    if isinstance(value, list):
        return tuple(map(_back, value))
    return float(value[1:]) if isinstance(value, str) and value.startswith("#") else value


def _read(found: dict[str, Any]) -> Sanctions:
    plain = _back({k: v for k, v in found.items() if k != "key"})
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
