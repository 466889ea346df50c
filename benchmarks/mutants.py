"""Do the tests notice a fault? Small faults are put into copies of modules, and the tests are run.

python benchmarks/mutants.py [--count 500] [--seed 1] [--quick] [--write docs/mutations.md]

A mutant is the package with one operator, constant, condition, slice, return or raise changed. The
tests that belong to its module run on a copy in a temporary folder; the working tree is only read.
A mutant is killed if a test fails or runs into the time limit, and survives if all of them pass.
"""

from __future__ import annotations

import argparse
import ast
import copy
import math
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ruamel.yaml import YAML

from measure import machine, one_thread, written

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/detente")
EQUIVALENT = Path(__file__).with_name("mutants-equivalent.yaml")
_COPIED = ("src", "tests", "data-build", "pyproject.toml")


@dataclass(frozen=True)
class Suite:
    """The tests that ought to notice a fault in some modules.

    Attributes:
        room: what the table calls these modules.
        modules: beginning of their paths in the package; the first suite that fits is theirs.
        tests: test files or folders.
        quick: whether they run in half a minute or so.
    """

    room: str
    modules: str
    tests: tuple[str, ...]
    quick: bool = True


def _tests(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"tests/{folder}/test_{name}.py" for name in names)


SUITES = (
    Suite(
        "trade",
        "trade/_",
        _tests("trade", "closed_forms", "settling", "shocks", "precision", "transit", "routes"),
    ),
    Suite("negotiation", "negotiation/voting/", _tests("negotiation", "voting")),
    Suite("negotiation", "negotiation/sequencing/", _tests("negotiation", "sequences")),
    Suite("negotiation", "negotiation/bargaining/", _tests("negotiation", "packages")),
    Suite("negotiation", "negotiation/communication/", _tests("negotiation", "channels")),
    Suite("negotiation", "negotiation/stability/", _tests("negotiation", "stability", "remedies")),
    Suite("negotiation", "negotiation/uncertainty/", _tests("negotiation", "chances", "stability")),
    Suite("negotiation", "negotiation/", ("tests/negotiation",)),
    Suite("analysis", "analysis/designs/", _tests("analysis", "design")),
    Suite("analysis", "analysis/coalitions/", _tests("analysis", "coalition")),
    Suite("analysis", "analysis/sensitivities/", _tests("analysis", "sensitivity")),
    Suite("analysis", "analysis/negotiation/", _tests("analysis", "talking"), quick=False),
    Suite("analysis", "analysis/record/", _tests("analysis", "backtest"), quick=False),
    Suite("analysis", "analysis/claim", _tests("analysis", "claims"), quick=False),
    Suite(
        "analysis",
        "analysis/uncertainty/",
        _tests("analysis", "uncertainty", "failures"),
        quick=False,
    ),
    Suite(
        "analysis",
        "analysis/",
        (
            *_tests("analysis", "assess", "regimes", "idle", "claims"),
            *_tests("cli", "compare", "sanctions"),
        ),
        quick=False,
    ),
)

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        module: path of the module in the package.
        where: the function it is in, with its class.
        change: what stood there and what stands there now.
        nth: among the same changes in one function, which; from 0.
        line: where it stands now.
        start: first byte of what is replaced.
        end: the byte after it.
        text: what stands there now.
    """

    module: str
    where: str
    change: str
    nth: int
    line: int
    start: int
    end: int
    text: str

    @property
    def name(self) -> tuple[str, str, str, int]:
        """What it is called in the list of equivalent ones, which lines do not move."""
        return self.module, self.where, self.change, self.nth


Verdict = Literal["killed", "survived", "equivalent"]


def suite_of(module: str) -> Suite | None:
    """The tests of a module, by its path in the package; None if it is not mutated."""
    return next((s for s in SUITES if module.startswith(s.modules)), None)


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Every fault that can be put into the functions of a module."""
    lines = [0]
    for line in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    seen: dict[tuple[str, str], int] = {}
    for node, where in _nodes(ast.parse(source), ""):
        for old, new in _variants(node):
            bare = isinstance(new, ast.stmt | ast.Slice)
            text = ast.unparse(new) if bare else f"({ast.unparse(new)})"
            change = f"{ast.unparse(old)} → {ast.unparse(new)}"
            nth = seen.get((where, change), 0)
            seen[where, change] = nth + 1
            start = lines[old.lineno - 1] + old.col_offset
            end = lines[old.end_lineno - 1] + old.end_col_offset
            yield Mutant(module, where, change, nth, old.lineno, start, end, text)


