"""Whom the measures in force hit most, and who holds them: the sides of a sanctions question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.context import QuestionError
from detente.negotiation.words import upper_first

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.assessment import AssessmentData, MeasureEffect
    from detente.analysis.context import Context


@dataclass(frozen=True)
class Sender:
    """A party that holds measures against the target; a union acts for its members.

    Attributes:
        id: of the party.
        countries: ISO3 codes.
        measures: ids of its measures in force that hit the target, those of its members among them.
        others: ids of its other measures in force, which it would lift too if it left.
    """

    id: str
    countries: tuple[str, ...]
    measures: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Sides:
    """Who is hit, and by whom.

    Attributes:
        target: id of a party, or an ISO3 code.
        countries: of the target, ISO3 codes.
        senders: in the case's order.
    """

    target: str
    countries: tuple[str, ...]
    senders: tuple[Sender, ...]

    def sender(self, name: str) -> Sender:
        """The sender of this id."""
        return next(s for s in self.senders if s.id == name)


def sides_of(a: AssessmentData, by: Collection[str] = ()) -> Sides | None:
    """The party that most measures of others hit, and the owners of these measures.

    Of two that as many measures hit it is the one that loses more under the regime. A country that
    is in no party stands for itself.

    Args:
        a: a case assessed; its measures in force count.
        by: ISO3 codes whose measures alone count; everybody's if empty.

    Returns:
        Sides: None where no measure in force hits anybody but its owner.
    """
    world = a.world.countries
    groups = {p.id: frozenset(world[k] for k in a.groups.get(p.id, ())) for p in a.case.parties}
    active = [e for e in a.effects if e.in_force and (not by or set(e.authors) <= set(by))]
    in_parties = frozenset().union(*groups.values())
    known = {
        **{c: frozenset([c]) for e in active for c in e.targets if c not in in_parties},
        **groups,
    }
    hits = Counter(
        name
        for name, codes in known.items()
        for e in active
        if codes & set(e.targets) and not codes & set(e.authors)
    )
    if not hits:
        return None
    value = dict(zip(world, a.regime.equivalent_variation_n, strict=True))
    target = max(hits, key=lambda name: (hits[name], -sum(value[c] for c in known[name])))
    return sides_against(a, target, known[target])


def sides_against(a: AssessmentData, target: str, hit: frozenset[str]) -> Sides | None:
    """A target, by its name and ISO3 codes, and the owners of the measures in force that hit it."""
    world = a.world.countries
    active = [e for e in a.effects if e.in_force]
    owners = _owners([e for e in active if hit & set(e.targets)], hit)
    if not owners:
        return None
    order = [p.id for p in a.case.parties]
    senders = [_sender(a, name, codes, active, hit) for name, codes in owners.items()]
    ranked = sorted(senders, key=lambda s: order.index(s.id) if s.id in order else len(order))
    return Sides(target, tuple(c for c in world if c in hit), tuple(ranked))


def _owners(effects: list[MeasureEffect], hit: frozenset[str]) -> dict[str, frozenset[str]]:
    """Owners of measures that hit the target; those inside another owner act in it."""
    found = {e.measure.owner: frozenset(e.authors) for e in effects if not hit & set(e.authors)}
    return {
        name: codes
        for name, codes in found.items()
        if not any(codes < other for other in found.values())
    }


def _sender(
    a: AssessmentData,
    name: str,
    codes: frozenset[str],
    active: list[MeasureEffect],
    hit: frozenset[str],
) -> Sender:
    mine = [e for e in active if set(e.authors) <= codes]
    return Sender(
        name,
        tuple(c for c in a.world.countries if c in codes),
        tuple(e.measure.id for e in mine if hit & set(e.targets)),
        tuple(e.measure.id for e in mine if not hit & set(e.targets)),
    )


def total(a: AssessmentData, values_n: Array, countries: tuple[str, ...]) -> float:
    """The sum of a quantity over some countries."""
    return float(values_n[[a.world.countries.index(c) for c in countries]].sum())


def sides_of_question(
    context: Context, target: str | None, sender: str | None, options: str = "--target and --sender"
) -> tuple[str, str, str]:
    """The target and the sender of a question; those left out come from the case.

    The target is whom most measures in force hit, the sender the first owner of such measures in
    the order of the case.

    Args:
        context: where the question is asked.
        target: as asked for, or None.
        sender: as asked for, or None.
        options: what a message calls the two.

    Returns:
        Target, sender, and a sentence on what was chosen; the sentence is empty if nothing was.

    Raises:
        QuestionError: a world without a case, or a case in which nobody hits anybody.
    """
    if target is not None and sender is not None:
        return target, sender, ""
    if context.case is None:
        raise QuestionError(
            f"The world {context.name} has no measures that tell the sides.",
            f"Name them: {options}.",
        )
    found = _sides_here(context, target, sender)
    if found is None:
        of = f" of {sender}" if sender else ""
        raise QuestionError(
            f"No measure{of} hits {target or 'others'} in {context.sentence}.",
            f"Name the sides: {options}.",
        )
    sentences = []
    if target is None:
        sentences.append(f"The target is {found.target}, whom most measures in force hit")
    if sender is None:
        chosen, *others = (s.id for s in found.senders)
        rest = f" (others that hold measures against it: {', '.join(others)})" if others else ""
        sentences.append(f"the sender is {chosen}, the first owner of such measures{rest}")
        sender = chosen
    text = ", ".join(sentences)
    return found.target, sender, f"{upper_first(text)}. Name others by {options}."


def _sides_here(context: Context, target: str | None, sender: str | None) -> Sides | None:
    from detente.analysis.measure_effects import assessment_of

    scenarios = context.scenarios()
    if scenarios is None:
        return None
    a = assessment_of(scenarios, margins_only=True)
    if target is not None:
        return sides_against(a, target, frozenset(context.countries(target)))
    return sides_of(a, () if sender is None else context.countries(sender))
