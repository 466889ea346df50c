"""The menu of margins in words and order, and ensembles of draws, from entries made by hand."""

from __future__ import annotations

import math
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente import trade
from detente.analysis.sensitivities import instruments
from detente.analysis.sensitivities.instruments import (
    MEANING,
    Entry,
    MeasureEntry,
    Sensitivity,
    band,
    place_of,
    ratio_band,
)
from detente.analysis.uncertainty.draws import (
    Ensemble,
    NoDraws,
    _interrupted,
    bands_sentence,
    caution,
    draws_in_words,
    gather,
    headlines,
    left_out,
)
from detente.analysis.uncertainty.failures import Failure, _distance, failure_of, why_failed
from detente.analysis.uncertainty.ranges import Uncertain
from detente.cases import CaseError, Fault
from detente.negotiation.words import upper_first
from detente.trade import InfeasibleShock, NotConverged, ShockError
from detente.world import WorldError


def entry(good: str, verdict: str = "costs both", **more: Any) -> Entry:
    given: dict[str, Any] = {
        "direction": "imports", "sender": "S", "target": "T", "instrument": "barrier",
        "flow": 90.0, "base_flow": 100.0, "harm": 6.0, "cost": 2.0, "ratio": 3.0,
        "label": good.lower(),
    }  # fmt: skip
    return Entry(good, verdict=verdict, **{**given, **more})  # type: ignore[arg-type]


def measure(name: str, verdict: str = "costs both", **more: Any) -> MeasureEntry:
    given: dict[str, Any] = {
        "label": name, "harm": 60.0, "cost": 20.0, "ratio": 3.0,
        "step_harm": 2.0, "step_cost": 1.0, "step_ratio": 2.0,
    }  # fmt: skip
    return MeasureEntry(name, verdict=verdict, **{**given, **more})  # type: ignore[arg-type]


ENTRIES = (
    entry("A", ratio=3.0),
    entry("B", ratio=5.0, measures=("ban",)),
    entry("C", "pays the sender", harm=4.0, cost=-1.0, ratio=math.nan),
    entry("D", "pays the sender", harm=9.0, cost=0.0, ratio=math.nan, direction="exports"),
    entry("E", "helps the target", harm=-1.0, cost=7.0, ratio=math.nan, measures=("ban",)),
    entry("F", "helps the target", harm=-1.0, cost=8.0, ratio=math.nan),
    entry("G", "helps both", harm=-1.0, cost=-1.0, ratio=math.nan),
    entry("H", "closed", harm=math.nan, cost=math.nan, ratio=math.nan),
    entry("A", instrument="tax", ratio=9.0),
)


def menu(case: Any = None, **more: Any) -> Sensitivity:
    context: Any = SimpleNamespace(
        sentence="a made-up world", case=case, head=lambda said, drawn: {"sentences": said}
    )
    given: dict[str, Any] = {"entries": ENTRIES, "pairs": (), "measures": ()}
    return Sensitivity(context, "T", "S", **{**given, **more})


def goods(found: Any) -> list[str]:
    return [e.good for e in found]


def test_the_order_of_the_menu() -> None:
    found = menu()
    assert goods(found.to_hold()) == ["D", "C", "B", "A"]
    # To lift: what helps the target by cost, then the least harm for its cost.
    assert goods(found.to_lift()) == ["F", "E", "A", "B"]
    assert goods(found.to_hold("tax")) == ["A"]
    assert goods(found.closed()) == ["H"]
    # In a case there is something to lift only where a measure is in force.
    assert goods(menu(case=object()).to_lift()) == ["E", "B"]
    assert place_of(ENTRIES[6]) < place_of(entry("Z", "moves nothing")) < place_of(ENTRIES[7])


def test_the_menu_in_words() -> None:
    text = menu().said()
    assert text == [
        "Margins between S and T (a made-up world): one step is 1 % of delivered cost, all else "
        "adjusting.",
        f"Cheapest to hold: exports of d (S to T): 1 % of delivered cost costs the target 9 and "
        f"gives the sender 0 USD million a year. {upper_first(MEANING['pays the sender'])}.",
        f"Most valuable to lift: imports of f (S from T): 1 % of delivered cost gives the target 1 "
        f"and costs the sender 8 USD million a year. {upper_first(MEANING['helps the target'])}.",
        "Closed by embargo, hence without a margin: imports of h.",
        f"'pays the sender': {MEANING['pays the sender']}.",
        f"'helps the target': {MEANING['helps the target']}.",
        f"'helps both': {MEANING['helps both']}.",
        "There are no bands, as no draws were asked for.",
    ]
    taxed = menu().said("tax")
    assert taxed[1] == (
        "Cheapest to hold: imports of a (S from T): a point of tax costs the target 6 and the "
        "sender 2 USD million a year, 9 to 1."
    )
    assert len(taxed) == 5
    assert ENTRIES[7].sentence == f"imports of h (S from T): {MEANING['closed']}."
    assert replace(ENTRIES[0], label="").what == "imports of A"
    empty = menu(entries=())
    assert len(empty.said()) == 2


