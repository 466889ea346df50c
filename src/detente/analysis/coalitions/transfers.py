"""Transfers among the members of a coalition that make all lose the same share of their income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.trade import NotConverged, Shock

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.context import Context
    from detente.trade import Equilibrium


_ROUNDS = 30
#: Largest distance of a relative loss from the mean, as a fraction of income.
_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Sharing:
    """Transfers that equalise relative losses, and the equilibrium with them.

    Attributes:
        amount_n: received, USD million a year; sums to zero; 0 outside the coalition, (N,).
        change: of real income against nobody acting, the same fraction for every country of the
            coalition.
        equilibrium: with the transfers paid.
        rounds: equilibria that it took.
    """

    amount_n: Array = field(repr=False)
    change: float
    equilibrium: Equilibrium = field(repr=False)
    rounds: int


def equalise(
    context: Context,
    shock: Shock,
    at: Sequence[int],
    *,
    nobody_n: Array | None = None,
    start: Equilibrium | None = None,
) -> Sharing:
    """Transfers after which every country of a coalition loses the same share of its real income.

    Chowdhry, Hinz, Kamin & Wanner (2024, Economic Policy 39(118)) compute such transfers from the
    losses. Here they are paid in the equilibrium, so that what they do to prices and wages is in:
    dearer donors and recipients shift the terms of trade, and the losses with them.

    Args:
        context: where.
        shock: what the coalition does.
        at: positions of its countries.
        nobody_n: every country's equivalent variation where nobody acts, against which losses are
            counted, USD million a year, (N,); none if None.
        start: the equilibrium without transfers, to start from.

    Raises:
        NotConverged: no such transfers were found, which says how far it got.
    """
    world = context.world
    inside = np.array(at)
    paid = np.zeros(len(world.countries))
    now = start if start is not None else context.solve(shock)
    # Real incomes where nobody acts, in which measures of others and a rule of transfers count.
    before = now.base_income_n[inside] + (0.0 if nobody_n is None else nobody_n[inside])
    for rounds in range(_ROUNDS):
        real = now.base_income_n[inside] * np.exp(now.log_welfare_n[inside])
        change = real / before - 1
        mean = float(change @ before / before.sum())
        gap = mean - change
        if np.abs(gap).max() <= _EXACT:
            return Sharing(paid, mean, now, rounds)
        # A dollar received raises the equivalent variation by nearly a dollar.
        step = gap * before * np.exp(now.solution.point.log_final_price_n[inside])
        paid = paid.copy()
        paid[inside] += step - step.sum() * before / before.sum()
        paid[inside] -= paid[inside].sum() / len(inside)
        now = context.solve(shock + Shock(transfer_n=paid), start=now)
    raise NotConverged(
        f"Transfers that equalise losses were not found in {_ROUNDS} rounds: relative losses still "
        f"differ by {np.abs(gap).max():.1e} of income.",
        "Ask for a tighter tolerance of the solver.",
    )
