"""Runs one of the walks of CONTRIBUTING and prints what the package executes on the way.

`python trace.py WALK FOLDER` writes a JSON list of functions, each with its file and the moments at
which it is first called and first returns. Files of the answer are written to FOLDER.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import detente

PACKAGE = str(Path(detente.__file__).parent)


class Trace:
    """Moments at which functions are first called and first return."""

    def __init__(self) -> None:
        self.moment = 0
        self.called: dict[CodeType, int] = {}
        self.returned: dict[CodeType, int] = {}

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        known = {"call": self.called, "return": self.returned}.get(event)
        code = frame.f_code
        # Bodies of modules and classes run when they are imported, which is no step of an answer.
        if known is not None and code not in known and code.co_flags & inspect.CO_OPTIMIZED:
            self.moment += 1
            known[code] = self.moment

    def plain(self) -> list[dict[str, Any]]:
        """The functions of the package, in the order of their first return."""
        return [
            {
                "file": Path(code.co_filename).relative_to(PACKAGE).as_posix(),
                "function": code.co_qualname,
                "called": self.called.get(code, 0),
                "returned": moment,
            }
            for code, moment in self.returned.items()
            if code.co_filename.startswith(PACKAGE)
        ]


def embargo(_: Path) -> None:
    world = detente.load_world("oecd-2020")
    ban = detente.embargo("RUS", "EU", "AGRI_MIN_FOOD")
    _ = detente.solve(world, ban).real_income_change


def assess(_: Path) -> None:
    detente.assess("belarus")


def command(*words: str) -> None:
    from detente.cli import app

    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        app(list(words))


def brief(folder: Path) -> None:
    command("brief", "belarus", "--quick", "--out", str(folder / "brief.html"))


def why(_: Path) -> None:
    command("why", "belarus")


WALKS: dict[str, Callable[[Path], None]] = {
    "embargo": embargo,
    "assess": assess,
    "brief": brief,
    "why": why,
}


def main(walk: str, folder: str) -> None:
    trace = Trace()
    threading.setprofile(trace)
    sys.setprofile(trace)
    try:
        WALKS[walk](Path(folder))
    finally:
        sys.setprofile(None)
    print(json.dumps(trace.plain()))


if __name__ == "__main__":
    main(*sys.argv[1:])
