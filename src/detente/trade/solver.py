"""From a base year and wedges to the equilibrium, with fall-backs before giving up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente.trade.certificate import Certificate, certify, violations
from detente.trade.economy import Array, Economy
from detente.trade.errors import NotConverged
from detente.trade.fixedpoint import FixedPoint, anderson
from detente.trade.kernels import Point, evaluate
from detente.trade.system import Index, System, Wedges, prepare

TRANSFER_RULES = ("fixed", "proportional", "zero")
_FIRST_TRY = 500
_MEMORY = 10


@dataclass(frozen=True, eq=False)
class Solution:
    """Prices and levels at which every market clears, with the certificate.

    Attributes:
        log_wage_n: log ŵ.
        log_rent_nj: log r̂; 0 where nothing is fixed.
        log_price_jn: log P̂.
        spending_jn: X', USD million.
        point: the levels that belong to them.
        system: the base year under the shock.
        certificate: how exactly it holds.
        unknowns: the solver's vector, to start a neighbouring problem from.
    """

    log_wage_n: Array
    log_rent_nj: Array
    log_price_jn: Array
    spending_jn: Array
    point: Point
    system: System
    certificate: Certificate
    unknowns: Array


@dataclass(frozen=True, eq=False)
class Unknowns:
    """How the four unknowns lie in one vector: logs of ŵ, r̂, P̂ and X'/X."""

    economy: Economy
    rents: int

    def pack(self, wage: Array, rent: Array, price: Array, spending: Array) -> Array:
        """One vector."""
        return np.concatenate([wage, rent, price.ravel(), self._log_change(spending).ravel()])

    def unpack(self, x: Array) -> tuple[Array, Array, Array, Array]:
        """log ŵ, log r̂, log P̂, X'."""
        J, N = self.economy.shape
        a, b = N, N + self.rents
        spending = np.exp(x[b + J * N :].reshape(J, N)) * self.economy.spending_jn
        return x[:a], x[a:b], x[b : b + J * N].reshape(J, N), spending

    def _log_change(self, spending: Array) -> Array:
        base = self.economy.spending_jn
        ratio = np.divide(spending, base, out=np.ones_like(base), where=base > 0)
        return np.log(np.maximum(ratio, 1e-300))

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        J, N = self.economy.shape
        return N + self.rents + 2 * J * N


def equilibrate(
    economy: Economy,
    wedges: Wedges,
    *,
    transfer_rule: str = "fixed",
    component_n: Index | None = None,
    tolerance: float = 1e-9,
    start: Array | None = None,
) -> Solution:
    """Solve for all prices, incomes and spending at once.

    Anderson acceleration on the joint fixed point; where it stalls, the shock is brought in by
    steps, each started from the last.

    Args:
        economy: shares and levels of the base year.
        wedges: what changes.
        transfer_rule: `fixed`, `proportional` or `zero`.
        component_n: trading components, from `feasibility.components`.
        tolerance: largest relative violation that the certificate may show.
        start: `unknowns` of a neighbouring solution.

    Raises:
        NotConverged: with the certificate's sentence and what may help.
    """
    system = prepare(economy, wedges, transfer_rule=transfer_rule, component_n=component_n)
    layout = Unknowns(economy, len(system.fixed_supply))
    if start is None or start.size != layout.size:
        start = np.zeros(layout.size)
    spent = 0
    found = _run(system, layout, start, tolerance, _FIRST_TRY)
    for sharper in (1.0, 0.1, 0.01):
        if found.residual > tolerance:
            break
        solution = _finish(system, layout, found, tolerance, spent)
        if solution.certificate.status == "converged":
            return solution
        # The residual of the iteration was small, a market's relative gap was not: go on.
        spent += found.evaluations
        found = _run(system, layout, found.x, 0.1 * sharper * tolerance, _FIRST_TRY)
    found, more = _by_steps(system, layout, tolerance)
    spent += more
    solution = _finish(system, layout, found, tolerance, spent)
    if solution.certificate.status == "converged":
        return solution
    raise NotConverged(
        f"{solution.certificate.sentence} No number is returned. What may help: a leakage for "
        f"embargoes (0.001 is enough), a longer horizon, higher elasticities of input "
        f"substitution, or a smaller shock."
    )


def _run(system: System, layout: Unknowns, start: Array, tolerance: float, most: int) -> FixedPoint:
    def g(x: Array) -> Array:
        wage, rent, price, spending, _ = evaluate(system, *layout.unpack(x))
        return layout.pack(wage, rent, price, spending)

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # The safeguard of the iteration sees and undoes what overflows.
        return anderson(g, start, tolerance=0.3 * tolerance, most_evaluations=most, memory=_MEMORY)


def _finish(
    system: System, layout: Unknowns, found: FixedPoint, tolerance: float, spent: int
) -> Solution:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        wage, rent, price, spending, _ = evaluate(system, *layout.unpack(found.x))
        unknowns = layout.pack(wage, rent, price, spending)
        *_, point = evaluate(system, wage, rent, price, spending)
        rent_nj = np.zeros(system.economy.fixed_share_nj.shape)
        rent_nj[system.fixed_at] = rent
        gaps = violations(system, np.exp(wage), np.exp(rent_nj), np.exp(price), spending)
    gaps = {k: np.where(np.isfinite(v), v, np.inf) for k, v in gaps.items()}
    certificate = certify(
        gaps,
        tolerance=tolerance,
        evaluations=spent + found.evaluations + 2,
        restarts=found.restarts,
    )
    return Solution(wage, rent_nj, price, spending, point, system, certificate, unknowns)


def _by_steps(system: System, layout: Unknowns, tolerance: float) -> tuple[FixedPoint, int]:
    """Bring the shock in by steps that shrink where the iteration stalls."""
    x = np.zeros(layout.size)
    reached, step, spent = 0.0, 0.25, 0
    found = FixedPoint(x, np.inf, 0, 0)
    while reached < 1.0 and step > 1e-3 and spent < 6000:
        goal = min(1.0, reached + step)
        part = prepare(
            system.economy,
            partial_wedges(system.economy, system.wedges, goal),
            transfer_rule=system.transfer_rule,
            component_n=system.component_n,
        )
        part = part if goal < 1.0 else system
        part = replace(part, fixed_at=system.fixed_at, fixed_supply=_supply(part, system))
        found = _run(part, layout, x, tolerance if goal == 1.0 else 1e-6, _FIRST_TRY)
        spent += found.evaluations
        if found.residual <= (tolerance if goal == 1.0 else 1e-6):
            reached, x, step = goal, found.x, 1.5 * step
        else:
            step *= 0.5
    return found, spent


def _supply(part: System, whole: System) -> Array:
    supply = part.wedges.capacity_nj * part.economy.fixed_nj
    return np.asarray(supply[whole.fixed_at])


def partial_wedges(economy: Economy, wedges: Wedges, part: float) -> Wedges:
    """The point at `part` in [0, 1] of the straight path from no shock to the shock.

    Straight in φ's iceberg part (so that an embargo is reached smoothly), in tax rates and in
    transfers; geometric in productivity and endowments.
    """
    return Wedges(
        melt_jni=1 + part * (wedges.melt_jni - 1),
        tariff_jni=economy.tariff_jni + part * (wedges.tariff_jni - economy.tariff_jni),
        export_tax_jni=economy.export_tax_jni
        + part * (wedges.export_tax_jni - economy.export_tax_jni),
        productivity_nj=wedges.productivity_nj**part,
        labour_n=wedges.labour_n**part,
        capacity_nj=wedges.capacity_nj**part,
        transfer_n=part * wedges.transfer_n,
    )
