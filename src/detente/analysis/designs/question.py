"""Questions of design: harm to a target at least own cost, or a sender's own gain.

`design` and `optimal_tariffs` take a case or a world and return a `Design`. `replaced_by` says
which measures the chosen rates stand in the place of, and which stay in force under them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente.analysis.context import Context, QuestionError, context_of
from detente.analysis.designs.first_order_conditions import GOAL
from detente.analysis.designs.levers import BANS, OneRatePer, Side, goods_of, levers_of
from detente.analysis.designs.optimise import Choice, Field, choose
from detente.analysis.designs.result import Design, Point, Present
from detente.analysis.sensitivities.margins import cells_of_shock

if TYPE_CHECKING:
    from detente._types import Array, Transfers
    from detente.analysis.designs.levers import Levers
    from detente.cases import Case
    from detente.trade import Equilibrium
    from detente.world import World


#: Names of countries and groups, or what each of several names stands for.
Groups: TypeAlias = "Sequence[str] | Mapping[str, str | Sequence[str]]"


def replaced_by(
    context: Context, sender: Sequence[str], partners: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sender's own measures in force: those that rates replace, and those that stay.

    Rates replace what acts on flows between the sender and the partners and on nothing else. A stop
    of transit, or a measure that hits others too, could not be restored by them and stays.

    Args:
        context: where.
        sender: ISO3 codes.
        partners: ISO3 codes.

    Returns:
        Ids of both, in the order of the case.
    """
    case = context.case
    if case is None:
        return (), ()
    own = [
        m
        for m in context.in_force
        if set(case.members(case.measure(m).owner, context.world, context.date)) <= set(sender)
    ]
    mine = tuple(m for m in own if _between(context, m, context.at(sender), context.at(partners)))
    return mine, tuple(m for m in own if m not in mine)


def _between(context: Context, measure: str, by: list[int], others: list[int]) -> bool:
    """Whether a measure acts on flows between two sides alone."""
    assert context.case is not None
    settings = context.case.measure(measure).sets
    if any(s.route is not None or s.productivity is not None for s in settings):
        return False
    flows, N = cells_of_shock(context.world, context.shock([measure])), len(context.world.countries)
    market, origin = flows // N % N, flows % N
    inward = np.isin(market, by) & np.isin(origin, others)
    outward = np.isin(market, others) & np.isin(origin, by)
    return bool((inward | outward).all())


#: Slopes of objectives need equilibria closer than figures do.
TOLERANCE = 1e-11
#: Weights of the curve of harm against own cost.
CURVE = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, math.inf)


def design(
    where: str | Case | World | Context,
    target: str,
    sender: str,
    *,
    own_weight: float = 1.0,
    goods: Sequence[str] | None = None,
    exempt: Sequence[str] = (),
    instruments: Sequence[str] = ("tariff",),
    partners: Sequence[str] | None = None,
    bound: float = 1.0,
    caps: Mapping[str, float] | None = None,
    leakage: float = 0.0,
    curve: Sequence[float] = (),
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    goal: float = GOAL,
    progress: Callable[[int], None] | None = None,
) -> Design:
    """The rates and bans that maximise a target's loss minus λ times the sender's own.

    They stand in the place of the sender's own measures of the case on flows with the partners.
    Its other measures, such as those on routes, and those of others stay.

    Args:
        where: a case or a world.
        target: a country, a group or a party of the case.
        sender: a country or a group, whose countries set rates together.
        own_weight: λ ≥ 0; infinity asks for the sender's own gain alone.
        goods: that rates may be set on; all if None.
        exempt: goods that they may not be set on, such as food and medicine.
        instruments: of `tariff`, `export_tax`, `import_barrier`, `export_barrier`, `import_ban` and
            `export_ban`; `barrier` and `ban` are both directions, each with a lever of its own.
        partners: with whose flows; the target, as one, if None. Each has rates of its own.
        bound: highest rate, a fraction; for a barrier its cost as a fraction of value.
        caps: lower bounds for single goods, such as those that a treaty sets.
        leakage: share of the base flow that gets through a ban, for those whose last supplier a
            ban would take.
        curve: weights at which the best rates are found too, as `CURVE`.
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        goal: largest residual of the first-order conditions.
        progress: called with the number of equilibria so far.

    Raises:
        QuestionError: a country on both sides, no goods, a weight below 0, an unknown instrument, a
            cap on a good that bears no rate, a partner inside the sender.
        UnknownLabel: a name that is no country, group, party or good.

    Returns:
        Design: rates and bans, harm and cost in USD million a year.

    Example:
        >>> import detente
        >>> found = detente.design("oecd-2020", "RUS", "USA", goods=["AGRI_MIN_FOOD"])
        >>> found.best.harm > 0, found.to_polars().height
        (True, 1)
    """
    for weight in (own_weight, *curve):
        check_weight(weight)
    context = context_of(where, date, horizon, transfers)
    hit, by = context.pair(target, sender)
    parts = ((target, hit),) if partners is None else _partners(context, partners, sender, by)
    task = _Task(context, hit, by, Side(0, sender, by, parts), goods_of(context, goods, exempt))
    return task.answer(
        target, sender, own_weight, instruments, bound, caps, leakage, curve, goal, progress
    )


