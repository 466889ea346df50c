"""Tables and sentences say what the assessment says."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from detente.analysis import labels as w
from detente.analysis.labels import in_sentence, name_of
from detente.report import views_of, write_csv, write_json
from detente.world.names import all_names


@pytest.fixture(params=["assessment", "belarus"])
def answered(request):
    return request.getfixturevalue(request.param)


def test_gains_table_holds_every_country_and_the_whole_effect(answered):
    table = views_of(answered).tables["gains"]
    value = answered.regime.equivalent_variation_n
    assert set(table.column("code")) == set(answered.world.countries)
    assert sum(table.column("equivalent_variation")) == pytest.approx(value.sum(), rel=1e-12)
    sizes = np.abs(table.column("equivalent_variation"))
    assert (np.diff(sizes) <= 0).all()


def test_options_are_the_margins_of_measures_in_force(answered):
    views = views_of(answered)
    table = views.tables["options"]
    active = [e for e in answered.effects if e.in_force and e.has_effect]
    world = dict(zip((c.key for c in table.columns), table.rows[-1], strict=True))
    assert world["country"] == "World"
    for e in active:
        assert world[f"lift-{e.measure.id}"] == pytest.approx(e.margin_n.sum(), abs=1e-9)
    # The base is solved too: it is the base year only up to the solver's tolerance times world
    # income, 1e-9 of some 1e8 USD million at worst, and far closer in practice.
    everything = -answered.regime.equivalent_variation_n
    assert world["lift-everything"] == pytest.approx(everything.sum(), abs=1e-3)
    single = sum(e.margin_n.sum() for e in active)
    assert world["only-together"] == pytest.approx(everything.sum() - single, abs=1e-3)
    row = next(row for row in table.rows if row[0] == "Belarus")
    at = answered.world.countries.index("BLR")
    assert row[1 : 1 + len(active)] == pytest.approx([e.margin_n[at] for e in active])


def test_union_rows_are_sums_over_members(assessment):
    row = next(r for r in views_of(assessment).tables["options"].rows if r[0] == "European Union")
    members = list(assessment.groups["eu"])
    assert row[1] == pytest.approx(assessment.effects[0].margin_n[members].sum())


def test_cost_table_turns_lifting_into_burden(assessment):
    table = views_of(assessment).tables["cost"]
    effect = assessment.effects[0]
    rows = {row[2]: row for row in table.rows if row[0] == effect.measure.label}
    at = assessment.world.countries.index("BLR")
    assert rows["Belarus"][3:] == ("target", -effect.margin_n[at], effect.alone_n[at])
    assert rows["United States"][3] == "author"
    assert rows["World"][4] == pytest.approx(-effect.margin_n.sum())


def test_flows_add_up_in_the_chart(answered):
    chart = views_of(answered).charts["POTASH-flows"]
    for panel, snapshot in zip(chart.data["panels"], (answered.base, answered.regime), strict=True):
        total = snapshot.commodities["POTASH"].tonnes_ni.sum()
        # Links below 0.02 Mt are not drawn.
        assert sum(link[2] for link in panel["links"]) == pytest.approx(total, rel=0.02)


def test_shares_add_up_and_dependence_is_the_largest(answered):
    views = views_of(answered)
    markets: dict[str, float] = {}
    for row in views.tables["POTASH-shares"].rows:
        markets[row[0]] = markets.get(row[0], 0.0) + row[2]
    # Suppliers below 1 % are left out.
    assert all(80 < total <= 100.0001 for total in markets.values())
    outcome = answered.regime.commodities["POTASH"]
    for row in views.tables["POTASH-dependence"].rows:
        if row[0] == "United States":
            at = answered.world.countries.index("USA")
            assert row[4] == pytest.approx(100 * outcome.share_ni[at].max())
            assert row[6] == pytest.approx((outcome.share_ni[at] ** 2).sum())


def test_sentences_use_the_numbers_of_their_tables(assessment):
    tables = views_of(assessment).tables
    assert "Belarus pays most of all: USD 440 million" in tables["gains"].sentence
    assert "Canada with USD 120 million" in tables["gains"].sentence
    assert tables["options"].sentence.startswith(
        "Lifting ‘Lithuanian transit stop’ alone would bring Belarus USD 310 million"
    )
    assert "Four of the case's five measures are in force" in tables["in-force"].sentence
    assert "‘US sanctions on banks’ changes no flow" in tables["in-force"].sentence
    assert "United States loses 1.29 dollars" in tables["boomerang"].sentence
    assert "one of them is an analyst estimate" in tables["assumptions"].sentence


def test_every_table_begins_with_a_sentence_and_fits_its_columns(answered):
    for table in views_of(answered).tables.values():
        assert re.match(r"^[A-Z‘].+\.$", table.sentence, re.S), table.id
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len({c.key for c in table.columns}) == len(table.columns)
        assert "nan" not in table.sentence.lower().split()
        frame = table.to_frame()
        assert frame.shape == (len(table.rows), len(table.columns))


def test_every_chart_has_its_table_and_words(answered):
    views = views_of(answered)
    for chart in views.charts.values():
        assert chart.table in views.tables
        assert all((chart.title, chart.unit, chart.source))
        assert len(chart.description) > len(chart.title)
    named = {p.split(":")[1] for s in views.sections for p in s.parts}
    assert named == set(views.tables) | set(views.charts)


def test_json_round_trip(answered, tmp_path):
    views = views_of(answered)
    text = views.to_json()
    assert json.loads(text) == json.loads(json.dumps(views.plain()))
    assert json.loads(write_json(views, tmp_path / "a" / "b.json").read_text("utf-8"))["tables"]


def test_csv_files_carry_units_and_every_digit(assessment, tmp_path):
    import polars as pl

    paths = write_csv(views_of(assessment), tmp_path / "csv")
    assert len(paths) == len(views_of(assessment).tables)
    frame = pl.read_csv(tmp_path / "csv" / "gains.csv")
    column = "equivalent_variation (USD million a year)"
    total = assessment.regime.equivalent_variation_n.sum()
    assert frame[column].sum() == pytest.approx(total, rel=1e-12)


def test_a_date_without_measures_still_reads():
    from detente.analysis import assess

    views = views_of(assess("belarus", "2019-01-01"))
    assert views.tables["in-force"].sentence.startswith("None of the case's")
    assert "moves no country" in views.tables["gains"].sentence
    assert "change no flow" in views.tables["POTASH-shares"].sentence


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (31.4, "USD 31 million"),
        (-4.04, "USD 4 million"),
        (0.32, "USD 0.32 million"),
        (1240.0, "USD 1.2 billion"),
        (0.01, "less than USD 0.1 million"),
    ],
)
def test_money_in_words(value, words):
    assert w.money(value) == words


def test_wording():
    assert w.number(-1234.5, 1) == "−1,234.5"
    assert w.number(-0.01, 1, signed=True) == "0.0"
    assert w.number(float("nan")) == w.NOTHING
    assert w.listing(["a", "b", "c"]) == "a, b and c"
    assert w.possessive("Belarus") == "Belarus's"
    assert w.possessive("the United States") == "the United States'"
    assert w.scientific(8.04e-10) == "8.0 × 10⁻¹⁰"


def test_names_follow_the_publisher_and_the_un():
    assert name_of("TUR") == "Türkiye"
    assert name_of("TWN") == "Chinese Taipei"
    assert in_sentence("USA") == "the United States"
    assert name_of("QQQ") == "QQQ"
    assert all(len(code) == 3 for code in all_names())


def test_importing_the_package_is_light():
    code = (
        "import sys, detente.report; "
        "print([m for m in ('jinja2', 'polars', 'rich', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
