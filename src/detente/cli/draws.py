"""Draws as commands ask for them, and the bars that count them on the error stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID


Draws = Annotated[
    int, typer.Option("--draws", help="Draws of the parameters, for bands; 0 for none.", min=0)
]
#: Of what a brief shows with bands that are packaged with a case.
PrecomputedDraws = Annotated[
    int | None,
    typer.Option(
        "--draws",
        min=0,
        help="Draws of the parameters, for bands; 0 for none. Left out: the bands packaged with "
        "the case, if it has them for these settings.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Of the draws.")]


@contextmanager
def counted(total: int | None, what: str = "draws") -> Iterator[Callable[[int], None] | None]:
    """A bar on the error stream while draws, or what else, are made.

    None of it if there are none to make; without an end if their number is not known.
    """
    with bars(total, what) as (progress,):
        yield progress


@contextmanager
def bars(total: int | None, *what: str) -> Iterator[list[Callable[[int], None] | None]]:
    """Bars for several things that are made one after the other; each appears as it begins."""
    if total == 0:
        yield [None for _ in what]
        return
    from functools import partial

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = [bar.add_task(one, total=total, visible=k == 0) for k, one in enumerate(what)]

        def progress(task: TaskID, done: int) -> None:
            bar.update(task, completed=done, visible=True)

        yield [partial(progress, task) for task in tasks]
