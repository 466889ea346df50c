"""Regimes in time: a table of what began and ended when, and how the parties fared under each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.labels import day
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import Place, parties_of
from detente.report.table import Cell, Chart, Column, Table, welfare
from detente.report.views.countries import _short

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment
    from detente.analysis.regimes import Regime, Timeline
    from detente.report.table import Page


MONEY = "USD million a year"


def party_values(timeline: Timeline, parties: list[Place]) -> list[list[float]]:
    """Equivalent variation by regime and party; members are those of the regime's first day."""
    case, world = timeline.case, timeline.world
    ids = {party.id for party in case.parties}

    def members(place: Place, start: dt.date) -> list[int]:
        if place.key not in ids:
            return list(place.members)
        return [world.country(code) for code in case.members(place.key, world, start)]

    return [
        [
            float(r.snapshot.equivalent_variation_n[members(place, r.start)].sum())
            for place in parties
        ]
        for r in timeline.regimes
    ]


def regimes_table(a: Assessment, timeline: Timeline, page: Page) -> Table:
    """Every regime with what began and ended, and what it means for each party."""
    parties = parties_of(a)
    values = party_values(timeline, parties)
    rows: list[tuple[Cell, ...]] = [
        (
            r.start.isoformat(),
            "; ".join(_labels(timeline, r, r.begun)) or None,
            "; ".join(_labels(timeline, r, r.ended)) or None,
            *row,
        )
        for r, row in zip(timeline.regimes, values, strict=True)
    ]
    every = [v for row in values for v in row]
    return Table(
        "regimes",
        "Regimes in time",
        page.say(lambda: _sentence(timeline, parties, values, page)),
        (
            Column("from", "From", kind="date"),
            Column("begun", "Begun"),
            Column("ended", "Ended"),
            *(welfare(p.key, p.name, MONEY, every) for p in parties),
        ),
        tuple(rows),
        note="Equivalent variation against the base year without measures. Each regime is an "
        f"equilibrium of the same base year, as if it lasted long enough for the "
        f"{timeline.horizon} run; none is a step from the one before. Parameters that carry dates "
        "are those of a regime's first day, so a column may also move because they do.",
    )


def _sentence(
    timeline: Timeline, parties: list[Place], values: list[list[float]], page: Page
) -> str:
    regimes = timeline.regimes
    changes = sum(bool(r.begun or r.ended) for r in regimes)
    if not changes:
        return "No measure that touches trade is ever in force."
    text = (
        f"Between {day(regimes[0].start)} and {day(regimes[-1].start)} the measures change "
        f"{w.count(changes, 'time')}"
    )
    lowest = [min(row[k] for row in values) for k in range(len(parties))]
    k = min(range(len(parties)), key=lambda k: lowest[k], default=-1)
    if k < 0 or lowest[k] > -NEGLIGIBLE:
        return f"{text}."
    at = next(t for t, row in enumerate(values) if row[k] == lowest[k])
    worst, last = (
        page.band("regimes", regimes[t].start.isoformat(), parties[k].key) for t in (at, -1)
    )
    text += (
        f". {w.sentence(parties[k].prose)} loses most, {w.money(lowest[k], worst)} a year, under "
        f"the regime that begins on {day(regimes[at].start)}"
    )
    if at + 1 == len(regimes):
        return f"{text}, the last one."
    now = values[-1][k]
    left = w.money(now, last) if now < -NEGLIGIBLE else "nothing"
    return f"{text}, and {left} under the last one, from {day(regimes[-1].start)}."


def regimes_chart(a: Assessment, timeline: Timeline, table: Table) -> Chart:
    """The parties' equivalent variation as steps in time; small ones on a scale of their own."""
    parties = parties_of(a)
    values = party_values(timeline, parties)
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
            "changes": [_change(timeline, r) for r in timeline.regimes],
            "assessed": a.date.isoformat(),
            "panels": [
                {
                    "label": head,
                    "series": [
                        {"name": parties[k].name, "values": [_short(row[k]) for row in values]}
                        for k in group
                    ],
                }
                for head, group in zip(heads, groups, strict=True)
                if group
            ],
        },
    )


def _change(timeline: Timeline, regime: Regime) -> str:
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
        out.append(f"{label} (hypothetical)" if added or now == before else label)
    return out
