"""Views of transport: what takes which route, and what transit countries earn by it.

`ways_table` and `transit_table` are the tables, with their sentences. `exits_of` gathers the routes
of an exporter before the measures and under them, and `ways_chart` draws them on the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import acos, cos, pi, radians, sin
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.labels import in_sentence, name_of
from detente.analysis.options import NEGLIGIBLE
from detente.report.table import Cell, Chart, Column, Table, numbers, welfare
from detente.report.views.basis import linked
from detente.report.views.commodity_charts import headline
from detente.report.views.countries import _short, source_of
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment, Snapshot, WayFlow
    from detente.cases.claims import Published
    from detente.cases.route_terms import WayTerms
    from detente.report.table import Band, Page


Point = tuple[float, float]

#: Kilometres per radian of the globe.
GLOBE = 6371.0

#: A railway is about this much longer than the line through the points that a case gives.
DETOUR = 1.2


@dataclass(frozen=True)
class Lane:
    """One way in the base year and under the regime.

    Attributes:
        terms: what the case says of it under the regime: label, fee, capacity, points.
        before: what takes it in the base year.
        under: what takes it under the regime.
        income_before: of the transit country by this way, net, USD million a year.
        income_under: the same under the regime.
    """

    terms: WayTerms
    before: WayFlow
    under: WayFlow
    income_before: float
    income_under: float

    @property
    def capacity(self) -> float | None:
        """Million units a year, or None where the case states no limit."""
        return None if self.terms.capacity is None else self.terms.capacity / 1e6

    @property
    def port(self) -> Point | None:
        """The point at which the goods leave the railway, as far as the distance tells."""
        via, distance = self.terms.via, self.terms.distance_km
        if not via or distance is None:
            return via[-1] if via else None
        gone, best = 0.0, (abs(distance), via[0])
        for here, there in pairwise(via):
            gone += DETOUR * apart(here, there)
            best = min(best, (abs(distance - gone), there))
        return best[1]


@dataclass(frozen=True)
class Exit:
    """All ways by which one exporter's commodity gets out.

    Attributes:
        assessment: the case answered.
        good: the commodity's name in the world.
        label: its name for readers.
        origin: the exporter, ISO3.
        lanes: in the case's order.
    """

    assessment: Assessment
    good: str
    label: str
    origin: str
    lanes: tuple[Lane, ...]

    @property
    def id(self) -> str:
        """Its name in files."""
        return f"{self.good}-ways-{self.origin}"

    @property
    def prose(self) -> str:
        """The exporter inside a sentence."""
        return in_sentence(self.origin)

    @property
    def before(self) -> float:
        """All that takes these ways in the base year, million tonnes."""
        return sum(lane.before.tonnes for lane in self.lanes)

    @property
    def under(self) -> float:
        """The same under the regime."""
        return sum(lane.under.tonnes for lane in self.lanes)


def exits_of(a: Assessment) -> list[Exit]:
    """The ways of every exporter and commodity that the case describes."""
    if not a.base.ways:
        return []
    under = _terms(a, a.regime)
    before_income = _incomes(a, a.base, _terms(a, a.base))
    under_income = _incomes(a, a.regime, under)
    regime = {_key(flow): flow for flow in a.regime.ways}
    lanes: dict[tuple[str, str], list[Lane]] = {}
    for flow in a.base.ways:
        key = _key(flow)
        lane = Lane(under[key], flow, regime[key], before_income[key], under_income[key])
        lanes.setdefault(key[:2], []).append(lane)
    return [
        Exit(a, good, a.base.commodities[good].label, origin, tuple(some))
        for (good, origin), some in lanes.items()
    ]


def _key(flow: WayFlow) -> tuple[str, str, str]:
    return flow.commodity, flow.origin, flow.way


def _terms(a: Assessment, state: Snapshot) -> dict[tuple[str, str, str], WayTerms]:
    terms: dict[tuple[str, str, str], WayTerms] = {}
    for routes in a.case.route_terms(a.world, state.measures, a.date):
        for way in routes.ways:
            terms.setdefault((routes.commodity, routes.origin, way.id), way)
    return terms


def _incomes(
    a: Assessment, state: Snapshot, terms: dict[tuple[str, str, str], WayTerms]
) -> dict[tuple[str, str, str], float]:
    """Each way's part of its transit country's net income: in proportion to fee times tonnes."""
    fees = {_key(f): terms[_key(f)].fee * f.tonnes for f in state.ways}
    totals: dict[str | None, float] = {}
    for key, fee in fees.items():
        totals[terms[key].transit] = totals.get(terms[key].transit, 0.0) + fee
    out = dict.fromkeys(fees, 0.0)
    for key, fee in fees.items():
        transit = terms[key].transit
        if transit in a.world.countries and totals[transit] > 0:
            income = float(state.transit_revenue_n[a.world.countries.index(transit)])
            out[key] = income * fee / totals[transit]
    return out


def apart(a: Point, b: Point) -> float:
    """Great-circle distance of two points given as longitude and latitude, km."""
    (x1, y1), (x2, y2) = ((radians(x), radians(y)) for x, y in (a, b))
    inside = sin(y1) * sin(y2) + cos(y1) * cos(y2) * cos(x1 - x2)
    return GLOBE * (0.0 if inside >= 1 else pi if inside <= -1 else acos(inside))


MONEY = "USD million a year"

_ALL = "All these ways"
_OURS = "Net income, this model"

#: Flows below this many million tonnes are nothing.
TRACE = 0.0005


def ways_table(way_out: Exit, page: Page) -> Table:
    """What takes which way before the measures and under the regime, and what that costs."""
    a = way_out.assessment
    rows: list[tuple[Cell, ...]] = [
        (
            lane.terms.label,
            name_of(lane.terms.transit) if lane.terms.transit else None,
            w.listing(a.case.measure(m).label for m in lane.under.closed_by) or None,
            lane.before.tonnes,
            lane.under.tonnes,
            100 * lane.before.share,
            100 * lane.under.share,
            lane.capacity,
            100 * (lane.under.crowding - 1) if not lane.under.closed_by else None,
            lane.income_before if lane.terms.transit else None,
            lane.income_under if lane.terms.transit else None,
        )
        for lane in way_out.lanes
    ]
    if len(rows) > 1:
        rows.append((_ALL, None, None, way_out.before, way_out.under, *(None,) * 6))
    tonnes = [v for row in rows for v in row[3:5]]
    income = [v for row in rows for v in row[9:]]
    return Table(
        way_out.id,
        f"{way_out.label}: ways of transport out of {way_out.prose}",
        page.say(lambda: ways_sentence(way_out, page)),
        (
            Column("way", "Way"),
            Column("transit", "Transit country"),
            Column("closed_by", "Closed by"),
            numbers("tonnes_before", "Before", "Mt a year", tonnes),
            numbers("tonnes_under", "Under the regime", "Mt a year", tonnes),
            Column("share_before", "Share before", "%", "number", 1),
            Column("share_under", "Under the regime", "%", "number", 1),
            Column("capacity", "Capacity", "Mt a year", "number", 1),
            Column("crowding", "Extra cost of crowding", "%", "number", 1),
            numbers("income_before", "Transit income before", MONEY, income),
            numbers("income_under", "Under the regime", MONEY, income),
        ),
        tuple(rows),
        note=_note(way_out),
    )


def _note(way_out: Exit) -> str:
    a = way_out.assessment
    before = a.base.commodities[way_out.good].tonnes_ni
    i = a.world.countries.index(way_out.origin)
    other = float(before[:, i].sum() - before[i, i]) - way_out.before
    text = "Shares are of what these ways carry. "
    if other > TRACE:
        text += (
            f"Another {w.rounded(other)} Mt of the base year's exports go to markets for which the "
            "case describes no ways. "
        )
    return (
        f"{text}A dash under capacity: the case states no limit. Crowding: what a fuller way adds "
        "to delivered cost against the base year. Tonnes are those that arrive. Transit income is "
        "net, a country's income shared among its ways by fee and tonnes."
    )


def ways_sentence(way_out: Exit, page: Page) -> str:
    """'Klaipėda carried 8.5 of 10.1 Mt in the base year; under the regime nothing passes …'."""
    lanes = way_out.lanes
    first = max(lanes, key=lambda lane: lane.before.tonnes)
    text = (
        f"{first.terms.label} carried {w.rounded(first.before.tonnes)} of "
        f"{w.rounded(way_out.before)} Mt of {w.possessive(way_out.prose)} "
        f"{lower_first(way_out.label)} in the base year; under the regime "
    )
    text += (
        f"{w.rounded(first.under.tonnes)} Mt pass there."
        if first.under.tonnes >= TRACE
        else "nothing passes there."
    )
    open_lanes = [lane for lane in lanes if lane is not first and lane.under.tonnes >= TRACE]
    if not open_lanes or way_out.under < TRACE:
        return text
    other = max(open_lanes, key=lambda lane: lane.under.tonnes - lane.before.tonnes)
    if abs(other.under.tonnes - other.before.tonnes) < TRACE:
        return text
    band = page.band(way_out.id, other.terms.label, "tonnes_under")
    crowded = _crowded(way_out, other, page)
    left = w.within(page.band(way_out.id, _ALL, "tonnes_under"), w.rounded)
    return (
        f"{text} Of the {w.rounded(way_out.under)}{left} Mt that still leave by these ways, "
        f"{w.rounded(other.under.tonnes)}{w.within(band, w.rounded)} Mt go by way of "
        f"{other.terms.label} ({w.rounded(other.before.tonnes)} Mt before{crowded})."
    )


def _crowded(way_out: Exit, lane: Lane, page: Page) -> str:
    extra = lane.under.crowding - 1
    if extra < 0.005:
        return ""
    band = w.sizes(page.band(way_out.id, lane.terms.label, "crowding"))
    return f"; crowding adds {w.percent(extra)}{band} to its cost"


def transit_table(a: Assessment, page: Page) -> Table:
    """What transit countries earn, before and under the regime, beside published figures."""
    before, under = a.base.transit_revenue_n, a.regime.transit_revenue_n
    published = _published(a)
    earning = page.keep("transit", lambda: _earning(a, published))
    rows: list[tuple[Cell, ...]] = []
    for n in earning:
        code = a.world.countries[n]
        change = float(under[n] - before[n])
        mine = (name_of(code), _OURS)
        rows.append((*mine, float(before[n]), float(under[n]), change, None, None))
        rows += [(name_of(code), *_row(a, figure)) for figure in published.get(code, [])]
    values = [*before, *under]
    return Table(
        "transit",
        "Transit income",
        page.say(lambda: transit_sentence(a, page)),
        (
            Column("country", "Country", group=True),
            Column("figure", "Figure"),
            numbers("before", "Before", MONEY, values),
            numbers("under", "Under the regime", MONEY, values),
            welfare("change", "Change", MONEY, values),
            Column("published", "As published"),
            Column("source", "Source", kind="links"),
        ),
        tuple(rows),
        note=_transit_note(published),
    )


def _earning(a: Assessment, published: dict[str, list[Published]]) -> list[int]:
    """Countries with transit income, or with published figures of it, the largest first."""
    before, under = a.base.transit_revenue_n, a.regime.transit_revenue_n
    earning = [
        n
        for n, code in enumerate(a.world.countries)
        if max(before[n], under[n]) > 0 or code in published
    ]
    return sorted(earning, key=lambda n: (-float(before[n]), -float(under[n])))


def _transit_note(published: dict[str, list[Published]]) -> str:
    text = (
        "The model's figure is net: what is left of the fees once energy, crews and other means "
        "that would earn the same elsewhere are paid. A fee is a share of the value carried, so "
        "it moves with the price."
    )
    if not published:
        return text
    return (
        f"{text} The published figures are gross revenue, of which net income is only a part; the "
        "two need not agree. In US dollars at the case's rate of exchange."
    )


def transit_sentence(a: Assessment, page: Page) -> str:
    """'Lithuania's net income from transit falls from USD 43 million a year to nothing; …'."""
    before, under = a.base.transit_revenue_n, a.regime.transit_revenue_n
    change = under - before
    order = sorted(range(len(change)), key=lambda n: -abs(float(change[n])))
    moved = [n for n in order if abs(float(change[n])) >= NEGLIGIBLE][:3]
    if not moved:
        return "The regime moves no country's net income from transit noticeably."
    moved.sort(key=lambda n: float(change[n]))
    parts = []
    for k, n in enumerate(moved):
        owner = w.possessive(in_sentence(a.world.countries[n]))
        what = "net income from transit " if k == 0 else ""
        verb = "falls" if change[n] < 0 else "rises"
        first, second = (
            page.band("transit", (name_of(a.world.countries[n]), _OURS), key)
            for key in ("before", "under")
        )
        parts.append(
            f"{owner} {what}{verb} from {_money(before[n], first)} to {_money(under[n], second)}"
        )
    text = w.sentence("; ".join(parts))
    figures = [
        (low, high)
        for n in moved[:1]
        for figure in _published(a).get(a.world.countries[n], [])
        if _state(a, figure) == "before"
        for low, high in [a.case.published_range(figure.id)]
    ]
    if not figures:
        return f"{text} a year."
    low, high = min(f[0] for f in figures), max(f[1] for f in figures)
    owner = w.possessive(in_sentence(a.world.countries[moved[0]]))
    span = f"{w.money(low)} to {w.money(high)}" if high > low else w.money(low)
    return (
        f"{text} a year. Published figures of {owner} gross revenue before the measures, which is "
        f"not net income: {span} a year."
    )


