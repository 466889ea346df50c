"""Bands of a negotiation: how gains, votes, proposals and channels vary over the draws.

`NegotiationBands` is the result and `bands_of` makes it from `Draws`. `worth_of_draws` says how the
drawn values of interests change what every holder of a measure gains.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detente._types import Array, Codes
from detente.analysis.negotiation.channels import ChannelAnswer
from detente.analysis.negotiation.conflict import Bargaining, holder_worth
from detente.analysis.negotiation.deals import Deals, tolerance
from detente.analysis.negotiation.observed_moves import Observed, worth_of
from detente.analysis.negotiation.reasons import LEVEL
from detente.analysis.negotiation.votes import MeasureVotes
from detente.negotiation import Channels, Range, coalition_worths, myerson_values


@dataclass(frozen=True, eq=False)
class Worth:
    """How payoffs hang on the drawn values of the negotiation.

    Attributes:
        ranges: what is drawn: valuations, then patience and reservation by party.
        valued: how many of these are valuations.
        base_v: value of each holder's valuations at central values, (V,).
        slope_vp: change of each per unit of each drawn valuation, (V, valued).
        event_hk: by observed move, worth of its holders at central values.
        event_slope: the same per unit of each drawn valuation, (valued, H, K).
        ratifier_rk: worth of the ratifiers, (R, K).
        ratifier_slope: the same per unit of each drawn valuation, (valued, R, K).
    """

    ranges: tuple[Range, ...]
    valued: int
    base_v: Array = field(repr=False)
    slope_vp: Array = field(repr=False)
    event_hk: tuple[Array, ...] = field(repr=False)
    event_slope: tuple[Array, ...] = field(repr=False)
    ratifier_rk: Array = field(repr=False)
    ratifier_slope: Array = field(repr=False)


def worth_of_draws(setting: Bargaining, seen: Sequence[Observed]) -> Worth:
    """The drawn values of a case and what each does to every holder's valuations."""
    case = setting.case
    known = [u for u in case.uncertainties if u.low < u.high]
    valuations = [u for u in known if u.name.startswith("valuations.")]
    parties_own = [u for u in known if u.name.startswith(("patience.", "reservation."))]
    parties = setting.conflict.parties

    def stacked(values: dict[str, float]) -> tuple[Array, list[Array], Array]:
        valued = case.with_parameters(values) if values else case
        days = {setting.terms.day, *(s.terms.day for s in seen)}
        on = {day: valued.negotiation_terms(day) for day in days}
        terms = on[setting.terms.day]
        worth = holder_worth(terms, parties, setting.size)
        return (
            np.concatenate([w for _, w in worth]),
            [worth_of(setting, s, on[s.terms.day]) for s in seen],
            terms.worth_ik[[terms.place(r) for r in setting.ratifiers]],
        )

    base, events, ratifiers = stacked({})
    slopes, event_slopes, ratifier_slopes = [], [], []
    for u in valuations:
        # Worth is linear in every value on one side of zero, where a member has a value of its own
        # or none: a step away from zero gives the slope exactly.
        step = math.copysign(max(1.0, abs(u.value)), u.value)
        moved, moved_events, moved_ratifiers = stacked({u.name: u.value + step})
        ratifier_slopes.append((moved_ratifiers - ratifiers) / step)
        slopes.append((moved - base) / step)
        event_slopes.append([(m - e) / step for m, e in zip(moved_events, events, strict=True)])
    return Worth(
        tuple(Range(u.name, u.value, u.low, u.high) for u in (*valuations, *parties_own)),
        len(valuations),
        base,
        np.array(slopes).reshape(len(valuations), len(base)).T,
        tuple(events),
        tuple(
            np.array([e[k] for e in event_slopes]).reshape(len(valuations), *events[k].shape)
            for k in range(len(seen))
        ),
        ratifiers,
        np.array(ratifier_slopes).reshape(len(valuations), *ratifiers.shape),
    )


#: Lower and upper end of the central 90 % of the draws.
Band = tuple[float, float]


@dataclass(frozen=True)
class VoteChances:
    """The votes on one measure over draws; members as in its `MeasureVotes`.

    Attributes:
        measure: its id.
        gain: band of what it is worth to each member in force against not.
        carried: by moment (`adopt`, `renew`, `repeal`), share of the draws in which the vote does.
        blocks: by moment, share of the draws in which each member would block alone.
    """

    measure: str
    gain: tuple[Band, ...] = field(repr=False)
    carried: Mapping[str, float]
    blocks: Mapping[str, tuple[float, ...]] = field(repr=False)


@dataclass(frozen=True)
class ChannelBands:
    """What channels make possible over draws; in the order of the `ChannelAnswer`.

    Attributes:
        values: band of each party's Myerson value.
        total: band of what each channel is worth in all.
        gain: band of what it is worth to each party.
        matters: share of the draws in which it is worth anything in all.
    """

    values: tuple[Band, ...]
    total: tuple[Band, ...]
    gain: tuple[tuple[Band, ...], ...] = field(repr=False)
    matters: tuple[float, ...]


@dataclass(frozen=True)
class NegotiationBands:
    """Bands of gains and chances of votes over draws of valuations and the trade side.

    Attributes:
        draws: how many.
        proposals: by package, band of each signatory's gain.
        votes: by measure.
        channels: None where no channel is open.
    """

    draws: int
    proposals: Mapping[str, tuple[Band, ...]] = field(repr=False)
    votes: Mapping[str, VoteChances] = field(repr=False)
    channels: ChannelBands | None = field(repr=False)


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
        """Payoffs under drawn values of the negotiation, (D, P), with money drawn or as it is."""
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
) -> NegotiationBands:
    """Bands of packages, votes and channels.

    Args:
        draws: payoffs under each draw.
        deals: the packages.
        votes: of the measures.
        channels: what is open; None if nothing is.
    """
    return NegotiationBands(
        len(draws.index_d),
        _proposals(draws, deals),
        {v.measure: _votes(draws, v) for v in votes},
        None if channels is None else _channels(draws, channels),
    )


def central_band(value_d: Array) -> Band:
    """The central part of values over draws, from 5 to 95 %."""
    low, high = np.quantile(value_d, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _proposals(draws: Draws, deals: Deals) -> dict[str, tuple[Band, ...]]:
    here = draws.setting.status_quo
    payoff = draws.holders([here, *(p.code for p in deals.proposals)])
    gain_dhc = payoff[:, :, 1:] - payoff[:, :, :1]
    return {
        p.id: tuple(
            central_band(gain_dhc[:, draws.rows(party), c].sum(axis=1)) for party in p.parties
        )
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
    return VoteChances(votes.measure, tuple(central_band(g) for g in gain_dm.T), carried, blocks)


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
        total.append(central_band(more.sum(axis=1)))
        gain.append(tuple(central_band(g) for g in more.T))
        matters.append(float((more.sum(axis=1) > _SMALL).mean()))
    return ChannelBands(
        tuple(central_band(v) for v in values.T), tuple(total), tuple(gain), tuple(matters)
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
