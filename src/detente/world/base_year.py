"""The arrays of a base year by label, and what follows from them, checked or not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array
from detente.world.errors import WorldError
from detente.world.specification import PLAIN, Specification


@dataclass(frozen=True, eq=False, repr=False)
class BaseYear:
    """Flows, taxes, factors and elasticities of one year; `World` says what each field holds.

    It need not add up: the checks take one, and a `World` is a base year that passed them.
    """

    countries: tuple[str, ...]
    goods: tuple[str, ...]
    trade_jni: Array = field(repr=False)
    tariff_jni: Array = field(repr=False)
    export_tax_jni: Array = field(repr=False)
    intermediate_nkj: Array = field(repr=False)
    final_nj: Array = field(repr=False)
    labour_nj: Array = field(repr=False)
    capital_nj: Array = field(repr=False)
    resource_nj: Array = field(repr=False)
    trade_elasticity_j: Array = field(repr=False)
    input_substitution_j: Array = field(repr=False)
    final_substitution_n: Array = field(repr=False)
    year: int = 0
    unit: str = "USD million"
    source: str = ""
    name: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)
    stand_ins: tuple[str, ...] = field(default=(), repr=False)
    specification: Specification = field(default=PLAIN, repr=False)

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, f.name, frozen(value))

    @cached_property
    def purchaser_jni(self) -> Array:
        """Value of each flow at purchaser prices: with export tax and tariff, (J, N, N)."""
        value: Array = self.trade_jni * (1 + self.export_tax_jni) * (1 + self.tariff_jni)
        return value

    @cached_property
    def spending_jn(self) -> Array:
        """X: spending of market n on good j at purchaser prices, (J, N)."""
        total: Array = self.purchaser_jni.sum(axis=2)
        return total

    @cached_property
    def sales_jn(self) -> Array:
        """Y: sales of country n's good j to all markets net of taxes, (J, N)."""
        total: Array = self.trade_jni.sum(axis=1)
        return total

    @cached_property
    def marketing_jn(self) -> Array:
        """What of market n's purchases of good j pays labour of the market itself, (J, N)."""
        share = self.specification.marketing_share_jn
        bought: Array = self.trade_jni.sum(axis=2)
        return np.zeros_like(bought) if share is None else share * bought

    @cached_property
    def receipts_jn(self) -> Array:
        """What n's producers of j receive, with what its labour earns by marketing j, (J, N)."""
        share = self.specification.marketing_share_jn
        if share is None:
            return self.sales_jn
        total: Array = (self.trade_jni * (1 - share)[:, :, None]).sum(axis=1) + self.marketing_jn
        return total

    @cached_property
    def share_jni(self) -> Array:
        """π: share of n's spending on j that goes to origin i; sums to 1 over i.

        A market that buys none of a good keeps itself as a formal supplier.
        """
        spending = self.spending_jn[:, :, None]
        share = np.divide(
            self.purchaser_jni, spending, out=np.zeros_like(self.trade_jni), where=spending > 0
        )
        j, n = np.nonzero(self.spending_jn <= 0)
        share[j, n, n] = 1.0
        return share

    @cached_property
    def value_added_nj(self) -> Array:
        """Payments to all factors, (N, J)."""
        return self.labour_nj + self.capital_nj + self.resource_nj

    @cached_property
    def tariff_revenue_n(self) -> Array:
        """Tariff revenue of each market, (N,)."""
        total: Array = (self.trade_jni * (1 + self.export_tax_jni) * self.tariff_jni).sum(
            axis=(0, 2)
        )
        return total

    @cached_property
    def export_tax_revenue_n(self) -> Array:
        """Export-tax revenue of each origin, (N,)."""
        total: Array = (self.trade_jni * self.export_tax_jni).sum(axis=(0, 1))
        return total

    @cached_property
    def income_n(self) -> Array:
        """I: what households and government spend, which is final purchases, (N,)."""
        total: Array = self.final_nj.sum(axis=1)
        return total

    @cached_property
    def transfer_n(self) -> Array:
        """D: income beyond factor income and taxes, the trade deficit; sums to 0 over n."""
        own = self.value_added_nj.sum(axis=1) + self.tariff_revenue_n + self.export_tax_revenue_n
        gap: Array = self.income_n - own
        return gap

    @cached_property
    def digest(self) -> str:
        """SHA-256 of labels and arrays: equal worlds have equal digests."""
        h = hashlib.sha256()
        for f in fields(self):
            value: Any = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                h.update(f.name.encode() + np.ascontiguousarray(value).tobytes())
            elif f.name in ("countries", "goods"):
                h.update("\0".join(value).encode())
        for name, part in self.specification.parts.items():
            known = part.encode() if isinstance(part, str) else part.tobytes()
            h.update(name.encode() + known)
        return h.hexdigest()


class Shaped:
    """Numbers as arrays of the sizes that their labels say, with every fault of them.

    Args:
        countries: N.
        goods: J.
    """

    def __init__(self, countries: int, goods: int) -> None:
        self._size = {"j": goods, "k": goods, "n": countries, "i": countries}
        self.faults: list[str] = []

    def array(self, label: str, value: ArrayLike, *, broadcast: bool = True) -> Array:
        """The numbers in the shape that the label's letters say; zeros where that fails.

        Args:
            label: such as `trade_jni`.
            value: the numbers.
            broadcast: whether fewer numbers may stand for all.
        """
        shape = tuple(self._size[c] for c in label.rsplit("_", 1)[1])
        try:
            given = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError) as error:
            self.faults.append(f"{label}: cannot be read as numbers of shape {shape} ({error})")
            return np.zeros(shape)
        if given.shape == shape:
            return given
        try:
            if broadcast:
                return np.broadcast_to(given, shape)
        except ValueError:
            pass
        also = " or one that broadcasts to it" if broadcast else ""
        self.faults.append(f"{label}: shape {given.shape}, expected {shape}{also}")
        return np.zeros(shape)

    def check(self) -> None:
        """Refuse every fault found so far."""
        if self.faults:
            raise WorldError(self.faults)


def frozen(value: ArrayLike) -> Array:
    """A copy of numbers that nobody can change."""
    array = np.array(value, dtype=np.float64, order="C")
    array.flags.writeable = False
    return array
