"""What each move is worth in money, and why parties hold or move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array
from detente.analysis.measure_effects import NOISE
from detente.analysis.negotiation.conflict import Bargaining, holders_money
from detente.analysis.negotiation.trade_settings import MoveMoney
from detente.negotiation import Why, why

if TYPE_CHECKING:
    from detente.cases import ObservedMove


LEVEL = 0.9


def moves_money(setting: Bargaining) -> tuple[MoveMoney, ...]:
    """Every trade move switched at the status quo, then those that change together.

    These are moves that hold each other in place, and what lapses by one decision.
    """
    if setting.money is None:
        return ()
    single = [move_money(setting, [m]) for m in setting.money.trade]
    on = {m.id for m, is_on in zip(setting.terms.moves, setting.terms.status_quo_m, strict=True)
          if is_on}  # fmt: skip
    idle = [m.measures[0] for m in single if m.measures[0] in on and _small(m)]
    found = list(single)
    if len(idle) > 1:
        both = move_money(setting, idle)
        if not _small(both):
            found.append(both)
    for bundle in setting.bundles.values():
        lapsing = [m for m in bundle if m in setting.money.trade]
        if len(lapsing) > 1 and set(lapsing) <= on:
            found.append(move_money(setting, lapsing))
    return tuple(found)


def _small(move: MoveMoney) -> bool:
    inside = [abs(g) for _, g in move.members]
    return max([*map(abs, move.gain), *inside], default=0.0) < NOISE


def move_money(setting: Bargaining, measures: Sequence[str]) -> MoveMoney:
    """What switching some trade measures together is worth to every party with an economy."""
    money, conflict = setting.money, setting.conflict
    assert money is not None
    after = money.here ^ sum(1 << money.trade.index(m) for m in measures)
    place = {c: n for n, c in enumerate(money.countries)}
    voices = [v for v in setting.terms.parties if any(c in place for c in v.members)]
    rows = [[place[c] for c in v.members if c in place] for v in voices]
    change_n = money.variation_qn[after] - money.variation_qn[money.here]
    gain = tuple(float(change_n[r].sum()) for r in rows)
    low, high = gain, gain
    if money.drawn_dqn is not None:
        drawn = money.drawn_dqn[:, after] - money.drawn_dqn[:, money.here]
        tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        ends = [np.quantile(drawn[:, r].sum(axis=1), tails) for r in rows]
        low = tuple(float(e[0]) for e in ends)
        high = tuple(float(e[1]) for e in ends)
    state = setting.status_quo ^ setting.code(measures)
    owners = setting.owners(setting.status_quo ^ state)
    blocs = [p for p in owners if conflict.parties[conflict.index(p)].is_bloc]
    members: tuple[tuple[str, float], ...] = ()
    if blocs:
        codes = conflict.parties[conflict.index(blocs[0])].members
        members = tuple((c, float(change_n[place[c]])) for c in codes if c in place)
    return MoveMoney(
        tuple(measures),
        conflict.change(setting.status_quo, state),
        owners,
        tuple(v.id for v in voices),
        gain,
        low,
        high,
        members,
    )


def drawn_holders(setting: Bargaining) -> Array | None:
    """Money by draw, holder and setting, to the grain, (D, H, Q); None without draws."""
    money = setting.money
    if money is None or money.drawn_dqn is None:
        return None
    parties = setting.conflict.parties
    return np.array(
        [
            list(holders_money(parties, setting.terms, money, value_qn).values())
            for value_qn in money.drawn_dqn
        ]
    )


def whys_of(setting: Bargaining) -> tuple[Why, ...]:
    """For each party, why it moved as it was observed to do next, or why it holds."""
    drawn = drawn_holders(setting)
    return tuple(
        why(
            setting.conflict,
            party,
            moved_to=_moved_to(setting, party),
            money_dhq=drawn,
            level=LEVEL,
        )
        for party in setting.conflict.names
    )


def _moved_to(setting: Bargaining, party: str) -> int | None:
    """The state to which the party's next observed move leads; None if it was not seen to move."""
    for event in next_moves(setting, party):
        state = setting.status_quo
        bits = setting.code(event.measures)
        state = state | bits if event.move == "adopt" else state & ~bits
        if state != setting.status_quo and setting.conflict.space.feasible_s[state]:
            return state
    return None


def next_moves(setting: Bargaining, party: str) -> Iterator[ObservedMove]:
    """The changes that a party was seen to make on the day of the negotiation or later, in time."""
    known = set(setting.conflict.space.bits)
    for event in setting.case.observed:
        later = event.move != "keep" and event.date >= setting.terms.day
        if later and event.party == party and set(event.measures) <= known:
            yield event
