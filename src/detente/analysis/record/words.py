"""The words of a back-test: its tables, one row a number, and its sentences.

`errors`, `flows` and `shares` are the tables. `sentences` states the result whatever it is, what it
rests on, and what it cannot show.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.record import forecasts, targets
from detente.analysis.record.plan import SMALLEST_FLOW, SMALLEST_SHARE
from detente.analysis.record.scores import held_out
from detente.analysis.uncertainty.draws import caution, draws_in_words, left_out
from detente.negotiation.words import fixed, listed, percent, points

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from detente._types import Array
    from detente.analysis.record.figures import BackTestFigures
    from detente.analysis.record.forecasts import PricePart
    from detente.analysis.record.scores import Errors
    from detente.analysis.record.supply_shortfall import Part, PriceSplit


_NAMES = {
    forecasts.MODEL: "model",
    forecasts.NO_CHANGE: "no_change",
    forecasts.RESCALED: "rescaled",
    forecasts.NOTHING: "nothing_sold",
}


def errors(result: BackTestFigures, variant: str | None, record: str | None) -> pl.DataFrame:
    """A row for each year and forecast of a variant and a record; of all if None."""
    import polars as pl

    rows = [
        {
            "variant": s.variant,
            "record": s.record,
            "year": s.year,
            "sample": s.sample,
            "forecast": s.forecast,
            **vars(s.errors),
        }
        for s in result.scores
        if variant in (None, s.variant) and record in (None, s.record)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def flows(result: BackTestFigures) -> pl.DataFrame:
    """A row for each year and counted market: exports in million tonnes.

    `observed` is what the headline is scored against, `declared` what importers declared.
    """
    import polars as pl

    world, plan = result.world, result.plan
    e = world.country(plan.exporter)
    seen_yni = result.targets[0].seen_yni
    declared_yni, *stated = (
        forecasts.records(t, world, plan)[forecasts.RECORDED]
        for t in (result.outcome.tonnes_yni, *result.forecast_yni.values())
    )
    recorded = dict(zip(result.forecast_yni, stated, strict=True))
    rows: list[dict[str, Any]] = []
    for y, year in enumerate(plan.years):
        seen, declared = (forecasts.exports(t[y], e) for t in (seen_yni, declared_yni))
        each = {k: forecasts.exports(v[y], e) for k, v in recorded.items()}
        ends = result.bands.get(f"exports_yn {forecasts.RECORDED}")
        base = each[forecasts.NO_CHANGE]
        here = None if ends is None else (ends[0][y], ends[1][y])
        rows += [
            {
                "year": year,
                "sample": plan.sample(year),
                "market": world.countries[n],
                "observed": float(seen[n]),
                "declared": float(declared[n]),
                **_row(each, n, here),
            }
            for n in np.flatnonzero((base > SMALLEST_FLOW) | (seen > SMALLEST_FLOW))
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def shares(result: BackTestFigures) -> pl.DataFrame:
    """A row for each year, buyer and counted supplier: shares of tonnes imported, fractions."""
    import polars as pl

    world, plan = result.world, result.plan
    rows: list[dict[str, Any]] = []
    for y, year in enumerate(plan.years):
        members = plan.members(result.case, world, year)
        seen, declared = (
            forecasts.supplier_shares(t[y], members)
            for t in (result.targets[0].seen_yni, result.outcome.tonnes_yni)
        )
        each = {k: forecasts.supplier_shares(v[y], members) for k, v in result.forecast_yni.items()}
        ends = result.bands.get(f"share_ybi {forecasts.RECORDED}")
        counted = (each[forecasts.NO_CHANGE] > SMALLEST_SHARE) | (seen > SMALLEST_SHARE)
        here = None if ends is None else (ends[0][y], ends[1][y])
        rows += [
            {
                "year": year,
                "sample": plan.sample(year),
                "buyer": plan.buyers[b],
                "supplier": world.countries[i],
                "observed": float(seen[b, i]),
                "declared": float(declared[b, i]),
                **_row(each, (b, i), here),
            }
            for b, i in np.argwhere(counted)
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(
    each: dict[str, Array], at: Any, ends: tuple[Array, Array] | None
) -> dict[str, float | None]:
    out: dict[str, float | None] = {_NAMES[k]: float(v[at]) for k, v in each.items()}
    out["low"] = None if ends is None else float(ends[0][at])
    out["high"] = None if ends is None else float(ends[1][at])
    return out


_NAIVE = (forecasts.NO_CHANGE, forecasts.RESCALED, forecasts.NOTHING)
_FORECASTS = (forecasts.MODEL, *_NAIVE)


def sentences(result: BackTestFigures) -> tuple[str, ...]:
    """The result, what it rests on and what the observed data cannot show."""
    out = [_split(result), *_corrected(result)]
    for target in result.targets:
        out += _compared(result, target.name)
    out += _totals(result)
    out += _coverage(result)
    out += _prices(result)
    out.append(_distortions(result))
    return tuple(out)


def _split(result: BackTestFigures) -> str:
    plan = result.plan
    held = [str(y) for y in plan.years if plan.sample(y) == "hold-out"]
    parts = [
        f"Parameters may have been set on years up to {plan.calibrated_on}; "
        f"{listed(held, none='no year')} {'is' if len(held) == 1 else 'are'} held out. "
        "Nothing was fitted to the flows or prices of any year."
    ]
    if result.set_in_view:
        parts.append(_each("was set with later trade in view" + _seen(result), result.set_in_view))
    if result.measures_in_view:
        parts.append(_each("is in the case because of later trade", result.measures_in_view))
    if result.informed:
        parts.append(_each("leans on years of the test in another way", result.informed))
    return " ".join(parts)


def _corrected(result: BackTestFigures) -> list[str]:
    """What the rule for implausible origins did to the flows of the headline."""
    given = result.case.record
    if given is None or given.reassigned is None:
        return []
    moved: dict[tuple[str, str], list[str]] = {}
    errors: dict[str, list[str]] = {}
    for m in result.outcome.moved:
        if m.reassigned:
            sentence = f"{m.reassigned / 1e6:.2f} of {m.declared / 1e6:.2f} in {m.year}"
            moved.setdefault((m.origin, m.to), []).append(sentence)
        if m.errors:
            errors.setdefault(m.origin, []).append(f"{m.errors / 1e6:.2f} in {m.year}")
    parts = [
        f"From {origin} to {to} these million tonnes were re-assigned: {listed(amounts)}."
        for (origin, to), amounts in moved.items()
    ]
    parts += [
        f"Of {origin} these million tonnes were taken off as errors: {listed(amounts)}."
        for origin, amounts in errors.items()
    ]
    return [" ".join([given.reassigned.words, *(parts or ["Nothing was re-assigned."])])]


def _compared(result: BackTestFigures, record: str) -> list[str]:
    found = {f: held_out(result.scores, "main", record, f) for f in _FORECASTS}
    model = found[forecasts.MODEL]
    if model is None:
        return []
    out = []
    who = record if record.endswith(forecasts.AS_ONE) else result.plan.exporter
    asked = (
        (f"the mean error in exports of {who} by market", "mean_error", " million tonnes", 3, 1),
        (
            "that error with every total scaled to the one seen",
            "pattern_error",
            " million tonnes",
            3,
            1,
        ),
        ("the rank correlation of exports over markets", "rank_correlation", "", 2, -1),
        ("the mean error in suppliers' shares", "share_error", " points", 1, 1),
    )
    full = record == result.headline or record.endswith(forecasts.AS_ONE)
    for what, key, unit, digits, sign in asked if full else (asked[0], asked[3]):
        scale = 100 if unit == " points" else 1
        mine = scale * float(getattr(model, key))
        theirs = {f: scale * float(getattr(e, key)) for f, e in found.items() if e and f in _NAIVE}
        theirs = {f: v for f, v in theirs.items() if math.isfinite(v)}
        beaten = [f for f, v in theirs.items() if sign * mine < sign * v]
        lost = [f for f, v in theirs.items() if sign * mine >= sign * v]
        verdict = " and ".join(
            text
            for text in (
                f"better than {_quoted(beaten)}" if beaten else "",
                f"no better than {_quoted(lost)}" if lost else "",
            )
            if text
        )
        others = listed([f"{_figure(v, digits)} for '{f}'" for f, v in theirs.items()])
        out.append(
            f"Years held out, {record}: {what} is {_figure(mine, digits)}{unit}. "
            f"It is {others}. The model is {verdict}."
        )
    return out


def _totals(result: BackTestFigures) -> list[str]:
    out = []
    for s in result.scores:
        if (s.variant, s.record, s.forecast) != ("main", result.headline, forecasts.MODEL):
            continue
        e: Errors = s.errors
        out.append(
            f"{s.year}: the model has {result.plan.exporter} export {e.total:.1f} million tonnes. "
            f"{_seen_totals(result, s.year, e)} The rank correlation over {e.markets} markets is "
            f"{_figure(e.rank_correlation, 2)}."
        )
    return out


def _seen_totals(result: BackTestFigures, year: int, errors: Errors) -> str:
    """What importers declared, the same with origins re-assigned, and what can be at most."""
    y = result.plan.years.index(year)
    declared = next(t for t in result.targets if t.name == targets.DECLARED).seen_yni[y]
    e = result.world.country(result.plan.exporter)
    stated = float(forecasts.exports(declared, e).sum())
    low, total = errors.observed_total, errors.total
    text = f"Importers declared {stated:.1f} ({_signed(total - stated)})"
    if result.headline != targets.DECLARED:
        text += f", and {low:.1f} with implausible origins re-assigned ({_signed(total - low)})"
    most = math.nan if result.outcome.most_y is None else float(result.outcome.most_y[y])
    if not math.isfinite(most):
        return f"{text}."
    where = "within these bounds"
    if total < low:
        where = f"{low - total:.1f} below these bounds"
    elif total > most:
        where = f"{total - most:.1f} above these bounds"
    return (
        f"{text}. Mine output less own use leaves {most:.1f} at most, sales to markets that "
        f"declare nothing included. The model is {where}."
    )


def _coverage(result: BackTestFigures) -> list[str]:
    if not result.draws:
        return ["No draws were made: the figures have no bands, and coverage is not known."]
    covered = [
        f"In {s.year} they cover {100 * s.errors.coverage:.0f} % of the observed exports by market "
        f"and {100 * (s.errors.share_coverage or 0):.0f} % of the suppliers' shares."
        for s in result.scores
        if (s.variant, s.record) == ("main", result.headline) and s.errors.coverage is not None
    ]
    drawn = draws_in_words(result.draws, result.asked)
    text = (
        f"The bands of 5 to 95 % ({drawn}) would cover 90 % if they told all that is uncertain. "
        f"{' '.join(covered)} The bands carry the parameters of the case, not the "
        "error of its base flows nor that of the observed ones."
    )
    if result.failed:
        text += f" Of the draws {left_out(result.failed, result.why).replace('of them ', '')}."
    return [f"{text} {caution(result.draws - result.failed)}".rstrip()]


def _prices(result: BackTestFigures) -> list[str]:
    plan = result.plan
    out = []
    for p in result.prices:
        if p.horizon != "short" or not math.isfinite(p.observed):
            continue
        band = "" if p.low is None or p.high is None else f" ({_pct(p.low)} to {_pct(p.high)})"
        out.append(
            f"{p.year}: the price in {plan.price_market} changes by {_pct(p.model)} in the short "
            f"run of the model{band}. The published one changes by {_pct(p.observed)} on "
            f"{result.outcome.base_year}. That is {_left(result, p.observed - p.model, p.year)}"
        )
    if result.split is not None:
        out.append(fallen(result, result.split))
    if result.parts:
        each = [f"{p.measure} {_part(p)}" for p in result.parts]
        smaller = f"Smaller: {listed(each[3:])}. " if len(each) > 3 else ""
        out.append(
            f"In the short run of {plan.years[0]} the measures add these points to the base price: "
            f"{listed(each[:3])}. {smaller}Measures that close one route share its effect evenly."
        )
    return out


def _distortions(result: BackTestFigures) -> str:
    total = result.outcome.tonnes_yni.sum(axis=(1, 2))
    given = result.case.record
    records = f": {given.records.words}" if given and given.records else ""
    base = f"{given.base.words} " if given and given.base else ""
    return (
        f"Observed flows are what importers declared{records}. The table has the largest flows of "
        "each year only "
        f"({np.array2string(total, precision=1, separator=', ')[1:-1]} million tonnes in all); "
        f"a flow that is not in it counts as none. {base}Published prices are in current dollars; "
        "those of the model are in units of world factor income."
    )


def _seen(result: BackTestFigures) -> str:
    """Whether years that are held out were seen, too."""
    given = result.case.record
    seen = given.parameters_in_view.values() if given else ()
    held = any(year > result.plan.calibrated_on for one in seen for year in one.years)
    return ", the years held out included" if held else ""


def unexplained(result: BackTestFigures) -> str:
    """What moves prices and is not in the model."""
    given = result.case.record
    return given.unexplained.words if given and given.unexplained else "other causes"


def fallen(result: BackTestFigures, split: PriceSplit) -> str:
    """What the measures and a fall of supply that was seen explain of a price."""
    given = result.case.record and result.case.record.shortfall
    before, after = split.exports
    both, observed = split.both.value, split.observed
    share, logs = both / observed, math.log1p(both) / math.log1p(observed)
    who = given.country if given else ""
    return (
        f"{split.year}, observed and not forecast: {given.words if given else ''} "
        f"With exports of {who} at {after:.1f} in place of {before:.1f} million tonnes, the short "
        f"run explains {_points_of(split.both)} of the {100 * observed:.0f} points. "
        f"That is {_than_half(share)} of the points and {_than_half(logs)} of the rise in "
        f"logarithms. The measures have {_points_of(split.measures_part)} of them, and "
        f"{_points_of(split.measures)} alone; the fall has {_points_of(split.shortfall_part)}, and "
        f"{_points_of(split.shortfall)} alone. Not explained are {_points_of(split.left)} points: "
        f"{unexplained(result)} are not in the model."
    )


def _than_half(share: float) -> str:
    return f"{'more' if share > 0.5 else 'less'} than half ({100 * share:.0f} %)"


def _points_of(part: Part) -> str:
    """A part of a price in whole points, with its band."""
    if part.low is None or part.high is None:
        return fixed(100 * part.value)
    return f"{fixed(100 * part.value)} ({fixed(100 * part.low)} to {fixed(100 * part.high)})"


def _left(result: BackTestFigures, gap: float, year: int) -> str:
    if gap < 0:
        return f"{_whole(-gap)} less: without other causes, the model has too much."
    if result.split is not None and result.split.year == year:
        return f"{_whole(gap)} more, for which see the fall of supply below."
    return (
        f"{_whole(gap)} more, which the model does not explain: {unexplained(result)} are not in "
        "it."
    )


def _each(what: str, reasons: Mapping[str, str]) -> str:
    """A sentence for each name of which something is said, and one with the reason."""
    return " ".join(f"‘{name}’ {what}: {why}." for name, why in reasons.items())


def _quoted(names: list[str]) -> str:
    return listed([f"'{n}'" for n in names])


def _whole(value: float) -> str:
    text = fixed(100 * value)
    return f"{text} point{'s' * (text != '1')}"


def _signed(value: float) -> str:
    return fixed(value, 1, signed=True)


def _part(part: PricePart) -> str:
    """A part of a price in points of the base price, with its band."""
    phrases = [] if part.low is None or part.high is None else [part.low, part.high]
    own, *ends = map(points, (part.part, *phrases))
    return f"{own} ({' to '.join(ends)})" if ends else own


def _pct(value: float) -> str:
    return percent(value, 0, signed=True)


def _figure(value: float, digits: int) -> str:
    return "not known" if not math.isfinite(value) else fixed(value, digits)
