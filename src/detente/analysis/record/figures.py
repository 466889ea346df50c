"""The figures of a back-test: what was observed, what was forecast, how far they lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.analysis.record.plan import Outcome, Plan
from detente.analysis.record.targets import Target, targets_of

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.record.forecasts import PricePart
    from detente.analysis.record.scores import PriceScore, Score
    from detente.analysis.record.supply_shortfall import PriceSplit
    from detente.cases import Case
    from detente.world import World


@dataclass(frozen=True, eq=False, repr=False)
class BackTestFigures:
    """A back-test before it says anything; `BackTest` says what each field holds."""

    case: Case
    world: World
    plan: Plan
    horizon: str
    asked: int
    draws: int
    failed: int
    outcome: Outcome
    forecast_yni: dict[str, Array] = field(repr=False)
    bands: dict[str, tuple[Array, Array]] = field(repr=False)
    scores: tuple[Score, ...] = field(repr=False)
    prices: tuple[PriceScore, ...] = field(repr=False)
    parts: tuple[PricePart, ...] = field(repr=False)
    split: PriceSplit | None = field(repr=False)
    set_in_view: Mapping[str, str]
    informed: Mapping[str, str]
    measures_in_view: Mapping[str, str]
    why: str = ""
    transfers: str = ""
    seed: int | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the forecasts are scored against; the first is the headline."""
        return targets_of(self.outcome, self.world, self.plan)

    @property
    def headline(self) -> str:
        """The name of the first target."""
        return self.targets[0].name
