"""The product layer: what customs declared, its names, and its split out of a sector."""

from __future__ import annotations

import hashlib
import io
import runpy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from ruamel.yaml import YAML

import detente
from detente.world import UnknownLabel, WorldError, load_world, split_commodity, trade_elasticity
from detente.world.products import commodity, find_product, goods, kind_of, split_of
from detente.world.products.catalogue import DATA
from detente.world.products.kinds import kinds, supply_elasticity
from detente.world.products.split import LIMIT
from detente.world.sectors import makers

ROOT = Path(__file__).parents[2]
SOURCES = YAML(typ="safe").load((DATA / "sources.yaml").read_text("utf-8"))
RAW = ROOT / "../shared/data"


@pytest.fixture(scope="module")
def world():
    return load_world("oecd28-2021")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_bundled_table_has_its_source_and_hash() -> None:
    assert {p.name for p in DATA.iterdir()} - {"sources.yaml"} == set(SOURCES)
    lines = [f"{sha256(p)}  flows/{p.name}\n" for p in DATA.glob("flows/*.parquet")]
    whole = hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
    assert SOURCES["flows"]["sha256"] == whole
    for name, entry in SOURCES.items():
        assert entry["licence"], name
        assert entry["publisher"], name
        if name != "flows" and "sha256" in entry:
            assert entry["sha256"] == sha256(DATA / name), name
    assert {p.stem for p in DATA.glob("flows/*.parquet")} == {p.hs for p in goods()}
    assert sum(p.stat().st_size for p in DATA.rglob("*") if p.is_file()) < 7e6


def test_the_tables_are_derived_again() -> None:
    script = runpy.run_path(str(ROOT / "data-build" / "goods.py"))
    if not (RAW / script["BACI"]).exists():
        pytest.skip(f"the raw tables are not at {RAW}")
    for name, content in script["derived"](RAW):
        if name.endswith(".parquet"):
            # Another polars packs the same table into other bytes.
            assert pl.read_parquet(DATA / name).equals(pl.read_parquet(io.BytesIO(content))), name
        else:
            assert (DATA / name).read_bytes() == content, name


def test_russian_crude_as_customs_declared_it() -> None:
    # Million tonnes, CEPII BACI; the first and the last year of the embargo's effect.
    expected = {("IND", 2021): 2.4333, ("IND", 2023): 88.920, ("DEU", 2021): 20.7096,
                ("DEU", 2023): 0.1154}  # fmt: skip
    found = detente.commodity("crude oil", years=(2021, 2023), exporter="Russia")
    flows = found.by_importer()
    for (code, year), tonnes in expected.items():
        row = flows.filter((flows["importer"] == code) & (flows["year"] == year))
        assert row["tonnes"][0] / 1e6 == pytest.approx(tonnes, rel=1e-4), code
    assert found.flows["exporter"].unique().to_list() == ["RUS"]
    assert found.tonnes == pytest.approx(flows["tonnes"].sum())
    for year in (2021, 2022, 2023):
        assert flows.filter(flows["year"] == year)["share"].sum() == pytest.approx(1.0)


def test_one_name_for_taiwan_and_three_letters_for_all() -> None:
    codes = {c for p in ("270900", "250840", "710812") for c in commodity(p).flows["importer"]}
    assert "TWN" in codes
    assert "S19" not in codes
    assert all(len(c) == 3 and c.isalpha() and c.isupper() for c in codes)


def test_prices_are_yearly_means_and_comparable_with_unit_values() -> None:
    found = commodity("270900", year=2021)
    (row,) = found.prices.to_dicts()
    monthly = found.monthly_prices()
    assert (row["months"], row["unit"]) == (12, "USD per barrel")
    assert row["price"] == pytest.approx(float(monthly["price"].mean()))
    # Crude of the customs costs what the Pink Sheet says, within a tenth.
    assert found.unit_value == pytest.approx(row["usd_per_tonne"], rel=0.1)
    assert commodity("bauxite", year=2021).prices.is_empty()


