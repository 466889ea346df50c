"""What can be wrong with a base year, said in one message that names country and good."""

from __future__ import annotations

from detente.errors import DetenteError


class WorldError(DetenteError, ValueError):
    """A base year that cannot be used; `faults` lists every fault found, not only the first."""

    def __init__(self, faults: list[str] | str) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class UnknownLabel(WorldError, KeyError):
    """A country, group or good that the world does not have, with the nearest ones that it has."""

    def __str__(self) -> str:
        return "\n".join(self.faults)


class WorldFileError(WorldError):
    """A file that cannot be read as an inter-country table: which file, row and column."""
