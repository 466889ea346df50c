"""Gradients against complex steps, finite differences of whole solves, and closed forms."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.trade import (
    Horizon,
    NotConverged,
    Route,
    RouteChoice,
    Shock,
    ShockError,
    Weights,
    capacity,
    embargo,
    export_tax,
    gradient,
    gradients,
    iceberg,
    labour,
    productivity,
    solve,
    tariff,
    transfer,
)
from detente.trade._economy import economy_of
from detente.trade.adjoint import linear
from detente.trade.certificate import violations
from detente.world import UnknownLabel, World, synthetic

sys.path.insert(0, str(Path(__file__).parent))
import levels

STEP = 1e-30


@dataclass
class Problem:
    """One random world, shock, closure and scalar."""

    world: World
    shock: Shock
    horizon: Horizon
    rule: str
    target: Weights


def problem(seed: int) -> Problem:
    """All closures mixed: substitution, fixed factors, taxes, routes, leakage, rules, horizons."""
    rng = np.random.default_rng(seed)
    N, J = int(rng.integers(3, 6)), int(rng.integers(2, 4))
    world = synthetic(
        N, J, seed, tariff=0.08 * (seed % 2), zeros=0.0, resource_share=0.2 * (seed % 3)
    )
    world = replace(
        world,
        # Cobb-Douglas, nearly so from both sides, complements and substitutes.
        input_substitution_j=rng.choice([0.2, 0.6, 1.0, 1 + 1e-4, 1 - 1e-4, 1.5], J),
        final_substitution_n=rng.choice([0.5, 1.0, 1.0, 1.4], N),
        trade_elasticity_j=rng.uniform(1.5, 6.0, J),
    )
    if seed % 5 == 0:
        world = taxing_exports(world, rng.uniform(0, 0.05, (J, N, N)) * (1 - np.eye(N)))
    horizon = Horizon("mixed", "", float(rng.uniform(0.5, 1)), 2.0, float(rng.choice([0, 0.4, 1])))
    a, b, c = rng.choice(world.countries, 3, replace=False).tolist()
    good, other = (str(g) for g in rng.choice(world.goods, 2, replace=False))
    shock = embargo(a, b, good, leakage=float(rng.choice([0.0, 0.02, 0.3])))
    shock += iceberg(b, c, factor=float(rng.uniform(0.9, 1.4)))
    shock += tariff(c, a, other, rate=float(rng.uniform(0.02, 0.5)))
    shock += export_tax(b, a, other, rate=float(rng.uniform(-0.1, 0.3)))
    shock += productivity(c, good, factor=float(rng.uniform(0.8, 1.2)))
    shock += labour(a, factor=1.05) + capacity(b, factor=0.9)
    shock += transfer(a, c, amount=float(1e-3 * world.income_n.min()))
    if seed % 2:
        shock += route_choices(world, rng, other, a, (b, c))
    rule = ("fixed", "proportional", "zero")[seed // 2 % 3]
    if seed % 14 == 10 and rule != "fixed":
        # One country alone: two numeraires, and a transfer that stays within the others.
        inside = replace(shock, changes=shock.changes[:-1])
        shock = inside + embargo(b, "*") + embargo("*", b)
    if seed % 3:
        target = Weights(equivalent_variation_n=rng.normal(size=N))
    else:
        target = Weights(
            income_n=rng.normal(size=N),
            tariff_revenue_n=rng.normal(size=N),
            export_tax_revenue_n=rng.normal(size=N),
            transit_revenue_n=rng.normal(size=N),
            sales_jn=rng.normal(size=(J, N)),
            spending_jn=rng.normal(size=(J, N)),
            log_wage_n=1e3 * rng.normal(size=N),
            log_price_jn=1e3 * rng.normal(size=(J, N)),
            log_cost_jn=1e3 * rng.normal(size=(J, N)),
            log_final_price_n=1e3 * rng.normal(size=N),
        )
    return Problem(world, shock, horizon, rule, target)


def taxing_exports(world: World, rate: np.ndarray) -> World:
    """The world whose exporters are taxed in the base year; households spend what that raises."""
    paid = world.trade_jni * (1 + rate) * (1 + world.tariff_jni)
    final = paid.sum(axis=2).T - world.intermediate_nkj.sum(axis=2)
    return replace(world, export_tax_jni=rate, final_nj=final)


def route_choices(
    world: World, rng: np.random.Generator, good: str, origin: str, markets: tuple[str, ...]
) -> Shock:
    """Flows over two or three routes, one of them crowded, one of them perhaps closed."""
    i = world.country(origin)
    flow = sum(world.trade_jni[world.good(good), world.country(m), i] for m in markets)
    through = [c for c in world.countries if c != origin]
    routes = (
        Route("near", 0.6, float(rng.uniform(1, 1.3)), 0.06, through[0], float(0.7 * flow)),
        Route("far", 0.3, float(rng.uniform(0.9, 1.2)), 0.02, through[1], float(0.5 * flow)),
        Route("long", 0.1, float(rng.choice([1.1, np.inf]))),
    )
    return Shock(route_choices=(RouteChoice(good, origin, markets, routes, 5.0, 0.8, 3.0),))


def setting_of(p: Problem, result: Any) -> tuple[levels.Setting, levels.Unknowns]:
    """The same problem in the other account, at the engine's solution."""
    world, eco = result.world, economy_of(result.world, p.horizon)
    w, s = result.wedges, result.solution
    theta = eco.trade_elasticity_j
    leak = np.ones(eco.share_jni.shape)
    for c in p.shock.changes:
        if c.kind == "embargo":
            pick = (world.countries if "*" in x else x for x in (c.market, c.origin))
            n, i = ([world.country(k) for k in labels] for labels in pick)
            j = range(len(world.goods)) if "*" in c.goods else [world.good(g) for g in c.goods]
            cells = np.ix_(j, n, i)
            leak[cells] = np.minimum(leak[cells], c.leakage)
    leak[:, range(len(world.countries)), range(len(world.countries))] = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        log_iceberg = np.where(leak > 0, -np.log(w.melt_jni / leak) / theta[:, None, None], 0.0)
    groups, congestion, taken = [], [], 0
    for r, choice in zip(w.route_groups, p.shock.route_choices, strict=True):
        flow = world.trade_jni[r.good, r.market_m, r.origin].sum()
        cost = np.log([route.cost for route in choice.routes])
        groups.append(
            levels.Route(
                r.good,
                r.origin,
                r.market_m.tolist(),
                choice,
                float(flow),
                choice.elasticity,
                cost,
                np.array([route.fee for route in choice.routes]),
                r.transit_r.tolist(),
            )
        )
        q = np.zeros(len(choice.routes))
        limited = np.isfinite([route.capacity for route in choice.routes])
        q[limited] = s.log_congestion_q[taken : taken + limited.sum()]
        taken += int(limited.sum())
        congestion.append(q)
    setting = levels.Setting(
        eco,
        p.rule,
        s.system.component_n,
        log_iceberg,
        leak,
        w.tariff_jni,
        w.export_tax_jni,
        np.log(w.productivity_nj),
        np.log(w.labour_n),
        np.log(w.capacity_nj),
        w.transfer_n,
        theta,
        eco.input_substitution_j,
        eco.final_substitution_n,
        groups,
    )
    x = levels.Unknowns(
        s.log_wage_n, s.log_rent_nj, s.log_price_jn, np.log(s.spending_jn), congestion
    )
    return setting, x


