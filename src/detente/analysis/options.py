"""The choices that a brief sets side by side: each measure switched, and everything lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente._types import Array
from detente.analysis.labels import listing, quoted

if TYPE_CHECKING:
    from detente.analysis.assessment import AssessmentData, JointLift, MeasureEffect, Snapshot


#: The id of the option that lifts every measure in force.
EVERYTHING = "lift-everything"

#: Changes smaller than this, in USD million a year, are not called a gain or a loss.
NEGLIGIBLE = 0.1


@dataclass(frozen=True)
class Option:
    """One choice against the regime as it stands.

    Attributes:
        id: its name in files.
        kind: one measure, several that only move something together, or all in force.
        label: its name for readers.
        short: ids of the measures that it switches, for the head of a column.
        outcome: the state after it, '‘…’ lifted'.
        prose: as the subject of a sentence: 'Lifting ‘…’ alone'.
        gain_n: equivalent variation against the regime, USD million a year, (N,).
        income_n: real income against the regime, a fraction, (N,).
        snapshot: the world after it.
    """

    id: str
    kind: Literal["single", "joint", "all"]
    label: str
    short: str
    outcome: str
    prose: str
    gain_n: Array
    income_n: Array
    snapshot: Snapshot


def _option(a: AssessmentData, effect: MeasureEffect, *, alone: bool) -> Option:
    label = effect.measure.label
    verb = "Lift" if effect.in_force else "Impose"
    return Option(
        f"{verb.lower()}-{effect.measure.id}",
        "single",
        f"{verb} {quoted(label)}",
        effect.measure.id,
        f"{quoted(label)} {'lifted' if effect.in_force else 'imposed'}",
        f"{verb.removesuffix('e')}ing {quoted(label)}{' alone' if alone else ''}",
        effect.margin_n,
        _against(a, effect.switched),
        effect.switched,
    )


def _joint(a: AssessmentData, joint: JointLift) -> Option:
    labels = listing(quoted(m.label) for m in joint.measures)
    return Option(
        "lift-" + "-and-".join(m.id for m in joint.measures),
        "joint",
        f"Lift {labels} together",
        " + ".join(m.id for m in joint.measures),
        f"{labels} lifted",
        f"Lifting {labels} together",
        joint.margin_n,
        _against(a, joint.switched),
        joint.switched,
    )


def _against(a: AssessmentData, snapshot: Snapshot) -> Array:
    regime = 1 + a.regime.real_income_change_n
    return np.asarray((1 + snapshot.real_income_change_n) / regime - 1, dtype=np.float64)


def lifting_options(a: AssessmentData) -> list[Option]:
    """Each measure in force that has an effect, lifted alone; joint lifts; then all together."""
    active = [e for e in a.effects if e.in_force and e.has_effect]
    options = [_option(a, e, alone=len(active) > 1) for e in active]
    options += [_joint(a, joint) for joint in a.joint if len(joint.measures) < len(active)]
    if len(active) > 1:
        gain = a.base.equivalent_variation_n - a.regime.equivalent_variation_n
        options.append(
            Option(
                EVERYTHING,
                "all",
                "Lift everything in force",
                "everything",
                "everything lifted",
                "Lifting everything in force",
                gain,
                _against(a, a.base),
                a.base,
            )
        )
    return options


def imposing_options(a: AssessmentData) -> list[Option]:
    """Each measure of the case that is not in force and would have an effect, imposed."""
    return [_option(a, e, alone=False) for e in a.effects if not e.in_force and e.has_effect]


def burden_n(effect: MeasureEffect) -> Array:
    """What the measure's being in place does, given the rest: USD million a year, (N,)."""
    return -effect.margin_n if effect.in_force else effect.margin_n


def only_together_n(options: Sequence[Option]) -> Array | None:
    """What lifting everything brings beyond the single steps; None where it is no option."""
    single = [o.gain_n for o in options if o.kind == "single"]
    whole = [o.gain_n for o in options if o.kind == "all"]
    return whole[0] - np.sum(single, axis=0) if whole else None
