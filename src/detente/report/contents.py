"""The contents of a report: everything that people read about an assessment, plain as JSON.

`Views` is the result and `views_of` makes it, section by section, without side effects. `tables_of`
lists the tables of figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente.analysis import labels as w
from detente.analysis.answers import Answer
from detente.analysis.departure import AS_FILED, Departure, departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.findings import joint_words
from detente.analysis.labels import day
from detente.report.context import view_context_of
from detente.report.departure import marked_chart, marked_section, marked_table
from detente.report.overview.effects import party_effects, target_of
from detente.report.overview.overview import Overview, overview_of
from detente.report.table import Chart, Section, Table, plain_parts, refer
from detente.report.views.backtest import backtest_part
from detente.report.views.basis import negotiation_reproduce_table
from detente.report.views.commodities import (
    dependence_table,
    flows_table,
    markets_table,
    producers_table,
    shares_table,
)
from detente.report.views.countries import gains_table, totals_table
from detente.report.views.design import measures_table
from detente.report.views.design_section import design_part
from detente.report.views.horizons import horizon_prices_table, horizons_table
from detente.report.views.measures import boomerang_table, cost_table
from detente.report.views.negotiation import NegotiationViews, negotiation_views
from detente.report.views.options import options_table
from detente.report.views.partners import partners_part
from detente.report.views.ranges import swings_of, swings_view
from detente.report.views.regimes import regimes_table
from detente.report.views.routes import routes_table, transit_table
from detente.report.views.trade import last_parts, tables_beside, trade_parts

if TYPE_CHECKING:
    import datetime as dt

    from detente.analysis.answers import Assessment
    from detente.analysis.figures.frame import Bands
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.record.result import BackTest
    from detente.analysis.regimes import Timeline
    from detente.analysis.sanctions import Sanctions
    from detente.analysis.uncertainty.range_effects import RangeEffects
    from detente.report.context import ViewContext


def tables_of(context: ViewContext) -> dict[str, Table]:
    """The tables of what an answer comes to, by id, with the bands of its figures."""
    tables = [
        gains_table(context),
        totals_table(context),
        options_table(context),
        cost_table(context),
        boomerang_table(context),
    ]
    for pair in context.pairs:
        tables += [
            flows_table(context, pair),
            producers_table(context, pair),
            markets_table(context, pair),
            shares_table(context, pair),
            dependence_table(context, pair),
        ]
    tables += [routes_table(context, export_routes) for export_routes in context.all_export_routes]
    if context.all_export_routes:
        tables.append(transit_table(context))
    if context.answer.timeline is not None:
        tables.append(regimes_table(context, context.answer.timeline))
    if context.runs:
        tables.append(horizons_table(context))
        tables += [horizon_prices_table(context, pair) for pair in context.pairs]
    if context.sides is not None:
        tables.append(measures_table(context, named_sides_of(context.assessment, context.sides)))
    return {table.id: table for table in tables}


@dataclass(frozen=True)
class Views:
    """What a brief shows: sentences first, then sections of charts and tables.

    Attributes:
        name: of the case.
        title: of the case.
        summary: of the case.
        subject: date, horizon and base year in one line.
        date: the day assessed.
        horizon: how far the economy adjusts; empty without trade.
        transfers: how trade deficits behave; empty without trade.
        data: the version of the data that it rests on.
        findings: sentences that stand at the top, computed from the tables.
        joint: sentences on measures that hold each other in place.
        bands: of every figure, if parameters were drawn.
        sections: in reading order.
        tables: by id.
        charts: by id.
        overview: the four questions, answered in short.
        departure: how the state differs from the case; false where it does not.
        lacking: what could not be asked in this state, in a sentence; empty where nothing.
        filed: ids of sections, tables and charts that are of the case's own state in every state.
    """

    name: str
    title: str
    summary: str
    subject: str
    date: dt.date
    horizon: str
    transfers: str
    data: dict[str, Any]
    findings: tuple[str, ...]
    joint: tuple[str, ...]
    bands: Bands | None = field(repr=False)
    sections: tuple[Section, ...]
    tables: dict[str, Table] = field(repr=False)
    charts: dict[str, Chart] = field(repr=False)
    overview: Overview = field(repr=False)
    departure: Departure = AS_FILED
    lacking: str = ""
    filed: frozenset[str] = frozenset()

    @property
    def stem(self) -> str:
        """What files made of it are called: the name of the case, marked where it is no fact."""
        return self.departure.stem(self.name)

    def marked(self, departure: Departure) -> Views:
        """Itself in a state that is not the case's own: marked in every part that can be cited."""
        if not departure:
            return self
        return replace(
            self,
            title=departure.titled(self.title),
            findings=(departure.sentence, *self.findings),
            sections=tuple(
                s if s.id in self.filed else marked_section(departure, s) for s in self.sections
            ),
            tables={
                key: table if key in self.filed else marked_table(departure, table)
                for key, table in self.tables.items()
            },
            charts={
                key: chart if key in self.filed else marked_chart(departure, chart)
                for key, chart in self.charts.items()
            },
            overview=self.overview.marked(departure),
            departure=departure,
        )

    def to_json(self) -> str:
        """Everything as JSON text."""
        import json

        return json.dumps(self.plain(), ensure_ascii=False, allow_nan=False)

    def plain(self) -> dict[str, Any]:
        """Everything as plain values; `docs/json.md` says what each key means."""
        return document(
            "brief",
            {
                **head(
                    self.name,
                    self.departure,
                    data=self.data,
                    date=self.date,
                    horizon=self.horizon,
                    transfers=self.transfers,
                    draws=None if self.bands is None else self.bands.counts,
                    sentences=self.findings,
                ),
                "title": self.title,
                "summary": self.summary,
                "subject": self.subject,
                "overview": self.overview.plain(),
                "sections": [
                    {"id": s.id, "title": s.title, "parts": s.parts, "note": s.note}
                    for s in self.sections
                ],
                **plain_parts([*self.tables.values(), *self.charts.values()]),
            },
        )


