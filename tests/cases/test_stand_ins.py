"""Countries that a case takes out of the rest of the world: what they change, and how they show."""

import re

import pytest

from detente.cases import CaseError, read_case, world_of
from detente.report import make_brief
from detente.trade import embargo, solve
from detente.world import aggregate_countries, load_world

TEXT = """
schema: 1
name: iranian-goods
title: Trade with Iran
summary: What a ban on Iranian goods does.
world: oecd-2020
date: 2024-01-01
countries:
  - {id: IRN, from: ROW, exports: 47000, imports: 57000, source: World Bank}
  - id: VEN
    gdp: 43000
    goods:
      AGRI_MIN_FOOD: {exports: {CHN: 9e6, CUB: 1e6}, output: 30e6, price: 250, part: true}
parties:
  - {id: US, name: United States, members: [USA], patience: 0.9}
  - {id: IR, name: Iran, members: [IRN]}
measures:
  - id: ban
    label: US ban on Iranian goods
    owner: US
    kind: sanction
    in_force: [{from: 2018-11-05, document: Executive Order 13846}]
    sets: [{embargo: {origin: IRN, market: USA, goods: '*'}}]
    source: analyst estimate
"""


def test_a_case_has_the_countries_that_it_takes_out() -> None:
    case = read_case(TEXT)
    world = world_of(case)
    assert world.stand_ins == ("IRN", "VEN")
    back = aggregate_countries(world, {"IRN": "ROW", "VEN": "ROW"})
    old = load_world("oecd-2020")
    assert abs(back.trade_jni - old.trade_jni).max() < 1e-9 * old.trade_jni.max()
    j, n = world.good("AGRI_MIN_FOOD"), world.country("VEN")
    assert world.trade_jni[j, world.country("CHN"), n] > 9e6 * 250 / 1e6


def test_the_note_is_repeated_where_the_country_is_shown() -> None:
    world = world_of(read_case(TEXT))
    first, second = world.stand_in_notes
    assert first.startswith("Iran (IRN) is a stand-in: it was taken out of ROW")
    assert second.startswith("Venezuela (VEN) is a stand-in")
    assert "Iran is a stand-in taken out of ROW" in world.source
    document = world.to_dict()
    assert first in document["sentences"]
    found = solve(world, embargo("IRN", "USA"))
    assert {first, second} <= set(found.to_dict()["sentences"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "id: VEN",
            "id: IRN",
            r"countries\[1\]: cannot be taken out. Iran \(IRN\) is in the world",
        ),
        ("id: VEN", "id: VENN", r"There is no country 'VENN'. Did you mean VEN"),
        ("gdp: 43000", "gdp: 43e9", "is not below the"),
        ("CUB: 1e6", "CBA: 1e6", r"countries\[1\]: .*no partner 'CBA'"),
        ("output: 30e6", "output: 1e6", "abroad but makes"),
        ("members: [IRN]", "members: [SYR]", r"countries: \[\{id: SYR, from: ROW\}\]"),
    ],
)
def test_what_cannot_be_taken_out_is_said_once_with_its_place(
    old: str, new: str, said: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(TEXT.replace(old, new))
    assert len(re.findall(said, str(caught.value))) == 1
    assert re.search(r"case\.yaml:\d+: (countries|parties)\[1\]", str(caught.value))


def test_the_sources_of_an_answer_name_stand_ins() -> None:
    views = make_brief(read_case(TEXT), draws=0, full=False)
    assert views.overview is not None
    shown = [text for text in views.overview.sources if "is a stand-in: " in text]
    assert shown == list(world_of(read_case(TEXT)).stand_in_notes)