def test_pairs_in_words_and_rows() -> None:
    pairs = (entry("A", sender="S1"), entry("H", "closed", sender="S2", harm=math.nan))
    found = menu(pairs=pairs)
    text = found.said(each=True)
    assert text[0].startswith("Margins between each country of S and each of T (a made-up world)")
    assert "Closed by embargo, hence without a margin: imports of h (S2, T)." in text
    assert found.lines(each=True) == pairs
    assert found.lines() == ENTRIES
    assert menu().lines(each=True) == ENTRIES
    assert menu().said(each=True)[0].startswith("Margins between S and T")
    rows = found.to_frame(each=True).to_dicts()
    assert [r["sender"] for r in rows] == ["S1", "S2"]
    assert "harm_band" not in rows[0]
    stated = found.to_dict("barrier", top=2)
    assert (goods_of(stated["to_hold"]), goods_of(stated["to_lift"])) == (["D", "C"], ["F", "E"])
    assert len(stated["entries"]) == 8
    assert len(found.to_dict()["entries"]) == 9
    assert len(found.to_dict()["to_hold"]) == 4
    assert len(stated["pairs"]) == 2
    banded = menu(entries=(entry("A", harm_band=(1.0, 2.0), cost_band=(3.0, 4.0)),))
    row = banded.to_frame().row(0, named=True)
    assert (row["harm_low"], row["harm_high"], row["cost_low"], row["cost_high"]) == (1, 2, 3, 4)


def goods_of(rows: list[dict[str, Any]]) -> list[str]:
    return [r["good"] for r in rows]


def test_measures_in_force_in_words() -> None:
    ban = measure("ban")
    gift = measure("gift", "helps the target", harm=-2.0, cost=5.0, ratio=math.nan)
    idle = (measure("idle", "moves nothing"), measure("lazy", "moves nothing"))
    assert menu(measures=(ban, *idle)).said()[:2] == [
        "Of the measures of S in force that hit T one moves something: ban, whose end would give T "
        "60.0 and S 20.0 USD million a year, 3.00 to 1.",
        "Lifted alone, idle, lazy would move nothing: others set the same.",
    ]
    assert menu(measures=(ban, gift)).said()[0] == (
        "Of the measures of S in force that hit T the cheapest to hold is ban, whose end would "
        "give T 60.0 and S 20.0 USD million a year, 3.00 to 1. The most valuable to lift is gift, "
        "whose end would cost T 2.0 and give S 5.0 USD million a year (helps the target)."
    )
    assert menu(measures=idle[:1]).said()[0].startswith("Lifted alone, idle would move nothing")
    assert ban.step_verdict == "costs both"
    assert measure("x", step_harm=math.nan).step_verdict is None
    assert measure("x", step_harm=-1.0).step_verdict == "helps the target"


def test_bands_in_words() -> None:
    assert menu(draws=3, asked=5, failed=1, why="x").said()[-1] == (
        "Bands are 5 to 95 % over 3 draws; 1 of the 5 draws asked for were cancelled; 1 of them "
        "failed and is in no band: x. What is drawn are the ranges of the world's trade "
        "elasticities and of the horizon."
    )
    assert menu(object(), draws=5, asked=5).said()[-1] == (
        "Bands are 5 to 95 % over 5 draws. What is drawn are the ranges of the case, of the "
        "horizon and of the world's trade elasticities."
    )
    assert menu(asked=2, failed=2).said()[-1].startswith("There are no bands; 2 of them failed")
    assert band(np.arange(101.0)) == pytest.approx((5.0, 95.0))
    assert ratio_band(np.full(3, 6.0), np.array([1.0, 2.0, 3.0])) == pytest.approx(
        band(np.array([6.0, 3.0, 2.0]))
    )
    assert math.isnan(ratio_band(np.ones(2), np.array([1.0, 0.0]))[0])


RANGED = [Uncertain("p", 0.5, 0.0, 1.0), Uncertain("q", 1.0, 0.0, 2.0)]
POINTS = np.array([[0.1, 0.9], [0.5, 0.5], [0.9, 0.1], [0.3, 0.2]])


def ensemble(**more: Any) -> Ensemble:
    values = {"x": np.array([[1.0, 4.0], [2.0, 3.0], [3.0, 2.0]])}
    parameters = {"p": np.array([0.1, 0.5, 0.9]), "q": np.array([5.0, 5.0, 5.0])}
    given: dict[str, Any] = {
        "values": values, "parameters": parameters, "asked": 3, "done": 3, "failed": 0, "seed": 1,
    }  # fmt: skip
    return Ensemble(**{**given, **more})


