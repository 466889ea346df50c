"""Do the tests notice a fault? Small faults are put into the package, and its tests are run.

python benchmarks/mutants.py [--count 500] [--seed 1] [--jobs 2] [--write docs/mutations.md]

A mutant is the package with one fault in a function of `trade`, `negotiation` or `analysis`. The
faults are the usual operators of the field; `mutant_runs.py` says how the tests are run. The places
are drawn with equal chances, and then one of the faults that can be put there.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import math
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from measure import machine, one_thread, verdict, written
from mutant_runs import PACKAGE, ROOMS, TESTS, Mutant, Outcome, outcomes

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_name("mutants-equivalent.yaml")
LAST = ROOT / "build" / "mutants" / "survived.json"
#: Largest shares that the tests are held to: of survivors among those that are not equivalent, and
#: of mutants that are called equivalent among all.
SURVIVING, CALLED_EQUIVALENT = 0.15, 0.05

Name = tuple[str, str, str, int]

_SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    # The end of a range, and the opposite.
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
#: Functions whose first two arguments can be exchanged without a difference.
_SYMMETRIC = {
    "max", "min", "maximum", "minimum", "fmax", "fmin", "hypot", "gcd", "logical_and", "logical_or",
    "logical_xor", "bitwise_and", "bitwise_or", "array_equal", "intersect1d", "union1d",
}  # fmt: skip


@dataclass(frozen=True)
class _Place:
    """Where a node stands: its function, the statement around it, and the function to replace."""

    where: str = ""
    first: int = 0
    last: int = 0
    function: str = ""
    function_line: int = 0

    def inside(self, child: ast.AST) -> _Place:
        """The place of what a child holds."""
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = _Place(f"{self.where}.{child.name}".lstrip("."), child.lineno, child.lineno)
            name, line = self.function, self.function_line
            if not name and not isinstance(child, ast.ClassDef):
                first = child.decorator_list[0] if child.decorator_list else child
                name, line = child.name, first.lineno
            return _Place(found.where, found.first, found.last, name, line)
        if isinstance(child, ast.stmt):
            body = getattr(child, "body", None)
            last = max(child.lineno, body[0].lineno - 1) if body else child.end_lineno
            return _Place(self.where, child.lineno, last or 0, self.function, self.function_line)
        return self


def mutants_of(module: str, source: str) -> Iterator[list[Mutant]]:
    """For every place in the functions of a module, the faults that can be put there."""
    lines = [0]
    for line in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    seen: dict[tuple[str, str], int] = {}
    for node, place in _nodes(ast.parse(source), _Place()):
        here = []
        for old, new in _variants(node):
            bare = isinstance(new, ast.stmt | ast.Slice)
            text = ast.unparse(new) if bare else f"({ast.unparse(new)})"
            change = f"{ast.unparse(old)} → {ast.unparse(new)}"
            nth = seen.get((place.where, change), 0)
            seen[place.where, change] = nth + 1
            here.append(
                Mutant(
                    module=module,
                    where=place.where,
                    change=change,
                    nth=nth,
                    first=min(place.first, old.lineno),
                    last=max(place.last, old.lineno),
                    start=lines[old.lineno - 1] + old.col_offset,
                    end=lines[old.end_lineno - 1] + old.end_col_offset,
                    text=text,
                    function=place.function,
                    function_line=place.function_line,
                )
            )
        if here:
            yield here


def _nodes(tree: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    """Nodes of the code of functions with their places; no types, texts or defaults."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.JoinedStr | ast.Assert | ast.arguments | ast.pattern):
            continue
        # Where lengths agree, as they do in a right program, nothing hangs on `strict`.
        if isinstance(child, ast.keyword) and child.arg == "strict":
            continue
        inside = place.inside(child)
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            fields = isinstance(child, ast.ClassDef)
            body = [x for x in child.body if not fields or isinstance(x, ast.FunctionDef)]
            yield from _nodes(ast.Module(body, []), inside)
        elif isinstance(child, ast.AnnAssign):
            if place.function and child.value is not None:
                yield from _nodes(ast.Expression(ast.List([child.value])), inside)
        else:
            if place.function:
                yield child, inside
            yield from _nodes(child, inside)


