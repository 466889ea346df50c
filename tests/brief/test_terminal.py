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
