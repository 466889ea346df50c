"""What is wrong with a question about a negotiation: every fault at once, each with what to do."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from detente._near import did_you_mean
from detente.errors import DetenteError


class NegotiationError(DetenteError, ValueError):
    """A question that cannot be answered; `faults` lists every fault found, not only the first.

    Args:
        faults: one fault, or all of them.
        remedy: what to do about each of them, where they do not say so themselves.
    """

    remedy = "Correct every entry that the message names."

    def __init__(self, faults: Iterable[str] | str, remedy: str = "") -> None:
        listed = (faults,) if isinstance(faults, str) else tuple(faults)
        self.faults: tuple[str, ...] = tuple(f"{fault} {remedy}".rstrip() for fault in listed)
        super().__init__("\n".join(self.faults))
        if remedy:
            self.remedy = remedy


def require(faults: Iterable[str]) -> None:
    """Raise all faults together, if there are any.

    Raises:
        NegotiationError: with every fault.
    """
    found = tuple(dict.fromkeys(faults))
    if found:
        raise NegotiationError(found)


def no_number(given: ArrayLike) -> tuple[tuple[int, ...], str] | None:
    """The place of the first entry that is not a number and how it reads; None if all are.

    Rows of different length have no place, ().
    """
    try:
        found = np.asarray(given)
    except ValueError:
        return (), "rows of different length"
    if found.dtype.kind in "iufb":
        return None
    for place, value in np.ndenumerate(np.asarray(given, dtype=object)):
        if not isinstance(value, Real):
            return place, repr(value)
    return None


#: The nearest known names as a question, or a list of what there is.
near = did_you_mean


def place_of(party: str, names: Iterable[str]) -> int:
    """Place of a party among the names of all.

    Raises:
        NegotiationError: if there is none of that name; names the nearest.
    """
    known = list(names)
    if party not in known:
        raise NegotiationError(f"{party!r} is no party.", near(party, known))
    return known.index(party)


def label_faults(labels: Iterable[str], what: str) -> Iterable[str]:
    """Labels that are empty or stand twice."""
    names = list(labels)
    if not names:
        yield f"There is no {what}: name at least one."
    if any(not n for n in names):
        yield f"A {what} has no name: give each one."
    twice = sorted({n for n in names if n and names.count(n) > 1})
    if twice:
        yield f"Each {what} may stand once; more often: {', '.join(twice)}."
