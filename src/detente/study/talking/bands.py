"""Bands and chances over draws, beside the answers at central values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Lower and upper end of the central 90 % of the draws.
Band = tuple[float, float]


@dataclass(frozen=True)
class VoteChances:
    """The votes on one measure over draws; members as in its `MeasureVotes`.

    Attributes:
        measure: its id.
        gain: band of what it is worth to each member in force against not.
        carried: by moment (`adopt`, `renew`, `repeal`), share of the draws in which the vote does.
        blocks: by moment, share of the draws in which each member would block alone.
    """

    measure: str
    gain: tuple[Band, ...] = field(repr=False)
    carried: Mapping[str, float]
    blocks: Mapping[str, tuple[float, ...]] = field(repr=False)


@dataclass(frozen=True)
class ChannelBands:
    """What channels make possible over draws; in the order of the `ChannelAnswer`.

    Attributes:
        values: band of each party's Myerson value.
        total: band of what each channel is worth in all.
        gain: band of what it is worth to each party.
        matters: share of the draws in which it is worth anything in all.
    """

    values: tuple[Band, ...]
    total: tuple[Band, ...]
    gain: tuple[tuple[Band, ...], ...] = field(repr=False)
    matters: tuple[float, ...]


@dataclass(frozen=True)
class TalkBands:
    """Bands of gains and chances of votes over draws of valuations and the trade side.

    Attributes:
        draws: how many.
        proposals: by package, band of each signatory's gain.
        votes: by measure.
        channels: None where no channel is open.
    """

    draws: int
    proposals: Mapping[str, tuple[Band, ...]] = field(repr=False)
    votes: Mapping[str, VoteChances] = field(repr=False)
    channels: ChannelBands | None = field(repr=False)
