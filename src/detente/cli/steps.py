"""`detente steps`: in which order of steps a package enforces itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import CaseName, Date, Details, Horizon, Json, say, table
from detente.negotiation.words import fixed, percent

if TYPE_CHECKING:
    from detente.analysis.negotiation import Ordering
    from detente.analysis.negotiation.questions import StepsAnswer


def steps(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Orders of steps in which every party would rather go on than withhold or take back.

    These answers rest on the valuations and the patience of the case.
    """
    from detente.analysis.negotiation.questions import StepsAnswer

    found = StepsAnswer(answered(case, "steps", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    _ordered(found, found.packages(), details)
    say(found.patience)
    say(found.chance_words())
    points = found.packages(details=True)
    if points and details:
        say(["", f"Details. {found.caveat}"])
        _ordered(found, points, details)
        say(found.chance_words(details=True))
    left = ("each order in words", "points of bargaining" if points else "")
    ending(found, details, *(left if found.orders else ()))


def _ordered(found: StepsAnswer, orders: list[Ordering], details: bool) -> None:
    """Each package in words, then step by step."""
    for order in orders:
        say(found.said(order.sentences if details else order.short))
        say([""])
        if not order.rows():
            continue
        table(
            f"Step by step: {order.order_is}",
            ["", "gain from going on, million USD", "trust needed"],
            [
                [
                    f"{row['turn']}. {row['step']} ({row['owner']})"
                    if row["step"]
                    else "after the last step",
                    fixed(row["gain"], 1),
                    "" if row["trust"] is None else percent(row["trust"], 0),
                ]
                for row in order.rows()
            ],
        )
