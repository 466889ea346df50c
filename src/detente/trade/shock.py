"""A shock: what changes against the base year, by label or by array."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from detente.trade.errors import ShockError

if TYPE_CHECKING:
    import datetime as dt

Kind = Literal[
    "embargo", "tariff", "iceberg", "export_tax", "productivity", "labour", "capacity", "transfer"
]


@dataclass(frozen=True)
class Change:
    """One labelled change; `Shock` collects them, `wedges.wedges` applies them in order."""

    kind: Kind
    origin: tuple[str, ...]
    market: tuple[str, ...]
    goods: tuple[str, ...]
    value: float
    leakage: float = 0.0
    added: bool = False
    date: dt.date | None = None


@dataclass(frozen=True)
class Way:
    """One way that a flow can take: a port, a railway, a road.

    Attributes:
        name: how it is called.
        share: of the base flow that takes it, in [0, 1].
        cost: change of delivered cost on it, a factor; `inf` closes it.
        fee: net income of the transit country per unit of value at the origin's border.
        transit: the country that earns it; '' for none.
        capacity: USD million a year at base prices; `inf` for none.
    """

    name: str
    share: float
    cost: float = 1.0
    fee: float = 0.0
    transit: str = ""
    capacity: float = float("inf")


@dataclass(frozen=True)
class RouteChoice:
    """Flows of one good from one origin that choose among ways.

    Every market in it has the same ways and base shares. A way whose base share is 0 stays unused:
    exact changes cannot make a zero flow grow.

    Attributes:
        good: its name.
        origin: the country that ships it.
        markets: where to, ISO3 codes or groups.
        ways: whose shares sum to 1.
        elasticity: ρ > 0, of substitution among the ways.
        level: a in the congestion cost 1 + a (flow/capacity)^b of a way with a capacity.
        power: b.
    """

    good: str
    origin: str
    markets: tuple[str, ...]
    ways: tuple[Way, ...]
    elasticity: float
    level: float = 0.15
    power: float = 4.0


@dataclass(frozen=True, eq=False)
class Shock:
    """What changes against the base year; everything not named stays as it is.

    Shocks combine with `+`: iceberg factors, productivity and endowments multiply, transfers add,
    and a later tariff or export tax replaces an earlier one in the cells that it names.

    Args:
        tariff_jni: new ad-valorem levels, fractions, (J, N, N) by good, market, origin.
        iceberg_jni: factor changes of delivered cost, ≥ 0; `inf` is an embargo, exactly.
        export_tax_jni: new ad-valorem levels, fractions.
        leakage_jni: share of the base flow at which an embargo in `iceberg_jni` leaks.
        productivity_nj: factor changes by country and good.
        labour_n: factor changes of the mobile factor.
        capacity_nj: factor changes of the fixed factors.
        transfer_n: USD million added to each country's transfer; sums to zero.
        routes: flows that choose among ways of transport, with the cost of each way.
        changes: labelled changes, from the named builders.

    Example:
        >>> from detente.trade import embargo, tariff
        >>> shock = embargo("RUS", "USA", "MANUF_EXFOOD") + tariff("CHN", "USA", rate=0.25)
        >>> len(shock.changes)
        2
    """

    tariff_jni: ArrayLike | None = field(default=None, repr=False)
    iceberg_jni: ArrayLike | None = field(default=None, repr=False)
    export_tax_jni: ArrayLike | None = field(default=None, repr=False)
    leakage_jni: ArrayLike = field(default=0.0, repr=False)
    productivity_nj: ArrayLike | None = field(default=None, repr=False)
    labour_n: ArrayLike | None = field(default=None, repr=False)
    capacity_nj: ArrayLike | None = field(default=None, repr=False)
    transfer_n: ArrayLike | None = field(default=None, repr=False)
    routes: tuple[RouteChoice, ...] = ()
    changes: tuple[Change, ...] = ()

    def __add__(self, other: Shock) -> Shock:
        if not isinstance(other, Shock):
            return NotImplemented
        if self._labelled and other._labelled:
            return Shock(routes=self.routes + other.routes, changes=self.changes + other.changes)
        merged: dict[str, object] = {
            "changes": self.changes + other.changes,
            "routes": self.routes + other.routes,
        }
        for f in fields(self):
            if f.name in ("changes", "routes", "leakage_jni"):
                continue
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if mine is None or theirs is None:
                merged[f.name] = theirs if mine is None else mine
            elif f.name in ("tariff_jni", "export_tax_jni"):
                raise ShockError(
                    f"Both shocks set the whole array {f.name}, so which of the two holds is not "
                    f"defined. Set it once, or use the named builders, which say their cells."
                )
            elif f.name == "transfer_n":
                merged[f.name] = np.add(mine, theirs)
            else:
                merged[f.name] = np.multiply(mine, theirs)
        if self.iceberg_jni is None:
            merged["leakage_jni"] = other.leakage_jni
        elif other.iceberg_jni is None:
            merged["leakage_jni"] = self.leakage_jni
        else:
            raise ShockError(
                "Both shocks set the whole array iceberg_jni, with leakages of their own. "
                "Multiply the arrays before, or use the named builders."
            )
        return Shock(**merged)  # type: ignore[arg-type]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for shocks that are the same; routes and whole arrays count by identity."""
        arrays = () if self._labelled else (id(self),)
        return self.changes, tuple(map(id, self.routes)), *arrays

    @property
    def _labelled(self) -> bool:
        """Whether it sets no whole array."""
        return (
            self.tariff_jni is None
            and self.iceberg_jni is None
            and self.export_tax_jni is None
            and self.productivity_nj is None
            and self.labour_n is None
            and self.capacity_nj is None
            and self.transfer_n is None
        )

    def __radd__(self, other: object) -> Shock:
        # sum([...]) starts from 0.
        return self if other == 0 else NotImplemented
