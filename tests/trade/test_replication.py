"""Published results: NAFTA of Caliendo & Parro (2015), and the gains of Arkolakis et al. (2012)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from detente.trade import Equilibrium, Shock, embargo, exact, first_order, solve
from detente.world import World

sys.path.insert(0, str(Path(__file__).parent))
import cp2015

needs_data = pytest.mark.skipif(
    not cp2015.DATA.exists(),
    reason=f"no replication data at {cp2015.FOLDER} (set DETENTE_REPLICATION); its licence does "
    f"not allow bundling, so that only the check of Arkolakis et al. runs",
)
MEASURES = ("terms_of_trade", "volume_of_trade", "welfare", "real_wage")
# Their table is printed by code to six decimals of a percent; ours agrees to a few units of them.
TOLERANCE = 1e-5


@cache
def nafta(treatment: str) -> Equilibrium:
    raw = cp2015.load()
    world = cp2015.base_year(raw, deficits=treatment == "deficit")
    return solve(world, Shock(tariff_jni=raw["tariff_2005"]), tolerance=1e-11)


@needs_data
@pytest.mark.parametrize("treatment", ["zero", "deficit"])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("country", ["Canada", "Mexico", "USA"])
def test_nafta_matches_the_published_code(country: str, measure: str, treatment: str) -> None:
    result = nafta(treatment)
    parts = first_order(result)
    ours = {
        "terms_of_trade": parts.terms_of_trade,
        "volume_of_trade": parts.volume_of_trade,
        "welfare": parts.total,
        "real_wage": result.real_wage_change,
    }[measure]
    expected = cp2015.published()[country, measure, treatment]
    assert 100 * ours[country] == pytest.approx(expected, abs=TOLERANCE)


@needs_data
@pytest.mark.parametrize(
    ("country", "percent"), [("Mexico", 0.0073), ("Canada", -0.1101), ("USA", 0.0741)]
)
def test_exact_welfare_of_nafta_is_not_the_printed_formula(country: str, percent: float) -> None:
    # References are given to four decimals.
    result = nafta("zero")
    assert 100 * result.real_income_change[country] == pytest.approx(percent, abs=6e-5)
    assert exact(result).total[country] == pytest.approx(result.real_income_change[country])


@pytest.fixture(scope="module")
def replication(monkeypatch_module: pytest.MonkeyPatch) -> ModuleType:
    """The script of `docs/replication.md`, with its independent nested loop."""
    folder = Path(__file__).parents[2] / "benchmarks"
    monkeypatch_module.syspath_prepend(str(folder))
    return importlib.import_module("replication")


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@needs_data
@pytest.mark.parametrize("treatment", ["zero", "deficit"])
def test_all_31_countries_match_an_independent_nested_loop(
    replication: ModuleType, treatment: str
) -> None:
    result = nafta(treatment)
    ours = replication.measures_of(result) | {"exact": 100 * result.real_income_change.values}
    theirs = replication.independent(result.world, result.shock)
    for measure, expected in theirs.items():
        assert expected.shape == (31,)
        # Both are solved to 1e-11; the measures are in percent.
        np.testing.assert_allclose(ours[measure], expected, atol=1e-7, err_msg=measure)


@pytest.mark.parametrize(("elasticity", "percent"), [(10.0, 0.7), (5.0, 1.4)])
def test_gains_from_trade_of_arkolakis_costinot_rodriguez_clare(
    elasticity: float, percent: float
) -> None:
    """Their (2012, AER 102(1)) introduction: 0.7 to 1.4 % for the US, which buys 7 % abroad."""
    abroad = 0.07
    home = np.array([[1 - abroad, abroad], [abroad, 1 - abroad]]) * 1e6
    world = World.from_flows(
        ["USA", "ROW"],
        ["ALL"],
        home[None],
        np.zeros((2, 1, 1)),
        np.full((2, 1), 1e6),
        np.full((2, 1), 1e6),
        trade_elasticity_j=elasticity,
    )
    autarky = solve(world, embargo("*", "*"), transfers="zero")
    loss = -100 * autarky.real_income_change["USA"]
    assert loss == pytest.approx(100 * (1 - (1 - abroad) ** (1 / elasticity)), rel=1e-9)
    # They print one decimal.
    assert loss == pytest.approx(percent, abs=0.05)
