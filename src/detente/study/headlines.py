"""What draws keep: `detente.analysis.uncertainty.draws` now; this name works one release more."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module("detente.study.headlines", "detente.analysis.uncertainty.draws")
