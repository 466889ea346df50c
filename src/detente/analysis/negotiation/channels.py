"""What channels make possible, what each is worth, and how a signal travels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from detente._shown import Shown
from detente._types import Array
from detente.analysis.negotiation.conflict import UNIT, Bargaining
from detente.negotiation import (
    Channels,
    ChannelWorth,
    Link,
    MyersonValues,
    SignalPath,
    Signing,
    channel_worth,
    coalition_worths,
    myerson,
)

#: A way around the direct channel is told if it carries this share of what the direct one does.
_NEARLY = 0.9


@dataclass(frozen=True, eq=False, repr=False)
class ChannelAnswer(Shown):
    """The channels of a case on its day.

    Attributes:
        channels: parties and open links.
        signing: whether the signatories, and every two of them, can sign.
        values: what each signatory can expect given who can talk to whom (Myerson), USD million a
            year, with side payments.
        worth: what losing each open channel costs, and opening each missing one between
            signatories would add.
        signals: how a signal between parties without a say, or through an intermediary, fares.
    """

    channels: Channels
    signing: tuple[Signing, ...]
    values: MyersonValues
    worth: tuple[ChannelWorth, ...] = field(repr=False)
    signals: tuple[SignalPath, ...] = field(repr=False)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Who can sign, what channels are worth, how signals travel."""
        return (
            str(self.channels),
            *(str(s) for s in self.signing),
            str(self.values),
            *(str(w) for w in self.worth),
            *(str(s) for s in self.signals),
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences


def open_channels(setting: Bargaining) -> Channels:
    """Who can talk to whom on the day, by the parties' names in sentences."""
    labels = setting.labels
    linked = {p for link in setting.terms.links for p in link.between}
    wanted = [v.id for v in setting.terms.parties if v.id in linked]
    wanted += [s for s in setting.terms.signatories if s not in linked]
    best: dict[frozenset[str], Link] = {}
    for link in setting.terms.links:
        one, other = link.between
        ends = frozenset(link.between)
        if ends not in best or best[ends].fidelity < link.fidelity:
            best[ends] = Link(labels[one], labels[other], link.fidelity)
    return Channels(tuple(labels[p] for p in wanted), tuple(best.values()))


def channels_of(setting: Bargaining) -> ChannelAnswer:
    """What the channels of a case make possible."""
    channels = open_channels(setting)
    ids = {label: p for p, label in setting.labels.items()}
    owning = [s for s in setting.terms.signatories if s in setting.conflict.space.parties]
    names = [setting.labels[s] for s in owning]
    others = [p for p in channels.parties if p not in names]
    worth = _worths(setting, [ids[p] for p in channels.parties])
    values = myerson(channels, worth, UNIT)
    groups = [names, *(list(pair) for pair in combinations(names, 2))]
    return ChannelAnswer(
        channels,
        tuple(channels.can_sign(group, through=others) for group in groups),
        values,
        tuple(_worth_of(channels, worth, names)),
        tuple(_signals(channels, names, others)),
    )


def _worths(setting: Bargaining, parties: list[str]) -> Array:
    """What each coalition can reach by its members' measures, side payments allowed."""
    conflict, here = setting.conflict, setting.status_quo
    codes = np.append(conflict.space.reachable(here), here)
    gain = np.zeros((len(codes), len(parties)))
    owned = []
    for k, party in enumerate(parties):
        if party not in conflict.space.parties or party not in setting.terms.signatories:
            owned.append(0)
            continue
        total = setting.total(party)
        gain[:, k] = total[codes] - total[here]
        owned.append(conflict.space.own(conflict.index(party)))
    return coalition_worths(gain, codes ^ here, owned)


def _worth_of(channels: Channels, worth: Array, names: list[str]) -> Iterator[ChannelWorth]:
    for link in channels.links:
        yield channel_worth(channels, worth, link.one, link.other, unit=UNIT)
    there = {frozenset((x.one, x.other)) for x in channels.links}
    for one, other in combinations(names, 2):
        if frozenset((one, other)) not in there:
            yield channel_worth(channels, worth, one, other, unit=UNIT)


def _signals(channels: Channels, names: list[str], others: list[str]) -> Iterator[SignalPath]:
    """Signals to parties that do not sign, directly and not; and those that need a go-between."""
    there = {frozenset((x.one, x.other)) for x in channels.links}
    for sender in names:
        for receiver in others:
            best = channels.path(sender, receiver)
            if not best.line:
                continue
            yield best
            if frozenset((sender, receiver)) not in there:
                continue
            if best.intermediaries:
                yield SignalPath(
                    sender, receiver, (sender, receiver), _fidelity(channels, sender, receiver)
                )
            else:
                around = channels.without_link(sender, receiver).path(sender, receiver)
                if around.fidelity >= _NEARLY * best.fidelity:
                    yield around
    for one, other in combinations(names, 2):
        best = channels.path(one, other)
        if best.intermediaries:
            yield best


def _fidelity(channels: Channels, one: str, other: str) -> float:
    return next(x.fidelity for x in channels.links if {x.one, x.other} == {one, other})
