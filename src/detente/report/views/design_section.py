"""The section on sanctions by design: menus, the coalition, and harm against own cost.

`design_part` puts the section together. `curve_table` and `curve_chart` show the curve of the best
tariffs as a table and as panels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.figures.frame import MONEY
from detente.analysis.figures.named_sides import NamedSides, named_sides_of
from detente.report.table import Cell, Chart, Column, Part, Section, Table, numbers, refer
from detente.report.views.countries import _short, source_of
from detente.report.views.design import coalition_table, menu_table

if TYPE_CHECKING:
    from detente.analysis.sanctions import Curve, CurvePoint, Sanctions
    from detente.report.context import ViewContext


def curve_table(named_sides: NamedSides, curves: tuple[Curve, ...]) -> Table:
    """Harm against own cost: the best tariffs at each weight of the sender's own loss."""
    rows: list[tuple[Cell, ...]] = []
    for curve in curves:
        name = named_sides.senders[curve.sender].name
        rows.append((name, "Measures that they replace", *curve.present, None))
        rows += [
            (name, w.sentence(_weight(p)), p.harm, p.cost, p.others, _rates(named_sides, p))
            for p in curve.points
        ]
    money = [v for row in rows for v in row[2:5]]
    return Table(
        "design-curve",
        "Harm against own cost: tariffs by design in place of measures in force",
        _curve_sentence(named_sides, curves[0]),
        (
            Column("sender", "Sender", group=True),
            Column("weight", "What a dollar of its own loss counts"),
            numbers("harm", f"{named_sides.target.name} loses", MONEY, money),
            numbers("cost", "The sender loses", MONEY, money),
            numbers("others", "Everybody else loses", MONEY, money),
            Column("rates", "Tariffs"),
        ),
        tuple(rows),
        note="Each row holds the sender's tariffs on goods from the target, from 0 to 100 %, that "
        "make the target's loss less the weighted loss of the sender largest; no other such "
        "tariffs harm more at the same cost (the Pareto curve). They stand in the place of "
        "its measures on trade with the target, also of those on exports and services; its stops "
        "of transit, its measures on others, and the measures of others stay. A minus is a gain: a "
        "tariff brings its sender revenue and better terms of trade, where an embargo leaves both "
        "to nobody. Left out: an answer by the target, and aims other than income, such as keeping "
        f"goods of military use out.{_unsure(curves)} The figures are at central values.",
        lead=8,
    )


def _weight(point: CurvePoint) -> str:
    """A weight in words."""
    if point.own_weight == 0:
        return "nothing: most harm"
    if math.isinf(point.own_weight):
        return "all: own gain alone"
    if point.own_weight == 1:
        return "1, as one of the target's"
    return f"{point.own_weight:g}"


def _unsure(curves: tuple[Curve, ...]) -> str:
    if all(p.converged for c in curves for p in c.points):
        return " First-order conditions hold in every row to 1e-6."
    return " In some rows first-order conditions hold only roughly."


def _rates(named_sides: NamedSides, point: CurvePoint) -> str:
    return "; ".join(f"{named_sides.good(g)} {w.number(100 * rate)} %" for g, rate in point.rates)


def _curve_sentence(named_sides: NamedSides, curve: Curve) -> str:
    sender, them = named_sides.senders[curve.sender].prose, named_sides.target.prose
    harm, cost, _ = curve.present
    text = (
        f"The measures of {sender} that tariffs could replace cost {them} {w.money(harm)} a year, "
        f"and {sender} {_lost(cost)}"
    )
    even = next((p for p in curve.points if p.own_weight == 1), None)
    most = next((p for p in curve.points if p.own_weight == 0), None)
    if even is not None:
        text += (
            f". If {them} did not answer, tariffs in their place that count both losses alike "
            f"would cost it {w.money(even.harm)}, and {sender} {_ends(even.cost)}"
        )
    if most is not None:
        text += (
            f". If {them} did not answer, tariffs that do most harm, up to 100 %, would cost it "
            f"{w.money(most.harm)}, and {sender} {_ends(most.cost)}"
        )
    return f"{text}."


def _lost(cost: float) -> str:
    return w.money(cost) if cost > 0 else f"nothing (it gains {w.money(cost)})"


def _ends(cost: float) -> str:
    return f"would lose {w.money(cost)}" if cost > 0 else f"would gain {w.money(cost)}"


def curve_chart(named_sides: NamedSides, curve: Curve, table: Table) -> Chart:
    """The points of one curve side by side: what target, sender and all others gain or lose."""
    sender = named_sides.senders[curve.sender]
    points = [("present", "Measures replaced", curve.present)]
    points += [
        (f"weight-{p.own_weight:g}", _label(_weight(p)), (p.harm, p.cost, p.others))
        for p in curve.points
    ]
    return Chart(
        "design-curve",
        "multiples",
        f"From most harm to {named_sides.target.prose} to {w.possessive(sender.prose)} own gain",
        f"{MONEY}; tariffs in place of measures in force",
        source_of(named_sides.assessment),
        f"One panel for each weight of the sender's own loss. {table.sentence}",
        table.id,
        {
            "places": [named_sides.target.name, sender.name, "Everybody else"],
            "options": [
                {
                    "id": key,
                    "label": label,
                    "values": [_short(-v) for v in losses],
                    # Curves have no bands.
                    "low": [None for _ in losses],
                    "high": [None for _ in losses],
                }
                for key, label, losses in points
            ],
        },
    )


def _label(weight: str) -> str:
    return f"Own loss counts {weight}"


TITLE = "Sanctions by design"


def design_part(context: ViewContext, found: Sanctions | None) -> tuple[list[Table], Part] | None:
    """The tables that the answer does not hold already, and the section.

    Args:
        context: what is shown of the answer.
        found: menus, coalition and curves; None for the measures alone.

    Returns:
        None where no measure in force hits anybody but its owner.
    """
    if context.sides is None:
        return None
    if found is None:
        return [], ([], Section("design", TITLE, refer([], "design-measures")))
    named_sides = named_sides_of(context.assessment, context.sides)
    tables = [menu_table(named_sides, found)]
    tables += (
        [] if found.joint is None else [coalition_table(named_sides, found.joint, found.draws)]
    )
    charts: list[Chart] = []
    parts = refer([], "design-measures", *(table.id for table in tables))
    if found.curves:
        curves = tuple(sorted(found.curves, key=lambda c: -c.present[0]))
        table = curve_table(named_sides, curves)
        charts = [curve_chart(named_sides, curves[0], table)]
        tables.append(table)
        parts += refer(charts, table.id)
    note = " ".join([*found.lacking, *([] if found.curves else [_no_curve(named_sides)])])
    return tables, (charts, Section("design", TITLE, parts, note))


def _no_curve(named_sides: NamedSides) -> str:
    a = named_sides.assessment
    name, sender = a.case.name, named_sides.sides.senders[0].id
    asked = "" if a.date == a.case.date else f" --date {a.date}"
    asked += "" if a.horizon == a.case.horizon else f" --horizon {a.horizon}"
    return (
        "The curve of harm against own cost is left out here, as it takes half a minute or more: "
        f"‘detente brief {name}{asked} --curve’ has it, and ‘detente design {name} --target "
        f"{named_sides.sides.target} --sender {sender}{asked} --curve’ has it at more points."
    )
