"""What a client may ask of the app: sizes, draws, and how much at once."""

from __future__ import annotations

from dataclasses import dataclass


def kibibytes(size: int) -> int:
    """A number of bytes in KiB, as messages say it."""
    return size // 1024


@dataclass(frozen=True)
class Limits:
    """Bounds that keep one request from taking the machine.

    Attributes:
        body: bytes of a request.
        file: bytes of a case file; 128 KiB are read in about a second.
        added: measures added to a case.
        scenarios: scenarios compared, or kept in a file.
        draws: of the parameters.
        evaluations: that a live answer may take; most need a dozen, and 750 take some 4 seconds.
        solves: equilibria solved at the same time.
        waiting: answers waited for at the same time; further ones are refused.
        jobs: long jobs waiting.
        cases: uploaded cases kept; the one used longest ago goes first.
    """

    body: int = 1_048_576
    file: int = 262_144
    added: int = 20
    scenarios: int = 12
    draws: int = 512
    evaluations: int = 750
    solves: int = 2
    waiting: int = 256
    jobs: int = 16
    cases: int = 32
