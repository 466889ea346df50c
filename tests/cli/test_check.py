"""What `detente check` says of a sound file: whom measures reach, and both ends of its ranges."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.analysis.labels import money
from detente.cases import CaseError, case_schema, load_case
from detente.cli import app
from detente.world import load_world


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def printed(*arguments: str) -> str:
    """What is printed, with lines joined where they were broken."""
    done = run("check", *arguments)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_it_says_what_a_measure_closes_and_what_that_is_worth(wine: Callable[..., str]) -> None:
    text = printed(wine())
    world = load_world("oecd-2020")
    j, cells = world.good("AGRI_MIN_FOOD"), map(world.country, ("JPN", "AUS"))
    value = float(world.trade_jni[(j, *cells)])
    abroad = np.delete(world.trade_jni[j, :, world.country("AUS")], world.country("AUS"))
    sold = float(abroad.sum())
    assert "ban (Japan, in force on 2022-01-01):" in text
    assert (
        "embargo on agriculture, mining and food, Australia → Japan, of which 10 % still passes: "
        f"closes one flow worth {money(value)} in the base year. That is "
        f"{100 * value / sold:.0f} % of Australia's exports of it." in text
    )
    assert "Look again" not in text


def test_a_market_of_all_but_three_is_flagged(wine: Callable[..., str]) -> None:
    case = wine(("market: JPN", "market: '* except HUN, SVK, CZE'"))
    data = json.loads(printed(case, "--json"))
    (setting,) = next(m for m in data["measures"] if m["id"] == "ban")["settings"]
    world = load_world("oecd-2020")
    sold = world.trade_jni[world.good("AGRI_MIN_FOOD"), :, world.country("AUS")].copy()
    sold[[world.country(c) for c in ("AUS", "HUN", "SVK", "CZE")]] = 0
    assert setting["flows"] == int((sold > 1e-6).sum())
    assert setting["base_value"] == pytest.approx(sold.sum())
    sold[world.country("JPN")] = 0
    assert setting["outside_owner"]["flows"] == setting["flows"] - 1
    assert setting["outside_owner"]["base_value"] == pytest.approx(sold.sum())
    assert setting["outside_owner"]["buyers"][0] == world.countries[int(np.argmax(sold))] == "CHN"
    assert (
        f"Look again: {setting['flows'] - 1} of these have neither seller nor buyer in Japan"
        in (setting["sentence"])
    )


def test_a_group_with_exceptions_is_written_as_it_is_said(wine: Callable[..., str]) -> None:
    union = "  - {id: Japan, name: Japan, members: [JPN]}"
    case = wine(
        (union, "  - {id: Japan, name: Most of the Union, members: EU except HUN, SVK}".replace(
            "EU except HUN, SVK", "'EU except HUN, SVK'")),
        ("market: JPN", "market: 'EU except HUN, SVK, CZE'"),
        ("goods: AGRI_MIN_FOOD, leakage", "goods: '* except TRADE, TRANSPORT', leakage"),
    )  # fmt: skip
    read, world = load_case(case), load_world("oecd-2020")
    assert len(read.members("Japan", world)) == 25
    embargo = read.measure("ban").sets[0].embargo
    assert embargo is not None
    assert len(read.countries(embargo.market, world)) == 24
    assert len(embargo.goods.goods(world.goods)) == len(world.goods) - 2
    text = printed(case)
    assert "Australia → EU but Hungary, Slovakia and Czechia" in text
    assert "Look again" not in text


def test_an_exception_that_takes_nobody_out_is_told(wine: Callable[..., str]) -> None:
    text = printed(wine(("market: JPN", "market: 'G7 except HUN'")))
    assert "The exception of Hungary takes nobody out" in text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[EU except HUN, SVK]", "Write the whole choice as one text in quotes"),
        ("EU except HUN, SVK", "put quotes around a text with commas"),
        ("'except HUN'", "labels missing beside `except`"),
        ("'EU except HUX'", "there is no country or group 'HUX' here. Did you mean"),
        ("Iran", "Iran (IRN) is inside ROW, the rest of the world, in this world"),
        ("Japan", "there is no country or group 'Japan' here. Write JPN."),
        (
            "{except: [HUN, SVK]}",
            "Write 'EU except HUN, SVK' for a group without some, or '* except",
        ),
    ],
)
def test_choices_that_cannot_be_read_are_refused_with_the_way_to_write_them(
    wine: Callable[..., str], written: str, words: str
) -> None:
    with pytest.raises(CaseError) as caught:
        load_case(wine(("market: JPN", f"market: {written}")))
    assert words in str(caught.value)
    assert "wine.yaml:18: measures[1].sets[0].embargo" in str(caught.value)


def test_both_ends_of_every_range_are_tried(wine: Callable[..., str]) -> None:
    world = ("world: oecd-2020", "world: oecd28-2020")
    farm = ("AGRI_MIN_FOOD", "A01")
    spend = (
        "parameters:\n",
        "parameters:\n  part: {value: 0.3, range: [0.2, 0.6], unit: share, date: 2020, "
        "source: analyst estimate}\n",
    )
    wool = (
        "measures:\n",
        "commodities:\n  - {name: WOOL, label: Wool, parent: C20, flows: potash-2020, "
        "unit: t, period: 2020, price: 1, users: {C20: 0.5, final: rest}, "
        "labour_share: part, capital_share: 0.25, resource_share: 0.25, trade_elasticity: 4, "
        "input_substitution: 1, source: an example}\nmeasures:\n",
    )
    done = run("check", wine(world, farm, farm, spend, wool))
    assert done.exit_code == 1
    assert "wine.yaml cannot be drawn: 1 fault in its ranges." in done.output
    assert "wine.yaml:12: parameters.part.range: its highest value 0.6 is impossible" in done.output
    assert "sum to 1.1, more than 1" in done.output
    data = json.loads(run("check", wine(world, farm, farm, spend, wool), "--json").output)
    assert (data["ok"], data["faults"][0]["line"]) == (False, 12)


def test_patience_has_a_period() -> None:
    text = printed("russia-coalition")
    assert "what one year's delay leaves of a value, per year: European Union 0.915" in text
    case = load_case("russia-coalition")
    step = case.party("EU").patience.value ** 0.5
    assert (
        "A step of the negotiation takes 0.5 years, so that per step it is: European Union "
        f"{step:.3g}" in text
    )
    assert "share per year" in json.dumps(case_schema()["$defs"]["Party"]["properties"]["patience"])


def test_a_flow_of_a_country_without_a_row_is_told_where_it_is(
    wine: Callable[..., str], tmp_path: Path
) -> None:
    rows = "origin,market,tonnes\nIran,JPN,5\nHungary,JPN,5\n"
    (tmp_path / "wool.csv").write_text(rows, encoding="utf-8")
    wool = (
        "measures:\n",
        "commodities:\n  - {name: WOOL, label: Wool, parent: AGRI_MIN_FOOD, flows: wool.csv, "
        "unit: t, period: 2020, price: 1, users: {final: rest}, labour_share: 0.2, "
        "capital_share: 0.2, resource_share: 0.2, trade_elasticity: 4, input_substitution: 1, "
        "source: an example}\nmeasures:\n",
    )
    with pytest.raises(CaseError) as caught:
        load_case(wine(wool))
    first, second = (f for f in caught.value.faults if f.file == "wool.csv")
    assert "Iran (IRN) is inside ROW, the rest of the world, in this world" in first.message
    assert (second.line, second.remedy) == (3, "Write HUN.")


def test_rows_that_a_table_leaves_out_are_counted() -> None:
    ask = ("solve", "oecd-2020", "--tariff", "CHN:USA:MANUF_EXFOOD=0.1", "--top", "5")
    text = " ".join(run(*ask).output.split())
    assert "a year (72 more in --json)" in text
    menu = run("sensitivity", "oecd-2020", "--target", "CHN", "--sender", "USA", "--draws", "0",
               "--top", "2")  # fmt: skip
    assert "more with --top)" in " ".join(menu.output.split())


def test_a_folder_is_checked_with_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(Path(str(load_case("russia-coalition").path)).parent, folder)
    (folder / "more.yaml").write_text("published: []\n", encoding="utf-8")
    stated = json.loads(run("check", str(folder), "--json").stdout)
    assert stated["files"] == ["case.yaml", "negotiation.yaml"]
    assert stated["digest"] == load_case("russia-coalition").digest
    (text,) = stated["remarks"]
    assert "more.yaml holds `published` and is not a part of the case" in text
    assert f"- {text}" in printed(str(folder))
    negotiation = folder / "negotiation.yaml"
    negotiation.write_text(
        negotiation.read_text("utf-8").replace("signatories:", "signatores:"), "utf-8"
    )
    done = run("check", str(folder))
    assert done.exit_code == 1
    assert done.stderr.startswith("mine/case.yaml cannot be used: ")
    line = next(
        k for k, x in enumerate(negotiation.read_text("utf-8").splitlines(), 1) if "tores" in x
    )
    told = f"negotiation.yaml:{line}: negotiation.signatores: 'signatores' is not a key"
    assert told in done.stderr


def test_an_earlier_key_is_remarked_once(wine: Callable[..., str]) -> None:
    block = (
        "backtest:\n  exporter: {country: AUS, source: an example}\n"
        "  buyers: {labels: [CHN], source: an example}\n"
        "  price_market: {country: CHN, source: an example}\n"
        "  calibration: {last_year: 2022, source: an example}\nmeasures:\n"
    )
    case = wine(("schema: 2", "schema: 1"), ("measures:\n", block))
    stated = run("check", case).stdout
    assert stated.count("backtest: is called `record` now. Rename the key.") == 1
