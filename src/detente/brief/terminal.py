"""The summary of an assessment on a terminal, in under a screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detente.brief import wording as w
from detente.brief.basis_tables import certificate_table
from detente.brief.country_tables import gains_table
from detente.brief.horizon_tables import Runs, runs_of
from detente.brief.measure_tables import joint_sentences
from detente.brief.names import name_of
from detente.brief.options import NEGLIGIBLE, Option, lifting_options
from detente.brief.places import Place, parties_of, thirds_of
from detente.brief.table import day, decimals_for, short_day

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from detente.study.assessment import Assessment

LOSS, GAIN = "red", "blue"


def print_summary(
    assessment: Assessment,
    console: Console,
    path: str | Path | None = None,
    horizons: Runs | None = None,
) -> None:
    """Print what is in force, who gains and who pays, and what lifting would do.

    Args:
        assessment: a case answered at one date, from `detente.assess`.
        console: where to print.
        path: the HTML brief, named in the last line.
        horizons: the same case and date at other horizons, for one line beside this one.
    """
    from rich.text import Text

    a = assessment
    options = _largest(lifting_options(a))
    console.print(Text(a.case.title, style="bold"))
    console.print(
        Text(f"Measures in force on {day(a.date)} · {a.horizon} run · base {a.world.year}", "dim")
    )
    for line in _measures(a, options):
        console.print(line, overflow="ellipsis", no_wrap=True)
    console.print()
    console.print(gains_table(a).sentence, highlight=False)
    if options:
        console.print()
        parties = parties_of(a)
        console.print(_options(options, [*parties, *thirds_of(a, parties, 2)]))
    for sentence in joint_sentences(a):
        console.print(sentence.split(". ")[0].rstrip(".") + ".", style="dim", highlight=False)
    console.print()
    for line in _ranked(a):
        console.print(line)
    if horizons:
        console.print(_by_horizon(a, runs_of(a, horizons)))
    console.print()
    console.print(certificate_table(a).sentence, style="dim", highlight=False)
    if path is not None:
        console.print(Text("Brief: ").append(str(path), style="bold"), soft_wrap=True)


def _by_horizon(a: Assessment, runs: Runs, most: int = 2) -> str:
    """'By horizon short, medium, long: Belarus −590, −617, −490; …' for those moved most."""
    totals = [
        (p.name, [p.total(r.regime.equivalent_variation_n) for r in runs.values()])
        for p in parties_of(a)
    ]
    totals.sort(key=lambda t: -abs(t[1][list(runs).index(a.horizon)]))
    decimals = min(decimals_for(v for _, row in totals for v in row), 1)
    parts = (f"{name} {', '.join(_toned(v, decimals) for v in row)}" for name, row in totals[:most])
    return f"[bold]{'By horizon':<11}[/bold][dim]{', '.join(runs)}:[/dim] {'; '.join(parts)}"


def _largest(options: list[Option], most: int = 9) -> list[Option]:
    """As many options as fit side by side: those that move most, in their own order."""
    order = sorted(range(len(options)), key=lambda k: -_reach(options[k]))
    return [options[k] for k in sorted(order[:most])]


def _reach(option: Option) -> float:
    """What an option moves, without noise: twins that move nothing are even."""
    moved = float(np.abs(option.gain_n).sum())
    return moved if moved >= NEGLIGIBLE else 0.0


def _measures(a: Assessment, options: list[Option]) -> list[str]:
    from rich.markup import escape

    singles = [o for o in options if o.kind == "single"]
    letters = {o.id: chr(ord("A") + k) for k, o in enumerate(singles)}
    lines = []
    for e in (e for e in a.effects if e.in_force):
        since = min(s.start for s in e.measure.in_force if s.start <= a.date)
        letter = letters.get(f"lift-{e.measure.id}", " ")
        note = "" if e.has_effect else ", changes no flow"
        lines.append(
            f"  [bold]{letter}[/bold] {escape(e.measure.label)} "
            f"[dim]since {short_day(since)}{note}[/dim]"
        )
    return lines or ["  no measure"]


def _options(options: list[Option], places: list[Place]) -> RichTable:
    from rich.table import Table as RichTable

    values = [[p.total(o.gain_n) for o in options] for p in places]
    decimals = min(decimals_for(v for row in values for v in row), 1)
    table = RichTable(
        title="If it were lifted: USD million a year",
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="underline",
        pad_edge=False,
        padding=(0, 1),
    )
    table.add_column("", no_wrap=True)
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    heads = {"joint": "together", "all": "all"}
    for option in options:
        head = heads.get(option.kind) or f"{next(letters)} alone"
        table.add_column(head, justify="right")
    for place, row in zip(places, values, strict=True):
        table.add_row(place.name, *(_toned(v, decimals) for v in row))
    return table


def _toned(value: float, decimals: int) -> str:
    text = w.number(value, decimals, signed=True)
    if not text.strip("0."):
        return f"[dim]{text}[/dim]"
    return f"[{LOSS if value < 0 else GAIN}]{text}[/]"


def _ranked(a: Assessment, most: int = 5) -> list[str]:
    value = a.regime.equivalent_variation_n
    order = np.argsort(value, kind="stable")
    paying = [int(n) for n in order[:most] if value[n] < -NEGLIGIBLE]
    gaining = [int(n) for n in order[::-1][:most] if value[n] > NEGLIGIBLE]
    decimals = min(decimals_for(value), 1)
    return [
        f"[bold]{head:<11}[/bold]"
        + ", ".join(f"{name_of(a.world.countries[n])} {_toned(value[n], decimals)}" for n in some)
        for head, some in (("Who pays", paying), ("Who gains", gaining))
        if some
    ]
