"""Work out the sanctions by design packaged with cases: `python data-build/sanctions.py`."""

from __future__ import annotations

import argparse

from detente.analysis import answer
from detente.analysis.extent import DATE_ONLY
from detente.analysis.precomputed.sanctions import write_sanctions
from detente.analysis.precomputed.store import FOLDER
from detente.analysis.sanctions import WEIGHTS, banded, sanctions_of
from detente.analysis.sides import sides_of

#: With how many draws for bands: where the other figures of a case have packaged ones.
CASES = {"belarus": 200, "russia-coalition": 0}


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
