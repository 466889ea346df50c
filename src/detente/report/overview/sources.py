"""What an answer rests on, in a few lines: data, legal acts and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.negotiation.words import number_word

if TYPE_CHECKING:
    from detente.cases import Case
    from detente.report.context import ViewContext


def sources_of(case: Case, context: ViewContext | None) -> tuple[str, ...]:
    """The data, the acts and the parameters behind an answer; the annex lists each.

    Args:
        case: the case answered.
        context: an answer of the trade model; None without trade.
    """
    return tuple(_sources(case, context))


def _sources(case: Case, context: ViewContext | None) -> Iterator[str]:
    if context is not None:
        yield f"Base year: {_first(context.assessment.world.source)}."
        yield from context.assessment.world.stand_in_notes
    for commodity in case.commodities:
        if commodity.source:
            yield f"{commodity.label}: {w.sentence(_first(commodity.source))}."
    if case.conflict is not None:
        yield f"{w.sentence(_first(case.conflict.source))}."
    acts = {act.title for m in case.measures for act in m.acts}
    if acts:
        yield f"{w.sentence(w.count(len(acts), 'legal act or other document', _ACTS))}."
    yield from _parameters(case)
    if case.valuations:
        estimated = sum(v.is_estimate for v in case.valuations)
        size = len(case.valuations)
        who = "all of them" if estimated == size else f"{number_word(estimated)} of them"
        yield f"Besides money: {w.count(size, 'value')}, {who} estimated by analysts."


_ACTS = "legal acts and other documents"


def _parameters(case: Case) -> Iterator[str]:
    """How many parameters there are, and how many of them are estimates."""
    given = [*case.parameters.values()]
    if not given:
        return
    estimated = sum(p.is_estimate for p in given)
    if estimated == len(given):
        said = "all of them analyst estimates"
    elif estimated:
        said = f"{number_word(estimated)} of them analyst estimates"
    else:
        said = "each with its publisher"
    yield f"{w.sentence(w.count(len(given), 'parameter'))}, {said}."


def _first(source: str) -> str:
    """The first part of a source, without what is said of its treatment."""
    return source.partition(";")[0].strip().rstrip(".")
