"""Gains, votes and channels over the draws by which chances are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.study.talking.bands import Band, ChannelBands, TalkBands, VoteChances
from detente.study.talking.bargaining import Bargaining
from detente.study.talking.channelling import ChannelAnswer
from detente.study.talking.dealing import tolerance
from detente.study.talking.deals import Deals
from detente.study.talking.reasoning import LEVEL
from detente.study.talking.votes import MeasureVotes
from detente.study.talking.worths import Worth
from detente.talks import Channels, coalition_worths, myerson_values

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
_MOMENTS = ("adopt", "renew", "repeal")
_SMALL = 0.05


@dataclass(frozen=True, eq=False)
class Draws:
    """Payoffs under each draw, as far as they are asked for.

    Attributes:
        setting: the case.
        money_dhq: money by draw, holder and setting; one draw for all at central values.
        index_d: which of these belongs to each draw, (D,).
        worth_dhk: what each holder pays for a unit of each interest, (D, H, K).
        worth_drk: the same of ratifiers, (D, R, K).
    """

    setting: Bargaining
    money_dhq: Array = field(repr=False)
    index_d: Codes = field(repr=False)
    worth_dhk: Array = field(repr=False)
    worth_drk: Array = field(repr=False)

    @classmethod
    def of(
        cls, setting: Bargaining, worth: Worth, values_dp: Array, money_dhq: Array | None
    ) -> Draws:
        """Payoffs under drawn values of the talks, (D, P), with money drawn or as it is."""
        payoffs = setting.conflict.payoffs
        shift = values_dp[:, : worth.valued] - [r.value for r in worth.ranges[: worth.valued]]
        count = len(values_dp)
        known = payoffs.money_hq[None] if money_dhq is None else money_dhq
        return cls(
            setting,
            known,
            np.arange(count) % len(known),
            (worth.base_v + shift @ worth.slope_vp.T).reshape(count, len(payoffs.holders), -1),
            worth.ratifier_rk + np.tensordot(shift, worth.ratifier_slope, 1),
        )

    def holders(self, states: Sequence[int]) -> Array:
        """Payoff of each holder in some states, (D, H, C)."""
        payoffs = self.setting.conflict.payoffs
        at = np.asarray(states, dtype=np.int64)
        money = self.money_dhq[:, :, payoffs.setting_s[at]][self.index_d]
        return np.asarray(money + self.worth_dhk @ payoffs.effect_ks[:, at])

    def ratifier(self, name: str, states: Sequence[int]) -> Array:
        """What some states are worth to a ratifier, (D, C)."""
        row = list(self.setting.ratifiers).index(name)
        at = np.asarray(states, dtype=np.int64)
        return np.asarray(self.worth_drk[:, row] @ self.setting.conflict.payoffs.effect_ks[:, at])

    def rows(self, party: str) -> Codes:
        """Rows of a party's holders."""
        conflict = self.setting.conflict
        return np.flatnonzero(conflict.payoffs.party_h == conflict.index(party))


def bands_of(
    draws: Draws,
    deals: Deals,
    votes: Sequence[MeasureVotes],
    channels: ChannelAnswer | None,
) -> TalkBands:
    """Bands of packages, votes and channels.

    Args:
        draws: payoffs under each draw.
        deals: the packages.
        votes: of the measures.
        channels: what is open; None if nothing is.
    """
    return TalkBands(
        len(draws.index_d),
        _proposals(draws, deals),
        {v.measure: _votes(draws, v) for v in votes},
        None if channels is None else _channels(draws, channels),
    )


