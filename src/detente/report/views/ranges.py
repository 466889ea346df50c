"""What each assumption alone moves of the effect on the target, where no forecast was scored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.measure_effects import NOISE
from detente.report.table import Cell, Chart, Column, Table, decimals_for
from detente.report.views.countries import MONEY, source_of
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.places import Place
    from detente.analysis.uncertainty.range_effects import RangeEffects
    from detente.report.context import ViewContext

#: Parameters that the picture shows.
_DRAWN = 8


@dataclass(frozen=True)
class Swings:
    """How far each assumption alone moves what the measures do to one place.

    Attributes:
        place: whom.
        rows: label of the parameter, effect as the case has it, at the lowest value of the range
            and at the highest; USD million a year, NaN where no prices can meet it. The strongest
            come first, and those that move nothing are left out.
    """

    place: Place
    rows: tuple[tuple[str, float, float, float], ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that one assumption alone makes of it."""
        values = [v for _, *row in self.rows for v in row if math.isfinite(v)]
        return min(values), max(values)

    @property
    def words(self) -> str:
        """'what Russia loses between USD 22 and 25 billion a year'; empty if it may also gain."""
        low, high = sorted(map(abs, self.ends))
        unit, scale = ("billion", 1000.0) if high >= 999.5 else ("million", 1.0)
        said = [w.significant(end / scale) for end in (low, high)]
        if self.ends[0] * self.ends[1] <= 0 or said[0] == said[1]:
            return ""
        verb = "loses" if self.ends[0] < 0 else "gains"
        return f"what {self.place.prose} {verb} between USD {' and '.join(said)} {unit} a year"


def swings_of(context: ViewContext, found: RangeEffects | None, place: Place) -> Swings | None:
    """How far assumptions move one place; None where nothing was tried or nothing moves it.

    Args:
        context: an answer.
        found: the measures with one parameter changed at a time; None where that was not asked.
        place: whom.
    """
    if found is None:
        return None
    case = context.assessment.case
    rows = [
        (lower_first(case.parameter_label(name)), now, low, high)
        for name, now, low, high in found.of(place.members)
        if max((abs(v - now) for v in (low, high) if math.isfinite(v)), default=0.0) > NOISE
    ]
    return Swings(place, tuple(rows)) if rows else None


def swings_view(context: ViewContext, swings: Swings) -> tuple[Table, Chart]:
    """The table of all assumptions that move the place, and the picture of the strongest."""
    a, prose = context.assessment, swings.place.prose
    first = swings.rows[0][0]
    sentence = f"What moves {prose} most is this assumption: {first}."
    values = [v for _, *row in swings.rows for v in row]
    digits = decimals_for(values)
    rows: list[tuple[Cell, ...]] = [
        (w.sentence(label), *(v if math.isfinite(v) else None for v in (now, least, most)))
        for label, now, least, most in swings.rows
    ]
    heads = (
        ("now", "As the case has it"),
        ("low", "At the lowest value"),
        ("high", "At the highest value"),
    )
    table = Table(
        "ranges",
        f"What each assumption alone makes of the effect on {prose}",
        sentence,
        (
            Column("parameter", "Assumption"),
            *(
                Column(key, label, MONEY, "number", digits, signed=True, toned=True)
                for key, label in heads
            ),
        ),
        tuple(rows),
        note="The measures in force with one parameter at an end of its range and all others at "
        "their values. Together they can move more: draws change all of them at once.",
        lead=12,
    )
    drawn = swings.rows[:_DRAWN]
    chart = Chart(
        "ranges",
        "compare",
        f"What moves {prose} most is {first}",
        MONEY,
        source_of(a),
        f"One row for each of the {len(drawn)} assumptions that move {prose} most: the effect of "
        f"the measures as the case has it, and with that assumption at either end of its range. "
        f"{sentence} The table ‘{table.title}’ holds the numbers.",
        table.id,
        {
            "scenarios": ["as the case has it", "lowest value", "highest value"],
            "decimals": 1,
            "zero": False,
            "rows": [
                {
                    "label": w.sentence(label),
                    "values": [v if math.isfinite(v) else None for v in row],
                }
                for label, *row in drawn
            ],
        },
    )
    return table, chart
