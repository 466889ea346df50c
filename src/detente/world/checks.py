"""Does a base year add up? Every fault by country and good, and every verdict with its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from detente._document import document
from detente._types import Array
from detente.world.base_year import BaseYear

#: Largest relative gap in a market's or sector's accounts that a base year may have.
BALANCE_TOLERANCE = 1e-6
_SHOWN = 8
#: No cell of a base year is larger, whatever its unit: sums of such cells are still numbers.
LARGEST = 1e18
_NOWHERE = np.zeros((0, 3), dtype=np.intp)


@dataclass(frozen=True)
class Verdict:
    """One check of a base year: what was looked at, whether it holds, what to do if not.

    Attributes:
        check: what was looked at.
        passed: whether it holds; for a note, whether there is nothing to say.
        finding: what was found, by country and good.
        remedy: what to do about it.
        level: `error` refuses the base year, `note` is worth knowing.
    """

    check: str
    passed: bool
    finding: str
    remedy: str = ""
    level: Literal["error", "note"] = "error"

    @property
    def sentence(self) -> str:
        """The verdict and its remedy in a line."""
        mark = "ok  " if self.passed else "note" if self.level == "note" else "FAIL"
        return f"{mark} {self.check}: {self.finding} {self.remedy}".rstrip()


@dataclass(frozen=True)
class WorldCheck:
    """Whether a base year adds up.

    Attributes:
        world: its name.
        digest: of its data.
        verdicts: of every check.
    """

    world: str
    digest: str
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether no check refuses the base year."""
        return all(v.passed or v.level == "note" for v in self.verdicts)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each verdict with its remedy, `ok`, `note` or `FAIL` first."""
        return tuple(v.sentence for v in self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """The verdicts as plain data."""
        return document(
            "world_check",
            {
                "world": self.world,
                "digest": self.digest,
                "passed": self.passed,
                "sentences": self.sentences,
                "verdicts": [asdict(v) for v in self.verdicts],
            },
        )


def faults_of(world: BaseYear) -> list[str]:
    """The sentences that refuse a base year; empty when it can be used."""
    shapes = _shape_faults(world)
    if shapes:
        return shapes
    return [_sentence(v) for v in account_checks(world) if not v.passed]


def elasticity_faults(world: BaseYear) -> list[str]:
    """The sentences that refuse the elasticities of a base year whose accounts were checked."""
    shapes = _array_faults(world, ("trade_elasticity_j", "input_substitution_j"))
    found = _elasticities(world) if not shapes else None
    return shapes if found is None or found.passed else [_sentence(found)]


def _sentence(verdict: Verdict) -> str:
    return f"{verdict.check}: {verdict.finding} {verdict.remedy}".rstrip()


def _shape_faults(world: BaseYear) -> list[str]:
    faults = []
    for what, labels in (("country", world.countries), ("good", world.goods)):
        twice = sorted({x for x in labels if labels.count(x) > 1})
        if twice:
            faults.append(f"The {what} {', '.join(twice)} is named twice.")
        if not labels:
            faults.append(f"There is no {what}.")
    arrays = (name for name, value in vars(world).items() if isinstance(value, np.ndarray))
    faults += _array_faults(world, arrays)
    for name, value in world.specification.parts.items():
        if isinstance(value, np.ndarray) and value.shape != _shape(world, name):
            faults.append(
                f"The specification has {name} of shape {value.shape}, expected "
                f"{_shape(world, name)}: merge or split goods and countries first, then specify."
            )
    return faults


def _shape(world: BaseYear, name: str) -> tuple[int, ...]:
    N, J = len(world.countries), len(world.goods)
    size = {"j": J, "k": J, "n": N, "i": N}
    return tuple(size[c] for c in name.rsplit("_", 1)[1])


def _array_faults(world: BaseYear, names: Iterable[str]) -> list[str]:
    faults = []
    for name in names:
        value: Array = getattr(world, name)
        shape = _shape(world, name)
        if value.shape != shape:
            faults.append(f"{name} has shape {value.shape}, expected {shape}.")
        elif not np.isfinite(value).all():
            where = np.argwhere(~np.isfinite(value))[0]
            faults.append(f"{name} is not a finite number at {_place(world, name, where)}.")
        elif value.size and float(np.abs(value).max()) > LARGEST:
            where = np.array(np.unravel_index(int(np.abs(value).argmax()), value.shape))
            faults.append(
                f"{name} is {value[tuple(where)]:.6g} at {_place(world, name, where)}, out of all "
                f"proportion: {LARGEST:g} is the most. Check its unit."
            )
    return faults


def account_checks(world: BaseYear) -> list[Verdict]:
    """Each check of the accounts: one that fails refuses the base year."""
    return [
        *_signs(world),
        _elasticities(world),
        _suppliers(world),
        _sector_accounts(world),
        _goods_markets(world),
        _value_added(world),
        _transfers(world),
        _specification(world),
    ]


_ABOVE_ZERO = "World.from_flows with balance='ras' sets such cells to zero and says what moves."
_SIGN_REMEDY = {
    "final_nj": "Give negative_final='sales' or 'inputs' to World.from_flows, or balance='ras'.",
    "labour_nj": "Value added must be 0 or more, its shares between 0 and 1; World.from_flows with "
    "balance='ras' sets what is below zero to zero and says what moves.",
    "capital_nj": "Value added must be 0 or more, and capital's share between 0 and 1.",
    "resource_nj": "Value added must be 0 or more, and the resource's share between 0 and 1.",
}


def _signs(world: BaseYear) -> list[Verdict]:
    out = []
    for name in (
        "trade_jni",
        "intermediate_nkj",
        "final_nj",
        "labour_nj",
        "capital_nj",
        "resource_nj",
    ):
        value: Array = getattr(world, name)
        negative = value < 0
        bad = np.argwhere(negative) if negative.any() else _NOWHERE
        shown = "; ".join(f"{_place(world, name, w)} ({value[tuple(w)]:.6g})" for w in bad[:_SHOWN])
        out.append(
            Verdict(
                f"{name} not negative",
                not len(bad),
                f"negative at {len(bad)} place(s): {shown}." if len(bad) else "holds",
                _SIGN_REMEDY.get(name, _ABOVE_ZERO) if len(bad) else "",
            )
        )
    for name in ("tariff_jni", "export_tax_jni"):
        below = getattr(world, name) <= -1
        bad = np.argwhere(below) if below.any() else _NOWHERE
        out.append(
            Verdict(
                f"{name} above -1",
                not len(bad),
                f"a subsidy of 100 % or more at {_place(world, name, bad[0])}."
                if len(bad)
                else "holds",
                "A subsidy must leave a positive price; lower it." if len(bad) else "",
            )
        )
    return out


def _elasticities(world: BaseYear) -> Verdict:
    bad = [
        f"trade elasticity of {g} is {t:g}, must be above 0"
        for g, t in zip(world.goods, world.trade_elasticity_j, strict=True)
        if t <= 0
    ]
    bad += [
        f"input substitution of {g} is {t:g}, must be 0 or more"
        for g, t in zip(world.goods, world.input_substitution_j, strict=True)
        if t < 0
    ]
    bad += [
        f"final substitution of {c} is {t:g}, must be 0 or more"
        for c, t in zip(world.countries, world.final_substitution_n, strict=True)
        if t < 0
    ]
    return Verdict(
        "elasticities",
        not bad,
        "; ".join(bad[:_SHOWN]) + "." if bad else "hold",
        "Give values with a source; detente.world.default_elasticities has some." if bad else "",
    )


def _suppliers(world: BaseYear) -> Verdict:
    used = world.intermediate_nkj.sum(axis=2) + world.final_nj
    missing = np.argwhere((used > 0) & (world.spending_jn.T <= 0))
    return Verdict(
        "suppliers",
        not len(missing),
        f"{len(missing)} market(s) use a good that nobody sells them: "
        + "; ".join(f"{world.goods[j]} in {world.countries[n]}" for n, j in missing[:_SHOWN])
        + "."
        if len(missing)
        else "every good that is used has a supplier",
        "Give the market a supplier, if only itself, or set the use to zero."
        if len(missing)
        else "",
    )


def _value_added(world: BaseYear) -> Verdict:
    none = world.value_added_nj.sum(axis=1) <= 0
    names = [c for c, x in zip(world.countries, none, strict=True) if x]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" * (len(names) > _SHOWN))
    return Verdict(
        "value added",
        not names,
        f"{shown} earn(s) nothing: value added is zero in every good, so that no price there has "
        f"a level."
        if names
        else "every country earns some",
        "Give the country value added in one good at least, or merge it with another by "
        "aggregate_countries."
        if names
        else "",
    )


def _sector_accounts(world: BaseYear) -> Verdict:
    cost = (world.intermediate_nkj.sum(axis=1) + world.value_added_nj).T
    return _balance(
        world,
        "producers",
        world.receipts_jn,
        cost,
        "sales",
        "inputs plus value added",
        "Take value added as the residual of sales and inputs, or give balance='ras' to "
        "World.from_flows.",
    )


def _goods_markets(world: BaseYear) -> Verdict:
    use = (world.intermediate_nkj.sum(axis=2) + world.final_nj).T
    return _balance(
        world,
        "markets",
        world.spending_jn,
        use,
        "purchases from all origins",
        "intermediate plus final use",
        "Take final use as the residual, check that use is at purchaser values with tariffs, or "
        "give balance='ras' to World.from_flows.",
    )


def _balance(
    world: BaseYear, check: str, left: Array, right: Array, first: str, second: str, remedy: str
) -> Verdict:
    # A cell of less than a billionth of the world is rounding, whatever its relative gap.
    floor = 1e-9 * max(float(left.sum()), 1e-300)
    gap = np.abs(left - right) / np.maximum(np.maximum(np.abs(left), np.abs(right)), floor)
    bad = np.argwhere(gap > BALANCE_TOLERANCE)
    worst = sorted(bad.tolist(), key=lambda jn: -gap[jn[0], jn[1]])
    if not worst:
        return Verdict(check, True, f"largest relative gap {gap.max():.1e}")
    shown = "; ".join(
        f"{world.goods[j]} in {world.countries[n]}: {first} {left[j, n]:.6g}, {second} "
        f"{right[j, n]:.6g}"
        for j, n in worst[:_SHOWN]
    )
    return Verdict(check, False, f"{len(worst)} do(es) not balance: {shown}.", remedy)


def _transfers(world: BaseYear) -> Verdict:
    total = float(world.transfer_n.sum())
    scale = max(float(world.income_n.sum()), 1e-300)
    good = abs(total) <= 1e-6 * scale
    return Verdict(
        "transfers",
        good,
        f"sum over the world is {total / scale:.1e} of world income" + "." * (not good),
        ""
        if good
        else "One country's deficit is another's surplus: rebalance the flows, "
        "as World.from_flows does with balance='ras'.",
    )


def _specification(world: BaseYear) -> Verdict:
    """Whether value added can hold marketing and profits, and returns to scale an equilibrium."""
    given, bad = world.specification, []
    production = world.receipts_jn - world.marketing_jn
    left = world.value_added_nj.T - world.marketing_jn
    if given.marketing_share_jn is not None:
        short = world.labour_nj.T - world.marketing_jn < -1e-9 * np.maximum(world.receipts_jn, 0)
        bad += [
            f"labour in {world.goods[j]} of {world.countries[n]} earns less than marketing pays"
            for j, n in np.argwhere(short)
        ]
    if given.mark_up_j is not None:
        profit = (1 - 1 / given.mark_up_j)[:, None] * production
        bad += [
            f"profits in {world.goods[j]} of {world.countries[n]} ({profit[j, n]:.6g}) exceed what "
            f"value added leaves for them ({left[j, n]:.6g})"
            for j, n in np.argwhere((profit > 0) & (profit >= left * (1 - 1e-9)))
        ]
    if given.scale_elasticity_j is not None and len(world.goods) > 1:
        product = given.scale_elasticity_j * world.trade_elasticity_j
        bad += [
            f"scale elasticity times trade elasticity of {world.goods[j]} is {product[j]:g}, above "
            f"1: with several goods no unique equilibrium is known to exist"
            for j in np.flatnonzero(product > 1 + 1e-12)
        ]
    return Verdict(
        "specification",
        not bad,
        "; ".join(bad[:_SHOWN]) + "." if bad else "holds",
        "Give lower mark-ups, marketing shares or scale elasticities, or name them by good."
        if bad
        else "",
    )


def _place(world: BaseYear, name: str, where: Array) -> str:
    letters = name.rsplit("_", 1)[1]
    labels = {"j": world.goods, "k": world.goods, "n": world.countries, "i": world.countries}
    role = {"j": "good", "k": "input", "n": "market", "i": "origin"}
    return ", ".join(f"{role[c]} {labels[c][int(w)]}" for c, w in zip(letters, where, strict=True))
