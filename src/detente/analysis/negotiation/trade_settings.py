"""Trade settings: what trade is worth to every country in each combination of the trade moves.

`Money` is the result, with its `Approximation` where not every setting was solved, and `MoveMoney`
is the share of one move. `money_of` solves the settings, and `drawn_money` does so under draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array
from detente.analysis.scenarios import Scenarios, solve_days
from detente.negotiation import Table
from detente.negotiation.words import beside, figure, signed, upper_first

if TYPE_CHECKING:
    import datetime as dt

    from detente.cases import NegotiationTerms


@dataclass(frozen=True, eq=False)
class Approximation:
    """How money was approximated where there are too many settings to solve.

    Attributes:
        settings: how many there are.
        solved: how many were solved: none, one and two measures away from the status quo.
        tried: settings with three or more changes that were solved to measure the error.
        mean_error: mean absolute error over these and all parties, USD million a year.
        largest_error: the largest.
        relative_error: mean absolute error over the mean absolute change from the status quo.
    """

    settings: int
    solved: int
    tried: int
    mean_error: float
    largest_error: float
    relative_error: float

    def __str__(self) -> str:
        return (
            f"{self.settings:,} settings of the trade measures are too many to solve. "
            f"{self.solved:,} were solved, up to two changes away from the status quo; the others "
            "are sums of single effects and of what pairs add. Against "
            f"{self.tried} solved settings with three changes or more the error is "
            f"{figure(self.mean_error)} million USD a year on average "
            f"({100 * self.relative_error:.1f} % of the changes), {figure(self.largest_error)} at "
            "most."
        )


@dataclass(frozen=True, eq=False)
class Money:
    """Equivalent variations by setting of the trade measures among the moves.

    Attributes:
        trade: ids of those measures; measure k in force is bit k of a setting, q.
        countries: ISO3 codes, N.
        variation_qn: against the base year without measures, USD million a year, (2^q, N).
        here: the setting of the status quo.
        drawn_dqn: `variation_qn` over draws of the trade side, (D, 2^q, N); None without.
        failed: draws that did not converge.
        seed: of the draws.
        approximation: what was approximated; None if every setting was solved.
    """

    trade: tuple[str, ...]
    countries: tuple[str, ...]
    variation_qn: Array = field(repr=False)
    here: int
    drawn_dqn: Array | None = field(default=None, repr=False)
    failed: int = 0
    seed: int = 0
    approximation: Approximation | None = None


@dataclass(frozen=True)
class MoveMoney:
    """What switching some measures at the status quo is worth in money.

    Attributes:
        measures: ids of the measures that change; several where they hold each other in place.
        label: the change in words, such as 'A ends'.
        owners: ids of their owners.
        parties: ids of the parties of the case that have an economy, affected ones included.
        gain: of each, USD million a year.
        low: lower end of the central 90 % of the draws; the gain itself without draws.
        high: upper end.
        members: gain by member of the first owner that is a bloc, by ISO3 code.
    """

    measures: tuple[str, ...]
    label: str
    owners: tuple[str, ...]
    parties: tuple[str, ...]
    gain: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    members: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    def of(self, party: str) -> float:
        """The gain of one party."""
        return self.gain[self.parties.index(party)]

    def __str__(self) -> str:
        parts = [
            f"{p} {beside(g, (lo, hi), signed)}"
            for p, g, lo, hi in zip(self.parties, self.gain, self.low, self.high, strict=True)
            if abs(g) >= 0.05
        ]
        text = ", ".join(parts) or "nothing for any party"
        return f"{upper_first(self.label)}; in money, million USD a year: {text}."

    def table(self) -> Table:
        """One row for each party."""
        rows = zip(self.parties, self.gain, self.low, self.high, strict=True)
        return Table(("party", "gain", "low", "high"), tuple(rows))


#: Settings that are solved one by one; beyond, see `Approximation`.
MOST_SOLVED = 128
_TRIED = 24
#: What is asked of a draw besides settings: a day and the trade measures in force on it.
DatedMeasures = tuple["dt.date", frozenset[str]]


def money_of(scenarios: Scenarios, terms: NegotiationTerms) -> Money:
    """Money in every setting, each solved once, all together.

    Args:
        scenarios: of the case, on the day of the negotiation.
        terms: the negotiation on that day.
    """
    trade = tuple(m.id for m in terms.moves if m.in_trade)
    on = {m.id for m, is_on in zip(terms.moves, terms.status_quo_m, strict=True) if is_on}
    here = sum(1 << k for k, m in enumerate(trade) if m in on)
    settings = range(1 << len(trade))
    exact = len(settings) <= MOST_SOLVED
    chosen = list(settings) if exact else _near(here, len(trade))
    value = solved(scenarios, [in_force(terms, trade, q) for q in chosen])
    approximation = None
    if not exact:
        known = dict(zip(chosen, value, strict=True))
        value = pair_sums(known, here, len(trade))
        approximation = _measured(scenarios, terms, trade, here, value, len(chosen))
    return Money(trade, scenarios.world.countries, value, here, approximation=approximation)


def in_force(terms: NegotiationTerms, trade: tuple[str, ...], setting: int) -> tuple[str, ...]:
    """Ids of the trade measures in force in a setting, those that are no moves included."""
    return (*terms.background, *(m for k, m in enumerate(trade) if setting >> k & 1))


def solved(scenarios: Scenarios, sets: Iterable[tuple[str, ...]]) -> Array:
    """Equivalent variations of some sets of measures, solved together, (sets, N)."""
    wanted = list(sets)
    with_trade = {m.id for m in scenarios.case.trade_measures}
    kept = [tuple(m for m in one if m in with_trade) for one in wanted]
    scenarios.solve_together(kept)
    return np.array([scenarios.equilibrium(k).equivalent_variation.values for k in kept])


def dated_values(scenarios: Scenarios, asked: Iterable[DatedMeasures]) -> Array:
    """Equivalent variations of sets of measures on days of their own, (asked, N)."""
    pairs = [(scenarios.on(day), measures) for day, measures in asked]
    solve_days([(there, [measures]) for there, measures in pairs])
    found = [there.equilibrium(m).equivalent_variation.values for there, m in pairs]
    return np.array(found).reshape(len(pairs), len(scenarios.world.countries))


def _near(here: int, count: int) -> list[int]:
    """Settings none, one and two measures away from one."""
    return [
        here ^ sum(1 << k for k in changed)
        for size in range(min(count, 2) + 1)
        for changed in combinations(range(count), size)
    ]


def pair_sums(known: dict[int, Array], here: int, count: int) -> Array:
    """Every setting from those up to two changes away: E₀ + Σ single effects + Σ pair terms."""
    base = known[here]
    single = [known[here ^ 1 << k] - base for k in range(count)]
    changed = np.arange(1 << count) ^ here
    out = np.tile(base, (1 << count, 1))
    for k in range(count):
        out[changed >> k & 1 == 1] += single[k]
    for k, m in combinations(range(count), 2):
        both = (changed >> k & 1 == 1) & (changed >> m & 1 == 1)
        out[both] += known[here ^ 1 << k ^ 1 << m] - base - single[k] - single[m]
    return out


def _measured(
    scenarios: Scenarios,
    terms: NegotiationTerms,
    trade: tuple[str, ...],
    here: int,
    value: Array,
    count: int,
) -> Approximation:
    """The error of the pair sums on some settings, from three changes to all."""
    rng = np.random.default_rng(0)
    far = {here ^ (1 << len(trade)) - 1}
    while len(far) < _TRIED:
        size = 3 if len(far) % 2 else int(rng.integers(3, len(trade)))
        picked = rng.choice(len(trade), size, replace=False)
        far.add(here ^ sum(1 << int(k) for k in picked))
    at = sorted(far)
    exact = solved(scenarios, [in_force(terms, trade, q) for q in at])
    owners = {p.id: p.members for p in terms.parties if p.members}
    rows = [
        [scenarios.world.countries.index(c) for c in codes if c in scenarios.world.countries]
        for codes in owners.values()
    ]
    by_party = np.array([exact[:, r].sum(axis=1) - value[at][:, r].sum(axis=1) for r in rows])
    change = np.array([exact[:, r].sum(axis=1) - value[here, r].sum() for r in rows])
    error = np.abs(by_party)
    return Approximation(
        1 << len(trade),
        count,
        len(at),
        float(error.mean()),
        float(error.max()),
        float(error.mean() / np.abs(change).mean()),
    )


def drawn_money(
    scenarios: Scenarios,
    terms: NegotiationTerms,
    money: Money,
    asked: tuple[DatedMeasures, ...],
    exactly: Iterable[int],
    *,
    draws: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> tuple[Array, Array, int]:
    """Money over draws of the trade side.

    Of a draw, settings up to two changes from the status quo and those of `exactly` are solved. The
    others are pair sums, corrected by what pair sums miss at central values.

    Returns:
        Settings (D, 2^q, N), asked sets (D, A, N), and how many draws failed.

    Raises:
        NoDraws: none was finished, or none converged.
    """
    from detente.analysis.uncertainty.draws import run_draws

    count = len(money.trade)
    near = _near(money.here, count)
    settings = tuple(dict.fromkeys([*near, *exactly]))
    if len(settings) * 2 > 1 << count:
        settings = tuple(range(1 << count)) if 1 << count <= MOST_SOLVED else settings
    sets = tuple(in_force(terms, money.trade, q) for q in settings)
    ensemble = run_draws(
        scenarios.case,
        partial(collected, sets=sets, asked=asked),
        draws=draws,
        seed=seed,
        progress=progress,
        guide=scenarios,
    )
    central = {q: money.variation_qn[q] for q in near}
    missed = money.variation_qn - pair_sums(central, money.here, count)
    out = []
    for value in ensemble.required()["settings"]:
        known = dict(zip(settings, value, strict=True))
        all_ = pair_sums(known, money.here, count) + missed
        all_[list(settings)] = value
        out.append(all_)
    return np.array(out), ensemble.values["asked"], ensemble.failed


def collected(
    scenarios: Scenarios, sets: tuple[tuple[str, ...], ...], asked: tuple[DatedMeasures, ...]
) -> dict[str, Array]:
    """What a draw contributes."""
    return {"settings": solved(scenarios, sets), "asked": dated_values(scenarios, asked)}
