"""What to hold and what to lift: measures in force, and a little more on every flow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detente.brief import wording as w
from detente.brief.design_duel import MONEY, Duel
from detente.brief.options import NEGLIGIBLE
from detente.brief.page import banded
from detente.brief.table import Cell, Column, Table, numbers
from detente.study.assessing import NOISE
from detente.study.sanctioning import rank
from detente.study.sensitivities.menu import ratio_of, verdict_of
from detente.study.targeting import total

if TYPE_CHECKING:
    from collections.abc import Callable

    from detente.brief.page import Page
    from detente.study.assessment import Array
    from detente.study.sanctioning import Sanctions
    from detente.study.sensitivities import Entry

STEP = f"{MONEY} for 1 % more cost"
RATIO = "USD per USD"
#: Flows of which a step moves less than this share of what it moves of the largest are not shown.
_SHOWN = 0.02

Row: TypeAlias = tuple[Cell, ...]
Key: TypeAlias = tuple[str, str]


def measures_table(duel: Duel, page: Page) -> Table:
    """Every measure in force against the target, from the cheapest to hold to the dearest."""
    found = _wholes(duel)
    keys = page.keep("design-measures", lambda: sorted(found, key=lambda k: _rank(*found[k])))
    rows: list[Row] = []
    for key in keys:
        sender, label = key
        harm, cost = found.get(key, (math.nan, math.nan))
        rows.append((duel.senders[sender].name, label, harm, cost, _ratio(harm, cost)))
    money = [v for pair in found.values() for v in pair]
    them = duel.target
    return Table(
        "design-measures",
        f"Measures in force against {them.prose}: the cheapest to hold first",
        page.say(lambda: _measures_sentence(duel, found, keys, page)),
        (
            Column("sender", "Sender"),
            Column("measure", "Measure"),
            numbers("harm", f"{them.name} loses", MONEY, money),
            numbers("cost", "The sender loses", MONEY, money),
            Column("ratio", "Harm per unit of own cost", RATIO, "number", 2),
        ),
        tuple(rows),
        note="What each measure takes from the two sides as long as it is held, all others "
        "standing; lifting it gives as much back. The first are the cheapest to hold, the "
        "last the most valuable to lift. A minus is a gain; a dash: it costs the sender "
        "nothing. Measures that move nothing one by one are shown together.",
    )


def _wholes(duel: Duel) -> dict[Key, tuple[float, float]]:
    """Harm and cost of each measure, by sender and label; of joint ones together."""
    a = duel.assessment
    lifts: list[tuple[tuple[str, ...], str, Array]] = [
        ((e.measure.id,), e.measure.label, e.margin_n)
        for e in a.effects
        if e.in_force and e.has_effect
    ]
    locked = {m.id for joint in a.joint for m in joint.measures}
    lifts = [lift for lift in lifts if lift[0][0] not in locked]
    lifts += [
        (
            tuple(m.id for m in joint.measures),
            f"{w.listing(m.label for m in joint.measures)}, together",
            joint.margin_n,
        )
        for joint in a.joint
    ]
    return {
        (s.id, label): (total(a, gain, duel.sides.countries), total(a, gain, s.countries))
        for s in duel.sides.senders
        for ids, label, gain in lifts
        if set(ids) <= set(s.measures)
    }


def _rank(harm: float, cost: float) -> tuple[int, float]:
    return rank(verdict_of(harm, cost, noise=NOISE), harm, cost, ratio_of(harm, cost))


def _ratio(harm: float, cost: float) -> float | None:
    return harm / cost if cost > NOISE else None


def _measures_sentence(
    duel: Duel,
    found: dict[Key, tuple[float, float]],
    keys: list[Key],
    page: Page,
) -> str:
    moving = [k for k in keys if max(map(abs, found[k])) > NEGLIGIBLE]
    them = duel.target.prose
    if not moving:
        return f"No measure in force moves anything for {them} or for those who hold it."
    first, last = moving[0], moving[-1]
    text = (
        f"Of the measures in force against {them}, {w.quoted(first[1])} is the cheapest to hold: "
        f"{_per_dollar(duel, first, found, page)}"
    )
    if len(moving) == 1:
        return f"{text}."
    return (
        f"{text}; the most valuable to lift is {w.quoted(last[1])}, where "
        f"{_per_dollar(duel, last, found, page)}."
    )


def _per_dollar(
    duel: Duel,
    key: Key,
    found: dict[Key, tuple[float, float]],
    page: Page,
) -> str:
    harm, cost = found[key]
    sender, them = duel.senders[key[0]].prose, duel.target.prose
    verdict = verdict_of(harm, cost, noise=NOISE)
    if verdict == "costs both":
        names = (duel.senders[key[0]].name, key[1])
        band = w.within(page.band("design-measures", names, "ratio"), lambda v: w.number(v, 2))
        ratio = w.number(harm / cost, 2 if harm < 9.95 * cost else 0)
        return f"{them} loses {ratio}{band} dollars for each dollar that {sender} loses"
    if verdict == "pays the sender":
        return f"{them} loses {w.money(harm)} a year and {sender} nothing"
    if verdict == "helps the target":
        return f"{sender} loses {w.money(cost)} a year and {them} nothing"
    return "both gain"


def menu_table(duel: Duel, found: Sanctions) -> Table:
    """What one per cent more on each flow costs the target and the sender."""
    shown = {s: _shown(duel, found.menus[s]) for s in sorted(found.menus, key=_reach(found))}
    rows: list[Row] = [
        (
            duel.senders[s].name,
            f"{e.direction.capitalize()} of {duel.good(e.good)}",
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
        _menu_sentence(duel, shown),
        (
            Column("sender", "Sender", group=True),
            Column("flow", "Its trade with the target"),
            numbers("now", "Traded now", MONEY, [e.flow for e in every]),
            Column("harm", f"{duel.target.name} loses", STEP, "number", 2),
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


def _shown(duel: Duel, entries: tuple[Entry, ...]) -> list[Entry]:
    own = {c.name for c in duel.assessment.case.commodities}
    sizes = [max(abs(e.harm), abs(e.cost)) for e in entries]
    most = max((s for s in sizes if not math.isnan(s)), default=0.0)
    return [
        e for e, size in zip(entries, sizes, strict=True) if e.good in own or size >= _SHOWN * most
    ]


def _reach(found: Sanctions) -> Callable[[str], float]:
    """By what steps of a sender do to the target in all, the largest first."""
    return lambda s: -sum(abs(e.harm) for e in found.menus[s] if not math.isnan(e.harm))


def _menu_sentence(duel: Duel, menus: dict[str, list[Entry]]) -> str:
    """The two ends of the menu of the first sender."""
    ranked = {s: [e for e in some if not math.isnan(e.ratio)] for s, some in menus.items()}
    sender, entries = next(iter(ranked.items()))
    if not entries:
        return "Nothing flows between the sides of which a little more would cost the senders."
    best, worst = max(entries, key=lambda e: e.ratio), min(entries, key=lambda e: e.ratio)
    owner, them = w.possessive(duel.senders[sender].prose), duel.target.prose

    def said(e: Entry) -> str:
        return f"{e.direction} of {duel.good(e.good)}"

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
    return f"{w.number(entry.ratio, 2)}{w.within(band, lambda end: w.number(end, 2))}"