def test_bands_and_drivers_of_draws() -> None:
    found = ensemble()
    low, high = found.band("x", 0.5)
    assert (low.tolist(), high.tolist()) == ([1.5, 2.5], [2.5, 3.5])
    low, high = found.band("x")
    assert low.tolist() == pytest.approx([1.1, 2.1])
    assert found.drivers("x", (0,)) == [("p", pytest.approx(1.0)), ("q", 0.0)]
    assert found.drivers("x", (1,)) == [("p", pytest.approx(-1.0)), ("q", 0.0)]
    assert found.required() is found.values
    assert found.why == ""


def test_too_few_answers_are_refused() -> None:
    failed = (Failure(1, "not converged", "stalled."),)
    none = ensemble(values={}, done=2, failed=2, failures=failed)
    with pytest.raises(NoDraws, match="None of 2 draws of the parameters has an answer") as raised:
        none.required()
    assert "1 not converged (draw 2 (): stalled)." in str(raised.value).lower().replace("  ", " ")
    assert "Narrow the ranges" in raised.value.remedy
    with pytest.raises(NoDraws, match=r"30 of 100 draws of the parameters failed, more than \d+ %"):
        ensemble(done=100, failed=30).enough()
    ensemble(done=100, failed=1).enough()
    with pytest.raises(NoDraws, match="stopped before the first of 9 was done"):
        ensemble(values={}, asked=9, done=0).required()
    with pytest.raises(NoDraws, match="Nothing was collected"):
        ensemble(values={}).required()


def test_draws_in_words() -> None:
    assert draws_in_words(1, 1) == "1 draw"
    assert draws_in_words(92, 400) == "92 draws, stopped before 400 were done"
    assert left_out(0, "x") == ""
    assert left_out(1) == "1 of them failed and is in no band"
    assert left_out(2, "x") == "2 of them failed and are in no band: x"
    assert bands_sentence(200, 200, 0) == (
        "Bands run from 5 to 95 % of 200 draws of every parameter with a range; all of them "
        "converged."
    )
    assert bands_sentence(60, 200, 2, "x") == (
        "Bands run from 5 to 95 % of 60 draws, stopped before 200 were done, of every parameter "
        "with a range; 2 of them failed and are in no band: x. They are bands of 58 draws."
    )
    assert bands_sentence(51, 51, 2).endswith("are rough.")
    assert caution(0) == caution(50) == ""
    assert caution(49) == caution(1) != ""


def test_draws_are_put_together_in_their_order() -> None:
    stated: list[int] = []

    def parts(stop: BaseException | None = None) -> Any:
        yield 2, {"x": np.array(2.0)}
        yield 0, {"x": np.array(0.0)}
        yield 3, Failure(3, "not converged", "stalled")
        if stop is not None:
            raise stop
        yield 1, Failure(1, "impossible", "no")

    found = gather(parts(), RANGED, POINTS, seed=7, progress=stated.append)
    assert stated == [1, 2, 3, 4]
    assert found.values["x"].tolist() == [0.0, 2.0]
    np.testing.assert_allclose(found.parameters["p"], RANGED[0].quantile(POINTS[[0, 2], 0]))
    np.testing.assert_allclose(found.parameters["q"], RANGED[1].quantile(POINTS[[0, 2], 1]))
    assert (found.asked, found.done, found.failed, found.seed) == (4, 4, 2, 7)
    assert [f.draw for f in found.failures] == [1, 3]
    cut = gather(parts(KeyboardInterrupt()), RANGED, POINTS, seed=7)
    assert (cut.done, cut.failed, len(cut.values["x"])) == (3, 1, 2)
    broken = BrokenExecutor()
    broken.__context__ = RuntimeError()
    broken.__context__.__context__ = KeyboardInterrupt()
    assert gather(parts(broken), RANGED, POINTS, seed=7).done == 3
    assert _interrupted(broken)
    assert not _interrupted(BrokenExecutor())
    with pytest.raises(NoDraws, match="A process that worked out draws ended"):
        gather(parts(BrokenExecutor()), RANGED, POINTS, seed=7)
    nothing = gather((x for x in ()), RANGED, POINTS, seed=7)
    assert (nothing.values, nothing.done) == ({}, 0)


