"""Where the goods go instead: who sells more and who less, at which prices, by which routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.figures.partners import BOUGHT, LEAST
from detente.analysis.findings import dependence_order
from detente.analysis.labels import in_sentence, name_of
from detente.report.overview.chapter import Chapter
from detente.report.views.partners import partners_sentence

if TYPE_CHECKING:
    from detente.analysis.figures.commodities import Pair
    from detente.analysis.figures.frame import Band
    from detente.analysis.figures.routes import ExportRoutes
    from detente.report.context import ViewContext

#: A change of sales or purchases below this many million tonnes is not told.
_LEAST = 0.05


@dataclass(frozen=True)
class _Sold:
    """What one country sells of a commodity, million tonnes."""

    code: str
    before: float
    under: float
    band: Band | None

    @property
    def change(self) -> float:
        return self.under - self.before


def where_goods_go(context: ViewContext, subject: str) -> Chapter | None:
    """Where goods go under the measures; None for a case that follows no commodity.

    Args:
        context: an answer, and what of it is shown.
        subject: of sentences, 'The measures'.
    """
    if not context.pairs:
        return _by_sector(context)
    pairs = sorted(context.pairs, key=_moved, reverse=True)
    main = pairs[0]
    sections = [f"commodity-{p.good}" for p in pairs]
    if context.all_export_routes:
        sections.append("transport")
    picture = f"chart:{main.good}-flows"
    if not main.moves:
        text = f"{subject} leave the trade in {main.name} where it was."
        return Chapter(
            "where-goods-go", text, "No flow changes noticeably.", text, "", tuple(sections)
        )
    said = [_others(p) for p in pairs[1:] if p.moves]
    paragraph = [_prices(context, main), _dependence(context, main), *_routes(context, main), *said]
    return Chapter(
        "where-goods-go",
        _sentence(context, main),
        " ".join(p for p in paragraph if p),
        _bullet(context, main),
        picture,
        tuple(sections),
    )


def _by_sector(context: ViewContext) -> Chapter | None:
    """With whom those hit trade instead, where the case follows sectors and no commodity."""
    if "partners" not in context.figures:
        return None
    sentence = partners_sentence(context)
    return Chapter(
        "where-goods-go",
        sentence,
        _bought(context),
        sentence,
        "chart:partners",
        ("partners",),
    )


def _bought(context: ViewContext) -> str:
    """What the target buys from abroad, and from whom it buys more."""
    assert context.sides is not None
    frame = context.figures["partners"]
    target = named_sides_of(context.assessment, context.sides).target.prose
    before, under = (frame.value((BOUGHT, "all"), f"value_{k}") for k in ("before", "under"))
    text = (
        f"{w.sentence(target)} buys from abroad for {w.money(under)} a year. Before the measures "
        f"it was {w.money(before)}."
    )
    names = {p.key: p.prose for p in context.selection.partners}
    changes = {k: frame.value((BOUGHT, k), "value_change") for k in names}
    most, least = max(changes, key=changes.__getitem__), min(changes, key=changes.__getitem__)
    if changes[least] < -LEAST:
        text += f" {w.sentence(names[least])} sells it {w.money(changes[least])} less"
        text += f", {names[most]} {w.money(changes[most])} more." if changes[most] > LEAST else "."
    return f"{text} The case follows sectors, so that routes and prices of goods are left open."


def _moved(pair: Pair) -> float:
    return float(np.abs(pair.under.value_ni - pair.before.value_ni).sum())


def _sold(context: ViewContext | None, pair: Pair) -> list[_Sold]:
    """Who sells how much abroad and at home, those whose sales fall most first."""
    before, under = pair.before.tonnes_ni.sum(axis=0), pair.under.tonnes_ni.sum(axis=0)
    key = f"{pair.good}-producers"
    found = [
        _Sold(
            code,
            float(before[k]),
            float(under[k]),
            None if context is None else context.figures.band(key, code, "tonnes_under"),
        )
        for k, code in enumerate(pair.codes)
    ]
    return sorted(found, key=lambda s: s.change)


def _sentence(context: ViewContext, pair: Pair) -> str:
    sold = _sold(context, pair)
    less, more = sold[0], [s for s in sold[::-1] if s.change >= _LEAST][:2]
    if less.change > -_LEAST:
        return _redirected(pair)
    text = (
        f"{w.sentence(in_sentence(less.code))} sells {_tonnes(less.under, less.band)} million "
        f"tonnes of {pair.name} a year instead of {_tonnes(less.before)}"
    )
    if not more:
        return f"{text}."
    names = w.listing(in_sentence(s.code) for s in more)
    sizes = w.listing(f"{s.change:.1f}" for s in more)
    verb = "sells" if len(more) == 1 else "sell"
    return f"{text}, while {names} {verb} {sizes} more."


def _bullet(context: ViewContext, pair: Pair) -> str:
    return _sentence(context, pair).replace(" million tonnes", " Mt", 1)


def _redirected(pair: Pair) -> str:
    """No seller sells noticeably less: the largest flow that went elsewhere."""
    change = pair.under.tonnes_ni - pair.before.tonnes_ni
    n, i = np.unravel_index(int(np.argmin(change)), change.shape)
    m = int(np.argmax(change[:, i]))
    codes = pair.codes
    return (
        f"Sellers of {pair.name} keep what they sell, but to others: {in_sentence(codes[i])} sends "
        f"{-change[n, i]:.1f} million tonnes less to {in_sentence(codes[n])}, and "
        f"{change[m, i]:.1f} more to {in_sentence(codes[m])}."
    )


def _others(pair: Pair) -> str:
    """What another commodity of the case does, in a sentence."""
    less = _sold(None, pair)[0]
    if less.change > -_LEAST:
        return f"The trade in {pair.name} changes its markets more than its tonnes."
    return (
        f"Of {pair.name}, {in_sentence(less.code)} sells {_tonnes(less.under)} million tonnes "
        f"instead of {_tonnes(less.before)}."
    )


def _prices(context: ViewContext, pair: Pair) -> str:
    """Where the price that buyers pay rises most, and what the seller hit most receives."""
    frame = context.figures[f"{pair.good}-markets"]
    rows = [(frame.value(r, "price_change"), r) for r in frame.rows]
    rows = [(v, r) for v, r in rows if np.isfinite(v)]
    if not rows:
        return ""
    change, row = max(rows)
    parts = []
    if change >= 0.5:
        place = next(p.prose for p in context.markets(pair) if p.key == row[0])
        band = frame.band(row, "price_change")
        parts.append(
            f"Buyers in {place} face the steepest rise in price, "
            f"{w.beside(change, band, w.rounded)} %."
        )
    less = _sold(None, pair)[0]
    received = context.figures[f"{pair.good}-producers"]
    if received.position(less.code, "price_change") is not None:
        fall = received.value(less.code, "price_change")
        if abs(fall) >= 0.5:
            verb = "less" if fall < 0 else "more"
            parts.append(
                f"{w.sentence(in_sentence(less.code))} receives {w.rounded(fall)} % {verb} for "
                "each tonne."
            )
    return " ".join(parts)


def _dependence(context: ViewContext, pair: Pair) -> str:
    """The market that leans most on one supplier from abroad."""
    frame = context.figures[f"{pair.good}-dependence"]
    buyers = [row for row in dependence_order(context.figures, pair.good) if row[2] != row[0]]
    if not buyers:
        return ""
    top = buyers[0]
    place = next(p.prose for p in context.markets(pair) if p.key == top[0])
    share = w.number(frame.value(top, "share_under"))
    before = w.number(frame.value(top, "share_before"))
    text = f"{w.sentence(place)} buys {share} % of its {pair.name} from {name_of(top[2])}"
    if top[1] != top[2]:
        return f"{text}. Before, {name_of(top[1])} sold it most."
    return f"{text}, the same as before." if share == before else f"{text}, {before} % before."


def _routes(context: ViewContext, pair: Pair) -> list[str]:
    """Which route loses most tonnes and which takes most of them on."""
    return [
        said
        for export_routes in context.all_export_routes
        if export_routes.good == pair.good and (said := _route(export_routes))
    ]


def _route(export_routes: ExportRoutes) -> str:
    uses = sorted(export_routes.route_uses, key=lambda u: u.under.tonnes - u.before.tonnes)
    lost, won = uses[0], uses[-1]
    if lost.before.tonnes - lost.under.tonnes < _LEAST:
        return ""
    text = (
        f"The route ‘{lost.terms.label}’ carried {_tonnes(lost.before.tonnes)} million tonnes and "
        f"carries {_tonnes(lost.under.tonnes)}"
    )
    if won.under.tonnes - won.before.tonnes < _LEAST:
        return f"{text}."
    return (
        f"{text}, while ‘{won.terms.label}’ now carries {_tonnes(won.under.tonnes)} instead of "
        f"{_tonnes(won.before.tonnes)}."
    )


def _tonnes(value: float, band: Band | None = None) -> str:
    """Million tonnes to a tenth, 'none' for less, with its band."""
    if value < 0.05 and band is None:
        return "none"
    return w.beside(value, band, lambda end: w.number(end, 1))
