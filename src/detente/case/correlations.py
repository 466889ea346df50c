"""Parameters whose uncertainty hangs together: rank correlations, and whether they can all hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from detente.case.entry import Entry
from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.schema import Parameter
from detente.case.values import Name, Number, Text

#: The least that the smallest eigenvalue may be.
_LEAST = 1e-9


class Correlation(Entry):
    """How two parameters of the case are drawn together; all others are independent."""

    between: tuple[Name, Name] = Field(description="Two parameters that have a range.")
    rank: Number = Field(description="Spearman's rank correlation, above -1 and below 1.")
    source: Text
    note: str = ""


def matrix_of(names: Sequence[str], given: Iterable[Correlation]) -> NDArray[np.float64]:
    """Correlations of the normal scores behind the ranks, 2 sin(π ρ / 6), one row for each name."""
    place = {name: k for k, name in enumerate(names)}
    out = np.eye(len(names))
    for one in given:
        a, b = (place[name] for name in one.between)
        out[a, b] = out[b, a] = 2 * math.sin(math.pi * one.rank / 6)
    return out


def correlation_faults(
    given: Mapping[int, Correlation], parameters: Mapping[str, Parameter], known: Sequence[str]
) -> Iterator[Complaint]:
    """Every pair that cannot be drawn, and correlations that cannot hold together."""
    sound, seen = [], dict[frozenset[str], int]()
    for index, one in given.items():
        path: Path = ("correlations", index)
        faults = list(_faults(path, one, parameters, known))
        pair = frozenset(one.between)
        if pair in seen:
            message = f"the two stand already at correlations[{seen[pair]}]."
            faults.append(((*path, "between"), message, "Remove one of them."))
        seen.setdefault(pair, index)
        yield from faults
        if not faults:
            sound.append(one)
    names = sorted({name for one in sound for name in one.between})
    if names and np.linalg.eigvalsh(matrix_of(names, sound)).min() < _LEAST:
        message = "cannot all hold together: the matrix of them is not positive definite."
        yield ("correlations",), message, "Bring some of them nearer to 0."


def _faults(
    path: Path, one: Correlation, parameters: Mapping[str, Parameter], known: Sequence[str]
) -> Iterator[Complaint]:
    if one.between[0] == one.between[1]:
        yield (*path, "between"), "names one parameter twice.", "Name two."
    for name in one.between:
        if name not in known:
            message = f"there is no parameter {name!r}."
            yield (*path, "between"), message, did_you_mean(name, known)
        elif name in parameters:
            ends = parameters[name].range
            if ends is None or ends[0] == ends[1]:
                message = f"parameter {name} has no range, so that it is not drawn."
                yield (*path, "between"), message, "Give it a range, or take it out."
    if not -1 < one.rank < 1:
        message = f"is {one.rank:g}, it must be above -1 and below 1."
        yield (*path, "rank"), message, "Correct the number."
