"""`detente world list|show|check|compare`: the base years, what is in them, and how they differ."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import (
    Details,
    Json,
    left_out,
    more_rows,
    print_json,
    say,
    table,
)
from detente.negotiation.words import billions, fixed, number_word, percent
from detente.world.names import DEFAULT_WORLD, good_name

app = typer.Typer(
    help="List base years, look at one, check that it adds up, and compare two.",
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


#: Rows of a comparison that are printed without `--details`.
_ROWS = 10


@app.command("list")
def list_worlds(as_json: Json = False) -> None:
    """Which base years come with the package."""
    from detente.world import load_world, worlds

    found = [load_world(name) for name in worlds()]
    sentences = (
        f"{number_word(len(found)).capitalize()} base years come with the package. "
        f"{DEFAULT_WORLD} is taken where none is named.",
    )
    if as_json:
        from detente._document import document

        rows = [
            {
                "name": w.name,
                "year": w.year,
                "countries": len(w.countries),
                "goods": len(w.goods),
                "source": w.source,
            }
            for w in found
        ]
        print_json(document("worlds", {"sentences": sentences, "worlds": rows}))
        return
    table(
        "",
        ["Name", "Year", "Economies", "Sectors", "Source"],
        [
            [w.name, str(w.year), str(len(w.countries)), str(len(w.goods)), _edition(w.source)]
            for w in found
        ],
    )
    say(sentences)


def _edition(source: str) -> str:
    """'OECD (2025), OECD Inter-Country Input-Output Tables', without year and treatment."""
    return source.partition(", year ")[0]


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
    names = [good_name(good) for good in world.goods]
    columns = (world.goods, names, world.sales_j, world.traded_j, world.trade_elasticity_j)
    table(
        "",
        ["Code", "Good", "Sales, billion", "Traded, billion", "Trade elasticity"],
        [
            [good, name, billions(sales), billions(traded), fixed(theta, 2)]
            for good, name, sales, traded, theta in zip(*columns, strict=True)
        ],
    )
    say([f"Countries: {' '.join(world.countries)}", *world.stand_in_notes])
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


@app.command("compare")
def compare(
    first: WorldName, second: WorldName, details: Details = False, as_json: Json = False
) -> None:
    """Two base years beside each other, at the sectors and economies that both have."""
    from detente.cases import find_world
    from detente.world.comparison import compare_worlds, largest

    found = compare_worlds(find_world(first), find_world(second))
    if as_json:
        print_json(found.to_dict())
        return
    say(found.sentences)
    for title, rows, headings, label in (
        ("Sectors", found.sectors, ("Sales", "Traded"), "Sector"),
        ("Economies", found.countries, ("Value added", "Exports"), "Economy"),
    ):
        shown = len(rows) if details else _ROWS
        typer.echo()
        table(
            f"{title} whose trade differs most, billion{more_rows(len(rows), shown)}",
            [
                label,
                *(f"{what}, {year}" for what in headings for year in found.years),
                "Trade, change",
            ],
            [
                [
                    row.name,
                    *(
                        billions(x)
                        for pair in (row.sales, row.traded)
                        for x in (pair.first, pair.second)
                    ),
                    percent(row.traded.change, 0, signed=True),
                ]
                for row in largest(rows, shown)
            ],
            details=details,
        )
