"""The bundled potash tables: unchanged, derived as said, and near what others publish."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from detente.case import CaseError, load_case, observed, observed_ni, observed_prices
from detente.world import load_world

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/detente/case/data"
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


@pytest.fixture(scope="module", params=["potash", "backtest"])
def script(request):
    if not RAW.is_dir():
        pytest.skip(f"the raw tables are not at {RAW}")
    path = ROOT / "data-build" / f"{request.param}.py"
    spec = importlib.util.spec_from_file_location(request.param, path)
    module = sys.modules[request.param] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_what_the_raw_tables_give(script):
    if script.__name__ == "potash":
        derived = {name: script.derive(RAW, later) for name, later in script.TABLES.items()}
    else:
        derived = script.derive(RAW)
    assert len(derived) == 2
    for name, text in derived.items():
        assert text.encode() == (DATA / name).read_bytes()
        for raw in sources()[name]["raw"]:
            if "file" in raw:
                given = hashlib.sha256((RAW / raw["file"]).read_bytes()).hexdigest()
                assert given == raw["sha256"], raw["file"]


@pytest.fixture(scope="module")
def tonnes():
    countries = load_world("oecd-2020").countries
    return countries, load_case("belarus").quantity_ni("POTASH", countries)


def test_the_table_is_near_what_others_publish(tonnes):
    countries, flow_ni = tonnes
    at = {c: n for n, c in enumerate(countries)}
    trade_ni = flow_ni - np.diag(np.diag(flow_ni))
    eu = [at[c] for c in load_case("belarus").members("EU", load_world("oecd-2020"))]
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
    # Canada 79 % of US imports in 2021-24 (USGS), when Belarus had almost none of its 7 %.
    assert us[at["BLR"]] == 670_000
    assert us[at["CAN"]] / (us.sum() - us[at["BLR"]]) == pytest.approx(0.79, abs=0.01)
    # US imports 6.48 Mt K2O in 2021, the highest of the three years.
    assert 9.0 * MEGA < us.sum() < 10.8 * MEGA
    assert (flow_ni >= 0).all()


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
    eu = case.members("EU", load_world("oecd-2020"))
    big = [at[c] for c in countries if trade_ni[at[c]].sum() > 5e5 and c not in (*eu, "USA", "BLR")]
    share = others_ni[big, at["BLR"]] / others_ni[big].sum(axis=1)
    usual = trade_ni[big, at["BLR"]] / trade_ni[big].sum(axis=1)
    assert share.std() < usual.std()


def test_observed_trade_and_prices():
    flows = observed("potash-observed")
    assert {f.year for f in flows} == {2022, 2023, 2024}
    assert all(f.tonnes > 0 and f.usd > 0 for f in flows)
    countries = load_world("oecd-2020").countries
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
