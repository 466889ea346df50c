"""Designed tariffs: closed forms, certificates, Nash tariffs, the curve, questions refused."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from detente.analysis import QuestionError, design, nash_tariffs, optimal_tariffs
from detente.analysis.context import context_of
from detente.analysis.designs import Design
from detente.trade import Shock, embargo, iceberg, solve, solve_many, tariff
from detente.world import UnknownLabel, World, synthetic

THETA = 4.0


def one_good(size: float) -> World:
    """A country of relative size `size` and the rest, one good, no inputs, balanced trade."""
    home, abroad = 1e6 * size, 1e6
    imports = 0.3 * home
    trade = np.array([[[home - imports, imports], [imports, abroad - imports]]])
    made = np.array([[home], [abroad]])
    return World.from_flows(
        ["HOM", "ROW"], ["G"], trade, np.zeros((2, 1, 1)), made, made, trade_elasticity_j=THETA
    )


@cache
def world() -> World:
    return synthetic(6, 4, seed=2)


@cache
def curve() -> Design:
    return design(
        world(), "C002", "C003", own_weight=1.0, curve=(0.0, 0.25, 0.5, 1.0, 2.0, 8.0, math.inf)
    )


@pytest.mark.parametrize("size", [1.0, 0.1, 0.01, 0.001])
def test_the_optimal_tariff_meets_the_closed_form_and_its_limit(size: float) -> None:
    """Gros (1987): t* = 1/(θ π'_FF), π'_FF what the other spends on its own; 1/θ as it nears 1."""
    small = one_good(size)
    (rate,) = optimal_tariffs(small, "HOM").best.rate
    after = solve(small, tariff("ROW", "HOM", rate=float(rate)), tolerance=1e-12)
    own = after.share["G", "ROW", "ROW"]
    # The first-order condition is met to 1e-6 of trade; the tariff answers with 1/θ of that.
    assert rate == pytest.approx(1 / (THETA * own), abs=1e-6)
    assert 0 < rate - 1 / THETA < 0.09 * size


def test_the_certificate_is_that_of_whole_solves() -> None:
    found = optimal_tariffs(world(), "C003")
    best = found.best
    assert best.certificate.status == "converged"
    n = world().country("C003")
    lever = found.levers.names.index(max(found.levers.names, key=lambda x: x.good))
    rate = dict(zip(found.levers.names, best.rate.tolist(), strict=True))
    chosen = found.levers.names[lever]
    base = sum((tariff(x.partner, "C003", x.good, rate=r) for x, r in rate.items()), start=Shock())
    income = []
    for change in (-0.005, 0.0, 0.005):
        moved = base + tariff(chosen.partner, "C003", chosen.good, rate=rate[chosen] + change)
        income.append(solve(world(), moved, tolerance=1e-12).equivalent_variation.values[n])
    # No neighbour is better, and the slope vanishes next to the curvature, but for the third
    # derivative over half a point.
    assert income[1] > max(income[0], income[2])
    assert abs(income[2] - income[0]) < 0.05 * (2 * income[1] - income[0] - income[2])
    assert -best.cost == pytest.approx(income[1], rel=1e-6)


def test_nobody_departing_alone_ever_loses() -> None:
    found = optimal_tariffs(world(), "C001")
    assert found.best.cost < 0
    limited = optimal_tariffs(world(), "C001", partners=["C002"], goods=["G01", "G02"], bound=0.05)
    assert found.best.cost < limited.best.cost <= 0
    assert limited.best.rate.max() <= 0.05


def test_more_weight_on_the_own_loss_buys_less_harm_for_less_cost() -> None:
    points = curve().curve
    assert {p.certificate.status for p in points} == {"converged"}
    # Where rates stand at their bounds, neighbouring weights have the same answer.
    assert (np.diff([p.harm for p in points]) <= 1e-6 * points[0].harm).all()
    assert (np.diff([p.cost for p in points]) <= 1e-6 * points[0].harm).all()
    assert points[0].cost > 0 > points[-1].cost
    for p in points[:-1]:
        # Each is best by its own measure.
        worth = [q.harm - p.own_weight * q.cost for q in points]
        assert p.harm - p.own_weight * p.cost >= max(worth) - 1e-6 * points[0].harm
    assert "First-order conditions hold" in " ".join(curve().sentences)


def test_exempt_goods_and_caps_are_kept() -> None:
    found = design(world(), "C002", "C003", exempt=["G02"], caps={"G01": 0.03}, bound=0.5)
    rates = dict(zip((x.good for x in found.levers.names), found.best.rate, strict=True))
    assert "G02" not in rates
    assert rates["G01"] == pytest.approx(0.03)
    assert found.best.certificate.at_highest >= 1


def test_barriers_are_all_or_nothing_and_follow_the_menu() -> None:
    found = design(world(), "C002", "C003", instruments=["barrier"], own_weight=1e3)
    # Waste that costs its author anything is not worth a thousandth of it.
    assert found.best.rate.max() == 0
    both = design(world(), "C002", "C003", instruments=["barrier"], own_weight=0.0, bound=0.2)
    assert both.best.rate.min() == pytest.approx(math.log(1.2))
    shock = sum(
        (
            iceberg(*pair, g, factor=1.2)
            for pair in (("C002", "C003"), ("C003", "C002"))
            for g in world().goods
        ),
        start=Shock(),
    )
    whole = -solve(world(), shock).equivalent_variation["C002"]
    assert both.best.harm == pytest.approx(whole, rel=1e-5)


def worth(found: Design) -> float:
    return found.best.worth


@pytest.mark.parametrize("own_weight", [0.6, 0.9, 1.2])
def test_bans_are_the_best_of_all_sets_of_bans(own_weight: float) -> None:
    """Against every one of the 2^6 sets, solved from outside."""
    goods = ["G01", "G02", "G03"]
    found = design(world(), "C002", "C003", goods=goods, instruments=["ban"], own_weight=own_weight)
    flows = [(f, g) for f in (("C002", "C003"), ("C003", "C002")) for g in goods]
    sets = [s for k in range(7) for s in itertools.combinations(flows, k)]
    shocks = [sum((embargo(*f, g) for f, g in s), start=Shock()) for s in sets]
    solved = [e.equivalent_variation for e in solve_many(world(), shocks, tolerance=1e-11)]
    values = [own_weight * v["C003"] - v["C002"] for v in solved]
    best = sets[int(np.argmax(values))]
    assert worth(found) == pytest.approx(max(values), abs=1e-2)
    assert len(found.banned) == len(best)
    assert found.best.bans is not None
    assert found.best.bans.settled
    assert "no single ban more or less does better" in " ".join(found.sentences)


def test_bans_beside_tariffs_do_no_worse_than_either() -> None:
    limits = {"goods": ["G01", "G02"], "own_weight": 0.3, "bound": 0.5}
    both, tariffs, bans = (
        design(world(), "C002", "C003", instruments=kinds, **limits)
        for kinds in (["tariff", "import_ban"], ["tariff"], ["import_ban"])
    )
    assert worth(both) >= max(worth(tariffs), worth(bans)) - 1e-2
    assert both.best.bans is not None
    # The comparison with the best rates without a ban is that with the tariffs alone.
    if math.isfinite(both.best.bans.gained):
        assert worth(both) - both.best.bans.gained == pytest.approx(worth(tariffs), abs=1e-2)


def test_measures_on_ways_stay_and_a_ban_restores_what_was_replaced() -> None:
    ban = {"goods": ["POTASH"], "instruments": ["import_ban"]}
    leak = context_of("belarus").shock(["eu-potash"]).changes[0].leakage
    found = design("belarus", "BLR", "EU", **ban, leakage=leak)
    assert found.present is not None
    assert found.present.replaced == ("eu-potash",)
    assert found.present.kept == ("eu-transit", "lt-transit")
    assert found.banned == ("import_ban POTASH",)
    # The same embargo, but for flows too small to be a lever.
    assert found.best.harm == pytest.approx(found.present.harm, rel=1e-3)
    assert found.best.cost == pytest.approx(found.present.cost, rel=1e-3)
    weak = design("belarus", "BLR", "EU", goods=["POTASH"], bound=0.001)
    assert "what is in force does better" in " ".join(weak.sentences)
    assert weak.to_dict()["present"]["worth"] > weak.best.worth
    aim = f"By this aim (harm less {weak.best.own_weight:g} times the own loss)"
    assert aim in " ".join(weak.sentences)
    own = replace(weak, best=replace(weak.best, own_weight=math.inf))
    assert "By this aim (own gain)" in " ".join(own.sentences)


def test_partners_bear_the_rates_while_the_target_is_whom_they_count() -> None:
    found = design(world(), "C002", "C003", partners=["C004", "C005"], own_weight=0.0)
    assert {x.partner for x in found.levers.names} == {"C004", "C005"}
    rates = zip(found.levers.names, found.best.rate.tolist(), strict=True)
    shock = sum((tariff(x.partner, "C003", x.good, rate=r) for x, r in rates), start=Shock())
    # Two solutions to 1e-9 of a world of 8e7.
    whole = -solve(world(), shock).equivalent_variation["C002"]
    assert found.best.harm == pytest.approx(whole, abs=0.1)


def test_barriers_of_both_directions_have_rates_of_their_own() -> None:
    found = design(
        world(), "C002", "C003", goods=["G01"], instruments=["barrier"], own_weight=0, curve=(1e3,)
    )
    assert [x.kind for x in found.levers.names] == ["import_barrier", "export_barrier"]
    assert found.best.starts == 3
    assert "3 starts" in " ".join(found.sentences)
    # At a weight at which nothing pays the curve comes back to nothing.
    assert found.best.worth > 0
    assert not found.curve[0].rate.any()
    # 1000 times the noise of a solution.
    assert found.curve[0].worth == pytest.approx(0, abs=1e-3)


def test_rates_stand_in_the_place_of_the_senders_own_measures() -> None:
    found = design(
        "russia-coalition", "RUS", "EU", goods=["AGRI_MIN_FOOD", "MANUF_EXFOOD"], own_weight=0.25
    )
    assert found.present is not None
    harm, cost = found.present.harm, found.present.cost
    assert found.present.kept == ()
    assert harm > found.best.harm > 0
    # Tariffs keep what embargoes give away: less own cost per harm.
    assert found.best.cost / found.best.harm < cost / harm
    assert found.best.certificate.status == "converged"


@pytest.mark.parametrize("start", [0.5, "random"])
def test_nash_tariffs_are_the_same_from_every_start(start: float | str) -> None:
    players = [f"C{k:03d}" for k in range(1, 5)]
    small = synthetic(4, 3, seed=1)
    first = nash_tariffs(small, players, goal=1e-9)
    begin: float | np.ndarray = 0.0
    begin = np.random.default_rng(0).uniform(0, 1, len(first.rate)) if start == "random" else 0.5
    other = nash_tariffs(small, players, start=begin, goal=1e-9, check=False)
    # Conditions to 1e-9 of trade of the base year, which a war shrinks a few times.
    np.testing.assert_allclose(other.rate, first.rate, atol=2e-7)
    assert first.certificate.status == other.certificate.status == "converged"
    assert first.certificate.inside == len(first.rate)
    # The best answer of each alone, searched for, finds nothing: of incomes of millions.
    assert (np.abs(first.departing) < 1e-3).all()
    assert (first.gain < 0).sum() >= 3


def test_a_war_of_seven_on_33_goods_ends_in_the_same_place_from_every_start() -> None:
    """The size of Ossa (2014); the benchmark has more worlds and every best answer."""
    seven, large = [f"C{k:03d}" for k in range(1, 8)], synthetic(7, 33, seed=2)
    wars = [
        nash_tariffs(large, seven, start=start, goal=1e-8, check=False)
        for start in (0.0, 0.5, np.random.default_rng(2).uniform(0, 1, 1198))
    ]
    assert {w.certificate.status for w in wars} == {"converged"}
    assert max(w.certificate.residual for w in wars) <= 1e-8
    for war in wars[1:]:
        # Conditions to 1e-8 of trade of the base year, which a war shrinks a few times.
        np.testing.assert_allclose(war.rate, wars[0].rate, atol=1e-6)


def test_a_cancelled_search_keeps_its_best_and_says_so() -> None:
    def stop(done: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    found = design(world(), "C002", "C003", curve=(0.5, 2.0), progress=stop)
    assert found.best.certificate.status == "cancelled"
    assert found.cut_short
    assert found.best.harm > 0
    assert "Cancelled" in " ".join(found.sentences)


def test_a_cancelled_optimal_tariff_has_no_curve_to_speak_of() -> None:
    def stop(done: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    found = optimal_tariffs(world(), "C003", progress=stop)
    assert found.sentences[-1] == "Cancelled: the best so far."
    assert found.to_dict()["cut_short"] is True


def test_a_cancelled_war_keeps_its_best_and_says_what_was_not_checked() -> None:
    players, small = ["C001", "C002", "C003"], synthetic(4, 3, seed=1)

    def after(most: int):
        def stop(done: int) -> None:
            if done == most:
                raise KeyboardInterrupt

        return stop

    early = nash_tariffs(small, players, progress=after(3))
    assert early.certificate.status == "cancelled"
    assert early.cut_short
    assert np.isnan(early.departing).all()
    assert "gains it at most" not in " ".join(early.sentences)
    whole = nash_tariffs(small, players)
    rounds = whole.certificate.evaluations
    # In the search for the best answer of the first player, which finds the rates good at once.
    late = nash_tariffs(small, players, progress=after(rounds + 2))
    assert late.certificate.status == "converged"
    np.testing.assert_array_equal(late.rate, whole.rate)
    assert np.isnan(late.departing).any()
    assert late.sentences[-1].startswith("Cancelled: no best answer")
    assert late.sentences[-1].endswith(f"{players[-1]}.")


def test_caps_hold_in_a_war() -> None:
    war = nash_tariffs(synthetic(4, 3, seed=1), ["C001", "C002"], caps={"G01": 0.02}, check=False)
    rates = [r for x, r in zip(war.levers.names, war.rate, strict=True) if x.good == "G01"]
    assert rates == pytest.approx([0.02, 0.02])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"own_weight": -0.5}, QuestionError, "Give λ = 0"),
        ({"own_weight": math.nan}, QuestionError, "Give λ = 0"),
        ({"goods": []}, QuestionError, "set of goods is empty"),
        ({"exempt": ["G01", "G02", "G03", "G04"]}, QuestionError, "exempt fewer"),
        ({"target": "C003"}, QuestionError, "both target and sender"),
        ({"target": "C0O2"}, UnknownLabel, "Did you mean"),
        ({"instruments": ["wall"]}, QuestionError, "no instrument wall"),
        ({"bound": 0.0}, QuestionError, "Give a finite one above 0"),
        ({"bound": math.inf}, QuestionError, "What closes a flow is the instrument ban"),
        ({"leakage": 1.0}, QuestionError, "leakage of a ban is 1.0"),
        ({"leakage": -0.01}, QuestionError, "leakage of a ban is -0.01"),
        ({"exempt": ["*"]}, QuestionError, "Everything is exempt"),
        ({"exempt": ["G01"], "caps": {"G01": 0.1}}, QuestionError, "no rate can be set"),
        ({"partners": ["C003"]}, QuestionError, "partner C003 .* belongs to the sender"),
        ({"partners": ["C002", "*"]}, QuestionError, "partner"),
        ({"partners": []}, QuestionError, "set of partners is empty"),
        ({"caps": {"G9": 0.1}}, UnknownLabel, "no good 'G9'"),
    ],
)
def test_bad_questions_say_what_to_ask_instead(
    options: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        design(**({"where": world(), "target": "C002", "sender": "C003"} | options))


def test_a_country_stands_behind_one_partner_only() -> None:
    named = replace(world(), countries=("DEU", "FRA", "BLR", "USA", "CAN", "JPN"))
    with pytest.raises(QuestionError, match="DEU is a partner twice, in EU and in DEU"):
        design(named, "BLR", "USA", partners=["EU", "DEU"], goods=["G01"])
    with pytest.raises(QuestionError, match="DEU, FRA is a partner twice, in DEU and in EU"):
        design(named, "BLR", "USA", partners=["DEU", "FRA", "EU"], goods=["G01"])
    # A name that is given twice is one partner; others beside it are partners of their own.
    found = design(named, "BLR", "USA", partners=["EU", "CAN", "EU"], goods=["G01"])
    assert {x.partner for x in found.levers.names} == {"EU", "CAN"}


@pytest.mark.parametrize(
    ("players", "words"), [(["C001"], "two players or more"), (["C001", "*"], "play twice")]
)
def test_wars_that_make_no_sense_are_refused(players: list[str], words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        nash_tariffs(world(), players)


def test_evaluations_are_told_one_by_one_and_counted() -> None:
    told: list[int] = []
    war = nash_tariffs(synthetic(4, 3, seed=1), ["C001", "C002"], check=False, progress=told.append)
    assert told == list(range(1, war.certificate.evaluations + 1))
    told.clear()
    alone = optimal_tariffs(world(), "C003", progress=told.append)
    assert told == list(range(1, alone.best.certificate.evaluations + 1))


def test_harm_cost_and_what_others_lose_are_all_that_is_lost() -> None:
    found = design(world(), "C002", "C003", goods=["G01"], own_weight=0.5)
    shock = sum(
        (
            tariff(x.partner, "C003", x.good, rate=r)
            for x, r in zip(found.levers.names, found.best.rate.tolist(), strict=True)
        ),
        start=Shock(),
    )
    lost = -solve(world(), shock).equivalent_variation.values
    best = found.best
    # Two solutions to 1e-9 of a world of 8e7.
    assert best.harm + best.cost + best.others == pytest.approx(lost.sum(), abs=0.2)
    assert best.cost == pytest.approx(lost[world().country("C003")], abs=0.1)
    size = found.levers.size
    assert best.mean_rate == pytest.approx(best.rate @ size / size.sum())


def objective(weights: dict[str, float], sender: str, *rates: tuple[str, str, float]) -> float:
    """A government's aim under some tariffs, from a whole solve: partner, good, rate."""
    base = world()
    shock = sum((tariff(p, sender, g, rate=r) for p, g, r in rates), start=Shock())
    found = solve(base, shock, tolerance=1e-12)
    n = base.country(sender)
    aim = found.equivalent_variation.values[n]
    for good, weight in weights.items():
        j = base.good(good)
        made = base.value_added_nj[n, j]
        # Cobb-Douglas: value added is in proportion to sales.
        real = made * found.solution.point.sales_jn[j, n] / base.sales_jn[j, n]
        aim += (weight - 1) * (real / (1 + found.final_price_change[sender]) - made)
    return float(aim)


def test_one_rate_for_a_player_is_the_best_of_all_such_rates() -> None:
    base = world()
    found = optimal_tariffs(base, "C003", one_rate_per="player", goal=1e-8)
    (rate,) = found.best.rate
    assert [(lever.partner, lever.good) for lever in found.levers.names] == [("*", "*")]
    every = [(c, "*", 0.0) for c in base.countries if c != "C003"]
    aim = [
        objective({}, "C003", *((c, g, rate + d) for c, g, _ in every)) for d in (-0.01, 0.0, 0.01)
    ]
    assert aim[1] > max(aim[0], aim[2])
    assert abs(aim[2] - aim[0]) < 0.05 * (2 * aim[1] - aim[0] - aim[2])
    assert -found.best.cost == pytest.approx(aim[1], rel=1e-7)
    # More freedom serves better.
    each = optimal_tariffs(base, "C003", one_rate_per="partner")
    assert len(each.levers) == 5
    whole = optimal_tariffs(base, "C003")
    assert found.best.cost > each.best.cost > whole.best.cost


def test_partners_in_groups_bear_one_rate() -> None:
    groups = {"near": ["C001", "C002"], "far": "C004"}
    found = optimal_tariffs(world(), "C003", partners=groups, one_rate_per="partner", goal=1e-8)
    assert [lever.partner for lever in found.levers.names] == ["near", "far"]
    near, far = (float(r) for r in found.best.rate)
    best = objective({}, "C003", ("C001", "*", near), ("C002", "*", near), ("C004", "*", far))
    assert -found.best.cost == pytest.approx(best, rel=1e-7)
    for a, b in ((0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01)):
        rates = (("C001", "*", near + a), ("C002", "*", near + a), ("C004", "*", far + b))
        assert objective({}, "C003", *rates) < best


@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_political_weights_are_in_the_objective(weight: float) -> None:
    """The rate on one good is the best by the weighted aim, which is worked out by itself."""
    asked = {"partners": ["C001"], "goods": ["G01"], "least": -0.6, "bound": 3.0, "goal": 1e-8}
    weights = {"G01": weight}
    found = optimal_tariffs(world(), "C003", political_weights=weights, **asked)
    (rate,) = found.best.rate
    assert found.best.certificate.status == "converged"
    aim = [objective(weights, "C003", ("C001", "G01", rate + d)) for d in (-0.01, 0.0, 0.01)]
    assert aim[1] > max(aim[0], aim[2])
    (plain,) = optimal_tariffs(world(), "C003", **asked).best.rate
    assert (rate > plain) == (weight > 1)
    (same,) = optimal_tariffs(world(), "C003", political_weights={"G01": 1.0}, **asked).best.rate
    assert same == pytest.approx(plain, abs=1e-6)


def test_subsidies_are_chosen_where_they_are_allowed() -> None:
    asked = {"partners": ["C001"], "goods": ["G01"], "political_weights": {"G01": 0.2}}
    held = optimal_tariffs(world(), "C003", **asked)
    assert held.best.rate.tolist() == [0.0]
    free = optimal_tariffs(world(), "C003", least=-0.9, **asked)
    assert -0.9 < free.best.rate[0] < 0
    assert "at the lowest" in free.best.certificate.sentence
    assert "at zero" in held.best.certificate.sentence


def test_a_war_with_one_rate_a_player_and_weights() -> None:
    players = {"bloc": ["C001", "C002"], "C003": "C003"}
    war = nash_tariffs(world(), players, one_rate_per="player", goal=1e-8)
    assert war.players == ("bloc", "C003")
    assert len(war.levers) == 2
    assert np.nanmax(war.departing) < 1e-3
    one_good = nash_tariffs(world(), players, goods=["G01"], one_rate_per="player")
    for_industry = nash_tariffs(
        world(),
        players,
        goods=["G01"],
        one_rate_per="player",
        political_weights={"C003": {"G01": 1.5}},
    )
    assert for_industry.rate[1] > one_good.rate[1]
    assert np.nanmax(for_industry.departing) < 1.0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"least": -1.0}, "above -1"),
        ({"least": 0.5, "bound": 0.4}, "below the highest"),
        ({"one_rate_per": "day"}, "good, partner, player"),
        ({"one_rate_per": "player", "caps": {"G01": 0.1}}, "single goods"),
        ({"political_weights": {"G01": -1.0}}, "at least 0"),
        ({"political_weights": {"G01": 2.0}, "horizon": "short"}, "input substitution is 1"),
        ({"partners": {"us": ["C003", "C001"]}}, "C003"),
    ],
)
def test_choices_of_rates_that_make_no_sense_are_refused(asked: dict, words: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(QuestionError, match=words):
        optimal_tariffs(world(), "C003", **asked)
