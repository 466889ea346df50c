"""Charts of one commodity: flows, suppliers' shares, and prices paid and received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.figures.commodities import Pair, main_suppliers
from detente.analysis.labels import name_of
from detente.analysis.options import Option
from detente.analysis.places import Place
from detente.report.table import Chart, Table
from detente.report.views.countries import _short, source_of

if TYPE_CHECKING:
    from detente.analysis.assessment import CommodityOutcome

#: Flows below this many million tonnes are not drawn in the flow diagram.
DRAWN = 0.02


def flow_chart(pair: Pair, markets: Sequence[Place], table: Table, most: int = 9) -> Chart:
    """Who sells to whom, before and under the regime, as two flow diagrams on one scale."""
    sellers = main_suppliers(pair)
    markets = _disjoint(markets)[:most]
    change = np.abs((pair.under.tonnes_ni - pair.before.tonnes_ni).sum(axis=0))
    stressed = sorted(sellers, key=lambda i: -change[i])[:3]
    return Chart(
        f"{pair.before.good}-flows",
        "flows",
        headline(table, "The largest change: "),
        "Mt a year",
        source_of(pair.assessment),
        f"Two flow diagrams, sellers on the left, markets on the right. {table.sentence}",
        table.id,
        {
            "label": pair.before.label,
            "panels": [
                {"label": label, "links": _links(pair, outcome, sellers, markets)}
                for label, outcome in (
                    ("Before the measures", pair.before),
                    ("Under the regime", pair.under),
                )
            ],
            "sellers": [*(name_of(pair.codes[i]) for i in sellers), "Other sellers"],
            "markets": [*(p.name for p in markets), "Other markets"],
            "stressed": [name_of(pair.codes[i]) for i in stressed],
        },
    )


def _disjoint(markets: Sequence[Place]) -> list[Place]:
    """The places without those that lie inside another of them."""
    return [
        p
        for p in markets
        if not any(p is not q and set(p.members) < set(q.members) for q in markets)
    ]


def _links(
    pair: Pair, outcome: CommodityOutcome, sellers: list[int], markets: Sequence[Place]
) -> list[list[Any]]:
    tonnes = outcome.tonnes_ni
    taken = [n for p in markets for n in p.members]
    groups = [(p.name, list(p.members)) for p in markets]
    groups.append(("Other markets", [n for n in range(len(tonnes)) if n not in taken]))
    origins = [(name_of(pair.codes[i]), [i]) for i in sellers]
    origins.append(("Other sellers", [i for i in range(len(tonnes)) if i not in sellers]))
    links = []
    for origin, i in origins:
        for market, n in groups:
            value = float(tonnes[np.ix_(n, i)].sum())
            if value >= DRAWN:
                links.append([origin, market, _short(value)])
    return links


def shares_chart(
    pair: Pair, markets: Sequence[Place], options: list[Option], table: Table, most: int = 9
) -> Chart:
    """Suppliers' shares of the main markets as bars of 100 %, before, under the regime, lifted."""
    states = [
        ("before", "Before the measures", pair.before),
        ("under", "Under the regime", pair.under),
    ]
    states += [(o.id, o.outcome, o.snapshot.commodities[pair.before.good]) for o in options]
    suppliers = main_suppliers(pair)
    return Chart(
        f"{pair.before.good}-shares",
        "shares",
        headline(table, "The largest shift: "),
        "% of what the market spends",
        source_of(pair.assessment),
        f"Bars of 100 % by market. {table.sentence}",
        table.id,
        {
            "suppliers": [name_of(pair.codes[i]) for i in suppliers],
            "states": [{"id": key, "label": label} for key, label, _ in states],
            "markets": [
                {
                    "label": place.name,
                    "shares": [
                        [
                            _short(100 * s)
                            for s in outcome.supplier_share_i(place.members)[suppliers]
                        ]
                        for _, _, outcome in states
                    ],
                }
                for place in markets[:most]
                if pair.before.supplier_share_i(place.members).sum() > 0
            ],
        },
    )


def price_chart(pair: Pair, markets: Sequence[Place], table: Table, most: int = 8) -> Chart:
    """Prices paid and received before and under the regime, as pairs of dots."""
    sellers = main_suppliers(pair, most)
    received = [
        {
            "label": name_of(pair.codes[i]),
            "before": _short(pair.before.price_received_n[i]),
            "under": _short(pair.under.price_received_n[i]),
        }
        for i in sellers
    ]
    bought = [
        {
            "label": p.name,
            "before": _short(pair.before.mean_price_paid(p.members)),
            "under": _short(pair.under.mean_price_paid(p.members)),
        }
        for p in markets
    ]
    return Chart(
        f"{pair.before.good}-prices",
        "dots",
        headline(table),
        "USD per tonne",
        source_of(pair.assessment),
        f"Pairs of dots, hollow before and filled under the regime. {table.sentence}",
        table.id,
        {
            "panels": [
                {"label": "Price paid, by market", "rows": _known(bought)},
                {"label": "Price received, by seller", "rows": _known(received)},
            ]
        },
    )


def headline(table: Table, lead: str = "") -> str:
    """The first sentence of a table as a title: without its lead-in and full stop."""
    first = table.sentence.removeprefix(lead).split(". ")[0].rstrip(".")
    return first[:1].upper() + first[1:]


def _known(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in rows if np.isfinite(r["before"]) and np.isfinite(r["under"])]
