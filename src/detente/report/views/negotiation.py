"""The sections of a brief on talks: what rests on no estimate first, then what does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.report.table import Part, Section, refer
from detente.report.views.negotiation_chances import (
    bounds_table,
    chances_chart,
    chances_table,
    channel_bands_table,
    events_table,
    gain_bands_table,
    notes_table,
    vote_chances_table,
)
from detente.report.views.negotiation_channels import channels_chart, channels_table, signals_table
from detente.report.views.negotiation_context import TalkScene
from detente.report.views.negotiation_deals import (
    packages_table,
    pairs_table,
    pareto_chart,
    proposals_table,
    refusals_table,
)
from detente.report.views.negotiation_moves import (
    components_chart,
    components_table,
    money_table,
    moves_table,
    rankings_table,
    stakes_table,
)
from detente.report.views.negotiation_states import (
    paths_chart,
    paths_table,
    remedies_table,
    stable_table,
)
from detente.report.views.negotiation_steps import (
    ladder_chart,
    ladder_table,
    laddered,
    orders_table,
)
from detente.report.views.negotiation_votes import has_power, power_table, votes_chart, votes_table

if TYPE_CHECKING:
    from detente.analysis.negotiation import TalksAnswer
    from detente.report.table import Chart, Table


@dataclass
class TalkViews:
    """The part of a brief that is about talks.

    Attributes:
        parts: its sections with their charts, in reading order.
        tables: by id.
        findings: its main results, in sentences.
    """

    parts: list[Part] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    def add(
        self, key: str, title: str, tables: list[Table], charts: list[Chart], note: str = ""
    ) -> None:
        """A section, unless it is empty: its charts, each before its table, and other tables."""
        if not tables:
            return
        self.tables |= {t.id: t for t in tables}
        by_table = {chart.table: chart for chart in charts}
        parts = [
            part
            for t in tables
            for part in refer([by_table[t.id]] if t.id in by_table else [], t.id)
        ]
        self.parts.append((charts, Section(f"talks-{key}", title, tuple(parts), note)))


def talk_views(talks: TalksAnswer) -> TalkViews:
    """The sections of a negotiation answered; those that the case cannot fill are left out.

    Args:
        talks: from `detente.talk`.
    """
    scene = TalkScene(talks)
    out = TalkViews()
    out.add("moves", "The talks: who holds what, and why", _reasons(scene), [])
    _blockers(scene, out)
    _payoffs(scene, out)
    _deals(scene, out)
    _steps(scene, out)
    _states(scene, out)
    _channels(scene, out)
    _checks(scene, out)
    out.findings = _findings(out)
    return out


def _findings(out: TalkViews) -> tuple[str, ...]:
    keys = ["stakes", "votes", "packages", "orders", "events", "chances"]
    if "talks-stakes" not in out.tables:
        keys = ["stable", "paths"]
    elif "talks-packages" not in out.tables:
        keys[2] = "refusals"
    found = (out.tables.get(f"talks-{key}") for key in keys)
    return tuple(table.sentence for table in found if table is not None)


def _reasons(scene: TalkScene) -> list[Table]:
    tables = [moves_table(scene)]
    tables += [rankings_table(scene)] if scene.talks.case.conflict is not None else []
    tables += [stakes_table(scene)] if scene.talks.whys else []
    tables += [money_table(scene)] if scene.talks.moves else []
    return tables


def _blockers(scene: TalkScene, out: TalkViews) -> None:
    if not scene.talks.votes:
        return
    table = votes_table(scene)
    bands = scene.talks.bands
    tables = [table, *([] if bands is None else [vote_chances_table(scene, bands)])]
    tables += [power_table(scene)] if has_power(scene) else []
    out.add("blockers", "Who can block", tables, [votes_chart(scene, table)])


def _payoffs(scene: TalkScene, out: TalkViews) -> None:
    if not scene.talks.whys:
        return
    table = components_table(scene)
    title = "What moves are worth in all"
    out.add("payoffs", title, [table], [components_chart(scene, table)], scene.estimates)


def _deals(scene: TalkScene, out: TalkViews) -> None:
    deals = scene.talks.deals
    if deals is None:
        return
    signed = bool(len(deals.everybody.codes_k))
    tables = [packages_table(scene, deals)] if signed else []
    tables.append(refusals_table(scene, deals))
    charts = [pareto_chart(scene, deals, tables[0])] if signed or deals.pairs else []
    tables += [proposals_table(scene, deals)] if deals.proposals else []
    if scene.talks.bands is not None and deals.proposals:
        tables.append(gain_bands_table(scene, deals, scene.talks.bands))
    tables += [pairs_table(scene, deals)] if deals.pairs else []
    out.add("deals", "Deals", tables, charts, scene.estimates)


def _steps(scene: TalkScene, out: TalkViews) -> None:
    if not scene.talks.orders:
        return
    shown = [(o, ladder_table(scene, o)) for o in laddered(scene)]
    charts = [ladder_chart(scene, o, table) for o, table in shown]
    tables = [*(table for _, table in shown), orders_table(scene)]
    out.add("steps", "In which order", tables, charts, scene.estimates)


def _states(scene: TalkScene, out: TalkViews) -> None:
    table = paths_table(scene)
    tables = [table, stable_table(scene)]
    tables += [remedies_table(scene)] if scene.talks.remedies else []
    out.add("states", "What is stable", tables, [paths_chart(scene, table)], scene.estimates)


def _channels(scene: TalkScene, out: TalkViews) -> None:
    found = scene.talks.channels
    if found is None or not found.channels.links:
        return
    table = channels_table(scene, found)
    bands = None if scene.talks.bands is None else scene.talks.bands.channels
    tables = [table, *([] if bands is None else [channel_bands_table(scene, found, bands)])]
    tables += [signals_table(scene, found)] if found.signals else []
    out.add("channels", "Channels", tables, [channels_chart(scene, found, table)], scene.estimates)


def _checks(scene: TalkScene, out: TalkViews) -> None:
    tables = [events_table(scene)] if scene.talks.events else []
    tables += [bounds_table(scene)] if any(e.bound for e in scene.talks.events) else []
    charts: list[Chart] = []
    if scene.talks.chances:
        table = chances_table(scene)
        tables.append(table)
        chart = chances_chart(scene, table)
        charts += [] if chart is None else [chart]
    if scene.talks.notes:
        tables.append(notes_table(scene))
    title = "The talks against what happened, and how sure this is"
    out.add("checks", title, tables, charts, scene.estimates)
