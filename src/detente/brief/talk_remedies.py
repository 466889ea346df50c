"""What would make a state last: a payment, or another value of one interest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.table import Cell, Column, Table, numbers
from detente.brief.talk_scene import MONEY, TalkScene

if TYPE_CHECKING:
    from detente.talks import BlocRemedy, Remedies


def remedies_table(scene: TalkScene) -> Table:
    """The smallest payment, or change of one valuation, under which each mover would stay."""
    rows = [row for r in scene.talks.remedies for row in _rows(scene, r)]
    paid = [float(r[2]) for r in rows if isinstance(r[2], float)]
    return Table(
        "talks-remedies",
        "What would make a state last",
        _sentence(scene, scene.talks.remedies[0]),
        (
            Column("state", "State", group=True),
            Column("party", "Who would leave it"),
            numbers("payment", "Would stay for", MONEY, paid),
            Column("members", "Of that, to members"),
            Column("value", "Or if it valued"),
        ),
        tuple(rows),
        note="The smallest payment while the state lasts, or the smallest change of one of its "
        "valuations, under which the party would not leave (Nash). For a bloc the smallest "
        "payments to members, or what they would have to value staying at, under which its rules "
        "let no change pass.",
    )


def _name(scene: TalkScene, state: int) -> str:
    if state == scene.talks.conflict.status_quo:
        return "The status quo"
    deals = scene.talks.deals
    named = [d.label for d in deals.proposals if d.code == state] if deals is not None else []
    return named[0] if named else w.sentence(scene.change(scene.talks.conflict.status_quo, state))


def _rows(scene: TalkScene, r: Remedies) -> list[tuple[Cell, ...]]:
    name = _name(scene, r.state)
    if not r.movers:
        return [(name, "nobody", None, None, None)]
    labels = list(r.conflict.labels)
    return [
        (
            name,
            scene.party(label),
            _payment(r, labels.index(label)),
            _members(scene, r.bloc(label)),
            _values(r, label),
        )
        for label in r.movers
    ]


def _members(scene: TalkScene, bloc: BlocRemedy | None) -> str | None:
    if bloc is None:
        return None
    return "; ".join(
        f"{scene.party(m)} {w.rounded(p)}" for m, p in zip(bloc.members, bloc.payments, strict=True)
    )


def _values(r: Remedies, label: str) -> str | None:
    if r.bloc(label) is not None:
        return None
    said = w.listing(
        f"{x.interest} at {_value(x.needed)} instead of {_value(x.value)}" for x in r.ways(label)
    )
    return said or "no single valuation would do"


def _payment(r: Remedies, party: int) -> float | None:
    paid = float(r.payment_i[party])
    return None if math.isnan(paid) else paid


def _value(value: float) -> str:
    return w.MINUS + w.rounded(value) if value < 0 else w.rounded(value)


def _sentence(scene: TalkScene, r: Remedies) -> str:
    name = "the status quo" if r.state == scene.talks.conflict.status_quo else "this state"
    if not r.movers:
        return f"Nobody would leave {name} (Nash)."
    labels = list(r.conflict.labels)
    parts = []
    for label in r.movers:
        paid = _payment(r, labels.index(label))
        to = (
            "" if (bloc := r.bloc(label)) is None else f" to {w.count(len(bloc.members), 'member')}"
        )
        parts.append(
            f"{scene.whom(label)} would stay for {w.money(paid)} a year{to}"
            if paid is not None
            else f"enough members of {scene.whom(label)} gain by leaving"
        )
    return f"{w.sentence(scene.whom(*r.movers))} would leave {name}: {w.listing(parts)}."
