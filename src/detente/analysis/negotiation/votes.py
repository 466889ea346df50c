"""Votes: which member of a bloc, and which ratifier, can block a measure at each of its moments.

`MeasureVotes` is the result for one measure, and `votes_of` gives one for each measure that a bloc
decides or a party ratifies, with the power of every member.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detente._shown import Shown
from detente.analysis.negotiation.conflict import Bargaining
from detente.analysis.negotiation.deals import tolerance
from detente.negotiation import (
    Measure,
    Moments,
    MomentVotes,
    PowerIndices,
    Rule,
    Unanimity,
    power,
    who_can_block,
)
from detente.negotiation.words import quoted

#: Members of a measure that are shown at least.
_ROWS = 12
#: A renewal that carries in fewer of the draws than this, though it was made, contradicts them.
LIKELY = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class MeasureVotes(Shown):
    """The votes on one measure of a bloc, or on all that one decision renews.

    Of a government with ratifiers, the say of these on one of its measures.

    Attributes:
        measure: its id; of what one decision renews, the id of the renewal.
        label: for readers.
        owner: id of its owner.
        in_force: whether it is in force in the status quo.
        members: who votes; ISO3 codes of a bloc, else the owner and the ratifiers.
        gain: of each member from the measure in force against not, USD million a year.
        money: the part of it that is money.
        votes: at adopting, renewing and repealing, with who can block.
        power: exact indices at each of the three moments.
        ratifiers: parties besides the owner that can block a change of it.
        measures: ids of the measures that are voted on together; of one measure its own id.
        others: labels of what else the decision that renews this measure renews.
        renewed: days on which it was renewed, as far as they are on record.
    """

    measure: str
    label: str
    owner: str
    in_force: bool
    members: tuple[str, ...] = field(repr=False)
    gain: tuple[float, ...] = field(repr=False)
    money: tuple[float, ...] = field(repr=False)
    votes: MomentVotes
    power: Mapping[str, PowerIndices] = field(repr=False)
    ratifiers: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    renewed: tuple[dt.date, ...] = ()

    @property
    def together(self) -> bool:
        """Whether this is one measure of several that one decision renews."""
        return bool(self.votes.moments.together)

    @property
    def shown(self) -> list[str]:
        """Members to show: the fewest that block some vote alone, then those with most at stake."""
        alone = [v.blocking.alone for v in self.votes.votes if v.applies and v.blocking.alone]
        first = min(alone, key=len, default=())
        at_stake = dict(zip(self.members, map(abs, self.gain), strict=True))
        ranked = sorted(self.members, key=lambda m: (m not in first, -at_stake[m]))
        return ranked[: max(_ROWS, len(first))]

    @property
    def left_out(self) -> int:
        """How many members are not shown."""
        return len(self.members) - len(self.shown)

    def alone_at(self, member: str) -> list[str]:
        """The moments at which a member would block alone: `adopt`, `renew`, `repeal`."""
        return [v.moment for v in self.votes.votes if v.applies and member in v.blocking.alone]

    def contradicted(self, share: float | None = None) -> bool:
        """Whether it was renewed on record and the model would let it lapse.

        Args:
            share: of the draws in which its renewal carries; None without draws.
        """
        if not self.renewed or not self.votes.renew.applies:
            return False
        return not self.votes.renew.blocking.passes or (share is not None and share < LIKELY)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The three votes, then who can end it and who can keep it."""
        return self.votes.sentences()

    def __str__(self) -> str:
        return " ".join(self.sentences)

    def _lines(self) -> Sequence[str]:
        return self.sentences


def votes_of(setting: Bargaining) -> tuple[MeasureVotes, ...]:
    """Who can block what, given the status quo of everything else.

    What one decision renews comes as one, before the measures in it: these are adopted and repealed
    one by one.
    """
    counted: dict[Rule, PowerIndices] = {}
    return tuple(_votes(setting, counted))


def _votes(setting: Bargaining, counted: dict[Rule, PowerIndices]) -> Iterator[MeasureVotes]:
    space = setting.conflict.space
    ratified = {m.id: m.ratified_by for m in setting.terms.moves}
    stated: set[str] = set()
    for measure in space.measures:
        i = space.parties.index(measure.owner)
        who = setting.conflict.parties[i]
        if who.is_bloc:
            bundle = measure.renewed_with if measure.renewed_with in setting.bundles else ""
            if bundle and bundle not in stated:
                stated.add(bundle)
                yield _of_bundle(setting, bundle, measure, i, counted)
            yield _of_bloc(setting, measure, i, bundle, counted)
        elif ratified[measure.name]:
            yield _of_ratified(setting, measure, i, ratified[measure.name], counted)


