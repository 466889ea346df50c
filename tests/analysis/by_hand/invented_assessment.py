"""An assessment of five countries and invented numbers, small enough to reckon by hand.

Belarus sells potash to Germany, Lithuania and the United States before the regime, and to nobody
but itself under it. Of six measures five are in force; two of them hold one route closed.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np

from detente.analysis.assessment import (
    AssessmentData,
    CommodityOutcome,
    JointLift,
    MeasureEffect,
    RouteFlow,
    Snapshot,
)

CODES = ("BLR", "CAN", "DEU", "LTU", "USA")
DAY = dt.date(2025, 12, 1)
#: Million tonnes by market and origin.
BEFORE = np.array(
    [
        [1.0, 0, 0, 0, 0],
        [0, 2.0, 0, 0, 0],
        [0.6, 0.2, 1.2, 0, 0],
        [0.3, 0.1, 0, 0, 0],
        [0.5, 1.5, 0, 0, 0],
    ]
)
UNDER = np.array(
    [
        [1.0, 0, 0, 0, 0],
        [0, 2.0, 0, 0, 0],
        [0, 0.5, 1.4, 0, 0],
        [0, 0.3, 0.1, 0, 0],
        [0, 1.75, 0.25, 0, 0],
    ]
)
REGIME_EV = [-30.0, 12.0, -4.0, -6.0, 2.5]


def outcome(tonnes: np.ndarray, paid: list[float], received: list[float]) -> CommodityOutcome:
    """Prices paid by market and received by seller, USD per tonne."""
    received_n = np.array(received)
    value = tonnes * np.where(np.isfinite(received_n), received_n, 0.0)
    total = value.sum(axis=1, keepdims=True)
    share = np.divide(value, total, out=np.zeros_like(value), where=total > 0)
    return CommodityOutcome(
        good="POTASH", label="Potash", value_ni=value, tonnes_ni=tonnes,
        price_paid_n=np.array(paid), price_received_n=received_n, sales_n=value.sum(axis=0),
        share_ni=share, largest_supplier_n=share.argmax(axis=1), largest_share_n=share.max(axis=1),
        herfindahl_n=(share**2).sum(axis=1),
    )  # fmt: skip


def shot(
    measures: tuple[str, ...],
    variation: list[float],
    tonnes: np.ndarray = UNDER,
    *,
    routes: tuple[RouteFlow, ...] = (),
    transit: tuple[float, ...] = (0.0,) * 5,
) -> Snapshot:
    prices = [300.0, 280, 320, 340, 360] if tonnes is not BEFORE else [250.0, 260, 300, 310, 320]
    received = (
        [200.0, 250, 250, np.nan, np.nan] if tonnes is BEFORE else [100.0, 300, 275] + [np.nan] * 2
    )
    certificate: Any = SimpleNamespace(sentence="Converged.")
    values = np.array(variation)
    commodities = {"POTASH": outcome(tonnes, prices, received)}
    return Snapshot(
        measures, values, values / 1000, commodities, routes, np.array(transit), certificate
    )


def flow(route: str, tonnes: float, share: float, crowd: float = 1.0, *closed: str) -> RouteFlow:
    return RouteFlow("POTASH", "BLR", route, tonnes, share, crowd, closed)


def terms(route: str, fee: float, transit: str | None, *closed: str, **more: Any) -> Any:
    given: dict[str, Any] = {"capacity": None, "distance_km": None, "via": ()}
    given |= more
    return SimpleNamespace(
        id=route, label=f"By {route}", fee=fee, transit=transit, closed_by=closed, **given
    )


class Case:
    """What figures ask a case for."""

    name, title = "invented", "Invented"
    date = DAY
    parties = tuple(
        SimpleNamespace(id=key, name=name)
        for key, name in (
            ("BY", "Belarus"), ("EU", "European Union"), ("US", "United States"), ("X", "Nowhere")
        )
    )  # fmt: skip
    published: tuple[Any, ...] = ()
    not_computed: tuple[str, ...] = ("‘The cap’: its price is not computed.",)

    def route_terms(self, world: Any, measures: tuple[str, ...], date: dt.date) -> Any:
        assert date == DAY
        closed = tuple(m for m in ("transit", "rail") if m in measures)
        routes = (
            terms("port", 20.0, "LTU", *closed, capacity=1.5e6),
            terms("north", 10.0, "LTU"),
            terms("river", 5.0, None),
        )
        return (SimpleNamespace(commodity="POTASH", origin="BLR", routes=routes),)

    def chosen(self, of: Any, world: Any, date: dt.date) -> tuple[str, ...]:
        assert date == DAY
        return tuple(of)

    def scenario(self, given: Any) -> tuple[tuple[str, ...], dt.date]:
        return given, DAY

    def number(self, given: float) -> float:
        return given

    def published_range(self, name: str) -> tuple[float, float]:
        return next(f.range for f in self.published if f.id == name)


def effect(
    name: str,
    label: str,
    authors: str,
    targets: str,
    margin: list[float],
    alone: list[float],
    ratios: tuple[float | None, float | None],
    *,
    on: bool = True,
    acts: bool = True,
) -> MeasureEffect:
    measure: Any = SimpleNamespace(id=name, label=label, owner={"USA": "US"}.get(authors, "EU"))
    left = tuple(m for m in IN_FORCE if m != name) if on else (*IN_FORCE, name)
    return MeasureEffect(
        measure, on, acts, np.array(alone), np.array(margin), tuple(authors.split()),
        tuple(targets.split()), *ratios,
        shot(left, [v + m for v, m in zip(REGIME_EV, margin, strict=True)]),
    )  # fmt: skip


IN_FORCE = ("ban", "embargo", "transit", "rail", "still", "idle")


def assessment(**more: Any) -> AssessmentData:
    """The whole; what is given replaces a part."""
    world: Any = SimpleNamespace(
        countries=CODES, country=CODES.index, unit="USD million", goods=("POTASH", "REST")
    )
    routes = (flow("port", 1.0, 0.5), flow("north", 0.6, 0.3), flow("river", 0.4, 0.2))
    now = (
        flow("port", 0.0, 0.0, 1.0, "transit", "rail"),
        flow("north", 0.5, 0.5, 1.25),
        flow("river", 0.5, 0.5),
    )
    base = shot((), [0.0] * 5, BEFORE, routes=routes, transit=(0.0, 0.0, 0.0, 26.0, 0.0))
    regime = shot(IN_FORCE, REGIME_EV, UNDER, routes=now, transit=(0.0, 0.0, 0.0, 5.0, 0.0))
    nothing = [0.0, 0.01, 0.0, -0.02, 0.0]
    effects = (
        effect("ban", "The ban", "USA", "BLR", [10.0, -4.0, -1.0, 0.2, 2.0],
               [-12.0, 5.0, 1.0, 0.0, -1.5], (0.125, -0.2)),
        effect("embargo", "The embargo", "DEU LTU", "BLR", [7.0, -2.0, 1.5, 2.5, -0.1],
               [-9.0, 4.0, -2.0, -3.0, 0.3], (5 / 9, 4 / 7)),
        effect("transit", "The transit ban", "DEU LTU", "BLR", nothing,
               [-5.0, 1.0, 0.0, -3.0, 0.0], (0.6, None)),
        effect("rail", "The rail ban", "DEU LTU", "BLR", nothing,
               [-5.0, 1.0, 0.0, -3.0, 0.0], (0.6, None)),
        effect("still", "The still duty", "USA", "BLR", nothing, nothing, (None, None)),
        effect("idle", "The idle duty", "USA", "CAN", [0.0] * 5, [0.0] * 5, (None, None),
               acts=False),
        effect("levy", "The levy", "USA", "CAN", [0.0, -3.0, 0.4, 0.0, 1.0],
               [0.0, -3.5, 0.0, 0.0, 1.5], (-0.4, -1 / 3), on=False),
    )  # fmt: skip
    margin = [6.0, -1.0, 0.5, 3.0, 0.0]
    joint = JointLift(
        (effects[2].measure, effects[3].measure),
        np.array(margin),
        shot(("ban", "embargo", "still", "idle"), [-24.0, 11.0, -3.5, -3.0, 2.5]),
    )
    case: Any = Case()
    given: dict[str, Any] = {
        "case": case, "world": world, "date": DAY, "horizon": "long", "transfers": "fixed",
        "base": base, "regime": regime, "effects": effects, "joint": (joint,),
        "groups": {"BY": (0,), "EU": (2, 3), "US": (4,), "X": ()},
    }  # fmt: skip
    return AssessmentData(**{**given, **more})
