"""The command line: one file a command; heavy imports stay inside the commands."""

from __future__ import annotations

import os
import sys

import typer

from detente.cli import (
    backtest,
    blockers,
    brief,
    cases,
    channels,
    check,
    claims,
    coalition,
    compare,
    deals,
    design,
    sensitivity,
    serve,
    solve,
    stable,
    steps,
    timeline,
    why,
    world,
)
from detente.cli.encoding import fit_streams
from detente.errors import DetenteError

app = typer.Typer(
    name="detente",
    help="What a sanction does to everyone it touches, who gains and who pays.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("brief")(brief.brief)
app.command("solve")(solve.solve)
app.command("compare")(compare.compare)
app.command("timeline")(timeline.timeline)
app.command("backtest")(backtest.backtest)
app.command("claims")(claims.claims)
app.command("why")(why.why)
app.command("deals")(deals.deals)
app.command("steps")(steps.steps)
app.command("blockers")(blockers.blockers)
app.command("channels")(channels.channels)
app.command("stable")(stable.stable)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("coalition")(coalition.coalition)
app.command("design")(design.design)
app.command("serve")(serve.serve)
app.command("check")(check.check)
app.command("cases")(cases.cases)
app.add_typer(world.app, name="world")


def _version(value: bool) -> None:
    if value:
        from detente import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    del version


def main() -> None:
    """Run the command line; expected errors are one message on stderr, never a traceback."""
    fit_streams()
    try:
        try:
            app()
        finally:
            # What cannot be written, as to a full disk, is found here and not after the end.
            sys.stdout.flush()
    except (DetenteError, OSError) as error:
        _leave_unwritten()
        if isinstance(error, BrokenPipeError):
            sys.exit(141)  # the reader (head, less) left: nothing more to say
        print(_said(error), file=sys.stderr)
        sys.exit(1)


def _leave_unwritten() -> None:
    """Give up what standard output does not take, which would be tried again at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(error: BaseException) -> str:
    """An expected error in words; what the system says comes without its number."""
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else "The output cannot be written: "
        return f"{where}{error.strerror}."
    return str(error) or type(error).__name__
