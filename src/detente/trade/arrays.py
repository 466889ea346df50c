"""Array libraries other than NumPy: whatever follows the Python array API is called by its name.

https://data-apis.org/array-api: an array says which namespace its functions stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from detente.trade.economy import SubstitutionGroup


def namespace(array: Any) -> Any:
    """The library of an array; NumPy for its own."""
    return array.__array_namespace__()


def packed(array: Any) -> Any:
    """The same laid out along its axes, for NumPy, whose products ask for it."""
    return np.ascontiguousarray(array) if isinstance(array, np.ndarray) else array


def of_goods(array: Any, group: SubstitutionGroup, axis: int) -> Any:
    """The goods of a group along an axis."""
    if isinstance(group.goods, slice):
        return array[(slice(None),) * axis + (group.goods, ...)]
    xp = namespace(array)
    return xp.take(array, xp.asarray(group.goods), axis=axis)


def all_goods(parts: Sequence[Any], groups: Sequence[SubstitutionGroup], axis: int) -> Any:
    """What groups of goods have along an axis, in the order of the goods, packed."""
    if len(parts) == 1:
        return packed(parts[0])
    shape = list(parts[0].shape)
    shape[axis] = size = sum(part.shape[axis] for part in parts)
    if isinstance(parts[0], np.ndarray):
        # Written to their places once; to concatenate and sort them would be two copies more.
        out = np.empty(shape)
        for part, group in zip(parts, groups, strict=True):
            out[(slice(None),) * axis + (group.goods,)] = part
        return out
    xp = namespace(parts[0])
    order = np.argsort(np.concatenate([np.arange(size)[group.goods] for group in groups]))
    return xp.take(xp.concat(parts, axis=axis), xp.asarray(order), axis=axis)
