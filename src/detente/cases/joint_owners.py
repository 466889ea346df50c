"""Measures with several owners, each of whom holds one of its own.

`owner: [EU, G7]` states two measures at once, `ID-EU` and `ID-G7`: each is adopted, renewed and
repealed by its owner's rule, and what both close stays closed while one of them is in force. The
label `owner` in a setting stands for the members of each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from detente.cases.fields import day_or_none
from detente.world.errors import UnknownLabel
from detente.world.groups import parted

if TYPE_CHECKING:
    from detente.cases.errors import KeyPath
    from detente.cases.yaml_source import Marked

#: Stands in a setting for the members of the measure's owner.
OWNER = "owner"
_ENDS = ("origin", "market", "country")


@dataclass(frozen=True)
class SeveralOwners:
    """A case in which every measure has one owner.

    Attributes:
        marked: the data.
        written: of places of measures, the place in the file.
    """

    marked: Marked
    written: dict[KeyPath, int] = field(default_factory=dict)


def each_with_one_owner(marked: Marked) -> SeveralOwners:
    """The data with a measure for each owner, and the owner's members in its settings.

    What cannot be read stays as it is, for the checks to name.

    Args:
        marked: the data of a file in the present schema.
    """
    measures = marked.data.get("measures")
    if not isinstance(measures, list):
        return SeveralOwners(marked)
    members = _members(marked.data.get("parties"))
    day = day_or_none(marked.data.get("date")) or dt.date.max
    out: list[Any] = []
    written: dict[KeyPath, int] = {}
    for place, given in enumerate(measures):
        for one in _each(given):
            written["measures", len(out)] = place
            out.append(_with_members(one, members, day))
    if out == measures:
        return SeveralOwners(marked)
    return SeveralOwners(replace(marked, data={**marked.data, "measures": out}), written)


def _each(given: Any) -> list[Any]:
    """A measure for each of its owners."""
    owners: Any = given.get("owner") if isinstance(given, dict) else None
    if not _several(owners):
        return [given]
    rules = given.get("rules")
    apart = isinstance(rules, dict) and bool(rules) and set(rules) <= set(owners)
    return [
        {
            **given,
            "id": f"{given.get('id')}-{owner}",
            "label": f"{given.get('label')} ({owner})",
            "owner": owner,
            **({"rules": rules.get(owner, {})} if apart else {}),
        }
        for owner in owners
    ]


def _several(owners: Any) -> bool:
    named = isinstance(owners, list) and all(isinstance(o, str) and o.strip() for o in owners)
    return named and len(set(owners)) == len(owners) > 0


def _members(parties: Any) -> dict[str, tuple[str, ...]]:
    """The members of each party, as the file has them."""
    out: dict[str, tuple[str, ...]] = {}
    for party in parties if isinstance(parties, list) else ():
        if not isinstance(party, dict) or not isinstance(party.get("id"), str):
            continue
        given = party.get("members")
        labels = (given,) if isinstance(given, str) else given
        if isinstance(labels, list | tuple) and all(isinstance(x, str) for x in labels):
            out[party["id"]] = tuple(labels)
    return out


def _with_members(given: Any, members: dict[str, tuple[str, ...]], day: dt.date) -> Any:
    """A measure whose settings name the members of its owner in place of `owner`."""
    settings = given.get("sets") if isinstance(given, dict) else None
    if not isinstance(settings, list):
        return given
    own = members.get(given["owner"]) if isinstance(given.get("owner"), str) else None
    found = [_setting(one, own, day) for one in settings] if own else settings
    return given if found == settings else {**given, "sets": found}


def _setting(one: Any, own: tuple[str, ...], day: dt.date) -> Any:
    if not isinstance(one, dict):
        return one
    return {
        kind: {
            key: _choice(value, own, day) if key in _ENDS else value
            for key, value in effect.items()
        }
        if isinstance(effect, dict)
        else effect
        for kind, effect in one.items()
    }


def _choice(value: Any, own: tuple[str, ...], day: dt.date) -> Any:
    """The members of the owner, without those that `owner except …` leaves out of them."""
    try:
        included, excluded = parted(value) if isinstance(value, str) else ((), ())
    except UnknownLabel:
        return value
    if included != (OWNER,):
        return value
    if not excluded:
        return own[0] if len(own) == 1 else list(own)
    from detente.cases.labels import voters

    try:
        inside = set(voters(own, day))
        kept = [x for x in excluded if not inside.isdisjoint(voters((x,), day))]
        if len(own) > 1 or parted(own[0])[1]:
            # Exceptions of exceptions have no text of their own: the members are written out.
            left = set(voters(kept, day)) if kept else set()
            return [c for c in voters(own, day) if c not in left]
    except UnknownLabel:
        return value
    return f"{own[0]} except {', '.join(kept)}" if kept else own[0]
