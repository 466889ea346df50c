"""Results show themselves in a few lines, in a table, and as frames; questions are functions."""

import sys

import numpy as np
import pytest

import detente
from detente._shown import MOST_LINES, short
from detente.analysis import Scenarios
from detente.analysis.answers import assessed
from detente.analysis.extent import DATE_ONLY
from detente.analysis.measure_effects import assessment_of
from detente.errors import PackageMissing

WORLD = detente.load_world("oecd-2020")


@pytest.fixture(scope="module")
def solved():
    return detente.solve(WORLD, detente.tariff("CHN", "USA", rate=0.25))


@pytest.fixture(scope="module")
def assessment():
    scenarios = Scenarios(detente.load_case("belarus"))
    return assessed(assessment_of(scenarios, margins_only=True))


@pytest.fixture(scope="module")
def negotiation():
    return detente.negotiate("russia-coalition")


def is_short(result):
    text = repr(result)
    assert text.startswith(type(result).__name__)
    assert len(text.splitlines()) < MOST_LINES
    assert len(text.splitlines()) > 1
    assert all(len(line) <= 120 for line in text.splitlines())
    assert result._repr_html_().startswith("<div>")
    return text


def test_an_equilibrium_shows_who_loses_and_gains_most(solved):
    text = is_short(solved)
    worth = solved.equivalent_variation
    worst = WORLD.countries[int(worth.values.argmin())]
    best = WORLD.countries[int(worth.values.argmax())]
    rows = [line.split() for line in text.splitlines()[-8:]]
    assert [rows[0][0], rows[-1][0]] == [worst, best]
    assert rows[0][1] == f"{worth[worst]:,.0f}"
    assert rows[0][2] == f"{100 * solved.real_income_change[worst]:.4g}"
    html = solved._repr_html_()
    assert html.count("<tr>") == 9
    assert f">{worth[worst]:,.0f}</td>" in html
    assert solved.certificate.sentence.replace(">", "&gt;") in html


def test_a_world_and_a_case_show_themselves_in_a_few_lines():
    for given in (
        WORLD,
        *(detente.load_case(n) for n in ("belarus", "russia-coalition", "elmira")),
    ):
        lines = repr(given).splitlines()
        assert lines[0] == type(given).__name__
        assert 1 < len(lines) < MOST_LINES
        assert all(len(line) <= 120 for line in lines)
    assert "oecd-2020, 2020: 77 countries, 11 goods; money in USD million" in repr(WORLD)
    case = detente.load_case("belarus")
    assert f"measures: {len(case.measures)};" in repr(case)
    assert case.regime()[0].id in repr(case)
    assert str(case) == repr(case)


def test_an_assessment_shows_what_lifting_brings(assessment):
    text = is_short(assessment)
    assert assessment.case.title in text
    gain = assessment.base.equivalent_variation_n - assessment.regime.equivalent_variation_n
    row = next(x for x in text.splitlines() if x.split()[0] == "Belarus")
    assert row.split()[-1] == f"{gain[assessment.world.country('BLR')]:+.0f}"
    html = assessment._repr_html_()
    assert html.count("<tr>") == 5
    assert "<th>Belarus</th>" in html
    assert "Lift everything in force" in html


def test_an_assessment_without_measures_shows_who_pays():
    found = detente.assess("belarus", "2019-01-01")
    assert "Who loses and who gains most by the measures in force" in is_short(found)
    assert found._repr_html_().count("<tr>") == 9


def test_results_of_a_case_are_short():
    compared = detente.compare("belarus", lift=["us-potash"], countries=["BLR", "USA"])
    text = is_short(compared)
    assert f"{compared.level[0, 0, 1]:.4g}" in text
    assert "without us-potash" in text
    is_short(detente.answer("belarus", extent=DATE_ONLY))
    is_short(detente.solve_many(WORLD, [detente.Shock()], keep_going=True))


def test_one_measure_may_stand_by_itself():
    one = detente.compare("belarus", lift=["us-potash"], countries=["BLR"])
    other = detente.compare("belarus", lift=[["us-potash"]], countries=["BLR"])
    assert [s.measures for s in one.states] == [s.measures for s in other.states]
    assert np.array_equal(one.level, other.level)


def test_questions_are_parts_of_what_talks_answer(negotiation):
    is_short(negotiation)
    assert detente.deals(negotiation).found is negotiation.deals
    assert tuple(detente.steps(negotiation)) == negotiation.orders
    assert tuple(detente.blockers(negotiation)) == negotiation.votes
    assert detente.stable(negotiation).found is negotiation.stability
    assert list(detente.why(negotiation).values()) == list(negotiation.whys)
    assert "EU" in detente.why(negotiation)
    for question in (detente.deals, detente.steps, detente.blockers, detente.stable, detente.why):
        found = question(negotiation)
        is_short(found)
        stated = found.to_dict()
        assert list(stated)[:3] == ["schema_version", "kind", "case"]
        assert stated["sentences"] == list(found.sentences)
        assert found.to_frame().height > 0
    for part in (
        negotiation.deals,
        negotiation.stability,
        negotiation.orders[0],
        negotiation.votes[0],
        negotiation.whys[0],
    ):
        is_short(part)


@pytest.mark.parametrize("question", ["why", "deals", "steps", "blockers", "channels"])
def test_a_question_without_an_answer_says_why(question):
    with pytest.raises(detente.NoNegotiation, match="elmira"):
        getattr(detente, question)("elmira")


def test_frames_of_results(solved, monkeypatch):
    assert solved.to_polars("goods").equals(solved.to_frame("goods"))
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(PackageMissing, match="pandas is not installed"):
        solved.to_pandas()


def test_pandas_frames_have_the_rows_of_polars(solved):
    pytest.importorskip("pandas")
    frame = solved.to_pandas()
    assert list(frame.columns) == solved.to_polars().columns
    assert frame["income"].tolist() == solved.to_polars()["income"].to_list()


def test_long_results_are_cut_and_counted():
    lines = short("Long", [str(k) for k in range(40)]).splitlines()
    assert len(lines) == MOST_LINES - 1
    assert lines[-1] == "  … 28 more lines"
    assert len(short("Wide", ["x" * 500]).splitlines()[1]) < 120
