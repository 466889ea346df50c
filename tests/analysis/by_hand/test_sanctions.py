"""Menus, coalition and curves of a case's senders, from invented margins and answers."""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import sanctions as module
from detente.analysis.coalitions.result import Member
from detente.analysis.context import QuestionError
from detente.analysis.precomputed.store import cut, store, stored, tuples
from detente.analysis.sanctions import (
    DRAWN,
    Joint,
    Sanctions,
    banded,
    curve_of,
    menu_of,
    sanctions_of,
)
from detente.analysis.sensitivities.margins import Margins
from detente.analysis.sides import Sender, Sides
from detente.trade import NotConverged

CODES = ("S", "T", "U", "R")
SENDERS = (Sender("one", ("S",), ("m",), ()), Sender("two", ("R",), ("n",), ()))
SIDES = Sides("target", ("T", "U"), SENDERS)
#: By good, market and origin.
TRADE = np.zeros((2, 4, 4))
TRADE[0, 0, 1], TRADE[0, 0, 2], TRADE[0, 1, 0] = 10.0, 4.0, 6.0
TRADE[1, 0, 1], TRADE[1, 2, 0], TRADE[1, 1, 3] = 0.04, 0.05, 8.0
WORLD: Any = SimpleNamespace(goods=("A", "UTILITIES"), countries=CODES, trade_jni=TRADE)


class Context:
    world = WORLD
    in_force = ("m", "n", "o")

    def at(self, codes: Any) -> list[int]:
        return [CODES.index(c) for c in codes]

    def label(self, name: str) -> str:
        return name.upper()

    def sum_over(self, values: np.ndarray, codes: Any) -> float:
        return float(sum(values[CODES.index(c)] for c in codes))


def margins(closed: Any = ()) -> Any:
    def found(now: Any, cells: Any, hit: Any, by: Any) -> Margins:
        assert hit == [1, 2]
        count = len(cells.good)
        harm = np.stack([np.arange(1.0, count + 1), np.full(count, 99.0)])
        cost = np.stack([np.arange(count) - 2.5, np.full(count, 99.0)])
        return Margins(harm, cost, np.isin(np.arange(count), closed))

    return found


NOW: Any = SimpleNamespace(trade_jni=0.5 * TRADE)


def test_a_menu_of_one_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    context: Any = Context()
    monkeypatch.setattr(module, "margins_of", margins())
    found = menu_of(context, NOW, [1, 2], SENDERS[0], "target")
    # Imports of A from both are flows 0 and 1, exports 4 and 5; of the other good 6 and 7.
    told = {(e.good, e.direction): e for e in found}
    assert set(told) == {("A", "imports"), ("A", "exports"), ("UTILITIES", "exports")}
    first = told["A", "imports"]
    assert (first.harm, first.cost, first.base_flow, first.flow) == (3.0, -4.0, 14.0, 7.0)
    assert (first.verdict, first.sender, first.target, first.instrument) == (
        "pays the sender", "one", "target", "barrier"
    )  # fmt: skip
    assert math.isnan(first.ratio)
    second = told["A", "exports"]
    assert (second.harm, second.cost, second.ratio) == (11.0, 4.0, 2.75)
    assert told["UTILITIES", "exports"].base_flow == 0.05
    # What pays the sender comes first, then by harm per unit of cost.
    assert [e.good for e in found] == ["A", "A", "UTILITIES"]
    assert [e.direction for e in found] == ["imports", "exports", "exports"]
    monkeypatch.setattr(module, "margins_of", margins([0, 1, 4]))
    shut = {(e.good, e.direction): e for e in menu_of(context, NOW, [1, 2], SENDERS[0], "t")}
    assert shut["A", "imports"].verdict == "closed"
    assert math.isnan(shut["A", "imports"].harm)
    assert math.isnan(shut["A", "imports"].cost)
    assert math.isnan(shut["A", "imports"].ratio)
    assert (shut["A", "exports"].harm, shut["A", "exports"].base_flow) == (6.0, 6.0)


def member(name: str, marginal: float, **more: float) -> Member:
    fields = dict.fromkeys(Member.__dataclass_fields__, 0.0)
    given: Any = {**fields, "id": name, "marginal": marginal, **more}
    return Member(**given)


JOINT = Joint(9.0, 3.0, -0.01, True, (member("one", 2.0), member("two", 5.0)))


