"""In which order of steps a package enforces itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.talks import Order, Sequences


@dataclass(frozen=True, eq=False)
class Ordering:
    """The orders of one package.

    Attributes:
        id: of the package; see `Proposal`.
        label: for readers.
        parties: ids of the parties whose payoffs count: those that take a step.
        step_years: years between two steps.
        sequences: the best order, or where all unravel; what it shows of gradualism.
        as_proposed: the order that the case gives; None if it gives none.
    """

    id: str
    label: str
    parties: tuple[str, ...]
    step_years: float
    sequences: Sequences
    as_proposed: Order | None = field(default=None)

    def sentences(self) -> tuple[str, ...]:
        """The package, its best order, and the order that the case gives."""
        said = [
            f"{self.label} (amounts are present values, million USD).",
            *self.sequences.sentences(),
        ]
        if self.as_proposed is not None:
            said.append(f"As the case orders it: {self.as_proposed}")
        return tuple(said)

    def __str__(self) -> str:
        return " ".join(self.sentences())
