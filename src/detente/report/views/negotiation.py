"""The sections of a brief on the negotiation: what rests on no estimate first, then what does."""

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
from detente.report.views.negotiation_context import NegotiationViewContext
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
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.report.table import Chart, Table


@dataclass
class NegotiationViews:
    """The part of a brief that is about the negotiation.

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
        self.parts.append((charts, Section(f"negotiation-{key}", title, tuple(parts), note)))


def negotiation_views(negotiation: NegotiationAnswer) -> NegotiationViews:
    """The sections of a negotiation answered; those that the case cannot fill are left out.

    Args:
        negotiation: from `detente.negotiate`.
    """
    context = NegotiationViewContext(negotiation)
    out = NegotiationViews()
    out.add("moves", "The negotiation: who holds what, and why", _reasons(context), [])
    _blockers(context, out)
    _payoffs(context, out)
    _deals(context, out)
    _steps(context, out)
    _states(context, out)
    _channels(context, out)
    _checks(context, out)
    out.findings = _findings(out)
    return out


def _findings(out: NegotiationViews) -> tuple[str, ...]:
    keys = ["stakes", "votes", "packages", "orders", "events", "chances"]
    if "negotiation-stakes" not in out.tables:
        keys = ["stable", "paths"]
    elif "negotiation-packages" not in out.tables:
        keys[2] = "refusals"
    found = (out.tables.get(f"negotiation-{key}") for key in keys)
    return tuple(table.sentence for table in found if table is not None)


def _reasons(context: NegotiationViewContext) -> list[Table]:
    tables = [moves_table(context)]
    tables += [rankings_table(context)] if context.negotiation.case.conflict is not None else []
    tables += [stakes_table(context)] if context.negotiation.whys else []
    tables += [money_table(context)] if context.negotiation.moves else []
    return tables


def _blockers(context: NegotiationViewContext, out: NegotiationViews) -> None:
    if not context.negotiation.votes:
        return
    table = votes_table(context)
    bands = context.negotiation.bands
    tables = [table, *([] if bands is None else [vote_chances_table(context, bands)])]
    tables += [power_table(context)] if has_power(context) else []
    out.add("blockers", "Who can block", tables, [votes_chart(context, table)])


def _payoffs(context: NegotiationViewContext, out: NegotiationViews) -> None:
    if not context.negotiation.whys:
        return
    table = components_table(context)
    title = "What moves are worth in all"
    out.add("payoffs", title, [table], [components_chart(context, table)], context.estimates)


def _deals(context: NegotiationViewContext, out: NegotiationViews) -> None:
    deals = context.negotiation.deals
    if deals is None:
        return
    signed = bool(len(deals.everybody.codes_k))
    tables = [packages_table(context, deals)] if signed else []
    tables.append(refusals_table(context, deals))
    charts = [pareto_chart(context, deals, tables[0])] if signed or deals.pairs else []
    tables += [proposals_table(context, deals)] if deals.proposals else []
    if context.negotiation.bands is not None and deals.proposals:
        tables.append(gain_bands_table(context, deals, context.negotiation.bands))
    tables += [pairs_table(context, deals)] if deals.pairs else []
    out.add("deals", "Deals", tables, charts, context.estimates)


def _steps(context: NegotiationViewContext, out: NegotiationViews) -> None:
    if not context.negotiation.orders:
        return
    shown = [(o, ladder_table(context, o)) for o in laddered(context)]
    charts = [ladder_chart(context, o, table) for o, table in shown]
    tables = [*(table for _, table in shown), orders_table(context)]
    out.add("steps", "In which order", tables, charts, context.estimates)


def _states(context: NegotiationViewContext, out: NegotiationViews) -> None:
    table = paths_table(context)
    tables = [table, stable_table(context)]
    tables += [remedies_table(context)] if context.negotiation.remedies else []
    out.add("states", "What is stable", tables, [paths_chart(context, table)], context.estimates)


def _channels(context: NegotiationViewContext, out: NegotiationViews) -> None:
    found = context.negotiation.channels
    if found is None or not found.channels.links:
        return
    table = channels_table(context, found)
    bands = None if context.negotiation.bands is None else context.negotiation.bands.channels
    tables = [table, *([] if bands is None else [channel_bands_table(context, found, bands)])]
    tables += [signals_table(context, found)] if found.signals else []
    out.add(
        "channels", "Channels", tables, [channels_chart(context, found, table)], context.estimates
    )


def _checks(context: NegotiationViewContext, out: NegotiationViews) -> None:
    tables = [events_table(context)] if context.negotiation.events else []
    tables += [bounds_table(context)] if any(e.bound for e in context.negotiation.events) else []
    charts: list[Chart] = []
    if context.negotiation.chances:
        table = chances_table(context)
        tables.append(table)
        chart = chances_chart(context, table)
        charts += [] if chart is None else [chart]
    if context.negotiation.notes:
        tables.append(notes_table(context))
    title = "The negotiation against what happened, and how sure this is"
    out.add("checks", title, tables, charts, context.estimates)
