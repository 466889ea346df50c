"""`detente migrate`: a case file of an earlier schema rewritten into the present one."""

from __future__ import annotations

from typing import Annotated

import typer


def migrate(
    file: Annotated[str, typer.Argument(help="A case file, or a folder with a case.yaml.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would change, and write nothing.")
    ] = False,
) -> None:
    """Rewrite a case of schema 1 into the present schema; comments and layout stay.

    Files are replaced once all of them are whole and say the same as before.
    """
    from detente._files import write_file
    from detente.cases.case_migration import migration_of

    found = migration_of(file)
    for line in found.sentences(written=not check):
        typer.echo(line)
    if not check:
        for path, text in found.texts.items():
            write_file(path, text)
    if found.left:
        raise typer.Exit(1)
