"""A tariff war: rates at which no bloc gains by changing its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._document import document
from detente._shown import Framed, Small
from detente.analysis.context import Context, QuestionError, context_of
from detente.analysis.designs.first_order_conditions import (
    GOAL,
    Objectives,
    Optimality,
    Peak,
    climb,
    settle,
)
from detente.analysis.designs.levers import Levers, OneRatePer, Side, goods_of, levers_of
from detente.analysis.designs.question import TOLERANCE, Groups, countries_by_name, political
from detente.negotiation.words import fixed, percent
from detente.trade import NotConverged

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array, Transfers
    from detente.cases import Case
    from detente.world import World


@dataclass(frozen=True, eq=False, repr=False)
class Nash(Framed):
    """Tariffs of several blocs on each other from which none gains by departing.

    Attributes:
        context: where it was asked.
        players: as asked for.
        levers: every tariff.
        rate: of each, a fraction, (L,).
        gain: of each player against no such tariffs, USD million a year, (P,).
        relative_gain: as a share of its income, (P,).
        others: gain of all who do not play, USD million a year.
        departing: what each would gain by its best answer to the others' tariffs, USD million a
            year, (P,); NaN where it was not asked for or was cancelled. First-order conditions
            alone would also hold at a minimum; this is searched for from the tariffs themselves.
        certificate: of the first-order conditions of all players.
        cut_short: whether the search, or that for best answers, was cancelled.
    """

    context: Context
    players: tuple[str, ...]
    levers: Levers = field(repr=False)
    rate: Array = field(repr=False)
    gain: Array
    relative_gain: Array
    others: float
    departing: Array
    certificate: Optimality
    cut_short: bool = False

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Players whose best answer was left out by a cancellation."""
        if not self.cut_short:
            return ()
        known = np.isfinite(self.departing)
        return tuple(p for p, k in zip(self.players, known, strict=True) if not k)

    @property
    def mean_rate(self) -> Array:
        """The mean rate of each player, weighted by the base year's trade, (P,)."""
        by, size = self.levers.owner, self.levers.size
        return np.bincount(by, self.rate * size) / np.bincount(by, size)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The main answers in words."""
        return tuple(self._words())

    def _words(self) -> list[str]:
        moved = [
            f"{p} {'gains' if g > 0 else 'loses'} {fixed(abs(g))} ({percent(r, 2, signed=True)})"
            for p, g, r in zip(self.players, self.gain, self.relative_gain, strict=True)
        ]
        out = [
            f"In a tariff war of {', '.join(self.players)} ({self.context.sentence}): "
            f"{'; '.join(moved)}, USD million a year; all others "
            f"{fixed(self.others, signed=True)}.",
            self.certificate.sentence,
        ]
        known = np.isfinite(self.departing)
        if known.any():
            tried = [p for p, k in zip(self.players, known, strict=True) if k]
            whose = "any player" if known.all() else " or ".join(tried)
            out.append(
                f"From there the best answer of {whose} alone gains it at most "
                f"{max(np.nanmax(self.departing), 0.0):.1g} USD million a year."
            )
        if self.unchecked:
            out.append(
                f"Cancelled: no best answer was searched for, or not to the end, of "
                f"{', '.join(self.unchecked)}."
            )
        return out

    def to_frame(self) -> pl.DataFrame:
        """One row a tariff."""
        import polars as pl

        return pl.DataFrame(
            {
                "player": [lever.sender for lever in self.levers.names],
                "partner": [lever.partner for lever in self.levers.names],
                "good": [lever.good for lever in self.levers.names],
                "rate": self.rate.tolist(),
                "base_trade": self.levers.size.tolist(),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        return document(
            "tariff_war",
            self.context.head(self.sentences)
            | {
                "players": [
                    {
                        "id": p,
                        "gain": self.gain[k],
                        "relative_gain": self.relative_gain[k],
                        "mean_rate": self.mean_rate[k],
                        "gain_by_best_answer": self.departing[k],
                    }
                    for k, p in enumerate(self.players)
                ],
                "gain_of_others": self.others,
                "certificate": self.certificate.to_dict(),
                "cut_short": self.cut_short,
                "rates": self.to_frame().to_dicts(),
            },
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences

    def _small(self) -> Small:
        gain, rate = self.gain.tolist(), self.mean_rate.tolist()
        rows = [[p, gain[k], rate[k]] for k, p in enumerate(self.players[:8])]
        return "The players", ("", "gain, USD million a year", "mean tariff, a fraction"), rows


def nash_tariffs(
    where: str | Case | World | Context,
    players: Groups,
    *,
    goods: Sequence[str] | None = None,
    exempt: Sequence[str] = (),
    bound: float = 3.0,
    least: float = 0.0,
    caps: Mapping[str, float] | None = None,
    one_rate_per: OneRatePer = "good",
    political_weights: Mapping[str, Mapping[str, float]] | None = None,
    start: float | Array = 0.0,
    check: bool = True,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    goal: float = GOAL,
    progress: Callable[[int], None] | None = None,
) -> Nash:
    """Tariffs of blocs on each other's goods that are best answers to one another.

    Ossa (2014, American Economic Review 104(12)) iterates best answers; here the first-order
    conditions of all players are solved at once, from one equilibrium and one adjoint system a
    round, and best answers are what the result is checked by.

    Args:
        where: a case, whose regime stays in force, or a world.
        players: two or more countries, groups or parties, each setting its tariffs jointly; or a
            mapping of names to lists of them.
        goods: that tariffs may be set on; all if None.
        exempt: goods that they may not be set on.
        bound: highest tariff, a fraction. Walls that close all trade are best answers to each
            other too; the search starts below them.
        least: the lowest tariff, above -1; negative to allow subsidies.
        caps: lower bounds for single goods, such as those that a treaty sets.
        one_rate_per: as in `optimal_tariffs`.
        political_weights: by player, as in `optimal_tariffs`.
        start: rate or rates to start from.
        check: whether to search for each player's best answer in the end.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        goal: largest residual of the first-order conditions.
        progress: called with the number of equilibria so far.

    Raises:
        QuestionError: fewer than two players, players that overlap, no goods.
        UnknownLabel: a name that is no country, group, party or good.
        NotConverged: the conditions do not hold within a thousandth. A cancellation (Ctrl-C) does
            not raise once there are rates: the best found are kept, with their certificate.

    Returns:
        Nash: tariffs as fractions, gains of the players (P,) in USD million a year.

    Example:
        >>> import detente
        >>> war = detente.nash_tariffs("oecd-2020", ["USA", "CAN"], goods=["AGRI_MIN_FOOD"])
        >>> war.players, war.gain.shape, war.certificate.status
        (('USA', 'CAN'), (2,), 'converged')
    """
    context = context_of(where, date, horizon, transfers)
    codes = countries_by_name(context, players)
    names = tuple(codes)
    if len(names) < 2:
        raise QuestionError("A tariff war takes two players or more.", "Name them, as USA,EU,CHN.")
    for k, p in enumerate(names):
        for q in names[:k]:
            both = set(codes[p]) & set(codes[q])
            if both:
                raise QuestionError(
                    f"{', '.join(sorted(both))} would play twice, in {q} and in {p}.",
                    "Name players that share no country.",
                )
    exact = replace(context, tolerance=min(context.tolerance, TOLERANCE))
    sides = [
        Side(k, p, codes[p], tuple((q, codes[q]) for q in names if q != p))
        for k, p in enumerate(names)
    ]
    covered = goods_of(context, goods, exempt)
    levers = levers_of(exact, sides, ("tariff",), covered, bound, caps, 0.0, least, one_rate_per)
    background = exact.solve(context.shock())
    weights = [_own(context, codes[p]) for p in names]
    extra = None
    if political_weights:
        unknown = [p for p in political_weights if p not in codes]
        if unknown:
            raise QuestionError(
                f"There are political weights of {', '.join(unknown)}, which does not play.",
                f"The players are {', '.join(names)}.",
            )
        extra = [political(context, codes[p], political_weights.get(p, {})) for p in names]
    objectives = Objectives(exact, background, levers, weights, progress, extra)
    peak = settle(objectives, np.broadcast_to(start, len(levers)).copy(), goal=goal)
    proof = peak.certificate
    if proof.residual > 1e-3 and not peak.cut_short:
        raise NotConverged(
            f"No Nash tariffs were found: {proof.sentence}",
            "Start elsewhere, lower the bound, or name fewer goods.",
        )
    war = peak.slopes.equilibrium
    gained = war.equivalent_variation.values - background.equivalent_variation.values
    gain = objectives.weight_pn @ gained
    departing = np.full(len(names), np.nan)
    stopped = peak.cut_short
    if check and not stopped:
        departing, stopped = _departures(objectives, levers, peak, goal)
    return Nash(
        context,
        names,
        levers,
        peak.rate,
        gain,
        gain / (objectives.weight_pn @ context.world.income_n),
        float(gained.sum() - gain.sum()),
        departing,
        proof,
        stopped,
    )


def _own(context: Context, countries: Sequence[str]) -> Array:
    out = np.zeros(len(context.world.countries))
    out[context.at(countries)] = 1.0
    return out


def _departures(
    objectives: Objectives, levers: Levers, peak: Peak, goal: float
) -> tuple[Array, bool]:
    """What each player gains by its best answer, NaN from a cancellation on, and whether one was.

    The search of a player that was cut leaves nothing that bounds what it could gain.
    """
    out = np.full(len(objectives.weight_pn), np.nan)
    for k in range(len(out)):
        try:
            found = _departure(objectives, levers, peak, k, goal)
        except KeyboardInterrupt:
            return out, True
        if found is None:
            return out, True
        out[k] = found
    return out, False


def _departure(
    objectives: Objectives, levers: Levers, peak: Peak, player: int, goal: float
) -> float | None:
    """What a player gains by its best answer to the others' tariffs; None if cancelled."""
    mine = levers.owner == player
    held, weight_n = peak.slopes.equilibrium, objectives.weight_pn[player]
    extra = objectives.extra_pnj
    alone = Objectives(
        objectives.context,
        held,
        levers.some(mine),
        [weight_n],
        objectives.count_evaluation,
        None if extra is None else [extra[player]],
    )
    best = climb(alone, peak.rate[mine], goal=goal)
    if best.cut_short:
        return None
    return float(best.slopes.value_p[0] - alone.value(held)[0])
