"""Which parameters move the headline figures, and how far."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.report.table import Cell, Column, Table
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.answers import Assessment
    from detente.analysis.figures.frame import Bands, Figures, Frame, Key, Quantity


#: Rank correlations weaker than this, in size, are not named; with few draws nor are those that
#: independent numbers would show one time in twenty.
WEAK = 0.1

#: Figures whose band reaches no farther than this from nothing are left out.
SMALL = 1.0


def weakest(draws: int) -> float:
    """The weakest rank correlation that is named, for a number of draws."""
    return max(WEAK, 2.0 / math.sqrt(max(draws, 1)))


def drivers_table(a: Assessment, figures: Figures, bands: Bands, most: int = 3) -> Table:
    """Each headline figure's band, and the parameters that move it most."""
    rows: list[tuple[Cell, ...]] = []
    least = weakest(bands.draws)
    for driven in bands.drivers:
        band = figures.band(driven.frame, driven.row, driven.column)
        if band is None or max(map(abs, band)) < SMALL:
            continue
        strong = [(n, r) for n, r in driven.parameters if abs(r) >= least][:most]
        column = next(c for c in figures[driven.frame].columns if c.key == driven.column)
        rows.append(
            (
                _label(figures[driven.frame], driven.row, column),
                band[0],
                band[1],
                column.unit,
                *(
                    f"{a.case.parameter_label(n)} ({w.number(r, 2, signed=True)})"
                    for n, r in strong
                ),
                *[None] * (most - len(strong)),
            )
        )
    return Table(
        "drivers",
        "What moves the headline figures",
        _sentence(a, bands, least),
        (
            Column("figure", "Figure"),
            Column("low", "5 %", kind="number", decimals=1, signed=True),
            Column("high", "95 %", kind="number", decimals=1, signed=True),
            Column("unit", "Unit"),
            *(
                Column(f"driver_{k + 1}", label)
                for k, label in enumerate(("Moved most by", "then by", "then by"))
            ),
        ),
        tuple(rows),
        note="In brackets Spearman's rank correlation of parameter and figure over draws: +1 or "
        f"{w.MINUS}1 if the one alone orders the other. Correlations below "
        f"{w.number(least, 2)} in size are left out. Draws are triangular over the ranges under "
        f"Assumptions, with the value there as mode, and independent{_but(a)}.",
        lead=14,
    )


def _label(frame: Frame, row: Key, column: Quantity) -> str:
    """A figure in words: 'Belarus: lift ‘X’', 'Potash, Canada: under the regime'."""
    subject = "" if frame.id in ("gains", "options") else f"{frame.title.split(':')[0]}, "
    return f"{subject}{frame.label(row)}: {lower_first(column.label)}"


def _but(a: Assessment) -> str:
    """Which parameters are drawn together, if the case states any."""
    pairs = [
        f"{a.case.parameter_label(x)} with {a.case.parameter_label(y)}"
        for x, y in (c.between for c in a.case.correlations)
    ]
    return f" but for the correlations of the case ({w.listing(pairs)})" if pairs else ""


def _sentence(a: Assessment, bands: Bands, least: float) -> str:
    leading: dict[str, int] = {}
    for driven in bands.drivers:
        name, size = driven.parameters[0] if driven.parameters else ("", 0.0)
        if abs(size) >= least:
            leading[name] = leading.get(name, 0) + 1
    if not leading:
        return bands.sentence
    top = max(leading, key=leading.__getitem__)
    return (
        f"{bands.sentence} Of the {len(bands.drivers)} headline figures {leading[top]} are moved "
        f"most by ‘{a.case.parameter_label(top)}’."
    )
