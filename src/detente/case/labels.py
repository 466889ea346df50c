"""Which countries, groups and goods a case may name, as its world knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from detente.case.selection import Selection

if TYPE_CHECKING:
    from detente.world import World


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


def labels_of(world: str, folder: Path | None) -> Labels:
    """The labels of a bundled world, or of one in a file beside the case.

    Raises:
        detente.world.WorldError: if there is no such world, or it cannot be used.
    """
    from detente.world import available_groups, load_world

    chosen = load_world(world_path(world, folder))
    return Labels(chosen.countries, chosen.goods, tuple(available_groups()), chosen)


def world_path(world: str, folder: Path | None) -> str | Path:
    """A bundled world's name as it is; any other as a path, taken from the case's folder."""
    from detente.world import available_worlds

    if world in available_worlds() or folder is None:
        return world
    beside = folder / world
    return beside if beside.exists() else world


def chosen_countries(chosen: Selection, world: World, day: dt.date) -> tuple[str, ...]:
    """The countries of a world that a choice stands for, with groups as they were on the day."""
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
