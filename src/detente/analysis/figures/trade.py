"""Every figure of an answer on trade, as frames in the order in which a report shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.figures.commodities import (
    dependence_frame,
    flows_frame,
    horizon_prices_frame,
    markets_frame,
    pairs_of,
    producers_frame,
    shares_frame,
)
from detente.analysis.figures.effects import (
    boomerang_frame,
    cost_frame,
    gains_frame,
    held_frame,
    horizons_frame,
    options_frame,
    totals_frame,
)
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.figures.partners import partners_frame
from detente.analysis.figures.routes import export_routes_of, routes_frame, transit_frame
from detente.analysis.options import lifting_options

if TYPE_CHECKING:
    from detente.analysis.answer_data import AnswerData
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.figures.frame import Frame
    from detente.analysis.figures.selection import Selection

#: Reading order of the horizons that every world knows; others follow.
ORDER = ("short", "medium", "long")


def runs_of(answer: AnswerData) -> dict[str, AssessmentData]:
    """The assessment among those at other horizons, from the short run to the long; maybe none."""
    if not answer.horizons:
        return {}
    known = {**answer.horizons, answer.assessment.horizon: answer.assessment}
    return {h: known[h] for h in [*ORDER, *(h for h in known if h not in ORDER)] if h in known}


def frames_of(answer: AnswerData, selection: Selection) -> list[Frame]:
    """The figures of an answer.

    Args:
        answer: the case answered, at central values or in one draw.
        selection: the rows, chosen at central values.
    """
    a, s = answer.assessment, selection
    lifting, all_export_routes, runs = lifting_options(a), export_routes_of(a), runs_of(answer)
    frames = [
        gains_frame(a),
        totals_frame(a),
        options_frame(lifting, s.places),
        cost_frame(a, s.touched),
        boomerang_frame(a),
    ]
    for pair in pairs_of(a):
        good = pair.good
        frames += [
            flows_frame(pair, s.flows[good]),
            producers_frame(pair, s.sellers[good]),
            markets_frame(pair, s.markets[good]),
            shares_frame(pair, s.markets[good], lifting, s.suppliers[good]),
            dependence_frame(pair, s.markets[good], s.largest[good]),
        ]
    frames += [routes_frame(export_routes) for export_routes in all_export_routes]
    if all_export_routes:
        frames.append(transit_frame(a, s.earning))
    if answer.timeline is not None:
        frames.append(answer.timeline.frame)
    if runs:
        options = {h: lifting_options(r) for h, r in runs.items()}
        frames.append(horizons_frame(a, runs, s.parties, options, s.concerned))
        frames += [
            horizon_prices_frame(a, runs, good, markets) for good, markets in s.markets.items()
        ]
    if s.sides is not None and s.partners:
        frames.append(partners_frame(answer, s.partners, s.sides))
    if s.sides is not None:
        frames.append(held_frame(named_sides_of(a, s.sides)))
    return frames