class System:
    """The conditions as a square system, differentiated by complex steps."""

    def __init__(self, p: Problem, result: Any) -> None:
        self.problem, self.result = p, result
        self.setting, self.x = setting_of(p, result)
        self.fixed = self.setting.economy.fixed_nj > 0
        limited = [
            np.isfinite([route.capacity for route in r.choice.routes])
            for r in self.setting.route_choices
        ]
        self.limited = np.concatenate(limited) if limited else np.zeros(0, dtype=bool)
        x = self.x
        crowded = np.concatenate([*x.congestion, np.zeros(0)])[self.limited]
        parts = (x.wage, x.rent[self.fixed], x.price.ravel(), x.spending.ravel(), crowded)
        self.base = np.concatenate(parts)

    def unknowns(self, v: np.ndarray) -> levels.Unknowns:
        J, N = self.setting.economy.shape
        K = int(self.fixed.sum())
        wage, rents, price, spending, crowded = np.split(v, np.cumsum([N, K, J * N, J * N]))
        rent = np.zeros((N, J), dtype=v.dtype)
        rent[self.fixed] = rents
        congestion = np.zeros(len(self.limited), dtype=v.dtype)
        congestion[self.limited] = crowded
        sizes = [len(q) for q in self.x.congestion]
        parts = np.split(congestion, np.cumsum(sizes)[:-1]) if sizes else []
        return levels.Unknowns(wage, rent, price.reshape(J, N), spending.reshape(J, N), list(parts))

    def residual(self, v: np.ndarray, setting: levels.Setting) -> np.ndarray:
        pairs, _ = levels.conditions(setting, self.unknowns(v))
        gaps = {
            k: a / np.where(np.abs(b) > 0, np.abs(b), 1) - b / np.where(np.abs(b) > 0, np.abs(b), 1)
            for k, (a, b) in pairs.items()
        }
        # Walras: one labour market of each component follows from the rest; the numeraire is there.
        for c in np.unique(setting.component):
            first = int(np.nonzero(setting.component == c)[0][0])
            gaps["labour"][first] = gaps["numeraire"][c]
        return np.concatenate(
            [
                gaps["labour"],
                gaps["fixed factors"][self.fixed],
                gaps["prices"].ravel(),
                gaps["markets"].ravel(),
                gaps["congestion"][self.limited],
            ]
        )

    def scalar(self, v: np.ndarray, setting: levels.Setting) -> Any:
        _, found = levels.conditions(setting, self.unknowns(v))
        base = self.problem.world.income_n
        real = np.exp(np.log(found["income_n"] / base) - found["log_final_price_n"])
        found["equivalent_variation_n"] = base * (real - 1)
        return sum(
            (np.asarray(getattr(self.problem.target, k)) * value).sum()
            for k, value in found.items()
            if getattr(self.problem.target, k) is not None
        )

    @cached_property
    def jacobian(self) -> np.ndarray:
        columns = []
        for k in range(len(self.base)):
            v = self.base.astype(complex)
            v[k] += 1j * STEP
            columns.append(self.residual(v, self.setting).imag / STEP)
        return np.stack(columns, axis=1)

    def slope(self, moved: levels.Setting) -> float:
        """The derivative of the scalar where `moved` has the direction times an imaginary step."""
        right = self.residual(self.base.astype(complex), moved).imag / STEP
        answer = -np.linalg.solve(self.jacobian, right)
        return float(self.scalar(self.base + 1j * STEP * answer, moved).imag / STEP)


