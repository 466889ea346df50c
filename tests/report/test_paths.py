"""The path of a commodity over time: its numbers, its sentence, and where it stands."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from detente.analysis import Answer, assess
from detente.analysis.figures.paths import CommodityPath
from detente.analysis.regimes import regimes_in_time
from detente.analysis.scenarios import Scenarios
from detente.cases import load_case
from detente.report import views_of
from detente.report.build import brief_stages


@pytest.fixture(scope="module")
def case():
    return load_case("belarus")


@pytest.fixture(scope="module")
def views(case):
    return views_of(assess(case), timeline=regimes_in_time(Scenarios(case)))


def test_each_row_is_what_an_assessment_of_that_day_says(case, views):
    table = views.tables["POTASH-path"]
    days = table.column("from")
    for at in (days.index("2022-04-08"), len(days) - 1):
        found = views_of(assess(case, date=days[at])).tables
        sold = found["POTASH-producers"]
        seller = sold.column("seller").index("Belarus")
        for own, key in (("sold_BLR", "tonnes_under"), ("received_BLR", "price_under")):
            assert table.column(own)[at] == pytest.approx(sold.column(key)[seller], rel=1e-6)
        bought = found["POTASH-markets"]
        market = bought.column("market").index("Brazil")
        paid = bought.column("price_under")[market]
        assert table.column("paid_BRA")[at] == pytest.approx(paid, rel=1e-6)


def test_the_picture_draws_the_numbers_of_the_table(views):
    table, chart = views.tables["POTASH-path"], views.charts["POTASH-path"]
    assert chart.table == table.id
    assert chart.data["dates"] == list(table.column("from"))
    sold, prices = chart.data["panels"]
    drawn = {s["label"]: s["values"] for s in (*sold["series"], *prices["series"])}
    assert drawn["Belarus"] == pytest.approx(table.column("sold_BLR"), rel=1e-5)
    assert drawn["Belarus receives"] == pytest.approx(table.column("received_BLR"), rel=1e-5)
    assert drawn["Brazil pays"] == pytest.approx(table.column("paid_BRA"), rel=1e-5)
    colours = {s["label"].split(" ")[0]: s["colour"] for s in sold["series"]}
    assert len(set(colours.values())) == len(colours)
    receives = next(s for s in prices["series"] if s["label"] == "Belarus receives")
    assert receives["colour"] == colours["Belarus"]


@pytest.mark.parametrize(
    ("sold", "said"),
    [
        (
            [12.0, 5.0, 8.0],
            "Belarus sells 12.0 million tonnes of potash a year before the first measure, and 5.0, "
            "the least, under the regime from 2 February 2022. Under the last one, from "
            "3 March 2023, it sells 8.0.",
        ),
        (
            [12.0, 9.0, 5.0],
            "Belarus sells 12.0 million tonnes of potash a year before the first measure, and 5.0, "
            "the least, since 3 March 2023.",
        ),
        (
            [12.0, 5.0, 5.01],
            "Belarus sells 12.0 million tonnes of potash a year before the first measure, and 5.0, "
            "the least, since 2 February 2022.",
        ),
        (
            [12.0, 15.0, 13.0],
            "Belarus sells 12.0 million tonnes of potash a year before the first measure, and "
            "15.0, the most, under the regime from 2 February 2022. Under the last one, from "
            "3 March 2023, it sells 13.0.",
        ),
    ],
)
def test_the_sentence_says_how_sales_went(sold, said):
    import datetime as dt

    days = (dt.date(2021, 1, 1), dt.date(2022, 2, 2), dt.date(2023, 3, 3))
    path = CommodityPath(
        SimpleNamespace(name="potash", codes=("BLR",)),  # type: ignore[arg-type]
        SimpleNamespace(regimes=[SimpleNamespace(start=d) for d in days]),  # type: ignore[arg-type]
        (0,),
        (),
        np.array(sold)[:, None],
        np.ones(3),
        np.ones((3, 0)),
    )
    assert path.sentence == said


def test_it_comes_last_and_slows_nothing_before_it(case):
    quick = list(brief_stages(case, full=False, paths=True, processes=1))
    assert [made.timeline is not None for made in quick] == [False, False, True]
    found = quick[-1].views()
    parts = next(s.parts for s in found.sections if s.id == "commodity-POTASH")
    assert parts[:2] == ("chart:POTASH-flows", "chart:POTASH-path")
    assert "table:POTASH-path" in parts
    assert "POTASH-path" not in quick[0].views().charts


def test_what_moves_no_sales_has_no_path(case):
    never = case.with_parameters({})
    lifted = never.model_copy(
        update={"measures": tuple(m.model_copy(update={"in_force": ()}) for m in case.measures)}
    )
    answer = Answer(assess(lifted), timeline=regimes_in_time(Scenarios(lifted)))
    assert "POTASH-path" not in views_of(answer).tables
