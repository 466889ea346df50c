"""Regimes in time in words and rows, and what an equilibrium means for markets and routes."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from invented_assessment import shot

from detente._document import plain
from detente.analysis import assessment as module
from detente.analysis.figures.frame import Bands, bands_of_frame, figures_with
from detente.analysis.places import Place
from detente.analysis.regimes import Regime, Timeline, in_time_words

CODES = ("BLR", "CAN", "DEU", "LTU", "USA")
WORLD: Any = SimpleNamespace(countries=CODES, country=CODES.index)
PARTIES = (
    SimpleNamespace(id="BY", name="Belarus", members=("BLR",)),
    SimpleNamespace(id="none", name="Nobody", members=()),
    SimpleNamespace(id="EU", name="European Union", members=("DEU", "LTU")),
)


class Case:
    name, title = "invented", "Invented"
    parties = PARTIES
    not_computed: tuple[str, ...] = ()
    parameters: dict[str, Any] = {  # noqa: RUF012
        "price": SimpleNamespace(by_date={dt.date(2023, 1, 1): 1.0}),
        "other": SimpleNamespace(by_date={dt.date(2022, 1, 1): 1.0}),
    }

    def members(self, party: str, world: Any, day: Any = None) -> tuple[str, ...]:
        return next(p.members for p in PARTIES if p.id == party)


def regime(day: str, measures: str, begun: str, ended: str, *effect: float) -> Regime:
    return Regime(
        dt.date.fromisoformat(day), tuple(measures.split()), tuple(begun.split()),
        tuple(ended.split()), shot((), list(effect)),
    )  # fmt: skip


def line(*regimes: Regime) -> Timeline:
    case: Any = Case()
    return Timeline(case, WORLD, "long", "fixed", regimes)


FIRST = regime("2021-12-31", "", "", "", 0, 0, 0, 0, 0)
BANNED = regime("2022-01-01", "a b", "a b", "", -30, 2, -4, -6, 1)
EASED = regime("2022-06-01", "b", "", "a", -12.4, 2, -1, -2, 1)
DEARER = regime("2023-01-01", "b", "", "", -13, 2, -1, -2, 1)
FREE = regime("2024-01-01", "", "", "b", 0.05, 0, 0, 0, 0)


def test_a_timeline_in_words() -> None:
    whole = line(FIRST, BANNED, EASED, DEARER)
    assert whole.sentences == (
        "Between 31 December 2021 and 1 January 2023 the measures change two times. Belarus loses "
        "most, USD 30 million a year, under the regime that begins on 1 January 2022, and USD 13 "
        "million under the last one, from 1 January 2023.",
    )
    assert line(FIRST, BANNED).sentences == (
        "Between 31 December 2021 and 1 January 2022 the measures change one time. Belarus loses "
        "most, USD 30 million a year, under the regime that begins on 1 January 2022, the last "
        "one.",
    )
    assert (
        line(FIRST, BANNED, FREE)
        .sentences[0]
        .endswith(
            "that begins on 1 January 2022, and nothing under the last one, from 1 January 2024."
        )
    )
    assert line(FIRST).sentences == ("No measure that touches trade is ever in force.",)
    assert line(FIRST, DEARER).sentences == ("No measure that touches trade is ever in force.",)
    gain = regime("2022-01-01", "a", "a", "", 3, 0, -0.03, -0.06, 0)
    assert line(FIRST, gain).sentences == (
        "Between 31 December 2021 and 1 January 2022 the measures change one time.",
    )
    lost = regime("2022-01-01", "a", "a", "", 3, 0, -0.04, -0.06, 0)
    assert "the European Union loses most" in line(FIRST, lost).sentences[0].replace(
        "The E", "the E"
    )
    assert in_time_words(whole, {}) == (
        "Between 31 December 2021 and 1 January 2023 the measures change two times."
    )
    union = Place("EU", "European Union", "the European Union", (2, 3))
    assert ". The European Union loses most, USD 10 million a year" in in_time_words(
        whole, {"EU": union}
    )


def test_a_timeline_with_bands() -> None:
    whole = line(FIRST, BANNED, EASED)
    frame = whole.frame
    bands = Bands(
        {"regimes": bands_of_frame(frame, frame.values - 3, frame.values + 3)}, 60, 60, 0, 0
    )
    drawn = Timeline(whole.case, WORLD, "long", "fixed", whole.regimes, bands)
    text, of_bands = drawn.sentences
    assert "Belarus loses most, USD 30 million (27 to 33) a year" in text
    assert "and USD 12 million (9.4 to 15) under the last one" in text
    assert of_bands.startswith("Bands run from 5 to 95 % of 60 draws")
    assert drawn.figures.band("regimes", "2022-01-01", "EU") == (-13.0, -7.0)
    assert figures_with([frame], None).band("regimes", "2022-01-01", "EU") is None


def test_a_timeline_in_rows() -> None:
    whole = line(FIRST, BANNED, EASED, DEARER)
    assert whole.effect_rp.tolist() == [[0, 0], [-30, -10], [-12.4, -3], [-13, -3]]
    assert whole.frame.labels[1] == "from 1 January 2022"
    assert [c.label for c in whole.frame.columns] == ["Belarus", "European Union"]
    assert [whole.changed(r) for r in whole.regimes] == [
        "no measure in force", "+ a  + b", "- a", "only dated parameters change: price"
    ]  # fmt: skip
    assert whole.changed(FREE) == "- b"
    assert whole._small() == (
        "Regimes in time, all: USD million a year for the parties moved most",
        ("from", "Belarus", "European Union"),
        [(r.start, *cells) for r, cells in zip(whole.regimes, (
            ("0", "0"), ("-30", "-10"), ("-12", "-3"), ("-13", "-3")), strict=True)],
    )  # fmt: skip
    many = line(*[regime(f"20{k:02}-01-01", "a", "a", "", k, 0, 0, 0, 0) for k in range(10, 21)])
    title, _, rows = many._small()
    assert title.startswith("Regimes in time, the last 9:")
    assert [row[0].year for row in rows] == list(range(2012, 2021))
    entries = plain(whole.entries())
    assert entries[2] == {
        "start": "2022-06-01", "measures": ["b"], "begun": [], "ended": ["a"], "changed": "- a",
        "certificate": "Converged.",
    }  # fmt: skip
    assert whole._lines() == ("Invented, long run: 4 regimes",)
    assert whole.to_frame().columns == ["from", "BY", "EU"]


def test_a_market_read_out_of_an_equilibrium() -> None:
    received = np.array([[6.0, 0.0], [3.0, 1.0]])
    market = SimpleNamespace(
        received_ni=received, paid_ni=2 * received + np.array([[0, 0], [0, 2.0]]),
        arrived_ni=np.array([[0.6, 0.0], [0.2, 0.1]]) * 10, gate_n=np.array([0.9, 1.1]),
    )  # fmt: skip
    equilibrium: Any = SimpleNamespace(
        market=lambda name: market, world=SimpleNamespace(good={"POTASH": 1}.__getitem__),
        price_change=SimpleNamespace(values=np.array([[9.0, 9.0], [0.5, -0.25]])),
    )  # fmt: skip
    commodity: Any = SimpleNamespace(name="POTASH", label="Potash", price=200.0)
    case: Any = SimpleNamespace(number=lambda x: x)
    found = module._commodity(case, commodity, equilibrium)
    assert found.tonnes_ni.tolist() == pytest.approx(np.array([[0.03, 0.0], [0.01, 0.005]]))
    assert found.price_paid_n.tolist() == [300.0, 150.0]
    assert found.price_received_n.tolist() == pytest.approx([180.0, 220.0])
    assert found.sales_n.tolist() == [9.0, 1.0]
    assert found.share_ni.tolist() == [[1.0, 0.0], [0.6, 0.4]]
    assert found.largest_supplier_n.tolist() == [0, 0]
    assert found.largest_share_n.tolist() == [1.0, 0.6]
    assert found.herfindahl_n.tolist() == pytest.approx([1.0, 0.52])
    assert (found.good, found.label) == ("POTASH", "Potash")
    market.received_ni = np.array([[6.0, 0.0], [0.0, 0.0]])
    market.paid_ni = market.arrived_ni = market.received_ni
    bare = module._commodity(case, commodity, equilibrium)
    assert np.isnan(bare.price_paid_n).tolist() == [False, True]
    assert np.isnan(bare.price_received_n).tolist() == [False, True]
    assert bare.share_ni.tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_routes_read_out_of_an_equilibrium() -> None:
    # Two groups of markets of one exporter; a route in both, one of them with room.
    groups = [
        SimpleNamespace(good=0, origin=1, market_m=np.array([0]), route_r=("a", "b"),
                        room_r=np.array([0, -1])),
        SimpleNamespace(good=0, origin=1, market_m=np.array([2]), route_r=("a", "c"),
                        room_r=np.array([0, 1])),
        SimpleNamespace(good=0, origin=0, market_m=np.array([2]), route_r=("a",),
                        room_r=np.array([-1])),
    ]  # fmt: skip
    choices = [
        SimpleNamespace(share_rb=np.array(s)[:, None]) for s in ([0.75, 0.25], [0.5, 0.5], [1])
    ]
    equilibrium: Any = SimpleNamespace(
        world=SimpleNamespace(goods=("P",), countries=("X", "Y", "Z")),
        solution=SimpleNamespace(
            log_congestion_q=np.log([1.5, 1.1]), point=SimpleNamespace(choices=choices)
        ),
        wedges=SimpleNamespace(route_groups=groups),
    )
    tonnes = np.zeros((3, 3))
    tonnes[0, 1], tonnes[2, 1] = 4.0, 2.0
    commodities: Any = {"P": SimpleNamespace(tonnes_ni=tonnes)}
    route = SimpleNamespace(id="c", closed_by=("ban",))
    terms: Any = (SimpleNamespace(commodity="P", origin="Y", routes=(route,)),)
    found = module._routes(equilibrium, commodities, terms)
    assert [(f.origin, f.route, f.tonnes, f.closed_by) for f in found] == [
        ("Y", "a", 4.0, ()), ("Y", "b", 1.0, ()), ("Y", "c", 1.0, ("ban",)), ("X", "a", 0.0, ())
    ]  # fmt: skip
    assert [f.share for f in found] == pytest.approx([4 / 6, 1 / 6, 1 / 6, 0.0])
    assert [f.congestion for f in found] == pytest.approx([1.5, 1.0, 1.1, 1.0])
    assert {f.commodity for f in found} == {"P"}
