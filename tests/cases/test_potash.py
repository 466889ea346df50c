"""The bundled potash tables: unchanged, derived as said, and near what others publish."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from detente.cases import (
    CaseError,
    implausible_origins,
    load_case,
    observed,
    observed_ni,
    observed_prices,
)
from detente.cases.tables import read_flows
from detente.world import load_world

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/detente/cases/packaged/belarus/data"
RAW = ROOT / "../shared/data/potash"
MEGA = 1e6


def sources() -> dict:
    return YAML(typ="safe").load((DATA / "sources.yaml").read_text(encoding="utf-8"))


def test_every_bundled_table_has_its_source_and_hash():
    for path in DATA.glob("*.csv"):
        entry = sources()[path.name]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert {"title", "publisher", "year", "unit", "licence", "retrieved"} <= set(entry)
        assert (ROOT / entry["built_by"]).exists()


def load_script(name):
    path = ROOT / "data-build" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["potash", "backtest"])
def script(request):
    if not RAW.is_dir():
        pytest.skip(f"the raw tables are not at {RAW}")
    return load_script(request.param)


def test_the_tables_are_what_the_raw_tables_give(script):
    if script.__name__ == "potash":
        derived = {name: script.derive(RAW, later) for name, later in script.TABLES.items()}
    else:
        derived = script.derive(RAW)
    built = f"data-build/{script.__name__}.py"
    assert set(derived) == {n for n, s in sources().items() if s["built_by"] == built}
    for name, text in derived.items():
        assert text.encode() == (DATA / name).read_bytes()
        for raw in sources()[name]["raw"]:
            if "file" in raw:
                given = hashlib.sha256((RAW / raw["file"]).read_bytes()).hexdigest()
                assert given == raw["sha256"], raw["file"]


@pytest.fixture(scope="module")
def tonnes():
    countries = load_world("oecd28-2020").countries
    return countries, load_case("belarus").quantity_ni("POTASH", countries)


def test_the_table_is_near_what_others_publish(tonnes):
    countries, flow_ni = tonnes
    at = {c: n for n, c in enumerate(countries)}
    trade_ni = flow_ni - np.diag(np.diag(flow_ni))
    eu = [at[c] for c in load_case("belarus").members("EU", load_world("oecd28-2020"))]
    belarus = trade_ni[:, at["BLR"]]
    us = trade_ni[at["USA"]]
    # World exports about 60 Mt; FAOSTAT 39.2 Mt K2O, without the shipments through US ports 62 Mt.
    assert trade_ni.sum() == pytest.approx(60.6 * MEGA, rel=0.03)
    # Belarus: 10.5 Mt (German Economic Team, 2019) to 11.4 (FAOSTAT); revenue 2.4 to 2.8 bn USD.
    assert 10.5 * MEGA < belarus.sum() < 11.4 * MEGA
    assert 2.4e9 < belarus.sum() * 241 < 2.8e9
    # Brazil 19 % (2021, trade press), the four large buyers more than half (IPS).
    assert belarus[at["BRA"]] / belarus.sum() == pytest.approx(0.19, abs=0.04)
    assert belarus[[at[c] for c in ("BRA", "CHN", "IND", "IDN")]].sum() > 0.5 * belarus.sum()
    # The European Union and the United States about 15 %.
    assert (belarus[eu].sum() + us[at["BLR"]]) / belarus.sum() == pytest.approx(0.15, abs=0.03)
    assert us[at["BLR"]] == 670_000
    # US imports 6.48 Mt K2O in 2021, the highest of the three years.
    assert 9.0 * MEGA < us.sum() < 10.8 * MEGA
    assert (flow_ni >= 0).all()


@pytest.mark.parametrize("table", ["potash-2020", "potash-2020-noprior"])
def test_the_base_is_what_is_known_of_large_flows_and_of_home_sales(table):
    countries = load_world("oecd28-2020").countries
    at = {c: n for n, c in enumerate(countries)}
    text = (DATA / f"{table}.csv").read_text(encoding="utf-8")
    flows, faults = read_flows(text, table, countries)
    assert not faults
    flow_ni = np.zeros((len(countries), len(countries)))
    for f in flows:
        flow_ni[at[f.market], at[f.origin]] = f.quantity
    own = {c: flow_ni[n, n] / MEGA for c, n in at.items()}
    trade_ni = flow_ni - np.diag(np.diag(flow_ni))
    india, us = trade_ni[at["IND"]], trade_ni[at["USA"]]
    # A third of India's imports from Belarus and Russia together (Reuters), 17.6 % from Belarus in
    # 2021-22 (Business Standard).
    assert india[at["BLR"]] / india.sum() == pytest.approx(0.20, abs=0.01)
    assert india[[at["BLR"], at["RUS"]]].sum() / india.sum() == pytest.approx(1 / 3, abs=0.03)
    # Uralkali alone sold 2.4 Mt in Russia.
    assert own["RUS"] >= 2.4
    # China mined 5.75 Mt K2O (World Mining Data, 2019-21) and exported 0.58 (FAOSTAT); tonnes of
    # product are 1 / 0.6 of that. No other large seller keeps more than its output less exports.
    assert own["CHN"] == pytest.approx((5.749 - 0.575) / 0.6, abs=0.05)
    for country, mined in {"CAN": 13.61, "DEU": 2.76, "ISR": 2.28, "JOR": 1.56}.items():
        sold = trade_ni[:, at[country]].sum() / MEGA
        assert own[country] + sold <= 1.08 * mined / 0.6, country
    # US production less exports (USGS, 2021).
    assert own["USA"] == pytest.approx((480 - 112) / 600, abs=0.001)
    # USGS: Canada 75 % of US imports in 2017-20 and 79 in 2021-24; Russia 12, Israel 3.
    assert 0.75 < us[at["CAN"]] / us.sum() < 0.79
    assert us[at["RUS"]] / us[at["CAN"]] == pytest.approx(12 / 79, rel=0.01)
    assert us[at["ISR"]] / us[at["CAN"]] == pytest.approx(3 / 79, rel=0.01)


def test_draws_of_the_case_carry_the_shares_that_are_not_known(tonnes):
    countries, flow_ni = tonnes
    at = {c: n for n, c in enumerate(countries)}
    case = load_case("belarus")
    for name, market, origin in (
        ("us_canada_share", "USA", "CAN"),
        ("india_belarus_share", "IND", "BLR"),
    ):
        low, high = case.parameters[name].range
        for share in (low, high):
            other = case.with_parameters({name: share}).quantity_ni("POTASH", countries)[at[market]]
            assert other[at[origin]] == pytest.approx(
                share * (other.sum() - other[at[market]]), rel=1e-9
            )
            assert other.sum() == pytest.approx(flow_ni[at[market]].sum(), rel=1e-12)
    # What is overridden itself does not give way.
    most = case.with_parameters({"us_canada_share": 0.83}).quantity_ni("POTASH", countries)
    assert most[at["USA"], at["BLR"]] == 670_000


def test_the_second_table_differs_in_belarus_and_keeps_totals_and_published_figures(tonnes):
    countries, flow_ni = tonnes
    at = {c: n for n, c in enumerate(countries)}
    case = load_case("belarus").with_flows("POTASH", "potash-2020-noprior")
    other_ni = case.quantity_ni("POTASH", countries)
    assert other_ni[at["USA"], at["BLR"]] == 670_000
    trade_ni, others_ni = (f - np.diag(np.diag(f)) for f in (flow_ni, other_ni))
    # Flows under 1,000 t are left out of both, and tonnes are rounded.
    np.testing.assert_allclose(trade_ni.sum(axis=0), others_ni.sum(axis=0), rtol=0.03, atol=5e4)
    np.testing.assert_allclose(trade_ni.sum(axis=1), others_ni.sum(axis=1), rtol=0.03, atol=5e4)
    # Outside the European Union and the United States, shares of Belarus follow importers' size.
    eu = case.members("EU", load_world("oecd28-2020"))
    big = [at[c] for c in countries if trade_ni[at[c]].sum() > 5e5 and c not in (*eu, "USA", "BLR")]
    share = others_ni[big, at["BLR"]] / others_ni[big].sum(axis=1)
    usual = trade_ni[big, at["BLR"]] / trade_ni[big].sum(axis=1)
    assert share.std() < usual.std()


def test_observed_trade_and_prices():
    flows = observed("potash-observed")
    assert {f.year for f in flows} == {2022, 2023, 2024}
    assert all(f.tonnes > 0 and f.usd > 0 for f in flows)
    countries = load_world("oecd28-2020").countries
    at = {c: n for n, c in enumerate(countries)}
    year_ni = observed_ni(flows, 2023, countries)
    # Chinese customs, 3.5 Mt from Belarus in 2023 (trade press); the United States bought none.
    assert year_ni[at["CHN"], at["BLR"]] == pytest.approx(3.5 * MEGA, rel=0.02)
    assert year_ni[at["USA"], at["BLR"]] == 0
    assert year_ni.sum() == pytest.approx(57.4 * MEGA, rel=0.001)
    assert year_ni[at["ROW"], at["ROW"]] == 0
    paid = {p.year: p for p in observed_prices("potash-prices")}
    assert [round(paid[y].usd_per_tonne) for y in (2020, 2021, 2022, 2023)] == [241, 543, 863, 383]
    assert paid[2020].note != paid[2019].note
    assert (paid[2025].months, paid[2026].months) == (12, 5)


def test_surplus_of_an_origin_is_given_to_the_seller_that_has_it():
    rule = load_script("backtest")
    flow, m = rule.Flow, 1e6
    flows = [
        flow(2023, "UZB", "BRA", 1.2 * m, 480 * m),
        flow(2023, "UZB", "IDN", 0.4 * m, 160 * m),
        flow(2023, "BLR", "CHN", 3.0 * m, 1200 * m),
        flow(2023, "CAN", "USA", 10.4 * m, 4160 * m),
        flow(2023, "USA", "BRA", 0.5 * m, 200 * m),
        flow(2023, "JOR", "MYS", 2.0 * m, 80 * m),
        flow(2023, "JOR", "IND", 1.0 * m, 400 * m),
    ]
    mined = {
        ("UZB", 2023): 0.4 * m,
        ("BLR", 2023): 10.0 * m,
        ("CAN", 2023): 10.0 * m,
        ("JOR", 2023): 2.0 * m,
    }
    got, done = rule.reassigned(flows, mined, {2022: 0.8 * m})
    tonnes = {(f.origin, f.market): f.tonnes / m for f in got}
    # Uzbekistan keeps what it mines; three quarters of each of its flows are Belarusian.
    assert tonnes["UZB", "BRA"] == pytest.approx(0.3)
    assert tonnes["BLR", "BRA"] == pytest.approx(0.9)
    assert tonnes["BLR", "IDN"] == pytest.approx(0.3)
    # Canada is within a tenth; the United States resell what they buy.
    assert tonnes["CAN", "USA"] == 10.4
    assert tonnes["USA", "BRA"] == 0.5
    # Jordan's surplus is a quantity at a tenth of the usual value: 80 million at 400 a tonne.
    assert tonnes["JOR", "MYS"] == pytest.approx(0.2)
    assert tonnes["JOR", "IND"] == 1.0
    assert {c.origin: (c.errors / m, c.reassigned / m) for c in done} == {
        "JOR": pytest.approx((1.8, 0.0)),
        "UZB": pytest.approx((0.0, 1.2)),
    }
    # No more than Belarus can have sold: 10 mined, 0.8 used and 8.7 declared leave 0.5.
    flows[2] = flow(2023, "BLR", "CHN", 8.7 * m, 3480 * m)
    got, done = rule.reassigned(flows, mined, {2022: 0.8 * m})
    assert sum(f.tonnes for f in got if f.origin == "BLR") == pytest.approx(9.2 * m)
    assert next(c for c in done if c.origin == "UZB").reassigned == pytest.approx(0.5 * m)


def test_what_was_re_assigned_is_in_the_bundled_flows():
    countries = load_world("oecd28-2020").countries
    at = {c: n for n, c in enumerate(countries)}
    moved = implausible_origins("potash-origins")
    # The plants of Uzbekistan and Turkmenistan make 0.2 to 0.4 million tonnes a year.
    assert {(m.origin, m.year) for m in moved if m.reassigned} == {
        ("LTU", 2022),
        ("TKM", 2023),
        ("UZB", 2023),
        ("TKM", 2024),
        ("UZB", 2024),
    }
    assert all(m.declared > 1.1 * (m.mined + m.imported) for m in moved)
    assert {m.to for m in moved if m.reassigned} == {"BLR"}
    for year in (2022, 2023, 2024):
        before_ni, after_ni = (
            observed_ni(observed(f"potash-{name}"), year, countries)
            for name in ("observed", "reassigned")
        )
        gained = after_ni[:, at["BLR"]].sum() - before_ni[:, at["BLR"]].sum()
        given = sum(m.reassigned for m in moved if m.year == year)
        assert gained == pytest.approx(given, abs=20)
        # No flow of an origin that the rule left alone has changed.
        touched = {m.origin for m in moved} | {"BLR", "ROW"}
        alone = [n for c, n in at.items() if c not in touched]
        np.testing.assert_array_equal(before_ni[:, alone], after_ni[:, alone])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year,origin,market,tonnes\n2022,BLR,CHN,1\n", "needs the columns"),
        ("", "needs the columns"),
        ("year,origin,market,tonnes,usd\n2022,BLR,CHN,many,1\n", "t.csv:2: '2022,BLR,CHN,many,1'"),
        ("year,origin,market,tonnes,usd\n2022,BLR,CHN,-1,1\n", "cannot be read"),
        ("year,origin,market,tonnes,usd\n2022,BLR\n", "cannot be read"),
    ],
)
def test_an_observed_table_that_cannot_be_read_is_refused(tmp_path, text, words):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=words):
        observed("t.csv", tmp_path)
    with pytest.raises(CaseError, match="Did you mean potash-observed"):
        observed("potash-observd", tmp_path)