SUBSTITUTION = ("input_substitution_j", "final_substitution_n", "route_elasticity_g")


def direction(
    p: Problem, system: System, seed: int, alone: str | None = None
) -> tuple[levels.Setting, dict[str, Any]]:
    """A random direction in all parameters or one, also as an imaginary step of the setting."""
    rng = np.random.default_rng(seed + 1000)
    s = system.setting
    J, N = s.economy.shape
    by = {
        "iceberg_jni": rng.normal(size=(J, N, N)),
        "tariff_jni": rng.normal(size=(J, N, N)),
        "export_tax_jni": rng.normal(size=(J, N, N)),
        "productivity_nj": rng.normal(size=(N, J)),
        "labour_n": rng.normal(size=N),
        "capacity_nj": rng.normal(size=(N, J)) * (s.economy.fixed_nj > 0),
        "transfer_n": rng.normal(size=N),
        "trade_elasticity_j": rng.normal(size=J),
        "input_substitution_j": rng.normal(size=J),
        "final_substitution_n": rng.normal(size=N),
        "route_elasticity_g": rng.normal(size=len(s.route_choices)),
    }
    for c in np.unique(s.component):
        by["transfer_n"][s.component == c] -= by["transfer_n"][s.component == c].mean()
    routes = []
    for r in s.route_choices:
        cost, fee = rng.normal(size=(2, len(r.fee))) * np.isfinite(r.log_cost)
        # A fee that nobody earns would leave the world's budget open.
        routes.append((cost, fee * (np.array(r.transit) >= 0)))
    if alone is not None:
        by = {k: v * (k == alone) for k, v in by.items()}
        routes = [(0 * cost, 0 * fee) for cost, fee in routes]
    i = 1j * STEP
    moved = replace(
        s,
        log_iceberg=s.log_iceberg + i * by["iceberg_jni"],
        tariff=s.tariff + i * by["tariff_jni"],
        export_tax=s.export_tax + i * by["export_tax_jni"],
        log_productivity=s.log_productivity + i * by["productivity_nj"],
        log_labour=s.log_labour + i * by["labour_n"],
        log_capacity=s.log_capacity + i * by["capacity_nj"],
        transfer=s.transfer + i * by["transfer_n"],
        theta=s.theta + i * p.horizon.trade_elasticity_factor * by["trade_elasticity_j"],
        input_substitution=s.input_substitution + i * by["input_substitution_j"],
        final_substitution=s.final_substitution + i * by["final_substitution_n"],
        route_choices=[
            replace(
                r,
                log_cost=r.log_cost + i * cost,
                fee=r.fee + i * fee,
                elasticity=r.elasticity + i * x,
            )
            for r, (cost, fee), x in zip(
                s.route_choices, routes, by["route_elasticity_g"], strict=True
            )
        ],
    )
    return moved, {**by, "routes": routes}


