"""Everything said of the invented talks, against what was said when the files were last written.

python tests/analysis/by_hand/test_talks.py writes the files anew, for a change that is meant to
change words or numbers; read the difference before it is kept.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from invented_talks import negotiated, talks  # noqa: E402

import detente  # noqa: E402
from detente._document import plain  # noqa: E402
from detente.analysis.negotiation import NegotiationAnswer, explained_moves  # noqa: E402
from detente.analysis.negotiation import sentences as words  # noqa: E402
from detente.analysis.negotiation.feasible_packages import feasible_words  # noqa: E402
from detente.analysis.negotiation.questions import OnlookerAnswer  # noqa: E402
from detente.analysis.negotiation.stakes import (  # noqa: E402
    keys_of,
    member_words,
    onlooker_words,
    refusal_words,
)
from detente.negotiation import Conflict  # noqa: E402

#: What the Union values less, so that packages are signed by all.
MILD = (
    ("{party: EU, interest: pressure, value: 40,", "{party: EU, interest: pressure, value: 4,"),
    ("interest: pressure, value: 60, source: a}", "interest: pressure, value: -1, source: a}"),
    ("interest: pressure, value: 2, range: [-4, 8]", "interest: pressure, value: 1, range: [0, 2]"),
)
#: By name: what is changed of the talks, and how many draws of the trade side there are.
GIVEN: dict[str, tuple[tuple[tuple[str, str], ...], int]] = {
    "stern": ((), 0),
    "mild": (MILD, 0),
    "drawn": (MILD, 2),
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


def written(name: str) -> str:
    """One line for each part."""
    changes, draws = GIVEN[name]
    parts = said(negotiated(talks(*changes), draws=draws))
    lines = [
        f"{json.dumps(k)}: {json.dumps(rounded(plain(v)), ensure_ascii=False)}" for k, v in parts
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def rounded(found: Any) -> Any:
    """A document with numbers to eight digits."""
    if isinstance(found, dict):
        return {k: rounded(v) for k, v in found.items()}
    if isinstance(found, list):
        return [rounded(v) for v in found]
    return float(f"{found:.7e}") if isinstance(found, float) else found


def differences(now: Any, then: Any, at: str = "") -> Iterator[str]:
    """Where two documents differ; numbers by more than rounding."""
    if isinstance(now, dict) and isinstance(then, dict) and now.keys() == then.keys():
        for key in now:
            yield from differences(now[key], then[key], f"{at}.{key}")
    elif isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        for k, (one, other) in enumerate(zip(now, then, strict=True)):
            yield from differences(one, other, f"{at}[{k}]")
    elif type(now) is float and isinstance(then, int | float):
        if not math.isclose(now, then, rel_tol=1e-6, abs_tol=1e-9):
            yield f"{at}: {now}, was {then}"
    elif now != then or type(now) is not type(then):
        yield f"{at}: {now!r}, was {then!r}"


@pytest.mark.parametrize("name", GIVEN)
def test_everything_said_of_the_talks(name: str) -> None:
    now = json.loads(written(name))
    then = json.loads((FOLDER / f"talks-{name}.json").read_text("utf-8"))
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
        (FOLDER / f"talks-{name}.json").write_text(written(name), "utf-8")
