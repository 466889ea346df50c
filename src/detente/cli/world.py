"""`detente world show|check`: the base year, and whether it adds up."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import Json, print_json, table

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
def show(name: WorldName = "oecd-2020", as_json: Json = False) -> None:
    """What is in a base year: countries, goods, totals, source, and what was mended."""
    from detente.cases import find_world

    world = find_world(name)
    sales, trade = world.sales_jn.sum(axis=1), world.trade_jni
    abroad = [float(trade[j].sum() - trade[j].trace()) for j in range(len(world.goods))]
    if as_json:
        print_json(
            {
                "name": world.name,
                "year": world.year,
                "unit": world.unit,
                "source": world.source,
                "digest": world.digest,
                "countries": world.countries,
                "goods": [
                    {
                        "good": g,
                        "sales": float(sales[j]),
                        "traded": abroad[j],
                        "trade_elasticity": float(world.trade_elasticity_j[j]),
                        "input_substitution": float(world.input_substitution_j[j]),
                    }
                    for j, g in enumerate(world.goods)
                ],
                "notes": world.notes,
            }
        )
        return
    typer.echo(f"{world.name}: {len(world.countries)} countries, {len(world.goods)} goods")
    typer.echo(f"{world.source}; {world.unit} of {world.year}; sha256 {world.digest[:16]}…")
    table(
        "",
        ["Good", "Sales, billion", "Traded, billion", "Trade elasticity"],
        [
            [g, f"{sales[j] / 1e3:,.0f}", f"{abroad[j] / 1e3:,.0f}", f"{theta:.2f}"]
            for j, (g, theta) in enumerate(zip(world.goods, world.trade_elasticity_j, strict=True))
        ],
    )
    typer.echo("Countries: " + " ".join(world.countries))
    for note in world.notes:
        typer.echo(f"- {note}")


@app.command("check")
def check(name: WorldName = "oecd-2020", as_json: Json = False) -> None:
    """Does the base year add up? Every verdict with its remedy."""
    from dataclasses import asdict

    from detente.cases import find_world
    from detente.world import verdicts

    found = verdicts(find_world(name))
    if as_json:
        print_json([asdict(v) for v in found])
    else:
        for v in found:
            mark = "ok  " if v.passed else "note" if v.level == "note" else "FAIL"
            typer.echo(f"{mark} {v.check}: {v.finding}" + (f" {v.remedy}" if v.remedy else ""))
    if any(not v.passed and v.level == "error" for v in found):
        raise typer.Exit(1)
