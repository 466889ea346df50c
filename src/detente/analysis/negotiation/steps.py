"""Steps: in which order a package enforces itself.

`Ordering` is the result for one package, and `orders_of` gives one for each. `possible_orders`
lists those in which every state on the way can exist. `without_patience` names the parties whose
patience the case does not state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente._shown import Shown
from detente.analysis.negotiation.conflict import Bargaining
from detente.analysis.negotiation.deals import Deals, Proposal
from detente.negotiation import (
    Conflict,
    Exchange,
    Order,
    Regime,
    Sequences,
    Step,
    explain_orders,
    find_sequences,
    regime_of,
)


@dataclass(frozen=True, eq=False, repr=False)
class Ordering(Shown):
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

    @property
    def order_is(self) -> str:
        """Which order is shown."""
        if self.as_proposed is not None:
            return "as the case orders it"
        return "the best order" if self.sequences.best is not None else "the nearest order"

    def rows(self) -> tuple[dict[str, Any], ...]:
        """The order shown, a row a step and one for the end.

        Each has its turn, the step and its owner by label (empty at the end), the least that
        anybody gains by going on, and the trust in the others that the owner needs.
        """
        if self.shown is None:
            return ()
        keys = ("turn", "step", "owner", "gain", "trust")
        return tuple(dict(zip(keys, row, strict=True)) for row in self.shown.table().rows)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The package, the order that the case gives, and the best order."""
        head = f"{self.label} (amounts are present values, million USD)."
        if self.as_proposed is None:
            return (head, *self.sequences.sentences())
        return (
            head,
            f"As the case orders it: {self.as_proposed}",
            self.regime.said_of("this order"),
            *self.sequences.sentences(),
        )

    @property
    def short(self) -> tuple[str, ...]:
        """The package, and whether an order of its steps enforces itself."""
        found = self.sequences
        head = f"{self.label} (amounts are present values, million USD)."
        if found.best is None:
            return (head, "No order of its steps enforces itself.")
        if self.as_proposed is None:
            return (head, "The best order of its steps enforces itself.")
        held = "enforces itself" if self.as_proposed.enforces_itself else "does not enforce itself"
        other = "" if self.as_proposed.enforces_itself else " Another order does."
        return (head, f"The order of the case {held}.{other}")

    def __str__(self) -> str:
        return " ".join(self.sentences)

    def _lines(self) -> Sequence[str]:
        return self.sentences


#: Packages of more steps are not put in order one by one.
MOST_STEPS = 8


def orders_of(setting: Bargaining, deals: Deals) -> tuple[Ordering, ...]:
    """The packages of the case, then the Nash points, each in its best order."""
    return tuple(_orderings(setting, deals))


def ordered(deals: Deals) -> Iterator[Proposal]:
    """The packages that are put in order: those of the case and the Nash points."""
    seen = set()
    for proposal in deals.proposals:
        if proposal.code not in seen and (proposal.source or proposal.id.startswith("nash")):
            seen.add(proposal.code)
            yield proposal


def _orderings(setting: Bargaining, deals: Deals) -> Iterator[Ordering]:
    negotiation = setting.case.negotiation
    assert negotiation is not None
    steps = {p.id: p.steps for p in negotiation.packages}
    for proposal in ordered(deals):
        exchange, bits, _ = exchange_of(setting, proposal.code)
        if len(exchange.steps) < 2:
            continue
        possible = possible_orders(setting, exchange, bits)
        found = find_sequences(exchange, orders=possible)
        given = [m for step in steps.get(proposal.id, ()) for m in step]
        as_proposed = shows = None
        if given:
            names = {b: s.name for b, s in zip(bits, exchange.steps, strict=True)}
            line = [names[m] for m in given if m in names]
            if sorted(line) == sorted(names.values()):
                (as_proposed,) = explain_orders(exchange, [line])
                shows = regime_of(exchange, line)
        yield Ordering(
            proposal.id,
            proposal.label,
            tuple(
                p
                for p in setting.conflict.names
                if setting.conflict.labels[setting.conflict.index(p)] in exchange.parties
            ),
            setting.terms.step_years,
            found,
            as_proposed,
            shows,
        )


def exchange_of(
    setting: Bargaining, code: int
) -> tuple[Exchange, tuple[str, ...], NDArray[np.int64]]:
    """A package as steps, the moves that these stand for, and the state of every part of it.

    A step that cannot be in force yet, such as a second release before the first, has no effect
    until it can. Payoffs are for the time between two steps.

    Args:
        setting: the case.
        code: the state that the package leads to.
    """
    chosen = setting.conflict
    space, here = chosen.space, setting.status_quo
    bits = tuple(b for k, b in enumerate(space.bits) if (here ^ code) >> k & 1)
    measure = {m.name: m for m in space.measures}
    labels = dict(zip(chosen.names, chosen.labels, strict=True))
    steps = tuple(
        Step(
            space.turn(here, here ^ setting.code([b])),
            labels[measure[b].owner],
            bool(measure[b].reversible or here & setting.code([b])),
        )
        for b in bits
    )
    movers = [p for p in chosen.names if labels[p] in {s.owner for s in steps}]
    years = setting.terms.step_years
    states = _states(setting, bits, chosen)
    payoff = np.stack([chosen.payoffs.total_is[chosen.index(p)][states] for p in movers], axis=1)
    by_id = {v.id: v.patience for v in setting.terms.parties}
    yearly = [by_id[p] or 0.0 for p in movers]
    exchange = Exchange(
        steps,
        tuple(labels[p] for p in movers),
        (payoff - payoff[0]) * years,
        tuple(d**years for d in yearly),
    )
    return exchange, bits, states


def _states(setting: Bargaining, bits: Sequence[str], conflict: Conflict) -> NDArray[np.int64]:
    """The state of every subset of steps, steps that cannot be in force yet left out."""
    ids = [m.id for m in setting.terms.moves]
    needs = [
        (setting.code([ids[a]]), setting.code([ids[b]])) for a, b in setting.terms.implications
    ]
    flip = [setting.code([b]) for b in bits]
    out = np.empty(1 << len(bits), dtype=np.int64)
    for subset in range(1 << len(bits)):
        state = setting.status_quo
        for k, bit in enumerate(flip):
            state ^= bit if subset >> k & 1 else 0
        while waiting := [a for a, b in needs if state & a and not state & b]:
            state ^= waiting[0]
        out[subset] = state if conflict.space.feasible_s[state] else setting.status_quo
    return out


def possible_orders(
    setting: Bargaining, exchange: Exchange, bits: Sequence[str]
) -> list[tuple[str, ...]] | None:
    """Orders in which every state on the way can exist; None for all, or if there are too many."""
    if len(bits) > MOST_STEPS:
        return None
    space, names = setting.conflict.space, [s.name for s in exchange.steps]
    flip = [setting.code([b]) for b in bits]
    kept = []
    for order in permutations(range(len(bits))):
        state = setting.status_quo
        for k in order:
            state ^= flip[k]
            if not space.feasible_s[state]:
                break
        else:
            kept.append(tuple(names[k] for k in order))
    return kept or None


def without_patience(setting: Bargaining, deals: Deals) -> Iterable[str]:
    """Parties that take a step of a package and have no patience in the case."""
    by_id = {v.id: v for v in setting.terms.parties}
    owners = {o for p in ordered(deals) for o in p.owners}
    return [by_id[o].id for o in by_id if o in owners and by_id[o].patience is None]
