"""Moves between states: where each party can go, and the least value that it can be brought to.

`Game` is a conflict as stability needs it, and `game_of` makes one. `Lines`, `Steps` and `Arcs` are
the three shapes of moves, each with its own way to ask for the least value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from detente._types import Codes, Mask
from detente.negotiation.acceptance import bloc_moves
from detente.negotiation.conflict import Conflict, ListedConflict

Places: TypeAlias = NDArray[np.int32]

#: Above every place: there is no move.
NONE = np.int32(2**30)
_KEPT_BYTES = 2**26


class Mover(ABC):
    """The moves of one party, over S states.

    Attributes:
        shape: the states as (…, the party's own settings, …).
    """

    shape: tuple[int, int, int]

    @abstractmethod
    def lowest(self, value_sr: Places, *, better: bool) -> Places:
        """The least value among the states that the party can move to, (S, R); `NONE` if none.

        Args:
            value_sr: R values of every state; the least is sought for each apart.
            better: count only moves that the party would make, its improvements.
        """

    @abstractmethod
    def rests(self) -> Mask:
        """Where the party has no improvement, (S,)."""

    def highest(self, value_s: Places, *, better: bool) -> Places:
        """The greatest value among the states that the party can move to, (S,)."""
        return np.asarray(-self.lowest(-value_s[:, None], better=better)[:, 0])


def _split(rank_s: Places, low: int, count: int) -> tuple[int, int, int]:
    return len(rank_s) >> (low + count), 1 << count, 1 << low


@final
class Lines(Mover):
    """A government that sets all its bits as it likes, each of them reversible.

    Its moves lead along lines of 2^b states. Staying counts as a move here: no question asked of
    these moves has another answer for it.

    Args:
        rank_s: the party's places, (S,); −1 where infeasible.
        low: its first bit.
        count: its bits, b.
    """

    def __init__(self, rank_s: Places, low: int, count: int) -> None:
        self.rank_s = rank_s
        self.shape = _split(rank_s, low, count)

    @cached_property
    def _sorted(self) -> tuple[Codes, Mask | None, Codes]:
        """States of every line in ascending order, (2^b, L), which equal the next, the inverse."""
        pre, own, post = self.shape
        by_line = np.ascontiguousarray(self.rank_s.reshape(self.shape).transpose(0, 2, 1))
        order = np.argsort(by_line, axis=2).transpose(2, 0, 1)
        line = np.arange(pre)[:, None] * (own * post) + np.arange(post)
        codes = (order * post + line).reshape(own, pre * post)
        ranks = self.rank_s[codes]
        equal = ranks[1:] == ranks[:-1]
        counted = equal & (ranks[1:] >= 0)
        back = np.empty(codes.size, dtype=np.int64)
        back[codes.reshape(-1)] = np.arange(codes.size)
        return codes, equal if counted.any() else None, back

    def lowest(self, value_sr: Places, *, better: bool) -> Places:
        """Answers as `Mover.lowest` does; at worst with the value of the state itself."""
        if not better:
            lines = value_sr.reshape(*self.shape, -1)
            least = lines.min(axis=1, keepdims=True)
            return np.broadcast_to(least, lines.shape).reshape(value_sr.shape)
        codes, equal, back = self._sorted
        along = value_sr.take(codes, axis=0)
        if equal is None:
            for k in range(len(codes) - 2, -1, -1):
                np.minimum(along[k], along[k + 1], out=along[k])
        else:
            _above(along, equal)
        return along.reshape(value_sr.shape).take(back, axis=0)

    def highest(self, value_s: Places, *, better: bool) -> Places:
        """Answers as `Mover.highest` does, over the whole line."""
        found = np.empty_like(value_s)
        lines = value_s.reshape(self.shape)
        found.reshape(self.shape)[:] = lines.max(axis=1, keepdims=True)
        return found

    def rests(self) -> Mask:
        """Where the state is the best of its line."""
        return np.asarray(self.highest(self.rank_s, better=True) == self.rank_s)


def _above(along_klr: Places, equal_kl: Mask) -> None:
    """Each value becomes the least of itself and of those strictly above it, in place."""
    from_here = along_klr[-1].copy()
    strictly = np.full_like(from_here, NONE)
    for k in range(len(along_klr) - 2, -1, -1):
        strictly = np.where(equal_kl[k, :, None], strictly, from_here)
        np.minimum(from_here, along_klr[k], out=from_here)
        np.minimum(along_klr[k], strictly, out=along_klr[k])


@final
class Steps(Mover):
    """A party with bits that go one way only, or a bloc that moves only where its rules carry.

    A move exchanges some of its bits, d = 1 … 2^b − 1; staying is none.

    Args:
        rank_s: the party's places, (S,); −1 where infeasible.
        low: its first bit.
        count: its bits, b.
        one_off: which of them cannot be taken back, as a code of b bits.
        carried: for a bloc, which moves its rules carry, (2^b, S); all if None.
    """

    def __init__(
        self, rank_s: Places, low: int, count: int, one_off: int, carried: Mask | None = None
    ) -> None:
        self.rank_s = rank_s
        self.shape = _split(rank_s, low, count)
        self.one_off = one_off
        self.carried = carried
        self._kept: dict[tuple[int, bool], Codes] = {}

    def lowest(self, value_sr: Places, *, better: bool) -> Places:
        """Answers as `Mover.lowest` does."""
        found = np.full_like(value_sr, NONE)
        with_none = np.concatenate([value_sr, found[:1]])
        for d in range(1, self.shape[1]):
            np.minimum(found, with_none.take(self._to(d, better), axis=0), out=found)
        return found

    def rests(self) -> Mask:
        """Where no improvement is open."""
        found = np.ones(len(self.rank_s), dtype=np.bool_)
        for d in range(1, self.shape[1]):
            found &= self._to(d, True) == len(self.rank_s)
        return found

    def _to(self, d: int, better: bool) -> Codes:
        """Where the move leads from each state, S where it is closed, (S,)."""
        key = (d, better and self.carried is None)
        if key in self._kept:
            return self._kept[key]
        size = len(self.rank_s)
        here = np.arange(size)
        there = here ^ d * self.shape[2]
        open_ = (self.rank_s >= 0) & (self.rank_s[there] >= 0)
        if self.carried is not None:
            open_ &= self.carried[d]
        elif better:
            open_ &= self.rank_s[there] > self.rank_s
        open_ &= here & (d & self.one_off) * self.shape[2] == 0
        there[~open_] = size
        if there.nbytes * self.shape[1] <= _KEPT_BYTES:
            self._kept[key] = there
        return there


@final
class Arcs(Mover):
    """Moves given one by one.

    Args:
        rank_s: the party's places, (S,).
        arc_a2: moves, pairs of states sorted by the first, (A, 2).
    """

    def __init__(self, rank_s: Places, arc_a2: Codes) -> None:
        self.rank_s = rank_s
        self.shape = (1, len(rank_s), 1)
        gains = rank_s[arc_a2[:, 1]] > rank_s[arc_a2[:, 0]]
        self._arcs = {False: arc_a2, True: arc_a2[gains]}

    def lowest(self, value_sr: Places, *, better: bool) -> Places:
        """Answers as `Mover.lowest` does."""
        found = np.full_like(value_sr, NONE)
        arcs = self._arcs[better]
        if len(arcs):
            first = np.flatnonzero(np.diff(arcs[:, 0], prepend=-1))
            found[arcs[first, 0]] = np.minimum.reduceat(value_sr[arcs[:, 1]], first, axis=0)
        return found

    def rests(self) -> Mask:
        """Where no arc leads to something better."""
        found = np.ones(len(self.rank_s), dtype=np.bool_)
        found[self._arcs[True][:, 0]] = False
        return found


@final
@dataclass(frozen=True, eq=False)
class Game:
    """What the concepts are computed from.

    Attributes:
        rank_is: place of each state for each party, equals share one; −1 if infeasible, (n, S).
        movers: the moves of each party.
        feasible_s: which states can exist, (S,); None if all.
        chained: whether two moves of one party in a row might lead where one cannot, so that the
            rule that nobody moves twice in succession matters.
        reversible: whether every party sets its bits as it likes, whatever the others do.
        copies: how many conflicts stand one after another in the states.
    """

    rank_is: Places
    movers: tuple[Mover, ...]
    feasible_s: Mask | None
    chained: bool
    reversible: bool
    copies: int = 1


#: Games of conflicts that are still asked about: votes inside blocs take a while to count.
_GAMES: WeakKeyDictionary[Conflict, Game] = WeakKeyDictionary()


def game_of(conflict: Conflict | ListedConflict) -> Game:
    """The game of a conflict at its payoffs."""
    if isinstance(conflict, ListedConflict):
        movers = tuple(map(Arcs, conflict.rank_is, conflict.arcs))
        return Game(conflict.rank_is, movers, None, chained=True, reversible=False)
    if conflict not in _GAMES:
        _GAMES[conflict] = stacked_game([conflict])
    return _GAMES[conflict]


def stacked_game(conflicts: Sequence[Conflict], within: Mask | None = None) -> Game:
    """Conflicts that differ in their payoffs only as one game, their states one after another.

    No party owns the bits that tell the copies apart, so that no move leads from one to another.

    Args:
        conflicts: at least one.
        within: states in which blocs vote, (S,); elsewhere they are taken to stay. All if None.
    """
    first = conflicts[0]
    space, parties = first.space, first.parties
    rank = np.concatenate([c.rank_is for c in conflicts], axis=1)
    blocs = any(p.is_bloc for p in parties)
    feasible = None if space.all_feasible else np.tile(space.feasible_s, len(conflicts))
    return Game(
        rank,
        tuple(_mover(conflicts, i, rank[i], blocs, within) for i in range(len(rank))),
        feasible,
        chained=blocs,
        reversible=feasible is None and not blocs and not space.one_off,
        copies=len(conflicts),
    )


def _mover(
    conflicts: Sequence[Conflict], party: int, rank_s: Places, blocs: bool, within: Mask | None
) -> Mover:
    space = conflicts[0].space
    low, count = space.span(party)
    one_off = (space.one_off & space.own(party)) >> low
    if conflicts[0].parties[party].is_bloc:
        carried = _carried(conflicts, party, low, count, within)
        return Steps(rank_s, low, count, one_off, carried)
    if blocs or one_off:
        return Steps(rank_s, low, count, one_off)
    return Lines(rank_s, low, count)


def _carried(
    conflicts: Sequence[Conflict], party: int, low: int, count: int, within: Mask | None
) -> Mask:
    """Which moves the rules of a bloc carry, by the bits that change, (2^b, S)."""
    first = conflicts[0]
    payoff_ms = np.concatenate([c.payoffs.members(party) for c in conflicts], axis=1)
    members = (first.parties[party], payoff_ms)
    codes = np.arange(payoff_ms.shape[1])
    if within is not None:
        codes = codes[np.tile(within, len(conflicts))]
    one_off = first.space.one_off
    found = np.zeros((1 << count, payoff_ms.shape[1]), dtype=np.bool_)
    for d in range(1, 1 << count):
        able = codes[codes & (d << low) & one_off == 0]
        found[d, able] = bloc_moves(first.space, party, members, able, able ^ (d << low))
    return found
