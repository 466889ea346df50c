"""What came of many shocks: the equilibria that exist, and why others do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.trade.errors import Interrupted, NotConverged, ShockError
from detente.world import UnknownLabel

if TYPE_CHECKING:
    from detente.trade.equilibrium import Equilibrium

#: What one shock of many may fail with.
Reason = ShockError | UnknownLabel | NotConverged | Interrupted
REASONS = (ShockError, UnknownLabel, NotConverged)


@dataclass(frozen=True, eq=False)
class Batch:
    """What `solve_many` has when it is told to keep going.

    Attributes:
        equilibria: one a shock, in their order; None where there is none.
        reasons: why there is none, by position of the shock.
        interrupted: whether Ctrl-C ended the work before every shock had its turn.
    """

    equilibria: tuple[Equilibrium | None, ...]
    reasons: Mapping[int, Reason]
    interrupted: bool

    @property
    def sentence(self) -> str:
        """How many shocks have an equilibrium, and the first reason why others have none."""
        total = len(self.equilibria)
        text = f"{total - len(self.reasons)} of {total} shocks have an equilibrium."
        left = sum(isinstance(r, Interrupted) for r in self.reasons.values())
        failed = {k: r for k, r in self.reasons.items() if not isinstance(r, Interrupted)}
        if failed:
            first = min(failed)
            text += f" {len(failed)} have none; shock {first}: {failed[first]}"
        if left:
            text += f" {left} had no turn before the interruption."
        return text


class Collected:
    """Equilibria and reasons as they come in; told which of the two an exception makes.

    Args:
        total: how many shocks there are.
        keep_going: keep the reason of a failure instead of raising it.
        progress: told how many shocks are done, and of how many.
    """

    def __init__(
        self, total: int, keep_going: bool, progress: Callable[[int, int], None] | None
    ) -> None:
        self.total, self.keep_going, self.progress = total, keep_going, progress
        self.found: dict[int, Equilibrium] = {}
        self.reasons: dict[int, Reason] = {}

    def failed(self, k: int, error: ShockError | UnknownLabel | NotConverged) -> None:
        """Keep why the k-th shock has no equilibrium, or raise it with what is finished."""
        if self.keep_going:
            self.reasons[k] = error
            return
        if not isinstance(error, UnknownLabel):
            error.finished = dict(self.found)
        error.add_note(f"This is shock {k} of {self.total}, counted from 0.")
        raise error

    def told(self) -> None:
        """Report how far the work has come."""
        if self.progress is not None:
            self.progress(len(self.found) + len(self.reasons), self.total)

    def interrupted(self) -> None:
        """Keep what is finished when Ctrl-C ends the work, or raise it on with that."""
        error = Interrupted(
            f"Interrupted: {len(self.found)} of {self.total} shocks are solved; `finished` has "
            f"them."
        )
        if not self.keep_going:
            error.finished = dict(self.found)
            raise error from None
        for k in range(self.total):
            if k not in self.found and k not in self.reasons:
                self.reasons[k] = error

    def batch(self) -> Batch:
        """What there is."""
        cut = any(isinstance(r, Interrupted) for r in self.reasons.values())
        equilibria = tuple(self.found.get(k) for k in range(self.total))
        return Batch(equilibria, dict(sorted(self.reasons.items())), cut)
