"""What all views of an answer speak of: its figures, places, options, commodities and routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.figures.commodities import Pair, pairs_of
from detente.analysis.figures.routes import ExportRoutes, export_routes_of
from detente.analysis.figures.trade import runs_of
from detente.analysis.options import Option, imposing_options, lifting_options

if TYPE_CHECKING:
    from detente.analysis.answers import Answer, Assessment
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.figures.frame import Bands, Figures
    from detente.analysis.figures.selection import Selection
    from detente.analysis.places import Place
    from detente.analysis.regimes import Timeline
    from detente.analysis.sides import Sides


@dataclass(frozen=True, eq=False)
class ViewContext:
    """An answer, and what of it is shown.

    Attributes:
        answer: the case answered.
        lifting: ways of lifting measures in force.
        imposing: measures not in force, imposed.
        pairs: each commodity before the measures and under them.
        all_export_routes: the routes of every exporter that the case describes.
        runs: the assessment among those at other horizons; empty if there is none.
        timeline: every regime in time, for the paths of commodities; None where that is not known.
    """

    answer: Answer
    lifting: list[Option]
    imposing: list[Option]
    pairs: list[Pair]
    all_export_routes: list[ExportRoutes]
    runs: dict[str, AssessmentData]
    timeline: Timeline | None = None

    @property
    def assessment(self) -> Assessment:
        """The regime of the date."""
        return self.answer.assessment

    @property
    def figures(self) -> Figures:
        """Every figure of the answer, with its band."""
        return self.answer.figures

    @property
    def bands(self) -> Bands | None:
        """What the draws say, if parameters were drawn."""
        return self.answer.bands

    @property
    def selection(self) -> Selection:
        """Whom and what the figures are of."""
        return self.answer.selection

    @property
    def places(self) -> Sequence[Place]:
        """The parties, and third countries that matter."""
        return self.selection.places

    @property
    def sides(self) -> Sides | None:
        """Whom the measures in force hit, and who holds them; None where they hit nobody."""
        return self.selection.sides

    def markets(self, pair: Pair) -> Sequence[Place]:
        """The markets of a commodity that are shown."""
        return self.selection.markets[pair.good]


def view_context_of(answer: Answer, timeline: Timeline | None = None) -> ViewContext:
    """What is shown of an answer.

    Args:
        answer: a case answered.
        timeline: its regimes in time, where the answer itself does not hold them.
    """
    a = answer.assessment
    return ViewContext(
        answer,
        lifting=lifting_options(a),
        imposing=imposing_options(a),
        pairs=pairs_of(a),
        all_export_routes=export_routes_of(a),
        runs=runs_of(answer),
        timeline=answer.timeline or timeline,
    )