@pytest.mark.parametrize(
    ("text", "hs"),
    [
        ("270900", "270900"),
        (270900, "270900"),
        ("HS 2709.00", "270900"),
        ("2709", "270900"),
        ("Crude", "270900"),
        ("LNG", "271111"),
        ("310420", "3104"),
        ("rare earths", "284690"),
    ],
)
def test_a_good_is_found_by_code_and_by_name(text, hs) -> None:
    assert find_product(text).hs == hs


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: commodity("crud oil"), UnknownLabel, "Did you mean crude oil"),
        (lambda: commodity("270910"), UnknownLabel, "Of chapter 27 it has 270900 (crude oil)"),
        (lambda: commodity("2701"), UnknownLabel, "Name one: 270111 (anthracite)"),
        (lambda: goods("zzz"), UnknownLabel, "`detente goods` lists all"),
        (lambda: commodity("3104", year=2020), WorldError, "Its flows are of 2022 to 2024"),
        (lambda: commodity("crude", years="2023:2021"), WorldError, "Exchange the two"),
        (lambda: commodity("crude", years="soon"), WorldError, "Write 2024, or 2005:2024"),
        (lambda: commodity("crude", exporter="Rusia"), UnknownLabel, "Did you mean Russia"),
        (
            lambda: commodity("crude", 2023, exporter="RUS", importer="TUR"),
            WorldError,
            "Leave an end out",
        ),
    ],
)
def test_what_is_not_there_is_refused_with_what_to_write(ask, error, words) -> None:
    with pytest.raises(error) as caught:
        ask()
    assert words in str(caught.value)
    assert caught.value.remedy


def test_every_good_has_a_sector_that_makes_it_and_a_kind(world) -> None:
    for product in goods():
        assert product.isic in world.goods, product.hs
        assert product.kind in kinds(), product.hs
        assert trade_elasticity(product.isic) is not None, product.hs
        assert all(u in (*load_world("oecd-2022").goods, "final") for u in product.users)
        assert product.notes, product.hs
    # Crude and gas are mining, refined oil is not, and coal is a sector of its own.
    assert [goods()[hs].isic for hs in ("270900", "271111", "270112")] == ["B06", "B06", "B05"]
    assert makers("2710", world.goods) == ("C19",)


def test_ranges_of_kinds_hold_their_values_and_the_elasticities_that_the_notes_state() -> None:
    for kind in kinds().values():
        r, e = kind.resource_share, kind.input_substitution
        assert 0 < r.low <= r.value <= r.high < 1, kind.name
        assert 0 < e.low <= e.value <= e.high, kind.name
        stated = float(kind.note.split("Supply elasticity ")[1].split()[0])
        assert stated == pytest.approx(supply_elasticity(r.value, e.value), abs=0.05), kind.name


@pytest.mark.parametrize(
    ("hs", "name"),
    [
        ("270900", "oecd28-2021"),
        ("271111", "oecd28-2021"),
        ("760110", "oecd-2020"),
        # Brunei trades next to none of its ores, so that scaling by turns alone would not end.
        ("260300", "oecd-2022"),
        ("261400", "oecd-2022"),
    ],
)
def test_a_good_splits_out_of_its_sector_and_every_total_stays(hs, name) -> None:
    world = load_world(name)
    found = split_of(hs, world)
    p = world.good(found.parent)
    split = split_commodity(
        world, "good", found.parent, found.value_ni, users=found.users,
        labour_share=found.labour_share, capital_share=found.capital_share,
        resource_share=kind_of(found.product.kind).resource_share.value,
        trade_elasticity=8.0, input_substitution=0.4,
    )  # fmt: skip
    both = split.trade_jni[p] + split.trade_jni[-1]
    for axis in (0, 1):
        np.testing.assert_allclose(
            both.sum(axis=axis), world.trade_jni[p].sum(axis=axis), rtol=1e-9
        )
    assert sum(found.users.values()) == pytest.approx(1.0)
    # Declared trade keeps its worth, but for what the sector cannot hold.
    declared = commodity(hs, world.year).usd / 1e6
    abroad = found.value_ni.sum() - np.trace(found.value_ni)
    assert (1 - LIMIT) * declared < abroad < 1.1 * declared


def test_own_supply_of_crude_is_production_less_exports(world) -> None:
    found = split_of("270900", world)
    china = world.country("CHN")
    exports = found.tonnes_ni[:, china].sum() - found.tonnes_ni[china, china]
    table = commodity("270900", 2021).production
    made = table.filter(table["country"] == "CHN")["tonnes"][0]
    # Its exports are cut by a little where a buyer's sector is too small.
    assert found.tonnes_ni[china, china] == pytest.approx(made - exports, rel=1e-3)


def test_a_good_that_is_larger_than_its_sector_is_refused(world) -> None:
    with pytest.raises(WorldError, match="larger than its sector C24B in oecd28-2021: 7"):
        split_of("gold", world)
    taken = split_of("270900", world).value_ni
    with pytest.raises(WorldError, match="what other goods of the case leave of its sector B06"):
        split_of("271121", world, taken_ni=taken)
