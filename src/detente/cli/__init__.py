"""The command line: one file a command; heavy imports stay inside the commands."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from detente.cli.encoding import fit_streams
from detente.errors import DetenteError

WINDOWS = os.name == "nt"
#: The commands in the order of the help, each with the first paragraph of its own: it is in a
#: module of its name, which is imported when it is called, so that the help is quick.
COMMANDS = {
    "brief": "Answer a case: what each measure costs whom, and what lifting it would do.",
    "solve": "Solve a shock: who gains and who pays when these trade costs change.",
    "compare": "Compare the regime of a day with variants of it, or with the regimes of other "
    "days.",
    "timeline": "Every regime of a case: what begins and ends when, and what it costs or brings "
    "whom.",
    "record": "Compare the model with later years, and with forecasts that need no model.",
    "claims": "Check the claims of a case: supported, contradicted, undecided, or not testable "
    "and why.",
    "why": "Why each party moves or holds, what that costs or brings, and which stake it implies.",
    "deals": "How many packages every signatory accepts, what they share, and who refuses which.",
    "steps": "Orders of steps in which every party would rather go on than withhold or take back.",
    "blockers": "Who inside a bloc, and which ratifier, can block each measure, at each of three "
    "moments.",
    "channels": "Who can sign with whom, what each channel is worth, and how a signal fares on "
    "its way.",
    "stable": "Which states are stable, how parties get to one, and what would make the status "
    "quo last.",
    "sensitivity": "Harm to a target per unit of cost to a sender, for every flow between them.",
    "coalition": "What every coalition costs a target; each member's share, loss and reason to "
    "leave.",
    "design": "The best rates and bans for an aim, with a certificate of optimality.",
    "serve": "Open the app on a case: move a slider, see the world respond.",
    "mcp": "Answer assistants over standard input and output, by the Model Context Protocol.",
    "new": "Write a case file from measure sentences, each answered with what it closes.",
    "check": "Check a case: all faults of its files, what each measure closes, and what has "
    "no effect.",
    "migrate": "Rewrite a case of schema 1 into the present schema; comments and layout stay.",
    "cases": "List the packaged cases.",
    "goods": "Narrow goods with their flows between countries, prices and known gaps.",
    "world": "List base years, look at one, check that it adds up, and compare two.",
    "data": "Keep customs files of your own, so that goods and cases find them by name.",
    "schema": "Print the JSON Schema of what --json prints, or of the case file.",
}
#: Names that commands had before, which go on working for one release; the help leaves them out.
RENAMED = {"backtest": "record"}
_SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class _Commands(TyperGroup):
    """The commands, each imported when it is called."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = {name: TyperCommand(name, help=text) for name, text in COMMANDS.items()}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command of that name."""
        if cmd_name in RENAMED:
            now = RENAMED[cmd_name]
            print(f"`detente {cmd_name}` is called `detente {now}` now.", file=sys.stderr)
            return command(now)
        return command(cmd_name) if cmd_name in self.commands else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing them, each with its whole text."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, str(known.help)) for name, known in self.commands.items()])


def command(name: str) -> Any:
    """A command, or a group of them, from the module of its name."""
    module = import_module(f"detente.cli.{name}")
    alone = getattr(module, "app", None)
    if alone is None:
        alone = typer.Typer(**_SETTINGS)
        alone.command(name)(getattr(module, name))
    found = typer.main.get_command(alone)
    found.name = name
    return found


app = typer.Typer(
    name="detente",
    cls=_Commands,
    help="What a sanction does to everyone it touches, who gains and who pays.",
    invoke_without_command=True,
    **_SETTINGS,
)


def _version(value: bool) -> None:
    if value:
        from detente import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    del version
    if context.invoked_subcommand is None:
        from detente.report.introduction import introduction

        for line in introduction():
            typer.echo(line)


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
        if _reader_left(error):
            sys.exit(141)  # the reader (head, less) left: nothing more to say
        print(_said(error), file=sys.stderr)
        sys.exit(1)


def _reader_left(error: BaseException) -> bool:
    """Whether what read the output is gone; Windows calls that an invalid argument."""
    unnamed = isinstance(error, OSError) and error.filename is None
    return isinstance(error, BrokenPipeError) or (
        WINDOWS and unnamed and getattr(error, "errno", None) == errno.EINVAL
    )


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
