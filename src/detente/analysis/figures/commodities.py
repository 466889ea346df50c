"""Figures of one commodity: who sells what to whom, at which price, and who depends on whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array
from detente.analysis.figures.frame import Frame, Quantity, frame_of
from detente.analysis.labels import name_of, sentence
from detente.analysis.places import Place, country
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.assessment import AssessmentData, CommodityOutcome
    from detente.analysis.options import Option

#: Flows below this many million tonnes before and under the regime are left out of lists.
TRACE = 0.0005
PER_TONNE = "USD per tonne"


@dataclass(frozen=True)
class Pair:
    """One commodity in two equilibria of one assessment: before the measures, and under them.

    Attributes:
        assessment: the case answered.
        before: without measures.
        under: under the regime.
    """

    assessment: AssessmentData
    before: CommodityOutcome
    under: CommodityOutcome

    @property
    def good(self) -> str:
        """The commodity's name in the world."""
        return self.before.good

    @property
    def name(self) -> str:
        """The commodity as it stands inside a sentence."""
        return lower_first(self.before.label)

    @property
    def moves(self) -> bool:
        """Whether the regime changes any flow of it noticeably."""
        return float(np.abs(self.under.tonnes_ni - self.before.tonnes_ni).max()) >= TRACE

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO3 codes of the world."""
        return self.assessment.world.countries


def pairs_of(a: AssessmentData) -> list[Pair]:
    """Every commodity of a case, before the measures and under them."""
    return [
        Pair(a, before, a.regime.commodities[good]) for good, before in a.base.commodities.items()
    ]


def main_suppliers(pair: Pair, most: int = 7) -> list[int]:
    """Positions of the largest sellers before the measures, in one order for every chart."""
    sold = pair.before.tonnes_ni.sum(axis=0)
    return [int(i) for i in np.argsort(-sold, kind="stable")[:most] if sold[i] >= 0.02]


def main_markets(
    a: AssessmentData, outcome: CommodityOutcome, parties: Sequence[Place]
) -> list[Place]:
    """Parties and groups that buy the commodity, and the largest other markets, by tonnes."""
    bought: Array = outcome.tonnes_ni.sum(axis=1)
    places = {p.key: p for p in parties}
    inside = {k for p in places.values() if len(p.members) > 1 for k in p.members}
    order = [int(n) for n in np.argsort(-bought, kind="stable") if int(n) not in inside]
    for n in order[:9]:
        place = country(a, n)
        places.setdefault(place.key, place)
    ranked = sorted(places.values(), key=lambda p: -p.total(bought))
    return [p for p in ranked if p.total(bought) >= 0.01 or p.key in {q.key for q in parties}]


def largest_changes(pair: Pair, most: int = 25) -> list[tuple[int, int]]:
    """The flows that change most, as positions of market and origin."""
    before, under = pair.before.tonnes_ni, pair.under.tonnes_ni
    size = np.abs(under - before)
    size[np.maximum(before, under) < TRACE] = 0.0
    order = np.argsort(-size, axis=None, kind="stable")[:most]
    cells = [divmod(int(k), size.shape[1]) for k in order]
    return [(n, i) for n, i in cells if size[n, i] > 0]


def sellers(pair: Pair) -> list[int]:
    """Positions of those who sell at least 0.05 million tonnes, the largest first."""
    tonnes = pair.before.tonnes_ni.sum(axis=0)
    return [int(i) for i in np.argsort(-tonnes, kind="stable") if tonnes[i] >= 0.05]


def visible_suppliers(pair: Pair, options: Sequence[Option], place: Place) -> list[int]:
    """Suppliers of at least 1 % of a market in one state, the largest first."""
    shares = _shares(pair, options, place)
    order = np.argsort(-shares[:2].max(axis=0), kind="stable")
    return [int(i) for i in order if shares[:, i].max() >= 1.0]


def largest_suppliers(pair: Pair, place: Place) -> tuple[int, int] | None:
    """The largest supplier of a market before and under; None where it buys nothing."""
    before, under = (
        pair.before.supplier_share_i(place.members),
        pair.under.supplier_share_i(place.members),
    )
    return None if before.sum() == 0 else (int(np.argmax(before)), int(np.argmax(under)))


def _shares(pair: Pair, options: Sequence[Option], place: Place) -> Array:
    """Shares in %, before, under the regime and after each option, (states, N)."""
    after = [o.snapshot.commodities[pair.good] for o in options]
    return np.array(
        [100 * x.supplier_share_i(place.members) for x in (pair.before, pair.under, *after)]
    )


def _change(before: float, under: float) -> float:
    """A change in %; NaN where there was nothing before."""
    return float(100 * (under / before - 1)) if before > 0 else float("nan")


def flows_frame(pair: Pair, chosen: Sequence[tuple[int, int]]) -> Frame:
    """Bilateral flows before and under the regime."""
    before, under, codes = pair.before, pair.under, pair.codes

    def numbers(n: int, i: int) -> list[float]:
        tonnes = [float(x.tonnes_ni[n, i]) for x in (before, under)]
        value = [float(x.value_ni[n, i]) for x in (before, under)]
        return [*tonnes, tonnes[1] - tonnes[0], *value, value[1] - value[0]]

    return frame_of(
        f"{pair.good}-flows",
        f"{before.label}: bilateral flows before and under the regime",
        ("origin", "market"),
        (
            Quantity("tonnes_before", "Before", "Mt"),
            Quantity("tonnes_under", "Under the regime", "Mt"),
            Quantity("tonnes_change", "Change", "Mt"),
            Quantity("value_before", "Before", "USD million"),
            Quantity("value_under", "Under the regime", "USD million"),
            Quantity("value_change", "Change", "USD million"),
        ),
        [
            (
                (codes[i], codes[n]),
                f"{name_of(codes[i])} to {name_of(codes[n])}",
                numbers(n, i),
            )
            for n, i in chosen
        ],
    )


def producers_frame(pair: Pair, chosen: Sequence[int]) -> Frame:
    """Sales and prices received by seller."""
    before, under, codes = pair.before, pair.under, pair.codes
    tonnes, after = before.tonnes_ni.sum(axis=0), under.tonnes_ni.sum(axis=0)
    return frame_of(
        f"{pair.good}-producers",
        f"{before.label}: sales and prices received, by seller",
        ("seller",),
        (
            Quantity("tonnes_before", "Sales before", "Mt"),
            Quantity("tonnes_under", "Under the regime", "Mt"),
            Quantity("sales_before", "Sales before", "USD million"),
            Quantity("sales_under", "Under the regime", "USD million"),
            Quantity("sales_change", "Change", "%"),
            Quantity("price_before", "Price received before", PER_TONNE),
            Quantity("price_under", "Under the regime", PER_TONNE),
            Quantity("price_change", "Change", "%"),
        ),
        [
            (
                (codes[i],),
                name_of(codes[i]),
                [
                    float(tonnes[i]),
                    float(after[i]),
                    float(before.sales_n[i]),
                    float(under.sales_n[i]),
                    _change(before.sales_n[i], under.sales_n[i]),
                    float(before.price_received_n[i]),
                    float(under.price_received_n[i]),
                    _change(before.price_received_n[i], under.price_received_n[i]),
                ],
            )
            for i in chosen
        ],
    )


def markets_frame(pair: Pair, markets: Sequence[Place]) -> Frame:
    """Purchases and prices paid by market."""
    before, under = pair.before, pair.under

    def numbers(p: Place) -> list[float]:
        first, second = before.mean_price_paid(p.members), under.mean_price_paid(p.members)
        bought = [p.total(x.tonnes_ni.sum(axis=1)) for x in (before, under)]
        return [*bought, first, second, _change(first, second)]

    return frame_of(
        f"{pair.good}-markets",
        f"{before.label}: purchases and prices paid, by market",
        ("market",),
        (
            Quantity("tonnes_before", "Purchases before", "Mt"),
            Quantity("tonnes_under", "Under the regime", "Mt"),
            Quantity("price_before", "Price paid before", PER_TONNE),
            Quantity("price_under", "Under the regime", PER_TONNE),
            Quantity("price_change", "Change", "%"),
        ),
        [((p.key,), p.name, numbers(p)) for p in markets],
    )


def shares_frame(
    pair: Pair,
    markets: Sequence[Place],
    options: Sequence[Option],
    suppliers: Mapping[str, Sequence[int]],
) -> Frame:
    """Suppliers' shares of the main markets: before, under the regime, and after each option."""
    rows = []
    for place in markets:
        shares = _shares(pair, options, place)
        rows += [
            (
                (place.key, pair.codes[i]),
                f"{place.name}: {name_of(pair.codes[i])}",
                [float(s) for s in shares[:, i]],
            )
            for i in suppliers[place.key]
        ]
    columns = [Quantity("before", "Before", "%"), Quantity("under", "Under the regime", "%")]
    return frame_of(
        f"{pair.good}-shares",
        f"{pair.before.label}: suppliers' shares of the main markets",
        ("market", "supplier"),
        [*columns, *(Quantity(o.id, o.label, "%") for o in options)],
        rows,
    )


