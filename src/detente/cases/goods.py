"""Goods of the product layer in a case: one line each, made the commodity that it stands for.

`NamedGood` is the line. `with_goods` adds to a case's data the commodity, its parameters and its
flows, and says what had to be repaired; `Expansion` is what it gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from detente.cases.economy import ANALYST, Code
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import Entry, Name, Text
from detente.cases.tables import Flow
from detente.world.elasticities import default_elasticity, trade_elasticity
from detente.world.errors import UnknownLabel, WorldError
from detente.world.sectors import holder

if TYPE_CHECKING:
    from detente._types import Array
    from detente.world import World
    from detente.world.products import Kind, Product, ProductSplit

#: What the factors' shares of sales come to at most at the upper end of a range.
_MOST = 0.98
#: Digits of flows and prices, so that every machine reads the same case.
_DIGITS = 6


class NamedGood(Entry):
    """A good of the product layer that is split out of its sector: short for a commodity."""

    id: Name = Field(description="What measures call it, such as crude.")
    hs: Code = Field(description="Its code in the product layer; `detente goods` lists them.")
    year: int | None = Field(
        default=None, description="Year of its flows; the world's own if left out."
    )
    parent: Text | None = Field(
        default=None, description="The good of the world that holds it; by its code if left out."
    )
    label: Text | None = Field(default=None, description="For readers; its name if left out.")
    note: str = ""


@dataclass(frozen=True)
class Expansion:
    """A case's data with what its goods stand for.

    Attributes:
        data: with a commodity and parameters for each good.
        places: from what was added to the good that it comes of.
        flows: of each commodity that was added.
        repairs: what had to be changed so that a good fits into its sector.
        notes: what was assumed.
        faults: goods that cannot be split out.
    """

    data: dict[str, Any]
    places: dict[KeyPath, KeyPath] = field(default_factory=dict)
    flows: dict[str, tuple[Flow, ...]] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Complaint, ...] = ()

    def written(self, path: KeyPath) -> KeyPath:
        """Where the file has what stands at a path of the data."""
        return self.places.get(path[:2], path)


def with_goods(data: dict[str, Any], world: World | None) -> Expansion:
    """A case's data with a commodity and its parameters for each of its goods.

    A parameter of the same name in the file is kept, so that a reader can set it.

    Args:
        data: the keys of a case.
        world: its base year; None where that is not known.
    """
    entries = data.get("goods")
    if not isinstance(entries, list) or world is None:
        return Expansion(data)
    commodities = data.get("commodities") or []
    parameters = data.get("parameters") or {}
    if not isinstance(commodities, list) or not isinstance(parameters, dict):
        return Expansion(data)
    added: list[dict[str, Any]] = []
    own: dict[str, dict[str, Any]] = {}
    places: dict[KeyPath, KeyPath] = {}
    flows: dict[str, tuple[Flow, ...]] = {}
    taken: dict[str, Array] = {}
    faults: list[Complaint] = []
    repairs: list[str] = []
    notes: list[str] = []
    names = {
        c.get("name"): f"commodities[{k}]" for k, c in enumerate(commodities) if isinstance(c, dict)
    }
    for index, given in enumerate(entries):
        try:
            good = NamedGood.model_validate(given)
        except ValidationError:
            continue  # said where the whole case is read
        if good.id in names:
            message = f"{good.id!r} stands already at {names[good.id]}."
            faults.append((("goods", index, "id"), message, "Give one of them another name."))
            continue
        names[good.id] = f"goods[{index}]"
        found = _split(("goods", index), good, world, taken)
        if not isinstance(found, _Split):
            faults.append(found)
            continue
        split = found.split
        taken[split.parent] = taken.get(split.parent, 0.0) + split.value_ni
        numbers = _parameters(good, split, found.kind)
        own |= {name: entry for name, entry in numbers.items() if name not in parameters}
        places |= {("parameters", name): ("goods", index) for name in own if name in numbers}
        places["commodities", len(commodities) + len(added)] = ("goods", index)
        added.append(_commodity(good, split))
        flows[good.id] = _flows(split, world.countries)
        repairs += split.repairs
        notes += [*split.notes, *_other_year(split, world)]
    if not added:
        return Expansion(data, faults=tuple(faults))
    whole = {**data, "commodities": [*commodities, *added], "parameters": {**parameters, **own}}
    return Expansion(whole, places, flows, tuple(repairs), tuple(notes), tuple(faults))


@dataclass(frozen=True)
class _Split:
    split: ProductSplit
    kind: Kind


def _split(
    path: KeyPath, good: NamedGood, world: World, taken: dict[str, Array]
) -> _Split | Complaint:
    """The split of a good, or what is wrong with its line and where."""
    from detente.world.products import commodity, find_product, kind_of, split_of

    key = "hs"
    try:
        product = find_product(good.hs)
        key = "year"
        year = world.year if good.year is None else good.year
        commodity(product, year)
        key = "parent" if good.parent else "hs"
        sector = good.parent or holder(product.isic, world.goods)
        if sector is not None:
            world.good(sector)
        split = split_of(
            product, world, year, parent=sector, taken_ni=taken.get(sector) if sector else None
        )
    except (UnknownLabel, WorldError) as error:
        remedy = error.remedy
        message = error.faults[0].removesuffix(remedy).rstrip()
        return (*path, key), message, remedy
    return _Split(split, kind_of(product.kind))


def _other_year(split: ProductSplit, world: World) -> list[str]:
    if split.year == world.year:
        return []
    return [
        f"{split.product.name}: its flows are of {split.year}, in a world of {world.year}; they "
        "are split out as they are."
    ]


def _name(good: NamedGood, what: str) -> str:
    return f"{good.id.replace('-', '_')}_{what}"


def _parameters(good: NamedGood, split: ProductSplit, kind: Kind) -> dict[str, dict[str, Any]]:
    """The numbers of a good that are not known well, each with range and source."""
    label = (good.label or split.product.name).lower()
    theta = trade_elasticity(split.product.isic) or default_elasticity()
    own = kind.trade_elasticity
    high = min(kind.resource_share.high, _MOST - split.labour_share - split.capital_share)
    value = min(kind.resource_share.value, high)
    return {
        _name(good, "trade_elasticity"): {
            "label": f"how readily buyers change the seller of {label}",
            "value": theta.value if own is None else own.value,
            "range": [theta.low, theta.high] if own is None else [own.low, own.high],
            "unit": "ratio",
            "date": theta.date if own is None else kind.date,
            "source": theta.source if own is None else kind.source,
            "note": theta.note if own is None else kind.note,
        },
        _name(good, "resource_share"): {
            "label": f"rent of deposit or plant in the price of {label}",
            "value": value,
            "range": [min(kind.resource_share.low, value), high],
            "unit": "share of sales",
            "date": kind.date,
            "source": kind.source,
            "note": f"Of {kind.words}. {kind.note}",
        },
        _name(good, "input_substitution"): {
            "label": f"how readily producers of {label} work what is fixed harder",
            "value": kind.input_substitution.value,
            "range": [kind.input_substitution.low, kind.input_substitution.high],
            "unit": "ratio",
            "date": kind.date,
            "source": kind.source,
            "note": f"Of {kind.words}; see {_name(good, 'resource_share')}.",
        },
    }


def _commodity(good: NamedGood, split: ProductSplit) -> dict[str, Any]:
    """The commodity that a good stands for."""
    product = split.product
    users = {name: round(share, 4) for name, share in split.users.items()}
    largest = max(users, key=lambda name: users[name])
    users[largest] += 1 - sum(users.values())
    return {
        "name": good.id,
        "label": good.label or f"{product.name[:1].upper()}{product.name[1:]}",
        "parent": split.parent,
        "flows": f"HS {product.hs} of {split.year}",
        "unit": product.unit,
        "price": _digits(split.price),
        "period": split.year,
        "hs": product.hs,
        "users": users,
        "labour_share": round(split.labour_share, 4),
        "capital_share": round(split.capital_share, 4),
        "resource_share": _name(good, "resource_share"),
        "trade_elasticity": _name(good, "trade_elasticity"),
        "input_substitution": _name(good, "input_substitution"),
        "source": _source(product),
        "note": " ".join([*split.repairs, *split.notes, good.note]).strip(),
    }


def _source(product: Product) -> str:
    from detente.world.products.catalogue import SOURCE

    return f"{SOURCE}; HS {product.hs}; costs and users: its sector; {ANALYST} of its kind"


def _flows(split: ProductSplit, countries: tuple[str, ...]) -> tuple[Flow, ...]:
    """The flows of a split, largest digits only."""
    out = []
    for n, market in enumerate(countries):
        for i, origin in enumerate(countries):
            quantity = _digits(float(split.tonnes_ni[n, i]))
            if quantity > 0:
                out.append(Flow(origin, market, quantity, "own" if n == i else "export"))
    return tuple(out)


def _digits(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def flow_bytes(flows: dict[str, tuple[Flow, ...]]) -> list[bytes]:
    """The flows of each good as bytes, for the digest of a case."""
    return [
        "".join(f"{f.origin},{f.market},{f.quantity:.{_DIGITS}g}\n" for f in table).encode()
        for table in flows.values()
    ]
