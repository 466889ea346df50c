"""Who can block: whose refusal keeps a measure, ends it, or stops a deal, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.negotiation.labels import party_labels
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import prose_of
from detente.negotiation import Conflict, Unanimity
from detente.negotiation.words import fixed, number_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.negotiation.votes import MeasureVotes
    from detente.report.context import ViewContext

#: Measures that a sentence names; of more it says how many they are.
_NAMED = 2


def who_can_block(
    context: ViewContext | None, negotiation: NegotiationAnswer | None
) -> tuple[str, ...]:
    """Who can end which measure, who can keep it, and on whom most deals fail.

    Args:
        context: an answer of the trade model; None without trade.
        negotiation: the negotiation; None without one, and then nothing is said of votes.
    """
    return tuple(_sentences(context, negotiation))


def _sentences(context: ViewContext | None, negotiation: NegotiationAnswer | None) -> Iterator[str]:
    if negotiation is not None:
        yield from vote_words(negotiation)
        yield from _ratified(context, negotiation)
    if context is not None:
        yield from _free(context, negotiation)
        yield from _interlocked(context)
    if negotiation is None:
        return
    yield from holdout_words(negotiation)
    yield from leaving_words(negotiation)


def voted(negotiation: NegotiationAnswer) -> list[MeasureVotes]:
    """The measures in force, or those that one decision renews, on which a bloc votes."""
    return [
        v
        for v in negotiation.votes
        if v.in_force and not v.ratifiers and len(v.members) > 1 and not v.together
    ]


def vote_words(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Who can let the measures of a bloc lapse and who can keep them."""
    some = voted(negotiation)
    for votes in some:
        yield from _renewal(votes)
    kept: dict[str, list[MeasureVotes]] = {}
    for votes in some:
        if isinstance(votes.votes.moments.repeal, Unanimity):
            kept.setdefault(votes.owner, []).append(votes)
    for owner, found in kept.items():
        yield _early_end(_label(negotiation, owner), found)


def _renewal(votes: MeasureVotes) -> Iterator[str]:
    """Who can let a measure lapse, whether anybody has, and who would gain by that in money."""
    if not votes.votes.renew.applies:
        return
    what, size = w.quoted(votes.label), len(votes.members)
    if not isinstance(votes.votes.moments.renew, Unanimity):
        yield f"{w.sentence(what)} lapses unless enough of {size} governments renew it."
        return
    yield f"{renewal_time(votes)} one of {size} governments can let {what} lapse."
    if votes.renewed:
        yield f"None has in {w.count(len(votes.renewed), 'renewal')}."
    gaining = sorted((m, code) for m, code in zip(votes.money, votes.members, strict=True))
    gaining = [(m, code) for m, code in gaining if m < -NEGLIGIBLE]
    if gaining:
        most, code = gaining[0]
        who = "all of them" if len(gaining) == size else f"{number_word(len(gaining))} of them"
        yield (
            f"In money alone {who} would gain by a lapse, {w.in_sentence(code)} most, "
            f"{w.money(most)} a year."
        )


def renewal_time(votes: MeasureVotes) -> str:
    """When a measure is renewed: 'Every February' if it always was then, else 'At each renewal'."""
    months = {f"{day:%B}" for day in votes.renewed}
    years = [day.year for day in votes.renewed]
    if len(months) == 1 and len(years) > 1 and len({*years}) == len(years):
        return f"Every {months.pop()}"
    return "At each renewal"


def _early_end(owner: str, some: Sequence[MeasureVotes]) -> str:
    """Whose consent it takes to end measures before their term, and how many would refuse."""
    size = len(some[0].members)
    what = w.quoted(some[0].label) if len(some) == 1 else "any of its measures"
    text = f"{owner} can end {what} early only if all {size} agree"
    if len(some) > 1:
        return f"{text}."
    against = len(some[0].votes.repeal.blocking.alone)
    verb = "one would refuse" if against == 1 else f"{number_word(against)} would refuse"
    return f"{text}, and on the values of the case {verb if against else 'none would refuse'}."


