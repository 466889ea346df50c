"""What the commands on negotiation share: the question asked, and how its result is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.draws import counted
from detente.cli.options import day, left_out, print_document, say
from detente.negotiation.words import number_word

if TYPE_CHECKING:
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.negotiation.questions.question import NegotiationQuestion


Draws = Annotated[
    int | None,
    typer.Option("--draws", min=0,
                 help="Draws of the trade side, for bands and chances; 0 for none. Left out: "
                      "those packaged with the case for these settings, if there are any."),
]  # fmt: skip


def answered(
    case: str, question: str, date: str | None, horizon: str | None, draws: int | None, seed: int
) -> NegotiationAnswer:
    """The negotiation of a case, or one message why a question cannot be asked of it."""
    from detente.analysis.precomputed.negotiation import negotiation_of
    from detente.analysis.scenarios import Scenarios
    from detente.cases import load_case

    loaded = load_case(case)
    asked = Scenarios(loaded, horizon=horizon) if loaded.has_trade else loaded
    with counted(draws or 0) as progress:
        found = negotiation_of(asked, day(date), draws=draws, seed=seed, progress=progress)
    found.require(question)
    return found


def printed(found: NegotiationQuestion, *, as_json: bool) -> bool:
    """Print a result as JSON, or how its state differs from the case at the head of the text.

    Returns:
        Whether nothing is left to print.
    """
    return print_document(found, found.departure, as_json=as_json)


def ending(found: NegotiationQuestion, details: bool, *left: str) -> None:
    """What was approximated or assumed, after the answer; or that it and other things are left out.

    Args:
        found: the answer.
        details: whether they are printed.
        left: what else is left out without details.
    """
    count = len(found.notes)
    if details and count:
        say(["", *(f"Note. {note}" for note in found.notes)])
    elif not details:
        say([""] if count or any(left) else [])
        notes = "one note" if count == 1 else f"{number_word(count)} notes"
        left_out(details, *left, f"{notes} on what is assumed" if count else "")
