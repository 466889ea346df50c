"""The local app: the views of the brief, answered while a control moves.

Public names are imported on first use, so that `import detente.app` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.app.limits import Limits as Limits
    from detente.app.routes import create_app as create_app


_HOME = {"create_app": "routes", "Limits": "limits"}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
