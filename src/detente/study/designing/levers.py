"""What can be chosen: rates on groups of flows, between a least and a highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from detente.study.ground import Ground, QuestionError
from detente.trade import Shock

if TYPE_CHECKING:
    from detente.study.assessment import Array
    from detente.trade import Equilibrium, Gradient

Kind = Literal["tariff", "export_tax", "barrier"]
KINDS: tuple[Kind, ...] = ("tariff", "export_tax", "barrier")
Index = NDArray[np.intp]

#: Flows below this share of a market's income are left alone: their rates move nothing.
_SMALLEST = 1e-9


@dataclass(frozen=True)
class Lever:
    """One rate: of which kind, by whom, on which good, from or to whom."""

    kind: Kind
    sender: str
    partner: str
    good: str


@dataclass(frozen=True, eq=False)
class Levers:
    """Rates that can be chosen, L of them, and the flows that each concerns, C in all.

    The rate of a `tariff` is charged by the sender on what it buys from the partner, that of an
    `export_tax` on what it sells; both replace the level so far. The rate of a `barrier` is the
    log of a factor on delivered cost, both ways, which nobody earns.

    Attributes:
        names: of the levers, L.
        owner: which of the players sets each, (L,).
        cell: flat positions of the flows by good, market and origin, (C,).
        lever: which lever sets each flow, (C,).
        highest: rates, (L,); the least is 0.
        size: trade of the base year on each lever, USD million, (L,).
        elasticity: of that trade to its cost, (L,).
    """

    names: tuple[Lever, ...] = field(repr=False)
    owner: Index = field(repr=False)
    cell: Index = field(repr=False)
    lever: Index = field(repr=False)
    highest: Array = field(repr=False)
    size: Array = field(repr=False)
    elasticity: Array = field(repr=False)

    def __len__(self) -> int:
        return len(self.names)

    def of_kind(self, kind: Kind) -> NDArray[np.bool_]:
        """Which flows are set by levers of a kind, (C,)."""
        levers = np.array([name.kind == kind for name in self.names])
        return np.asarray(levers[self.lever])

    def sum(self, by_cell: Array) -> Array:
        """Sums over the flows of each lever, (L,)."""
        return np.asarray(np.bincount(self.lever, by_cell, minlength=len(self)), dtype=np.float64)

    def some(self, wanted: NDArray[np.bool_]) -> Levers:
        """Some of the levers, as those of one player alone."""
        kept = np.nonzero(wanted)[0]
        flows = wanted[self.lever]
        return Levers(
            tuple(self.names[k] for k in kept),
            np.zeros(len(kept), dtype=np.intp),
            self.cell[flows],
            np.searchsorted(kept, self.lever[flows]),
            self.highest[kept],
            self.size[kept],
            self.elasticity[kept],
        )

    def shock(self, background: Equilibrium, rate: Array) -> Shock:
        """What holds in the background, with these rates."""
        now, world, at = background.wedges, background.world, rate[self.lever]
        tariff = self._levels("tariff", now.tariff_jni, world.tariff_jni, at)
        tax = self._levels("export_tax", now.export_tax_jni, world.export_tax_jni, at)
        barrier = self.of_kind("barrier")
        factor = np.ones(world.trade_jni.shape)
        factor.ravel()[self.cell[barrier]] = np.exp(at[barrier])
        shock = background.shock
        kept = tuple(c for c in shock.changes if c.kind not in ("tariff", "export_tax"))
        plain = replace(shock, changes=kept, tariff_jni=tariff, export_tax_jni=tax)
        return plain + Shock(iceberg_jni=factor) if barrier.any() else plain

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
            if not mine.any():
                continue
            by = gradient.iceberg_jni if kind == "barrier" else getattr(gradient, f"{kind}_jni")
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
    ground: Ground,
    sides: Sequence[Side],
    kinds: Sequence[str],
    goods: Sequence[str],
    bound: float,
    caps: Mapping[str, float] | None = None,
) -> Levers:
    """A lever for every side, partner, kind and good between which something flows.

    Args:
        ground: where.
        sides: who sets rates on whom.
        kinds: of `KINDS`.
        goods: names.
        bound: highest rate, a fraction; of a barrier, its cost as a fraction of value.
        caps: the same for single goods, where lower.

    Raises:
        QuestionError: an unknown kind, a bound that is not positive, or no flow at all.
        UnknownLabel: a good that the world does not have.
    """
    world = ground.world
    unknown = [k for k in kinds if k not in KINDS]
    if unknown or not kinds:
        raise QuestionError(
            f"There is no instrument {', '.join(unknown) or '(none named)'}. There are "
            f"{', '.join(KINDS)}."
        )
    limit = {g: float((caps or {}).get(g, bound)) for g in goods}
    for good in caps or {}:
        world.good(good)
    wrong = [g for g, b in limit.items() if not (np.isfinite(b) and b > 0)]
    if wrong:
        raise QuestionError(
            f"The highest rate of {wrong[0]} is {limit[wrong[0]]!r}; give one above 0, as 0.5 for "
            f"50 %, or exempt the good."
        )
    names, owner, cells, highest = [], [], [], []
    for side in sides:
        for partner, codes in side.partners:
            for kind in KINDS:
                if kind not in kinds:
                    continue
                for good in goods:
                    flows = _flows(ground, kind, side.countries, codes, good)
                    if not len(flows):
                        continue
                    names.append(Lever(kind, side.name, partner, good))
                    owner.append(side.player)
                    cells.append(flows)
                    highest.append(np.log1p(limit[good]) if kind == "barrier" else limit[good])
    if not names:
        raise QuestionError("Nothing flows between these sides in these goods: nothing to choose.")
    lever = np.repeat(np.arange(len(names)), [len(c) for c in cells])
    cell = np.concatenate(cells)
    trade = world.trade_jni.ravel()[cell]
    theta = world.trade_elasticity_j[cell // len(world.countries) ** 2]
    theta = theta * ground.span.trade_elasticity_factor
    size = np.bincount(lever, trade)
    return Levers(
        tuple(names),
        np.array(owner),
        cell,
        lever,
        np.array(highest, dtype=np.float64),
        np.asarray(size, dtype=np.float64),
        np.asarray(np.bincount(lever, trade * theta) / size),
    )


def _flows(
    ground: Ground, kind: Kind, sender: Sequence[str], partner: Sequence[str], good: str
) -> Index:
    """Flat positions of the flows of a lever that are worth setting a rate on."""
    world = ground.world
    N, j = len(world.countries), world.good(good)
    by, other = np.array(ground.at(sender)), np.array(ground.at(partner))
    inward = ((j * N + by[:, None]) * N + other).ravel()
    outward = ((j * N + other[:, None]) * N + by).ravel()
    found = {
        "tariff": inward,
        "export_tax": outward,
        "barrier": np.concatenate([inward, outward]),
    }[kind]
    market, origin = found // N % N, found % N
    real = world.trade_jni.ravel()[found] > _SMALLEST * world.income_n[market]
    return np.asarray(found[real & (market != origin)])
