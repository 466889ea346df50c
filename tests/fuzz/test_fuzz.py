"""Hundreds of damaged files, none of which may end in a traceback or a failure of the server."""

from __future__ import annotations

import pytest

from detente.cases import read_files

from ..cases.conftest import CONFLICT, SMALL, with_negotiation
from .mutations import run

#: The small case of the tests, with the bundled tables in place of its own, is read in a moment.
BUNDLED = SMALL.replace("flows: flows.csv", "flows: potash-2020\n    observed: potash-observed")
COMMANDS = [["check", "CASE"], ["check", "CASE", "--json"], ["stable", "CASE"]]


@pytest.mark.parametrize("seed", range(4))
def test_damage_never_ends_in_a_traceback(seed: int) -> None:
    texts = {
        "small": BUNDLED,
        "negotiation": with_negotiation(BUNDLED),
        "conflict": CONFLICT,
        "elmira": read_files("elmira").one_file()[0],
    }
    targets = run(100, seed, texts, COMMANDS)
    assert not targets.failures, "\n\n".join(targets.first.values())
