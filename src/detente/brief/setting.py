"""What a measure sets in the model, in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.names import good_name, name_of
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.case import Case, Measure, RouteChange, Setting
    from detente.case.selection import Selection
    from detente.study.reach import Reach

_WORDS = {
    "embargo": "embargo",
    "tariff": "tariff",
    "iceberg": "extra trade cost",
    "export_tax": "export tax",
    "productivity": "productivity",
}
_RATES = {"rate": "{:g} %", "add": "{:+g} points", "leakage": "leakage {:g} %"}


def described(case: Case, measure: Measure) -> str:
    """Everything that a measure sets: 'embargo on potash, Belarus → United States'."""
    return "; ".join(described_setting(case, setting) for setting in measure.sets)


def described_setting(case: Case, setting: Setting) -> str:
    """One thing that a measure sets."""
    if setting.route is not None:
        return _route(case, setting.route)
    effect = setting.goods_effect
    words = [f"{_WORDS.get(setting.kind, setting.kind)} on {_goods(case, effect.goods)}"]
    ends = [getattr(effect, key, None) for key in ("origin", "market", "country")]
    words.append(" → ".join(_whom(end) for end in ends if end is not None))
    for key in ("rate", "add", "leakage", "factor", "extra_cost"):
        given = getattr(effect, key, None)
        amount = 0.0 if given is None else case.number(given)
        if given is not None and not (key == "leakage" and amount == 0):
            words.append(_amount(key, amount, _unit(case, effect.goods)))
    return ", ".join(word for word in words if word)


def reached(reach: Reach, owner: str) -> str:
    """How much of the base year a setting closes or changes, and what of it is not the owner's.

    Args:
        reach: from `detente.study.reach.reach_of`.
        owner: the name of the owner.
    """
    s = reach.setting
    worth = f"worth {w.money(reach.value)} in the base year"
    if s.productivity is not None:
        text = f"changes {w.count(reach.flows, 'industry', 'industries')} with sales {worth}"
    elif s.route is not None:
        verb = "closes" if s.route.close else "makes dearer"
        text = f"{verb} ways of {w.count(reach.flows, 'flow')}; what passes there is {worth}"
    else:
        verb = "closes" if s.embargo is not None else "changes"
        text = f"{verb} {w.count(reach.flows, 'flow')} {worth}"
    if reach.outside:
        whole = reach.outside == reach.flows
        these = "all of these have" if whole else f"{reach.outside:,} of these have"
        who = w.listing(
            [*map(name_of, reach.outsiders[:4])]
            + ([f"{len(reach.outsiders) - 4} others"] if len(reach.outsiders) > 4 else [])
        )
        text += (
            f". Look again: {these} neither seller nor buyer in {owner}, whose measure it is "
            f"({w.money(reach.outside_value)}, bought by {who})"
        )
    if reach.idle:
        text += f". The exception of {w.listing(map(_label, reach.idle))} takes nobody out"
    return text


def _label(label: str) -> str:
    return name_of(label) if len(label) == 3 else label


def _route(case: Case, change: RouteChange) -> str:
    labels = {
        way.id: way.label
        for routes in case.routes
        for way in routes.ways
        if (routes.commodity, routes.origin) == (change.commodity, change.origin)
    }
    goods = lower_first(case.commodity(change.commodity).label)
    ways = w.listing(labels.get(way, way) for way in change.way)
    if change.close:
        return f"no {goods} from {name_of(change.origin)} by way of {ways}"
    extra = case.number(change.extra_cost or 0.0)
    unit = case.commodity(change.commodity).unit
    return f"USD {extra:g} per {unit} more for {goods} by way of {ways}"


def _goods(case: Case, selection: Selection) -> str:
    labels = {c.name: c.label for c in case.commodities}
    return _words(
        selection, lambda good: lower_first(labels[good]) if good in labels else good_name(good)
    )


def _whom(selection: Selection) -> str:
    return _words(selection, _label)


def _words(selection: Selection, name: Callable[[str], str]) -> str:
    chosen = "all" if "*" in selection.include else w.listing(map(name, selection.include))
    return (
        f"{chosen} but {w.listing(map(name, selection.exclude))}" if selection.exclude else chosen
    )


def _unit(case: Case, selection: Selection) -> str:
    return next((c.unit for c in case.commodities if c.name in selection.include), "unit")


def _amount(key: str, value: float, unit: str) -> str:
    if key in _RATES:
        return _RATES[key].format(100 * value).replace("-", w.MINUS)
    if key == "extra_cost":
        return f"USD {value:g} per {unit}"
    return "closed" if math.isinf(value) else f"{100 * (value - 1):+.3g} %".replace("-", w.MINUS)
