"""The packages that all would sign, before any point among them is picked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from detente.negotiation import Conflict
from detente.negotiation.words import listed, number_word, plural, quoted, some, upper_first

if TYPE_CHECKING:
    from detente.analysis.negotiation.answer_data import NegotiationData


#: With fewer packages than this that all would sign, the set decides and not the way to pick.
FEW = 10
_SMALL = 0.05


def feasible_words(answer: NegotiationData) -> tuple[str, ...]:
    """How many packages leave all better off, what they share, and on which values they rest."""
    return tuple(_words(answer))


def points_left_out(answer: NegotiationData) -> frozenset[str]:
    """Ids of points of bargaining that are no main result, as they are picked by estimates."""
    if answer.deals is None or not answer.guessed:
        return frozenset()
    return frozenset(p.id for p in answer.deals.proposals if not p.source)


def caveat(answer: NegotiationData) -> str:
    """What has to be said where points of bargaining are shown; empty if none are guessed at."""
    if answer.deals is None or not answer.guessed:
        return ""
    text = (
        "A point of bargaining weighs gains against each other that rest on analyst estimates. It "
        "shows what a definition picks at these values, and is no proposal"
    )
    points = answer.deals.everybody.points
    codes = {p.code for p in points}
    if len(points) > 1 and len(codes) == 1:
        text += f". That {listed([p.name for p in points])} pick the same package says little"
        if len(answer.deals.everybody.codes_k) < FEW:
            text += f" among {number_word(len(answer.deals.everybody.codes_k))}"
    return f"{text}."


def _words(answer: NegotiationData) -> Iterator[str]:
    conflict, deals = answer.conflict, answer.deals
    if deals is None or not isinstance(conflict, Conflict):
        return
    found = deals.everybody
    count = len(found.codes_k)
    who = listed(found.parties)
    of = f"{number_word(found.examined)} package{'s' * (found.examined != 1)}"
    if not count:
        yield f"Of {of} none would be signed by all of {who}."
        return
    better = int((found.gain_kp > found.tolerance).all(axis=1).sum())
    signed = f"{number_word(count)} would be signed by all of {who}"
    if better == count:
        leave = "leaves" if count == 1 else "leave"
        of = f"All {of}" if 1 < count == found.examined else f"Of {of} {number_word(count)}"
        yield f"{of} {leave} all signatories better off: {who}."
    else:
        leave = "leaves" if better == 1 else "leave"
        how_many = upper_first(number_word(better))
        yield f"Of {of} {signed}. {how_many} of them {leave} all of these better off."
    shared = shared_change(answer)
    if count > 1:
        yield (f"They share this: {shared}." if shared else "They have no change in common.")
    else:
        yield f"It is this: {shared}."
    yield from _needed(answer)
    if count < FEW:
        yield (
            f"With {number_word(count)} such {'package' if count == 1 else 'packages'} it is what "
            "can be signed at these values that decides, not the definition by which a compromise "
            "is picked. That it can be signed is no evidence that it is fair."
        )


def shared_change(answer: NegotiationData) -> str:
    """What ends and begins in all packages that all would sign; empty if nothing does."""
    conflict, deals = answer.conflict, answer.deals
    assert isinstance(conflict, Conflict)
    assert deals is not None
    changed = deals.everybody.codes_k ^ conflict.status_quo
    both = int(np.bitwise_and.reduce(changed))
    return conflict.change(conflict.status_quo, conflict.status_quo ^ both) if both else ""


def _needed(answer: NegotiationData) -> Iterator[str]:
    """Which values the packages rest on, how many are estimates, and what they are in money."""
    conflict, deals = answer.conflict, answer.deals
    assert isinstance(conflict, Conflict)
    assert deals is not None
    found, payoffs = deals.everybody, conflict.payoffs
    shift_kc = payoffs.effect_ks[:, found.codes_k] - payoffs.effect_ks[:, [conflict.status_quo]]
    touched = {
        i.name: i.label for i, row in zip(payoffs.interests, shift_kc, strict=True) if row.any()
    }
    signing = (
        set(answer.case.negotiation.signatories) if answer.case.negotiation is not None else set()
    )
    used = [
        v
        for v in answer.case.valuations
        if v.party in signing and v.interest in touched and v.value
    ]
    guesses = [v for v in used if v.is_estimate]
    if guesses:
        labels = some([quoted(touched[k]) for k in touched if k in {v.interest for v in guesses}])
        how = (
            "all of them analyst estimates"
            if len(guesses) == len(used)
            else f"{number_word(len(guesses))} of them analyst estimates"
        )
        yield f"They rest on {plural(len(used), 'value')} of {labels}, {how}."
    money = deals.money_kp
    if money is None:
        return
    if not (np.abs(money) >= _SMALL).any():
        yield "In money they neither bring nor cost any signatory anything."
        return
    kept = int((money >= -_SMALL).all(axis=1).sum())
    verb = "costs" if kept == 1 else "cost"
    yield f"In money alone {number_word(kept)} of them {verb} no signatory anything."
