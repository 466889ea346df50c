"""The plan of the house: no two modules of the package import each other, by whatever way round."""

from __future__ import annotations

import ast
from pathlib import Path

import detente

PACKAGE = Path(detente.__file__).parent

Graph = dict[str, set[str]]


def sources(root: Path) -> dict[str, Path]:
    """The modules of a package by their full names; a package by the name of its folder."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path) -> list[tuple[str, str, str]]:
    """Every import of a module, lazy or for type checking: whence, what, under which name."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    out = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            out += [(alias.name, "", alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            out += [(base, alias.name, alias.asname or alias.name) for alias in node.names]
    return out


def import_graph(root: Path) -> Graph:
    """Which module imports which. A name taken from a package counts for the module it lives in.

    Packages themselves are left out: they only hand on names of their modules.
    """
    known = sources(root)
    packages = {name for name, path in known.items() if path.name == "__init__.py"}
    handed_on = {
        (package, under): (base, what)
        for package in packages
        for base, what, under in imported(package, known[package])
    }

    def home(base: str, what: str) -> str:
        if f"{base}.{what}" in known:
            return f"{base}.{what}"
        if (base, what) in handed_on:
            return home(*handed_on[base, what])
        return base

    modules = known.keys() - packages
    return {
        name: {home(base, what) for base, what, _ in imported(name, known[name])} & modules - {name}
        for name in sorted(modules)
    }


def rings(graph: Graph) -> list[list[str]]:
    """Sets of modules of which each leads to every other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in graph[module]:
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            ring = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(ring) > 1:
                found.append(sorted(ring))

    for module in graph:
        if module not in index:
            visit(module)
    return sorted(found, key=len, reverse=True)


def test_no_modules_import_each_other_in_a_ring():
    graph = import_graph(PACKAGE)
    assert len(graph) > 100
    found = [" ↔ ".join(ring) for ring in rings(graph)]
    assert not found, "Rings of imports:\n" + "\n".join(found)


def test_what_every_room_needs_has_one_home():
    """Types of arrays, the rule for trade deficits, and the search for near names."""
    homes = {
        "NDArray[np.float64]": "_types.py",
        '"fixed", "proportional", "zero"]': "_types.py",
        "import difflib": "_near.py",
    }
    for text, home in homes.items():
        found = [
            path.relative_to(PACKAGE).as_posix()
            for path in sorted(PACKAGE.rglob("*.py"))
            if text in path.read_text(encoding="utf-8")
        ]
        assert found == [home], f"{text} is to stand in {home} alone."


def test_a_ring_is_found_whichever_way_its_imports_are_written(tmp_path):
    root = tmp_path / "house"
    (root / "room").mkdir(parents=True)
    for name, text in {
        "__init__": "",
        "room/__init__": "from house.room.data import Data as Data\n",
        "room/data": "def say():\n    from house.room.words import words\n    return words()\n",
        "room/words": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from house.room import Data\n",
        "room/above": "import house.room.data\nfrom . import words\n",
        "one": "from .other import x\n",
        "other": "import house.one as y\n",
    }.items():
        (root / f"{name}.py").write_text(text, encoding="utf-8")
    graph = import_graph(root)
    assert graph["house.room.above"] == {"house.room.data", "house.room.words"}
    assert rings(graph) == [["house.one", "house.other"], ["house.room.data", "house.room.words"]]
