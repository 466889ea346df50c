"""`detente deals`: which packages all who sign accept, and who stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import CaseName, Date, Details, Horizon, Json, say, table
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
    details: Details = False,
    as_json: Json = False,
) -> None:
    """How many packages every signatory accepts, what they share, and who refuses which.

    These answers rest on the valuations of the case. Points of bargaining come last, as details.
    """
    from detente.analysis.negotiation.questions import DealsAnswer

    found = DealsAnswer(answered(case, "deals", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    say([found.headline, ""])
    _packages(found, "Packages", found.packages(), details)
    for package in found.packages():
        say([f"{package.label}:", *(f"  {line}" for line in found.step_words(package))])
        say(f"  {line}" for line in found.package_words(package) if details)
    say(found.chance_words())
    points = found.packages(details=True)
    if points and details:
        say(["", f"Details. {found.caveat}"])
        _packages(found, "Points of bargaining", points, details)
        say(map(found.change_words, points))
        say(found.chance_words(details=True))
    ending(found, details, "who refuses why", "points of bargaining" if points else "")


def _packages(found: DealsAnswer, title: str, shown: list[Proposal], details: bool) -> None:
    """A table of what some packages bring each signatory, and who would sign."""
    if not shown:
        return
    table(
        f"{title}, gain over the status quo, USD million a year",
        ["", "would sign", *shown[0].whose],
        [[p.label, ", ".join(found.signing(p)) or "nobody", *_gains(found, p)] for p in shown],
        details=details,
    )


def _gains(found: DealsAnswer, package: Proposal) -> list[str]:
    """What a package brings each signatory, with bands."""
    bands = found.gain_bands(package) or [None for _ in package.gain]
    return [banded(gain, band) for gain, band in zip(package.gain, bands, strict=True)]
