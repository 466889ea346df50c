"""What the site adds while it is built: the entries of public names on the pages of the reference.

A page asks for the names of a package by `<!-- names of detente.trade -->`. The entries themselves
are directives of mkdocstrings, which reads docstrings and signatures from the sources; of the
package itself only the list of public names is taken, which imports nothing heavy.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

MARK = re.compile(r"^<!-- names of ([\w.]+) -->$", re.MULTILINE)
ROOT = "detente"
#: Sections of the page of the root, by the package that a name lives in.
SECTIONS = {
    "world": "The base year",
    "trade": "Shocks and equilibria",
    "cases": "Cases",
    "analysis": "A case answered",
    "negotiation": "Negotiation",
    "errors": "Errors of all packages",
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the names of a package where the page asks for them."""
    return MARK.sub(lambda found: names(found[1]), markdown)


def names(package: str) -> str:
    """The entries of a package: those of the root by section, of others what the root has not."""
    return _of_root() if package == ROOT else _of_room(package)


def _of_root() -> str:
    root = importlib.import_module(ROOT)
    found: dict[str, list[str]] = {section: [] for section in SECTIONS.values()}
    for name in public(root):
        found[SECTIONS[_section(root._HOME[name])]].append(name)
    parts = []
    for section, there in found.items():
        parts += [f"## {section}", *(_entry(f"{ROOT}.{name}", 3) for name in _ordered(there))]
    return "\n\n".join(parts)


def _section(home: str) -> str:
    """The room of a name, with all that concerns negotiation in one."""
    if "negotiation" in home.split("."):
        return "negotiation"
    room = home.split(".", maxsplit=1)[0]
    return room if room in SECTIONS else "errors"


def _of_room(package: str) -> str:
    room, root = importlib.import_module(package), importlib.import_module(ROOT)
    shared = {
        name
        for name in set(public(room)) & set(public(root))
        if f"{ROOT}.{root._HOME[name]}".startswith(package)
    }
    parts = []
    if shared:
        links = ", ".join(f"[`{name}`][{ROOT}.{name}]" for name in _ordered(shared))
        parts.append(f"These names are in the root as well: {links}.")
    rest = set(public(room)) - shared
    return "\n\n".join([*parts, *(_entry(f"{package}.{name}", 2) for name in _ordered(rest))])


def public(package: Any) -> list[str]:
    """The public names of a package, without `__version__`."""
    return [name for name in package.__all__ if not name.startswith("__")]


def _ordered(there: Any) -> list[str]:
    """Functions first, then types and errors, each by name."""
    return sorted(there, key=lambda name: (name[0].isupper(), name))


def _entry(path: str, level: int) -> str:
    return f"::: {path}\n    options:\n      heading_level: {level}"
