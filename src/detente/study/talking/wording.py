"""Names of parties as sentences need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.study.talking.chancing import TRADE
from detente.talks.words import figure, quoted
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.case import Case

_WITH_ARTICLE = {
    *("Commission", "Community", "Congress", "Council", "Emirates", "Federation", "Government"),
    *("Kingdom", "Ministry", "Nations", "Netherlands", "Parliament", "Philippines", "Republic"),
    *("Senate", "States", "Union"),
}


def with_article(name: str) -> str:
    """A party's name inside a sentence: 'the United States', 'Belarus'."""
    if name.startswith("The "):
        return lower_first(name)
    return f"the {name}" if _WITH_ARTICLE.intersection(name.split()) else name


def party_labels(case: Case) -> dict[str, str]:
    """By id, the name of each party inside a sentence."""
    return {p.id: with_article(p.name) for p in case.parties}


def parameter_words(case: Case, name: str) -> str:
    """A parameter that is drawn, by its dotted name, in words; members by code."""
    labels = party_labels(case)
    head, *rest = name.split(".")
    if head == "valuations" and len(rest) >= 2:
        interest = next((i.label for i in case.interests if i.id == rest[-1]), rest[-1])
        return f"what {quoted(interest)} is worth to {labels.get(rest[-2], rest[-2])}"
    if head == "interests" and rest:
        return f"the weight of {quoted(next(i.label for i in case.interests if i.id == rest[0]))}"
    if head == "patience" and rest:
        return f"the patience of {labels.get(rest[0], rest[0])}"
    if head == "reservation" and rest:
        return f"what {labels.get(rest[0], rest[0])} needs to sign"
    return f"the {name}" if name == TRADE else name


def bracketed(ends: Sequence[float] | None) -> str:
    """A band after a figure, ' (78 to 142)'; nothing without a band."""
    if ends is None or ends[0] == ends[1]:
        return ""
    return f" ({figure(ends[0])} to {figure(ends[1])})"


def upper_first(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
