"""In which order of steps a package enforces itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.talks import Order, Regime, Sequences


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
        proposed_regime: what the sizes of the steps of that order show of gradualism.
    """

    id: str
    label: str
    parties: tuple[str, ...]
    step_years: float
    sequences: Sequences
    as_proposed: Order | None = field(default=None)
    proposed_regime: Regime | None = field(default=None)

    @property
    def shown(self) -> Order | None:
        """The order to show: the case's own, else the best, else the one that falls short least."""
        return self.as_proposed or self.sequences.best or self.sequences.nearest

    @property
    def regime(self) -> Regime:
        """What the steps of the order shown say of gradualism."""
        return self.proposed_regime or self.sequences.regime

    def sentences(self) -> tuple[str, ...]:
        """The package, the order that the case gives, and the best order."""
        if self.as_proposed is None:
            return (f"{self.label}.", *self.sequences.sentences())
        return (
            f"{self.label}.",
            f"As the case orders it: {self.as_proposed}",
            self.regime.said_of("this order"),
            *self.sequences.sentences(),
        )

    def __str__(self) -> str:
        return " ".join(self.sentences())
