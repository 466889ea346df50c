"""A measure that is added to an open case: its faults by field, or what it closes in a sentence.

`Addition` is the result and `addition_of` makes it. Nothing is solved, and the case stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis.closings import share_words, shares_of
from detente.analysis.reach import reach_of
from detente.cases import CaseError, Fault
from detente.negotiation.words import upper_first
from detente.report.views.measures import reached

if TYPE_CHECKING:
    from detente.app.cases import Cases
    from detente.cases import Case
    from detente.world import World


@dataclass(frozen=True)
class Addition:
    """What is wrong with a measure that is added, or what it does to trade.

    Attributes:
        faults: all of them; none of a sound measure.
        sentences: what each of its settings closes or changes; none with faults.
    """

    faults: tuple[Fault, ...]
    sentences: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "ok": not self.faults,
            "faults": [
                {"key": f.key, "message": f.message, "remedy": f.remedy, "line": f.line}
                for f in self.faults
            ],
            "sentences": list(self.sentences),
        }


def addition_of(
    cases: Cases, identifier: str, added: list[dict[str, Any]], place: int, world: World
) -> Addition:
    """Check one of the measures that are added to a case, and say what it closes.

    Args:
        cases: the cases that the app holds.
        identifier: of the case.
        added: all measures that are added to it.
        place: which of these is asked about.
        world: the base year with the case's commodities.
    """
    try:
        case = cases.open(identifier, added).case
    except CaseError as error:
        return Addition(tuple(error.faults), ())
    return Addition((), tuple(_words(case, str(added[place]["id"]), world)))


def _words(case: Case, identifier: str, world: World) -> list[str]:
    measure = case.measure(identifier)
    owner = case.party(measure.owner).name
    said = []
    for reach in reach_of(case, measure, world, case.date):
        if not reach.flows:
            said.append("Closes nothing: there is no such trade in the base year.")
            continue
        goods = getattr(reach.setting.effect, "goods", None)
        every = goods is not None and "*" in goods.include
        of = "" if every else " of it"
        part = share_words(shares_of(case, measure, reach, world), of)
        said.append(f"{upper_first(reached(reach, owner, part))}.")
    return said
