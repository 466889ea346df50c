"""The worlds that the benchmarks are run on."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

import textbook
from detente.trade import Shock, embargo
from detente.trade._economy import Economy, economy_of
from detente.trade._shock_wedges import wedges
from detente.trade._solver import equilibrate
from detente.trade._system import System, prepare
from detente.trade._wedges import Wedges, unshocked
from detente.trade.horizons import horizon_named
from detente.world import World, synthetic

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


def cp2015() -> ModuleType:
    """The reader of the Caliendo & Parro (2015) data that the tests use."""
    spec = importlib.util.spec_from_file_location("cp2015", ROOT / "tests" / "trade" / "cp2015.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def nafta() -> tuple[World, Shock] | None:
    """31 countries, 40 sectors, NAFTA's tariff cuts; None where the data are not at hand."""
    reader = cp2015()
    if not reader.DATA.exists():
        return None
    raw = reader.load()
    world = reader.base_year(raw, deficits=True)
    return world, Shock(tariff_jni=raw["tariff_2005"])


def invented_union(countries: int = 31, goods: int = 40) -> tuple[World, Shock]:
    """An invented world whose ten largest countries drop their tariffs on each other."""
    world = synthetic(countries, goods, seed=1, tariff=0.08)
    large = np.argsort(-world.income_n)[:10]
    tariff = world.tariff_jni.copy()
    tariff[:, large[:, None], large[None, :]] = 0.0
    return world, Shock(tariff_jni=tariff)


def invented_embargo(countries: int = 77, goods: int = 45, seed: int = 1) -> tuple[World, Shock]:
    """An invented world; 31 of its largest countries and the fourth largest stop all trade."""
    world = synthetic(countries, goods, seed=seed)
    order = np.argsort(-world.income_n)
    target = world.countries[order[3]]
    block = [world.countries[n] for n in order[:32] if world.countries[n] != target]
    return world, embargo(target, block) + embargo(block, target)


def estimated_embargo() -> tuple[World, Shock] | None:
    """77 economies and 45 industries of 2020, estimated; G7, EU and others against Russia."""
    path = SHARED / "world" / "icio2020_77x45_estimated.npz"
    if not path.exists():
        return None
    with np.load(path) as raw:
        flows = np.ascontiguousarray(raw["trade_musd"].transpose(1, 2, 0), dtype=np.float64)
        inputs = np.ascontiguousarray(raw["io"].transpose(1, 0, 2))
        value_added, final = raw["va_share"].T.copy(), raw["final_share"].T.copy()
        theta = raw["theta"].astype(np.float64)
        countries, goods = map(str, raw["countries"]), map(str, raw["sectors"])
        world = balanced(list(countries), list(goods), flows, inputs, value_added, final, theta)
    block = ["EU", "G7", "AUS", "KOR", "NOR", "CHE"]
    return world, embargo("RUS", block) + embargo(block, "RUS")


def balanced(
    countries: list[str],
    goods: list[str],
    flows_jni: NDArray[np.float64],
    input_share_nkj: NDArray[np.float64],
    value_added_share_nj: NDArray[np.float64],
    final_share_nj: NDArray[np.float64],
    theta: NDArray[np.float64],
) -> World:
    """The base year with these shares and deficits: solved, since estimates do not balance."""
    spending = flows_jni.sum(axis=2)
    share = np.divide(
        flows_jni,
        spending[:, :, None],
        out=np.zeros_like(flows_jni),
        where=spending[:, :, None] > 0,
    )
    j, n = np.nonzero(spending <= 0)
    share[j, n, n] = 1.0
    cost = input_share_nkj.sum(axis=1) + value_added_share_nj
    gamma, beta = input_share_nkj / cost[:, None, :], value_added_share_nj / cost
    sales = flows_jni.sum(axis=1)
    J, N = spending.shape
    economy = Economy(
        share_jni=share,
        tariff_jni=np.zeros_like(share),
        export_tax_jni=np.zeros_like(share),
        input_share_nkj=gamma,
        labour_share_nj=beta,
        fixed_share_nj=np.zeros((N, J)),
        final_share_nj=final_share_nj / final_share_nj.sum(axis=1, keepdims=True),
        trade_elasticity_j=theta,
        input_substitution_j=np.ones(J),
        final_substitution_n=np.ones(N),
        labour_n=(beta * sales.T).sum(axis=1),
        fixed_nj=np.zeros((N, J)),
        transfer_n=flows_jni.sum(axis=(0, 2)) - flows_jni.sum(axis=(0, 1)),
        spending_jn=spending,
        sales_jn=sales,
    )
    found = equilibrate(economy, unshocked(economy), tolerance=1e-11)
    pull = np.exp(-theta[:, None] * found.point.log_cost_jn)
    new = share * pull[:, None, :]
    new *= (found.spending_jn / new.sum(axis=2))[:, :, None]
    sales = new.sum(axis=1)
    bought = gamma * sales.T[:, None, :]
    return World.from_flows(
        countries,
        goods,
        new,
        bought,
        np.maximum(found.spending_jn.T - bought.sum(axis=2), 0.0),
        beta * sales.T,
        0.0,
        theta,
        capital_share_nj=0.0,
        name=f"{N}x{J} estimated",
    )


def as_textbook(world: World, shock: Shock) -> tuple[textbook.Problem, System]:
    """The same problem as the textbook loop takes it, and the system that certifies both."""
    economy = economy_of(world, horizon_named("long"))
    change: Wedges = wedges(world, economy, shock)
    theta = economy.trade_elasticity_j[:, None, None]
    with np.errstate(divide="ignore"):
        iceberg = change.melt_jni ** (-1 / theta)
    wedge = iceberg * (1 + change.tariff_jni) / (1 + economy.tariff_jni)
    problem = textbook.Problem(
        share_jni=economy.share_jni,
        wedge_jni=wedge,
        tariff_jni=change.tariff_jni,
        input_share_nkj=economy.input_share_nkj,
        labour_share_nj=economy.labour_share_nj,
        final_share_nj=economy.final_share_nj,
        trade_elasticity_j=economy.trade_elasticity_j,
        labour_n=economy.labour_n,
        transfer_n=economy.transfer_n,
        spending_jn=economy.spending_jn,
    )
    return problem, prepare(economy, [change])
