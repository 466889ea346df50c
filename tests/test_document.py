"""Documents are plain JSON and say which vocabulary they speak."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from detente._document import SCHEMA_VERSION, document, plain


def test_a_document_says_its_version_and_kind_first():
    found = document("deals", {"b": 1})
    assert list(found) == ["schema_version", "kind", "b"]
    assert (found["schema_version"], found["kind"]) == (SCHEMA_VERSION, "deals")


def test_plain_values_survive_a_round_through_json():
    value = {
        "array": np.array([[1.5, np.nan], [np.inf, -2.0]]),
        "day": dt.date(2025, 12, 1),
        "set": frozenset({"b", "a"}),
        "number": np.float32(0.5),
        "count": np.int64(3),
        "truth": np.bool_(True),
        3: (None, "text"),
    }
    expected = {
        "array": [[1.5, None], [None, -2.0]],
        "day": "2025-12-01",
        "set": ["a", "b"],
        "number": 0.5,
        "count": 3,
        "truth": True,
        "3": [None, "text"],
    }
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == expected


def test_what_json_has_no_form_for_is_refused():
    with pytest.raises(TypeError, match="object"):
        plain({"a": object()})
