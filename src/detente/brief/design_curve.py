"""Harm against own cost: the curve of the best tariffs, as a table and as panels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.country_charts import _short, source_of
from detente.brief.design_duel import MONEY, Duel
from detente.brief.table import Cell, Chart, Column, Table, numbers

if TYPE_CHECKING:
    from detente.study.sanctioning import Curve, CurvePoint


def curve_table(duel: Duel, curves: tuple[Curve, ...]) -> Table:
    """Harm against own cost: the best tariffs at each weight of the sender's own loss."""
    rows: list[tuple[Cell, ...]] = []
    for curve in curves:
        name = duel.senders[curve.sender].name
        rows.append((name, "Measures that they replace", *curve.present, None))
        rows += [
            (name, w.sentence(_weight(p)), p.harm, p.cost, p.others, _rates(duel, p))
            for p in curve.points
        ]
    money = [v for row in rows for v in row[2:5]]
    return Table(
        "design-curve",
        "Harm against own cost: tariffs by design in place of measures in force",
        _curve_sentence(duel, curves[0]),
        (
            Column("sender", "Sender", group=True),
            Column("weight", "What a dollar of its own loss counts"),
            numbers("harm", f"{duel.target.name} loses", MONEY, money),
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


def _rates(duel: Duel, point: CurvePoint) -> str:
    return "; ".join(f"{duel.good(g)} {w.number(100 * rate)} %" for g, rate in point.rates)


def _curve_sentence(duel: Duel, curve: Curve) -> str:
    sender, them = duel.senders[curve.sender].prose, duel.target.prose
    harm, cost, _ = curve.present
    text = (
        f"The measures of {sender} that tariffs could replace cost {them} {w.money(harm)} a year, "
        f"and {sender} {_lost(cost)}"
    )
    even = next((p for p in curve.points if p.own_weight == 1), None)
    most = next((p for p in curve.points if p.own_weight == 0), None)
    if even is not None:
        text += (
            f". Tariffs in their place that count both losses alike would cost {them} "
            f"{w.money(even.harm)}, and {sender} {_ends(even.cost)}"
        )
    if most is not None:
        text += (
            f"; those that do most harm, up to 100 %, {w.money(most.harm)}, and {sender} "
            f"{_ends(most.cost)}"
        )
    return f"{text}, if {them} did not answer."


def _lost(cost: float) -> str:
    return w.money(cost) if cost > 0 else f"nothing (it gains {w.money(cost)})"


def _ends(cost: float) -> str:
    return f"would lose {w.money(cost)}" if cost > 0 else f"would gain {w.money(cost)}"


def curve_chart(duel: Duel, curve: Curve, table: Table) -> Chart:
    """The points of one curve side by side: what target, sender and all others gain or lose."""
    sender = duel.senders[curve.sender]
    points = [("present", "Measures replaced", curve.present)]
    points += [
        (f"weight-{p.own_weight:g}", _label(_weight(p)), (p.harm, p.cost, p.others))
        for p in curve.points
    ]
    return Chart(
        "design-curve",
        "multiples",
        f"From most harm to {duel.target.prose} to {w.possessive(sender.prose)} own gain",
        f"{MONEY}; tariffs in place of measures in force",
        source_of(duel.assessment),
        f"One panel for each weight of the sender's own loss. {table.sentence}",
        table.id,
        {
            "places": [duel.target.name, sender.name, "Everybody else"],
            "options": [
                {"id": key, "label": label, "values": [_short(-v) for v in losses]}
                for key, label, losses in points
            ],
        },
    )


def _label(weight: str) -> str:
    return f"Own loss counts {weight}"
