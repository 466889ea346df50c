"""`detente design`: rates that harm a target at least cost, serve a sender, or make a war."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.draws import counted
from detente.cli.options import (
    Date,
    Details,
    Horizon,
    Json,
    Transfers,
    day,
    left_out,
    money,
    more_rows,
    names_in,
    print_document,
    say,
    table,
)
from detente.cli.sensitivity import CaseOrWorld
from detente.negotiation.words import figure, fixed
from detente.negotiation.words import percent as in_percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detente.analysis.designs import Design, Nash
    from detente.analysis.designs.first_order_conditions import Optimality


def design(
    where: CaseOrWorld = "belarus",
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            help="Who is hit; left out, tariffs serve the sender alone. With neither this nor a "
            "sender both come from the case: whom most measures in force hit, and who holds them.",
        ),
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--sender", help="Country, group or party that sets the rates.")
    ] = None,
    nash: Annotated[
        str | None,
        typer.Option("--nash", help="Instead: blocs at tariff war with each other, as USA,EU,CHN."),
    ] = None,
    own_weight: Annotated[
        float | None,
        typer.Option(
            "--own-weight",
            help="With a target: λ, what a dollar of the sender's own loss counts; 1 if left out.",
        ),
    ] = None,
    goods: Annotated[
        str | None, typer.Option("--goods", help="Goods that rates may be set on; all if left out.")
    ] = None,
    exempt: Annotated[
        str | None,
        typer.Option(
            "--exempt",
            help="Goods that they may not be set on. Goods are as coarse as the world's: food is "
            "exempt with all else in its sector, and medicine with all manufactures.",
        ),
    ] = None,
    partners: Annotated[
        str | None,
        typer.Option(
            "--partners",
            help="With whose flows, each with rates of its own; the target if left out, and "
            "everybody without one.",
        ),
    ] = None,
    instruments: Annotated[
        str | None,
        typer.Option(
            "--instruments",
            help="With a target, of tariff, export_tax, import_barrier, export_barrier, import_ban "
            "and export_ban; barrier and ban are both directions; tariff if left out.",
        ),
    ] = None,
    bound: Annotated[
        float | None,
        typer.Option("--bound", help="Highest rate, as 0.5 for 50 %; 1 (a war: 3) if left out."),
    ] = None,
    cap: Annotated[
        list[str] | None,
        typer.Option("--cap", help="Highest rate of one good, as MANUF_EXFOOD=0.2; repeat."),
    ] = None,
    leakage: Annotated[
        float | None,
        typer.Option("--leakage", help="Share of the base flow that gets through a ban."),
    ] = None,
    curve: Annotated[
        bool, typer.Option("--curve", help="Also the curve of harm against own cost.")
    ] = False,
    top: Annotated[int, typer.Option("--top", help="Rates to show.", min=1)] = 15,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """The best rates and bans for an aim, with a certificate of optimality.

    With --target and --sender: most harm less λ times own loss. With --sender alone: optimal
    tariffs. With --nash: Nash tariffs. Ctrl-C keeps the best found so far.
    """
    from detente.analysis.context import context_of
    from detente.analysis.designs import design as run
    from detente.analysis.designs import nash_tariffs, optimal_tariffs
    from detente.analysis.designs.question import CURVE, check_weight
    from detente.analysis.sides import sides_of_question

    given = {
        "--target": target,
        "--sender": sender,
        "--own-weight": own_weight,
        "--partners": partners,
        "--instruments": instruments,
        "--leakage": leakage,
        "--curve": curve or None,
    }
    if own_weight is not None:
        check_weight(own_weight)
    _fits(given, nash=nash is not None)
    context = context_of(where, day(date), horizon, transfers)
    chosen = ""
    if nash is None and sender is None:
        instead = "--sender (and --target), or blocs at war by --nash"
        target, sender, chosen = sides_of_question(context, target, None, instead)
    with counted(None, "equilibria") as progress:
        limits: Any = {
            "goods": names_in(goods),
            "exempt": names_in(exempt) or (),
            "caps": _caps(cap or []),
            "progress": progress,
        }
        if nash is not None:
            limits["bound"] = 3.0 if bound is None else bound
            war = nash_tariffs(context, names_in(nash) or [], **limits)
        else:
            limits |= {"bound": 1.0 if bound is None else bound, "partners": names_in(partners)}
            found = (
                run(
                    context,
                    target,
                    sender or "",
                    own_weight=1.0 if own_weight is None else own_weight,
                    instruments=("tariff",) if instruments is None else names_in(instruments) or (),
                    leakage=leakage or 0.0,
                    curve=CURVE if curve else (),
                    **limits,
                )
                if target is not None
                else optimal_tariffs(context, sender or "", **limits)
            )
    if print_document(found if nash is None else war, context.departure, as_json=as_json):
        return
    if nash is not None:
        _print_war(war, top, details)
    else:
        if chosen:
            say([chosen, ""])
        _print(found, top, details)


def _fits(given: Mapping[str, object], *, nash: bool) -> None:
    """Refuse options that would have no effect on what is asked."""
    if nash:
        what, idle = "A tariff war (--nash)", list(given)
        instead = "Its players set tariffs on each other for their own income alone."
    elif given["--target"] is None and given["--sender"] is not None:
        what, idle = "Without a --target", list(given)[2:]
        idle.remove("--partners")
        instead = "Tariffs then serve the sender's own income alone. Name whom to harm."
    else:
        what, idle, instead = "", [], ""
    unfit = [name for name in idle if given[name] is not None]
    if unfit:
        raise typer.BadParameter(
            f"{what}{' takes' if nash else ' there is'} no {', '.join(unfit)}. {instead}"
        )


def _caps(given: list[str]) -> dict[str, float]:
    out = {}
    for text in given:
        good, _, rate = text.partition("=")
        try:
            out[good] = float(rate)
        except ValueError:
            raise typer.BadParameter(
                f"{text!r} is no cap; write a good and a rate, as MANUF_EXFOOD=0.2."
            ) from None
    return out


def _print(found: Design, top: int, details: bool) -> None:
    from detente.analysis.labels import scientific

    good = found.context.good_label
    frame = found.to_frame().sort("base_trade", descending=True)
    table(
        f"Rates of {found.sender}, largest flows first{more_rows(len(frame), top)}",
        ["", "rate", "highest", "trade of the base year"],
        [
            [
                f"{_words(row['instrument'])} on {good(row['good'])} ({row['partner']})",
                _rate(row["instrument"], row["rate"], 1),
                _rate(row["instrument"], row["highest"], 0),
                fixed(row["base_trade"]),
            ]
            for row in frame.head(top).to_dicts()
        ],
        details=details,
    )
    if found.curve:
        table(
            f"Harm to {found.target} against the cost to {found.sender}, USD million a year",
            ["own weight", "harm", "own cost", "all others", "mean rate", "residual"],
            [
                [
                    f"{p.own_weight:g}",
                    money(p.harm),
                    money(p.cost),
                    money(p.others),
                    in_percent(p.mean_rate),
                    scientific(p.certificate.residual),
                ]
                for p in found.curve
            ],
            details=details,
        )
    _say(found.sentences, found.best.certificate, details)


def _say(sentences: Iterable[str], certificate: Optimality, details: bool) -> None:
    """The answer in words; how exactly it is best only in details, unless it is not."""
    exact = certificate.status == "converged" and not details
    say(s for s in sentences if not exact or s != certificate.sentence)
    left_out(not exact, "how exactly these rates are the best")


def _words(instrument: str) -> str:
    return instrument.replace("_", " ")


def _rate(instrument: str, rate: float, digits: int) -> str:
    if instrument.endswith("_ban"):
        return "ban" if rate else "none"
    return in_percent(rate, digits)


def _print_war(found: Nash, top: int, details: bool) -> None:
    good = found.context.good_label
    table(
        "Tariff war, USD million a year",
        ["", "gain", "of income", "mean tariff", "gain from its best answer"],
        [
            [
                p,
                money(found.gain[k]),
                in_percent(float(found.relative_gain[k]), 3, signed=True),
                in_percent(float(found.mean_rate[k])),
                figure(float(found.departing[k])) if math.isfinite(found.departing[k]) else "",
            ]
            for k, p in enumerate(found.players)
        ],
        details=details,
    )
    frame = found.to_frame().sort("base_trade", descending=True)
    table(
        f"Largest flows{more_rows(len(frame), top)}",
        ["", "tariff", "trade of the base year"],
        [
            [
                f"{row['player']} on {good(row['good'])} of {row['partner']}",
                in_percent(row["rate"]),
                fixed(row["base_trade"]),
            ]
            for row in frame.head(top).to_dicts()
        ],
        details=details,
    )
    _say(found.sentences, found.certificate, details)
