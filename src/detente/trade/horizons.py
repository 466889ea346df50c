"""Horizons: how much of the economy can adjust, with the source of every number."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from detente._near import did_you_mean


@dataclass(frozen=True)
class Horizon:
    """What can adjust within a span of time.

    Attributes:
        name: `short`, `medium`, `long`, or the analyst's own.
        label: one line for readers.
        trade_elasticity_factor: multiplies the long-run trade elasticity of each good.
        input_substitution: upper bound on every good's input substitution.
        fixed_capital_share: share of capital that cannot leave its sector.

    Example:
        >>> import detente
        >>> frozen = detente.Horizon("frozen", "one year, by hand", 0.25, 0.1, 1.0)
        >>> world = detente.load_world("oecd-2020")
        >>> detente.solve(world, detente.embargo("BLR", "EU"), frozen).horizon.name
        'frozen'
    """

    name: str
    label: str
    trade_elasticity_factor: float
    input_substitution: float
    fixed_capital_share: float


@cache
def horizon_parameters() -> dict[str, dict[str, Any]]:
    """The horizons as stored: each number with range, unit, source and note.

    Returns:
        dict: by horizon and parameter, what `horizons.toml` says of it.
    """
    text = resources.files("detente.trade").joinpath("horizons.toml").read_text("utf-8")
    return tomllib.loads(text)


def horizon_named(name: str | Horizon) -> Horizon:
    """The horizon of that name; a `Horizon` passes through.

    Args:
        name: `short`, `medium`, `long`, or a horizon.

    Returns:
        Horizon: with its numbers.

    Raises:
        ValueError: for an unknown name, with the nearest one.
    """
    if isinstance(name, Horizon):
        return name
    stored = horizon_parameters()
    if name not in stored:
        hint = did_you_mean(name, stored, f"There are {', '.join(stored)}.")
        raise ValueError(f"There is no horizon {name!r}. {hint}")
    entry = stored[name]
    return Horizon(
        name=name,
        label=entry["label"],
        trade_elasticity_factor=entry["trade_elasticity_factor"]["value"],
        input_substitution=entry["input_substitution"]["value"],
        fixed_capital_share=entry["fixed_capital_share"]["value"],
    )