def dependence_frame(
    pair: Pair, markets: Sequence[Place], largest: Mapping[str, tuple[int, int]]
) -> Frame:
    """How far each market depends on its largest supplier, and how concentrated supply is."""
    rows = []
    for place in markets:
        if place.key not in largest:
            continue
        first, second = largest[place.key]
        before, under = (
            pair.before.supplier_share_i(place.members),
            pair.under.supplier_share_i(place.members),
        )
        rows.append(
            (
                (place.key, pair.codes[first], pair.codes[second]),
                place.name,
                [
                    float(100 * before[first]),
                    float(100 * under[second]),
                    float((before**2).sum()),
                    float((under**2).sum()),
                ],
            )
        )
    return frame_of(
        f"{pair.good}-dependence",
        f"{pair.before.label}: dependence on the largest supplier",
        ("market", "largest_before", "largest_under"),
        (
            Quantity("share_before", "Its share", "%"),
            Quantity("share_under", "Its share", "%"),
            Quantity("herfindahl_before", "Herfindahl before", "0 to 1"),
            Quantity("herfindahl_under", "Under the regime", "0 to 1"),
        ),
        rows,
    )


def horizon_prices_frame(
    a: AssessmentData, runs: Mapping[str, AssessmentData], good: str, markets: Sequence[Place]
) -> Frame:
    """Prices paid in the main markets under the regime, by horizon."""
    base = a.base.commodities[good]
    rows = []
    for place in markets:
        before = base.mean_price_paid(place.members)
        after = [r.regime.commodities[good].mean_price_paid(place.members) for r in runs.values()]
        rows.append(
            ((place.key,), place.name, [before, *after, *(_change(before, v) for v in after)])
        )
    return frame_of(
        f"{good}-horizon-prices",
        f"{base.label}: prices paid by horizon",
        ("market",),
        (
            Quantity("before", "Before", PER_TONNE),
            *(Quantity(h, f"{sentence(h)} run", PER_TONNE) for h in runs),
            *(Quantity(f"{h}_change", f"{sentence(h)} run", "%") for h in runs),
        ),
        rows,
    )
