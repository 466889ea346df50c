"""Everything people read about an assessment, as tables and charts: pure, and plain as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.brief.backtest_views import backtest_part
from detente.brief.basis_tables import (
    assumptions_table,
    certificate_table,
    notes_table,
    reproduce_table,
    world_table,
)
from detente.brief.claim_views import claims_table
from detente.brief.commodity_charts import flow_chart, price_chart, shares_chart
from detente.brief.country_charts import gains_chart, map_chart, options_chart
from detente.brief.driver_views import drivers_table
from detente.brief.horizon_tables import horizon_parameters_table
from detente.brief.measure_tables import in_force_table, joint_sentences
from detente.brief.option_tables import options_sentences
from detente.brief.page import Bands, Page
from detente.brief.regime_views import regimes_chart
from detente.brief.scene import Scene, scene_of
from detente.brief.table import Chart, Table, day
from detente.brief.tables import tables_of
from detente.brief.way_charts import ways_chart, ways_data
from detente.study.answering import Answer

if TYPE_CHECKING:
    from detente.brief.commodity_tables import Pair
    from detente.study.assessment import Assessment
    from detente.study.backtesting import BackTest

Part = tuple[list[Chart], "Section"]


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
        name: of the case.
        title: of the case.
        summary: of the case.
        subject: date, horizon and base year in one line.
        horizon: how far the economy adjusts.
        findings: sentences that stand at the top, computed from the tables.
        joint: sentences on measures that hold each other in place.
        bands: of every figure, if parameters were drawn.
        sections: in reading order.
        tables: by id.
        charts: by id.
    """

    name: str
    title: str
    summary: str
    subject: str
    horizon: str
    findings: tuple[str, ...]
    joint: tuple[str, ...]
    bands: Bands | None = field(repr=False)
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
            "name": self.name,
            "title": self.title,
            "summary": self.summary,
            "subject": self.subject,
            "findings": list(self.findings),
            "draws": None
            if self.bands is None
            else {"asked": self.bands.draws, "failed": self.bands.failed, "seed": self.bands.seed},
            "sections": [
                {"id": s.id, "title": s.title, "parts": list(s.parts)} for s in self.sections
            ],
            "tables": [table.plain() for table in self.tables.values()],
            "charts": [chart.plain() for chart in self.charts.values()],
        }


def views_of(
    answered: Answer | Assessment,
    *,
    bands: Bands | None = None,
    backtest: BackTest | None = None,
) -> Views:
    """The tables, charts and sentences of a case answered.

    Args:
        answered: a case answered in full, from `detente.answer`, or at one date, from
            `detente.assess`.
        bands: of every figure, from `detente.brief.bands_of`.
        backtest: the case held against later years, from `detente.study.backtest`.

    Returns:
        Views: plain frozen values; `to_json()` and each table's `to_frame()` export them.
    """
    answer = answered if isinstance(answered, Answer) else Answer(answered)
    scene = scene_of(answer, Page(bands))
    tables = tables_of(scene)
    for table in _beside(scene):
        tables[table.id] = table
    parts = [*_first(scene, tables), *(_commodity(scene, pair, tables) for pair in scene.pairs)]
    if scene.exits:
        parts.append(_transport(scene, tables))
    if answer.timeline is not None:
        chart = regimes_chart(scene.assessment, answer.timeline, tables["regimes"])
        parts.append(([chart], Section("time", "Regimes in time", _refer([chart], "regimes"))))
    if scene.runs:
        parts.append(([], _horizons(scene)))
    if "claims" in tables:
        parts.append(([], Section("claims", "What others have said", _refer([], "claims"))))
    if backtest is not None:
        some, charts = backtest_part(backtest)
        tables |= {table.id: table for table in some}
        refer = _refer(charts, *(table.id for table in some))
        parts.append((charts, Section("backtest", "Against what happened", refer)))
    parts += _last(tables)
    a = scene.assessment
    return Views(
        name=a.case.name,
        title=a.case.title,
        summary=a.case.summary,
        subject=f"Measures in force on {day(a.date)} · {a.horizon} run · base year {a.world.year}",
        horizon=a.horizon,
        findings=_findings(scene, tables),
        joint=tuple(joint_sentences(a)),
        bands=bands,
        sections=tuple(section for _, section in parts),
        tables=tables,
        charts={chart.id: chart for charts, _ in parts for chart in charts},
    )


