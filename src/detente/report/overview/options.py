"""The options side by side: what lifting one measure, a pair or everything brings whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis import labels as w
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import prose_of
from detente.negotiation import Unanimity
from detente.negotiation.words import number_word
from detente.report.overview.blocking import renewal_time, voted
from detente.report.overview.effects import PartyEffect, apart
from detente.world.names import lower_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.figures.frame import Band
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.options import Option
    from detente.analysis.places import Place
    from detente.report.context import ViewContext

#: At most so many rows and columns of places.
ROWS, COLUMNS = 6, 6
#: Gains smaller than this share of what the measures do to a place are not worth naming.
_WORTH_NAMING = 0.01
#: The id of the row in which nothing is lifted.
KEEP = "keep"


@dataclass(frozen=True)
class OptionRow:
    """One way of lifting measures.

    Attributes:
        id: of the option, as in the frame `options`.
        label: what is lifted.
        gains: what it brings each place, USD million a year.
        bands: from 5 to 95 % of the draws; None without draws.
        needs: whose consent it takes, in words.
        measures: ids of the measures that it lifts.
    """

    id: str
    label: str
    gains: tuple[float, ...]
    bands: tuple[Band | None, ...]
    needs: str
    measures: tuple[str, ...]


@dataclass(frozen=True)
class OptionsTable:
    """Options side by side.

    Attributes:
        places: whose gains the columns are.
        rows: those that move most first, then lifting everything; last, keeping everything, against
            which all others count.
        left_out: how many options that move something are not shown.
    """

    places: tuple[Place, ...]
    rows: tuple[OptionRow, ...]
    left_out: int = 0

    @property
    def lifting(self) -> OptionsTable:
        """Itself without the row in which everything is kept."""
        return replace(self, rows=tuple(row for row in self.rows if row.id != KEEP))

    def plain(self) -> dict[str, Any]:
        """Itself as plain values."""
        return {
            "places": [{"key": p.key, "name": p.name} for p in self.places],
            "rows": [
                {
                    "id": r.id,
                    "label": r.label,
                    "gains": list(r.gains),
                    "low": [None if b is None else b[0] for b in r.bands],
                    "high": [None if b is None else b[1] for b in r.bands],
                    "needs": r.needs,
                    "measures": list(r.measures),
                }
                for r in self.rows
            ],
            "left_out": self.left_out,
        }


def options_side_by_side(
    context: ViewContext,
    effects: Sequence[PartyEffect],
    negotiation: NegotiationAnswer | None,
    own: Place | None = None,
) -> OptionsTable | None:
    """The ways of lifting that move most, for the target, those who hold measures, and others.

    Args:
        context: an answer, and what of it is shown.
        effects: from `party_effects`.
        negotiation: whose votes say whose consent an option takes; None without one.
        own: from whose chair they are seen. Its column is the first, and what brings it most comes
            first.

    Returns:
        OptionsTable: None where no way of lifting moves anything.
    """
    options = context.lifting
    reach = {o.id: float(np.abs(o.gain_n).sum()) for o in options}
    moving = [o for o in options if o.kind != "all" and reach[o.id] > NEGLIGIBLE]
    whole = [o for o in options if o.kind == "all" and reach[o.id] > NEGLIGIBLE]
    if not moving and not whole:
        return None
    by = reach if own is None else {o.id: own.total(o.gain_n) for o in options}
    ranked = sorted(moving, key=lambda o: (-abs(by[o.id]), -reach[o.id]))
    shown = ranked[: ROWS - 1 - len(whole)]
    if own is not None:
        shown.sort(key=lambda o: -by[o.id])
    places = _columns(effects, own)
    rows = tuple(_row(context, o, places, negotiation) for o in [*shown, *whole])
    kept = OptionRow(
        KEEP,
        "Everything kept",
        (0.0,) * len(places),
        (None,) * len(places),
        _keeping(negotiation),
        (),
    )
    return OptionsTable(places, (*rows, kept), len(ranked) - len(shown))


def _columns(effects: Sequence[PartyEffect], own: Place | None) -> tuple[Place, ...]:
    """The target, then those who hold measures, then those whom the measures move most."""
    target = [e for e in effects if e.target]
    owners = [e for e in effects if e.owns and not e.target]
    others = [e for e in apart(effects) if not e.owns and not e.target]
    chosen = [*target, *owners[: COLUMNS - 1 - bool(others)], *others]
    places = [e.place for e in chosen]
    if own is not None:
        places = [own, *(p for p in places if p.key != own.key)]
    return tuple(places[:COLUMNS])


def _keeping(negotiation: NegotiationAnswer | None) -> str:
    """Whose consent it takes to keep everything: those who renew what would lapse."""
    if negotiation is None:
        return ""
    labels = {p.id: p.name for p in negotiation.case.parties}
    found = [
        f"all {len(v.members)} of {prose_of(labels[v.owner])}, {lower_first(renewal_time(v))}"
        for v in voted(negotiation)
        if v.votes.renew.applies and isinstance(v.votes.moments.renew, Unanimity)
    ]
    return w.sentence(found[0]) if len(found) == 1 else ""


def _row(
    context: ViewContext,
    option: Option,
    places: Sequence[Place],
    negotiation: NegotiationAnswer | None,
) -> OptionRow:
    measures = _measures(context, option)
    return OptionRow(
        option.id,
        "Everything lifted" if option.kind == "all" else w.sentence(option.outcome),
        tuple(p.total(option.gain_n) for p in places),
        tuple(context.figures.band("options", p.key, option.id) for p in places),
        _needs(context, measures, negotiation),
        measures,
    )


def _measures(context: ViewContext, option: Option) -> tuple[str, ...]:
    a = context.assessment
    if option.kind == "all":
        return a.regime.measures
    after = set(option.snapshot.measures)
    return tuple(m for m in a.regime.measures if m not in after)


def _needs(
    context: ViewContext, measures: Sequence[str], negotiation: NegotiationAnswer | None
) -> str:
    """Whose consent it takes to lift some measures: 'Lithuania and all 27 of the EU'."""
    return w.sentence(consent_words(context, measures, negotiation))


def consent_words(
    context: ViewContext, measures: Sequence[str], negotiation: NegotiationAnswer | None
) -> str:
    """Whose consent it takes to lift some measures, inside a sentence.

    Args:
        context: an answer.
        measures: ids; those that move nothing need no consent.
        negotiation: whose votes say how a bloc decides; without one its name stands alone.
    """
    a = context.assessment
    labels = {p.id: prose_of(p.name) for p in a.case.parties}
    idle = {e.measure.id for e in a.effects if not e.has_effect}
    votes = {} if negotiation is None else {v.measure: v for v in negotiation.votes}
    alone: dict[str, None] = {}
    ratifying: dict[str, None] = {}
    voting: dict[str, None] = {}
    for measure in (e.measure for e in a.effects if e.measure.id in measures):
        if measure.id in idle:
            continue
        name = labels.get(measure.owner, prose_of(measure.owner))
        vote = votes.get(measure.id)
        if vote is not None and vote.ratifiers:
            alone[name] = None
            ratifying |= dict.fromkeys(labels.get(r, r) for r in vote.ratifiers)
        elif vote is not None and len(vote.members) > 1:
            size = len(vote.members)
            unanimous = isinstance(vote.votes.moments.repeal, Unanimity)
            voting[f"all {size} of {name}" if unanimous else f"{name} by its rule"] = None
        else:
            alone[name] = None
    holders = [*alone, *voting]
    if len(holders) > 3:
        holders = [f"all {number_word(len(holders))} holders"]
        return w.listing([*holders, *ratifying])
    return w.listing([*alone, *ratifying, *voting])


def best_words(context: ViewContext, place: Place, name: str = "it") -> str:
    """The step that would bring a place most; else what would cost it most.

    Args:
        context: an answer.
        place: whose gain counts.
        name: what the place is called in the sentence.

    Returns:
        str: one sentence; empty where nothing that is in force moves anything.
    """
    gains = [(place.total(o.gain_n), o) for o in context.lifting]
    if not gains:
        return ""
    own = abs(place.total(context.assessment.regime.equivalent_variation_n))
    least, worst = min(gains, key=lambda pair: pair[0])
    steps = [(gain, o) for gain, o in gains if o.kind != "all"] or gains
    if max(gain for gain, _ in steps) <= max(NEGLIGIBLE, _WORTH_NAMING * own):
        steps = gains
    most, best = max(steps, key=lambda pair: pair[0])
    if most > max(NEGLIGIBLE, _WORTH_NAMING * own):
        band = context.figures.band("options", place.key, best.id)
        short = best.kind != "all" and any(o.kind == "all" for _, o in gains)
        step = f"Short of everything, {lower_first(best.prose)}" if short else best.prose
        return f"{step} would bring {name} most, {w.money(most, band)} a year."
    if least < -NEGLIGIBLE:
        band = context.figures.band("options", place.key, worst.id)
        return (
            f"No lifting would bring {name} a sum worth naming, and {lower_first(worst.prose)} "
            f"would cost it most, {w.money(least, band)} a year."
        )
    return f"No lifting would move {name} noticeably."
