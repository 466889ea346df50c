"""The calibration of Ignatenko et al. (2025, Journal of International Economics 157)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import sources
from numpy.typing import NDArray
from scipy.optimize import fsolve

from detente.trade import Equilibrium, Shock
from detente.world import World, expand

Array = NDArray[np.float64]
ELASTICITY, LABOUR_SUPPLY, SCALE = 4.0, 0.5, 0.67 / 4
VALUE_ADDED_SHARE = 0.49


@dataclass(frozen=True, eq=False)
class Calibration:
    """The base year without what they specify, and their parameters by country."""

    plain: World
    tariff_n: Array
    marketing_n: Array
    gdp_n: Array

    @property
    def pass_through_n(self) -> Array:
        """φ, of firms' entry and exit (their eq. 3)."""
        theta = ELASTICITY / 0.67
        return (1 + theta) / ((1 - self.marketing_n) * theta) - 1 / theta

    def world(self, elasticity: float = ELASTICITY, firms: float = 1.0, **other: str) -> World:
        """Their model; `firms` is the pass-through to the prices of single firms."""
        phi = self.pass_through_n + firms - 1
        return self._specified(phi, self.marketing_n, elasticity, **other)

    def eaton_kortum(self) -> World:
        """Theirs without selection and marketing."""
        return self._specified(1 + 0 * self.tariff_n, 0 * self.tariff_n, ELASTICITY)

    def _specified(
        self, phi: Array, nu: Array, elasticity: float, revenue: str = "income_tax"
    ) -> World:
        return replace(self.plain, trade_elasticity_j=np.array([elasticity])).specified(
            labour_supply_elasticity=LABOUR_SUPPLY,
            scale_elasticity=SCALE,
            marketing_share=nu[None],
            market_size_elasticity=(phi - 1)[None],
            tariff_pass_through=phi[None],
            absorption="trade_cost",
            revenue=revenue,
        )

    def optimal(self, retaliated: bool = False) -> tuple[float, Array]:
        """The optimal US tariff and the best retaliation, by their sufficient statistics.

        Where there is retaliation their code has GDP where it otherwise has spending.
        """
        own, flow = self.plain.country("USA"), self.plain.trade_jni[0].T
        nu, phi = self.marketing_n, self.pass_through_n
        made = self.world().value_added_nj[:, 0]
        here = np.arange(len(nu)) == own
        two = np.array([~here, here]).astype(float)
        delta = _openness(flow, nu, made if retaliated else flow.sum(axis=0))[own]
        both = two @ flow @ two.T
        abroad = _openness(both, np.array([nu[own - 1], nu[own]]), two @ made)[0]
        mine = 1 / ((1 + delta * ELASTICITY) * phi[own] - 1)
        return mine, 1 / ((1 + abroad * ELASTICITY) * phi - 1)

    def tariffs(self, on_imports: float | Array, on_exports: float | Array = 0.0) -> Shock:
        """Tariffs of the United States, and of its partners on it."""
        own, size = self.plain.country("USA"), len(self.tariff_n)
        rate = np.zeros((1, size, size))
        rate[0, own, :], rate[0, :, own] = on_imports, on_exports
        rate[0, own, own] = 0.0
        return Shock(tariff_jni=rate)

    @property
    def groups(self) -> dict[str, NDArray[np.intp]]:
        """Who is reported: their EU leaves Czechia and Slovakia out."""
        own, china = self.plain.country("USA"), self.plain.country("CHN")
        members = [c for c in expand("EU", self.plain) if c not in ("CZE", "SVK")]
        union = np.array([self.plain.country(c) for c in members])
        every = np.arange(len(self.tariff_n))
        return {
            "USA": np.array([own]),
            "CHN": np.array([china]),
            "EU": union,
            "RoW": np.setdiff1d(every, [own, china, *union]),
            "non-US (average)": np.delete(every, own),
        }


def _openness(flow: Array, nu: Array, size: Array) -> Array:
    """δ of their proposition 1, of trade by origin and market."""
    away = flow * (1 - nu) * (1 - np.eye(len(nu))) * (1 - flow / flow.sum(axis=0))
    return away.sum(axis=1) / ((1 - nu) * (size - np.diag(flow)))


