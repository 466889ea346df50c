"""Every file that the package writes is written here: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from pathlib import Path

from detente.errors import DetenteError

#: Letters of the file's name in that of the temporary one: names have at most 255 bytes.
_KEPT = 40


class NotWritten(DetenteError, OSError):
    """A file that could not be written; what was there before is as it was."""


def write_file(path: str | Path, content: str | bytes) -> Path:
    """Write a file in one step: to a temporary name beside it, flushed, then renamed.

    A reader sees the old content or the new one, and a full disk leaves the old one. Folders on
    the way are made; a link is followed; the rights of a file that is replaced are kept.

    Args:
        path: where to; what is no plain file, such as /dev/stdout, is written to directly.
        content: bytes, or a text, which is written as UTF-8 with its line ends as they are.

    Returns:
        Path: the path as given.

    Raises:
        NotWritten: why it could not be written, and what to do.
    """
    target = Path(path)
    try:
        data = content if isinstance(content, bytes) else content.encode("utf-8")
    except UnicodeEncodeError as error:
        found = error.object[max(0, error.start - 30) : error.end + 30]
        near = found.encode("ascii", "backslashreplace").decode("ascii")
        raise NotWritten(
            f"{target} cannot be written: the text holds half a character (a lone surrogate), "
            f"near {near!r}.",
            "Write the whole character, or leave it out.",
        ) from error
    try:
        _replace(Path(os.path.realpath(target)), data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(
            f"{target} cannot be written: {reason}. What was there before is as it was.",
            _REFUSED if isinstance(error, PermissionError) else _NO_ROOM,
        ) from error
    return target


def _replace(target: Path, data: bytes) -> None:
    mode = _mode(target)
    if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        with target.open("wb") as device:
            device.write(data)
        return
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(None, "it is a folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name[:_KEPT]}.{secrets.token_hex(6)}.tmp")
    try:
        # Made by the mask of the user, as any new file; an older one is never opened.
        with os.fdopen(os.open(beside, _NEW, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        _renamed(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _renamed(beside: Path, target: Path) -> None:
    """Put the new file in the place of the old one; on Windows somebody may have that open."""
    for wait in (*_TRIES, None) if _WINDOWS else (None,):
        try:
            beside.replace(target)
            return
        except PermissionError:
            if wait is None:
                raise
            time.sleep(wait)


_WINDOWS = os.name == "nt"
#: Seconds between tries: scanners and indexers have a new file open for moments.
_TRIES = (0.05, 0.1, 0.2, 0.4)
_REFUSED = "Close what has it open, check the rights of file and folder, or name another place."
_NO_ROOM = "Free some room, check the folder's rights, or name another place."
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
