"""Checks of a negotiation: whether parties can decide, and whether its parts hang together.

`party_faults` and `conflict_faults` look at rules and at a published conflict, `renewal_faults` and
`in_view_faults` at renewals and at what values were set in view of. `negotiation_faults` looks at
moves, levels, packages and events, and `range_faults` at the ranges that a negotiation carries
itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from detente._near import did_you_mean
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import FREE, PATIENCE, POSITIVE, SHARE_IN_USE, Bound, Spread, Use
from detente.cases.labels import unknown, voters
from detente.cases.measures import Measure
from detente.cases.negotiation import (
    MOST_MOVES,
    Conflict,
    Negotiation,
    ObservedMove,
    Package,
    unknown_states,
)
from detente.cases.renewals import Renewal
from detente.cases.rules import Rule

if TYPE_CHECKING:
    from detente.cases.case_data import CaseData
    from detente.cases.partial_case import Parts


_OWN_KEYS = {
    "double_majority": ("member_share", "population_share", "blocking_minority", "populations"),
    "weighted": ("votes", "quota"),
}
_NAMED = 6


def party_faults(parts: Parts) -> Iterator[Complaint]:
    """Every party without members, and every rule by which nobody could decide."""
    day = parts.date or dt.date.max
    by_id = {}
    for index, party in parts.parties.items():
        path: KeyPath = ("parties", index)
        members = voters(party.members, day)
        by_id[party.id] = members
        if not party.members and party.role != "ratifier" and parts.conflict is None:
            remedy = "Write ISO3 codes or groups; only a ratifier has none."
            yield (*path, "members"), "needs at least 1, has 0.", remedy
        yield from _rule_faults((*path, "rule"), party.rule, members)
    for index, measure in parts.measures.items():
        for key in ("adopt", "renew", "repeal"):
            rule: Rule | None = getattr(measure.rules, key)
            if rule is not None:
                where = ("measures", index, "rules", key)
                yield from _rule_faults(where, rule, by_id.get(measure.owner))
    for index, renewal in parts.renewals.items():
        if renewal.rule is not None:
            place: KeyPath = ("renewals", index, "rule")
            yield from _rule_faults(place, renewal.rule, by_id.get(renewal.owner))


def _rule_faults(path: KeyPath, rule: Rule, members: tuple[str, ...] | None) -> Iterator[Complaint]:
    given = rule.model_fields_set - {"kind"}
    for key in sorted(given - set(_OWN_KEYS.get(rule.kind, ()))):
        yield (*path, key), f"means nothing to {rule.kind}.", "Remove it, or change `kind`."
    if rule.kind == "weighted" and (rule.quota is None or not rule.votes):
        yield path, "a weighted vote needs votes and a quota.", "Write {votes: {...}, quota: ...}."
    elif rule.kind == "weighted" and rule.quota is not None:
        total = sum(rule.votes.values())
        if not 0 < rule.quota <= total:
            message = f"is {rule.quota:g}, of {total:g} votes in all."
            yield (*path, "quota"), message, "Write one above 0 that can be reached."
    for key in ("member_share", "population_share"):
        share: float = getattr(rule, key)
        if not 0 < share <= 1:
            yield (*path, key), f"is {share:g}, it must be above 0 and at most 1.", "Correct it."
    for key in ("votes", "populations"):
        numbers: dict[str, float] = getattr(rule, key)
        low = [c for c, v in numbers.items() if v < 0]
        if low:
            yield (*path, key), f"is below 0 for {', '.join(low)}.", "Correct the number."
        if numbers and members is not None:
            yield from unknown((*path, key), "member", numbers, members)
            left = [c for c in members if c not in numbers]
            strangers = [c for c in numbers if c not in members]
            # A name for each that is missing is a slip of names, told above.
            if left and len(left) != len(strangers):
                more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
                message = f"leaves out {', '.join(left[:_NAMED])}{more}."
                yield (*path, key), message, "Give every member a number."
    if rule.kind != "sovereign" and members is not None and len(members) < 2:
        message = f"is {rule.kind}, but the party has {len(members)} member on the case's date."
        yield path, message, "Name the members, or write `sovereign`."


def conflict_faults(parts: Parts) -> Iterator[Complaint]:
    """Every reference of a published conflict that leads nowhere, every ranking with a gap."""
    conflict = parts.conflict
    if conflict is None:
        if not parts.measure_ids:
            remedy = "Write what the parties control, or a published `conflict`."
            yield ("measures",), "needs at least 1, has 0.", remedy
        return
    path: KeyPath = ("conflict",)
    names = [option.id for option in conflict.options]
    for index, option in enumerate(conflict.options):
        where: KeyPath = (*path, "options", index)
        yield from unknown((*where, "owner"), "party", (option.owner,), parts.party_ids)
        if names.index(option.id) != index:
            yield (*where, "id"), f"{option.id!r} stands twice.", "Remove one."
    yield from _state_faults(path, conflict, tuple(names))
    for place, states in unknown_states(conflict).items():
        for state in states:
            near = did_you_mean(state, conflict.state_ids)
            yield (*path, *place), f"there is no state {state!r} here.", near
    yield from _ranking_faults(path, conflict, parts.party_ids)


def _state_faults(
    path: KeyPath, conflict: Conflict, options: tuple[str, ...]
) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    options_of: dict[tuple[frozenset[str], frozenset[str]], str] = {}
    for index, state in enumerate(conflict.states):
        where: KeyPath = (*path, "states", index)
        for key in ("taken", "either"):
            yield from unknown((*where, key), "option", getattr(state, key), options)
        both = set(state.taken) & set(state.either)
        if both:
            message = f"names {', '.join(sorted(both))}, which is taken."
            yield (*where, "either"), message, "Name it once."
        if state.id in first:
            yield (*where, "id"), f"{state.id!r} stands twice.", "Remove one."
        first.setdefault(state.id, index)
        same = options_of.setdefault((frozenset(state.taken), frozenset(state.either)), state.id)
        if same != state.id:
            message = f"is the same as state {same!r}: the same options are taken in both."
            yield where, message, "Remove one of the two, or correct what is taken."


def _ranking_faults(
    path: KeyPath, conflict: Conflict, party_ids: tuple[str, ...]
) -> Iterator[Complaint]:
    for key in ("preferences", "moves"):
        for party in getattr(conflict, key):
            yield from unknown((*path, key, party), "party", (party,), party_ids)
    for owner in dict.fromkeys(option.owner for option in conflict.options):
        if owner in party_ids and owner not in conflict.preferences:
            message = f"{owner} has options but no ranking."
            yield (*path, "preferences"), message, "Rank the states for it."
    for party, tiers in conflict.preferences.items():
        ranked = [state for tier in tiers for state in tier]
        left = [state for state in conflict.state_ids if state not in ranked]
        twice = sorted({state for state in ranked if ranked.count(state) > 1})
        if left:
            message = f"leaves out {', '.join(left)}."
            yield (*path, "preferences", party), message, "Rank every state."
        if twice:
            message = f"names {', '.join(twice)} twice."
            yield (*path, "preferences", party), message, "Rank every state once."


def renewal_faults(parts: Parts) -> Iterator[Complaint]:
    """Every decision that renews what it cannot, or on days on which it cannot."""
    by_id = {m.id: (k, m) for k, m in parts.measures.items()}
    first: dict[str, int] = {}
    for index, renewal in parts.renewals.items():
        path: KeyPath = ("renewals", index)
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
                yield from _renewed_measure_faults(path, renewal, *by_id[name])
        yield from _day_faults(path, renewal, [by_id[m][1] for m in renewal.measures if m in by_id])
        yield from _repeated_event_faults(renewal, parts)


def _renewed_measure_faults(
    path: KeyPath, renewal: Renewal, index: int, measure: Measure
) -> Iterator[Complaint]:
    where: KeyPath = ("measures", index)
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


def _day_faults(path: KeyPath, renewal: Renewal, measures: list[Measure]) -> Iterator[Complaint]:
    seen = set()
    for place, day in enumerate(renewal.renewed):
        where: KeyPath = (*path, "renewed", place)
        if day.date in seen:
            yield (*where, "date"), f"{day.date} stands twice.", "Remove one."
        seen.add(day.date)
        if day.until is not None and day.until <= day.date:
            message = f"{day.until} is not after {day.date}."
            yield (*where, "until"), message, "`until` is the day on which the new term ends."
        if measures and not any(m.in_force_on(day.date) for m in measures):
            message = f"{day.date} is a day on which none of its measures is in force."
            yield (*where, "date"), message, "Correct the day or the periods."


def _repeated_event_faults(renewal: Renewal, parts: Parts) -> Iterator[Complaint]:
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
        path: KeyPath = ("interests", index, "set_in_view")
        yield from unknown(path, "observed move", interest.set_in_view, known)
    for index, valuation in parts.valuations.items():
        path = ("valuations", index, "set_in_view")
        yield from unknown(path, "observed move", valuation.set_in_view, known)


def negotiation_uses(parts: Parts) -> Iterator[Use]:
    """Every number of effects, valuations, parties, channels and steps."""
    for index, measure in parts.measures.items():
        for interest, amount in measure.effects.items():
            yield Use(("measures", index, "effects", interest), amount, FREE, dated=True)
    for index, valuation in parts.valuations.items():
        yield Use(("valuations", index, "value"), valuation.value, FREE, dated=True)
    for path, spread, bound in _spreads(parts):
        yield Use(path, spread.value, bound)
    for index, party in parts.parties.items():
        yield Use(("parties", index, "weight"), party.weight, POSITIVE)
    if parts.negotiation is not None:
        yield Use(("negotiation", "step_years"), parts.negotiation.step_years, POSITIVE)


def range_faults(parts: Parts) -> Iterator[Complaint]:
    """Every range of its own that is reversed, misses its value or reaches the impossible."""
    for index, valuation in parts.valuations.items():
        path: KeyPath = ("valuations", index)
        if valuation.range is not None and isinstance(valuation.value, str):
            if valuation.value not in parts.parameter_names:
                continue  # it names no parameter, and is reported where it stands
            message = f"stands beside the name of a parameter, {valuation.value}."
            yield (*path, "range"), message, "Write the range at the parameter."
        elif valuation.range is not None and not isinstance(valuation.value, str):
            low, high = valuation.range
            if low > high:
                message = f"is reversed: {low:g} to {high:g}."
                yield (*path, "range"), message, "Write the lower end first."
            elif not low <= valuation.value <= high:
                message = f"{valuation.value:g} lies outside its own range, {low:g} to {high:g}."
                yield (*path, "value"), message, "Widen the range or correct the value."
    for path, spread, bound in _spreads(parts):
        if spread.range is None:
            continue
        low, high = spread.range
        if low > high:
            yield path, f"is reversed: {low:g} to {high:g}.", "Write the lower end first."
            continue
        for end in (e for e in spread.range if not bound.admits(e)):
            yield path, f"reaches {end:g}, it must be {bound.words}.", "Narrow the range."


def _spreads(parts: Parts) -> Iterator[tuple[KeyPath, Spread, Bound]]:
    for index, party in parts.parties.items():
        if party.patience is not None:
            yield ("parties", index, "patience"), party.patience, PATIENCE
        yield ("parties", index, "reservation"), party.reservation, FREE
    for index, channel in parts.channels.items():
        yield ("channels", index, "fidelity"), channel.fidelity, SHARE_IN_USE


def negotiation_faults(parts: Parts) -> Iterator[Complaint]:
    """Every reference of the negotiation that leads nowhere or contradicts another."""
    for index, measure in parts.measures.items():
        yield from _measure_faults(("measures", index), measure, parts)
    yield from _valuation_faults(parts)
    for index, channel in parts.channels.items():
        path: KeyPath = ("channels", index)
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
    if parts.negotiation is not None:
        yield from _block_faults(parts.negotiation, parts)


def idle(case: CaseData) -> tuple[tuple[str, str], ...]:
    """Measures and interests that the negotiation never uses, each with the reason.

    A measure with no settings matters only through its effects on interests that somebody values.
    """
    worth = {v.interest for v in case.valuations if v.value != 0}
    moves = case.negotiation.moves if case.negotiation else ()
    out = []
    for measure in case.measures:
        if measure.sets:
            continue
        if measure.id not in moves:
            out.append(
                (measure.id, "it sets nothing in the economy and is no move of the negotiation.")
            )
        elif not set(measure.effects) & worth:
            out.append((measure.id, "nobody values the interests that it touches."))
    touched = {name for m in case.measures if m.id in moves for name in m.effects}
    for interest in case.interests:
        if interest.id not in touched:
            out.append((interest.id, "no move touches this interest."))
        elif interest.id not in worth:
            out.append((interest.id, "no party values this interest."))
    return tuple(out)


def unrenewed(case: CaseData) -> tuple[tuple[str, str], ...]:
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


def _measure_faults(path: KeyPath, measure: Measure, parts: Parts) -> Iterator[Complaint]:
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
        remedy = (
            "Say when it was in force, write `[]` if it never was, or name it in negotiation.moves."
        )
        message = "needs at least 1, has 0: it is no move of the negotiation."
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


def _level_faults(path: KeyPath, measure: Measure, parts: Parts) -> Iterator[Complaint]:
    below = {m.id: m.after for m in parts.measures.values()}
    seen, step = {measure.id}, measure.after
    while step is not None and step not in seen:
        seen.add(step)
        step = below.get(step)
    if step == measure.id:
        chain = " → ".join(sorted(seen))
        yield path, f"goes round in a circle: {chain}.", "The lowest level has no `after`."
    if measure.id in parts.moves and measure.after not in parts.moves:
        message = f"names {measure.after}, which is no move of the negotiation."
        yield path, message, "Name it under negotiation.moves, or take `after` out."


def _valuation_faults(parts: Parts) -> Iterator[Complaint]:
    from detente.cases.labels import voters

    first: dict[str, int] = {}
    parties = {p.id: p for p in parts.parties.values()}
    for index, valuation in parts.valuations.items():
        path: KeyPath = ("valuations", index)
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


def _event_faults(path: KeyPath, event: ObservedMove, parts: Parts) -> Iterator[Complaint]:
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


def _block_faults(negotiation: Negotiation, parts: Parts) -> Iterator[Complaint]:
    path: KeyPath = ("negotiation",)
    yield from unknown((*path, "moves"), "measure", negotiation.moves, parts.measure_ids)
    moves = _moves_meant(negotiation, parts)
    yield from unknown((*path, "signatories"), "party", negotiation.signatories, parts.party_ids)
    roles = {p.id: p.role for p in parts.parties.values()}
    for name in negotiation.signatories:
        if roles.get(name) == "affected":
            message = f"{name} is affected only and has no vote."
            yield (*path, "signatories"), message, "Take it out, or change its role."
    yield from _size_faults((*path, "moves"), negotiation.moves)
    yield from _idle_signatories((*path, "signatories"), negotiation, parts)
    yield from _twice((*path, "moves"), negotiation.moves)
    if isinstance(negotiation.status_quo, tuple):
        yield from unknown((*path, "status_quo"), "move", negotiation.status_quo, moves)
    for place, constraint in enumerate(negotiation.constraints):
        here: KeyPath = (*path, "constraints", place)
        named = (constraint.measure, *constraint.requires, *constraint.excludes)
        yield from unknown(here, "move", named, moves)
        if len(named) == 1:
            yield here, "ties nothing together.", "Write requires or excludes."
        elif constraint.measure in named[1:]:
            yield here, f"names {constraint.measure} twice.", "Name another move."
    yield from _twice((*path, "packages"), [p.id for p in negotiation.packages], "id")
    for place, package in enumerate(negotiation.packages):
        yield from _package_faults((*path, "packages", place), package, moves)
    yield from _status_quo_faults(negotiation, parts)


def _moves_meant(negotiation: Negotiation, parts: Parts) -> tuple[str, ...]:
    """The moves; while one of them is no measure, every measure too, as any may be meant by it."""
    known = tuple(parts.measure_ids)
    return negotiation.moves + (() if {*negotiation.moves} <= {*known} else known)


def _size_faults(path: KeyPath, moves: tuple[str, ...]) -> Iterator[Complaint]:
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


def _idle_signatories(path: KeyPath, negotiation: Negotiation, parts: Parts) -> Iterator[Complaint]:
    """Signatories that have nothing to sign with."""
    owners = {m.owner for m in parts.measures.values() if m.id in negotiation.moves}
    if not {m.id for m in parts.measures.values()} >= set(negotiation.moves):
        return  # a faulty measure may be the one
    for name in negotiation.signatories:
        if name in parts.party_ids and name not in owners:
            message = f"{name} owns none of the moves, so that it has nothing to sign with."
            remedy = "Name a measure of its own under negotiation.moves, or take it out"
            yield path, message, f"{remedy}; its say over another's measure is `ratified_by`."


def _package_faults(path: KeyPath, package: Package, moves: tuple[str, ...]) -> Iterator[Complaint]:
    for key in ("lift", "adopt"):
        yield from unknown((*path, key), "move", getattr(package, key), moves)
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


def _status_quo_faults(negotiation: Negotiation, parts: Parts) -> Iterator[Complaint]:
    """The state at the start breaks a level or a constraint."""
    measures = {m.id: m for m in parts.measures.values() if m.id in negotiation.moves}
    day = negotiation.status_quo if isinstance(negotiation.status_quo, dt.date) else parts.date
    if isinstance(negotiation.status_quo, tuple):
        on = set(negotiation.status_quo)
    elif day is not None:
        on = {name for name, m in measures.items() if m.in_force_on(day)}
    else:
        return
    needs = [(m.id, m.after) for m in measures.values() if m.after in negotiation.moves]
    needs += [(c.measure, other) for c in negotiation.constraints for other in c.requires]
    broken = [f"{a} without {b}" for a, b in needs if a in on and b not in on]
    bars = [(c.measure, other) for c in negotiation.constraints for other in c.excludes]
    broken += [f"{a} with {b}" for a, b in bars if a in on and b in on]
    if broken:
        message = f"has {', '.join(broken)} in force."
        yield (
            ("negotiation", "status_quo"),
            message,
            "Correct the periods, `after` or the constraints.",
        )


def _twice(path: KeyPath, names: Iterable[str], key: str = "") -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in first:
            where = (*path, place, key) if key else path
            yield where, f"{name!r} stands twice.", "Remove one."
        first.setdefault(name, place)
