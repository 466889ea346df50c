"""The Pareto front: which of many points no other beats in everything."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente._types import Array, Mask

Places: TypeAlias = NDArray[np.int64]

_BLOCK = 256
_STRIKES = 16
_COMPRESS = 16


def pareto_front(value_kp: Array) -> Places:
    """Points that no other beats: as good for all and better for one.

    Points are taken in falling order of their sum, because a point can only be beaten by one with
    a larger sum; before that, a few strong points strike out most of the others.

    Args:
        value_kp: values of each point for each party, (K, P); more is better.

    Returns:
        Places of the points on the front, rising. Equal points are all on it.
    """
    if value_kp.size == 0:
        return np.zeros(0, dtype=np.int64)
    value_pk = np.ascontiguousarray(value_kp.T)
    places = np.arange(value_pk.shape[1])
    value_pk, places = _struck_by_strong(value_pk, places)
    order = np.argsort(-value_pk.sum(axis=0), kind="stable")
    value_pk, places = np.ascontiguousarray(value_pk[:, order]), places[order]
    front = []
    while len(places):
        block = value_pk[:, :_BLOCK]
        kept = ~_beaten_inside(block)
        front.append(places[:_BLOCK][kept])
        value_pk, places = _struck(value_pk[:, _BLOCK:], places[_BLOCK:], block[:, kept])
    return np.sort(np.concatenate(front))


def _struck_by_strong(value_pk: Array, places: Places) -> tuple[Array, Places]:
    """What is left when points that are good for all, by changing weights, have struck."""
    low = value_pk.min(axis=1)
    span = value_pk.max(axis=1) - low
    rng = np.random.default_rng(0)
    for k in range(_STRIKES):
        if len(places) <= 4 * _BLOCK:
            break
        weight = np.ones(len(span)) if k == 0 else rng.dirichlet(np.ones(len(span)))
        weight = np.divide(weight, span, out=np.zeros_like(span), where=span > 0)
        strong = int(np.argmax(weight @ value_pk))
        value_pk, places = _struck(value_pk, places, value_pk[:, [strong]])
    return value_pk, places


def _struck(value_pk: Array, places: Places, by_pb: Array) -> tuple[Array, Places]:
    """The points that none of others beats."""
    alive = np.ones(len(places), dtype=bool)
    for b in range(by_pb.shape[1]):
        by = by_pb[:, b]
        better = value_pk[0] > by[0]
        for value, own in zip(value_pk[1:], by[1:], strict=True):
            better |= value > own
        not_better = np.flatnonzero(~better)
        # A point that equals the other is not beaten by it.
        beaten = (value_pk[:, not_better] < by[:, None]).any(axis=0)
        alive[not_better[beaten]] = False
        if b % _COMPRESS == 0 or b == by_pb.shape[1] - 1:
            value_pk, places = value_pk[:, alive], places[alive]
            alive = np.ones(len(places), dtype=bool)
    return value_pk, places


def _beaten_inside(block_pk: Array) -> Mask:
    """Which points of a block another point of it beats, (K,)."""
    size = block_pk.shape[1]
    as_good = np.ones((size, size), dtype=bool)
    better = np.zeros((size, size), dtype=bool)
    for value in block_pk:
        as_good &= value[:, None] >= value
        better |= value[:, None] > value
    return np.asarray((as_good & better).any(axis=0))
