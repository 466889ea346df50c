"""Shocks by label: what is changed, for whom, by how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.trade.errors import ShockError
from detente.trade.shock import Change, Shock

if TYPE_CHECKING:
    import datetime as dt

Labels = str | Iterable[str]


def _labels(value: Labels) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def embargo(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    leakage: float = 0.0,
    date: dt.date | None = None,
) -> Shock:
    """Nothing of `goods` from `origin` reaches `market`, but for a leakage.

    Args:
        origin: ISO3 codes or groups ('EU', 'G7'), '*' for all. Domestic sales are never embargoed.
        market: the same.
        goods: names of goods, '*' for all.
        leakage: share of the base flow, in [0, 1], that gets through at unchanged prices.
        date: the day whose members of the groups are meant; None for the members whose membership
            has not ended.
    """
    if not 0 <= leakage <= 1:
        raise ShockError(f"The leakage of an embargo is a share between 0 and 1, not {leakage!r}.")
    change = Change(
        "embargo", _labels(origin), _labels(market), _labels(goods), 0.0, leakage, date=date
    )
    return Shock(changes=(change,))


def tariff(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    rate: float,
    added: bool = False,
    date: dt.date | None = None,
) -> Shock:
    """`market` charges `rate` (a fraction, ad valorem) on `goods` from `origin`.

    Args:
        origin: ISO3 codes or groups, '*' for all. Domestic sales bear no tariff.
        market: the same.
        goods: names of goods, '*' for all.
        rate: the new level, a fraction of at least 0 (0.25 is 25 %), or what is added to the level
            so far where `added`.
        added: add to the level so far instead of replacing it.
        date: the day whose members of the groups are meant; None for the members whose membership
            has not ended.
    """
    return Shock(
        changes=(
            Change(
                "tariff", _labels(origin), _labels(market), _labels(goods), rate, 0.0, added, date
            ),
        )
    )


def iceberg(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    factor: float,
    date: dt.date | None = None,
) -> Shock:
    """Delivered cost from `origin` to `market` is multiplied by `factor`.

    Args:
        origin: ISO3 codes or groups, '*' for all. Domestic sales are left alone.
        market: the same.
        goods: names of goods, '*' for all.
        factor: above 0, 1 for no change: at 1.1 delivery of the same quantity costs a tenth more,
            which is used up on the way; `inf` is an embargo.
        date: the day whose members of the groups are meant; None for the members whose membership
            has not ended.
    """
    if factor == float("inf"):
        return embargo(origin, market, goods, date=date)
    change = Change("iceberg", _labels(origin), _labels(market), _labels(goods), factor, date=date)
    return Shock(changes=(change,))


def export_tax(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    rate: float,
    added: bool = False,
    date: dt.date | None = None,
) -> Shock:
    """`origin` taxes its exports of `goods` to `market` at `rate` (a fraction, ad valorem).

    Args:
        origin: ISO3 codes or groups, '*' for all.
        market: the same.
        goods: names of goods, '*' for all.
        rate: the new level, a fraction above -1 of the price before tax (0.25 is 25 %, a negative
            one a subsidy), or what is added to the level so far where `added`.
        added: add to the level so far instead of replacing it.
        date: the day whose members of the groups are meant; None for the members whose membership
            has not ended.
    """
    change = Change(
        "export_tax", _labels(origin), _labels(market), _labels(goods), rate, 0.0, added, date
    )
    return Shock(changes=(change,))


def productivity(country: Labels, goods: Labels = "*", *, factor: float) -> Shock:
    """Producers of `goods` in `country` make `factor` times as much from the same inputs.

    Args:
        country: ISO3 codes or groups, '*' for all.
        goods: names of goods, '*' for all.
        factor: above 0, 1 for no change.
    """
    return Shock(changes=(Change("productivity", _labels(country), (), _labels(goods), factor),))


def labour(country: Labels, *, factor: float) -> Shock:
    """The supply of the mobile factor in `country` is multiplied by `factor`.

    Args:
        country: ISO3 codes or groups, '*' for all.
        factor: above 0, 1 for no change. The mobile factor is labour with the capital that the
            horizon lets move.
    """
    return Shock(changes=(Change("labour", _labels(country), (), (), factor),))


def capacity(country: Labels, goods: Labels = "*", *, factor: float) -> Shock:
    """The fixed factor of `goods` in `country` (a mine, a plant) is multiplied by `factor`.

    Args:
        country: ISO3 codes or groups, '*' for all.
        goods: names of goods, '*' for all; one without a fixed factor at the horizon is left alone.
        factor: above 0, 1 for no change.
    """
    return Shock(changes=(Change("capacity", _labels(country), (), _labels(goods), factor),))


def transfer(origin: str, market: str, *, amount: float) -> Shock:
    """`origin` pays `market` a transfer of `amount` USD million a year.

    Args:
        origin: the country that pays, an ISO3 code.
        market: the country that receives, an ISO3 code.
        amount: USD million a year of the base year, in units of the numeraire (world factor
            income); added to what the rule for transfers gives.
    """
    return Shock(changes=(Change("transfer", (origin,), (market,), (), amount),))
