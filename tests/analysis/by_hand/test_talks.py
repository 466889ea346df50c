"""Everything said of the invented talks, against what was said when the files were last written.

python tests/analysis/by_hand/test_talks.py writes the files anew, for a change that is meant to
change words or numbers; read the difference before it is kept.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from invented_talks import negotiated, talks
from stored import differences, keep, kept, written

import detente
from detente._document import plain
from detente.analysis.negotiation import NegotiationAnswer, explained_moves
from detente.analysis.negotiation import sentences as words
from detente.analysis.negotiation.feasible_packages import feasible_words
from detente.analysis.negotiation.questions import OnlookerAnswer
from detente.analysis.negotiation.stakes import (
    keys_of,
    member_words,
    onlooker_words,
    refusal_words,
)
from detente.negotiation import Conflict

#: What the Union values less, so that packages are signed by all.
MILD = (
    ("{party: EU, interest: pressure, value: 40,", "{party: EU, interest: pressure, value: 4,"),
    ("interest: pressure, value: 60, source: a}", "interest: pressure, value: -1, source: a}"),
    ("interest: pressure, value: 2, range: [-4, 8]", "interest: pressure, value: 1, range: [0, 2]"),
)
#: Sharper exchanges, values in view of moves, reservations, another rule and another record.
VARIED = (
    *MILD,
    ("    ratified_by: Senate\n    in_force: [{from: 2022-01-01, document: a}]",
     "    ratified_by: Senate\n    in_force: [{from: 2022-01-01, until: 2023-01-20, document: a}]"),
    ("label: The curb\n    owner: EU\n    kind: sanction\n    effects: {pressure: 1}\n"
     "    in_force: [{from: 2022-01-01, document: a}]",
     "label: The curb\n    owner: EU\n    kind: sanction\n    effects: {pressure: 1}\n"
     "    in_force: [{from: 2022-01-01, until: 2023-01-22, document: a}]"),
    ("label: The transit ban\n    owner: EU\n    kind: sanction\n    effects: {pressure: 1}\n"
     "    in_force: [{from: 2022-01-01, document: a}]",
     "label: The transit ban\n    owner: EU\n    kind: sanction\n    effects: {pressure: 1}\n"
     "    in_force: [{from: 2022-06-04, document: a}]"),
    ("rules: {repeal: {kind: weighted,", "expiry: lapses\n    renewed: [2022-08-01]\n"
     "    rules: {renew: {kind: weighted, votes: {DEU: 4, FRA: 4, LTU: 1, POL: 3}, quota: 7}, "
     "repeal: {kind: weighted,"),
    ("  - {id: listing,", "  - {id: banned, date: 2022-06-04, party: EU, move: adopt, "
     "measures: transit, source: a}\n"
     "  - {id: relisted, date: 2022-08-01, party: EU, move: keep, measures: list, source: a}\n"
     "  - {id: list-stays, date: 2022-10-01, party: EU, move: keep, measures: list, source: a}\n"
     "  - {id: unbanned, date: 2023-01-20, party: US, move: lift, measures: ban, source: a}\n"
     "  - {id: uncurbed, date: 2023-01-22, party: EU, move: lift, measures: curb, source: a}\n"
     "  - {id: listing,"),
    ("{party: US, interest: pressure, value: 30, source: a}",
     "{party: US, interest: pressure, value: 30, set_in_view: [unbanned, opening], source: a}"),
    ("{party: EU, interest: freed, value: 0.2,",
     "{party: EU, interest: freed, value: 0.2, set_in_view: listing,"),
    ("{party: EU, interest: pressure, value: 4,",
     "{party: EU, interest: pressure, value: 4, set_in_view: listing,"),
    ("name: Beta, members: [BLR], patience: 0.85}",
     "name: Beta, members: [BLR], patience: 0.85, reservation: 3}"),
    ("rule: unanimity, patience: 0.9}\n  - {id: LT, ",
     "rule: unanimity, patience: 0.9, reservation: 2}\n  - {id: LT, "),
    ("name: Alpha, members: [USA], patience: [0.8, 0.95], weight: 2}",
     "name: Alpha, members: [USA], patience: [0.8, 0.95], reservation: [0, 12]}"),
)  # fmt: skip
#: By name: what is changed of the talks, and how many draws of the trade side there are.
GIVEN: dict[str, tuple[tuple[tuple[str, str], ...], int]] = {
    "stern": ((), 0),
    "mild": (MILD, 0),
    "drawn": (MILD, 2),
    "varied": (VARIED, 0),
    "varied-drawn": (VARIED, 2),
}
QUESTIONS = ("why", "deals", "steps", "blockers", "channels", "stable")


def said(answer: NegotiationAnswer) -> Iterator[tuple[str, Any]]:
    """What the answer and its parts say, by name."""
    found = plain(answer.to_dict())
    yield "head", {k: v for k, v in found.items() if k not in QUESTIONS}
    for question in QUESTIONS:
        for key, value in found[question].items():
            if key not in found:
                yield f"{question}: {key}", value
        yield f"{question}: sentences", found[question]["sentences"]
        part = getattr(detente, question)(answer)
        yield f"{question}: shown", repr(part).splitlines()
        yield f"{question}: frame", plain(part.to_frame().head(9).to_dict(as_series=False))
    yield "shown", repr(answer).splitlines()
    yield "frame", plain(answer.to_frame().to_dict(as_series=False))
    conflict = answer.conflict
    assert isinstance(conflict, Conflict)
    yield "headlines", list(answer.headlines)
    yield "packages", [*feasible_words(answer), detente.deals(answer).caveat]
    yield "moves", [words.money_inside(m) for m in answer.moves if m.members]
    yield "events", [words.event_words(answer, e) for e in answer.events]
    yield (
        "states",
        [
            [words.state_words(answer, c), words.state_ids(answer, c), held]
            for c, held in words.lasting_states(answer)[:9]
        ],
    )
    yield "members", {m: list(member_words(answer, m)) for m in ("DEU", "FRA", "LTU", "POL")}
    yield "onlookers", {p: list(onlooker_words(answer, p)) for p in ("CN", "Senate")}
    yield (
        "onlookers as documents",
        [plain(OnlookerAnswer(answer, p).to_dict()) for p in ("CN", "Senate", "POL")],
    )
    yield "keys", [keys_of(answer, 1 << k) for k in range(9)]
    yield "refusals", refusal_words(conflict)
    yield "forecasts", [list(explained_moves.forecast(answer, v)) for v in answer.votes]
    yield "votes", [[v.shown, v.left_out, v.alone_at("DEU"), str(v)] for v in answer.votes]
    assert answer.deals is not None
    yield "proposals", [plain(p.table().rows) for p in answer.deals.proposals]
    yield "needed", [list(words.needed_words(answer, p)) for p in answer.deals.proposals]
    yield "deals in short", list(answer.deals._lines())


def document(name: str) -> str:
    """What is said of the talks of that name, one line for each part."""
    changes, draws = GIVEN[name]
    return written(said(negotiated(talks(*changes), draws=draws)))


@pytest.mark.parametrize("name", GIVEN)
def test_everything_said_of_the_talks(name: str) -> None:
    now, then = json.loads(document(name)), kept(f"talks-{name}")
    assert list(now) == list(then)
    assert list(differences(now, then)) == []


def test_differences_are_found() -> None:
    one = {"a": [1.0, "x", None, True], "b": {"c": 0.0}}
    assert list(differences(one, {"a": [1.0 + 1e-9, "x", None, True], "b": {"c": 0.0}})) == []
    other = {"a": [1.1, "y", 0, 1], "b": {"c": 1e-3}}
    assert len(list(differences(one, other))) == 5
    assert list(differences([1], [1, 2])) == [": [1], was [1, 2]"]
    assert len(list(differences({"a": 1}, {"b": 1}))) == 1


if __name__ == "__main__":
    for name in GIVEN:
        keep(f"talks-{name}", document(name))
