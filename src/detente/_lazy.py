"""Public names of a package, imported when they are first used.

`import detente` and `detente --help` stay quick, and type checkers still see explicit re-exports
under `TYPE_CHECKING`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(
    package: str, homes: Mapping[str, str], renamed: Mapping[str, str] | None = None
) -> Callable[[str], Any]:
    """The `__getattr__` of a package (PEP 562).

    Args:
        package: its full name.
        homes: from a public name to the module of the package that defines it.
        renamed: from names that were public before to those that replace them; they go on working
            for one release, with a `DeprecationWarning`.
    """

    def get(name: str) -> Any:
        if renamed and name in renamed:
            from detente._deprecated import warn_moved

            warn_moved(f"{package}.{name}", f"{package}.{renamed[name]}")
            return getattr(sys.modules[package], renamed[name])
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
