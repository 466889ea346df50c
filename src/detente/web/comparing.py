"""Several scenarios of one case on the same axes, with their differences from the first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detente.brief.country_charts import source_of
from detente.brief.table import Cell, Chart, Column, Table, day
from detente.brief.wording import listing, quoted

if TYPE_CHECKING:
    from detente.study import Assessment
    from detente.web.figures import Figure


def comparison_table(
    labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]
) -> Table:
    """A row for each figure; a column for each scenario, then its difference from the first."""
    rows: list[tuple[Cell, ...]] = []
    for f in figures:
        values = [f.value(a.regime) for a in answers]
        differences = [v - values[0] for v in values[1:]]
        rows.append((f.group, f.label, f.unit, *values, *differences))
    columns = [
        Column("group", "Group", group=True),
        Column("figure", "Of"),
        Column("unit", "Unit"),
        *(
            Column(f"scenario_{k}", label, kind="number", decimals=1)
            for k, label in enumerate(labels)
        ),
        *(
            Column(f"difference_{k}", f"{label}, less {labels[0]}", "", "number", 1, signed=True)
            for k, label in enumerate(labels[1:], start=1)
        ),
    ]
    return Table(
        "comparison",
        "Scenarios side by side",
        _sentence(labels, answers, figures),
        tuple(columns),
        tuple(rows),
        note="Gains and losses are equivalent variation against the base year without the case's "
        "measures. Differences are from the first scenario.",
    )


def _sentence(labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]) -> str:
    if len(answers) < 2:
        return "One scenario; name another to compare."
    gains = [f for f in figures if f.kind == "gain" and f.id != "gain-world"]
    moved = []
    for label, a in zip(labels[1:], answers[1:], strict=True):
        shifts = [(f.value(a.regime) - f.value(answers[0].regime), f.label) for f in gains]
        shift, whom = max(shifts, key=lambda s: abs(s[0]))
        moved.append(f"{quoted(label)} moves {whom} most ({shift:+,.0f} USD million a year)")
    return f"Against {quoted(labels[0])}: {listing(moved)}.".replace("-", "\u2212")


def comparison_charts(
    labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]
) -> list[Chart]:
    """A chart for each group of figures: one row a country, one mark a scenario, one axis."""
    charts = []
    for number, group in enumerate(dict.fromkeys(f.group for f in figures)):
        own = [f for f in figures if f.group == group]
        charts.append(
            Chart(
                f"compare-{number}",
                "compare",
                group,
                own[0].unit,
                source_of(answers[0]),
                f"{group}: one row for each country, one mark for each of the scenarios "
                f"{listing(map(quoted, labels))}. The table ‘Scenarios side by side’ holds the "
                "numbers.",
                "comparison",
                {
                    "scenarios": labels,
                    "decimals": own[0].decimals,
                    "rows": [
                        {"name": f.label, "values": [_plain(f.value(a.regime)) for a in answers]}
                        for f in own
                    ],
                },
            )
        )
    return charts


def scenario_line(label: str, a: Assessment) -> dict[str, Any]:
    """What a scenario is, in a line."""
    return {
        "label": label,
        "date": day(a.date),
        "horizon": a.horizon,
        "transfers": a.transfers,
        "measures": list(a.regime.measures),
    }


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
