"""What an observed move says about its mover, whatever the valuations of the case say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.study.talking.bargaining import GRAIN, Bargaining
from detente.study.talking.checking import SMALL, Judged, Observed, at_renewal
from detente.study.talking.money import Array
from detente.study.talking.wording import bracketed
from detente.talks import Unanimity, blocking
from detente.talks.words import figure, listed

if TYPE_CHECKING:
    from detente.talks import Rule

#: Share of the draws between the ends of a band.
LEVEL = 0.9
_NAMED = 5


def band_of(drawn: Array | None) -> tuple[float, float] | None:
    """The central band of some draws; None without any."""
    if drawn is None or not len(drawn):
        return None
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def bound_of(setting: Bargaining, seen: Observed, judged: Judged, drawn_dh: Array | None) -> str:
    """What would have to be true for the move to be rational, in words.

    Args:
        setting: the case.
        seen: the move.
        judged: with what others changed in the same days, if they did.
        drawn_dh: money that the move brings each holder, by draw, (D, H); None without draws.
    """
    if seen.rules and at_renewal(setting, seen.event):
        return _of_renewal(seen, judged.money_h, drawn_dh)
    what = "Keeping" if seen.event.move == "keep" else "The move"
    what = "The exchange" if seen.together is not None else what
    money = float(judged.money_h.sum())
    if abs(money) < GRAIN:
        return f"{what} brings and costs nothing in money."
    verb, limit = ("brings", "at most") if money > 0 else ("costs", "at least")
    side = "is given up by it" if money > 0 else "is kept or won by it"
    sign = 1 if money > 0 else -1
    ends = band_of(None if drawn_dh is None else sign * drawn_dh.sum(axis=1))
    text = (
        f"{what} {verb} {figure(abs(money))}{bracketed(ends)} million USD a year in money: "
        f"rational if what else {side} is worth {limit} that"
    )
    counted = _counted(setting, seen)
    if counted is not None:
        unit, count = counted
        each = None if ends is None else tuple(x / count for x in ends)
        text += f", {figure(abs(money) / count)}{bracketed(each)} million a {unit}"
    return f"{text}."


def _counted(setting: Bargaining, seen: Observed) -> tuple[str, float] | None:
    """What the mover's own measures are counted in, and how much of it: 123 persons, say.

    Only whole numbers above one are a count, and only one such interest can be put a price on.
    """
    found = [
        (setting.case.interests[k].unit, abs(float(x)))
        for k, x in enumerate(seen.alone.effect_k)
        if abs(x) > 1 and float(x).is_integer()
    ]
    return found[0] if len(found) == 1 else None


def _of_renewal(seen: Observed, money_h: Array, drawn_dh: Array | None) -> str:
    """What the members whom the renewal costs money must value, by the rule that has to carry."""
    bands = [band_of(None if drawn_dh is None else -drawn_dh[:, h]) for h in range(len(money_h))]
    losing = sorted(
        (float(m), h, bands[k])
        for k, (h, m) in enumerate(zip(seen.holders, money_h, strict=True))
        if m < 0
    )
    if not losing:
        return "In money, the measures cost no member anything."
    named = [f"{h} at {figure(-m)}{bracketed(b)}" for m, h, b in losing[:_NAMED]]
    if len(losing) > _NAMED:
        named.append(f"{len(losing) - _NAMED} others at less")
    costs = f"{listed(named)}, million USD a year"
    if all(isinstance(rule, Unanimity) for rule in seen.rules):
        return (
            "By unanimity it is rational only if each member that the measures cost money values "
            f"keeping them at no less than that: {costs}."
        )
    return _by_majority(seen, money_h, costs)


def _by_majority(seen: Observed, money_h: Array, costs: str) -> str:
    failing: list[Rule] = []
    for rule in seen.rules:
        order = [seen.holders.index(m) for m in rule.members]
        if not blocking(rule, money_h[order], tolerance=SMALL).passes:
            failing.append(rule)
    if not failing:
        return (
            f"The measures cost some members money ({costs}), but by {seen.rules[0].name} these "
            "are too few to prevent the renewal: money alone explains it."
        )
    return (
        f"By {failing[0].name} it is rational only if enough of the members that the measures cost "
        f"money value keeping them at no less than that: {costs}."
    )
