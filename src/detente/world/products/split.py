"""A product of the layer as a good of a world: the flows, users and cost shares of its split.

`split_of` makes the `ProductSplit` that `split_commodity` needs, fitted into the sector that holds
the product, and says what had to be repaired for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array
from detente.world.commodity_split import FINAL, KEEP
from detente.world.errors import WorldError
from detente.world.names import in_sentence
from detente.world.products.catalogue import Product
from detente.world.products.flows import ProductTrade, commodity
from detente.world.products.kinds import kind_of
from detente.world.sectors import holder

if TYPE_CHECKING:
    from detente.world.world import World

#: What of its sector a product may have at most, by seller and by buyer: the sector keeps a rest.
_MOST = (1 - KEEP) * 0.98
#: The part of trade that may be lost when flows are fitted into the sector.
LIMIT = 0.25
#: A flow whose unit value is this many times the price, or this part of it, has a wrong quantity.
_PLAUSIBLE = 2.0
#: A user with less of the purchases than this is left out.
_SMALLEST_USER = 1e-3
#: Below this part of its sales abroad, what a sector exports does not tell what it sells at home.
_TELLING = 0.01
#: Countries that a sentence names.
_NAMED = 3
REST = "ROW"


@dataclass(frozen=True)
class ProductSplit:
    """What `split_commodity` needs of a product, and what was done to make it fit.

    Attributes:
        product: which one.
        year: of its flows.
        parent: the good of the world that holds it.
        price: USD per tonne at which every tonne is valued: half of the trade is dearer.
        tonnes_ni: market n from origin i with own supply on the diagonal, tonnes, (N, N).
        users: shares of its users, final use among them; they sum to 1.
        labour_share: of its sales.
        capital_share: the same.
        repairs: what had to be changed, in sentences.
        notes: what was assumed, in sentences.
    """

    product: Product
    year: int
    parent: str
    price: float
    tonnes_ni: Array = field(repr=False)
    users: Mapping[str, float]
    labour_share: float
    capital_share: float
    repairs: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def value_ni(self) -> Array:
        """The flows in USD million at the price, (N, N)."""
        return self.tonnes_ni * (self.price / 1e6)


def split_of(
    product: str | Product,
    world: World,
    year: int | None = None,
    *,
    parent: str | None = None,
    taken_ni: Array | None = None,
) -> ProductSplit:
    """A product's flows, users and costs, fitted into the sector of a world that holds it.

    Tonnes are those of the customs, but where a flow has none, or is worth more than twice or less
    than half the price by tonne: its tonnes then follow from its value. Own supply is production
    less exports where production is on file. Elsewhere it is the same part of what the sector sells
    at home as of what it sells abroad. Flows of sellers and buyers that exceed all of their
    sector's are cut to it.

    Args:
        product: a name, a code or a product.
        world: the base year.
        year: of the flows; the world's own if None.
        parent: the good that holds it; by the bundled concordance if None.
        taken_ni: what other goods took out of the same parent, USD million, (N, N).

    Returns:
        ProductSplit: what `split_commodity` needs.

    Raises:
        UnknownLabel: for a product or parent that is not known.
        WorldError: for a year without data, or a product that is larger than its sector.

    Example:
        >>> from detente import load_world
        >>> from detente.world.products import split_of
        >>> found = split_of("bauxite", load_world("oecd-2020"))
        >>> found.parent, found.year
        ('AGRI_MIN_FOOD', 2020)
    """
    trade = commodity(product, world.year if year is None else year)
    good = trade.product
    sector = parent or holder(good.isic, world.goods)
    if sector is None:
        raise WorldError(
            f"No good of the world {world.name} holds {good.name} (sector {good.isic}).",
            "Name the good that holds it as its parent.",
        )
    p = world.good(sector)
    whole_ni = world.trade_jni[p] - (0.0 if taken_ni is None else taken_ni)
    price = _price(trade)
    tonnes_ni, notes = _tonnes(trade, world.countries, price)
    own_n, said = _own(trade, world.countries, tonnes_ni * price / 1e6, whole_ni, price)
    of = "its sector" if taken_ni is None else "what other goods of the case leave of its sector"
    value_ni, repairs = _fitted(tonnes_ni * price / 1e6, own_n, whole_ni, world, good, sector, of)
    labour, capital = _factors(world, p, value_ni, kind_of(good.kind).resource_share.value)
    return ProductSplit(
        product=good,
        year=trade.years[0],
        parent=sector,
        price=price,
        tonnes_ni=value_ni * (1e6 / price),
        users=_users(world, p, good),
        labour_share=labour,
        capital_share=capital,
        repairs=repairs,
        notes=(*notes, *said),
    )


def _price(trade: ProductTrade) -> float:
    """The unit value that half of the trade exceeds, by value, USD per tonne."""
    known = trade.flows.drop_nulls("tonnes").sort("usd_per_tonne")
    if known.is_empty():
        raise WorldError(
            f"{trade.product.name}: no flow of {trade.years[0]} has tonnes.", "Take another year."
        )
    cumulated = known["usd"].cum_sum().to_numpy()
    at = int(np.searchsorted(cumulated, cumulated[-1] / 2))
    return float(known["usd_per_tonne"][at])


def _tonnes(
    trade: ProductTrade, countries: tuple[str, ...], price: float
) -> tuple[Array, list[str]]:
    """Tonnes between the countries of a world, (N, N); trade inside the rest on its diagonal."""
    place = {c: n for n, c in enumerate(countries)}
    rest = place.get(REST)
    out = np.zeros((len(countries), len(countries)))
    by_value, outside, total = 0.0, 0.0, 0.0
    columns = ("exporter", "importer", "tonnes", "usd")
    for exporter, importer, tonnes, usd in trade.flows.select(columns).iter_rows():
        i, n = place.get(exporter, rest), place.get(importer, rest)
        total += usd
        if i is None or n is None:
            outside += usd
            continue
        if tonnes and price / _PLAUSIBLE <= usd / tonnes <= price * _PLAUSIBLE:
            out[n, i] += tonnes
        else:
            by_value += usd
            out[n, i] += usd / price
    notes = [
        f"{trade.product.name}: flows of {trade.years[0]} at one price, {price:,.0f} USD per tonne."
    ]
    if by_value > 0.0005 * total:
        notes.append(
            f"{trade.product.name}: {by_value / total:.1%} of trade has no tonnes or implausible "
            "ones; its tonnes follow from its value."
        )
    if outside > 0.0005 * total:
        notes.append(
            f"{trade.product.name}: {outside / total:.1%} of trade is with countries that the "
            "world does not have, and is left out."
        )
    return out, notes


def _own(
    trade: ProductTrade,
    countries: tuple[str, ...],
    value_ni: Array,
    whole_ni: Array,
    price: float,
) -> tuple[Array, list[str]]:
    """What each country sells at home, USD million, (N,)."""
    abroad_n = value_ni.sum(axis=0) - np.diag(value_ni)
    home_n = np.diag(whole_ni)
    sector_n = whole_ni.sum(axis=0) - home_n
    usual = abroad_n.sum() / max(float(sector_n.sum()), 1e-12)
    telling = sector_n > _TELLING * whole_ni.sum(axis=0)
    part_n = np.where(telling, abroad_n / np.maximum(sector_n, 1e-12), usual)
    own_n = np.minimum(part_n, 1.0) * home_n
    known = []
    for row in trade.production.to_dicts():
        if row["country"] in countries and row["country"] != REST:
            n = countries.index(row["country"])
            own_n[n] = max(row["tonnes"] * price / 1e6 - abroad_n[n], 0.0)
            known.append(row["country"])
    name = trade.product.name
    first = (
        f"{name}: own supply is production less exports in {len(known)} countries, and elsewhere"
    )
    rule = "the same part of what the sector sells at home as of what it sells abroad."
    return own_n, [f"{first} {rule}" if known else f"{name}: own supply is {rule}"]


def _fitted(
    value_ni: Array,
    own_n: Array,
    whole_ni: Array,
    world: World,
    product: Product,
    sector: str,
    of: str,
) -> tuple[Array, tuple[str, ...]]:
    """Flows cut to what the sector sells and buys, and what was cut in sentences."""
    inside_n = np.diag(value_ni).copy()
    abroad_ni = value_ni - np.diag(inside_n)
    sells_i, buys_n = _MOST * whole_ni.sum(axis=0), _MOST * whole_ni.sum(axis=1)
    asked = float(abroad_ni.sum())
    by_seller = np.minimum(1.0, _ratio(sells_i, abroad_ni.sum(axis=0)))
    cut_ni = abroad_ni * by_seller
    by_buyer = np.minimum(1.0, _ratio(buys_n, cut_ni.sum(axis=1)))
    kept_ni = cut_ni * by_buyer[:, None]
    lost_i = abroad_ni.sum(axis=0) - cut_ni.sum(axis=0)
    lost_n = cut_ni.sum(axis=1) - kept_ni.sum(axis=1)
    lost = asked - float(kept_ni.sum())
    if lost > LIMIT * asked:
        worst = int(np.argmax(np.maximum(lost_i, lost_n)))
        raise WorldError(
            f"{product.name} (HS {product.hs}) is larger than {of} {sector} in {world.name}: "
            f"{lost / asked:.0%} of its trade has no room in it, most of all in "
            f"{in_sentence(world.countries[worst])}.",
            "Take the world of another year, or name a larger parent.",
        )
    # Own supply is assumed, so that it gives way first.
    wanted_n = own_n + inside_n
    room_n = np.minimum(sells_i - kept_ni.sum(axis=0), buys_n - kept_ni.sum(axis=1))
    home_n = np.clip(wanted_n, 0.0, np.maximum(room_n, 0.0))
    repairs = [
        f"{product.name}: what the customs have of {side} exceeds all of {sector}, so that USD "
        f"million {lost_x.sum():,.0f}, {lost_x.sum() / asked:.1%} of its trade, was cut: "
        f"{_named(world, lost_x)}."
        for lost_x, side in ((lost_i, "some sellers"), (lost_n, "some buyers"))
        if lost_x.sum() > 5e-4 * asked
    ]
    short_n = wanted_n - home_n
    if short_n.sum() > 5e-3 * max(float(wanted_n.sum()), 1e-12):
        repairs.append(
            f"{product.name}: own supply was cut by USD million {short_n.sum():,.0f} of "
            f"{wanted_n.sum():,.0f} to fit into {sector}, most of all in {_named(world, short_n)}."
        )
    return kept_ni + np.diag(home_n), tuple(repairs)


def _ratio(room: Array, asked: Array) -> Array:
    return np.divide(np.maximum(room, 0.0), asked, out=np.ones_like(asked), where=asked > 0)


def _named(world: World, amount_n: Array) -> str:
    """The countries with the largest amounts, in words."""
    order = np.argsort(-amount_n, kind="stable")
    there = [n for n in order.tolist() if amount_n[n] > 0]
    names = [in_sentence(world.countries[n]) for n in there[:_NAMED]]
    more = len(there) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _factors(world: World, p: int, value_ni: Array, resource: float) -> tuple[float, float]:
    """Shares of labour and capital in sales: those of the sector's sellers, less the resource's."""
    sales_i = value_ni.sum(axis=0)
    weight_i = sales_i / sales_i.sum()
    output_i = np.maximum(world.trade_jni[p].sum(axis=0), 1e-12)
    labour = float(weight_i @ (world.labour_nj[:, p] / output_i))
    mobile = labour + float(weight_i @ (world.capital_nj[:, p] / output_i))
    left = max(mobile - resource, 0.1 * mobile)
    return left * labour / mobile, left * (1 - labour / mobile)


def _users(world: World, p: int, product: Product) -> dict[str, float]:
    """Who buys it: the users on file, or all of the sector's, in the sector's proportions."""
    every = {g: float(world.intermediate_nkj[:, p, j].sum()) for j, g in enumerate(world.goods)}
    every[FINAL] = float(world.final_nj[:, p].sum())
    listed = {u if u == FINAL else holder(u, world.goods) for u in product.users}
    chosen = {u: every[u] for u in every if u in listed}
    if sum(chosen.values()) <= 0:
        chosen = {u: v for u, v in every.items() if v > 0}
    total = sum(chosen.values())
    large = {u: v for u, v in chosen.items() if v > _SMALLEST_USER * total}
    kept = sum(large.values())
    return {u: v / kept for u, v in large.items()}
