"""The terminal summary fits a screen and says the essentials."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from detente.brief import print_summary


@pytest.mark.parametrize("which", ["assessment", "belarus"])
def test_summary_fits_a_screen(which, request):
    out = io.StringIO()
    console = Console(width=100, file=out)
    print_summary(request.getfixturevalue(which), console, "build/brief.html")
    lines = out.getvalue().splitlines()
    text = "\n".join(lines)
    assert 20 <= len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert "Measures in force on 1 December 2025" in text
    assert "Who pays   Belarus −" in text
    assert "converged" in text
    assert text.rstrip().endswith("build/brief.html")


def test_twins_that_move_nothing_stand_side_by_side(belarus):
    """One alone reopens nothing: exactly zero for one, noise of the solver for the other."""
    out = io.StringIO()
    print_summary(belarus, Console(width=100, file=out))
    head = next(line for line in out.getvalue().splitlines() if "A alone" in line)
    active = [e for e in belarus.effects if e.in_force and e.has_effect]
    assert head.count("alone") == len(active) == 7
    assert head.split()[-2:] == ["together", "all"]


def test_horizons_take_one_line(belarus, runs):
    out = io.StringIO()
    print_summary(belarus, Console(width=100, file=out), horizons=runs)
    lines = out.getvalue().splitlines()
    assert len(lines) <= 40
    line = next(line for line in lines if line.startswith("By horizon"))
    assert "short, medium, long: Belarus −" in line
