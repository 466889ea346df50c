"""Why a party moves or holds, and what its behaviour reveals about what it values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike

from detente._shown import Shown
from detente.negotiation.acceptance import ROUNDING
from detente.negotiation.conflict import Conflict
from detente.negotiation.errors import near, require
from detente.negotiation.words import Cell, Table, beside, listed, upper_first

Behaviour: TypeAlias = Literal["holds", "moves"]


@final
@dataclass(frozen=True)
class OwnMove:
    """One move of a party, and what it would change for it.

    Attributes:
        after: the state to which it leads.
        change: what changes, in words: '‘A’ ends'.
        parts: change of its payoff by component: money, then interests.
        carried: for a bloc, whether its rules would let the move pass at its members' payoffs.
        doing: what the party does by it, in words: 'ending ‘A’'.
        touches: labels of the interests that it changes.
    """

    after: int
    change: str
    parts: tuple[float, ...]
    carried: bool
    doing: str = ""
    touches: tuple[str, ...] = ()

    @property
    def gain(self) -> float:
        """What it gains in all."""
        return sum(self.parts)


@final
@dataclass(frozen=True)
class Stake:
    """A bound on what a party values, revealed by what it does.

    Attributes:
        bound: least (if it holds) or most (if it moves) that what is given up can be worth.
        low: the bound at the low end of the band of money; the bound if no draws were given.
        high: at the high end.
        move: the move that sets it; None where no move does.
        units: how many units of the interest that move gives up; 1 for all interests together.
    """

    bound: float
    low: float
    high: float
    move: OwnMove | None
    units: float = 1.0


@final
@dataclass(frozen=True, eq=False, repr=False)
class Why(Shown):
    """What a party's own moves would change, and the stake that its behaviour implies.

    Attributes:
        party: its label.
        state: the state in words.
        components: names of the parts of a payoff.
        moves: its moves, the most profitable in money first.
        behaviour: whether it holds or moves.
        interest: label of what the stake is about; everything but money if empty.
        stake: the implied stake.
        unit: of money.
        before: code of the state.
    """

    party: str
    state: str
    components: tuple[str, ...]
    moves: tuple[OwnMove, ...]
    behaviour: Behaviour
    interest: str
    stake: Stake
    unit: str
    before: int

    def __str__(self) -> str:
        who = upper_first(self.party)
        move = self.stake.move
        if move is None:
            about = self.interest or "what it would give up besides money"
            return f"{who} {self.behaviour}: none of its moves changes {about}."
        money = move.parts[0]
        bound = self.stake.bound
        verb = "bring" if money >= 0 else "cost"
        if self.behaviour == "moves":
            verb += "s"
        aux = "would " if self.behaviour == "holds" else ""
        most = "at least" if self.behaviour == "holds" else "at most"
        plain = math.isclose(bound, abs(money)) and self.stake.units == 1
        amount = "that" if plain else f"{beside(bound, self._ends)} {self.unit}"
        size = f"{beside(abs(money), self._ends if plain else None)} {self.unit}"
        fact = f"{who} {self.behaviour}: {move.doing} {aux}{verb} {size}"
        if self.behaviour == "holds" and bound <= 0:
            return f"{fact}. Money and what else is stated explain that it holds."
        each = "" if self.stake.units == 1 else " for each unit"
        doing = "Holding" if self.behaviour == "holds" else "Moving"
        return (
            f"{fact}. {doing} is rational only if {self._about(move)} is worth {most} "
            f"{amount}{each}."
        )

    def _about(self, move: OwnMove) -> str:
        if self.interest:
            return self.interest
        named = f" ({listed(move.touches)})" if move.touches else ""
        return f"what it would give up besides money{named}"

    @property
    def _ends(self) -> tuple[float, float]:
        return self.stake.low, self.stake.high

    def table(self) -> Table:
        """A row for each move, the change of the payoff by component."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (m.after, m.change, *m.parts, m.gain, m.carried) for m in self.moves
        )
        return Table(("code", "change", *self.components, "in all", "carried"), rows)

    def _lines(self) -> Sequence[str]:
        return (str(self),)


