"""The options side by side: what lifting one measure, a pair or everything brings whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis import labels as w
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import prose_of
from detente.negotiation import Unanimity
from detente.negotiation.words import number_word
from detente.report.overview.effects import PartyEffect, apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.figures.frame import Band
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.options import Option
    from detente.analysis.places import Place
    from detente.report.context import ViewContext

#: At most so many rows and columns of places.
ROWS, COLUMNS = 6, 6


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
        rows: those that move most first; lifting everything last.
        left_out: how many options that move something are not shown.
    """

    places: tuple[Place, ...]
    rows: tuple[OptionRow, ...]
    left_out: int = 0

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
    context: ViewContext, effects: Sequence[PartyEffect], negotiation: NegotiationAnswer | None
) -> OptionsTable | None:
    """The ways of lifting that move most, for the target, those who hold measures, and others.

    Returns:
        OptionsTable: None where no way of lifting moves anything.
    """
    options = context.lifting
    reach = {o.id: float(np.abs(o.gain_n).sum()) for o in options}
    moving = [o for o in options if o.kind != "all" and reach[o.id] > NEGLIGIBLE]
    whole = [o for o in options if o.kind == "all" and reach[o.id] > NEGLIGIBLE]
    if not moving and not whole:
        return None
    ranked = sorted(moving, key=lambda o: -reach[o.id])
    shown = ranked[: ROWS - len(whole)]
    places = _columns(effects)
    rows = tuple(_row(context, o, places, negotiation) for o in [*shown, *whole])
    return OptionsTable(places, rows, len(ranked) - len(shown))


def _columns(effects: Sequence[PartyEffect]) -> tuple[Place, ...]:
    """The target, then those who hold measures, then those whom the measures move most."""
    target = [e for e in effects if e.target]
    owners = [e for e in effects if e.owns and not e.target]
    others = [e for e in apart(effects) if not e.owns and not e.target]
    chosen = [*target, *owners[: COLUMNS - 1 - bool(others)], *others]
    return tuple(e.place for e in chosen[:COLUMNS])


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
    a = context.assessment
    labels = {p.id: p.name for p in a.case.parties}
    idle = {e.measure.id for e in a.effects if not e.has_effect}
    votes = {} if negotiation is None else {v.measure: v for v in negotiation.votes}
    found: dict[str, str] = {}
    for measure in (e.measure for e in a.effects if e.measure.id in measures):
        if measure.id in idle:
            continue
        name = labels.get(measure.owner, measure.owner)
        vote = votes.get(measure.id)
        if vote is not None and vote.ratifiers:
            consent = w.listing(prose_of(labels.get(r, r)) for r in vote.ratifiers)
            name = f"{name}, {consent} permitting"
        elif vote is not None and len(vote.members) > 1:
            size = len(vote.members)
            unanimous = isinstance(vote.votes.moments.repeal, Unanimity)
            name = f"all {size} of {prose_of(name)}" if unanimous else f"{name} by its rule"
        found.setdefault(measure.owner, name)
    names = list(found.values())
    if len(names) > 3:
        return f"all {number_word(len(names))} owners"
    return w.listing(names)
