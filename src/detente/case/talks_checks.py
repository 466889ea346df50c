"""Does a negotiation hang together: parties, moves, levels, constraints, packages, events?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from detente.case.errors import Complaint, Path
from detente.case.label_checks import unknown
from detente.case.measures import Measure
from detente.case.talks import MOST_MOVES, ObservedMove, Package, Talks

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.case.parts import Parts


def talks_faults(parts: Parts) -> Iterator[Complaint]:
    """Every reference of the negotiation that leads nowhere or contradicts another."""
    for index, measure in parts.measures.items():
        yield from _measure_faults(("measures", index), measure, parts)
    yield from _valuation_faults(parts)
    for index, channel in parts.channels.items():
        path: Path = ("channels", index)
        yield from unknown((*path, "between"), "party", channel.between, parts.party_ids)
        if channel.between[0] == channel.between[1]:
            message = f"is {channel.between[0]} twice."
            yield (*path, "between"), message, "Name two parties."
        start, until = channel.start, channel.until
        if start is not None and until is not None and until <= start:
            message = f"{until} is not after {start}."
            yield (*path, "until"), message, "`until` is the first day that it is closed."
    for index, event in parts.events.items():
        yield from _event_faults(("events", index), event, parts)
    if parts.talks is not None:
        yield from _block_faults(parts.talks, parts)


def idle(case: Case) -> tuple[tuple[str, str], ...]:
    """Measures and interests that the negotiation never uses, each with the reason.

    A measure with no settings matters only through its effects on interests that somebody values.
    """
    worth = {v.interest for v in case.valuations if v.value != 0}
    moves = case.talks.moves if case.talks else ()
    out = []
    for measure in case.measures:
        if measure.sets:
            continue
        if measure.id not in moves:
            out.append((measure.id, "it sets nothing in the economy and is no move of the talks."))
        elif not set(measure.effects) & worth:
            out.append((measure.id, "nobody values the interests that it touches."))
    touched = {name for m in case.measures if m.id in moves for name in m.effects}
    for interest in case.interests:
        if interest.id not in touched:
            out.append((interest.id, "no move touches this interest."))
        elif interest.id not in worth:
            out.append((interest.id, "no party values this interest."))
    return tuple(out)


def unrenewed(case: Case) -> tuple[tuple[str, str], ...]:
    """Measures that a party is said to have kept on a day on which they would not have lapsed.

    They lapse unless renewed, so that the day is perhaps one of a renewal that nobody wrote down.
    """
    out = []
    for event in (e for e in case.events if e.move == "keep"):
        for measure in map(case.measure, event.measures):
            if measure.expiry == "lapses" and event.date not in case.renewed_on(measure.id):
                why = (
                    f"{event.party} kept it on {event.date}, which is not among the days on which "
                    "it was `renewed`: it is judged as not repealed. If it was renewed that day, "
                    "add the day."
                )
                out.append((measure.id, why))
    return tuple(out)


def _measure_faults(path: Path, measure: Measure, parts: Parts) -> Iterator[Complaint]:
    for name in measure.effects:
        yield from unknown((*path, "effects", name), "interest", (name,), parts.interest_ids)
    yield from unknown((*path, "ratified_by"), "party", measure.ratified_by, parts.party_ids)
    if measure.owner in measure.ratified_by:
        message = f"names {measure.owner}, the owner."
        yield (*path, "ratified_by"), message, "The owner's own rule is under its party."
    if measure.after is not None:
        known = tuple(m for m in parts.measure_ids if m != measure.id)
        yield from unknown((*path, "after"), "other measure", (measure.after,), known)
        yield from _level_faults((*path, "after"), measure, parts)
    if not measure.sets and not measure.effects:
        remedy = "Write `sets`, or `effects` on interests."
        yield path, "changes nothing: it has neither settings nor effects.", remedy
    never = "in_force" in measure.model_fields_set and not measure.in_force
    if not measure.in_force and not never and measure.id not in parts.moves:
        remedy = "Say when it was in force, write `[]` if it never was, or name it in talks.moves."
        message = "needs at least 1, has 0: it is no move of the talks."
        yield (*path, "in_force"), message, remedy
    if not measure.reversible and measure.expiry == "lapses":
        message = "says `lapses`, but the measure is not reversible, so that it cannot end."
        yield (*path, "expiry"), message, "Write `stays`, or let the measure be reversible."
    if not measure.reversible:
        for place, period in enumerate(measure.in_force):
            if period.until is not None:
                message = f"ends on {period.until}, but the measure is not reversible."
                remedy = "Leave `until` out; what undoes it is a measure of its own."
                yield (*path, "in_force", place, "until"), message, remedy
    for place, day in enumerate(measure.renewed):
        if not measure.in_force_on(day):
            message = f"{day} is a day on which it is not in force."
            yield (*path, "renewed", place), message, "Correct the day or the period."


def _level_faults(path: Path, measure: Measure, parts: Parts) -> Iterator[Complaint]:
    below = {m.id: m.after for m in parts.measures.values()}
    seen, step = {measure.id}, measure.after
    while step is not None and step not in seen:
        seen.add(step)
        step = below.get(step)
    if step == measure.id:
        chain = " → ".join(sorted(seen))
        yield path, f"goes round in a circle: {chain}.", "The lowest level has no `after`."
    if measure.id in parts.moves and measure.after not in parts.moves:
        message = f"names {measure.after}, which is no move of the talks."
        yield path, message, "Name it under talks.moves, or take `after` out."


def _valuation_faults(parts: Parts) -> Iterator[Complaint]:
    from detente.case.labels import voters

    first: dict[str, int] = {}
    parties = {p.id: p for p in parts.parties.values()}
    for index, valuation in parts.valuations.items():
        path: Path = ("valuations", index)
        yield from unknown((*path, "party"), "party", (valuation.party,), parts.party_ids)
        yield from unknown(
            (*path, "interest"), "interest", (valuation.interest,), parts.interest_ids
        )
        party = parties.get(valuation.party)
        if valuation.member is not None and party is not None:
            known = voters(party.members, parts.date or dt.date.max)
            what = f"member of {party.id}"
            yield from unknown((*path, "member"), what, (valuation.member,), known)
        if valuation.name in first:
            message = f"stands already at valuations[{first[valuation.name]}]."
            yield path, message, "Join the two."
        first.setdefault(valuation.name, index)


def _event_faults(path: Path, event: ObservedMove, parts: Parts) -> Iterator[Complaint]:
    yield from unknown((*path, "party"), "party", (event.party,), parts.party_ids)
    yield from unknown((*path, "measures"), "measure", event.measures, parts.measure_ids)
    eve = event.date - dt.timedelta(days=1)
    for measure in (m for m in parts.measures.values() if m.id in event.measures):
        if event.party != measure.owner:
            message = f"{measure.id} is a measure of {measure.owner}."
            yield (*path, "party"), message, "Name its owner, or another measure."
        before = measure.in_force_on(eve)
        if event.move == "adopt" and before:
            message = f"{measure.id} is in force on the day before, {eve}, already."
            yield (*path, "move"), message, "Say `keep`, or correct the day or the period."
        if event.move != "adopt" and not before:
            message = f"{measure.id} is not in force on the day before, {eve}."
            yield (*path, "move"), message, "Say `adopt`, or correct the day or the period."


def _block_faults(talks: Talks, parts: Parts) -> Iterator[Complaint]:
    path: Path = ("talks",)
    yield from unknown((*path, "moves"), "measure", talks.moves, parts.measure_ids)
    yield from unknown((*path, "signatories"), "party", talks.signatories, parts.party_ids)
    roles = {p.id: p.role for p in parts.parties.values()}
    for name in talks.signatories:
        if roles.get(name) == "affected":
            message = f"{name} is affected only and has no vote."
            yield (*path, "signatories"), message, "Take it out, or change its role."
    yield from _size_faults((*path, "moves"), talks.moves)
    yield from _idle_signatories((*path, "signatories"), talks, parts)
    yield from _twice((*path, "moves"), talks.moves)
    if isinstance(talks.status_quo, tuple):
        yield from unknown((*path, "status_quo"), "move", talks.status_quo, talks.moves)
    for place, constraint in enumerate(talks.constraints):
        here: Path = (*path, "constraints", place)
        named = (constraint.measure, *constraint.requires, *constraint.excludes)
        yield from unknown(here, "move", named, talks.moves)
        if len(named) == 1:
            yield here, "ties nothing together.", "Write requires or excludes."
        elif constraint.measure in named[1:]:
            yield here, f"names {constraint.measure} twice.", "Name another move."
    yield from _twice((*path, "packages"), [p.id for p in talks.packages], "id")
    for place, package in enumerate(talks.packages):
        yield from _package_faults((*path, "packages", place), package, talks)
    yield from _status_quo_faults(talks, parts)


def _size_faults(path: Path, moves: tuple[str, ...]) -> Iterator[Complaint]:
    """More moves than states can be kept of."""
    over = len(moves) - MOST_MOVES
    if over > 0:
        message = (
            f"{len(moves)} moves make {1 << len(moves):,} states; {MOST_MOVES} moves "
            f"({1 << MOST_MOVES:,} states) are the most that work."
        )
        remedy = (
            "join measures that only change together, or take as given what nobody would change"
        )
        yield path, message, f"Leave out {over}: {remedy}."


def _idle_signatories(path: Path, talks: Talks, parts: Parts) -> Iterator[Complaint]:
    """Signatories that have nothing to sign with."""
    owners = {m.owner for m in parts.measures.values() if m.id in talks.moves}
    if not {m.id for m in parts.measures.values()} >= set(talks.moves):
        return  # a faulty measure may be the one
    for name in talks.signatories:
        if name in parts.party_ids and name not in owners:
            message = f"{name} owns none of the moves, so that it has nothing to sign with."
            remedy = "Name a measure of its own under talks.moves, or take it out"
            yield path, message, f"{remedy}; its say over another's measure is `ratified_by`."


def _package_faults(path: Path, package: Package, talks: Talks) -> Iterator[Complaint]:
    for key in ("lift", "adopt"):
        yield from unknown((*path, key), "move", getattr(package, key), talks.moves)
    if not package.measures:
        yield path, "changes nothing.", "Write lift or adopt."
    yield from _twice(path, package.measures)
    if package.steps:
        stepped = [name for step in package.steps for name in step]
        yield from unknown((*path, "steps"), "measure of this package", stepped, package.measures)
        yield from _twice((*path, "steps"), stepped)
        left = [name for name in package.measures if name not in stepped]
        if left:
            yield (*path, "steps"), f"leave out {', '.join(left)}.", "Add a step for it."


def _status_quo_faults(talks: Talks, parts: Parts) -> Iterator[Complaint]:
    """The state at the start breaks a level or a constraint."""
    measures = {m.id: m for m in parts.measures.values() if m.id in talks.moves}
    day = talks.status_quo if isinstance(talks.status_quo, dt.date) else parts.date
    if isinstance(talks.status_quo, tuple):
        on = set(talks.status_quo)
    elif day is not None:
        on = {name for name, m in measures.items() if m.in_force_on(day)}
    else:
        return
    needs = [(m.id, m.after) for m in measures.values() if m.after in talks.moves]
    needs += [(c.measure, other) for c in talks.constraints for other in c.requires]
    broken = [f"{a} without {b}" for a, b in needs if a in on and b not in on]
    bars = [(c.measure, other) for c in talks.constraints for other in c.excludes]
    broken += [f"{a} with {b}" for a, b in bars if a in on and b in on]
    if broken:
        message = f"has {', '.join(broken)} in force."
        yield ("talks", "status_quo"), message, "Correct the periods, `after` or the constraints."


def _twice(path: Path, names: Iterable[str], key: str = "") -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in first:
            where = (*path, place, key) if key else path
            yield where, f"{name!r} stands twice.", "Remove one."
        first.setdefault(name, place)
