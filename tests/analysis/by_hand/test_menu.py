"""The menu of margins and of measures in force, from lines made by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente._document import plain
from detente.analysis.sensitivities import instruments
from detente.analysis.sensitivities.instruments import (
    MEANING,
    Entry,
    Lines,
    MeasureEntry,
    Sensitivity,
    Side,
    band,
    moves,
    place_of,
    rank,
    ratio_band,
    ratio_of,
    verdict_of,
)
from detente.analysis.sensitivities.margins import Cells, Found, Margins, cells_of

CASE: Any = SimpleNamespace(
    case=object(), sentence="toy, long run", head=lambda said, drawn: {"said": said, "drawn": drawn}
)
BARE: Any = SimpleNamespace(
    case=None, sentence="toy, long run", head=lambda said, drawn: {"said": said, "drawn": drawn}
)


def entry(good: str, harm: float, cost: float, **more: Any) -> Entry:
    given: dict[str, Any] = {
        "direction": "imports", "sender": "EU", "target": "BLR", "instrument": "barrier",
        "flow": 5.0, "base_flow": 9.0, "ratio": ratio_of(harm, cost),
        "verdict": verdict_of(harm, cost), "measures": ("m",),
    }  # fmt: skip
    return Entry(good=good, harm=harm, cost=cost, **{**given, **more})


def measure(name: str, harm: float, cost: float, **more: Any) -> MeasureEntry:
    given: dict[str, Any] = {
        "label": f"The {name}", "ratio": ratio_of(harm, cost),
        "verdict": verdict_of(harm, cost, noise=0.05), "step_harm": 0.2, "step_cost": 0.1,
        "step_ratio": 2.0,
    }  # fmt: skip
    return MeasureEntry(id=name, harm=harm, cost=cost, **{**given, **more})


ENTRIES = (
    entry("steel", 2.0, 1.0), entry("wood", 3.0, -0.5), entry("milk", 9.0, 1.0),
    entry("fish", -1.0, 2.0), entry("salt", -1.0, 3.0, measures=()), entry("glass", -1.0, -1.0),
    entry("iron", 5.0, -0.1), entry("coal", math.nan, math.nan, verdict="closed"),
    entry("cars", 1.0, 4.0, direction="exports", measures=()),
    entry("silk", 1.0, 1.0, instrument="tax"),
)  # fmt: skip


def menu(**more: Any) -> Sensitivity:
    given: dict[str, Any] = {
        "context": CASE, "target": "BLR", "sender": "EU", "entries": ENTRIES, "pairs": (),
        "measures": (),
    }  # fmt: skip
    return Sensitivity(**{**given, **more})


def test_what_two_signs_mean() -> None:
    signs = [(1, 1), (1, 0), (1, -1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, 0)]
    assert [verdict_of(*s) for s in signs] == [
        "costs both", "pays the sender", "pays the sender", "helps the target",
        "helps the target", "helps both", "helps both", "moves nothing",
    ]  # fmt: skip
    assert verdict_of(0.05, -0.05, noise=0.05) == "moves nothing"
    assert verdict_of(0.051, 0.0, noise=0.05) == "pays the sender"
    assert verdict_of(0.0, 0.051, noise=0.05) == "helps the target"
    assert (ratio_of(3.0, 2.0), ratio_of(-3.0, 2.0)) == (1.5, -1.5)
    assert math.isnan(ratio_of(3.0, 0.0))
    assert math.isnan(ratio_of(3.0, -1.0))


def test_the_order_of_the_menu() -> None:
    assert [e.good for e in menu().to_hold()] == ["iron", "wood", "milk", "steel", "cars"]
    assert [e.good for e in menu().to_lift()] == ["fish", "steel", "milk"]
    assert [e.good for e in menu(context=BARE).to_lift()] == [
        "salt", "fish", "cars", "steel", "milk"
    ]  # fmt: skip
    assert [e.good for e in menu().to_hold("tax")] == ["silk"]
    assert [e.good for e in menu().closed()] == ["coal"]
    pairs = (entry("steel", 4.0, 1.0, sender="DEU"),)
    assert menu(pairs=pairs).lines(each=True) == pairs
    assert menu(pairs=pairs).lines() == ENTRIES
    assert menu().lines(each=True) == ENTRIES
    assert [place_of(e) for e in ENTRIES[:4]] == [(1, -2.0), (0, -3.0), (1, -9.0), (2, 2.0)]
    assert place_of(ENTRIES[5]) == (3, -1.0)
    assert place_of(ENTRIES[7])[0] == 5
    order = [
        rank("pays the sender", 3.0, -1.0, math.nan), rank("costs both", 3.0, 1.0, 3.0),
        rank("helps both", -1.0, -2.0, math.nan), rank("helps the target", -1.0, 2.0, math.nan),
        rank("moves nothing", 0.5, 0.0, math.nan), rank("closed", 1.0, 1.0, 1.0),
    ]  # fmt: skip
    assert order == [(0, -3.0), (1, -3.0), (2, 1.0), (3, 2.0), (4, -0.5), (5, 0.0)]


def test_lines_in_words() -> None:
    told = {e.good: e.sentence for e in ENTRIES}
    assert told["steel"] == (
        "imports of steel (EU from BLR): 1 % of delivered cost costs the target 2 and the sender 1 "
        "USD million a year, 2 to 1."
    )
    assert told["wood"].startswith(
        "imports of wood (EU from BLR): 1 % of delivered cost costs the target 3 and gives the "
        "sender 0.5 USD million a year. A little more of it hurts the target and costs"
    )
    assert told["fish"].startswith(
        "imports of fish (EU from BLR): 1 % of delivered cost gives the "
    )
    assert "gives the target 1 and costs the sender 2 USD" in told["fish"]
    assert "gives the target 1 and the sender 1 USD" in told["glass"]
    assert told["coal"] == f"imports of coal (EU from BLR): {MEANING['closed']}."
    assert told["cars"].startswith("exports of cars (EU to BLR): 1 % of delivered cost costs")
    assert told["silk"].startswith("imports of silk (EU from BLR): a point of tax costs")
    assert entry("AGRI", 1, 1, label="farming").what == "imports of farming"
    assert moves("give", "cost", [("A", 1.0, "1"), ("B", 0.0, "0"), ("C", -1.0, "1")]) == (
        "give A 1 and cost B 0 and C 1"
    )


def test_the_menu_in_words() -> None:
    bare = menu(context=BARE, entries=ENTRIES[:1])
    assert bare.sentences == (
        "Margins between EU and BLR (toy, long run): one step is 1 % of delivered cost, all else "
        "adjusting.",
        f"Cheapest to hold: {ENTRIES[0].sentence}",
        f"Most valuable to lift: {ENTRIES[0].sentence}",
        "There are no bands, as no draws were asked for.",
    )
    text = menu().sentences
    assert text[1] == f"Cheapest to hold: {ENTRIES[6].sentence}"
    assert text[2] == f"Most valuable to lift: {ENTRIES[3].sentence}"
    assert text[3] == "Closed by embargo, hence without a margin: imports of coal."
    assert text[4:7] == tuple(
        f"'{v}': {MEANING[v]}." for v in ("pays the sender", "helps the target", "helps both")
    )
    assert len(text) == 8
    pairs = (entry("coal", math.nan, math.nan, verdict="closed", sender="DEU"),)
    each = menu(pairs=pairs).said("tax", each=True)
    assert each[0].startswith(
        "Margins between each country of EU and each of BLR (toy, long run): one step is one "
        "percentage point"
    )
    assert each[1] == "Closed by embargo, hence without a margin: imports of coal (DEU, BLR)."
    assert menu().said("tax", each=True)[0].startswith("Margins between EU and BLR")
    assert menu()._lines() == menu().sentences[:3]


def test_measures_in_words() -> None:
    first, last, idle = measure("a", 6.0, 2.0), measure("b", 3.0, 2.0), measure("c", 0.05, 0.0)
    one = menu(measures=(first, idle)).sentences
    assert one[:2] == (
        "Of the measures of EU in force that hit BLR one moves something: a, whose end would give "
        "BLR 6.0 and EU 2.0 USD million a year, 3.00 to 1.",
        "Lifted alone, c would move nothing: others set the same.",
    )
    two = menu(measures=(measure("d", 1234.5, -0.25), last)).sentences
    assert two[0] == (
        "Of the measures of EU in force that hit BLR the cheapest to hold is d, whose end would "
        "give BLR 1,234.5 and cost EU 0.2 USD million a year (pays the sender). The most valuable "
        "to lift is b, whose end would give BLR 3.0 and EU 2.0 USD million a year, 1.50 to 1."
    )
    assert menu(measures=(idle, measure("e", 0, 0))).sentences[0] == (
        "Lifted alone, c, e would move nothing: others set the same."
    )
    assert first.step_verdict == "costs both"
    assert measure("f", 1, 1, step_harm=math.nan).step_verdict is None
    assert measure("f", 1, 1, step_harm=1e-9, step_cost=-1.0).step_verdict == "pays the sender"


def test_bands_in_words() -> None:
    case = (
        "What is drawn are the ranges of the case, of the horizon and of the world's trade "
        "elasticities."
    )
    assert menu(asked=9, draws=9).sentences[-1] == f"Bands are 5 to 95 % over 9 draws. {case}"
    world = menu(context=BARE, asked=9, draws=6, failed=1, why="1 stalled").sentences[-1]
    assert world.startswith(
        "Bands are 5 to 95 % over 6 draws; 2 of the 9 draws asked for were cancelled; "
    )
    assert world.endswith(
        ". What is drawn are the ranges of the world's trade elasticities and of the horizon."
    )
    assert "1 stalled" in world
    none = menu(asked=3).sentences[-1]
    assert none.startswith("There are no bands; 3 of the 3 draws asked for were cancelled.")
    assert "cancelled" not in menu(asked=3, failed=3).sentences[-1]


def test_a_menu_as_a_document() -> None:
    found = menu(
        measures=(measure("a", 6.0, 2.0, harm_band=(5.0, 7.0)),), asked=5, draws=4, failed=1
    )
    stated = plain(found.to_dict(top=2))
    assert [e["good"] for e in stated["to_hold"]] == ["iron", "wood"]
    assert [e["good"] for e in stated["to_lift"]] == ["fish", "steel"]
    assert [e["good"] for e in stated["closed"]] == ["coal"]
    assert (len(stated["entries"]), stated["pairs"], stated["each"]) == (10, [], False)
    assert (stated["instrument"], stated["target"], stated["sender"]) == ("barrier", "BLR", "EU")
    row = stated["measures"][0]
    assert (row["harm_low"], row["harm_high"], row["cost_low"]) == (5.0, 7.0, None)
    assert stated["drawn"] | {} == {
        "asked": 5, "done": 5, "failed": 1, "seed": 0, "why_failed": ""
    }  # fmt: skip
    taxes = plain(found.to_dict("tax"))
    assert [e["good"] for e in taxes["entries"]] == ["silk"]
    assert [e["good"] for e in taxes["to_hold"]] == ["silk"]
    assert found.to_frame().shape[0] == 10
    assert found._small() == (
        "Cheapest barriers to hold, USD million a year per 1 % of delivered cost",
        ("", "harm", "cost", "ratio"),
        [[e.what, e.harm, e.cost, pytest.approx(e.ratio, nan_ok=True)] for e in found.to_hold()],
    )
    assert menu(entries=())._small() is None
    assert len(menu(entries=tuple(entry(str(k), 1.0, 1.0) for k in range(9)))._small()[2]) == 7  # type: ignore[index]


def test_ends_of_bands() -> None:
    values = np.arange(101.0)
    assert band(values) == (5.0, 95.0)
    assert ratio_band(values, np.full(101, 2.0)) == (2.5, 47.5)
    low = ratio_band(values, np.append(np.full(100, 2.0), 0.0))
    assert math.isnan(low[0])


#: Two goods, three countries: the sender is country 0, the target countries 1 and 2.
TRADE = np.zeros((2, 3, 3))
TRADE[0, 0, 1], TRADE[0, 0, 2], TRADE[0, 1, 0] = 10.0, 4.0, 6.0
TRADE[1, 0, 1], TRADE[1, 2, 0] = 0.04, 0.05


def lines(ensemble: Any = None, closed: tuple[int, ...] = ()) -> Lines:
    world: Any = SimpleNamespace(goods=("A", "B"), trade_jni=TRADE, countries=("S", "T", "U"))
    cells = cells_of(world, [1, 2], [0])
    count = len(cells.good)
    harm = np.stack([np.arange(1.0, count + 1), np.full(count, -1.0)])
    cost = np.stack([np.full(count, 0.5), np.arange(count) - 2.0])
    shut = np.isin(np.arange(count), closed)
    now: Any = SimpleNamespace(trade_jni=0.5 * TRADE)
    context: Any = SimpleNamespace(
        world=world, good_label=lambda good: f"good {good}", shock=lambda measures: measures
    )
    found = Found(now, Margins(harm, cost, shut), ("m",), np.zeros(1), np.zeros(1))
    return Lines(context, cells, found, ensemble)


def test_flows_are_summed_to_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    at = np.ravel_multi_index(([0], [0], [2]), TRADE.shape)
    monkeypatch.setattr(instruments, "cells_of_shock", lambda *_: at)
    every = lines()
    cells = every.cells
    assert cells.imports.tolist() == [True] * 4 + [False] * 4
    assert cells.between(0, 1).tolist() == [True, False] * 4
    assert isinstance(cells, Cells)
    both = Side("S", "T+U", np.ones(8, dtype=bool))
    found = every.entries([both])
    # Flows of less than 0.05 are left out: imports of B are 0.04 and its exports are 0.05.
    assert [(e.good, e.direction, e.instrument) for e in found] == [
        ("A", "imports", "barrier"), ("A", "imports", "tax"), ("A", "exports", "barrier"),
        ("A", "exports", "tax"), ("B", "exports", "barrier"), ("B", "exports", "tax"),
    ]  # fmt: skip
    first, tax = found[:2]
    assert (first.base_flow, first.flow, first.harm, first.cost) == (14.0, 7.0, 3.0, 1.0)
    assert (first.ratio, first.verdict, first.measures) == (3.0, "costs both", ("m",))
    assert (first.sender, first.target, first.label) == ("S", "T+U", "good A")
    assert (tax.harm, tax.cost, tax.verdict) == (-2.0, -3.0, "helps both")
    assert found[2].measures == ()
    assert math.isnan(first.harm_band[0])
    one = every.entries([Side("S", "U", cells.between(0, 2))])
    assert [(e.good, e.direction, e.base_flow) for e in one][::2] == [
        ("A", "imports", 4.0), ("B", "exports", 0.05)
    ]  # fmt: skip
    part = lines(closed=(0,)).entries([both])[0]
    assert (part.harm, part.cost, part.base_flow, part.verdict) == (2.0, 0.5, 14.0, "costs both")
    shut = lines(closed=(0, 1)).entries([both])[0]
    assert shut.verdict == "closed"
    assert math.isnan(shut.harm)
    assert math.isnan(shut.cost)
    assert math.isnan(shut.ratio)
    drawn = np.ones((3, 2, 8))
    drawn[1] *= 2
    ensemble: Any = SimpleNamespace(values={"harm": drawn, "cost": 2 * drawn})
    banded = lines(ensemble).entries([both])[0]
    assert banded.harm_band == pytest.approx((2.0, 3.8))
    assert banded.cost_band == pytest.approx((4.0, 7.6))
    assert banded.ratio_band == (0.5, 0.5)
    assert math.isnan(lines(ensemble, closed=(0, 1)).entries([both])[0].harm_band[0])
