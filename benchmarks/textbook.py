"""The nested loop by which quantitative trade models are usually solved, in vectorised NumPy.

The structure is that of the codes published with Alvarez & Lucas (2007, Journal of Monetary
Economics 54(6)) and Caliendo & Parro (2015, Review of Economic Studies 82(1)): wages are guessed;
given wages, costs and prices are iterated to a fixed point; given prices, trade shares and spending
follow; the trade balances that result push the wages, damped. It serves as the yardstick of
`trade.py` and shares no line with `detente.trade`. There is no loop over countries or goods: every
step is one array operation or one batched product.

A `Tuning` says how the loop is run. `PUBLISHED` is what the code of Caliendo & Parro does: prices
start from one at every guess of wages, (τ̂ ĉ)^(−θ) is raised to its powers in every round, spending
is the solution of a dense linear system of J·N equations, wages move by 0.2 of the imbalance, and
the inner tolerance is the outer one. From there the loop can be tuned in steps:

- `ITERATED`: spending is iterated instead (as in codes in R and Python), which is quicker;
- `WARM`: prices and spending also start from where the previous guess of wages left them, and the
  wage step is the quickest that a search finds for the problem (`tune`; the search is not timed);
- `LOOSE`: the inner loops also stop early while the wages are far off, at a multiple of the last
  imbalance that the search chooses too;
- `PRODUCT`: the powers of trade costs are also taken once, and only ĉ^(−θ) is renewed. This is the
  idea on which `detente` is built, put into the nested loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_MOST_ROUNDS = 5000
#: A market below this share of the largest one need not settle to the same relative precision.
_SMALLEST = 1e-9


@dataclass(frozen=True, eq=False)
class Problem:
    """A base year and a tariff or iceberg shock, Cobb-Douglas, one mobile factor, no export taxes.

    Attributes:
        share_jni: π.
        wedge_jni: κ̂ = d̂ (1+t')/(1+t); `inf` for an embargo.
        tariff_jni: t', new levels.
        input_share_nkj: γ.
        labour_share_nj: β.
        final_share_nj: α.
        trade_elasticity_j: θ.
        labour_n: wL of the base.
        transfer_n: D, constant in units of world labour income.
        spending_jn: X of the base, where the iteration starts.
    """

    share_jni: Array
    wedge_jni: Array
    tariff_jni: Array
    input_share_nkj: Array
    labour_share_nj: Array
    final_share_nj: Array
    trade_elasticity_j: Array
    labour_n: Array
    transfer_n: Array
    spending_jn: Array


@dataclass(frozen=True)
class Tuning:
    """How the loop is run.

    Attributes:
        wage_step: share of the relative trade imbalance by which a wage moves.
        inner: inner loops stop at this multiple of the last imbalance; None: where the outer does.
        warm: whether prices start from those of the previous guess of wages, not from one.
        spending: `iterate`, or `solve` the dense linear system.
        powers: `raise` (κ̂ ĉ)^(−θ) in every round, or take κ̂^(−θ) once and `multiply`.
    """

    wage_step: float
    inner: float | None
    warm: bool
    spending: Literal["iterate", "solve"]
    powers: Literal["raise", "multiply"] = "raise"


PUBLISHED = Tuning(wage_step=0.2, inner=None, warm=False, spending="solve")
ITERATED = replace(PUBLISHED, spending="iterate")
WARM = replace(ITERATED, warm=True)
LOOSE = replace(WARM, inner=0.1)
PRODUCT = replace(LOOSE, powers="multiply")


@dataclass(frozen=True, eq=False)
class Answer:
    """What the loop found.

    Attributes:
        wage_n: ŵ, world labour income being the numeraire.
        price_jn: P̂.
        spending_jn: X'.
        wage_rounds: rounds of the outer loop.
        price_rounds: rounds of the price loop, in all.
        spending_rounds: rounds of the spending loop, in all.
        seconds: how long it took.
    """

    wage_n: Array
    price_jn: Array
    spending_jn: Array
    wage_rounds: int
    price_rounds: int
    spending_rounds: int
    seconds: float


def nested_loop(
    problem: Problem, tolerance: float, tuning: Tuning, *, give_up_after: float = np.inf
) -> Answer:
    """Wages outside, prices and spending inside.

    Args:
        problem: the base year and its shock.
        tolerance: of the outer loop, on the largest trade imbalance relative to labour income.
        tuning: how the loop is run.
        give_up_after: seconds.

    Raises:
        ArithmeticError: it diverged, or took longer than allowed.
    """
    begun = time.perf_counter()
    p = problem
    pull = _pull(p, tuning.powers)
    alpha_jn = np.ascontiguousarray(p.final_share_nj.T)
    after = 1 + p.tariff_jni
    wage = np.ones_like(p.labour_n)
    log_price, spending = np.zeros_like(p.spending_jn), p.spending_jn.copy()
    imbalance, price_rounds, spending_rounds = 1.0, 0, 0
    for wage_rounds in range(1, _MOST_ROUNDS + 1):
        near = tolerance if tuning.inner is None else max(tuning.inner * imbalance, 1e-14)
        start = log_price if tuning.warm else np.zeros_like(log_price)
        log_price, pulled, access, rounds = _prices(p, pull, np.log(wage), start, near)
        price_rounds += rounds

        net = pulled / access[:, :, None] / after
        duty_jn = 1 - net.sum(axis=2)
        own = wage * p.labour_n + p.transfer_n
        if tuning.spending == "solve":
            spending, rounds = _solved_spending(p, net, duty_jn, alpha_jn, own), 1
        else:
            spending, rounds = _iterated_spending(p, net, duty_jn, alpha_jn, own, spending, near)
        spending_rounds += rounds

        exports = np.matmul(spending[:, None, :], net)[:, 0, :].sum(axis=0)
        imports = ((1 - duty_jn) * spending).sum(axis=0)
        excess = (exports - imports + p.transfer_n) / p.labour_n
        imbalance = float(np.abs(excess).max())
        spent = time.perf_counter() - begun
        if imbalance <= tolerance:
            return Answer(
                wage, np.exp(log_price), spending, wage_rounds, price_rounds, spending_rounds, spent
            )
        if not np.isfinite(imbalance) or imbalance > 1e3 or spent > give_up_after:
            break
        wage = wage * np.maximum(1 + tuning.wage_step * excess, 0.5)
        wage *= p.labour_n.sum() / (wage @ p.labour_n)
    raise ArithmeticError(
        f"The nested loop left an imbalance of {imbalance:.1e} after {wage_rounds} rounds."
    )


def _pull(p: Problem, powers: str) -> Callable[[Array], Array]:
    """π (κ̂ ĉ)^(−θ) as a function of ĉ, (J, N, N)."""
    minus = -p.trade_elasticity_j[:, None, None]
    if powers == "raise":
        return lambda cost: p.share_jni * (p.wedge_jni * cost[:, None, :]) ** minus
    once = p.share_jni * p.wedge_jni**minus
    return lambda cost: once * cost[:, None, :] ** minus


def _prices(
    p: Problem, pull: Callable[[Array], Array], log_wage: Array, log_price: Array, near: float
) -> tuple[Array, Array, Array, int]:
    """Prices at given wages; also π (κ̂ ĉ)^(−θ), its sum over origins, and the rounds it took."""
    labour_cost = p.labour_share_nj.T * log_wage
    rounds, gap = 0, np.inf
    while gap > near and rounds < _MOST_ROUNDS:
        rounds += 1
        inputs = np.matmul(log_price.T[:, None, :], p.input_share_nkj)[:, 0, :].T
        pulled = pull(np.exp(labour_cost + inputs))
        access = pulled.sum(axis=2)
        new = np.log(access) / -p.trade_elasticity_j[:, None]
        gap = np.abs(new - log_price).max()
        log_price = new
    return log_price, pulled, access, rounds


def _iterated_spending(
    p: Problem,
    net: Array,
    duty_jn: Array,
    alpha_jn: Array,
    own: Array,
    spending: Array,
    near: float,
) -> tuple[Array, int]:
    """X from X = ΓX + α (wL + D + tariff revenue), by iteration."""
    rounds, gap = 0, np.inf
    while gap > near and rounds < _MOST_ROUNDS:
        rounds += 1
        sales = np.matmul(spending[:, None, :], net)[:, 0, :]
        income = own + (duty_jn * spending).sum(axis=0)
        bill = np.matmul(p.input_share_nkj, sales.T[:, :, None])[:, :, 0].T
        new = bill + alpha_jn * income
        gap = (np.abs(new - spending) / np.maximum(new, _SMALLEST * new.max())).max()
        spending = new
    return spending, rounds


def _solved_spending(p: Problem, net: Array, duty_jn: Array, alpha_jn: Array, own: Array) -> Array:
    """X from the same equations as one dense linear system, (J, N)."""
    J, N = duty_jn.shape
    # Row (n, k), column (m, j): what n's producers of j buy of k for their sales to m.
    system = -np.einsum("nkj,jmn->nkmj", p.input_share_nkj, net, optimize=True)
    at = np.arange(N)
    system[at, :, at, :] -= np.einsum("kn,jn->nkj", alpha_jn, duty_jn)
    system = system.reshape(N * J, N * J)
    system[np.diag_indices(N * J)] += 1
    return np.linalg.solve(system, (alpha_jn * own).T.ravel()).reshape(N, J).T.copy()


def tune(
    problem: Problem,
    start: Tuning,
    *,
    tolerance: float = 1e-6,
    steps: Iterable[float] = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
    inner: Iterable[float] = (0.3, 0.1, 0.03),
) -> Tuning:
    """The quickest wage step and inner tolerance for a problem, by trying them.

    An inner tolerance that is the outer one in `start` stays so.
    """
    inners = [None] if start.inner is None else list(inner)
    best, quickest = None, 60.0
    for step in steps:
        for value in inners:
            chosen = replace(start, wage_step=step, inner=value)
            try:
                took = min(
                    nested_loop(problem, tolerance, chosen, give_up_after=1.2 * quickest).seconds
                    for _ in range(2)
                )
            except ArithmeticError:
                continue
            if took < quickest:
                best, quickest = chosen, took
    if best is None:
        raise ArithmeticError("The nested loop converges with no wage step that was tried.")
    return best
