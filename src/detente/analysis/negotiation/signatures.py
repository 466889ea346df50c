"""Signatures: whether each party signs a package, what it gives and gets, and what would win it.

`Signature` is the result for one signatory, with the votes of a bloc's members and the say of
ratifiers; `signatures_of` gives one for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.negotiation.conflict import Bargaining, reserve, reserves
from detente.analysis.negotiation.deals import Proposal, tolerance
from detente.negotiation import blocking
from detente.negotiation.voting.payments import cheapest_payments
from detente.world.names import name_of

if TYPE_CHECKING:
    from detente._types import Array


@dataclass(frozen=True)
class MemberVote:
    """How a member of a bloc votes on a package.

    Attributes:
        member: its ISO3 code.
        label: its name.
        gain: over the status quo, USD million a year.
        money: the part of it that is money.
        in_favour: whether it counts as a yes.
        can_veto: whether it is against, and its no alone stops the package.
        payment: what it would have to get in the cheapest way to win the bloc over; 0 for none.
    """

    member: str
    label: str
    gain: float
    money: float
    in_favour: bool
    can_veto: bool
    payment: float = 0.0


@dataclass(frozen=True)
class RatifierSay:
    """What a party that must consent makes of a package.

    Attributes:
        party: its id.
        label: its name.
        gain: over the status quo, USD million a year.
        blocks: whether it would lose, and so refuses its consent.
        payment: what would win it over.
    """

    party: str
    label: str
    gain: float
    blocks: bool
    payment: float = 0.0


@dataclass(frozen=True)
class Signature:
    """Whether one party signs a package.

    Attributes:
        party: its id.
        label: its name inside a sentence.
        signs: whether it would.
        owner: whether any of its measures changes.
        gain: over the status quo, USD million a year; of a bloc all its members together.
        money: the part of it that is money.
        reserve: what it has to gain to sign.
        payment: the least a year that would win it over; 0 where it signs, None where nothing does.
        gives: ids of its measures that change.
        gets: ids of the measures of others that change.
        rule: how a bloc decides, in words; empty for a government.
        members: votes inside a bloc.
        ratifiers: parties whose consent the change of its measures needs.
    """

    party: str
    label: str
    signs: bool
    owner: bool
    gain: float
    money: float
    reserve: float
    payment: float | None
    gives: tuple[str, ...]
    gets: tuple[str, ...]
    rule: str = ""
    members: tuple[MemberVote, ...] = ()
    ratifiers: tuple[RatifierSay, ...] = ()

    @property
    def stake(self) -> float:
        """The part of the gain that is no money: what it values besides."""
        left = self.gain - self.money
        # What is left of two equal sums is a rounding, and no stake.
        return 0.0 if abs(left) <= 1e-9 * abs(self.gain) else left

    @property
    def vetoes(self) -> tuple[tuple[str, str], ...]:
        """Id and label of each member and ratifier that could stop the package alone."""
        inside = ((m.member, m.label) for m in self.members if m.can_veto)
        return (*inside, *((r.party, r.label) for r in self.ratifiers if r.blocks))


def signatures_of(setting: Bargaining, package: Proposal) -> tuple[Signature, ...]:
    """What each signatory makes of a package, in the order of the case."""
    changed = _changed(setting, package.code)
    owner = {m.id: m.owner for m in setting.terms.moves}
    found = []
    for k, party in enumerate(package.parties):
        gives = tuple(m for m in changed if owner[m] == party)
        i = setting.conflict.index(party)
        rule = setting.conflict.parties[i].rule
        members: tuple[MemberVote, ...] = ()
        ratifiers = _ratifiers(setting, package.code, gives)
        payment: float | None = 0.0
        if rule is not None:
            members, payment = _members(setting, party, package)
        elif not package.accepts[k]:
            lack = max(reserve(setting, party) - package.gain[k], 0.0)
            payment = lack + sum(r.payment for r in ratifiers)
        found.append(
            Signature(
                party,
                setting.labels[party],
                package.accepts[k],
                bool(gives),
                package.gain[k],
                package.money[k],
                reserve(setting, party),
                payment,
                gives,
                tuple(m for m in changed if owner[m] != party),
                "" if rule is None else rule.name,
                members,
                ratifiers,
            )
        )
    return tuple(found)


def _changed(setting: Bargaining, code: int) -> tuple[str, ...]:
    """Ids of the moves that a package changes, in the order of the case."""
    bits = setting.status_quo ^ code
    return tuple(m.id for m in setting.terms.moves if bits & setting.code([m.id]))


def _ratifiers(setting: Bargaining, code: int, gives: Sequence[str]) -> tuple[RatifierSay, ...]:
    """Those whose consent some of the moves need."""
    needed = dict.fromkeys(
        name for m in setting.terms.moves if m.id in gives for name in m.ratified_by
    )
    small, found = tolerance(setting.conflict), []
    for name in needed:
        gain = float(setting.ratifier_gain(name)[code])
        blocks = gain < -small
        lack = -gain if blocks else 0.0
        found.append(RatifierSay(name, setting.labels[name], gain, blocks, lack))
    return tuple(found)


def _members(
    setting: Bargaining, party: str, package: Proposal
) -> tuple[tuple[MemberVote, ...], float | None]:
    """How the members of a bloc vote, and the cheapest payments by which it signs, together."""
    conflict, here, small = setting.conflict, setting.status_quo, tolerance(setting.conflict)
    i = conflict.index(party)
    who = conflict.parties[i]
    assert who.rule is not None
    order = [who.members.index(m) for m in who.rule.members]
    payoff_ms = conflict.payoffs.members(i)[order]
    gain_m = payoff_ms[:, package.code] - payoff_ms[:, here]
    more_m = gain_m - reserves(setting, party)[order]
    money_m = _money(setting, i)[order]
    vote = blocking(who.rule, more_m, tolerance=small)
    paid_m = cheapest_payments(who.rule, more_m, tolerance=small)
    signs = dict(zip(package.parties, package.accepts, strict=True))[party]
    shown_m = np.zeros(len(gain_m)) if signs or paid_m is None else paid_m
    settings = conflict.payoffs.setting_s[[here, package.code]]
    votes = tuple(
        MemberVote(
            code,
            name_of(code),
            float(gain_m[m]),
            float(money_m[m, settings[1]] - money_m[m, settings[0]]),
            code in vote.yes,
            not vote.passes and code in vote.alone,
            float(shown_m[m]),
        )
        for m, code in enumerate(who.rule.members)
    )
    if signs:
        return votes, 0.0
    return votes, None if paid_m is None else float(paid_m.sum())


def _money(setting: Bargaining, party: int) -> Array:
    """Money of a bloc's members by setting of the trade measures, (M, Q)."""
    payoffs = setting.conflict.payoffs
    return np.asarray(payoffs.money_hq[np.flatnonzero(payoffs.party_h == party)])
