"""Who belonged to which group of countries on which day."""

from __future__ import annotations

import datetime
import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente._near import did_you_mean
from detente.world.errors import UnknownLabel, WorldError
from detente.world.names import all_names, code_of

if TYPE_CHECKING:
    from detente.world.base_year import BaseYear


_FILE = Path(__file__).parent / "data" / "groups.toml"
#: Stands for every country of the world at hand.
EVERYONE = "*"
_EXCEPT = re.compile(r"\s+except\s+")

Date = datetime.date | str | None


@dataclass(frozen=True)
class _Spell:
    """A country's membership, from its first to its last day (None: it lasts)."""

    country: str
    first: datetime.date
    last: datetime.date | None


def available_groups() -> tuple[str, ...]:
    """Names of the groups on file.

    Returns:
        tuple: names such as `EU` and `G7`.
    """
    return tuple(_on_file())


def members(group: str, date: Date = None) -> tuple[str, ...]:
    """ISO3 codes of a group's members on a day, whether or not a world has them.

    Args:
        group: a name of `available_groups`.
        date: a day, or its ISO 8601 text; None means those whose membership has not ended.

    Returns:
        tuple: codes in alphabetical order.

    Raises:
        UnknownLabel: for a group that is not on file.

    Example:
        >>> from detente.world import members
        >>> "GBR" in members("EU", "2020-01-31"), "GBR" in members("EU", "2020-02-01")
        (True, False)
    """
    if group not in _on_file():
        raise UnknownLabel(*_unknown(group, available_groups(), "group"))
    day = _day(date)
    return tuple(
        sorted(
            s.country
            for s in _on_file()[group]
            if (s.last is None if day is None else s.first <= day <= (s.last or day))
        )
    )


def expand(labels: str | Iterable[str], world: BaseYear, date: Date = None) -> tuple[str, ...]:
    """Countries of a world that codes, names, groups, `*` or choices such as `EU except HUN` mean.

    Members that the world does not hold separately are left out here; `not_separate` names them.

    Args:
        labels: one or more codes or names of countries, names of groups, or `*` for every country;
            `EU except HUN, SVK` leaves some out of what stands before it.
        world: the base year.
        date: the day on which membership counts; None means today's members on file.

    Returns:
        tuple: codes in the world's order, each once.

    Raises:
        UnknownLabel: for every label that is neither, and for a group none of whose members the
            world holds.

    Example:
        >>> from detente.world import expand, load_world
        >>> expand(["EAEU", "LTU"], load_world("oecd-2020"), "2024-01-01")
        ('BLR', 'KAZ', 'LTU', 'RUS')
        >>> len(expand("EU except HUN, SVK, CZE", load_world("oecd-2020"), "2024-01-01"))
        24
    """
    return _expanded(_listed(labels), world.countries, world.name, date)


def expand_among(
    label: str, countries: tuple[str, ...], of: str = "", date: Date = None
) -> tuple[str, ...]:
    """Countries among some that a code, group, `*` or choice means, as `expand` has it.

    Args:
        label: such as `EU` or `EU except HUN`.
        countries: ISO3 codes to choose from.
        of: what has these countries, for messages.
        date: the day on which membership counts; None means today's members on file.

    Returns:
        tuple: codes in the order of `countries`.

    Raises:
        UnknownLabel: a label that is neither, or a group none of whose members is there.

    Example:
        >>> from detente.world.groups import expand_among
        >>> expand_among("EU except HUN", ("DEU", "HUN", "USA"))
        ('DEU',)
    """
    return _expanded((label,), countries, of, date)


