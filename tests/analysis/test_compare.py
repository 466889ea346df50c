"""Scenarios of a case file side by side: families of parameters, bands of all, frames."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import detente
from detente.analysis import Comparison, Ensemble, Scenarios
from detente.analysis.comparisons import (
    Comparer,
    Side,
    figures_of,
    joined_draws,
    regime_state,
)
from detente.analysis.uncertainty.draws import gather, run_draws
from detente.analysis.uncertainty.failures import Failure
from detente.analysis.uncertainty.ranges import Uncertain
from detente.cases import CaseError, NamedScenario, read_files
from detente.cli import app

DEARER = NamedScenario(label="dearer", parameters={"potash_price": 300.0})
SHORT = NamedScenario(label="short", horizon="short")
LIFTED = NamedScenario(label="lifted", measures={"us-potash": False})


@pytest.fixture(scope="module")
def found() -> Comparison:
    return detente.compare(
        "belarus",
        scenarios=[DEARER, SHORT, LIFTED],
        countries=["BLR", "US"],
        draws=3,
        seed=2,
        processes=1,
    )


def test_a_scenario_is_the_case_as_it_has_it(found: Comparison) -> None:
    case = detente.load_case("belarus")
    for k, scenario in enumerate((DEARER, SHORT, LIFTED), start=1):
        own = Scenarios(case.in_scenario(scenario))
        shot = own.snapshot(m.id for m in own.case.regime())
        at = own.world.country("BLR")
        levels = found.of("level", "equivalent_variation", "BLR")
        assert levels[k] == pytest.approx(shot.equivalent_variation_n[at], rel=1e-6)
        price = found.of("level", "price_paid", "US", "POTASH")[k]
        buyer = own.world.country("USA")
        assert price == pytest.approx(shot.commodities["POTASH"].price_paid_n[buyer], rel=1e-6)
    lines = found.to_dict()["scenarios"]
    assert [line["horizon"] for line in lines] == ["long", "long", "short", "long"]
    assert lines[3]["difference"] == "lifted less regime"


def test_bands_of_scenarios_are_of_the_same_draws(found: Comparison) -> None:
    assert found.ensemble is not None
    case = detente.load_case("belarus").in_scenario(DEARER)
    own = found.asked
    alone = type(own)(own.figures, own.states[1:2], own.sides)
    drawn = run_draws(case, alone, draws=3, seed=2, processes=1).values["level"]
    level = found.ensemble.values["level"]
    assert level.shape == (3, len(found.figures), 2, 4)
    np.testing.assert_allclose(level[..., 1], drawn[..., 0], rtol=1e-5, atol=1e-3)
    difference = found.ensemble.values["difference"]
    np.testing.assert_array_equal(difference[..., 2], level[..., 2] - level[..., 0])
    assert not difference[..., 0][np.isfinite(difference[..., 0])].any()


def test_a_frame_has_a_row_for_each_figure_of_each_side(found: Comparison) -> None:
    frame = found.to_frame()
    assert frame.height == found.level.size
    import polars as pl

    row = frame.filter(
        (pl.col("scenario") == "short")
        & (pl.col("side") == "US")
        & (pl.col("figure") == "largest_share")
    )
    assert row["level"].item() == found.of("level", "largest_share", "US", "POTASH")[2]
    assert row["difference_low"].item() <= row["difference_high"].item()


def test_sentences_say_whom_a_scenario_moves(found: Comparison) -> None:
    (first,) = found.sentences
    assert first.startswith("Against ‘regime’: ‘dearer’ moves ")
    assert "‘lifted’ moves the United States most (+" in first
    assert found.to_dict()["sentences"] == [first]
    assert found.to_dict()["notes"] == list(found.notes)


def test_an_unknown_scenario_is_named(found: Comparison) -> None:
    with pytest.raises(CaseError, match="nowhere"):
        detente.compare(found.case, scenarios=["nowhere"])
    with pytest.raises(KeyError, match="FRA"):
        found.of("level", "equivalent_variation", "FRA")


def test_the_command_compares_scenarios_of_the_file(tmp_path) -> None:
    own, _ = read_files("belarus").one_file()
    text = own.replace("\nscenarios:\n", "\nscenarios:\n  - {label: brief, horizon: short}\n")
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    ask = ["compare", str(path), "--scenario", "brief", "--country", "BLR"]
    done = CliRunner().invoke(app, [*ask, "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["kind"] == "comparison"
    assert data["schema_version"] == 1
    assert [s["horizon"] for s in data["scenarios"]] == ["long", "short"]
    assert [s["hypothetical"] for s in data["scenarios"]] == [False, False]
    assert data["scenarios"][1]["departure"]["changes"][0]["what"] == "horizon"


def test_draws_are_handed_on_after_every_eighth() -> None:
    parts = ((k, {"level": np.array(float(k))}) for k in range(20))
    stated: list[tuple[int, float]] = []
    ensemble = gather(
        parts,  # type: ignore[arg-type]
        [Uncertain("price", 2.0, 1.0, 3.0)],
        np.linspace(0, 1, 20)[:, None],
        seed=0,
        so_far=lambda some: stated.append((some.done, float(some.values["level"].max()))),
    )
    assert stated == [(8, 7.0), (16, 15.0)]
    assert ensemble.counts["done"] == 20


def test_families_join_the_draws_that_all_of_them_answer() -> None:
    case = detente.load_case("belarus")
    states = tuple(regime_state(label, case, case.date) for label in "ab")
    asked = Comparer(figures_of(case)[:1], states, (Side("BLR", "Belarus", ("BLR",)),))

    def drawn(values: list[float], failed: list[int]) -> Ensemble:
        return Ensemble(
            values={"level": np.array(values).reshape(-1, 1, 1, 1)},
            parameters={"price": np.arange(float(len(values)))},
            asked=100,
            done=100,
            failed=len(failed),
            seed=0,
            failures=tuple(Failure(k, "impossible", "made up") for k in failed),
        )

    one = drawn([float(k) for k in range(100) if k != 3], [3])
    other = drawn([10.0 * k for k in range(100) if k != 5], [5])
    found = joined_draws(asked, [[0], [1]], [one, other])
    assert found.failed == 2
    assert [f.draw for f in found.failures] == [3, 5]
    rest = [k for k in range(100) if k not in (3, 5)]
    np.testing.assert_array_equal(found.values["level"][:, 0, 0, 1], [10.0 * k for k in rest])
    np.testing.assert_array_equal(found.values["difference"][:, 0, 0, 1], [9.0 * k for k in rest])
    assert len(found.parameters["price"]) == len(rest)