def calibrated(inputs: bool = False) -> Calibration:
    """Marketing shares that meet their two targets, and domestic sales from GDP."""
    data = sources.liberation_day()
    own = np.array([c == "USA" for c in data.countries])
    two = np.array([~own, own]).astype(float)
    flow, made = two @ data.imports_ni.T @ two.T, two @ data.gdp_n

    def gaps(nu: Array) -> list[float]:
        spent = made + (1 - nu) * (flow.sum(axis=0) - ((1 - nu) * flow).sum(axis=1))
        home = spent - np.array([flow[1, 0], flow[0, 1]])
        mine = home / (home + np.array([flow[0, 1], flow[1, 0]]))
        rest = (1 - mine[0]) * nu[1] + mine[0] * nu[0] - 0.12
        return [rest, mine[1] * nu[1] + (1 - mine[1]) * nu[0] - 0.26]

    rest, here = fsolve(gaps, [0.1, 0.24], xtol=1e-12)
    nu = np.where(own, here, rest)
    imports = data.imports_ni
    spent = data.gdp_n + (1 - nu) * (imports.sum(axis=1) - imports.T @ (1 - nu))
    trade = imports + np.diag(np.maximum(spent - imports.sum(axis=1), 0.0))
    share = 1 - VALUE_ADDED_SHARE if inputs else 0.0
    if inputs:
        trade = imports + np.diag(np.diag(trade) / VALUE_ADDED_SHARE)
    bought = share * (trade.T @ (1 - nu))
    plain = World.from_flows(
        data.countries,
        ["ALL"],
        trade[None],
        bought[:, None, None],
        (trade.sum(axis=1) - bought)[:, None],
        (trade.sum(axis=0) - bought)[:, None],
        trade_elasticity_j=ELASTICITY,
        capital_share_nj=0.0,
        year=2023,
        unit="USD thousand",
    )
    return Calibration(plain, data.tariff_n, nu, data.gdp_n)


def reported(found: Equilibrium, by_wages: bool = False) -> Array:
    """Welfare, deficit, exports and imports over GDP, employment, prices; percent, (N, 6).

    Prices and deficits are in units of their numeraire: world spending at unchanged prices, or with
    `by_wages` world GDP at unchanged wages. Welfare is by their formula (their code's `W_i_h`).
    """
    world, point = found.world, found.solution.point
    income, made = world.income_n, world.value_added_nj[:, 0]
    price, wage = 1 + found.final_price_change.values, 1 + found.wage_change.values
    work, earned = 1 + found.employment_change.values, 1 + found.income_change.values
    gdp = wage * work
    relief = 0.0
    if world.specification.revenue == "income_tax":
        relief = point.tariff_revenue_n / (gdp * made)
    kappa = LABOUR_SUPPLY / (1 + LABOUR_SUPPLY)
    delta = income / (income - kappa * (1 - relief) * made)
    welfare = delta * earned / price + (1 - delta) * gdp / price
    unit = (wage * made).sum() / made.sum() if by_wages else (price * income).sum() / income.sum()
    before, after = world.trade_jni[0], found.trade_jni[0]
    deficit = before.sum(axis=1) - before.sum(axis=0)
    new = (after.sum(axis=1) - after.sum(axis=0)) / unit
    abroad = 1 - np.eye(len(gdp))
    trade = [(after * abroad).sum(axis=k) / (before * abroad).sum(axis=k) / gdp for k in (0, 1)]
    changes = [welfare - 1, (new - deficit) / np.abs(deficit), trade[0] - 1, trade[1] - 1]
    return 100 * np.stack([*changes, work - 1, price / unit - 1], axis=1)


def rows_of(
    of: Calibration,
    found: Equilibrium,
    groups: Sequence[str],
    columns: Sequence[int],
    weight: Array | None = None,
    by_wages: bool = False,
) -> dict[str, list[float]]:
    """Rows of some countries and groups, weighted by spending unless told otherwise."""
    table = reported(found, by_wages)[:, list(columns)]
    weight = of.plain.spending_jn[0] if weight is None else weight
    at = {name: of.groups[name] for name in groups}
    return {n: (weight[k] @ table[k] / weight[k].sum()).tolist() for n, k in at.items()}
