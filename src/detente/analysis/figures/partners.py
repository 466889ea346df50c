"""Figures of a target's trade with everybody, for cases whose goods are whole sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.figures.frame import Frame, Quantity, frame_of
from detente.analysis.places import Place, country

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente._types import Array
    from detente.analysis.answer_data import AnswerData
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.sides import Sides

#: What the target sells, and what it buys.
SOLD, BOUGHT = "sold", "bought"
#: A change of trade below this many USD million is not told.
LEAST = 50.0


def partners_of(answer: AnswerData, parties: Sequence[Place], sides: Sides) -> tuple[Place, ...]:
    """With whom the target's trade changes most: parties, and other countries.

    Args:
        answer: the case answered at central values.
        parties: of the case.
        sides: whom the measures hit, and who holds them.
    """
    a = answer.assessment
    target = set(_positions(a, sides))
    before, under = _trade(answer, sides)
    moved = np.abs(under - before).sum(axis=0)
    chosen = [p for p in parties if not target & set(p.members) and p.total(moved) >= LEAST]
    taken = target | {k for p in chosen for k in p.members}
    others = [int(k) for k in np.argsort(-moved, kind="stable") if int(k) not in taken]
    return (*chosen, *(country(a, k) for k in others[:6] if moved[k] >= LEAST))


def partners_frame(answer: AnswerData, partners: Sequence[Place], sides: Sides) -> Frame:
    """What the target sells to whom and buys from whom, before and under the regime.

    Args:
        answer: the case answered, at central values or in one draw.
        partners: from `partners_of`.
        sides: as for it.
    """
    before, under = _trade(answer, sides)
    rows = []
    for k, (direction, words) in enumerate(((SOLD, "Sold to"), (BOUGHT, "Bought from"))):
        whole = (before[k].sum(), under[k].sum())
        for key, name, (first, second) in [
            *((p.key, p.name, (p.total(before[k]), p.total(under[k]))) for p in partners),
            ("all", "all others abroad together", whole),
        ]:
            rows.append(
                ((direction, key), f"{words} {name}", [first, second, second - first]),
            )
    columns = (
        Quantity("value_before", "Before", "USD million"),
        Quantity("value_under", "Under the regime", "USD million"),
        Quantity("value_change", "Change", "USD million"),
    )
    return frame_of(
        "partners", "Trade of those whom the measures hit", ("direction", "partner"), columns, rows
    )


def _positions(a: AssessmentData, sides: Sides) -> list[int]:
    return [a.world.countries.index(c) for c in sides.countries]


def _trade(answer: AnswerData, sides: Sides) -> tuple[Array, Array]:
    """The target's sales and purchases abroad before and under the regime, (2, N) each."""
    assert answer.scenarios is not None
    here = _positions(answer.assessment, sides)
    found = []
    for measures in ((), answer.assessment.regime.measures):
        trade = answer.scenarios.equilibrium(measures).trade_jni
        both = np.array([trade[:, :, here].sum(axis=(0, 2)), trade[:, here, :].sum(axis=(0, 1))])
        both[:, here] = 0.0
        found.append(both)
    return found[0], found[1]