def _money(value: float, band: Band | None) -> str:
    return "nothing" if value < 0.05 else w.money(float(value), band)


def _published(a: Assessment) -> dict[str, list[Published]]:
    """Published figures that stand beside the transit income of one country, by its code."""
    found: dict[str, list[Published]] = {}
    for figure in a.case.published:
        compare = figure.compare
        if compare is None or compare.quantity != "transit_revenue":
            continue
        codes = a.case.chosen(compare.of, a.world, a.date)
        if len(codes) == 1:
            found.setdefault(codes[0], []).append(figure)
    return found


def _state(a: Assessment, figure: Published) -> str:
    """Which state of this brief a published figure belongs to: `before`, `under` or neither."""
    if figure.compare is None:
        return ""
    measures, _ = a.case.scenario(figure.compare.scenario)
    if not measures:
        return "before"
    return "under" if set(measures) == set(a.regime.measures) else ""


def _row(a: Assessment, figure: Published) -> tuple[Cell, ...]:
    value = None if figure.value is None else figure.value * a.case.number(figure.conversion)
    state = _state(a, figure)
    said = f"{figure.value:g}" if figure.range is None else "{:g} to {:g}".format(*figure.range)
    return (
        f"Published, gross: {figure.label}",
        value if state == "before" else None,
        value if state == "under" else None,
        None,
        f"{said} {figure.unit}, {figure.date}",
        linked(figure.source),
    )


