"""Names that are near to one that is not known, as every message offers them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import takewhile

#: How alike a name must be to be offered, and how much of a long word is compared.
_NEAR, _LONGEST = 0.55, 80


def did_you_mean(word: object, known: Iterable[str], otherwise: str | None = None) -> str:
    """The nearest known names as a question, or what there is, or nothing where nothing is known.

    Args:
        word: what was asked for.
        known: what could have been.
        otherwise: what to say if none of them is near; the first of them if None.

    Example:
        >>> from detente._near import did_you_mean
        >>> did_you_mean("lt-tranist", ["us-potash", "eu-potash", "lt-transit"])
        'Did you mean lt-transit?'
    """
    names = sorted({str(k) for k in known})
    if not names:
        return ""
    asked = str(word).casefold()[:_LONGEST]
    like = ((_likeness(asked, n.casefold()), n) for n in names)
    ranked = sorted((-score, -_begins(asked, n), n) for score, n in like if score > _NEAR)
    close = [n for _, _, n in ranked[:3]]
    if close:
        return f"Did you mean {' or '.join(close)}?"
    if otherwise is not None:
        return otherwise
    shown = ", ".join(names[:12])
    return f"Known: {shown}{', …' if len(names) > 12 else ''}."


def _begins(asked: str, name: str) -> int:
    """How many letters a name begins with that are those asked for."""
    pairs = zip(asked, name.casefold(), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _likeness(one: str, other: str) -> float:
    """Share of letters in common order; letters exchanged count more than letters replaced."""
    same = 0.2 * (sorted(one) == sorted(other))
    matcher = difflib.SequenceMatcher(None, one, other)
    # Upper bounds, which cost little, leave few names to compare in earnest.
    for bound in (matcher.real_quick_ratio, matcher.quick_ratio):
        if bound() + same <= _NEAR:
            return 0.0
    return matcher.ratio() + same
