"""The draws of the negotiation that are packaged with the default case are those that it draws."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from detente.analysis import Scenarios
from detente.analysis.negotiation import negotiate
from detente.analysis.precomputed.bands import packaged_bands
from detente.analysis.precomputed.negotiation import packaged_negotiation, write_negotiation
from detente.cases import load_case
from detente.report import make_brief

REMEDY = "the case, its base year or the horizons changed: run make bands"


@pytest.fixture(scope="module")
def kept():
    found = packaged_negotiation(load_case("belarus"))
    assert found is not None, REMEDY
    return found


def test_they_are_what_is_drawn(kept, monkeypatch):
    """Money of the first draws is solved again, and everything is counted again over all."""
    asking = sys.modules["detente.analysis.negotiation.full_answer"]
    solve = asking.drawn_money

    def first(*arguments, draws, **options):
        money, events, failed = solve(*arguments, draws=2, **options)
        parties = kept.money_dqn.any(axis=(0, 1))
        for solved, stored in ((money, kept.money_dqn), (events, kept.events_dan)):
            np.testing.assert_allclose(
                solved[:, :, parties], stored[:2, :, parties], rtol=1e-4, atol=0.05
            )
        assert (draws, failed) == (kept.asked, 0)
        return kept.money_dqn, kept.events_dan, kept.failed

    monkeypatch.setattr(asking, "drawn_money", first)
    again = negotiate("belarus", draws=kept.asked).drawn
    assert [(c.question, c.of, c.label, c.central) for c in again.chances] == [
        (c.question, c.of, c.label, c.central) for c in kept.chances
    ]
    # A draw whose gain is a hundredth of a million may fall on either side on another machine.
    near = {"atol": 2 / kept.bands.draws}
    for chance in ("chance", "turned"):
        np.testing.assert_allclose(
            *([getattr(c, chance) for c in one.chances] for one in (again, kept)), **near
        )
    np.testing.assert_allclose(again.events, kept.events, **near)
    for package, bands in again.bands.proposals.items():
        np.testing.assert_allclose(kept.bands.proposals[package], bands, rtol=1e-4, atol=0.05)
    for measure, votes in again.bands.votes.items():
        assert kept.bands.votes[measure].carried == pytest.approx(votes.carried, abs=near["atol"])
    np.testing.assert_allclose(
        kept.bands.channels.gain, again.bands.channels.gain, rtol=1e-4, atol=0.05
    )


def test_a_figure_that_both_show_has_one_band(kept):
    """What a move brings in money is what lifting does: one quantity, and one band of it."""
    bands = packaged_bands(Scenarios(load_case("belarus")))
    assert bands is not None, REMEDY
    assert (bands.draws, bands.seed, bands.failed) == (kept.asked, kept.seed, kept.failed)
    options = bands.frames["options"]
    moves = {"-and-".join(m.measures): m for m in negotiate("belarus", drawn=kept).moves}
    shown = [c for c in options.columns if c.removeprefix("lift-") in moves]
    assert {"lift-eu-potash", "lift-us-potash", "lift-eu-transit-and-lt-transit"} <= set(shown)
    places = {"US": "USA", "Belarus": "BLR", "EU": "EU"}
    for option in shown:
        move = moves[option.removeprefix("lift-")]
        for party, place in places.items():
            row = options.rows.index((place,))
            at, k = (row, options.columns.index(option)), move.parties.index(party)
            for drawn, lifted in ((move.low[k], options.low[at]), (move.high[k], options.high[at])):
                # Money is kept in hundredths for each of 27 members.
                assert drawn == pytest.approx(lifted, rel=1e-4, abs=0.14), (option, party)


def test_a_brief_has_them_without_drawing(kept):
    tables = make_brief("belarus").tables
    chances, gains = tables["negotiation-chances"], tables["negotiation-gain-bands"]
    assert len(chances.rows) > 10
    assert f"{kept.bands.draws}" in gains.sentence
    assert all(low <= gain <= high for *_, gain, low, high in gains.rows)


@pytest.mark.parametrize("asked", [{"date": "2024-06-01"}, {"horizon": "short"}])
def test_other_questions_have_none(asked):
    assert packaged_negotiation(load_case("belarus"), **asked) is None


def test_a_changed_parameter_has_none():
    case = load_case("belarus").with_parameters({"potash_trade_elasticity": 7.0})
    assert packaged_negotiation(Scenarios(case)) is None


def test_they_survive_being_written(kept, tmp_path, monkeypatch):
    case = load_case("belarus")
    countries = Scenarios(case).world.countries
    path = write_negotiation(case, countries, kept, tmp_path / "data")
    monkeypatch.setattr("detente.analysis.precomputed.store.files", lambda _: tmp_path)
    again = packaged_negotiation(case)
    assert path.stat().st_size < 400_000
    np.testing.assert_allclose(again.money_dqn, kept.money_dqn, atol=1e-9)
    np.testing.assert_allclose(again.events_dan, kept.events_dan, atol=1e-9)
    plain = {"money_dqn": None, "events_dan": None}
    assert replace(again, **plain).bands == replace(kept, **plain).bands
    assert (again.chances, again.events) == (kept.chances, kept.events)


def test_a_case_whose_talks_touch_no_trade_is_refused(kept, tmp_path):
    with pytest.raises(ValueError, match="no trade measure is among the moves"):
        write_negotiation(load_case("belarus"), (), replace(kept, money_dqn=None), tmp_path)
