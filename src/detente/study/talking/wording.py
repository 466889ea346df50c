"""Names of parties as sentences need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.talks.words import figure

if TYPE_CHECKING:
    from detente.case import Case

_WITH_ARTICLE = ("United ", "European ", "Union ", "Local ", "Ministry ")
_LAST_WITH_ARTICLE = ("Union", "Kingdom", "States", "Government", "Congress", "Council", "Ministry")


def with_article(name: str) -> str:
    """A party's name inside a sentence: 'the United States', 'Belarus'."""
    takes = name.startswith(_WITH_ARTICLE) or name.endswith(_LAST_WITH_ARTICLE)
    return f"the {name}" if takes else name


def party_labels(case: Case) -> dict[str, str]:
    """By id, the name of each party inside a sentence."""
    return {p.id: with_article(p.name) for p in case.parties}


def lower_first(text: str) -> str:
    """A label inside a sentence; what begins with a name in capitals stays as it is."""
    stays = len(text.split(" ", 1)[0]) > 1 and text[:2].isupper()
    return text if stays else text[:1].lower() + text[1:]


def bracketed(ends: Sequence[float] | None) -> str:
    """A band after a figure, ' (78 to 142)'; nothing without a band."""
    if ends is None or ends[0] == ends[1]:
        return ""
    return f" ({figure(ends[0])} to {figure(ends[1])})"


def upper_first(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
