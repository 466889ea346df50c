"""Countries that a case takes out of the rest of its world, with what it knows of their trade."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from detente.cases.economy import ANALYST
from detente.cases.errors import Complaint
from detente.cases.fields import Entry, Number, Text
from detente.world.errors import WorldError

if TYPE_CHECKING:
    from detente.world import World


class StandInGood(Entry):
    """What is known of one good of a country that is taken out of the rest of the world."""

    exports: dict[Text, Number] | None = Field(
        default=None,
        description="Sales by partner, an ISO3 code or a name; who is not named buys none. Left "
        "out: as the rest of the world.",
    )
    imports: dict[Text, Number] | None = Field(
        default=None, description="Purchases by partner, in the same way."
    )
    output: Number | None = Field(
        default=None, description="What it makes in a year; what it does not export stays at home."
    )
    price: Number | None = Field(
        default=None,
        description="USD per unit of these quantities; left out, they are USD million.",
    )
    part: bool = Field(
        default=False,
        description="Whether these figures are only a part of the good, such as crude oil in a "
        "sector that joins mining and food.",
    )
    source: Text = Field(default=ANALYST, description="Publisher and year.")


class StandIn(Entry):
    """A country that is taken out of the rest of the world, with its structure."""

    id: Text = Field(description="Its ISO3 code.")
    taken_from: Text = Field(
        default="ROW", alias="from", description="The country of the world that it is part of."
    )
    gdp: Number | None = Field(
        default=None,
        description="Value added in the world's year, USD million; left out, the World Bank's "
        "figure where there is one.",
    )
    exports: Number | None = Field(
        default=None, description="Sales abroad of all goods and services, USD million."
    )
    imports: Number | None = Field(default=None, description="Purchases abroad, in the same way.")
    goods: dict[Text, StandInGood] = Field(
        default_factory=dict,
        description="What is known of its trade, by good of the world. A code of the product "
        "layer, as '270900': {}, takes its trade of the world's year from there.",
    )
    source: str = Field(default="", description="Of its GDP, exports and imports.")
    note: str = ""


def with_stand_ins(world: World, entries: Sequence[StandIn]) -> World:
    """A world with the countries that a case takes out of it.

    Args:
        world: as it is on file.
        entries: those of the case.

    Returns:
        World: the same where there are none; equal entries give the same world of a process.

    Raises:
        WorldError: a country that cannot be taken out.
    """
    for entry in entries:
        world = _taken_out(world, entry.model_dump_json(by_alias=True))
    return world


@functools.lru_cache(maxsize=32)
def _taken_out(world: World, entry: str) -> World:
    from detente.world import split_country

    given = json.loads(entry)
    return split_country(
        world,
        given["id"],
        from_=given["from"],
        gdp=given["gdp"],
        exports=given["exports"],
        imports=given["imports"],
        goods=given["goods"],
        source=given["source"],
    )


def checked_stand_ins(data: Mapping[str, Any], world: World) -> tuple[World, list[Complaint]]:
    """A world with the countries that a case's data take out of it, and what is wrong with them.

    Args:
        data: the keys of a case; what is not in order is said where the whole case is read.
        world: as it is on file.
    """
    faults: list[Complaint] = []
    entries = data.get("countries")
    for index, given in enumerate(entries if isinstance(entries, list) else ()):
        try:
            world = with_stand_ins(world, (StandIn.model_validate(given),))
        except ValidationError:
            continue
        except WorldError as error:
            faults += [
                (("countries", index), f"cannot be taken out. {fault}", "")
                for fault in error.faults
            ]
    return world, faults
