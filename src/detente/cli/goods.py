"""`detente goods`: narrow goods with their flows, prices and known gaps."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import Details, Json, ids_in, print_json, say, table


def goods(
    good: Annotated[
        str,
        typer.Argument(help="A code or name, as 270900 or 'crude oil'; all goods if left out."),
    ] = "",
    sellers: Annotated[
        list[str] | None,
        typer.Option("--from", help="Sellers by code, name or group, as RUS or EU; repeat."),
    ] = None,
    buyers: Annotated[
        list[str] | None,
        typer.Option("--to", help="Buyers by code, name or group; repeat."),
    ] = None,
    years: Annotated[
        str | None,
        typer.Option("--years", help="A year, or first and last, as 2019:2024; the last six."),
    ] = None,
    data: Annotated[
        str, typer.Option("--data", help="A dataset of your own; `detente data list` names them.")
    ] = "",
    usd: Annotated[bool, typer.Option("--usd", help="In USD instead of tonnes.")] = False,
    details: Details = False,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every flow as csv.")] = False,
) -> None:
    """Narrow goods with their flows between countries, prices and known gaps.

    Without a good it lists all of them.
    """
    from detente.world.products import commodity
    from detente.world.products import goods as listed
    from detente.world.products.catalogue import RECENT

    if not good:
        found = listed()
        if as_json:
            print_json(found.to_dict())
        elif as_csv:
            typer.echo(found.to_frame().write_csv(), nl=False)
        else:
            say(found.sentences)
            rows = [[p.hs, p.name, p.kind, p.isic] for p in found]
            table("", ["HS", "Good", "Kind", "Sector"], rows)
            say(["Show one with `detente goods 270900 --from RUS --years 2019:2024`."])
        return
    span = years or (None if data or as_json or as_csv or details else RECENT)
    trade = commodity(
        good, years=span, exporter=ids_in(sellers), importer=ids_in(buyers), data=data
    )
    if as_json:
        print_json(trade.to_dict())
        return
    if as_csv:
        typer.echo(trade.flows.write_csv(), nl=False)
        return
    from detente.report.product_table import MOST, bars_of, table_of

    say(trade.sentences)
    laid = table_of(trade, usd=usd)
    table(laid.title, laid.columns, laid.rows, details=details)
    for line in bars_of(trade, usd=usd):
        typer.echo(line)
    typer.echo()
    if laid.more:
        say([f"The largest {MOST} are named; `--csv` prints every flow."])
    say([f"- {note}" for note in trade.notes])
    say([f"Source: {trade.source}."])
