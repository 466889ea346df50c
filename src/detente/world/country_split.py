"""An economy taken out of the rest of the world: a stand-in with a stated size and stated trade.

Tables of the world economy hold some eighty economies and `ROW`. `split_country` makes one more of
them: as large as its gross domestic product says, structured as the rest is, and with trade and
output of its own for the goods that are given. It and what is left of ROW add up to the old ROW in
every account and every flow, so that nobody else's accounts change.

Each cell of the new country is a part of ROW's cell. Where the parts that size and trade suggest do
not balance, the nearest that do are taken, with the distance `share` of `nearest`: a part stays
between nothing and the whole.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._near import did_you_mean
from detente._types import Array
from detente.world.country_goods import ESTIMATE, KEEP, CountryGood, KnownTrade, known_trade
from detente.world.errors import UnknownLabel, WorldError
from detente.world.names import all_names, code_of, name_of
from detente.world.nearest import nearest
from detente.world.world import STAND_IN, World

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_GDP = Path(__file__).with_name("data") / "gdp.csv"
_GDP_SOURCE = "World Bank, World Development Indicators, NY.GDP.MKTP.CD"
#: Largest relative gap of an account of the new country.
_CLOSED = 1e-9


def split_country(
    world: World,
    country: str,
    *,
    from_: str = "ROW",
    gdp: float | None = None,
    exports: float | None = None,
    imports: float | None = None,
    goods: Mapping[str, CountryGood | Mapping[str, Any]] | None = None,
    source: str = "",
) -> World:
    """The same world with one more economy, taken out of the rest of the world.

    The new country is a stand-in: its size and the goods given are its own, everything else is
    the structure of the rest of the world. What it buys at home is the median of the other
    economies' shares, good by good. `World.stand_ins` names it, and a note says what it rests on.

    Args:
        world: the base year.
        country: ISO3 code or English name.
        from_: the country that it is part of so far.
        gdp: its value added, in the unit of the world; None looks the year up in the World Bank's
            figures, which are bundled for 2011 to 2022 for economies that the OECD's tables lack.
        exports: what it sells abroad of all goods and services, in the unit of the world; None
            leaves it as open as the rest of the world, which is a good deal more open in the
            OECD's tables than most of its economies are.
        imports: what it buys abroad, net of taxes, in the same way.
        goods: what is known of its trade and output, by good of the world; a `CountryGood` or a
            mapping of its fields. A code of the product layer, as `"270900": {}`, takes the trade
            of the world's year from there; then `output` and `price` are in tonnes.
        source: of `gdp`, `exports` and `imports`; 'analyst estimate' if they are given without.

    Returns:
        World: with the country before the one that it was part of; both add up to the old one.

    Raises:
        UnknownLabel: no such country, partner or good.
        WorldError: a country that the world has already, or one that is larger than the rest; or
            figures that cannot hold together, with every fault.

    Example:
        >>> from detente.world import load_world, split_country
        >>> world = split_country(load_world("oecd-2020"), "IRN")
        >>> world.stand_ins, int(world.value_added_nj[world.country("IRN")].sum() / 1000)
        (('IRN',), 239)
    """
    code = _code(world, country, from_)
    rest = world.country(from_)
    size, size_source = _size(world, code, gdp, source)
    earned = float(world.value_added_nj[rest].sum())
    if size >= (1 - KEEP) * earned:
        raise WorldError(
            f"{name_of(code)} cannot be taken out of {from_}: its GDP of {size:,.0f} is not below "
            f"the {earned:,.0f} {world.unit} that {from_} earns.",
            f"Give gdp in {world.unit} of {world.year}.",
        )
    notes: list[str] = []
    known = known_trade(world, code, rest, goods or {}, notes)
    totals = _Totals(size, _total(exports, "exports"), _total(imports, "imports"))
    part = _part(world, code, rest, totals, known)
    traded = " and ".join(
        f"{what} of {value:,.0f}"
        for what, value in (("exports", totals.exports), ("imports", totals.imports))
        if value is not None
    )
    own = "; ".join(f"{good}: {k.source}" for good, k in known.given.items())
    first = (
        f"{name_of(code)} ({code}) {STAND_IN}it was taken out of {from_} with a value added "
        f"of {size:,.0f} {world.unit} ({size_source})"
        f"{f', {traded} ({source or ESTIMATE})' if traded else ''} and the structure of the rest "
        "of the world"
    )
    first += f", but for its own trade and output of {own}." if own else "."
    return _apart(world, code, rest, part, (first, *notes))


@dataclass(frozen=True)
class _Totals:
    """Value added, and what is sold and bought abroad where that is given."""

    value_added: float
    exports: float | None
    imports: float | None


def _total(value: float | None, what: str) -> float | None:
    if value is not None and not (np.isfinite(value) and value > 0):
        raise WorldError(f"{what} is {value}; it must be above 0.")
    return value


def _code(world: World, country: str, from_: str) -> str:
    code = country if country in world.countries else code_of(str(country)) or str(country)
    if code in world.countries:
        already = " as a stand-in" if code in world.stand_ins else ""
        raise WorldError(
            f"{name_of(code)} ({code}) is in the world {world.name or '(unnamed)'}{already} "
            "already.",
            "Take out a country that is inside the rest of the world, each once.",
        )
    if code not in all_names():
        hint = did_you_mean(str(country), tuple(all_names()), "Give an ISO3 code or a name.")
        raise UnknownLabel(f"There is no country {country!r}.", hint)
    if from_ not in world.countries:
        hint = did_you_mean(from_, world.countries, "Give from_, the country that it is part of.")
        raise UnknownLabel(
            f"{name_of(code)} cannot be taken out of {from_!r}: the world "
            f"{world.name or '(unnamed)'} has no such country.",
            hint,
        )
    return code


@functools.cache
def _gdp_table() -> dict[str, dict[int, float]]:
    with _GDP.open(encoding="utf-8", newline="") as file:
        return {
            row.pop("country"): {int(year): float(value) for year, value in row.items() if value}
            for row in csv.DictReader(file)
        }


def _size(world: World, code: str, gdp: float | None, source: str) -> tuple[float, str]:
    if gdp is not None:
        if not (np.isfinite(gdp) and gdp > 0):
            raise WorldError(f"The GDP of {name_of(code)} is {gdp}; it must be above 0.")
        return float(gdp), source or ESTIMATE
    years = _gdp_table().get(code, {})
    if world.year in years and world.unit == "USD million":
        return years[world.year], f"GDP {world.year}, {_GDP_SOURCE}"
    last = f"; the last is {max(years)}" if years and world.year > max(years) else ""
    raise WorldError(
        f"No GDP of {name_of(code)} for {world.year} is at hand{last}.",
        f"Give gdp in {world.unit} of that year, with its source.",
    )


@dataclass(frozen=True)
class _Part:
    """The new country's cells, each a part of the rest of the world's.

    Attributes:
        sold_jn: its sales by market, (J, N), those to what is left of the rest in the rest's place.
        bought_ji: its purchases by origin, likewise, (J, N).
        home_j: its sales to itself.
        inputs_kj: (J, J).
        final_j: (J,).
        value_added_j: (J,).
        left_j: what the rest of the world then sells to itself.
    """

    sold_jn: Array
    bought_ji: Array
    home_j: Array
    inputs_kj: Array
    final_j: Array
    value_added_j: Array
    left_j: Array


def _part(world: World, code: str, rest: int, totals: _Totals, known: KnownTrade) -> _Part:
    """The parts nearest to what size and trade suggest that balance."""
    whole, fixed, guess = _guesses(world, code, rest, totals, known)
    wedge = (1 + world.export_tax_jni[:, rest, :]) * (1 + world.tariff_jni[:, rest, :])
    names = [f.name for f in fields(_Part)]
    given, held, room = (
        np.concatenate([getattr(part, name).ravel() for name in names])
        for part in (guess, fixed, whole)
    )
    room = room - held
    accounts, total, what = _accounts(world, code, rest, wedge, totals)
    live = np.flatnonzero((given > 0) & (room > 0))
    found = nearest(
        np.minimum(given[live], 0.999 * room[live]),
        accounts[:, live],
        total - accounts @ held,
        "share",
        room[live],
    )
    worst = int(np.abs(found.gap_a).argmax())
    if np.abs(found.gap_a[worst]) > _CLOSED:
        raise WorldError(
            f"The GDP, trade and output given for {name_of(code)} cannot hold together: "
            f"{what[worst]} do(es) not come out within what {world.countries[rest]} has.",
            "Check their units and years; leave out output, exports or imports, or give another "
            "GDP.",
        )
    value = held.copy()
    value[live] += found.value_c
    parts, start = [], 0
    for name in names:
        shape = getattr(whole, name).shape
        size = int(np.prod(shape))
        parts.append(value[start : start + size].reshape(shape))
        start += size
    return _Part(*parts)


def _accounts(
    world: World, code: str, rest: int, wedge_ji: Array, totals: _Totals
) -> tuple[csr_array, Array, list[str]]:
    """What a unit of each cell adds to each account, what the accounts come to, and their names.

    The accounts are J markets, J producers, J times what the old rest sold to itself, value added,
    and sales and purchases abroad where they are given. The cells stand in the order of `_Part`.
    """
    from scipy.sparse import coo_array

    J, N = len(world.goods), len(world.countries)
    good, trade = np.arange(J), np.repeat(np.arange(J), N)
    used, user = (index.ravel() for index in np.indices((J, J)))
    start = np.cumsum([0, J * N, J * N, J, J * J, J, J, J])
    sold, bought, home, inputs, final, earned, left = (
        np.arange(a, b) for a, b in pairwise(start.tolist())
    )
    entries: list[tuple[Any, Any, Any]] = [
        (J + trade, sold, 1.0),
        (trade, bought, wedge_ji.ravel()),
        (J + good, home, 1.0),
        (good, home, wedge_ji[:, rest]),
        (used, inputs, -1.0),
        (J + user, inputs, -1.0),
        (good, final, -1.0),
        (J + good, earned, -1.0),
        (2 * J + good, home, 1.0),
        (2 * J + good, sold.reshape(J, N)[:, rest], 1.0),
        (2 * J + good, bought.reshape(J, N)[:, rest], 1.0),
        (2 * J + good, left, 1.0),
        (3 * J, earned, 1.0),
    ]
    name = name_of(code)
    what = [f"purchases of {g} in {name}" for g in world.goods]
    what += [f"sales of {g} of {name}" for g in world.goods]
    what += [f"what is left of {g} inside {world.countries[rest]}" for g in world.goods]
    what.append(f"the value added of {name}")
    total = [*np.zeros(2 * J), *world.trade_jni[:, rest, rest], totals.value_added]
    for value, cells, text in (
        (totals.exports, sold, f"the exports of {name}"),
        (totals.imports, bought, f"the imports of {name}"),
    ):
        if value is not None:
            entries.append((len(total), cells, 1.0))
            total.append(value)
            what.append(text)
    rows, columns, values = (
        np.concatenate([np.broadcast_to(entry[k], entry[1].shape) for entry in entries])
        for k in range(3)
    )
    shape = (len(total), int(start[-1]))
    return coo_array((values, (rows, columns)), shape=shape).tocsr(), np.array(total), what


def _guesses(
    world: World, code: str, rest: int, totals: _Totals, known: KnownTrade
) -> tuple[_Part, _Part, _Part]:
    """The rest of the world's cells, what of them is given, and what size suggests for others."""
    J, size = len(world.goods), totals.value_added
    sales = world.sales_jn[:, rest]
    earned = world.value_added_nj[rest]
    home = world.trade_jni[:, rest, rest]
    whole = _Part(
        world.trade_jni[:, :, rest],
        world.trade_jni[:, rest, :],
        home,
        world.intermediate_nkj[rest],
        world.final_nj[rest],
        earned,
        home,
    )
    share = size / earned.sum()
    # Who makes more of one good than size suggests makes less of all others.
    makes = _scale(world, code, size, known, sales, earned)
    inputs = whole.inputs_kj * makes
    final = whole.final_j * share
    used, spent = inputs.sum(axis=1) + final, world.spending_jn[:, rest]
    buys = np.divide(used, spent, out=np.zeros(J), where=spent > 0)
    at_home = np.minimum(makes, buys) * home * _home_share(world, rest, share)
    sold = whole.sold_jn * makes[:, None]
    bought = whole.bought_ji * buys[:, None]
    sold[:, rest] = np.maximum(makes * home - at_home, 0.0)
    bought[:, rest] = np.maximum(buys * home - at_home, 0.0)
    left = np.maximum(home - sold[:, rest] - bought[:, rest] - at_home, KEEP * home)
    guess = _Part(sold, bought, at_home, inputs, final, earned * makes, left)
    fixed = _Part(*(np.zeros_like(getattr(whole, f.name)) for f in fields(_Part)))
    for j in range(J):
        _hold(j, known, fixed, guess)
    for total, held, free in (
        (totals.exports, fixed.sold_jn, guess.sold_jn),
        (totals.imports, fixed.bought_ji, guess.bought_ji),
    ):
        if total is not None and free.sum() > 0:
            np.multiply(free, max(total - held.sum(), 0.0) / free.sum(), out=free)
    return whole, fixed, guess


