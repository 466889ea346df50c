"""In which order a package enforces itself: the ladder of steps, and where other orders unravel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.report.table import Cell, Chart, Column, Table, numbers, welfare
from detente.report.views.negotiation_context import MONEY, NegotiationViewContext

if TYPE_CHECKING:
    from detente.analysis.negotiation import Ordering
    from detente.negotiation import Order


_MOST_LADDERS = 2


def laddered(context: NegotiationViewContext) -> list[Ordering]:
    """The packages whose ladder is shown: of the case first, those that enforce themselves first.

    Points of bargaining follow where no package of the case has steps.
    """
    from detente.analysis.negotiation.feasible_packages import points_left_out

    kept = points_left_out(context.negotiation)
    given = [o for o in context.negotiation.orders if o.shown is not None]
    given.sort(key=lambda o: (o.id in kept, o.sequences.best is None))
    named = [o for o in given if o.id not in kept]
    return (named or given)[:_MOST_LADDERS]


def orders_table(context: NegotiationViewContext) -> Table:
    """Every package with its best order, or with where the nearest one unravels."""
    rows: list[tuple[Cell, ...]] = []
    for o in context.negotiation.orders:
        best, count = o.sequences.best, o.sequences.count
        for what, order in _said_orders(o):
            broken = order.unravelling
            rows.append(
                (
                    o.label,
                    what,
                    " → ".join(
                        f"{_short(context, s)} ({context.party(p)})" for s, p in _turns(order)
                    ),
                    "yes" if broken is None else "no",
                    None if broken is None else _where(context, order),
                    None if broken is None else context.party(broken.party),
                    None if broken is None else float(broken.amount),
                    100 * max(order.trust) if best is order else None,
                    None if count is None or best is not order else 100 * count / o.sequences.tried,
                )
            )
    amounts = [float(r[6]) for r in rows if isinstance(r[6], float)]
    return Table(
        "negotiation-orders",
        "Orders of steps that enforce themselves, and where others unravel",
        _orders_sentence(context),
        (
            Column("package", "Package", group=True),
            Column("order", "Which order"),
            Column("steps", "Steps"),
            Column("enforces", "Enforces itself"),
            Column("where", "Where it unravels"),
            Column("by", "Who would rather not go on"),
            numbers("amount", "By which it would gain", "USD million, present value", amounts),
            Column("trust", "Most trust needed", "%", "number"),
            Column("share", "Orders that enforce themselves", "%", "number"),
        ),
        tuple(rows),
        note="An order enforces itself if at every step each party gains more by going on than by "
        "withholding its step or by taking back what it can, with the others then taking back "
        "theirs. Trust needed: the chance that the others go on, from which its owner would take "
        "the step.",
    )


def _said_orders(o: Ordering) -> list[tuple[str, Order]]:
    found = o.sequences
    named = []
    if found.best is not None:
        named.append(("the best", found.best))
    elif found.nearest is not None:
        named.append(("the nearest", found.nearest))
    if o.as_proposed is not None:
        named.append(("as the case orders it", o.as_proposed))
    others = [x for x in found.orders if x.unravelling and x is not found.nearest]
    worst = max(others, key=lambda x: x.unravelling.amount if x.unravelling else 0, default=None)
    if worst is not None:
        named.append(("the one that unravels most", worst))
    return named


def _turns(order: Order) -> list[tuple[str, str]]:
    return list(zip(order.steps, order.owners, strict=True))


def _short(context: NegotiationViewContext, step: str) -> str:
    """What a step is about: its measure."""
    conflict = context.conflict
    assert conflict is not None
    return context.measure(conflict.space.bits[_bits(context)[step].bit_length() - 1])


def _bits(context: NegotiationViewContext) -> dict[str, int]:
    """The bit of each step by its words."""
    conflict = context.conflict
    assert conflict is not None
    here, space = conflict.status_quo, conflict.space
    return {space.turn(here, here ^ 1 << b): 1 << b for b in range(len(space.bits))}


def _said(context: NegotiationViewContext, step: str) -> str:
    """A step in words: what ends or begins."""
    conflict = context.conflict
    assert conflict is not None
    here = conflict.status_quo
    return w.sentence(context.change(here, here ^ _bits(context)[step]))


def _where(context: NegotiationViewContext, order: Order) -> str:
    broken = order.unravelling
    assert broken is not None
    if not broken.step:
        return "after the last step, by rolling back"
    return f"at step {broken.turn}, {_short(context, broken.step)}, by {broken.way}"


def _orders_sentence(context: NegotiationViewContext) -> str:
    from detente.analysis.negotiation.feasible_packages import points_left_out

    kept = points_left_out(context.negotiation)
    orders = [o for o in context.negotiation.orders if o.id not in kept]
    if not orders:
        return "The case names no package of two steps or more; the points found are below."
    hold = [o for o in orders if o.sequences.best is not None]
    text = (
        f"{w.sentence(w.count(len(hold), ''))}of {w.count(len(orders), 'package')} can be carried "
        "out in an order that enforces itself"
    )
    if hold:
        text += f": {w.listing(w.quoted(o.label) for o in hold)}"
    proposed = [o for o in orders if o.as_proposed is not None]
    for o in proposed:
        order = o.as_proposed
        assert order is not None
        text += f". {w.quoted(o.label)} in the order that the case gives "
        text += (
            "enforces itself"
            if order.enforces_itself
            else f"unravels {_where(context, order)} of {context.whom(order.unravelling.party)}"
            if order.unravelling is not None
            else ""
        )
        text += f". {o.regime.said_of('that order')}"[:-1]
    return f"{text}."


def ladder_table(context: NegotiationViewContext, o: Ordering) -> Table:
    """The steps of one package in turn, and what each party has gained after every one."""
    order = o.shown
    assert order is not None
    gain_tp = _gains(context, o, order)
    rows: list[tuple[Cell, ...]] = [
        (
            t or None,
            "status quo" if t == 0 else _said(context, order.steps[t - 1]),
            None if t == 0 else context.party(order.owners[t - 1]),
            *(float(g) for g in gain_tp[t]),
            None if t == 0 else 100 * float(order.trust[t - 1]),
        )
        for t in range(len(order.steps) + 1)
    ]
    return Table(
        f"negotiation-ladder-{o.id}",
        f"Step by step: {w.quoted(o.label)}",
        _ladder_sentence(context, o, order, gain_tp),
        (
            Column("turn", "Step", kind="number"),
            Column("step", "What changes"),
            Column("owner", "Who moves"),
            *(
                welfare(f"gain-{p}", f"{context.party(p)} has gained", MONEY, gain_tp.ravel())
                for p in o.parties
            ),
            Column("trust", "Trust needed", "%", "number"),
        ),
        tuple(rows),
        note="Gain a year over the status quo once the step is taken, members of a bloc summed. "
        f"{o.regime} These sizes are present values, USD million.",
    )


def _gains(context: NegotiationViewContext, o: Ordering, order: Order) -> np.ndarray:
    """Gain over the status quo after each step, (steps + 1, parties)."""
    conflict = context.conflict
    assert conflict is not None
    bits, codes = _bits(context), [conflict.status_quo]
    for step in order.steps:
        codes.append(codes[-1] ^ bits[step])
    rows = [conflict.index(p) for p in o.parties]
    total = conflict.payoffs.total_is[rows][:, codes]
    return np.asarray((total - total[:, :1]).T)


def _ladder_sentence(
    context: NegotiationViewContext, o: Ordering, order: Order, gain_tp: np.ndarray
) -> str:
    ends = w.listing(
        f"{context.party(p)} {w.number(g, 0 if abs(g) >= 10 else 1, signed=True)}"
        for p, g in zip(o.parties, gain_tp[-1], strict=True)
    )
    text = f"After {w.count(len(order.steps), 'step')} the gains are: {ends} million a year"
    if order.unravelling is None:
        return f"{text}. In this order the package enforces itself."
    broken = order.unravelling
    return (
        f"{text}. But the order unravels {_where(context, order)}: {context.whom(broken.party)} "
        f"would gain {w.money(broken.amount)} by that, as a present value."
    )


def _heading(o: Ordering, order: Order) -> str:
    if order is o.as_proposed:
        holds = "enforces itself" if order.enforces_itself else "unravels"
        return f"The order that the case gives, which {holds}"
    if order.enforces_itself:
        return "The best order, which enforces itself"
    return "The nearest to an order that enforces itself"


def ladder_chart(context: NegotiationViewContext, o: Ordering, table: Table) -> Chart:
    """The steps as rungs of a ladder, with every party's gain beside them."""
    order = o.shown
    assert order is not None
    gain_tp = _gains(context, o, order)
    steps = [{"label": "Status quo", "owner": "", "gain": [0.0] * len(o.parties)}]
    steps += [
        {
            "label": _said(context, s),
            "owner": context.party(p),
            "gain": [float(g) for g in gain_tp[t]],
        }
        for t, (s, p) in enumerate(_turns(order), 1)
    ]
    return Chart(
        table.id,
        "ladder",
        f"{_heading(o, order)}: {w.quoted(o.label)}",
        f"{MONEY} gained over the status quo after each step; at analyst estimates",
        context.source,
        f"Steps from top to bottom, with each party's gain beside them. {table.sentence}",
        table.id,
        {
            "parties": [context.party(p) for p in o.parties],
            "steps": steps,
            "breaks": None
            if order.unravelling is None
            else {
                "turn": order.unravelling.turn,
                "said": f"{context.party(order.unravelling.party)} would gain by "
                f"{order.unravelling.way}",
            },
        },
    )
