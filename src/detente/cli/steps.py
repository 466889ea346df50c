"""`detente steps`: in which order of steps a package enforces itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from detente.cli.negotiation import (
    Draws,
    Seed,
    answered,
    chance_lines,
    data_of,
    notes,
    rows_of,
    say,
)
from detente.cli.options import CaseName, Date, Horizon, Json, print_json, table

if TYPE_CHECKING:
    from detente.analysis.negotiation import Ordering, TalksAnswer


def steps(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Orders of steps in which every party would rather go on than withhold or take back.

    These answers rest on the valuations and the patience of the case.
    """
    from detente.analysis.negotiation.feasible_packages import caveat, points_left_out
    from detente.analysis.negotiation.labels import patience_words

    answer = answered(case, "steps", date, horizon, draws, seed, as_json=as_json)
    chances = [c for c in answer.chances if c.question == "self-enforcing"]
    if as_json:
        print_json(
            data_of(answer)
            | {
                "packages": [
                    {
                        "id": o.id,
                        "label": o.label,
                        "enforces_itself": o.sequences.best is not None,
                        "order": () if o.shown is None else o.shown.steps,
                        "order_is": _which(o),
                        "sentences": o.sentences(),
                        "steps": [] if o.shown is None else rows_of(o.shown.table()),
                        "trend": o.regime.trend,
                        "sizes": rows_of(o.regime.table()),
                        "best": () if (b := o.sequences.best) is None else b.steps,
                        "best_trend": None if b is None else o.sequences.regime.trend,
                    }
                    for o in answer.orders
                ],
                "patience": patience_words(answer.case),
                "chances": [vars(c) for c in chances],
            }
        )
        return
    details = points_left_out(answer)
    _ordered(answer, [o for o in answer.orders if o.id not in details])
    if answer.orders:
        say(answer, patience_words(answer.case))
    else:
        typer.echo("No package of the case has two steps or more, and none was found.")
    say(answer, chance_lines(answer, [c for c in chances if c.of not in details]))
    if any(o.id in details for o in answer.orders):
        typer.echo("")
        say(answer, [f"Details. {caveat(answer)}"])
        _ordered(answer, [o for o in answer.orders if o.id in details])
        say(answer, chance_lines(answer, [c for c in chances if c.of in details]))
    notes(answer)


def _ordered(answer: TalksAnswer, orders: list[Ordering]) -> None:
    """Each package in words, then step by step."""
    for order in orders:
        say(answer, order.sentences())
        if order.shown is not None:
            rows = order.shown.table().rows
            table(
                f"Step by step: {_which(order)}",
                ["", "gain from going on, million USD", "trust needed"],
                [
                    [
                        f"{turn}. {step} ({owner})" if step else "after the last step",
                        f"{slack:,.1f}",
                        "" if trust is None else f"{100 * trust:.0f} %",
                    ]
                    for turn, step, owner, slack, trust in rows
                ],
            )


def _which(order: Ordering) -> str:
    """Which order is shown."""
    if order.as_proposed is not None:
        return "as the case orders it"
    return "the best order" if order.sequences.best is not None else "the nearest order"
