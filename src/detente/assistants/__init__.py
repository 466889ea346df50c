"""The four questions as tools for assistants, on this machine alone.

Names are imported on first use, so that `import detente.assistants` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.assistants.answers import Answers as Answers
    from detente.assistants.tools import tool_server as tool_server


_HOME = {"Answers": "answers", "tool_server": "tools"}
__all__ = ["Answers", "tool_server"]
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
