"""The file that a user writes: `detente.cases` now; this name works for one more release."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module(
    "detente.case",
    "detente.cases",
    {
        "BackTestGiven": "BackTestBlock",
        "Routes": "RouteChoice",
        "Talks": "Negotiation",
        "TalksTerms": "NegotiationTerms",
        "Way": "Route",
        "WayTerms": "RouteTerms",
        "RouteTerms": "RouteChoiceTerms",
    },
)
