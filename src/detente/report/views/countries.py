"""Views of countries: who gains and who pays under the regime.

`gains_table` and `totals_table` are the tables. `map_chart`, `gains_chart` and `options_chart` draw
them, with the lifting options.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Array
from detente.analysis import labels as w
from detente.analysis.figures.effects import GAINING, PAYING
from detente.analysis.findings import gains_words, total_band
from detente.analysis.labels import day, in_sentence, name_of
from detente.analysis.options import NEGLIGIBLE, Option
from detente.analysis.places import Place
from detente.report.table import Chart, Column, Table, figure_column, figure_table
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.answers import Assessment
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.figures.commodities import Pair
    from detente.analysis.figures.frame import Band, Figures
    from detente.report.context import ViewContext


def gains_table(context: ViewContext) -> Table:
    """Every country by what the regime does to it, those whom it moves most first."""
    a, frame = context.assessment, context.figures["gains"]
    value = frame.column("equivalent_variation")
    return figure_table(
        frame,
        gains_words(a, context.figures),
        (
            Column("country", "Country"),
            Column("code", "Code"),
            figure_column(frame, "equivalent_variation", signed=True, toned=True),
            figure_column(frame, "real_income", decimals=4, signed=True, toned=True),
        ),
        [
            (frame.rows[k], (frame.labels[k], frame.rows[k][0]))
            for k in np.argsort(-np.abs(value), kind="stable")
        ],
        note="Against the base year without the case's measures. Equivalent variation in USD of "
        f"{a.world.year}.",
        lead=12,
    )


def totals_table(context: ViewContext) -> Table:
    """What those who pay, those who gain and all economies come to."""
    frame, figures = context.figures["totals"], context.figures
    lost, won = (
        w.money(frame.value(who, "equivalent_variation"), total_band(figures, who))
        for who in (PAYING, GAINING)
    )
    value = context.figures["gains"].column("equivalent_variation")
    return figure_table(
        frame,
        f"Those who pay lose {lost} a year, those who gain win {won}.",
        (
            Column("who", "Who"),
            figure_column(frame, "equivalent_variation", value, signed=True, toned=True),
        ),
        [(row, (label,)) for row, label in zip(frame.rows, frame.labels, strict=True)],
        note="A sum of money over economies, in which a dollar counts the same everywhere.",
    )


MONEY = "USD million a year"

#: Flows below this many million tonnes are not drawn on the map.
DRAWN = 0.02


def source_of(a: AssessmentData) -> str:
    """The source line under a chart."""
    return f"détente, case ‘{a.case.name}’ of {day(a.date)}, {a.horizon} run; {a.world.source}"


def _by_code(a: Assessment, values_n: Array) -> dict[str, float]:
    return {c: _short(v) for c, v in zip(a.world.countries, values_n, strict=True)}


def _short(value: float) -> float:
    """Enough digits for a drawing, few enough for a small file."""
    return float(f"{float(value):.6g}")


def map_chart(
    a: Assessment,
    lifting: list[Option],
    imposing: list[Option],
    pairs: list[Pair],
    all_export_routes: list[dict[str, Any]],
) -> Chart:
    """Who gains and who pays on the world map, for the regime and every option, with flows."""
    views: list[dict[str, Any]] = [
        {
            "id": "regime",
            "label": "The regime, against no measures",
            "title": map_title(
                a, a.regime.equivalent_variation_n, f"The regime of {day(a.date)}", "costs"
            ),
            "money": _by_code(a, a.regime.equivalent_variation_n),
            "percent": _by_code(a, 100 * a.regime.real_income_change_n),
        }
    ]
    views += [
        {
            "id": option.id,
            "label": option.label,
            "title": map_title(a, option.gain_n, option.prose, "would cost"),
            "money": _by_code(a, option.gain_n),
            "percent": _by_code(a, 100 * option.income_n),
        }
        for option in [*lifting, *imposing]
    ]
    return Chart(
        "map",
        "map",
        views[0]["title"],
        MONEY,
        source_of(a),
        "World map with an inset for Europe, coloured by what the chosen change does to each "
        f"economy. {views[0]['title']}. For the country that is pointed at, tapped or reached by "
        "the arrow keys, arcs show the tonnes of the commodity that it sells and buys. "
        "Economies that the data do not list apart are hatched. The table ‘Who gains and who pays’ "
        "holds the figures.",
        "gains",
        {
            "views": views,
            "flows": [_flows(pair) for pair in pairs],
            "exits": all_export_routes,
            "apart": [c for c in a.world.countries if c != "ROW"],
        },
    )


def map_title(a: Assessment, value_n: Array, subject: str, verb: str) -> str:
    """'Lifting ‘X’ would cost Canada most, and bring Belarus most'."""
    worst, best = int(np.argmin(value_n)), int(np.argmax(value_n))
    codes = a.world.countries
    bring = "brings" if verb == "costs" else "would bring"
    if max(-value_n[worst], value_n[best]) < NEGLIGIBLE:
        return f"{subject} {'moves' if verb == 'costs' else 'would move'} no economy noticeably"
    lost = f"{in_sentence(codes[worst])} most ({w.money(value_n[worst])} a year)"
    won = f"{in_sentence(codes[best])} most ({w.money(value_n[best])})"
    if -value_n[worst] < NEGLIGIBLE:
        return f"{subject} {bring} {won}"
    if value_n[best] < NEGLIGIBLE:
        return f"{subject} {verb} {lost}"
    return f"{subject} {verb} {lost} and {bring} {won}"


def _flows(pair: Pair) -> dict[str, Any]:
    codes = pair.codes
    before, under = pair.before.tonnes_ni, pair.under.tonnes_ni
    cells = np.argwhere(np.maximum(before, under) >= DRAWN)
    rest = codes.index("ROW") if "ROW" in codes else -1
    drawn = [(int(n), int(i)) for n, i in cells if n != i and rest not in (n, i)]
    off_n = np.eye(len(codes), dtype=bool)
    traded = float(before[~off_n].sum())
    shown = sum(float(before[n, i]) for n, i in drawn)
    return {
        "good": pair.before.good,
        "label": pair.before.label,
        "unit": "Mt",
        "drawn_share": _short(shown / traded) if traded > 0 else 1.0,
        "rows": [[codes[i], codes[n], _short(before[n, i]), _short(under[n, i])] for n, i in drawn],
    }


def gains_chart(a: Assessment, figures: Figures, most: int = 10) -> Chart:
    """Those who pay most and those who gain most, ranked."""
    value, percent = a.regime.equivalent_variation_n, 100 * a.regime.real_income_change_n
    order = [int(n) for n in np.argsort(value, kind="stable")]
    paying = [n for n in order if value[n] < -NEGLIGIBLE][:most]
    gaining = [n for n in reversed(order) if value[n] > NEGLIGIBLE][:most]
    names = [[in_sentence(a.world.countries[n]) for n in some[:2]] for some in (paying, gaining)]
    title = "; ".join(
        f"{w.listing(some)} {verb}{'s' if len(some) == 1 else ''} most"
        for some, verb in zip(names, ("pay", "gain"), strict=True)
        if some
    )
    title = w.sentence(title) or "No economy gains or loses noticeably"
    return Chart(
        "gains",
        "bars",
        title,
        MONEY,
        source_of(a),
        f"Two ranked bar charts. {title}. The table below holds every economy.",
        "gains",
        {
            side: [
                {
                    "label": name_of(a.world.countries[n]),
                    "value": _short(value[n]),
                    "percent": _short(percent[n]),
                    "low": low,
                    "high": high,
                }
                for n in chosen
                for low, high in [
                    _ends(figures.band("gains", a.world.countries[n], "equivalent_variation"))
                ]
            ]
            for side, chosen in (("pay", paying), ("gain", gaining))
        },
    )


def _ends(band: Band | None) -> tuple[float | None, float | None]:
    """The ends of a band as a chart draws them; None without draws."""
    return (None, None) if band is None else (_short(band[0]), _short(band[1]))


def options_chart(
    a: Assessment,
    options: list[Option],
    places: Sequence[Place],
    table: Table,
    figures: Figures,
) -> Chart:
    """Small multiples: one panel per option, one bar per country, on one scale."""
    single = [o for o in options if o.kind != "all"] or options
    totals = [(p.total(o.gain_n), p, o) for o in single for p in places]
    value, place, option = max(totals, key=lambda t: abs(t[0]))
    verb = "bring" if value > 0 else "cost"
    title = f"{option.prose} would {verb} {place.prose} most: {w.money(value)} a year"
    if len(single) > 1:
        title = f"Short of everything, {lower_first(title)}"
    return Chart(
        "options",
        "multiples",
        title,
        MONEY,
        source_of(a),
        f"One panel per lifting option, bars by country on one scale. {table.sentence}",
        "options",
        {
            "places": [p.name for p in places],
            "options": [
                {
                    "id": o.id,
                    "label": o.label,
                    "values": [_short(p.total(o.gain_n)) for p in places],
                    "low": [_ends(figures.band("options", p.key, o.id))[0] for p in places],
                    "high": [_ends(figures.band("options", p.key, o.id))[1] for p in places],
                }
                for o in options
            ],
        },
    )