def test_whom_a_curve_is_drawn_for() -> None:
    assert module._drawn(SIDES, JOINT, every=False) == [SENDERS[1]]
    assert module._drawn(SIDES, JOINT, every=True) == SENDERS
    assert module._drawn(SIDES, None, every=False) == SENDERS


def test_what_has_no_answer_is_said_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    context: Any = Context()
    monkeypatch.setattr(module, "context_of_scenarios", lambda _: context)
    monkeypatch.setattr(module, "menu_of", lambda *given: (given[3].id, given[4]))
    scenarios: Any = SimpleNamespace(equilibrium=lambda _: NOW)

    def fails(*_: Any) -> Any:
        raise QuestionError("Nobody acts.", "Name others.")

    monkeypatch.setattr(module, "_joint", fails)
    monkeypatch.setattr(module, "curve_of", lambda *given: ("curve of", given[2].id, given[3]))
    found = sanctions_of(scenarios, SIDES, curve=[0.5])
    assert found.menus == {"one": ("one", "target"), "two": ("two", "target")}
    assert found.joint is None
    assert found.curves == (("curve of", "one", [0.5]), ("curve of", "two", [0.5]))
    (text,) = found.lacking
    assert text.startswith("The coalition has no answer here: Nobody acts.")
    monkeypatch.setattr(module, "_joint", lambda *_: JOINT)

    def stalls(*_: Any) -> Any:
        raise NotConverged("Stalled.")

    monkeypatch.setattr(module, "curve_of", stalls)
    part = sanctions_of(scenarios, SIDES, curve=[0.5])
    assert (part.joint, part.curves) == (JOINT, ())
    assert part.lacking[0].startswith("The curve of TWO has no answer here: Stalled.")
    plain = sanctions_of(scenarios, replace(SIDES, senders=SENDERS[:1]))
    assert (plain.joint, plain.curves, plain.lacking) == (None, (), ())


