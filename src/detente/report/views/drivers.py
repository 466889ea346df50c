"""Which parameters move the headline figures, and how far."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.labels import label_of
from detente.report.table import Cell, Column, Table

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment
    from detente.report.context import Scene
    from detente.report.table import Bands


#: Rank correlations weaker than this, in size, are not named; with few draws nor are those that
#: independent numbers would show one time in twenty.
WEAK = 0.1

#: Figures whose band reaches no farther than this from nothing are left out.
SMALL = 1.0


def weakest(draws: int) -> float:
    """The weakest rank correlation that is named, for a number of draws."""
    return max(WEAK, 2.0 / math.sqrt(max(draws, 1)))


def headline_cells(scene: Scene) -> list[tuple[str, str, str]]:
    """The figures whose drivers are ranked: table, beginning of the row, column."""
    parties = [p for p in scene.places if p.key in {q.id for q in scene.assessment.case.parties}]
    named = [*parties, *(p for p in scene.places if p not in parties)]
    cells = [("gains", p.name, "equivalent_variation") for p in named if len(p.members) == 1][:5]
    cells += [("options", p.name, o.id) for o in scene.lifting for p in named[:6]]
    cells += [
        (f"{pair.before.good}-producers", p.name, "tonnes_under")
        for pair in scene.pairs
        for p in [p for p in named if len(p.members) == 1][:4]
    ]
    cells += [
        (f"{pair.before.good}-markets", p.name, "price_under")
        for pair in scene.pairs
        for p in scene.markets[pair.before.good][:3]
    ]
    return cells


def drivers_table(a: Assessment, bands: Bands, most: int = 3) -> Table:
    """Each headline figure's band, and the parameters that move it most."""
    rows: list[tuple[Cell, ...]] = []
    least = weakest(bands.draws)
    for driven in bands.drivers:
        found = bands.tables[driven.table]
        band = found.of(found.rows.index(driven.row), driven.column)
        if band is None or max(map(abs, band)) < SMALL:
            continue
        strong = [(n, r) for n, r in driven.parameters if abs(r) >= least][:most]
        rows.append(
            (
                driven.label,
                band[0],
                band[1],
                driven.unit,
                *(f"{label_of(n)} ({w.number(r, 2, signed=True)})" for n, r in strong),
                *[None] * (most - len(strong)),
            )
        )
    return Table(
        "drivers",
        "What moves the headline figures",
        _sentence(bands, least),
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


def _but(a: Assessment) -> str:
    """Which parameters are drawn together, if the case states any."""
    pairs = [
        f"{label_of(x)} with {label_of(y)}" for x, y in (c.between for c in a.case.correlations)
    ]
    return f" but for the correlations of the case ({w.listing(pairs)})" if pairs else ""


def _sentence(bands: Bands, least: float) -> str:
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
        f"most by ‘{label_of(top)}’."
    )
