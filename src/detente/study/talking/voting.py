"""The votes on each measure of a bloc, and on what a ratifier can block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.study.talking.bargaining import Bargaining
from detente.study.talking.dealing import tolerance
from detente.study.talking.votes import MeasureVotes
from detente.talks import Measure, Moments, PowerIndices, Rule, Unanimity, power, who_can_block
from detente.talks.words import quoted


def votes_of(setting: Bargaining) -> tuple[MeasureVotes, ...]:
    """Who can block what, given the status quo of everything else."""
    counted: dict[Rule, PowerIndices] = {}
    return tuple(_votes(setting, counted))


def _votes(setting: Bargaining, counted: dict[Rule, PowerIndices]) -> Iterator[MeasureVotes]:
    space = setting.conflict.space
    ratified = {m.id: m.ratified_by for m in setting.terms.moves}
    for measure in space.measures:
        i = space.parties.index(measure.owner)
        who = setting.conflict.parties[i]
        if who.is_bloc:
            yield _of_bloc(setting, measure, i, counted)
        elif ratified[measure.name]:
            yield _of_ratified(setting, measure, i, ratified[measure.name], counted)


def _switch(setting: Bargaining, measure: str) -> tuple[int, int]:
    bit = setting.code([measure])
    return setting.status_quo & ~bit, setting.status_quo | bit


def _of_bloc(
    setting: Bargaining, measure: Measure, party: int, counted: dict[Rule, PowerIndices]
) -> MeasureVotes:
    conflict = setting.conflict
    who = conflict.parties[party]
    assert who.rule is not None
    moments = Moments(
        measure.adopt or who.rule,
        measure.renew or who.rule,
        measure.repeal or who.rule,
        measure.expiry,
    )
    off, on = _switch(setting, measure.name)
    order = [who.members.index(m) for m in moments.members]
    payoff = conflict.payoffs.members(party)[order]
    gain = payoff[:, on] - payoff[:, off]
    rows = np.flatnonzero(conflict.payoffs.party_h == party)[order]
    money = conflict.payoffs.money_hq[rows]
    setting_s = conflict.payoffs.setting_s
    return MeasureVotes(
        measure.name,
        measure.label,
        measure.owner,
        bool(setting.status_quo & setting.code([measure.name])),
        moments.members,
        tuple(gain.tolist()),
        tuple((money[:, setting_s[on]] - money[:, setting_s[off]]).tolist()),
        who_can_block(moments, gain, quoted(measure.label), tolerance=tolerance(conflict)),
        _power(moments, counted),
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
    off, on = _switch(setting, measure.name)
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
    )


def _power(moments: Moments, counted: dict[Rule, PowerIndices]) -> dict[str, PowerIndices]:
    out = {}
    for moment in ("adopt", "renew", "repeal"):
        rule: Rule = getattr(moments, moment)
        if rule not in counted:
            counted[rule] = power(rule)
        out[moment] = counted[rule]
    return out
