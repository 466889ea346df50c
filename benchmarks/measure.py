"""Timing, the rows of the table, and the machine they were taken on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente._files import write_file

_THREADS = "OPENBLAS_NUM_THREADS"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs of one thing."""

    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        """The quickest run: the one that others on the machine disturbed least."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{_time(self.least)} ({_time(self.median)})"


def clock(*actions: Callable[[], object], runs: int = 7, warm_up: int = 1) -> list[Timing]:
    """Time actions in turn, so that all meet the same disturbances."""
    for action in actions:
        for _ in range(warm_up):
            action()
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(runs):
        for k, action in enumerate(actions):
            begun = time.perf_counter()
            action()
            taken[k].append(time.perf_counter() - begun)
    return [Timing(tuple(t)) for t in taken]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: the problem and what `detente` is compared with, if anything.
        size: countries × goods, or states and parties.
        ours: how long `detente` took.
        other: how long the other took.
        evaluations: of the whole system, by `detente`.
        violation: the largest relative violation, ours and the other's.
        goal: what is asked for, and whether it is met; empty where nothing is.
    """

    what: str
    size: str
    ours: Timing
    other: Timing | None = None
    evaluations: int | None = None
    violation: str = ""
    goal: str = ""

    @property
    def ratio(self) -> str:
        """How many times longer the other took: quickest runs (medians)."""
        if self.other is None:
            return ""
        least = self.other.least / self.ours.least
        return f"{_digits(least)} ({_digits(self.other.median / self.ours.median)})"

    def cells(self) -> list[str]:
        """The row as text."""
        return [
            self.what,
            self.size,
            str(self.ours),
            "" if self.other is None else str(self.other),
            self.ratio,
            "" if self.evaluations is None else str(self.evaluations),
            self.violation,
            self.goal,
        ]


HEAD = (
    "What",
    "Size",
    "détente",
    "Other",
    "Ratio",
    "Evaluations",
    "Largest violation",
    "Goal",
)
_TEXT = {"What", "Goal"}


def verdict(text: str, met: bool) -> str:
    """A goal with its result."""
    return f"{text}: {'PASS' if met else 'FAIL'}"


def within(seconds: float, goal: float, slack: float = 1.0) -> str:
    """A goal for a time with its result, and with the slack where only that lets it pass."""
    words = f"≤ {goal:g} s" if goal >= 0.1 else f"≤ {1e3 * goal:g} ms"
    if goal < seconds <= goal * slack:
        words += f" (with {_SLACKS.get(slack, f'{100 * (slack - 1):.0f} %')} of slack)"
    return verdict(words, seconds <= goal * slack)


_SLACKS = {1.25: "a quarter"}


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, without columns that are empty throughout."""
    cells = [row.cells() for row in rows]
    shown = [k for k in range(len(HEAD)) if any(c[k] for c in cells)]
    rule = ["---" if name in _TEXT else "---:" for name in HEAD]
    return "\n".join(
        "| " + " | ".join(line[k] for k in shown) + " |" for line in (HEAD, rule, *cells)
    )


def section(title: str, found: Iterator[Row | str]) -> str:
    """One part of the page: its table and what has to be said about it."""
    rows: list[Row] = []
    notes: list[str] = []
    for item in found:
        if isinstance(item, str):
            notes.append(item)
        else:
            rows.append(item)
            print("…", " | ".join(item.cells()), file=sys.stderr, flush=True)
    texts = [f"### {title}"]
    if rows:
        texts.append(table(rows))
    return "\n\n".join([*texts, "\n".join(f"- {n}" for n in notes)]).strip()


def one_thread() -> None:
    """Start the script again with one thread for linear algebra, unless that is so already.

    Ratios then do not depend on what else the machine does.
    """
    if os.environ.get(_THREADS) != "1":
        os.environ.update(dict.fromkeys((_THREADS, "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
        os.execv(sys.executable, [sys.executable, *sys.argv])


def machine(packages: Sequence[str]) -> str:
    """The machine and the versions, in a sentence or two."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text("utf-8").splitlines() if x.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    found = []
    for name in packages:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} not installed")
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, linear algebra on one thread; "
        f"Python {platform.python_version()}, {', '.join(found)}."
    )


def written(path: Path, text: str, part: str = "") -> None:
    """Replace what stands between the markers of a page, or of a part of it."""
    begin, end = (mark.replace("measured", f"measured {part}".strip()) for mark in (BEGIN, END))
    page = path.read_text("utf-8")
    if begin not in page or end not in page:
        raise SystemExit(f"{path} lacks the markers {begin} and {end}.")
    head, rest = page.split(begin, 1)
    write_file(path, f"{head}{begin}\n\n{text}\n\n{end}{rest.split(end, 1)[1]}")


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{1e3 * seconds:.0f} ms" if seconds >= 0.01 else f"{1e3 * seconds:.1f} ms"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