def along(g: Any, by: dict[str, Any]) -> tuple[float, float]:
    """The derivative along a direction from a gradient, and the sum of its parts' sizes."""
    parts = [np.nan_to_num(getattr(g, k).values) * v for k, v in by.items() if k != "routes"]
    for cost, fee, (by_cost, by_fee) in zip(g.route_cost, g.route_fee, by["routes"], strict=True):
        parts += [np.nan_to_num(cost.values) * by_cost, np.nan_to_num(fee.values) * by_fee]
    return float(sum(p.sum() for p in parts)), float(sum(np.abs(p).sum() for p in parts))


@pytest.mark.parametrize("tens", range(10))
def test_gradients_are_complex_steps(tens: int) -> None:
    """100 random worlds, shocks and scalars, every parameter at once."""
    for seed in range(10 * tens, 10 * tens + 10):
        p = problem(seed)
        result = solve(p.world, p.shock, p.horizon, p.rule, 1e-12)  # type: ignore[arg-type]
        system = System(p, result)
        assert np.abs(system.residual(system.base, system.setting)).max() < 1e-9
        g = gradient(result, p.target)
        # Each elasticity of substitution also alone: beside all wedges it moves little.
        for alone in (None, *SUBSTITUTION):
            moved, by = direction(p, system, seed, alone)
            expected = system.slope(moved)
            found, size = along(g, by)
            # Seven digits are asked for; where the parts cancel, of a hundredth of their sum.
            assert abs(found - expected) <= 1e-6 * max(abs(expected), 0.01 * size), (seed, alone)


