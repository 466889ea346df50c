"""`detente schema`: the JSON Schema of what `--json` prints, or of the case file."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Literal

import typer

from detente.cli.encoding import json_fitted

_FILES = {
    "documents": ("detente.documents", "detente-v1.schema.json"),
    "case": ("detente.cases", "case.schema.json"),
}


def schema(
    of: Annotated[
        Literal["documents", "case"],
        typer.Argument(help="documents: what --json prints; case: the file that a user writes."),
    ] = "documents",
) -> None:
    """Print the JSON Schema of what --json prints, or of the case file."""
    package, name = _FILES[of]
    typer.echo(json_fitted(files(package).joinpath(name).read_text(encoding="utf-8")), nl=False)
