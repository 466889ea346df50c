"""The local app: `detente.app` now; this name works for one more release."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module("detente.web", "detente.app")
