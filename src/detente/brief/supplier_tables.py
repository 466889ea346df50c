"""Tables of a commodity's suppliers: their shares of the main markets, and dependence on them."""

from __future__ import annotations

from functools import partial

import numpy as np

from detente.brief import wording as w
from detente.brief.commodity_tables import Pair
from detente.brief.names import in_sentence, name_of
from detente.brief.options import Option
from detente.brief.places import Array, Place
from detente.brief.table import Cell, Column, Table, numbers
from detente.study.assessment import CommodityOutcome


def shares_i(outcome: CommodityOutcome, place: Place) -> Array:
    """Suppliers' shares of a place's purchases by value, (N,); zeros if it buys nothing."""
    at = list(place.members)
    bought = outcome.bought_n[at] @ outcome.share_ni[at]
    total = float(bought.sum())
    return np.asarray(bought / total if total > 0 else bought)


def shares_table(pair: Pair, markets: list[Place], options: list[Option]) -> Table:
    """Suppliers' shares of the main markets: before, under the regime, and after each option."""
    outcomes = [
        pair.before,
        pair.under,
        *(o.snapshot.commodities[pair.before.good] for o in options),
    ]
    rows: list[tuple[Cell, ...]] = []
    for place in markets:
        shares = np.array([100 * shares_i(outcome, place) for outcome in outcomes])
        order = pair.page.keep(f"{pair.before.good}-shares {place.key}", partial(_visible, shares))
        rows += [
            (place.name, name_of(pair.codes[i]), *(float(s) for s in shares[:, i])) for i in order
        ]
    return Table(
        f"{pair.before.good}-shares",
        f"{pair.before.label}: suppliers' shares of the main markets",
        pair.page.say(lambda: _shares_sentence(pair, markets)),
        (
            Column("market", "Market", group=True),
            Column("supplier", "Supplier"),
            Column("before", "Before", "%", "number", 1),
            Column("under", "Under the regime", "%", "number", 1),
            *(Column(o.id, o.label, "%", "number", 1) for o in options),
        ),
        tuple(rows),
        note="Shares of what a market spends on the commodity, its own output included. Suppliers "
        "of at least 1 % in one of the columns.",
        lead=14,
    )


def _visible(shares: Array) -> list[int]:
    """Suppliers of at least 1 % in one state, the largest first; shares in %, (states, N)."""
    order = np.argsort(-shares[:2].max(axis=0), kind="stable")
    return [int(i) for i in order if shares[:, i].max() >= 1.0]


def _shares_sentence(pair: Pair, markets: list[Place]) -> str:
    """The shift of the largest value, unions left to their members' totals."""
    if not pair.moves:
        return pair.unmoved
    shifts = []
    for place in markets:
        before, under = shares_i(pair.before, place), shares_i(pair.under, place)
        i = int(np.argmax(np.abs(under - before)))
        moved = abs(under[i] - before[i]) * place.total(pair.before.tonnes_ni.sum(axis=1))
        shifts.append((moved, place, i, before[i], under[i]))
    _, place, i, before, under = max(shifts, key=lambda t: t[0])
    band = pair.page.band(
        f"{pair.before.good}-shares", (place.name, name_of(pair.codes[i])), "under"
    )
    return (
        f"The largest shift: {in_sentence(pair.codes[i])}'s share of what {place.prose} buys goes "
        f"from {w.share(before)} to {w.share(under)}{w.within(band, _percent)}."
    )


def dependence_table(pair: Pair, markets: list[Place]) -> Table:
    """How far each market depends on its largest supplier, and how concentrated supply is."""
    rows: list[tuple[Cell, ...]] = []
    for place in markets:
        before, under = shares_i(pair.before, place), shares_i(pair.under, place)
        if before.sum() == 0:
            continue
        first, second = pair.page.keep(
            f"{pair.before.good}-dependence {place.key}", partial(_largest_of, before, under)
        )
        rows.append(
            (
                place.name,
                name_of(pair.codes[first]),
                float(100 * before[first]),
                name_of(pair.codes[second]),
                float(100 * under[second]),
                float((before**2).sum()),
                float((under**2).sum()),
            )
        )
    order = pair.page.keep(
        f"{pair.before.good}-dependence",
        lambda: sorted(range(len(rows)), key=lambda k: -_float(rows[k][6])),
    )
    rows = [rows[k] for k in order]
    return Table(
        f"{pair.before.good}-dependence",
        f"{pair.before.label}: dependence on the largest supplier",
        pair.page.say(lambda: _dependence_sentence(pair, markets, rows)),
        (
            Column("market", "Market"),
            Column("largest_before", "Largest supplier before"),
            Column("share_before", "Its share", "%", "number", 1),
            Column("largest_under", "Under the regime"),
            Column("share_under", "Its share", "%", "number", 1),
            numbers("herfindahl_before", "Herfindahl before", "0 to 1", [0.1]),
            numbers("herfindahl_under", "Under the regime", "0 to 1", [0.1]),
        ),
        tuple(rows),
        note="The Herfindahl index is the sum of squared supplier shares: 1 is a single supplier. "
        "A market that digs its own counts as its own supplier.",
    )


def _largest_of(before: Array, under: Array) -> tuple[int, int]:
    return int(np.argmax(before)), int(np.argmax(under))


def _percent(value: float) -> str:
    return f"{w.number(value)} %"


def _dependence_sentence(pair: Pair, markets: list[Place], rows: list[tuple[Cell, ...]]) -> str:
    buyers = [row for row in rows if row[3] != row[0]]
    if not buyers:
        return "Every main market is its own largest supplier."
    top = buyers[0]
    place = next(p.prose for p in markets if p.name == top[0])
    band = pair.page.band(f"{pair.before.good}-dependence", str(top[0]), "share_under")
    text = (
        f"Of the markets that buy abroad, {place} depends most on one supplier: {top[3]} provides "
        f"{w.number(_float(top[4]))}{w.within(band, w.number)} % of what it buys under the regime"
    )
    if top[1] == top[3]:
        return f"{text}, against {w.number(_float(top[2]))} % before."
    return f"{text}; before, {top[1]} provided most, {w.number(_float(top[2]))} %."


def _float(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) else float("nan")
