"""`detente design`: rates that harm a target at least cost, serve a sender, or make a war."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.backtest import counted
from detente.cli.days import Date, day
from detente.cli.options import Horizon, Json, Transfers, money, print_json, table
from detente.cli.sensitivity import CaseOrWorld, listed

if TYPE_CHECKING:
    from detente.study.designing import Design, Nash


def design(
    where: CaseOrWorld = "russia-coalition",
    target: Annotated[
        str | None,
        typer.Option("--target", help="Who is hit; left out, tariffs serve the sender alone."),
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--sender", help="Country, group or party that sets the rates.")
    ] = None,
    nash: Annotated[
        str | None,
        typer.Option("--nash", help="Instead: blocs at tariff war with each other, as USA,EU,CHN."),
    ] = None,
    own_weight: Annotated[
        float,
        typer.Option("--own-weight", help="λ: what a dollar of the sender's own loss counts."),
    ] = 1.0,
    goods: Annotated[
        str | None, typer.Option("--goods", help="Goods that rates may be set on; all if left out.")
    ] = None,
    exempt: Annotated[
        str | None,
        typer.Option("--exempt", help="Goods that they may not be set on, as food and medicine."),
    ] = None,
    partners: Annotated[
        str | None, typer.Option("--partners", help="Without a target: whose goods bear tariffs.")
    ] = None,
    instruments: Annotated[
        str, typer.Option("--instruments", help="Of tariff, export_tax and barrier.")
    ] = "tariff",
    bound: Annotated[
        float | None,
        typer.Option("--bound", help="Highest rate, as 0.5 for 50 %; 1 (a war: 3) if left out."),
    ] = None,
    cap: Annotated[
        list[str] | None,
        typer.Option("--cap", help="Highest rate of one good, as MANUF_EXFOOD=0.2; repeat."),
    ] = None,
    curve: Annotated[
        bool, typer.Option("--curve", help="Also the curve of harm against own cost.")
    ] = False,
    top: Annotated[int, typer.Option("--top", help="Rates to show.", min=1)] = 15,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    as_json: Json = False,
) -> None:
    """The best rates for an aim, on exact gradients, with a certificate of optimality.

    With --target and --sender: most harm less λ times own loss. With --sender alone: optimal
    tariffs. With --nash: Nash tariffs. Ctrl-C keeps the best found so far.
    """
    from detente.study.designing import design as run
    from detente.study.designing import nash_tariffs, optimal_tariffs
    from detente.study.designing.asking import CURVE
    from detente.study.ground import ground_of

    if not nash and not sender:
        raise typer.BadParameter("Name a --sender (and a --target), or blocs at war with --nash.")
    ground = ground_of(where, day(date), horizon, transfers)
    with counted(None, "equilibria") as told:
        if nash:
            war = nash_tariffs(
                ground,
                listed(nash) or [],
                goods=listed(goods),
                exempt=listed(exempt) or (),
                bound=3.0 if bound is None else bound,
                progress=told,
            )
        else:
            limits: Any = {
                "goods": listed(goods),
                "exempt": listed(exempt) or (),
                "bound": 1.0 if bound is None else bound,
                "caps": _caps(cap or []),
                "progress": told,
            }
            found = (
                run(
                    ground,
                    target,
                    sender or "",
                    own_weight=own_weight,
                    instruments=listed(instruments) or (),
                    curve=CURVE if curve else (),
                    **limits,
                )
                if target
                else optimal_tariffs(ground, sender or "", partners=listed(partners), **limits)
            )
    if as_json:
        print_json((war if nash else found).to_dict())
    elif nash:
        _print_war(war, top)
    else:
        _print(found, top)


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


def _print(found: Design, top: int) -> None:
    frame = found.to_frame().sort("base_trade", descending=True)
    table(
        f"Rates of {found.sender}, largest flows first",
        ["", "rate", "highest", "trade of the base year"],
        [
            [
                f"{row['instrument']} {row['good']} ({row['partner']})",
                f"{100 * row['rate']:.1f} %",
                f"{100 * row['highest']:.0f} %",
                f"{row['base_trade']:,.0f}",
            ]
            for row in frame.head(top).to_dicts()
        ],
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
                    f"{100 * p.mean_rate:.1f} %",
                    f"{p.certificate.residual:.0e}",
                ]
                for p in found.curve
            ],
        )
    for sentence in found.sentences:
        typer.echo(sentence)


def _print_war(found: Nash, top: int) -> None:
    table(
        "Tariff war, USD million a year",
        ["", "gain", "of income", "mean tariff", "gain from its best answer"],
        [
            [
                p,
                money(found.gain[k]),
                f"{100 * found.relative_gain[k]:+.3f} %",
                f"{100 * found.mean_rate[k]:.1f} %",
                f"{found.departing[k]:.1g}",
            ]
            for k, p in enumerate(found.players)
        ],
    )
    frame = found.to_frame().sort("base_trade", descending=True)
    table(
        "Largest flows",
        ["", "tariff", "trade of the base year"],
        [
            [
                f"{row['player']} on {row['good']} of {row['partner']}",
                f"{100 * row['rate']:.1f} %",
                f"{row['base_trade']:,.0f}",
            ]
            for row in frame.head(top).to_dicts()
        ],
    )
    for sentence in found.sentences:
        typer.echo(sentence)
