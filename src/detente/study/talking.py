"""The name before `detente.analysis.negotiation`, which works for one release more."""

from __future__ import annotations

from detente._deprecated import moved_module

__getattr__ = moved_module(
    "detente.study.talking",
    "detente.analysis.negotiation",
    {
        "DrawnTalks": "NegotiationDraws",
        "NoTalks": "NoNegotiation",
        "TalkBands": "NegotiationBands",
        "TalksAnswer": "NegotiationAnswer",
        "talk": "negotiate",
    },
)