@functools.lru_cache(maxsize=4096)
def _expanded(
    labels: tuple[str, ...], countries: tuple[str, ...], world: str, date: Date
) -> tuple[str, ...]:
    found: set[str] = set()
    faults: list[str] = []
    for given in labels:
        included, excluded = parted(given)
        if excluded:
            try:
                without = _expanded(excluded, countries, world, date)
                found |= set(_expanded(included, countries, world, date)) - set(without)
            except UnknownLabel as error:
                faults += error.faults
            continue
        label = resolved(given, countries)
        if label == EVERYONE:
            found.update(countries)
        elif label in countries:
            found.add(label)
        elif label in _on_file():
            here = set(members(label, date)) & set(countries)
            found |= here
            if not here:
                faults.append(
                    f"The world {world or '(unnamed)'} holds no member of {label} separately. "
                    "Name its countries, or use a world that has them."
                    if members(label, date)
                    else f"{label} has no members on {date}: choose another date."
                )
        else:
            faults.append(" ".join(absent(given, countries, world, "country or group")))
    if faults:
        raise UnknownLabel(faults)
    return tuple(c for c in countries if c in found)


def parted(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a label takes in and what it leaves out: `EU except HUN, SVK` is EU without two.

    Only a text with the word `except` is taken apart; commas stand between labels on either side.

    Raises:
        UnknownLabel: nothing stands on one side of `except`, or it stands twice.

    Example:
        >>> from detente.world.groups import parted
        >>> parted("EU except HUN, SVK"), parted("EU")
        ((('EU',), ('HUN', 'SVK')), (('EU',), ()))
    """
    if not isinstance(label, str) or "except" not in label:
        return (label,), ()
    sides = [
        tuple(part.strip() for part in side.split(",") if part.strip())
        for side in _EXCEPT.split(f" {label} ")
    ]
    if len(sides) == 1:
        return (label,), ()
    if len(sides) > 2 or not all(sides):
        raise UnknownLabel(
            f"{label!r} is no choice of labels.",
            "Write it as 'EU except HUN, SVK, CZE', with labels on both sides of one `except`.",
        )
    return sides[0], sides[1]


def resolved(label: str, countries: tuple[str, ...]) -> str:
    """The code or group that a label means; a name of a country becomes its code."""
    if label in countries or label in _on_file() or label == EVERYONE:
        return label
    return code_of(label) or label


def not_separate(
    labels: str | Iterable[str], world: BaseYear, date: Date = None
) -> tuple[str, ...]:
    """Members of the groups named that a world does not hold separately.

    Args:
        labels: codes of groups; other labels are passed over.
        world: the base year.
        date: as for `expand`.

    Returns:
        tuple: ISO3 codes in alphabetical order; they are inside the world's `ROW`, if it has one.
    """
    inside: set[str] = set()
    for label in _listed(labels):
        if label in _on_file() and label not in world.countries:
            inside |= set(members(label, date)) - set(world.countries)
    return tuple(sorted(inside))


def _listed(labels: str | Iterable[str]) -> tuple[str, ...]:
    return (labels,) if isinstance(labels, str) else tuple(labels)


def _day(date: Date) -> datetime.date | None:
    if isinstance(date, str):
        try:
            return datetime.date.fromisoformat(date)
        except ValueError as error:
            raise WorldError(f"{date!r} is not a day.", "Write it as 2021-12-31.") from error
    return date


def absent(label: str, countries: tuple[str, ...], world: str, what: str) -> tuple[str, str]:
    """Why a world has no country of that code or name, and what to ask for instead."""
    code = code_of(label)
    if code in countries:
        return f"The world {world or '(unnamed)'} has no {what} {label!r}.", f"Write {code}."
    if code in all_names():
        named = f"{all_names()[code] if label == code else label} ({code})"
        if "ROW" in countries:
            return (
                f"{named} is inside ROW, the rest of the world, in {world or 'this world'}.",
                f'Take it out with split_country("{code}", …), or name ROW.',
            )
        return (
            f"{named} has no row of its own in the world {world or '(unnamed)'}.",
            "Use a world that has one.",
        )
    return _unknown(label, (*countries, *_on_file(), EVERYONE), what)


def _unknown(label: str, known: tuple[str, ...], what: str) -> tuple[str, str]:
    hint = did_you_mean(label, known, f"Known: {', '.join(known[:12])}…")
    return f"There is no {what} {label!r}.", hint


@functools.cache
def _on_file() -> dict[str, tuple[_Spell, ...]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        group: tuple(
            _Spell(country, row["from"], row.get("until"))
            for row in entry["members"]
            for country in row["countries"]
        )
        for group, entry in table.items()
    }
