"""A choice of labels: some, all, or all but some."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """Labels as a case file chooses them, before groups are expanded.

    Attributes:
        include: labels or groups of labels; `*` is all.
        exclude: labels or groups left out.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The choice in words."""
        chosen = "all" if "*" in self.include else ", ".join(self.include)
        return f"{chosen} but {', '.join(self.exclude)}" if self.exclude else chosen

    def goods(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """The chosen ones among the goods that there are, in their order."""
        every = "*" in self.include
        return tuple(g for g in known if (every or g in self.include) and g not in self.exclude)
