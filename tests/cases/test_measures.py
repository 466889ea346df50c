"""What a measure may set, from file to economy: quotas, licences, caps and several owners."""

from __future__ import annotations

import pytest

from detente import answer, assess, compare, solve
from detente.analysis import idle_measures
from detente.cases import CaseError, read_case
from detente.cases.resolve import shock_of, world_of
from detente.report.case_check import check_case

HEAD = """\
schema: 2
name: steel
title: Steel
summary: An example.
world: oecd-2020
date: 2023-01-01
parties:
  - {id: US, name: United States, members: [USA]}
  - {id: EU, name: European Union, members: [EU], rule: unanimity}
  - {id: G7, name: Group of Seven, members: [G7], rule: unanimity}
measures:
"""
FLOW = "origin: CHN, market: USA, goods: MANUF_EXFOOD"


def case_with(*entries: str) -> str:
    """A case with these measures, each `SETTINGS` of the United States or a whole entry."""
    lines = [
        e
        if e.startswith("{")
        else f"{{id: m{k}, label: M{k}, owner: US, kind: tariff, source: an example, sets: [{e}], "
        "in_force: [{from: 2022-01-01, document: an example}]}"
        for k, e in enumerate(entries)
    ]
    return HEAD + "".join(f"  - {line}\n" for line in lines)


def solved(*entries: str):
    case = read_case(case_with(*entries))
    world = world_of(case)
    return solve(world, shock_of(case, case.measures, world, case.date))


@pytest.fixture(scope="module")
def flow() -> float:
    world = world_of(read_case(case_with(f"embargo: {{{FLOW}}}")))
    return float(
        world.trade_jni[world.good("MANUF_EXFOOD"), world.country("USA"), world.country("CHN")]
    )


@pytest.mark.parametrize("amount", ["share: 0.5", "value: {value}"])
def test_a_quota_holds_what_the_file_says(flow, amount) -> None:
    text = amount.replace("{value}", f"{0.5 * flow:.6f}")
    (held,) = solved(f"quota: {{{FLOW}, {text}}}").quotas
    assert held.binds
    assert held.quantity == pytest.approx(0.5 * flow, rel=1e-7)


def test_a_licence_opens_what_another_measure_closes(flow) -> None:
    ban, some = f"embargo: {{{FLOW}}}", f"licence: {{{FLOW}, share: 0.1, rent: origin}}"
    (held,) = solved(ban, some).quotas
    assert (held.owner, held.binds) == ("origin", True)
    assert held.quantity == pytest.approx(0.1 * flow, rel=1e-7)
    (idle,) = solved(some).quotas
    assert not idle.binds


def test_an_answer_has_the_effect_of_a_quota_and_says_what_a_cap_lacks() -> None:
    cap = f"price_cap: {{{FLOW}, price: 60, unit: USD per barrel}}"
    case = read_case(case_with(f"quota: {{{FLOW}, share: 0.5}}", cap))
    found = assess(case)
    assert found.regime.equivalent_variation_n[found.world.country("CHN")] < -100
    lacking = "‘M1’: its price cap is not yet computed, and no result has its effect."
    assert lacking in found.sentences
    assert lacking in compare(case, lift=["m0"]).notes
    assert lacking in answer(case).sentences
    assert dict(idle_measures(case))["m1"].startswith("its price cap is not yet computed")
    assert "m0" not in dict(idle_measures(case))


def test_check_names_whose_trade_a_measure_meets_and_what_is_not_computed(tmp_path) -> None:
    path = tmp_path / "steel.yaml"
    cap = f"price_cap: {{{FLOW}, price: 60, unit: USD per barrel}}"
    path.write_text(case_with(f"embargo: {{{FLOW}}}", cap), encoding="utf-8")
    found = check_case(str(path))
    said = "\n".join(found.sentences)
    ((share,),) = found.shares[0]
    world = world_of(found.case)
    sold = world.trade_jni[world.good("MANUF_EXFOOD"), :, world.country("CHN")].copy()
    sold[world.country("CHN")] = 0
    assert (share.whose, share.flow) == ("China", "exports")
    assert share.share == pytest.approx(sold[world.country("USA")] / sold.sum())
    assert f"{100 * share.share:.0f} % of China's exports of it" in said
    assert "- ‘M1’: its price cap is not yet computed" in said
    assert "not yet computed" in found.to_dict()["measures"][1]["settings"][0]["sentence"]


def test_several_owners_hold_one_each_by_their_own_rules() -> None:
    text = case_with(
        "{id: ban, label: Ban, owner: [EU, G7], kind: sanction, source: an example, "
        "rules: {EU: {repeal: double_majority}}, "
        "sets: [{embargo: {origin: RUS, market: 'owner except HUN', goods: MANUF_EXFOOD}}], "
        "in_force: [{from: 2022-01-01, document: an example}]}"
    )
    case = read_case(text)
    union, seven = case.measures
    assert (union.id, union.owner, union.label) == ("ban-EU", "EU", "Ban (EU)")
    assert union.rules.repeal.kind == "double_majority"
    assert seven.rules.repeal is None
    world = world_of(case)
    there = [set(case.countries(m.sets[0].embargo.market, world)) for m in (union, seven)]
    assert [("HUN" in c, "DEU" in c, len(c)) for c in there] == [
        (False, True, 26),
        (False, True, 7),
    ]
    left = solve(world, shock_of(case, [seven], world, case.date)).trade_value
    assert left["MANUF_EXFOOD", "DEU", "RUS"] == 0 < left["MANUF_EXFOOD", "AUT", "RUS"]


