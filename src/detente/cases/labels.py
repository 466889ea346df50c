"""Labels that a case may name: countries, groups and goods, as its world knows them.

Loading and checks meet the world here alone. `Labels` is the result; `labels_of` makes it, and
`checked_labels` does so with a fault instead of an error. `selection_faults`, `unknown` and
`missing` say which label leads nowhere, with the nearest known ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._near import did_you_mean
from detente.cases.errors import Complaint, KeyPath
from detente.cases.fields import Selection
from detente.cases.stand_ins import StandIn, checked_stand_ins, with_stand_ins
from detente.world.groups import absent, parted
from detente.world.names import all_names, code_of

if TYPE_CHECKING:
    from detente.world import World


ALL = "*"


def selection_faults(
    path: KeyPath, what: str, chosen: Selection, known: tuple[str, ...]
) -> Iterator[Complaint]:
    """Every label of a choice that is not known."""
    yield from unknown(path, what, chosen.include, (*known, ALL))
    yield from unknown(
        (*path, "except") if chosen.include == (ALL,) else path, what, chosen.exclude, known
    )


def unknown(
    path: KeyPath, what: str, words: Iterable[str], known: Iterable[str]
) -> Iterator[Complaint]:
    """Every word that is not among the known ones."""
    names = tuple(known)
    for given in words:
        for word in (w for side in _sides(what, given) for w in side):
            if word not in names:
                yield path, *missing(what, word, names)


def _sides(what: str, label: str) -> tuple[tuple[str, ...], ...]:
    """The labels of a choice of countries such as 'EU except HUN, SVK'; else the label alone."""
    return parted(label) if what.startswith("country") else ((label,),)


def missing(what: str, word: str, names: tuple[str, ...]) -> tuple[str, str]:
    """What is wrong with a label that is not known, and what to write."""
    code = code_of(word) if what.startswith("country") else None
    if code in names:
        return f"there is no {what} {word!r} here.", f"Write {code}."
    if code in all_names() and "ROW" in names:
        return (
            absent(code, tuple(names), "", what)[0],
            f"Take it out with `countries: [{{id: {code}, from: ROW}}]`, or name ROW.",
        )
    near = did_you_mean(word, (k for k in names if k != ALL))
    return f"there is no {what} {word!r} here.", near


@dataclass(frozen=True)
class Labels:
    """The labels of a world.

    Attributes:
        countries: ISO3 codes.
        goods: names of goods.
        groups: names of groups of countries.
        world: the world itself.
    """

    countries: tuple[str, ...]
    goods: tuple[str, ...]
    groups: tuple[str, ...]
    world: World = field(repr=False)

    def chosen(self, choice: Selection, day: dt.date | None) -> frozenset[str]:
        """The countries that a choice stands for; none where a label of it leads nowhere.

        Args:
            choice: countries and groups.
            day: whose members of groups are meant; the latest on file if None.
        """
        from detente.world import WorldError

        try:
            return frozenset(chosen_countries(choice, self.world, day or dt.date.max))
        except WorldError:
            return frozenset()


def labels_of(world: str, folder: Path | None, stand_ins: Sequence[StandIn] = ()) -> Labels:
    """The labels of a bundled world, or of one in a file beside the case.

    Args:
        world: as the case writes it.
        folder: that of the case; None for text alone.
        stand_ins: countries that the case takes out of the rest of the world.

    Raises:
        detente.world.WorldError: if there is no such world, or it cannot be used.
    """
    from detente.world import load_world

    return labels_in(with_stand_ins(load_world(world_path(world, folder)), stand_ins))


def labels_in(chosen: World) -> Labels:
    """The labels of a world."""
    from detente.world import available_groups

    return Labels(chosen.countries, chosen.goods, tuple(available_groups()), chosen)


def checked_labels(
    world: str, folder: Path | None, data: Mapping[str, Any]
) -> tuple[Labels | None, list[tuple[KeyPath, str, str]]]:
    """The labels of the world that a file names, or what is wrong with it; neither if it has none.

    Args:
        world: as written; empty where the key itself is at fault.
        folder: of the file; None for text, which can name bundled worlds only.
        data: the keys of the case, with the countries that it takes out of the world.
    """
    from detente.world import WorldError, worlds

    if not world:
        return None, []
    if folder is None and world not in worlds():
        near = did_you_mean(world, worlds())
        return None, [(("world",), f"there is no bundled world {world!r}.", near)]
    try:
        found, faults = checked_stand_ins(data, labels_of(world, folder).world)
        return labels_in(found), faults
    except WorldError as error:
        first, *rest = error.faults
        more = f" ({len(rest)} more)" if rest else ""
        return None, [(("world",), f"cannot be used. {first}{more}", "")]


def world_path(world: str, folder: Path | None) -> str | Path:
    """A bundled world's name as it is; any other as a path, taken from the case's folder.

    Args:
        world: as the case writes it.
        folder: that of the case; None for text alone.

    Returns:
        str: a bundled world's name, or the path of a file.
    """
    from detente.world import worlds

    if world in worlds() or folder is None:
        return world
    beside = folder / world
    return beside if beside.exists() else world


def chosen_countries(chosen: Selection, world: World, day: dt.date) -> tuple[str, ...]:
    """The countries of a world that a choice stands for, with groups as they were on the day.

    Args:
        chosen: codes, groups, and exceptions.
        world: whose countries are meant.
        day: whose members the groups have.

    Returns:
        tuple: ISO3 codes in the order of the world.
    """
    from detente.world import expand

    included = expand(chosen.include, world, day)
    if not chosen.exclude:
        return included
    without = frozenset(expand(chosen.exclude, world, day))
    return tuple(c for c in included if c not in without)


def voters(members: Iterable[str], day: dt.date) -> tuple[str, ...]:
    """ISO3 codes that labels stand for on a day, each once, whether or not a world has them."""
    from detente.world import available_groups
    from detente.world import members as members_of
    from detente.world.groups import parted

    groups = available_groups()

    def codes(labels: Iterable[str]) -> dict[str, None]:
        found = (c for m in labels for c in (members_of(m, day) if m in groups else (m,)))
        return dict.fromkeys(found)

    out: dict[str, None] = {}
    for label in members:
        included, excluded = parted(label)
        without = codes(excluded)
        out |= {c: None for c in codes(included) if c not in without}
    return tuple(out)
