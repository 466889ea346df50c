"""Does a label lead anywhere? The nearest known ones where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.selection import Selection
from detente.world.groups import parted
from detente.world.names import all_names, code_of

ALL = "*"


def selection_faults(
    path: Path, what: str, chosen: Selection, known: tuple[str, ...]
) -> Iterator[Complaint]:
    """Every label of a choice that is not known."""
    yield from unknown(path, what, chosen.include, (*known, ALL))
    yield from unknown(
        (*path, "except") if chosen.include == (ALL,) else path, what, chosen.exclude, known
    )


def unknown(
    path: Path, what: str, words: Iterable[str], known: Iterable[str]
) -> Iterator[Complaint]:
    """Every word that is not among the known ones."""
    names = tuple(known)
    for given in words:
        for word in (w for side in _sides(what, given) for w in side):
            if word not in names:
                yield path, *missing(what, word, names)


def _sides(what: str, label: str) -> tuple[tuple[str, ...], ...]:
    """The labels of a choice of countries such as 'EU except HUN, SVK'; else the label alone."""
    return parted(label) if what.startswith("country") else ((label,),)


def missing(what: str, word: str, names: tuple[str, ...]) -> tuple[str, str]:
    """What is wrong with a label that is not known, and what to write."""
    code = code_of(word) if what.startswith("country") else None
    if code in names:
        return f"there is no {what} {word!r} here.", f"Write {code}."
    if code in all_names() and "ROW" in names:
        return (
            f"{all_names()[code]} ({code}) has no row of its own in this world: it is inside ROW, "
            "the rest of the world.",
            "Name ROW, or use a world that has it.",
        )
    near = did_you_mean(word, (k for k in names if k != ALL))
    return f"there is no {what} {word!r} here.", near
