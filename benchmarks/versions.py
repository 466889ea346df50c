"""Whether a version is as quick and as small as another: both in one run, in turn.

python benchmarks/versions.py --before FOLDER [--rounds 9] [--write docs/benchmarks.md]

Each folder is a checkout with its own environment in .venv. What is asked inside a process runs in
one process for each version, which stays; commands are started anew. The two versions take turns,
and the one that begins changes from round to round. Compared are processor seconds, those of child
processes among them, by the round in which each version took least: there the rest of the machine
disturbed it least. Memory is the largest sum of the proportional sizes (PSS) of all processes of a
command.

Speeds are to agree within 5 %, and some commands have goals of their own.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
#: How much slower a version may be.
SLACK = 1.05
#: Seconds between looks at the memory of a command.
LOOK = 0.02
#: Turns of each version in a round for what is asked inside a process.
TURNS = 4


def named(*places: str) -> Any:
    """A thing by the first of these places that this version has, `module:name` each."""
    for place in places:
        module, name = place.split(":")
        with suppress(ImportError, AttributeError):
            return getattr(importlib.import_module(module), name)
    raise SystemExit(f"This version has none of {', '.join(places)}.")


# What is asked inside a process: each makes what it needs and returns what is timed.


def solve_31_40() -> Callable[[], object]:
    """An invented tariff union in a world of 31 countries and 40 goods."""
    import numpy as np

    from detente.trade import Shock, solve
    from detente.world import synthetic

    world = synthetic(31, 40, seed=1, tariff=0.08)
    large = np.argsort(-world.income_n)[:10]
    tariff = world.tariff_jni.copy()
    tariff[np.ix_(np.arange(40), large, large)] = 0
    shock = Shock(tariff_jni=tariff)
    return lambda: [solve(world, shock) for _ in range(10)]


def _large() -> tuple[Any, Any]:
    import numpy as np

    from detente.trade import embargo
    from detente.world import synthetic

    world = synthetic(77, 45, seed=3)
    order = [world.countries[n] for n in np.argsort(-world.income_n)]
    target, block = order[5], [c for c in order[:32] if c != order[5]]
    return world, embargo(target, block, leakage=0.01) + embargo(block, target, leakage=0.01)


def solve_77_45() -> Callable[[], object]:
    """An embargo of 31 on one, both ways, in a world of 77 countries and 45 goods."""
    from detente.trade import solve

    world, shock = _large()
    return lambda: [solve(world, shock) for _ in range(4)]


def gradient_77_45() -> Callable[[], object]:
    """The derivatives of a country's real income at that equilibrium."""
    from detente.trade import gradient, solve

    world, shock = _large()
    found = solve(world, shock)
    return lambda: [gradient(found, world.countries[0]) for _ in range(4)]


def stacked() -> Callable[[], object]:
    """24 tariffs of the bundled world, solved together."""
    from detente.trade import solve_many, tariff
    from detente.world import load_world

    world = load_world("oecd-2020")
    shocks = [tariff("CHN", "USA", world.goods[k % 11], rate=0.02 * (k + 1)) for k in range(24)]
    return lambda: solve_many(world, shocks)


def slider() -> Callable[[], object]:
    """Ten moves of a slider, answered by the app's service."""
    service = named("detente.app.service:Service", "detente.web.service:Service")(
        named("detente.app.limits:Limits", "detente.web.limits:Limits")()
    )
    asked = named("detente.app.requests:AnswerRequest", "detente.web.asked:AnswerAsked")
    service.warm()
    moves = iter(range(1, 10**6))

    def moved() -> None:
        for _ in range(10):
            price = 250 + 0.01 * next(moves)
            scenario = {"label": "now", "parameters": {"potash_price": price}}
            service.answer(asked(case="belarus", scenario=scenario, parts=False))

    return moved


def assess() -> Callable[[], object]:
    """`assess` of the default case, read anew."""
    import detente

    return lambda: detente.assess(detente.load_case("belarus"))


def why() -> Callable[[], object]:
    """The negotiation of the default case, from the case to every answer."""
    negotiate = named("detente.analysis.negotiation:negotiate", "detente.study.talking:talk")
    from detente import load_case

    return lambda: negotiate(load_case("belarus"))


INSIDE = {
    "`solve`, 31×40, ten times": solve_31_40,
    "`solve`, 77×45, four times": solve_77_45,
    "`gradient`, 77×45, four times": gradient_77_45,
    "`solve_many`, 24 tariffs, 77×11": stacked,
    "ten moves of a slider in the app": slider,
    "`assess`, default case": assess,
    "`why`: all answers of the negotiation": why,
}
PYTHON, DETENTE = "python", "detente"
#: Commands by name: program, arguments, most runs, goal in seconds, goal in MB.
COMMANDS: dict[str, tuple[str, list[str], int, float, float]] = {
    "`import detente`": (PYTHON, ["-c", "import detente"], 99, 0.1, 40),
    "`detente --help`": (DETENTE, ["--help"], 99, 0.15, 0),
    "`detente brief belarus --quick`": (
        DETENTE,
        ["brief", "belarus", "--quick", "--out", "{out}"],
        3,
        0,
        0,
    ),
    "`detente brief belarus`": (DETENTE, ["brief", "belarus", "--out", "{out}"], 2, 0, 500),
}


def serve() -> None:
    """In a version's own process: a name a line comes in, its processor seconds go out."""
    ready: dict[str, Callable[[], object]] = {}
    for line in sys.stdin:
        name = json.loads(line)
        if name not in ready:
            ready[name] = INSIDE[name]()
            ready[name]()
        begun = time.process_time()
        ready[name]()
        print(json.dumps(time.process_time() - begun), flush=True)


