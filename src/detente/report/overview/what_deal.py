"""What deal would hold: what all would sign, who can block, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis.negotiation.feasible_packages import shared_change
from detente.report.overview.blocking import holdout_words, vote_words
from detente.report.overview.chapter import Chapter
from detente.report.overview.deal import order_words, package_words, resting_words

if TYPE_CHECKING:
    from detente.analysis.negotiation import NegotiationAnswer

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
    sentence = package_words(negotiation)
    paragraph = [
        *_shared(negotiation),
        *holdout_words(negotiation),
        *vote_words(negotiation),
        *order_words(negotiation),
        *resting_words(negotiation),
        *_fairness(negotiation),
    ]
    return Chapter(
        "what-deal",
        sentence,
        " ".join(paragraph),
        sentence,
        "chart:negotiation-votes" if negotiation.votes else "",
        SECTIONS,
    )


def _fairness(negotiation: NegotiationAnswer) -> Iterator[str]:
    """What a signature says nothing about."""
    if negotiation.deals is not None and negotiation.guessed:
        yield "That a package can be signed is no evidence that it is fair."


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
