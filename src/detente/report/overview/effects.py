"""What the measures in force do to the parties: the figures that every answer speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.options import NEGLIGIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.analysis.figures.frame import Band
    from detente.analysis.places import Place
    from detente.report.context import ViewContext


@dataclass(frozen=True)
class PartyEffect:
    """What the measures in force do to one country or bloc.

    Attributes:
        place: whom.
        value: USD million a year; below 0 if it pays.
        band: from 5 to 95 % of the draws; None without draws.
        owns: whether it holds one of the measures.
        target: whether most of them hit it.
    """

    place: Place
    value: float
    band: Band | None = None
    owns: bool = False
    target: bool = False

    @property
    def money(self) -> str:
        """Its size in words, with its band."""
        return w.money(self.value, self.band)

    @property
    def size(self) -> str:
        """Its size in words without its band, in the same digits."""
        return w.money(self.value)

    @property
    def pays(self) -> bool:
        """Whether it loses a sum that is worth a word."""
        return self.value < -NEGLIGIBLE

    @property
    def gains(self) -> bool:
        """Whether it gains a sum that is worth a word."""
        return self.value > NEGLIGIBLE


def party_effects(context: ViewContext) -> tuple[PartyEffect, ...]:
    """The target, then those who hold the measures, then others, the most moved first."""
    a, sides = context.assessment, context.sides
    senders = set() if sides is None else {s.id for s in sides.senders}
    owners = {e.measure.owner for e in a.effects if e.in_force and e.has_effect} | senders
    targets = () if sides is None else sides.countries
    found = []
    for place in _places(context):
        codes = tuple(a.world.countries[k] for k in place.members)
        owns = place.key in owners or place.key in _ids_of(context, owners)
        found.append(effect_of(context, place, owns=owns, target=codes == tuple(targets)))
    return tuple(sorted(found, key=lambda e: (not e.target, not e.owns, -abs(e.value))))


def effect_of(
    context: ViewContext, place: Place, *, owns: bool = False, target: bool = False
) -> PartyEffect:
    """What the measures in force do to one place.

    Args:
        context: an answer.
        place: a country or bloc.
        owns: whether it holds one of the measures.
        target: whether most of them hit it.
    """
    value = place.total(context.assessment.regime.equivalent_variation_n)
    return PartyEffect(place, value, _band(context, place), owns=owns, target=target)


def target_of(effects: Sequence[PartyEffect]) -> PartyEffect | None:
    """Whom the measures hit; if nobody is hit, whoever they move most."""
    for effect in effects:
        if effect.target:
            return effect
    return max(effects, key=lambda e: abs(e.value), default=None)


def apart(effects: Sequence[PartyEffect]) -> list[PartyEffect]:
    """Those that lie in no other of them: a member is counted in its union."""
    return [
        e
        for e in effects
        if not any(set(e.place.members) < set(other.place.members) for other in effects)
    ]


def _places(context: ViewContext) -> list[Place]:
    """The places of the report, with the target if it is none of them."""
    places = list(context.places)
    if context.sides is not None:
        target = named_sides_of(context.assessment, context.sides).target
        if all(set(p.members) != set(target.members) for p in places):
            places.append(target)
    return places


def _ids_of(context: ViewContext, owners: set[str]) -> set[str]:
    """The codes of owners that are one country."""
    world = context.assessment.world
    groups = context.assessment.groups
    return {world.countries[groups[o][0]] for o in owners if len(groups.get(o, ())) == 1}


def _band(context: ViewContext, place: Place) -> Band | None:
    """The band of what the measures do to a place: that of a country, or of lifting everything."""
    if len(place.members) == 1:
        code = context.assessment.world.countries[place.members[0]]
        return context.figures.band("gains", code, "equivalent_variation")
    whole = next((o for o in context.lifting if o.kind == "all"), None)
    if whole is None and len(context.lifting) == 1:
        whole = context.lifting[0]
    if whole is None:
        return None
    band = context.figures.band("options", place.key, whole.id)
    return None if band is None else (-band[1], -band[0])
