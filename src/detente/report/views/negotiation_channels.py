"""Who talks to whom: how much of what is meant arrives, and what each channel makes possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.report.table import Cell, Chart, Column, Table, welfare
from detente.report.views.negotiation_context import MONEY, NegotiationViewContext

if TYPE_CHECKING:
    from detente.analysis.negotiation import ChannelAnswer
    from detente.negotiation import ChannelWorth, SignalPath


def channels_table(context: NegotiationViewContext, found: ChannelAnswer) -> Table:
    """Every channel with its fidelity and what it is worth; then those that could be opened."""
    names = list(found.values.channels.parties)
    worth = {frozenset((x.link.one, x.link.other)): x for x in found.worth}
    rows: list[tuple[Cell, ...]] = []
    for link in found.channels.links:
        own = worth.pop(frozenset((link.one, link.other)), None)
        rows.append(
            (
                "open",
                _pair(context, link.one, link.other),
                100 * link.fidelity,
                *_worth(own, names),
            )
        )
    rows += [
        ("not open", _pair(context, x.link.one, x.link.other), None, *_worth(x, names))
        for x in worth.values()
    ]
    every = [float(v) for row in rows for v in row[3:] if isinstance(v, float)]
    return Table(
        "negotiation-channels",
        "Channels: what arrives, and what each is worth",
        " ".join(_sentences(context, found)),
        (
            Column("status", "Status", group=True),
            Column("channel", "Channel"),
            Column("fidelity", "Arrives as it was meant", "%", "number"),
            welfare("total", "Worth in all", MONEY, every),
            *(welfare(f"worth-{k}", f"To {context.party(p)}", MONEY, every)
              for k, p in enumerate(names)),
        ),
        tuple(rows),
        note="What would be lost without an open channel, or won by opening one: changes of "
        "Myerson values, with side payments among those who can talk. What the channel gives its "
        "two ends it may take from those who could talk in their place.",
    )  # fmt: skip


def _worth(own: ChannelWorth | None, names: list[str]) -> tuple[Cell, ...]:
    if own is None:
        return (None,) * (1 + len(names))
    gain = dict(zip(own.having.channels.parties, own.gain, strict=True))
    return (own.total, *(float(gain[p]) if p in gain else None for p in names))


def _pair(context: NegotiationViewContext, one: str, other: str) -> str:
    return f"{context.party(one)} – {context.party(other)}"


def _sentences(context: NegotiationViewContext, found: ChannelAnswer) -> list[str]:
    sentences = []
    signing = found.signing[0] if found.signing else None
    if signing is not None:
        who = w.sentence(context.whom(*signing.signatories))
        how = "talk directly" if signing.direct else "can be brought together through others"
        sentences.append(f"{who} {how}." if signing.possible else f"{who} cannot all be reached.")
    most = max((x for x in found.worth if x.exists), key=lambda x: x.total, default=None)
    if most is not None and most.total > 0.05:
        sentences.append(
            f"The channel {_pair(context, most.link.one, most.link.other)} is worth most: "
            f"without it "
            f"{w.money(most.total)} a year of joint gains would be out of reach."
        )
    elif most is not None:
        sentences.append(
            "No single channel is worth anything in joint gains: others carry as well."
        )
    return sentences or ["No channel is open."]


def signals_table(context: NegotiationViewContext, found: ChannelAnswer) -> Table:
    """How a signal travels where no channel is direct, or a third party carries it better."""
    rows: list[tuple[Cell, ...]] = [
        (
            _pair(context, s.sender, s.receiver),
            context.parties(s.intermediaries) or ("directly" if s.line else "no way"),
            100 * s.fidelity,
        )
        for s in found.signals
    ]
    return Table(
        "negotiation-signals",
        "How signals travel",
        _signal_sentence(context, found.signals),
        (
            Column("ends", "From and to"),
            Column("through", "By way of"),
            Column("fidelity", "Arrives as it was meant", "%", "number"),
        ),
        tuple(rows),
        note="The path on which most arrives: the product of the fidelities of its links.",
    )


def _signal_sentence(context: NegotiationViewContext, signals: tuple[SignalPath, ...]) -> str:
    """The first pair that can talk both directly and by way of somebody."""
    for s in signals:
        ends = (s.sender, s.receiver)
        around = [x for x in signals if (x.sender, x.receiver) == ends and x.intermediaries]
        if not s.intermediaries and around:
            return (
                f"Of a signal of {context.whom(s.sender)} to {context.whom(s.receiver)} "
                f"{w.share(s.fidelity)} arrives as it was meant, and {w.share(around[0].fidelity)} "
                f"by way of {context.whom(*around[0].intermediaries)}."
            )
    best = max(signals, key=lambda s: s.fidelity)
    return (
        f"Of a signal of {context.whom(best.sender)} to {context.whom(best.receiver)} most "
        f"arrives: "
        f"{w.share(best.fidelity)}."
    )


def channels_chart(context: NegotiationViewContext, found: ChannelAnswer, table: Table) -> Chart:
    """The channels as a small graph."""
    parties = [
        p
        for p in found.channels.parties
        if any(p in (x.one, x.other) for x in found.channels.links)
    ]
    worth = {frozenset((x.link.one, x.link.other)): x.total for x in found.worth}
    return Chart(
        "negotiation-channels",
        "links",
        "Who talks to whom",
        "share of what is meant that arrives, %; analyst estimates",
        context.source,
        f"A graph of the parties, with a line for each channel. {table.sentence}",
        table.id,
        {
            "parties": [context.party(p) for p in parties],
            "links": [
                {
                    "from": parties.index(x.one),
                    "to": parties.index(x.other),
                    "fidelity": float(x.fidelity),
                    "label": _pair(context, x.one, x.other),
                    "said": _said(worth.get(frozenset((x.one, x.other)))),
                }
                for x in found.channels.links
            ],
        },
    )


def _said(worth: float | None) -> str:
    return "" if worth is None else f"worth {w.money(worth)} a year in joint gains"
