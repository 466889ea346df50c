"""The back-test with packaged bands, or with draws of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from detente.analysis.precomputed.bands import packaged_bands
from detente.analysis.record.plan import plan_of
from detente.analysis.record.result import backtest_of, record
from detente.analysis.scenarios import Scenarios

if TYPE_CHECKING:
    from detente._types import Transfers
    from detente.analysis.record.result import BackTest
    from detente.cases import Case


def backtest_with(
    case: Case,
    *,
    draws: int | None,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    variants: bool = True,
    progress: Callable[[int], None] | None = None,
) -> BackTest:
    """The back-test with draws of its own or, where none are asked for, with the bands packaged.

    Args:
        case: that is held against later years.
        draws: 0 for none, None for the bands that a brief has, if there are any.
        seed: of the draws.
        horizon: as in `record`.
        transfers: as in `record`.
        variants: as in `record`.
        progress: told how many draws are done.

    Raises:
        CaseError, NoDraws, ShockError, NotConverged: as in `record`.
    """
    scenarios = Scenarios(case, horizon=horizon, transfers=transfers) if draws is None else None
    bands = None if scenarios is None else packaged_bands(scenarios)
    if scenarios is None or bands is None:
        return record(
            case,
            draws=draws or 0,
            seed=seed,
            horizon=horizon,
            transfers=transfers,
            variants=variants,
            progress=progress,
        )
    return backtest_of(scenarios, plan_of(case), bands, variants=variants)