def optimal_tariffs(
    where: str | Case | World | Context,
    sender: str,
    *,
    partners: Groups | None = None,
    goods: Sequence[str] | None = None,
    exempt: Sequence[str] = (),
    bound: float = 1.0,
    least: float = 0.0,
    caps: Mapping[str, float] | None = None,
    one_rate_per: OneRatePer = "good",
    political_weights: Mapping[str, float] | None = None,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    goal: float = GOAL,
    progress: Callable[[int], None] | None = None,
) -> Design:
    """The tariffs on each partner and good that serve one country or bloc best, nobody answering.

    Args:
        where: a case or a world.
        sender: a country, a group or a party of the case.
        partners: whom tariffs may be set on, each by itself; everybody if None. A group's members
            bear one rate, and so do those of a mapping of names to lists of countries and groups.
        goods: as in `design`.
        exempt: as in `design`.
        bound: as in `design`.
        least: the lowest rate, above -1; negative to allow subsidies.
        caps: as in `design`.
        one_rate_per: `good`, a rate for every partner and good; `partner`, one for every partner on
            all goods; or `player`, one on everybody and all goods.
        political_weights: by good, what a dollar of its real value added at home counts, where it
            is not 1 (Ossa 2014, American Economic Review 104(12), whose weights average 1).
        date: as in `assess`.
        horizon: as in `assess`.
        transfers: as in `assess`.
        goal: as in `design`.
        progress: as in `design`.

    Raises:
        QuestionError: a partner inside the sender, no goods, a bound or weight out of range.
        UnknownLabel: a name that is no country, group, party or good.

    Returns:
        Design: tariffs as fractions; `best.cost` is the sender's loss, USD million a year.

    Example:
        >>> import detente
        >>> found = detente.optimal_tariffs(
        ...     "oecd-2020", "USA", partners=["CAN"], goods=["AGRI_MIN_FOOD"]
        ... )
        >>> found.best.cost < 0
        True
    """
    context = context_of(where, date, horizon, transfers)
    by = context.countries(sender)
    names: Groups = [c for c in context.world.countries if c not in by]
    names = names if partners is None else partners
    if partners is None and not names:
        raise QuestionError(
            f"{sender} is every country of {context.name}: nobody is left to set tariffs on.",
            "Name a country or a group as the sender.",
        )
    parts = _partners(context, names, sender, by)
    task = _Task(context, (), by, Side(0, sender, by, parts), goods_of(context, goods, exempt))
    extra = None
    if political_weights:
        extra = political(context, by, political_weights)
    return task.answer(
        "",
        sender,
        math.inf,
        ("tariff",),
        bound,
        caps,
        0.0,
        (),
        goal,
        progress,
        least,
        one_rate_per,
        extra,
    )


def political(context: Context, countries: Sequence[str], weights: Mapping[str, float]) -> Array:
    """What a dollar of real value added counts beyond one, by country and good, (N, J).

    Args:
        context: where.
        countries: whose producers count so.
        weights: by good, at least 0; 1 where it is left out.

    Raises:
        QuestionError: a weight that is negative or no number, or production with inputs in other
            than fixed shares, where value added is not in proportion to sales.
        UnknownLabel: a good that the world does not have.
    """
    world = context.world
    out = np.zeros((len(world.countries), len(world.goods)))
    for good, weight in weights.items():
        if not (math.isfinite(weight) and weight >= 0):
            raise QuestionError(
                f"The political weight of {good} is {weight!r}.",
                "Give a number of at least 0; 1 counts its income like any other.",
            )
        out[context.at(countries), world.good(good)] = weight - 1
    if (np.minimum(world.input_substitution_j, context.span.input_substitution) != 1).any():
        raise QuestionError(
            "Political weights take the value added of a good in proportion to its sales, which "
            "holds where input substitution is 1.",
            "Ask at the horizon 'long', in a world whose input substitution is 1.",
        )
    return out


def check_weight(value: float) -> None:
    """Refuse a weight on the own loss that is negative or no number."""
    if math.isnan(value) or value < 0:
        raise QuestionError(
            f"The weight on the sender's own loss is {value!r}.",
            "Give λ = 0 to count the target's "
            "loss alone, 1 to count a dollar of each alike, or more.",
        )


def countries_by_name(context: Context, names: Groups) -> dict[str, tuple[str, ...]]:
    """The countries of each name: of a country or group, or of what a mapping says."""
    if isinstance(names, Mapping):
        found = {
            str(name): [
                code
                for label in ([labels] if isinstance(labels, str) else labels)
                for code in context.countries(label)
            ]
            for name, labels in names.items()
        }
        return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}
    return {name: tuple(context.countries(name)) for name in names}


