"""Speed of the negotiation: stability and draws. `negotiation_deals` has packages and steps.

    python benchmarks/negotiation.py                             prints the tables
    python benchmarks/negotiation.py --write docs/benchmarks.md  writes them into the page

Nothing is asserted: a goal that is stated for a row is followed by PASS or FAIL.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from detente.negotiation import (
    Conflict,
    Interest,
    Measure,
    Party,
    Unanimity,
    Valuation,
    lasting_chances,
)
from detente.negotiation.stability.concepts import stable
from detente.negotiation.stability.moves import game_of
from measure import Row, clock, machine, one_thread, section, within, written

PARTIES = 5
#: Seconds of a compiled prototype on two cores, by the number of measures.
GOALS = {10: 0.8e-3, 14: 50e-3, 16: 0.34, 18: 2.8, 20: 12.0}
DRAWS_GOAL = 2.0
SLACK = 1.25


def main() -> None:
    """Run every benchmark, print the tables, write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    parser.add_argument("--quick", action="store_true", help="fewer runs, without the largest")
    given = parser.parse_args()
    one_thread()
    begun = time.perf_counter()
    parts = []
    for title, found in (
        (f"Nash, GMR, SMR and SEQ of every state, {PARTIES} parties", stability_rows(given.quick)),
        ("Draws over valuations and money", draw_rows(given.quick)),
    ):
        parts.append(section(title, found))
        print(parts[-1] + "\n", flush=True)
    about = machine(["detente", "numpy", "scipy"])
    took = f"Taken in one run of {time.perf_counter() - begun:.0f} s on {about}"
    print(took)
    if given.write:
        written(given.write, "\n\n".join([took, *parts]), "negotiation")


def stability_rows(quick: bool) -> Iterator[Row | str]:
    """From payoffs in every state to the four concepts, everything counted."""
    for m, goal in GOALS.items():
        if quick and m > 16:
            continue
        conflict = random_payoffs(m)
        runs = 50 if m == 10 else 7 if m < 18 else 3
        (mine,) = clock(lambda c=conflict: answered(c), runs=runs)
        yield Row(
            "Measures free to go either way",
            f"2^{m}",
            mine,
            goal=within(mine.least, goal, SLACK),
        )
    for what, kinds in (
        ("One measure in five one-off", {"one_off": True}),
        ("Also a state in four forbidden", {"one_off": True, "forbidden": True}),
        ("One party a bloc of three by unanimity", {"bloc": True}),
    ):
        for m in (10, 14) if quick else (10, 14, 16):
            conflict = random_payoffs(m, **kinds)
            (mine,) = clock(lambda c=conflict: answered(c), runs=5)
            yield Row(what, f"2^{m}", mine)
    yield (
        "Payoffs are independent normal numbers in every state, without any structure that an "
        "algorithm could use. Goals are the times of a compiled prototype on two cores."
    )


def answered(conflict: Conflict) -> object:
    """The four concepts of a conflict whose places and movers are not known yet."""
    return stable(game_of(conflict.with_payoffs(conflict.payoffs)))


def random_payoffs(
    m: int, *, one_off: bool = False, forbidden: bool = False, bloc: bool = False
) -> Conflict:
    """A conflict of five parties with m measures and a payoff of its own in every state."""
    rng = np.random.default_rng(m)
    members = ("P0a", "P0b", "P0c")
    first = Party("P0", rule=Unanimity(members)) if bloc else Party("P0")
    parties = [first, *(Party(f"P{i}") for i in range(1, PARTIES))]
    measures = [
        Measure(f"M{k}", f"P{k % PARTIES}", reversible=not (one_off and k % 5 == k // 5))
        for k in range(m)
    ]
    payoffs = [
        Interest(f"v{i}", rng.normal(size=1 << m)) for i in range(PARTIES + (2 if bloc else 0))
    ]
    holders = [h for p in parties for h in p.holders]
    return Conflict.of(
        parties,
        measures,
        status_quo=[],
        interests=payoffs,
        valuations=[Valuation(h, i.name, 1.0) for h, i in zip(holders, payoffs, strict=True)],
        forbidden=[{"M1": True, "M2": True}] if forbidden else [],
    )


def draw_rows(quick: bool) -> Iterator[Row | str]:
    """Chances of every state under all concepts, and what turns each answer."""
    for what, bloc, goal in (
        ("Four governments", 0, DRAWS_GOAL),
        ("Three governments and a bloc of 27 by unanimity", 27, 0.0),
    ):
        conflict, money = drawn_case(bloc)
        draws = 200 if quick else 1000
        (mine,) = clock(
            lambda c=conflict, d=draws, e=money: lasting_chances(c, draws=d, money_dhq=e, alone=1),
            runs=3,
        )
        (flips,) = clock(
            lambda c=conflict, d=draws, e=money: lasting_chances(c, draws=d, money_dhq=e), runs=3
        )
        met = within(mine.least, goal, SLACK) if goal and not quick else ""
        yield Row(f"{what}: {draws} draws", "2^10", mine, goal=met)
        yield Row(f"{what}: also 64 draws of each of the 9 parameters alone", "2^10", flips)


def drawn_case(members: int) -> tuple[Conflict, np.ndarray]:
    """Ten measures, four of them on trade, two valuations a party, and 200 draws of money."""
    rng = np.random.default_rng(10)
    body = tuple(f"m{k}" for k in range(members))
    bloc = Party("D", rule=Unanimity(body)) if members else Party("D")
    parties = [Party("A"), Party("B"), Party("C"), bloc]
    measures = [Measure(f"M{k}", parties[k % 4].name) for k in range(10)]
    interests = [
        Interest(f"i{k}", {x.name: float(rng.normal()) for x in measures}) for k in range(4)
    ]
    holders = [h for p in parties for h in p.holders]
    conflict = Conflict.of(
        parties,
        measures,
        status_quo=["M0", "M3"],
        money={h: rng.normal(size=16) for h in holders},
        trade=[f"M{k}" for k in range(4)],
        interests=interests,
        valuations=[
            Valuation(p.name, f"i{(k + j) % 4}", 1.0, 0.2, 3.0)
            for k, p in enumerate(parties)
            for j in range(2)
        ],
    )
    return conflict, rng.normal(size=(200, len(holders), 16))


if __name__ == "__main__":
    main()
