"""The Council of the European Union with its members' populations, from the bundled table."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from detente.negotiation.voting.rules import DoubleMajority, Unanimity

DATA = Path(__file__).parents[1] / "data"
_TABLE = "eu27-population-2024.csv"


@cache
def populations() -> dict[str, int]:
    """Persons in each of the 27 member states in 2024, by ISO3 code, largest first."""
    with (DATA / _TABLE).open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: int(row["population"]) for row in csv.DictReader(file)}


def qualified_majority() -> DoubleMajority:
    """The Council's qualified majority: 15 of 27 members with 65 % of the population.

    Art. 16(4) TEU and 238(3) TFEU, on a proposal of the Commission or the High Representative.

    Returns:
        DoubleMajority: with the populations of the 27 members, 55 % of members, 65 % of persons,
        and a blocking minority of four.
    """
    people = populations()
    return DoubleMajority(tuple(people), tuple(people.values()))


def unanimity() -> Unanimity:
    """Unanimity of the 27, as for restrictive measures under Art. 29 and 31(1) TEU.

    Returns:
        Unanimity: of the 27 members by ISO3 code.
    """
    return Unanimity(tuple(populations()))