def _hold(j: int, known: KnownTrade, fixed: _Part, guess: _Part) -> None:
    """Given flows of a good are held; where they are all of it, nothing is added, in place."""
    whole = bool(known.whole_j[j])
    sold, bought, output = known.sold_jn[j], known.bought_ji[j], known.output_j[j]
    if not np.isnan(sold).any():
        fixed.sold_jn[j] = sold
        if whole:
            guess.sold_jn[j] = 0.0
        if not np.isnan(output):
            fixed.home_j[j] = max(output - sold.sum(), 0.0)
            if whole:
                guess.home_j[j] = 0.0
    if not np.isnan(bought).any():
        fixed.bought_ji[j] = bought
        if whole:
            guess.bought_ji[j] = 0.0


def _scale(
    world: World, code: str, size: float, known: KnownTrade, sales: Array, earned: Array
) -> Array:
    """How much of the rest of the world's output of each good the country makes, (J,)."""
    own = np.where(np.isnan(known.output_j), np.nansum(known.sold_jn, axis=1), known.output_j)
    stated = ~np.isnan(known.output_j) | ~np.isnan(known.sold_jn).all(axis=1)
    of_good = np.divide(own, sales, out=np.zeros_like(own), where=sales > 0) * stated
    left = size - float((of_good * earned).sum())
    others = earned * ~(stated & known.whole_j)
    if left < 0 or (left > 0 and others.sum() <= 0):
        shown = ", ".join(f"{world.goods[j]} {own[j]:,.0f}" for j in np.flatnonzero(stated))
        raise WorldError(
            f"The GDP of {name_of(code)}, {size:,.0f} {world.unit}, is below what the goods given "
            f"would add alone, {size - left:,.0f} (output of {shown}).",
            "Check the units, the price and the year.",
        )
    rest_scale = left / others.sum()
    known_share = np.isnan(known.output_j) & stated & known.whole_j
    # Only exports were given: what is made for home comes on top, as size suggests.
    extra = np.where(known_share, size / earned.sum(), 0.0)
    scale: Array = of_good + np.where(others > 0, rest_scale, 0.0) + extra
    return scale


