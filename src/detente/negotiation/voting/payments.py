"""The cheapest votes: what members of a body would have to get for a proposal to carry.

A member that would lose by a proposal votes for it once it gets its loss. Under unanimity every
opponent has to be paid; under other rules the cheapest group that carries is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array, Codes, Mask
from detente.negotiation.errors import require
from detente.negotiation.voting.rules import NEVER, Rule, gain_faults

#: Weights are kept above a quota by this share of all, for the tolerance of the solver.
_MARGIN = 1e-6


def cheapest_payments(rule: Rule, gain: ArrayLike, *, tolerance: float = 0.0) -> Array | None:
    """The cheapest payments to members by which a proposal carries.

    For each number of yes votes a small integer programme picks the opponents whose votes suffice
    and cost least. A member that is paid its loss neither gains nor loses: where yes votes are
    counted, it has to get a trifle more.

    Args:
        rule: how it is decided.
        gain: what each member gains if the proposal passes, (M,).
        tolerance: largest gain or loss that leaves a member indifferent.

    Returns:
        Payments by member, (M,), 0 for those who need none; None if the rule never carries.

    Raises:
        NegotiationError: for gains that are not finite or do not fit the members.

    Example:
        >>> from detente.negotiation import WeightedVotes
        >>> rule = WeightedVotes(("A", "B", "C"), (3, 1, 1), 4)
        >>> cheapest_payments(rule, [5.0, -2.0, -1.0]).tolist()
        [0.0, 0.0, 1.0]
    """
    gain_m = np.asarray(gain, dtype=np.float64)
    require(gain_faults(np.atleast_1d(gain_m), rule.members))
    yes = rule.votes(gain_m, "abstain", tolerance)
    paid = np.zeros(len(gain_m))
    if bool(rule.passes(yes)):
        return paid
    against = np.flatnonzero(~yes)
    cost = np.maximum(-gain_m[against], 0.0)
    best: tuple[float, Mask] | None = None
    for count in range(int(yes.sum()), len(gain_m) + 1):
        need = int(rule.need_s[count])
        if need == NEVER:
            continue
        bought = _bought(rule, yes, against, cost, count, need)
        if bought is None:
            continue
        total = float(cost[bought].sum())
        if best is None or total < best[0]:
            best = total, bought
    if best is None:
        return None
    paid[against[best[1]]] = cost[best[1]]
    return paid


def _bought(
    rule: Rule, yes: Mask, against: Codes, cost: Array, count: int, need: int
) -> Mask | None:
    """The cheapest opponents, as booleans, with whom so many votes carry; None if none do."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    more = count - int(yes.sum())
    if more == len(against):
        everyone = np.ones(len(against), dtype=np.bool_)
        return everyone if bool(rule.passes(np.ones(len(yes), dtype=np.bool_))) else None
    if more == 0:
        return None
    weight_m = rule.weight_m.astype(np.float64)
    scale = float(weight_m.sum()) or 1.0
    lack = (need - float(weight_m[yes].sum())) / scale
    rows = np.stack([np.ones(len(against)), weight_m[against] / scale])
    margin = _MARGIN if lack > 0 else 0.0
    found = milp(
        cost / (float(cost.max()) or 1.0),
        integrality=np.ones(len(against)),
        bounds=Bounds(np.zeros(len(against)), np.ones(len(against))),
        constraints=LinearConstraint(rows, [more, lack - margin], [more, np.inf]),
    )
    if found.x is None:
        return None
    chosen: Mask = np.asarray(found.x > 0.5)
    votes = yes.copy()
    votes[against[chosen]] = True
    return chosen if bool(rule.passes(votes)) else None
