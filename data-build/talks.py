"""Draw the talks that are packaged with the default case: `python data-build/talks.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.progress import Progress

from detente.brief.kept_talks import DRAWS, write_talks
from detente.case import load_case
from detente.study.talking import talk

CASE, SEED = "belarus", 0
FOLDER = Path(__file__).parents[1] / "src" / "detente" / "brief" / "kept"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    draws = parser.parse_args().draws
    case = load_case(CASE)
    with Progress() as bar:
        task = bar.add_task("draws", total=draws)
        found = talk(case, draws=draws, seed=SEED, progress=lambda k: bar.update(task, completed=k))
    assert found.drawn is not None
    assert found.money is not None
    path = write_talks(case, found.money.countries, found.drawn, FOLDER)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, {found.drawn.failed} draws failed")


if __name__ == "__main__":
    main()
