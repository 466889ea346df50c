"""Lines of a terminal: sentences and tables in 80 columns, however wide the terminal is.

`wrapped` breaks a sentence between its words, and `table_lines` lays a table out. Nothing is cut:
columns that do not fit are named in a line that says where they are, or follow in further parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.negotiation.words import listed

#: Columns of a terminal that everything is printed in.
WIDTH = 80
#: The option with which a command prints what it leaves out otherwise.
DETAILS = "--details"
#: Blanks between two columns of a table.
_GAP = 2
#: The least room of the first column, if its words are longer, and the most for a single word.
_FIRST, _WORD = 20, 36
#: Lines that a heading takes at most, as far as its words allow.
_HEADING = 3
_LEAD = re.compile(r"\s*(?:[-•] |\d+\. )?")
_NUMBER = re.compile(r"(?:[≥≤<>~±] ?)?[+−-]?\.?\d")
#: Where a cell of numbers may be broken: before the band of a figure, and between two conditions.
_BREAK = re.compile(r" (?=\()|(?<=,) ")


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """A sentence in lines of at most so many columns; a word that is longer has a line of its own.

    Blanks and a dash or number in front of it are kept, and the lines that follow are indented by
    as much.

    Example:
        >>> from detente.report.lines import wrapped
        >>> wrapped("- Canada gains most by it", 16)
        ['- Canada gains', '  most by it']
    """
    match = _LEAD.match(text)
    lead = match[0] if match else ""
    indent = " " * width_of(lead)
    lines = _filled(text[len(lead) :].split(), width - len(indent), fold=False)
    return [f"{lead if k == 0 else indent}{line}" for k, line in enumerate(lines)] or [""]


def _filled(words: Sequence[str], width: int, *, fold: bool) -> list[str]:
    """Words in lines; with `fold`, one that no line holds is broken over lines."""
    lines: list[str] = []
    for word in words:
        if lines and width_of(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        lines.append(word)
        while fold and width_of(lines[-1]) > width:
            whole = lines.pop()
            lines += [whole[:width], whole[width:]]
    return lines


def table_lines(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    details: bool = False,
    width: int = WIDTH,
) -> list[str]:
    r"""A table in lines: the first column is text, the others are numbers or words.

    Args:
        title: above it; none if empty.
        columns: their headings.
        rows: cells as they are written.
        details: print columns that do not fit in further parts, each with the first column.
        width: columns of the terminal.

    Example:
        >>> from detente.report.lines import table_lines
        >>> print("\n".join(table_lines("Gain", ["", "now", "then"], [["Canada", "+2", "0"]])))
        Gain
                now  then
        ─────────────────
        Canada   +2     0
    """
    cells = [[columns[c], *(row[c] for row in rows)] for c in range(len(columns))]
    shown = [_Column(column, first=c == 0) for c, column in enumerate(cells)]
    lines = wrapped(title, width) if title else []
    rest = shown[1:]
    while True:
        part, rest = _fitting(shown[0], rest, width)
        lines += _part(part, width)
        if not rest:
            return lines
        if not details:
            names = [c.name for c in rest if c.name] or ["the other columns"]
            named = listed([*names[:5], *([f"{len(names) - 5} more"] if len(names) > 5 else [])])
            return [*lines, *wrapped(left_out_words([named]), width)]
        lines.append("")


def left_out_words(what: Sequence[str]) -> str:
    """What a text leaves out, and with which option a command prints it."""
    return f"Left out here, but in `{DETAILS}`: {listed(what)}."


class _Column:
    """A column: its cells in pieces that stay whole, the least width it needs and its full one."""

    def __init__(self, cells: Sequence[str], *, first: bool) -> None:
        filled = [c for c in cells[1:] if c]
        self.number = not first and all(_NUMBER.match(c) for c in filled)
        self.name = cells[0]
        self.pieces = [cells[0].split()]
        self.pieces += [_BREAK.split(c) if self.number else c.split() for c in cells[1:]]
        self.full = max(width_of(c) for c in cells)
        words = max((width_of(p) for pieces in self.pieces for p in pieces), default=0)
        heading = self.pieces[0]
        fits = (w for w in range(words, self.full + 1)
                if len(_filled(heading, w, fold=False)) <= _HEADING)  # fmt: skip
        half = min(fits, default=words)
        self.least = half if self.number else min(half, _WORD)
        if first:
            self.least = max(self.least, min(self.full, _FIRST))
        self.width = self.least

    def lines(self, row: int) -> list[str]:
        """One cell in lines of the column's width."""
        filled = _filled(self.pieces[row], self.width, fold=True) or [""]
        return [_padded(line, self.width, right=self.number) for line in filled]


def _padded(text: str, width: int, *, right: bool) -> str:
    blank = " " * (width - width_of(text))
    return f"{blank}{text}" if right else f"{text}{blank}"


def _fitting(
    first: _Column, rest: Sequence[_Column], width: int
) -> tuple[list[_Column], list[_Column]]:
    """As many columns as fit beside the first, each at its width, and those that do not."""
    part, used = [first], first.least
    for column in rest:
        if len(part) > 1 and used + _GAP + column.least > width:
            break
        part.append(column)
        used += _GAP + column.least
    for column in part:
        column.width = column.least
    if used > width:
        part[-1].width -= used - width
        return part, list(rest[len(part) - 1 :])
    spare = width - used
    # Words get what is left first, up to half a line; then figures, each with its band beside it.
    for column in part:
        if not column.number:
            more = max(min(spare, min(column.full, width // 2) - column.width), 0)
            column.width += more
            spare -= more
    for column in part:
        more = column.full - column.width
        if more <= spare:
            column.width += more
            spare -= more
    for column in part:
        more = min(spare, column.full - column.width)
        if not column.number:
            column.width += more
            spare -= more
    return part, list(rest[len(part) - 1 :])


def _part(part: Sequence[_Column], width: int) -> list[str]:
    """The lines of columns that stand beside one another."""
    gap = " " * _GAP
    lines = []
    for row in range(len(part[0].pieces)):
        cells = [column.lines(row) for column in part]
        height = max(map(len, cells))
        if row == 0:
            # Headings stand on the rule.
            cells = [[*[" " * c.width] * (height - len(x)), *x]
                     for c, x in zip(part, cells, strict=True)]  # fmt: skip
        for k in range(height):
            texts = [x[k] if k < len(x) else " " * c.width
                     for c, x in zip(part, cells, strict=True)]  # fmt: skip
            lines.append(gap.join(texts).rstrip())
        if row == 0:
            lines.append("─" * (sum(c.width for c in part) + _GAP * (len(part) - 1)))
    return lines
