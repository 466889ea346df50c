"""The four questions: what their sentences say follows from the figures, in any state."""

import re

import numpy as np
import pytest

from detente.analysis import answer
from detente.analysis import labels as w
from detente.analysis.extent import DATE_ONLY
from detente.cases import NamedScenario, load_case
from detente.documents.cases import Overview as OverviewDocument
from detente.report import make_brief, views_of
from detente.report.build import brief_stages
from detente.report.overview.chapter import QUESTIONS

ASKED = list(QUESTIONS)


@pytest.fixture(scope="module")
def views():
    return make_brief("belarus", full=False)


@pytest.fixture(scope="module")
def before():
    """A day before any measure: nothing to answer but that."""
    return make_brief("belarus", "2019-01-01", full=False, draws=0)


def words(text):
    return [x for x in text.split() if re.search(r"\w", x)]


def sentences(text):
    return [s for s in re.split(r"(?<=[.?!])\s+(?=[A-Z‘])", text) if s]


def every(overview):
    for chapter in overview.chapters:
        yield from (chapter.sentence, chapter.bullet, *sentences(chapter.paragraph))


def test_each_question_has_its_answer_in_order(views):
    found = [c.id for c in views.overview.chapters]
    assert found == [c for c in ASKED if c in found]
    assert {"who-pays", "where-goods-go", "how-sure"} <= set(found)


def test_pictures_and_sections_are_those_of_the_report(views):
    parts = {p for s in views.sections for p in s.parts}
    known = {s.id for s in views.sections}
    for chapter in views.overview.chapters:
        assert chapter.picture in parts or not chapter.picture
    told = {s for c in views.overview.chapters for s in c.sections}
    assert known <= told, "every section belongs to a question"


def test_bullets_are_short_and_sentences_plain(views):
    for chapter in views.overview.bullets:
        assert len(words(chapter.bullet)) <= 30
    for text in every(views.overview):
        assert len(words(text)) <= 35, text
        assert "−0.0" not in text
        assert "  " not in text


def test_the_money_of_the_target_is_that_of_its_country(views):
    gains = views.tables["gains"]
    at = gains.column("code").index("BLR")
    value = gains.column("equivalent_variation")[at]
    band = gains.band(at, next(c for c in gains.columns if c.key == "equivalent_variation"))
    stated = w.money(value, band)
    assert views.overview.chapter("who-pays").sentence.startswith(
        f"The measures cost Belarus {stated} a year"
    )


def test_what_a_bloc_pays_is_what_lifting_everything_brings(views):
    union = next(e for e in views.overview.effects if e.place.key == "EU")
    options = views.tables["options"]
    at = options.column("country").index("European Union")
    assert union.value == pytest.approx(-options.column("lift-everything")[at])
    low, high = options.band(at, next(c for c in options.columns if c.key == "lift-everything"))
    assert union.band == pytest.approx((-high, -low))
    assert union.owns
    assert not union.target


def test_options_say_whose_consent_they_take(views):
    rows = {row.id: row for row in views.overview.options.rows}
    pair = rows["lift-eu-transit-and-lt-transit"]
    assert pair.measures == ("eu-transit", "lt-transit")
    assert "European Union" in pair.needs
    assert "Lithuania" in pair.needs
    assert len(rows) <= 6
    assert [*rows][-2:] == ["lift-everything", "keep"]
    assert set(rows["keep"].gains) == {0.0}
    assert len(views.overview.options.places) <= 6


def test_without_measures_nobody_pays(before):
    overview = before.overview
    sentence = overview.chapter("who-pays").sentence
    assert sentence == "The measures move no party by USD 0.1 million a year."
    assert overview.chapter("where-goods-go").sentence.endswith("where it was.")
    assert overview.options is None
    assert not any(e.pays or e.gains for e in overview.effects)


def test_a_scenario_speaks_of_itself():
    asked = {"label": "open", "measures": {"eu-transit": False, "lt-transit": False}}
    case = load_case("belarus").in_scenario(NamedScenario.model_validate(asked))
    views = make_brief(case, full=False, draws=0)
    overview = views.overview
    assert overview.headline.startswith("Your scenario ‘open’: ")
    assert overview.chapter("who-pays").sentence.startswith("The measures of this scenario cost")
    sold = views.tables["POTASH-producers"]
    at = sold.column("seller").index("Belarus")
    under = sold.column("tonnes_under")[at]
    assert (
        f"Belarus sells {under:.1f} million tonnes" in overview.chapter("where-goods-go").sentence
    )


def test_what_is_said_of_the_record_is_true_of_the_answer_and_of_the_case(views, before):
    for quick in (views, before):
        said = quick.overview.chapter("how-sure").sentence
        assert said.startswith("This short answer leaves out the back-test")
        assert "No forecast" not in said
    found = answer("russia-coalition", extent=DATE_ONLY, draws=0)
    said = views_of(found).overview.chapter("how-sure").sentence
    assert said.startswith("No forecast of this case has been scored")


def shown(case, **scenario):
    """What the page shows of a case in a state, with its record."""
    case = load_case(case)
    if scenario:
        case = case.in_scenario(NamedScenario.model_validate({"label": "state", **scenario}))
    *_, last = brief_stages(case, full=False, record=True, processes=1)
    return last.views()


@pytest.fixture(scope="module")
def tested():
    return shown("belarus")


