"""The model of a negotiation: parties, measures, and the states that measures make.

`Party` is a government, or a bloc whose members decide by rules. `Measure` can be in force or not,
and says whose decision that is. `StateSpace` numbers every combination of measures in force, one
bit a measure, and leaves out those that cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias, final

import numpy as np

from detente._types import Codes, Mask
from detente.negotiation.errors import NegotiationError, label_faults, near, require
from detente.negotiation.voting.decision_stages import Expiry
from detente.negotiation.voting.rules import Rule
from detente.negotiation.words import listed, quoted


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
    """For each measure that lapses, by name, those that lapse with it, itself among them."""
    lapsing = [m for m in measures if m.expiry == "lapses"]
    return {
        m.name: tuple(o for o in lapsing if m is o or (m.renewed_with == o.renewed_with != ""))
        for m in lapsing
    }


#: Some measures with what is asked of each: in force (True), not in force (False), or at least at
#: a level.
Pattern: TypeAlias = Mapping[str, bool | str]

MOST_BITS = 20


@final
@dataclass(frozen=True, eq=False)
class StateSpace:
    """All combinations of measures, S = 2^m states of m bits.

    Bit b of a state's code is `bits[b]`. Bits stand by owner in the order of the parties, then in
    the order of the measures, then by level, so that a party's own bits are neighbours.

    Attributes:
        parties: names of the parties, (n,).
        measures: the measures.
        bits: name of each bit, (m,).
        owner_b: index of the party that owns each bit, (m,).
        reversible_b: whether each bit can be taken back, (m,).
        feasible_s: which states can exist, (S,).
    """

    parties: tuple[str, ...]
    measures: tuple[Measure, ...]
    bits: tuple[str, ...]
    owner_b: Codes = field(repr=False)
    reversible_b: Mask = field(repr=False)
    feasible_s: Mask = field(repr=False)

    @classmethod
    def of(
        cls,
        parties: Sequence[str],
        measures: Sequence[Measure],
        *,
        forbidden: Iterable[Pattern] = (),
        implies: Iterable[tuple[Pattern, Pattern]] = (),
    ) -> StateSpace:
        """The states of some measures.

        Args:
            parties: names of the parties.
            measures: the measures.
            forbidden: patterns in which no state may be.
            implies: pairs of patterns; a state in the first has to be in the second.

        Raises:
            NegotiationError: if there are too many measures, or a pattern names none of them.
        """
        forbidden, implies = tuple(forbidden), tuple(implies)
        require(size_faults(measures))
        patterns = [*forbidden, *(p for pair in implies for p in pair)]
        require(f for p in patterns for f in pattern_faults(p, measures))
        ordered = [m for p in parties for m in measures if m.owner == p]
        bits = tuple(b for m in ordered for b in m.bits)
        space = cls(
            tuple(parties),
            tuple(ordered),
            bits,
            np.array([parties.index(m.owner) for m in ordered for _ in m.bits], dtype=np.int64),
            np.array([m.reversible for m in ordered for _ in m.bits], dtype=np.bool_),
            np.ones(1 << len(bits), dtype=np.bool_),
        )
        feasible = space._thermometers()
        for pattern in forbidden:
            feasible &= ~space.matching(pattern)
        for first, second in implies:
            feasible &= ~space.matching(first) | space.matching(second)
        if not feasible.any():
            raise NegotiationError(
                "No state is left: the patterns together forbid every one.", "Drop some."
            )
        return replace(space, feasible_s=feasible)

    @property
    def size(self) -> int:
        """How many states there are, those that cannot exist included."""
        return 1 << len(self.bits)

    @cached_property
    def codes(self) -> Codes:
        """Every state's code, (S,)."""
        return np.arange(self.size)

    @cached_property
    def all_feasible(self) -> bool:
        """Whether no state is excluded."""
        return bool(self.feasible_s.all())

    @cached_property
    def one_off(self) -> int:
        """The bits that cannot be taken back, as a code."""
        return sum(1 << b for b, back in enumerate(self.reversible_b) if not back)

    def span(self, party: int) -> tuple[int, int]:
        """First of a party's own bits, and how many it owns."""
        return self._spans[party]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        own = [np.flatnonzero(self.owner_b == i) for i in range(len(self.parties))]
        return [(int(o[0]) if len(o) else 0, len(o)) for o in own]

    def own(self, party: int) -> int:
        """A party's own bits as a code."""
        low, count = self.span(party)
        return ((1 << count) - 1) << low

    def code(self, state: Pattern | Iterable[str]) -> int:
        """The code of a state.

        Args:
            state: measures in force by name; or a pattern that also gives their levels. A measure
                with levels that is only said to be in force is at its highest.

        Raises:
            NegotiationError: for unknown names, or if that state cannot exist.
        """
        asked: Pattern = state if isinstance(state, Mapping) else dict.fromkeys(state, True)
        require(pattern_faults(asked, self.measures))
        code = 0
        for measure in self.measures:
            wanted = asked.get(measure.name, False)
            height = _height(measure, wanted, top=True)
            code |= sum(1 << self.bits.index(b) for b in measure.bits[:height])
        if not self.feasible_s[code]:
            raise NegotiationError(
                f"A state with {self.label(code)} cannot exist: a pattern forbids it.",
                "Ask about another state, or drop the pattern.",
            )
        return code

    def level(self, code: int, measure: Measure) -> int:
        """How high a measure is in a state: 0 for none."""
        return sum(code >> self.bits.index(b) & 1 for b in measure.bits)

    def in_force(self, code: int) -> dict[str, bool | str]:
        """The measures in force in a state, with the level of those that have levels."""
        heights = ((m, self.level(code, m)) for m in self.measures)
        return {m.name: m.levels[h - 1] if m.levels else True for m, h in heights if h}

    def label(self, code: int) -> str:
        """A state in words: the labels of what is in force."""
        heights = ((m, self.level(code, m)) for m in self.measures)
        sentences = [
            f"{quoted(m.label)} ({m.levels[h - 1]})" if m.levels else quoted(m.label)
            for m, h in heights
            if h
        ]
        return f"{listed(sentences)} in force" if sentences else "nothing in force"

    def change(self, before: int, after: int) -> str:
        """What differs between two states: '‘A’ and ‘B’ end', '‘C’ comes into force'."""
        ended, begun, _ = self._changes(before, after)
        sentences = self.changes(before, after)
        return _joined(sentences, ended, begun) if sentences else "nothing changes"

    def changes(self, before: int, after: int) -> list[str]:
        """What differs between two states: what ends, what begins, and what comes to a level."""
        ended, begun, levelled = self._changes(before, after)
        sentences = [f"{listed(ended)} end{_s(ended)}"] if ended else []
        sentences += [f"{listed(begun)} come{_s(begun)} into force"] if begun else []
        return [*sentences, *(f"{label} comes to {level}" for label, level in levelled)]

    def doing(self, before: int, after: int) -> str:
        """The change as what somebody does: 'ending ‘A’ and starting ‘C’'."""
        ended, begun, levelled = self._changes(before, after)
        sentences = [f"ending {listed(ended)}"] if ended else []
        sentences += [f"starting {listed(begun)}"] if begun else []
        sentences += [f"bringing {label} to {level}" for label, level in levelled]
        return _joined(sentences, ended, begun) if sentences else "changing nothing"

    def turn(self, before: int, after: int) -> str:
        """The change as a thing: 'the end of ‘A’ and the start of ‘C’'."""
        ended, begun, levelled = self._changes(before, after)
        sentences = [f"the end of {listed(ended)}"] if ended else []
        sentences += [f"the start of {listed(begun)}"] if begun else []
        sentences += [f"{label} at {level}" for label, level in levelled]
        return _joined(sentences, ended, begun) if sentences else "no change"

    def _changes(
        self, before: int, after: int
    ) -> tuple[list[str], list[str], list[tuple[str, str]]]:
        """Labels, quoted, of what ends, what begins, and what comes to which of its levels."""
        ended: list[str] = []
        begun: list[str] = []
        levelled = []
        for m in self.measures:
            low, high = self.level(before, m), self.level(after, m)
            if low != high and high and m.levels:
                levelled.append((quoted(m.label), m.levels[high - 1]))
            elif low != high:
                (begun if high else ended).append(quoted(m.label))
        return ended, begun, levelled

    def matching(self, pattern: Pattern) -> Mask:
        """Which states are in a pattern, (S,)."""
        found = np.ones(self.size, dtype=np.bool_)
        codes = np.arange(self.size)
        for measure in self.measures:
            if measure.name in pattern:
                wanted = pattern[measure.name]
                at = self.bits.index(measure.bits[max(_height(measure, wanted) - 1, 0)])
                found &= (codes >> at & 1 == 1) == (wanted is not False)
        return found

    def reachable(self, code: int, party: int | None = None) -> Codes:
        """Codes of the states that a party, or all together if None, can move to from a state."""
        free = self.own(party) if party is not None else self.size - 1
        there = self.codes if party is None else code & ~free | _subsets(free)
        kept = self.feasible_s[there] & (code & ~there & self.one_off == 0) & (there != code)
        return np.asarray(there[kept])

    def _thermometers(self) -> Mask:
        found = np.ones(self.size, dtype=np.bool_)
        codes = np.arange(self.size)
        for measure in self.measures:
            at = self.bits.index(measure.bits[0])
            for k in range(1, len(measure.bits)):
                found &= (codes >> (at + k) & 1) <= (codes >> (at + k - 1) & 1)
        return found


