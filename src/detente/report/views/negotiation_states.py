"""Views of states: which last, the paths that lead there, and what would make one last.

`stable_table` and `paths_chart` show stability and the improvements from the status quo.
`remedies_table` shows the payment, or the other value of one interest, that would keep a state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis import labels as w
from detente.analysis.negotiation.published_conflict import reported_words
from detente.report.table import Cell, Chart, Column, Table, numbers
from detente.report.views.negotiation_context import MONEY, NegotiationViewContext

if TYPE_CHECKING:
    from detente.negotiation import BlocRemedy, Path, Remedies


_MOST_JOINT = 5
_MOST_STATES = 40
_MOST_NAMED = 3


@dataclass
class _Node:
    """A state on a path: how it was reached, and where paths go on."""

    code: int
    who: tuple[str, ...] = ()
    next: dict[tuple[int, tuple[str, ...]], _Node] = field(default_factory=dict)


def _tree(context: NegotiationViewContext) -> _Node:
    """The status quo, shortest paths to stable states, and joint moves of the fewest parties."""
    negotiation = context.negotiation
    root = _Node(negotiation.conflict.status_quo)
    for path in (negotiation.path, negotiation.joint_path):
        node = root
        for step in path.steps:
            node = node.next.setdefault((step.after, step.parties), _Node(step.after, step.parties))
    stable = set(negotiation.stability.equilibria("SEQ").tolist())
    moves = sorted(negotiation.joint.moves, key=lambda m: (m.after not in stable, len(m.parties)))
    for move in moves[:_MOST_JOINT]:
        root.next.setdefault((move.after, move.parties), _Node(move.after, move.parties))
    return root


def _walk(context: NegotiationViewContext) -> list[dict[str, Any]]:
    """The tree in reading order, as plain values."""
    stability = context.negotiation.stability
    out: list[dict[str, Any]] = []

    def visit(node: _Node, depth: int, parent: int | None, before: int) -> None:
        here = len(out)
        held = [c for c in stability.stable_is if bool(stability.stable_is[c][:, node.code].all())]
        together = " together" if len(node.who) > 1 else ""
        head = "Status quo" if parent is None else f"{context.parties(node.who)}{together}"
        text = _start(context) if parent is None else context.change(before, node.code)
        movers = stability.movers(node.code, "SEQ")
        out.append(
            {
                "id": here,
                "parent": parent,
                "depth": depth,
                "head": head,
                "text": w.sentence(text),
                "foot": f"stable under {w.listing(held)}" if held
                else f"{context.whom(*movers)} would move on",
                "stable": "SEQ" in held,
                "together": len(node.who) > 1,
                "code": node.code,
                "held": held,
            }
        )  # fmt: skip
        for after in node.next.values():
            visit(after, depth + 1, here, node.code)

    visit(_tree(context), 0, None, 0)
    return out


def _code(context: NegotiationViewContext, code: int) -> str:
    """The code of a state; of a published conflict its number there."""
    published = context.negotiation.case.conflict
    return str(code) if published is None else published.state_ids[code]


def _start(context: NegotiationViewContext) -> str:
    """The status quo in words."""
    conflict = context.conflict
    if conflict is None:
        return context.negotiation.conflict.label(context.negotiation.conflict.status_quo)
    space, here = conflict.space, conflict.status_quo
    return f"in force: {'; '.join(m.label for m in space.measures if space.level(here, m))}"


def paths_table(context: NegotiationViewContext) -> Table:
    """The paths of improvement from the status quo, a state a row."""
    nodes = _walk(context)
    rows: list[tuple[Cell, ...]] = [
        (
            n["depth"],
            n["head"],
            n["text"],
            n["foot"],
            None if n["parent"] is None else _code(context, nodes[n["parent"]]["code"]),
            _code(context, n["code"]),
        )
        for n in nodes
    ]
    return Table(
        "negotiation-paths",
        "Paths from the status quo to where nobody moves on",
        _path_sentence(context),
        (
            Column("depth", "Move", kind="number"),
            Column("who", "Who moves"),
            Column("change", "What changes"),
            Column("after", "Then"),
            Column("from", "From state"),
            Column("state", "State"),
        ),
        tuple(rows),
        note=_joint_note(context),
        lead=10,
    )


def _joint_note(context: NegotiationViewContext) -> str:
    moves = len(context.negotiation.joint.moves)
    text = "Shortest paths on which everybody who moves gains at once"
    if moves > _MOST_JOINT:
        return (
            f"{text}, and {_MOST_JOINT} of the {w.number(moves)} joint moves from the status quo "
            "by which all who make them gain."
        )
    return f"{text}, and every joint move from the status quo by which all who make it gain."


def _path_sentence(context: NegotiationViewContext) -> str:
    negotiation = context.negotiation
    alone, joint = _way(context, negotiation.path), _way(context, negotiation.joint_path)
    if alone == joint:
        return f"Alone or together: {alone}."
    return f"One at a time: {alone}. Alone or together: {joint}."


def _way(context: NegotiationViewContext, path: Path) -> str:
    if not path.arrives:
        return "no row of moves by which each mover gains leads to a stable state"
    if not path.steps:
        return "nobody moves, and the status quo is stable for all"
    moves, before = [], path.before
    for step in path.steps:
        size = context.number_of_changes(before, step.after)
        what = (
            context.change(before, step.after) if size <= _MOST_NAMED else f"{size} measures change"
        )
        moves.append(f"{context.whom(*step.parties)} – {what}")
        before = step.after
    return f"{'. Then '.join(moves)}, after which nobody moves on ({path.concept})"


def paths_chart(context: NegotiationViewContext, table: Table) -> Chart:
    """The paths as a tree."""
    return Chart(
        "negotiation-paths",
        "paths",
        "From the status quo to where nobody moves on",
        "each line is a move by which everybody who makes it gains"
        + ("; at analyst estimates" if context.conflict is not None else ""),
        context.source,
        f"A tree of states with the status quo at its root. {table.sentence}",
        table.id,
        {"nodes": _walk(context)},
    )


def stable_table(context: NegotiationViewContext) -> Table:
    """The states that are stable for all in some sense, the status quo first."""
    stability = context.negotiation.stability
    concepts = list(stability.stable_is)
    published = context.negotiation.case.conflict
    all_cs = np.stack([held.all(axis=0) for held in stability.stable_is.values()])
    here = context.negotiation.conflict.status_quo
    shown = np.ones(all_cs.shape[1], bool) if published is not None else all_cs.any(axis=0)
    found = [int(s) for s in np.flatnonzero(shown) if s != here]
    # Those stable in most senses first, of these the nearest to the status quo.
    found.sort(key=lambda s: (-int(all_cs[:, s].sum()), (s ^ here).bit_count()))
    rows: list[tuple[Cell, ...]] = [
        (
            w.sentence(_state(context, code)),
            "status quo" if code == here else None,
            *("stable" if held else "–" for held in all_cs[:, code]),
        )
        for code in (here, *found[: _MOST_STATES - 1])
    ]
    left = 1 + len(found) - len(rows)
    cut = f" The first {_MOST_STATES} of {w.number(1 + len(found))} states." if left > 0 else ""
    counts = w.listing(f"{w.number(len(stability.equilibria(c)))} under {c}" for c in concepts)
    movers = stability.movers(here, "SEQ")
    text = f"{context.whom(*movers)} would move away from it" if movers else (
        "The status quo is stable for all"
    )  # fmt: skip
    return Table(
        "negotiation-stable",
        "States that are stable for all",
        f"Stable for all: {counts}. "
        + (f"{text} (SEQ)." if not movers else f"The status quo is not: {text} (SEQ)."),
        (
            Column("state", "State" if context.conflict is None else "State, by what changes"),
            Column("which", ""),
            *(Column(c.lower(), c) for c in concepts),
        ),
        tuple(rows),
        note=_renewed(context)
        + "".join(f"{sentence} " for sentence in reported_words(context.negotiation.reported))
        + "Nash: no answer is expected. GMR: any answer deters. SMR: an answer deters only "
        f"where there is no way out of it. SEQ: only where those who answer gain by it.{cut}",
        lead=10,
    )


def _renewed(context: NegotiationViewContext) -> str:
    """How stable the status quo is if nobody inside a bloc refuses a renewal."""
    from detente.analysis.negotiation.stakes import refusal_words

    renewed = context.negotiation.renewed
    if renewed is None or context.conflict is None:
        return ""
    movers = renewed.movers(context.negotiation.conflict.status_quo, "SEQ")
    text = f"{context.whom(*movers)} would leave it" if movers else "it is stable for all"
    count = w.number(len(renewed.equilibria("SEQ")))
    return (
        f"What lapses unless renewed ends here {refusal_words(context.conflict)}. If no "
        f"member ever refuses a renewal, {count} states are stable (SEQ). Of the status quo, "
        f"{text}. "
    )


def _state(context: NegotiationViewContext, code: int) -> str:
    """A state in words: what differs from the status quo; of a published conflict its label."""
    conflict = context.negotiation.conflict
    if context.conflict is None:
        return conflict.label(code)
    if code == conflict.status_quo:
        return _start(context)
    return context.change(conflict.status_quo, code)


def remedies_table(context: NegotiationViewContext) -> Table:
    """The smallest payment, or change of one valuation, under which each mover would stay."""
    rows = [row for r in context.negotiation.remedies for row in _rows(context, r)]
    paid = [float(r[2]) for r in rows if isinstance(r[2], float)]
    return Table(
        "negotiation-remedies",
        "What would make a state last",
        _sentence(context, context.negotiation.remedies[0]),
        (
            Column("state", "State", group=True),
            Column("party", "Who would leave it"),
            numbers("payment", "Would stay for", MONEY, paid),
            Column("members", "Of that, to members"),
            Column("value", "Or if it valued"),
        ),
        tuple(rows),
        note="The smallest payment while the state lasts, or the smallest change of one of its "
        "valuations, under which the party would not leave (Nash). For a bloc the smallest "
        "payments to members, or what they would have to value staying at, under which its rules "
        "let no change pass.",
    )


def _name(context: NegotiationViewContext, state: int) -> str:
    if state == context.negotiation.conflict.status_quo:
        return "The status quo"
    deals = context.negotiation.deals
    named = [d.label for d in deals.proposals if d.code == state] if deals is not None else []
    return (
        named[0]
        if named
        else w.sentence(context.change(context.negotiation.conflict.status_quo, state))
    )


def _rows(context: NegotiationViewContext, r: Remedies) -> list[tuple[Cell, ...]]:
    name = _name(context, r.state)
    if not r.movers:
        return [(name, "nobody", None, None, None)]
    labels = list(r.conflict.labels)
    return [
        (
            name,
            context.party(label),
            _payment(r, labels.index(label)),
            _members(context, r.bloc(label)),
            _values(r, label),
        )
        for label in r.movers
    ]


def _members(context: NegotiationViewContext, bloc: BlocRemedy | None) -> str | None:
    if bloc is None:
        return None
    return "; ".join(
        f"{context.party(m)} {w.rounded(p)}"
        for m, p in zip(bloc.members, bloc.payments, strict=True)
    )


def _values(r: Remedies, label: str) -> str | None:
    if r.bloc(label) is not None:
        return None
    text = w.listing(
        f"{x.interest} at {_value(x.needed)} instead of {_value(x.value)}" for x in r.ways(label)
    )
    return text or "no single valuation would do"


def _payment(r: Remedies, party: int) -> float | None:
    paid = float(r.payment_i[party])
    return None if math.isnan(paid) else paid


def _value(value: float) -> str:
    return w.MINUS + w.rounded(value) if value < 0 else w.rounded(value)


def _sentence(context: NegotiationViewContext, r: Remedies) -> str:
    name = "the status quo" if r.state == context.negotiation.conflict.status_quo else "this state"
    if not r.movers:
        return f"Nobody would leave {name} (Nash)."
    labels = list(r.conflict.labels)
    parts = []
    for label in r.movers:
        paid = _payment(r, labels.index(label))
        to = (
            "" if (bloc := r.bloc(label)) is None else f" to {w.count(len(bloc.members), 'member')}"
        )
        parts.append(
            f"{context.whom(label)} would stay for {w.money(paid)} a year{to}"
            if paid is not None
            else f"enough members of {context.whom(label)} gain by leaving"
        )
    return f"{w.sentence(context.whom(*r.movers))} would leave {name}: {w.listing(parts)}."
