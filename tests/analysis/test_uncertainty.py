"""Draws: reproducible, independent of order and number, and free of what did not converge."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import spearmanr

from detente.analysis import Ensemble, Scenarios, run_draws
from detente.analysis.uncertainty.draws import headlines
from detente.analysis.uncertainty.ranges import Uncertain, correlated, sample, uncertain_of
from detente.cases import Case, Correlation, load_case
from detente.trade import NotConverged


def collect(scenarios: Scenarios) -> dict[str, np.ndarray]:
    """One cheap figure: what the US embargo alone means, and the potash elasticity drawn."""
    scenarios.solve_together([("us-potash",)])
    return {
        "ev": scenarios.snapshot(("us-potash",)).equivalent_variation_n,
        "theta": np.array(scenarios.case.value("potash_trade_elasticity")),
    }


def stalls_sometimes(scenarios: Scenarios) -> dict[str, np.ndarray]:
    """The same, but for draws of a low elasticity, which are taken not to converge."""
    if scenarios.case.value("potash_trade_elasticity") < 7:
        raise NotConverged("Stalled.")
    return collect(scenarios)


def factors(scenarios: Scenarios) -> dict[str, np.ndarray]:
    """What every horizon multiplies trade elasticities by."""
    return {
        h: np.array(scenarios.at(h).span.trade_elasticity_factor)
        for h in ("short", "medium", "long")
    }


@cache
def case() -> Case:
    return load_case("belarus")


@cache
def few() -> Ensemble:
    return run_draws(case(), collect, draws=6, seed=3, processes=1)


def test_draws_are_reproducible_and_the_first_of_more_are_the_same() -> None:
    again = run_draws(case(), collect, draws=6, seed=3, processes=1)
    np.testing.assert_array_equal(again.values["ev"], few().values["ev"])
    fewer = run_draws(case(), collect, draws=3, seed=3, processes=1)
    np.testing.assert_allclose(fewer.values["ev"], few().values["ev"][:3], atol=1e-6)
    other = run_draws(case(), collect, draws=3, seed=4, processes=1)
    assert not np.array_equal(other.parameters["potash_price"], fewer.parameters["potash_price"])


def test_a_draw_is_the_case_with_those_parameters() -> None:
    k = 2
    own = {n: float(v[k]) for n, v in few().parameters.items() if not n.startswith("horizon.")}
    alone = case().with_parameters(own)
    assert few().values["theta"][k] == own["potash_trade_elasticity"]
    assert alone.value("potash_trade_elasticity") == own["potash_trade_elasticity"]


def test_what_does_not_converge_is_counted_and_in_no_band() -> None:
    some = run_draws(case(), stalls_sometimes, draws=6, seed=3, processes=1)
    theta = few().values["theta"]
    assert some.failed == int((theta < 7).sum()) > 0
    assert some.done == some.asked == 6
    assert (some.values["theta"] >= 7).all()
    np.testing.assert_allclose(some.values["ev"], few().values["ev"][theta >= 7], atol=1e-6)


def test_a_cancellation_keeps_what_is_done() -> None:
    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    part = run_draws(case(), collect, draws=6, seed=3, processes=1, progress=stop)
    assert part.done == 2
    assert len(part.values["ev"]) == 2


def test_headlines_are_collected_by_name() -> None:
    one = run_draws(case(), headlines, draws=2, seed=1, processes=1)
    assert {"regime", "everything", "switch/us-potash", "POTASH/price_paid"} <= set(one.values)
    low, high = one.band("regime")
    assert (low <= high).all()


def test_bands_and_drivers() -> None:
    values = np.linspace(0, 1, 101)
    made_up = Ensemble(
        values={"x": values[:, None] * [1.0, -2.0]},
        parameters={"up": values, "noise": np.tile([0.0, 1.0], 51)[:101]},
        asked=101,
        done=101,
        failed=0,
        seed=0,
    )
    low, high = made_up.band("x")
    np.testing.assert_allclose(low, [0.05, -1.9])
    np.testing.assert_allclose(high, [0.95, -0.1])
    assert made_up.drivers("x", (1,))[0] == ("up", pytest.approx(-1.0))


def test_every_parameter_with_a_range_is_drawn_within_it() -> None:
    uncertain = uncertain_of(case())
    names = {u.name for u in uncertain}
    ranged = {n for n, p in case().parameters.items() if p.range and p.range[0] < p.range[1]}
    assert ranged < names
    assert "horizon.trade_elasticity_factor" in names
    points = sample(len(uncertain), 50, seed=0)
    for d, u in enumerate(uncertain):
        values = u.quantile(points[:, d])
        assert u.low <= values.min() < values.max() <= u.high


def test_horizons_are_drawn_at_one_point_of_their_ranges() -> None:
    drawn = run_draws(case(), factors, draws=8, seed=2, processes=1).values
    ranks = [np.argsort(np.argsort(drawn[h])) for h in ("short", "medium", "long")]
    assert len(set(drawn["short"])) == 8
    np.testing.assert_array_equal(ranks[0], ranks[1])
    np.testing.assert_array_equal(ranks[0], ranks[2])


def test_the_distribution_is_triangular_with_the_value_as_mode() -> None:
    u = Uncertain("x", 2.0, 1.0, 5.0)
    p = np.array([0.0, 0.25, 1.0])
    # A quarter of the mass lies below the mode, which is a quarter of the way up.
    np.testing.assert_allclose(u.quantile(p), [1.0, 2.0, 5.0])


def test_ranks_of_correlated_parameters_are_correlated_and_the_others_stay() -> None:
    pair = ("potash_trade_elasticity", "potash_price")
    given = Correlation(between=pair, rank=-0.6, source="made up")
    other = case().model_copy(update={"correlations": (given,)})
    uncertain = uncertain_of(other)
    free = sample(len(uncertain), 512, seed=0)
    points = correlated(free, uncertain, other)
    at = [[u.name for u in uncertain].index(name) for name in pair]
    # 512 Sobol points: sampling error of a rank correlation is well below 0.03.
    assert spearmanr(points[:, at[0]], points[:, at[1]]).statistic == pytest.approx(-0.6, abs=0.03)
    rest = [k for k in range(len(uncertain)) if k not in at]
    np.testing.assert_array_equal(points[:, rest], free[:, rest])
    assert 0 < points.min() < points.max() < 1
    np.testing.assert_array_equal(correlated(free, uncertain, case()), free)


def test_correlated_draws_are_made_of_correlated_values() -> None:
    given = Correlation(
        between=("potash_trade_elasticity", "potash_price"), rank=0.999, source="made up"
    )
    other = case().model_copy(update={"correlations": (given,)})
    drawn = run_draws(other, parameters_only, draws=8, seed=1, processes=1).parameters
    ranks = [np.argsort(np.argsort(drawn[name])) for name in given.between]
    np.testing.assert_array_equal(*ranks)


def parameters_only(scenarios: Scenarios) -> dict[str, np.ndarray]:
    return {"none": np.zeros(1)}
