"""Kinds of goods: how producers of each answer to its price, with ranges and sources.

`Kind` holds the numbers of one and `kind_of` reads them; `supply_elasticity` is what they come to.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass

from detente.world.products.catalogue import DATA


@dataclass(frozen=True)
class Ranged:
    """A number with its range.

    Attributes:
        value: at the centre.
        low: lower end.
        high: upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Kind:
    """What goods of one kind have in common.

    Attributes:
        name: `energy`, `ore`, `metal`, `crop`, `fertiliser` or `other`.
        words: what it holds, in words.
        resource_share: what of sales a factor earns that never moves.
        input_substitution: between that factor and everything else in production.
        trade_elasticity: of its goods; None takes that of each good's sector.
        date: the year that the numbers describe.
        source: where they come from.
        note: what they come to, and with what they may be compared.
    """

    name: str
    words: str
    resource_share: Ranged
    input_substitution: Ranged
    trade_elasticity: Ranged | None
    date: int
    source: str
    note: str


def supply_elasticity(resource_share: float, input_substitution: float) -> float:
    """By how many per cent output rises with one per cent more of its price.

    Other costs are unchanged: (1 − r) / r × ε, with the fixed factor's share r of sales and the
    substitution ε between it and everything else; see docs/model.md.

    Args:
        resource_share: r, above 0 and below 1.
        input_substitution: ε, 0 or more.

    Example:
        >>> from detente.world.products.kinds import supply_elasticity
        >>> round(supply_elasticity(0.4, 0.4), 2)
        0.6
    """
    return (1 - resource_share) / resource_share * input_substitution


def kind_of(name: str) -> Kind:
    """The numbers of a kind.

    Args:
        name: such as `energy`.

    Returns:
        Kind: with each number's range and their source.

    Raises:
        KeyError: there is none of that name.

    Example:
        >>> from detente.world.products import kind_of
        >>> kind_of("energy").resource_share.value
        0.4
    """
    return kinds()[name]


@functools.cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name."""
    table = tomllib.loads((DATA / "kinds.toml").read_text(encoding="utf-8"))
    return {
        name: Kind(
            name,
            row["words"],
            Ranged(**row["resource_share"]),
            Ranged(**row["input_substitution"]),
            Ranged(**row["trade_elasticity"]) if "trade_elasticity" in row else None,
            row["date"],
            row["source"],
            row["note"],
        )
        for name, row in table.items()
    }