def missed(views, column):
    """Errors summed over markets, the mean of the years held out, off the table of flows."""
    table = views.tables["backtest-flows"]
    at = {c.key: k for k, c in enumerate(table.columns)}
    rows = [r for r in table.rows if "hold-out" in r[at["year"]]]
    years = {r[at["year"]] for r in rows}
    return sum(abs(r[at[column]] - r[at["observed"]]) for r in rows) / len(years)


def test_the_record_is_one_sentence_and_one_picture(tested):
    chapter = tested.overview.chapter("how-sure")
    rivals = [missed(tested, key) for key in ("no_change", "rescaled")]
    assert chapter.sentence.startswith("Tested on 2023 and 2024, the model's errors sum to ")
    for value in (missed(tested, "model"), min(rivals)):
        assert w.significant(value) in chapter.sentence
    for value in rivals:
        assert f"({w.significant(value)})" in chapter.paragraph
    assert chapter.picture == "chart:backtest"
    chart = tested.charts["backtest"]
    assert chart.table in tested.tables
    panels = chart.data["panels"]
    assert [p["label"] for p in panels] == ["2023", "2024"]
    flows = tested.tables["backtest-flows"]
    at = {c.key: k for k, c in enumerate(flows.columns)}
    stated = {(r[at["year"]][:4], r[at["market"]]): r for r in flows.rows}
    for panel in panels:
        assert len(panel["rows"]) >= 6
        for row in panel["rows"]:
            of = stated[panel["label"], row["label"]]
            assert row["values"] == [of[at[k]] for k in ("observed", "model", "no_change")]
            assert (row["low"][1], row["high"][1]) == (of[at["low"]], of[at["high"]])


def test_switches_of_today_leave_the_record_alone_and_unmarked(tested):
    views = shown("belarus", measures={"eu-transit": False})
    assert views.charts["gains"].title.startswith("Your scenario")
    assert views.charts["backtest"] == tested.charts["backtest"]
    assert views.tables["backtest-flows"] == tested.tables["backtest-flows"]
    sentence = views.overview.chapter("how-sure").sentence
    assert sentence == tested.overview.chapter("how-sure").sentence


def test_other_parameters_have_a_record_of_their_own(tested):
    views = shown("belarus", parameters={"potash_trade_elasticity": 3})
    assert views.charts["backtest"].title.startswith("Your scenario")
    own, other = (v.charts["backtest"].data["panels"] for v in (tested, views))
    assert own != other
    assert all(low is None for p in other for r in p["rows"] for low in r["low"]), "no bands"


def test_without_a_record_the_picture_is_what_assumptions_move():
    views = shown("russia-coalition")
    chapter, chart = views.overview.chapter("how-sure"), views.charts["ranges"]
    assert chapter.picture == "chart:ranges"
    rows = views.tables["ranges"].rows
    assert [r["label"] for r in chart.data["rows"]] == [r[0] for r in rows[:8]]
    assert [tuple(r["values"]) for r in chart.data["rows"]] == [r[1:] for r in rows[:8]]
    spans = [max(abs(low - now), abs(high - now)) for _, now, low, high in rows]
    assert spans == sorted(spans, reverse=True)
    gains = views.tables["gains"]
    own = gains.column("equivalent_variation")[gains.column("code").index("RUS")]
    assert [r[1] for r in rows] == pytest.approx([own] * len(rows))
    ends = sorted(abs(v) / 1e3 for _, *row in rows for v in row)
    assert (
        f"loses between USD {w.significant(ends[0])} and {w.significant(ends[-1])} billion"
        in chapter.sentence
    )


def test_without_draws_no_band_is_claimed(before):
    text = before.overview.chapter("how-sure").paragraph
    assert "have no bands" in text
    assert "Bands hold" not in text


def test_a_case_without_trade_has_a_deal_and_no_money():
    overview = make_brief("elmira").overview
    assert [c.id for c in overview.chapters] == ["what-deal", "how-sure"]
    assert overview.effects == ()
    assert overview.options is None
    assert "Local Government" in overview.chapter("what-deal").sentence


def test_it_is_what_the_document_says(views):
    OverviewDocument.model_validate(views.overview.plain())
    assert views.plain()["overview"] == views.overview.plain()


def test_where_goods_are_sectors_the_trade_of_those_hit_is_told():
    found = answer("russia-coalition", extent=DATE_ONLY, draws=0)
    frame = found.figures["partners"]
    world = found.assessment.world
    abroad = np.arange(len(world.countries)) != world.country("RUS")
    sold = found.scenarios.equilibrium(()).trade_jni[:, abroad, world.country("RUS")].sum()
    assert frame.value(("sold", "all"), "value_before") == pytest.approx(sold)
    overview = views_of(found).overview
    chapter = overview.chapter("where-goods-go")
    under = frame.value(("sold", "all"), "value_under")
    assert chapter.sentence.startswith(
        f"Russia sells abroad for {w.money(under)} a year instead of {w.money(sold)}."
    )
    gain = frame.value(("sold", "China"), "value_change")
    assert gain > 0
    assert w.money(gain) in chapter.sentence
    assert chapter.picture == "chart:partners"
    assert len(words(chapter.bullet)) <= 30


def test_parameters_have_names_for_readers(views):
    case = load_case("belarus")
    assert case.parameter_label("murmansk_capacity") == "room in Murmansk"
    assert case.parameter_label("horizon.span") == "horizon: span"
    assert "elasticity" not in views.overview.chapter("how-sure").paragraph
