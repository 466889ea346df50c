"""Names that moved, which go on working for one release and say what replaces them.

One function warns, whatever it was that moved: a public name, a package, an option of a command or
a key of a file. It gives a `DeprecationWarning`, which tests of users see and readers of results do
not.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


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
        renamed: from names that changed on the way to those that replace them.
    """

    def get(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {old!r} has no attribute {name!r}")
        target = (renamed or {}).get(name, name)
        try:
            value = getattr(import_module(new), target)
        except AttributeError:
            raise AttributeError(
                f"module {old!r} has no attribute {name!r}; it is called {new} now."
            ) from None
        warn_moved(f"{old}.{name}", f"{new}.{target}")
        return value

    return get