def _nodes(tree: ast.AST, where: str) -> Iterator[tuple[ast.AST, str]]:
    """Nodes of the code of functions, with the function; no types, messages or defaults."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.JoinedStr | ast.Assert | ast.arguments | ast.pattern):
            continue
        # Where lengths agree, as they do in a right program, nothing hangs on `strict`.
        if isinstance(child, ast.keyword) and child.arg == "strict":
            continue
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            inside = f"{where}.{child.name}".lstrip(".")
            fields = isinstance(child, ast.ClassDef)
            body = [x for x in child.body if not fields or isinstance(x, ast.FunctionDef)]
            yield from _nodes(ast.Module(body, []), inside)
        elif isinstance(child, ast.AnnAssign):
            if where and child.value is not None:
                yield from _nodes(ast.Expression(ast.List([child.value])), where)
        else:
            if where:
                yield child, where
            yield from _nodes(child, where)


def _variants(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """What can be replaced in a node, and by what."""
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op):
            if type(op) in _SWAPPED:
                yield node, _changed(node, op=_SWAPPED[type(op)]())
        case ast.Compare(ops=[op]):
            yield node, _changed(node, ops=[_SWAPPED[type(op)]()])
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield node, node.operand
        case ast.Constant(value=bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield node, ast.Constant(value + 1)
            yield node, ast.Constant(value - 1)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.UnaryOp | ast.Compare | ast.BoolOp):
                yield test, ast.UnaryOp(ast.Not(), test)
        case ast.Slice():
            yield from ((node, other) for other in _off_by_one(node))
        case ast.Return(value=value):
            if value is not None and not isinstance(value, ast.Constant):
                yield node, ast.Return(ast.Constant(None))
        case ast.Raise():
            yield node, ast.Pass()


def _off_by_one(part: ast.Slice) -> Iterator[ast.Slice]:
    if part.lower is not None:
        yield ast.Slice(ast.BinOp(part.lower, ast.Add(), ast.Constant(1)), part.upper, part.step)
    if part.upper is not None:
        yield ast.Slice(part.lower, ast.BinOp(part.upper, ast.Sub(), ast.Constant(1)), part.step)


def _changed(node: ast.AST, **parts: object) -> ast.AST:
    other = copy.copy(node)
    for name, part in parts.items():
        setattr(other, name, part)
    return other


def every_mutant() -> list[Mutant]:
    """All faults that can be put into the modules that have a suite."""
    found: list[Mutant] = []
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        module = path.relative_to(ROOT / PACKAGE).as_posix()
        if suite_of(module) is not None:
            found += mutants_of(module, path.read_text("utf-8"))
    return found


def drawn(every: Sequence[Mutant], count: int, seed: int, quick: bool) -> list[Mutant]:
    """So many mutants, each as likely as any other, of all or of those with quick tests."""
    chosen = [m for m in every if not quick or ((s := suite_of(m.module)) is not None and s.quick)]
    modules = len({m.module for m in chosen})
    print(f"Drawn of {len(chosen):,} mutants of {modules} modules.", file=sys.stderr)
    return random.Random(seed).sample(chosen, min(count, len(chosen)))


def equivalent(every: Iterable[Mutant]) -> dict[tuple[str, str, str, int], str]:
    """Mutants that no test can tell from the package, with the reason of each."""
    entries = YAML(typ="safe").load(EQUIVALENT.read_text("utf-8")) or []
    found = {(e["module"], e["where"], e["change"], e.get("nth", 0)): e["reason"] for e in entries}
    gone = sorted(found.keys() - {m.name for m in every})
    if gone:
        names = "; ".join(f"{where} of {module}: {change}" for module, where, change, _ in gone)
        raise SystemExit(f"{EQUIVALENT.name} lists mutants that no longer exist: {names}.")
    return found


class Copies:
    """Copies of the package and its tests in a temporary folder, one for each run at a time.

    Args:
        folder: a temporary folder.
        jobs: how many.
        minutes: after which no further mutant is begun.
    """

    def __init__(self, folder: Path, jobs: int, minutes: float) -> None:
        self.until = time.perf_counter() + 60 * minutes
        self.free: queue.Queue[Path] = queue.Queue()
        self.locks = {suite: threading.Lock() for suite in SUITES}
        self.usual: dict[Suite, float] = {}
        for k in range(jobs):
            there = folder / str(k)
            there.mkdir()
            for name in _COPIED:
                if (ROOT / name).is_dir():
                    left_out = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / name, there / name, ignore=left_out)
                else:
                    shutil.copy(ROOT / name, there)
            self.free.put(there)

    def usual_seconds(self, suite: Suite) -> float:
        """How long the tests take without a fault, seen to pass once."""
        with self.locks[suite]:
            if suite not in self.usual:
                begun = time.perf_counter()
                said = self._failing(suite, None)
                if said:
                    raise SystemExit(f"{' '.join(suite.tests)} fail without a fault: {said}")
                self.usual[suite] = time.perf_counter() - begun
            return self.usual[suite]

    def verdict(self, mutant: Mutant) -> Verdict | None:
        """What the tests say of a mutant; None if the time for the run is over."""
        if time.perf_counter() > self.until:
            return None
        suite = suite_of(mutant.module)
        assert suite is not None
        # A fault may make a loop endless: then the tests noticed it too.
        found = self._failing(suite, mutant, limit=20 + 5 * self.usual_seconds(suite))
        print("…", "killed" if found else "SURVIVED", _named(mutant), file=sys.stderr, flush=True)
        return "killed" if found else "survived"

    def _failing(self, suite: Suite, mutant: Mutant | None, limit: float | None = None) -> str:
        """The last line of the tests if one fails; empty if all pass."""
        here = self.free.get()
        path = here / PACKAGE / (mutant.module if mutant is not None else "__init__.py")
        before = path.read_bytes()
        try:
            if mutant is not None:
                text = mutant.text.encode()
                path.write_bytes(before[: mutant.start] + text + before[mutant.end :])
            return _failure(here, suite.tests, limit)
        finally:
            path.write_bytes(before)
            self.free.put(here)


def _failure(folder: Path, tests: tuple[str, ...], limit: float | None) -> str:
    ours = {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            return f"more than {limit:.0f} s"
    return "" if process.returncode == 0 else (said.strip().splitlines() or ["no output"])[-1]


def main() -> None:
    """Draw, run, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--quick", action="store_true", help="only modules with quick tests")
    parser.add_argument("--jobs", type=int, default=1, help="how many run at a time")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no more after them")
    parser.add_argument("--list", action="store_true", help="print the mutants, run nothing")
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    given = parser.parse_args()
    one_thread()
    every = every_mutant()
    chosen = drawn(every, given.count, given.seed, given.quick)
    if given.list:
        print("\n".join(map(_named, chosen)))
        return
    alike = equivalent(every)
    tried = [m for m in chosen if m.name not in alike]
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="detente-mutants-") as folder:
        copies = Copies(Path(folder), given.jobs, given.minutes)
        with ThreadPoolExecutor(given.jobs) as pool:
            told = dict(zip(tried, pool.map(copies.verdict, tried), strict=True))
    # Mutants run in the order of the draw, so that those begun in time are a sample too.
    late = next((k for k, m in enumerate(chosen) if told.get(m, "equivalent") is None), None)
    found = {m: v for m in chosen[:late] if (v := told.get(m, "equivalent")) is not None}
    text = page(found, alike, given.seed, given.quick, time.perf_counter() - begun)
    print(text)
    if given.write:
        written(given.write, text)


