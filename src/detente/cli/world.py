"""`detente world show|check`: the base year, and whether it adds up."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import Details, Json, left_out, print_json, say, table
from detente.negotiation.words import billions, fixed, number_word
from detente.world.names import DEFAULT_WORLD

app = typer.Typer(
    help="Look at a base year and check that it adds up.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

WorldName = Annotated[
    str,
    typer.Argument(
        help="A bundled world, a packaged case (with its commodities), a saved world (.npz) or an "
        "OECD inter-country table (.csv)."
    ),
]


@app.command("show")
def show(name: WorldName = DEFAULT_WORLD, details: Details = False, as_json: Json = False) -> None:
    """What is in a base year: countries, goods, totals, source, and what was mended."""
    from detente.cases import find_world

    world = find_world(name)
    if as_json:
        print_json(world.to_dict())
        return
    say([f"{world.name}: {len(world.countries)} countries, {len(world.goods)} goods"])
    say([f"Source: {world.source}", f"Unit: {world.unit} of {world.year}"])
    columns = (world.goods, world.sales_j, world.traded_j, world.trade_elasticity_j)
    table(
        "",
        ["Good", "Sales, billion", "Traded, billion", "Trade elasticity"],
        [
            [good, billions(sales), billions(traded), fixed(theta, 2)]
            for good, sales, traded, theta in zip(*columns, strict=True)
        ],
    )
    say([f"Countries: {' '.join(world.countries)}"])
    if details:
        say([f"sha256: {world.digest}", *(f"- {note}" for note in world.notes)])
    count = f"{number_word(len(world.notes))} notes on how it was made" if world.notes else ""
    left_out(details, "its checksum", count)


@app.command("check")
def check(name: WorldName = DEFAULT_WORLD, as_json: Json = False) -> None:
    """Does the base year add up? Every verdict with its remedy."""
    from detente.cases import find_world
    from detente.world import check_world

    found = check_world(find_world(name))
    if as_json:
        print_json(found.to_dict())
    else:
        say(found.sentences)
    if not found.passed:
        raise typer.Exit(1)
