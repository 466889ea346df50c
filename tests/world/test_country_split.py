"""A country taken out of the rest of the world: what adds up, what is marked, what is refused."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.trade import embargo, solve
from detente.world import (
    CountryGood,
    UnknownLabel,
    World,
    WorldError,
    aggregate_countries,
    load_world,
    save_world,
    split_country,
    synthetic,
)
from detente.world.products import commodity

RAW = Path(os.environ.get("DETENTE_RAW", "/work/shared/data")) / "commodity"
BACI = RAW / "baci_hs92_72products_1995_2024.parquet"
ACCOUNTS = (
    "trade_jni",
    "tariff_jni",
    "export_tax_jni",
    "intermediate_nkj",
    "final_nj",
    "labour_nj",
    "capital_nj",
    "resource_nj",
    "final_substitution_n",
)


def assert_adds_up(world: World, country: str, old: World, rest: str) -> None:
    """The new country and the rest are the old rest, in every account and every flow."""
    merged = aggregate_countries(world, {country: rest})
    assert merged.countries == old.countries
    for name in ACCOUNTS:
        was, now = getattr(old, name), getattr(merged, name)
        np.testing.assert_allclose(now, was, rtol=1e-9, atol=1e-12 * np.abs(was).max(initial=1))
    assert merged.stand_ins == old.stand_ins


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    size=st.floats(0.001, 0.4),
    tariff=st.sampled_from([0.0, 0.2]),
    of_market=st.floats(0.0, 0.9),
    of_output=st.floats(0.01, 1.0),
)
def test_country_and_rest_are_the_old_rest_in_every_account(
    seed: int, size: float, tariff: float, of_market: float, of_output: float
) -> None:
    old = synthetic(5, 3, seed=seed, tariff=tariff, resource_share=0.2)
    rest = old.country("C005")
    goods: dict[str, Any] = {}
    at_home = old.trade_jni[0, rest, rest]
    if at_home > 0:
        exports = size * of_market * old.trade_jni[0, :, rest]
        exports[rest] = 0.0
        output = exports.sum() + size * of_output * at_home
        goods["G01"] = CountryGood(exports=exports, output=output)
    gdp = size * old.value_added_nj[rest].sum()
    world = split_country(old, "IRN", from_="C005", gdp=gdp, goods=goods)
    assert_adds_up(world, "IRN", old, "C005")
    n = world.country("IRN")
    assert world.value_added_nj[n].sum() == pytest.approx(gdp, rel=1e-9)
    assert world.stand_ins == ("IRN",)
    if goods:
        sold = np.delete(world.trade_jni[0, :, n], [n, n + 1])
        np.testing.assert_allclose(sold, np.delete(exports, rest), atol=1e-6 * gdp)


def declared(
    codes: Iterable[int], exporter: str, year: int
) -> tuple[dict[str, float], dict[str, float]]:
    """What a country sold and bought of some products, USD million by partner."""
    import polars as pl

    table = pl.scan_parquet(BACI).filter(
        pl.col("hs92").is_in(list(codes)) & (pl.col("year") == year)
    )
    out = []
    for own, other in (("exporter", "importer"), ("importer", "exporter")):
        rows = (
            table.filter(pl.col(own) == exporter)
            .group_by(other)
            .agg(pl.col("kusd").sum() / 1e3)
            .collect()
        )
        # The source calls Taiwan S19.
        out.append({("TWN" if c == "S19" else c): value for c, value in rows.iter_rows()})
    return out[0], out[1]


@pytest.mark.skipif(not BACI.exists(), reason=f"no product flows at {BACI} (set DETENTE_RAW)")
@pytest.mark.parametrize(
    ("country", "codes", "gdp"),
    [
        ("IRN", (270900, 271111, 271121), None),
        ("QAT", (270900, 271111, 271121), None),
        ("IRQ", (270900,), None),
        ("UZB", (270900, 271121), None),
        ("VEN", (270900,), 43_000.0),  # an analyst's estimate: the World Bank's end in 2014
    ],
)
def test_oil_and_gas_exporters_stand_by_themselves(
    oecd: World, country: str, codes: tuple[int, ...], gdp: float | None
) -> None:
    sold, bought = declared(codes, country, oecd.year)
    known = CountryGood(sold, bought, sum(sold.values()) * 1.2, part=True, source="CEPII BACI")
    world = split_country(oecd, country, gdp=gdp, goods={"AGRI_MIN_FOOD": known})
    assert_adds_up(world, country, oecd, "ROW")
    j, n = world.good("AGRI_MIN_FOOD"), world.country(country)
    for market in ("CHN", "JPN", "KOR", "ITA"):
        assert world.trade_jni[j, world.country(market), n] >= 0.99 * min(
            sold.get(market, 0.0), 0.99 * oecd.trade_jni[j, oecd.country(market), -1]
        )
    ban = solve(world, embargo(country, ["EU", "G7"], "AGRI_MIN_FOOD"))
    assert ban.equivalent_variation[country] < 0


def test_totals_abroad_are_met_where_they_are_given(oecd: World) -> None:
    world = split_country(oecd, "IRN", exports=47_000, imports=57_000, source="World Bank")
    assert_adds_up(world, "IRN", oecd, "ROW")
    n = world.country("IRN")
    flows = world.trade_jni.sum(axis=0)
    assert flows[:, n].sum() - flows[n, n] == pytest.approx(47_000, rel=1e-8)
    assert flows[n].sum() - flows[n, n] == pytest.approx(57_000, rel=1e-8)
    assert "exports of 47,000 and imports of 57,000 (World Bank)" in world.notes[-1]


def test_tonnes_are_valued_and_partners_inside_the_rest_belong_to_it(oecd: World) -> None:
    crude = {"exports": {"CHN": 2e6, "Japan": 1e6, "SYR": 0.5e6}, "price": 300.0}
    world = split_country(oecd, "IRN", goods={"AGRI_MIN_FOOD": crude})
    j, n = world.good("AGRI_MIN_FOOD"), world.country("IRN")
    sold = dict(zip(world.countries, world.trade_jni[j, :, n].tolist(), strict=True))
    assert sold.pop("IRN") > 0
    assert {c: v for c, v in sold.items() if v} == pytest.approx(
        {"CHN": 600.0, "JPN": 300.0, "ROW": 150.0}
    )


def test_more_than_the_rest_trades_is_cut_and_said(oecd: World) -> None:
    given_ = {"AGRI_MIN_FOOD": CountryGood({"CHN": 1e6}, output=1.01e6, source="made up")}
    with pytest.raises(WorldError, match="below what the goods given would add alone"):
        split_country(oecd, "IRN", gdp=10_000, goods=given_)
    world = split_country(oecd, "IRN", goods=given_)
    j, n = world.good("AGRI_MIN_FOOD"), world.country("IRN")
    most = oecd.trade_jni[j, oecd.country("CHN"), oecd.country("ROW")]
    assert world.trade_jni[j, world.country("CHN"), n] == pytest.approx(0.99 * most)
    assert "more AGRI_MIN_FOOD was given than ROW sells to a partner" in world.notes[-1]


def test_a_stand_in_is_marked_wherever_the_world_goes(oecd: World, tmp_path: Path) -> None:
    world = split_country(split_country(oecd, "Iran"), "QAT", gdp=1000, source="a guess")
    assert world.stand_ins == ("IRN", "QAT")
    again = load_world(save_world(world, tmp_path / "more.npz"))
    assert (again.stand_ins, again.digest) == (world.stand_ins, world.digest)
    assert "(IRN) is a stand-in" in again.notes[-2]
    assert "a guess" in again.notes[-1]
    assert solve(world, embargo("IRN", "USA")).as_world().stand_ins == world.stand_ins
    assert aggregate_countries(world, {"IRN": "GULF", "QAT": "GULF"}).stand_ins == ("GULF",)


@pytest.mark.parametrize(
    ("country", "rules", "said"),
    [
        ("BLR", {}, r"Belarus \(BLR\) is in the world oecd-2020 already"),
        ("IRNN", {}, "no country 'IRNN'"),
        ("VEN", {}, "No GDP of Venezuela for 2020 is at hand; the last is 2014. Give gdp"),
        ("IRN", {"gdp": 5e6}, "GDP of 5,000,000 is not below the .* that ROW earns"),
        ("IRN", {"gdp": -1.0}, "must be above 0"),
        ("IRN", {"from_": "RW"}, "has no such country. Did you mean ROW"),
        ("IRN", {"goods": {"CRUDE": {}}}, "no good 'CRUDE'"),
        ("IRN", {"goods": {"TRADE": {"export": {}}}}, "no 'export'. Did you mean exports"),
        ("IRN", {"goods": {"TRADE": {"exports": {"XXX": 1}}}}, "no partner 'XXX'"),
        (
            "IRN",
            {"goods": {"TRADE": {"exports": {"CHN": 9}, "output": 3}}},
            "sells 9 abroad but makes 3",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(
    oecd: World, country: str, rules: dict[str, Any], said: str
) -> None:
    with pytest.raises(WorldError, match=said) as caught:
        split_country(oecd, country, **rules)
    assert len(caught.value.faults) == 1


def test_a_country_twice_is_refused(oecd: World) -> None:
    with pytest.raises(WorldError, match="as a stand-in already"):
        split_country(split_country(oecd, "IRN"), "IRN")


def test_a_country_inside_the_rest_is_told_how_to_come_out(oecd: World) -> None:
    with pytest.raises(UnknownLabel, match=r'inside ROW.*split_country\("IRN", …\)'):
        oecd.country("IRN")
    with pytest.raises(UnknownLabel, match=r'inside ROW.*split_country\("IRN", …\)'):
        solve(oecd, embargo("Iran", "USA"))


@pytest.mark.parametrize(
    ("code", "hs"),
    [
        ("IRN", "270900"),
        ("VEN", "270900"),
        ("IRQ", "270900"),
        ("QAT", "271111"),
        ("UZB", "271121"),
    ],
)
def test_the_product_layer_gives_the_trade_of_the_year(code: str, hs: str) -> None:
    world = load_world("oecd28-2018")
    split = split_country(world, code, gdp=1e5, goods={hs: {}})
    flows = commodity(hs, year=2018, exporter=code).flows
    j, n = split.good("B06"), split.country(code)
    abroad = float(split.trade_jni[j, :, n].sum() - split.trade_jni[j, n, n])
    # What ROW does not sell to a partner in this world is left out, and said.
    left_out = any("more B06 was given" in note for note in split.notes)
    declared = flows["usd"].sum() / 1e6
    assert 0.5 * declared < abroad <= declared * (1 + 1e-9)
    assert left_out or abroad == pytest.approx(declared, rel=1e-6)
    assert split.stand_ins == (code,)


def test_several_narrow_goods_are_added_up_and_clashes_are_told() -> None:
    world = load_world("oecd28-2018")
    both = split_country(world, "IRN", goods={"270900": {}, "271121": {}})
    one = split_country(world, "IRN", goods={"270900": {}})
    j, n = both.good("B06"), both.country("IRN")
    assert both.trade_jni[j, :, n].sum() > one.trade_jni[j, :, n].sum()
    with pytest.raises(WorldError, match="given beside that of HS 270900"):
        split_country(world, "IRN", goods={"270900": {}, "B06": {"exports": {"CHN": 1.0}}})
    with pytest.raises(WorldError, match="no trade of Venezuela in liquefied natural gas in 2018"):
        split_country(world, "VEN", gdp=1e5, goods={"271111": {}})
    with pytest.raises(WorldError, match="exports and imports come from the product layer"):
        split_country(world, "IRN", goods={"270900": {"exports": {"CHN": 1.0}}})
    with pytest.raises(WorldError, match="has no good '999999'"):
        split_country(world, "IRN", goods={"999999": {}})
