"""What deal would hold: what all would sign, who can block, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.negotiation.feasible_packages import points_left_out, shared_change
from detente.analysis.places import prose_of
from detente.negotiation import Unanimity
from detente.report.overview.chapter import Chapter

if TYPE_CHECKING:
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.negotiation.votes import MeasureVotes

#: Sections of a report that hold the details.
SECTIONS = (
    "negotiation-deals",
    "negotiation-blockers",
    "negotiation-moves",
    "negotiation-payoffs",
    "negotiation-steps",
    "negotiation-states",
    "negotiation-channels",
)


def what_deal(negotiation: NegotiationAnswer) -> Chapter:
    """What deal would hold, who can block it, and what it rests on."""
    sentence = _sentence(negotiation)
    paragraph = [
        *_shared(negotiation),
        *_holdout(negotiation),
        *blocker_words(negotiation),
        *_stable(negotiation),
        *_resting(negotiation),
    ]
    return Chapter(
        "what-deal",
        sentence,
        " ".join(paragraph),
        sentence,
        "chart:negotiation-votes" if negotiation.votes else "",
        SECTIONS,
    )


def _sentence(negotiation: NegotiationAnswer) -> str:
    deals = negotiation.deals
    if deals is None:
        return _standing(negotiation)
    count, of = len(deals.everybody.codes_k), deals.everybody.examined
    who = w.count(len(deals.everybody.signatories), "signatory", "signatories")
    if not count:
        return f"None of the {of:,} packages on the table would be signed by all {who}."
    better = int((deals.everybody.gain_kp > deals.everybody.tolerance).all(axis=1).sum())
    text = (
        f"{w.sentence(w.count(count, 'package', 'packages'))} of {of:,} would be signed by "
        f"all {who}"
    )
    if better == count:
        return f"{text}, who would all be better off."
    return f"{text}."


def _standing(negotiation: NegotiationAnswer) -> str:
    """Of a case that states no packages: whether the status quo lasts."""
    movers = negotiation.stability.movers(negotiation.conflict.status_quo)
    if not movers:
        return "Nobody would leave the present state, as the answers of others deter them."
    verb = "gains" if len(movers) == 1 else "gain"
    return f"The present state does not last: {w.listing(movers)} {verb} by leaving it."


def _shared(negotiation: NegotiationAnswer) -> Iterator[str]:
    """What all packages that would be signed have in common."""
    deals = negotiation.deals
    if deals is None or not len(deals.everybody.codes_k):
        return
    change = shared_change(negotiation)
    if not change:
        yield "These packages have no step in common."
    elif len(deals.everybody.codes_k) == 1:
        yield f"It is this: {change}."
    else:
        yield f"All of them ask for this: {change}."


def _holdout(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Who alone refuses most packages that all others accept."""
    deals = negotiation.deals
    if deals is None:
        return
    found = max(deals.everybody.refusals, key=lambda r: r.alone, default=None)
    if found is None or not found.alone:
        return
    yield (
        f"{_prose(found.party)} is the most frequent holdout: it alone refuses "
        f"{w.count(found.alone, 'package', 'packages')} that all others would sign."
    )


def blocker_words(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Who can let the measures of a bloc lapse and who can keep them, by its rules alone."""
    voted = [
        v
        for v in negotiation.votes
        if v.in_force and not v.ratifiers and len(v.members) > 1 and not v.together
    ]
    for votes in voted:
        yield from _renewal(votes)
    kept: dict[str, list[MeasureVotes]] = {}
    for votes in voted:
        if isinstance(votes.votes.moments.repeal, Unanimity):
            kept.setdefault(votes.owner, []).append(votes)
    for owner, some in kept.items():
        size = len(some[0].members)
        what = w.quoted(some[0].label) if len(some) == 1 else "any of its measures"
        yield (
            f"{_prose(_label(negotiation, owner))} can end {what} early only if all {size} "
            "governments agree."
        )


def _renewal(votes: MeasureVotes) -> Iterator[str]:
    """Who can let a measure lapse, and whether anybody has."""
    if not votes.votes.renew.applies:
        return
    what, size = w.quoted(votes.label), len(votes.members)
    if not isinstance(votes.votes.moments.renew, Unanimity):
        yield f"{w.sentence(what)} lapses unless enough of {size} governments renew it."
        return
    yield f"At each renewal one of {size} governments can let {what} lapse."
    if votes.renewed:
        yield f"None has in {w.count(len(votes.renewed), 'renewal')}."


def _label(negotiation: NegotiationAnswer, party: str) -> str:
    return next((p.name for p in negotiation.case.parties if p.id == party), party)


def _stable(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Whether a package can be carried out step by step so that nobody gains by breaking off."""
    found = points_left_out(negotiation)
    orders = [o for o in negotiation.orders if o.id not in found and _named(negotiation, o.id)]
    if not orders:
        return
    holding = [o for o in orders if o.sequences.best]
    if not holding:
        yield "No order of steps makes any of the named packages enforce itself."
        return
    names = w.listing(w.quoted(o.label) for o in holding[:2])
    verb = "enforces itself" if len(holding) == 1 else "enforce themselves"
    yield f"Carried out step by step, {names} {verb}: nobody gains by breaking off."


def _named(negotiation: NegotiationAnswer, package: str) -> bool:
    """Whether the case names the package, rather than a definition that picks one."""
    if negotiation.deals is None:
        return False
    return any(p.id == package and p.source for p in negotiation.deals.proposals)


def _resting(negotiation: NegotiationAnswer) -> Iterator[str]:
    """That what parties value besides money is estimated."""
    if negotiation.deals is not None and negotiation.guessed:
        yield (
            "What parties value besides money is estimated by analysts. That a package can be "
            "signed is no evidence that it is fair."
        )


def _prose(label: str) -> str:
    return w.sentence(prose_of(label))