def page(
    found: dict[Mutant, Verdict],
    alike: dict[tuple[str, str, str, int], str],
    seed: int,
    quick: bool,
    seconds: float,
) -> str:
    """The shares by room, and each mutant that survived or is called equivalent."""
    whose = "modules whose tests are quick" if quick else "all modules of the three rooms"
    lines = [
        f"{len(found)} mutants, drawn with seed {seed} from {whose}, in {seconds / 60:.0f} minutes "
        f"on {machine(['detente', 'numpy', 'scipy'])}",
        "",
        "| Modules | Drawn | Killed | Survived | Equivalent | Surviving share | 95 % interval |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    rooms = {m: s.room for m in found if (s := suite_of(m.module)) is not None}
    for room in (*dict.fromkeys(s.room for s in SUITES), "all"):
        here = [v for m, v in found.items() if room in ("all", rooms[m])]
        killed, survived = here.count("killed"), here.count("survived")
        share = "–"
        if killed + survived:
            low, high = wilson(survived, killed + survived)
            share = f"{survived / (killed + survived):.0%} | {low:.0%} to {high:.0%}"
        else:
            share = "– | –"
        equal = here.count("equivalent")
        lines.append(f"| {room} | {len(here)} | {killed} | {survived} | {equal} | {share} |")
    for title, verdict in (("Survived", "survived"), ("Called equivalent", "equivalent")):
        listed = sorted((m for m, v in found.items() if v == verdict), key=lambda m: m.name)
        if listed:
            lines += ["", f"### {title}", ""]
            lines += [f"- {_named(m)}" + _reason(alike.get(m.name)) for m in listed]
    return "\n".join(lines)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval that holds a share with 95 % confidence, by Wilson (1927)."""
    z, share = 1.959964, hits / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return middle - half, middle + half


def _named(mutant: Mutant) -> str:
    change = " ".join(mutant.change.split())
    return f"`{mutant.module}`, `{mutant.where}`: `{change}`" + f" ({mutant.nth})" * (
        mutant.nth > 0
    )


def _reason(reason: str | None) -> str:
    return f": {reason}" if reason else ""


if __name__ == "__main__":
    main()
