"""The search for a deal: one package by a chosen criterion, with what stays out and who signs.

`CRITERIA` names the criteria, `DealSearch` is the result and `search_of` makes it. Where no package
meets the conditions, it says which of them alone stands in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from detente._types import Mask
from detente.analysis.negotiation.conflict import weights
from detente.analysis.negotiation.deals import reachable, signatory, tolerance
from detente.negotiation import Packages, find_packages
from detente.negotiation.bargaining.solution_concepts import utilitarian

if TYPE_CHECKING:
    from detente.analysis.negotiation.conflict import Bargaining

CriterionId: TypeAlias = Literal["fairest", "largest-gain", "worst-off", "nash", "fewest-moves"]


@dataclass(frozen=True)
class Criterion:
    """By what one package is chosen among those that all accept.

    Attributes:
        id: as options name it.
        label: for readers.
        description: what it picks, in a sentence.
        point: the solution concept that picks it; empty for the fewest moves.
    """

    id: CriterionId
    label: str
    description: str
    point: str = ""


#: The criteria in the order in which they are offered; the first is the default.
CRITERIA: dict[CriterionId, Criterion] = {
    c.id: c
    for c in (
        Criterion(
            "fairest",
            "Fairest",
            "Each gets as equal a share as possible of the most that it could get.",
            "Kalai-Smorodinsky",
        ),
        Criterion(
            "largest-gain",
            "Largest total gain",
            "The gains of all who sign add up to the most.",
            "utilitarian",
        ),
        Criterion(
            "worst-off",
            "Best for the worst off",
            "The one that gains least gains as much as possible.",
            "egalitarian",
        ),
        Criterion(
            "nash",
            "Largest product of gains",
            "The product of all gains is the largest, as Nash's rule has it.",
            "Nash",
        ),
        Criterion(
            "fewest-moves",
            "Fewest moves",
            "As few measures change as leave somebody better off; among these, the largest gain.",
        ),
    )
}


@dataclass(frozen=True)
class Condition:
    """A condition of a search that alone stands in the way of a deal.

    Attributes:
        kind: `without` for a measure that stays out, `signed_by` for a party that must sign.
        id: of the measure or party.
        label: for readers.
        accepted: packages that would be signed without the condition.
    """

    kind: Literal["without", "signed_by"]
    id: str
    label: str
    accepted: int


@dataclass(frozen=True, eq=False)
class DealSearch:
    """A package found by a criterion, or why there is none.

    Attributes:
        criterion: by what was chosen.
        without: ids of the moves that stay out.
        signed_by: ids of the parties that sign, whose moves alone may change.
        packages: all packages under these conditions that they accept.
        code: the state that the chosen package leads to; None if nothing leaves anybody better off.
        tied: how many other packages meet the criterion equally.
        droppable: conditions of which dropping one alone makes a deal possible.
        nearest: the state of the best package that one alone refuses; None if there is none.
    """

    criterion: Criterion
    without: tuple[str, ...]
    signed_by: tuple[str, ...]
    packages: Packages = field(repr=False)
    code: int | None = None
    tied: int = 0
    droppable: tuple[Condition, ...] = ()
    nearest: int | None = None

    @property
    def accepted(self) -> int:
        """How many packages all who sign accept."""
        return len(self.packages.codes_k)


def search_of(
    setting: Bargaining,
    criterion: CriterionId,
    without: Sequence[str],
    signed_by: Sequence[str] | None,
) -> DealSearch:
    """The package that a criterion picks under some conditions.

    Args:
        setting: the conflict of a case.
        criterion: one of `CRITERIA`.
        without: ids of moves that stay as they are.
        signed_by: ids of those who sign; only their moves change. None for all signatories, with
            the moves of parties that are none, as `deals_of` has it.
    """
    search = _Search(setting, outside=signed_by is None)
    chosen, out = CRITERIA[criterion], tuple(without)
    signing = owning(setting) if signed_by is None else tuple(signed_by)
    found = search.packages(out, signing)
    code, tied = _picked(found, chosen)
    if code is not None:
        return DealSearch(chosen, out, signing, found, code, tied)
    droppable = search.droppable(out, signing)
    return DealSearch(chosen, out, signing, found, droppable=droppable, nearest=_nearest(found))


def owning(setting: Bargaining) -> tuple[str, ...]:
    """Ids of the signatories that have a move, in the order of the case."""
    return tuple(s for s in setting.terms.signatories if s in setting.conflict.space.parties)


def may_change(
    setting: Bargaining, without: Sequence[str], signed_by: Sequence[str], *, outside: bool
) -> Mask:
    """The states that a search looks at, (S,).

    Args:
        setting: the conflict of a case.
        without: ids of moves that stay as they are.
        signed_by: ids of those who sign; their moves may change.
        outside: whether those of parties that never sign may change as well.
    """
    space = setting.conflict.space
    apart = set(space.parties) - set(owning(setting)) if outside else set()
    own = sum(space.own(space.parties.index(party)) for party in {*signed_by, *apart})
    fixed = setting.code(without) | ((space.size - 1) & ~own)
    return np.asarray(reachable(setting) & ((space.codes ^ setting.status_quo) & fixed == 0))


@dataclass(frozen=True)
class _Search:
    """Searches under different conditions; `outside` frees the moves of those who never sign."""

    setting: Bargaining
    outside: bool

    def packages(self, without: Sequence[str], signed_by: Sequence[str]) -> Packages:
        """Every package under the conditions that all who sign accept."""
        setting, space = self.setting, self.setting.conflict.space
        who = [signatory(setting, party) for party in signed_by]
        names = {s.name for s in who}
        return find_packages(
            who,
            [m.label for m in space.measures],
            status_quo=setting.status_quo,
            feasible=may_change(setting, without, signed_by, outside=self.outside),
            weights={k: v for k, v in weights(setting).items() if k in names},
            tolerance=tolerance(setting.conflict),
            lotteries=False,
        )

    def droppable(self, without: Sequence[str], signed_by: Sequence[str]) -> tuple[Condition, ...]:
        """Conditions of which dropping one alone leaves packages that somebody gains by."""
        found = []
        labels = {m.name: m.label for m in self.setting.conflict.space.measures}
        for move in without:
            rest = self.packages([m for m in without if m != move], signed_by)
            if rest.points:
                found.append(Condition("without", move, labels[move], len(rest.codes_k)))
        for party in signed_by if len(signed_by) > 2 else ():
            rest = self.packages(without, [p for p in signed_by if p != party])
            if rest.points:
                label, accepted = self.setting.labels[party], len(rest.codes_k)
                found.append(Condition("signed_by", party, label, accepted))
        return tuple(found)


def _picked(found: Packages, criterion: Criterion) -> tuple[int | None, int]:
    """The state that a criterion picks, and how many others meet it equally."""
    if not found.points:
        return None, 0
    if criterion.point:
        point = found.point(criterion.point)
        return point.code, len(point.tied)
    better = np.flatnonzero((found.gain_kp > found.tolerance).any(axis=1))
    moves = np.bitwise_count(found.codes_k[better] ^ found.status_quo)
    few = better[moves == moves.min()]
    best = utilitarian(found.gain_kp[few], np.ones(found.gain_kp.shape[1]))
    return int(found.codes_k[few[best[0]]]), len(best) - 1


def _nearest(found: Packages) -> int | None:
    """The package with the largest sum of gains among those that one alone refuses."""
    alone = [r.best_code for r in found.refusals if r.alone]
    if not alone:
        return None
    here = found.status_quo
    return max(
        alone, key=lambda c: float(sum(s.payoff_s[c] - s.payoff_s[here] for s in found.signatories))
    )
