"""What people read: `detente.report` now; this name works for one more release."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module(
    "detente.brief",
    "detente.report",
    {
        "Bands": "detente.analysis.Bands",
        "bands_of": "detente.analysis.figures.drawn.bands_of",
    },
)