def why(
    conflict: Conflict,
    party: str,
    *,
    state: int | None = None,
    moved_to: int | None = None,
    interest: str = "",
    money_dhq: ArrayLike | None = None,
    level: float = 0.9,
) -> Why:
    """Why a party holds at a state or left it, and the implied stake.

    If it holds, no own move can be worth more to it: what a move would give up has to be worth at
    least what the move would bring otherwise. If it moved, at most. For a bloc the bound is for all
    members together.

    Args:
        conflict: the conflict.
        party: name of the party.
        state: where it holds, or which it left; the status quo if None.
        moved_to: where it moved; it holds if None.
        interest: name of the interest that the stake is about, the others at their stated values;
            everything that is not money if empty.
        money_dhq: money by draw, holder and setting, for the band, (D, H, Q).
        level: probability that the central band of the draws has.

    Returns:
        Why: whether it held or moved, and the bound on its stake, in the unit of its payoffs.

    Raises:
        NegotiationError: for an unknown party or interest, or a move that it cannot make.
    """
    i = conflict.index(party)
    here = conflict.status_quo if state is None else state
    there = conflict.space.reachable(here, i)
    names = [k.name for k in conflict.payoffs.interests]
    faults = []
    if interest and interest not in names:
        faults.append(f"{interest!r} is no interest. {near(interest, names)}")
    if moved_to is not None and moved_to not in there:
        faults.append(
            f"{conflict.labels[i]} cannot move from {conflict.label(here)} to "
            f"{conflict.label(moved_to)} by itself."
        )
    require(faults)
    parts = conflict.payoffs.components(i, there) - conflict.payoffs.components(i, [here])
    carried = conflict.prefers(i, np.full_like(there, here), there)
    own = [
        _own_move(conflict, here, int(t), tuple(map(float, p)), bool(c))
        for t, p, c in zip(there, parts.T, carried, strict=True)
    ]
    judged = own if moved_to is None else [m for m in own if m.after == moved_to]
    stake = _stake(conflict, i, here, judged, interest, moved_to is not None, money_dhq, level)
    return Why(
        conflict.labels[i],
        conflict.label(here),
        conflict.payoffs.names,
        tuple(sorted(own, key=lambda m: -m.parts[0])),
        "holds" if moved_to is None else "moves",
        conflict.payoffs.interests[names.index(interest)].label if interest else "",
        stake,
        conflict.payoffs.unit,
        here,
    )


def _own_move(
    conflict: Conflict, here: int, after: int, parts: tuple[float, ...], carried: bool
) -> OwnMove:
    effect_ks, space = conflict.payoffs.effect_ks, conflict.space
    touches = tuple(
        interest.label or interest.name
        for k, interest in enumerate(conflict.payoffs.interests)
        if effect_ks[k, after] != effect_ks[k, here]
    )
    words = (space.change(here, after), space.doing(here, after))
    return OwnMove(after, words[0], parts, carried, words[1], touches)


def _stake(
    conflict: Conflict,
    party: int,
    here: int,
    moves: list[OwnMove],
    interest: str,
    moved: bool,
    money_dhq: ArrayLike | None,
    level: float,
) -> Stake:
    """The tightest bound that the moves set, and its band over draws of money."""
    payoffs = conflict.payoffs
    there = np.array([m.after for m in moves], dtype=np.int64)
    if interest:
        k = [x.name for x in payoffs.interests].index(interest)
        given_up = payoffs.effect_ks[k, here] - payoffs.effect_ks[k, there]
        rest = np.array([sum(m.parts) - m.parts[1 + k] - m.parts[0] for m in moves])
    else:
        given_up, rest = np.ones(len(moves)), np.zeros(len(moves))
    at = np.flatnonzero(given_up > 0)
    if not len(at):
        return Stake(math.nan, math.nan, math.nan, None)
    money = np.array([moves[a].parts[0] for a in at])
    bound = (money + rest[at]) / given_up[at]
    # Of moves that set the same bound, the one that changes least says why.
    most = np.flatnonzero(bound >= bound.max() - ROUNDING * max(1.0, abs(float(bound.max()))))
    first = int(min(most, key=lambda a: int(there[at[a]] ^ here).bit_count()))
    low = high = float(bound[first])
    if money_dhq is not None:
        rows = payoffs.party_h == party
        drawn = np.asarray(money_dhq, dtype=float)[:, rows].sum(axis=1)
        gain = drawn[:, payoffs.setting_s[there[at]]] - drawn[:, [payoffs.setting_s[here]]]
        bounds = (gain + rest[at]) / given_up[at]
        each = bounds[:, first] if moved else bounds.max(axis=1)
        low, high = np.quantile(each, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Stake(float(bound[first]), low, high, moves[at[first]], float(given_up[at[first]]))
