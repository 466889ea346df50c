"""The rows of a csv file, whatever program wrote it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from detente.case.errors import Fault

#: Faults of one file that are named one by one; the rest are counted.
SHOWN = 100


class UnreadableRows(ValueError):
    """A text that is no csv: the line and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


def csv_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a text that are not blank, each with the line that it ends in, from 1.

    Lines may end as Windows, Unix or old Macintosh programs write them.

    Raises:
        UnreadableRows: a quotation mark is not closed, or a cell is too long.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(plain, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableRows(max(reader.line_num, 1), str(error)) from error


def counted(faults: Sequence[Fault], file: str) -> list[Fault]:
    """The first faults of a file, and how many there are if there are many."""
    if len(faults) <= SHOWN:
        return list(faults)
    message = f"has {len(faults):,} faults; the first {SHOWN} are named."
    return [*faults[:SHOWN], Fault(1, "", message, "", file)]
