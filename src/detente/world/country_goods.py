"""What is known of the trade and output of a country that is taken out of the rest of the world.

`CountryGood` is what a user gives of one good; `known_trade` reads all of them into arrays, fitted
into what the rest of the world trades, and names every fault at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente._near import did_you_mean
from detente._types import Array, Mask
from detente.world.balance import listed
from detente.world.errors import UnknownLabel, WorldError
from detente.world.names import all_names, code_of, name_of
from detente.world.world import World

#: The source of what a user gives without one.
ESTIMATE = "analyst estimate"
#: What stays with the rest of the world of each of its cells, at least.
KEEP = 0.01


@dataclass(frozen=True)
class CountryGood:
    """What is known of one good of a country that is taken out of the rest of the world.

    Partners are ISO3 codes; those that the world does not hold separately count as the rest of the
    world. Partners that are not named trade nothing of the good with it. What is left out (None)
    is as the rest of the world has it.

    Attributes:
        exports: sales by market; a mapping, or an array in the order of the world's countries.
        imports: purchases by origin, in the same way.
        output: what it makes in a year; what it does not export stays at home.
        price: USD per unit of these quantities, as per tonne; None means USD million.
        part: whether this is only a part of the good, such as crude oil in a sector that joins
            mining and food: then the rest of the good is added as the rest of the world has it.
        source: publisher and year.

    Example:
        >>> from detente.world import CountryGood
        >>> CountryGood(exports={"CHN": 30e6}, output=120e6, price=550, source="UN Comtrade").price
        550
    """

    exports: Mapping[str, float] | ArrayLike | None = None
    imports: Mapping[str, float] | ArrayLike | None = None
    output: float | None = None
    price: float | None = None
    part: bool = False
    source: str = ESTIMATE


@dataclass(frozen=True)
class KnownTrade:
    """What is given of the new country, in the unit of the world; nan where nothing is.

    Attributes:
        sold_jn: its sales by market, its own and the rest of the world's last two, (J, N + 1).
        bought_ji: its purchases by origin, the rest of the world's in its place, (J, N).
        output_j: what it makes.
        whole_j: whether that is all of the good.
        given: what was given, by good.
    """

    sold_jn: Array
    bought_ji: Array
    output_j: Array
    whole_j: Mask
    given: dict[str, CountryGood] = field(default_factory=dict)


def known_trade(
    world: World,
    code: str,
    rest: int,
    goods: Mapping[str, CountryGood | Mapping[str, Any]],
    notes: list[str],
) -> KnownTrade:
    """The given flows, fitted into what the rest of the world trades.

    Args:
        world: the base year.
        code: the new country.
        rest: position of the country that it is taken out of.
        goods: what is given, by good.
        notes: to which what did not fit is added.

    Raises:
        UnknownLabel: no such good or partner.
        WorldError: every fault of what is given.
    """
    J, N = len(world.goods), len(world.countries)
    out = KnownTrade(
        np.full((J, N), np.nan), np.full((J, N), np.nan), np.full(J, np.nan), np.ones(J, dtype=bool)
    )
    faults: list[str] = []
    goods = _with_products(world, code, goods, faults)
    for good, given in goods.items():
        try:
            j = world.good(good)
            one = _good(good, given)
            scale = 1.0 if one.price is None else one.price / 1e6
            for what, row in ((one.exports, out.sold_jn[j]), (one.imports, out.bought_ji[j])):
                if what is not None:
                    row[:] = scale * _by_partner(world, code, good, rest, what)
            if one.output is not None:
                out.output_j[j] = scale * one.output
            out.whole_j[j] = not one.part
            out.given[good] = one
            faults += _output_faults(code, good, one, out.sold_jn[j], out.output_j[j])
        except WorldError as error:
            faults += error.faults
    if faults:
        raise WorldError(faults)
    _fit(world, code, rest, out, notes)
    return out


def _with_products(
    world: World,
    code: str,
    goods: Mapping[str, CountryGood | Mapping[str, Any]],
    faults: list[str],
) -> dict[str, CountryGood | Mapping[str, Any]]:
    """What is given, with codes of narrow goods replaced by their trade of the world's year.

    The trade comes from the product layer. Several narrow goods of one sector are added up. Where
    the layer covers the sector, as crude oil and gas, they are all that the country trades of it.
    """
    out = {good: given for good, given in goods.items() if not good.isdigit()}
    of_sector: dict[str, list[CountryGood]] = {}
    for hs in (good for good in goods if good.isdigit()):
        try:
            sector, found = _traded_product(world, code, hs, _good(hs, goods[hs]))
        except WorldError as error:
            faults += error.faults
            continue
        if sector in out:
            faults.append(
                f"{sector}: a country's trade of it is given beside that of HS {hs}, which is part "
                "of it. Give one of them."
            )
        of_sector.setdefault(sector, []).append(found)
    return out | {sector: _summed(found) for sector, found in of_sector.items()}


def _traded_product(
    world: World, code: str, hs: str, given: CountryGood
) -> tuple[str, CountryGood]:
    """The good of the world that holds a narrow good, and what the country trades of that."""
    from detente.world.products import commodity, find_product
    from detente.world.sectors import holder

    product = find_product(hs)
    sector = holder(product.isic, world.goods)
    if sector is None:
        raise WorldError(f"HS {hs}: no good of {world.name} holds {product.name}.")
    if given.exports is not None or given.imports is not None:
        raise WorldError(
            f"HS {hs}: its exports and imports come from the product layer.",
            f"Leave them out, or give {sector} instead.",
        )
    trade = commodity(product, year=world.year)
    flows = {
        side: dict(trade.flows.filter(trade.flows[own] == code).select(other, "usd").rows())
        for side, own, other in (
            ("exports", "exporter", "importer"),
            ("imports", "importer", "exporter"),
        )
    }
    if not flows["exports"] and not flows["imports"]:
        raise WorldError(
            f"HS {hs}: the product layer has no trade of {name_of(code)} in {product.name} in "
            f"{world.year}.",
            "Leave the code out, or give what is known by good of the world.",
        )
    price = trade.unit_value if given.price is None else given.price
    output = None if given.output is None else given.output * price / 1e6
    millions = {
        side: {partner: usd / 1e6 for partner, usd in found.items() if partner != code}
        for side, found in flows.items()
    }
    part = sector != product.isic or not _covered(product.isic)
    return sector, CountryGood(
        millions["exports"], millions["imports"], output, part=part, source=trade.source
    )


def _covered(isic: str) -> bool:
    """Whether the product layer has goods under every heading that a sector makes."""
    from detente.world.products.catalogue import products
    from detente.world.sectors import all_sectors

    return all(any(hs.startswith(head) for hs in products()) for head in all_sectors()[isic].hs)


def _summed(found: list[CountryGood]) -> CountryGood:
    """Narrow goods of one sector, added up."""
    sides = []
    for side in ("exports", "imports"):
        total: dict[str, float] = {}
        for one in found:
            for partner, value in getattr(one, side).items():
                total[partner] = total.get(partner, 0.0) + value
        sides.append(total)
    outputs = [one.output for one in found]
    output = None if None in outputs else sum(x for x in outputs if x is not None)
    return CountryGood(sides[0], sides[1], output, part=found[0].part, source=found[0].source)


def _good(good: str, given: CountryGood | Mapping[str, Any]) -> CountryGood:
    if isinstance(given, CountryGood):
        return given
    names = tuple(f.name for f in fields(CountryGood))
    wrong = [key for key in given if key not in names]
    if wrong:
        hint = did_you_mean(wrong[0], names, f"It has {', '.join(names)}.")
        raise WorldError(f"{good}: a country's good has no {wrong[0]!r}.", hint)
    return CountryGood(**given)


def _by_partner(
    world: World, code: str, good: str, rest: int, given: Mapping[str, float] | ArrayLike
) -> Array:
    """Amounts in the order of the world's countries; who is not separate is the rest."""
    N = len(world.countries)
    if not isinstance(given, Mapping):
        out = np.array(given, dtype=np.float64)
        if out.shape != (N,):
            raise WorldError(f"{good}: flows by partner have shape {out.shape}, expected ({N},).")
    else:
        out = np.zeros(N)
        for partner, value in given.items():
            found = partner if partner in world.countries else code_of(partner) or partner
            if found in world.countries:
                out[world.countries.index(found)] += value
            elif found in all_names() and found != code:
                out[rest] += value
            else:
                hint = did_you_mean(partner, (*world.countries, *all_names()), "Use ISO3 codes.")
                raise UnknownLabel(f"{good}: there is no partner {partner!r}.", hint)
    if not (np.isfinite(out).all() and (out >= 0).all()):
        raise WorldError(f"{good}: flows by partner must be numbers of 0 or more.")
    return out


