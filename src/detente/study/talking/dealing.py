"""The search for packages on the payoffs of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.study.talking.bargaining import Bargaining
from detente.study.talking.channelling import open_channels
from detente.study.talking.deals import Deals, Pair, Proposal
from detente.study.talking.reserves import reserve, reserves, weights
from detente.study.talking.wording import upper_first
from detente.talks import Point, Signatory, blocking, find_packages
from detente.talks.deciding import ROUNDING
from detente.talks.words import listed, plural

if TYPE_CHECKING:
    from detente.talks import Conflict

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
_NAMES = {
    "Nash": "nash",
    "Kalai-Smorodinsky": "kalai-smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


def deals_of(setting: Bargaining) -> Deals:
    """Packages by all signatories and by two alone, and what named packages would do."""
    space = setting.conflict.space
    owning = [s for s in setting.terms.signatories if s in space.parties]
    labels = [m.label for m in space.measures]
    everybody = find_packages(
        [signatory(setting, s) for s in owning],
        labels,
        status_quo=setting.status_quo,
        feasible=_reachable(setting),
        weights=weights(setting),
        tolerance=tolerance(setting.conflict),
        lotteries=False,
    )
    channels = open_channels(setting)
    pairs = []
    for one, other in combinations(owning, 2):
        codes = _own_codes(setting, (one, other))
        found = find_packages(
            [signatory(setting, s, codes) for s in (one, other)],
            labels,
            status_quo=setting.status_quo,
            codes=codes,
            weights={
                k: v
                for k, v in weights(setting).items()
                if k in (setting.labels[one], setting.labels[other])
            },
            tolerance=tolerance(setting.conflict),
            lotteries=False,
        )
        if found.points:
            ends = [setting.labels[one], setting.labels[other]]
            pairs.append(Pair((one, other), found, channels.can_sign(ends)))
    proposals = tuple(_proposals(setting, everybody.points, pairs))
    inside = {setting.labels[s]: names for s in owning if (names := _inside(setting, s))}
    money_kp = _money(setting, owning, everybody.codes_k)
    return Deals(everybody, tuple(pairs), proposals, inside, money_kp)


def _money(setting: Bargaining, parties: Sequence[str], codes: NDArray[np.int64]) -> Array:
    """The part of each signatory's gain that is money, (K, P); twins are left out of their bloc."""
    conflict, payoffs = setting.conflict, setting.conflict.payoffs
    here = payoffs.setting_s[setting.status_quo]
    out = np.zeros((len(codes), len(parties)))
    for p, party in enumerate(parties):
        twins = setting.twins(party)
        rows = [
            h
            for h in np.flatnonzero(payoffs.party_h == conflict.index(party))
            if payoffs.holders[h] not in twins
        ]
        money = payoffs.money_hq[rows].sum(axis=0)
        out[:, p] = money[payoffs.setting_s[codes]] - money[here]
    return out


def _inside(setting: Bargaining, party: str) -> tuple[str, ...]:
    """Labels of a bloc's members that sign for themselves."""
    twins = setting.twins(party)
    voices = {v.id: v.members for v in setting.terms.parties}
    signing = [s for s in setting.terms.signatories if s != party]
    return tuple(
        setting.labels[s] for s in signing if len(voices[s]) == 1 and voices[s][0] in twins
    )


def tolerance(conflict: Conflict) -> float:
    """Gains that are rounding errors of sums, by the largest payoff of all."""
    return ROUNDING * float(np.abs(conflict.payoffs.total_is).max()) * 10


def signatory(
    setting: Bargaining,
    party: str,
    codes: NDArray[np.int64] | None = None,
    conflict: Conflict | None = None,
) -> Signatory:
    """One who signs: a government with its ratifiers' consent, a bloc by its rule."""
    chosen = conflict or setting.conflict
    i = chosen.index(party)
    at = chosen.space.codes if codes is None else codes
    payoff = setting.total(party, chosen)[at]
    who = chosen.parties[i]
    if who.rule is not None:
        members = chosen.payoffs.members(i)[:, at]
        order = [who.members.index(m) for m in who.rule.members]
        return Signatory(
            who.label,
            payoff,
            (who.rule,),
            members[order].T,
            reserve=reserve(setting, party),
            member_reserve_m=reserves(setting, party)[order],
        )
    consent = _consent(setting, i, payoff, at, chosen)
    return Signatory(who.label, payoff, accepts_s=consent, reserve=reserve(setting, party))


def _consent(
    setting: Bargaining, party: int, payoff: Array, at: NDArray[np.int64], conflict: Conflict
) -> Mask | None:
    """Where a government gains and no ratifier of what changes loses; None without ratifiers."""
    asked = {r: bits & conflict.space.own(party) for r, bits in setting.ratifiers.items()}
    if not any(asked.values()):
        return None
    here = int(np.flatnonzero(at == setting.status_quo)[0])
    small = tolerance(conflict)
    found = payoff - payoff[here] - reserve(setting, conflict.names[party]) >= -small
    for name, bits in asked.items():
        touched = (at ^ setting.status_quo) & bits != 0
        found &= ~touched | (setting.ratifier_gain(name)[at] >= -small)
    return np.asarray(found)


