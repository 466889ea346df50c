"""Commands parse, ask and print: what they print is worked out where the result is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import detente.cli

FOLDER = Path(detente.cli.__file__).parent
#: How wide a table is and what fits on a line is theirs to work out.
LAYOUT = {"encoding", "options"}
#: These round as their tables ask.
OWN = {"claims", "compare", "serve", "timeline"}
#: Operators that join texts, lists and sets as well are no arithmetic by themselves.
SUMS = (ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.Mod, ast.Sub)
COUNTS = {"sum", "min", "max", "abs", "round", "fsum", "mean", "sorted"}


def arithmetic(text: str) -> list[str]:
    """Operations on numbers in a module, by line."""
    found = []
    for node in ast.walk(ast.parse(text)):
        operator = getattr(node, "op", None)
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(operator, SUMS):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in COUNTS:
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "numpy" in ast.unparse(node):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


COMMANDS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in LAYOUT | OWN)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_holds_no_arithmetic(name):
    assert arithmetic((FOLDER / f"{name}.py").read_text("utf-8")) == []


def test_arithmetic_is_found():
    assert len(arithmetic("import numpy as np\nx = 100 * y\nz = sum(w)\nx -= 1")) == 4
