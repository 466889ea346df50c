"""Does what one decision renews hang together, and are the moves known that values rest on?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.errors import Complaint, Path
from detente.case.label_checks import unknown
from detente.case.measures import Measure
from detente.case.renewals import Renewal

if TYPE_CHECKING:
    from detente.case.parts import Parts


def renewal_faults(parts: Parts) -> Iterator[Complaint]:
    """Every decision that renews what it cannot, or on days on which it cannot."""
    by_id = {m.id: (k, m) for k, m in parts.measures.items()}
    first: dict[str, int] = {}
    for index, renewal in parts.renewals.items():
        path: Path = ("renewals", index)
        yield from unknown((*path, "owner"), "party", (renewal.owner,), parts.party_ids)
        yield from unknown((*path, "measures"), "measure", renewal.measures, parts.measure_ids)
        if renewal.id in parts.measure_ids:
            message = f"{renewal.id!r} is the id of a measure already."
            yield (*path, "id"), message, "Give it another name."
        for name in renewal.measures:
            if name in first:
                message = f"{name} stands already at renewals[{first[name]}]."
                yield (*path, "measures"), message, "One decision renews a measure: name it once."
            first.setdefault(name, index)
            if name in by_id:
                yield from _measure_faults(path, renewal, *by_id[name])
        yield from _day_faults(path, renewal, [by_id[m][1] for m in renewal.measures if m in by_id])
        yield from _event_faults(renewal, parts)


def _measure_faults(
    path: Path, renewal: Renewal, index: int, measure: Measure
) -> Iterator[Complaint]:
    where: Path = ("measures", index)
    if measure.owner != renewal.owner:
        message = f"{measure.id} is a measure of {measure.owner}, not of {renewal.owner}."
        yield (*path, "measures"), message, "One decision is of one owner."
    if measure.expiry != "lapses":
        message = f"{measure.id} stays, but {renewal.id} renews it."
        remedy = "Write `expiry: lapses` at the measure, or take it out of `renewals`."
        yield (*where, "expiry"), message, remedy
    if measure.renewed:
        message = f"stands beside {renewal.id}, which renews {measure.id} with others."
        yield (*where, "renewed"), message, "Write the days under `renewals`, not here."
    if measure.rules.renew is not None:
        message = f"stands beside {renewal.id}, which renews {measure.id} with others."
        yield (*where, "rules", "renew"), message, "Write the rule under `renewals`, not here."


def _day_faults(path: Path, renewal: Renewal, measures: list[Measure]) -> Iterator[Complaint]:
    seen = set()
    for place, day in enumerate(renewal.renewed):
        where: Path = (*path, "renewed", place)
        if day.date in seen:
            yield (*where, "date"), f"{day.date} stands twice.", "Remove one."
        seen.add(day.date)
        if day.until is not None and day.until <= day.date:
            message = f"{day.until} is not after {day.date}."
            yield (*where, "until"), message, "`until` is the day on which the new term ends."
        if measures and not any(m.in_force_on(day.date) for m in measures):
            message = f"{day.date} is a day on which none of its measures is in force."
            yield (*where, "date"), message, "Correct the day or the periods."


def _event_faults(renewal: Renewal, parts: Parts) -> Iterator[Complaint]:
    days = {day.date for day in renewal.renewed}
    for index, event in parts.events.items():
        kept = event.move == "keep" and set(event.measures) & set(renewal.measures)
        if kept and event.date in days:
            message = f"{event.date} is a day on which {renewal.id} was renewed."
            remedy = "Each day under `renewals` is an observed move already: remove this one."
            yield ("events", index, "date"), message, remedy


def in_view_faults(parts: Parts) -> Iterator[Complaint]:
    """Values said to be set in view of a move that nobody wrote down."""
    known = [e.id for e in parts.events.values() if e.id]
    known += [r.move_id(day.date) for r in parts.renewals.values() for day in r.renewed]
    for index, interest in parts.interests.items():
        path: Path = ("interests", index, "set_in_view")
        yield from unknown(path, "observed move", interest.set_in_view, known)
    for index, valuation in parts.valuations.items():
        path = ("valuations", index, "set_in_view")
        yield from unknown(path, "observed move", valuation.set_in_view, known)
