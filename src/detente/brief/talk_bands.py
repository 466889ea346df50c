"""Bands over draws of gains and channels, and how often members would block a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.table import Cell, Column, Table, welfare
from detente.brief.talk_scene import MONEY, TalkScene, some

if TYPE_CHECKING:
    from detente.study.talking import ChannelAnswer, ChannelBands, TalkBands
    from detente.study.talking.deals import Deals

_MOMENTS = {"adopt": "Adopting", "renew": "Renewing", "repeal": "Repealing"}


def gain_bands_table(scene: TalkScene, deals: Deals, bands: TalkBands) -> Table:
    """From where to where each signatory's gain from named packages reaches."""
    rows: list[tuple[Cell, ...]] = [
        (d.label, scene.together(p), float(g), low, high)
        for d in deals.proposals
        for p, g, (low, high) in zip(d.parties, d.gain, bands.proposals[d.id], strict=True)
    ]
    every = [float(v) for row in rows for v in row[2:] if isinstance(v, float)]
    sure = sum(1 for r in rows if float(str(r[3])) * float(str(r[4])) > 0)
    return Table(
        "talks-gain-bands",
        "Gains from named packages over draws",
        f"Of {w.number(len(rows))} gains {w.number(sure)} keep their sign over the central 90 % of "
        f"{w.number(bands.draws)} draws.",
        (
            Column("package", "Package", group=True),
            Column("party", "Party"),
            welfare("gain", "Gain", MONEY, every),
            welfare("low", "5 %", MONEY, every),
            welfare("high", "95 %", MONEY, every),
        ),
        tuple(rows),
        note="Over draws of what parties value and of the parameters of trade, each over its range "
        "and independently of the others. The gain of a bloc is the sum over all its members.",
        lead=8,
    )


def vote_chances_table(scene: TalkScene, bands: TalkBands) -> Table:
    """In which share of the draws each vote carries, and who would block it how often."""
    from detente.study.talking.record import NO_FORECAST, forecast

    rows: list[tuple[Cell, ...]] = []
    left_out = False
    for v in scene.talks.votes:
        found = bands.votes[v.measure]
        for moment, carried in found.carried.items():
            if moment not in forecast(scene.talks, v):
                left_out |= moment == "renew"
                continue
            share = sorted(zip(found.blocks[moment], v.members, strict=True), key=lambda x: -x[0])
            rows.append(
                (
                    f"{v.label} ({scene.party(v.owner)})",
                    _MOMENTS[moment],
                    100 * carried,
                    some((f"{scene.party(m)} {w.share(s)}" for s, m in share if s > 0), 8) or None,
                )
            )
    return Table(
        "talks-vote-chances",
        "How often a vote carries, and who would block it alone",
        _votes_sentence(scene, bands),
        (
            Column("measure", "Measure", group=True),
            Column("moment", "Moment"),
            Column("carried", "Carries in", "% of draws", "number"),
            Column("blocks", "Would block alone, in so many of the draws"),
        ),
        tuple(rows),
        note=f"{w.number(bands.draws)} draws of what parties value and of the parameters of trade; "
        "all else as in the status quo. A renewal that does not carry ends the measure, a repeal "
        "that does not carry keeps it."
        + (
            f" A renewal that was made all the same is left out: {NO_FORECAST}." if left_out else ""
        ),
    )


def _votes_sentence(scene: TalkScene, bands: TalkBands) -> str:
    """Who would most often end at renewal what is in force; what was renewed all the same."""
    from detente.study.talking.record import contradicted, record_words

    for v in scene.talks.votes:
        found = bands.votes[v.measure]
        if not v.in_force or "renew" not in found.carried:
            continue
        if contradicted(scene.talks, v):
            return " ".join(scene.named(line) for line in record_words(scene.talks, v))
        most = max(found.blocks["renew"])
        ends = 1 - found.carried["renew"]
        text = f"{w.quoted(v.label)} would end at renewal in {w.share(ends)} of the draws"
        tied = [m for m, s in zip(v.members, found.blocks["renew"], strict=True) if s == most]
        who = scene.whom(*tied) if len(tied) <= 4 else f"{len(tied)} members"
        each = " each" if len(tied) > 1 else ""
        return f"{text}; {who} would refuse it in {w.share(most)}{each}." if most else f"{text}."
    v = scene.talks.votes[0]
    return (
        f"{w.quoted(v.label)} would be repealed in "
        f"{w.share(bands.votes[v.measure].carried['repeal'])} of the draws."
    )


def channel_bands_table(scene: TalkScene, found: ChannelAnswer, bands: ChannelBands) -> Table:
    """From where to where the worth of each channel reaches."""
    rows: list[tuple[Cell, ...]] = [
        (
            "open" if x.exists else "not open",
            f"{scene.party(x.link.one)} – {scene.party(x.link.other)}",
            float(x.total),
            low,
            high,
            100 * share,
        )
        for x, (low, high), share in zip(found.worth, bands.total, bands.matters, strict=True)
    ]
    every = [float(v) for row in rows for v in row[2:5] if isinstance(v, float)]
    counted = sum(1 for x in bands.matters if x > 0)
    return Table(
        "talks-channel-bands",
        "What channels are worth over draws",
        f"{w.sentence(w.count(counted, 'channel'))} of {w.number(len(rows))} "
        f"{'is' if counted == 1 else 'are'} worth something in all in some draw."
        if counted
        else f"None of {w.number(len(rows))} channels is worth anything in all in any draw.",
        (
            Column("status", "Status", group=True),
            Column("channel", "Channel"),
            welfare("total", "Worth in all", MONEY, every),
            welfare("low", "5 %", MONEY, every),
            welfare("high", "95 %", MONEY, every),
            Column("matters", "Worth more than nothing in", "% of draws", "number"),
        ),
        tuple(rows),
        note="Changes of the sum of Myerson values, as in the table before.",
    )
