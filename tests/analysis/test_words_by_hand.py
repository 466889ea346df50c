"""Sentences on claims, chances and votes, labels of parties and places, and ranges, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import claim_words as words
from detente.analysis.context import QuestionError, context_of
from detente.analysis.negotiation.chances import AnswerChance
from detente.analysis.negotiation.labels import (
    parameter_words,
    party_labels,
    patience_words,
    with_article,
)
from detente.analysis.negotiation.stakes import Ballot
from detente.analysis.uncertainty.ranges import (
    Ranged,
    Uncertain,
    correlated,
    sample,
    with_drawn,
)
from detente.cases import load_case
from detente.negotiation.words import beside, significant, upper_first
from detente.world import UnknownLabel, synthetic


def chosen(*include: str, but: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(include=include, exclude=but)


def scenario(**more: Any) -> Any:
    given = {"none": False, "only": (), "regime": None, "lift": (), "impose": ()}
    return SimpleNamespace(**{**given, **more})


def reading(quantity: str, change: str = "level", **more: Any) -> Any:
    given: dict[str, Any] = {
        "of": chosen("BY"), "supplier": None, "rival": None, "target": None, "commodity": None,
        "scenario": scenario(), "against": None, "at_least": None, "at_most": None,
    }  # fmt: skip
    return SimpleNamespace(quantity=quantity, change=change, **{**given, **more})


CASE: Any = SimpleNamespace(
    date="2025-01-01",
    parties=(
        SimpleNamespace(id="BY", name="Belarus", members=("BLR",)),
        SimpleNamespace(id="EU", name="European Union", members=("DEU", "FRA")),
    ),
    commodity=lambda name: SimpleNamespace(label="Potash"),
)


def test_what_is_asked_of_whom_under_which_measures() -> None:
    both = scenario(regime="2023-01-01", lift=("a", "b"), impose=("c",))
    test = reading("sales", "relative", of=chosen("BLR", "EU"), commodity="POTASH", scenario=both,
                   against=scenario(none=True))  # fmt: skip
    assert words.label(CASE, test) == (
        "change of sales of potash by Belarus and European Union on 2023-01-01 with a and b "
        "lifted with c imposed rather than without any measure"
    )
    level = reading("tonnes", supplier=chosen("*", but=("BY", "USA")), commodity="POTASH",
                    scenario=scenario(only=("a",)), against=scenario(none=True))  # fmt: skip
    assert words.label(CASE, level) == (
        "purchases of potash by Belarus from all countries but Belarus and USA with a alone"
    )
    assert words.label(CASE, reading("equivalent_variation", "absolute")) == (
        "the gain of Belarus on 2025-01-01"
    )
    ratio = reading("unit_value_ratio", supplier=chosen("BY"), of=chosen("*"), commodity="POTASH")
    assert words.label(CASE, ratio).startswith(
        "the customs value per unit of potash from Belarus in all countries over that from all "
        "others abroad"
    )
    assert words.label(CASE, reading("boomerang", "absolute", target=chosen("BY"))).startswith(
        "the loss of Belarus per dollar lost by Belarus"
    )


def test_findings_with_bands_and_bounds() -> None:
    test = reading("price_paid", commodity="POTASH", at_least=300.0, at_most=400.0)
    assert words.finding(CASE, test, 350.4, 310.0, 420.0, "supported") == (
        "In the model, on 2025-01-01, the price of potash that Belarus pays is 350 USD per unit "
        "(310 USD per unit to 420 USD per unit). The test asks for at least 300 USD per unit and "
        "at most 400 USD per unit and is met."
    )
    sold = reading("sales", "relative", commodity="POTASH", at_most=0.0)
    assert words.finding(CASE, sold, -0.1234, None, None, "contradicted") == (
        "In the model, on 2025-01-01, sales of potash by Belarus change by −12.3 %. The test "
        "asks for at most 0.0 % and is not met."
    )
    assert " sales of potash by Belarus are 1,234 USD" in words.finding(
        CASE, reading("sales", commodity="POTASH", at_least=1.0), 1234.0, None, None, "open"
    )
    gain = reading("equivalent_variation", "absolute", at_least=0.0)
    text = words.finding(CASE, gain, 12.34, -1.0, math.nan, "undecided")
    assert "the gain of Belarus is +12.3 USD million a year (no band: some draws" in text
    assert text.endswith("The test asks for at least 0.0 USD million a year and is open.")
    lost = words.finding(CASE, gain, math.nan, None, None, "open")
    assert lost.endswith("has no value: nothing is traded or lost.")
    real = reading("real_income_change", "absolute", at_most=0.0)
    assert "real income of Belarus changes by −0.50 %" in words.finding(
        CASE, real, -0.005, None, None, "supported"
    )
    assert [words.met(r) for r in ("supported", "contradicted", "undecided")] == [
        "met", "not met", "open"
    ]  # fmt: skip
    assert words.met("not contradicted") == "not contradicted: necessary, not sufficient"


@pytest.mark.parametrize(
    ("quantity", "change", "value", "told"),
    [
        ("supplier_share", "level", 0.1234, "12.3 %"),
        ("supplier_share", "absolute", 0.1234, "+12.3 points"),
        ("import_share", "relative", -0.1234, "−12.3 %"),
        ("real_income_change", "absolute", 0.00123, "+0.12 %"),
        ("largest_share", "level", 0.5, "50.0 %"),
        ("boomerang", "absolute", 0.456, "0.46 USD per USD"),
        ("herfindahl", "absolute", 0.456, "+0.46 of 1"),
        ("unit_value_ratio", "level", 1.234, "1.23 times"),
        ("tonnes", "absolute", 1.5, "+1.50 million tonnes"),
        ("price_received", "level", 12.6, "13 USD per unit"),
        ("sales", "level", 99.94, "99.9 USD million a year"),
        ("sales", "level", 100.4, "100 USD million a year"),
        ("sales", "absolute", -100.4, "−100 USD million a year"),
        ("transit_revenue", "level", math.nan, "none USD million a year"),
    ],
)
def test_amounts(quantity: str, change: str, value: float, told: str) -> None:
    assert words.amount(reading(quantity, change), value) == told


def test_published_figures_and_verdicts() -> None:
    test = reading("sales")
    assert words.published(test, (50.0, 50.0), False) == "Published: 50.0 USD million a year."
    assert words.published(test, (50.0, 60.0), True) == (
        "Published: 50.0 to 60.0 USD million a year, on the other side of what is asked, so that "
        "the test is open."
    )
    claim: Any = SimpleNamespace(speaker="A", paraphrase="It works.", not_testable=None)
    assert words.verdict(claim, "supported", ["So.", "Thus."], [("x", "y"), ("z", "w")], True) == (
        "A: It works. So. Thus. Supported, decided by x, y and by z, w."
    )
    assert words.verdict(claim, "not contradicted", ["So."], [("x", "y")], False) == (
        "A: It works. So. Not contradicted: necessary, not sufficient (point estimate only), "
        "decided by x, y."
    )
    for why in ("Motives", "Motives."):
        mute: Any = SimpleNamespace(speaker="A", paraphrase="It works.", not_testable=why)
        assert words.verdict(mute, "", [], [], True).endswith("Not testable here: Motives.")


def test_what_a_table_of_verdicts_rests_on() -> None:
    assert words.head({"supported": 0}, 0, 0, 0).startswith("The case lists no claims")
    counts = {"supported": 2, "contradicted": 1, "not testable": 3}
    assert words.head(counts, 0, 0, 0).startswith(
        "3 of 6 claims can be tested: 2 supported, 1 contradicted, 3 not testable (point "
        "estimates only, without bands)."
    )
    whole = words.head(counts, 200, 200, 0)
    assert "(bands of 5 to 95 % over 200 of 200 draws)." in whole
    assert not whole.endswith(" ")
    part = words.head(counts, 200, 150, 2, "Stalled.")
    assert "(bands of 5 to 95 % over 148 of 150 draws, stopped before 200 were done; " in part


def chance(**more: Any) -> AnswerChance:
    given: dict[str, Any] = {
        "question": "accepted", "of": "p", "label": "the swap", "central": True, "chance": 0.754,
        "turned_by": "the price", "turned": 0.25, "draws": 1000, "alone": 64,
    }  # fmt: skip
    return AnswerChance(**{**given, **more})


def test_chances_in_words() -> None:
    assert str(chance()) == (
        "The swap: accepted by all signatories in 75 % of 1,000 draws. Alone, the price turns it "
        "in 25 % of its draws."
    )
    assert str(chance(alone=0)) == ("The swap: accepted by all signatories in 75 % of 1,000 draws.")
    assert str(chance(turned_by="")).endswith("draws. No parameter alone turns that.")
    assert str(chance(turned_by="the trade parameters", turned_too=("a", "b", "c", "d"))).endswith(
        ". Alone, the trade parameters turn it in 25 % of their draws, and a, b and 2 others "
        "as often."
    )
    assert "self-enforcing in 75 %" in str(chance(question="self-enforcing"))
    assert "stable for all (SEQ) in" in str(chance(question="stable (SEQ)"))


def test_ballots_in_words() -> None:
    assert str(Ballot("ban", "The ban", -12.0, 3.0, ("adopt", "renew"))) == (
        "‘The ban’ in force costs it 12 million USD a year in money, +3 with what the case says "
        "that it values: it would block its adoption and renewal alone."
    )
    assert str(Ballot("ban", "The ban", 12.0, 0.0, ())) == (
        "‘The ban’ in force brings it 12 million USD a year in money, 0 with what the case says "
        "that it values: it would block nothing alone."
    )
    assert str(Ballot("ban", "The ban", 0.0, -3.0, ("repeal",))).startswith(
        "‘The ban’ in force brings and costs it nothing in money, −3 with"
    )


def test_labels_of_parties_and_parameters() -> None:
    assert with_article("United States") == "the United States"
    assert with_article("Belarus") == "Belarus"
    assert with_article("The Hague") == "the Hague"
    assert upper_first("the EU") == "The EU"
    assert upper_first("") == ""
    assert beside(3.456, None) == beside(3.456, (3.4, 3.4)) == "3.46"
    assert beside(3.456, (-3.04, 444.0)) == "3.5 (−3 to 440)"
    assert beside(0.001, (0.0, 0.004), significant) == "0"
    assert [significant(v) for v in (0.0, 0.0954, 0.83333, 3.96, 9.96, 444.0, -1234.0)] == [
        "0",
        "0.10",
        "0.83",
        "4.0",
        "10",
        "440",
        "−1,200",
    ]
    case = load_case("belarus")
    labels = party_labels(case)
    party = case.parties[0]
    assert labels[party.id] == with_article(party.name)
    interest = case.interests[0]
    assert parameter_words(case, f"valuations.{party.id}.{interest.id}") == (
        f"what ‘{interest.label}’ is worth to {labels[party.id]}"
    )
    assert parameter_words(case, f"valuations.EU.HUN.{interest.id}") == (
        f"what ‘{interest.label}’ is worth to HUN"
    )
    assert parameter_words(case, f"interests.{interest.id}.weight") == (
        f"the weight of ‘{interest.label}’"
    )
    assert parameter_words(case, f"patience.{party.id}") == f"the patience of {labels[party.id]}"
    assert parameter_words(case, "reservation.DEU") == "what DEU needs to sign"
    assert parameter_words(case, "trade parameters") == "the trade parameters"
    assert parameter_words(case, "potash_price") == "potash_price"
    for bare in ("valuations", "interests", "patience", "reservation"):
        assert parameter_words(case, bare) == bare


def test_patience_in_words() -> None:
    case = load_case("belarus")
    given = {p.name: p.patience for p in case.parties if p.patience is not None}
    (text,) = patience_words(case)
    years = case.number(case.negotiation.step_years)
    assert f"per year: {', '.join(given)[:4]}" in text
    for name in given:
        yearly = float(text.split(f"{name} ")[1].split(",")[0].rstrip(".").split(". ")[0])
        assert f"{name} {yearly**years:.3g}" in text.split("per step it is: ")[1]
    assert f"takes {years:g} year{'s' if years != 1 else ''}, so that" in text
    silent = case.model_copy(
        update={"parties": tuple(p.model_copy(update={"patience": None}) for p in case.parties)}
    )
    assert patience_words(silent) == []
    untold = patience_words(case.model_copy(update={"negotiation": None}))
    assert len(untold) == 1
    assert "A step of the negotiation" not in untold[0]


def test_names_are_read_as_countries() -> None:
    here = context_of("belarus", "2025-12-01")
    assert here.countries("BLR") == ("BLR",)
    assert here.countries("european union") == here.countries("EU")
    assert len(here.countries("EU")) == 27
    without = set(here.countries("EU")) - set(here.countries("EU except DEU,FRA"))
    assert without == {"DEU", "FRA"}
    assert "BLR" not in here.countries("* except BLR")
    assert len(here.countries("*")) == len(here.world.countries)
    assert here.countries(["LTU", "BLR"]) == tuple(
        c for c in here.world.countries if c in ("LTU", "BLR")
    )
    assert here.pair("BLR", "*")[1] == here.countries("* except BLR")
    with pytest.raises(QuestionError, match="DEU would be both target and sender"):
        here.pair("EU", "DEU")
    with pytest.raises(UnknownLabel):
        here.countries("Atlantis")
    assert here.label("EU") == next(p.name for p in here.case.parties if p.id == "EU")
    assert here.label("JPN") == "JPN"
    assert here.good_label("POTASH") == "potash"
    values = np.arange(float(len(here.world.countries)))
    pair = here.at(["BLR", "LTU"])
    assert here.sum_over(values, ["BLR", "LTU"]) == sum(pair)
    assert here.shock(()).changes == ()
    assert f"{len(here.in_force)} measures in force on 2025-12-01" in here.sentence


def test_a_bare_world_has_no_measures() -> None:
    world = synthetic(4, 3, 1)
    here = context_of(world)
    assert here.sentence.endswith("long run, no measures")
    assert here.scenarios() is None
    assert here.shock().changes == ()
    assert here.goods(None) == here.goods(["*"]) == world.goods
    assert here.goods(["G03", "G01"], ["G01"]) == ("G03",)
    assert context_of(here) is here
    assert context_of(world, horizon="short").span.name == "short"
    assert context_of(world, transfers="zero").transfers == "zero"
    with pytest.raises(QuestionError, match="set of goods is empty"):
        here.goods(["G01"], ["G01", "G02"])
    with pytest.raises(QuestionError, match="has trade"):
        context_of(load_case("belarus").model_copy(update={"measures": (), "commodities": ()}))


def test_a_triangular_range_by_hand() -> None:
    found = Uncertain("a", 1.0, 0.0, 4.0)
    x = np.array([0.0, 0.5, 1.0, 2.0, 4.0])
    p = np.where(x < 1, x**2 / 4, 1 - (4 - x) ** 2 / 12)
    np.testing.assert_allclose(found.quantile(p), x, atol=1e-12)
    assert Uncertain("a", 0.0, 0.0, 1.0).quantile(np.array(0.75)) == pytest.approx(0.5)
    assert Uncertain("a", 1.0, 0.0, 1.0).quantile(np.array(0.25)) == pytest.approx(0.5)
    # A value outside of its range counts as its nearer end.
    assert Uncertain("a", -1.0, 0.0, 1.0).quantile(np.array(0.75)) == pytest.approx(0.5)
    assert Uncertain("a", 9.0, 0.0, 1.0).quantile(np.array(0.25)) == pytest.approx(0.5)


def test_points_of_draws() -> None:
    assert sample(0, 5, 1).shape == (5, 0)
    few, many = sample(3, 5, 1), sample(3, 64, 1)
    np.testing.assert_array_equal(many[:5], few)
    assert ((many > 0) & (many < 1)).all()
    # A net of 64 points has one in each 64th of every axis.
    assert (np.sort(np.floor(64 * many), axis=0) == np.arange(64)[:, None]).all()
    assert not np.array_equal(sample(3, 5, 2), few)
    case: Any = SimpleNamespace(correlations=())
    assert correlated(many, [], case) is many


def test_drawn_elasticities_stand_at_their_goods() -> None:
    world = synthetic(3, 3, 1)
    ranged = (
        Ranged(Uncertain("x", 2.0, 0.0, 4.0), ("G03", "G01")),
        Ranged(Uncertain("y", 5.0, 4.0, 6.0), ("G02",)),
    )
    drawn = with_drawn(world, ranged, [0.5, 0.125])
    assert drawn.trade_elasticity_j.tolist() == pytest.approx([2.0, 4.5, 2.0])
    np.testing.assert_array_equal(drawn.input_substitution_j, world.input_substitution_j)
    assert with_drawn(world, (), []) is world
