"""`detente cases`: the packaged cases."""

from __future__ import annotations

from detente.cli.options import Json, print_json


def cases(as_json: Json = False) -> None:
    """List the packaged cases."""
    from detente.cases import cases as packaged

    found = packaged()
    if as_json:
        print_json([{"name": c.name, "title": c.title, "summary": c.summary} for c in found])
        return
    from detente.cli.options import console

    out = console()
    for case in found:
        out.print(f"[bold]{case.name}[/bold]  {case.title}")
        out.print(f"  {' '.join(case.summary.split())}")
