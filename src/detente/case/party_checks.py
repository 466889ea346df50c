"""Can the parties of a case decide, and does a published conflict hang together?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.conflict import Conflict, unknown_states
from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.label_checks import unknown
from detente.case.labels import voters
from detente.case.rules import Rule

if TYPE_CHECKING:
    from detente.case.parts import Parts

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
        path: Path = ("parties", index)
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
            place: Path = ("renewals", index, "rule")
            yield from _rule_faults(place, renewal.rule, by_id.get(renewal.owner))


def _rule_faults(path: Path, rule: Rule, members: tuple[str, ...] | None) -> Iterator[Complaint]:
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
    path: Path = ("conflict",)
    names = [option.id for option in conflict.options]
    for index, option in enumerate(conflict.options):
        where: Path = (*path, "options", index)
        yield from unknown((*where, "owner"), "party", (option.owner,), parts.party_ids)
        if names.index(option.id) != index:
            yield (*where, "id"), f"{option.id!r} stands twice.", "Remove one."
    yield from _state_faults(path, conflict, tuple(names))
    for place, states in unknown_states(conflict).items():
        for state in states:
            near = did_you_mean(state, conflict.state_ids)
            yield (*path, *place), f"there is no state {state!r} here.", near
    yield from _ranking_faults(path, conflict, parts.party_ids)


def _state_faults(path: Path, conflict: Conflict, options: tuple[str, ...]) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    options_of: dict[tuple[frozenset[str], frozenset[str]], str] = {}
    for index, state in enumerate(conflict.states):
        where: Path = (*path, "states", index)
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
    path: Path, conflict: Conflict, party_ids: tuple[str, ...]
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
