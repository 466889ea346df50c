"""What governments can agree on: `detente.negotiation` now; this name works one release more."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module(
    "detente.talks", "detente.negotiation", {"TalksError": "NegotiationError"}
)
