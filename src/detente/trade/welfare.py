"""Where a welfare change comes from: the printed first-order formula, and the exact one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from detente.trade._solver import equilibrate
from detente.trade.errors import NotConverged, ShockError
from detente.trade.labelled import Labelled, labelled
from detente.trade.routes import carriage, fees

if TYPE_CHECKING:
    from detente._types import Array
    from detente.trade._solution import Solution
    from detente.trade._system import System
    from detente.trade.equilibrium import Equilibrium


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """The decomposition that Caliendo & Parro (2015, eq. 17 and Table 2) print; fractions.

    It weighs the changes with the flows of the base year, so that its sum is not the exact change:
    for Mexico in NAFTA it gives 1.31 % where the exact change is 0.0073 %.
    """

    terms_of_trade: Labelled
    volume_of_trade: Labelled

    @property
    def total(self) -> Labelled:
        """Terms of trade plus volume of trade: a first-order approximation of Ŵ − 1."""
        t = self.terms_of_trade
        value = t.values + self.volume_of_trade.values
        return Labelled("first-order welfare", t.unit, t.axes, t.labels, value)


@dataclass(frozen=True, eq=False)
class Exact:
    """The effects integrated along the path of the shock, which sum to Ŵ − 1 exactly.

    All are fractions of base income by country.

    Attributes:
        terms_of_trade: prices of what it sells abroad against prices of what it buys.
        volume_of_trade: tariff revenue gained or lost on volumes, and export-tax revenue.
        trade_cost: resources used up (or saved) by iceberg costs of its purchases.
        technology: productivity and endowments.
        transit: fee income as a transit country, less what the wage makes of it: fees inside the
            costs of exporters are paid to factors that cannot earn the wage instead.
        transfer: the change of its trade deficit.
        closure: what the sum lacks against the exact change, the error of the integration.
    """

    terms_of_trade: Labelled
    volume_of_trade: Labelled
    trade_cost: Labelled
    technology: Labelled
    transit: Labelled
    transfer: Labelled
    closure: Labelled

    @property
    def total(self) -> Labelled:
        """The sum of all parts, which is the exact Ŵ − 1."""
        t = self.terms_of_trade
        value = np.sum([getattr(self, f.name).values for f in fields(self)], axis=0)
        return Labelled("exact welfare", t.unit, t.axes, t.labels, value)


def first_order(result: Equilibrium) -> FirstOrder:
    """The terms-of-trade and volume-of-trade effects as Caliendo & Parro (2015) print them.

    Tariffs, iceberg costs and transfers may be shocked; the formula knows tariffs only.

    Args:
        result: a solved shock.

    Returns:
        FirstOrder: the two effects by country, fractions of income.
    """
    world, economy = result.world, result.solution.system.economy
    income = world.income_n
    cost = np.exp(result.solution.point.log_cost_jn) - 1
    border = world.trade_jni * (1 + world.export_tax_jni)
    np_border = border * ~np.eye(len(income), dtype=bool)
    sold = (np_border.sum(axis=1) * cost).sum(axis=0)
    bought = (np_border * cost[:, None, :]).sum(axis=(0, 2))
    quantity = np.divide(
        result.trade_jni, world.trade_jni, out=np.ones_like(border), where=border > 0
    )
    volume = economy.tariff_jni * np_border * (quantity - 1 - cost[:, None, :])
    labels = (world.countries, world.goods)
    return FirstOrder(
        labelled("terms of trade", "fraction", "c", (sold - bought) / income, *labels),
        labelled("volume of trade", "fraction", "c", volume.sum(axis=(0, 2)) / income, *labels),
    )


@dataclass(frozen=True, eq=False)
class _Node:
    """Levels at one point of the path, net of nothing: what the line integrals need."""

    received_jni: Array
    per_melt_jni: Array
    fob_jni: Array
    fee_jni: Array
    tariff_jni: Array
    export_tax_jni: Array
    melt_jni: Array
    log_cost_jn: Array
    log_export_price_jni: Array
    log_import_price_jni: Array
    transit_n: Array
    fees_paid_n: Array
    log_wage_n: Array
    sales_jn: Array
    labour_n: Array
    fixed_nj: Array
    transfer_n: Array
    income_n: Array
    log_productivity_nj: Array
    log_labour_n: Array
    log_capacity_nj: Array
    trade_elasticity_j: Array


def exact(result: Equilibrium, *, tolerance: float = 1e-6, most_nodes: int = 65) -> Exact:
    """Decompose the exact welfare change by integrating along the path of the shock.

    At every point of the path the change of welfare is exactly the first-order formula at the flows
    of that point (an envelope theorem); the integral is taken by the trapezoid rule with Romberg
    extrapolation until the parts sum to the exact change. The parts depend on the path, which is
    straight in φ, tax rates and transfers; their sum does not.

    Args:
        result: a solved shock.
        tolerance: largest gap between sum and exact change, relative to the largest change of
            real income of any country.
        most_nodes: refuse to go on after so many solves.

    Returns:
        Exact: the parts by country, fractions of income, and what their sum lacks.

    Raises:
        ShockError: the base year has a specification beyond the plain model.
        NotConverged: the sum did not reach the exact change with `most_nodes`.
    """
    _only_plain(result)
    goal = result.log_welfare_n
    scale = max(float(np.abs(goal).max()), 1e-14)
    nodes: dict[float, tuple[_Node, Solution]] = {
        0.0: _node_at(result, 0.0, None),
        1.0: (_node_of(result.solution), result.solution),
    }
    rows: list[Array] = []
    steps = 2
    while steps < most_nodes:
        at = [k / steps for k in range(steps + 1)]
        for s in at:
            if s not in nodes:
                near = min(nodes, key=lambda x: abs(x - s))
                nodes[s] = _node_at(result, s, nodes[near][1])
        row = [_trapezoid([nodes[s][0] for s in at])]
        for k, previous in enumerate(rows[-1] if rows else []):
            row.append(row[-1] + (row[-1] - previous) / (4.0 ** (k + 1) - 1))
        rows.append(row)  # type: ignore[arg-type]
        parts = row[-1]
        if len(rows) > 1 and float(np.abs(parts.sum(axis=0) - goal).max()) <= tolerance * scale:
            return _exact(result, parts, goal)
        steps *= 2
    gap = float(np.abs(parts.sum(axis=0) - goal).max())
    raise NotConverged(
        f"The parts of the exact decomposition miss the exact change by {gap:.1e} with "
        f"{steps // 2} steps, asked for {tolerance * scale:.1e}.",
        "Raise most_nodes or the tolerance.",
    )


def _only_plain(result: Equilibrium) -> None:
    given = result.world.specification.words
    if given:
        raise ShockError(
            f"The parts of the exact change are not defined with {', '.join(given)}: effort, scale "
            f"and profits have none of their own.",
            "Ask for `real_income_change`, which is exact, or decompose in the plain base year.",
        )


def _exact(result: Equilibrium, parts: Array, goal: Array) -> Exact:
    # Log points into fractions, so that the parts sum to Ŵ − 1.
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(np.abs(goal) > 1e-12, np.expm1(goal) / goal, 1.0)
    names = (
        "terms of trade",
        "volume of trade",
        "trade cost",
        "technology",
        "transit",
        "transfer",
        "closure",
    )
    rows = [*(parts * factor), (goal - parts.sum(axis=0)) * factor]
    labels = (result.world.countries, result.world.goods)
    return Exact(
        *(labelled(n, "fraction", "c", r, *labels) for n, r in zip(names, rows, strict=True))
    )


def _node_at(result: Equilibrium, part: float, near: Solution | None) -> tuple[_Node, Solution]:
    whole = result.solution.system
    solution = equilibrate(
        whole.economy,
        whole.wedges[0].partly(part),
        transfer_rule=whole.transfer_rule,
        component_n=whole.component_n if part == 1.0 else None,
        tolerance=min(1e-10, whole_tolerance(result)),
        start=None if near is None else near.unknowns,
    )
    return _node_of(solution), solution


def whole_tolerance(result: Equilibrium) -> float:
    """The tolerance that the result was solved to."""
    return result.certificate.tolerance


def _node_of(solution: Solution) -> _Node:
    system: System = solution.system
    eco, w, p = system.economy, system.wedges[0], solution.point
    route = carriage(eco, w, p.choices)
    theta = eco.trade_elasticity_j
    before = (1 + eco.tariff_jni) * (1 + eco.export_tax_jni)
    after = (1 + w.tariff_jni) * (1 + w.export_tax_jni)
    taxes = (after / before) ** -theta[:, None, None]
    after = after * (1 + route.fee_jni)
    pull = np.exp(-theta[:, None] * p.log_cost_jn)
    price = np.exp(theta[:, None] * solution.log_price_jn)
    per_melt = eco.share_jni * taxes * pull[:, None, :] * price[:, :, None]
    per_melt = per_melt * solution.spending_jn[:, :, None] / after
    received = per_melt * route.melt_jni
    labour = np.exp(solution.log_wage_n) * w.labour_n * eco.labour_n * system.waged_n
    border = received * (1 + w.export_tax_jni)
    fixed = np.zeros_like(eco.fixed_nj)
    at = system.fixed_at
    fixed[at] = (np.exp(solution.log_rent_nj) * w.capacity_nj * eco.fixed_nj)[at]
    export_price = p.log_cost_jn[:, None, :] + np.log1p(w.export_tax_jni)
    return _Node(
        received_jni=received,
        per_melt_jni=per_melt,
        fob_jni=border,
        fee_jni=route.fee_jni,
        tariff_jni=w.tariff_jni,
        export_tax_jni=w.export_tax_jni,
        melt_jni=route.melt_jni,
        log_cost_jn=p.log_cost_jn,
        log_export_price_jni=export_price,
        log_import_price_jni=export_price + np.log1p(route.fee_jni),
        transit_n=p.transit_revenue_n,
        fees_paid_n=_fees_paid(system, border),
        log_wage_n=solution.log_wage_n,
        sales_jn=p.sales_jn,
        labour_n=labour,
        fixed_nj=fixed,
        transfer_n=p.transfer_n,
        income_n=p.income_n,
        log_productivity_nj=np.log(w.productivity_nj),
        log_labour_n=np.log(w.labour_n),
        log_capacity_nj=np.log(w.capacity_nj),
        trade_elasticity_j=theta,
    )


def _fees_paid(system: System, fob_jni: Array) -> Array:
    """V′ s₀ fee, what exporters' costs hold of fees, by transit country, (N,)."""
    net, N = system.network, len(fob_jni[0])
    if not net:
        return np.zeros(N)
    value = fob_jni[(*net.to_market, net.from_origin[1])]
    return fees(net, net.share_w[:, None], value[:, None], N)[:, 0]


