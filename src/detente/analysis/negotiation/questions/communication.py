"""Channels: who can sign with whom, what each channel is worth, and how a signal fares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from detente._shown import Small
from detente.analysis.document_head import UNIT, banded, banded_by
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.negotiation.words import between

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.negotiation.bands import ChannelBands
    from detente.analysis.negotiation.channels import ChannelAnswer
    from detente.negotiation import Channels, ChannelWorth, MyersonValues, SignalPath, Signing


class ChannelsAnswer(NegotiationQuestion):
    """The channels of a case on its day; bands over draws, as far as there are any.

    It has what `ChannelAnswer` has, and says it.
    """

    kind = "channels"

    @property
    def found(self) -> ChannelAnswer:
        """The channels as numbers."""
        assert self.answer.channels is not None
        return self.answer.channels

    @property
    def bands(self) -> ChannelBands | None:
        """Over draws; None without draws."""
        return None if self.answer.bands is None else self.answer.bands.channels

    @property
    def channels(self) -> Channels:
        """Parties and open links."""
        return self.found.channels

    @property
    def signing(self) -> tuple[Signing, ...]:
        """Whether the signatories, and every two of them, can sign."""
        return self.found.signing

    @property
    def values(self) -> MyersonValues:
        """What each signatory can expect given who can talk to whom."""
        return self.found.values

    @property
    def worth(self) -> tuple[ChannelWorth, ...]:
        """What losing each open channel costs, and opening each missing one would add."""
        return self.found.worth

    @property
    def signals(self) -> tuple[SignalPath, ...]:
        """How signals fare."""
        return self.found.signals

    @property
    def signing_words(self) -> list[str]:
        """Who can talk to whom, and who can sign."""
        return self.said([str(self.channels), *map(str, self.signing)])

    @property
    def value_words(self) -> list[str]:
        """What can be reached in all and by whom, with its bands over draws."""
        lines = [str(self.values)]
        if self.answer.bands is not None and self.bands is not None:
            parts = zip(self.channels.parties, self.bands.values, strict=True)
            each = ", ".join(f"{party} {between(band)}" for party, band in parts)
            lines.append(f"Over {self.answer.bands.draws:,} draws, 5 to 95 %: {each}.")
        return self.said(lines)

    @property
    def signal_words(self) -> list[str]:
        """How each signal fares on its way."""
        return self.said(map(str, self.signals))

    def to_frame(self) -> pl.DataFrame:
        """One row a channel and party: what the channel is worth to it."""
        import polars as pl

        rows = []
        for k, w in enumerate(self.worth):
            one, other = self._ids([w.link.one, w.link.other])
            for p, party in enumerate(self._ids(self.channels.parties)):
                row = {"one": one, "other": other, "exists": w.exists, "party": party}
                band = None if self.bands is None else self.bands.gain[k][p]
                rows.append(row | banded("gain", w.gain[p], band))
        return pl.DataFrame(rows, infer_schema_length=None)

    def _lines(self) -> Sequence[str]:
        return self.signing_words[:2]

    def _small(self) -> Small:
        rows = [[str(w.link), w.total, *w.gain] for w in self.worth[:8]]
        heads = ("", "in all", *self._ids(self.channels.parties))
        return f"What each channel is worth, {UNIT}", heads, rows

    def _words(self) -> Iterator[str]:
        yield from self.signing_words
        yield from self.value_words
        yield from self.signal_words

    def _entries(self) -> dict[str, Any]:
        parties, bands = self._ids(self.channels.parties), self.bands
        return {
            "links": [
                {"between": self._ids([x.one, x.other]), "fidelity": x.fidelity}
                for x in self.channels.links
            ],
            "signing": [
                {
                    "signatories": self._ids(s.signatories),
                    "possible": s.possible,
                    "direct": s.direct,
                }
                for s in self.signing
            ],
            **banded_by(
                "myerson_value", parties, self.values.value, None if bands is None else bands.values
            ),
            "worth": [self._worth(k, w) for k, w in enumerate(self.worth)],
            "signals": [{"path": self._ids(s.line), "fidelity": s.fidelity} for s in self.signals],
        }

    def _worth(self, k: int, w: ChannelWorth) -> dict[str, Any]:
        parties, bands = self._ids(self.channels.parties), self.bands
        return {
            "between": self._ids([w.link.one, w.link.other]),
            "exists": w.exists,
            **banded("total", w.total, None if bands is None else bands.total[k]),
            **banded_by("gain", parties, w.gain, None if bands is None else bands.gain[k]),
            "matters_in": None if bands is None else bands.matters[k],
        }
