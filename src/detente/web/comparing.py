"""Several scenarios of one case on the same axes, with their differences from the first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detente.brief.country_charts import source_of
from detente.brief.departure import MARK, departure_of
from detente.brief.table import Cell, Chart, Column, Table, day
from detente.brief.wording import listing, number, quoted

if TYPE_CHECKING:
    from detente.study import Assessment
    from detente.web.figures import Figure


def comparison_table(
    labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]
) -> Table:
    """A row for each figure; a column for each scenario, then its difference from the first.

    Columns go by the labels of the scenarios, so that files name them too.
    """
    rows: list[tuple[Cell, ...]] = []
    for f in figures:
        values = [f.value(a.regime) for a in answers]
        differences = [v - values[0] for v in values[1:]]
        rows.append((f.group, f.label, f.unit, *values, *differences))
    less = [f"{label}, less {labels[0]}" for label in labels[1:]]
    keys = _unique(["group", "figure", "unit", *labels, *less])[3:]
    columns = [
        Column("group", "Group", group=True),
        Column("figure", "Of"),
        Column("unit", "Unit"),
        *(
            Column(key, label, kind="number", decimals=1)
            for key, label in zip(keys, labels, strict=False)
        ),
        *(
            Column(key, label, "", "number", 1, signed=True)
            for key, label in zip(keys[len(labels) :], less, strict=True)
        ),
    ]
    return Table(
        "comparison",
        "Scenarios side by side",
        _sentence(labels, answers, figures),
        tuple(columns),
        tuple(rows),
        state=_state(labels, answers),
        note="Gains and losses are equivalent variation against the base year without the case's "
        "measures. Differences are from the first scenario.",
    )


def _state(labels: list[str], answers: list[Assessment]) -> str:
    """Which of the scenarios are not the case's own state, and how; empty if none is."""
    found = [
        (label, departure_of(a.case, a.date, a.horizon, a.transfers))
        for label, a in zip(labels, answers, strict=True)
    ]
    told = [f"{quoted(label)}: {d.named}" for label, d in found if d]
    return f"{MARK} states, not that of the case: {'; '.join(told)}." if told else ""


def _unique(names: list[str]) -> list[str]:
    """Names as they are, those that stand already with a number."""
    out: list[str] = []
    for name in names:
        count, own = 2, name
        while own in out:
            own, count = f"{name} ({count})", count + 1
        out.append(own)
    return out


def _sentence(labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]) -> str:
    if len(answers) < 2:
        return "One scenario; name another to compare."
    gains = [f for f in figures if f.kind == "gain" and f.id != "gain-world"]
    moved = []
    for label, a in zip(labels[1:], answers[1:], strict=True):
        shifts = [(f.value(a.regime) - f.value(answers[0].regime), f.prose) for f in gains]
        shift, whom = max(shifts, key=lambda s: abs(s[0]))
        size = number(shift, signed=True)
        said = f"{whom} most ({size} USD million a year)" if abs(shift) >= 0.5 else "no one"
        moved.append(f"{quoted(label)} moves {said}")
    return f"Against {quoted(labels[0])}: {listing(moved)}."


def comparison_charts(
    labels: list[str], answers: list[Assessment], figures: tuple[Figure, ...]
) -> list[Chart]:
    """A chart for each group of figures: one row a country, one mark a scenario, one axis."""
    charts = []
    for place, group in enumerate(dict.fromkeys(f.group for f in figures)):
        own = [f for f in figures if f.group == group]
        charts.append(
            Chart(
                f"compare-{place}",
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
                _state(labels, answers),
            )
        )
    return charts


def scenario_line(label: str, a: Assessment) -> dict[str, Any]:
    """What a scenario is, in a line."""
    return {
        "label": label,
        "hypothetical": departure_of(a.case, a.date, a.horizon, a.transfers).plain(),
        "date": day(a.date),
        "horizon": a.horizon,
        "transfers": a.transfers,
        "measures": list(a.regime.measures),
    }


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
