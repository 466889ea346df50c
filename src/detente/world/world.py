"""The base year: one frozen, labelled set of arrays that satisfies every market's accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike

from detente._document import document
from detente._near import did_you_mean
from detente._shown import Framed, Small
from detente._types import Array
from detente.world.balance import MOST_MOVED, Flows, Method, NegativeFinal, mended
from detente.world.base_year import BaseYear, Shaped, frozen
from detente.world.checks import elasticity_faults, faults_of
from detente.world.errors import UnknownLabel, WorldError
from detente.world.groups import absent
from detente.world.names import good_name
from detente.world.shares import shares_of, solved
from detente.world.specification import (
    Absorption,
    Given,
    Profits,
    Revenue,
    specification_of,
)

if TYPE_CHECKING:
    import polars as pl


#: How a note says that a country was taken out of another.
STAND_IN = "is a stand-in: "
#: Rows that a base year shows of itself.
_ROWS = 6


@dataclass(frozen=True, eq=False, repr=False)
class World(BaseYear, Framed):
    """The world economy of one base year, as goods bought by markets from origins.

    Axis letters: `j` good, `k` input, `n` market (or country), `i` origin. Money is in `unit` of
    `year`. The arrays are read-only; a change is a new `World` (`dataclasses.replace`).

    Attributes:
        countries: ISO3 codes, N of them (`ROW` is the rest of the world).
        goods: names of goods, J of them.
        trade_jni: sales of origin i's good j in market n, net of tariff and export tax, ≥ 0.
        tariff_jni: ad-valorem tariff of market n (a subsidy is negative), a fraction above −1.
        export_tax_jni: ad-valorem export tax of origin i (a subsidy is negative), a fraction.
        intermediate_nkj: purchases of input k by n's producers of j, at purchaser values.
        final_nj: final purchases, at purchaser values.
        labour_nj: value added paid to labour.
        capital_nj: value added paid to capital, which moves between sectors in the long run.
        resource_nj: value added paid to a factor that never moves (a deposit, a quota).
        trade_elasticity_j: θ, the elasticity of trade to trade cost, > 0.
        input_substitution_j: ε, substitution among the inputs and factors of a producer of j.
        final_substitution_n: σ, substitution among final goods (1 is Cobb-Douglas).
        year: the base year.
        unit: the unit of money.
        source: who published the data behind it.
        name: a short name.
        notes: what was mended or assumed on the way, one sentence each.
        stand_ins: countries that were taken out of another with its structure, see
            `split_country`; results about them rest on that assumption.
        specification: labour supply, returns to scale, mark-ups and pass-through; see `specified`.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> world.year, len(world.countries), len(world.goods), world.trade_jni.shape
        (2020, 77, 11, (11, 77, 77))
        >>> world.countries[world.country("BLR")]
        'BLR'
    """

    def _lines(self) -> Sequence[str]:
        """Name, year, size and source, in a few lines."""
        size = f"{len(self.countries)} countries, {len(self.goods)} goods"
        return (
            f"{self.name or 'unnamed'}, {self.year or 'no year'}: {size}; money in {self.unit}",
            f"Countries: {', '.join(self.countries)}",
            f"Goods: {', '.join(self.goods)}",
            *([f"Source: {self.source}"] if self.source else []),
            *([f"Notes on what was mended or assumed: {len(self.notes)}"] if self.notes else []),
        )

    def _small(self) -> Small:
        traded = self.traded_j
        largest = np.argsort(-traded, kind="stable")[:_ROWS].tolist()
        rows = [[self.goods[j], float(traded[j]), float(self.sales_j[j])] for j in largest]
        which = "" if len(self.goods) <= _ROWS else f", the {_ROWS} most traded"
        return f"Goods{which}", ("good", f"sold abroad, {self.unit}", f"sales, {self.unit}"), rows

    @property
    def stand_in_notes(self) -> tuple[str, ...]:
        """What each stand-in rests on, one sentence each; every page that shows it repeats it."""
        marks = [f"({code}) {STAND_IN}" for code in self.stand_ins]
        return tuple(note for note in self.notes if any(mark in note for mark in marks))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is in the base year, what of it is sold abroad, and who is a stand-in."""
        sales, traded = float(self.sales_j.sum()), float(self.traded_j.sum())
        most = self.goods[int(np.argmax(self.traded_j))]
        return (
            f"The base year {self.name or '(unnamed)'} has {len(self.countries)} countries and "
            f"{len(self.goods)} goods.",
            f"Producers sell {sales:,.0f} {self.unit}, of which {traded:,.0f} "
            f"({traded / sales:.1%}) go abroad; the good most traded is {most}.",
            *self.stand_in_notes,
        )

    def to_frame(self, what: Literal["goods", "countries", "flows"] = "goods") -> pl.DataFrame:
        """The base year as rows and columns, money in its unit.

        Args:
            what: `goods`, with their names, what is sold in all and abroad, and elasticities;
                `countries`, with income, exports and imports net of taxes; or `flows`, with sales
                by good, market and origin.

        Returns:
            polars.DataFrame: a row for each of them.

        Raises:
            WorldError: there is no such frame.
        """
        import polars as pl

        frames = ("goods", "countries", "flows")
        if what not in frames:
            raise WorldError(
                [f"There is no frame {what!r} of a base year."],
                did_you_mean(what, frames, f"There are {', '.join(frames)}."),
            )
        if what == "goods":
            columns: dict[str, Any] = {
                "good": self.goods,
                "name": [good_name(good) for good in self.goods],
                "sales": self.sales_j,
                "traded": self.traded_j,
                "trade_elasticity": self.trade_elasticity_j,
                "input_substitution": self.input_substitution_j,
            }
        elif what == "countries":
            sold_ni = self.trade_jni.sum(axis=0)
            at_home = np.diagonal(sold_ni)
            columns = {
                "country": self.countries,
                "income": self.income_n,
                "exports": sold_ni.sum(axis=0) - at_home,
                "imports": sold_ni.sum(axis=1) - at_home,
            }
        else:
            J, N = len(self.goods), len(self.countries)
            columns = {
                "good": np.repeat(self.goods, N * N),
                "market": np.tile(np.repeat(self.countries, N), J),
                "origin": np.tile(self.countries, J * N),
                "sales": self.trade_jni.ravel(),
            }
        return pl.DataFrame({name: list(values) for name, values in columns.items()})

    def __post_init__(self) -> None:
        super().__post_init__()
        faults = faults_of(self)
        if faults:
            raise WorldError(faults)

    @classmethod
    def from_flows(
        cls,
        countries: Iterable[str],
        goods: Iterable[str],
        trade_jni: ArrayLike,
        intermediate_nkj: ArrayLike,
        final_nj: ArrayLike,
        value_added_nj: ArrayLike,
        tariff_jni: ArrayLike = 0.0,
        trade_elasticity_j: ArrayLike = 4.0,
        *,
        export_tax_jni: ArrayLike = 0.0,
        capital_share_nj: ArrayLike = 1 / 3,
        resource_share_nj: ArrayLike = 0.0,
        input_substitution_j: ArrayLike = 1.0,
        final_substitution_n: ArrayLike = 1.0,
        negative_final: NegativeFinal = "refuse",
        balance: Method = "refuse",
        most_moved: float = MOST_MOVED,
        year: int = 0,
        unit: str = "USD million",
        source: str = "",
        name: str = "",
        notes: Iterable[str] = (),
    ) -> Self:
        """A base year from observed flows, mended by the rules that are asked for.

        A cell that is negative by no more than a millionth of its row is rounding: it is set to
        zero, and a note says so. Anything beyond that is refused unless one of two rules is given.
        Each of them leaves a note with what moved, where and by how much.

        Args:
            countries: ISO3 codes, N.
            goods: names, J.
            trade_jni: USD million net of tariff, (J, N, N), domestic sales on the diagonal.
            intermediate_nkj: USD million at purchaser values, (N, J, J).
            final_nj: USD million at purchaser values, changes in inventories among them, (N, J).
            value_added_nj: USD million, (N, J).
            tariff_jni: fractions, broadcast to (J, N, N).
            trade_elasticity_j: θ, broadcast to (J,).
            export_tax_jni: fractions, broadcast to (J, N, N).
            capital_share_nj: share of value added that is capital's, broadcast to (N, J).
            resource_share_nj: share of value added that is a fixed resource's.
            input_substitution_j: ε, broadcast to (J,).
            final_substitution_n: σ, broadcast to (N,).
            negative_final: final use below zero, as a running down of stocks leaves it, becomes
                zero. With `sales` the good's origins sell as much more to that market, and their
                value added rises with it. With `inputs` the market's producers use as much less of
                it, and their value added rises.
            balance: `ras` scales cells by factors of their market and their producer until both
                balance; zeros stay. `least_squares` makes the squared moves, relative to each
                cell, least. Both set what is negative to zero first.
            most_moved: share of all flows that balancing may move before it is refused.
            year: the base year.
            unit: the unit of money.
            source: publisher of the data.
            name: a short name.
            notes: what was mended or assumed.

        Returns:
            World: whose accounts were checked.

        Raises:
            WorldError: every fault of the accounts, by country and good.

        Example:
            >>> from detente.world import World
            >>> world = World.from_flows(
            ...     ["AAA", "BBB"], ["goods"], [[[70, 30], [20, 60]]], [[[40]], [[40]]],
            ...     [[61], [40]], [[50], [50]], balance="ras", name="small",
            ... )
            >>> world.notes[0][:58]
            'Balanced by RAS: 0.34% of all flows and 0.46% of trade bet'
        """
        countries, goods = tuple(map(str, countries)), tuple(map(str, goods))
        N, J = len(countries), len(goods)
        shaped = Shaped(N, J)
        array = shaped.array
        trade = array("trade_jni", trade_jni, broadcast=False)
        intermediate = array("intermediate_nkj", intermediate_nkj, broadcast=False)
        final = array("final_nj", final_nj, broadcast=False)
        value_added = array("value_added_nj", value_added_nj, broadcast=False)
        capital = array("capital_share_nj", capital_share_nj)
        resource = array("resource_share_nj", resource_share_nj)
        rest: dict[str, Any] = {
            "tariff_jni": array("tariff_jni", tariff_jni),
            "export_tax_jni": array("export_tax_jni", export_tax_jni),
            "trade_elasticity_j": array("trade_elasticity_j", trade_elasticity_j),
            "input_substitution_j": array("input_substitution_j", input_substitution_j),
            "final_substitution_n": array("final_substitution_n", final_substitution_n),
        }
        if np.any(capital + resource > 1 + 1e-12):
            shaped.faults.append(
                "capital_share_nj + resource_share_nj exceed 1: labour's share is negative"
            )
        shaped.check()
        wedge = (1 + rest["export_tax_jni"]) * (1 + rest["tariff_jni"])
        done = mended(
            Flows(countries, goods, trade, wedge, intermediate, final, value_added),
            negative_final=negative_final,
            method=balance,
            most_moved=most_moved,
        )
        flows = done.flows
        return cls(
            countries=countries,
            goods=goods,
            trade_jni=flows.trade_jni,
            intermediate_nkj=flows.intermediate_nkj,
            final_nj=flows.final_nj,
            labour_nj=flows.value_added_nj * (1 - capital - resource),
            capital_nj=flows.value_added_nj * capital,
            resource_nj=flows.value_added_nj * resource,
            year=year,
            unit=unit,
            source=source,
            name=name,
            notes=(*notes, *done.notes),
            **rest,
        )

    @classmethod
    def from_shares(
        cls,
        countries: Iterable[str],
        goods: Iterable[str],
        share_jni: ArrayLike,
        input_share_nkj: ArrayLike,
        final_share_nj: ArrayLike,
        value_added_n: ArrayLike,
        tariff_jni: ArrayLike = 0.0,
        trade_elasticity_j: ArrayLike = 4.0,
        *,
        value_added_share_nj: ArrayLike | None = None,
        deficit_n: ArrayLike = 0.0,
        unmatched: str = "refuse",
        export_tax_jni: ArrayLike = 0.0,
        notes: Iterable[str] = (),
        **rest: Any,
    ) -> Self:
        """A base year from published shares: the flows at which markets clear with them.

        Shares are kept exactly, deficits too; incomes follow from them, and a note says how far
        they are from those given. `detente.trade.rebased` goes on from there as Caliendo & Parro
        (2015) do, with incomes held and shares free.

        Args:
            countries: ISO3 codes, N.
            goods: names, J.
            share_jni: π, share of market n's spending on j at purchaser prices that goes to origin
                i, (J, N, N). A market that buys none of a good may have zeros, or its own 1.
            input_share_nkj: γ, share of input k in the cost of n's good j, (N, J, J).
            final_share_nj: α, share of good j in final use, (N, J).
            value_added_n: income of all factors, USD million; its sum sets the level, (N,).
            tariff_jni: fractions, broadcast to (J, N, N).
            trade_elasticity_j: θ, broadcast to (J,).
            value_added_share_nj: share of value added in cost, (N, J). None takes what the inputs
                leave of 1. If it is given, inputs are scaled to what it leaves: papers that have
                inputs sum to 1 among themselves are read as they are.
            deficit_n: imports less exports, USD million, broadcast to (N,).
            unmatched: what to do where deficits do not sum to zero: `refuse`; a country's code, as
                `ROW`, for the country that takes the rest; `income`, which spreads it by income;
                `scaled`, which scales deficits and surpluses to the mean of their sums.
            export_tax_jni: fractions, broadcast to (J, N, N).
            notes: what was mended or assumed.
            rest: as for `from_flows`.

        Returns:
            World: whose accounts were checked.

        Raises:
            WorldError: shares that do not sum to 1, deficits that do not sum to zero, and every
                fault of the accounts.

        Example:
            >>> from detente.world import World
            >>> world = World.from_shares(
            ...     ["AAA", "BBB"], ["goods"], [[[0.8, 0.2], [0.1, 0.9]]], [[[0.5]], [[0.5]]],
            ...     [[1], [1]], [100, 200],
            ... )
            >>> world.value_added_nj.round(6).tolist()
            [[100.0], [200.0]]
        """
        countries, goods = tuple(map(str, countries)), tuple(map(str, goods))
        shaped = Shaped(len(countries), len(goods))
        array = shaped.array
        share = array("share_jni", share_jni, broadcast=False)
        inputs = array("input_share_nkj", input_share_nkj, broadcast=False)
        final = array("final_share_nj", final_share_nj)
        value_added = array("value_added_n", value_added_n, broadcast=False)
        tariff = array("tariff_jni", tariff_jni)
        export_tax = array("export_tax_jni", export_tax_jni)
        deficit = array("deficit_n", deficit_n)
        of_cost = None
        if value_added_share_nj is not None:
            of_cost = array("value_added_share_nj", value_added_share_nj)
        shaped.check()
        said = list(notes)
        given = shares_of(
            (countries, goods),
            (share, inputs, final),
            (tariff, export_tax),
            (value_added, of_cost, deficit),
            unmatched,
            said,
        )
        flows = solved(given)
        return cls.from_flows(
            countries,
            goods,
            flows.trade_jni,
            flows.intermediate_nkj,
            flows.final_nj,
            flows.value_added_nj,
            tariff,
            trade_elasticity_j,
            export_tax_jni=export_tax,
            notes=(*said, *flows.notes),
            **rest,
        )

    def with_elasticities(
        self, *, trade_elasticity_j: ArrayLike, input_substitution_j: ArrayLike
    ) -> Self:
        """The same base year with other elasticities, on which its accounts do not depend.

        Args:
            trade_elasticity_j: θ, (J,).
            input_substitution_j: ε, (J,).

        Returns:
            World: with the same arrays but for these.

        Raises:
            WorldError: one of them is not a number, or out of bounds.
        """
        other = object.__new__(type(self))
        vars(other).update({f.name: getattr(self, f.name) for f in fields(self)})
        given = {
            "trade_elasticity_j": trade_elasticity_j,
            "input_substitution_j": input_substitution_j,
        }
        for name, value in given.items():
            vars(other)[name] = frozen(value)
        faults = elasticity_faults(other)
        if faults:
            raise WorldError(faults)
        return other

    def specified(
        self,
        *,
        labour_supply_elasticity: Given | None = None,
        scale_elasticity: Given | None = None,
        mark_up: Given | None = None,
        profits: Profits | None = None,
        marketing_share: Given | None = None,
        market_size_elasticity: Given | None = None,
        tariff_pass_through: Given | None = None,
        absorption: Absorption | None = None,
        revenue: Revenue | None = None,
    ) -> Self:
        """The same base year under other assumptions on labour, scale, competition and prices.

        A number holds for all; a mapping names countries (`labour_supply_elasticity`) or goods (the
        others), and what it leaves out stays as in the plain model. What is not given stays as it
        is. Flows and final use stay; `marketing_share` moves labour income from origins to markets.

        Args:
            labour_supply_elasticity: κ ≥ 0 by country, of the mobile factor to its real wage.
            scale_elasticity: γ ≥ 0 by good, of productivity to the size of the country's producers
                (Kucheryavyy, Lyn & Rodríguez-Clare 2023, American Economic Journal:
                Macroeconomics). With several goods γ times θ may be at most 1.
            mark_up: μ ≥ 1 by good, price over cost with a given number of firms (Ossa 2014). Their
                profits are taken out of value added, from all factors in proportion.
            profits: `home` or `world`; who has them. See `Specification`.
            marketing_share: ν in [0, 1) by good and market, paid to the market's labour.
            market_size_elasticity: η by good and market.
            tariff_pass_through: b ≥ 0 by good and market; 1 is complete.
            absorption: `exporter`, `importer` or `trade_cost`; who bears what is not passed on.
            revenue: `lump_sum`, or `income_tax`: new revenue lowers a tax on wages.

        Returns:
            World: with that specification, its accounts checked anew.

        Raises:
            WorldError: a value out of bounds, an unknown label, or accounts that cannot hold it.

        Example:
            >>> import detente
            >>> world = detente.load_world("oecd-2020").specified(labour_supply_elasticity=0.5)
            >>> world.specification.words
            ('labour supply elasticity',)
        """
        given = {k: v for k, v in locals().items() if k != "self"}
        new = specification_of(self.countries, self.goods, self.specification, given)
        bare = replace(self, specification=new) if new.marketing_share_jn is None else None
        if bare is not None and self.specification.marketing_share_jn is None:
            return bare
        other = BaseYear(**{f.name: getattr(self, f.name) for f in fields(BaseYear)})
        moved = replace(other, specification=new).receipts_jn - self.receipts_jn
        return replace(self, specification=new, labour_nj=self.labour_nj + moved.T)

    @property
    def sales_j(self) -> Array:
        """Sales of each good by all producers, net of taxes, (J,)."""
        return np.asarray(self.sales_jn.sum(axis=1))

    @property
    def traded_j(self) -> Array:
        """What of them is sold abroad, (J,)."""
        at_home = np.einsum("jnn->j", self.trade_jni)
        return np.asarray(self.trade_jni.sum(axis=(1, 2)) - at_home)

    def to_dict(self) -> dict[str, Any]:
        """What is in the base year as plain data; `docs/json.md` says what each key means.

        Returns:
            dict: a document with `schema_version`, as `--json` prints it.
        """
        return document(
            "world",
            {
                "world": self.name,
                "digest": self.digest,
                "year": self.year,
                "unit": self.unit,
                "source": self.source,
                "sentences": self.sentences,
                "countries": self.countries,
                "goods": self.to_frame("goods").to_dicts(),
                "notes": self.notes,
            },
        )

    def country(self, code: str) -> int:
        """Position of a country; an unknown code raises `UnknownLabel` with near ones.

        Args:
            code: ISO3.

        Returns:
            int: along every axis of countries.

        Raises:
            UnknownLabel: there is no such country.
        """
        return _position(code, self.countries, "country", self.name)

    def good(self, name: str) -> int:
        """Position of a good; an unknown name raises `UnknownLabel` with near ones.

        Args:
            name: of the good.

        Returns:
            int: along every axis of goods.

        Raises:
            UnknownLabel: there is no such good.
        """
        return _position(name, self.goods, "good", self.name)


def _position(label: str, labels: tuple[str, ...], what: str, world: str) -> int:
    if label in labels:
        return labels.index(label)
    if what == "country":
        raise UnknownLabel(*absent(str(label), labels, world, what))
    hint = did_you_mean(label, labels, f"It has {', '.join(labels[:12])}…")
    raise UnknownLabel(f"The world {world or '(unnamed)'} has no {what} {label!r}.", hint)
