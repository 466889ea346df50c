"""What can be wrong with a base year, said in one message that names country and good."""

from __future__ import annotations

from detente.errors import DetenteError


class WorldError(DetenteError, ValueError):
    """A base year that cannot be used; `faults` lists every fault found, not only the first.

    Args:
        faults: one fault, or all of them.
        remedy: what to do about each of them, where they do not say so themselves.
    """

    remedy = "Correct what the message names; `detente world check` lists every fault of a file."

    def __init__(self, faults: list[str] | str, remedy: str = "") -> None:
        listed = (faults,) if isinstance(faults, str) else tuple(faults)
        self.faults: tuple[str, ...] = tuple(f"{fault} {remedy}".rstrip() for fault in listed)
        super().__init__("\n".join(self.faults))
        if remedy:
            self.remedy = remedy


class UnknownLabel(WorldError, KeyError):
    """A country, group or good that the world does not have, with the nearest ones that it has."""

    remedy = "Use a label that the world has; the message names the nearest."

    def __str__(self) -> str:
        return "\n".join(self.faults)


class WorldFileError(WorldError):
    """A file that cannot be read as an inter-country table: which file, row and column."""
