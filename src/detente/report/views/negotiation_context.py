"""What all views of a negotiation share: names, units, and what of it is estimated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.labels import in_sentence, name_of, spelled

if TYPE_CHECKING:
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.negotiation import Conflict


MONEY = "USD million a year"
#: A difference below this, in USD million a year, is none.
NOTHING = 0.05


def changes_in_words(ends: Iterable[str], begins: Iterable[str]) -> str:
    """'ends: A – begins: B; C', or 'nothing' where nothing changes."""
    parts = [("ends: ", [*ends]), ("begins: ", [*begins])]
    return " – ".join(head + "; ".join(some) for head, some in parts if some) or "nothing"


@dataclass(frozen=True, eq=False)
class NegotiationViewContext:
    """A negotiation answered, and how readers know what is in it.

    Attributes:
        negotiation: the answer.
    """

    negotiation: NegotiationAnswer

    @cached_property
    def conflict(self) -> Conflict | None:
        """States with payoffs; None for a published conflict, whose preferences are ordinal."""
        from detente.negotiation import Conflict

        found = self.negotiation.conflict
        return found if isinstance(found, Conflict) else None

    @cached_property
    def _parties(self) -> dict[str, str]:
        from detente.analysis.negotiation.labels import party_labels

        case = {party.id: party.name for party in self.negotiation.case.parties}
        return case | {
            label: case[name] for name, label in party_labels(self.negotiation.case).items()
        }

    @cached_property
    def _measures(self) -> dict[str, str]:
        return {m.id: m.label for m in self.negotiation.case.measures}

    def party(self, name: str) -> str:
        """A party by its id or label, or a member by its code, as tables name it."""
        return self._parties.get(name) or name_of(name)

    @cached_property
    def _prose(self) -> dict[str, str]:
        from detente.analysis.negotiation.labels import party_labels

        labels = party_labels(self.negotiation.case)
        return labels | {label: label for label in labels.values()}

    def parameter(self, name: str) -> str:
        """A parameter that is drawn, by its dotted name, in words."""
        from detente.analysis.negotiation.labels import parameter_words

        return self.named(parameter_words(self.negotiation.case, name))

    def named(self, text: str) -> str:
        """A sentence of the analysis with members of blocs by name instead of by code."""
        members = () if self.conflict is None else self.conflict.parties
        return spelled(text, {m for p in members for m in p.members})

    def apart(self, label: str) -> str:
        """A party in points and on fronts, with whom of its members its gain leaves out."""
        deals = self.negotiation.deals
        names = deals.inside.get(label, ()) if deals is not None else ()
        return f"{self.party(label)} without {self.parties(names)}" if names else self.party(label)

    def together(self, name: str) -> str:
        """A party by its id where its gain is the sum over all its members."""
        deals = self.negotiation.deals
        labels = dict(
            zip(self.negotiation.conflict.names, self.negotiation.conflict.labels, strict=True)
        )
        names = deals.inside.get(labels.get(name, ""), ()) if deals is not None else ()
        return f"{self.party(name)} with {self.parties(names)}" if names else self.party(name)

    def parties(self, names: Iterable[str]) -> str:
        """Several of them as a list in a table."""
        return w.listing(map(self.party, names))

    def whom(self, *names: str) -> str:
        """Several of them as a list inside a sentence, 'the United States and Belarus'."""
        return w.listing(self._prose.get(name) or in_sentence(name) for name in names)

    def measure(self, name: str) -> str:
        """A measure by its id, as tables name it."""
        return self._measures.get(name, name)

    def change(self, before: int, after: int) -> str:
        """What differs between two states: 'ends: A; B – begins: C'."""
        conflict = self.conflict
        if conflict is None:
            return self.negotiation.conflict.change(before, after)
        space = conflict.space
        ends, begins = [], []
        for m in space.measures:
            low, high = space.level(before, m), space.level(after, m)
            level = f" ({m.levels[high - 1]})" if high and m.levels else ""
            if high < low and not high:
                ends.append(m.label)
            elif high != low:
                begins.append(f"{m.label}{level}")
        return changes_in_words(ends, begins)

    def number_of_changes(self, before: int, after: int) -> int:
        """How many measures differ between two states."""
        conflict = self.conflict
        if conflict is None:
            return 1
        space = conflict.space
        return sum(space.level(before, m) != space.level(after, m) for m in space.measures)

    def switched(self, measures: Iterable[str]) -> str:
        """Some measures by id, put the other way round from the status quo."""
        conflict = self.conflict
        assert conflict is not None
        bits = conflict.space.bits
        code = sum(1 << bits.index(m) for m in measures)
        return self.change(conflict.status_quo, conflict.status_quo ^ code)

    @property
    def source(self) -> str:
        """Where the numbers of the charts come from."""
        case = self.negotiation.case
        run = f", {self.negotiation.horizon} run" if self.negotiation.horizon else ""
        return f"détente, case ‘{case.name}’{run}"

    @property
    def estimates(self) -> str:
        """What of this rests on analyst estimates, in a sentence; empty if nothing does."""
        given = self.negotiation.case.valuations
        marked = sum(v.is_estimate for v in given)
        if not marked:
            return ""
        whole = "All" if marked == len(given) else f"{marked} of"
        return (
            f"Rests on analyst estimates: {whole} {w.count(len(given), 'value')} that the case "
            "sets on what is not money are such. Money, implied stakes and rules of voting, "
            "further up, do not hang on them."
        )


def some(names: Iterable[str], most: int = 6) -> str:
    """Names as a list, cut where there are many: 'A, B and 25 others'; empty for none."""
    given = list(names)
    if len(given) <= most + 1:
        return w.listing(given)
    return f"{', '.join(given[:most])} and {len(given) - most} others"


def measured(codes: int) -> list[int]:
    """Places of the bits that are set."""
    return [k for k in range(codes.bit_length()) if codes >> k & 1]
