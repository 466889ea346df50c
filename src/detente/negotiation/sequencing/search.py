"""The search for an order of steps that every party would rather go on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

import numpy as np

from detente._types import Array, Codes
from detente.negotiation.errors import near, require
from detente.negotiation.sequencing.gradualism import Regime, regime
from detente.negotiation.sequencing.orders import (
    Checked,
    best_order,
    check,
    least_patience,
    possible,
    rounding,
    sweep,
)
from detente.negotiation.sequencing.sequences import Order, Patience, Sequences, Unravelling
from detente.negotiation.sequencing.steps import Exchange, orders_of

#: Packages up to this many steps are tried in every order.
ALL_ORDERS = 8
_SHOWN = 5040
_KEPT = 20_000
_EXACT_STEPS = 14


def find_sequences(
    exchange: Exchange,
    *,
    weights: Mapping[str, float] | None = None,
    orders: Sequence[Sequence[str]] | None = None,
) -> Sequences:
    """The best order of steps that enforces itself, and where the others unravel.

    Small packages are tried in every order. Larger ones are swept once over the lattice of subsets,
    which either finds an order, or proves that there is none, or leaves it open; where it is open,
    all continuations that no other beats are kept, as long as they are few.

    Args:
        exchange: the steps, what every part of them pays, and the parties' patience.
        weights: by party, in what is best: the largest Σ w(1 − δ)V; 1 if None.
        orders: the only orders that are possible, names of all steps in turn; every order if None.

    Returns:
        Sequences: the best order that enforces itself, or the one that falls short by least.

    Raises:
        NegotiationError: for weights of strangers or that are not above 0, and for wrong orders.
    """
    given = dict(weights or {})
    require(_weight_faults(exchange, given))
    weight_p = np.array([given.get(p, 1.0) for p in exchange.parties])
    if orders is not None:
        return _by_trying(exchange, weight_p, orders_of(exchange, orders))
    if len(exchange.steps) <= ALL_ORDERS:
        every = np.array(list(permutations(range(len(exchange.steps)))), dtype=np.int64)
        return _by_trying(exchange, weight_p, every)
    return _by_sweeping(exchange, weight_p)


def _weight_faults(exchange: Exchange, weights: Mapping[str, float]) -> Iterator[str]:
    for name, weight in weights.items():
        if name not in exchange.parties:
            yield f"A weight is given to {name!r}. {near(name, exchange.parties)}"
        if not (np.isfinite(weight) and weight > 0):
            yield f"The weight of {name} is {weight}: a finite number above 0 is needed."


def explain_orders(exchange: Exchange, orders: Sequence[Sequence[str]]) -> tuple[Order, ...]:
    """What holds given orders together, or where each unravels.

    Args:
        exchange: the package.
        orders: names of all steps in turn, for each order.

    Returns:
        tuple: an `Order` for each, with the patience that it needs and where it unravels.

    Raises:
        NegotiationError: for an order that is not one of all steps.
    """
    checked = check(exchange, orders_of(exchange, orders))
    return _orders(exchange, checked, np.arange(len(orders)))


def regime_of(exchange: Exchange, order: Sequence[str]) -> Regime:
    """What the sizes of the steps of one order show: each is what it is worth to the others.

    Args:
        exchange: the package.
        order: names of all steps in turn.

    Returns:
        Regime: as in `regime`.

    Raises:
        NegotiationError: for an order that is not one of all steps.
    """
    return _regime(exchange, orders_of(exchange, [order])[0])


def _by_trying(exchange: Exchange, weight_p: Array, every: Codes) -> Sequences:
    checked = check(exchange, every)
    least_n = checked.slack_nt.min(axis=1)
    holds = least_n >= -float(rounding(exchange).max())
    judged = checked.value_ntp[:, 0] @ (weight_p * (1 - exchange.delta_p))
    ranked = np.lexsort((-judged, -np.where(holds, 0.0, least_n), ~holds))
    orders = _orders(exchange, checked, ranked[:_SHOWN])
    return _result(
        exchange,
        orders,
        exact=True,
        count=int(holds.sum()),
        tried=len(every),
        place_m=every[ranked[0]],
    )


def _by_sweeping(exchange: Exchange, weight_p: Array) -> Sequences:
    order, exact = sweep(exchange, weight_p).order(), False
    if not order:
        may = possible(exchange)
        exact = not bool(may[0])
        if not exact and len(exchange.steps) <= _EXACT_STEPS:
            found = best_order(exchange, weight_p, may, _KEPT)
            order, exact = found.order, found.exact
    if not order:
        order = _greedy(exchange, weight_p)
    place_m = np.array(order, dtype=np.int64)
    checked = check(exchange, place_m[None, :])
    return _result(
        exchange,
        _orders(exchange, checked, np.zeros(1, dtype=np.int64)),
        exact=exact,
        count=None,
        tried=0,
        place_m=place_m,
    )


def _greedy(exchange: Exchange, weight_p: Array) -> tuple[int, ...]:
    """An order to show where none was found: at each turn the step with the largest sum."""
    code, order = 0, []
    for _ in exchange.steps:
        left = [j for j in range(len(exchange.steps)) if not code >> j & 1]
        paid = [exchange.payoff_sp[code | 1 << j] + exchange.once_jp[j] for j in left]
        order.append(left[int(np.argmax(np.array(paid) @ weight_p))])
        code |= 1 << order[-1]
    return tuple(order)


def _result(
    exchange: Exchange,
    orders: tuple[Order, ...],
    *,
    exact: bool,
    count: int | None,
    tried: int,
    place_m: Codes,
) -> Sequences:
    first = orders[0]
    bounds = [least_patience(exchange, place_m, p) for p in range(len(exchange.parties))]
    return Sequences(
        best=first if first.enforces_itself else None,
        exact=exact,
        count=count,
        tried=tried,
        orders=orders,
        patience=tuple(
            Patience(party, delta, *(b or (None, None)))
            for party, delta, b in zip(exchange.parties, exchange.patience, bounds, strict=True)
        ),
        regime=_regime(exchange, place_m),
        nearest=None if first.enforces_itself else first,
    )


def _regime(exchange: Exchange, order_m: Codes) -> Regime:
    """Sizes of the steps of an order: what each is worth to the others from then on."""
    state_t = np.concatenate([[0], np.cumsum(1 << order_m)])
    lasting = np.diff(exchange.payoff_sp[state_t], axis=0) / (1 - exchange.delta_p)
    worth_tp = lasting + exchange.once_jp[order_m]
    owner_t = exchange.owner_j[order_m]
    owners = [p for p in range(len(exchange.parties)) if (owner_t == p).any()]
    sizes = [
        [float(worth_tp[t].sum() - worth_tp[t, p]) for t in np.flatnonzero(owner_t == p)]
        for p in owners
    ]
    return regime([exchange.parties[p] for p in owners], sizes)


def _orders(exchange: Exchange, checked: Checked, chosen: Codes) -> tuple[Order, ...]:
    trust_nt = _trust(exchange, checked)
    stay = tuple(float(v) for v in exchange.payoff_sp[0] / (1 - exchange.delta_p))
    found = []
    for n in chosen.tolist():
        steps = [exchange.steps[j] for j in checked.order_nm[n].tolist()]
        found.append(
            Order(
                steps=tuple(s.name for s in steps),
                owners=tuple(s.owner for s in steps),
                parties=exchange.parties,
                value=tuple(checked.value_ntp[n, 0].tolist()),
                stay=stay,
                slack=tuple(checked.slack_nt[n].tolist()),
                trust=tuple(trust_nt[n].tolist()),
                unravelling=_unravelling(exchange, checked, n),
            )
        )
    return tuple(found)


def _unravelling(exchange: Exchange, checked: Checked, n: int) -> Unravelling | None:
    """The last turn at which somebody would not go on: everything before hangs on it."""
    short = np.flatnonzero(checked.slack_nt[n] < -float(rounding(exchange).max()))
    if not len(short):
        return None
    t = int(short[-1])
    both = np.stack([checked.withhold_ntp[n, t], checked.roll_back_ntp[n, t]])
    way, p = np.unravel_index(int(np.argmin(both)), both.shape)
    size = len(exchange.steps)
    return Unravelling(
        turn=t + 1,
        step="" if t == size else exchange.steps[int(checked.order_nm[n, t])].name,
        party=exchange.parties[int(p)],
        way="withholding" if way == 0 else "rolling back",
        amount=-float(both[way, p]),
    )


def _trust(exchange: Exchange, checked: Checked) -> Array:
    """The chance that the others go on from which the owner of a step would take it, (N, M).

    Kydd's threshold with T = P, because its owner can hold back whatever the others do. The other
    outcome is that they snap back right after the step.
    """
    trust = np.zeros(checked.order_nm.shape)
    owner_nt = exchange.owner_j[checked.order_nm]
    best_ntp = np.minimum(checked.withhold_ntp, checked.roll_back_ntp)
    for p, delta in enumerate(exchange.patience):
        let_down = exchange.alternatives(p, checked.state_nt[:, 1:]).withhold(delta)
        let_down = let_down + exchange.once_jp[checked.order_nm, p]
        gain = best_ntp[:, :-1, p]
        risk = np.maximum(checked.value_ntp[:, :-1, p] - gain - let_down, 0.0)
        total = risk + np.maximum(gain, 0.0)
        share = np.divide(risk, total, out=np.zeros_like(risk), where=total > 0)
        trust = np.where(owner_nt == p, np.where(gain < 0, 1.0, share), trust)
    return trust
