"""Who talks: governments, and blocs whose members decide by rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import final

from detente.talks.errors import label_faults, near
from detente.talks.voting.rule import Rule


@final
@dataclass(frozen=True)
class Party:
    """A government, or a bloc with members.

    Attributes:
        name: how measures, valuations and money refer to it.
        label: how sentences name it, such as `the EU`; the name if empty.
        rule: how its members decide where a measure has no rule of its own; None for a government.
        members: of a bloc, those of the rule if not given; empty for a government.
    """

    name: str
    label: str = ""
    rule: Rule | None = None
    members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        given = tuple(self.members) or (self.rule.members if self.rule is not None else ())
        object.__setattr__(self, "members", given)
        object.__setattr__(self, "label", self.label or self.name)

    @property
    def is_bloc(self) -> bool:
        """Whether members decide."""
        return bool(self.members)

    @property
    def holders(self) -> tuple[str, ...]:
        """Whose payoffs make up the party's: its members', or its own."""
        return self.members or (self.name,)


def party_faults(parties: Iterable[Party]) -> Iterator[str]:
    """Parties named twice, members in two blocs, blocs without a rule, rules with strangers."""
    known = tuple(parties)
    yield from label_faults([p.name for p in known], "party")
    yield from label_faults([h for p in known for h in p.holders], "party or member")
    for party in known:
        if party.is_bloc and party.rule is None:
            yield (
                f"{party.name} has members and no rule by which they decide: give it one, such as "
                "Unanimity(members)."
            )
        if party.rule is not None:
            yield from rule_faults(party.rule, party, f"The rule of {party.name}")


def rule_faults(rule: Rule, party: Party, whose: str) -> Iterator[str]:
    """Members whom a rule names and the party does not have."""
    if not party.is_bloc:
        yield f"{whose} is for members, and {party.name} has none: make it a bloc or leave it out."
        return
    for stranger in rule.members:
        if stranger not in party.members:
            yield (
                f"{whose} names {stranger!r}, who is no member of {party.name}. "
                f"{near(stranger, party.members)}"
            )