#: Points farther from the exporter than this, km, lie outside the closer look.
NEAR = 2000.0


def ways_chart(way_out: Exit, table: Table) -> Chart:
    """The exporter's surroundings twice, before and under the regime, with every way by its Mt."""
    return Chart(
        f"{way_out.id}-map",
        "ways",
        headline(table),
        "Mt a year; the line of a way is as thick as what it carries",
        source_of(way_out.assessment),
        f"Two maps of the ways of transport out of {way_out.prose}, before the measures and under "
        f"the regime. {table.sentence} Ways as described in the case, not surveyed lines.",
        table.id,
        {**ways_data(way_out), "frame": [list(point) for point in _frame(way_out)]},
    )


def ways_data(way_out: Exit) -> dict[str, Any]:
    """The exporter and its ways as plain values for a drawing."""
    return {
        "good": way_out.good,
        "origin": way_out.origin,
        "title": f"{way_out.label} out of {way_out.prose}",
        "states": [
            {"id": "before", "label": "Before the measures", "total": _short(way_out.before)},
            {"id": "under", "label": "Under the regime", "total": _short(way_out.under)},
        ],
        "ways": [_way(way_out, lane) for lane in way_out.lanes if len(lane.terms.via) > 1],
    }


def _way(way_out: Exit, lane: Lane) -> dict[str, Any]:
    case = way_out.assessment.case
    return {
        "id": lane.terms.id,
        "label": lane.terms.label,
        "place": lane.terms.port or "",
        "transit": lane.terms.transit,
        "via": [list(point) for point in lane.terms.via],
        "port": list(lane.port or ()),
        "before": _short(lane.before.tonnes),
        "under": _short(lane.under.tonnes),
        "closed": {
            "before": bool(lane.before.closed_by),
            "under": bool(lane.under.closed_by),
        },
        "closed_by": w.listing(case.measure(m).label for m in lane.under.closed_by),
        "capacity": None if lane.capacity is None else _short(lane.capacity),
    }


def _frame(way_out: Exit) -> list[Point]:
    """The points that the closer look must hold: those of the ways that lie near the exporter."""
    points = [point for lane in way_out.lanes for point in lane.terms.via]
    near = [point for point in points if apart(points[0], point) <= NEAR]
    return list(dict.fromkeys(near if len(set(near)) > 1 else points))
