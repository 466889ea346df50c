"""What is wrong with a case file: every fault at once, each with file, line, key and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from detente.errors import DetenteError

KeyPath = tuple[str | int, ...]
#: A place in the file, what is wrong there and what to do next.
Complaint = tuple[KeyPath, str, str]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, where it stands and what to do about it.

    Attributes:
        line: line in the file, from 1; 0 for what is wrong with a question and not with a file.
        key: the dotted key, such as `measures[2].owner`; empty for the file as a whole.
        message: what is wrong.
        remedy: what to do next.
        file: the file's name.
    """

    line: int
    key: str
    message: str
    remedy: str = ""
    file: str = ""

    def __str__(self) -> str:
        """Where, what is wrong and what to do, in one line."""
        where = f"{self.file}:{self.line}: " if self.file else f"line {self.line}: "
        if not self.line:
            where = f"{self.file}: " if self.file else ""
        key = f"{self.key}: " if self.key else ""
        return f"{where}{key}{self.message} {self.remedy}".rstrip()


class CaseError(DetenteError, ValueError):
    """A case that cannot be used, or asked so; `faults` lists every fault, in order of the file."""

    remedy = "Correct the keys that the message names; `detente check` lists every fault of a file."

    def __init__(self, faults: Iterable[Fault], name: str = "") -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults), key=_order))
        self.name = name
        super().__init__(_bullets(self.faults, name))
        stated = dict.fromkeys(f.remedy for f in self.faults if f.remedy)
        self.remedy = " ".join(stated) or self.remedy


def _order(fault: Fault) -> tuple[str, int, str, str]:
    return fault.file, fault.line, fault.key, fault.message


def _bullets(faults: Sequence[Fault], name: str) -> str:
    count = f"{len(faults)} fault{'s' * (len(faults) != 1)}"
    if len(faults) == 1 and not faults[0].line:
        # Nothing is wrong with the file: what was asked of it does not exist.
        text = str(faults[0])
        return f"{name}: {text}" if name else text[:1].upper() + text[1:]
    lines = [f"{name or 'The case'} cannot be used: {count}."]
    for section, group in groupby(faults, key=_section):
        lines.append(f"- {section}")
        lines += [f"  - {fault}" for fault in group]
    return "\n".join(lines)


def _section(fault: Fault) -> str:
    return fault.key.split(".")[0].split("[")[0] or "the file"


def dotted(path: KeyPath) -> str:
    """A path as people write it: `('measures', 2, 'owner')` is `measures[2].owner`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
