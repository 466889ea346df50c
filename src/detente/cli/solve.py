"""`detente solve`: any shock on any world, without a case file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import (
    Details,
    Horizon,
    Json,
    Tolerance,
    Transfers,
    left_out,
    money,
    more_rows,
    percent,
    print_json,
    say,
    table,
)
from detente.world.names import DEFAULT_WORLD

if TYPE_CHECKING:
    from detente.trade import Shock


_FORM = "ORIGIN:MARKET:GOODS, each a label, a group, or * for all; several joined by +"


def solve(
    world: Annotated[
        str, typer.Argument(help="A bundled world, a saved one, or a packaged case.")
    ] = DEFAULT_WORLD,
    embargo: Annotated[
        list[str] | None, typer.Option("--embargo", help=f"{_FORM}; =0.02 at the end is a leakage.")
    ] = None,
    tariff: Annotated[
        list[str] | None, typer.Option("--tariff", help=f"{_FORM}; =0.25 at the end is the rate.")
    ] = None,
    iceberg: Annotated[
        list[str] | None,
        typer.Option(
            "--iceberg", help=f"{_FORM}; =1.1 at the end is the factor of delivered cost."
        ),
    ] = None,
    export_tax: Annotated[
        list[str] | None,
        typer.Option("--export-tax", help=f"{_FORM}; =0.1 at the end is the rate."),
    ] = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    tolerance: Tolerance = 1e-9,
    top: Annotated[int, typer.Option("--top", help="How many countries to show.", min=1)] = 12,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Solve a shock: who gains and who pays when these trade costs change."""
    from detente.cases import find_world
    from detente.trade import Shock
    from detente.trade import solve as solve_shock

    shock = Shock()
    for kind, given in (
        ("embargo", embargo),
        ("tariff", tariff),
        ("iceberg", iceberg),
        ("export_tax", export_tax),
    ):
        for text in given or []:
            shock += _change(kind, text)
    base = find_world(world)
    if not shock.changes:
        raise typer.BadParameter(
            "Nothing is changed. Give at least one --embargo, --tariff, --iceberg or --export-tax."
        )
    result = solve_shock(base, shock, horizon or "long", transfers or "fixed", tolerance)
    if as_json:
        print_json(result.to_dict())
        return
    say(s for s in result.sentences if details or s != result.certificate.sentence)
    variation, change = result.equivalent_variation, result.real_income_change
    ranked = result.by_size
    table(
        f"Largest effects on {result.world.name}, {variation.unit}{more_rows(len(ranked), top)}",
        ["", "Gain", "Real income"],
        [[c, money(float(variation[c])), percent(float(change[c]))] for c in ranked[:top]],
        details=details,
    )
    left_out(details, "how exactly the state is solved")


def _change(kind: str, text: str) -> Shock:
    from detente import trade

    cells, _, number = text.partition("=")
    parts = [tuple(p.split("+")) for p in cells.split(":")]
    if len(parts) == 2:
        parts.append(("*",))
    try:
        value = float(number) if number else None
    except ValueError:
        raise typer.BadParameter(f"--{kind} {text}: {number!r} is not a number.") from None
    if len(parts) != 3 or (value is None and kind != "embargo"):
        need = "" if kind == "embargo" else "=NUMBER"
        raise typer.BadParameter(f"--{kind} {text}: write it as ORIGIN:MARKET:GOODS{need}.")
    origin, market, goods = parts
    if kind == "embargo":
        return trade.embargo(origin, market, goods, leakage=value or 0.0)
    if kind == "iceberg":
        return trade.iceberg(origin, market, goods, factor=value or 0.0)
    if kind == "tariff":
        return trade.tariff(origin, market, goods, rate=value or 0.0)
    return trade.export_tax(origin, market, goods, rate=value or 0.0)
