"""What a base year assumes beyond perfect competition, constant returns and given labour.

`Specification` holds it, and `World.specified` states it by country and good. Left alone, every
part of it is absent, and the model is the one of Caliendo & Parro (2015) with the base year's
elasticities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array, Index
from detente.world.errors import WorldError

#: Who has the profits of a good sold above its cost.
Profits: TypeAlias = Literal["home", "world"]
#: Who bears what a tariff does not pass through to its buyers.
Absorption: TypeAlias = Literal["exporter", "importer", "trade_cost"]
#: What becomes of the revenue of tariffs and export taxes.
Revenue: TypeAlias = Literal["lump_sum", "income_tax"]
#: A number for all, by label, or an array.
Given: TypeAlias = "ArrayLike | Mapping[str, float]"

_CHOICES: dict[str, tuple[str, ...]] = {
    "profits": get_args(Profits),
    "absorption": get_args(Absorption),
    "revenue": get_args(Revenue),
}
#: What each number is where nothing is said, the least, the most, and whether these are allowed.
_PLAIN = {
    "labour_supply_elasticity_n": (0.0, 0.0, np.inf, True),
    "scale_elasticity_j": (0.0, 0.0, np.inf, True),
    "mark_up_j": (1.0, 1.0, np.inf, True),
    "marketing_share_jn": (0.0, 0.0, 1.0, False),
    "market_size_elasticity_jn": (0.0, -np.inf, np.inf, True),
    "tariff_pass_through_jn": (1.0, 0.0, np.inf, True),
}


@dataclass(frozen=True, eq=False)
class Specification:
    """Labour supply, returns to scale, mark-ups and pass-through; None where there is nothing new.

    Attributes:
        labour_supply_elasticity_n: κ, of the mobile factor's supply to its real wage.
        scale_elasticity_j: γ, of productivity to the size of the good's producers in a country.
        mark_up_j: μ, price over cost; profits are the share 1 − 1/μ of sales.
        marketing_share_jn: ν, the part of sales that pays labour of the market instead of the
            origin's producers.
        market_size_elasticity_jn: η, by which a price index falls with a market's size in wages.
        tariff_pass_through_jn: b, of the log of buyers' prices to the log of one plus the tariff.
        profits: `home`, to the country of the producer, or `world`, to a fund that each country
            owns in proportion to its profits of the base year.
        absorption: who bears what is not passed through, `exporter`, `importer`, or nobody
            (`trade_cost`: quantities per unit of value change instead).
        revenue: `lump_sum`, or `income_tax` where new revenue of trade taxes lowers a tax on wages.
    """

    labour_supply_elasticity_n: Array | None = None
    scale_elasticity_j: Array | None = None
    mark_up_j: Array | None = None
    marketing_share_jn: Array | None = None
    market_size_elasticity_jn: Array | None = None
    tariff_pass_through_jn: Array | None = None
    profits: Profits = "home"
    absorption: Absorption = "exporter"
    revenue: Revenue = "lump_sum"

    @property
    def plain(self) -> bool:
        """Whether nothing is specified."""
        return all(getattr(self, name) is None for name in _PLAIN)

    @property
    def parts(self) -> dict[str, Array | str]:
        """What is specified, by name; empty where nothing is."""
        if self.plain:
            return {}
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in found.items() if value is not None}

    def split(self, countries: Index | None = None, goods: Index | None = None) -> Specification:
        """The specification of a world in which a country or good was split.

        Args:
            countries: for each country of the new world, the place of the old one whose values it
                takes; None where they are the same.
            goods: the same of goods.

        Returns:
            Specification: of the new world.

        Raises:
            WorldError: where markets pay for marketing, whose accounts a split would open.
        """
        if self.marketing_share_jn is not None:
            raise WorldError(
                "A world with marketing shares cannot be split.", "Split it first, then specify."
            )
        return self._taken(countries, goods)

    def merged(self, countries: Index | None = None, goods: Index | None = None) -> Specification:
        """The specification of a world in which countries or goods were merged.

        Args:
            countries: for each country, the place of the one that it becomes part of.
            goods: the same of goods.

        Returns:
            Specification: of the new world.

        Raises:
            WorldError: where members of one have different values, which no average replaces.
        """
        first = [
            None if to is None else np.unique(to, return_index=True)[1] for to in (countries, goods)
        ]
        found = self._taken(*first)
        back = found._taken(countries, goods)
        for name in _PLAIN:
            old, new = getattr(self, name), getattr(back, name)
            if old is not None and not np.array_equal(old, new):
                what = name.rsplit("_", 1)[0].replace("_", " ")
                raise WorldError(
                    f"What is merged differs in its {what}.", "Merge first, then specify."
                )
        return found

    def _taken(self, countries: Index | None, goods: Index | None) -> Specification:
        """The values at those places, of countries and of goods."""
        places = {"n": (countries,), "j": (goods,), "jn": (goods, countries)}
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in _PLAIN:
            if out[name] is not None:
                for axis, at in enumerate(places[name.rsplit("_", 1)[1]]):
                    out[name] = out[name] if at is None else np.take(out[name], at, axis=axis)
        return Specification(**out)

    @property
    def words(self) -> tuple[str, ...]:
        """The names of what is specified, as a reader knows them."""
        return tuple(n.rsplit("_", 1)[0].replace("_", " ") for n in _PLAIN if n in self.parts)


PLAIN = Specification()


def specification_of(
    countries: Sequence[str], goods: Sequence[str], before: Specification, given: Mapping[str, Any]
) -> Specification:
    """A specification with some parts replaced, checked.

    Args:
        countries: N codes.
        goods: J names.
        before: what holds where nothing is given.
        given: parts by the name of the argument of `World.specified`; None leaves one as it is.

    Raises:
        WorldError: every value that is no number, out of bounds, or of a wrong shape, and every
            label or choice that does not exist.
    """
    faults: list[str] = []
    out: dict[str, Any] = {f.name: getattr(before, f.name) for f in fields(before)}
    for name in out:
        value = given.get(name.rsplit("_", 1)[0] if name in _PLAIN else name)
        if value is None:
            continue
        if name in _CHOICES:
            if value not in _CHOICES[name]:
                faults.append(f"{name} is {value!r}; there are {', '.join(_CHOICES[name])}.")
            out[name] = value
        else:
            out[name] = _numbers(name, value, countries, goods, faults)
    if faults:
        raise WorldError(faults)
    return Specification(**out)


def specification_read(
    countries: Sequence[str], goods: Sequence[str], parts: Mapping[str, Any]
) -> Specification:
    """A specification from what a world file holds of it; as `Specification.parts` with lists.

    Raises:
        WorldError: as in `specification_of`, and every name that is no part.
    """
    unknown = sorted(set(parts) - set(_PLAIN) - set(_CHOICES))
    if unknown:
        raise WorldError([f"The specification has no part {', '.join(unknown)}."])
    given = {k.rsplit("_", 1)[0] if k in _PLAIN else k: v for k, v in parts.items()}
    return specification_of(countries, goods, PLAIN, given)


def _numbers(
    name: str, value: Given, countries: Sequence[str], goods: Sequence[str], faults: list[str]
) -> Array | None:
    """The numbers of one part over all its labels; None where they change nothing."""
    neutral, least, most, closed = _PLAIN[name]
    argument, letters = name.rsplit("_", 1)
    axes = {"n": tuple(countries), "j": tuple(goods)}
    shape = tuple(len(axes[c]) for c in letters)
    if isinstance(value, Mapping):
        labels = axes[letters[0]]
        unknown = [str(k) for k in value if k not in labels]
        if unknown:
            what = "country" if letters == "n" else "good"
            faults.append(
                f"{argument} names {', '.join(unknown)}, which is no {what} of this world."
            )
            return None
        value = np.array([float(value.get(k, neutral)) for k in labels])
        value = value[:, None] if len(shape) > 1 else value
    try:
        full = np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), shape))
    except (ValueError, TypeError):
        faults.append(f"{argument} has shape {np.shape(value)}, expected one that fits {shape}.")
        return None
    wrong = ~np.isfinite(full) | (full < least) | (full > most)
    if not closed:
        wrong |= full == most
    if wrong.any():
        bounds = f"from {least:g}" if np.isinf(most) else f"from {least:g} to below {most:g}"
        wanted = "a finite number" if np.isinf(least) else bounds
        faults.append(f"{argument} is {float(full[wrong][0])!r}; give {wanted}.")
        return None
    full.flags.writeable = False
    return full if (full != neutral).any() else None
