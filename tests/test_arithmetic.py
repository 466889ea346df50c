"""The command line and the app ask and show: every figure is computed in the rooms below them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente

PACKAGE = Path(detente.__file__).parent

#: Where numbers that are no figures are counted, by file and function, each with its reason.
ALLOWED = {
    "app/cache.py Budget.__call__": "counts the evaluations of one answer",
    "app/cases.py _decoded": "the number of a line in a file",
    "app/jobs.py _load": "imports beforehand what jobs need",
    "app/limits.py kibibytes": "the size of a file",
    "app/routes.py _quick": "counts the answers that are waited for",
    "app/security.py _Counted.__call__": "the bytes of a request that are left",
    "app/service.py Service.expect": "how many clients are remembered",
    "app/service.py _milliseconds": "a clock",
    "cli/options.py more_rows": "how many rows a table leaves out",
    "cli/options.py rows_left": "how many rows a table leaves out",
    "cli/solve.py solve": "shocks are put together, which `Shock` does",
}

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_FUNCTIONS = {"sum", "abs", "round", "divmod", "pow", "fsum"}
_METHODS = {"sum", "mean", "std", "prod", "cumsum", "dot", "round", "trace", "quantile"}
_LIBRARIES = {"numpy", "scipy", "polars", "statistics"}
_OF_TEXT = {"decode", "encode", "dumps", "format", "join", "lower", "rstrip", "strip", "upper"}
_OF_TEXT |= {"str", "list", "tuple", "sorted", "_yaml", "bytes"}


def is_text(node: ast.expr) -> bool:
    """Whether an expression is seen to be a text, a list or a tuple, none of which is a number."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes))
    if isinstance(node, (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)):
        return True
    if isinstance(node, ast.IfExp):
        return is_text(node.body) or is_text(node.orelse)
    if isinstance(node, ast.Subscript):
        return is_text(node.value)
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in _OF_TEXT
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return is_text(node.left) or is_text(node.right)
    return False


def computes(node: ast.AST) -> bool:
    """Whether a part of a program computes with numbers, as far as its form tells."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
        if isinstance(node.op, ast.Add):
            return not (is_text(node.left) or is_text(node.right))
        # The slash between a folder and a name.
        return not (isinstance(node.op, ast.Div) and is_text(node.right))
    if isinstance(node, ast.AugAssign) and isinstance(node.op, _ARITHMETIC):
        return not (isinstance(node.op, ast.Add) and is_text(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return not isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in _METHODS
        return isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in _LIBRARIES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in _LIBRARIES
    return False


def arithmetic(source: str) -> Iterator[tuple[str, int, str]]:
    """Every place that computes: its function, its line and what stands there."""

    def within(node: ast.AST, owner: str, function: str) -> Iterator[tuple[str, int, str]]:
        for child in ast.iter_child_nodes(node):
            if computes(child):
                place = ".".join(filter(None, (owner, function)))
                yield place, child.lineno, ast.unparse(child)  # type: ignore[attr-defined]
            elif isinstance(child, ast.ClassDef) and not function:
                yield from within(child, child.name, "")
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) and not function:
                yield from within(child, owner, child.name)
            else:
                # Functions inside a function are parts of it.
                yield from within(child, owner, function)

    yield from within(ast.parse(source), "", "")


def test_the_command_line_and_the_app_hold_no_arithmetic():
    found, used = [], set()
    for room in ("cli", "app"):
        for path in sorted((PACKAGE / room).glob("**/*.py")):
            file = path.relative_to(PACKAGE).as_posix()
            for function, line, text in arithmetic(path.read_text(encoding="utf-8")):
                place = f"{file} {function}"
                used.add(place)
                if place not in ALLOWED:
                    found.append(f"{file}:{line} in {function or 'the module'}: {text}")
    message = "Compute these in analysis, or write them in report:\n"
    assert not found, message + "\n".join(found)
    assert not ALLOWED.keys() - used, "These need no allowance any more."


@pytest.mark.parametrize(
    "text",
    [
        "100 * share",
        "after - before",
        "total += part",
        "sum(shares)",
        "world.sales_jn.sum(axis=1)",
        "sorted(rows, key=lambda row: -row.value)",
        "import numpy as np",
        "from numpy import quantile",
        "f'{value / 1e3:.1f}'",
        "def f(x):\n    return abs(x)",
        "a @ b",
    ],
)
def test_arithmetic_is_seen(text):
    assert list(arithmetic(text))


@pytest.mark.parametrize(
    "text",
    [
        "'a' + b",
        "folder / 'index.html'",
        "rows += [row]",
        "title += f' ({count})'",
        "text.rstrip() + end",
        "flags | more",
        "x[-1]",
        "len(rows) > 3",
    ],
)
def test_texts_lists_and_paths_are_no_arithmetic(text):
    assert not list(arithmetic(text))
