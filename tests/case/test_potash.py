"""The bundled potash table: unchanged, derived as said, and near what others publish."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from detente.case import load_case
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


def test_the_table_is_what_the_raw_tables_give():
    if not RAW.is_dir():
        pytest.skip(f"the raw tables are not at {RAW}")
    entry = sources()["potash-2020.csv"]
    for raw in entry["raw"]:
        if "file" in raw:
            given = hashlib.sha256((RAW / raw["file"]).read_bytes()).hexdigest()
            assert given == raw["sha256"], raw["file"]
    spec = importlib.util.spec_from_file_location("potash", ROOT / entry["built_by"])
    script = sys.modules["potash"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.derive(RAW).encode() == (DATA / "potash-2020.csv").read_bytes()


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
