"""`detente deals`: which packages all who sign accept, and who stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import (
    CaseName,
    Date,
    Details,
    Horizon,
    Json,
    day,
    names_in,
    print_document,
    say,
    table,
)
from detente.negotiation.words import banded

if TYPE_CHECKING:
    from detente.analysis.negotiation import Proposal
    from detente.analysis.negotiation.deal_search import CriterionId
    from detente.analysis.negotiation.questions import (
        DealAnswer,
        DealsAnswer,
        DealSearchAnswer,
        ThresholdsAnswer,
    )


def deals(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    moves: Annotated[
        str | None,
        typer.Option(
            "--moves", help="Measures that change in one deal, as us-potash,release-rest."
        ),
    ] = None,
    criterion: Annotated[
        str | None,
        typer.Option(
            "--criterion",
            help="Find one deal: fairest, largest-gain, worst-off, nash or fewest-moves.",
        ),
    ] = None,
    without: Annotated[
        str | None, typer.Option("--without", help="Find one deal in which these do not change.")
    ] = None,
    signed_by: Annotated[
        str | None,
        typer.Option("--signed-by", help="Find one deal that these alone sign, as US,Belarus."),
    ] = None,
    stake: Annotated[
        list[str] | None,
        typer.Option(
            "--stake",
            help="With --moves: what one unit of an interest is worth to a party instead, USD "
            "million a year, as Lithuania.quiet=12; repeat.",
        ),
    ] = None,
    flips: Annotated[
        bool,
        typer.Option(
            "--flips",
            help="With --moves or a search: at which value of what a side cares about it flips.",
        ),
    ] = False,
    draws: Draws = None,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """How many packages every signatory accepts, what they share, and who refuses which.

    With --moves: what one deal brings each, who signs and whether it lasts. With --criterion,
    --without or --signed-by: a deal that meets them. These answers rest on the valuations of the
    case; --stake sets others, and --flips says where the answer turns. Points of bargaining come
    last, as details.
    """
    from detente.analysis.negotiation.questions import DealsAnswer, deal, find_deal, thresholds
    from detente.analysis.negotiation.questions.agreement import table_of

    search = (criterion, without, signed_by)
    searched = any(part is not None for part in search)
    if moves is not None and searched:
        message = "--moves states a deal; --criterion, --without and --signed-by look for one."
        raise typer.BadParameter(message)
    if (stake and moves is None) or (flips and moves is None and not searched):
        asked_of = "--moves" if stake else "--moves, or --criterion"
        raise typer.BadParameter(f"--stake and --flips are asked of one deal: add {asked_of}.")
    if stake and flips:
        raise typer.BadParameter("--flips varies every stake by itself: leave --stake out.")
    if moves is not None and not flips:
        _one(
            deal(case, names_in(moves) or (), day(date), horizon, valuations=_values(stake)),
            details=details, as_json=as_json,
        )  # fmt: skip
        return
    if moves is not None:
        found_at = thresholds(case, names_in(moves) or (), day(date), horizon)
        _one(found_at, details=details, as_json=as_json)
        return
    if searched:
        asked: CriterionId = criterion or "fairest"  # type: ignore[assignment]
        apart, signing = names_in(without) or (), names_in(signed_by)
        setting, _ = table_of(case, day(date), horizon)
        chosen = find_deal(setting, asked, apart, signing, horizon=horizon)
        if flips:
            found_at = thresholds(
                setting, chosen.found.moves if chosen.found else (), horizon=horizon,
                criterion=asked, without=apart, signed_by=signing,
            )  # fmt: skip
            _one(found_at, details=details, as_json=as_json)
            return
        _one(chosen, details=details, as_json=as_json)
        return
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


def _values(stake: list[str] | None) -> dict[str, float]:
    """Stakes as valuations by name.

    Raises:
        BadParameter: for one that is not a name, an equals sign and a number.
    """
    found = {}
    for text in stake or ():
        name, _, value = text.rpartition("=")
        try:
            found[f"valuations.{name.strip().removeprefix('valuations.')}"] = float(value)
        except ValueError:
            name = ""
        if not name.strip():
            message = f"--stake {text!r} is no stake: write one as Lithuania.quiet=12."
            raise typer.BadParameter(message)
    return found


def _one(
    found: DealAnswer | DealSearchAnswer | ThresholdsAnswer, *, details: bool, as_json: bool
) -> None:
    """Print one answer about a deal: its words, then its rows."""
    if print_document(found, found.departure, as_json=as_json):
        return
    from detente.analysis.negotiation.questions import DealSearchAnswer

    say(found.sentences)
    shown = found.found or found.nearest if isinstance(found, DealSearchAnswer) else found
    if shown is not None:
        title, columns, rows = shown.rows()
        if rows:
            table(title, columns, rows, details=details)


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
