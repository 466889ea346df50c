"""Views of sanctions by design: menus of what to hold and lift, and the coalition of senders.

`measures_table` and `menu_table` rank measures in
force and a little more on every flow. `coalition_table` holds contributions, losses, and reasons to
leave.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente.analysis import labels as w
from detente.analysis.figures.frame import MONEY
from detente.analysis.findings import held_order, held_words
from detente.analysis.options import NEGLIGIBLE
from detente.report.table import (
    Cell,
    Column,
    Table,
    banded,
    figure_column,
    figure_table,
    numbers,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from detente.analysis.coalitions import Member
    from detente.analysis.figures.named_sides import NamedSides
    from detente.analysis.sanctions import Joint, Sanctions
    from detente.analysis.sensitivities import Entry
    from detente.report.context import ViewContext


STEP = f"{MONEY} for 1 % more cost"
RATIO = "USD per USD"
#: Flows of which a step moves less than this share of what it moves of the largest are not shown.
_SHOWN = 0.02

Row: TypeAlias = tuple[Cell, ...]


def measures_table(context: ViewContext, named_sides: NamedSides) -> Table:
    """Every measure in force against the target, from the cheapest to hold to the dearest."""
    frame = context.figures["design-measures"]
    money = [v for key in ("harm", "cost") for v in frame.column(key)]
    return figure_table(
        frame,
        held_words(named_sides, context.figures),
        (
            Column("sender", "Sender"),
            Column("measure", "Measure"),
            figure_column(frame, "harm", money),
            figure_column(frame, "cost", money),
            figure_column(frame, "ratio", decimals=2),
        ),
        [
            (row, (named_sides.senders[row[0]].name, frame.label(row)))
            for row in held_order(context.figures)
        ],
        note="What each measure takes from the two sides as long as it is held, all others "
        "standing; lifting it gives as much back. The first are the cheapest to hold, the "
        "last the most valuable to lift. A minus is a gain; a dash: it costs the sender "
        "nothing. Measures that move nothing one by one are shown together.",
    )


def menu_table(named_sides: NamedSides, found: Sanctions) -> Table:
    """What one per cent more on each flow costs the target and the sender."""
    shown = {s: _shown(named_sides, found.menus[s]) for s in sorted(found.menus, key=_reach(found))}
    rows: list[Row] = [
        (
            named_sides.senders[s].name,
            f"{e.direction.capitalize()} of {named_sides.good(e.good)}",
            e.flow,
            e.harm,
            e.cost,
            None if math.isnan(e.ratio) else e.ratio,
        )
        for s, entries in shown.items()
        for e in entries
    ]
    every = [e for entries in shown.values() for e in entries]
    low, high = (
        np.array([[ends[k] for ends in (e.harm_band, e.cost_band, e.ratio_band)] for e in every])
        for k in (0, 1)
    )
    table = Table(
        "design-menu",
        "A little more of a barrier: what it costs each side, by flow",
        _menu_sentence(named_sides, shown),
        (
            Column("sender", "Sender", group=True),
            Column("flow", "Its trade with the target"),
            numbers("now", "Traded now", MONEY, [e.flow for e in every]),
            Column("harm", f"{named_sides.target.name} loses", STEP, "number", 2),
            Column("cost", "The sender loses", STEP, "number", 2),
            Column("ratio", "Harm per unit of own cost", RATIO, "number", 2),
        ),
        tuple(rows),
        note="One per cent more on the delivered cost of a flow, such as a control or red tape, "
        "that nobody earns; from here on, with all measures in force. For each sender the "
        "cheapest to hold come first and the most valuable to lift last. The ratio is a "
        "slope: it ranks small steps and does not say what ending a flow would do. A dash: "
        "an embargo leaves no flow, so that there is nothing to make dearer. Goods are "
        "sectors of the world table. Flows of which a step moves less than "
        f"{w.number(100 * _SHOWN)} % of what it moves of the sender's largest are left out. "
        + (
            f"Bands run from 5 to 95 % of {w.number(found.draws)} draws."
            if found.draws
            else "No band stands here: the figures are at central values; ‘detente sensitivity’ "
            "with ‘--draws 200’ has bands."
        ),
        lead=14,
    )
    return banded(table, low, high, ("harm", "cost", "ratio")) if found.draws else table


def _shown(named_sides: NamedSides, entries: tuple[Entry, ...]) -> list[Entry]:
    own = {c.name for c in named_sides.assessment.case.commodities}
    sizes = [max(abs(e.harm), abs(e.cost)) for e in entries]
    most = max((s for s in sizes if not math.isnan(s)), default=0.0)
    return [
        e for e, size in zip(entries, sizes, strict=True) if e.good in own or size >= _SHOWN * most
    ]


def _reach(found: Sanctions) -> Callable[[str], float]:
    """A key that sorts senders by what their steps do to the target, the largest first."""
    return lambda s: -sum(abs(e.harm) for e in found.menus[s] if not math.isnan(e.harm))


def _menu_sentence(named_sides: NamedSides, menus: dict[str, list[Entry]]) -> str:
    """The two ends of the menu of the first sender."""
    ranked = {s: [e for e in some if not math.isnan(e.ratio)] for s, some in menus.items()}
    sender, entries = next(iter(ranked.items()))
    if not entries:
        return "Nothing flows between the sides of which a little more would cost the senders."
    best, worst = max(entries, key=lambda e: e.ratio), min(entries, key=lambda e: e.ratio)
    owner, them = w.possessive(named_sides.senders[sender].prose), named_sides.target.prose

    def said(e: Entry) -> str:
        return f"{e.direction} of {named_sides.good(e.good)}"

    text = (
        f"A slightly higher barrier on {owner} {said(best)} takes most from {them} for each dollar "
        f"that the sender loses, {_slope(best)} dollars"
    )
    if best is worst:
        return f"{text}."
    return f"{text}, and one on its {said(worst)} least, {_slope(worst)}."


def _slope(entry: Entry) -> str:
    """The ratio of a flow, with its band."""
    band = None if math.isnan(entry.ratio_band[0]) else entry.ratio_band
    return w.beside(entry.ratio, band, w.rounded)


def coalition_table(named_sides: NamedSides, joint: Joint, draws: int = 0) -> Table:
    """What each sender contributes, what it loses, whether it would leave, what keeps it."""
    members = sorted(joint.members, key=lambda m: -m.shapley)
    rows: list[tuple[Cell, ...]] = [
        (
            named_sides.senders[m.id].name,
            m.alone,
            m.marginal,
            m.shapley,
            *([] if joint.exact else [m.shapley_error]),
            m.loss_in,
            100 * m.relative_loss,
            m.leaving,
            "yes" if m.would_leave else "no",
            None if math.isnan(m.implied_rate) else m.implied_rate,
            m.keeps,
            None if math.isnan(m.transfer) else m.transfer,
        )
        for m in members
    ]
    gap: tuple[Cell, ...] = () if joint.exact else (None,)
    whole = (joint.loss, *gap, joint.cost)
    rows.append(("All together", None, None, *whole, *([None] * 6)))
    money = [v for m in members for v in (m.alone, m.marginal, m.loss_in)] + [joint.loss]
    error = numbers("shapley_error", "Standard error", MONEY, [m.shapley_error for m in members])
    table = Table(
        "design-coalition",
        f"Who carries the sanctions on {named_sides.target.prose}, and who would leave",
        _coalition_sentence(named_sides, joint, members),
        (
            Column("sender", "Sender"),
            numbers("alone", f"{named_sides.target.name} loses if it acts alone", MONEY, money),
            numbers("marginal", "Marginal: would be spared if it left", MONEY, money),
            numbers("shapley", "Contribution (Shapley)", MONEY, money),
            *(() if joint.exact else (error,)),
            numbers("own_loss", "Its own loss when all act", MONEY, money),
            Column("relative_loss", "Share of its income", "%", "number", 3),
            numbers("leaving", "It gains by leaving", MONEY, money),
            Column("would_leave", "Leaves for money alone"),
            Column("rate", "Stays if a dollar of harm is worth to it", "USD", "number", 2),
            numbers("keeps", "Or is kept by a payment of", MONEY, money),
            numbers(
                "transfer",
                "Receives if all lose alike",
                MONEY,
                [m.transfer for m in members],
                signed=True,
            ),
        ),
        tuple(rows),
        note=_coalition_note(named_sides, joint, draws),
    )
    return _with_bands(table, joint, members) if draws else table


#: By column, whose band it shows and in which unit.
_BANDS = {
    "alone": ("alone", 1.0),
    "marginal": ("marginal", 1.0),
    "shapley": ("shapley", 1.0),
    "own_loss": ("loss_in", 1.0),
    "relative_loss": ("relative_loss", 100.0),
    "leaving": ("leaving", 1.0),
    "rate": ("implied_rate", 1.0),
    "keeps": ("keeps", 1.0),
    "transfer": ("transfer", 1.0),
}


def _with_bands(table: Table, joint: Joint, members: list[Member]) -> Table:
    rows = [
        [_scaled(joint.band(name, m.id), unit) for name, unit in _BANDS.values()] for m in members
    ]
    whole = {"shapley": joint.band("loss"), "own_loss": joint.band("cost")}
    rows.append([_scaled(whole.get(column), 1.0) for column in _BANDS])
    ends = np.array(rows)
    return banded(table, ends[:, :, 0], ends[:, :, 1], _BANDS)


def _scaled(band: tuple[float, float] | None, unit: float) -> tuple[float, float]:
    return (math.nan, math.nan) if band is None else (unit * band[0], unit * band[1])


def _coalition_sentence(named_sides: NamedSides, joint: Joint, members: list[Member]) -> str:
    them = named_sides.target.prose
    top = members[0]
    part = top.shapley / joint.loss if joint.loss > NEGLIGIBLE else 0.0
    text = (
        f"Together the {w.count(len(members), 'sender')} cost {them} "
        f"{w.money(joint.loss, joint.band('loss'))} and themselves "
        f"{w.money(joint.cost, joint.band('cost'))} a year"
        if joint.cost > 0
        else f"Together the {w.count(len(members), 'sender')} cost {them} "
        f"{w.money(joint.loss, joint.band('loss'))} a year and gain "
        f"{w.money(joint.cost, joint.band('cost'))}"
    )
    most = w.sentence(named_sides.senders[top.id].prose)
    text += f". {most} contributes {w.share(part)} of the harm."
    leavers = [m for m in members if m.would_leave]
    if not leavers:
        return f"{text} For money alone none of them would leave."
    who = (
        "each of them"
        if len(leavers) == len(members)
        else w.listing(named_sides.senders[m.id].prose for m in leavers)
    )
    known = [m for m in leavers if not math.isnan(m.implied_rate)]
    text += f" For money alone {who} would leave"
    if not known:
        return f"{text}."
    first, last = (pick(known, key=lambda m: m.implied_rate) for pick in (max, min))
    names = {m.id: named_sides.senders[m.id].prose for m in known}
    if first is last:
        return (
            f"{text}: it stays if a dollar of harm is worth {_rate(joint, first)} dollars to it, "
            f"or for {w.money(first.keeps, joint.band('keeps', first.id))} a year."
        )
    return (
        f"{text}: {names[last.id]} stays if a dollar of harm is worth "
        f"{_rate(joint, last)} dollars to it, {names[first.id]} only at {_rate(joint, first)}."
    )


def _rate(joint: Joint, member: Member) -> str:
    """What a dollar of harm has to be worth to a member, with its band."""
    band = joint.band("implied_rate", member.id)
    return w.beside(member.implied_rate, band, w.rounded)


def _coalition_note(named_sides: NamedSides, joint: Joint, draws: int) -> str:
    text = (
        "Each sender acts with all its measures in force or with none. Alone: against nobody "
        "acting. Marginal: what the target would be spared if this sender alone left. "
        "Shapley: its addition averaged over all orders of joining; these sum to the whole. "
        "Leaving compares its own loss inside with that outside while the others go on; that "
        "nearly all would leave for money says that sanctions are not held for money. The "
        "last column is the transfer paid (−) or received (+) after which every country of "
        "the coalition loses the same share of its income"
    )
    if not math.isnan(joint.change):
        text += f", {w.number(-100 * joint.change, 3)} %"
    text += "."
    if not joint.exact:
        text += " Orders of joining were sampled, so that contributions have standard errors."
    for sender in named_sides.sides.senders:
        if sender.others:
            labels = w.listing(w.quoted(named_sides.label(m)) for m in sender.others)
            them = named_sides.target.prose
            verb = "does" if len(sender.others) == 1 else "do"
            text += (
                f" In this, {named_sides.senders[sender.id].prose} would lift {labels} too, "
                f"which {verb} "
                f"not hit {them}."
            )
    if draws:
        return f"{text} Bands run from 5 to 95 % of {w.number(draws)} draws."
    return f"{text} No band stands here: the figures are at central values."
