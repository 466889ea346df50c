"""What all views of an answer speak of: places, options, commodities, ways and horizons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.held_measures import HeldMeasure, held_measures
from detente.analysis.options import Option, imposing_options, lifting_options
from detente.analysis.places import Place, parties_of, thirds_of
from detente.analysis.sides import Sides, sides_of
from detente.report.table import Page
from detente.report.views.commodities import Pair, main_markets
from detente.report.views.horizons import Runs, runs_of
from detente.report.views.routes import Exit, exits_of

if TYPE_CHECKING:
    from detente.analysis.answers import Answer
    from detente.analysis.assessment import Assessment, CommodityOutcome


@dataclass(frozen=True, eq=False)
class Scene:
    """An answer, and what of it is shown.

    Attributes:
        answer: the case answered.
        page: what is chosen once for all draws, and bands.
        places: the parties, and third countries that matter.
        lifting: ways of lifting measures in force.
        imposing: measures not in force, imposed.
        pairs: each commodity before the measures and under them.
        markets: of each commodity, by good.
        exits: the ways of transport of every exporter that the case describes.
        runs: the assessment among those at other horizons; empty if there is none.
        sides: whom the measures in force hit, and who holds them; None where they hit nobody.
        held: those measures, from the cheapest to hold to the most valuable to lift.
    """

    answer: Answer
    page: Page
    places: list[Place]
    lifting: list[Option]
    imposing: list[Option]
    pairs: list[Pair]
    markets: dict[str, list[Place]]
    exits: list[Exit]
    runs: Runs
    sides: Sides | None
    held: tuple[HeldMeasure, ...]

    @property
    def assessment(self) -> Assessment:
        """The regime of the date."""
        return self.answer.assessment


def scene_of(answer: Answer, page: Page) -> Scene:
    """What is shown of an answer."""
    a = answer.assessment
    parties = parties_of(a)

    def markets(before: CommodityOutcome) -> list[Place]:
        return page.keep(f"{before.good}-markets", lambda: main_markets(a, before, parties))

    pairs = [
        Pair(a, before, a.regime.commodities[good], page)
        for good, before in a.base.commodities.items()
    ]
    sides = page.keep("sides", lambda: sides_of(a))
    return Scene(
        answer,
        page,
        places=page.keep("places", lambda: [*parties, *thirds_of(a, parties)]),
        lifting=lifting_options(a),
        imposing=imposing_options(a),
        pairs=pairs,
        markets={pair.before.good: markets(pair.before) for pair in pairs},
        exits=exits_of(a),
        runs=runs_of(a, answer.horizons) if answer.horizons else {},
        sides=sides,
        held=() if sides is None else held_measures(a, sides),
    )
