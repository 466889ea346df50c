"""What parties have to gain to sign, and with what weight they bargain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.study.talking.bargaining import Bargaining
from detente.study.talking.money import Array
from detente.talks.words import figure

#: Under which names what a party has to gain is drawn.
DRAWN = "reservation."


def reserves(setting: Bargaining, party: str, changed: Mapping[str, float] | None = None) -> Array:
    """What each holder of a party has to gain over the status quo to be for a package, (H,).

    A member of a bloc needs what the party that consists of it alone needs, where that is said;
    else its share of the bloc's by income.

    Args:
        setting: the case.
        party: its id.
        changed: by party, other values than the case's.
    """
    given = {v.id: v.reservation for v in setting.terms.parties} | dict(changed or {})
    who = setting.conflict.parties[setting.conflict.index(party)]
    if not who.is_bloc:
        return np.array([given[party]])
    size = np.array([setting.size.get(m, 0.0) if setting.size else 1.0 for m in who.members])
    twins = {
        v.members[0]: given[v.id]
        for v in setting.terms.parties
        if len(v.members) == 1 and v.id != party and given[v.id]
    }
    share = given[party] * size / size.sum()
    return np.array([twins.get(m, float(s)) for m, s in zip(who.members, share, strict=True)])


def reserve(setting: Bargaining, party: str) -> float:
    """What a signatory has to gain as a sum; members that sign for themselves are left out."""
    who = setting.conflict.parties[setting.conflict.index(party)]
    twins = setting.twins(party) if who.is_bloc else ()
    each = zip(who.holders, reserves(setting, party), strict=True)
    return float(sum(r for holder, r in each if holder not in twins))


def weights(setting: Bargaining) -> dict[str, float]:
    """Bargaining weights by label of the signatories that have a move."""
    voices = {v.id: v for v in setting.terms.parties}
    conflict = setting.conflict
    return {
        conflict.labels[conflict.index(s)]: voices[s].weight
        for s in setting.terms.signatories
        if s in conflict.names
    }


def bargaining_notes(setting: Bargaining) -> tuple[str, ...]:
    """What the case says of reserves and weights, where it says anything."""
    voices = {v.id: v for v in setting.terms.parties}
    named = [(setting.labels[s], voices[s]) for s in setting.terms.signatories]
    said = []
    if any(v.reservation for _, v in named):
        needs = ", ".join(f"{n} {figure(v.reservation)}" for n, v in named if v.reservation)
        said.append(
            f"To sign has to gain over the status quo, million USD a year: {needs}. Points of "
            "bargaining are measured from there."
        )
    if any(v.weight != 1 for _, v in named):
        told = ", ".join(f"{n} {figure(v.weight)}" for n, v in named)
        said.append(f"Bargaining weights in the Nash and utilitarian points: {told}.")
    return tuple(said)