def _band(value_d: Array) -> Band:
    low, high = np.quantile(value_d, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _proposals(draws: Draws, deals: Deals) -> dict[str, tuple[Band, ...]]:
    here = draws.setting.status_quo
    payoff = draws.holders([here, *(p.code for p in deals.proposals)])
    gain_dhc = payoff[:, :, 1:] - payoff[:, :, :1]
    return {
        p.id: tuple(_band(gain_dhc[:, draws.rows(party), c].sum(axis=1)) for party in p.parties)
        for c, p in enumerate(deals.proposals)
    }


def _votes(draws: Draws, votes: MeasureVotes) -> VoteChances:
    """The votes under each draw, all else as in the status quo."""
    setting, moments = draws.setting, votes.votes.moments
    bits = setting.code(votes.measures)
    states = [setting.status_quo & ~bits, setting.status_quo | bits]
    small = tolerance(setting.conflict)
    gain_dm = _worth_in_force(draws, votes, states)
    carried, blocks = {}, {}
    for moment in _MOMENTS:
        if moment == "renew" and not votes.votes.renew.applies:
            continue
        rule = getattr(moments, moment)
        yes_dm = rule.votes(-gain_dm if moment == "repeal" else gain_dm, tolerance=small)
        alone_m = rule.blocks(1 << np.arange(len(rule.members)))
        carried[moment] = float(rule.passes(yes_dm).mean())
        blocks[moment] = tuple((~yes_dm & alone_m).mean(axis=0).tolist())
    return VoteChances(votes.measure, tuple(_band(g) for g in gain_dm.T), carried, blocks)


def _worth_in_force(draws: Draws, votes: MeasureVotes, states: Sequence[int]) -> Array:
    """What a measure in force is worth to all who vote on it, (D, M)."""
    conflict = draws.setting.conflict
    rows = draws.rows(votes.owner)
    gain_dh = np.diff(draws.holders(states)[:, rows], axis=2)[:, :, 0]
    if not votes.ratifiers:
        members = conflict.parties[conflict.index(votes.owner)].members
        return np.asarray(gain_dh[:, [members.index(m) for m in votes.members]])
    own = gain_dh.sum(axis=1)
    others = [np.diff(draws.ratifier(r, states), axis=1)[:, 0] for r in votes.ratifiers]
    return np.stack([own, *others], axis=1)


def _channels(draws: Draws, found: ChannelAnswer) -> ChannelBands:
    channels = found.channels
    worth_dc = _worths(draws, channels)
    values = myerson_values(channels, worth_dc)
    total, gain, matters = [], [], []
    for x in found.worth:
        without = myerson_values(channels.without_link(x.link.one, x.link.other), worth_dc)
        more = myerson_values(channels.with_link(x.link), worth_dc) - without
        total.append(_band(more.sum(axis=1)))
        gain.append(tuple(_band(g) for g in more.T))
        matters.append(float((more.sum(axis=1) > _SMALL).mean()))
    return ChannelBands(
        tuple(_band(v) for v in values.T), tuple(total), tuple(gain), tuple(matters)
    )


def _worths(draws: Draws, channels: Channels) -> Array:
    """What each coalition of the parties of the channels can reach in each draw, (D, 2^P)."""
    setting = draws.setting
    conflict, here = setting.conflict, setting.status_quo
    acting = [s for s in setting.terms.signatories if s in conflict.space.parties]
    labels = [setting.labels[s] for s in acting]
    payoffs = conflict.payoffs
    at = np.append(conflict.space.reachable(here), here)
    counts = np.zeros((len(acting), len(payoffs.holders)))
    for row, party in enumerate(acting):
        counts[row, draws.rows(party)] = 1.0
        for twin in setting.twins(party):
            counts[row, payoffs.holders.index(twin)] = 0.0
    owned = [conflict.space.own(conflict.index(s)) for s in acting]
    effect_kc = payoffs.effect_ks[:, at] - payoffs.effect_ks[:, [here]]
    money_dpq = counts @ draws.money_dhq
    money_dpq -= money_dpq[:, :, [payoffs.setting_s[here]]]
    worth_dpk = counts @ draws.worth_dhk
    small = np.array(
        [
            coalition_worths(
                (money_dpq[k][:, payoffs.setting_s[at]] + worth_pk @ effect_kc).T, at ^ here, owned
            )
            for k, worth_pk in zip(draws.index_d, worth_dpk, strict=True)
        ]
    )
    place = [labels.index(p) if p in labels else None for p in channels.parties]
    inside = [
        sum(1 << own for k, own in enumerate(place) if own is not None and code >> k & 1)
        for code in range(1 << len(place))
    ]
    return np.asarray(small[:, inside])
