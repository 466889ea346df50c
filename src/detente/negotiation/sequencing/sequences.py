"""What comes of a search for orders: which enforce themselves, and where the others unravel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, final

from detente.negotiation.sequencing.gradualism import Regime
from detente.negotiation.words import Table, figure, percent, plural

Way: TypeAlias = Literal["withholding", "rolling back"]
#: A chance below this is written as 0.0 %.
_NO_TRUST = 5e-4


@final
@dataclass(frozen=True)
class Unravelling:
    """Where an order comes apart, found from its end backwards.

    Attributes:
        turn: number of the step before which it does, from 1; one more than there are steps if
            it does after the last.
        step: the step that was next; empty after the last.
        party: who would rather not go on.
        way: what it would do instead.
        amount: what it would gain by that, as a present value.
    """

    turn: int
    step: str
    party: str
    way: Way
    amount: float

    def __str__(self) -> str:
        gains = f"{self.party} would gain {figure(self.amount)}"
        if not self.step:
            return f"It unravels after the last step: {gains} by rolling back its own part."
        what = (
            f"withholding {self.step}" if self.way == "withholding" else "rolling back its own part"
        )
        return f"It unravels at step {self.turn}, {self.step}: {gains} by {what}."


@final
@dataclass(frozen=True)
class Patience:
    """The patience, what one step's delay leaves of a value, at which a party keeps to an order.

    Attributes:
        party: the party.
        assumed: the patience that was assumed.
        least: the lowest at which it keeps to the order; None if it does at none.
        most: up to which it does, from `least` on.
    """

    party: str
    assumed: float
    least: float | None
    most: float | None

    def __str__(self) -> str:
        if self.least is None or self.most is None:
            return f"{self.party} would not keep to it at any patience."
        if self.least == 0 and self.most == 1:
            return f"{self.party} keeps to it at any patience."
        upto = "" if self.most == 1 else f", and up to {self.most:.3f}"
        return (
            f"{self.party} keeps to it from a patience of {self.least:.3f} per step{upto} "
            f"(assumed: {self.assumed:.3g})."
        )


@final
@dataclass(frozen=True)
class Order:
    """One order of the steps.

    Attributes:
        steps: names of the steps in turn.
        owners: who takes each.
        parties: labels of the parties.
        value: present value of the whole at the start, by party.
        stay: present value of staying without the package, by party.
        slack: the least that anybody gains by going on, before each step and after the last.
        trust: by step, the least chance of the others' going on at which its owner would take it;
            1 if no chance is enough.
        unravelling: where it comes apart; None if it enforces itself.
    """

    steps: tuple[str, ...]
    owners: tuple[str, ...]
    parties: tuple[str, ...]
    value: tuple[float, ...]
    stay: tuple[float, ...]
    slack: tuple[float, ...]
    trust: tuple[float, ...]
    unravelling: Unravelling | None

    @property
    def enforces_itself(self) -> bool:
        """Whether every party prefers going on, at every turn and at the end."""
        return self.unravelling is None

    def __str__(self) -> str:
        line = " → ".join(f"{s} ({o})" for s, o in zip(self.steps, self.owners, strict=True))
        if self.unravelling is not None:
            return f"{line}. {self.unravelling}"
        gains = ", ".join(
            f"{p} {figure(v - s, signed=True)}"
            for p, v, s in zip(self.parties, self.value, self.stay, strict=True)
        )
        most = max(self.trust)
        needed = (
            "No trust is needed."
            if most < _NO_TRUST
            else f"The most trust is needed at step {1 + self.trust.index(most)}, where "
            f"{percent(most)} is enough."
        )
        return (
            f"{line}. It enforces itself; against no package, in present value: {gains}. {needed}"
        )

    def table(self) -> Table:
        """One row for each step, and one for the end."""
        rows = zip(self.steps, self.owners, self.slack, self.trust, strict=False)
        return Table(
            ("turn", "step", "owner", "gain from going on", "trust needed"),
            (
                *((t, *row) for t, row in enumerate(rows, 1)),
                (len(self.steps) + 1, "", "", self.slack[-1], None),
            ),
        )


@final
@dataclass(frozen=True)
class Sequences:
    """Whether a package can be carried out in an order that enforces itself.

    Attributes:
        best: the self-enforcing order with the largest weighted value; None if there is none.
        exact: whether the answer is proven: with False, an order that was found enforces itself and
            a better one may exist, or none was found and one may exist.
        count: how many orders enforce themselves; None where not all were tried.
        tried: how many orders were tried one by one.
        orders: orders in detail: all of them if few, the best first.
        patience: what `best` asks of each party; of the order that comes nearest if there is none.
        regime: what the sizes of the steps of that order show.
        nearest: the order that falls short by least, where none enforces itself.
    """

    best: Order | None
    exact: bool
    count: int | None
    tried: int
    orders: tuple[Order, ...] = field(repr=False)
    patience: tuple[Patience, ...]
    regime: Regime
    nearest: Order | None

    def sentences(self) -> tuple[str, ...]:
        """The best order, what it asks of whom, what its steps show; or why there is none."""
        shown = self.best or self.nearest
        asks = tuple(str(p) for p in self.patience)
        if self.best is not None:
            counted = "" if self.count is None else f" ({self.count:,} of {self.tried:,} do)"
            head = f"An order that enforces itself exists{counted}. The best: {self.best}"
            if not self.exact:
                head += " A better one may exist; the package is too large to try all."
            return (head, *asks, self.regime.said_of("the best order"))
        head = (
            "No order enforces itself."
            if self.exact
            else "No order that enforces itself was found; the package is too large to rule it out."
        )
        if self.tried:
            head += f" {plural(self.tried, 'order')} tried."
        return (head, *((f"The nearest: {shown}",) if shown else ()), *asks)

    def __str__(self) -> str:
        return " ".join(self.sentences())

    def table(self) -> Table:
        """One row for each order in detail."""
        return Table(
            ("order", "enforces itself", "unravels at", "by", "through", "amount"),
            tuple(
                (
                    " → ".join(o.steps),
                    o.enforces_itself,
                    None if o.unravelling is None else o.unravelling.turn,
                    None if o.unravelling is None else o.unravelling.party,
                    None if o.unravelling is None else o.unravelling.way,
                    None if o.unravelling is None else o.unravelling.amount,
                )
                for o in self.orders
            ),
        )
