"""`detente cases`: the packaged cases."""

from __future__ import annotations

from detente.cli.options import Json, print_json, say


def cases(as_json: Json = False) -> None:
    """List the packaged cases."""
    from detente.cases import cases as packaged
    from detente.cases import episodes

    found = (*packaged(), *episodes())
    if as_json:
        from detente._document import document

        lines = [{"case": c.name, "title": c.title, "summary": c.summary} for c in found]
        print_json(document("cases", {"cases": lines}))
        return
    for case in found:
        say([f"{case.name}: {case.title}", f"  {case.summary}"])
