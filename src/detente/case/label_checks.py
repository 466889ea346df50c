"""Does a label lead anywhere? The nearest known ones where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.selection import Selection

ALL = "*"


def selection_faults(
    path: Path, what: str, chosen: Selection, known: tuple[str, ...]
) -> Iterator[Complaint]:
    """Every label of a choice that is not known."""
    yield from unknown(path, what, chosen.include, (*known, ALL))
    yield from unknown((*path, "except") if chosen.exclude else path, what, chosen.exclude, known)


def unknown(
    path: Path, what: str, words: Iterable[str], known: Iterable[str]
) -> Iterator[Complaint]:
    """Every word that is not among the known ones."""
    names = tuple(known)
    for word in words:
        if word not in names:
            near = did_you_mean(word, (k for k in names if k != ALL))
            yield path, f"there is no {what} {word!r} here.", near
