"""Regimes in time: a table of what began and ended when, and how the parties fared under each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from detente.analysis.figures.frame import MONEY
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import parties_by_id
from detente.analysis.regimes import in_time_words
from detente.report.table import Chart, Column, Table, figure_column, figure_table
from detente.report.views.countries import _short

if TYPE_CHECKING:
    from detente.analysis.places import Place
    from detente.analysis.regimes import Regime, Timeline
    from detente.report.context import ViewContext


def regimes_table(context: ViewContext, timeline: Timeline) -> Table:
    """Every regime with what began and ended, and what it means for each party."""
    frame, places = context.figures["regimes"], _places(context)
    every = [v for party in places for v in frame.column(party)]
    table = figure_table(
        frame,
        in_time_words(timeline, places, context.figures),
        (
            Column("from", "From", kind="date"),
            Column("begun", "Begun"),
            Column("ended", "Ended"),
            *(figure_column(frame, party, every, signed=True, toned=True) for party in places),
        ),
        [
            (
                (r.start.isoformat(),),
                (
                    r.start.isoformat(),
                    "; ".join(_labels(timeline, r, r.begun)) or None,
                    "; ".join(_labels(timeline, r, r.ended)) or None,
                ),
            )
            for r in timeline.regimes
        ],
        note="Equivalent variation against the base year without measures. Each regime is an "
        f"equilibrium of the same base year, as if it lasted long enough for the "
        f"{timeline.horizon} run; none is a step from the one before. Parameters that carry dates "
        "are those of a regime's first day, so a column may also move because they do.",
    )
    return table.renamed({party: place.key for party, place in places.items()})


def _places(context: ViewContext) -> dict[str, Place]:
    """The parties that are shown, by their ids."""
    shown = {p.key for p in context.selection.parties}
    return {k: p for k, p in parties_by_id(context.assessment).items() if p.key in shown}


def regimes_chart(context: ViewContext, timeline: Timeline, table: Table) -> Chart:
    """The parties' equivalent variation as steps in time; small ones on a scale of their own."""
    a, places = context.assessment, _places(context)
    parties = [*places.values()]
    columns = [context.figures["regimes"].column(party) for party in places]
    values = [[float(c[t]) for c in columns] for t in range(len(timeline.regimes))]
    reach = [max(abs(row[k]) for row in values) for k in range(len(parties))]
    floor = max(0.2 * max(reach, default=0.0), NEGLIGIBLE)
    order = sorted(range(len(parties)), key=lambda k: -reach[k])
    groups = [
        [k for k in order if reach[k] >= floor],
        [k for k in order if NEGLIGIBLE <= reach[k] < floor],
    ]
    heads = ["The parties that it moves most", "The other parties, on a scale of their own"]
    return Chart(
        "regimes",
        "steps",
        table.sentence.split(". ", 1)[-1].rstrip("."),
        f"{MONEY}; each regime as of its first day",
        f"détente, case ‘{a.case.name}’, {timeline.horizon} run of each regime; {a.world.source}",
        f"Step lines by date, one for each party. {table.sentence}",
        table.id,
        {
            "dates": [r.start.isoformat() for r in timeline.regimes],
            "changes": [change_words(timeline, r) for r in timeline.regimes],
            "assessed": a.date.isoformat(),
            "panels": [
                {
                    "label": head,
                    "series": [
                        {"label": parties[k].name, "values": [_short(row[k]) for row in values]}
                        for k in group
                    ],
                }
                for head, group in zip(heads, groups, strict=True)
                if group
            ],
        },
    )


def change_words(timeline: Timeline, regime: Regime) -> str:
    """What begins and ends with a regime, in the labels of the case."""
    begun = [f"{label} begins" for label in _labels(timeline, regime, regime.begun)]
    ended = [f"{label} ends" for label in _labels(timeline, regime, regime.ended)]
    return "; ".join([*begun, *ended])


def _labels(timeline: Timeline, regime: Regime, changed: tuple[str, ...]) -> list[str]:
    """The measures that begin or end with a regime; marked where no act of the case says so."""
    case, days = timeline.case, (regime.start, regime.start - dt.timedelta(days=1))
    out = []
    for identifier in changed:
        label, filed = case.measure(identifier).label, case.own.measure(identifier)
        now, before = (filed.in_force_on(d) for d in days)
        added = identifier in case.added
        out.append(f"{label} (your scenario)" if added or now == before else label)
    return out
