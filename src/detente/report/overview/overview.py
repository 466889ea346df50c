"""What a report says first: a headline, three bullets, four answers and the options side by side.

`Overview` is the result and `overview_of` makes it. Every sentence is composed from figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.negotiation.stakes import stake_of
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import prose_of
from detente.report.overview.blocking import who_can_block
from detente.report.overview.chapter import Chapter
from detente.report.overview.deal import Deal, deal_of
from detente.report.overview.effects import PartyEffect, apart, party_effects, target_of
from detente.report.overview.how_sure import how_sure
from detente.report.overview.options import OptionsTable, best_words, options_side_by_side
from detente.report.overview.party_view import PartyView, party_views
from detente.report.overview.sources import sources_of
from detente.report.overview.what_deal import what_deal
from detente.report.overview.where_goods_go import where_goods_go
from detente.report.overview.who_pays import who_pays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.departure import Departure
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.record.result import BackTest
    from detente.report.context import ViewContext
    from detente.report.views.ranges import Swings


@dataclass(frozen=True)
class Overview:
    """The answers to the four questions.

    Attributes:
        headline: the main result as a title.
        answer: the answer in three sentences at most.
        effects: what the measures do to the parties.
        chapters: the questions that have an answer, in their order.
        options: ways of lifting side by side; None without trade.
        blocking: who can end which measure, who can keep it, and on whom deals fail.
        deal: what would be signed, and what it asks of whom; None without a negotiation.
        sources: what all of it rests on.
        parties: the answer from the chair of each party.
    """

    headline: str
    effects: tuple[PartyEffect, ...]
    chapters: tuple[Chapter, ...]
    options: OptionsTable | None = None
    blocking: tuple[str, ...] = ()
    deal: Deal | None = None
    sources: tuple[str, ...] = ()
    parties: tuple[PartyView, ...] = field(default=(), repr=False)
    answer: tuple[str, ...] = ()

    @property
    def bullets(self) -> tuple[Chapter, ...]:
        """The three chapters whose bullets stand on top."""
        return tuple(c for c in self.chapters if c.bullet)[:3]

    def chapter(self, identifier: str) -> Chapter | None:
        """A chapter by its id; None where the case has no answer to it."""
        return next((c for c in self.chapters if c.id == identifier), None)

    def marked(self, departure: Departure) -> Overview:
        """Itself in a state that is not the case's own: the headline says so."""
        if not departure:
            return self
        return replace(
            self,
            headline=departure.titled(self.headline),
            parties=tuple(replace(p, headline=departure.titled(p.headline)) for p in self.parties),
        )

    def card(self, most: int = 5) -> dict[str, Any]:
        """Itself as small as it stands in a list of cases: a sentence, and bars of the parties.

        Args:
            most: bars, the most moved.
        """
        first = next((c for c in self.chapters if c.bullet), None)
        moved = sorted(apart(self.effects), key=lambda e: -abs(e.value))[:most]
        return {
            "sentence": self.headline if first is None else first.bullet,
            "bars": [{"label": e.place.name, "value": e.value} for e in moved],
        }

    def plain(self) -> dict[str, Any]:
        """Itself as plain values."""
        return {
            "headline": self.headline,
            "answer": list(self.answer),
            "chapters": [c.plain() for c in self.chapters],
            "bullets": [{"chapter": c.id, "text": c.bullet} for c in self.bullets],
            "effects": [
                {
                    "place": e.place.key,
                    "name": e.place.name,
                    "value": e.value,
                    "low": None if e.band is None else e.band[0],
                    "high": None if e.band is None else e.band[1],
                    "owns": e.owns,
                    "target": e.target,
                }
                for e in self.effects
            ],
            "options": None if self.options is None else self.options.plain(),
            "blocking": list(self.blocking),
            "deal": None if self.deal is None else self.deal.plain(),
            "sources": list(self.sources),
            "parties": [p.plain() for p in self.parties],
        }


