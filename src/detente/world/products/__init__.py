"""The product layer: narrow goods by code, with flows between countries, prices and production.

Names are imported on first use, so that `import detente.world.products` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.world.products.catalogue import Goods as Goods
    from detente.world.products.catalogue import Product as Product
    from detente.world.products.catalogue import find_product as find_product
    from detente.world.products.catalogue import goods as goods
    from detente.world.products.flows import ProductTrade as ProductTrade
    from detente.world.products.flows import commodity as commodity
    from detente.world.products.kinds import Kind as Kind
    from detente.world.products.kinds import kind_of as kind_of
    from detente.world.products.split import ProductSplit as ProductSplit
    from detente.world.products.split import split_of as split_of

_HOME = {
    "Goods": "catalogue",
    "Kind": "kinds",
    "Product": "catalogue",
    "ProductSplit": "split",
    "ProductTrade": "flows",
    "commodity": "flows",
    "find_product": "catalogue",
    "goods": "catalogue",
    "kind_of": "kinds",
    "split_of": "split",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
