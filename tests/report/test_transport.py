"""Routes, transit income, regimes in time and horizons say what the study computed."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from detente.analysis import Answer
from detente.analysis.figures.routes import apart, export_routes_of
from detente.analysis.labels import money
from detente.report import views_of


@pytest.fixture(scope="module")
def views(belarus, in_time, runs):
    return views_of(Answer(belarus, timeline=in_time, horizons=runs))


def test_ways_add_up_to_the_exports_that_have_ways(belarus, views):
    table = views.tables["POTASH-routes-BLR"]
    world = belarus.world
    served = {
        world.country(code)
        for route_choices in belarus.case.route_terms(world, belarus.regime.measures, belarus.date)
        for code in route_choices.markets
    }
    at = world.country("BLR")
    for key, state in (("before", belarus.base), ("under", belarus.regime)):
        tonnes = state.commodities["POTASH"].tonnes_ni[sorted(served), at].sum()
        *routes, every = table.column(f"tonnes_{key}")
        # Sums of the same numbers in another order.
        assert sum(routes) == pytest.approx(tonnes, rel=1e-9)
        assert every == pytest.approx(tonnes, rel=1e-9)
        assert sum(table.column(f"share_{key}")[:-1]) == pytest.approx(100)


def test_a_closed_way_carries_nothing_and_names_who_closes_it(views):
    rows = {row[0]: row for row in views.tables["POTASH-routes-BLR"].rows}
    klaipeda = rows["Klaipėda"]
    assert klaipeda[1] == "Lithuania"
    assert "EU ban on transit" in klaipeda[2]
    assert "Lithuanian stop" in klaipeda[2]
    assert klaipeda[3] > 8
    assert klaipeda[4] == 0
    sentence = views.tables["POTASH-routes-BLR"].sentence
    assert sentence.startswith("Klaipėda carried 8.5 of 10 Mt")
    assert "nothing passes there" in sentence


def test_transit_income_is_that_of_the_snapshot(belarus, views):
    rows = [r for r in views.tables["transit"].rows if r[1] == "Net income, this model"]
    for key, column in (("base", 2), ("regime", 3)):
        income = getattr(belarus, key).transit_revenue_n
        assert sum(row[column] for row in rows) == pytest.approx(income.sum())
    by_route = views.tables["POTASH-routes-BLR"]
    for country, *_ in rows:
        at = belarus.world.country({"Lithuania": "LTU", "Russia": "RUS"}[country])
        mine = [r for r in by_route.rows if r[1] == country]
        assert sum(r[9] for r in mine) == pytest.approx(belarus.base.transit_revenue_n[at])
        assert sum(r[10] for r in mine) == pytest.approx(belarus.regime.transit_revenue_n[at])


def test_published_revenue_stands_beside_it_and_is_called_gross(belarus, views):
    table = views.tables["transit"]
    published = [r for r in table.rows if r[1].startswith("Published, gross")]
    wanted = [
        p
        for p in belarus.case.published
        if p.compare is not None and p.compare.quantity == "transit_revenue"
    ]
    assert len(published) == len(wanted) >= 3
    for row, figure in zip(published, wanted, strict=True):
        low, high = belarus.case.published_range(figure.id)
        assert low <= row[2] <= high
        assert row[6][0].href.startswith("https://")
    assert "gross revenue, of which net income is only a part" in table.note


def test_ports_lie_where_the_railway_ends(belarus):
    (export_routes,) = export_routes_of(belarus)
    ports = {route_use.terms.id: route_use.port for route_use in export_routes.route_uses}
    # Towns of the case: Klaipėda, Ust-Luga, Murmansk; a point of the way within 30 km of each.
    for route, town in {
        "klaipeda": (21.1, 55.7),
        "russian-baltic": (28.4, 59.7),
        "murmansk": (33.1, 69.0),
    }.items():
        assert apart(ports[route], town) < 30
    assert apart((0, 0), (0, 90)) == pytest.approx(6371 * np.pi / 2)
    assert apart((27.5, 52.8), (27.5, 52.8)) == 0


def test_the_charts_hold_the_tables_numbers(views, in_time):
    chart = views.charts["POTASH-routes-BLR-map"]
    rows = {row[0]: row for row in views.tables["POTASH-routes-BLR"].rows}
    for route in chart.data["routes"]:
        # Drawings keep six digits.
        assert route["before"] == pytest.approx(rows[route["label"]][3], rel=1e-5)
        assert route["under"] == pytest.approx(rows[route["label"]][4], rel=1e-5)
    assert views.charts["map"].data["exits"][0]["routes"] == chart.data["routes"]
    steps = views.charts["regimes"].data
    assert steps["dates"] == [r.start.isoformat() for r in in_time.regimes]
    names = [s["label"] for panel in steps["panels"] for s in panel["series"]]
    assert len(names) == len(set(names)) >= 8


def test_regimes_are_those_of_the_timeline(in_time, views):
    table = views.tables["regimes"]
    assert table.column("from") == [r.start.isoformat() for r in in_time.regimes]
    at = in_time.world.country("BLR")
    given = table.column("BLR")
    assert given == [float(r.snapshot.equivalent_variation_n[at]) for r in in_time.regimes]
    assert f"{money(-min(given))} a year" in table.sentence


def test_horizons_stand_side_by_side(belarus, runs, views):
    table = views.tables["horizons"]
    assert [c.key for c in table.columns[3:]] == ["short", "medium", "long"]
    at = belarus.world.country("BLR")
    row = next(r for r in table.rows if r[:2] == ("Under the regime", "Belarus"))
    every = [runs["short"], runs["medium"], belarus]
    assert row[3:] == tuple(float(r.regime.equivalent_variation_n[at]) for r in every)
    roles = {(r[0], r[2]) for r in table.rows if r[0].startswith("Lift ‘US sanctions")}
    assert {role for _, role in roles} == {"author", "target"}
    sources = views.tables["horizon-parameters"].column("source")
    assert all(links and links[0].text for links in sources)
    prices = views.tables["POTASH-horizon-prices"]
    assert all(np.isfinite(v) for row in prices.rows for v in row[1:])


def test_without_them_their_sections_are_missing(belarus, assessment):
    titles = {s.title for s in views_of(belarus).sections}
    assert "Routes and transit" in titles
    assert not {"Regimes in time", "Short, medium and long run"} & titles
    assert "Routes and transit" not in {s.title for s in views_of(assessment).sections}


def test_every_equilibrium_shown_is_certified(belarus, in_time, runs, views):
    table = views.tables["certificate"]
    active = sum(e.in_force for e in belarus.effects)
    more = len(in_time.regimes) + len(runs) * (1 + active)
    assert len(table.rows) == 2 + len(belarus.effects) + more
    assert re.search(rf"All {len(table.rows)} equilibria", table.sentence)


def test_the_recipe_names_what_it_was_made_with(views, belarus):
    recipe = dict(views.tables["reproduce"].rows)
    assert "--quick" not in recipe["Command line"]
    alone = dict(views_of(belarus).tables["reproduce"].rows)
    assert "--quick" in alone["Command line"]
    compile(recipe["Python"], "recipe", "exec")
    assert "make_brief(case" in recipe["Python"]
    assert "full=False" in alone["Python"]


def test_the_command_adds_them_when_asked(tmp_path):
    code = "from detente.cli import main; main()"
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-c",
            code,
            "brief",
            "--full",
            "--details",
            "--annex",
            "--out",
            tmp_path / "b.html",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "By horizon short, medium, long" in done.stdout
    page = (tmp_path / "b.html").read_text("utf-8")
    assert 'id="chart-regimes"' in page
    assert 'id="table-horizons"' in page
