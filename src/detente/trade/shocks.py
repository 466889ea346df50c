"""A shock: what changes against the base year, by label or by array.

`Shock` holds the changes, each a `Change` or a `RouteChoice`. `embargo`, `tariff`, `iceberg`,
`export_tax`, `quota`, `licence`, `productivity`, `labour`, `capacity` and `transfer` make one by
label: what is changed, for whom, and by how much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from detente._deprecated import renamed_fields
from detente.trade.errors import ShockError

if TYPE_CHECKING:
    import datetime as dt


Kind = Literal[
    "embargo",
    "tariff",
    "iceberg",
    "export_tax",
    "productivity",
    "labour",
    "capacity",
    "transfer",
    "quota",
    "licence",
]


#: Whose the rent of a quota is: of the government of the market, or of that of the origin.
RentOwner = Literal["market", "origin"]


@dataclass(frozen=True)
class Change:
    """One labelled change; `Shock` collects them, `_shock_wedges.wedges` applies them in order.

    Of quotas and licences are `rent`, who earns it, and `beyond`, the duty beyond the limit.
    """

    kind: Kind
    origin: tuple[str, ...]
    market: tuple[str, ...]
    goods: tuple[str, ...]
    value: float
    leakage: float = 0.0
    added: bool = False
    date: dt.date | None = None
    rent: RentOwner = "market"
    beyond: float = float("inf")


@dataclass(frozen=True)
class Route:
    """One route that a flow can take: a port, a railway, a road.

    Attributes:
        name: how it is called.
        share: of the base flow that takes it, in [0, 1].
        cost: change of delivered cost on it, a factor; `inf` closes it.
        fee: net income of the transit country per unit of value at the origin's border.
        transit: the country that earns it; '' for none.
        capacity: USD million a year at base prices; `inf` for none.

    Example:
        >>> import detente
        >>> port = detente.Route("Klaipėda", 0.7, cost=float("inf"), fee=0.05, transit="LTU")
        >>> port.capacity
        inf
    """

    name: str
    share: float
    cost: float = 1.0
    fee: float = 0.0
    transit: str = ""
    capacity: float = float("inf")


@renamed_fields(ways="routes")
@dataclass(frozen=True)
class RouteChoice:
    """Flows of one good from one origin that choose among routes.

    Every market in it has the same routes and base shares. A route whose base share is 0 stays
    unused: exact changes cannot make a zero flow grow.

    Attributes:
        good: its name.
        origin: the country that ships it.
        markets: where to, ISO3 codes or groups.
        routes: whose shares sum to 1.
        elasticity: ρ > 0, of substitution among the routes.
        level: a in the congestion cost 1 + a (flow/capacity)^b of a route with a capacity.
        power: b.

    Example:
        >>> import detente
        >>> routes = (detente.Route("north", 0.6, cost=1.1), detente.Route("south", 0.4))
        >>> choice = detente.RouteChoice("MANUF_EXFOOD", "BLR", ("CHN",), routes, elasticity=4.0)
        >>> world = detente.load_world("oecd-2020")
        >>> found = detente.solve(world, detente.Shock(route_choices=(choice,)))
        >>> found.route_share("MANUF_EXFOOD", "BLR", "CHN")["south"] > 0.4
        True
    """

    good: str
    origin: str
    markets: tuple[str, ...]
    routes: tuple[Route, ...]
    elasticity: float
    level: float = 0.15
    power: float = 4.0


@renamed_fields(routes="route_choices")
@dataclass(frozen=True, eq=False)
class Shock:
    """What changes against the base year; everything not named stays as it is.

    Shocks combine with `+`: iceberg factors, productivity and endowments multiply, transfers add,
    and a later tariff or export tax replaces an earlier one in the cells that it names.

    Args:
        tariff_jni: new ad-valorem levels, fractions, (J, N, N) by good, market, origin.
        iceberg_jni: factor changes of delivered cost, ≥ 0; `inf` is an embargo, exactly.
        export_tax_jni: new ad-valorem levels, fractions.
        leakage_jni: share of the base flow at which an embargo in `iceberg_jni` leaks.
        productivity_nj: factor changes by country and good.
        labour_n: factor changes of the mobile factor.
        capacity_nj: factor changes of the fixed factors.
        transfer_n: USD million added to each country's transfer; sums to zero.
        route_choices: flows that choose among routes, with the cost of each route.
        changes: labelled changes, from the named builders.

    Example:
        >>> from detente.trade import embargo, tariff
        >>> shock = embargo("RUS", "USA", "MANUF_EXFOOD") + tariff("CHN", "USA", rate=0.25)
        >>> len(shock.changes)
        2
    """

    tariff_jni: ArrayLike | None = field(default=None, repr=False)
    iceberg_jni: ArrayLike | None = field(default=None, repr=False)
    export_tax_jni: ArrayLike | None = field(default=None, repr=False)
    leakage_jni: ArrayLike = field(default=0.0, repr=False)
    productivity_nj: ArrayLike | None = field(default=None, repr=False)
    labour_n: ArrayLike | None = field(default=None, repr=False)
    capacity_nj: ArrayLike | None = field(default=None, repr=False)
    transfer_n: ArrayLike | None = field(default=None, repr=False)
    route_choices: tuple[RouteChoice, ...] = ()
    changes: tuple[Change, ...] = ()

    def __add__(self, other: Shock) -> Shock:
        if not isinstance(other, Shock):
            return NotImplemented
        if self._labelled and other._labelled:
            return Shock(
                route_choices=self.route_choices + other.route_choices,
                changes=self.changes + other.changes,
            )
        merged: dict[str, object] = {
            "changes": self.changes + other.changes,
            "route_choices": self.route_choices + other.route_choices,
        }
        for f in fields(self):
            if f.name in ("changes", "route_choices", "leakage_jni"):
                continue
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if mine is None or theirs is None:
                merged[f.name] = theirs if mine is None else mine
            elif f.name in ("tariff_jni", "export_tax_jni"):
                raise ShockError(
                    f"Both shocks set the whole array {f.name}, so which of the two holds is not "
                    f"defined.",
                    "Set it once, or use the named builders, which say their cells.",
                )
            elif f.name == "transfer_n":
                merged[f.name] = np.add(mine, theirs)
            else:
                merged[f.name] = np.multiply(mine, theirs)
        if self.iceberg_jni is None:
            merged["leakage_jni"] = other.leakage_jni
        elif other.iceberg_jni is None:
            merged["leakage_jni"] = self.leakage_jni
        else:
            raise ShockError(
                "Both shocks set the whole array iceberg_jni, with leakages of their own.",
                "Multiply the arrays before, or use the named builders.",
            )
        return Shock(**merged)  # type: ignore[arg-type]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for shocks that are the same; routes and whole arrays count by identity."""
        arrays = () if self._labelled else (id(self),)
        return self.changes, tuple(map(id, self.route_choices)), *arrays

    @property
    def _labelled(self) -> bool:
        """Whether it sets no whole array."""
        return (
            self.tariff_jni is None
            and self.iceberg_jni is None
            and self.export_tax_jni is None
            and self.productivity_nj is None
            and self.labour_n is None
            and self.capacity_nj is None
            and self.transfer_n is None
        )

    def __radd__(self, other: object) -> Shock:
        # sum([...]) starts from 0.
        return self if other == 0 else NotImplemented


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

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Raises:
        ShockError: a leakage that is no share between 0 and 1.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.embargo("RUS", "EU", "AGRI_MIN_FOOD")
        >>> detente.solve(world, shock).trade_value["AGRI_MIN_FOOD", "EU", "RUS"].sum()
        0.0
    """
    if not 0 <= leakage <= 1:
        raise ShockError(
            f"The leakage of an embargo is a share between 0 and 1, not {leakage!r}.",
            "Give 0 for none, or the share of the base flow that gets through.",
        )
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
        rate: the new level, a fraction above -1 (0.25 is 25 %, a negative one a subsidy), or what
            is added to the level so far where `added`.
        added: add to the level so far instead of replacing it.
        date: the day whose members of the groups are meant; None for the members whose membership
            has not ended.

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.tariff("CHN", "USA", rate=0.25)
        >>> detente.solve(world, shock).real_income_change["CHN"] < 0
        True
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

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.iceberg("CHN", "USA", factor=1.1)
        >>> detente.solve(world, shock).real_income_change["USA"] < 0
        True
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

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.export_tax("CHN", "USA", rate=0.1)
        >>> detente.solve(world, shock).real_income_change["USA"] < 0
        True
    """
    change = Change(
        "export_tax", _labels(origin), _labels(market), _labels(goods), rate, 0.0, added, date
    )
    return Shock(changes=(change,))


