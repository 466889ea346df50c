"""Which parameters move the headline figures, and how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.table import Cell, Column, Table

if TYPE_CHECKING:
    from detente.brief.page import Bands
    from detente.brief.scene import Scene
    from detente.study.assessment import Assessment

#: Rank correlations weaker than this, in size, are not named.
WEAK = 0.1


def headline_cells(scene: Scene) -> list[tuple[str, str, str]]:
    """The figures whose drivers are ranked: table, beginning of the row, column."""
    parties = [p for p in scene.places if p.key in {q.id for q in scene.assessment.case.parties}]
    named = [*parties, *(p for p in scene.places if p not in parties)]
    cells = [("gains", p.name, "equivalent_variation") for p in named if len(p.members) == 1][:5]
    concerned = [p for p in named if len(p.members) >= 1][:4]
    cells += [("options", p.name, o.id) for o in scene.lifting for p in concerned]
    cells += [
        (f"{pair.before.good}-producers", p.name, "tonnes_under")
        for pair in scene.pairs
        for p in named[:3]
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
    for driven in bands.drivers:
        found = bands.tables[driven.table]
        band = found.of(found.rows.index(driven.row), driven.column)
        strong = [(n, r) for n, r in driven.parameters if abs(r) >= WEAK][:most]
        rows.append(
            (
                driven.label,
                None if band is None else band[0],
                None if band is None else band[1],
                driven.unit,
                *(f"{_name(n)} ({w.number(r, 2, signed=True)})" for n, r in strong),
                *[None] * (most - len(strong)),
            )
        )
    return Table(
        "drivers",
        "What moves the headline figures",
        _sentence(bands),
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
        f"{w.number(WEAK, 1)} in size are left out. Draws are independent and triangular over the "
        "ranges under Assumptions, with the value there as mode.",
        lead=14,
    )


def _name(parameter: str) -> str:
    return parameter.replace("horizon.", "horizon: ").replace("_", " ")


def _sentence(bands: Bands) -> str:
    leading: dict[str, int] = {}
    for driven in bands.drivers:
        name, size = driven.parameters[0] if driven.parameters else ("", 0.0)
        if abs(size) >= WEAK:
            leading[name] = leading.get(name, 0) + 1
    if not leading:
        return bands.sentence
    top = max(leading, key=leading.__getitem__)
    return (
        f"{bands.sentence} Of the {len(bands.drivers)} headline figures {leading[top]} are moved "
        f"most by ‘{_name(top)}’."
    )