def _beside(scene: Scene) -> list[Table]:
    """Tables that hold no figure which the draws move, or move in a way of their own."""
    a, answer, bands = scene.assessment, scene.answer, scene.page.bands
    tables = [in_force_table(a)]
    if scene.runs:
        tables.append(horizon_parameters_table(a, scene.runs))
    if answer.tested:
        tables.append(claims_table(a, answer.tested, bands))
    if bands is not None:
        tables.append(drivers_table(a, bands))
    return [
        *tables,
        assumptions_table(a),
        world_table(a),
        notes_table(a),
        certificate_table(answer),
        reproduce_table(answer, bands),
    ]


def _refer(charts: list[Chart], *tables: str) -> tuple[str, ...]:
    return (*(f"chart:{chart.id}" for chart in charts), *(f"table:{table}" for table in tables))


def _first(scene: Scene, tables: dict[str, Table]) -> list[Part]:
    a, page = scene.assessment, scene.page
    lines = [ways_data(way_out) for way_out in scene.exits]
    world = [
        map_chart(a, scene.lifting, scene.imposing, scene.pairs, lines),
        gains_chart(a, page),
    ]
    lift = (
        [options_chart(a, scene.lifting, scene.places, tables["options"])] if scene.lifting else []
    )
    return [
        ([], Section("force", "The measures", ("table:in-force",))),
        (world, Section("world", "Who gains and who pays", _refer(world, "gains", "totals"))),
        (lift, Section("lift", "What lifting would do", _refer(lift, "options"))),
        ([], Section("cost", "What each measure costs", ("table:cost", "table:boomerang"))),
    ]


def _commodity(scene: Scene, pair: Pair, tables: dict[str, Table]) -> Part:
    good = pair.before.good
    markets = scene.markets[good]
    charts = [
        flow_chart(pair, markets, tables[f"{good}-flows"]),
        shares_chart(pair, markets, scene.lifting, tables[f"{good}-shares"]),
        price_chart(pair, markets, tables[f"{good}-markets"]),
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
    return charts, Section(f"commodity-{good}", pair.before.label, parts)


def _transport(scene: Scene, tables: dict[str, Table]) -> Part:
    charts, parts = [], []
    for way_out in scene.exits:
        chart = ways_chart(way_out, tables[way_out.id])
        if chart.data["ways"]:
            charts.append(chart)
            parts.append(f"chart:{chart.id}")
        parts.append(f"table:{way_out.id}")
    return charts, Section("transport", "Ways of transport", (*parts, "table:transit"))


def _horizons(scene: Scene) -> Section:
    prices = (f"table:{pair.before.good}-horizon-prices" for pair in scene.pairs)
    parts = ("table:horizons", *prices, "table:horizon-parameters")
    return Section("horizons", "Short, medium and long run", parts)


def _last(tables: dict[str, Table]) -> list[Part]:
    basis = [k for k in ("drivers", "assumptions", "world", "world-notes") if k in tables]
    return [
        ([], Section("basis", "What this rests on", _refer([], *basis))),
        (
            [],
            Section(
                "check", "Certificate and reproduction", ("table:certificate", "table:reproduce")
            ),
        ),
    ]


def _findings(scene: Scene, tables: dict[str, Table]) -> tuple[str, ...]:
    goods = [pair.before.good for pair in scene.pairs]
    bands = scene.page.bands
    return (
        tables["gains"].sentence,
        *options_sentences(scene.assessment, scene.lifting, scene.places, scene.page),
        tables["boomerang"].sentence,
        *(tables[f"{good}-dependence"].sentence for good in goods),
        *(
            tables[key].sentence
            for key in ("transit", "horizons", "claims", "backtest")
            if key in tables
        ),
        *([] if bands is None else [bands.sentence]),
    )