def pattern_faults(pattern: Pattern, measures: Sequence[Measure]) -> Iterator[str]:
    """Names of a pattern that are no measure, and levels that a measure does not have."""
    by_name = {m.name: m for m in measures}
    for name, wanted in pattern.items():
        measure = by_name.get(name)
        if measure is None:
            yield f"{name!r} is no measure. {near(name, by_name)}"
        elif not isinstance(wanted, bool) and wanted not in measure.levels:
            yield (
                f"{name} has no level {wanted!r}: "
                f"{listed(measure.levels) if measure.levels else 'it is in force or not'}."
            )


def size_faults(measures: Sequence[Measure]) -> Iterator[str]:
    """Too many measures for a state space, with what would do."""
    count = sum(len(m.bits) for m in measures)
    if count <= MOST_BITS:
        return
    levels = count - len(measures)
    saving = f", or drop levels, which take {levels} of the {count}" if levels else ""
    yield (
        f"{len(measures)} measures with {count} yes-or-no parts make {1 << count:,} states. "
        f"{MOST_BITS} parts ({1 << MOST_BITS:,} states) work: leave out {count - MOST_BITS}, join "
        f"measures that only change together, or take as given what nobody would change{saving}."
    )


def _height(measure: Measure, wanted: bool | str, *, top: bool = False) -> int:
    if isinstance(wanted, str):
        return measure.levels.index(wanted) + 1
    return 0 if not wanted else len(measure.bits) if top else 1


def _joined(said: Sequence[str], *lists: Sequence[str]) -> str:
    """Clauses as one, set off by a comma where one of them is itself a list."""
    if len(said) < 2 or max(map(len, lists)) < 2:
        return listed(said)
    return f"{', '.join(said[:-1])}, and {said[-1]}"


def _s(names: Sequence[str]) -> str:
    """Ending of the verb of one thing."""
    return "s" if len(names) == 1 else ""


def _subsets(free: int) -> Codes:
    found = np.zeros(1, dtype=np.int64)
    for bit in range(free.bit_length()):
        if free >> bit & 1:
            found = np.concatenate([found, found | 1 << bit])
    return found
