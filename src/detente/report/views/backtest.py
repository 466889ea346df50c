"""The model against what happened, beside two forecasts that need no model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.labels import in_sentence, name_of
from detente.analysis.record import forecasts
from detente.analysis.record.forecasts import REST
from detente.analysis.record.scores import held_out
from detente.analysis.record.targets import DECLARED
from detente.analysis.record.words import fallen, unexplained
from detente.report.table import Cell, Chart, Column, Table
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.record.result import BackTest
    from detente.analysis.record.scores import Errors
    from detente.analysis.record.supply_shortfall import Part, PriceSplit


_FORECASTS = (
    forecasts.MODEL,
    forecasts.NO_CHANGE,
    forecasts.RESCALED,
    forecasts.NOTHING,
)


#: Markets that the picture shows in each year.
_DRAWN = 8


def backtest_part(found: BackTest) -> tuple[list[Table], list[Chart]]:
    """Tables of errors, flows, prices and their parts, and the picture of the years held out."""
    parts = [_parts(found)] if found.parts else []
    split = [_split(found, found.split)] if found.split else []
    tables = [_errors(found), _flows(found), _prices(found), *split, *parts, _notes(found)]
    chart = _markets(found)
    return tables, [] if chart is None else [chart]


def _markets(found: BackTest) -> Chart | None:
    """What was seen, what the model says and what no model says, by market and year held out."""
    rows = [r for r in found.flows().to_dicts() if r["sample"] == "hold-out"]
    if not rows:
        return None
    size: dict[str, float] = {}
    for r in rows:
        most = max(r["observed"], r["model"], r["no_change"])
        size[r["market"]] = max(size.get(r["market"], 0.0), most)
    drawn = sorted(size, key=lambda market: -size[market])[:_DRAWN]
    years = sorted({r["year"] for r in rows})
    worst = max(rows, key=lambda r: abs(r["model"] - r["observed"]))
    seller, good = in_sentence(found.plan.exporter), found.case.commodity(found.plan.commodity)
    base = found.outcome.base_year
    said = [w.number(w.two_digits(worst[key]), 1) for key in ("model", "observed")]
    title = (
        f"The model is furthest off for {in_sentence(worst['market'])} in {worst['year']}: "
        f"{said[0]} instead of {said[1]} million tonnes"
    )
    bands = "; thin lines: 5 to 95 % of the draws" if found.draws else ""
    corrected = found.headline != DECLARED
    return Chart(
        "backtest",
        "compare",
        title,
        f"Million tonnes of {lower_first(good.label)} from {seller} a year{bands}",
        f"détente, case ‘{found.case.name}’, {found.horizon} run; {found.world.source}; seen: what "
        "importers declared" + (", with implausible origins re-assigned" if corrected else ""),
        f"Exports of {seller} to {len(drawn)} markets in {w.listing(map(str, years))}, after the "
        f"years that parameters were set on: seen, by the model, and the same as in {base}. "
        f"{title}. The table ‘{_flows_title(found)}’ holds the numbers.",
        "backtest-flows",
        {
            "scenarios": ["seen", "the model", f"no model: as in {base}"],
            "decimals": 2,
            "unit": "Mt",
            "panels": [
                {
                    "label": str(year),
                    "rows": [
                        _marks(next(r for r in rows if (r["year"], r["market"]) == (year, market)))
                        for market in drawn
                        if any((r["year"], r["market"]) == (year, market) for r in rows)
                    ],
                }
                for year in years
            ],
        },
    )


def _marks(row: dict[str, Any]) -> dict[str, Any]:
    """A market of a year as the picture draws it: the model alone has a band."""
    return {
        "label": name_of(row["market"]),
        "values": [row["observed"], row["model"], row["no_change"]],
        "low": [None, row["low"], None],
        "high": [None, row["high"], None],
    }


def _notes(found: BackTest) -> Table:
    text = found.sentences
    return Table(
        "backtest-notes",
        "What the back-test rests on, and what it says",
        f"Calibration ends with {found.plan.calibrated_on}; later years are held out.",
        (Column("note", "Note"),),
        tuple((sentence,) for sentence in text),
        lead=6,
    )


def _errors(found: BackTest) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for record in (target.name for target in found.targets):
        for s in found.scores:
            if (s.variant, s.record) != ("main", record):
                continue
            rows.append((record, f"{s.year}, {s.sample}", s.forecast, *_numbers(s.errors)))
        for forecast in _FORECASTS:
            mean = held_out(found.scores, "main", record, forecast)
            if mean is not None:
                rows.append((record, "mean of the years held out", forecast, *_numbers(mean)))
    order = {key: k for k, key in enumerate(dict.fromkeys(row[:2] for row in rows))}
    rows.sort(key=lambda row: order[row[:2]])
    return Table(
        "backtest",
        "The back-test: errors of the model and of forecasts that need none",
        next((s for s in found.sentences if s.startswith("Years held out")), found.sentences[0]),
        (
            Column("record", "Scored against flows", group=True),
            Column("year", "Year and sample", group=True),
            Column("forecast", "Forecast"),
            Column("mean_error", "Exports by market, mean error", "Mt", "number", 3),
            Column("pattern_error", "Same, at the total seen", "Mt", "number", 3),
            Column("rank_correlation", "Rank correlation", "", "number", 2),
            Column("total", "Total", "Mt", "number", 1),
            Column("observed_total", "Seen", "Mt", "number", 1),
            Column("share_error", "Suppliers' shares, mean error", "points", "number", 1),
            Column("coverage", "Flows inside the band", "%", "number", 0),
        ),
        tuple(rows),
        note="Mean absolute errors. ‘At the total seen’ scales every forecast to what was seen, "
        "which leaves the error in who buys. ‘Nothing sold’ is no forecast that anybody makes: it "
        "shows what an error in tonnes is worth where little is seen. Flows ‘at mine output less "
        "own use’ are those above, scaled to the most that can have been sold.",
    )


def _numbers(errors: Errors) -> tuple[Cell, ...]:
    return (
        errors.mean_error,
        errors.pattern_error,
        errors.rank_correlation,
        errors.total,
        errors.observed_total,
        100 * errors.share_error,
        None if errors.coverage is None else 100 * errors.coverage,
    )


def _flows_title(found: BackTest) -> str:
    return f"Exports of {name_of(found.plan.exporter)} by market: declared, and forecast"


def _flows(found: BackTest) -> Table:
    frame = found.flows()
    given = found.case.record
    corrected = found.headline != DECLARED
    rows: list[tuple[Cell, ...]] = [
        (
            f"{r['year']}, {r['sample']}",
            name_of(r["market"]),
            r["declared"],
            *((r["observed"],) if corrected else ()),
            r["model"],
            r["low"],
            r["high"],
            r["no_change"],
            r["rescaled"],
        )
        for r in frame.sort(["year", "observed"], descending=[False, True]).to_dicts()
    ]
    flows = [r for r in frame.to_dicts() if r["observed"]]
    worst = max(frame.to_dicts(), key=lambda r: abs(r["model"] - r["observed"]))
    seen = ", with implausible origins re-assigned," if corrected else " that importers declared,"
    moved = (Column("observed", "Origins re-assigned", "Mt", "number", 2),) if corrected else ()
    return Table(
        "backtest-flows",
        _flows_title(found),
        f"Of {len(flows)} flows{seen} the model is furthest off for "
        f"{name_of(worst['market'])} in {worst['year']}: {worst['model']:.2f}"
        f"{_ends(worst['low'], worst['high'], 1.0, 2)} Mt against "
        f"{worst['observed']:.2f}.",
        (
            Column("year", "Year and sample", group=True),
            Column("market", "Market"),
            Column("declared", "Declared", "Mt", "number", 2),
            *moved,
            Column("model", "Model", "Mt", "number", 2),
            Column("low", "5 %", "Mt", "number", 2),
            Column("high", "95 %", "Mt", "number", 2),
            Column("no_change", "No change", "Mt", "number", 2),
            Column("rescaled", "Remove and rescale", "Mt", "number", 2),
        ),
        tuple(rows),
        note="As importers declared them"
        + (f": {given.records.words}." if given and given.records else "."),
        lead=12,
    )


def _ends(low: float | None, high: float | None, scale: float = 100.0, digits: int = 0) -> str:
    """The band of a figure, in the digits that the sentence has."""
    band = None if low is None or high is None else (scale * low, scale * high)
    return w.within(band, lambda end: w.number(end, digits))


def _prices(found: BackTest) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{p.horizon} run",
            str(p.year),
            100 * p.model,
            None if p.low is None else 100 * p.low,
            None if p.high is None else 100 * p.high,
            100 * p.observed if math.isfinite(p.observed) else None,
        )
        for p in found.prices
    ]
    first = found.plan.years[0]
    short = next((p for p in found.prices if p.horizon == "short" and p.year == first), None)
    text = "No price was published for these years."
    if short is not None:
        top = found.parts[0] if found.parts else None
        own = f"{100 * short.model:.0f}{_ends(short.low, short.high)}"
        base = found.outcome.base_year
        if math.isfinite(short.observed):
            text = (
                f"The measures explain {own} of the {100 * short.observed:.0f} points by which the "
                f"price of {first} stood above that of {base}, in the short run"
            )
            if found.split is not None and found.split.year == first:
                both = found.split.both
                text += (
                    f". With {w.quoted(found.split.label)}, which was observed and not forecast, "
                    f"{100 * both.value:.0f}{_ends(both.low, both.high)} are explained"
                )
            text += f". {w.sentence(unexplained(found))} are not in the model."
        else:
            text = (
                f"The measures move the price of {first} by {own} % against {base} in the short "
                f"run. The case has no published price to set beside it."
            )
        if top is not None and top.measure != REST:
            label = found.case.measure(top.measure).label
            ends = _ends(top.low, top.high)
            text += f" The largest part, {100 * top.part:.0f}{ends} points, is that of ‘{label}’."
    return Table(
        "backtest-prices",
        f"Price in {name_of(found.plan.price_market)}, change on {found.outcome.base_year}",
        text,
        (
            Column("horizon", "Horizon", group=True),
            Column("year", "Year"),
            Column("model", "Model", "%", "number", 0, signed=True),
            Column("low", "5 %", "%", "number", 0, signed=True),
            Column("high", "95 %", "%", "number", 0, signed=True),
            Column("observed", "Published", "%", "number", 0, signed=True),
        ),
        tuple(rows),
    )


def _split(found: BackTest, split: PriceSplit) -> Table:
    """What the measures and a fall of supply explain of the price of a year."""
    base = found.outcome.base_year

    def cells(part: Part | None) -> tuple[Cell, ...]:
        if part is None:
            return None, None, None
        return tuple(None if v is None else 100 * v for v in (part.value, part.low, part.high))

    unit = f"% of {base}"
    return Table(
        "backtest-price-split",
        f"What explains the price of {split.year} in the short run",
        fallen(found, split),
        (
            Column("what", "What"),
            *(
                Column(key, head, unit, "number", 0, signed=True)
                for key, head in (
                    ("alone", "Alone"),
                    ("alone_low", "5 %"),
                    ("alone_high", "95 %"),
                    ("part", "Its part"),
                    ("part_low", "5 %"),
                    ("part_high", "95 %"),
                )
            ),
        ),
        tuple((row.label, *cells(row.alone), *cells(row.part)) for row in split.rows),
        note="The fall of supply was observed and is not forecast: productivity of its mines is "
        "set so that the seller's exports, with the measures in force, are those that were seen. "
        "The price was not looked at. A part is the mean of what is added first and last.",
    )


def _parts(found: BackTest) -> Table:
    """What each measure does to the price of the first year."""
    year, base = found.plan.years[0], found.outcome.base_year
    rows: list[tuple[Cell, ...]] = [
        (
            REST if p.measure == REST else found.case.measure(p.measure).label,
            *(100 * v for v in (p.alone, p.margin, p.part)),
            None if p.low is None else 100 * p.low,
            None if p.high is None else 100 * p.high,
        )
        for p in found.parts
    ]
    top = found.parts[0]
    first = "All measures together" if top.measure == REST else w.quoted(str(rows[0][0]))
    text = f"{100 * top.part:.0f}{_ends(top.low, top.high)}"
    heads = ("Alone", "Given the others", "Its part", "5 %", "95 %")
    return Table(
        "backtest-price-parts",
        f"Which measure moves the price of {year}",
        f"{first} adds {text} points to the price of {year} in the short run.",
        (
            Column("measure", "Measure"),
            *(
                Column(key, head, f"% of {base}", "number", 1, signed=True)
                for key, head in zip(("alone", "margin", "part", "low", "high"), heads, strict=True)
            ),
        ),
        tuple(rows),
        note="Change of the delivered price in the short run. A part is what a measure adds on "
        "average over all orders in which the measures may come (Shapley value), so that measures "
        "that close the same route share its effect evenly. The parts sum to the change.",
    )
