"""The sides of a sanctions question as readers know them: who is hit, and who holds measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.context import good_label
from detente.analysis.labels import listing
from detente.analysis.measure_effects import NOISE
from detente.analysis.places import Place, collapse
from detente.analysis.sides import total

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.sides import Sender, Sides


@dataclass(frozen=True, eq=False)
class NamedSides:
    """The sides of the question as readers know them.

    Attributes:
        assessment: of the case.
        sides: who is hit, and by whom.
        target: who is hit.
        senders: by id.
    """

    assessment: AssessmentData
    sides: Sides
    target: Place
    senders: dict[str, Place]

    def good(self, name: str) -> str:
        """What readers call a good, inside a sentence."""
        return good_label(self.assessment.case, name)

    def label(self, measure: str) -> str:
        """What readers call a measure."""
        effects = self.assessment.effects
        return next(e.measure.label for e in effects if e.measure.id == measure)

    def losses(self, gain_n: Array, sender: Sender) -> tuple[float, float]:
        """What the target and a sender would gain by a lift, which is what they lose without."""
        a = self.assessment
        return total(a, gain_n, self.sides.countries), total(a, gain_n, sender.countries)

    def ratio(self, harm: float, cost: float) -> float | None:
        """Harm per unit of own cost; None where there is no cost to speak of."""
        return harm / cost if cost > NOISE else None


def named_sides_of(a: AssessmentData, sides: Sides) -> NamedSides:
    """The sides with their names."""

    def named(codes: tuple[str, ...]) -> Place:
        found = collapse(a, codes)
        if len(found) == 1:
            return found[0]
        members = tuple(k for place in found for k in place.members)
        return Place(
            "-".join(codes),
            listing(p.name for p in found),
            listing(p.prose for p in found),
            members,
        )

    return NamedSides(
        a, sides, named(sides.countries), {s.id: named(s.countries) for s in sides.senders}
    )