def _switch(setting: Bargaining, measures: Sequence[str]) -> tuple[int, int]:
    bits = setting.code(measures)
    return setting.status_quo & ~bits, setting.status_quo | bits


def _of_bundle(
    setting: Bargaining,
    name: str,
    first: Measure,
    party: int,
    counted: dict[Rule, PowerIndices],
) -> MeasureVotes:
    """The votes on all that one decision renews, at once."""
    rule = setting.conflict.parties[party].rule
    assert rule is not None
    renewal = next(r for r in setting.case.renewals if r.id == name)
    moments = Moments(rule, first.renew or rule, rule, "lapses")
    measures = setting.bundles[name]
    days = setting.case.renewed_on(measures[0])
    return _voted(setting, name, renewal.label, measures, party, moments, counted, days=days)


def _of_bloc(
    setting: Bargaining,
    measure: Measure,
    party: int,
    bundle: str,
    counted: dict[Rule, PowerIndices],
) -> MeasureVotes:
    who = setting.conflict.parties[party]
    assert who.rule is not None
    labels = {r.id: quoted(r.label) for r in setting.case.renewals}
    moments = Moments(
        measure.adopt or who.rule,
        measure.renew or who.rule,
        measure.repeal or who.rule,
        measure.expiry,
        labels[bundle] if bundle else "",
    )
    others = tuple(
        quoted(setting.case.measure(m).label)
        for m in setting.bundles.get(bundle, ())
        if m != measure.name
    )
    days = () if bundle else setting.case.renewed_on(measure.name)
    return _voted(
        setting, measure.name, measure.label, (measure.name,), party, moments, counted,
        others=others, days=days,
    )  # fmt: skip


def _voted(
    setting: Bargaining,
    name: str,
    label: str,
    measures: tuple[str, ...],
    party: int,
    moments: Moments,
    counted: dict[Rule, PowerIndices],
    *,
    others: tuple[str, ...] = (),
    days: tuple[dt.date, ...] = (),
) -> MeasureVotes:
    conflict = setting.conflict
    off, on = _switch(setting, measures)
    who = conflict.parties[party]
    order = [who.members.index(m) for m in moments.members]
    payoff = conflict.payoffs.members(party)[order]
    gain = payoff[:, on] - payoff[:, off]
    rows = np.flatnonzero(conflict.payoffs.party_h == party)[order]
    money = conflict.payoffs.money_hq[rows]
    setting_s = conflict.payoffs.setting_s
    return MeasureVotes(
        name,
        label,
        who.name,
        setting.status_quo == on,
        moments.members,
        tuple(gain.tolist()),
        tuple((money[:, setting_s[on]] - money[:, setting_s[off]]).tolist()),
        who_can_block(moments, gain, quoted(label), tolerance=tolerance(conflict)),
        _power(moments, counted),
        measures=measures,
        others=others,
        renewed=days,
    )


def _of_ratified(
    setting: Bargaining,
    measure: Measure,
    party: int,
    ratifiers: tuple[str, ...],
    counted: dict[Rule, PowerIndices],
) -> MeasureVotes:
    """Owner and ratifiers as a body in which each is needed."""
    conflict = setting.conflict
    names = [conflict.labels[party], *(setting.labels[r] for r in ratifiers)]
    both = Unanimity(tuple(names))
    moments = Moments(both, both, both, measure.expiry)
    off, on = _switch(setting, [measure.name])
    gain = [conflict.gain(party, off, on)]
    for ratifier in ratifiers:
        each = setting.ratifier_gain(ratifier)
        gain.append(float(each[on] - each[off]))
    own = conflict.payoffs.components(party, [off, on])
    return MeasureVotes(
        measure.name,
        measure.label,
        measure.owner,
        bool(setting.status_quo & setting.code([measure.name])),
        tuple(names),
        tuple(gain),
        (float(own[0, 1] - own[0, 0]), *(0.0 for _ in ratifiers)),
        who_can_block(moments, gain, quoted(measure.label), tolerance=tolerance(conflict)),
        _power(moments, counted),
        ratifiers,
        (measure.name,),
    )


def _power(moments: Moments, counted: dict[Rule, PowerIndices]) -> dict[str, PowerIndices]:
    out = {}
    for moment in ("adopt", "renew", "repeal"):
        rule: Rule = getattr(moments, moment)
        if rule not in counted:
            counted[rule] = power(rule)
        out[moment] = counted[rule]
    return out
