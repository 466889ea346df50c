"""Deals: packages that all who sign accept, who stands in the way, and what named packages do.

`Deals` is the result, with one `Proposal` for a named package and one `Pair` for two parties alone.
`deals_of` searches the packages; `proposal` and `signatory` answer for one package and one party.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente._shown import Shown
from detente._types import Array
from detente.analysis.negotiation.channels import open_channels
from detente.analysis.negotiation.conflict import Bargaining, reserve, reserves, weights
from detente.negotiation import Packages, Point, Signatory, Table, blocking, find_packages
from detente.negotiation.acceptance import ROUNDING
from detente.negotiation.words import figure, listed, plural, some, upper_first

if TYPE_CHECKING:
    from detente.negotiation import Conflict, Signing


@dataclass(frozen=True, eq=False)
class Proposal:
    """One package: what it would change, what it is worth, and who would sign.

    Attributes:
        id: in the case file; `nash` and the like for points that were found.
        label: for readers.
        code: its state.
        change: what changes, in words.
        owners: ids of the parties whose measures change; only they are needed to carry it out.
        parties: ids of the signatories of the case.
        gain: of each over the status quo, USD million a year.
        money: the part of it that is money.
        accepts: whether each would sign.
        blockers: members and ratifiers who would refuse, by party.
        source: who proposed it.
        whose: what each gain is of, if not of the party's id alone: 'EU with Lithuania' of a bloc
            with a member that signs for itself.
    """

    id: str
    label: str
    code: int
    change: str
    owners: tuple[str, ...]
    parties: tuple[str, ...]
    gain: tuple[float, ...]
    money: tuple[float, ...]
    accepts: tuple[bool, ...]
    blockers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    source: str = ""
    whose: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether all signatories accept."""
        return all(self.accepts)

    @property
    def accepted_by_owners(self) -> bool:
        """Whether all accept whose measures change, be the others for it or not."""
        return all(a for p, a in zip(self.parties, self.accepts, strict=True) if p in self.owners)

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Ids of the signatories that would refuse."""
        return tuple(p for p, a in zip(self.parties, self.accepts, strict=True) if not a)

    def table(self) -> Table:
        """One row for each signatory."""
        rows = zip(self.parties, self.gain, self.money, self.accepts, strict=True)
        return Table(("party", "gain", "of it money", "accepts"), tuple(rows))

    def __str__(self) -> str:
        gains = ", ".join(
            f"{p} {figure(g, signed=True)}"
            for p, g in zip(self.whose or self.parties, self.gain, strict=True)
        )
        return f"{self.label}: {self._who()} ({gains})."

    def _who(self) -> str:
        if self.accepted:
            return "all would sign"
        refuse = listed(self.refused_by)
        inside = [f"in {p} {some(names)}" for p, names in self.blockers if names]
        named = f", blocked {', '.join(inside)}" if inside else ""
        if self.accepted_by_owners:
            return f"{listed(self.owners)} would carry it out; {refuse} would not sign{named}"
        return f"{refuse} would refuse{named}"


@dataclass(frozen=True, eq=False)
class Pair:
    """What two parties could agree on by their own measures alone.

    Attributes:
        parties: ids of the two.
        packages: those that both accept, with the points among them.
        signing: whether they can talk.
    """

    parties: tuple[str, str]
    packages: Packages
    signing: Signing


#: Packages of which each has bands, where all would sign.
FEW_BANDS = 32


@dataclass(frozen=True, eq=False, repr=False)
class Deals(Shown):
    """Packages that are accepted, from the status quo.

    Attributes:
        everybody: by all signatories, with Pareto front, the four points and who refuses.
        pairs: by two alone, with their own measures; without pairs that can agree on nothing.
        proposals: the packages of the case, then the points found.
        inside: by label of a bloc, labels of its members that sign for themselves. A proposal's
            gain of the bloc is with them; in points and fronts they count as themselves only.
        money_kp: the part of `everybody.gain_kp` that is money, (K, P).
        bands_kp: the central 90 % of `everybody.gain_kp` over draws; None without draws, and where
            more than `FEW_BANDS` packages are accepted.
    """

    everybody: Packages
    pairs: tuple[Pair, ...] = field(repr=False)
    proposals: tuple[Proposal, ...]
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    money_kp: Array | None = field(default=None, repr=False)
    bands_kp: tuple[tuple[tuple[float, float], ...], ...] | None = field(default=None, repr=False)

    def apart(self, label: str) -> str:
        """Whose gain it is in points and on fronts: 'the European Union without Lithuania'."""
        names = self.inside.get(label, ())
        return f"{label} without {listed(names)}" if names else label

    def proposal(self, identifier: str) -> Proposal:
        """A package by its id."""
        return {p.id: p for p in self.proposals}[identifier]

    def _lines(self) -> Sequence[str]:
        accepted, examined = len(self.everybody.codes_k), self.everybody.examined
        return (
            f"{accepted} of {examined} packages are accepted by all signatories.",
            *map(str, self.proposals),
        )


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
        feasible=reachable(setting),
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


def reachable(setting: Bargaining) -> Mask:
    """Which states can follow the status quo: itself, and what can be and undoes nothing for good.

    Returns:
        Booleans by state, (S,).
    """
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
    negotiation = setting.case.negotiation
    assert negotiation is not None
    on = setting.status_quo
    for package in negotiation.packages:
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
    stay, at = (int(np.flatnonzero(codes == c)[0]) for c in (here, code))
    small = tolerance(conflict)
    gain, money, accepts, blockers = [], [], [], []
    for party in owning:
        i = conflict.index(party)
        who = signatory(setting, party, codes)
        accepts.append(bool(who.accepts(stay, np.array([at]), "abstain", small)[0]))
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
