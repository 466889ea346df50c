"""Answers as documents of plain values: each says what it is and in which vocabulary it speaks."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

#: The version of the names and shapes in every document. A key that goes, or changes its meaning,
#: raises it; a key that comes does not.
SCHEMA_VERSION = 1


def document(kind: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as JSON holds it, the same from Python, the command line and the app.

    Args:
        kind: what it answers, such as `assessment` or `deals`.
        entries: its content; see `plain` for what may be in it.

    Returns:
        dict: `schema_version` and `kind`, then the entries as plain values.

    Raises:
        TypeError: a value that JSON has no form for.

    Example:
        >>> from detente._document import document
        >>> document("effects", {"country": "LTU", "band": (-84.9, float("nan"))})
        {'schema_version': 1, 'kind': 'effects', 'country': 'LTU', 'band': [-84.9, None]}
    """
    return {"schema_version": SCHEMA_VERSION, "kind": kind, **plain(entries)}


def plain(value: Any) -> Any:
    """A value as JSON holds it.

    Arrays, tuples and sets become lists, days become ISO dates, NumPy's numbers become Python's.
    A number that is missing (NaN) or infinite is None.

    Raises:
        TypeError: a value that JSON has no form for.
    """
    out: Any = value
    if isinstance(value, (float, np.floating)):
        out = float(value) if math.isfinite(value) else None
    elif isinstance(value, (np.bool_, np.integer, np.ndarray)):
        out = plain(value.tolist())
    elif isinstance(value, dt.date):
        out = value.isoformat()
    elif isinstance(value, Mapping):
        out = {str(key): plain(entry) for key, entry in value.items()}
    elif isinstance(value, (set, frozenset)):
        out = plain(sorted(value))
    elif isinstance(value, (list, tuple)):
        out = [plain(entry) for entry in value]
    elif value is not None and not isinstance(value, (str, bool, int)):
        raise TypeError(f"JSON has no form for {type(value).__name__}.")
    return out
