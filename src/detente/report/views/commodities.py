"""Views of one commodity: who sells what to whom, at which price, and who depends on whom.

`flows_table`, `producers_table` and `markets_table` hold quantities and prices; `shares_table` and
`dependence_table` hold suppliers' shares and who depends on them. Each table brings its sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.assessment import CommodityOutcome
from detente.analysis.labels import in_sentence, name_of
from detente.analysis.options import Option
from detente.analysis.places import Array, Place, country
from detente.report.table import Cell, Column, Table, as_float, numbers
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment
    from detente.report.table import Page


#: Flows below this many million tonnes before and under the regime are left out of lists.
TRACE = 0.0005


@dataclass(frozen=True)
class Pair:
    """One commodity in two equilibria of one assessment: before the measures, and under them.

    Attributes:
        assessment: the case answered.
        before: without measures.
        under: under the regime.
        page: what is chosen once for all draws.
    """

    assessment: Assessment
    before: CommodityOutcome
    under: CommodityOutcome
    page: Page

    @property
    def name(self) -> str:
        """The commodity as it stands inside a sentence."""
        return lower_first(self.before.label)

    @property
    def moves(self) -> bool:
        """Whether the regime changes any flow of it noticeably."""
        return float(np.abs(self.under.tonnes_ni - self.before.tonnes_ni).max()) >= TRACE

    @property
    def unmoved(self) -> str:
        """The sentence of a table in which nothing changes."""
        return f"The measures in force change no flow of {self.name} noticeably."

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO3 codes of the world."""
        return self.assessment.world.countries


def flows_table(pair: Pair, most: int = 25) -> Table:
    """Bilateral flows before and under the regime, those that change most first."""
    before, under = pair.before, pair.under
    change = under.tonnes_ni - before.tonnes_ni
    size = np.abs(change)
    size[np.maximum(before.tonnes_ni, under.tonnes_ni) < TRACE] = 0.0
    chosen = pair.page.keep(f"{before.good}-flows", lambda: _largest(size)[:most])
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(pair.codes[i]),
            name_of(pair.codes[n]),
            float(before.tonnes_ni[n, i]),
            float(under.tonnes_ni[n, i]),
            float(change[n, i]),
            float(before.value_ni[n, i]),
            float(under.value_ni[n, i]),
            float(under.value_ni[n, i] - before.value_ni[n, i]),
        )
        for n, i in chosen
    ]
    tonnes = [v for row in rows for v in row[2:5]]
    values = [v for row in rows for v in row[5:]]
    return Table(
        f"{before.good}-flows",
        f"{before.label}: bilateral flows before and under the regime",
        pair.page.say(lambda: _flows_sentence(pair, chosen[0]) if pair.moves else pair.unmoved),
        (
            Column("origin", "From"),
            Column("market", "To"),
            numbers("tonnes_before", "Before", "Mt", tonnes),
            numbers("tonnes_under", "Under the regime", "Mt", tonnes),
            numbers("tonnes_change", "Change", "Mt", tonnes, signed=True),
            numbers("value_before", "Before", "USD million", values),
            numbers("value_under", "Under the regime", "USD million", values),
            numbers("value_change", "Change", "USD million", values, signed=True),
        ),
        tuple(rows),
        note=f"The {len(rows)} flows that change most, in tonnes that arrive; home sales included.",
        lead=12,
    )


def _largest(size: Array, most: int = 50) -> list[tuple[int, int]]:
    order = np.argsort(-size, axis=None, kind="stable")[:most]
    cells = [divmod(int(k), size.shape[1]) for k in order]
    return [(n, i) for n, i in cells if size[n, i] > 0]


def _flows_sentence(pair: Pair, cell: tuple[int, int]) -> str:
    n, i = cell
    before, under = pair.before.tonnes_ni, pair.under.tonnes_ni
    total = float(pair.under.tonnes_ni.sum() / pair.before.tonnes_ni.sum() - 1)
    whom = "at home" if n == i else f"to {in_sentence(pair.codes[n])}"
    old, new = float(before[n, i]), float(under[n, i])
    change = (
        f"sells {w.rounded(new)}{_tonnes_band(pair, n, i)} Mt {whom} instead of {w.rounded(old)} Mt"
        if new >= TRACE
        else f"no longer sells {whom} ({w.rounded(old)} Mt a year before)"
    )
    return (
        f"The largest change: {in_sentence(pair.codes[i])} {change}. All markets together receive "
        f"{w.percent(abs(total))} {'less' if total < 0 else 'more'} {pair.name} in tonnes."
    )