def quota(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    limit: float,
    rent: RentOwner = "market",
    beyond: float = float("inf"),
    date: dt.date | None = None,
) -> Shock:
    """No more of `goods` from `origin` than `limit` reaches `market`, all these flows together.

    The equilibrium holds the limit exactly, by the rate at which licences to trade are scarce
    (`Equilibrium.quotas`). Domestic sales are left alone.

    Args:
        origin: ISO3 codes or groups, '*' for all.
        market: the same.
        goods: names of goods, '*' for all.
        limit: above 0, what may arrive in all, USD million a year at prices of the base year.
        rent: who earns what a licence is worth: the government of the `market`, which sells the
            licences, or that of the `origin`, which restrains its exports.
        beyond: for a tariff-rate quota, the tariff on what passes beyond the limit, in points added
            to the tariff so far; `inf`: nothing passes beyond. The rent is then of the market.
        date: the day whose members of the groups are meant; None for the members whose membership
            has not ended.

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Raises:
        ShockError: a rent that is nobody's, or a tariff-rate quota whose rent is the origin's.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> found = detente.solve(world, detente.quota("CHN", "USA", "MANUF_EXFOOD", limit=2e5))
        >>> held, = found.quotas
        >>> held.binds, round(held.quantity)
        (True, 200000)
    """
    return _limited("quota", origin, market, goods, limit, rent, beyond, date)


