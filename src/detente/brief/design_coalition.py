"""The coalition of a case's senders: contributions, losses, reasons to leave, what keeps them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from detente.brief import wording as w
from detente.brief.design_duel import MONEY, Duel
from detente.brief.options import NEGLIGIBLE
from detente.brief.page import banded
from detente.brief.table import Cell, Column, Table, numbers

if TYPE_CHECKING:
    from detente.study.coalitions import Member
    from detente.study.sanctioning import Joint


def coalition_table(duel: Duel, joint: Joint, draws: int = 0) -> Table:
    """What each sender contributes, what it loses, whether it would leave, what keeps it."""
    members = sorted(joint.members, key=lambda m: -m.shapley)
    rows: list[tuple[Cell, ...]] = [
        (
            duel.senders[m.id].name,
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
        f"Who carries the sanctions on {duel.target.prose}, and who would leave",
        _coalition_sentence(duel, joint, members),
        (
            Column("sender", "Sender"),
            numbers("alone", f"{duel.target.name} loses if it acts alone", MONEY, money),
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
        note=_coalition_note(duel, joint, draws),
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


def _coalition_sentence(duel: Duel, joint: Joint, members: list[Member]) -> str:
    them = duel.target.prose
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
    text += f"; {duel.senders[top.id].prose} contributes {w.share(part)} of the harm."
    leavers = [m for m in members if m.would_leave]
    if not leavers:
        return f"{text} For money alone none of them would leave."
    who = (
        "each of them"
        if len(leavers) == len(members)
        else w.listing(duel.senders[m.id].prose for m in leavers)
    )
    known = [m for m in leavers if not math.isnan(m.implied_rate)]
    text += f" For money alone {who} would leave"
    if not known:
        return f"{text}."
    first, last = (pick(known, key=lambda m: m.implied_rate) for pick in (max, min))
    names = {m.id: duel.senders[m.id].prose for m in known}
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
    return f"{w.number(member.implied_rate, 2)}{w.within(band, lambda end: w.number(end, 2))}"


def _coalition_note(duel: Duel, joint: Joint, draws: int) -> str:
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
    for sender in duel.sides.senders:
        if sender.others:
            labels = w.listing(w.quoted(duel.label(m)) for m in sender.others)
            them = duel.target.prose
            verb = "does" if len(sender.others) == 1 else "do"
            text += (
                f" In this, {duel.senders[sender.id].prose} would lift {labels} too, which {verb} "
                f"not hit {them}."
            )
    if draws:
        return f"{text} Bands run from 5 to 95 % of {w.number(draws)} draws."
    return f"{text} No band stands here: the figures are at central values."
