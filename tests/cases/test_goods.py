"""One line of a case splits a narrow good out: what it comes to, and what is refused where."""

from __future__ import annotations

import pytest

from detente.cases import CaseError, load_case, read_case, world_of
from detente.report.case_check import check_case
from detente.trade import solve
from detente.world.products import kind_of, split_of

LINE = 'goods: [{id: crude, hs: "270900", year: 2021}]'
TEXT = f"""\
schema: 2
name: oil
title: A ban on crude
summary: The Union bans Russian crude.
world: oecd28-2021
date: 2023-01-01
{LINE}
parties:
  - {{id: EU, name: European Union, members: [EU]}}
  - {{id: Russia, name: Russia, members: [RUS]}}
measures:
  - id: ban
    label: Ban on crude
    owner: EU
    kind: sanction
    source: analyst estimate
    sets: [{{embargo: {{origin: RUS, market: EU, goods: [crude], leakage: 0.05}}}}]
    in_force: [{{from: 2022-12-05, document: to be named}}]
"""


def test_a_line_is_the_commodity_that_it_stands_for() -> None:
    case = read_case(TEXT)
    world = world_of(case)
    (commodity,) = case.commodities
    assert (commodity.name, commodity.parent, commodity.hs) == ("crude", "B06", "270900")
    assert world.goods[-1] == "crude"
    split = split_of("270900", world_of_base())
    found = world.trade_jni[-1]
    assert found.sum() == pytest.approx(split.value_ni.sum(), rel=1e-4)
    ranges = {name: case.parameters[name].range for name in case.parameters}
    share = kind_of("energy").resource_share
    assert ranges["crude_resource_share"] == (share.low, share.high)
    assert set(ranges) == {
        "crude_trade_elasticity",
        "crude_resource_share",
        "crude_input_substitution",
    }
    assert all(p.source for p in case.parameters.values())
    j = world.good("crude")
    assert world.trade_elasticity_j[j] == case.value("crude_trade_elasticity")


def world_of_base():
    from detente.world import load_world

    return load_world("oecd28-2021")


def test_a_measure_on_the_good_leaves_its_sector_alone() -> None:
    case = read_case(TEXT)
    world = world_of(case)
    from detente.cases import shock_of

    found = solve(world, shock_of(case, case.regime(), world, case.date))
    crude, sector = world.good("crude"), world.good("B06")
    germany, russia = world.country("DEU"), world.country("RUS")
    after = found.trade_value.values
    assert after[crude, germany, russia] < 0.2 * world.trade_jni[crude, germany, russia]
    assert after[sector, germany, russia] > 0.5 * world.trade_jni[sector, germany, russia]
    assert found.real_income_change["RUS"] < 0


def test_a_parameter_of_the_file_replaces_the_one_on_file() -> None:
    own = (
        "parameters:\n  crude_resource_share: {value: 0.3, range: [0.2, 0.4], unit: share, "
        "date: 2024, source: a paper}\n"
    )
    case = read_case(TEXT.replace("parties:", f"{own}parties:", 1))
    assert case.value("crude_resource_share") == 0.3
    assert case.parameters["crude_resource_share"].source == "a paper"


def test_the_same_line_has_the_same_digest_and_another_year_another() -> None:
    first, again = read_case(TEXT), read_case(TEXT)
    other = read_case(TEXT.replace("year: 2021", "year: 2019"))
    assert first.digest == again.digest != other.digest
    assert any("of 2019, in a world of 2021" in text for text in other.assumptions)


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('- {id: crude, hs: "270910"}', "goods[0].hs", "270900 (crude oil)"),
        ('- {id: crude, hs: "3104", year: 2021}', "goods[0].year", "of 2022 to 2024"),
        ('- {id: crude, hs: "710812"}', "goods[0].hs", "name a larger parent"),
        ('- {id: crude, hs: "270900", parent: B99}', "goods[0].parent", "Did you mean B09?"),
        ('- {id: crude, hs: "270900", yeer: 2021}', "goods[0].yeer", "Did you mean year?"),
        ("- {id: crude, hs: oil}", "goods[0].hs", "two to ten digits"),
        ('- {id: crude, hs: "270900", year: soon}', "goods[0].year", ""),
    ],
)
def test_what_is_wrong_with_a_line_is_said_once_at_its_key(tmp_path, line, key, words) -> None:
    file = tmp_path / "oil.yaml"
    file.write_text(TEXT.replace(LINE, f"goods:\n  {line}"), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load_case(file)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.key) == ("oil.yaml", 8, key)
    assert words in f"{fault.message} {fault.remedy}"
    assert fault.remedy


def test_two_lines_of_one_name_are_one_fault() -> None:
    both = '[{id: crude, hs: "270900"}, {id: crude, hs: "271111"}]'
    with pytest.raises(CaseError) as caught:
        read_case(TEXT.replace(LINE, f"goods: {both}"))
    (fault,) = caught.value.faults
    assert (fault.key, "at goods[0]" in fault.message) == ("goods[1].id", True)


def test_what_had_to_be_repaired_is_the_first_thing_that_check_says(tmp_path) -> None:
    file = tmp_path / "oil.yaml"
    file.write_text(TEXT, encoding="utf-8")
    found = check_case(str(file))
    assert found.ok
    assert found.sentences[0].startswith("Repaired: crude oil: what the customs have")
    assert found.to_dict()["repairs"] == list(found.case.repairs)
    counts = next(s for s in found.sentences if s.startswith("oil: no faults."))
    assert found.sentences.index(counts) == len(found.case.repairs) + len(found.case.assumptions)