def _trapezoid(nodes: list[_Node]) -> Array:
    """Log-point contributions of the six parts by country, (6, N)."""
    total = np.zeros((6, len(nodes[0].income_n)))
    for a, b in itertools.pairwise(nodes):
        for end in (a, b):
            total += 0.5 * _differential(end, a, b)
    return total


def _differential(at: _Node, a: _Node, b: _Node) -> Array:
    """The six differentials from `a` to `b` at the weights of `at`, over income."""
    abroad = ~np.eye(len(at.income_n), dtype=bool)
    theta = at.trade_elasticity_j[:, None, None]
    sold = at.fob_jni * abroad * (b.log_export_price_jni - a.log_export_price_jni)
    cif = at.fob_jni * (1 + at.fee_jni)
    bought = cif * abroad * (b.log_import_price_jni - a.log_import_price_jni)
    terms = sold.sum(axis=(0, 1)) - bought.sum(axis=(0, 2))

    d_cost = (b.log_cost_jn - a.log_cost_jn)[:, None, :]
    # m dln m and m dln d are finite where the flow vanishes: m = (m/χ) χ with χ = d^(−θ).
    d_melt = at.per_melt_jni * (b.melt_jni - a.melt_jni)
    with np.errstate(divide="ignore", invalid="ignore"):
        d_per = np.where(
            a.per_melt_jni > 0,
            np.log(b.per_melt_jni / np.where(a.per_melt_jni > 0, a.per_melt_jni, 1)),
            0.0,
        )
    d_value = at.received_jni * d_per + d_melt
    # The cost of a route holds its fee, which is somebody's income: only the rest melts away.
    d_iceberg = -d_melt / theta - at.received_jni * (np.log1p(b.fee_jni) - np.log1p(a.fee_jni))
    e = at.export_tax_jni
    landed = (1 + e) * (1 + at.fee_jni)
    tariff = at.tariff_jni * landed * (d_value - at.received_jni * d_cost - d_iceberg)
    export_tax = e * (d_value - at.received_jni * d_cost)
    volume = tariff.sum(axis=(0, 2)) + export_tax.sum(axis=(0, 1))
    trade_cost = -(landed * d_iceberg).sum(axis=(0, 2))

    technology = (
        at.labour_n * (b.log_labour_n - a.log_labour_n)
        + (at.fixed_nj * (b.log_capacity_nj - a.log_capacity_nj)).sum(axis=1)
        + (at.sales_jn.T * (b.log_productivity_nj - a.log_productivity_nj)).sum(axis=1)
    )
    transit = b.transit_n - a.transit_n - at.fees_paid_n * (b.log_wage_n - a.log_wage_n)
    transfer = b.transfer_n - a.transfer_n
    return np.stack([terms, volume, trade_cost, technology, transit, transfer]) / at.income_n
