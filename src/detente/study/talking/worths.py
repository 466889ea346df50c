"""How the values of the talks that are drawn move what every holder values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.study.talking.bargaining import Bargaining, holder_worth
from detente.study.talking.checking import Observed
from detente.talks import Range

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Worth:
    """How payoffs hang on the drawn values of the talks.

    Attributes:
        ranges: what is drawn: valuations, then patience and reservation by party.
        valued: how many of these are valuations.
        base_v: value of each holder's valuations at central values, (V,).
        slope_vp: change of each per unit of each drawn valuation, (V, valued).
        event_hk: by observed move, worth of its holders at central values.
        event_slope: the same per unit of each drawn valuation, (valued, H, K).
        ratifier_rk: worth of the ratifiers, (R, K).
        ratifier_slope: the same per unit of each drawn valuation, (valued, R, K).
    """

    ranges: tuple[Range, ...]
    valued: int
    base_v: Array = field(repr=False)
    slope_vp: Array = field(repr=False)
    event_hk: tuple[Array, ...] = field(repr=False)
    event_slope: tuple[Array, ...] = field(repr=False)
    ratifier_rk: Array = field(repr=False)
    ratifier_slope: Array = field(repr=False)


def worth_of_draws(setting: Bargaining, seen: Sequence[Observed]) -> Worth:
    """The drawn values of a case and what each does to every holder's valuations."""
    case = setting.case
    known = [u for u in case.uncertainties if u.low < u.high]
    valuations = [u for u in known if u.name.startswith("valuations.")]
    parties_own = [u for u in known if u.name.startswith(("patience.", "reservation."))]
    parties = setting.conflict.parties

    def stacked(values: dict[str, float]) -> tuple[Array, list[Array], Array]:
        terms = (case.with_parameters(values) if values else case).talks_terms(setting.terms.day)
        worth = holder_worth(terms, parties, setting.size)
        by_holder = dict(worth)
        return (
            np.concatenate([w for _, w in worth]),
            [np.array([by_holder[h] for h in s.holders]) for s in seen],
            terms.worth_ik[[terms.place(r) for r in setting.ratifiers]],
        )

    base, events, ratifiers = stacked({})
    slopes, event_slopes, ratifier_slopes = [], [], []
    for u in valuations:
        # Worth is linear in every value on one side of zero, where a member has a value of its own
        # or none: a step away from zero gives the slope exactly.
        step = math.copysign(max(1.0, abs(u.value)), u.value)
        moved, moved_events, moved_ratifiers = stacked({u.name: u.value + step})
        ratifier_slopes.append((moved_ratifiers - ratifiers) / step)
        slopes.append((moved - base) / step)
        event_slopes.append([(m - e) / step for m, e in zip(moved_events, events, strict=True)])
    return Worth(
        tuple(Range(u.name, u.value, u.low, u.high) for u in (*valuations, *parties_own)),
        len(valuations),
        base,
        np.array(slopes).reshape(len(valuations), len(base)).T,
        tuple(events),
        tuple(
            np.array([e[k] for e in event_slopes]).reshape(len(valuations), *events[k].shape)
            for k in range(len(seen))
        ),
        ratifiers,
        np.array(ratifier_slopes).reshape(len(valuations), *ratifiers.shape),
    )
