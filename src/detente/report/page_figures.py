"""The figures that the page of the app shows of every scenario, in one order.

`PageFigure` is one of them: a figure of a comparison, and whose. `page_figures` lists those of a
case, `readings` gives their values in one scenario, and `figure_bands` their bands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._document import document
from detente.analysis.comparisons import Comparer, Figure, Side, State, figures_of
from detente.analysis.departure import departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.figures.commodities import Pair, main_markets, main_suppliers
from detente.analysis.labels import name_of
from detente.analysis.places import Place, country, parties_of, thirds_of
from detente.analysis.uncertainty.draws import bands_sentence

if TYPE_CHECKING:
    from detente.analysis import Assessment, Comparison, Ensemble


GAIN, INCOME, PRICE, SHARE, SOLD, TRANSIT = (
    "equivalent_variation",
    "real_income_change",
    "price_paid",
    "largest_share",
    "sold",
    "transit_revenue",
)
#: The figure that is of everybody.
EVERYONE = "world"
_DECIMALS = {GAIN: 1, PRICE: 0, SHARE: 1, SOLD: 2, TRANSIT: 1}
#: Units as readers write them.
_UNITS = {"USD per t": "USD per tonne", "million t a year": "Mt"}
_DRIVERS = 3


@dataclass(frozen=True)
class PageFigure:
    """One number of a scenario as the page lists it.

    Attributes:
        figure: what it is.
        side: of whom.
        label: of whom, for readers.
        group: the heading above it.
    """

    figure: Figure
    side: Side
    label: str
    group: str

    @property
    def id(self) -> str:
        """Its name in files: `price_paid-POTASH-IND`."""
        return "-".join(filter(None, (self.figure.key, self.figure.commodity, self.side.id)))

    @property
    def decimals(self) -> int:
        """Digits after the point on the screen, where a share is in percent; files keep all."""
        return _DECIMALS[self.figure.key]

    @property
    def unit(self) -> str:
        """The unit of what is on the screen."""
        if self.figure.is_share:
            return "%"
        return _UNITS.get(self.figure.unit, self.figure.unit)

    def shown(self, value: float) -> float:
        """A value as it is on the screen: a share in percent."""
        return 100 * value if self.figure.is_share else value


def page_figures(a: Assessment, most: int = 6) -> tuple[PageFigure, ...]:
    """Gains of parties, third countries and the world, prices, dependence, sales, transit.

    Args:
        a: the case at its own values; its figures are those of every scenario.
        most: markets and sellers of a commodity.
    """
    known = {(f.key, f.commodity): f for f in figures_of(a.case)}
    parties = parties_of(a)
    places = [*parties, *thirds_of(a, parties), _everyone(a)]
    found = [_of(a, known[GAIN, None], p, "Who gains and who pays") for p in places]
    for good, before in a.base.commodities.items():
        pair = Pair(a, before, a.regime.commodities[good])
        markets = main_markets(a, before, parties)[:most]
        sellers = [country(a, i) for i in main_suppliers(pair, most)]
        for key, whose, words in (
            (PRICE, markets, "price paid"),
            (SHARE, markets, "share of the largest supplier"),
            (SOLD, sellers, "sales, home included"),
        ):
            found += [_of(a, known[key, good], p, f"{before.label}: {words}") for p in whose]
    earners = np.flatnonzero(a.base.transit_revenue_n)
    found += [
        _of(a, known[TRANSIT, None], country(a, int(n)), "Net income from transit") for n in earners
    ]
    return tuple(found)


def _everyone(a: Assessment) -> Place:
    return Place(EVERYONE, "World", "the world", tuple(range(len(a.world.countries))))


def _of(a: Assessment, figure: Figure, place: Place, group: str) -> PageFigure:
    codes = tuple(a.world.countries[n] for n in place.members)
    return PageFigure(figure, Side(place.key, place.name, codes, place.prose), place.name, group)


def asked_for(listed: Iterable[PageFigure], states: Sequence[State]) -> Comparer:
    """What a comparison of some scenarios reads: every figure of each side that the page lists.

    Args:
        listed: the figures of the page.
        states: the scenarios.
    """
    sides = {f.side.id: f.side for f in listed}
    return Comparer(tuple(figures_of(states[0].case)), tuple(states), tuple(sides.values()))


def readings(listed: Iterable[PageFigure], found: Comparison) -> list[dict[str, Any]]:
    """The figures in a scenario as plain values, with those without its measures beside them.

    Args:
        listed: the figures of the page.
        found: the scenario without measures, then with them.
    """
    out = []
    _, (world, regime) = found.solved
    for f in listed:
        key, side, commodity = f.figure.key, f.side.id, f.figure.commodity
        before, value = found.of("level", key, side, commodity).tolist()
        row: dict[str, Any] = {
            "id": f.id,
            "key": key,
            "side": side,
            "commodity": commodity,
            "label": f.label,
            "group": f.group,
            "unit": f.figure.unit,
            "shown_unit": f.unit,
            "decimals": f.decimals,
            "value": value,
            "before": None if key == GAIN else before,
            "real_income_change": None,
            "largest_supplier": None,
        }
        if key == GAIN:
            row["real_income_change"] = found.of("level", INCOME, side).tolist()[1]
        if commodity is not None and key == SHARE:
            where = [world.country(c) for c in f.side.countries]
            share_i = regime.commodities[commodity].supplier_share_i(where)
            row["largest_supplier"] = name_of(world.countries[int(share_i.argmax())])
        out.append(row)
    return out


def figure_bands(
    listed: Iterable[PageFigure], asked: Comparer, ensemble: Ensemble
) -> dict[str, Any]:
    """The document `bands`: 5 to 95 % of the draws done, and what moves each figure most.

    Args:
        listed: the figures of the page.
        asked: what was read of each draw, of one scenario.
        ensemble: the draws.
    """
    bands: dict[str, Any] = {}
    (state,) = asked.states
    if ensemble.values:
        low, high = ensemble.band("level")
        for f in listed:
            at = (*asked.place(f.figure.key, f.side.id, f.figure.commodity), 0)
            bands[f.id] = {
                "low": low[at],
                "high": high[at],
                "drivers": [
                    {
                        "parameter": p,
                        "label": state.case.parameter_label(p),
                        "correlation": round(rho, 3),
                    }
                    for p, rho in ensemble.drivers("level", at)[:_DRIVERS]
                ],
            }
    return document(
        "bands",
        {
            **head(
                state.case.name,
                departure_of(state.case, state.day, state.horizon, state.transfers),
                data=data_entry(state.case),
                date=state.day,
                horizon=state.horizon,
                transfers=state.transfers,
                draws=ensemble.counts,
                sentences=[
                    bands_sentence(ensemble.done, ensemble.asked, ensemble.failed, ensemble.why)
                ],
            ),
            "bands": bands,
        },
    )
