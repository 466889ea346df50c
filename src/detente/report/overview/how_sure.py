"""How far the answers can be believed: bands, the back-test, claims, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.record import forecasts
from detente.analysis.record.plan import testable
from detente.analysis.record.scores import held_out
from detente.negotiation.words import number_word
from detente.report.overview.chapter import Chapter
from detente.report.views.drivers import weakest
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.figures.frame import Bands
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.record.result import BackTest
    from detente.report.context import ViewContext

#: Sections of a report that hold the details.
SECTIONS = ("backtest", "claims", "negotiation-checks", "basis", "check")
_RIVALS = (forecasts.NO_CHANGE, forecasts.RESCALED, forecasts.NOTHING)


def how_sure(
    context: ViewContext | None,
    negotiation: NegotiationAnswer | None,
    backtest: BackTest | None,
    claims: str,
) -> Chapter:
    """How far the answers can be believed.

    Args:
        context: an answer of the trade model; None without trade.
        negotiation: the negotiation; None without one.
        backtest: the case held against later years; None where it was not.
        claims: the counts of verdicts on published claims, in words; empty without claims.
    """
    bands = None if context is None else context.bands
    scored = None if backtest is None else _scored(backtest)
    sentence = scored or _unscored(context)
    driven = _driven(context)
    paragraph = [
        *_banded(bands, backtest),
        f"What would change the figures most: {driven}." if driven else "",
        f"Published claims on the case: {claims}." if claims else "",
        *_events(negotiation),
        *_left_out(context),
    ]
    points = {
        "Record": sentence,
        "Bands": " ".join(_banded(bands, backtest)),
        "What would change it": f"{w.sentence(driven)}." if driven else "",
        "Published claims": f"{w.sentence(claims)}." if claims else "",
        "Later moves": " ".join(_events(negotiation)),
        "Left out": " ".join(_left_out(context)),
    }
    return Chapter(
        "how-sure",
        sentence,
        " ".join(text for text in paragraph if text),
        sentence,
        "table:backtest" if backtest is not None else "table:drivers" if bands else "",
        SECTIONS,
        tuple((label, text) for label, text in points.items() if text),
    )


def _unscored(context: ViewContext | None) -> str:
    """That nothing is scored here, and whether that is the case's fault or the answer's extent."""
    if context is None:
        return "No forecast of this case has been scored against what happened."
    if testable(context.assessment.case):
        return (
            "This short answer leaves out the back-test, which holds the model against later "
            "years. The whole brief has it."
        )
    return (
        "No forecast of this case has been scored against what happened, and the figures are "
        "those of a model."
    )


def record_words(backtest: BackTest) -> list[str]:
    """How the model did in the years held out, beside the simple forecasts, and its bands."""
    return [*filter(None, [_scored(backtest)]), *_covered(backtest)]


def _scored(backtest: BackTest) -> str | None:
    """The model's error in the years held out beside that of the simple forecasts."""
    found = {f: held_out(backtest.scores, "main", backtest.headline, f) for f in _RIVALS}
    model = held_out(backtest.scores, "main", backtest.headline, forecasts.MODEL)
    if model is None:
        return None
    rivals = {f: e.mean_error for f, e in found.items() if e is not None}
    best = min(rivals, key=lambda f: rivals[f])
    beaten = sum(model.mean_error < v for v in rivals.values())
    text = (
        f"In years that it had not seen, the model put {model.mean_error:.2f} million tonnes a "
        "market in the wrong place"
    )
    if beaten == len(rivals):
        return f"{text}, and the best simple forecast, ‘{best}’, {rivals[best]:.2f}."
    return (
        f"{text}. It beats {number_word(beaten)} of {w.count(len(rivals), 'simple forecast')}, "
        f"and ‘{best}’ errs by {rivals[best]:.2f}."
    )


def _banded(bands: Bands | None, backtest: BackTest | None) -> Iterator[str]:
    if bands is None:
        yield "The figures have no bands: no parameters were drawn."
        return
    yield (
        f"Bands hold 90 % of {bands.draws} draws of the parameters and leave out what the model "
        "itself gets wrong."
    )
    if backtest is not None:
        yield from _covered(backtest)


def _covered(backtest: BackTest) -> Iterator[str]:
    """Which share of what was observed the bands held."""
    found = held_out(backtest.scores, "main", backtest.headline, forecasts.MODEL)
    if found is not None and found.coverage is not None:
        yield (
            f"In the years held out the bands held {100 * found.coverage:.0f} % of the exports by "
            "market."
        )


def _driven(context: ViewContext | None, most: int = 3) -> str:
    """The parameters that move the headline figures most; empty without draws."""
    bands = None if context is None else context.bands
    if context is None or bands is None:
        return ""
    case = context.assessment.case
    least = weakest(bands.draws)
    strength: dict[str, float] = {}
    for driven in bands.drivers:
        for name, r in driven.parameters:
            if abs(r) >= least:
                strength[name] = strength.get(name, 0.0) + abs(r)
    top = sorted(strength, key=lambda n: -strength[n])[:most]
    return w.listing(lower_first(case.parameter_label(n)) for n in top)


def _events(negotiation: NegotiationAnswer | None) -> Iterator[str]:
    """How many moves that were not in view the negotiation makes rational."""
    if negotiation is None or not negotiation.events:
        return
    fresh = [e for e in negotiation.events if not e.in_sample]
    if not fresh:
        return
    good = sum(e.verdict != "not explained" for e in fresh)
    made = f"explains {number_word(good)}" if good else "explains none"
    moves = w.count(len(fresh), "later move")
    yield f"Of {moves} on which no value of the case was set, the model {made}."


def _left_out(context: ViewContext | None) -> Iterator[str]:
    if context is not None:
        yield "The model knows countries and sectors. It knows no firms, no cartels and no wars."
