"""Durability: whether a package that was carried out lasts, and whether its steps hold themselves.

`Durability` is the result and `durability_of` makes it: who would leave the state that the package
leads to, what would keep them, and the order of steps in which nobody gains by breaking off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.negotiation.steps import exchange_of, possible_orders
from detente.negotiation import find_sequences, remedies
from detente.negotiation.words import upper_first

if TYPE_CHECKING:
    from detente.analysis.negotiation.conflict import Bargaining


@dataclass(frozen=True)
class Leaver:
    """A party that would leave a state, and what would keep it.

    Attributes:
        party: its id.
        label: its name inside a sentence.
        payment: what it would have to get a year to stay, USD million.
    """

    party: str
    label: str
    payment: float


@dataclass(frozen=True)
class Durability:
    """Whether a package lasts once it is carried out.

    Attributes:
        holds: whether nobody would leave by itself, if no answer is expected (Nash); None for the
            status quo, and for a state that a ratifier keeps out of reach.
        leavers: who would, and for what it would stay.
        self_enforcing: whether some order of steps leaves nobody a gain by breaking off; None where
            there are fewer than two steps, or where patience is missing.
        steps: the best order, or the one that falls short by least: turn, step, owner, the least
            that anybody gains by going on, and the trust in others that it takes.
        lacking: labels of parties whose patience the case does not state.
    """

    holds: bool | None = None
    leavers: tuple[Leaver, ...] = ()
    self_enforcing: bool | None = None
    steps: tuple[dict[str, Any], ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Whether it lasts, in words; nothing of the status quo."""
        return tuple(self._words())

    def _words(self) -> Iterator[str]:
        if self.holds:
            yield "Once it is carried out, nobody gains by leaving it."
        for leaver in self.leavers:
            yield (
                f"Once it is carried out, {leaver.label} would leave it, unless it got "
                f"{w.money(leaver.payment)} a year."
            )
        if self.self_enforcing:
            yield "Carried out step by step it enforces itself: nobody gains by breaking off."
        elif self.self_enforcing is False:
            yield "In no order of steps that was found does it enforce itself."
        if self.lacking:
            verb = "has" if len(self.lacking) == 1 else "have"
            names = upper_first(w.listing(self.lacking))
            yield f"{names} {verb} no patience in the case, so that no order of steps is weighed."


def durability_of(setting: Bargaining, code: int) -> Durability:
    """Whether a package lasts.

    Args:
        setting: the conflict of a case.
        code: the state that the package leads to.
    """
    if code == setting.status_quo:
        return Durability()
    holds, leavers = _leaving(setting, code)
    enforcing, steps, lacking = _in_steps(setting, code)
    return Durability(holds, leavers, enforcing, steps, lacking)


def _leaving(setting: Bargaining, code: int) -> tuple[bool | None, tuple[Leaver, ...]]:
    if not setting.alone.space.feasible_s[code]:
        return None, ()
    found = remedies(setting.alone, code)
    ids = dict(zip(setting.alone.labels, setting.alone.names, strict=True))
    leavers = tuple(
        Leaver(ids[label], label, float(found.payment_i[setting.alone.labels.index(label)]))
        for label in found.movers
    )
    return not leavers, leavers


def _in_steps(
    setting: Bargaining, code: int
) -> tuple[bool | None, tuple[dict[str, Any], ...], tuple[str, ...]]:
    changed = setting.status_quo ^ code
    if changed.bit_count() < 2:
        return None, (), ()
    patience = {v.id: v.patience for v in setting.terms.parties}
    lacking = tuple(setting.labels[p] for p in setting.owners(changed) if patience[p] is None)
    if lacking:
        return None, (), lacking
    exchange, bits, _ = exchange_of(setting, code)
    found = find_sequences(exchange, orders=possible_orders(setting, exchange, bits))
    shown = found.best or found.nearest
    keys = ("turn", "step", "owner", "gain", "trust")
    rows = () if shown is None else shown.table().rows
    ids = {label: party for party, label in setting.labels.items()}
    steps = [dict(zip(keys, row, strict=True)) for row in rows]
    named = tuple({**s, "owner": ids.get(str(s["owner"]))} for s in steps)
    return found.best is not None, named, ()
