"""`detente channels`: who can sign with whom, what channels are worth, how signals travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.draws import Seed
from detente.cli.negotiation import Draws, answered, ending, printed
from detente.cli.options import CaseName, Date, Details, Horizon, Json, say, table
from detente.negotiation.words import banded, percent

if TYPE_CHECKING:
    from detente.analysis.negotiation.questions import ChannelsAnswer
    from detente.negotiation import ChannelWorth


def channels(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Who can sign with whom, what each channel is worth, and how a signal fares on its way.

    The worth of a channel rests on the valuations of the case and on side payments.
    """
    from detente.analysis.negotiation.questions import ChannelsAnswer

    found = ChannelsAnswer(answered(case, "channels", date, horizon, draws, seed))
    if printed(found, as_json=as_json):
        return
    say([*found.signing_words, ""])
    matters = [] if found.bands is None else ["worth more than 0"]
    method = " (Myerson 1977)" if details else ""
    table(
        f"What each channel is worth with side payments, USD million a year{method}",
        ["", "in all", *found.channels.parties, *matters],
        [_row(found, k, worth) for k, worth in enumerate(found.worth)],
        details=details,
    )
    say(found.value_words)
    say(found.signal_words)
    ending(found, details)


def _row(found: ChannelsAnswer, k: int, worth: ChannelWorth) -> list[str]:
    """What one channel is worth in all and to each party, with bands over draws."""
    label = f"{worth.link}{'' if worth.exists else ' (to be opened)'}"
    bands = found.bands
    if bands is None:
        return [label, banded(worth.total, None), *(banded(gain, None) for gain in worth.gain)]
    gains = zip(worth.gain, bands.gain[k], strict=True)
    return [
        label,
        banded(worth.total, bands.total[k]),
        *(banded(gain, band) for gain, band in gains),
        f"{percent(bands.matters[k], 0)} of draws",
    ]
