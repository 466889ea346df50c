"""Questions of sanctions in a world of four countries and three goods, against kept answers.

python tests/analysis/by_hand/test_small_world.py writes the file anew, for a change that is meant
to change words or numbers; read the difference before it is kept.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from stored import differences, keep, kept, rounded, written

import detente
from detente._document import plain
from detente.world import World, synthetic

#: What hangs on the path of a search, or on the clock.
_PATH = {"evaluations", "residual", "seconds", "apart", "gain_by_best_answer", "status", "sentence"}
_SEARCHED = re.compile(r"evaluations|solved in|best answer|Searches from|searches from")
ALL = ("C002", "C003", "C004")


@cache
def world() -> World:
    return synthetic(4, 3, seed=3, tariff=0.05)


QUESTIONS: dict[str, Callable[[], Any]] = {
    "menu": lambda: detente.sensitivity(world(), "C002", "C004"),
    "menu of two": lambda: detente.sensitivity(world(), "C002", "* except C001,C002"),
    "tariffs": lambda: detente.design(
        world(), target="C001", sender="C002", curve=[0.5, 2.0], bound=0.4
    ),
    "rates and bans": lambda: detente.design(
        world(), target="C001", sender="* except C001,C003", goods=["G01", "G03"],
        instruments=["tariff", "export_tax", "ban"], leakage=0.05,
    ),
    "barriers": lambda: detente.design(
        world(), target="C001", sender="C002", instruments=["barrier"], exempt=["G02"],
        partners=["C001", "C003"], bound=0.3, caps={"G03": 0.1}, own_weight=0.3,
    ),
    "bans": lambda: detente.design(
        world(), target="C001", sender="C003", instruments=["export_ban"], leakage=0.02
    ),
    "own gain": lambda: detente.optimal_tariffs(world(), sender="C002"),
    "war": lambda: detente.nash_tariffs(world(), ["C001", "C002", "C004"], goods=["G01", "G02"]),
    "coalition": lambda: detente.coalition(world(), target="C001", members=ALL, leakage=0.02),
    "coalition by tariffs": lambda: detente.coalition(
        world(), target="C001", members=ALL, rate=0.2, goods=["G01"]
    ),
    "coalition sampled": lambda: detente.coalition(
        world(), target="C001", members=ALL, leakage=0.1, budget=5, permutations=6, seed=1
    ),
}  # fmt: skip


def without_path(found: Any) -> Any:
    """A document without what another machine may find otherwise."""
    if isinstance(found, dict):
        return {k: without_path(v) for k, v in found.items() if k not in _PATH}
    if isinstance(found, list):
        return [without_path(v) for v in found if not (isinstance(v, str) and _SEARCHED.search(v))]
    return found


def said(name: str) -> dict[str, Any]:
    """The document of an answer and how it shows itself."""
    found = QUESTIONS[name]()
    title, heads, rows = found._small() or ("", (), [])
    return without_path(
        rounded(
            plain(
                {
                    "document": found.to_dict(),
                    "frame": found.to_frame().to_dict(as_series=False),
                    "small": [title, list(heads), [list(row) for row in rows]],
                    "lines": list(found._lines()),
                }
            )
        )
    )


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_in_a_small_world(name: str) -> None:
    now = json.loads(json.dumps(said(name)))
    found = list(differences(now, kept("small-world")[name], relative=2e-3, absolute=1e-3))
    assert found == []


if __name__ == "__main__":
    keep("small-world", written((name, said(name)) for name in QUESTIONS))
