"""Packaged bands of the figures of a case, for exactly the question that they were drawn for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.extent import Extent
from detente.analysis.figures.frame import Bands, Driven, FrameBands
from detente.analysis.precomputed.store import DIGITS, key_of, store, stored

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.scenarios import Scenarios


def packaged_bands(scenarios: Scenarios, extent: Extent | None = None) -> Bands | None:
    """The bands that are packaged for exactly this question; None where there are none.

    They are made by `data-build/bands.py`, from the same case, base year, horizons and settings.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
        extent: how much of the case is answered; everything if None.
    """
    found = stored(scenarios.case.name, lambda: key_of(scenarios, extent or Extent()))
    return None if found is None else _bands_from(found)


def write_bands(
    scenarios: Scenarios, extent: Extent, bands: Bands, folder: Path, witness: list[list[float]]
) -> Path:
    """Store bands for `packaged_bands`.

    Args:
        scenarios: whose they are.
        extent: how much of the case was answered.
        bands: over many draws.
        folder: where to write.
        witness: figures of the first draws, against which a test holds the model.
    """
    content = {
        "draws": bands.draws,
        "failed": bands.failed,
        "seed": bands.seed,
        "frames": {
            name: {
                "rows": f.rows,
                "columns": f.columns,
                "low": _plain(f.low),
                "high": _plain(f.high),
            }
            for name, f in bands.frames.items()
        },
        "drivers": [
            [d.frame, d.row, d.column, [[n, round(r, 3)] for n, r in d.parameters]]
            for d in bands.drivers
        ],
        "tested": {k: [_plain(end) for end in ends] for k, ends in bands.tested.items()},
        "backtest": {k: [_plain(end) for end in ends] for k, ends in bands.backtest.items()},
        "witness": witness,
    }
    return store(folder, scenarios.case.name, key_of(scenarios, extent), content)


def witness_of(scenarios: Scenarios, extent: Extent) -> tuple[int, list[list[float]]]:
    """The seed and the figures of the first draws that were stored with the bands of a case.

    Raises:
        KeyError: none are packaged for this question.
    """
    found = stored(scenarios.case.name, lambda: key_of(scenarios, extent))
    if found is None:
        raise KeyError(scenarios.case.name)
    return found["seed"], found["witness"]


def _plain(values: Array) -> Any:
    flat = [None if not np.isfinite(v) else float(f"{v:.{DIGITS}g}") for v in values.ravel()]
    return {"shape": values.shape, "values": flat}


def _array(found: Any) -> Array:
    values = [np.nan if v is None else v for v in found["values"]]
    return np.array(values, dtype=np.float64).reshape(found["shape"])


def _bands_from(found: dict[str, Any]) -> Bands:
    def pairs(part: str) -> dict[str, tuple[Array, Array]]:
        return {k: (_array(low), _array(high)) for k, (low, high) in found[part].items()}

    return Bands(
        frames={
            name: FrameBands(
                tuple(map(tuple, f["rows"])),
                tuple(f["columns"]),
                _array(f["low"]),
                _array(f["high"]),
            )
            for name, f in found["frames"].items()
        },
        asked=found["draws"],
        draws=found["draws"],
        failed=found["failed"],
        seed=found["seed"],
        drivers=tuple(
            Driven(frame, tuple(row), column, tuple((n, r) for n, r in parameters))
            for frame, row, column, parameters in found["drivers"]
        ),
        tested=pairs("tested"),
        backtest=pairs("backtest"),
    )