def _tonnes_band(pair: Pair, n: int, i: int) -> str:
    names = (name_of(pair.codes[i]), name_of(pair.codes[n]))
    return w.within(pair.page.band(f"{pair.before.good}-flows", names, "tonnes_under"), w.rounded)


def producers_table(pair: Pair) -> Table:
    """Sales and prices received by seller, the largest first."""
    before, under = pair.before, pair.under
    tonnes, after = before.tonnes_ni.sum(axis=0), under.tonnes_ni.sum(axis=0)
    order = pair.page.keep(
        f"{before.good}-producers",
        lambda: [int(i) for i in np.argsort(-tonnes, kind="stable") if tonnes[i] >= 0.05],
    )
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(pair.codes[i]),
            float(tonnes[i]),
            float(after[i]),
            float(before.sales_n[i]),
            float(under.sales_n[i]),
            _change(before.sales_n[i], under.sales_n[i]),
            float(before.price_received_n[i]),
            float(under.price_received_n[i]),
            _change(before.price_received_n[i], under.price_received_n[i]),
        )
        for i in order
    ]
    changes = [v for row in rows for v in (row[5], row[8])]
    return Table(
        f"{before.good}-producers",
        f"{before.label}: sales and prices received, by seller",
        pair.page.say(lambda: _sales_sentence(pair)),
        (
            Column("seller", "Seller"),
            numbers("tonnes_before", "Sales before", "Mt", [*tonnes]),
            numbers("tonnes_under", "Under the regime", "Mt", [*tonnes]),
            numbers("sales_before", "Sales before", "USD million", [*before.sales_n]),
            numbers("sales_under", "Under the regime", "USD million", [*before.sales_n]),
            numbers("sales_change", "Change", "%", changes, signed=True),
            Column("price_before", "Price received before", "USD per tonne", "number"),
            Column("price_under", "Under the regime", "USD per tonne", "number"),
            numbers("price_change", "Change", "%", changes, signed=True),
        ),
        tuple(rows),
        note="Prices at the seller's gate. A seller is the origin that trade records name, which "
        "may resell what others mined. Those of at least 0.05 Mt a year.",
        lead=12,
    )


def _sales_sentence(pair: Pair) -> str:
    if not pair.moves:
        return pair.unmoved
    before, under = pair.before.sales_n, pair.under.sales_n
    change = under - before
    lost, won = int(np.argmin(change)), int(np.argmax(change))

    def now(seller: int) -> str:
        name = name_of(pair.codes[seller])
        band = pair.page.band(f"{pair.before.good}-producers", name, "sales_under")
        return f"{w.money(under[seller], band)} a year instead of {w.money(before[seller])}"

    part = w.percent(change[lost] / before[lost])
    part += _change_band(pair, "producers", name_of(pair.codes[lost]), "sales_change")
    loser, winner = (in_sentence(pair.codes[i]) for i in (lost, won))
    return f"{w.sentence(loser)} sells for {now(lost)}, {part} less; {winner} for {now(won)}."


def markets_table(pair: Pair, markets: list[Place]) -> Table:
    """Purchases and prices paid by market, the largest first."""
    before, under = pair.before, pair.under
    rows: list[tuple[Cell, ...]] = []
    for p in markets:
        first, second = paid(before, p), paid(under, p)
        rows.append(
            (
                p.name,
                p.total(before.tonnes_ni.sum(axis=1)),
                p.total(under.tonnes_ni.sum(axis=1)),
                first,
                second,
                _change(first, second),
            )
        )
    changes = [row[5] for row in rows]
    note = (
        "Tonnes that arrive. The price paid is the base price times the exact index of delivered "
        "prices, taxes included, not a mean per tonne: that would rise whenever a dearer supplier "
        "is let in."
    )
    known = before.price_paid_n[np.isfinite(before.price_paid_n)]
    if np.ptp(known) < 1e-6 * known.mean():
        note += (
            " The base year has one price for all flows, so only the changes tell markets apart."
        )
    return Table(
        f"{before.good}-markets",
        f"{before.label}: purchases and prices paid, by market",
        pair.page.say(lambda: _markets_sentence(pair, markets)),
        (
            Column("market", "Market"),
            numbers("tonnes_before", "Purchases before", "Mt", [row[1] for row in rows]),
            numbers("tonnes_under", "Under the regime", "Mt", [row[1] for row in rows]),
            Column("price_before", "Price paid before", "USD per tonne", "number"),
            Column("price_under", "Under the regime", "USD per tonne", "number"),
            numbers("price_change", "Change", "%", changes, signed=True),
        ),
        tuple(rows),
        note=note,
    )


