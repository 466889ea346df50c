"""What `detente` says of itself: what it is, the packaged cases and three commands to try."""

from __future__ import annotations

from detente.analysis import labels as w
from detente.cases import cases, episodes
from detente.negotiation.words import listed, number_word, upper_first
from detente.report.lines import WIDTH, width_of, wrapped

#: The lines in all, and those that are not of cases.
LINES, _OTHERS = 24, 12
_WHAT = (
    "détente says what a sanction does to everyone it touches, who can block a deal, and which "
    "deals are worth making."
)
_TRY = (
    ("detente brief {case}", "who pays, where goods go, what deal would hold"),
    ("detente deals {case}", "what all would sign, and who refuses what"),
    ("detente serve {case}", "the app: move a slider, see the world respond"),
)
_MORE = "`detente --help` lists all commands."


def introduction() -> list[str]:
    """What the program is, its cases in a line each and three commands, in at most 24 lines.

    Example:
        >>> from detente.report.introduction import introduction
        >>> introduction()[0]
        'détente says what a sanction does to everyone it touches, who can block a deal,'
    """
    found = cases()
    widest = max(map(width_of, [c.name for c in found]), default=0)
    rows: list[str] = []
    left = len(found)
    for case in found:
        row = _row(case.name, case.title, widest)
        if len(rows) + len(row) > LINES - _OTHERS - (left > 1):
            break
        rows += row
        left -= 1
    told = [f"{number_word(left)} more"] if left else []
    if episodes():
        told.append(w.count(len(episodes()), "episode of the record", "episodes of the record"))
    if told:
        rows.append(f"  {upper_first(listed(told))}: `detente cases` lists them.")
    commands = [(command.format(case=found[0].name), what) for command, what in _TRY]
    wide = max(width_of(command) for command, _ in commands)
    return [
        *wrapped(_WHAT),
        "",
        "Packaged cases:",
        *rows,
        "",
        "Try:",
        *(line for command, what in commands for line in _row(command, what, wide)),
        "",
        _MORE,
    ]


def _row(name: str, text: str, widest: int) -> list[str]:
    """A name and what stands for it beside it."""
    start = f"  {name}{' ' * (widest - width_of(name))}  "
    first, *rest = wrapped(text, WIDTH - width_of(start))
    return [f"{start}{first}", *(f"{' ' * width_of(start)}{line}" for line in rest)]
