"""How far the answers can be believed: bands, the back-test, claims, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.record import forecasts
from detente.analysis.record.plan import testable
from detente.analysis.record.scores import held_out
from detente.negotiation.words import listed, number_word
from detente.report.overview.chapter import Chapter
from detente.report.views.drivers import weakest
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.record.result import BackTest
    from detente.report.context import ViewContext
    from detente.report.views.ranges import Swings

#: Sections of a report that hold the details.
SECTIONS = ("backtest", "ranges", "claims", "negotiation-checks", "basis", "check")
#: Forecasts that somebody could make without a model, and how a sentence says what they assume.
_RIVALS = {
    forecasts.NO_CHANGE: "that nothing changes",
    forecasts.RESCALED: "that other buyers take what banned ones leave",
}


def how_sure(
    context: ViewContext | None,
    negotiation: NegotiationAnswer | None,
    backtest: BackTest | None,
    claims: str,
    swings: Swings | None = None,
) -> Chapter:
    """How far the answers can be believed.

    Args:
        context: an answer of the trade model; None without trade.
        negotiation: the negotiation; None without one.
        backtest: the case held against later years; None where it was not.
        claims: the counts of verdicts on published claims, in words; empty without claims.
        swings: what each assumption alone moves; None where a back-test says more.
    """
    bands = None if context is None else context.bands
    scored = None if backtest is None else _scored(backtest)
    sentence = scored or _unscored(context, swings)
    driven = _driven(context) or _swung(swings)
    paragraph = [
        *_rivals(backtest),
        *_in_view(backtest),
        *_banded(context, backtest),
        f"What would change the figures most: {driven}." if driven else "",
        f"Published claims on the case: {claims}." if claims else "",
        *_events(negotiation),
        *_left_out(context),
    ]
    points = {
        "Record": " ".join([sentence, *_in_view(backtest)]),
        "Bands": " ".join(_banded(context, backtest)),
        "What would change it": f"{w.sentence(driven)}." if driven else "",
        "Published claims": f"{w.sentence(claims)}." if claims else "",
        "Later moves": " ".join(_events(negotiation)),
        "Left out": " ".join(_left_out(context)),
    }
    picture = "chart:ranges" if swings is not None else ""
    if scored:
        picture = "chart:backtest"
    elif not picture and bands is not None:
        picture = "table:drivers"
    return Chapter(
        "how-sure",
        sentence,
        " ".join(text for text in paragraph if text),
        sentence,
        picture,
        SECTIONS,
        tuple((label, text) for label, text in points.items() if text),
    )


def _unscored(context: ViewContext | None, swings: Swings | None) -> str:
    """That nothing is scored here, and whether that is the case's fault or the answer's extent."""
    if context is None:
        return "No forecast of this case has been scored against what happened."
    if testable(context.assessment.case):
        return (
            "This short answer leaves out the back-test, which holds the model against later "
            "years. The whole brief has it."
        )
    text = "No forecast of this case has been scored against what happened, and"
    if swings is not None and swings.words:
        return f"{text} one assumption alone can move {swings.words}."
    return f"{text} the figures are those of a model."


def record_words(backtest: BackTest) -> list[str]:
    """How the model did in the years held out, beside the simple forecasts, and its bands."""
    scored = filter(None, [_scored(backtest)])
    return [*scored, *_rivals(backtest), *_in_view(backtest), *_covered(backtest)]


def _scored(backtest: BackTest) -> str | None:
    """The model's errors in the years held out beside those of the best simple forecast."""
    model = _missed(backtest, forecasts.MODEL)
    rivals = _missed_without(backtest)
    seen = held_out(backtest.scores, "main", backtest.headline, forecasts.MODEL)
    if model is None or seen is None or not rivals:
        return None
    plan = backtest.plan
    years = w.listing(str(y) for y in plan.years if plan.sample(y) == "hold-out")
    return (
        f"Tested on {years}, the model's errors sum to {w.significant(model)} million tonnes a "
        f"year where {w.significant(seen.observed_total)} were sold, against "
        f"{w.significant(min(rivals.values()))} for the best simple forecast."
    )


def _rivals(backtest: BackTest | None) -> Iterator[str]:
    """What the simple forecasts assume, and how far they are off."""
    rivals = {} if backtest is None else _missed_without(backtest)
    if rivals:
        said = [f"{_RIVALS[f]} ({w.significant(v)})" for f, v in rivals.items()]
        yield f"Simple forecasts need no model: they assume {listed(said, 'or')}."


def _in_view(backtest: BackTest | None) -> Iterator[str]:
    """How much of the case was set with the trade of later years in view."""
    seen = 0 if backtest is None else len(backtest.set_in_view) + len(backtest.measures_in_view)
    if seen:
        some, were = w.sentence(w.count(seen, "input")), "was" if seen == 1 else "were"
        yield f"{some} {were} set with later trade in view."


def _missed_without(backtest: BackTest) -> dict[str, float]:
    found = {f: _missed(backtest, f) for f in _RIVALS}
    return {f: v for f, v in found.items() if v is not None}


def _missed(backtest: BackTest, forecast: str) -> float | None:
    """The errors of a forecast summed over markets, the mean of the years held out."""
    errors = [
        s.errors.markets * s.errors.mean_error
        for s in backtest.scores
        if (s.variant, s.record) == ("main", backtest.headline)
        and (s.forecast, s.sample) == (forecast, "hold-out")
    ]
    return sum(errors) / len(errors) if errors else None


def _banded(context: ViewContext | None, backtest: BackTest | None) -> Iterator[str]:
    """What the bands hold, and what they leave out; what the answer rests on without trade."""
    bands = None if context is None else context.bands
    if context is None:
        yield "The answer rests on what each party prefers, as the case states it."
    elif bands is None:
        yield "The figures in these sentences have no bands: no parameters were drawn for them."
    else:
        yield (
            f"Bands hold 90 % of {bands.draws} draws of the parameters and leave out what the "
            "model itself gets wrong."
        )
    if backtest is not None:
        yield from _covered(backtest)


def _covered(backtest: BackTest) -> Iterator[str]:
    """Which share of what was observed the bands held."""
    found = held_out(backtest.scores, "main", backtest.headline, forecasts.MODEL)
    if found is not None and found.coverage is not None:
        yield f"In the test bands held {w.share(found.coverage)} of sales by market."


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


def _swung(swings: Swings | None, most: int = 3) -> str:
    """The assumptions that alone move the target most; empty where none was tried."""
    return "" if swings is None else w.listing(label for label, *_ in swings.rows[:most])


def _events(negotiation: NegotiationAnswer | None) -> Iterator[str]:
    """How many moves that were not in view the negotiation makes rational."""
    if negotiation is None or not negotiation.events:
        return
    fresh = [e for e in negotiation.events if not e.in_sample]
    if not fresh:
        return
    good = sum(e.verdict != "not explained" for e in fresh)
    moves = w.sentence(w.count(len(fresh), "later move"))
    if len(fresh) == 1:
        made = "explains it" if good else "does not explain it"
        yield f"{moves} of a government set no value of the case. The model {made}."
    else:
        made = number_word(good) if good else "none"
        yield f"{moves} of governments set no value of the case. The model explains {made}."


def _left_out(context: ViewContext | None) -> Iterator[str]:
    if context is not None:
        yield "The model knows countries and sectors. It knows no firms, no cartels and no wars."
        yield from context.assessment.case.not_computed
