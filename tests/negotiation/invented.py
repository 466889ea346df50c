"""Invented conflicts of every kind, and their graphs for the published definitions."""

from __future__ import annotations

import numpy as np
from published import Graph

from detente.negotiation import (
    Conflict,
    ListedConflict,
    Measure,
    NegotiationError,
    Party,
    Unanimity,
    WeightedVotes,
)


def invented(rng: np.random.Generator, kind: str) -> Conflict:
    """Two to five parties with up to six measures.

    Args:
        rng: of everything in it.
        kind: `free`; `masked` with forbidden patterns and one-off measures; `blocs` with blocs too.
    """
    n = int(rng.integers(2, 6))
    m = int(rng.integers(n, 7))
    names = [f"M{k}" for k in range(m)]
    owners = rng.permutation([*range(n), *rng.integers(0, n, m - n)])
    parties = [_party(rng, i, bloc=kind == "blocs" and rng.random() < 0.5) for i in range(n)]
    measures = []
    for name, owner in zip(names, owners, strict=True):
        one_off = kind != "free" and rng.random() < 0.3
        lapses = kind == "blocs" and not one_off and rng.random() < 0.4
        expiry = "lapses" if lapses else "stays"
        # Some of what one owner lets lapse is renewed by one decision.
        bundle = f"D{owner}" if lapses and rng.random() < 0.6 else ""
        measures.append(
            Measure(name, f"P{owner}", reversible=not one_off, expiry=expiry, renewed_with=bundle)
        )
    pairs = [rng.choice(names, 2, replace=False) for _ in range(rng.integers(0, 3))]
    forbidden = (
        []
        if kind == "free"
        else [{str(a): bool(rng.integers(2)), str(b): bool(rng.integers(2))} for a, b in pairs]
    )
    # Few distinct payoffs make ties, on which the definitions turn.
    distinct = int(rng.choice([4, 2**m]))
    money = {h: rng.integers(0, distinct, 2**m) for p in parties for h in p.holders}
    while True:
        status_quo = [name for name in names if rng.random() < 0.5]
        try:
            return Conflict.of(
                parties,
                measures,
                status_quo=status_quo,
                money=money,
                trade=names,
                forbidden=forbidden,
            )
        except NegotiationError:
            forbidden = forbidden[:-1]


def _party(rng: np.random.Generator, i: int, *, bloc: bool) -> Party:
    if not bloc:
        return Party(f"P{i}")
    members = (f"P{i}a", f"P{i}b", f"P{i}c")
    if rng.random() < 0.4:
        return Party(f"P{i}", rule=Unanimity(members))
    return Party(f"P{i}", rule=WeightedVotes(members, (2, 1, 1), int(rng.integers(2, 4))))


def graph_of(conflict: Conflict) -> Graph:
    """Its moves and preferences, state by state."""
    space = conflict.space
    moves, improves, payoff = [], [], []
    for i, party in enumerate(conflict.parties):
        total = conflict.payoffs.total_is[i].tolist()
        own = {
            s: [t for t in range(space.size) if _can(conflict, i, s, t)] for s in range(space.size)
        }
        carried = {s: [t for t in to if _carries(conflict, i, s, t)] for s, to in own.items()}
        better = {s: [t for t in to if total[t] > total[s]] for s, to in own.items()}
        moves.append((carried if party.is_bloc else own).__getitem__)
        improves.append((carried if party.is_bloc else better).__getitem__)
        payoff.append(total.__getitem__)
    return Graph(tuple(moves), tuple(improves), tuple(payoff))


def _can(conflict: Conflict, party: int, before: int, after: int) -> bool:
    space = conflict.space
    foreign = sum(1 << b for b, owner in enumerate(space.owner_b.tolist()) if owner != party)
    if (before ^ after) & foreign:
        return False
    changed = [b for b in range(len(space.bits)) if (before ^ after) >> b & 1]
    return bool(changed and space.feasible_s[before] and space.feasible_s[after]) and all(
        space.reversible_b[b] or after >> b & 1 for b in changed
    )


def _carries(conflict: Conflict, party: int, before: int, after: int) -> bool:
    """A bloc's decision from its members' gains, one measure after the other."""
    bloc, space = conflict.parties[party], conflict.space
    if not bloc.is_bloc:
        return False
    payoff = conflict.payoffs.members(party)
    gain = payoff[:, after] - payoff[:, before]
    if gain.max() <= 0:
        return False
    rule = bloc.rule
    for measure in space.measures:
        b = space.bits.index(measure.name)
        if (before ^ after) >> b & 1:
            carried = bool(rule.accepts(gain))
            lapses = measure.expiry == "lapses" and before >> b & 1
            others = [
                space.bits.index(m.name)
                for m in space.measures
                if measure.renewed_with and m.renewed_with == measure.renewed_with
            ]
            lapses = lapses and not any(after >> other & 1 for other in others)
            if not carried and not (lapses and not rule.accepts(-gain)):
                return False
    return True


def invented_list(rng: np.random.Generator) -> tuple[ListedConflict, Graph]:
    """Any arcs between up to nine states, and orders with ties."""
    n, size = int(rng.integers(2, 5)), int(rng.integers(3, 10))
    arcs = [
        {s: [t for t in range(size) if t != s and rng.random() < 0.25] for s in range(size)}
        for _ in range(n)
    ]
    heights = rng.integers(0, rng.choice([3, size]), (n, size))
    orders = {
        f"P{i}": [
            [str(s) for s in np.flatnonzero(h == x)] for x in sorted(set(h.tolist()), reverse=True)
        ]
        for i, h in enumerate(heights)
    }
    listed = ListedConflict.of(
        [str(s) for s in range(size)],
        {
            f"P{i}": {str(s): [str(t) for t in to] for s, to in a.items()}
            for i, a in enumerate(arcs)
        },
        orders,
    )
    improves = [
        {s: [t for t in to if h[t] > h[s]] for s, to in a.items()}
        for a, h in zip(arcs, heights, strict=True)
    ]
    graph = Graph(
        tuple(a.__getitem__ for a in arcs),
        tuple(a.__getitem__ for a in improves),
        tuple(h.__getitem__ for h in heights.tolist()),
    )
    return listed, graph


def elmira() -> ListedConflict:
    """The Elmira conflict of 1991 over polluted ground water, nine states.

    The Ministry of the Environment may modify its order, Uniroyal delay, accept or abandon, the
    local government insist; the ninth state is the plant abandoned. Fang, Hipel & Kilgour (1993).
    """
    states = [str(s) for s in range(1, 10)]
    moves = {
        "the MoE": {"1": "2", "3": "4", "5": "6", "7": "8"},
        "Uniroyal": {
            "1": "39", "2": "49", "3": "9", "4": "9", "5": "79", "6": "89", "7": "9", "8": "9"
        },
        "the local government": {
            "1": "5", "5": "1", "2": "6", "6": "2", "3": "7", "7": "3", "4": "8", "8": "4"
        },
    }  # fmt: skip
    orders = {
        "the MoE": "734851269",
        "Uniroyal": "148593726",
        "the local government": "735186429",
    }
    return ListedConflict.of(states, moves, orders)