def _markets_sentence(pair: Pair, markets: list[Place]) -> str:
    """Who pays most more in money, and whose price falls most."""
    if not pair.moves:
        return pair.unmoved
    changes = []
    for p in markets:
        first, second = paid(pair.before, p), paid(pair.under, p)
        tonnes = p.total(pair.before.tonnes_ni.sum(axis=1))
        if first > 0 and second > 0:
            changes.append((second / first - 1, (second - first) * tonnes, p))
    most = max(changes, key=lambda c: c[1])
    least = min(changes, key=lambda c: c[0])
    text = (
        f"{w.sentence(most[2].prose)} pays {w.percent(most[0])}"
        f"{_change_band(pair, 'markets', most[2].name, 'price_change', most[0])} "
        f"{'more' if most[0] > 0 else 'less'} for a tonne of {pair.name} than before the measures"
    )
    if least[0] >= 0 or least[2] is most[2]:
        return f"{text}."
    band = _change_band(pair, "markets", least[2].name, "price_change", least[0])
    return f"{text}; {least[2].prose} {w.percent(least[0])}{band} less."


def _change_band(pair: Pair, table: str, row: str, column: str, sign: float = -1.0) -> str:
    """The band of a change in per cent, along the sign that the sentence says in words."""
    band = pair.page.band(f"{pair.before.good}-{table}", row, column)
    if band is None:
        return ""
    ends = sorted(end if sign > 0 else -end for end in band)
    return w.within((ends[0], ends[1]), lambda end: w.number(end, 1))


def paid(outcome: CommodityOutcome, place: Place) -> float:
    """Mean price that a place pays, weighted by tonnes, USD per tonne."""
    at = list(place.members)
    tonnes = outcome.tonnes_ni[at].sum(axis=1)
    price = outcome.price_paid_n[at]
    bought = (tonnes > 0) & np.isfinite(price)
    if not bought.any():
        return float("nan")
    return float((tonnes[bought] * price[bought]).sum() / tonnes[bought].sum())


def _change(before: float, under: float) -> float | None:
    return float(100 * (under / before - 1)) if before > 0 else None


def main_suppliers(pair: Pair, most: int = 7) -> list[int]:
    """Positions of the largest sellers before the measures, in one order for every chart."""
    sold = pair.before.tonnes_ni.sum(axis=0)
    return [int(i) for i in np.argsort(-sold, kind="stable")[:most] if sold[i] >= 0.02]


def main_markets(a: Assessment, outcome: CommodityOutcome, parties: list[Place]) -> list[Place]:
    """Parties and groups that buy the commodity, and the largest other markets, by tonnes."""
    bought: Array = outcome.tonnes_ni.sum(axis=1)
    places = {p.key: p for p in parties}
    inside = {k for p in places.values() if len(p.members) > 1 for k in p.members}
    order = [int(n) for n in np.argsort(-bought, kind="stable") if int(n) not in inside]
    for n in order[:9]:
        place = country(a, n)
        places.setdefault(place.key, place)
    ranked = sorted(places.values(), key=lambda p: -p.total(bought))
    return [p for p in ranked if p.total(bought) >= 0.01 or p.key in {q.key for q in parties}]


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
        lambda: sorted(range(len(rows)), key=lambda k: -as_float(rows[k][6])),
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
        f"{w.number(as_float(top[4]))}{w.within(band, w.number)} % of what it buys under the regime"
    )
    if top[1] == top[3]:
        return f"{text}, against {w.number(as_float(top[2]))} % before."
    return f"{text}; before, {top[1]} provided most, {w.number(as_float(top[2]))} %."