def overview_of(
    context: ViewContext | None,
    negotiation: NegotiationAnswer | None = None,
    backtest: BackTest | None = None,
    claims: str = "",
    subject: str = "The measures",
    swings: Swings | None = None,
) -> Overview:
    """The four answers of a case.

    Args:
        context: an answer of the trade model, and what of it is shown; None without trade.
        negotiation: the negotiation; None without one.
        backtest: the case held against later years; None where it was not.
        claims: the counts of verdicts on published claims, in words; empty without claims.
        subject: what sentences speak of: the measures of the case, or those of a scenario.
        swings: what each assumption alone moves of the effect on the target; None if not asked.
    """
    effects = () if context is None else party_effects(context)
    chapters: list[Chapter | None] = []
    if context is not None:
        chapters += [who_pays(context, effects, subject), where_goods_go(context, subject)]
    if negotiation is not None:
        chapters.append(what_deal(negotiation))
    chapters.append(how_sure(context, negotiation, backtest, claims, swings))
    found = tuple(c for c in chapters if c is not None)
    deal = None if negotiation is None else deal_of(negotiation)
    case = negotiation.case if context is None else context.assessment.case  # type: ignore[union-attr]
    return Overview(
        _headline(effects, found, negotiation),
        effects,
        found,
        None if context is None else options_side_by_side(context, effects, negotiation),
        who_can_block(context, negotiation),
        deal,
        sources_of(case, context),
        party_views(case.parties, context, effects, negotiation, deal, subject),
        _answer(context, effects, found, deal),
    )


def _answer(
    context: ViewContext | None,
    effects: Sequence[PartyEffect],
    chapters: Sequence[Chapter],
    deal: Deal | None,
) -> tuple[str, ...]:
    """Who pays, what would undo most of it, and what deal would hold."""
    by_id = {c.id: c.sentence for c in chapters}
    target = target_of(effects)
    step = ""
    if context is not None and target is not None:
        step = best_words(context, target.place, target.place.prose)
    if deal is None:
        said = [by_id.get("who-pays", ""), step, by_id.get("where-goods-go", "")]
    else:
        some = deal.sentences if context is not None else deal.sentences[:2]
        said = [by_id.get("who-pays", ""), step, *some]
    return tuple(s for s in (*said, by_id["how-sure"]) if s)[:3]


def _headline(
    effects: tuple[PartyEffect, ...],
    chapters: tuple[Chapter, ...],
    negotiation: NegotiationAnswer | None,
) -> str:
    """Who moves and who holds, if the negotiation says; else who pays."""
    target = target_of(effects)
    if target is None or not (target.pays or target.gains):
        return chapters[0].sentence.rstrip(".")
    moved = [] if negotiation is None else _behaving(negotiation, False, target)
    held = [] if negotiation is None else _behaving(negotiation, True, target)
    if moved and held:
        verb = "gain" if len(moved) > 1 else "gains"
        others = "hold though they would gain" if len(held) > 1 else "holds though it would gain"
        return f"{w.sentence(w.listing(moved))} {verb} by moving, while {w.listing(held)} {others}"
    verb = "pays" if target.pays else "gains"
    text = f"{w.sentence(target.place.prose)} {verb} {target.size} a year"
    owners = [e for e in effects if e.owns and not e.target]
    if target.pays and any(e.pays for e in owners):
        return f"{text}, and those who hold the measures pay, too"
    if target.pays and owners:
        return f"{text}, and those who hold the measures pay nothing"
    return text


def _behaving(negotiation: NegotiationAnswer, holds: bool, target: PartyEffect) -> list[str]:
    """Parties that moved, or hold, though moving pays, as they stand inside a sentence."""
    if "why" in negotiation.unanswered:
        return []
    labels = {p.id: p.name for p in negotiation.case.parties}
    found = []
    for party in negotiation.conflict.names:
        stake = stake_of(negotiation, party)
        prose = prose_of(labels.get(party, party))
        if (
            prose == target.place.prose
            or (stake.behaviour == "holds") != holds
            or stake.money is None
        ):
            continue
        if stake.money > NEGLIGIBLE:
            found.append(prose)
    return found[:2]
