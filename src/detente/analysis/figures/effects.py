"""Figures of what measures do: who gains, what lifting brings, what each measure costs whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.figures.frame import MONEY, Frame, Quantity, frame_of
from detente.analysis.labels import listing, name_of, sentence
from detente.analysis.options import burden_n, only_together_n
from detente.analysis.places import collapse

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.figures.named_sides import NamedSides
    from detente.analysis.options import Option
    from detente.analysis.places import Place

RATIO = "USD per USD"
#: Keys of rows that stand for all economies, for those who lose and for those who gain.
WORLD, PAYING, GAINING = "world", "paying", "gaining"
#: The key of the column that says what lifting everything brings beyond the single steps.
ONLY_TOGETHER = "only-together"

#: Who is named for a measure or an option, with the role.
Named = Sequence["tuple[Place, str]"]


def gains_frame(a: AssessmentData) -> Frame:
    """What the regime does to every country of the world."""
    value = a.regime.equivalent_variation_n
    return Frame(
        "gains",
        "Who gains and who pays",
        ("country",),
        tuple((code,) for code in a.world.countries),
        tuple(map(name_of, a.world.countries)),
        (
            Quantity("equivalent_variation", "Effect of the regime", MONEY),
            Quantity("real_income", "Real income", "%"),
        ),
        np.column_stack([value, 100 * a.regime.real_income_change_n]),
    )


def totals_frame(a: AssessmentData) -> Frame:
    """What those who pay, those who gain and all economies come to."""
    value = a.regime.equivalent_variation_n
    return frame_of(
        "totals",
        "All economies together",
        ("who",),
        (Quantity("equivalent_variation", "Effect of the regime", MONEY),),
        [
            ((PAYING,), "All who pay", [value[value < 0].sum()]),
            ((GAINING,), "All who gain", [value[value > 0].sum()]),
            ((WORLD,), "World", [value.sum()]),
        ],
    )


def options_frame(options: Sequence[Option], places: Sequence[Place]) -> Frame:
    """What each way of lifting would bring whom."""
    joint = only_together_n(options)
    columns = [Quantity(o.id, o.label, MONEY, o.short) for o in options]
    gains = [o.gain_n for o in options]
    if joint is not None:
        columns.append(Quantity(ONLY_TOGETHER, "Of that, only together", MONEY))
        gains.append(joint)
    rows = [((p.key,), p.name, [p.total(gain) for gain in gains]) for p in places]
    rows.append(((WORLD,), "World", [float(gain.sum()) for gain in gains]))
    return frame_of("options", "Lifting options side by side", ("place",), columns, rows)


def cost_frame(a: AssessmentData, touched: Mapping[str, Named]) -> Frame:
    """What each measure does to those whom it hits, those whose it is, and others it moves."""
    rows = []
    for e in (e for e in a.effects if e.has_effect):
        identifier, label, burden = e.measure.id, e.measure.label, burden_n(e)
        rows += [
            (
                (identifier, p.key),
                f"{label}: {p.name}",
                [p.total(burden), p.total(e.alone_n)],
            )
            for p, _ in touched[identifier]
        ]
        whole = [float(burden.sum()), float(e.alone_n.sum())]
        rows.append(((identifier, WORLD), f"{label}: World", whole))
    columns = (
        Quantity("given_the_rest", "Given the other measures", MONEY),
        Quantity("alone", "If it were the only one", MONEY),
    )
    return frame_of(
        "cost", "What each measure costs, and whom", ("measure", "place"), columns, rows
    )


def boomerang_frame(a: AssessmentData) -> Frame:
    """What a measure's authors lose for each dollar that its targets lose."""
    rows = []
    for e in (e for e in a.effects if e.has_effect):
        burden = burden_n(e)
        mine, theirs = (
            sum(p.total(burden) for p in collapse(a, codes)) for codes in (e.authors, e.targets)
        )
        values = [mine, theirs, e.boomerang_margin, e.boomerang_alone]
        rows.append(((e.measure.id,), e.measure.label, values))
    return frame_of(
        "boomerang",
        "Boomerang: what the author loses per dollar of the target's loss",
        ("measure",),
        (
            Quantity("authors_effect", "Effect on author", MONEY),
            Quantity("targets_effect", "Effect on target", MONEY),
            Quantity("ratio", "Ratio given the other measures", RATIO),
            Quantity("ratio_alone", "Ratio if alone", RATIO),
        ),
        rows,
    )


def held_frame(named_sides: NamedSides) -> Frame:
    """What each measure in force against the target takes from the two sides while it is held."""
    a, them = named_sides.assessment, named_sides.target
    lifts: list[tuple[tuple[str, ...], str, Array]] = [
        ((e.measure.id,), e.measure.label, e.margin_n)
        for e in a.effects
        if e.in_force and e.has_effect
    ]
    locked = {m.id for joint in a.joint for m in joint.measures}
    lifts = [lift for lift in lifts if lift[0][0] not in locked]
    lifts += [
        (
            tuple(m.id for m in joint.measures),
            f"{listing(m.label for m in joint.measures)}, together",
            joint.margin_n,
        )
        for joint in a.joint
    ]
    rows = []
    for s in named_sides.sides.senders:
        for ids, label, gain in lifts:
            if set(ids) <= set(s.measures):
                harm, cost = named_sides.losses(gain, s)
                rows.append(
                    ((s.id, "-and-".join(ids)), label, [harm, cost, named_sides.ratio(harm, cost)])
                )
    return frame_of(
        "design-measures",
        f"Measures in force against {them.prose}: the cheapest to hold first",
        ("sender", "measure"),
        (
            Quantity("harm", f"{them.name} loses", MONEY),
            Quantity("cost", "The sender loses", MONEY),
            Quantity("ratio", "Harm per unit of own cost", RATIO),
        ),
        rows,
    )


def horizons_frame(
    a: AssessmentData,
    runs: Mapping[str, AssessmentData],
    parties: Sequence[Place],
    options: Mapping[str, Sequence[Option]],
    concerned: Mapping[str, Named],
) -> Frame:
    """What the regime does to each party, and lifting to its author and target, by horizon.

    Args:
        a: at the horizon of the answer.
        runs: the assessment at every horizon, by name.
        parties: of the case.
        options: of lifting, by horizon.
        concerned: by option, whose measures it lifts and whom they hit.
    """
    rows = [
        (
            (REGIME, p.key),
            f"Under the regime: {p.name}",
            [p.total(r.regime.equivalent_variation_n) for r in runs.values()],
        )
        for p in parties
    ]
    gains = {h: {o.id: o.gain_n for o in some} for h, some in options.items()}
    for option in options[a.horizon]:
        for place, _ in concerned[option.id]:
            values = [
                place.total(gains[h][option.id]) if option.id in gains[h] else np.nan for h in runs
            ]
            rows.append(((option.id, place.key), f"{option.label}: {place.name}", values))
    columns = [Quantity(h, f"{sentence(h)} run", MONEY) for h in runs]
    return frame_of("horizons", "Short, medium and long run", ("change", "place"), columns, rows)


#: The key of rows about the regime itself, beside those of options.
REGIME = "regime"