@pytest.mark.parametrize(
    ("entry", "key", "words"),
    [
        (f"quota: {{{FLOW}}}", "sets[0].quota", "exactly one of value, quantity, share"),
        (f"quota: {{{FLOW}, share: 0.5, value: 3}}", "sets[0].quota", "has value and share"),
        (f"quota: {{{FLOW}, share: 0}}", "sets[0].quota.share", "it must be above 0"),
        (f"quota: {{{FLOW}, quantity: 5}}", "sets[0].quota.quantity", "needs one commodity"),
        (f"quota: {{{FLOW}, share: 1, rent: me}}", "sets[0].quota.rent", "not one of market"),
        (
            f"quota: {{{FLOW}, share: 1, beyond: 0.1, rent: origin}}",
            "sets[0].quota",
            "Leave `rent` out",
        ),
        (f"licence: {{{FLOW}, share: 1, beyond: 1}}", "sets[0].licence.beyond", "not a key here"),
        (f"price_cap: {{{FLOW}, price: -1, unit: x}}", "sets[0].price_cap.price", "above 0"),
        (f"price_cap: {{{FLOW}, price: 60}}", "sets[0].price_cap.unit", "missing"),
        (
            "embargo: {origin: CHN, market: {except: [HUN]}, goods: '*'}",
            "sets[0].embargo.market",
            "'* except EU, RUS' for the whole world",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place_with_a_remedy(entry, key, words) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(case_with(entry), "steel.yaml")
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.key) == ("steel.yaml", 12, f"measures[0].{key}")
    assert words in str(fault)
    assert fault.remedy


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("owner: [EU, G7]", "owner: [EU, EU]"), "not one or several parties"),
        (("owner: [EU, G7]", "owner: []"), "list of different ids"),
        (("owner: [EU, G7]", "owner: [EU, G8]"), "there is no party 'G8'"),
        (("href: 'https://x.org'", ""), "has neither `href` nor a `note`"),
    ],
)
def test_owners_and_acts_that_cannot_be_are_refused(change, words) -> None:
    text = case_with(
        "{id: ban, label: Ban, owner: [EU, G7], kind: sanction, source: an example, "
        "acts: [{title: An act, date: 2022-01-01, href: 'https://x.org'}], "
        "sets: [{embargo: {origin: RUS, market: owner, goods: MANUF_EXFOOD}}], "
        "in_force: [{from: 2022-01-01, document: an example}]}"
    )
    assert change[0] in text
    read_case(text)
    with pytest.raises(CaseError, match=words):
        read_case(text.replace(*change))


def test_an_act_without_a_link_that_says_why_is_taken() -> None:
    text = case_with(
        "{id: ban, label: Ban, owner: EU, kind: sanction, source: an example, "
        "acts: [{title: An act, date: 2022-01-01, note: no public text}], "
        f"sets: [{{embargo: {{{FLOW}}}}}], in_force: []}}"
    )
    assert read_case(text).measures[0].acts[0].href is None


def test_seeded_draws_name_the_parameters_that_together_cannot_be(tmp_path) -> None:
    """Each end can be with the other at its centre; a rebate near the price leaves no cost."""
    path = tmp_path / "wool.yaml"
    text = case_with(
        "iceberg: {origin: BLR, market: CHN, goods: WOOL, extra_cost: rebate}"
    ).replace(
        "measures:\n",
        "parameters:\n"
        "  rebate: {value: -150, range: [-199, -149], unit: USD, date: 2020, source: a paper}\n"
        "  fee: {value: 200, range: [151, 201], unit: USD, date: 2020, source: a paper}\n"
        "commodities:\n  - {name: WOOL, label: Wool, parent: AGRI_MIN_FOOD, flows: wool.csv, "
        "unit: t, period: 2020, price: fee, users: {MANUF_EXFOOD: 0.5, final: rest}, "
        "labour_share: 0.3, capital_share: 0.25, resource_share: 0.15, trade_elasticity: 4, "
        "input_substitution: 1, source: an example}\nmeasures:\n",
    )
    path.write_text(text, encoding="utf-8")
    (tmp_path / "wool.csv").write_text("origin,market,tonnes\nBLR,CHN,1000000\n")
    found = check_case(str(path))
    assert not found.ok
    (fault,) = found.faults
    assert fault.key in ("parameters.rebate.range", "parameters.fee.range")
    assert "is impossible: " in fault.message
    for name in ("rebate", "fee"):
        assert f"{name} " in fault.message
    assert "off a price of" in fault.message
    assert fault.line in (12, 13)
    assert found.refusal == check_case(str(path)).refusal
