"""A solved shock: what changed for whom, with labels, and the certificate of the solution."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente._document import document
from detente._shown import Framed, Small, extremes, xarray
from detente.trade._evaluation import States, final_demand, input_demand, unit_costs
from detente.trade._network import Network
from detente.trade._specified import costs_of
from detente.trade.effort import Effort, effort_of
from detente.trade.errors import ShockError
from detente.trade.labelled import Labelled, labelled
from detente.trade.quotas import Quota
from detente.trade.routes import base_fees, carriage, fees

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    import xarray as xr
    from matplotlib.axes import Axes

    from detente._types import Array
    from detente.trade._economy import Economy
    from detente.trade._solution import Solution
    from detente.trade._system import System
    from detente.trade._wedges import Limit, Wedges
    from detente.trade.certificate import Certificate
    from detente.trade.horizons import Horizon
    from detente.trade.routes import Carriage
    from detente.trade.shocks import Shock
    from detente.world import World


#: An equivalent variation below this, USD million a year, is none.
_STILL = 1e-6
#: Spending goes through the inputs until it moves by no more than this share of a market.
_CLEARED = 1e-13
_CLEARING_ROUNDS = 500
#: A market below this share of the world's spending is judged as if it had it.
_LEAST_MARKET = 1e-9


@dataclass(frozen=True, eq=False)
class Market:
    """One good in one equilibrium, by market and origin, (N, N), USD million unless noted.

    Attributes:
        received_ni: what producers receive.
        fob_ni: with export tax, at the origin's border.
        paid_ni: what buyers pay, with fees beyond the base year's and tariff.
        arrived_ni: quantities that reach the buyer, valued at base prices. What more delivery costs
            than in the base year is paid for in the good, as if it melted on the way; customs
            weigh what arrives.
        gate_n: ĉ, producers' prices as a factor on the base year's.
    """

    received_ni: Array
    fob_ni: Array
    paid_ni: Array
    arrived_ni: Array
    gate_n: Array


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium(Framed):
    """The world economy after a shock.

    A change is a fraction: 0 is no change, 0.01 is one percent more. Nominal changes are in units
    of the numeraire: world factor income is what it was. Money is in the world's unit and year.

    Attributes:
        world: the base year.
        shock: what was changed.
        horizon: how much could adjust.
        transfers: the rule for trade deficits.
        solution: the solver's arrays.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> found = detente.solve(world, detente.tariff("CHN", "USA", rate=0.1, added=True))
        >>> found.real_income_change["CHN"] < 0 < found.real_income_change["MEX"]
        True
        >>> found.to_frame().columns[:3]
        ['country', 'income', 'equivalent_variation']
    """

    world: World
    shock: Shock = field(repr=False)
    horizon: Horizon
    transfers: str
    solution: Solution = field(repr=False)

    @property
    def certificate(self) -> Certificate:
        """How exactly every market clears."""
        return self.solution.certificate

    @cached_property
    def quotas(self) -> tuple[Quota, ...]:
        """What came of each quota and licence of the shock: its rate and who earns the rent."""
        return tuple(self._quota(k, one) for k, one in enumerate(self.wedges.limits))

    def _quota(self, k: int, one: Limit) -> Quota:
        """What arrives under a limit, at which rate, and the rent of the value that this is of."""
        w, stated = self.wedges, one.change
        j, n, i = np.unravel_index(w.cell[one.at], self.world.trade_jni.shape)
        quantity = base = 0.0
        for good in np.unique(j).tolist():
            found = self.market(self.world.goods[good])
            cells = n[j == good], i[j == good]
            quantity += float(found.arrived_ni[cells].sum())
            levied = found.paid_ni / (1 + w.good(good)[1])
            base += float((levied if stated.rent == "market" else found.received_ni)[cells].sum())
        rate = float(np.expm1(w.log_rate_k[k])) if w.log_rate_k else 0.0
        # Beyond the limit of a tariff-rate quota the duty is paid, and is nobody's rent.
        within = min(1.0, one.limit / quantity) if quantity > 0 else 1.0
        return Quota(
            stated.goods, stated.origin, stated.market, one.limit, quantity,
            rate, rate * base * within, stated.rent,
        )  # fmt: skip

    @cached_property
    def real_income_change(self) -> Labelled:
        """Ŵ − 1 with Ŵ = Î / P̂ᶠ, exactly, by country, a fraction.

        Where the supply of labour is elastic, what more work costs those who do it is taken off.
        """
        return self._by_country("real income change", "fraction", np.expm1(self.log_welfare_n))

    @cached_property
    def equivalent_variation(self) -> Labelled:
        """I (Ŵ − 1): the income in the base year that is worth the change, USD million a year."""
        value = self.base_income_n * np.expm1(self.log_welfare_n)
        return self._by_country("equivalent variation", f"{self.world.unit} a year", value)

    @cached_property
    def wage_change(self) -> Labelled:
        """ŵ − 1, nominal, by country, a fraction."""
        return self._by_country("wage change", "fraction", np.expm1(self.solution.log_wage_n))

    @cached_property
    def real_wage_change(self) -> Labelled:
        """ŵ / P̂ᶠ − 1 by country, a fraction."""
        value = np.expm1(self.solution.log_wage_n - self.solution.point.log_final_price_n)
        return self._by_country("real wage change", "fraction", value)

    @cached_property
    def employment_change(self) -> Labelled:
        """L̂ − 1: supply of the mobile factor beyond its endowment, by country, a fraction."""
        log_change = self.solution.log_employment_m
        value = np.expm1(log_change) if len(log_change) else np.zeros(len(self.world.countries))
        return self._by_country("employment change", "fraction", value)

    @cached_property
    def income_change(self) -> Labelled:
        """Î − 1, nominal, by country, a fraction."""
        value = self.solution.point.income_n / self.base_income_n - 1
        return self._by_country("income change", "fraction", value)

    @cached_property
    def final_price_change(self) -> Labelled:
        """P̂ᶠ − 1: the price index of final use, nominal, by country, a fraction."""
        value = np.expm1(self.solution.point.log_final_price_n)
        return self._by_country("final price change", "fraction", value)

    @cached_property
    def profits(self) -> Labelled:
        """What each country has of profits, USD million a year; see `World.specified`."""
        unit = f"{self.world.unit} a year"
        return self._by_country("profits", unit, self.solution.point.profit_n)

    @cached_property
    def real_value_added(self) -> Labelled:
        """Factor income and profits of each producer over P̂ᶠ, USD million, (country, good).

        It holds what a country's labour earns by marketing the good.
        """
        eco, s = self._economy, self.solution
        _, states = unit_costs(
            self._system,
            s.log_wage_n[:, None],
            s.log_rent_nj[:, :, None],
            s.log_price_jn[:, :, None],
        )
        spent = costs_of(eco, s.point.sales_jn[:, :, None])[..., 0]
        _, mobile, fixed = _bills(self._system, spent, states)
        value = mobile + fixed + (s.point.sales_jn - spent).T
        if eco.marketing_share_jn is not None:
            value = value + (eco.marketing_share_jn * self.trade_jni.sum(axis=2)).T
        value = value * np.exp(-s.point.log_final_price_n)[:, None]
        return labelled("real value added", self.world.unit, "cj", value, *self._labels)

    @cached_property
    def tariff_revenue(self) -> Labelled:
        """T' by country, USD million a year."""
        unit = f"{self.world.unit} a year"
        return self._by_country("tariff revenue", unit, self.solution.point.tariff_revenue_n)

    @cached_property
    def effort(self) -> Effort | None:
        """What more work costs; None where the supply of labour is given."""
        return effort_of(self._economy, self.solution)

    @cached_property
    def price_change(self) -> Labelled:
        """P̂ − 1: delivered prices by good and market, nominal, fractions."""
        value = np.expm1(self.solution.log_price_jn)
        return labelled("price change", "fraction", "jn", value, *self._labels)

    @cached_property
    def cost_change(self) -> Labelled:
        """ĉ − 1: prices at the producer's gate by good and country, nominal, fractions."""
        value = np.expm1(self.solution.point.log_cost_jn)
        return labelled("cost change", "fraction", "jc", value, *self._labels)

    @cached_property
    def share(self) -> Labelled:
        """π': share of a market's spending on a good that goes to an origin."""
        return labelled("share", "fraction", "jni", self.share_jni, *self._labels)

    @cached_property
    def trade_value(self) -> Labelled:
        """Sales by good, market and origin, net of tariff and export tax, USD million."""
        return labelled("trade value", self.world.unit, "jni", self.trade_jni, *self._labels)

    @cached_property
    def quantity_change(self) -> Labelled:
        """Change of what arrives, by good, market and origin, a fraction; −1 where nothing does."""
        base = self.world.trade_jni
        cost = np.exp(self.solution.point.log_cost_jn)[:, None, :]
        value = np.divide(self.trade_jni, base, out=np.ones_like(base), where=base > 0)
        arrived = np.stack([self._arriving(j) for j in range(len(base))])
        return labelled(
            "quantity change", "fraction", "jni", value / cost * arrived - 1, *self._labels
        )

    def market(self, good: str) -> Market:
        """One good in all its markets, without computing the others.

        Args:
            good: its name.

        Returns:
            Market: values, quantities and producers' prices by market and origin.
        """
        if good not in self._markets:
            self._markets[good] = self._market(self.world.good(good))
        return self._markets[good]

    @cached_property
    def _markets(self) -> dict[str, Market]:
        return {}

    def _market(self, j: int) -> Market:
        eco, w, s = self._economy, self.wedges, self.solution
        theta = eco.trade_elasticity_j[j]
        phi, tariff, tax = w.good(j)
        fee = np.zeros_like(phi)
        for r, choice in zip(w.route_groups, s.point.choices, strict=True):
            if r.good == j:
                cell = (r.market_m, r.origin)
                phi[cell] *= choice.cost_b[0] ** -theta
                fee[cell] = choice.fee_b[0]
        gate = np.exp(s.point.log_cost_jn[j])
        value = eco.share_jni[j] * phi * gate**-theta
        share = value / value.sum(axis=1, keepdims=True)
        paid = share * s.spending_jn[j][:, None]
        fob = paid / ((1 + fee) * (1 + tariff))
        received = fob / (1 + tax)
        return Market(received, fob, paid, received / gate * self._arriving(j), gate)

    def _arriving(self, j: int) -> Array:
        """1/d̂ of one good: the part of what is shipped that arrives, (N, N)."""
        part = self.wedges.arriving(j)
        for r, choice in zip(self.wedges.route_groups, self.solution.point.choices, strict=True):
            if r.good == j:
                part[r.market_m, r.origin] *= choice.arriving_b[0]
        return part

    @cached_property
    def transit_revenue(self) -> Labelled:
        """Fee income of transit countries on the routes of the shock, USD million a year.

        It is net income as the routes state it, at the new shares and flows; `base_transit_revenue`
        is the same in the base year.
        """
        total = np.zeros(len(self.world.countries))
        for r, choice in zip(self.wedges.route_groups, self.solution.point.choices, strict=True):
            fob = self.market(self.world.goods[r.good]).fob_ni[r.market_m, r.origin]
            total += fees(Network((r,)), choice.share_rb, fob[:, None], len(total))[:, 0]
        return self._by_country("transit revenue", f"{self.world.unit} a year", total)

    @cached_property
    def base_transit_revenue(self) -> Labelled:
        """Fee income of transit countries on those routes in the base year, USD million a year."""
        total = base_fees(self._economy, Network(self.wedges.route_groups))
        return self._by_country("transit revenue", f"{self.world.unit} a year", total)

    def route_share(self, good: str, origin: str, market: str) -> dict[str, float]:
        """New shares of the routes of one flow, by name of the route; empty without routes.

        Args:
            good: its name.
            origin: the exporter, ISO3.
            market: the buyer, ISO3.

        Returns:
            dict: a fraction for each route; they sum to 1.
        """
        j, i, n = self.world.good(good), self.world.country(origin), self.world.country(market)
        for r, choice in zip(self.wedges.route_groups, self.solution.point.choices, strict=True):
            at = np.nonzero(r.market_m == n)[0]
            if (r.good, r.origin) == (j, i) and len(at):
                row = choice.share_rb[:, 0]
                return dict(zip(r.route_r, row.tolist(), strict=True))
        return {}

    @cached_property
    def log_welfare_n(self) -> Array:
        """log Ŵ by country."""
        if self.effort is None:
            return self.log_real_income_n
        real = np.exp(self.log_real_income_n)
        return np.asarray(np.log(real - self.effort.cost_n / self.base_income_n))

    @cached_property
    def log_real_income_n(self) -> Array:
        """log Î/P̂ᶠ by country: log Ŵ where the supply of labour is given."""
        return np.asarray(
            np.log(self.solution.point.income_n / self.base_income_n)
            - self.solution.point.log_final_price_n
        )

    @property
    def base_income_n(self) -> Array:
        """I of the base year, USD million."""
        return self.world.income_n

    @cached_property
    def share_jni(self) -> Array:
        """π' as plain numbers, (J, N, N)."""
        p = self.solution.point
        theta = self._economy.trade_elasticity_j
        pull = np.exp(-theta[:, None] * p.log_cost_jn)
        value = self._economy.share_jni * self._carriage.carry_jni * pull[:, None, :]
        return np.asarray(value / value.sum(axis=2, keepdims=True))

    @cached_property
    def trade_jni(self) -> Array:
        """Sales net of taxes as plain numbers, USD million, (J, N, N)."""
        w = self.wedges
        paid = self.share_jni * self.solution.spending_jn[:, :, None] / (1 + self._carriage.fee_jni)
        return np.asarray(paid / ((1 + w.tariff_jni) * (1 + w.export_tax_jni)))

    def as_world(self, name: str = "") -> World:
        """This equilibrium as a new base year, for shocks that start from it.

        Elasticities are the long-run ones of the world, whatever the horizon of the solution.

        Args:
            name: of the new base year; made from that of the old one if empty.

        Returns:
            World: with the flows, taxes and endowments of this equilibrium. Its accounts close
            to rounding, however coarse the tolerance of the solution was.

        Raises:
            ShockError: it pays transit fees, for which a base year has no place.
        """
        s, w = self.solution, self.wedges
        if self._carriage.fee_jni.any():
            raise ShockError(
                "This equilibrium pays transit fees, which a base year has no place for.",
                "Set the fees of the routes to zero to use it as one.",
            )
        _, states = unit_costs(
            self._system,
            s.log_wage_n[:, None],
            s.log_rent_nj[:, :, None],
            s.log_price_jn[:, :, None],
        )
        eco = self._economy
        trade, final = self._cleared(states)
        nu, sales, marketing = eco.marketing_share_jn, trade.sum(axis=1), 0.0
        if nu is not None:
            sales = (trade * (1 - nu)[:, :, None]).sum(axis=1)
            marketing = (nu * trade.sum(axis=2)).T
        spent = costs_of(eco, sales[:, :, None])[..., 0]
        inputs, mobile, fixed = _bills(self._system, spent, states)
        if eco.profit_share_j is not None:
            # Profits are in value added, of all factors in proportion.
            added = mobile + fixed
            whole = 1 + eco.profit_share_j * sales.T / np.where(added > 0, added, np.inf)
            mobile, fixed = whole * mobile, whole * fixed
        old = self.world
        share = 1 - self.horizon.fixed_capital_share
        pool = old.labour_nj + share * old.capital_nj
        labour_part = np.divide(old.labour_nj, pool, out=np.ones_like(pool), where=pool > 0)
        kept = old.resource_nj + self.horizon.fixed_capital_share * old.capital_nj
        resource_part = np.divide(old.resource_nj, kept, out=np.zeros_like(pool), where=kept > 0)
        return replace(
            old,
            trade_jni=trade,
            tariff_jni=w.tariff_jni,
            export_tax_jni=w.export_tax_jni,
            intermediate_nkj=inputs,
            final_nj=final,
            labour_nj=mobile * labour_part + marketing,
            capital_nj=mobile * (1 - labour_part) + fixed * (1 - resource_part),
            resource_nj=fixed * resource_part,
            name=name or f"{old.name} after a shock",
            notes=(*old.notes, "An equilibrium of the model, not observed data."),
        )

    def _cleared(self, states: States) -> tuple[Array, Array]:
        """Sales (J, N, N) and final use (N, J) at which every market clears to rounding.

        Prices, shares and final use are those of the solution; what is left of its error is in
        spending, and goes with it through the inputs until none is left.
        """
        prices = self.solution.log_price_jn[:, :, None]
        income = self.solution.point.income_n[:, None]
        final_jn = final_demand(self._economy, prices, income)[1][:, :, 0]
        w = self.wedges
        net_jni = self.share_jni / ((1 + w.tariff_jni) * (1 + w.export_tax_jni))
        spending, nu = self.solution.spending_jn, self._economy.marketing_share_jn
        made_jni = net_jni if nu is None else net_jni * (1 - nu)[:, :, None]
        for _ in range(_CLEARING_ROUNDS):
            sales = np.matmul(spending[:, None, :], made_jni)[:, 0, :]
            spent = costs_of(self._economy, sales[:, :, None])
            new = input_demand(self._system, spent, states)[:, :, 0] + final_jn
            gap = np.abs(new - spending) / np.maximum(new, _LEAST_MARKET * new.sum())
            spending = new
            if gap.max() <= _CLEARED:
                break
        return net_jni * spending[:, :, None], final_jn.T

    @property
    def sentences(self) -> tuple[str, ...]:
        """How exactly it holds, whether anything moves, and who is a stand-in."""
        still = np.abs(self.equivalent_variation.values).max() < _STILL
        nothing = "Nothing moves: no flow between two countries meets what the shock sets."
        held = [quota.sentence for quota in self.quotas]
        said = (self.certificate.sentence, *held, *([nothing] if still else []))
        return (*said, *self.world.stand_in_notes)

    @property
    def by_size(self) -> tuple[str, ...]:
        """Countries by the size of their gain or loss, the largest first."""
        order = np.argsort(-np.abs(self.equivalent_variation.values), kind="stable")
        return tuple(self.world.countries[n] for n in order)

    def to_dict(self) -> dict[str, Any]:
        """Who gains and who loses as plain data; `docs/json.md` says what each key means.

        Returns:
            dict: a document with `schema_version`, as `--json` prints it.
        """
        return document(
            "equilibrium",
            {
                "world": self.world.name,
                "digest": self.world.digest,
                "year": self.world.year,
                "unit": self.equivalent_variation.unit,
                "horizon": self.horizon.name,
                "transfers": self.transfers,
                "sentences": self.sentences,
                "certificate": asdict(self.certificate),
                "quotas": [quota.to_dict() for quota in self.quotas],
                "countries": self.to_frame().to_dicts(),
            },
        )

    def to_frame(self, what: Literal["countries", "goods", "trade"] = "countries") -> pl.DataFrame:
        """The results as a polars frame.

        Args:
            what: `countries` (a row a country), `goods` (a row a good and country) or `trade`
                (a row a good, market and origin, with base and new values).

        Returns:
            polars.DataFrame: money in the world's unit, changes and shares as fractions.

        Raises:
            ValueError: there is no such frame.
        """
        import polars as pl

        if what == "countries":
            p = self.solution.point
            return pl.DataFrame(
                {
                    "country": list(self.world.countries),
                    "income": self.base_income_n,
                    "equivalent_variation": self.equivalent_variation.values,
                    "real_income_change": self.real_income_change.values,
                    "wage_change": self.wage_change.values,
                    "final_price_change": np.expm1(p.log_final_price_n),
                    "tariff_revenue": p.tariff_revenue_n,
                    "transfer": p.transfer_n,
                }
            )
        if what == "goods":
            frame = self.cost_change.to_frame().rename({"value": "cost_change"})
            return frame.with_columns(
                pl.Series("price_change", self.price_change.values.ravel()),
                pl.Series("base_sales", self.world.sales_jn.ravel()),
                pl.Series("sales", self.solution.point.sales_jn.ravel()),
                pl.Series("base_spending", self.world.spending_jn.ravel()),
                pl.Series("spending", self.solution.spending_jn.ravel()),
            )
        if what == "trade":
            frame = self.trade_value.to_frame().rename({"value": "trade_value"})
            return frame.with_columns(
                pl.Series("base_trade_value", self.world.trade_jni.ravel()),
                pl.Series("share", self.share_jni.ravel()),
                pl.Series("base_share", self.world.share_jni.ravel()),
            )
        raise ValueError(f"There is no frame {what!r}; there are countries, goods and trade.")

    def to_xarray(self) -> xr.Dataset:
        """The results as a dataset of xarray: by country, by good and by flow, in one.

        Returns:
            xarray.Dataset: changes and levels after the shock, each with its unit in `attrs`; axes
            are `country`, `good`, `market` and `origin`.

        Raises:
            PackageMissing: xarray is not installed; it is the extra `xarray`.
        """
        found = [
            self.equivalent_variation,
            self.real_income_change,
            self.wage_change,
            self.real_wage_change,
            self.cost_change,
            self.price_change,
            self.share,
            self.trade_value,
        ]
        made: xr.Dataset = xarray().Dataset(
            {x.name.replace(" ", "_"): x.to_xarray() for x in found}
        )
        return made.assign_attrs(world=self.world.name, horizon=self.horizon.name)

    def plot(self, ax: Axes | None = None, most: int = 8) -> Axes:
        """Who loses and who gains most, as bars of the equivalent variation.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.
            most: how many losers, and how many gainers, are shown at most.

        Returns:
            Axes: with the bars, the largest loss on top.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
        """
        from detente._plots import bars

        worth = self.equivalent_variation
        shown = extremes(self.world.countries, worth.values.tolist(), most)
        return bars(
            ax,
            [self.world.countries[k] for k in shown],
            [float(worth.values[k]) for k in shown],
            "Who loses and who gains most",
            f"equivalent variation, {worth.unit}",
        )

    @cached_property
    def _carriage(self) -> Carriage:
        return carriage(self._economy, self.wedges, self.solution.point.choices)

    @property
    def wedges(self) -> Wedges:
        """The shock as arrays."""
        return self.solution.wedges

    @property
    def _system(self) -> System:
        return self.solution.system

    @property
    def _economy(self) -> Economy:
        return self.solution.together.economy

    @property
    def _labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self.world.countries, self.world.goods

    def _by_country(self, name: str, unit: str, value: Array) -> Labelled:
        return labelled(name, unit, "c", value, *self._labels)

    def _lines(self) -> Sequence[str]:
        return (
            f"{self.world.name}, {self.horizon.name} run, transfers {self.transfers}",
            self.certificate.sentence,
        )

    def _small(self) -> Small:
        worth, real = self.equivalent_variation, self.real_income_change
        rows = [
            (self.world.countries[k], float(worth.values[k]), float(100 * real.values[k]))
            for k in extremes(self.world.countries, worth.values.tolist(), 4)
        ]
        return (
            "Who loses and who gains most",
            ("country", f"equivalent variation, {worth.unit}", "real income, %"),
            rows,
        )


def _bills(system: System, sales_jn: Array, states: States) -> tuple[Array, Array, Array]:
    """What each producer pays for inputs (N, K, J), the mobile factor and its fixed one (N, J)."""
    eco = system.economy
    inputs = np.zeros_like(eco.input_share_nkj)
    mobile = np.zeros_like(eco.labour_share_nj)
    fixed = np.zeros_like(eco.labour_share_nj)
    for group, (price, wage, rental, total) in zip(system.groups, states, strict=True):
        g = group.goods
        sales = sales_jn[g].T
        if group.elasticity == 1.0:
            inputs[:, :, g] = group.input_share_nkj * sales[:, None, :]
            mobile[:, g] = group.labour_share_nj * sales
            fixed[:, g] = group.fixed_share_nj * sales
        else:
            per = sales / total[:, :, 0]
            inputs[:, :, g] = group.input_share_nkj * price * per[:, None, :]
            mobile[:, g] = group.labour_share_nj * wage[:, :, 0] * per
            fixed[:, g] = group.fixed_share_nj * rental[:, :, 0] * per
    return inputs, mobile, fixed
