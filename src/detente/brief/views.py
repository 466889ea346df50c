"""Everything people read about an assessment, as tables and charts: pure, and plain as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.brief.basis_tables import (
    assumptions_table,
    certificate_table,
    notes_table,
    reproduce_table,
    world_table,
)
from detente.brief.commodity_charts import flow_chart, price_chart, shares_chart
from detente.brief.commodity_tables import (
    Pair,
    flows_table,
    main_markets,
    markets_table,
    producers_table,
)
from detente.brief.country_charts import gains_chart, map_chart, options_chart
from detente.brief.country_tables import gains_table
from detente.brief.horizon_tables import (
    Runs,
    horizon_parameters_table,
    horizon_prices_table,
    horizons_table,
    runs_of,
)
from detente.brief.measure_tables import boomerang_table, cost_table, in_force_table
from detente.brief.option_tables import options_sentences, options_table
from detente.brief.options import Option, imposing_options, lifting_options
from detente.brief.places import Place, parties_of, thirds_of
from detente.brief.regime_views import regimes_chart, regimes_table
from detente.brief.supplier_tables import dependence_table, shares_table
from detente.brief.table import Chart, Table, day
from detente.brief.way_charts import ways_chart, ways_data
from detente.brief.way_tables import transit_table, ways_table
from detente.brief.ways import Exit, exits_of

if TYPE_CHECKING:
    from detente.study.assessment import Assessment
    from detente.study.regimes import Timeline

Part = tuple[list[Table], list[Chart], "Section"]


@dataclass(frozen=True)
class Section:
    """A part of the brief: its heading, and ids of its charts and tables in reading order.

    Attributes:
        id: its anchor.
        title: its heading.
        parts: `chart:ID` or `table:ID`.
    """

    id: str
    title: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Views:
    """What a brief shows: sentences first, then sections of charts and tables.

    Attributes:
        title: of the case.
        summary: of the case.
        subject: date, horizon and base year in one line.
        findings: sentences that stand at the top, computed from the tables.
        sections: in reading order.
        tables: by id.
        charts: by id.
    """

    title: str
    summary: str
    subject: str
    findings: tuple[str, ...]
    sections: tuple[Section, ...]
    tables: dict[str, Table] = field(repr=False)
    charts: dict[str, Chart] = field(repr=False)

    def to_json(self) -> str:
        """Everything as JSON text."""
        import json

        return json.dumps(self.plain(), ensure_ascii=False, allow_nan=False)

    def plain(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "title": self.title,
            "summary": self.summary,
            "subject": self.subject,
            "findings": list(self.findings),
            "tables": [table.plain() for table in self.tables.values()],
            "charts": [chart.plain() for chart in self.charts.values()],
        }


def views_of(
    assessment: Assessment,
    timeline: Timeline | None = None,
    horizons: Runs | None = None,
) -> Views:
    """The tables, charts and sentences of an assessment.

    Args:
        assessment: a case answered at one date, from `detente.assess`.
        timeline: all regimes of the case, from `detente.study.timeline`, for a section on time.
        horizons: the same case and date at other horizons, by name, for a section beside them.

    Returns:
        Views: plain frozen values; `to_json()` and each table's `to_frame()` export them.
    """
    a = assessment
    parties = parties_of(a)
    places = [*parties, *thirds_of(a, parties)]
    lifting, imposing = lifting_options(a), imposing_options(a)
    pairs = [
        Pair(a, outcome, a.regime.commodities[good]) for good, outcome in a.base.commodities.items()
    ]
    tables = [in_force_table(a), gains_table(a), options_table(a, lifting, places)]
    tables += [cost_table(a), boomerang_table(a)]
    exits = exits_of(a)
    lines = [ways_data(way_out) for way_out in exits]
    charts = [map_chart(a, lifting, imposing, pairs, lines), gains_chart(a)]
    if lifting:
        charts.append(options_chart(a, lifting, places, tables[2]))
    sections = [
        Section("force", "The measures", ("table:in-force",)),
        Section("world", "Who gains and who pays", ("chart:map", "chart:gains", "table:gains")),
        Section(
            "lift",
            "What lifting would do",
            ("chart:options", "table:options") if lifting else ("table:options",),
        ),
        Section("cost", "What each measure costs", ("table:cost", "table:boomerang")),
    ]
    more = [_commodity(pair, parties, lifting) for pair in pairs]
    if exits:
        more.append(_transport(a, exits))
    if timeline is not None:
        more.append(_time(a, timeline))
    if horizons:
        more.append(_horizons(a, runs_of(a, horizons)))
    for some_tables, some_charts, section in more:
        tables += some_tables
        charts += some_charts
        sections.append(section)
    tables += [
        assumptions_table(a),
        world_table(a),
        notes_table(a),
        certificate_table(a, timeline, horizons),
        reproduce_table(a, timeline is not None, tuple(horizons or ())),
    ]
    basis = ("table:assumptions", "table:world", "table:world-notes")
    sections += [
        Section("basis", "What this rests on", basis),
        Section("check", "Certificate and reproduction", ("table:certificate", "table:reproduce")),
    ]
    by_id = {table.id: table for table in tables}
    return Views(
        title=a.case.title,
        summary=a.case.summary,
        subject=f"Measures in force on {day(a.date)} · {a.horizon} run · base year {a.world.year}",
        findings=_findings(by_id, options_sentences(a, lifting, places), pairs),
        sections=tuple(sections),
        tables=by_id,
        charts={chart.id: chart for chart in charts},
    )


def _commodity(pair: Pair, parties: list[Place], lifting: list[Option]) -> Part:
    good = pair.before.good
    markets = main_markets(pair.assessment, pair.before, parties)
    tables = [
        flows_table(pair),
        producers_table(pair),
        markets_table(pair, markets),
        shares_table(pair, markets, lifting),
        dependence_table(pair, markets),
    ]
    charts = [
        flow_chart(pair, markets, tables[0]),
        shares_chart(pair, markets, lifting, tables[3]),
        price_chart(pair, markets, tables[2]),
    ]
    parts = (
        f"chart:{good}-flows",
        f"table:{good}-flows",
        f"chart:{good}-shares",
        f"table:{good}-shares",
        f"table:{good}-dependence",
        f"chart:{good}-prices",
        f"table:{good}-markets",
        f"table:{good}-producers",
    )
    return tables, charts, Section(f"commodity-{good}", pair.before.label, parts)


def _transport(a: Assessment, exits: list[Exit]) -> Part:
    tables = [ways_table(way_out) for way_out in exits]
    charts = [ways_chart(*pair) for pair in zip(exits, tables, strict=True)]
    parts = [
        f"{kind}:{view.id}"
        for chart, table in zip(charts, tables, strict=True)
        for kind, view in (("chart", chart), ("table", table))
        if kind == "table" or chart.data["ways"]
    ]
    charts = [chart for chart in charts if chart.data["ways"]]
    tables.append(transit_table(a))
    return tables, charts, Section("transport", "Ways of transport", (*parts, "table:transit"))


def _time(a: Assessment, timeline: Timeline) -> Part:
    table = regimes_table(a, timeline)
    chart = regimes_chart(a, timeline, table)
    return [table], [chart], Section("time", "Regimes in time", ("chart:regimes", "table:regimes"))


def _horizons(a: Assessment, runs: Runs) -> Part:
    tables = [
        horizons_table(a, runs),
        *(horizon_prices_table(a, runs, good) for good in a.base.commodities),
        horizon_parameters_table(a, runs),
    ]
    parts = tuple(f"table:{table.id}" for table in tables)
    return tables, [], Section("horizons", "Short, medium and long run", parts)


def _findings(tables: dict[str, Table], lifting: list[str], pairs: list[Pair]) -> tuple[str, ...]:
    goods = [pair.before.good for pair in pairs]
    return (
        tables["gains"].sentence,
        *lifting,
        tables["boomerang"].sentence,
        *(tables[f"{good}-dependence"].sentence for good in goods),
        *(tables[key].sentence for key in ("transit", "horizons") if key in tables),
    )