def _ratified(context: ViewContext | None, negotiation: NegotiationAnswer) -> Iterator[str]:
    """Measures in force that do not end without the consent of somebody besides their owner.

    With trade, these are measures on trade.
    """
    labels = party_labels(negotiation.case)
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for votes in negotiation.votes:
        if votes.in_force and votes.ratifiers and (context is None or _of_trade(context, votes)):
            found.setdefault((votes.owner, votes.ratifiers), []).append(votes.label)
    for (owner, ratifiers), names in found.items():
        who = w.listing(labels[r] for r in ratifiers)
        yield f"{_label(negotiation, owner)} can end {some_of(names)} only if {who} consents."


def some_of(names: Sequence[str]) -> str:
    """Measures inside a sentence; more than two are counted: 'four of its measures'."""
    if len(names) > _NAMED:
        return f"{number_word(len(names))} of its measures"
    return w.listing(w.quoted(name) for name in names)


def _free(context: ViewContext, negotiation: NegotiationAnswer | None) -> Iterator[str]:
    """Owners of measures in force who end them without asking anybody."""
    case = context.assessment.case
    labels = {p.id: prose_of(p.name) for p in case.parties}
    bound = {p for p, members in context.assessment.groups.items() if len(members) > 1}
    if negotiation is not None:
        bound |= {v.owner for v in negotiation.votes if v.ratifiers and _of_trade(context, v)}
    owners = dict.fromkeys(
        e.measure.owner
        for e in context.assessment.effects
        if e.in_force and e.has_effect and e.measure.owner not in bound
    )
    names = [labels.get(o, prose_of(o)) for o in owners]
    if names:
        decide = "decides on its" if len(names) == 1 else "decide on their"
        yield f"{w.sentence(w.listing(names))} {decide} own measures alone."


def _of_trade(context: ViewContext, votes: MeasureVotes) -> bool:
    """Whether a vote is on a measure that moves trade."""
    moving = {e.measure.id for e in context.assessment.effects if e.has_effect}
    return bool(moving & set(votes.measures))


def _interlocked(context: ViewContext) -> Iterator[str]:
    """Measures that hold the same trade closed, so that each of their owners can keep it so."""
    labels = {p.id: prose_of(p.name) for p in context.assessment.case.parties}
    for joint in context.assessment.joint:
        names = w.listing(w.quoted(m.label) for m in joint.measures)
        owners = [*dict.fromkeys(labels.get(m.owner, m.owner) for m in joint.measures)]
        text = f"{names} hold the same trade closed"
        if len(owners) > 1:
            yield f"{text}, so that {w.listing(owners)} can each keep it shut."
        else:
            yield f"{text}, so that lifting only one of them opens nothing."


def holdout_words(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Who alone refuses most packages that all others accept."""
    deals = negotiation.deals
    if deals is None:
        return
    found = max(deals.everybody.refusals, key=lambda r: r.alone, default=None)
    if found is None or not found.alone:
        return
    size = "one package" if found.alone == 1 else f"{fixed(found.alone)} packages"
    yield (
        f"Most deals fail on {prose_of(found.party)}, which alone refuses {size} that all others "
        "would sign."
    )


def leaving_words(negotiation: NegotiationAnswer, party: str = "") -> Iterator[str]:
    """Of a case that lists its states: who would leave the present one, and who would stay.

    Args:
        negotiation: the negotiation.
        party: the label of the one that is spoken of; all if empty.
    """
    conflict = negotiation.conflict
    if isinstance(conflict, Conflict):
        return
    here = conflict.status_quo
    for i, label in enumerate(conflict.labels):
        if party not in ("", label):
            continue
        moves = len(conflict.own_moves(here, i))
        if not moves:
            yield f"{w.sentence(label)} cannot change the present state by itself."
        elif label in negotiation.stability.movers(here):
            yield f"{w.sentence(label)} can change the present state by itself, and gains by it."
        else:
            yield f"{w.sentence(label)} can change the present state by itself, and would not."


def _label(negotiation: NegotiationAnswer, party: str) -> str:
    return w.sentence(party_labels(negotiation.case).get(party, party))
