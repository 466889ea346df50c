"""Designs and tariff wars in words, rows and plain data, from points that were made by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.designs import Design
from detente.analysis.designs.first_order_conditions import Optimality
from detente.analysis.designs.levers import BANS, Lever, Levers
from detente.analysis.designs.nash import Nash
from detente.analysis.designs.optimise import BanCheck, Choice, Field, choose
from detente.analysis.designs.result import Point, Present, worth
from detente.analysis.sensitivities.instruments import moves, ratio_of, verdict_of
from detente.trade import NotConverged

PROOF = Optimality("converged", 2e-8, 1e-6, 2, 1, 0, 9)
GROUND: Any = SimpleNamespace(
    sentence="a made-up world",
    good_label=str.lower,
    head=lambda said, drawn=None: {"sentences": said},
)


def levers(*names: Lever) -> Levers:
    size = len(names)
    return Levers(
        names,
        np.zeros(size, dtype=np.intp),
        np.arange(size),
        np.arange(size),
        np.zeros(size),
        np.linspace(0.5, 1.0, size),
        np.arange(1.0, size + 1),
        np.full(size, 4.0),
        0.02,
    )


TARIFFS = levers(Lever("tariff", "S", "T", "OIL"), Lever("export_barrier", "S", "T", "OIL"))
MIXED = levers(Lever("tariff", "S", "T", "OIL"), Lever("import_ban", "S", "T", "GAS"))
ONLY_BANS = levers(Lever("export_ban", "S", "T", "OIL"), Lever("import_ban", "S", "U", "GAS"))


def design(chosen: Levers, rates: tuple[float, float] = (0.1, 1.0), **more: Any) -> Design:
    point: dict[str, Any] = {
        "own_weight": 0.5, "harm": 100.0, "cost": 20.0, "others": -3.0, "mean_rate": 0.1,
        "rate": np.array(rates), "certificate": PROOF, "bans": None, "value": 90.0,
    }  # fmt: skip
    given: dict[str, Any] = {"target": "T", "curve": (), "present": None}
    for key, value in more.items():
        (point if key in Point.__dataclass_fields__ else given)[key] = value
    return Design(GROUND, given.pop("target"), "S", chosen, Point(**point), **given)


def test_what_rates_do_in_words() -> None:
    found = design(TARIFFS)
    assert list(found.sentences) == [
        "The best rates at a weight of 0.5 on its own loss cost T 100.0 USD million a year and S "
        "would lose 20.0. Everybody else gains 3.0 (a made-up world).",
        PROOF.sentence,
    ]
    assert PROOF.sentence == (
        "First-order conditions hold to 2e-08 (asked for 1e-06) after 9 evaluations: 2 rates "
        "inside their bounds, 1 at zero, 0 at the highest."
    )
    own = design(TARIFFS, target="", cost=-7.0, others=4.0, own_weight=math.inf)
    assert own.sentences[0] == (
        "With the rates that serve it best S would gain 7.0 USD million a year. Everybody else "
        "loses 4.0 (a made-up world)."
    )
    assert own.best.worth == 7.0
    assert found.best.worth == worth(100.0, 20.0, 0.5) == 90.0
    assert own.to_dict()["best"]["own_weight"] is None
    assert design(TARIFFS, cost=0.0).sentences[0].count("would gain 0.0") == 1


def test_searches_from_several_starts_in_words() -> None:
    assert "Searches from 3 starts end at the same aim." in design(TARIFFS, starts=3).sentences
    assert len(design(TARIFFS, starts=1, apart=9.0).sentences) == 2
    text = design(TARIFFS, starts=2, apart=0.05).sentences[2]
    assert text.startswith("It is the best of searches from 2 starts, of which the worst ends 0.1")


def test_bans_in_words_and_names() -> None:
    check = BanCheck(True, 12, 5.0, ("import ban on gas",))
    found = design(MIXED, bans=check)
    assert found.banned == ("import_ban GAS",)
    assert found.banned_in_words == ("import ban on gas",)
    assert found.sentences[0].startswith("The best rates and bans at a weight of 0.5")
    assert list(found.sentences[1:]) == [
        PROOF.sentence,
        "Bans: import ban on gas.",
        "Each was tried by an exact solution (12 sets): no single ban more or less does better; "
        "they add 5.0 to the aim over the best without a ban.",
        "Without an equilibrium, hence left out: import ban on gas. A country would lose its last "
        "supplier; give the bans a leakage, as 0.02, to have them.",
    ]
    none = design(MIXED, (0.1, 0.0), bans=BanCheck(False, 3, 0.0, ()))
    assert none.banned == ()
    assert list(none.sentences[2:]) == [
        "No ban serves the aim.",
        "Each was tried by an exact solution (3 sets): cancelled or not settled before every ban "
        "was tried from here.",
    ]
    # Where there are bans only there is no rate whose conditions could be told.
    only = design(ONLY_BANS, (1.0, 1.0), bans=BanCheck(True, 4, math.nan, ()))
    assert only.banned == ("export_ban OIL (T)", "import_ban GAS (U)")
    assert only.sentences[0].startswith("The best bans at a weight")
    assert only.sentences[1] == "Bans: export ban on oil (T); import ban on gas (U)."
    assert len(only.sentences) == 3
    assert ONLY_BANS.are(*BANS).all()


def test_measures_in_force_in_words() -> None:
    now = Present(("ban", "duty"), ("stop",), 80.0, -5.0)
    found = design(TARIFFS, present=now)
    assert list(found.sentences[2:]) == [
        "The measures of S in force whose place the rates take (ban, duty) cost T 80.0 and give "
        "itself 5.0.",
        "By this aim (harm less 0.5 times the own loss) they are worth 82.5, the rates 90.0.",
        "Under the rates stay stop, which act on routes or on others too, so that "
        "nothing here could take their place.",
    ]
    assert found.to_dict()["present"]["worth"] == 82.5
    better = design(TARIFFS, present=replace(now, harm=100.0, kept=()))
    assert (
        "they are worth 102.5, the rates 90.0: what is in force does better"
        in (better.sentences[-1])
    )
    alone = design(TARIFFS, target="", present=replace(now, kept=()), own_weight=math.inf)
    assert "(ban, duty) give itself 5.0." in alone.sentences[2]
    assert "By this aim (own gain) they are worth 5.0, the rates -20.0" in alone.sentences[3]
    stays = design(TARIFFS, present=replace(now, replaced=()))
    assert len(stays.sentences) == 3
    assert design(TARIFFS).to_dict()["present"] is None


def test_curves_that_are_rough_or_cut_are_told() -> None:
    rough = replace(design(TARIFFS).best, certificate=replace(PROOF, status="stalled"))
    points = (design(TARIFFS).best, replace(rough, own_weight=2.0), rough)
    found = design(TARIFFS, curve=points, cut_short=True)
    assert list(found.sentences[2:]) == [
        "On the curve the conditions hold only roughly at weights of 2, 0.5.",
        "Cancelled: the curve holds the points that were done.",
    ]
    assert design(TARIFFS, cut_short=True).sentences[-1] == "Cancelled: the best so far."
    rows = found.curve_frame().to_dicts()
    assert [r["own_weight"] for r in rows] == [0.5, 2.0, 0.5]
    assert [r["status"] for r in rows] == ["converged", "stalled", "stalled"]
    assert rows[1]["worth"] == 60.0
    assert rows[0]["residual"] == 2e-8
    assert [p["own_weight"] for p in found.to_dict()["curve"]] == [0.5, 2.0, 0.5]


def test_rates_in_rows() -> None:
    rows = design(TARIFFS, (0.1, math.log(1.3))).to_frame().to_dicts()
    assert rows[0] == {
        "instrument": "tariff", "partner": "T", "good": "OIL", "rate": 0.1, "highest": 0.5,
        "base_trade": 1.0,
    }  # fmt: skip
    # The rate of a barrier is the log of a factor; rows show the fraction that it costs.
    assert rows[1]["rate"] == pytest.approx(0.3)
    assert rows[1]["highest"] == pytest.approx(math.e - 1)


def test_some_of_the_levers() -> None:
    three = levers(*(Lever("tariff", "S", "T", g) for g in "abc"))
    two = three.some(np.array([True, False, True]))
    assert [x.good for x in two.names] == ["a", "c"]
    assert (two.cell.tolist(), two.lever.tolist()) == ([0, 2], [0, 1])
    assert (two.size.tolist(), two.highest.tolist(), two.leakage) == ([1, 3], [0.5, 1.0], 0.02)
    assert three.sum(np.array([1.0, 2.0, 3.0])).tolist() == [1, 2, 3]
    assert two.owner.tolist() == [0, 0]


def war(departing: list[float], **more: Any) -> Nash:
    names = (Lever("tariff", "A", "B", "OIL"), Lever("tariff", "A", "B", "GAS"),
             Lever("tariff", "B", "A", "OIL"))  # fmt: skip
    chosen = Levers(
        names, np.array([0, 0, 1]), np.arange(3), np.arange(3), np.zeros(3), np.ones(3),
        np.array([1.0, 3.0, 2.0]), np.ones(3),
    )  # fmt: skip
    return Nash(
        GROUND, ("A", "B"), chosen, np.array([0.2, 0.4, 0.3]), np.array([-12.0, 3.0]),
        np.array([-0.0012, 0.0003]), -4.0, np.array(departing), PROOF, **more,
    )  # fmt: skip


def test_a_war_in_words_and_rows() -> None:
    found = war([0.001, -0.002])
    np.testing.assert_allclose(found.mean_rate, [(0.2 + 3 * 0.4) / 4, 0.3])
    assert list(found.sentences) == [
        "In a tariff war of A, B (a made-up world): A loses 12 (−0.12 %); B gains 3 (+0.03 %), USD "
        "million a year; all others −4.",
        PROOF.sentence,
        "From there the best answer of any player alone gains it at most 0.001 USD million a year.",
    ]
    assert found.unchecked == ()
    players = found.to_dict()["players"]
    assert players[0] == {
        "id": "A", "gain": -12.0, "relative_gain": -0.0012, "mean_rate": pytest.approx(0.35),
        "gain_by_best_answer": 0.001,
    }  # fmt: skip
    assert found.to_frame().row(2) == ("B", "A", "OIL", 0.3, 2.0)
    cut = war([0.5, math.nan], cut_short=True)
    assert list(cut.sentences[2:]) == [
        "From there the best answer of A alone gains it at most 0.5 USD million a year.",
        "Cancelled: no best answer was searched for, or not to the end, of B.",
    ]
    assert cut.unchecked == ("B",)
    unasked = war([math.nan, math.nan])
    assert (len(unasked.sentences), unasked.unchecked) == (2, ())
    assert "at most 0 USD" in war([-1.0, -2.0]).sentences[2]


def test_verdicts_and_ratios() -> None:
    assert verdict_of(2.0, 1.0) == "costs both"
    assert verdict_of(2.0, 0.0) == verdict_of(2.0, -1.0) == "pays the sender"
    assert verdict_of(0.0, 1.0) == verdict_of(-2.0, 1.0) == "helps the target"
    assert verdict_of(-2.0, 0.0) == verdict_of(-1.0, -1.0) == "helps both"
    assert verdict_of(0.5, -0.5, noise=0.5) == verdict_of(0.0, 0.0) == "moves nothing"
    assert verdict_of(0.6, 0.1, noise=0.5) == "costs both"
    assert ratio_of(6.0, 3.0) == 2.0
    assert math.isnan(ratio_of(6.0, 0.0))
    assert math.isnan(ratio_of(6.0, -1.0))
    assert moves("costs", "gives", [("A", 5.0, "5"), ("B", 3.0, "3")]) == "costs A 5 and B 3"
    assert moves("costs", "gives", [("A", 5.0, "5"), ("B", -3.0, "3")]) == (
        "costs A 5 and gives B 3"
    )
    assert moves("costs", "gives", [("A", 0.0, "0")]) == "gives A 0"


class Invented(Field):
    """A field whose aims are known of every set of bans, and whose rates are best at once."""

    def __init__(self, chosen: Levers, aim: dict[tuple[float, ...], float | None]) -> None:
        context: Any = SimpleNamespace(
            tolerance=1e-9, world=SimpleNamespace(income_n=np.array([1e3])), good_label=str.lower
        )
        background: Any = SimpleNamespace(equivalent_variation=SimpleNamespace(values=np.zeros(1)))
        super().__init__(context, background, chosen)
        self.aim, self.asked = aim, list[tuple[float, ...]]()

    def variations(self, rates: Any) -> Any:
        found = [self.aim[tuple(r[self.ban])] for r in rates]
        self.asked += [tuple(r[self.ban]) for r in rates]
        return [None if v is None else np.array([v]) for v in found]

    def climbed(self, weight_n: Any, rate: Any, goal: float) -> Choice:
        value = self.aim[tuple(rate[self.ban])]
        if value is None:
            raise NotConverged("No equilibrium.")
        return Choice(rate, np.array([value]), value, PROOF, None, False)


WEIGHT = np.ones(1)
ZEROS, ONES = np.zeros(2), np.ones(2)


def test_bans_are_set_and_lifted_until_no_single_one_helps() -> None:
    aim = {(0, 0): 0.0, (1, 0): 2.0, (0, 1): 1.0, (1, 1): 2.5}
    (found,) = choose(Invented(ONLY_BANS, aim), WEIGHT, [ZEROS], 1e-6)
    # Each helps alone, and both together are the best of all.
    assert (found.rate.tolist(), found.value) == ([1, 1], 2.5)
    assert found.bans == BanCheck(True, 2 + 1 + 2, 2.5, ())
    rival = {(0, 0): 0.0, (1, 0): 2.0, (0, 1): 1.0, (1, 1): 1.5}
    (found,) = choose(Invented(ONLY_BANS, rival), WEIGHT, [ZEROS], 1e-6)
    # Together they do worse than the better one alone.
    assert (found.rate.tolist(), found.value) == ([1, 0], 2.0)
    back, forth = choose(Invented(ONLY_BANS, rival), WEIGHT, [ONES, ZEROS], 1e-6)
    assert [back.value, forth.value] == [2.0, 2.0]
    assert back.bans is not None
    # What bans add is known only where the search began without any.
    assert {math.isnan(c.bans.gained) for c in (back, forth) if c.bans} == {True, False}
    useless = {(0, 0): 3.0, (1, 0): 2.0, (0, 1): 3.0 + 1e-9, (1, 1): 0.0}
    (found,) = choose(Invented(ONLY_BANS, useless), WEIGHT, [ZEROS], 1e-6)
    assert found.rate.tolist() == [0, 0]
    assert found.bans == BanCheck(True, 2, 0.0, ())


def test_bans_without_an_equilibrium_are_named_and_starts_without_one_left_out() -> None:
    aim = {(0, 0): 0.0, (1, 0): None, (0, 1): 1.0, (1, 1): None}
    (found,) = choose(Invented(ONLY_BANS, aim), WEIGHT, [ONES, ZEROS], 1e-6)
    assert found.rate.tolist() == [0, 1]
    assert found.bans is not None
    assert found.bans.impossible == ("export ban on oil",)
    shut = dict.fromkeys(aim, None)
    with pytest.raises(NotConverged, match="No equilibrium"):
        choose(Invented(ONLY_BANS, shut), WEIGHT, [ONES, ZEROS], 1e-6)
    two = {(0, 0): 0.0, (1, 0): -1.0, (0, 1): -1.0, (1, 1): 4.0}
    found = choose(Invented(ONLY_BANS, two), WEIGHT, [ZEROS, ONES], 1e-6)
    # Two local optima: the better one first.
    assert [c.value for c in found] == [4.0, 0.0]


def test_searches_start_low_and_from_every_ban_and_from_both_ends_of_barriers() -> None:
    assert [s.tolist() for s in Invented(MIXED, {}).starts()] == [[0.05, 0.0], [0.05, 1.0]]
    low, none, high = Invented(TARIFFS, {}).starts()
    assert (low.tolist(), none.tolist(), high.tolist()) == ([0.05, 0.1], [0, 0], [0.5, 1.0])
    plain = levers(Lever("tariff", "S", "T", "OIL"))
    assert [s.tolist() for s in Invented(plain, {}).starts()] == [[0.05]]
    nothing = Invented(MIXED, {}).nothing()
    assert (nothing.rate.tolist(), nothing.certificate.at_zero) == ([0, 0], 2)
