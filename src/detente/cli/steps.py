"""`detente steps`: in which order of steps a package enforces itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from detente.cli.options import CaseName, Date, Horizon, Json, print_json, table
from detente.cli.talks import Draws, Seed, answered, chance_lines, data_of, notes, rows_of, say

if TYPE_CHECKING:
    from detente.study.talking import Ordering
    from detente.talks import Order


def steps(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = 0,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Orders of steps in which every party would rather go on than withhold or take back.

    These answers rest on the valuations and the patience of the case.
    """
    answer = answered(case, "steps", date, horizon, draws, seed)
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
                        "order": () if (shown := _shown(o)) is None else shown.steps,
                        "sentences": o.sentences(),
                        "steps": [] if shown is None else rows_of(shown.table()),
                        "trend": o.sequences.regime.trend,
                    }
                    for o in answer.orders
                ],
                "chances": [vars(c) for c in chances],
            }
        )
        return
    for order in answer.orders:
        say(answer, order.sentences())
        shown = _shown(order)
        if shown is not None:
            rows = shown.table().rows
            table(
                "",
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
    if not answer.orders:
        typer.echo("No package of the case has two steps or more, and none was found.")
    say(answer, chance_lines(answer, chances))
    notes(answer)


def _shown(order: Ordering) -> Order | None:
    """The best order, or the one that falls short by least."""
    return order.sequences.best or order.sequences.nearest
