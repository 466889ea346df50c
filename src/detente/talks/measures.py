"""What can be in force or not, whose decision it is, and by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

from detente.talks.errors import label_faults, near
from detente.talks.parties import Party, rule_faults
from detente.talks.voting.moments import Expiry
from detente.talks.voting.rule import Rule


@final
@dataclass(frozen=True)
class Measure:
    """Something that a party can put in force or end.

    Attributes:
        name: how patterns, effects and money refer to it.
        owner: name of the party that decides it.
        label: how sentences name it; the name if empty.
        levels: names of its levels above none, lowest first, such as `("partial", "full")`; empty
            if it is in force or not.
        reversible: False for what cannot be undone; it can then only go up.
        adopt: rule to put it in force, or a level up; the owner's own rule if None.
        renew: rule to keep it when its term ends.
        repeal: rule to end it, or a level of it, before its term ends.
        expiry: whether it `lapses` unless it is renewed, so that whoever can prevent renewal can
            end it, or `stays` until it is repealed.
        renewed_with: name of the decision that renews it, if one decision renews it with others of
            its owner: all of them in force are renewed, or all lapse.
    """

    name: str
    owner: str
    label: str = ""
    levels: tuple[str, ...] = ()
    reversible: bool = True
    adopt: Rule | None = None
    renew: Rule | None = None
    repeal: Rule | None = None
    expiry: Expiry = "stays"
    renewed_with: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", tuple(self.levels))
        object.__setattr__(self, "label", self.label or self.name)

    @property
    def bits(self) -> tuple[str, ...]:
        """Its yes-or-no parts: its name, or `name:level` for each level reached."""
        return tuple(f"{self.name}:{level}" for level in self.levels) or (self.name,)


def measure_faults(measures: Sequence[Measure], parties: Iterable[Party]) -> Iterator[str]:
    """Names twice, owners unknown, parties without a measure, rules with strangers."""
    by_name = {p.name: p for p in parties}
    yield from label_faults([m.name for m in measures], "measure")
    owners = {m.owner for m in measures}
    for name in by_name:
        if name not in owners:
            yield (
                f"{name} owns no measure: a party needs one to move by. Give it one, or make its "
                "interests those of another party."
            )
    for measure in measures:
        yield from _own_faults(measure, by_name)
    yield from _bundle_faults(measures)


def _own_faults(measure: Measure, by_name: dict[str, Party]) -> Iterator[str]:
    owner = by_name.get(measure.owner)
    if owner is None:
        yield (
            f"{measure.name} belongs to {measure.owner!r}, who is no party. "
            f"{near(measure.owner, by_name)}"
        )
    if len(measure.levels) == 1 or len(set(measure.levels)) != len(measure.levels):
        yield (
            f"The levels of {measure.name} are {', '.join(measure.levels)}: name two or more, each "
            "once, or none."
        )
    if measure.expiry not in ("lapses", "stays"):
        yield f"{measure.name} {measure.expiry!r} at expiry: it 'lapses' or 'stays'."
    if not measure.reversible and measure.expiry == "lapses":
        yield f"{measure.name} cannot be undone and lapses at expiry: only one can be true."
    for moment in ("adopt", "renew", "repeal"):
        rule: Rule | None = getattr(measure, moment)
        if rule is not None and owner is not None:
            yield from rule_faults(rule, owner, f"The rule to {moment} {measure.name}")


def _bundle_faults(measures: Sequence[Measure]) -> Iterator[str]:
    """Measures of one renewal that differ in what there can be only one of."""
    first: dict[str, Measure] = {}
    for measure in (m for m in measures if m.renewed_with):
        name = measure.renewed_with
        other = first.setdefault(name, measure)
        if measure.owner != other.owner:
            yield (
                f"{name} renews {other.name} of {other.owner} and {measure.name} of "
                f"{measure.owner}: one decision is of one owner."
            )
        if measure.renew != other.renew:
            yield f"{name} renews {other.name} and {measure.name} by different rules: give one."


def lapsing_together(measures: Sequence[Measure]) -> dict[str, tuple[Measure, ...]]:
    """By the name of each measure that lapses, those that lapse with it, itself among them."""
    lapsing = [m for m in measures if m.expiry == "lapses"]
    return {
        m.name: tuple(o for o in lapsing if m is o or (m.renewed_with == o.renewed_with != ""))
        for m in lapsing
    }
