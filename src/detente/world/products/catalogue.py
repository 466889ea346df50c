"""The catalogue of the product layer: which narrow goods there are, and what each is called.

`Product` is one of them and `Goods` a list of them. `goods` lists all or those that a text finds;
`find_product` is the one that a name or code stands for.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._near import did_you_mean
from detente._shown import Framed, Small
from detente.world.errors import UnknownLabel
from detente.world.sectors import all_sectors, makers

if TYPE_CHECKING:
    import polars as pl

DATA = Path(__file__).parent / "data"
#: Years of the flows.
FIRST, LAST = 2005, 2024
#: The last six of them.
RECENT = f"{LAST - 5}:{LAST}"
#: What a note of every product says.
REPORTING = "reporting"
#: Where the flows come from.
SOURCE = "CEPII, BACI (Gaulier & Zignago 2010), Etalab Open Licence 2.0"


@dataclass(frozen=True)
class Product:
    """One narrow good of the product layer.

    Attributes:
        hs: its code in the Harmonized System of 1992, six digits or a heading of four.
        name: what it is called.
        kind: `energy`, `ore`, `metal`, `crop`, `fertiliser` or `other`.
        isic: the sector that makes it, as in the worlds of 50 and 28 sectors.
        users: sectors that buy it; empty where it goes where its sector's goods go.
        price: its series of prices; empty for none.
        per_tonne: how many units of that price a tonne has; None where it has no fixed number.
        also: other names under which it is found.
        notes: known gaps of its data.
        unit: of its quantities.
    """

    hs: str
    name: str
    kind: str
    isic: str
    users: tuple[str, ...] = ()
    price: str = ""
    per_tonne: float | None = None
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unit: str = "t"


@dataclass(frozen=True, eq=False, repr=False)
class Goods(Framed, Sequence[Product]):
    """A list of goods of the product layer.

    Attributes:
        products: in the order of their codes.
    """

    products: tuple[Product, ...]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.products)

    def __iter__(self) -> Iterator[Product]:
        """Each product."""
        return iter(self.products)

    def __getitem__(self, key: Any) -> Any:
        """A product by its place, code or name; an unknown one raises `UnknownLabel`."""
        return find_product(key) if isinstance(key, str) else self.products[key]

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many goods there are, and of which years."""
        return (
            f"{len(self)} goods with their flows between countries, {FIRST} to {LAST}. {SOURCE}.",
        )

    def to_frame(self) -> pl.DataFrame:
        """One row a good: code, name, kind, sector, unit and price series."""
        import polars as pl

        keys = ("hs", "name", "kind", "isic", "unit", "price")
        return pl.DataFrame(
            {key: [getattr(p, key) for p in self.products] for key in keys},
            schema=dict.fromkeys(keys, pl.String),
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        rows = [
            {
                "hs": p.hs,
                "name": p.name,
                "also": p.also,
                "goods_kind": p.kind,
                "isic": p.isic,
                "unit": p.unit,
                "price": p.price,
                "notes": p.notes,
            }
            for p in self.products
        ]
        return document("goods", {"sentences": self.sentences, "source": SOURCE, "goods": rows})

    def _lines(self) -> Sequence[str]:
        return self.sentences

    def _small(self) -> Small:
        rows = [(p.hs, p.name, p.kind, p.isic) for p in self.products[:8]]
        return "", ("HS", "good", "kind", "sector"), rows


@functools.cache
def products() -> dict[str, Product]:
    """Every product by its code."""
    table = tomllib.loads((DATA / "products.toml").read_text(encoding="utf-8"))
    notes: dict[str, str] = table["notes"]
    out = {}
    for row in table["product"]:
        keys = [*row.pop("notes", ()), REPORTING]
        out[row["hs"]] = Product(
            users=tuple(row.pop("users", ())),
            also=tuple(row.pop("also", ())),
            notes=tuple(notes[k] for k in keys),
            **row,
        )
    return out


def goods(text: str = "") -> Goods:
    """The narrow goods whose flows, prices and notes come with the package.

    Args:
        text: a code or the beginning of one, a part of a name, or a kind such as `energy`; all
            goods if empty.

    Returns:
        Goods: those that are found, in the order of their codes.

    Raises:
        UnknownLabel: if none is found, with the nearest names.

    Example:
        >>> import detente
        >>> [good.hs for good in detente.goods("crude")]
        ['250310', '270900']
        >>> detente.goods()["crude oil"].isic
        'B06'
    """
    plain = _plain(text)
    found = tuple(p for p in products().values() if not plain or _found(p, plain))
    if not found:
        raise UnknownLabel(*_unknown(text))
    return Goods(found)


def _found(product: Product, plain: str) -> bool:
    if plain.isdigit():
        return product.hs.startswith(plain) or (len(plain) > 4 and plain.startswith(product.hs))
    return plain == product.kind or any(
        plain in name.casefold() for name in (product.name, *product.also)
    )


def find_product(text: str | int) -> Product:
    """The product of that code or name.

    Args:
        text: a code such as `270900` or `HS 3104`, or a name such as `crude oil`.

    Returns:
        Product: the one.

    Raises:
        UnknownLabel: if there is none, with the nearest names.

    Example:
        >>> from detente.world.products import find_product
        >>> find_product("LNG").hs, find_product("HS 2709").name
        ('271111', 'crude oil')
    """
    plain = _plain(text)
    if plain in products():
        return products()[plain]
    if plain.isdigit():
        inside = [p for p in products().values() if _found(p, plain)]
        if len(inside) == 1:
            return inside[0]
        if inside:
            names = ", ".join(f"{p.hs} ({p.name})" for p in inside)
            raise UnknownLabel(
                f"HS {plain} holds several goods of the product layer.", f"Name one: {names}."
            )
        raise UnknownLabel(*_unknown(text))
    named = _by_name().get(plain) or _by_name().get(plain.removesuffix("s"))
    if named is None:
        raise UnknownLabel(*_unknown(text))
    return named


@functools.cache
def product_digest() -> str:
    """SHA-256 of the files of the product layer: the version of its flows, prices and goods."""
    digest = hashlib.sha256()
    for path in sorted(DATA.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(DATA).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def any_product(text: str | int) -> Product:
    """The product of that code or name, or one that only its code names.

    Args:
        text: as in `find_product`; a code of two to ten digits need not be in the layer.

    Returns:
        Product: without price, users and notes where the layer does not have it.

    Raises:
        UnknownLabel: a name that the layer does not have, or a code of no goods.

    Example:
        >>> from detente.world.products.catalogue import any_product
        >>> any_product("870323").name, any_product("2709").name
        ('goods of HS 870323', 'crude oil')
    """
    plain = _plain(text)
    if plain in products() or not plain.isdigit():
        return find_product(text)
    inside = [p for p in products().values() if _found(p, plain)]
    if len(inside) == 1 and len(plain) < 6:
        return inside[0]
    made = makers(plain, (code for code, sector in all_sectors().items() if sector.isic == (code,)))
    if not made:
        raise UnknownLabel(f"{text!r} is no code of goods.", "Write two to ten digits, as 870323.")
    return Product(plain, f"goods of HS {plain}", "other", made[0])


def _plain(text: str | int) -> str:
    plain = " ".join(str(text).split()).casefold()
    code = re.fullmatch(r"(?:hs\s*)?([\d.]+)", plain)
    return code[1].replace(".", "") if code else plain


@functools.cache
def _by_name() -> dict[str, Product]:
    named = {name.casefold(): p for p in products().values() for name in p.also}
    return named | {p.name.casefold(): p for p in products().values()}


_OWN = "Others come from files of your own: add one with `detente data add`, name it with --data."


def _unknown(text: str | int) -> tuple[str, str]:
    """What is wrong with a name that leads nowhere, and what to write."""
    plain = _plain(text)
    if plain.isdigit():
        heading = [p for p in products().values() if p.hs[:2] == plain[:2]]
        heading.sort(key=lambda p: -sum(p.hs.startswith(plain[:n]) for n in range(2, 7)))
        names = ", ".join(f"{p.hs} ({p.name})" for p in heading[:5])
        near = f"Of chapter {plain[:2]} it has {names}." if names else ""
        near = f"{near} `detente goods` lists all. {_OWN}".strip()
    else:
        known = [name for p in products().values() for name in (p.name, *p.also)]
        near = did_you_mean(plain, known, "`detente goods` lists all.")
    return f"The product layer has no good {str(text)!r}.", near
