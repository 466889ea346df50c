"""Bands of every figure of a brief: its tables filled again for each draw of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.answers import Answer, answer_of
from detente.analysis.record.forecasts import collected, collected_sets
from detente.analysis.uncertainty.draws import run_draws
from detente.report.contents import tables_of
from detente.report.context import Scene, scene_of
from detente.report.table import Bands, Driven, Page, TableBands, numbers_of, texts_of
from detente.report.views.drivers import headline_cells
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis import Ensemble, Scenarios
    from detente.analysis.record.plan import Plan
    from detente.report.table import Array, Column, Table


_TABLE, _CLAIM, _BACKTEST = "table ", "claim ", "backtest "


def bands_of(
    answer: Answer,
    draws: int,
    *,
    seed: int = 0,
    plan: Plan | None = None,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Bands:
    """Bands from 5 to 95 % of every number that a brief of an answer shows.

    Args:
        answer: the case answered, from `detente.answer`.
        draws: how many sets of parameters to draw.
        seed: of the draws.
        plan: of the back-test, if that is shown and is to have bands.
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
    scene = scene_of(answer, Page())
    tables = tables_of(scene)
    ensemble = run_draws(
        answer.assessment.case,
        Collector(answer, scene.page, plan),
        draws=draws,
        seed=seed,
        processes=processes,
        progress=progress,
        guide=answer.scenarios,
    )
    ensemble.required()
    return Bands(
        tables={name: _of_table(table, ensemble) for name, table in tables.items()},
        asked=ensemble.asked,
        draws=ensemble.done,
        failed=ensemble.failed,
        seed=seed,
        drivers=tuple(_drivers(scene, tables, ensemble)),
        tested=_part(ensemble, _CLAIM),
        backtest=_part(ensemble, _BACKTEST),
        why=ensemble.why,
    )


def witnessed(answer: Answer, draws: int, *, seed: int) -> list[list[float]]:
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
    """Fills the tables of a brief with the numbers of one draw.

    Attributes:
        central: the answer at central values.
        page: the rows chosen on it.
        plan: of the back-test, if it is shown.
    """

    central: Answer
    page: Page
    plan: Plan | None = None

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """The numbers of every table, those that claims are tested on, and of the back-test."""
        tested = [] if self.plan is None else collected_sets(scenarios, self.plan)
        answer = answer_of(scenarios, self.central.extent, like=self.central, besides=tested)
        tables = tables_of(scene_of(answer, self.page.replay()))
        out = {f"{_TABLE}{name}": numbers_of(table) for name, table in tables.items()}
        out |= {f"{_CLAIM}{name}": values for name, values in answer.tested.items()}
        if self.plan is not None:
            found = collected(scenarios, self.plan)
            out |= {f"{_BACKTEST}{name}": values for name, values in found.items()}
        return out


def _of_table(table: Table, ensemble: Ensemble) -> TableBands:
    low, high = ensemble.band(f"{_TABLE}{table.id}")
    columns = tuple(c.key for c in table.columns if c.kind == "number")
    return TableBands(texts_of(table), columns, low, high)


def _part(ensemble: Ensemble, prefix: str) -> dict[str, tuple[Array, Array]]:
    return {
        name.removeprefix(prefix): ensemble.band(name)
        for name in ensemble.values
        if name.startswith(prefix)
    }


def _label(table: Table, row: str, column: Column) -> str:
    what = lower_first(column.label)
    subject = "" if table.id in ("gains", "options") else f"{table.title.split(':')[0]}, "
    return f"{subject}{row}: {what}"


def _drivers(scene: Scene, tables: dict[str, Table], ensemble: Ensemble) -> list[Driven]:
    out = []
    for name, row, key in headline_cells(scene):
        table = tables[name]
        rows = texts_of(table)
        at = next((k for k, texts in enumerate(rows) if texts[0] == row), None)
        columns = [c for c in table.columns if c.kind == "number"]
        place = next((k for k, c in enumerate(columns) if c.key == key), None)
        if at is None or place is None:
            continue
        column = columns[place]
        out.append(
            Driven(
                name,
                rows[at],
                key,
                label=_label(table, row, column),
                unit=column.unit,
                parameters=tuple(ensemble.drivers(f"{_TABLE}{name}", (at, place))),
            )
        )
    return out
