"""Runs of the tests on mutants: which tests meet a line, and what they say when it is changed.

One process imports the package and collects the tests. Then:

1. Every test file runs once in a fork of it, with `coverage`, which notes the lines that each test
   meets. What tests share, a fixture of a module or a helper that is cached, is noted by itself and
   counts for each test that uses it. A test that fails here is left out. This map is kept in
   `build/mutants/` and holds as long as the test file, its helpers and what they met are the same.
2. Every mutant gets a fork, in which the code of one function is replaced. The tests that meet the
   changed statement run there, quick ones first, until one fails, the time for a mutant is used up,
   or a test takes several times as long as it usually does. All times are processor time of the
   fork and of what it started, so that other work on the machine changes nothing. Only a fork that
   waits for something that never comes ends by the clock. What was killed is kept in
   `build/mutants/` too, and stays killed while the package and the file of that test are the same.

A test that kills for the first time runs once more, alone and without a fault: a test that only
passes after others must not kill. A fork sees a fault only in its own process and in forks of that,
so that what tests start as a program of its own runs without the fault and kills nothing.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "detente"
ROOMS = ("trade", "negotiation", "analysis")
MAPS = ROOT / "build" / "mutants"
KILLED = MAPS / "killed.json"
#: The tests that may notice a fault. Those of the app and of the pages start servers and programs.
TESTS = (*(f"tests/{room}" for room in ROOMS), "tests/cases", "tests/report", "tests/cli")
_LEFT_OUT = (
    "test_interruption.py",
    "test_packaged_bands.py",
    "test_packaged_negotiation.py",
    "test_assets.py",
)
#: Of the maps; another one makes them anew.
_FORMAT = "2"
#: Memory that a fork may use, so that a fault does not take all of the machine.
_BYTES = 8 << 30


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        module: path of the module in the package.
        where: the function it is in, with its class.
        change: what stood there and what stands there now.
        nth: among the same changes in one function, which; from 0.
        first: first line of the statement, without what stands below its head.
        last: last line of it.
        start: first byte of what is replaced.
        end: the byte after it.
        text: what stands there now.
        function: name of the outermost function, whose code is replaced.
        function_line: where that begins, with its decorators.
    """

    module: str
    where: str
    change: str
    nth: int
    first: int
    last: int
    start: int
    end: int
    text: str
    function: str
    function_line: int

    @property
    def name(self) -> tuple[str, str, str, int]:
        """What it is called in the list of equivalent ones, which lines do not move."""
        return self.module, self.where, self.change, self.nth


@dataclass(frozen=True)
class Outcome:
    """What the tests say of a mutant.

    Attributes:
        killer: the test that failed; empty if none did.
        by_time: whether it failed because it took far too long.
        untested: whether no test meets the changed statement.
    """

    killer: str = ""
    by_time: bool = False
    untested: bool = False

    @property
    def survived(self) -> bool:
        """Whether no test noticed."""
        return not self.killer


def outcomes(
    mutants: Sequence[Mutant],
    *,
    jobs: int,
    budget: float,
    until: float,
    tests: Sequence[str] = TESTS,
) -> dict[Mutant, Outcome]:
    """What the tests say of mutants, of those that were begun before a time."""
    os.environ["COVERAGE_CORE"] = "ctrace"
    runs = _Runs(mutants, jobs, budget, until)
    ignored = [f"--ignore-glob=*/{name}" for name in _LEFT_OUT]
    # The profile draws the same examples each time and keeps none.
    options = ["-q", "-p", "no:cacheprovider", "--capture=sys", "--hypothesis-profile=ci"]
    options += ["-m", "not browser"]
    here = Path.cwd()
    os.chdir(ROOT)
    status = pytest.main([*tests, *options, *ignored], plugins=[runs])
    os.chdir(here)
    if status != pytest.ExitCode.OK or runs.fault:
        raise SystemExit(runs.fault or f"The tests could not be collected ({status!r}).")
    return runs.told