def test_the_coalition_of_the_senders(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(context: Any, target: str, *, members: list[str], budget: int) -> Any:
        assert (target, members, budget) == ("target", ["one", "two"], 128)
        game = SimpleNamespace(complete=False)
        return SimpleNamespace(loss=9.0, cost=3.0, change=-0.01, game=game, members=("x",))

    monkeypatch.setattr(module, "coalition", found)
    context: Any = Context()
    assert module._joint(context, SIDES) == Joint(9.0, 3.0, -0.01, False, ("x",))  # type: ignore[arg-type]


def variation(*values: float) -> Any:
    return SimpleNamespace(equivalent_variation=SimpleNamespace(values=np.array(values)))


def test_a_curve_stands_in_the_place_of_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    context: Any = Context()
    asked: list[Any] = []

    def designed(_: Any, target: str, sender: str, *, goods: Any, curve: Any) -> Any:
        asked.append((target, sender, goods, curve))
        point = SimpleNamespace(
            own_weight=0.5, harm=7.0, cost=1.0, others=-2.0, rate=np.array([0.25]),
            certificate=SimpleNamespace(status="stalled"),
        )  # fmt: skip
        whole = SimpleNamespace(**{**vars(point), "own_weight": 1.0})
        whole.certificate = SimpleNamespace(status="converged")
        levers = SimpleNamespace(names=(SimpleNamespace(good="A"),))
        return SimpleNamespace(present=present, levers=levers, curve=(point, whole))

    present: Any = SimpleNamespace(replaced=("m",))
    monkeypatch.setattr(module, "context_of_scenarios", lambda _: context)
    monkeypatch.setattr(module, "design", designed)

    def equilibrium(measures: Any) -> Any:
        return {
            ("m", "n", "o"): variation(-1.0, -20.0, -10.0, 4.0),
            ("n", "o"): variation(1.0, -5.0, -2.0, 3.0),
        }[tuple(measures)]

    scenarios: Any = SimpleNamespace(equilibrium=equilibrium)
    found = curve_of(scenarios, SIDES, SENDERS[0], [0.5, 1.0])
    # Services are no goods of a tariff here.
    assert asked == [("target", "one", ["A"], [0.5, 1.0])]
    # Without m the target has 23 more, the sender 2 more, and the rest 1 less.
    assert found.present == (23.0, 2.0, -1.0)
    assert (found.sender, found.replaced) == ("one", ("m",))
    assert [(p.own_weight, p.harm, p.cost, p.others, p.rates, p.converged)
            for p in found.points] == [
        (0.5, 7.0, 1.0, -2.0, (("A", 0.25),), False), (1.0, 7.0, 1.0, -2.0, (("A", 0.25),), True)
    ]  # fmt: skip
    present = None
    assert curve_of(scenarios, SIDES, SENDERS[0], []).present == (0.0, 0.0, 0.0)


def test_bands_of_menus_and_of_the_coalition(monkeypatch: pytest.MonkeyPatch) -> None:
    context: Any = Context()
    monkeypatch.setattr(module, "margins_of", margins())
    entries = menu_of(context, NOW, [1, 2], SENDERS[0], "target")
    shut = replace(entries[0], good="shut", harm=math.nan, cost=math.nan)
    central = Sanctions({"one": (*entries, shut)}, JOINT)
    drawn: list[Sanctions] = [
        Sanctions({"one": tuple(replace(e, harm=e.harm + k, cost=2.0) for e in entries[: 3 - k])},
                  replace(JOINT, loss=9.0 + k, members=JOINT.members[: 2 - k]))
        for k in (0, 1)
    ]  # fmt: skip
    monkeypatch.setattr(module, "sanctions_of", lambda scenarios, sides: scenarios)

    class Ensemble:
        done = 2

        def __init__(self, values: dict[str, np.ndarray]) -> None:
            self.values = values

        def required(self) -> dict[str, np.ndarray]:
            return self.values

        def band(self, name: str) -> tuple[np.ndarray, np.ndarray]:
            return np.min(self.values[name], axis=0), np.max(self.values[name], axis=0)

    def run(case: str, collector: Any, **options: Any) -> Ensemble:
        assert (case, options["draws"], options["seed"]) == ("case", 2, 7)
        each = [collector(one) for one in drawn]
        return Ensemble({k: np.stack([e[k] for e in each]) for k in each[0]})

    monkeypatch.setattr(module, "run_draws", run)
    scenarios: Any = SimpleNamespace(case="case")
    found = banded(scenarios, SIDES, central, 2, seed=7)
    assert found.draws == 2
    first, second, third, closed = found.menus["one"]
    assert first.harm_band == pytest.approx((first.harm + 0.05, first.harm + 0.95))
    assert first.cost_band == (2.0, 2.0)
    assert first.ratio_band[0] == pytest.approx((first.harm + 0.05) / 2)
    assert second.harm_band[1] == pytest.approx(second.harm + 0.95)
    # The third is too small in the second draw, where it moves nothing.
    assert third.harm_band == pytest.approx((0.05 * third.harm, 0.95 * third.harm))
    assert math.isnan(third.ratio_band[0])
    assert math.isnan(closed.harm_band[0])
    joint = found.joint
    assert joint is not None
    assert joint.band("loss") == (9.0, 10.0)
    assert joint.band("cost") == (3.0, 3.0)
    assert joint.band("marginal", "one") == (2.0, 2.0)
    # The second member has no number in the second draw.
    assert joint.band("marginal", "two") is None
    assert joint.band("marginal", "three") is None
    assert joint.band("nothing") is None
    assert set(joint.bands["one"]) == set(DRAWN)
    lone = banded(scenarios, SIDES, replace(central, joint=None), 2, seed=7)
    assert lone.joint is None


def test_files_that_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store(tmp_path, "answer", "digest", {"value": [1.5, "é"]})
    assert path == tmp_path / "answer.json.gz"
    text = gzip.decompress(path.read_bytes()).decode()
    assert text == '{"key":"digest","value":[1.5,"é"]}'
    assert json.loads(text)["value"] == [1.5, "é"]
    with pytest.raises(ValueError, match="JSON"):
        store(tmp_path, "bad", "digest", {"value": math.nan})
    assert stored("there is no such file", lambda: pytest.fail("not asked")) is None
    assert cut({"a": [1.23456789, (2, 0.000123456789)], "b": "x"}) == {
        "a": [1.23457, [2, 0.000123457]], "b": "x"
    }  # fmt: skip
    assert cut(1234.5678, 2) == 1200.0
    assert tuples([[1, [2]], "x", {"a": [1]}]) == ((1, (2,)), "x", {"a": [1]})
