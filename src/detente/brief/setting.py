"""What a measure sets in the model, in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.names import good_name, name_of
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.case import Case, Measure, RouteChange
    from detente.case.selection import Selection

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
    parts = []
    for setting in measure.sets:
        if setting.route is not None:
            parts.append(_route(case, setting.route))
            continue
        effect = setting.goods_effect
        words = [f"{_WORDS.get(setting.kind, setting.kind)} on {_goods(case, effect.goods)}"]
        ends = [getattr(effect, key, None) for key in ("origin", "market", "country")]
        words.append(" → ".join(_whom(end) for end in ends if end is not None))
        for key in ("rate", "add", "leakage", "factor", "extra_cost"):
            given = getattr(effect, key, None)
            amount = 0.0 if given is None else case.number(given)
            if given is not None and not (key == "leakage" and amount == 0):
                words.append(_amount(key, amount, _unit(case, effect.goods)))
        parts.append(", ".join(word for word in words if word))
    return "; ".join(parts)


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
    return _words(selection, lambda code: name_of(code) if len(code) == 3 else code)


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
