"""Who is hit and by whom, from effects made by hand; what measures reach, counted flow by flow."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import sides as module
from detente.analysis.context import QuestionError
from detente.analysis.reach import reach_of
from detente.analysis.sides import sides_against, sides_of, sides_of_question, total
from detente.cases import load_case
from detente.cases.resolve import world_of

WORLD = ("A1", "A2", "B", "C", "D")


def effect(name: str, owner: str, authors: str, targets: str, *, on: bool = True) -> Any:
    return SimpleNamespace(
        measure=SimpleNamespace(id=name, owner=owner), in_force=on,
        authors=tuple(authors.split()), targets=tuple(targets.split()),
    )  # fmt: skip


def assessed(*effects: Any, lost: tuple[float, ...] = (0, 0, -5, -9, -1)) -> Any:
    parties = [("union", "A1 A2"), ("b", "B"), ("one", "A1")]
    return SimpleNamespace(
        world=SimpleNamespace(countries=WORLD),
        case=SimpleNamespace(parties=[SimpleNamespace(id=p) for p, _ in parties]),
        groups={p: tuple(WORLD.index(c) for c in codes.split()) for p, codes in parties},
        effects=effects,
        regime=SimpleNamespace(equivalent_variation_n=np.array(lost)),
    )


BAN = effect("ban", "union", "A1 A2", "B")
STOP = effect("stop", "one", "A1", "B C")
DUTY = effect("duty", "union", "A1 A2", "C")
OTHER = effect("other", "D", "D", "B")
OLD = effect("old", "D", "D", "C", on=False)


def test_the_target_is_whom_most_measures_hit() -> None:
    found = sides_of(assessed(BAN, STOP, DUTY, OTHER, OLD))
    assert found is not None
    assert (found.target, found.countries) == ("b", ("B",))
    # A member state's measures are among those of its union; who is no party comes last.
    assert [s.id for s in found.senders] == ["union", "D"]
    union, other = found.senders
    assert union.countries == ("A1", "A2")
    assert (union.measures, union.others) == (("ban", "stop"), ("duty",))
    assert (other.measures, other.others) == (("other",), ())
    assert found.sender("D") is other
    with pytest.raises(StopIteration):
        found.sender("one")


def test_of_two_that_are_hit_alike_it_is_who_loses_more() -> None:
    both = (STOP, effect("more", "D", "D", "B C"))
    found = sides_of(assessed(*both))
    assert found is not None
    # C is in no party and stands for itself; it loses 9 and b loses 5.
    assert (found.target, found.countries) == ("C", ("C",))
    richer = sides_of(assessed(*both, lost=(0, 0, -5, -4, -1)))
    assert richer is not None
    assert richer.target == "b"


def test_only_measures_of_some_may_count_and_nobody_hits_himself() -> None:
    found = sides_of(assessed(BAN, DUTY, OTHER), ("D",))
    assert found is not None
    assert found.target == "b"
    assert sides_of(assessed(BAN), ("D",)) is None
    assert sides_of(assessed(OLD)) is None
    assert sides_of(assessed(effect("own", "b", "B", "B"))) is None
    own = sides_of(assessed(effect("own", "union", "A1 A2", "A1 B")))
    assert own is not None
    assert own.target == "b"


def test_sides_against_a_target() -> None:
    a = assessed(BAN, STOP, effect("own", "b", "B", "B"))
    found = sides_against(a, "b", frozenset("B"))
    assert found is not None
    assert [s.id for s in found.senders] == ["union"]
    assert sides_against(a, "D", frozenset("D")) is None
    assert total(a, np.arange(5.0), ("A2", "D")) == 5.0


def test_sides_that_are_left_out_come_from_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    a = assessed(BAN, STOP, DUTY, OTHER)
    monkeypatch.setattr("detente.analysis.measure_effects.assessment_of", lambda *_, **__: a)
    context: Any = SimpleNamespace(
        case=object(), name="toy", sentence="the toy, long run", scenarios=object,
        countries=lambda name: {"A1": ("A1",), "D": ("D",), "C": ("C",), "b": ("B",)}[name],
    )  # fmt: skip
    assert module.sides_of_question(context, "x", "y") == ("x", "y", "")
    assert sides_of_question(context, None, None) == (
        "b", "union",
        "The target is b, whom most measures in force hit, the sender is union, the first owner of "
        "such measures (others that hold measures against it: D). Name others by --target and "
        "--sender.",
    )  # fmt: skip
    assert sides_of_question(context, "C", None, "x and y") == (
        "C", "union",
        "The sender is union, the first owner of such measures. Name others by x and y.",
    )  # fmt: skip
    assert sides_of_question(context, None, "D") == (
        "b", "D",
        "The target is b, whom most measures in force hit. Name others by --target and --sender.",
    )  # fmt: skip
    with pytest.raises(QuestionError, match="No measure hits D in the toy, long run") as raised:
        sides_of_question(context, "D", None)
    assert "Name the sides: --target and --sender." in raised.value.remedy
    a.effects = (OTHER,)
    with pytest.raises(QuestionError, match="No measure of A1 hits others"):
        sides_of_question(context, None, "A1")
    context.scenarios = lambda: None
    with pytest.raises(QuestionError, match="hits others"):
        sides_of_question(context, None, None)
    bare: Any = SimpleNamespace(case=None, name="w")
    with pytest.raises(QuestionError, match="The world w has no measures"):
        sides_of_question(bare, None, "D")


DAY = dt.date(2025, 12, 1)


def test_what_measures_reach_is_counted_flow_by_flow() -> None:
    case = load_case("belarus")
    world = world_of(case)
    kinds = set()
    for measure in case.trade_measures:
        own = set(case.members(measure.owner, world, DAY))
        for setting, found in zip(measure.sets, reach_of(case, measure, world, DAY), strict=True):
            assert found.setting is setting
            if setting.route is not None or setting.productivity is not None:
                continue
            change = setting.effect
            kinds.add(type(change).__name__)
            flows: list[tuple[float, str, str]] = []
            for good in setting.goods_effect.goods.goods(world.goods):
                for o in case.countries(change.origin, world, DAY):
                    for m in case.countries(change.market, world, DAY):
                        worth = float(
                            world.trade_jni[world.good(good), world.country(m), world.country(o)]
                        )
                        if o != m and worth > 1e-6:
                            flows.append((worth, o, m))
            assert found.flows == len(flows)
            assert found.value == pytest.approx(sum(w for w, _, _ in flows))
            outside = [f for f in flows if not own & {f[1], f[2]}]
            assert found.outside == len(outside)
            assert found.outside_value == pytest.approx(sum(w for w, _, _ in outside))
            if outside:
                assert {m for _, _, m in outside} <= set(found.outsiders)
            else:
                assert found.outsiders == () or found.outside_value == 0
    assert kinds


def test_what_a_way_and_a_producer_reach() -> None:
    case = load_case("belarus")
    world = world_of(case)
    routes = [(m, s) for m in case.trade_measures for s in m.sets if s.route is not None]
    assert routes
    for measure, setting in routes:
        found = next(r for r in reach_of(case, measure, world, DAY) if r.setting is setting)
        change = setting.route
        flows, value = 0, 0.0
        for entry in case.route_terms(world, (), DAY):
            if (entry.commodity, entry.origin) != (change.commodity, change.origin):
                continue
            share = sum(w.base_share for w in entry.routes if w.id in change.routes)
            for m in entry.markets:
                sold = world.trade_jni[
                    world.good(change.commodity), world.country(m), world.country(change.origin)
                ]
                value += share * float(sold)
                flows += share > 0 and sold > 1e-6
        assert (found.flows, found.value) == (flows, pytest.approx(value))
        assert found.outside == 0