def test_conditions_in_levels_are_those_of_the_certificate() -> None:
    """Away from a solution both accounts find the same violations."""
    for seed in (1, 6, 9):
        p = problem(seed)
        result = solve(p.world, p.shock, p.horizon, p.rule, 1e-9)  # type: ignore[arg-type]
        system = System(p, result)
        away = system.base + 0.01 * np.random.default_rng(seed).normal(size=len(system.base))
        x = system.unknowns(away)
        congestion = np.concatenate([*x.congestion, np.zeros(0)])[system.limited]
        found = violations(
            result.solution.system, x.wage, x.rent, x.price, np.exp(x.spending), congestion
        )
        pairs, _ = levels.conditions(system.setting, x)
        for name in ("markets", "labour", "fixed factors", "prices"):
            a, b = (v.real for v in pairs[name])
            # Prices are compared with one, all others with the larger side.
            size = 1.0 if name == "prices" else np.maximum(np.maximum(abs(a), abs(b)), 1e-12)
            gap = np.where(a > 0, abs(a - b) / size, 0.0)
            np.testing.assert_allclose(found[name], gap, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", [2, 5, 13])
def test_gradients_are_differences_of_whole_solves(seed: int) -> None:
    p = problem(seed)
    world, good = p.world, p.world.goods[0]
    a, b = world.countries[1], world.countries[2]
    base = solve(world, p.shock, p.horizon, p.rule, 1e-12)  # type: ignore[arg-type]
    j, n, i = 0, 1, 2
    t, e = (float(w[j, n, i]) for w in (base.wedges.tariff_jni, base.wedges.export_tax_jni))
    # Away from zero, so that the rate can be moved both ways.
    shock = p.shock + tariff(b, a, good, rate=t + 0.1)

    def solved(change: Shock) -> Any:
        return solve(world, shock + change, p.horizon, p.rule, 1e-12)  # type: ignore[arg-type]

    g = gradient(solved(Shock()), a)
    changes = {
        "iceberg_jni": (lambda x: iceberg(b, a, good, factor=np.exp(x)), (good, a, b)),
        "tariff_jni": (lambda x: tariff(b, a, good, rate=t + 0.1 + x), (good, a, b)),
        "export_tax_jni": (lambda x: export_tax(b, a, good, rate=e + x), (good, a, b)),
        "productivity_nj": (lambda x: productivity(b, good, factor=np.exp(x)), (b, good)),
        "labour_n": (lambda x: labour(b, factor=np.exp(x)), (b,)),
    }
    step = 1e-4
    for name, (change, where) in changes.items():
        low, high = (solved(change(x)).equivalent_variation[a] for x in (-step, step))
        # A central difference errs by its step squared.
        expected = (high - low) / (2 * step)
        assert getattr(g, name)[where] == pytest.approx(expected, rel=2e-6, abs=1e-2), name


@pytest.mark.parametrize("seed", [1, 3, 7])
@pytest.mark.parametrize("substitution", [1.0, 0.4])
def test_substitution_is_by_differences_of_whole_solves(seed: int, substitution: float) -> None:
    """Worlds and routes of other elasticities, on both sides of Cobb-Douglas."""
    p = problem(seed)
    J, N = len(p.world.goods), len(p.world.countries)
    world = replace(
        p.world,
        input_substitution_j=np.full(J, substitution),
        final_substitution_n=np.full(N, substitution),
    )
    (choice,) = p.shock.route_choices

    def solved(by_input: float = 0, by_final: float = 0, by_route: float = 0) -> Any:
        moved = replace(
            world,
            input_substitution_j=world.input_substitution_j + by_input * (np.arange(J) == 0),
            final_substitution_n=world.final_substitution_n + by_final * (np.arange(N) == 1),
        )
        route_choices = (replace(choice, elasticity=choice.elasticity + by_route),)
        shock = replace(p.shock, route_choices=route_choices)
        return solve(moved, shock, p.horizon, p.rule, 1e-13)  # type: ignore[arg-type]

    result = solved()
    named = {
        "by_input": ("input_substitution_j", world.goods[0]),
        "by_final": ("final_substitution_n", world.countries[1]),
        "by_route": ("route_elasticity_g", f"{choice.good} {choice.origin} {choice.markets[0]}"),
    }
    step = 1e-3
    for argument, (name, label) in named.items():
        moved = [solved(**{argument: x}).equivalent_variation.values for x in (-step, step)]
        # A central difference errs by its step squared, the solves by their tolerance over it.
        expected = (moved[1] - moved[0]) / (2 * step)
        for n, g in enumerate(gradients(result, list(world.countries))):
            found = getattr(g, name)[label]
            assert found == pytest.approx(expected[n], rel=2e-5, abs=2e-5 * abs(expected).max())


def test_a_horizon_that_caps_input_substitution_is_what_the_derivative_is_by() -> None:
    """The world's ε of 1 is capped by the horizon's: what matters is the cap."""
    world, shock = synthetic(4, 2, 3), tariff("C001", "C002", rate=0.3)
    span = Horizon("own", "", 0.5, 0.4, 1.0)
    assert (world.input_substitution_j > span.input_substitution).all()
    g = gradient(solve(world, shock, span, tolerance=1e-12), "C002")
    step = 1e-3
    low, high = (
        solve(world, shock, replace(span, input_substitution=0.4 + x), tolerance=1e-13)
        for x in (-step, step)
    )
    expected = (high.equivalent_variation["C002"] - low.equivalent_variation["C002"]) / (2 * step)
    assert g.input_substitution_j.values.sum() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("horizon", ["long", "short"])
def test_without_taxes_the_world_gains_what_is_produced(horizon: str) -> None:
    """Hulten (1978): in an efficient world one per cent of productivity is worth 1 % of sales."""
    world = synthetic(5, 3, 4, zeros=0.05, resource_share=0.2)
    base = solve(world, None, horizon, tolerance=1e-12)
    g = gradient(base, dict.fromkeys(world.countries, 1.0))
    scale = world.sales_jn.max()
    np.testing.assert_allclose(g.productivity_nj.values, world.sales_jn.T, atol=1e-8 * scale)
    np.testing.assert_allclose(g.iceberg_jni.values, -world.trade_jni, atol=1e-8 * scale)
    np.testing.assert_allclose(g.transfer_n.values, 1.0, atol=1e-8)
    # Where nothing is shocked, elasticities do not matter.
    for name in ("trade_elasticity_j", "input_substitution_j", "final_substitution_n"):
        np.testing.assert_allclose(getattr(g, name).values, 0.0, atol=1e-8 * scale)
    assert len(g.route_elasticity_g) == 0
    assert np.isnan(g.capacity_nj.values[world.resource_nj == 0]).all() or horizon == "short"


def test_several_at_once_in_either_way_are_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    p = problem(21)
    result = solve(p.world, p.shock, p.horizon, p.rule, 1e-11)  # type: ignore[arg-type]
    targets = [*p.world.countries, p.target]
    direct = gradients(result, targets)
    monkeypatch.setattr(linear, "_SMALL", 0)
    monkeypatch.setattr(linear, "_PER_ROW", 0)
    for target, one in zip(targets, direct, strict=True):
        krylov = gradient(result, target, tolerance=1e-12)
        assert krylov.products > 2
        for name in ("iceberg_jni", "tariff_jni", "labour_n", "trade_elasticity_j", *SUBSTITUTION):
            a, b = getattr(krylov, name).values, getattr(one, name).values
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-8 * np.nanmax(np.abs(b)))
    with pytest.raises(NotConverged, match="no gradient is returned"):
        gradient(result, p.world.countries[0], tolerance=1e-30)