def _variants(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """What can be replaced in a node, and by what."""
    if isinstance(node, ast.stmt) and not isinstance(node, ast.AugAssign):
        yield from _variants_of_statement(node)
        return
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        for other in _SWAPPED.get(type(node.op), ()):
            yield node, _changed(node, op=other())
        return
    match node:
        case ast.Compare(ops=ops):
            for k, op in enumerate(ops):
                for other in _SWAPPED[type(op)]:
                    yield node, _changed(node, ops=[*ops[:k], other(), *ops[k + 1 :]])
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield node, node.operand
        case ast.Constant(value=value):
            yield from ((node, ast.Constant(other)) for other in _near(value))
        case ast.Slice():
            yield from ((node, other) for other in _off_by_one(node))
        case ast.Call(args=[first, second, *rest]) if not _symmetric(node.func):
            kinds = [type(x) for x in (first, second)]
            texts = all(_is_text(x) for x in (first, second))
            if ast.Starred not in kinds and not texts and ast.dump(first) != ast.dump(second):
                yield node, _changed(node, args=[second, first, *rest])
        case ast.IfExp():
            yield from _opposite(node.test)


def _variants_of_statement(node: ast.stmt) -> Iterator[tuple[ast.AST, ast.AST]]:
    match node:
        case ast.Return(value=value):
            if value is not None and not isinstance(value, ast.Constant):
                yield node, ast.Return(ast.Constant(None))
        case ast.Break():
            yield node, ast.Continue()
        case ast.Continue():
            yield node, ast.Break()
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield node, ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield node, ast.Pass()
        case ast.If(test=test) | ast.While(test=test):
            yield from _opposite(test)


def _opposite(test: ast.expr) -> Iterator[tuple[ast.AST, ast.AST]]:
    # Those with an operator of their own change with it.
    if not isinstance(test, ast.UnaryOp | ast.Compare | ast.BoolOp):
        yield test, ast.UnaryOp(ast.Not(), test)


def _is_text(node: ast.expr) -> bool:
    plain = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return plain or isinstance(node, ast.JoinedStr)


def _symmetric(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _SYMMETRIC


def _near(value: object) -> tuple[bool | float, ...]:
    if isinstance(value, bool):
        return (not value,)
    return (value + 1, value - 1) if isinstance(value, int | float) else ()


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


def every_place() -> list[list[Mutant]]:
    """All places of the three rooms with the faults that can be put there."""
    found: list[list[Mutant]] = []
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            found += mutants_of(path.relative_to(PACKAGE).as_posix(), path.read_text("utf-8"))
    return found


def drawn(places: Sequence[list[Mutant]], count: int, seed: int) -> list[Mutant]:
    """One fault in each of so many places, which are drawn without repetition."""
    draw = random.Random(seed)
    return [draw.choice(here) for here in draw.sample(places, min(count, len(places)))]


def equivalent(every: Iterable[Mutant]) -> dict[Name, str]:
    """Mutants that no test can tell from the package, with the reason of each."""
    entries = YAML(typ="safe").load(EQUIVALENT.read_text("utf-8")) or []
    found = {(e["module"], e["where"], e["change"], e.get("nth", 0)): e["reason"] for e in entries}
    gone = sorted(found.keys() - {m.name for m in every})
    if gone:
        names = "; ".join(f"{where} of {module}: {change}" for module, where, change, _ in gone)
        raise SystemExit(f"{EQUIVALENT.name} lists mutants that no longer exist: {names}.")
    return found


def main() -> None:
    """Draw, run, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--jobs", type=int, default=2, help="how many run at a time")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no more after them")
    parser.add_argument(
        "--budget", type=float, default=15, help="seconds of processor time for one mutant"
    )
    parser.add_argument("--module", default="", help="only modules whose path begins so")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="other tests than those of all")
    parser.add_argument("--again", action="store_true", help="only what survived the last run")
    parser.add_argument("--list", action="store_true", help="print the mutants, run nothing")
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    given = parser.parse_args()
    one_thread()
    places = every_place()
    every = [m for here in places for m in here]
    alike = equivalent(every)
    if given.again:
        last = {tuple(name) for name in json.loads(LAST.read_text("utf-8"))}
        chosen = [m for m in every if m.name in last]
    else:
        wanted = [here for here in places if here[0].module.startswith(given.module)]
        chosen = drawn(wanted, given.count, given.seed)
    if given.list:
        print("\n".join(map(_named, chosen)))
        return
    begun = time.perf_counter()
    tried = [m for m in chosen if m.name not in alike]
    stated = outcomes(
        tried,
        jobs=given.jobs,
        budget=given.budget,
        until=time.monotonic() + 60 * given.minutes,
        tests=given.tests,
    )
    # Mutants run in the order of the draw, so that those begun in time are a sample too.
    late = next((k for k, m in enumerate(chosen) if m.name not in alike and m not in stated), None)
    found = {m: stated.get(m) for m in chosen[:late]}
    LAST.parent.mkdir(parents=True, exist_ok=True)
    survivors = [m.name for m, outcome in found.items() if outcome and outcome.survived]
    LAST.write_text(json.dumps(survivors), "utf-8")
    sample = f"drawn with seed {given.seed} from {len(places):,} places"
    text = page(found, alike, sample, (time.perf_counter() - begun) / 60, given.budget)
    print(text)
    if given.write:
        written(given.write, text)


def page(
    found: dict[Mutant, Outcome | None],
    alike: dict[Name, str],
    sample: str,
    minutes: float,
    budget: float,
) -> str:
    """The shares by room, and each mutant that survived or is called equivalent."""
    lines = [
        f"{len(found)} mutants, {sample}, ran in {minutes:.0f} minutes with at most {budget:.0f} "
        "seconds of processor time for each. The machine was "
        f"{machine(['detente', 'numpy', 'scipy', 'coverage'])}",
        "",
        "| Modules | Drawn | Killed | By time | Survived | Untested | Equivalent "
        "| Surviving share | 95 % interval |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for room in (*ROOMS, "all"):
        here = [v for m, v in found.items() if room in ("all", m.module.split("/")[0])]
        ran = [v for v in here if v is not None]
        survived = sum(v.survived for v in ran)
        cells = [
            room,
            len(here),
            len(ran) - survived,
            sum(v.by_time for v in ran),
            survived,
            sum(v.untested for v in ran),
            len(here) - len(ran),
        ]
        if ran:
            low, high = wilson(survived, len(ran))
            cells += [f"{survived / len(ran):.1%}", f"{low:.0%} to {high:.0%}"]
        else:
            cells += ["–", "–"]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    ran = [v for v in found.values() if v is not None]
    if ran:
        share = sum(v.survived for v in ran) / len(ran)
        equal = 1 - len(ran) / len(found)
        goal = f"At most {SURVIVING:.0%} of the mutants that are not equivalent survive"
        lines += ["", f"- {verdict(goal, share <= SURVIVING)}"]
        goal = f"At most {CALLED_EQUIVALENT:.0%} are called equivalent"
        lines += [f"- {verdict(goal, equal <= CALLED_EQUIVALENT)}"]
    listed = sorted((m for m, v in found.items() if v and v.survived), key=lambda m: m.name)
    if listed:
        lines += ["", "### Survived", ""]
        untested = {m for m, v in found.items() if v and v.untested}
        lines += [f"- {_named(m)}" + ", which no test meets" * (m in untested) for m in listed]
    listed = sorted((m for m, v in found.items() if v is None), key=lambda m: m.name)
    if listed:
        lines += ["", "### Called equivalent", ""]
        lines += [f"- {_named(m)}: {alike[m.name]}" for m in listed]
    return "\n".join(lines)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval that holds a share with 95 % confidence, by Wilson (1927)."""
    z, share = 1.959964, hits / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return middle - half, middle + half


def _named(mutant: Mutant) -> str:
    change = " ".join(mutant.change.split())
    again = f" ({mutant.nth})" if mutant.nth else ""
    return f"`{mutant.module}`, `{mutant.where}`: `{change}`{again}"


if __name__ == "__main__":
    sys.exit(main())
