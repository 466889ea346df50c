"""The search for packages: every state held against the status quo by every signatory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array, Codes, Mask
from detente.negotiation.bargaining.packages import Lottery, Packages, Point, Refusal, named
from detente.negotiation.bargaining.pareto import pareto_front
from detente.negotiation.bargaining.signatory import Signatory
from detente.negotiation.bargaining.solution_concepts import LOTTERIES, POINTS
from detente.negotiation.errors import label_faults, near, require
from detente.negotiation.voting.rules import Indifferent

LARGEST_PACKAGE = 24
_SMALLEST_CHANCE = 1e-9
#: Gains that differ by less than this share of the largest are equal.
_SAME = 1e-11


def find_packages(
    signatories: Sequence[Signatory],
    measures: Sequence[str],
    *,
    status_quo: int = 0,
    codes: ArrayLike | None = None,
    feasible: ArrayLike | None = None,
    weights: Mapping[str, float] | None = None,
    indifferent: Indifferent = "abstain",
    tolerance: float = 0.0,
    lotteries: bool = True,
) -> Packages:
    """All packages that every signatory accepts, and the fair compromises among them.

    Args:
        signatories: who has to sign; blocs decide by their rules.
        measures: labels of the bits of a state, lowest first.
        status_quo: code of the state that holds if nothing is signed.
        codes: codes of the states that payoffs are given for, (S,); 0, 1, 2, … if None.
        feasible: which of them can be, (S,); all if None.
        weights: bargaining weights by signatory for the Nash and utilitarian points; 1 if None.
            Points are measured from what each has to gain to sign.
        indifferent: how governments and members decide that neither gain nor lose; by default
            they do not stand in the way, except where yes votes are counted.
        tolerance: largest gain or loss that leaves one indifferent.
        lotteries: whether mixtures of packages are looked at too.

    Returns:
        Packages: those accepted, the Pareto front, the solution concepts, and who refuses.

    Raises:
        NegotiationError: with every fault of the question.

    Example:
        >>> from detente.negotiation import Signatory, find_packages
        >>> a, b = Signatory("A", [0, -1, 3, 2]), Signatory("B", [0, 4, -2, 1])
        >>> find_packages([a, b], ["relief", "release"]).point("Nash").package
        'relief and release'
    """
    given = tuple(signatories)
    names = tuple(measures)
    require(_faults(given, names, status_quo, codes, feasible, weights, tolerance))
    code_s = np.arange(len(given[0].payoff_s)) if codes is None else np.asarray(codes, np.int64)
    stay = int(np.flatnonzero(code_s == status_quo)[0])
    open_s = np.ones(len(code_s), dtype=bool) if feasible is None else np.array(feasible, bool)
    open_s[stay] = False
    places = np.flatnonzero(open_s)
    accepted_pk = np.array([s.accepts(stay, places, indifferent, tolerance) for s in given])
    signed = places[accepted_pk.all(axis=0)]
    gain_kp = np.stack([s.payoff_s[signed] - s.payoff_s[stay] for s in given], axis=1)
    # What each has beyond the point from which it bargains.
    more_kp = gain_kp - [s.reserve for s in given]
    rational = np.flatnonzero((more_kp >= 0).all(axis=1))
    weight_p = np.array([(weights or {}).get(s.name, 1.0) for s in given])
    naming = _Naming(tuple(s.name for s in given), names, status_quo, code_s[signed])
    best = _rational_front(gain_kp, more_kp)
    return Packages(
        signatories=given,
        measures=names,
        status_quo=status_quo,
        examined=len(places),
        codes_k=code_s[signed],
        gain_kp=gain_kp,
        front=best if len(rational) == len(signed) else pareto_front(gain_kp),
        rational=len(rational),
        points=tuple(_points(gain_kp, more_kp, best, weight_p, naming)),
        lotteries=tuple(_lotteries(gain_kp, more_kp, best, weight_p, naming) if lotteries else ()),
        refusals=tuple(
            _refusals(given, accepted_pk, places, code_s, stay, names, indifferent, tolerance)
        ),
        indifferent=indifferent,
        tolerance=tolerance,
    )


def attained(concept: str, gain_kp: Array, reserve_p: Array, weight_p: Array) -> int | None:
    """The place of the package that stands for a solution concept; None if nobody gains.

    Args:
        concept: one of `POINTS`.
        gain_kp: gains of the packages that all accept, (K, P).
        reserve_p: what each has to gain, (P,).
        weight_p: bargaining weights, (P,).
    """
    more_kp = gain_kp - reserve_p
    best = _rational_front(gain_kp, more_kp)
    if not (more_kp[best] > 0).any():
        return None
    return int(best[POINTS[concept](more_kp[best], weight_p)[0]])


def _rational_front(gain_kp: Array, more_kp: Array) -> Codes:
    """Packages that leave nobody below its reserve and that no other of these beats for all."""
    rational = np.flatnonzero((more_kp >= 0).all(axis=1))
    return rational[pareto_front(gain_kp[rational])] if len(rational) else rational


@dataclass(frozen=True)
class _Naming:
    parties: tuple[str, ...]
    measures: tuple[str, ...]
    status_quo: int
    code_k: Codes

    def code(self, k: int) -> int:
        return int(self.code_k[k])

    def package(self, k: int) -> str:
        return named(self.code(k) ^ self.status_quo, self.measures)


def _points(
    gain_kp: Array, more_kp: Array, best: Codes, weight_p: Array, naming: _Naming
) -> Iterator[Point]:
    """Every point is on the front, so that only the front is searched."""
    front = more_kp[best]
    if not (front > 0).any():
        return
    for name, pick in POINTS.items():
        picked = best[pick(front, weight_p)]
        k = int(picked[0])
        gain = tuple(float(g) for g in gain_kp[k])
        # Sums round, so that an equal package may stand a trifle behind the front.
        apart = np.abs(gain_kp[:, None] - gain_kp[picked]).max(axis=2).min(axis=1)
        equal = apart <= _SAME * float(np.abs(gain_kp).max())
        tied = tuple(naming.code(int(o)) for o in np.flatnonzero(equal) if o != k)
        yield Point(name, naming.package(k), naming.code(k), naming.parties, gain, tied)


def _lotteries(
    gain_kp: Array, more_kp: Array, best: Codes, weight_p: Array, naming: _Naming
) -> Iterator[Lottery]:
    front = more_kp[best]
    if not (front > 0).any():
        return
    for name, mix in LOTTERIES.items():
        chance = mix(front, weight_p)
        chance = np.where(chance > _SMALLEST_CHANCE, chance, 0.0)
        chance /= chance.sum()
        used = np.argsort(-chance, kind="stable")[: np.count_nonzero(chance)]
        places = [int(best[u]) for u in used]
        yield Lottery(
            name=name,
            packages=tuple(naming.package(k) for k in places),
            codes=tuple(naming.code(k) for k in places),
            chances=tuple(float(c) for c in chance[used]),
            parties=naming.parties,
            gain=tuple(float(g) for g in chance @ gain_kp[best]),
        )


def _refusals(
    given: tuple[Signatory, ...],
    accepted_pk: Mask,
    places: Codes,
    code_s: Codes,
    stay: int,
    measures: tuple[str, ...],
    indifferent: Indifferent,
    tolerance: float,
) -> Iterator[Refusal]:
    refusing = (~accepted_pk).sum(axis=0)
    for p, signatory in enumerate(given):
        alone = places[(refusing == 1) & ~accepted_pk[p]]
        refused = int((~accepted_pk[p]).sum())
        if not len(alone):
            yield Refusal(signatory.name, refused, 0, "", int(code_s[stay]), ())
            continue
        total = np.sum([s.payoff_s[alone] - s.payoff_s[stay] for s in given], axis=0)
        best = int(alone[int(np.argmax(total))])
        yield Refusal(
            party=signatory.name,
            refused=refused,
            alone=len(alone),
            best=named(int(code_s[best] ^ code_s[stay]), measures),
            best_code=int(code_s[best]),
            votes=signatory.votes(stay, best, indifferent, tolerance),
        )


def _faults(
    given: tuple[Signatory, ...],
    measures: tuple[str, ...],
    status_quo: int,
    codes: ArrayLike | None,
    feasible: ArrayLike | None,
    weights: Mapping[str, float] | None,
    tolerance: float,
) -> Iterator[str]:
    yield from label_faults([s.name for s in given], "signatory")
    yield from label_faults(measures, "measure")
    if len(measures) > LARGEST_PACKAGE:
        yield (
            f"{len(measures)} measures make 2^{len(measures)} states: up to {LARGEST_PACKAGE} can "
            "be searched. Tie measures together that would change together."
        )
    size = len(given[0].payoff_s) if given else 0
    for signatory in given[1:]:
        if len(signatory.payoff_s) != size:
            yield (
                f"{signatory.name} has payoffs in {len(signatory.payoff_s)} states and "
                f"{given[0].name} in {size}."
            )
    known = np.arange(size) if codes is None else np.asarray(codes)
    if codes is None and size != 2 ** len(measures):
        yield (
            f"There are payoffs in {size} states; {len(measures)} measures make "
            f"{2 ** len(measures)}. Give the codes of the states if some are left out."
        )
    elif known.shape != (size,):
        yield f"There are {known.size} codes and payoffs in {size} states."
    elif size and (known.min() < 0 or int(known.max()) >> len(measures)):
        yield f"A state's code lies outside 0 … {2 ** len(measures) - 1}."
    if status_quo not in known:
        yield f"The status quo, state {status_quo}, is not among the states."
    if feasible is not None and np.shape(feasible) != (size,):
        yield f"Feasibility has shape {np.shape(feasible)}; {size} states need {size} values."
    for name, weight in (weights or {}).items():
        if name not in {s.name for s in given}:
            yield f"A weight is given to {name!r}. {near(name, [s.name for s in given])}"
        if not (np.isfinite(weight) and weight > 0):
            yield f"The weight of {name} is {weight}: a finite number above 0 is needed."
    if not (np.isfinite(tolerance) and tolerance >= 0):
        yield f"The tolerance is {tolerance}: a finite number from 0 is needed."
