"""Bands of every figure of an answer: its frames computed again for each draw of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.answer_data import AnswerData, answer_of
from detente.analysis.figures.frame import Driven, bands_of_frame, bands_with
from detente.analysis.figures.selection import Selection, selection_of
from detente.analysis.figures.trade import frames_of
from detente.analysis.options import lifting_options
from detente.analysis.record.forecasts import collected, collected_sets
from detente.analysis.uncertainty.draws import run_draws

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.figures.frame import Bands, Frame, Key
    from detente.analysis.record.plan import Plan
    from detente.analysis.scenarios import Scenarios
    from detente.analysis.uncertainty.draws import Ensemble


_FRAME, _CLAIM, _BACKTEST = "frame ", "claim ", "backtest "


def bands_of(
    answer: AnswerData,
    draws: int,
    *,
    seed: int = 0,
    plan: Plan | None = None,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Bands:
    """Bands from 5 to 95 % of every figure of an answer.

    Args:
        answer: the case answered, from `detente.answer`.
        draws: how many sets of parameters to draw.
        seed: of the draws.
        plan: of the back-test, if that is to have bands.
        processes: how many to draw in; see `detente.analysis.run_draws`.
        progress: told how many draws are done.

    Returns:
        Bands: over the draws that have an answer; after a cancellation (Ctrl-C) over those made so
            far.

    Raises:
        NoDraws: none was finished, or too many failed.
        ValueError: an answer of other origin.
    """
    if answer.scenarios is None:
        raise ValueError("An answer without its scenarios cannot be drawn; use `detente.answer`.")
    selection = selection_of(answer)
    frames = frames_of(answer, selection)
    ensemble = run_draws(
        answer.assessment.case,
        Collector(answer, selection, plan),
        draws=draws,
        seed=seed,
        processes=processes,
        progress=progress,
        guide=answer.scenarios,
    )
    ensemble.required()
    return bands_with(
        {f.id: bands_of_frame(f, *ensemble.band(f"{_FRAME}{f.id}")) for f in frames},
        ensemble,
        drivers=_drivers(answer, selection, frames, ensemble),
        tested=_part(ensemble, _CLAIM),
        backtest=_part(ensemble, _BACKTEST),
    )


def witnessed(answer: AnswerData, draws: int, *, seed: int) -> list[list[float]]:
    """What the regime means for every economy in the first draws, USD million a year."""
    ensemble = run_draws(
        answer.assessment.case,
        _regime_effect,
        draws=draws,
        seed=seed,
        processes=1,
        guide=answer.scenarios,
    )
    return [[round(float(v), 3) for v in row] for row in ensemble.values["effect"]]


def _regime_effect(scenarios: Scenarios) -> dict[str, Array]:
    regime = tuple(m.id for m in scenarios.case.regime(scenarios.date))
    scenarios.solve_together([(), regime])
    return {"effect": scenarios.equilibrium(regime).equivalent_variation.values}


@dataclass(frozen=True, eq=False)
class Collector:
    """Collects the figures of an answer in one draw.

    Attributes:
        central: the answer at central values.
        selection: the rows chosen by it.
        plan: of the back-test, if that is to have bands.
    """

    central: AnswerData
    selection: Selection
    plan: Plan | None = None

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """The numbers of every frame, those that claims are tested on, and of the back-test."""
        tested = [] if self.plan is None else collected_sets(scenarios, self.plan)
        answer = answer_of(scenarios, self.central.extent, like=self.central, besides=tested)
        frames = frames_of(answer, self.selection)
        out = {f"{_FRAME}{frame.id}": frame.values for frame in frames}
        out |= {f"{_CLAIM}{name}": values for name, values in answer.tested.items()}
        if self.plan is not None:
            found = collected(scenarios, self.plan)
            out |= {f"{_BACKTEST}{name}": values for name, values in found.items()}
        return out


def _part(ensemble: Ensemble, prefix: str) -> dict[str, tuple[Array, Array]]:
    return {
        name.removeprefix(prefix): ensemble.band(name)
        for name in ensemble.values
        if name.startswith(prefix)
    }


def headline_figures(answer: AnswerData, selection: Selection) -> list[tuple[str, Key, str]]:
    """The figures whose drivers are ranked: frame, key of the row, key of the column."""
    a = answer.assessment
    ids = {q.id for q in a.case.parties}
    parties = [p for p in selection.places if p.key in ids]
    named = [*parties, *(p for p in selection.places if p not in parties)]
    single = [p for p in named if len(p.members) == 1]
    figures: list[tuple[str, Key, str]] = []
    figures += [("gains", (p.key,), "equivalent_variation") for p in single[:5]]
    figures += [("options", (p.key,), o.id) for o in lifting_options(a) for p in named[:6]]
    figures += [
        (f"{good}-producers", (p.key,), "tonnes_under")
        for good in selection.sellers
        for p in single[:4]
    ]
    figures += [
        (f"{good}-markets", (p.key,), "price_under")
        for good, markets in selection.markets.items()
        for p in markets[:3]
    ]
    return figures


def _drivers(
    answer: AnswerData, selection: Selection, frames: Sequence[Frame], ensemble: Ensemble
) -> list[Driven]:
    known = {frame.id: frame for frame in frames}
    out = []
    for name, row, column in headline_figures(answer, selection):
        at = known[name].position(row, column)
        if at is not None:
            ranked = tuple(ensemble.drivers(f"{_FRAME}{name}", at))
            out.append(Driven(name, row, column, ranked))
    return out
