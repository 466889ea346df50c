"""Who pays for the measures in force and who gains by them, in a sentence and a paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.figures.effects import WORLD
from detente.analysis.findings import total_band
from detente.analysis.options import NEGLIGIBLE, only_together_n
from detente.report.overview.chapter import Chapter
from detente.report.overview.effects import PartyEffect, apart, target_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.report.context import ViewContext

#: Sections of a report that hold the details.
SECTIONS = ("world", "lift", "cost", "time", "horizons", "design", "force")
#: Ratios of own loss to the target's loss that are worth a word.
_RATIO = 0.05


def who_pays(context: ViewContext, effects: Sequence[PartyEffect], subject: str) -> Chapter:
    """Who pays and who gains.

    Args:
        context: an answer, and what of it is shown.
        effects: from `party_effects`.
        subject: of sentences, 'The measures'.
    """
    target = target_of(effects)
    moved = [e for e in effects if e.pays or e.gains]
    if target is None or not moved:
        return Chapter(
            "who-pays",
            f"{subject} move no party by USD 0.1 million a year.",
            "No measure in force changes trade noticeably.",
            f"{subject} move no party by USD 0.1 million a year.",
            sections=SECTIONS,
        )
    paragraph = [
        *_winners(effects, target),
        _world(context),
        *_boomerang(context),
        *_together(context, target),
        *_short_run(context, target),
    ]
    return Chapter(
        "who-pays",
        _sentence(effects, target, subject),
        " ".join(p for p in paragraph if p),
        _bullet(effects, target, subject),
        "chart:gains",
        SECTIONS,
    )


def _sentence(effects: Sequence[PartyEffect], target: PartyEffect, subject: str) -> str:
    verb = "bring" if target.value > 0 else "cost"
    owners = [e for e in apart(effects) if e.owns and not e.target]
    payers = sorted((e for e in owners if e.pays), key=lambda e: e.value)[:2]
    text = f"{subject} {verb} {target.place.prose} {target.money} a year"
    if target.value > 0 and payers:
        text += " and cost"
    elif payers:
        text += ","
    if payers:
        sizes = [f"{e.place.prose} {e.money}" for e in payers]
        return f"{text} {sizes[0]} and {sizes[1]}." if len(sizes) > 1 else f"{text} {sizes[0]}."
    gainers = [e for e in owners if e.gains]
    if gainers:
        return f"{text}, and bring {gainers[0].place.prose} {gainers[0].money}."
    return f"{text} and those who hold them next to nothing." if owners else f"{text}."


def _bullet(effects: Sequence[PartyEffect], target: PartyEffect, subject: str) -> str:
    verb = "bring" if target.value > 0 else "cost"
    text = f"{subject} {verb} {target.place.prose} {target.money} a year"
    won = [e for e in apart(effects) if e.gains and e is not target]
    if not won:
        return f"{text}."
    most = max(won, key=lambda e: e.value)
    return f"{text}, and {most.place.prose} gains most, {most.size}."


def _winners(effects: Sequence[PartyEffect], target: PartyEffect) -> list[str]:
    """'Canada gains most: USD 190 million (130 to 270). Russia gains USD 180 million …'."""
    won = sorted((e for e in apart(effects) if e.gains and e is not target), key=lambda e: -e.value)
    if not won:
        return ["Nobody gains a sum worth naming."]
    said = [f"{w.sentence(won[0].place.prose)} gains most: {won[0].money}."]
    if len(won) > 1:
        others = w.listing(f"{e.place.prose} with {e.money}" for e in won[1:3])
        said.append(f"Next come {others}." if len(won) > 2 else f"Next comes {others}.")
    return said


def _world(context: ViewContext) -> str:
    total = float(context.assessment.regime.equivalent_variation_n.sum())
    if abs(total) < NEGLIGIBLE:
        return ""
    verb = "lose" if total < 0 else "gain"
    size = w.money(total, total_band(context.figures, WORLD))
    return f"All economies together {verb} {size}."


def _boomerang(context: ViewContext) -> list[str]:
    """What the measure that falls back hardest costs its author for each dollar of harm."""
    a = context.assessment
    known = [
        (e.boomerang_margin, e)
        for e in a.effects
        if e.in_force and e.has_effect and e.boomerang_margin is not None
    ]
    if not known:
        return []
    ratio, effect = max(known, key=lambda pair: pair[0])
    if ratio < _RATIO:
        return ["No measure costs those who hold it a sum worth naming."]
    size = w.number(ratio, 1 if ratio < 9.95 else 0)
    label = w.quoted(effect.measure.label)
    return [
        f"The dearest to hold for the harm it does is {label}. Each dollar that it takes from its "
        f"target costs its author {size} dollars."
    ]


def _together(context: ViewContext, target: PartyEffect) -> list[str]:
    """The one step that would bring the target most, and what comes only of lifting everything."""
    steps = [o for o in context.lifting if o.kind != "all"]
    gains = [(target.place.total(o.gain_n), o) for o in steps]
    gain, best = max(gains, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or gain < NEGLIGIBLE:
        return []
    band = context.figures.band("options", target.place.key, best.id)
    text = f"{best.prose} would bring {target.place.prose} most: {w.money(gain, band)}."
    joint = only_together_n(context.lifting)
    if joint is None or best.kind == "joint":
        return [text]
    together = target.place.total(joint)
    if together < 0.25 * abs(target.value):
        return [text]
    return [text, f"{w.money(together)} comes only if everything is lifted."]


def _short_run(context: ViewContext, target: PartyEffect) -> list[str]:
    """What the target pays before the economy can adjust."""
    run = context.runs.get("short")
    if run is None or context.assessment.horizon == "short":
        return []
    value = target.place.total(run.regime.equivalent_variation_n)
    if abs(value) < NEGLIGIBLE:
        return []
    band = context.figures.band("horizons", ("regime", target.place.key), "short")
    verb = "pays" if value < 0 else "gains"
    return [
        f"In the short run, before the economy can adjust, {target.place.prose} {verb} "
        f"{w.money(value, band)}."
    ]