def views_of(
    answered: Answer | Assessment | None = None,
    *,
    backtest: BackTest | None = None,
    negotiation: NegotiationAnswer | None = None,
    sanctions: Sanctions | None = None,
    ranges: RangeEffects | None = None,
    timeline: Timeline | None = None,
) -> Views:
    """The tables, charts and sentences of a case answered.

    Args:
        answered: a case answered in full, from `detente.answer`, or at one date, from
            `detente.assess`, with the bands that it has; None for a case that has a negotiation and
            no trade.
        backtest: the case held against later years, from `detente.record`.
        negotiation: its negotiation, from `detente.negotiate`.
        sanctions: menus, coalition and curves, from `detente.analysis.sanctions.sanctions_of`.
        ranges: the measures with one parameter changed at a time, from
            `detente.analysis.uncertainty.range_effects`.
        timeline: the regimes of the case, from `detente.timeline`, for the paths of commodities of
            an answer that does not hold them.

    Returns:
        Views: plain frozen values; `to_json()` and each table's `to_frame()` export them.

    Raises:
        ValueError: nothing was answered.
    """
    negotiation_part = None if negotiation is None else negotiation_views(negotiation)
    if answered is not None:
        answer = answered if isinstance(answered, Answer) else Answer(answered)
        return _of_trade(
            answer, backtest, negotiation, negotiation_part, sanctions, ranges, timeline
        )
    if negotiation is None or negotiation_part is None:
        raise ValueError("Nothing was answered: give an answer, an assessment or a negotiation.")
    return _of_negotiation(negotiation, negotiation_part)


def _of_negotiation(negotiation: NegotiationAnswer, spoken: NegotiationViews) -> Views:
    """A brief of a case without trade."""
    case = negotiation.case
    reproduce = negotiation_reproduce_table(negotiation)
    last = Section("check", "Reproduction", refer([], reproduce.id))
    views = Views(
        name=case.name,
        title=case.title,
        summary=case.summary,
        subject=f"Status quo of {day(negotiation.date)}",
        date=negotiation.date,
        horizon=negotiation.horizon,
        transfers=negotiation.case.transfers if negotiation.horizon else "",
        data=data_entry(case),
        findings=spoken.findings,
        joint=(),
        bands=None,
        sections=(*(section for _, section in spoken.parts), last),
        tables=spoken.tables | {reproduce.id: reproduce},
        charts={chart.id: chart for charts, _ in spoken.parts for chart in charts},
        overview=overview_of(None, negotiation),
    )
    return views.marked(negotiation.departure)


def _of_trade(
    answer: Answer,
    backtest: BackTest | None,
    negotiation: NegotiationAnswer | None,
    spoken: NegotiationViews | None,
    sanctions: Sanctions | None,
    ranges: RangeEffects | None,
    timeline: Timeline | None,
) -> Views:
    context = view_context_of(answer, timeline)
    tables = tables_of(context)
    for table in tables_beside(context):
        tables[table.id] = table
    parts = trade_parts(context, tables)
    traded = partners_part(context)
    if traded is not None:
        tables["partners"] = traded[0]
        parts.append(traded[1])
    designed = design_part(context, sanctions)
    if designed is not None:
        tables |= {table.id: table for table in designed[0]}
        parts.append(designed[1])
    findings = answer.sentences
    if spoken is not None:
        tables |= spoken.tables
        parts += spoken.parts
        findings += spoken.findings
    if "claims" in tables:
        parts.append(([], Section("claims", "What others have said", refer([], "claims"))))
    filed: frozenset[str] = frozenset()
    if backtest is not None:
        some, charts = backtest_part(backtest)
        tables |= {table.id: table for table in some}
        named = refer(charts, *(table.id for table in some))
        parts.append((charts, Section("backtest", "Against what happened", named)))
        if not backtest.departure:
            filed = frozenset(("backtest", *(t.id for t in some), *(c.id for c in charts)))
    target = target_of(party_effects(context))
    swings = None if target is None else swings_of(context, ranges, target.place)
    if swings is not None:
        table, chart = swings_view(context, swings)
        tables[table.id] = table
        title = "What each assumption alone moves"
        parts.append(([chart], Section("ranges", title, refer([chart], table.id))))
    parts += last_parts(tables)
    a = context.assessment
    departure = departure_of(a.case, a.date, a.horizon, a.transfers)
    verdicts = tables["claims"].sentence.partition(": ")[2] if "claims" in tables else ""
    views = Views(
        name=a.case.name,
        title=a.case.title,
        summary=a.case.summary,
        subject=subject_of(a),
        date=a.date,
        horizon=a.horizon,
        transfers=a.transfers,
        data=data_entry(a.case),
        findings=findings,
        joint=tuple(joint_words(a)),
        bands=answer.bands,
        sections=tuple(section for _, section in parts),
        tables=tables,
        charts={chart.id: chart for charts, _ in parts for chart in charts},
        overview=overview_of(
            context,
            negotiation,
            backtest,
            verdicts.partition(" (")[0],
            "The measures of this scenario" if departure.hypothetical else "The measures",
            swings,
        ),
        filed=filed,
    )
    return views.marked(departure)


def subject_of(a: Assessment) -> str:
    """Date, horizon and base year of an assessment in one line."""
    state = departure_of(a.case, a.date, a.horizon, a.transfers)
    held = f"measures in force on {day(a.date)}"
    held = state.titled(held) if state.hypothetical else w.sentence(held)
    return f"{held} · {a.horizon} run · base year {a.world.year}"
