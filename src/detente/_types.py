"""Types that every room uses: arrays by their numbers, and the rule for trade deficits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Numbers; which axes they have is in the last letters of a name.
Array: TypeAlias = "NDArray[np.float64]"
#: The same at half the precision, where speed counts more.
Single: TypeAlias = "NDArray[np.float32]"
#: Positions, such as those of countries in a world.
Index: TypeAlias = "NDArray[np.intp]"
#: States or sets of measures, a bit each.
Codes: TypeAlias = "NDArray[np.int64]"
#: Which entries are meant.
Mask: TypeAlias = "NDArray[np.bool_]"
#: How trade deficits behave, before and after a shock.
Transfers: TypeAlias = Literal["fixed", "proportional", "zero"]