def test_reasons_of_failures() -> None:
    case = CaseError([Fault(1, "a.b", "is bad.", "Mend it."), Fault(2, "", "is worse.", "")], "c")
    assert failure_of(4, case) == Failure(4, "impossible", "a.b: is bad.; is worse.")
    assert failure_of(0, WorldError(["one", "two"])) == Failure(0, "impossible", "one; two")
    shut = InfeasibleShock("No supplier.\nMore.", (), ())
    assert failure_of(1, shut) == Failure(1, "without equilibrium", "No supplier.")
    assert failure_of(1, ShockError("Bad.")).kind == "impossible"
    assert failure_of(1, NotConverged("")).reason == "NotConverged"
    with pytest.raises(ZeroDivisionError):
        failure_of(1, ZeroDivisionError())
    far = Failure(0, "not converged", "Stalled. ", {"p": 0.123456, "q": 2.0})
    assert far.sentence == "draw 1 (farthest from the centre: p = 0.1235, q = 2): Stalled"
    assert replace(far, enough=True).sentence == "draw 1 (p = 0.1235, q = 2): Stalled"
    plain = Failure(2, "not converged", "gave up")
    others = [Failure(k, "impossible", "no", {"p": 1.0}, True) for k in (5, 6)]
    assert why_failed([plain, *others, far]) == (
        "2 impossible (for example draw 6 (p = 1): no); 2 not converged (for example draw 1 "
        "(farthest from the centre: p = 0.1235, q = 2): Stalled)"
    )
    assert why_failed([]) == ""
    u = Uncertain("p", 1.0, 0.0, 5.0)
    assert [_distance(u, x) for x in (0.0, 0.5, 1.0, 3.0, 5.0)] == [1.0, 0.5, 0.0, 0.5, 1.0]
    assert _distance(Uncertain("p", 1.0, 1.0, 5.0), 0.5) == 0.0


def test_the_figures_of_a_draw() -> None:
    """Two measures worth −4 and −9, and −11 together, of which one is in force."""
    worth = {(): 0.0, ("ban",): -4.0, ("curb",): -9.0, ("ban", "curb"): -11.0}
    tonnes = np.array([[5.0, 2.0], [3.0, 1.0]])
    market = SimpleNamespace(
        price_paid_n=1, price_received_n=2, sales_n=3, largest_share_n=4, herfindahl_n=5,
        tonnes_ni=tonnes,
    )  # fmt: skip
    asked: list[tuple[str, ...]] = []
    measures = [SimpleNamespace(id="ban"), SimpleNamespace(id="curb")]
    scenarios: Any = SimpleNamespace(
        case=SimpleNamespace(regime=lambda _: measures[:1], trade_measures=measures),
        date=None,
        solve_together=asked.extend,
        snapshot=lambda on: SimpleNamespace(
            equivalent_variation_n=worth[on], transit_revenue_n=7, commodities={"X": market}
        ),
    )
    found = headlines(scenarios)
    assert set(asked) == set(worth)
    assert found.pop("X/exports").tolist() == [3.0, 2.0]
    assert found == {
        "regime": -4.0, "everything": 4.0, "transit_revenue": 7,
        "switch/ban": 4.0, "switch/curb": -7.0, "alone/ban": -4.0, "alone/curb": -9.0,
        "X/price_paid": 1, "X/price_received": 2, "X/sales": 3, "X/largest_share": 4,
        "X/herfindahl": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("harm", "cost", "verdict", "ratio"),
    [
        (2.0, 4.0, "costs both", 0.5),
        (2.0, -4.0, "pays the sender", None),
        (-2.0, 4.0, "helps the target", -0.5),
        (-2.0, -4.0, "helps both", None),
        (0.0, 0.0, "moves nothing", None),
    ],
)
def test_a_measure_in_force_is_called_by_its_harm_and_cost(
    harm: float, cost: float, verdict: str, ratio: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instruments, "_step", lambda context, pair, name: (3.0, 6.0))
    monkeypatch.setattr(trade, "gradients", lambda equilibrium, sides: None)
    case = SimpleNamespace(measure=lambda name: SimpleNamespace(label="The ban"))
    context: Any = SimpleNamespace(case=case)
    question: Any = SimpleNamespace(target=("T",), sender=("S",))
    lifted: Any = SimpleNamespace(
        lifted=("ban",), lifted_harm=np.array([harm]), lifted_cost=np.array([cost]),
        equilibrium=None,
    )  # fmt: skip
    drawn = ensemble(
        values={
            "lifted_harm": np.array([[1.0], [2.0], [3.0]]),
            "lifted_cost": np.array([[4.0], [8.0], [12.0]]),
        }
    )
    (one,) = instruments.measures_of(context, question, lifted, drawn)
    assert (one.id, one.label, one.harm, one.cost, one.verdict) == (
        "ban", "The ban", harm, cost, verdict,
    )  # fmt: skip
    assert one.ratio == (
        pytest.approx(ratio) if ratio is not None else pytest.approx(math.nan, nan_ok=True)
    )
    assert (one.step_harm, one.step_cost, one.step_ratio) == (3.0, 6.0, 0.5)
    assert one.harm_band == pytest.approx((1.1, 2.9))
    assert one.cost_band == pytest.approx((4.4, 11.6))
    assert one.ratio_band == pytest.approx((0.25, 0.25))
