"""`detente why`: why each party moves or holds, and what its behaviour implies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import CaseName, Date, Details, Horizon, Json, money, say, table

if TYPE_CHECKING:
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.negotiation.questions import WhyAnswer


def why(
    case: CaseName = "belarus",
    party: Annotated[
        str | None,
        typer.Option(
            "--party", help="One party or member of a bloc; all that have a move if left out."
        ),
    ] = None,
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Why each party moves or holds, what that costs or brings, and which stake it implies.

    Money comes from the trade model and rests on no valuation. Then the observed moves are held
    against the model at the valuations of the case.
    """
    from detente.analysis.negotiation.questions import OnlookerAnswer, WhyAnswer

    answer = answered(case, "why", date, horizon, draws, seed)
    one = "" if party is None else _resolved(answer, party)
    if one and one not in answer.conflict.names:
        onlooker = OnlookerAnswer(answer, one)
        if not printed(onlooker, as_json=as_json):
            say(onlooker.sentences)
            ending(onlooker, details)
        return
    found = WhyAnswer(answer, one)
    if printed(found, as_json=as_json):
        return
    say([*found.stake_words, ""])
    _moves(found, details)
    say(found.idle_words)
    if found.events and (details or found.tally_words):
        say(["Observed moves against the model, at the valuations of the case:"])
        say(found.tally_words)
    if details:
        say(f"- {found.event_words(e)}" for e in found.events)
    ending(found, details, "the observed moves one by one" if found.events else "")


def _moves(found: WhyAnswer, details: bool) -> None:
    """What each change alone brings each party in money."""
    from detente.analysis.negotiation.stakes import with_band

    if not found.moves:
        return
    table(
        "Money if one thing changes, USD million a year, no valuation in it",
        ["", *map(found.short, found.moves)],
        [
            [party, *(with_band(m, party, money) for m in found.moves)]
            for party in found.moves[0].parties
        ],
        details=details,
    )


def _resolved(answer: NegotiationAnswer, given: str) -> str:
    """The id of a party, or the code of a member of a bloc, however it is written."""
    from detente._near import did_you_mean
    from detente.analysis.negotiation import NoNegotiation
    from detente.world.names import all_names, code_of, name_of

    members = [m for p in answer.conflict.names for m in answer.case.voters(p, answer.date)]
    known = {name_of(m).casefold(): m for m in members} | {m.casefold(): m for m in members}
    for p in answer.case.parties:
        if len(p.members) == 1:
            known[p.members[0].casefold()] = p.id
        known |= {p.name.casefold(): p.id, p.id.casefold(): p.id}
    code = code_of(given)
    if given.casefold() not in known and code is not None and code.casefold() in known:
        return known[code.casefold()]
    if code in all_names() and given.casefold() not in known:
        named = f"{name_of(code)} ({code})"
        message = f"--party: {named} is neither a party of this case nor a member of one."
        raise NoNegotiation(
            answer.case.name, message, did_you_mean("", [p.id for p in answer.case.parties])
        )
    if given.casefold() not in known:
        names = dict.fromkeys([p.id for p in answer.case.parties] + members)
        message = f"--party: there is no party or member {given!r}."
        raise NoNegotiation(answer.case.name, message, did_you_mean(given, list(names)))
    return known[given.casefold()]
