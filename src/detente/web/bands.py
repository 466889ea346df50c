"""Bands of the figures of a scenario, while its draws are still being made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.brief.names import label_of
from detente.study.uncertain import correlated, sample, uncertain_of
from detente.study.uncertainty import Ensemble
from detente.web.figures import Collect

if TYPE_CHECKING:
    from detente.study import Scenarios
    from detente.web.figures import Figure

_DRIVERS = 3


class Drawing:
    """Collects the figures of each draw, and says what the draws so far come to.

    Args:
        figures: what is kept of a draw.
        guide: the scenario at central values.
        draws: how many are asked for.
        seed: of the draws.
    """

    def __init__(
        self, figures: tuple[Figure, ...], guide: Scenarios, draws: int, seed: int
    ) -> None:
        self.collect = Collect(figures)
        self.uncertain = uncertain_of(guide.case, guide.horizon)
        free = sample(len(self.uncertain), draws, seed)
        self.points = correlated(free, self.uncertain, guide.case)
        self.draws, self.seed = draws, seed
        self.done = 0
        self.why = ""
        self._kept: dict[int, dict[str, NDArray[np.float64]]] = {}

    def __call__(self, scenarios: Scenarios) -> dict[str, NDArray[np.float64]]:
        """The figures under the draw that comes after those done."""
        found = self._kept[self.done] = self.collect(scenarios)
        return found

    def so_far(self) -> dict[str, Any]:
        """Bands from 5 to 95 % of the draws done, and the parameters that move each figure most."""
        order = sorted(self._kept)
        names = [f.id for f in self.collect.figures] if order else []
        ensemble = Ensemble(
            values={n: np.stack([self._kept[k][n] for k in order]) for n in names},
            parameters={
                u.name: u.quantile(self.points[order, d]) for d, u in enumerate(self.uncertain)
            },
            asked=self.draws,
            done=self.done,
            failed=self.done - len(order),
            seed=self.seed,
        )
        return {
            "asked": ensemble.asked,
            "done": ensemble.done,
            "failed": ensemble.failed,
            "why_failed": self.why,
            "seed": ensemble.seed,
            "bands": {name: _band(ensemble, name) for name in names},
        }


def _band(ensemble: Ensemble, name: str) -> dict[str, Any]:
    low, high = ensemble.band(name)
    return {
        "low": float(low),
        "high": float(high),
        "drivers": [
            {"parameter": p, "label": label_of(p), "correlation": round(rho, 3)}
            for p, rho in ensemble.drivers(name)[:_DRIVERS]
        ],
    }
