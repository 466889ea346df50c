"""Draw the bands that are packaged with the default case: `python data-build/bands.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.progress import Progress

from detente.brief.bands import bands_of, witnessed
from detente.brief.kept import write_bands
from detente.study import Extent, answer
from detente.study.backtest_plan import plan_of

CASE, DRAWS, SEED, WITNESSES = "belarus", 500, 0, 2
FOLDER = Path(__file__).parents[1] / "src" / "detente" / "brief" / "kept"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    draws = parser.parse_args().draws
    found = answer(CASE)
    plan = plan_of(found.assessment.case)
    with Progress() as bar:
        task = bar.add_task("draws", total=draws)
        bands = bands_of(
            found, draws, seed=SEED, plan=plan, progress=lambda k: bar.update(task, completed=k)
        )
    assert found.scenarios is not None
    first = witnessed(found, WITNESSES, seed=SEED)
    path = write_bands(found.scenarios, Extent(), bands, FOLDER, first)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB. {bands.sentence}")


if __name__ == "__main__":
    main()