def test_through_an_embargo_only_open_flows_have_a_derivative() -> None:
    world = synthetic(4, 2, 7, zeros=0.0)
    shut = gradient(solve(world, embargo("C001", "C002")), "C002")
    for name in ("iceberg_jni", "tariff_jni", "export_tax_jni"):
        value = getattr(shut, name)
        assert np.isnan(value.values).sum() == 2
        assert np.isnan(value[world.goods[0], "C002", "C001"])
    assert shut.closed_jni.values.sum() == 2
    assert "2 flows are closed by embargoes" in shut.sentence
    leaky = gradient(solve(world, embargo("C001", "C002", leakage=0.01)), "C002")
    assert np.isfinite(leaky.iceberg_jni.values).all()
    assert leaky.iceberg_jni.unit == "USD million a year per log point"
    assert "closed" not in leaky.sentence
    assert leaky.input_substitution_j.unit == "USD million a year per unit of ε"
    assert leaky.final_substitution_n.axes == ("country",)
    assert leaky.route_elasticity_g.unit == "USD million a year per unit of ρ"


@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        ("C0001", UnknownLabel, "Did you mean C001"),
        ({"C009": 1.0}, UnknownLabel, "C009"),
        (Weights(income_n=np.ones(3)), ShockError, "broadcast to"),
        (Weights(sales_jn=np.nan), ShockError, "finite"),
    ],
)
def test_targets_that_do_not_fit(target: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        gradient(solve(synthetic(4, 2, 7)), target)
