"""Results show themselves in a few lines, in a table, and as frames; questions are functions."""

import functools
import importlib
import pkgutil
import sys

import numpy as np
import polars as pl
import pytest

import detente
from detente._shown import MOST_LINES, Framed, Shown, short
from detente.analysis import Scenarios
from detente.analysis.answers import assessed
from detente.analysis.extent import DATE_ONLY
from detente.analysis.measure_effects import assessment_of
from detente.errors import DetenteError, PackageMissing

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


def below(kind):
    """All classes that descend from one."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_no_result_takes_the_repr_of_a_dataclass():
    for module in pkgutil.walk_packages(detente.__path__, "detente."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = {kind for kind in below(Shown) if kind.__module__.startswith("detente.")}
    assert {detente.World, detente.Gradient, Framed} < kinds
    assert [kind for kind in kinds if kind.__repr__ is not Shown.__repr__] == []


@functools.cache
def belarus():
    return detente.negotiate("belarus")


GOODS = ["AGRI_MIN_FOOD"]
#: How each public result is made, by the function that makes it.
RESULTS = {
    "load_world": lambda: WORLD,
    "solve": lambda: detente.solve(WORLD, detente.tariff("CHN", "USA", rate=0.25)),
    "solve_many": lambda: detente.solve_many(WORLD, [detente.Shock()], keep_going=True),
    "gradient": lambda: detente.gradient(detente.solve(WORLD), "RUS"),
    "assess": lambda: detente.assess("belarus", draws=0),
    "answer": lambda: detente.answer("belarus", extent=DATE_ONLY),
    "compare": lambda: detente.compare("belarus", lift=["us-potash"], countries=["BLR"]),
    "timeline": lambda: detente.timeline("russia-coalition", draws=0),
    "sensitivity": lambda: detente.sensitivity("oecd-2020", "RUS", "EU"),
    "coalition": lambda: detente.coalition(
        "oecd-2020", target="RUS", members=["USA", "GBR"], goods=GOODS
    ),
    "design": lambda: detente.design("oecd-2020", target="RUS", sender="USA", goods=GOODS),
    "optimal_tariffs": lambda: detente.optimal_tariffs(
        "oecd-2020", sender="USA", partners=["CAN"], goods=GOODS
    ),
    "nash_tariffs": lambda: detente.nash_tariffs("oecd-2020", ["USA", "CAN"], goods=GOODS),
    "record": lambda: detente.record("belarus", years=[2023], variants=False),
    "negotiate": belarus,
    **{
        question: lambda question=question: getattr(detente, question)(belarus())
        for question in ("why", "deals", "steps", "blockers", "channels", "stable")
    },
}


@pytest.mark.parametrize("made_by", RESULTS)
def test_every_result_is_short_and_has_words_documents_frames_and_datasets(made_by):
    pytest.importorskip("xarray")
    found = RESULTS[made_by]()
    is_short(found)
    assert all(sentence.strip() for sentence in found.sentences)
    assert found.sentences
    assert found.to_dict()["schema_version"] == 1
    assert found.to_dict()["sentences"] == list(found.sentences)
    frame = found.to_polars()
    made = found.to_xarray()
    if "row" in made.dims:
        assert made.sizes["row"] == frame.height
        assert list(made.data_vars) == frame.columns
    else:
        assert made.data_vars
    assert all(made[name].size == np.asarray(made[name].values).size for name in made.data_vars)


def test_lists_in_a_frame_are_texts_in_a_dataset():
    pytest.importorskip("xarray")

    class Answer(Framed):
        def to_frame(self):
            return pl.DataFrame({"measures": [["one", "two"], [], ["three"]], "worth": [1, 2, 3]})

    made = Answer().to_xarray()
    assert made["measures"].values.tolist() == ["one, two", "", "three"]
    assert made["worth"].values.tolist() == [1, 2, 3]


def test_a_record_shows_the_errors_of_each_forecast():
    found = detente.record("belarus", years=[2023], variants=False)
    text = is_short(found)
    frame = found.to_frame()
    assert "Mean error of exports by market" in text
    for forecast, error in frame.select("forecast", "mean_error").rows():
        (row,) = [line for line in text.splitlines() if line.strip().startswith(f"2023 {forecast}")]
        assert row.split()[-1] == f"{error:.4g}"


def test_a_gradient_shows_and_draws_the_flows_that_matter_most():
    found = detente.gradient(detente.solve(WORLD), "RUS")
    text = is_short(found)
    flows = found.to_frame("flows")
    abroad = flows.filter(flows["market"] != flows["origin"])
    largest = abroad.sort(abroad["iceberg"].abs(), descending=True).row(0, named=True)
    first = text.splitlines()[4]
    assert f"{largest['good']} {largest['origin']} to {largest['market']} " in first
    assert first.split()[-1] == f"{largest['iceberg']:,.0f}"
    plt = pytest.importorskip("matplotlib.pyplot")
    axes = found.plot()
    assert len(axes.patches) == 8
    assert float(axes.patches[0].get_width()) == largest["iceberg"]
    plt.close("all")


def test_a_world_says_and_frames_what_is_in_it():
    flows = WORLD.to_frame("flows")
    assert flows.height == WORLD.trade_jni.size
    good, market, origin = "MANUF_EXFOOD", "DEU", "CHN"
    at = WORLD.good(good), WORLD.country(market), WORLD.country(origin)
    (row,) = flows.filter(good=good, market=market, origin=origin).to_dicts()
    assert row["sales"] == WORLD.trade_jni[at]
    countries = WORLD.to_frame("countries")
    assert countries["exports"].sum() == pytest.approx(countries["imports"].sum())
    abroad = flows.filter(flows["market"] != flows["origin"], flows["origin"] == origin)
    (china,) = countries.filter(country=origin).to_dicts()
    assert china["exports"] == pytest.approx(abroad["sales"].sum())
    assert china["income"] == WORLD.income_n[at[2]]
    assert WORLD.to_frame().to_dicts() == WORLD.to_dict()["goods"]
    assert f"{WORLD.traded_j.sum():,.0f} " in WORLD.sentences[1]
    assert WORLD._repr_html_().count("<tr>") == 7
    with pytest.raises(detente.WorldError, match=r"no frame 'flow' .*Did you mean flows\?"):
        WORLD.to_frame("flow")


def test_a_negotiation_has_the_documents_of_its_questions(negotiation):
    stated = negotiation.to_dict()
    assert stated["kind"] == "negotiation"
    assert stated["sentences"] == list(negotiation.sentences)
    questions = ["why", "deals", "steps", "blockers", "channels", "stable"]
    assert list(stated)[-6:] == questions
    for name in set(questions) - set(negotiation.unanswered):
        assert stated[name] == getattr(detente, name)(negotiation).to_dict()
        frame = getattr(detente, name)(negotiation).to_frame()
        assert negotiation.to_frame(name).equals(frame)
    assert negotiation.to_frame().equals(negotiation.to_frame("why"))
    assert "<table>" in negotiation._repr_html_()
    published = detente.negotiate("elmira")
    stated = published.to_dict()
    assert [name for name in questions if stated[name] is None] == questions[:5]
    assert set(stated["unanswered"]) == set(questions[:5])
    assert published.to_frame().equals(detente.stable(published).to_frame())
    with pytest.raises(detente.NoNegotiation):
        published.to_frame("why")
    with pytest.raises(DetenteError, match="no question 'money'"):
        negotiation.to_frame("money")