def _reachable(setting: Bargaining) -> Mask:
    mask = np.zeros(setting.conflict.space.size, dtype=np.bool_)
    mask[setting.conflict.space.reachable(setting.status_quo)] = True
    mask[setting.status_quo] = True
    return mask


def _own_codes(setting: Bargaining, parties: Iterable[str]) -> NDArray[np.int64]:
    """States in which each of these parties changes something and nobody else does."""
    space = setting.conflict.space
    own = [space.own(space.parties.index(party)) for party in parties]
    codes = space.reachable(setting.status_quo)
    changed = codes ^ setting.status_quo
    kept = codes[(changed & ~sum(own) == 0) & np.all([changed & o != 0 for o in own], axis=0)]
    return np.sort(np.append(kept, setting.status_quo))


def _proposals(
    setting: Bargaining, points: Iterable[Point], pairs: Iterable[Pair]
) -> Iterable[Proposal]:
    talks = setting.case.talks
    assert talks is not None
    on = setting.status_quo
    for package in talks.packages:
        lifted, adopted = setting.code(package.lift), setting.code(package.adopt)
        code = on & ~lifted | adopted
        if code != on:
            yield proposal(setting, package.id, package.label, code, package.source)
    points = tuple(points)
    by_name = {p.name: p for p in points}
    taken: dict[int, list[str]] = {}
    for point in points:
        taken.setdefault(point.code, []).append(point.name)
    for code, names in taken.items():
        label = f"{upper_first(listed(names))} point of all signatories"
        yield proposal(setting, _NAMES[names[0]], label + _tied(by_name[names[0]]), code)
    for pair in pairs:
        point = pair.packages.point("Nash")
        if point.code in taken:
            continue
        taken[point.code] = [point.name]
        one, other = (setting.labels[p] for p in pair.parties)
        name = f"nash-{'-'.join(pair.parties)}"
        label = f"Nash point of {one} and {other} alone{_tied(point)}"
        yield proposal(setting, name, label, point.code)


def _tied(point: Point) -> str:
    """That other packages attain a point as well, behind its name; empty if none does."""
    return f" (tied with {plural(len(point.tied), 'other package')})" if point.tied else ""


def proposal(setting: Bargaining, name: str, label: str, code: int, source: str = "") -> Proposal:
    """What one package would do, and who would sign it."""
    conflict, here = setting.conflict, setting.status_quo
    owning = [s for s in setting.terms.signatories if s in conflict.space.parties]
    codes = np.array(sorted({here, code}), dtype=np.int64)
    at = int(np.flatnonzero(codes == code)[0])
    small = tolerance(conflict)
    gain, money, accepts, blockers = [], [], [], []
    for party in owning:
        i = conflict.index(party)
        who = signatory(setting, party, codes)
        accepts.append(bool(who.accepts(1 - at, np.array([at]), "abstain", small)[0]))
        gain.append(conflict.gain(i, here, code))
        parts = conflict.payoffs.components(i, [here, code])
        money.append(float(parts[0, 1] - parts[0, 0]))
        if not accepts[-1]:
            enough = gain[-1] - reserve(setting, party) >= -small
            blockers.append((party, _blockers(setting, i, code, enough)))
    return Proposal(
        name,
        label,
        code,
        conflict.change(here, code),
        setting.owners(here ^ code),
        tuple(owning),
        tuple(gain),
        tuple(money),
        tuple(accepts),
        tuple(blockers),
        source,
        tuple(_whose(setting, party) for party in owning),
    )


def _whose(setting: Bargaining, party: str) -> str:
    names = _inside(setting, party)
    return f"{party} with {listed(names)}" if names else party


def _blockers(setting: Bargaining, party: int, code: int, gains: bool) -> tuple[str, ...]:
    conflict, here = setting.conflict, setting.status_quo
    who = conflict.parties[party]
    if who.rule is None:
        changed = (here ^ code) & conflict.space.own(party)
        against = [
            setting.labels[r]
            for r, bits in setting.ratifiers.items()
            if changed & bits and setting.ratifier_gain(r)[code] < 0
        ]
        return tuple(against) if gains else ()
    payoff = conflict.payoffs.members(party)
    order = [who.members.index(m) for m in who.rule.members]
    gain_m = (payoff[:, code] - payoff[:, here] - reserves(setting, who.name))[order]
    vote = blocking(who.rule, gain_m, tolerance=tolerance(conflict))
    return vote.alone or (vote.minimal_sets[0] if vote.minimal_sets else ())
