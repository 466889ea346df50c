"""The verdict on each observed move, and what would have to be true for it to be rational."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.study.talking.bargaining import GRAIN, Bargaining
from detente.study.talking.checking import SMALL, Judged, Observed, at_renewal, judge, worth_of
from detente.study.talking.events import MoveCheck
from detente.study.talking.money import Array
from detente.talks import blocking
from detente.talks.words import figure, is_plural, listed

if TYPE_CHECKING:
    from detente.case import ObservedMove


def checked(
    setting: Bargaining, seen: Observed, value_an: Array, shares: tuple[float, float] | None
) -> MoveCheck:
    """The verdict on one move at central values.

    Args:
        setting: the case.
        seen: the move.
        value_an: as in `judge`.
        shares: of the draws in which it is rational in either way, and alone.
    """
    event = seen.event
    worth = worth_of(setting, seen, seen.terms)
    alone = judge(setting, seen, seen.alone, value_an, worth)
    joint = alone
    if seen.together is not None:
        joint = judge(setting, seen, seen.together, value_an, worth)
    opposed: tuple[tuple[str, float], ...] = ()
    opposed_money: tuple[float, ...] = ()
    if seen.rules and (at_renewal(setting, event) or event.move != "keep"):
        order = [seen.holders.index(m) for m in seen.rules[0].members]
        vote = blocking(seen.rules[0], alone.gain_h[order], tolerance=SMALL)
        by_name = dict(zip(seen.holders, alone.gain_h.tolist(), strict=True))
        opposed = tuple((m, by_name[m]) for m in vote.alone)
        opposed_money = tuple(float(alone.money_h[seen.holders.index(m)]) for m in vote.alone)
    return MoveCheck(
        event.date,
        event.party,
        event.move,
        event.measures,
        words_of(setting, event),
        float(alone.gain_h.sum()),
        float(alone.money_h.sum()),
        seen.others,
        float(joint.gain_h.sum()),
        float(joint.money_h.sum()),
        alone.carried,
        joint.carried or alone.carried,
        opposed,
        opposed_money,
        None if shares is None else shares[0],
        None if shares is None else shares[1],
        bound_of(setting, seen, alone, joint),
    )


def words_of(setting: Bargaining, event: ObservedMove) -> str:
    """What the move changed, or did not change."""
    labels = [setting.case.measure(m).label for m in event.measures]
    one = {"adopt": "comes into force", "lift": "ends", "keep": "is kept"}[event.move]
    many = {"adopt": "come into force", "lift": "end", "keep": "are kept"}[event.move]
    return f"{listed(labels)} {many if len(labels) > 1 or is_plural(labels[0]) else one}"


def bound_of(setting: Bargaining, seen: Observed, alone: Judged, joint: Judged) -> str:
    """What would have to be true for the move to be rational, whatever the valuations say."""
    if seen.rules and at_renewal(setting, seen.event):
        losing = [(h, float(m)) for h, m in zip(seen.holders, alone.money_h, strict=True) if m < 0]
        if not losing:
            return "In money, the measures cost no member anything."
        losing.sort(key=lambda pair: pair[1])
        named = [f"{h} at {figure(-m)}" for h, m in losing[:5]]
        more = f" and {len(losing) - 5} others at less" if len(losing) > 5 else ""
        return (
            f"By unanimity it is rational for all only if each member that the measures cost money "
            f"values keeping them at no less than that: {', '.join(named)}{more} "
            "million USD a year."
        )
    together = seen.together is not None
    money = float((joint if together else alone).money_h.sum())
    effect = (seen.together or seen.alone).effect_k
    what = "The exchange" if together else "Keeping" if seen.event.move == "keep" else "The move"
    verb = "brings" if money >= 0 else "costs"
    limit = "at most" if money >= 0 else "at least"
    side = "is given up by it" if money >= 0 else "is kept or won by it"
    text = f"{what} {verb} {figure(abs(money))} million USD a year in money"
    if abs(money) < GRAIN:
        return f"{what} brings and costs nothing in money."
    text += f": rational if what else {side} is worth {limit} that"
    units = [
        (setting.case.interests[k], abs(float(x)))
        for k, x in enumerate(effect)
        if abs(x) > 1 and setting.case.interests[k].unit == "person"
    ]
    if units:
        interest, count = units[0]
        text += f", {figure(abs(money) / count)} million a {interest.unit}"
    return f"{text}."
