"""Scenarios side by side and regimes in time: differences, commodities, bands, and what is idle."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.analysis import Scenarios, compare, timeline
from detente.analysis.comparisons import Comparison
from detente.cli import app


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(
        "belarus",
        "2022-06-01",
        lift=[["us-aviation"]],
        impose=[["eu-potash"]],
        countries=["BLR", "EU"],
        dates=["2021-01-01"],
        draws=3,
        seed=1,
        processes=1,
    )


def test_differences_say_which_state_less_which(found: Comparison) -> None:
    (blr, eu), plain = found.to_dict()["rows"], found.to_dict()
    assert [s["label"] for s in plain["scenarios"]] == [
        "regime of 2022-06-01",
        "without us-aviation",
        "with eu-potash",
        "regime of 2021-01-01",
    ]
    assert [s["difference"] for s in plain["scenarios"]] == [
        None,
        "without us-aviation less regime of 2022-06-01",
        "with eu-potash less regime of 2022-06-01",
        "regime of 2022-06-01 less regime of 2021-01-01",
    ]
    for row in (blr, eu):
        for key in ("equivalent_variation", "real_income_change", "transit_revenue"):
            level = row[key]
            more = [v - level[0] for v in level[:3]]
            assert row[f"{key}_difference"] == pytest.approx([*more, level[0] - level[3]])
            low, high = np.array([row[f"{key}_{end}"] for end in ("low", "high")])
            assert np.all(low <= high)
    assert blr["equivalent_variation"][0] < -100
    # Lithuania's railway and port earned while potash went by Klaipėda, and no longer do.
    assert eu["transit_revenue_difference"][3] < -10
    assert blr["equivalent_variation_difference"][3] < -100


def test_commodities_are_those_of_the_snapshots(found: Comparison) -> None:
    (good,) = found.to_dict()["commodities"]
    blr = good["rows"][0]
    scenarios = Scenarios(found.case, date=dt.date(2022, 6, 1))
    market = scenarios.snapshot(found.states[0].measures).commodities["POTASH"]
    at = scenarios.world.country("BLR")
    assert blr["price_paid"][0] == pytest.approx(market.price_paid_n[at], rel=1e-6)
    assert blr["largest_share"][0] == pytest.approx(market.largest_share_n[at], rel=1e-6)
    assert blr["sales"][0] == pytest.approx(market.sales_n[at], rel=1e-6)
    assert blr["sold"][0] == pytest.approx(market.tonnes_ni[:, at].sum(), rel=1e-6)
    assert blr["sold_difference"][3] < -1


def test_what_changes_nothing_is_said(found: Comparison) -> None:
    lifted, imposed = found.notes
    assert lifted == (
        "without us-aviation: us-aviation is not in force on 2022-06-01, so that lifting it "
        "changes nothing."
    )
    assert "eu-potash is in force already on 2022-06-01" in imposed


def test_a_lock_that_another_keeps_closed_is_said() -> None:
    locked = compare("belarus", lift=[["lt-transit"]], impose=[], countries=["BLR"])
    assert "moves nobody here" in locked.notes[0]
    assert "as where other measures set the same" in locked.notes[0]


def test_regimes_in_time_have_bands_and_say_what_changed() -> None:
    found = timeline("belarus", draws=3, seed=1, processes=1)
    frame = found.figures["regimes"]
    assert frame.low is not None
    assert frame.high is not None
    assert frame.low.shape == found.effect_rp.shape == (len(found.regimes), len(found.parties))
    assert (frame.low <= frame.high).all()
    sentences = [found.changed(r) for r in found.regimes]
    assert sentences.count("no measure in force") == 1
    dated = [t for t in sentences if t.startswith("only dated parameters change")]
    assert dated
    assert all(t.split(": ")[1].split(", ")[0] in found.case.parameters for t in dated)


def test_today_is_a_day_and_tables_and_json_have_bands() -> None:
    runner = CliRunner()
    arguments = ["compare", "--date", "today", "--lift", "us-potash", "--country", "BLR"]
    done = runner.invoke(app, [*arguments, "--draws", "2", "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["date"] == dt.date.today().isoformat()
    stated = {"asked": 2, "done": 2, "failed": 0, "why_failed": "", "seed": 0}
    assert data["draws"] == stated
    text = runner.invoke(app, ["compare", "--date", "tomorrow"])
    assert text.exit_code == 2
    assert "2022-06-01, or today" in text.output.replace("\n", " ")


def test_the_terminal_says_which_state_less_which() -> None:
    ask = ["compare", "--date", "2022-06-01", "--against", "2021-01-01", "--country", "BLR"]
    done = CliRunner().invoke(app, ask, env={"COLUMNS": "100"})
    lines = [line for line in done.output.splitlines() if " less " in line]
    assert lines[0].strip().startswith("regime of 2022-06-01 less regime of 2021-01-01")
    assert "\N{MINUS SIGN}" in lines[0]
