"""The section on sanctions by design: menus, the coalition, and the curve with its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.brief.design_coalition import coalition_table
from detente.brief.design_curve import curve_chart, curve_table
from detente.brief.design_duel import Duel, duel_of
from detente.brief.design_tables import menu_table
from detente.brief.section import Part, Section, refer

if TYPE_CHECKING:
    from detente.brief.scene import Scene
    from detente.brief.table import Chart, Table
    from detente.study.sanctioning import Sanctions

TITLE = "Sanctions by design"


def design_part(scene: Scene, found: Sanctions | None) -> tuple[list[Table], Part] | None:
    """The tables that the answer does not hold already, and the section.

    Args:
        scene: what is shown of the answer.
        found: menus, coalition and curves; None for the measures alone.

    Returns:
        None where no measure in force hits anybody but its owner.
    """
    if scene.sides is None:
        return None
    if found is None:
        return [], ([], Section("design", TITLE, refer([], "design-measures")))
    duel = duel_of(scene.assessment, scene.sides)
    tables = [menu_table(duel, found)]
    tables += [] if found.joint is None else [coalition_table(duel, found.joint, found.draws)]
    charts: list[Chart] = []
    parts = refer([], "design-measures", *(table.id for table in tables))
    if found.curves:
        curves = tuple(sorted(found.curves, key=lambda c: -c.present[0]))
        table = curve_table(duel, curves)
        charts = [curve_chart(duel, curves[0], table)]
        tables.append(table)
        parts += refer(charts, table.id)
    note = " ".join([*found.lacking, *([] if found.curves else [_no_curve(duel)])])
    return tables, (charts, Section("design", TITLE, parts, note))


def _no_curve(duel: Duel) -> str:
    a = duel.assessment
    name, sender = a.case.name, duel.sides.senders[0].id
    asked = "" if a.date == a.case.date else f" --date {a.date}"
    asked += "" if a.horizon == a.case.horizon else f" --horizon {a.horizon}"
    return (
        "The curve of harm against own cost is left out here, as it takes half a minute or more: "
        f"‘detente brief {name}{asked} --curve’ has it, and ‘detente design {name} --target "
        f"{duel.sides.target} --sender {sender}{asked} --curve’ has it at more points."
    )
