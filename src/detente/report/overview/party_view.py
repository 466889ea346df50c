"""What an answer means for one party: its own effect, what it can block, and what a deal asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.negotiation.labels import party_labels, with_article
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import parties_by_id
from detente.negotiation import Conflict, Unanimity
from detente.negotiation.words import fixed, number_word
from detente.report.overview.blocking import leaving_words, renewal_time, some_of, voted
from detente.report.overview.effects import PartyEffect, effect_of
from detente.report.overview.options import OptionsTable, best_words, options_side_by_side
from detente.world.names import lower_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.negotiation.votes import MeasureVotes
    from detente.analysis.places import Place
    from detente.cases import Party
    from detente.report.context import ViewContext
    from detente.report.overview.deal import Deal


@dataclass(frozen=True)
class PartyView:
    """An answer from one party's chair.

    Attributes:
        party: its id.
        name: for readers.
        headline: what the measures do to it, as a title.
        sentences: its own effect, the lifting that would bring it most, what a deal is worth to it.
        asks: what a deal asks of it.
        blocks: what it holds, and what does not happen without its consent.
        options: ways of lifting side by side, its own column first; None without any.
        effect: what the measures do to it; None for one without an economy.
    """

    party: str
    name: str
    headline: str
    sentences: tuple[str, ...]
    asks: tuple[str, ...]
    blocks: tuple[str, ...]
    options: OptionsTable | None = None
    effect: PartyEffect | None = None

    def plain(self) -> dict[str, Any]:
        """Itself as plain values."""
        return {
            "party": self.party,
            "name": self.name,
            "headline": self.headline,
            "sentences": list(self.sentences),
            "asks": list(self.asks),
            "blocks": list(self.blocks),
            "options": None if self.options is None else self.options.plain(),
        }


def party_views(
    parties: Sequence[Party],
    context: ViewContext | None,
    effects: Sequence[PartyEffect],
    negotiation: NegotiationAnswer | None,
    deal: Deal | None,
    subject: str,
) -> tuple[PartyView, ...]:
    """The answer as every party of a case sees it, in the case's order.

    Args:
        parties: of the case.
        context: an answer of the trade model; None without trade.
        effects: from `party_effects`.
        negotiation: the negotiation; None without one.
        deal: from `deal_of`; None without a negotiation.
        subject: of sentences, 'The measures'.
    """
    places = {} if context is None else parties_by_id(context.assessment)
    return tuple(
        _view(party, context, places.get(party.id), effects, negotiation, deal, subject)
        for party in parties
    )


def _view(
    party: Party,
    context: ViewContext | None,
    place: Place | None,
    effects: Sequence[PartyEffect],
    negotiation: NegotiationAnswer | None,
    deal: Deal | None,
    subject: str,
) -> PartyView:
    effect, options = None, None
    said: list[str] = []
    if context is not None and place is not None:
        known = next((e for e in effects if e.place.key == place.key), None)
        effect = known or effect_of(context, place)
        said += [_own_effect(effect, subject), best_words(context, place)]
        options = options_side_by_side(context, effects, negotiation, place)
    dealt: list[str] = []
    if deal is not None and negotiation is not None:
        dealt += _dealt(party, place, negotiation, deal)
    return PartyView(
        party.id,
        party.name,
        _headline(party, effect),
        tuple(s for s in (*said, *dealt[:1]) if s),
        tuple(dealt[1:]),
        tuple(_blocks(party, context, place, negotiation)),
        options,
        effect,
    )


def _headline(party: Party, effect: PartyEffect | None) -> str:
    if effect is None:
        return f"What it comes to for {_prose(party)}"
    label = w.sentence(effect.place.prose)
    if effect.pays:
        return f"{label} pays {effect.size} a year"
    if effect.gains:
        return f"{label} gains {effect.size} a year"
    return f"{label} neither pays nor gains"


def _prose(party: Party) -> str:
    return with_article(party.name)


def _own_effect(effect: PartyEffect, subject: str) -> str:
    who = effect.place.prose
    if effect.pays:
        return f"{subject} cost {who} {effect.money} a year."
    if effect.gains:
        return f"{subject} bring {who} {effect.money} a year."
    return f"{subject} leave {who} where it was."


def _dealt(
    party: Party, place: Place | None, negotiation: NegotiationAnswer, deal: Deal
) -> Iterator[str]:
    """What a deal is worth to a party, then what it asks of it."""
    term = deal.term(party.id)
    if term is None and deal.holds:
        yield from _beside(party, place, negotiation)
        return
    if term is None:
        yield deal.sentences[0]
        return
    if not deal.holds:
        does = "would sign" if term.signs else "would refuse"
        yield f"{deal.sentences[0].rstrip('.')}, and it {does} the one that comes nearest."
        return
    count = 0 if negotiation.deals is None else len(negotiation.deals.everybody.codes_k)
    one = count == 1
    what = "The package" if one else f"The {number_word(count)} packages"
    yield (
        f"{what} that all would sign {'is' if one else 'are'} worth {term.worth} to it on the "
        "values of the case."
    )
    name = _prose(party)
    for asked in term.asks:
        yield f"What {'it asks' if one else 'they ask'} of {name}: {asked}."
    if not term.asks:
        yield f"It asks nothing of {name}." if one else f"Most of them ask nothing of {name}."


def _beside(party: Party, place: Place | None, negotiation: NegotiationAnswer) -> Iterator[str]:
    """What the packages that others would sign do to a party that does not sign, in money."""
    deals, money, conflict = negotiation.deals, negotiation.money, negotiation.conflict
    assert deals is not None
    count = len(deals.everybody.codes_k)
    what = f"The {number_word(count)} packages" if count > 1 else "The package"
    if money is None or place is None or not isinstance(conflict, Conflict):
        yield f"{what} that all would sign {'need' if count > 1 else 'needs'} no signature from it."
        return
    at = [money.countries.index(c) for c in _codes(negotiation, party) if c in money.countries]
    setting_s = conflict.payoffs.setting_s
    value_q = money.variation_qn[:, at].sum(axis=1)
    change = value_q[setting_s[deals.everybody.codes_k]] - value_q[money.here]
    low, high = float(change.min()), float(change.max())
    if max(abs(low), abs(high)) <= NEGLIGIBLE:
        verb = "leave" if count > 1 else "leaves"
        yield f"{what} that the others would sign {verb} its trade as it is."
        return
    yield (
        f"In money {lower_first(what)} that the others would sign would bring it between "
        f"{w.cell(low)} and {w.cell(high)} million USD a year."
    )


def _codes(negotiation: NegotiationAnswer, party: Party) -> tuple[str, ...]:
    terms = negotiation.case.negotiation_terms(negotiation.date)
    return next((v.members for v in terms.parties if v.id == party.id), ())


def _blocks(
    party: Party,
    context: ViewContext | None,
    place: Place | None,
    negotiation: NegotiationAnswer | None,
) -> Iterator[str]:
    """What a party holds, and what does not happen without its consent."""
    name = w.sentence(_prose(party))
    found = [*_held(name, party, context)]
    if negotiation is not None:
        found += _member(party, context, place, negotiation)
        found += _ratifier(party, negotiation)
        found += _signatory(party, negotiation)
        found += leaving_words(negotiation, _prose(party))
    if found:
        yield from found
    elif negotiation is None or isinstance(negotiation.conflict, Conflict):
        yield f"{name} holds none of the measures, and no deal needs its consent."


def _held(name: str, party: Party, context: ViewContext | None) -> Iterator[str]:
    if context is None:
        return
    labels = [
        e.measure.label
        for e in context.assessment.effects
        if e.in_force and e.has_effect and e.measure.owner == party.id
    ]
    if not labels:
        return
    what = some_of(labels) if len(labels) <= 2 else f"{number_word(len(labels))} of the measures"
    it = "it" if len(labels) == 1 else "them"
    if len(context.assessment.groups.get(party.id, ())) > 1:
        yield f"{name} holds {what}, and its members decide on {it} by their rule."
    else:
        yield f"{name} holds {what}, and nobody else can end {it}."


def _member(
    party: Party,
    context: ViewContext | None,
    place: Place | None,
    negotiation: NegotiationAnswer,
) -> Iterator[str]:
    """What it can do as a member of a bloc that decides by unanimity."""
    if context is None or place is None or len(place.members) != 1:
        return
    code = context.assessment.world.countries[place.members[0]]
    labels = party_labels(negotiation.case)
    inside: dict[str, list[MeasureVotes]] = {}
    for votes in voted(negotiation):
        if code in votes.members and votes.owner != party.id:
            inside.setdefault(votes.owner, []).append(votes)
    for owner, some in inside.items():
        size = len(some[0].members)
        kept = [v for v in some if isinstance(v.votes.moments.repeal, Unanimity)]
        if kept:
            what = w.quoted(kept[0].label) if len(kept) == 1 else "any measure"
            bloc = labels[owner]
            kept_on = what if len(kept) == 1 else f"{what} of {bloc}"
            yield f"As one of {size} members it can keep {kept_on} from ending early."
        for votes in some:
            if votes.votes.renew.applies and isinstance(votes.votes.moments.renew, Unanimity):
                yield f"{renewal_time(votes)} it can let {w.quoted(votes.label)} lapse alone."


def _ratifier(party: Party, negotiation: NegotiationAnswer) -> Iterator[str]:
    found = [v for v in negotiation.votes if party.id in v.ratifiers and v.in_force]
    labels = [v.label for v in found]
    if labels:
        what = some_of(labels) if len(labels) <= 2 else f"{number_word(len(labels))} measures"
        yield f"Without the consent of {_prose(party)}, {what} cannot end."


def _signatory(party: Party, negotiation: NegotiationAnswer) -> Iterator[str]:
    """That a deal of all needs its consent, and how many packages it would refuse."""
    deals = negotiation.deals
    if deals is None:
        return
    label = _prose(party)
    for refusal in deals.everybody.refusals:
        if refusal.party == label:
            text = (
                f"A deal of all needs its signature, and it would refuse {fixed(refusal.refused)} "
                f"of {fixed(deals.everybody.examined)} packages"
            )
            yield f"{text}, {fixed(refusal.alone)} of them alone." if refusal.alone else f"{text}."