def _home_share(world: World, rest: int, share: float) -> Array:
    """Share of what it buys inside the old rest of the world that comes from itself, (J,)."""
    own = np.arange(len(world.countries))
    home_jn = world.share_jni[:, own, own]
    bought = world.spending_jn > 0
    median = np.array(
        [
            np.median(np.delete(row, rest)[np.delete(on, rest)]) if np.delete(on, rest).any() else 1
            for row, on in zip(home_jn, bought, strict=True)
        ]
    )
    inside = np.where(home_jn[:, rest] > 0, home_jn[:, rest], 1.0)
    clipped: Array = np.clip(median / inside, share, 1.0)
    return clipped


def _apart(world: World, code: str, rest: int, part: _Part, notes: tuple[str, ...]) -> World:
    """The world with the country's cells taken out of the rest of the world's."""
    n = rest  # the new country takes this place and the rest the next

    def doubled(values: Array, *axes: int) -> Array:
        for axis in axes:
            values = np.insert(values, n, np.take(values, n, axis=axis), axis=axis)
        return values

    trade = doubled(world.trade_jni, 1, 2)
    # Markets and origins of the new world: the old ones, with the country at n and the rest at n+1.
    others = np.delete(np.arange(len(world.countries) + 1), [n, n + 1])
    old = np.delete(np.arange(len(world.countries)), rest)
    trade[:, others, n] = part.sold_jn[:, old]
    trade[:, others, n + 1] = world.trade_jni[:, old, rest] - part.sold_jn[:, old]
    trade[:, n, others] = part.bought_ji[:, old]
    trade[:, n + 1, others] = world.trade_jni[:, rest, old] - part.bought_ji[:, old]
    trade[:, n, n] = part.home_j
    trade[:, n + 1, n] = part.sold_jn[:, rest]
    trade[:, n, n + 1] = part.bought_ji[:, rest]
    trade[:, n + 1, n + 1] = part.left_j

    def parted(values: Array, share: Array) -> Array:
        out = doubled(values, 0)
        out[n], out[n + 1] = values[rest] * share, values[rest] * (1 - share)
        return out

    inputs, final = doubled(world.intermediate_nkj, 0), doubled(world.final_nj, 0)
    inputs[n], inputs[n + 1] = part.inputs_kj, world.intermediate_nkj[rest] - part.inputs_kj
    final[n], final[n + 1] = part.final_j, world.final_nj[rest] - part.final_j
    earned = world.value_added_nj[rest]
    of_earned = np.divide(part.value_added_j, earned, out=np.zeros_like(earned), where=earned > 0)
    return replace(
        world,
        countries=(*world.countries[:n], code, *world.countries[n:]),
        trade_jni=trade,
        tariff_jni=doubled(world.tariff_jni, 1, 2),
        export_tax_jni=doubled(world.export_tax_jni, 1, 2),
        intermediate_nkj=inputs,
        final_nj=final,
        labour_nj=parted(world.labour_nj, of_earned),
        capital_nj=parted(world.capital_nj, of_earned),
        resource_nj=parted(world.resource_nj, of_earned),
        final_substitution_n=doubled(world.final_substitution_n, 0),
        specification=world.specification.split(
            countries=np.insert(np.arange(len(world.countries)), n, n)
        ),
        stand_ins=(*world.stand_ins, code),
        source=f"{world.source}; {name_of(code)} is a stand-in taken out of "
        f"{world.countries[rest]}",
        notes=(*world.notes, *notes),
    )