@dataclass
class Version:
    """A checkout and what was taken of it, by name."""

    folder: Path
    seconds: dict[str, list[float]] = field(default_factory=dict)
    megabytes: dict[str, list[float]] = field(default_factory=dict)
    worker: subprocess.Popen[str] | None = None

    def program(self, name: str) -> str:
        """A program of its environment."""
        return str(self.folder / ".venv" / "bin" / name)

    def inside(self, name: str) -> None:
        """Take the time of one thing in the process that stays."""
        if self.worker is None:
            self.worker = subprocess.Popen(
                [self.program(PYTHON), str(Path(__file__).resolve()), "--serve"],
                cwd=self.folder,
                env=os.environ | ONE_THREAD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.worker.stdin is not None
        assert self.worker.stdout is not None
        self.worker.stdin.write(json.dumps(name) + "\n")
        self.worker.stdin.flush()
        line = self.worker.stdout.readline()
        if not line:
            raise SystemExit(f"{self.folder}: {name} failed; see above.")
        self.seconds.setdefault(name, []).append(json.loads(line))

    def command(self, name: str, out: Path) -> None:
        """Run a command; its processor seconds, and the most memory that its processes held."""
        program, arguments, *_ = COMMANDS[name]
        given = [a.format(out=out) for a in arguments]
        child = subprocess.Popen(
            [self.program(program), *given],
            cwd=self.folder / "build" if (self.folder / "build").exists() else self.folder,
            env=os.environ | ONE_THREAD,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        most, status = 0.0, 0
        while True:
            done, status, used = os.wait4(child.pid, os.WNOHANG)
            if done:
                break
            most = max(most, memory(child.pid))
            time.sleep(LOOK)
        if status:
            words = child.stderr.read() if child.stderr else ""
            raise SystemExit(f"{self.folder}: {name} failed.\n{words}")
        # Short commands may end between two looks: the largest process is known all the same.
        self.seconds.setdefault(name, []).append(used.ru_utime + used.ru_stime)
        self.megabytes.setdefault(name, []).append(max(most, used.ru_maxrss / 1024))

    def close(self) -> None:
        """End the process that stays."""
        if self.worker is not None and self.worker.stdin is not None:
            self.worker.stdin.close()
            self.worker.wait()


def memory(pid: int) -> float:
    """Megabytes of a process and all below it, shared pages counted in parts."""
    total = 0.0
    for one in tree(pid):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()
            total += int(next(x for x in lines if x.startswith("Pss:")).split()[1]) / 1024
    return total


def tree(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from tree(int(child))


def rows(before: Version, after: Version) -> tuple[list[str], bool]:
    """The table, and whether every goal is met."""
    out = [
        "| What | Before, s | After, s | Ratio | Before, MB | After, MB | Goal |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    fine = True
    for name in after.seconds:
        old, new = min(before.seconds[name]), min(after.seconds[name])
        goals = [(f"≤ {SLACK:.2f} of before", new <= SLACK * old)]
        size = ["", ""]
        if name in after.megabytes:
            *_, seconds, megabytes = COMMANDS[name]
            held = min(after.megabytes[name])
            size = [f"{min(before.megabytes[name]):.0f}", f"{held:.0f}"]
            if seconds:
                goals.append((f"≤ {seconds:g} s", new <= seconds))
            if megabytes:
                goals.append((f"< {megabytes:g} MB", held < megabytes))
        fine &= all(met for _, met in goals)
        stated = "; ".join(f"{words}: {'PASS' if met else 'FAIL'}" for words, met in goals)
        cells = [name, f"{old:.3f}", f"{new:.3f}", f"{new / old:.2f}", *size, stated]
        out.append(f"| {' | '.join(cells)} |")
    return out, fine


def taken(before: Version, after: Version, rounds: int, names: list[str]) -> None:
    """All rounds; the version that begins changes."""
    build = ROOT / "build" / "versions"
    build.mkdir(parents=True, exist_ok=True)
    for k in range(rounds):
        turn = (before, after) if k % 2 == 0 else (after, before)
        for name in INSIDE:
            if any(part in name for part in names):
                # They are short: several turns keep what else the machine does out of the least.
                for version in turn * TURNS:
                    version.inside(name)
        for name, (_, _, most, _, _) in COMMANDS.items():
            if k < most and any(part in name for part in names):
                for version in turn:
                    version.command(name, build / "brief.html")
        print(f"round {k + 1} of {rounds}", file=sys.stderr, flush=True)


def described(folder: Path) -> str:
    """The commit of a checkout."""
    command = ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or folder.name


def main() -> int:
    """Compare two checkouts and print, or write, the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--before", type=Path, help="a checkout with its own .venv")
    parser.add_argument("--after", type=Path, default=ROOT, help="this one if left out")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="*", default=[""], help="rows that hold one of these words")
    parser.add_argument("--write", type=Path, help="the page to write the table into")
    given = parser.parse_args()
    if given.serve:
        serve()
        return 0
    if given.before is None:
        parser.error("name the version to compare with: --before FOLDER")
    before, after = Version(given.before.resolve()), Version(given.after.resolve())
    begun = time.perf_counter()
    try:
        taken(before, after, given.rounds, given.only)
    finally:
        before.close()
        after.close()
    lines, fine = rows(before, after)
    from measure import machine, written

    commits = f"{described(before.folder)} and {described(after.folder)}"
    note = (
        f"Taken in one run of {time.perf_counter() - begun:.0f} s in {given.rounds} rounds, of "
        f"commits {commits}, with a load of {os.getloadavg()[0]:.1f} at the end. The machine was "
        f"{machine(['detente', 'numpy', 'scipy'])}"
    )
    text = "\n".join([note, "", *lines])
    print(text)
    if given.write:
        written(given.write, text, "versions")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
