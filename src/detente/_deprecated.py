"""Names that moved, which go on working for one release and say what replaces them.

One function warns, whatever it was that moved: a public name, a package, an option of a command or
a key of a file. It gives a `DeprecationWarning`, which tests of users see and readers of results do
not.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


def warn_moved(old: str, new: str, *, stacklevel: int = 2) -> None:
    """Warn that something is called otherwise now.

    Args:
        old: what was used, as the user wrote it.
        new: what to write instead.
        stacklevel: how many calls above this one the old name stands; 2 for the caller's caller.
    """
    warnings.warn(
        f"{old} is called {new} now. The old name works for one more release.",
        DeprecationWarning,
        stacklevel=stacklevel + 1,
    )


def moved_module(
    old: str, new: str, renamed: Mapping[str, str] | None = None
) -> Callable[[str], Any]:
    """The `__getattr__` of a module whose names live elsewhere now (PEP 562).

    Importing the old module costs and says nothing; each use of one of its names warns.

    Args:
        old: full name of the module that was.
        new: full name of the one that has its names now.
        renamed: from names that changed on the way to those that replace them; one that went to
            another module stands with the full name of that.
    """

    def get(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {old!r} has no attribute {name!r}")
        home, _, target = (renamed or {}).get(name, name).rpartition(".")
        home = home or new
        try:
            value = getattr(import_module(home), target)
        except AttributeError:
            raise AttributeError(
                f"module {old!r} has no attribute {name!r}; it is called {new} now."
            ) from None
        warn_moved(f"{old}.{name}", f"{home}.{target}")
        return value

    return get


def renamed_fields(**renamed: str) -> Callable[[type[T]], type[T]]:
    """Keep earlier names of fields of a dataclass, as keywords and as attributes.

    Args:
        renamed: from names of before to those of today.
    """

    def keep(kind: type[T]) -> type[T]:
        make = kind.__init__

        @wraps(make)
        def accept(self: T, *given: Any, **named: Any) -> None:
            for old, new in renamed.items():
                if old in named and new not in named:
                    warn_moved(f"{kind.__name__}({old}=…)", f"{kind.__name__}({new}=…)")
                    named[new] = named.pop(old)
            make(self, *given, **named)

        kind.__init__ = accept  # type: ignore[assignment]
        keep_attributes(kind, renamed)
        return kind

    return keep


def keep_attributes(kind: type, renamed: Mapping[str, str]) -> None:
    """Keep earlier names of attributes and methods of a class.

    Args:
        kind: the class.
        renamed: from names of before to those of today.
    """
    for old, new in renamed.items():
        setattr(kind, old, _earlier(kind.__name__, old, new))


def _earlier(kind: str, old: str, new: str) -> property:
    """An attribute of before, which reads that of today."""

    def read(self: Any) -> Any:
        warn_moved(f"{kind}.{old}", f"{kind}.{new}")
        return getattr(self, new)

    return property(read, doc=f"`{new}` by its earlier name.")
