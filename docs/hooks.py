"""What the site adds while it is built: the reference of public names, from their docstrings."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

MARK = "<!-- reference -->"
MODULES = {
    "detente": "the names that most scripts need",
    "detente.world": "the base year",
    "detente.trade": "shock → equilibrium → welfare",
    "detente.cases": "the file that a user writes",
    "detente.analysis": "one case answered",
    "detente.report": "what people read",
    "detente.app": "the local app",
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the reference where the page asks for it."""
    return markdown.replace(MARK, reference()) if MARK in markdown else markdown


def reference() -> str:
    """A table of public names for each module, with the first line of their docstrings."""
    parts = []
    for name, what in MODULES.items():
        module = importlib.import_module(name)
        lines = [f"## `{name}`: {what}", "", "| name | what it is |", "|---|---|"]
        for public in sorted(n for n in module.__all__ if not n.startswith("__")):
            thing = getattr(module, public)
            first = (inspect.getdoc(thing) or "").split("\n\n")[0]
            first = first.replace("\n", " ").replace("|", "\\|")
            lines.append(f"| `{public}{_arguments(thing)}` | {first} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _arguments(thing: Any) -> str:
    """The names of a function's arguments."""
    if not inspect.isfunction(thing):
        return ""
    return f"({', '.join(inspect.signature(thing).parameters)})"
