"""Why a shock has no answer: it cannot be met by finite prices, or the solver did not get there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from detente.errors import DetenteError


class ShockError(DetenteError, ValueError):
    """A shock that makes no sense for this world: what, where, and what to do.

    Attributes:
        finished: what `solve_many` had solved by then, by position of the shock.
    """

    finished: Mapping[int, Any] = MappingProxyType({})


class InfeasibleShock(ShockError):
    """A shock under which no equilibrium with finite prices exists, found before solving.

    Attributes:
        cells: the (country, good) pairs concerned; the good is '' where a whole country is cut off.
        remedies: what would make it solvable.
    """

    def __init__(
        self, message: str, cells: tuple[tuple[str, str], ...], remedies: tuple[str, ...]
    ) -> None:
        self.cells = cells
        self.remedies = remedies
        super().__init__(message, " ".join(remedies))


class NotConverged(DetenteError, ArithmeticError):
    """The solver stalled; it returns no number. The message says how far it got and what helps.

    It names a country that owed more than it earned where the search ended: transfers that cannot
    be paid have no equilibrium.

    Attributes:
        finished: what `solve_many` had solved by then, by position of the shock.
    """

    finished: Mapping[int, Any] = MappingProxyType({})


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in `solve_many`.

    Attributes:
        finished: the equilibria that exist, by position of their shock.
    """

    finished: Mapping[int, Any] = MappingProxyType({})
