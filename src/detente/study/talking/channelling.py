"""What channels make possible, what each is worth, and how a signal travels."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.talks import Channels, ChannelWorth, MyersonValues, SignalPath, Signing


@dataclass(frozen=True, eq=False)
class ChannelAnswer:
    """The channels of a case on its day.

    Attributes:
        channels: parties and open links.
        signing: whether the signatories, and every two of them, can sign.
        values: what each signatory can expect given who can talk to whom (Myerson), USD million a
            year, with side payments.
        worth: what losing each open channel costs, and opening each missing one between
            signatories would add.
        signals: how a signal between parties without a say, or through an intermediary, fares.
    """

    channels: Channels
    signing: tuple[Signing, ...]
    values: MyersonValues
    worth: tuple[ChannelWorth, ...] = field(repr=False)
    signals: tuple[SignalPath, ...] = field(repr=False)

    def sentences(self) -> tuple[str, ...]:
        """Who can sign, what channels are worth, how signals travel."""
        return (
            str(self.channels),
            *(str(s) for s in self.signing),
            str(self.values),
            *(str(w) for w in self.worth),
            *(str(s) for s in self.signals),
        )
