"""`detente deals`: which packages all who sign accept, and who stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, notes, printed, say
from detente.cli.options import CaseName, Date, Horizon, Json, table
from detente.negotiation.words import banded

if TYPE_CHECKING:
    from detente.analysis.negotiation import Proposal
    from detente.analysis.negotiation.questions import DealsAnswer


def deals(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """How many packages every signatory accepts, what they share, and who refuses which.

    These answers rest on the valuations of the case. Points of bargaining come last, as details.
    """
    from detente.analysis.negotiation.questions import DealsAnswer

    found = DealsAnswer(answered(case, "deals", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    say([found.headline])
    _packages(found, "Packages", found.packages())
    for package in found.packages():
        typer.echo(found.change_words(package))
        say(f"  {line}" for line in found.package_words(package))
    say(found.chance_words())
    points = found.packages(details=True)
    if points:
        say(["", f"Details. {found.caveat}"])
        _packages(found, "Points of bargaining", points)
        say(map(found.change_words, points))
        say(found.chance_words(details=True))
    notes(found)


def _packages(found: DealsAnswer, title: str, shown: list[Proposal]) -> None:
    """A table of what some packages bring each signatory, and who would sign."""
    if not shown:
        return
    table(
        f"{title}, gain over the status quo, USD million a year",
        ["", *shown[0].whose, "would sign"],
        [[p.label, *_gains(found, p), ", ".join(found.signing(p)) or "nobody"] for p in shown],
    )


def _gains(found: DealsAnswer, package: Proposal) -> list[str]:
    """What a package brings each signatory, with bands."""
    bands = found.gain_bands(package) or [None for _ in package.gain]
    return [banded(gain, band) for gain, band in zip(package.gain, bands, strict=True)]
