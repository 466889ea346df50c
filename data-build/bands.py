"""Draw what is packaged with the default case: `python data-build/bands.py`.

Bands of the figures of its brief, and draws of its negotiation. Both take the same draws of the
trade side, so that a figure that both show has one band.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.analysis import Extent, answer
from detente.analysis.figures.drawn import bands_of, witnessed
from detente.analysis.negotiation import negotiate
from detente.analysis.precomputed.bands import write_bands
from detente.analysis.precomputed.negotiation import write_negotiation
from detente.analysis.precomputed.store import FOLDER
from detente.analysis.record.plan import plan_of
from detente.cli.draws import counted

CASE, SEED, WITNESSES = "belarus", 0, 2
DRAWS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    asked = parser.parse_args()
    found = answer(CASE, draws=0)
    scenarios = found.scenarios
    assert scenarios is not None
    with counted(asked.draws) as progress:
        plan = plan_of(scenarios.case)
        bands = bands_of(found, asked.draws, seed=SEED, plan=plan, progress=progress)
    first = witnessed(found, WITNESSES, seed=SEED)
    _say(write_bands(scenarios, Extent(), bands, FOLDER, first), bands.sentence)
    with counted(asked.draws) as progress:
        negotiation = negotiate(scenarios.case, draws=asked.draws, seed=SEED, progress=progress)
    assert negotiation.drawn is not None
    path = write_negotiation(scenarios.case, scenarios.world.countries, negotiation.drawn, FOLDER)
    _say(path, f"{negotiation.drawn.failed} draws failed.")


def _say(path: Path, what: str) -> None:
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB. {what}")


if __name__ == "__main__":
    main()
