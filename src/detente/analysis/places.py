"""Whom a brief speaks of: the parties of the case, and the third countries that matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from detente._types import Array
from detente.analysis.labels import in_sentence, name_of
from detente.world.names import all_names

if TYPE_CHECKING:
    from detente.analysis.assessment import AssessmentData
    from detente.cases import Party


@dataclass(frozen=True)
class Place:
    """A country, or a group of countries that acts as one.

    Attributes:
        key: ISO3 code, or the id of a party of several countries.
        name: for headings and tables.
        prose: as it stands inside a sentence.
        members: positions in the world's countries.
    """

    key: str
    name: str
    prose: str
    members: tuple[int, ...]

    def total(self, values_n: Array) -> float:
        """The sum of a quantity over its members."""
        if len(self.members) == 1:
            return float(values_n[self.members[0]])
        return float(values_n[list(self.members)].sum())


def country(a: AssessmentData, position: int) -> Place:
    """One country of the world as a place."""
    return _country(a.world.countries[position], position)


def _country(code: str, position: int) -> Place:
    return Place(code, name_of(code), in_sentence(code), (position,))


def parties_of(a: AssessmentData, most: int = 10) -> list[Place]:
    """The parties of the case that the world holds, in the case's order."""
    return [*parties_by_id(a).values()][:most]


def parties_by_id(a: AssessmentData) -> dict[str, Place]:
    """Every party of the case that the world holds, by its id, in the case's order."""
    return party_places(a.case.parties, a.world.countries, a.groups)


def party_places(
    parties: Sequence[Party], countries: Sequence[str], groups: Mapping[str, Sequence[int]]
) -> dict[str, Place]:
    """Parties as places, by id; those without a member in the world are left out.

    Args:
        parties: in the case's order.
        countries: of the world, ISO3 codes.
        groups: by id of the party, the positions of its members.
    """
    places = {}
    for party in parties:
        members = tuple(groups.get(party.id, ()))
        if len(members) == 1:
            places[party.id] = _country(countries[members[0]], members[0])
        elif members:
            places[party.id] = _bloc(party, members)
    return places


def _bloc(party: Party, members: tuple[int, ...]) -> Place:
    return Place(party.id, party.name, prose_of(party.name), members)


def prose_of(name: str) -> str:
    """A bloc inside a sentence; one that has a country's name reads as that country."""
    code = _codes_by_name().get(name)
    if code is not None:
        return in_sentence(code)
    return f"the {name.removeprefix('The ').removeprefix('the ')}"


@cache
def _codes_by_name() -> dict[str, str]:
    return {name: code for code, name in all_names().items()}


def collapse(a: AssessmentData, codes: tuple[str, ...]) -> list[Place]:
    """The codes as places, whole parties first: 27 members read as one union."""
    left = {a.world.countries.index(c) for c in codes if c in a.world.countries}
    places = []
    blocs = [(p, tuple(a.groups.get(p.id, ()))) for p in a.case.parties]
    for party, members in sorted(blocs, key=lambda bloc: -len(bloc[1])):
        if len(members) > 1 and left >= set(members):
            places.append(_bloc(party, members))
            left -= set(members)
    return places + [country(a, k) for k in sorted(left)]


def thirds_of(a: AssessmentData, parties: list[Place], most: int = 6) -> list[Place]:
    """Third countries that the regime or a change of it touches most, in money."""
    taken = {k for p in parties for k in p.members}
    effects = [abs(a.regime.equivalent_variation_n)]
    effects += [abs(e.margin_n) for e in a.effects if e.in_force and e.has_effect]
    reach = np.max(effects, axis=0)
    order = [int(k) for k in np.argsort(-reach, kind="stable") if int(k) not in taken]
    order = [k for k in order if reach[k] >= 0.01 * max(float(reach.max()), 1e-9)]
    return [country(a, k) for k in order[:most]]