@dataclass
class _Shared:
    """What a test needs, or several of them: its own seconds, lines, and what it uses itself."""

    seconds: float = 0.0
    wall: float = 0.0
    uses: set[str] = field(default_factory=set)
    masks: dict[str, int] = field(default_factory=dict)
    passed: bool = True


class _Ledger:
    """Who is met by coverage, and who pays for the time, while a test file runs."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.known: dict[str, _Shared] = {}
        self.since = (0.0, 0.0)
        self.coverage: Any = None

    def _charge(self) -> None:
        now = _processor_seconds(), time.monotonic()
        if self.stack:
            entry = self.known[self.stack[-1]]
            entry.seconds += now[0] - self.since[0]
            entry.wall += now[1] - self.since[1]
        self.since = now

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """What happens inside belongs to a name, and who asked for it uses that."""
        self.used(name)
        self._charge()
        self.stack.append(name)
        self.known.setdefault(name, _Shared())
        self.coverage.switch_context(name)
        try:
            yield
        finally:
            self._charge()
            self.stack.pop()
            self.coverage.switch_context(self.stack[-1] if self.stack else "")

    def used(self, name: str) -> None:
        """Who asks now uses something."""
        if self.stack:
            self.known[self.stack[-1]].uses.add(name)


class _Cached:
    """A cached helper of a test module that tells the ledger when it is filled and used."""

    def __init__(self, function: Callable[..., Any], name: str, ledger: _Ledger) -> None:
        self.function, self.name, self.ledger = function, name, ledger
        self.filled: set[str] = set()

    def __call__(self, *given: Any, **named: Any) -> Any:
        name = f"{self.name}{given!r:.80}{sorted(named.items())!r:.80}"
        if name in self.filled:
            self.ledger.used(name)
            return self.function(*given, **named)
        with self.ledger.of(name):
            found = self.function(*given, **named)
        self.filled.add(name)
        return found


@dataclass
class _Fork:
    """A process at work.

    Attributes:
        pid: its number.
        folder: where it writes to.
        latest: when it must have ended.
        then: what its end leads to, by its status; maybe the start of another.
        seconds: processor time that it took, known at its end.
    """

    pid: int
    folder: Path
    latest: float
    then: Callable[[_Fork, int], Callable[[], _Fork] | None]
    seconds: float = 0.0


class _Runs:
    """A plugin of pytest that runs the collected tests on mutants instead of once."""

    def __init__(self, mutants: Sequence[Mutant], jobs: int, budget: float, until: float) -> None:
        self.mutants, self.jobs, self.budget, self.until = mutants, jobs, budget, until
        self.told: dict[Mutant, Outcome] = {}
        self.fault = ""
        self.ledger: _Ledger | None = None
        self.failed = ""
        self.limits: dict[str, float] = {}
        self.at: Path | None = None
        self.sound: dict[str, bool] = {}
        self.kept: dict[str, dict[str, Any]] = {}
        self.tests: dict[str, _Shared] = {}
        self.shared: dict[str, _Shared] = {}

    # What pytest calls.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Map the tests, then run the mutants."""
        self.items = {item.nodeid: item for item in session.items}
        for room in ROOMS:
            for path in sorted((PACKAGE / room).rglob("*.py")):
                parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
                importlib.import_module(".".join(parts).removesuffix(".__init__"))
        gc.collect()
        self.functions = _functions()
        gc.freeze()
        with tempfile.TemporaryDirectory(prefix="detente-mutants-") as folder:
            self.folder = Path(folder)
            self._map()
            self._run()
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Note who runs, and for how long it may."""
        if self.at is not None:
            self.at.write_text(item.nodeid, "utf-8")
            signal.setitimer(signal.ITIMER_PROF, self.limits.get(item.nodeid, 0.0))
        if self.ledger is None:
            return (yield)
        with self.ledger.of(item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        """Note what a fixture of several tests meets by itself."""
        if self.ledger is None or fixturedef.scope == "function":
            return (yield)
        with self.ledger.of(_of_fixture(fixturedef)):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what failed."""
        if report.failed:
            self.failed = report.nodeid
            if self.ledger is not None:
                self.ledger.known[report.nodeid].passed = False
        elif report.skipped and self.ledger is not None:
            self.ledger.known[report.nodeid].passed = False

    # Forks.

    def _fork(
        self,
        work: Callable[[Path], None],
        then: Callable[[_Fork, int], Callable[[], _Fork] | None],
        seconds: float = 1200,
    ) -> _Fork:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        with warnings.catch_warnings():
            # Other threads of this process, if there are any, wait for work.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            self._forked(folder, work)
        return _Fork(pid, folder, time.monotonic() + seconds, then)

    def _forked(self, folder: Path, work: Callable[[Path], None]) -> NoReturn:
        code = 1
        try:
            os.setsid()
            text = os.open(folder / "said", os.O_WRONLY | os.O_CREAT)
            os.dup2(text, 1)
            os.dup2(text, 2)
            os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)
            resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            work(folder)
            code = 0
        except BaseException as error:
            (folder / "fault").write_text(f"{type(error).__name__}: {error}", "utf-8")
        finally:
            os._exit(code)

    def _all(self, started: Iterator[Callable[[], _Fork]]) -> None:
        """Run forks, some at a time, until none is left and nobody starts another."""
        running: list[_Fork] = []
        more = True
        while running or more:
            while more and len(running) < self.jobs:
                start = next(started, None)
                more = start is not None
                if start is not None:
                    running.append(start())
            for fork in list(running):
                pid, status, usage = os.wait4(fork.pid, os.WNOHANG)
                if not pid and time.monotonic() < fork.latest:
                    continue
                # Its own processes end with it.
                with suppress(ProcessLookupError):
                    os.killpg(fork.pid, signal.SIGKILL)
                if not pid:
                    _, status, usage = os.wait4(fork.pid, 0)
                fork.seconds = usage.ru_utime + usage.ru_stime
                running.remove(fork)
                following = fork.then(fork, status)
                if following is not None:
                    running.append(following())
                shutil.rmtree(fork.folder, ignore_errors=True)
            time.sleep(0.01)

    # The map.

    def _map(self) -> None:
        """Which lines each test meets, read or made."""
        files: dict[str, list[pytest.Item]] = {}
        for item in self.items.values():
            files.setdefault(item.nodeid.split("::")[0], []).append(item)
        below = [
            p for p in sorted(PACKAGE.rglob("*.py")) if p.relative_to(PACKAGE).parts[0] not in ROOMS
        ]
        rest = _digest(below, _FORMAT)
        MAPS.mkdir(parents=True, exist_ok=True)
        missing = []
        for name, items in files.items():
            folder = (ROOT / name).parent
            helpers = [p for p in folder.glob("*.py") if not p.name.startswith("test_")]
            key = _digest(sorted([*helpers, ROOT / name]), rest)
            path = MAPS / f"{name.replace('/', '-').removesuffix('.py')}.json"
            if path.exists() and _holds(json.loads(path.read_text("utf-8")), key):
                self._read(path)
            else:
                missing.append((name, items, path, key))
        if missing:
            print(f"Mapping {len(missing)} test files.", file=sys.stderr)
        self._all(iter([functools.partial(self._mapping, *one) for one in missing]))
        failing = sorted(name for name, test in self.tests.items() if not test.passed)
        print(
            f"{len(self.tests) - len(failing)} tests of {len(files)} files; left out since they "
            f"fail or are skipped without a fault: {len(failing)}.",
            file=sys.stderr,
        )

    def _mapping(self, name: str, items: list[pytest.Item], path: Path, key: str) -> _Fork:
        def work(folder: Path) -> None:
            self._trace(items)
            assert self.ledger is not None
            (folder / "map").write_text(_written(key, self.ledger.known), "utf-8")

        def then(fork: _Fork, status: int) -> None:
            if status or not (fork.folder / "map").exists():
                self.fault = f"{name} could not be mapped: {_fault(fork, status)}"
                print(self.fault, file=sys.stderr, flush=True)
                return
            shutil.copy(fork.folder / "map", path)
            self._read(path)
            print("… mapped", name, file=sys.stderr, flush=True)

        return self._fork(work, then)

    def _trace(self, items: list[pytest.Item]) -> None:
        import coverage

        ledger = _Ledger()
        rooms = [f"{PACKAGE / room}/*" for room in ROOMS]
        ledger.coverage = coverage.Coverage(data_file=None, config_file=False, include=rooms)
        for module in {item.module for item in items if isinstance(item, pytest.Function)}:
            for name, value in list(vars(module).items()):
                if isinstance(value, functools._lru_cache_wrapper):
                    shared = f"{module.__name__}.{name}"
                    setattr(module, name, _Cached(value, shared, ledger))
        self.ledger = ledger
        ledger.coverage.start()
        _in_turn(items)
        ledger.coverage.stop()
        with warnings.catch_warnings():
            # A test file may meet nothing of the rooms.
            warnings.simplefilter("ignore")
            data = ledger.coverage.get_data()
        for file in data.measured_files():
            module = Path(file).relative_to(PACKAGE).as_posix()
            for line, names in data.contexts_by_lineno(file).items():
                for name in filter(None, names):
                    masks = ledger.known[name].masks
                    masks[module] = masks.get(module, 0) | 1 << line

    def _read(self, path: Path) -> None:
        for name, entry in json.loads(path.read_text("utf-8"))["known"].items():
            found = _Shared(
                entry["seconds"],
                entry["wall"],
                set(entry["uses"]),
                {module: int(mask, 16) for module, mask in entry["masks"].items()},
                entry["passed"],
            )
            if name in self.items:
                self.tests[name] = found
            else:
                # A fixture that several files use costs what it costs at most.
                old = self.shared.setdefault(name, found)
                old.seconds = max(old.seconds, found.seconds)
                old.uses |= found.uses
                for module, mask in found.masks.items():
                    old.masks[module] = old.masks.get(module, 0) | mask

    def _needs(self, name: str) -> set[str]:
        """Everything shared that a test needs."""
        item = self.items[name]
        todo = set(self.tests[name].uses)
        info = getattr(item, "_fixtureinfo", None)
        for definitions in info.name2fixturedefs.values() if info is not None else ():
            todo |= {_of_fixture(d) for d in definitions if d.scope != "function"}
        found: set[str] = set()
        while todo:
            one = todo.pop()
            if one in self.shared and one not in found:
                found.add(one)
                todo |= self.shared[one].uses
        return found

    # The mutants.

    def _run(self) -> None:
        self.needs = {name: self._needs(name) for name, t in self.tests.items() if t.passed}
        self.limits = {
            name: 10 + 5 * (self.tests[name].seconds + sum(self.shared[s].seconds for s in needs))
            for name, needs in self.needs.items()
        }
        self.met: dict[str, list[tuple[str, int]]] = {}
        for name, needs in self.needs.items():
            masks = dict(self.tests[name].masks)
            for shared in needs:
                for module, mask in self.shared[shared].masks.items():
                    masks[module] = masks.get(module, 0) | mask
            for module, mask in masks.items():
                self.met.setdefault(module, []).append((name, mask))
        if KILLED.exists():
            self.kept = json.loads(KILLED.read_text("utf-8"))
        self.package = _digest(sorted(PACKAGE.rglob("*.py")), _FORMAT)
        self._all(self._starts())
        KILLED.write_text(json.dumps(self.kept), "utf-8")

    def _starts(self) -> Iterator[Callable[[], _Fork]]:
        for mutant in self.mutants:
            if time.monotonic() > self.until or self.fault:
                return
            known = self.kept.get(_key(mutant))
            if known is not None and known["state"] == self._state(known["killer"]):
                self._tell(mutant, Outcome(known["killer"], known["by_time"]), 0.0)
            elif self._tests_of(mutant):
                yield functools.partial(self._trying, mutant)
            else:
                self._tell(mutant, Outcome(untested=True), 0.0)

    def _tests_of(self, mutant: Mutant) -> list[str]:
        """The tests that meet a statement, quick ones first."""
        lines = (1 << mutant.last + 1) - (1 << mutant.first)
        met = [n for n, mask in self.met.get(mutant.module, ()) if mask & lines]
        units: dict[tuple[str, ...], list[str]] = {}
        for name in met:
            if not self.sound.get(name, True):
                continue
            # Tests that share a fixture of their module run one after the other, so that it is
            # made once.
            file = name.split("::")[0]
            fixtures = any(s.startswith("fixture") for s in self.needs[name])
            units.setdefault((file,) if fixtures else (file, name), []).append(name)
        cost: dict[tuple[str, ...], float] = {}
        for unit, names in units.items():
            shared = set().union(*(self.needs[n] for n in names))
            least = min(self.tests[n].seconds for n in names)
            cost[unit] = least + sum(self.shared[s].seconds for s in shared)
            names.sort(key=lambda n: self.tests[n].seconds)
        return [n for unit in sorted(units, key=lambda u: (cost[u], u)) for n in units[unit]]

    def _trying(self, mutant: Mutant) -> _Fork:
        tests = self._tests_of(mutant)

        def work(folder: Path) -> None:
            self._patch(mutant)
            self.at = folder / "at"
            self.failed = ""
            done, made = 0, set[str]()

            def stop() -> bool:
                nonlocal done
                made.update(self.needs[tests[done]])
                done += 1
                if self.failed or done == len(tests):
                    return True
                # With coverage, by which they were timed, tests take longer than here.
                new = self.needs[tests[done]] - made
                price = self.tests[tests[done]].seconds + sum(self.shared[s].seconds for s in new)
                return _processor_seconds() + price > self.budget

            _in_turn([self.items[name] for name in tests], stop)
            (folder / "done").write_text(self.failed, "utf-8")

        def then(fork: _Fork, status: int) -> Callable[[], _Fork] | None:
            done, at = fork.folder / "done", fork.folder / "at"
            if not at.exists():
                self.fault = f"{mutant}: {_fault(fork, status)}"
                return None
            # What ended on its way ran out of time, or took the process with it.
            killer = (done if done.exists() else at).read_text("utf-8")
            ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            outcome = Outcome(killer, ended in (signal.SIGPROF, signal.SIGKILL))
            if killer and killer not in self.sound:
                return functools.partial(self._verifying, mutant, outcome, fork.seconds)
            if killer and not self.sound[killer]:
                return functools.partial(self._trying, mutant)
            self._tell(mutant, outcome, fork.seconds)
            return None

        return self._fork(work, then, 300 + 20 * self.budget)

    def _verifying(self, mutant: Mutant, outcome: Outcome, seconds: float) -> _Fork:
        """Whether the test that kills passes alone, without a fault."""

        def work(folder: Path) -> None:
            self.at = folder / "at"
            self.failed = ""
            _in_turn([self.items[outcome.killer]])
            (folder / "done").write_text(self.failed, "utf-8")

        def then(fork: _Fork, _status: int) -> Callable[[], _Fork] | None:
            done = fork.folder / "done"
            self.sound[outcome.killer] = done.exists() and not done.read_text("utf-8")
            if self.sound[outcome.killer]:
                self._tell(mutant, outcome, seconds)
                return None
            print(f"… {outcome.killer} does not pass alone", file=sys.stderr, flush=True)
            return functools.partial(self._trying, mutant)

        return self._fork(work, then)

    def _state(self, killer: str) -> str:
        """Of the package and the file of a test; empty for a test that is gone."""
        path = ROOT / killer.split("::", maxsplit=1)[0]
        return _digest([path], self.package) if killer in self.needs else ""

    def _tell(self, mutant: Mutant, outcome: Outcome, seconds: float) -> None:
        self.told[mutant] = outcome
        self.kept.pop(_key(mutant), None)
        if outcome.killer:
            self.kept[_key(mutant)] = {
                "killer": outcome.killer,
                "by_time": outcome.by_time,
                "state": self._state(outcome.killer),
            }
        text = "SURVIVED" if outcome.survived else "killed"
        text += " by time" * outcome.by_time + " untested" * outcome.untested
        print(
            f"… {len(self.told)} {text} {mutant.module}:{mutant.first} {mutant.where}: "
            f"{' '.join(mutant.change.split())} ({seconds:.1f} s{' ' + outcome.killer})",
            file=sys.stderr,
            flush=True,
        )

    def _patch(self, mutant: Mutant) -> None:
        """Replace the code of the function that holds the fault."""
        path = PACKAGE / mutant.module
        source = path.read_bytes()
        text = mutant.text.encode()
        changed = source[: mutant.start] + text + source[mutant.end :]
        place = str(path), mutant.function, mutant.function_line
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            module = compile(changed, str(path), "exec", dont_inherit=True)
        code = next(c for c in _codes(module) if _place_of(c) == place)
        for function in self.functions[place]:
            function.__code__ = code


