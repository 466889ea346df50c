"""`detente sensitivity`: the cheapest barriers to hold and the most valuable to lift."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from detente.cli.draws import Draws, Seed, counted
from detente.cli.options import (
    Date,
    Details,
    Horizon,
    Json,
    Transfers,
    day,
    more_rows,
    print_departure,
    print_json,
    say,
    table,
    told_of_schema,
)
from detente.negotiation.words import figure, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.sensitivities import Entry, MeasureEntry, Sensitivity


CaseOrWorld = Annotated[
    str,
    typer.Argument(
        help="A packaged case, a case file, or a world such as oecd-2020.",
        callback=told_of_schema,
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        help="Country, group or party that is hit; in a case by default whom most measures in "
        "force hit.",
    ),
]
Sender = Annotated[
    str | None,
    typer.Option(
        "--sender",
        help="Country, group or party that acts, '*' for all others; in a case by default the "
        "first owner of measures in force that hit the target.",
    ),
]


def sensitivity(
    where: CaseOrWorld = "belarus",
    target: Target = None,
    sender: Sender = None,
    top: Annotated[int, typer.Option("--top", help="Lines of each menu.", min=1)] = 10,
    instrument: Annotated[
        Literal["barrier", "tax"],
        typer.Option(
            "--instrument",
            help="barrier: bans, controls, red tape; tax: tariffs on imports, taxes on exports.",
        ),
    ] = "barrier",
    each: Annotated[
        bool,
        typer.Option("--each", help="Rank each country of the sender with each of the target."),
    ] = False,
    draws: Draws = 20,
    seed: Seed = 0,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Harm to a target per unit of cost to a sender, for every flow between them.

    Margins of what is in force now: one per cent of delivered cost, or one percentage point of tax.
    """
    from detente.analysis.context import context_of
    from detente.analysis.sensitivities import sensitivity as run
    from detente.analysis.sides import sides_of_question

    context = context_of(where, day(date), horizon, transfers)
    target, sender, chosen = sides_of_question(context, target, sender)
    with counted(draws) as progress:
        found = run(
            context,
            target,
            sender,
            draws=draws,
            seed=seed,
            progress=progress,
        )
    if as_json:
        print_json(found.to_dict(instrument, each=each, top=top))
        return
    print_departure(context.departure)
    if chosen:
        say([chosen, ""])
    _measures(found, details)
    step = "1 % of delivered cost" if instrument == "barrier" else "percentage point of tax"
    unit = f"USD million a year per {step}"
    hold, lift = found.to_hold(instrument, each=each), found.to_lift(instrument, each=each)
    for name, lines in (("Cheapest to hold", hold), ("Most valuable to lift", lift)):
        left_out = more_rows(len(lines), top).replace("in --json", "with --top")
        _menu(f"{name}, {unit}{left_out}", lines[:top], each=each, details=details)
    say(found.said(instrument, each=each))


def _menu(title: str, entries: Sequence[Entry], *, each: bool, details: bool) -> None:
    if not entries:
        return
    banded = any(math.isfinite(e.harm_band[0]) for e in entries)
    forced = any(e.measures for e in entries)
    head = ["", "flow", "harm", "cost", "harm per cost"]
    if banded:
        head = [*head, "harm, 5 to 95 %", "ratio"]
    if forced:
        title = f"{title} (* measures in force)"
    rows = [
        [
            f"{e.what}{_pair(e) if each else ''}{' *' if e.measures else ''}",
            fixed(e.flow, 1),
            _small(e.harm),
            _small(e.cost),
            _ratio(e.ratio) or e.verdict,
            *([_band(e.harm_band), _band(e.ratio_band)] if banded else []),
        ]
        for e in entries
    ]
    table(title, head, rows, details=details)


def _pair(entry: Entry) -> str:
    """Between whom, where each country of the sender is ranked with each of the target."""
    return f" ({entry.sender}, {entry.target})"


def _measures(found: Sensitivity, details: bool) -> None:
    if not found.measures:
        return
    banded = found.draws > 0
    table(
        f"Measures of {found.sender} in force that hit {found.target}, the cheapest to hold first: "
        f"what lifting each gives, USD million a year",
        [
            "",
            "target",
            "sender",
            "ratio",
            "ratio of 1 % more",
            *(["target, 5 to 95 %", "ratio"] if banded else []),
        ],
        [
            [
                m.id,
                _small(m.harm),
                _small(m.cost),
                _ratio(m.ratio) or m.verdict,
                _step(m),
                *([_band(m.harm_band), _band(m.ratio_band)] if banded else []),
            ]
            for m in found.measures
        ],
        details=details,
    )


def _step(measure: MeasureEntry) -> str:
    """The ratio of a little more of a measure, or why there is none."""
    return _ratio(measure.step_ratio) or measure.step_verdict or "no margin"


def _small(value: float) -> str:
    return figure(value, signed=True) if math.isfinite(value) else ""


def _ratio(value: float) -> str:
    return fixed(value, 2) if math.isfinite(value) else ""


def _band(band: tuple[float, float]) -> str:
    return f"{figure(band[0])} to {figure(band[1])}" if math.isfinite(band[0]) else ""
