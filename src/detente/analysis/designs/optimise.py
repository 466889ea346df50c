"""The best rates and bans for one aim: climbs from several starts, bans tried by exact solves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.designs.first_order_conditions import Objectives, Optimality, climb
from detente.analysis.designs.levers import BANS, BARRIERS
from detente.trade import InfeasibleShock, NotConverged

if TYPE_CHECKING:
    from detente._types import Array, Index
    from detente.analysis.context import Context
    from detente.analysis.designs.levers import Levers
    from detente.trade import Equilibrium


#: Sweeps over all bans, each of which may set or lift several.
_SWEEPS = 30
#: Sets of bans solved between two reports of progress.
_CHUNK = 16


@dataclass(frozen=True)
class BanCheck:
    """How a set of bans was found: each is there or not, so that no slope tells; each was tried.

    Attributes:
        settled: whether no single ban more or less, the rates held, serves the aim better.
        tried: sets of bans solved exactly.
        gained: what the aim is above that of the best rates without any ban, USD million a year;
            NaN where the search did not begin there.
        impossible: names of bans that leave a country without a supplier, or that have no
            equilibrium.
    """

    settled: bool
    tried: int
    gained: float
    impossible: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Choice:
    """Rates and bans that a search ended with.

    Attributes:
        rate: of every lever, (L,).
        variation_n: every country's equivalent variation with them, USD million a year, (N,).
        value: of the aim.
        certificate: of the first-order conditions of the rates.
        bans: how the bans were found; None where none could be set.
        cut_short: whether the search was cancelled.
    """

    rate: Array = field(repr=False)
    variation_n: Array = field(repr=False)
    value: float
    certificate: Optimality
    bans: BanCheck | None
    cut_short: bool


class Field:
    """What can be chosen and all that was solved for it, for one aim after the other.

    Args:
        context: where.
        background: the equilibrium without rates and bans.
        levers: what can be chosen, by one player.
        progress: called with the number of equilibria so far.
        extra_nj: political weights, see `Objectives`; None for none, as with bans.
    """

    def __init__(
        self,
        context: Context,
        background: Equilibrium,
        levers: Levers,
        progress: Callable[[int], None] | None = None,
        extra_nj: Array | None = None,
    ) -> None:
        self.context, self.background, self.levers = context, background, levers
        self.extra_nj = extra_nj
        self.ban = levers.are(*BANS)
        self._progress = progress
        self._solved = 0
        self._known: dict[bytes, Array | None] = {}

    def starts(self) -> list[Array]:
        """Where to search from: aims need not be concave in barriers and bans."""
        low = np.where(self.ban, 0.0, 0.1 * self.levers.highest)
        if self.levers.are(*BARRIERS).any():
            return [low, np.zeros_like(low), self.levers.highest]
        return [low, np.where(self.ban, 1.0, low)] if self.ban.any() else [low]

    def nothing(self) -> Choice:
        """No rate and no ban."""
        rate = np.zeros(len(self.levers))
        variation_n = self.background.equivalent_variation.values
        proof = Optimality("stalled", np.inf, 0.0, 0, len(rate), 0, 0)
        return Choice(rate, variation_n, np.nan, proof, None, False)

    def count_evaluation(self, _: int = 0) -> None:
        """One equilibrium more."""
        self._solved += 1
        if self._progress is not None:
            self._progress(self._solved)

    def climbed(self, weight_n: Array, rate: Array, goal: float) -> Choice:
        """The best rates with the bans of `rate`."""
        free = ~self.ban
        if not free.any():
            (variation_n,) = self.variations([rate])
            if variation_n is None:
                raise NotConverged(
                    "These bans together have no equilibrium.",
                    "Give the bans a leakage, or name fewer goods.",
                )
            proof = Optimality("converged", 0.0, goal, 0, 0, 0, 0)
            return Choice(rate, variation_n, float(weight_n @ variation_n), proof, None, False)
        held = self.background
        if rate[self.ban].any():
            shock = self.levers.shock(self.background, rate * self.ban)
            held = self.context.solve(shock, start=self.background)
        objectives = Objectives(
            self.context,
            held,
            self.levers.some(free),
            [weight_n],
            self.count_evaluation,
            None if self.extra_nj is None else [self.extra_nj],
        )
        peak = climb(objectives, rate[free], goal=goal)
        best = rate.copy()
        best[free] = peak.rate
        variation_n = peak.slopes.equilibrium.equivalent_variation.values
        value = float(peak.slopes.value_p[0])
        return Choice(best, variation_n, value, peak.certificate, None, peak.cut_short)

    def variations(self, rates: Sequence[Array]) -> list[Array | None]:
        """Every country's variation under some rates and bans; None where there is none."""
        wanted = {r.tobytes(): r for r in rates}
        new = [key for key in wanted if key not in self._known]
        for k in range(0, len(new), _CHUNK):
            some = new[k : k + _CHUNK]
            shocks = [self.levers.shock(self.background, wanted[key]) for key in some]
            try:
                found: list[Equilibrium | None] = list(self.context.solve_many(shocks))
            except (InfeasibleShock, NotConverged):
                found = []
                for shock in shocks:
                    try:
                        found.append(self.context.solve(shock, start=self.background))
                    except (InfeasibleShock, NotConverged):
                        found.append(None)
            for key, one in zip(some, found, strict=True):
                self._known[key] = None if one is None else one.equivalent_variation.values
                self.count_evaluation()
        return [self._known[r.tobytes()] for r in rates]