def _output_faults(code: str, good: str, one: CountryGood, sold: Array, output: float) -> list[str]:
    if one.price is not None and not one.price > 0:
        return [f"{good}: the price is {one.price}; it must be above 0."]
    if one.output is None:
        return []
    if not (np.isfinite(output) and output >= 0):
        return [f"{good}: the output of {name_of(code)} is {one.output}; it must be 0 or more."]
    abroad = float(np.nansum(sold))
    if abroad > output * (1 + 1e-9):
        return [
            f"{good}: {name_of(code)} sells {abroad:,.6g} abroad but makes {output:,.6g}. Raise "
            "its output, or leave output out."
        ]
    return []


def _fit(world: World, code: str, rest: int, known: KnownTrade, notes: list[str]) -> None:
    """Cut what is given to what the rest of the world trades, in place, and say so."""
    for j, good in enumerate(world.goods):
        for amounts, have, verb in (
            (known.sold_jn[j], world.trade_jni[j, :, rest], "sells to"),
            (known.bought_ji[j], world.trade_jni[j, rest], "buys from"),
        ):
            if np.isnan(amounts).all():
                continue
            most = (1 - KEEP) * have
            cut = np.maximum(amounts - most, 0.0)
            at = np.flatnonzero(cut > 1e-9 * amounts.sum()).tolist()
            if not at:
                continue
            np.subtract(amounts, cut, out=amounts)
            if verb == "sells to":
                known.output_j[j] -= cut.sum()
            at.sort(key=lambda n: -cut[n])
            shown = listed((f"{world.countries[n]} {cut[n]:,.4g}" for n in at), len(at))
            notes.append(
                f"{code}: more {good} was given than {world.countries[rest]} {verb} a partner in "
                f"this world; what it does not trade was left out, {world.unit}: {shown}."
            )
