"""What a channel is worth: Myerson (1977) values with it and without it.

A coalition can act only as far as its members can talk: what it is worth is the sum over its
connected parts, and a party's Myerson value is its Shapley value in that restricted game.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array
from detente.negotiation.communication.channels import Channels, Link
from detente.negotiation.errors import require
from detente.negotiation.words import Table, figure, listed

_ROUNDING = 1e-9


@final
@dataclass(frozen=True)
class MyersonValues:
    """What each party can expect given who can talk to whom.

    Attributes:
        channels: the parties and links.
        value: of each party, in the unit of the worths; adds up to what the connected parts of all
            parties can reach. Below zero where the others reach less together with the party, whose
            losses then count, than without it.
        unit: of the values, as sentences name it; empty where the caller gives none.
    """

    channels: Channels
    value: tuple[float, ...]
    unit: str = ""

    @property
    def total(self) -> float:
        """What all parties can reach, each connected part by itself."""
        return _rounded(sum(self.value), max(map(abs, self.value)))

    def __str__(self) -> str:
        largest = max(map(abs, self.value))
        each = [_rounded(v, largest) for v in self.value]
        parts = [f"{p} {figure(v)}" for p, v in zip(self.channels.parties, each, strict=True)]
        text = (
            f"Given the channels, {_with(self.total, self.unit)} can be reached: {listed(parts)}."
        )
        below = [p for p, v in zip(self.channels.parties, each, strict=True) if v < 0]
        if below:
            text += (
                f" A value below zero ({listed(below)}): what the others could do by themselves "
                "would harm that party. It counts only once it is among them, and then leaves "
                "less to be reached."
            )
        return text

    def table(self) -> Table:
        """One row for each party."""
        rows = zip(self.channels.parties, self.value, strict=True)
        return Table(("party", "Myerson value"), tuple(rows))


@final
@dataclass(frozen=True)
class ChannelWorth:
    """What one channel adds.

    Attributes:
        link: the channel.
        exists: whether it exists now, so that it could be lost; otherwise it could be opened.
        without: values without it.
        having: values with it.
    """

    link: Link
    exists: bool
    without: MyersonValues
    having: MyersonValues

    @property
    def gain(self) -> tuple[float, ...]:
        """What each party gains by the channel; both ends gain the same (Myerson 1977)."""
        return tuple(h - w for h, w in zip(self.having.value, self.without.value, strict=True))

    @property
    def total(self) -> float:
        """What the channel makes possible in all."""
        return _rounded(self.having.total - self.without.total, self._scale)

    @property
    def _scale(self) -> float:
        return max(1.0, *map(abs, (*self.having.value, *self.without.value)))

    def __str__(self) -> str:
        parties = self.having.channels.parties
        moved = [
            f"{p} {figure(g, signed=True)}"
            for p, g in zip(parties, self.gain, strict=True)
            if _rounded(g, self._scale)
        ]
        what = "Losing" if self.exists else "Opening"
        verb, unit = "costs" if self.exists else "adds", self.having.unit
        whom = f"; the channel is worth: {listed(moved)}" if moved else "; nobody would notice"
        return f"{what} the channel {self.link} {verb} {_with(self.total, unit)} in all{whom}."

    def table(self) -> Table:
        """One row for each party."""
        rows = zip(
            self.having.channels.parties, self.without.value, self.having.value, self.gain,
            strict=True,
        )  # fmt: skip
        return Table(("party", "without", "with", "gain"), tuple(rows))


def coalition_worths(
    gain: ArrayLike, changed: ArrayLike, owned: Sequence[int], feasible: ArrayLike | None = None
) -> Array:
    """What each coalition can reach by measures of its members alone, with side payments.

    Args:
        gain: gain of each party over the status quo in each state, (S, P), in money.
        changed: code of the bits that differ from the status quo in each state, (S,).
        owned: code of the bits that each party decides, by party.
        feasible: which states can be, (S,); all if None.

    Returns:
        Largest sum of the members' gains by coalition, at least 0, (2^P,).

    Raises:
        NegotiationError: for gains that are not finite or shapes that do not fit.
    """
    gain_sp, code_s = np.asarray(gain, np.float64), np.asarray(changed, np.int64)
    open_s = np.ones(len(code_s), bool) if feasible is None else np.asarray(feasible, bool)
    faults = []
    if gain_sp.shape != (len(code_s), len(owned)):
        faults.append(
            f"Gains have shape {gain_sp.shape}; {len(code_s)} states and {len(owned)} parties are "
            "needed."
        )
    if not np.isfinite(gain_sp).all():
        faults.append("Gains have to be finite numbers.")
    if open_s.shape != code_s.shape:
        faults.append(f"Feasibility has shape {open_s.shape}, not {code_s.shape}.")
    require(faults)
    worth = np.zeros(2 ** len(owned))
    for coalition in range(1, len(worth)):
        members = [p for p in range(len(owned)) if coalition >> p & 1]
        bits = 0
        for p in members:
            bits |= owned[p]
        reach = open_s & (code_s & ~bits == 0)
        worth[coalition] = max(0.0, float(gain_sp[reach][:, members].sum(axis=1).max(initial=0.0)))
    return worth


def _rounded(value: float, largest: float) -> float:
    """A value without the rounding errors of sums of values of some size."""
    return value if abs(value) > _ROUNDING * max(1.0, largest) else 0.0


def _with(value: float, unit: str) -> str:
    return f"{figure(value)} {unit}".strip()


def myerson(channels: Channels, worth: ArrayLike, unit: str = "") -> MyersonValues:
    """Myerson values, exactly: Shapley values of the game that the channels restrict.

    Args:
        channels: parties and links.
        worth: what each coalition could reach if all its members could talk, (2^P,); the empty one
            nothing.
        unit: of the worths, for sentences.

    Returns:
        MyersonValues: what each party can expect, in the unit of the worths.

    Raises:
        NegotiationError: for worths that are not finite or of the wrong number.
    """
    worth_c = np.asarray(worth, dtype=np.float64)
    require(_worth_faults(channels, worth_c))
    return MyersonValues(channels, tuple(myerson_values(channels, worth_c).tolist()), unit)


def myerson_values(channels: Channels, worth: Array) -> Array:
    """The Myerson values of many games at once.

    Args:
        channels: parties and links.
        worth: of each coalition in each game, (…, 2^P).

    Returns:
        Value of each party in each game, (…, P).
    """
    return _shapley(restricted(channels, worth))


def restricted(channels: Channels, worth: ArrayLike) -> Array:
    """What each coalition is worth if it can act only in its connected parts, (…, 2^P)."""
    worth_c = np.asarray(worth, dtype=np.float64)
    left = np.arange(worth_c.shape[-1])
    total = np.zeros(worth_c.shape)
    while left.any():
        part = channels.first_part(left)
        total += worth_c[..., part]
        left = left & ~part
    return total


def channel_worth(
    channels: Channels,
    worth: ArrayLike,
    one: str,
    other: str,
    fidelity: float = 1.0,
    unit: str = "",
) -> ChannelWorth:
    """What is lost with a channel, or won by opening one.

    Args:
        channels: parties and links as they are.
        worth: as in `myerson`.
        one: one end.
        other: the other end.
        fidelity: of a channel that does not exist yet; it does not enter Myerson values.
        unit: of the worths, for sentences.

    Returns:
        ChannelWorth: what each party has with the channel and without it, in the unit of the
        worths.

    Raises:
        NegotiationError: for strangers and worths that make no sense.
    """
    there = [x for x in channels.links if {x.one, x.other} == {one, other}]
    link = there[0] if there else Link(one, other, fidelity)
    return ChannelWorth(
        link=link,
        exists=bool(there),
        without=myerson(channels.without_link(one, other), worth, unit),
        having=myerson(channels.with_link(link), worth, unit),
    )


def _shapley(worth_c: Array) -> Array:
    parties = worth_c.shape[-1].bit_length() - 1
    codes = np.arange(worth_c.shape[-1])
    sizes = np.bitwise_count(codes)
    weight = np.array([1 / (parties * comb(parties - 1, s)) for s in range(parties)])
    found = []
    for p in range(parties):
        outside = codes[codes >> p & 1 == 0]
        added = worth_c[..., outside | 1 << p] - worth_c[..., outside]
        found.append(added @ weight[sizes[outside]])
    return np.stack(found, axis=-1)


def _worth_faults(channels: Channels, worth_c: Array) -> Iterator[str]:
    size = 2 ** len(channels.parties)
    if worth_c.shape != (size,):
        yield f"Worths have shape {worth_c.shape}; {len(channels.parties)} parties need {(size,)}."
    elif not np.isfinite(worth_c).all():
        yield "Worths have to be finite numbers."
    elif worth_c[0] != 0:
        yield f"Nobody together is worth {worth_c[0]:g}: it has to be 0."