def choose(
    there: Field, weight_n: Array, starts: Sequence[Array], goal: float
) -> tuple[Choice, ...]:
    """Where searches from several starts end, the best first.

    Args:
        there: what can be chosen.
        weight_n: of every country's equivalent variation in the aim, (N,).
        starts: rates and bans, (L,) each. One with no equilibrium is left out.
        goal: largest residual of the first-order conditions of the rates.

    Raises:
        InfeasibleShock: no start has an equilibrium.
        NotConverged: the same.
        KeyboardInterrupt: it was cancelled before anything was found.
    """
    found: list[Choice] = []
    failure: Exception | None = None
    for start in starts:
        try:
            found.append(_search(there, weight_n, start, goal))
        except (InfeasibleShock, NotConverged) as error:
            failure = error
            continue
        except KeyboardInterrupt:
            if not found:
                raise
            found = [replace(c, cut_short=True) for c in found]
        if found[-1].cut_short:
            break
    if not found:
        assert failure is not None
        raise failure
    cut_short = found[-1].cut_short
    return tuple(
        replace(c, cut_short=cut_short) for c in sorted(found, key=lambda c: c.value, reverse=True)
    )


def _search(there: Field, weight_n: Array, start: Array, goal: float) -> Choice:
    """Rates climb, then every ban is tried, then rates climb again, until nothing is better."""
    now = there.climbed(weight_n, start, goal)
    ban = np.flatnonzero(there.ban)
    if not len(ban):
        return now
    noise = 10 * there.context.tolerance * float(np.abs(weight_n) @ there.context.world.income_n)
    without = np.nan if start[ban].any() else now.value
    tried, settled, impossible = 0, False, np.zeros(len(ban), dtype=bool)
    cut_short = now.cut_short
    try:
        for _ in range(0 if cut_short else _SWEEPS):
            gain = _gains(there, weight_n, now, ban)
            tried += len(ban)
            impossible = np.isnan(gain)
            better = np.nan_to_num(gain, nan=-np.inf) > noise
            if not better.any():
                settled = True
                break
            now = _changed(there, weight_n, now, ban, np.where(better, gain, -np.inf), goal)
            tried += 1
            if now.cut_short:
                cut_short = True
                break
    except KeyboardInterrupt:
        cut_short = True
    names = there.levers.names
    shut = tuple(names[k].words(there.context) for k in ban[impossible])
    check = BanCheck(settled, tried, now.value - without, shut)
    return replace(now, bans=check, cut_short=cut_short)


def _gains(there: Field, weight_n: Array, now: Choice, ban: Index) -> Array:
    """What one ban more or less adds to the aim, (B,); NaN where there is no equilibrium."""
    found = there.variations([_flipped(now.rate, [k]) for k in ban])
    return np.array([np.nan if v is None else weight_n @ v - now.value for v in found])


def _changed(
    there: Field, weight_n: Array, now: Choice, ban: Index, gain: Array, goal: float
) -> Choice:
    """All changes that are better alone, made together if that is best; else the best of them."""
    (together,) = there.variations([_flipped(now.rate, list(ban[gain > -np.inf]))])
    all_of_them = together is not None and float(weight_n @ together) >= now.value + gain.max()
    chosen = list(ban[gain > -np.inf]) if all_of_them else [ban[gain.argmax()]]
    return there.climbed(weight_n, _flipped(now.rate, chosen), goal)


def _flipped(rate: Array, at: Sequence[int]) -> Array:
    out = rate.copy()
    out[at] = 1.0 - out[at]
    return out
