"""From a case or a world to the game among senders and what it says of each."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.coalitions.game import Game, cost_of, play, sampled_shapley, shapley
from detente.analysis.coalitions.result import Coalition, Member
from detente.analysis.coalitions.senders import Senders, senders_of
from detente.analysis.coalitions.transfers import equalise
from detente.analysis.context import Context, QuestionError, context_of
from detente.trade import NotConverged, ShockError

if TYPE_CHECKING:
    from detente._types import Array, Transfers
    from detente.analysis.coalitions.transfers import Sharing
    from detente.cases import Case
    from detente.world import World


#: Equilibria that are solved without being asked for more.
BUDGET = 4096
#: Members up to whom the value of every coalition can be asked for.
MOST_EXACT = 20


def coalition(
    where: str | Case | World | Context,
    target: str,
    *,
    members: Sequence[str] | None = None,
    goods: Sequence[str] | None = None,
    leakage: float = 0.0,
    rate: float = 0.0,
    budget: int = BUDGET,
    permutations: int | None = None,
    seed: int = 0,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    progress: Callable[[int], None] | None = None,
) -> Coalition:
    """What every coalition of senders costs a target, and what that means for each member.

    In a case each member contributes its own measures in force on the date; measures of others
    stay as they are. In a bare world, or where goods are named, each embargoes the goods in both
    directions.

    Args:
        where: a case or a world.
        target: a country, a group or a party of the case.
        members: countries, groups or parties; in a case by default the owners of the measures in
            force that hit the target.
        goods: of an embargo instead of the case's measures; all by default in a bare world.
        leakage: share of the base flow that the embargo lets through.
        rate: what a dollar of the target's loss is worth to each member; 0 asks about money alone.
        budget: most equilibria to solve. Up to it every coalition is solved; beyond it orders of
            joining are sampled.
        permutations: orders of joining to sample, whatever the budget.
        seed: of the orders.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        progress: called with the number of equilibria solved so far.

    Returns:
        Coalition: what the target loses and what the members lose together, in USD million a year;
        each member's contribution (Shapley 1953); and the transfers under which all would stay, or
        why there are none.

    Raises:
        QuestionError: a target inside the coalition, members that overlap, no goods, a rate below
            0, or too many members, each with what to ask instead.
        UnknownLabel: a name that is no country, group or party.
        InfeasibleShock: nobody acting, or all, leave a country without a supplier; other
            coalitions that do are left out and named in a sentence.

    Example:
        >>> from detente.analysis import coalition
        >>> found = coalition("russia-coalition", "RUS", members=["EU", "US"])
        >>> found.value("EU", "US") > found.value("US")
        True
    """
    began = time.monotonic()
    if not (math.isfinite(rate) and rate >= 0):
        raise QuestionError(
            f"The rate is {rate!r}: what a dollar of the target's loss is worth to a member cannot "
            f"be negative.",
            "Give 0 for money alone, or a number such as 0.5.",
        )
    context = context_of(where, date, horizon, transfers)
    senders = senders_of(context, target, members, goods, leakage)
    sampled = _sampled(len(senders.ids), budget, permutations)
    game = play(
        len(senders.ids), senders.variations, permutations=sampled, seed=seed, progress=progress
    )
    if game.grand not in game.variation:
        raise KeyboardInterrupt
    inside = [n for c in senders.countries for n in context.at(c)]
    sharing, unshared = _shared(context, senders, game, inside)
    hit = context.at(senders.target)
    found = _members(context, senders, game, sharing, rate, hit)
    return Coalition(
        context=context,
        target=target,
        members=found,
        goods=senders.goods,
        rate=rate,
        loss=game.loss(game.grand, hit),
        cost=game.loss(game.grand, inside),
        change=math.nan if sharing is None else sharing.change,
        game=game,
        sharing=sharing,
        unshared=unshared,
        equilibria=len(game.variation),
        seconds=time.monotonic() - began,
    )


def _shared(
    context: Context, senders: Senders, game: Game, inside: list[int]
) -> tuple[Sharing | None, str]:
    """Transfers that equalise losses, or why there are none."""
    if game.cut_short:
        return None, "cancelled"
    try:
        shock = senders.shock(game.grand)
        return equalise(context, shock, inside, nobody_n=game.variation[0]), ""
    except KeyboardInterrupt:
        return None, "cancelled"
    except (NotConverged, ShockError) as error:
        return None, str(error)


def equilibria_of(members: int, budget: int = BUDGET, permutations: int | None = None) -> int:
    """How many equilibria a question takes, at most."""
    return cost_of(members, _sampled(members, budget, permutations))


def _sampled(members: int, budget: int, permutations: int | None) -> int:
    """How many orders of joining to sample; 0 where every coalition is solved."""
    if permutations is not None:
        if permutations < 4:
            raise QuestionError(
                f"{permutations} orders of joining give no standard error.", "Sample 4 or more."
            )
        return permutations
    if members <= MOST_EXACT and 2**members <= budget:
        return 0
    exact = min(MOST_EXACT, budget.bit_length() - 1)
    affordable = (budget - 2 - 2 * members) // max(members - 1, 1)
    if members > MOST_EXACT or affordable < 4:
        raise QuestionError(
            f"A coalition of {members} members has 2^{members} values. Every one is solved up to "
            f"{exact} members within the budget of {budget:,} equilibria (and up to {MOST_EXACT} "
            f"members within one of {2**MOST_EXACT:,}).",
            f"For {members}, sample orders of joining: 200 permutations take at most "
            f"{cost_of(members, 200):,} equilibria. Or let groups, such as the EU, act as one "
            f"member.",
        )
    return affordable


def _members(
    context: Context,
    senders: Senders,
    game: Game,
    sharing: Sharing | None,
    rate: float,
    hit: list[int],
) -> tuple[Member, ...]:
    M, grand = game.members, game.grand
    contribution, error = _contributions(game, hit)
    before_n = context.world.income_n + game.variation[0]
    out = []
    for m, name in enumerate(senders.ids):
        own = context.at(senders.countries[m])
        without = grand ^ (1 << m)
        marginal = _loss(game, grand, hit) - _loss(game, without, hit)
        loss_in, loss_out = _loss(game, grand, own), _loss(game, without, own)
        leaving = loss_in - loss_out
        keeps = max(leaving - rate * marginal, 0.0) if math.isfinite(leaving) else math.nan
        out.append(
            Member(
                id=name,
                label=context.label(name),
                countries=senders.countries[m],
                measures=senders.measures[m],
                alone=_loss(game, 1 << m, hit),
                marginal=marginal,
                shapley=float(contribution[m]),
                shapley_error=float(error[m]),
                loss_in=loss_in,
                loss_out=loss_out,
                relative_loss=loss_in / float(before_n[own].sum()),
                leaving=leaving,
                implied_rate=_implied(leaving, marginal),
                would_leave=keeps > 0,
                keeps=keeps,
                transfer=math.nan if sharing is None else float(sharing.amount_n[own].sum()),
            )
        )
    assert len(out) == M
    return tuple(out)


def _loss(game: Game, number: int, at: list[int]) -> float:
    return game.loss(number, at) if number in game.variation else math.nan


def _contributions(game: Game, hit: list[int]) -> tuple[Array, Array]:
    value = {number: game.loss(number, hit) for number in game.variation}
    if game.complete:
        return shapley(game.members, value), np.zeros(game.members)
    if game.orders:
        return sampled_shapley(game.members, value, game.orders)
    return np.full(game.members, np.nan), np.full(game.members, np.nan)


def _implied(leaving: float, marginal: float) -> float:
    if leaving <= 0:
        return 0.0
    return leaving / marginal if marginal > 0 else math.nan
