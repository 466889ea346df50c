"""Work out the sanctions by design packaged with cases: `python data-build/sanctions.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.brief.kept_sanctions import write_sanctions
from detente.study import answer
from detente.study.answering import DATE_ONLY
from detente.study.sanctioning import WEIGHTS, sanctions_of
from detente.study.sanctioning_draws import banded
from detente.study.targeting import sides_of

#: With how many draws for bands: where the other figures of a case have packaged ones.
CASES = {"belarus": 200, "russia-coalition": 0}
FOLDER = Path(__file__).parents[1] / "src" / "detente" / "brief" / "kept"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=[*CASES])
    for case in parser.parse_args().cases:
        asked = answer(case, extent=DATE_ONLY)
        sides = sides_of(asked.assessment)
        assert asked.scenarios is not None
        assert sides is not None
        found = sanctions_of(asked.scenarios, sides, curve=WEIGHTS, every=True)
        if CASES.get(case):
            found = banded(asked.scenarios, sides, found, CASES[case])
        path = write_sanctions(asked.scenarios, found, FOLDER)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
        for lack in found.lacking:
            print(lack)


if __name__ == "__main__":
    main()
