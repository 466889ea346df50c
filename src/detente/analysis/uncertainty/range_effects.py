"""What each assumption alone moves: the measures with one parameter at either end of its range."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.idle_controls import idle_controls
from detente.analysis.scenarios import Scenarios
from detente.cases import CaseError
from detente.trade import NotConverged, ShockError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente._types import Array


@dataclass(frozen=True, eq=False)
class RangeEffects:
    """What the measures in force do to every economy, one parameter changed at a time.

    Attributes:
        parameters: names of those with a range that moves something.
        now_n: at the values of the case, USD million a year, (N,).
        low_pn: with each parameter at the lowest value of its range, (P, N); NaN where no prices
            can meet it.
        high_pn: with each at the highest, (P, N).
    """

    parameters: tuple[str, ...]
    now_n: Array = field(repr=False)
    low_pn: Array = field(repr=False)
    high_pn: Array = field(repr=False)

    def of(self, members: Sequence[int]) -> list[tuple[str, float, float, float]]:
        """Parameters by how far they move some countries together: name, now, lowest, highest.

        Args:
            members: places of the countries on the country axis.
        """
        at = list(members)
        now = float(self.now_n[at].sum())
        low_p, high_p = self.low_pn[:, at].sum(axis=1), self.high_pn[:, at].sum(axis=1)
        moved_p = np.nan_to_num(np.fmax(np.abs(low_p - now), np.abs(high_p - now)))
        order = np.argsort(-moved_p, kind="stable")
        return [(self.parameters[p], now, float(low_p[p]), float(high_p[p])) for p in order]


def range_effects(scenarios: Scenarios) -> RangeEffects:
    """What the measures of a state do with each parameter at the ends of its range.

    Draws change all parameters together and take a hundred times as long.

    Args:
        scenarios: of the state.

    Raises:
        ShockError: no prices can meet the state itself.
        NotConverged: none were found.

    Example:
        >>> from detente.analysis.scenarios import Scenarios
        >>> from detente.analysis.uncertainty.range_effects import range_effects
        >>> from detente.cases import load_case
        >>> found = range_effects(Scenarios(load_case("russia-coalition")))
        >>> len(found.parameters)
        12
    """
    case = scenarios.case
    idle = idle_controls(scenarios)
    names = tuple(n for n, p in case.parameters.items() if p.range is not None and n not in idle)
    now_n = _effect(scenarios)
    unknown_n = np.full(len(now_n), np.nan)
    ends = []
    for k in range(2):
        rows = []
        for name in names:
            value = (case.parameters[name].range or (0.0, 0.0))[k]
            try:
                other = Scenarios(
                    case.with_parameters({name: value}),
                    date=scenarios.date,
                    horizon=scenarios.horizon,
                    transfers=scenarios.transfers,
                    guide=scenarios,
                )
                rows.append(_effect(other))
            except (CaseError, ShockError, NotConverged):
                # Shares that no longer sum to one, or a regime that no prices can meet.
                rows.append(unknown_n)
        ends.append(np.array(rows).reshape(len(names), len(now_n)))
    return RangeEffects(names, now_n, *ends)


def _effect(scenarios: Scenarios) -> Array:
    regime = tuple(m.id for m in scenarios.case.regime(scenarios.date))
    scenarios.solve_together([(), regime])
    return np.asarray(scenarios.equilibrium(regime).equivalent_variation.values)
