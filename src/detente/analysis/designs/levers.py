"""What can be chosen: rates on groups of flows, between a least and a highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from detente._types import Index, Mask
from detente.analysis.context import Context, QuestionError
from detente.trade import Shock, embargo
from detente.world.groups import EVERYONE

if TYPE_CHECKING:
    from detente._types import Array
    from detente.trade import Equilibrium, Gradient
    from detente.world import World


Kind = Literal[
    "tariff", "export_tax", "import_barrier", "export_barrier", "import_ban", "export_ban"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
BARRIERS: tuple[Kind, ...] = ("import_barrier", "export_barrier")
BANS: tuple[Kind, ...] = ("import_ban", "export_ban")
TAXES: tuple[Kind, ...] = ("tariff", "export_tax")
#: What has a rate of its own: a partner and good, a partner, or a player.
OneRatePer = Literal["good", "partner", "player"]
#: Names that stand for both directions, each with levers of its own.
BOTH: dict[str, tuple[Kind, ...]] = {"barrier": BARRIERS, "ban": BANS}

#: Flows below this share of a market's income are left alone: their rates move nothing.
_SMALLEST = 1e-9


@dataclass(frozen=True)
class Lever:
    """One rate: of which kind, by whom, on which good, from or to whom."""

    kind: Kind
    sender: str
    partner: str
    good: str

    def words(self, context: Context) -> str:
        """'import ban on potash'."""
        good = "all goods" if self.good == EVERYONE else context.good_label(self.good)
        return f"{self.kind.replace('_', ' ')} on {good}"


@dataclass(frozen=True, eq=False)
class Levers:
    """Rates that can be chosen, L of them, and the flows that each concerns, C in all.

    The rate of a `tariff` is charged by the sender on what it buys from the partner, that of an
    `export_tax` on what it sells; both replace the level so far. The rate of an `import_barrier` or
    an `export_barrier` is the log of a factor on delivered cost, which nobody earns. That of an
    `import_ban` or an `export_ban` is 0 or 1: an embargo but for the leakage.

    Attributes:
        names: of the levers, L.
        owner: which of the players sets each, (L,).
        cell: flat positions of the flows by good, market and origin, (C,).
        lever: which lever sets each flow, (C,).
        lowest: rates, (L,).
        highest: rates, (L,).
        size: trade of the base year on each lever, USD million, (L,).
        elasticity: of that trade to its cost, (L,).
        leakage: share of the base flow that gets through a ban.
    """

    names: tuple[Lever, ...] = field(repr=False)
    owner: Index = field(repr=False)
    cell: Index = field(repr=False)
    lever: Index = field(repr=False)
    lowest: Array = field(repr=False)
    highest: Array = field(repr=False)
    size: Array = field(repr=False)
    elasticity: Array = field(repr=False)
    leakage: float = 0.0

    def __len__(self) -> int:
        return len(self.names)

    def are(self, *kinds: Kind) -> Mask:
        """Which levers are of some kinds, (L,)."""
        return np.array([name.kind in kinds for name in self.names], dtype=bool)

    def of_kind(self, *kinds: Kind) -> Mask:
        """Which flows are set by levers of some kinds, (C,)."""
        return np.asarray(self.are(*kinds)[self.lever])

    def sum(self, by_cell: Array) -> Array:
        """Sums over the flows of each lever, (L,)."""
        return np.asarray(np.bincount(self.lever, by_cell, minlength=len(self)), dtype=np.float64)

    def some(self, wanted: Mask) -> Levers:
        """Some of the levers, as those of one player alone."""
        kept = np.nonzero(wanted)[0]
        flows = wanted[self.lever]
        return Levers(
            tuple(self.names[k] for k in kept),
            np.zeros(len(kept), dtype=np.intp),
            self.cell[flows],
            np.searchsorted(kept, self.lever[flows]),
            self.lowest[kept],
            self.highest[kept],
            self.size[kept],
            self.elasticity[kept],
            self.leakage,
        )

    def shock(self, background: Equilibrium, rate: Array) -> Shock:
        """What holds in the background, with these rates."""
        now, world, at = background.wedges, background.world, rate[self.lever]
        tariff = self._levels("tariff", now.statutory_tariff_jni, world.tariff_jni, at)
        tax = self._levels("export_tax", now.statutory_export_tax_jni, world.export_tax_jni, at)
        barrier = self.of_kind(*BARRIERS)
        factor = np.ones(world.trade_jni.shape)
        factor.ravel()[self.cell[barrier]] = np.exp(at[barrier])
        shock = background.shock
        kept = tuple(c for c in shock.changes if c.kind not in ("tariff", "export_tax"))
        out = replace(shock, changes=kept, tariff_jni=tariff, export_tax_jni=tax)
        for k in np.flatnonzero(self.are(*BANS) & (rate > 0)):
            out += self._ban(world, int(k))
        return out + Shock(iceberg_jni=factor) if barrier.any() else out

    def _ban(self, world: World, lever: int) -> Shock:
        """The embargo of one lever."""
        N = len(world.countries)
        flows = self.cell[self.lever == lever]
        origin, market = (
            [world.countries[k] for k in np.unique(at)] for at in (flows % N, flows // N % N)
        )
        return embargo(origin, market, self.names[lever].good, leakage=self.leakage)

    def _levels(self, kind: Kind, level: Array, base: Array, at: Array) -> Array | None:
        """All levels of a tax with those of these levers replaced; None where none differs."""
        mine = self.of_kind(kind)
        full = np.array(level)
        full.ravel()[self.cell[mine]] = at[mine]
        return full if mine.any() or bool((full != base).any()) else None

    def slope(self, gradient: Gradient) -> Array:
        """The derivative of a scalar by each rate, (L,)."""
        out = np.zeros(len(self.cell))
        for kind in KINDS:
            mine = self.of_kind(kind)
            if kind in BANS or not mine.any():
                continue
            taxed = kind in ("tariff", "export_tax")
            by = getattr(gradient, f"{kind}_jni") if taxed else gradient.iceberg_jni
            out[mine] = by.values.ravel()[self.cell[mine]]
        return self.sum(np.nan_to_num(out))


@dataclass(frozen=True)
class Side:
    """Who sets rates on whom: the player, its countries, and each partner's countries."""

    player: int
    name: str
    countries: tuple[str, ...]
    partners: tuple[tuple[str, tuple[str, ...]], ...]


