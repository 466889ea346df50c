"""Bands of packaged cases that were drawn before, so that a brief of one has them at once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.brief.page import Bands, Driven, TableBands
from detente.brief.stored import store, stored

if TYPE_CHECKING:
    from detente.brief.page import Array
    from detente.study import Extent, Scenarios

#: Digits that are kept of a number.
_DIGITS = 6


def kept_bands(scenarios: Scenarios, extent: Extent) -> Bands | None:
    """The bands that are packaged for exactly this question; None where there are none.

    They are made by `data-build/bands.py`, from the same case, base year, horizons and settings.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
        extent: how much of the case is answered.
    """
    found = stored(scenarios.case.name, lambda: key_of(scenarios, extent))
    return None if found is None else _read(found)


def write_bands(
    scenarios: Scenarios, extent: Extent, bands: Bands, folder: Path, witness: list[list[float]]
) -> Path:
    """Store bands for `kept_bands`.

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
        "tables": {
            name: {
                "rows": t.rows,
                "columns": t.columns,
                "low": _plain(t.low),
                "high": _plain(t.high),
            }
            for name, t in bands.tables.items()
        },
        "drivers": [
            [d.table, d.row, d.column, d.label, d.unit, [[n, round(r, 3)] for n, r in d.parameters]]
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


def key_of(scenarios: Scenarios, extent: Extent) -> str:
    """A digest of everything that an answer depends on but the code."""
    from detente.study.economy import base_of
    from detente.trade import horizon_parameters

    parts = [
        scenarios.case.digest,
        base_of(scenarios.case).digest,
        scenarios.date.isoformat(),
        scenarios.horizon,
        scenarios.transfers,
        repr(sorted(scenarios.case.changes.items())),
        repr(extent),
        json.dumps(horizon_parameters(), sort_keys=True),
    ]
    if scenarios.case.named_scenario is not None:
        # Measures that it switches change neither the file nor a parameter.
        parts.append(scenarios.case.named_scenario.model_dump_json())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _plain(values: Array) -> Any:
    flat = [None if not np.isfinite(v) else float(f"{v:.{_DIGITS}g}") for v in values.ravel()]
    return {"shape": values.shape, "values": flat}


def _array(kept: Any) -> Array:
    values = [np.nan if v is None else v for v in kept["values"]]
    return np.array(values, dtype=np.float64).reshape(kept["shape"])


def _read(found: dict[str, Any]) -> Bands:
    def pairs(part: str) -> dict[str, tuple[Array, Array]]:
        return {k: (_array(low), _array(high)) for k, (low, high) in found[part].items()}

    return Bands(
        tables={
            name: TableBands(
                tuple(map(tuple, t["rows"])),
                tuple(t["columns"]),
                _array(t["low"]),
                _array(t["high"]),
            )
            for name, t in found["tables"].items()
        },
        asked=found["draws"],
        draws=found["draws"],
        failed=found["failed"],
        seed=found["seed"],
        drivers=tuple(
            Driven(table, tuple(row), column, label, unit, tuple((n, r) for n, r in parameters))
            for table, row, column, label, unit, parameters in found["drivers"]
        ),
        tested=pairs("tested"),
        backtest=pairs("backtest"),
    )
