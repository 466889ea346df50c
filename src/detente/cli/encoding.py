"""What a terminal can show: letters that its encoding lacks are written by others."""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
import unicodedata
from typing import Any, TextIO

#: How a character is written where the encoding lacks it. Anything else loses its accents, or is ?.
_WRITTEN = {
    "−": "-",
    "–": "-",
    "—": "-",
    "‑": "-",
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "↑": "^",
    "↓": "v",
    "…": "...",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "·": ".",
    "•": "*",
    "×": "x",
    "÷": "/",
    "±": "+-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~",
    "∞": "inf",
    "€": "EUR",
    "λ": "lambda",
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
    "đ": "d",
    "æ": "ae",
    "œ": "oe",
    "━": "-",
    "─": "-",
    "│": "|",
    "╸": "-",
    "╺": "-",
    "█": "#",
    "▏": "|",
}
_NAME = "detente-written"


def _other(letter: str) -> str:
    if letter in _WRITTEN:
        return _WRITTEN[letter]
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    name = unicodedata.name(letter, "")
    if name.startswith("GREEK") and " LETTER " in name:
        return name.split(" LETTER ")[1].split()[0].lower()
    return bare or ("" if unicodedata.combining(letter) else "?")


def _written(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(_other, missing)), error.end


codecs.register_error(_NAME, _written)
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_POWER = re.compile(f"[{_POWERS}]+")
_PLAIN_POWERS = str.maketrans(_POWERS, "0123456789+-")


def fitted(text: str, encoding: str) -> str:
    """A text in letters that an encoding has: 10⁻⁹ becomes 10^-9, → becomes ->."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plain = _POWER.sub(lambda found: "^" + found[0].translate(_PLAIN_POWERS), text)
        return plain.encode(encoding, _NAME).decode(encoding)
    return text


class _Narrow(io.TextIOWrapper):
    """A stream whose encoding lacks letters.

    For ASCII it calls itself Latin-1, of which ASCII is a part: libraries for the command line
    take ASCII for a mistake and write UTF-8 to it.
    """

    limit = "ascii"

    def write(self, text: str) -> int:
        """Write a text in letters that the encoding has."""
        super().write(fitted(text, self.limit))
        return len(text)


def fit_streams() -> None:
    """Have standard output and error take any text, whatever the terminal's encoding."""
    sys.stdout = _fitted(sys.stdout)
    sys.stderr = _fitted(sys.stderr)


def _fitted(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, _Narrow):
        return stream
    limit = codecs.lookup(stream.encoding).name
    if limit.startswith("utf"):
        stream.reconfigure(errors=_NAME)
        return stream
    called = "latin-1" if limit == "ascii" else limit
    buffered = stream.line_buffering
    narrow = _Narrow(stream.detach(), encoding=called, line_buffering=buffered)
    narrow.limit = limit
    return narrow


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON for standard output: what its encoding lacks is escaped, so nothing is lost."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return json_fitted(text)


def json_fitted(text: str) -> str:
    """JSON in letters that the output can write: beyond ASCII it has only letters of strings."""
    limit = getattr(sys.stdout, "limit", None) or sys.stdout.encoding or "ascii"
    try:
        text.encode(limit)
    except UnicodeEncodeError:
        return "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)
    return text
