"""The path of one commodity over time: what is sold, paid and received under each regime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.figures.commodities import PER_TONNE, Pair, main_suppliers
from detente.analysis.figures.frame import Frame, Quantity, frame_of
from detente.analysis.labels import day, in_sentence, name_of, number, sentence

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.places import Place
    from detente.analysis.regimes import Timeline


TONNES = "Mt a year"
#: Sales that move by less than this many million tonnes over the whole time are not told.
LEAST = 0.05
#: Prices that move by less than this share of the first one are left out.
_LEAST_SHARE = 0.005
_SELLERS, _MARKETS = 4, 3


@dataclass(frozen=True, eq=False)
class CommodityPath:
    """What is sold of a commodity, paid for it and received, regime after regime.

    Attributes:
        pair: the commodity on the day assessed.
        timeline: the regimes.
        sellers: positions of the large sellers whose sales move, the most moved first.
        markets: large markets whose price moves, the most moved first, counted in money.
        sold_rs: their sales abroad and at home, million tonnes, (regimes, sellers).
        received_r: what the seller moved most receives at its gate, USD per tonne, (regimes,).
        paid_rm: what each market pays, USD per tonne, (regimes, markets).
    """

    pair: Pair
    timeline: Timeline
    sellers: tuple[int, ...]
    markets: tuple[Place, ...]
    sold_rs: Array
    received_r: Array
    paid_rm: Array

    @property
    def frame(self) -> Frame:
        """A row for each regime by its first day; sales, then prices. It has no bands."""
        codes = [self.pair.codes[i] for i in self.sellers]
        columns = [
            *(Quantity(f"sold_{c}", f"{name_of(c)} sells", TONNES) for c in codes),
            Quantity(f"received_{codes[0]}", f"{name_of(codes[0])} receives", PER_TONNE),
            *(Quantity(f"paid_{p.key}", f"Paid in {p.name}", PER_TONNE) for p in self.markets),
        ]
        values = np.hstack([self.sold_rs, self.received_r[:, None], self.paid_rm])
        return frame_of(
            f"{self.pair.good}-path",
            f"{self.pair.before.label} over time",
            ("from",),
            columns,
            (
                ((r.start.isoformat(),), f"from {day(r.start)}", values[t])
                for t, r in enumerate(self.timeline.regimes)
            ),
        )

    @property
    def sentence(self) -> str:
        """How the sales of the seller that is moved most went over time."""
        name, days = self.pair.name, [day(r.start) for r in self.timeline.regimes]
        sold = self.sold_rs[:, 0]
        seller = sentence(in_sentence(self.pair.codes[self.sellers[0]]))
        fell = sold[0] - sold.min() >= sold.max() - sold[0]
        at, end = int(sold.argmin() if fell else sold.argmax()), "least" if fell else "most"
        text = (
            f"{seller} sells {number(float(sold[0]), 1)} million tonnes of {name} a year before "
            f"the first measure, and {number(float(sold[at]), 1)}, the {end}"
        )
        if abs(sold[-1] - sold[at]) < LEAST:
            # The same until the last one: what counts is since when.
            same = np.abs(sold - sold[at]) < LEAST
            at = len(sold) - int(np.argmin(same[::-1])) if not same.all() else 0
            return f"{text}, since {days[at]}."
        return (
            f"{text}, under the regime from {days[at]}. Under the last one, from {days[-1]}, it "
            f"sells {number(float(sold[-1]), 1)}."
        )


def path_of(pair: Pair, markets: Sequence[Place], timeline: Timeline) -> CommodityPath | None:
    """The path of a commodity over the regimes of a case; None where no sales move noticeably.

    Args:
        pair: the commodity on the day assessed.
        markets: those that are shown, the largest first.
        timeline: the regimes, solved on the same base year.
    """
    found = [r.snapshot.commodities.get(pair.good) for r in timeline.regimes]
    outcomes = [outcome for outcome in found if outcome is not None]
    if len(outcomes) < len(found):
        return None
    large = main_suppliers(pair)
    sold = np.array([o.tonnes_ni.sum(axis=0)[large] for o in outcomes])
    moved = np.ptp(sold, axis=0)
    order = [k for k in np.argsort(-moved, kind="stable") if moved[k] >= LEAST][:_SELLERS]
    if not order:
        return None
    sellers = tuple(large[k] for k in order)
    received = np.array([o.price_received_n[sellers[0]] for o in outcomes])
    paid = np.array([[o.mean_price_paid(p.members) for p in markets] for o in outcomes])
    bought = pair.before.tonnes_ni.sum(axis=1)
    spans = [_span(paid[:, m]) for m in range(len(markets))]
    money = [span * p.total(bought) for span, p in zip(spans, markets, strict=True)]
    told = sorted(
        (m for m in range(len(markets)) if spans[m] >= _LEAST_SHARE * paid[0, m]),
        key=lambda m: -money[m],
    )[:_MARKETS]
    return CommodityPath(
        pair,
        timeline,
        sellers,
        tuple(markets[m] for m in told),
        sold[:, order],
        received,
        paid[:, told].reshape(len(outcomes), len(told)),
    )


def _span(values: Array) -> float:
    """How far a price moves; nothing where it is not always known."""
    return float(np.ptp(values)) if np.isfinite(values).all() else 0.0