def _partners(
    context: Context, names: Groups, sender: str, by: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Whose flows rates are set on, checked: outside the sender, each country once."""
    if not names:
        raise QuestionError("The set of partners is empty.", "Name one or more, or leave it out.")
    out: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for name, codes in countries_by_name(context, names).items():
        inside = [c for c in codes if c in by]
        if inside:
            raise QuestionError(
                f"The partner {name} holds {', '.join(inside)}, which belongs to the sender "
                f"{sender}: rates are set on flows with others.",
                "Name partners outside it.",
            )
        twice = [c for c in codes if c in seen and seen[c] != name]
        if twice:
            raise QuestionError(
                f"{', '.join(twice)} is a partner twice, in {seen[twice[0]]} and in {name}.",
                "Name partners that share no country.",
            )
        seen |= dict.fromkeys(codes, name)
        out[name] = codes
    return tuple(out.items())


@dataclass(frozen=True, eq=False)
class _Task:
    context: Context
    hit: tuple[str, ...]
    by: tuple[str, ...]
    side: Side
    goods: tuple[str, ...]

    def answer(
        self,
        target: str,
        sender: str,
        own_weight: float,
        instruments: Sequence[str],
        bound: float,
        caps: Mapping[str, float] | None,
        leakage: float,
        curve: Sequence[float],
        goal: float,
        progress: Callable[[int], None] | None,
        least: float = 0.0,
        one_rate_per: OneRatePer = "good",
        extra_nj: Array | None = None,
    ) -> Design:
        context = replace(self.context, tolerance=min(self.context.tolerance, TOLERANCE))
        levers = levers_of(
            context,
            (self.side,),
            instruments,
            self.goods,
            bound,
            caps,
            leakage,
            least,
            one_rate_per,
        )
        background, present = self._background(context)
        there = Field(context, background, levers, progress, extra_nj)
        points: dict[float, Point] = {}
        # Nothing at all is where a heavier weight may have to return to.
        pool = [there.nothing()]
        cut_short = False
        # The point asked for comes first, so that a cancellation leaves it.
        order = list(dict.fromkeys([own_weight, *sorted(curve)]))
        # Then each weight once more, from what was found for another and serves it better.
        for weight, again in [*((w, False) for w in order), *((w, True) for w in order[:-1])]:
            aim = self.weights(weight)
            starts = there.starts()
            if points:
                near = max(pool, key=lambda c: float(aim @ c.variation_n))
                noise = 10 * context.tolerance * float(np.abs(aim) @ context.world.income_n)
                if again and aim @ near.variation_n <= points[weight].value + noise:
                    continue
                starts = [near.rate]
            try:
                found = choose(there, aim, starts, goal)
            except KeyboardInterrupt:
                if own_weight not in points:
                    raise
                cut_short = True
                break
            pool += found
            if not again or found[0].value > points[weight].value:
                points[weight] = self._point(background, levers, weight, found)
            if found[0].cut_short:
                cut_short = True
                break
        chosen = tuple(points[w] for w in sorted(set(curve)) if w in points)
        return Design(
            self.context, target, sender, levers, points[own_weight], chosen, present, cut_short
        )

    def weights(self, own_weight: float) -> Array:
        """The weight of every country's equivalent variation in the objective, (N,)."""
        out = np.zeros(len(self.context.world.countries))
        if math.isinf(own_weight):
            out[self.context.at(self.by)] = 1.0
        else:
            out[self.context.at(self.by)] = own_weight
            out[self.context.at(self.hit)] = -1.0
        return out

    def _background(self, context: Context) -> tuple[Equilibrium, Present | None]:
        """What holds without the measures that rates stand in the place of, and what those do."""
        others = [c for _, codes in self.side.partners for c in codes]
        mine, kept = replaced_by(context, self.by, others)
        rest = context.solve(context.shock(m for m in context.in_force if m not in mine))
        if not mine and not kept:
            return rest, None
        now = context.solve(context.shock(), start=rest) if mine else rest
        gone = rest.equivalent_variation.values - now.equivalent_variation.values
        harm, cost = context.sum_over(gone, self.hit), context.sum_over(gone, self.by)
        return rest, Present(mine, kept, harm, cost)

    def _point(
        self, background: Equilibrium, levers: Levers, weight: float, found: tuple[Choice, ...]
    ) -> Point:
        best = found[0]
        lost = background.equivalent_variation.values - best.variation_n
        harm = self.context.sum_over(lost, self.hit)
        cost = self.context.sum_over(lost, self.by)
        rated = np.where(levers.are(*BANS), 0.0, levers.size)
        return Point(
            own_weight=weight,
            harm=harm,
            cost=cost,
            others=float(lost.sum()) - harm - cost,
            mean_rate=float(best.rate @ rated / rated.sum()) if rated.any() else 0.0,
            rate=best.rate,
            certificate=best.certificate,
            bans=best.bans,
            value=best.value,
            starts=len(found),
            apart=best.value - min(c.value for c in found),
        )
