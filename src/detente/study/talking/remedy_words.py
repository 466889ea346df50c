"""What would make states last, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.study.talking.sentences import state_words
from detente.talks.words import figure, listed

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.talks import BlocRemedy, Remedies

#: Members whose valuations are told, of those that would have to be paid.
_FEW = 3


def remedy_words(answer: TalksAnswer) -> Iterator[str]:
    """What would make the status quo and the states of the case's packages last (Nash)."""
    for remedy in answer.remedies:
        where = state_words(answer, remedy.state)
        head = "The status quo" if where == "the status quo" else f"If {where}"
        for label in remedy.movers:
            paid = float(remedy.payment_i[remedy.conflict.labels.index(label)])
            bloc = remedy.bloc(label)
            if bloc is not None:
                yield from _bloc_words(head, remedy, bloc)
                continue
            ways = [
                f"if {r.interest} were worth {figure(r.needed)} a unit to it instead of "
                f"{figure(r.value)}"
                for r in remedy.ways(label)
            ]
            other = f", or {listed(ways, 'or')}" if ways else "; no single valuation would do"
            yield f"{head}: {label} would stay for {figure(paid)} million USD a year{other}."


def _bloc_words(head: str, remedy: Remedies, bloc: BlocRemedy) -> Iterator[str]:
    """Which members would have to get how much for a bloc to stay, or value what otherwise."""
    paid = [f"{m} {figure(p)}" for m, p in zip(bloc.members, bloc.payments, strict=True)]
    who = "this member" if len(paid) == 1 else f"these {len(paid)} members"
    yield (
        f"{head}: {bloc.party} would stay if {who} got, or valued staying at, no less than: "
        f"{listed(paid)} million USD a year, {figure(bloc.total)} in all; with less its rules let "
        "a change pass."
    )
    if head != "The status quo":
        return
    told = []
    for member in bloc.members:
        ways = [
            f"{r.interest} were worth {figure(r.needed)} a unit to it instead of {figure(r.value)}"
            for r in remedy.ways(member)
        ]
        told += [f"{member} if {listed(ways, 'or')}"] if ways else []
    if told:
        more = f"; {len(told) - _FEW} more are in the data" if len(told) > _FEW else ""
        yield f"{head}: without payment would stay: {'; '.join(told[:_FEW])}{more}."
