"""The verdict on each observed move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.study.talking.bargaining import Bargaining
from detente.study.talking.checking import (
    SMALL,
    Observed,
    at_renewal,
    judge,
    money_drawn,
    worth_of,
)
from detente.study.talking.events import MoveCheck
from detente.study.talking.implied import band_of, bound_of
from detente.study.talking.money import Array
from detente.talks import blocking
from detente.talks.words import listed, quoted

if TYPE_CHECKING:
    from detente.case import ObservedMove


def checked(
    setting: Bargaining,
    seen: Observed,
    value_an: Array,
    shares: tuple[float, float] | None,
    drawn_dan: Array | None = None,
) -> MoveCheck:
    """The verdict on one move at central values.

    Args:
        setting: the case.
        seen: the move.
        value_an: as in `judge`.
        shares: of the draws in which it is rational in either way, and alone.
        drawn_dan: `value_an` by draw, for bands of money; None without draws.
    """
    event = seen.event
    worth = worth_of(setting, seen, seen.terms)
    alone = judge(setting, seen, seen.alone, value_an, worth)
    joint = alone
    if seen.together is not None:
        joint = judge(setting, seen, seen.together, value_an, worth)
    drawn_dh = money_drawn(setting, seen, seen.together or seen.alone, drawn_dan)
    band = band_of(None if drawn_dh is None else drawn_dh.sum(axis=1))
    opposed: tuple[tuple[str, float], ...] = ()
    opposed_money: tuple[float, ...] = ()
    if seen.rules and (at_renewal(setting, event) or event.move != "keep"):
        order = [seen.holders.index(m) for m in seen.rules[0].members]
        vote = blocking(seen.rules[0], alone.gain_h[order], tolerance=SMALL)
        by_name = dict(zip(seen.holders, alone.gain_h.tolist(), strict=True))
        opposed = tuple((m, by_name[m]) for m in vote.alone)
        opposed_money = tuple(float(alone.money_h[seen.holders.index(m)]) for m in vote.alone)
    in_view, leans_on = _in_view(setting, seen)
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
        bound_of(setting, seen, joint, drawn_dh),
        None if band is None else band[0],
        None if band is None else band[1],
        id=event.id or "",
        renewal=at_renewal(setting, event),
        in_view=in_view,
        leans_on=leans_on,
    )


def _in_view(setting: Bargaining, seen: Observed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Values that were set in view of a move; values of its mover set in view of others."""
    case, name = setting.case, seen.event.id or ""
    whose = {seen.event.party, *seen.holders}
    voices = {v.id: set(v.members) for v in seen.terms.parties}
    change = seen.alone if seen.together is None else seen.together
    touched = {k for k, x in zip(seen.terms.interests, change.effect_k, strict=True) if x}
    given = [(f"interests.{i.id}", i.id, True, i.set_in_view) for i in case.interests]
    given += [
        (
            v.name,
            v.interest,
            v.party in whose or bool(seen.rules and voices[v.party] & set(seen.holders)),
            v.set_in_view,
        )
        for v in case.valuations
    ]
    here = tuple(n for n, _, _, moves in given if name and name in moves)
    others = tuple(
        n for n, k, own, moves in given if own and k in touched and moves and name not in moves
    )
    return here, others


def words_of(setting: Bargaining, event: ObservedMove) -> str:
    """What the move changed, or did not change."""
    labels = [quoted(setting.case.measure(m).label) for m in event.measures]
    kept = "renewed" if at_renewal(setting, event) else "kept"
    one = {"adopt": "comes into force", "lift": "ends", "keep": f"is {kept}"}[event.move]
    many = {"adopt": "come into force", "lift": "end", "keep": f"are {kept}"}[event.move]
    return f"{listed(labels)} {many if len(labels) > 1 else one}"
