"""A back-test in sentences: the result whatever it is, what it rests on, what it cannot show."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from detente.study import backtest_forecasts as forecasts
from detente.study.backtest_scores import held_out
from detente.study.uncertainty import caution, draws_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.study.backtest_errors import Errors
    from detente.study.backtest_prices import PricePart
    from detente.study.backtesting import BackTest

_NAIVE = (forecasts.NO_CHANGE, forecasts.RESCALED, forecasts.NOTHING)
_FORECASTS = (forecasts.MODEL, *_NAIVE)


def sentences(result: BackTest) -> tuple[str, ...]:
    """The result, what it rests on and what the observed data cannot show."""
    records = list(dict.fromkeys(s.record for s in result.scores))
    out = [_split(result)]
    for record in records:
        out += _compared(result, record)
    out += _totals(result)
    out += _coverage(result)
    out += _prices(result)
    out.append(_distortions(result))
    return tuple(out)


def _split(result: BackTest) -> str:
    plan = result.plan
    held = [str(y) for y in plan.years if plan.sample(y) == "hold-out"]
    parts = [
        f"Parameters may have been set on years up to {plan.calibrated_on}; "
        f"{_list(held) or 'no year'} {'is' if len(held) == 1 else 'are'} held out. "
        "Nothing was fitted to the flows or prices of any year."
    ]
    if result.set_in_view:
        parts.append(f"Set with later trade in view{_seen(result)}: {_pairs(result.set_in_view)}.")
    if result.measures_in_view:
        parts.append(f"In the case because of later trade: {_pairs(result.measures_in_view)}.")
    if result.informed:
        parts.append(f"Leaning on years of the test otherwise: {_pairs(result.informed)}.")
    return " ".join(parts)


def _compared(result: BackTest, record: str) -> list[str]:
    found = {f: held_out(result.scores, "main", record, f) for f in _FORECASTS}
    model = found[forecasts.MODEL]
    if model is None:
        return []
    out = []
    who = result.plan.exporter if record == forecasts.RECORDED else record
    for what, key, form, sign in (
        (f"the mean error of the model in exports of {who}, by market", "mean_error", _million, 1),
        ("the same with every total scaled to the declared one", "pattern_error", _million, 1),
        ("the model's rank correlation of exports over markets", "rank_correlation", _ratio, -1),
        ("the mean error of the model in suppliers' shares", "share_error", _points, 1),
    ):
        mine = float(getattr(model, key))
        theirs = {f: float(getattr(e, key)) for f, e in found.items() if e and f in _NAIVE}
        theirs = {f: v for f, v in theirs.items() if math.isfinite(v)}
        beaten = [f for f, v in theirs.items() if sign * mine < sign * v]
        lost = [f for f, v in theirs.items() if sign * mine >= sign * v]
        verdict = "; ".join(
            text
            for text in (
                f"better than {_quoted(beaten)}" if beaten else "",
                f"no better than {_quoted(lost)}" if lost else "",
            )
            if text
        )
        others = ", ".join(f"{form(v)} for '{f}'" for f, v in theirs.items())
        out.append(
            f"Years held out, {record}: {what} is {form(mine)}, against {others}: {verdict}."
        )
    return out


def _totals(result: BackTest) -> list[str]:
    out = []
    for s in result.scores:
        if (s.variant, s.record, s.forecast) != ("main", forecasts.RECORDED, forecasts.MODEL):
            continue
        e: Errors = s.errors
        out.append(
            f"{s.year}: the model has {result.plan.exporter} export {e.total:.1f} million tonnes, "
            f"importers declared {e.observed_total:.1f} "
            f"({_signed(e.total - e.observed_total)}); rank correlation over {e.markets} markets "
            f"{_ratio(e.rank_correlation)}."
        )
    return out


def _coverage(result: BackTest) -> list[str]:
    if not result.draws:
        return ["No draws were made: the figures have no bands, and coverage is not known."]
    covered = [
        f"{s.year}: {100 * s.errors.coverage:.0f} % of exports by market and "
        f"{100 * (s.errors.share_coverage or 0):.0f} % of suppliers' shares"
        for s in result.scores
        if (s.variant, s.record) == ("main", forecasts.RECORDED) and s.errors.coverage is not None
    ]
    drawn = draws_in_words(result.draws, result.asked)
    text = (
        f"Observed within the bands of 5 to 95 % ({drawn}), of 90 % if they told all that is "
        f"uncertain: {'; '.join(covered)}. The bands carry the parameters of the case, not the "
        "error of its base flows nor that of the observed ones."
    )
    if result.failed:
        text += f" {result.failed} draws did not converge and are in no band."
    return [f"{text} {caution(result.draws - result.failed)}".rstrip()]


def _prices(result: BackTest) -> list[str]:
    plan = result.plan
    out = []
    for p in result.prices:
        if p.horizon != "short" or not math.isfinite(p.observed):
            continue
        band = "" if p.low is None or p.high is None else f" ({_pct(p.low)} to {_pct(p.high)})"
        out.append(
            f"{p.year}: the price in {plan.price_market} changes by {_pct(p.model)} in the short "
            f"run of the model{band}; the published one by {_pct(p.observed)} on "
            f"{result.outcome.base_year}, {_left(result, p.observed - p.model)}"
        )
    if result.parts:
        each = ", ".join(f"{p.measure} {_part(p)}" for p in result.parts)
        out.append(
            f"Parts of the measures in the short run of {plan.years[0]}, points of the base price: "
            f"{each}. Measures that close one way share its effect evenly."
        )
    return out


def _distortions(result: BackTest) -> str:
    total = result.outcome.tonnes_yni.sum(axis=(1, 2))
    given = result.case.backtest
    records = f": {given.records.words}" if given and given.records else ""
    base = f"{given.base.words} " if given and given.base else ""
    return (
        f"Observed flows are what importers declared{records}. The table has the largest flows of "
        "each year only "
        f"({np.array2string(total, precision=1, separator=', ')[1:-1]} million tonnes in all); "
        f"a flow that is not in it counts as none. {base}Published prices are in current dollars; "
        "those of the model are in units of world factor income."
    )


def _seen(result: BackTest) -> str:
    """Whether years that are held out were seen, too."""
    given = result.case.backtest
    seen = given.parameters_in_view.values() if given else ()
    held = any(year > result.plan.calibrated_on for one in seen for year in one.years)
    return ", the years held out included" if held else ""


def unexplained(result: BackTest) -> str:
    """What moves prices and is not in the model."""
    given = result.case.backtest
    return given.unexplained.words if given and given.unexplained else "other causes"


def _left(result: BackTest, gap: float) -> str:
    if gap < 0:
        return f"{_whole(-gap)} less: without other causes, the model has too much."
    return (
        f"{_whole(gap)} more, which the model does not explain: {unexplained(result)} are not in "
        "it."
    )


def _pairs(pairs: Mapping[str, str]) -> str:
    return "; ".join(f"{k} ({v})" for k, v in pairs.items())


def _list(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _quoted(names: list[str]) -> str:
    return _list([f"'{n}'" for n in names])


def _million(value: float) -> str:
    return f"{value:.3f} million tonnes"


def _points(value: float) -> str:
    return f"{100 * value:.1f} points"


def _whole(value: float) -> str:
    text = f"{100 * value:.0f}"
    return f"{text} point{'s' * (text != '1')}"


def _signed(value: float) -> str:
    return f"{value:+.1f}"


def _part(part: PricePart) -> str:
    """A part of a price in points of the base price, with its band."""
    said = [] if part.low is None or part.high is None else [part.low, part.high]
    own, *ends = map(points, (part.part, *said))
    return f"{own} ({' to '.join(ends)})" if ends else own


def points(fraction: float) -> str:
    """A change in points with its sign; nothing has none."""
    return f"{100 * fraction:+.1f}" if abs(fraction) >= 5e-4 else "0.0"


def _pct(value: float) -> str:
    return f"{100 * value:+.0f} %"


def _ratio(value: float) -> str:
    return "not known" if not math.isfinite(value) else f"{value:.2f}"
