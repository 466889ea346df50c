"""The gallery: published figures beside what the scripts of this folder compute.

python benchmarks/gallery/compare.py        prints every table whose data are at hand
"""

from __future__ import annotations

import importlib
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
import sources

import gravity

HERE = Path(__file__).parent
#: Where a figure is given to one digit or none, half of its last digit is what rounding hides.
_HALF = 0.5


@dataclass(frozen=True)
class Table:
    """A published table: each row by its label, each column with the decimals that are printed."""

    id: str
    script: str
    paper: str
    where: str
    title: str
    columns: tuple[str, ...]
    decimals: tuple[int, ...]
    rows: dict[str, list[float]]
    within: tuple[float, ...] = ()

    @property
    def allowed(self) -> list[float]:
        """By how much a figure may differ in each column: half of the last digit that is printed.

        What was published to more digits than its own solution has says so in `within`.
        """
        if self.within:
            return list(self.within)
        return [_HALF * 10.0**-d * (1 + 1e-9) + 1e-9 for d in self.decimals]


def published() -> list[Table]:
    """Every table of `published.toml`."""
    with (HERE / "published.toml").open("rb") as file:
        found = tomllib.load(file)["table"]
    return [
        Table(**{k: tuple(v) if isinstance(v, list) else v for k, v in t.items()}) for t in found
    ]


def missing(table: Table) -> str:
    """Why a table cannot be computed here; '' if it can."""
    return gravity.available() if table.id == "gegravity" else sources.missing(table.id)


@cache
def computed(script: str) -> dict[str, dict[str, list[float]]]:
    """What a script finds, by table and row."""
    return importlib.import_module(script).tables()  # type: ignore[no-any-return]


def misses(table: Table) -> list[tuple[str, str, float, float]]:
    """Row, column, published and computed, where they differ by more than rounding."""
    found = computed(table.script)[table.id]
    return [
        (label, column, theirs, ours)
        for label, row in table.rows.items()
        for column, theirs, ours, most in zip(
            table.columns, row, found[label], table.allowed, strict=True
        )
        if abs(theirs - ours) > most
    ]


def page() -> str:
    """All tables as Markdown; those without data say what is missing."""
    parts = []
    for table in published():
        parts += [f"### {table.title}", f"{table.paper}, {table.where}. Percent."]
        why = missing(table)
        parts.append(f"Not computed: {why}" if why else "\n".join(_lines(table)))
    return "\n\n".join(parts)


def _lines(table: Table) -> list[str]:
    found, missed = computed(table.script)[table.id], misses(table)
    lines = ["| | " + " | ".join(f"{c} | détente" for c in table.columns) + " |"]
    lines.append("|---|" + "---:|---:|" * len(table.columns))
    worst = [0.0] * len(table.columns)
    for label, row in table.rows.items():
        cells = []
        for k, (theirs, ours, d) in enumerate(zip(row, found[label], table.decimals, strict=True)):
            worst[k] = max(worst[k], abs(theirs - ours))
            cells.append(f"{theirs:.{d}f} | {ours:.{min(d + 2, 6)}f}")
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    gaps = ", ".join(f"{c} {w:.2g}" for c, w in zip(table.columns, worst, strict=True))
    outside = (
        f"{len(missed)} differ by more." if missed else "Every figure rounds to the printed one."
    )
    lines += ["", f"Script: `{table.script}.py`. Largest differences: {gaps}. {outside}"]
    return lines


if __name__ == "__main__":
    print(page())
