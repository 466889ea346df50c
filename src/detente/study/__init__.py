"""One case answered: `detente.analysis` now; this name works for one more release."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module("detente.study", "detente.analysis", {"comparison": "compare"})