def levers_of(
    context: Context,
    sides: Sequence[Side],
    kinds: Sequence[str],
    goods: Sequence[str],
    bound: float,
    caps: Mapping[str, float] | None = None,
    leakage: float = 0.0,
    least: float = 0.0,
    one_rate_per: OneRatePer = "good",
) -> Levers:
    """A lever for every side, partner, kind and good between which something flows.

    With one rate for a partner or a player, what would be several levers of a kind is one.

    Args:
        context: where.
        sides: who sets rates on whom.
        kinds: of `KINDS`, or `barrier` or `ban` for both directions.
        goods: names.
        bound: highest rate, a fraction; of a barrier, its cost as a fraction of value.
        caps: the same for single goods.
        leakage: share of the base flow that gets through a ban.
        least: lowest rate of a tax, a fraction; negative for subsidies.
        one_rate_per: what has a rate of its own.

    Raises:
        QuestionError: an unknown kind, a bound that is not positive, a cap on a good without rates,
            or no flow at all.
        UnknownLabel: a good that the world does not have.
    """
    world = context.world
    chosen = _kinds(kinds)
    if not 0 <= leakage < 1:
        raise QuestionError(
            f"The leakage of a ban is {leakage!r}.",
            "Give a share of the base flow from 0 to below 1.",
        )
    limit = _limits(context, goods, bound, caps or {})
    _check_rates(least, min(limit.values()), one_rate_per, caps or {})
    found: dict[Lever, list[Index]] = {}
    owner, highest, lowest = [], [], []
    for side in sides:
        for partner, codes in side.partners:
            for kind in KINDS:
                if kind not in chosen:
                    continue
                for good in goods:
                    flows = _flows(context, kind, side.countries, codes, good)
                    if not len(flows):
                        continue
                    to = EVERYONE if one_rate_per == "player" else partner
                    on = good if one_rate_per == "good" else EVERYONE
                    lever = Lever(kind, side.name, to, on)
                    if lever not in found:
                        found[lever] = []
                        owner.append(side.player)
                        highest.append(_highest(kind, limit[good]))
                        lowest.append(least if kind in TAXES else 0.0)
                    found[lever].append(flows)
    names, cells = tuple(found), [np.concatenate(flows) for flows in found.values()]
    if not names:
        raise QuestionError(
            "Nothing flows between these sides in these goods: nothing to choose.",
            "Name other goods or other sides.",
        )
    lever_c = np.repeat(np.arange(len(names)), [len(c) for c in cells])
    cell = np.concatenate(cells)
    trade = world.trade_jni.ravel()[cell]
    theta = world.trade_elasticity_j[cell // len(world.countries) ** 2]
    theta = theta * context.span.trade_elasticity_factor
    size = np.bincount(lever_c, trade)
    return Levers(
        names,
        np.array(owner),
        cell,
        lever_c,
        np.array(lowest, dtype=np.float64),
        np.array(highest, dtype=np.float64),
        np.asarray(size, dtype=np.float64),
        np.asarray(np.bincount(lever_c, trade * theta) / size),
        leakage,
    )


def _check_rates(least: float, most: float, one_rate_per: str, caps: Mapping[str, float]) -> None:
    if not -1 < least < most:
        raise QuestionError(
            f"The lowest rate is {least!r}, and the highest {most:g}.",
            "Give one above -1 and below the highest, as -0.3 for a subsidy of 30 % at most.",
        )
    if one_rate_per not in get_args(OneRatePer):
        raise QuestionError(
            f"There is no rate per {one_rate_per!r}.",
            f"There is one per {', '.join(get_args(OneRatePer))}.",
        )
    if caps and one_rate_per != "good":
        raise QuestionError(
            f"Caps hold for single goods, and one rate per {one_rate_per} is for all goods alike.",
            "Give a lower bound instead, or ask for one rate per good.",
        )


def _kinds(names: Sequence[str]) -> set[str]:
    unknown = [k for k in names if k not in KINDS and k not in BOTH]
    if unknown or not names:
        raise QuestionError(
            f"There is no instrument {', '.join(unknown) or '(none named)'}.",
            f"There are {', '.join(KINDS)}, and {' and '.join(BOTH)} for both directions.",
        )
    return {k for name in names for k in BOTH.get(name, (name,))}


def _limits(
    context: Context, goods: Sequence[str], bound: float, caps: Mapping[str, float]
) -> dict[str, float]:
    """The highest rate of each good, checked."""
    limit = {g: float(caps.get(g, bound)) for g in goods}
    for good in caps:
        context.world.good(good)
        if good not in limit:
            raise QuestionError(
                f"There is a cap on {good}, on which no rate can be set here.",
                "Leave the cap out, or name the good among those that bear rates.",
            )
    wrong = [g for g, b in limit.items() if not (np.isfinite(b) and b > 0)]
    if wrong:
        raise QuestionError(
            f"The highest rate of {wrong[0]} is {limit[wrong[0]]!r}.",
            "Give a finite one above 0, as 0.5 for 50 %, or exempt the good. What closes a flow is "
            "the instrument ban.",
        )
    return limit


def _highest(kind: Kind, limit: float) -> float:
    if kind in BANS:
        return 1.0
    return float(np.log1p(limit)) if kind in BARRIERS else limit


def goods_of(
    context: Context, goods: Sequence[str] | None, exempt: Sequence[str]
) -> tuple[str, ...]:
    """Goods that rates may be set on; see `Context.goods`.

    Raises:
        QuestionError: none is left.
        UnknownLabel: a good that the world does not have.
    """
    if EVERYONE in exempt:
        raise QuestionError(
            "Everything is exempt, so that the set of goods is empty.",
            f"Name the goods to exempt, of {', '.join(context.world.goods)}.",
        )
    return context.goods(goods, exempt)


def _flows(
    context: Context, kind: Kind, sender: Sequence[str], partner: Sequence[str], good: str
) -> Index:
    """Flat positions of the flows of a lever that are worth setting a rate on."""
    world = context.world
    N, j = len(world.countries), world.good(good)
    by, other = np.array(context.at(sender)), np.array(context.at(partner))
    inward = ((j * N + by[:, None]) * N + other).ravel()
    outward = ((j * N + other[:, None]) * N + by).ravel()
    found = inward if kind in ("tariff", "import_barrier", "import_ban") else outward
    market, origin = found // N % N, found % N
    real = world.trade_jni.ravel()[found] > _SMALLEST * world.income_n[market]
    return np.asarray(found[real & (market != origin)])
