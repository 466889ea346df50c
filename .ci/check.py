"""Everything that a change must pass: each step in one line, with how to mend what failed.

python .ci/check.py [STEP …]    all steps, or those named; `make check` calls it without a name

The output of a step is shown where it failed; that of the tests is shown as they run. A step whose
tools are not there is skipped and says so. The exit status is 1 if a step failed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
MAKE = ("make", "--no-print-directory")
#: Where the tools of this environment lie, which is .venv where `make` made it.
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One thing that is checked.

    Attributes:
        name: what it is called on the command line.
        command: what is run, in `where`.
        remedy: what to do when it fails.
        loud: whether its output is shown while it runs.
        needs: a program without which it is skipped, and why nobody needs it.
        up_to_date: a file that it makes, and the one that it makes it from; skipped while the first
            is the newer one.
    """

    name: str
    command: tuple[str, ...]
    remedy: str
    where: Path = ROOT
    loud: bool = False
    needs: tuple[str, str] = ("", "")
    up_to_date: tuple[Path, Path] | None = None


NPM = ("npm", "npm is not installed; only a change of frontend/ needs it")
STEPS = (
    Step(
        "format",
        (str(BIN / "ruff"), "format", "--check", "."),
        "Run `.venv/bin/ruff format .`.",
    ),
    Step(
        "lint",
        (str(BIN / "ruff"), "check", "."),
        "Run `.venv/bin/ruff check --fix .`, then mend the lines that are left.",
    ),
    Step("types", (str(BIN / "mypy"),), "Correct the types in the lines named above."),
    Step(
        "imports",
        (str(BIN / "lint-imports"),),
        "Move what is imported: CONTRIBUTING.md says which room may import from which.",
    ),
    Step(
        "packages",
        ("npm", "ci", "--silent", "--no-audit", "--no-fund"),
        "Run `npm install` in frontend/ and commit package-lock.json, or look at the network.",
        FRONTEND,
        needs=NPM,
        up_to_date=(
            FRONTEND / "node_modules" / ".package-lock.json",
            FRONTEND / "package-lock.json",
        ),
    ),
    Step(
        "eslint",
        ("npm", "run", "--silent", "lint"),
        "Run `npx eslint --fix .` in frontend/, then mend the lines that are left.",
        FRONTEND,
        needs=NPM,
    ),
    Step(
        "jsdoc",
        ("npm", "run", "--silent", "types"),
        "Correct the types in the lines named above (`npm run types` in frontend/).",
        FRONTEND,
        needs=NPM,
    ),
    Step(
        "javascript",
        ("npm", "test", "--silent"),
        "Run `npm test` in frontend/ until the tests named above pass.",
        FRONTEND,
        needs=NPM,
    ),
    Step(
        "tests",
        (*MAKE, "test"),
        "Run `.venv/bin/pytest -x --lf`: it repeats what failed and stops at the first.",
        loud=True,
    ),
    Step(
        "docs",
        (*MAKE, "docs"),
        "Correct the page or the link that is named above.",
    ),
)
#: What is run only where it is named: it makes an environment of its own.
EXTRA = (
    Step(
        "lowest",
        (*MAKE, "lowest"),
        "Raise the lowest version in pyproject.toml, or do without what is new in the package.",
        loud=True,
    ),
)


def ran(step: Step) -> tuple[str, float]:
    """Run a step: its verdict and the seconds that it took."""
    program, why = step.needs
    if program and shutil.which(program) is None:
        return f"skipped: {why}", 0.0
    if step.up_to_date is not None:
        made, source = step.up_to_date
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            return "ok", 0.0
    begun = time.perf_counter()
    if step.loud:
        print(f"      {step.name} …", flush=True)
    done = subprocess.run(
        step.command,
        cwd=step.where,
        check=False,
        stdout=None if step.loud else subprocess.PIPE,
        stderr=None if step.loud else subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode and not step.loud:
        print(done.stdout.rstrip(), flush=True)
    return "ok" if not done.returncode else "FAILED", time.perf_counter() - begun


def line(step: Step, verdict: str, seconds: float) -> str:
    """A step in one line, with what to do where it failed."""
    if verdict.startswith("skipped"):
        return f"  --  {step.name:<11} {verdict}"
    mark = "  ok" if verdict == "ok" else "FAIL"
    told = f"{mark}  {step.name:<11} {seconds:6.1f} s"
    return told if verdict == "ok" else f"{told}  {step.remedy}"


def main(names: Sequence[str]) -> int:
    """Run the steps of these names, or all; 1 if one failed."""
    known = {step.name: step for step in (*STEPS, *EXTRA)}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no step {', '.join(unknown)}. There are {', '.join(known)}.")
        return 2
    lines = []
    failed = False
    for step in [known[name] for name in names] or list(STEPS):
        verdict, seconds = ran(step)
        failed |= verdict == "FAILED"
        lines.append(line(step, verdict, seconds))
        print(lines[-1], flush=True)
    if len(lines) > 1 and (failed or not names):
        print("\n" + "\n".join(lines))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
