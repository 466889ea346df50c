"""`detente data add|list|remove`: the user's own customs files, found by name afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import Json, print_json, say

if TYPE_CHECKING:
    from detente.world.customs import Dataset

app = typer.Typer(
    help="Keep customs files of your own, so that goods and cases find them by name.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command("add")
def add(
    file: Annotated[
        Path,
        typer.Argument(
            help="A file of CEPII's BACI, UN Comtrade, WITS, the US Census or Eurostat's Comext."
        ),
    ],
    name: Annotated[
        str, typer.Option("--name", help="The name to keep it under; the file's if left out.")
    ] = "",
    countries: Annotated[
        Path | None,
        typer.Option(
            "--countries", help="CEPII's country_codes file; one beside the file is found."
        ),
    ] = None,
    usd_per_euro: Annotated[
        float | None,
        typer.Option("--usd-per-euro", help="USD that one euro buys, for files in euros."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a dataset of that name.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check a customs file, convert it and keep it, with its publisher, hash and date."""
    from detente.world.customs import add_data

    kept = add_data(file, name, countries=countries, usd_per_euro=usd_per_euro, replace=replace)
    if as_json:
        _print([kept])
        return
    say([f"Kept {kept.sentence}", f"Publisher: {kept.publisher}", *kept.notes])
    say([f"It is in {kept.folder}."])


@app.command("list")
def list_(as_json: Json = False) -> None:
    """The datasets that are kept, and where."""
    from detente.world.customs import data_folder, list_data

    kept = list_data()
    if as_json:
        _print(kept)
        return
    if not kept:
        say([f"Nothing is kept in {data_folder()}. Add a file with `detente data add FILE`."])
        return
    for one in kept:
        say([one.sentence, f"  {one.publisher}. Read from {one.file} on {one.added}."])
    say([f"All are in {data_folder()}."])


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="The name that `detente data list` shows.")],
) -> None:
    """Remove a dataset; the file that it was read from stays where it is."""
    from detente.world.customs import remove_data

    say([f"Removed {remove_data(name).sentence}"])


def _print(kept: Sequence[Dataset]) -> None:
    """Datasets as a document."""
    from detente._document import document
    from detente.world.customs import data_folder

    entries = {"folder": str(data_folder()), "datasets": [vars(one) for one in kept]}
    print_json(document("datasets", entries))