def licence(
    origin: Labels,
    market: Labels,
    goods: Labels = "*",
    *,
    limit: float,
    rent: RentOwner = "market",
    date: dt.date | None = None,
) -> Shock:
    """Through an embargo on `goods` from `origin` to `market`, `limit` of them may pass.

    It opens what an embargo of the same shock closes and takes the place of its leakage; flows that
    none closes it leaves alone.

    Args:
        origin: ISO3 codes or groups, '*' for all.
        market: the same.
        goods: names of goods, '*' for all.
        limit: as for `quota`.
        rent: as for `quota`.
        date: the day whose members of the groups are meant.

    Returns:
        Shock: to be added to the embargo with `+`.

    Raises:
        ShockError: a rent that is nobody's.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> ban = detente.embargo("RUS", "EU", "AGRI_MIN_FOOD")
        >>> some = detente.licence("RUS", "HUN", "AGRI_MIN_FOOD", limit=500.0)
        >>> found = detente.solve(world, ban + some)
        >>> round(found.quotas[0].quantity, 3)
        500.0
    """
    return _limited("licence", origin, market, goods, limit, rent, float("inf"), date)


def _limited(
    kind: Kind,
    origin: Labels,
    market: Labels,
    goods: Labels,
    limit: float,
    rent: RentOwner,
    beyond: float,
    date: dt.date | None,
) -> Shock:
    if rent not in ("market", "origin"):
        raise ShockError(
            f"The rent of a {kind} is {rent!r}'s.", "Give 'market' or 'origin': who earns it."
        )
    if not beyond > 0:
        raise ShockError(
            f"The tariff beyond the limit is {beyond!r}.",
            "Give points above 0 as a fraction (0.25 is 25 points), or leave it out.",
        )
    if rent == "origin" and beyond != float("inf"):
        raise ShockError(
            "The rent of a tariff-rate quota is the market's here, not the origin's.",
            "Leave `rent` out, or leave `beyond` out for a quota that the exporter administers.",
        )
    change = Change(
        kind, _labels(origin), _labels(market), _labels(goods), limit, date=date, rent=rent,
        beyond=beyond,
    )  # fmt: skip
    return Shock(changes=(change,))


def productivity(country: Labels, goods: Labels = "*", *, factor: float) -> Shock:
    """Producers of `goods` in `country` make `factor` times as much from the same inputs.

    Args:
        country: ISO3 codes or groups, '*' for all.
        goods: names of goods, '*' for all.
        factor: above 0, 1 for no change.

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.productivity("RUS", factor=0.99)
        >>> detente.solve(world, shock).real_income_change["RUS"] < -0.01
        True
    """
    return Shock(changes=(Change("productivity", _labels(country), (), _labels(goods), factor),))


def labour(country: Labels, *, factor: float) -> Shock:
    """The supply of the mobile factor in `country` is multiplied by `factor`.

    Args:
        country: ISO3 codes or groups, '*' for all.
        factor: above 0, 1 for no change. The mobile factor is labour with the capital that the
            horizon lets move.

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.labour("RUS", factor=0.99)
        >>> detente.solve(world, shock).real_income_change["RUS"] < -0.01
        True
    """
    return Shock(changes=(Change("labour", _labels(country), (), (), factor),))


def capacity(country: Labels, goods: Labels = "*", *, factor: float) -> Shock:
    """The fixed factor of `goods` in `country` (a mine, a plant) is multiplied by `factor`.

    Args:
        country: ISO3 codes or groups, '*' for all.
        goods: names of goods, '*' for all; one without a fixed factor at the horizon is left alone.
        factor: above 0, 1 for no change.

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.capacity("RUS", "AGRI_MIN_FOOD", factor=0.9)
        >>> detente.solve(world, shock, "short").real_income_change["RUS"] < 0
        True
    """
    return Shock(changes=(Change("capacity", _labels(country), (), _labels(goods), factor),))


def transfer(origin: str, market: str, *, amount: float) -> Shock:
    """`origin` pays `market` a transfer of `amount` USD million a year.

    Args:
        origin: the country that pays, an ISO3 code.
        market: the country that receives, an ISO3 code.
        amount: USD million a year of the base year, in units of the numeraire (world factor
            income); added to what the rule for transfers gives.

    Returns:
        Shock: to be solved alone, or added to others with `+`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> shock = detente.transfer("USA", "CHN", amount=100.0)
        >>> detente.solve(world, shock).equivalent_variation["CHN"] > 100
        True
    """
    return Shock(changes=(Change("transfer", (origin,), (market,), (), amount),))
