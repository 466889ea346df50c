"""The sides of a sanctions question as readers know them: names of who hits whom, and of goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.names import good_name
from detente.brief.places import Place, collapse
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.study.assessment import Assessment
    from detente.study.targeting import Sides

MONEY = "USD million a year"


@dataclass(frozen=True, eq=False)
class Duel:
    """The sides of the question as readers know them.

    Attributes:
        assessment: of the case.
        sides: who is hit, and by whom.
        target: who is hit.
        senders: by id.
    """

    assessment: Assessment
    sides: Sides
    target: Place
    senders: dict[str, Place]

    def good(self, name: str) -> str:
        """What readers call a good, inside a sentence."""
        labels = {c.name: lower_first(c.label) for c in self.assessment.case.commodities}
        return labels.get(name) or good_name(name)

    def label(self, measure: str) -> str:
        """What readers call a measure."""
        effects = self.assessment.effects
        return next(e.measure.label for e in effects if e.measure.id == measure)


def duel_of(a: Assessment, sides: Sides) -> Duel:
    """The sides with their names."""

    def named(codes: tuple[str, ...]) -> Place:
        found = collapse(a, codes)
        if len(found) == 1:
            return found[0]
        members = tuple(k for place in found for k in place.members)
        return Place(
            "-".join(codes),
            w.listing(p.name for p in found),
            w.listing(p.prose for p in found),
            members,
        )

    return Duel(a, sides, named(sides.countries), {s.id: named(s.countries) for s in sides.senders})
