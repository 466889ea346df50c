"""`detente why`: why each party moves or holds, and what its behaviour implies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.negotiation import Draws, Seed, answered, data_of, notes, say
from detente.cli.options import CaseName, Date, Horizon, Json, money, print_json, table

if TYPE_CHECKING:
    from detente.analysis.negotiation import TalksAnswer


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
    as_json: Json = False,
) -> None:
    """Why each party moves or holds, what that costs or brings, and which stake it implies.

    Money comes from the trade model and rests on no valuation. Then the observed moves are held
    against the model at the valuations of the case.
    """
    from detente.analysis.negotiation import sentences
    from detente.analysis.negotiation.explained_moves import record_words, tally_data, tally_words
    from detente.analysis.negotiation.stakes import band, stake_of

    found = answered(case, "why", date, horizon, draws, seed, as_json=as_json)
    party = None if party is None else _resolved(found, party)
    if party is not None and party not in found.conflict.names:
        _bystander(found, party, as_json=as_json)
        return
    shown = [party] if party is not None else list(found.conflict.names)
    whys = {p: found.why(p) for p in shown}
    stakes = {p: stake_of(found, p) for p in shown}
    events = [e for e in found.events if e.party in shown]
    renewed = {
        v.measure: lines
        for v in found.votes
        if v.owner in shown and (lines := list(record_words(found, v)))
    }
    if as_json:
        print_json(
            data_of(found)
            | {
                "parties": [
                    {
                        "id": p,
                        "behaviour": w.behaviour,
                        "sentence": stakes[p].sentence,
                        "money": stakes[p].money,
                        "bound": stakes[p].bound,
                        "low": stakes[p].low,
                        "high": stakes[p].high,
                        "with_others": stakes[p].with_others,
                        "components": w.components,
                        "moves": [
                            {"change": m.change, "parts": m.parts, "gain": m.gain,
                             "carried": m.carried}
                            for m in w.moves
                        ],
                    }
                    for p, w in whys.items()
                ],
                "money": [
                    {"change": m.label, "measures": m.measures,
                     "gain": dict(zip(m.parties, m.gain, strict=True)),
                     "low": dict(zip(m.parties, m.low, strict=True)),
                     "high": dict(zip(m.parties, m.high, strict=True)),
                     "members": dict(m.members)}
                    for m in found.moves
                ],
                "renewals": renewed,
                "tally": tally_data(events),
                "events": [vars(e) | {"date": str(e.date), "verdict": e.verdict,
                                       "in_sample": e.in_sample,
                                       "contradicted": e.contradicted} for e in events],
            }
        )  # fmt: skip
        return
    say(found, [stakes[p].sentence for p in shown])
    say(found, [line for lines in renewed.values() for line in lines])
    moved = [m for m in found.moves if any(abs(g) >= 0.05 for g in m.gain)]
    if moved:
        table(
            "Money if one thing changes, USD million a year, no valuation in it",
            ["", *(_short(found, m.measures) for m in moved)],
            [
                [party, *(f"{money(m.of(party))}{band(m, party)}" for m in moved)]
                for party in moved[0].parties
            ],
        )
    idle = [_short(found, m.measures) for m in found.moves if m not in moved]
    if idle:
        typer.echo(f"By itself without effect on trade: {'; '.join(idle)}.")
    if events:
        typer.echo("Observed moves against the model, at the valuations of the case:")
        if party is None:
            say(found, [tally_words(found)])
        say(found, [f"- {sentences.event_words(found, e)}" for e in events])
    notes(found)


def _resolved(answer: TalksAnswer, given: str) -> str:
    """The id of a party, or the code of a member of a bloc, however it is written."""
    from detente.analysis.labels import name_of
    from detente.analysis.negotiation import NoTalks
    from detente.cases.errors import did_you_mean
    from detente.world.names import all_names, code_of

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
        raise NoTalks(
            answer.case.name, message, did_you_mean("", [p.id for p in answer.case.parties])
        )
    if given.casefold() not in known:
        names = dict.fromkeys([p.id for p in answer.case.parties] + members)
        message = f"--party: there is no party or member {given!r}."
        raise NoTalks(answer.case.name, message, did_you_mean(given, list(names)))
    return known[given.casefold()]


def _bystander(answer: TalksAnswer, who: str, *, as_json: bool) -> None:
    """What there is to say of one that has no move: a member of a bloc, or a party affected."""
    from detente.analysis.negotiation.labels import party_labels
    from detente.analysis.negotiation.stakes import (
        ballots_of,
        blocs_of,
        member_words,
        onlooker_words,
    )

    labels = party_labels(answer.case)
    lines = list(onlooker_words(answer, who) if who in labels else member_words(answer, who))
    if as_json:
        print_json(
            data_of(answer)
            | {
                "party": who,
                "inside": blocs_of(answer, who),
                "sentences": lines,
                "votes": [vars(b) for b in ballots_of(answer, labels.get(who, who))],
                "money": [
                    {"change": m.label, "measures": m.measures, "gain": m.of(who)}
                    for m in answer.moves
                    if who in m.parties
                ],
            }
        )
        return
    say(answer, lines)
    notes(answer)


def _short(answer: TalksAnswer, measures: tuple[str, ...]) -> str:
    """A change by the ids of its measures: 'end us-potash'."""
    on = answer.conflict.space.in_force(answer.conflict.status_quo)  # type: ignore[union-attr]
    verb = "end" if measures[0] in on else "start"
    return f"{verb} {' + '.join(measures)}"
