"""Whether the wheel and the source distribution install and answer on every Python that is there.

python benchmarks/releases.py [--python 3.11 --python 3.13] [--tests]

Builds both into dist/, installs each into a fresh environment below build/try for every Python from
3.11 to 3.14 that can be found, and asks it for the version, a brief, a solution and the help. With
`--tests` the quick part of the tests runs there, too, warnings taken for errors. Prints a line for
each and says which Pythons could not be had. The exit status is 1 if one did not answer.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: What an installed package is asked, from a folder without the sources.
SOLVE = (
    "import detente; world = detente.load_world('oecd-2020'); "
    "change = detente.solve(world, detente.embargo('RUS', 'EU')).real_income_change; "
    "assert -0.2 < change['RUS'] < 0, change['RUS']; print(f\"{100 * change['RUS']:.2f} %\")"
)
TESTS = ("tests/trade", "tests/cases", "tests/world", "tests/negotiation")


def uv() -> str:
    """The installer, of this environment or of the path."""
    own = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        raise SystemExit("uv is not there: run `make .venv/uv`.")
    return found


def interpreter(version: str) -> Path | None:
    """A Python of that version: one that uv knows, or that pyenv keeps; None if there is none."""
    asked = [uv(), "python", "find", "--no-project", "--no-python-downloads", version]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    lines = done.stdout.split()
    places = [Path(lines[-1])] if done.returncode == 0 and lines else []
    places += sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python{version}"))
    for place in places:
        text = subprocess.run([place, "--version"], capture_output=True, text=True, check=False)
        if text.stdout.startswith(f"Python {version}."):
            return place
    return None


def run(command: list[str | Path], where: Path, told: str, **more: str) -> str:
    """What a command prints; ends with its words if it fails.

    Raises:
        RuntimeError: what failed and what it printed.
    """
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        command, cwd=where, env=environment | more, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{told} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout.strip()


def tried(python: Path, file: Path, where: Path, tests: bool) -> str:
    """Install a file into a fresh environment and ask it; what it answered, in a line."""
    place = where / "venv"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    run([uv(), "venv", "--quiet", "--no-project", "--python", python, place], where, "uv venv")
    install = [uv(), "pip", "install", "--quiet", file]
    run(install, where, "uv pip install", VIRTUAL_ENV=str(place))
    command = scripts / "detente"
    version = run([command, "--version"], where, "detente --version")
    run([command, "--help"], where, "detente --help")
    run([command, "brief", "belarus", "--quick", "--out", "brief.html"], where, "detente brief")
    if (where / "brief.html").stat().st_size < 500_000:
        raise RuntimeError("detente brief wrote a page that is too small to hold its charts.")
    strict = ["-W", "error", "-c", SOLVE]
    change = run([scripts / "python", *strict], where, "solve")
    answer = f"version {version}, a brief, and {change} of Russian real income"
    if tests:
        more = ["pytest", "hypothesis", "array-api-strict", "httpx"]
        run(
            [uv(), "pip", "install", "--quiet", *more],
            where,
            "uv pip install",
            VIRTUAL_ENV=str(place),
        )
        text = run(
            [scripts / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
            ROOT,
            "the tests",
            OPENBLAS_NUM_THREADS="1",
        )
        answer += f"; tests: {text.splitlines()[-1]}"
    return answer


def main() -> int:
    """Build, try, and say what answered."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--python", action="append", help="a version; all of 3.11 to 3.14 if left out"
    )
    parser.add_argument(
        "--tests", action="store_true", help="run the quick tests from the wheel, too"
    )
    given = parser.parse_args()
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    run([uv(), "build", "--quiet"], ROOT, "uv build")
    files = sorted(dist.glob("detente-*.whl")) + sorted(dist.glob("detente-*.tar.gz"))
    if len(files) != 2:
        raise SystemExit(
            f"uv build made {len(files)} files, not a wheel and a source distribution."
        )
    wrong, missing = 0, []
    for version in given.python or PYTHONS:
        python = interpreter(version)
        if python is None:
            missing.append(version)
            continue
        for file in files:
            begun = time.perf_counter()
            kind = "wheel" if file.suffix == ".whl" else "sdist"
            where = ROOT / "build" / "try" / f"{version}-{kind}"
            try:
                words = tried(python, file, where, given.tests and kind == "wheel")
            except RuntimeError as error:
                wrong += 1
                words = f"FAILED: {error}"
            print(f"{version}  {kind}  {time.perf_counter() - begun:5.0f} s  {words}", flush=True)
    if missing:
        print(f"Not tried, since it is not here: Python {', '.join(missing)}.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
