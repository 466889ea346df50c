"""`detente coalition`: what every coalition of senders costs a target, and who would leave."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.draws import Seed, counted
from detente.cli.options import (
    Date,
    Details,
    Horizon,
    Json,
    Transfers,
    day,
    money,
    names_in,
    print_document,
    say,
    table,
)
from detente.cli.sensitivity import CaseOrWorld, Target
from detente.negotiation.words import figure, fixed
from detente.negotiation.words import percent as in_percent

if TYPE_CHECKING:
    from detente.analysis.coalitions import Coalition


def coalition(
    where: CaseOrWorld = "belarus",
    target: Target = None,
    members: Annotated[
        str | None,
        typer.Option(
            "--members",
            help="Countries, groups or parties, as EU,US,GBR; in a case by default the owners of "
            "the measures in force that hit the target.",
        ),
    ] = None,
    goods: Annotated[
        str | None,
        typer.Option(
            "--goods", help="Goods that each member embargoes, '*' for all, instead of measures."
        ),
    ] = None,
    leakage: Annotated[
        float, typer.Option("--leakage", help="Share of the base flow that such an embargo leaks.")
    ] = 0.0,
    rate: Annotated[
        float,
        typer.Option("--rate", help="What a dollar of the target's loss is worth to each member."),
    ] = 0.0,
    budget: Annotated[
        int, typer.Option("--budget", help="Most equilibria to solve; beyond it, samples.", min=2)
    ] = 4096,
    permutations: Annotated[
        int | None, typer.Option("--permutations", help="Orders of joining to sample.")
    ] = None,
    seed: Seed = 0,
    top: Annotated[
        int, typer.Option("--top", help="Coalitions to show, most harm first.", min=0)
    ] = 16,
    date: Date = None,
    horizon: Horizon = None,
    transfers: Transfers = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """What every coalition costs a target; each member's share, loss and reason to leave.

    Ctrl-C keeps what is solved.
    """
    from detente.analysis.coalitions import coalition as run
    from detente.analysis.coalitions.question import equilibria_of
    from detente.analysis.coalitions.senders import senders_of
    from detente.analysis.context import context_of
    from detente.analysis.sides import sides_of_question

    context = context_of(where, day(date), horizon, transfers)
    named, covered = names_in(members), names_in(goods)
    chosen = ""
    if target is None:
        target, _, chosen = sides_of_question(context, None, None, "--target and --members")
    count = len(senders_of(context, target, named, covered, leakage).ids)
    with counted(equilibria_of(count, budget, permutations), "equilibria") as progress:
        found = run(
            context,
            target,
            members=named,
            goods=covered,
            leakage=leakage,
            rate=rate,
            budget=budget,
            permutations=permutations,
            seed=seed,
            progress=progress,
        )
    if print_document(found, context.departure, as_json=as_json):
        return
    if chosen:
        say([chosen, ""])
    _print(found, top, details)


def _print(found: Coalition, top: int, details: bool) -> None:
    share = "Shapley" if details else "fair share"
    table(
        f"Harm to {found.target} by member, USD million a year",
        ["", "alone", "marginal", share, "± s.e.", "own loss", "of income", "if it left"],
        [
            [
                m.id,
                money(m.alone),
                money(m.marginal),
                money(m.shapley),
                "" if m.shapley_error == 0 else figure(m.shapley_error),
                money(m.loss_in),
                in_percent(m.relative_loss, 3),
                money(m.loss_out),
            ]
            for m in found.members
        ],
        details=details,
    )
    table(
        f"Reasons to stay, at a rate of {found.rate:g}, USD million a year",
        ["", "gain by leaving", "rate that keeps it", "leaves", "transfer that keeps it", "equal"],
        [
            [
                m.id,
                money(m.leaving),
                fixed(m.implied_rate, 2) if math.isfinite(m.implied_rate) else "",
                "yes" if m.would_leave else "no",
                money(m.keeps),
                money(m.transfer) if math.isfinite(m.transfer) else "",
            ]
            for m in found.members
        ],
        details=details,
    )
    _values(found, top, details)
    say(found.sentences)


def _values(found: Coalition, top: int, details: bool) -> None:
    """The coalitions that cost the target most, with what they cost each member."""
    frame = found.values_frame().sort("target_loss", descending=True)
    ids = [m.id for m in found.members]
    # Beyond a few members their own losses do not fit a line.
    shown = ids if len(ids) <= 6 else []
    if not top:
        return
    rest = f", the {top} of most harm of {len(frame):,} (all: --json)" if len(frame) > top else ""
    if not shown:
        rest += f"; {len(ids)} more columns, the loss of each member, are in --json"
    table(
        f"Loss of {found.target}{' and of the members' if shown else ''} by coalition, USD million "
        f"a year{rest}",
        ["", found.target, *shown],
        [
            [
                row["members"] or "nobody",
                money(row["target_loss"]),
                *(money(row[f"loss_{m}"]) for m in shown),
            ]
            for row in frame.head(top).to_dicts()
        ],
        details=details,
    )