def _in_turn(items: Sequence[pytest.Item], stop: Callable[[], bool] = lambda: False) -> None:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if stop():
            return


def _processor_seconds() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _of_fixture(fixturedef: pytest.FixtureDef[Any]) -> str:
    return f"fixture {fixturedef.baseid}::{fixturedef.argname}"


def _place_of(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_name, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _functions() -> dict[tuple[str, str, int], list[FunctionType]]:
    """Every function of the package, by where it stands."""
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for value in gc.get_objects():
        if isinstance(value, FunctionType) and value.__code__.co_filename.startswith(str(PACKAGE)):
            found.setdefault(_place_of(value.__code__), []).append(value)
    return found


def _fault(fork: _Fork, status: int) -> str:
    path = fork.folder / "fault"
    text = (fork.folder / "said").read_text("utf-8", errors="replace")[-2000:]
    return f"{path.read_text('utf-8') if path.exists() else f'status {status}'}\n{text}"


def _key(mutant: Mutant) -> str:
    return json.dumps(mutant.name)


def _holds(kept: dict[str, Any], key: str) -> bool:
    """Whether a map is that of the test file and of the modules as they are."""
    modules = {m: PACKAGE / m for m in kept["modules"]}
    return kept["key"] == key and all(
        path.exists() and _digest([path]) == kept["modules"][m] for m, path in modules.items()
    )


def _digest(paths: Sequence[Path], start: str = "") -> str:
    found = hashlib.sha256(f"{start} {sys.version}".encode())
    for path in paths:
        found.update(str(path).encode() + path.read_bytes())
    return found.hexdigest()


def _written(key: str, known: dict[str, _Shared]) -> str:
    entries = {
        name: {
            "seconds": round(e.seconds, 4),
            "wall": round(e.wall, 4),
            "uses": sorted(e.uses),
            "masks": {module: f"{mask:x}" for module, mask in e.masks.items()},
            "passed": e.passed,
        }
        for name, e in known.items()
    }
    met = {module for e in known.values() for module in e.masks}
    modules = {module: _digest([PACKAGE / module]) for module in sorted(met)}
    return json.dumps({"key": key, "modules": modules, "known": entries})
