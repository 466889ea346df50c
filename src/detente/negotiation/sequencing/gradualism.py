"""Why exchanges go in small steps: two theories, what each predicts, and which a case shows.

With complete information and steps that cannot be undone, steps shrink (Lockwood & Thomas 2002).
Steps that grow come from screening: each side learns from small steps whether the other can be
trusted with larger ones (Watson 1999, Kydd 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, final

import numpy as np

from detente.negotiation.errors import require
from detente.negotiation.words import Table, figure, listed, percent

Trend: TypeAlias = Literal["shrinking", "growing", "level", "mixed", "too few steps", "no exchange"]
_SAME = 1e-9


@final
@dataclass(frozen=True)
class ShrinkingSteps:
    """The quickest path of irreversible cooperation that nobody leaves.

    Attributes:
        patience: discount factor δ of one period.
        gain: what a unit of the other's cooperation is worth to a party.
        cost: what a unit of its own costs it.
        level: cooperation after each step.
        limit: what it approaches and never passes.
    """

    patience: float
    gain: float
    cost: float
    level: tuple[float, ...]
    limit: float

    @property
    def steps(self) -> tuple[float, ...]:
        """What each step adds."""
        return tuple(float(s) for s in np.diff([0.0, *self.level]))

    def __str__(self) -> str:
        return (
            f"With complete information and steps that cannot be undone, steps shrink from "
            f"{figure(self.steps[0])} to {figure(self.steps[-1])} over {len(self.level)} periods; "
            f"cooperation reaches {figure(self.level[-1])}, never more than {figure(self.limit)}."
        )

    def table(self) -> Table:
        """One row for each period."""
        pairs = zip(self.steps, self.level, strict=True)
        return Table(
            ("period", "step", "level"),
            tuple((t, s, c) for t, (s, c) in enumerate(pairs, 1)),
        )


def shrinking_steps(patience: float, gain: float, cost: float, periods: int) -> ShrinkingSteps:
    """The path of irreversible cooperation with complete information.

    Lockwood & Thomas (2002): c₁ = δg/2k, c₍t+1₎ = c₁ + (k/2δg)c_t², with limit δg/k.

    Args:
        patience: discount factor δ, above 0 and below 1.
        gain: g, above 0.
        cost: k, above δg/2.
        periods: how many steps to give.

    Returns:
        ShrinkingSteps: the size of each step and the limit that they approach.

    Raises:
        NegotiationError: with every argument that makes no sense.
    """
    faults = []
    if not 0 < patience < 1:
        faults.append(f"The patience is {patience}: above 0 and below 1 is needed.")
    for what, value in (("gain", gain), ("cost", cost)):
        if not (np.isfinite(value) and value > 0):
            faults.append(f"The {what} is {value}: a finite number above 0 is needed.")
    if periods < 1:
        faults.append(f"{periods} periods: at least 1 is needed.")
    require(faults)
    limit = patience * gain / cost
    level = [limit / 2]
    for _ in range(periods - 1):
        level.append(limit / 2 + level[-1] ** 2 / (2 * limit))
    return ShrinkingSteps(patience, gain, cost, tuple(level), limit)


@final
@dataclass(frozen=True)
class TrustThreshold:
    """How likely the other has to be trustworthy for cooperation to be worth the risk.

    Attributes:
        temptation: T, from defecting on a cooperator.
        reward: R, from mutual cooperation.
        punishment: P, from mutual defection.
        sucker: S, from cooperating with a defector.
        threshold: p*, from 0 to 1; 1 if cooperation is never worth it.
    """

    temptation: float
    reward: float
    punishment: float
    sucker: float
    threshold: float

    def __str__(self) -> str:
        if self.reward <= self.temptation and self.threshold >= 1:
            return (
                "No trust suffices: defecting on a cooperator is at least as good as cooperating."
            )
        return (
            f"Cooperating is worth the risk if the other keeps its word with a chance of at least "
            f"{percent(self.threshold)}."
        )

    def table(self) -> Table:
        """One row."""
        return Table(
            ("T", "R", "P", "S", "threshold"),
            ((self.temptation, self.reward, self.punishment, self.sucker, self.threshold),),
        )


def trust_threshold(
    temptation: float, reward: float, punishment: float, sucker: float
) -> TrustThreshold:
    """The least chance that the other keeps its word at which cooperating is worth it.

    Kydd (2005): p* = (P − S)/((P − S) + (R − T)).

    Args:
        temptation: T, of cheating one who cooperates.
        reward: R, of both cooperating.
        punishment: P, of both cheating.
        sucker: S, of being cheated.

    Returns:
        TrustThreshold: p*, a probability.

    Raises:
        NegotiationError: for payoffs that are not finite.
    """
    given = {"T": temptation, "R": reward, "P": punishment, "S": sucker}
    require(f"{k} is not a finite number." for k, v in given.items() if not np.isfinite(v))
    risk, gain = punishment - sucker, reward - temptation
    if risk <= 0:
        threshold = 0.0 if gain >= 0 else min(1.0, risk / (risk + gain))
    else:
        threshold = 1.0 if gain <= 0 else risk / (risk + gain)
    return TrustThreshold(temptation, reward, punishment, sucker, threshold)


@final
@dataclass(frozen=True)
class Regime:
    """Whether the steps of each party shrink or grow, and which theory that fits.

    Attributes:
        parties: parties with steps.
        sizes: what each of a party's steps is worth to the others, in turn.
        trends: of each party; `no exchange` where a step is worth nothing to the others or costs
            them.
        trend: of all together; `no exchange` if it is that of any party.
    """

    parties: tuple[str, ...]
    sizes: tuple[tuple[float, ...], ...]
    trends: tuple[Trend, ...]
    trend: Trend

    def __str__(self) -> str:
        parts = [
            f"{p} {' → '.join(figure(s) for s in sizes)}"
            for p, sizes in zip(self.parties, self.sizes, strict=True)
        ]
        worth = f"What the steps are worth to the others: {listed(parts)}."
        return f"{_READING[self.trend]} {worth}"

    def said_of(self, order: str) -> str:
        """The reading of a named order: 'In the best order, steps shrink, …'."""
        text = str(self)
        return f"In {order}, {text[:1].lower()}{text[1:]}"

    def table(self) -> Table:
        """One row for each step of each party."""
        return Table(
            ("party", "step", "worth to others"),
            tuple(
                (party, k, size)
                for party, sizes in zip(self.parties, self.sizes, strict=True)
                for k, size in enumerate(sizes, 1)
            ),
        )


_READING: dict[Trend, str] = {
    "shrinking": (
        "Steps shrink, as patience alone makes them with complete information and steps that "
        "cannot be undone (Lockwood and Thomas 2002)."
    ),
    "growing": (
        "Steps grow, as they do where small steps show whether the other can be trusted with "
        "larger ones (Watson 1999, Kydd 2005); patience alone does not explain that."
    ),
    "level": "Steps are all of one size, which neither theory of small steps predicts.",
    "mixed": "Steps neither shrink nor grow throughout, so that the case shows neither regime.",
    "too few steps": "No party takes two steps, so that they neither shrink nor grow.",
    "no exchange": (
        "Some steps cost the others or are worth nothing to them: that is no exchange of "
        "concessions, and neither theory of small steps speaks of it."
    ),
}


def regime(parties: Sequence[str], sizes: Sequence[Sequence[float]]) -> Regime:
    """Which of the two regimes of gradualism the sizes of steps show.

    Both theories are about steps that serve the other side: where one costs the others or is worth
    nothing to them, the sizes show neither.

    Args:
        parties: parties with steps.
        sizes: what each step of a party is worth to the others, in turn, by party.

    Returns:
        Regime: whether the steps of each party shrink or grow, and which theory that fits.
    """
    trends = tuple(_trend(s) for s in sizes)
    stated = {t for t in trends if t not in ("too few steps", "level")}
    if "no exchange" in stated:
        trend: Trend = "no exchange"
    elif len(stated) == 1:
        trend = stated.pop()
    elif stated:
        trend = "mixed"
    else:
        trend = "level" if "level" in trends else "too few steps"
    return Regime(tuple(parties), tuple(tuple(s) for s in sizes), trends, trend)


def _trend(sizes: Sequence[float]) -> Trend:
    noise = _SAME * max((abs(s) for s in sizes), default=0.0)
    if any(s <= noise for s in sizes):
        return "no exchange"
    change = np.diff(np.asarray(sizes, dtype=np.float64))
    if not len(change):
        return "too few steps"
    if (np.abs(change) <= noise).all():
        return "level"
    if (change <= noise).all():
        return "shrinking"
    return "growing" if (change >= -noise).all() else "mixed"
