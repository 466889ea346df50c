"""Views of chances: how likely each answer is over draws, what turns it, and bands of gains.

`events_table` and `bounds_table` show how observed moves fare, `chances_table` and `chances_chart`
how likely answers are. `gain_bands_table`, `vote_chances_table` and `channel_bands_table` hold
bands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.analysis.labels import day
from detente.report.table import Cell, Chart, Column, Table, welfare
from detente.report.views.negotiation_context import MONEY, NegotiationViewContext, some

if TYPE_CHECKING:
    from detente.analysis.negotiation import (
        AnswerChance,
        ChannelAnswer,
        ChannelBands,
        MoveCheck,
        NegotiationBands,
    )
    from detente.analysis.negotiation.deals import Deals


_MOMENTS = {"adopt": "Adopting", "renew": "Renewing", "repeal": "Repealing"}


def gain_bands_table(
    context: NegotiationViewContext, deals: Deals, bands: NegotiationBands
) -> Table:
    """From where to where each signatory's gain from named packages reaches."""
    rows: list[tuple[Cell, ...]] = [
        (d.label, context.together(p), float(g), low, high)
        for d in deals.proposals
        for p, g, (low, high) in zip(d.parties, d.gain, bands.proposals[d.id], strict=True)
    ]
    every = [float(v) for row in rows for v in row[2:] if isinstance(v, float)]
    sure = sum(1 for r in rows if float(str(r[3])) * float(str(r[4])) > 0)
    return Table(
        "negotiation-gain-bands",
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


def vote_chances_table(context: NegotiationViewContext, bands: NegotiationBands) -> Table:
    """In which share of the draws each vote carries, and who would block it how often."""
    from detente.analysis.negotiation.explained_moves import NO_FORECAST, SHARES, forecast

    rows: list[tuple[Cell, ...]] = []
    left_out = False
    for v in context.negotiation.votes:
        found = bands.votes[v.measure]
        for moment, carried in found.carried.items():
            if moment not in forecast(context.negotiation, v):
                left_out |= moment == "renew"
                continue
            share = sorted(zip(found.blocks[moment], v.members, strict=True), key=lambda x: -x[0])
            rows.append(
                (
                    f"{v.label} ({context.party(v.owner)})",
                    _MOMENTS[moment],
                    100 * carried,
                    some((f"{context.party(m)} {w.share(s)}" for s, m in share if s > 0), 8)
                    or None,
                )
            )
    return Table(
        "negotiation-vote-chances",
        "How often a vote carries, and who would block it alone",
        _votes_sentence(context, bands),
        (
            Column("measure", "Measure", group=True),
            Column("moment", "Moment"),
            Column("carried", "Carries in", "% of draws", "number"),
            Column("blocks", "Would block alone, in so many of the draws"),
        ),
        tuple(rows),
        note=f"{w.number(bands.draws)} draws of what parties value and of the parameters of trade; "
        "all else as in the status quo. A renewal that does not carry ends the measure, a repeal "
        f"that does not carry keeps it. {SHARES}"
        + (
            f" A renewal that was made all the same is left out: {NO_FORECAST}." if left_out else ""
        ),
    )


def _votes_sentence(context: NegotiationViewContext, bands: NegotiationBands) -> str:
    """Who would most often end at renewal what is in force; what was renewed all the same."""
    from detente.analysis.negotiation.explained_moves import contradicted, record_words

    for v in context.negotiation.votes:
        found = bands.votes[v.measure]
        if not v.in_force or "renew" not in found.carried:
            continue
        if contradicted(context.negotiation, v):
            return " ".join(context.named(line) for line in record_words(context.negotiation, v))
        most = max(found.blocks["renew"])
        ends = 1 - found.carried["renew"]
        text = f"{w.quoted(v.label)} would end at renewal in {w.share(ends)} of the draws"
        tied = [m for m, s in zip(v.members, found.blocks["renew"], strict=True) if s == most]
        who = context.whom(*tied) if len(tied) <= 4 else f"{len(tied)} members"
        each = " each" if len(tied) > 1 else ""
        refused = f"{w.sentence(who)} would refuse it in {w.share(most)}{each}."
        return f"{text}. {refused}" if most else f"{text}."
    v = context.negotiation.votes[0]
    return (
        f"{w.quoted(v.label)} would be repealed in "
        f"{w.share(bands.votes[v.measure].carried['repeal'])} of the draws."
    )


def channel_bands_table(
    context: NegotiationViewContext, found: ChannelAnswer, bands: ChannelBands
) -> Table:
    """From where to where the worth of each channel reaches."""
    rows: list[tuple[Cell, ...]] = [
        (
            "open" if x.exists else "not open",
            f"{context.party(x.link.one)} – {context.party(x.link.other)}",
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
        "negotiation-channel-bands",
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


_GROUPS = {
    "accepted": "All signatories accept",
    "carried out": "Those whose measures change accept",
    "stable": "Nobody would leave it by itself (Nash)",
    "stable (SEQ)": "Nobody would leave it, as gaining answers deter (SEQ)",
    "stable if renewed": "Nobody would leave it, if no member refused a renewal (Nash)",
    "stable if renewed (SEQ)": "Nobody would leave it, if no member refused a renewal (SEQ)",
    "holds": "It would not leave the status quo by itself (Nash)",
    "self-enforcing": "It enforces itself in some order",
}
_UNEXPLAINED = "not explained"


def events_table(context: NegotiationViewContext) -> Table:
    """Every observed move: whether the model makes it rational, and in which share of draws."""
    from detente.analysis.negotiation.explained_moves import sample_words, tally_words

    events = context.negotiation.events
    every = [v for e in events for v in (e.gain, e.money, e.gain_exchange)]
    drawn = any(e.share is not None for e in events)
    rows: list[tuple[Cell, ...]] = [
        (
            e.date.isoformat(),
            context.party(e.party),
            w.sentence(e.change),
            e.verdict,
            context.named(sample_words(context.negotiation, e)) or None,
            float(e.money),
            float(e.gain),
            float(e.gain_exchange) if e.with_others else None,
            w.listing(context.measure(m) for m in e.with_others) or None,
            some(f"{context.party(m)} ({w.number(g, 1, signed=True)})" for m, g in e.opposed)
            or None,
            *((_share(e),) if drawn else ()),
        )
        for e in events
    ]
    return Table(
        "negotiation-events",
        "Observed moves against the model",
        context.named(tally_words(context.negotiation)),
        (
            Column("date", "Day", kind="date"),
            Column("party", "Who"),
            Column("change", "What it did"),
            Column("verdict", "The model makes it"),
            Column("in_view", "In sample: set in view of it"),
            welfare("money", "Money that it brings, alone", MONEY, every),
            welfare("gain", "Gain in all, alone", MONEY, every),
            welfare("exchange", "Gain in all, as an exchange", MONEY, every),
            Column("with_others", "Together with"),
            Column("opposed", "Members that lose and did not block"),
            *((Column("share", "Rational in", "% of draws", "number"),) if drawn else ()),
        ),
        tuple(rows),
        note="Each move against not making it, all else as on that day. As an exchange: with what "
        "others changed within a few days of it. ‘Not explained’ says that the model at these "
        "estimates does not make the move rational, nothing about the mover. In sample: values of "
        "the case were set in view of the move, so that a rational move is no test of the model."
        + (_contradicted(events) if drawn else ""),
    )


def _share(e: MoveCheck) -> float | None:
    """Share of the draws, %; none of a renewal that contradicts the record."""
    return None if e.share is None or e.contradicted else 100 * e.share


def _contradicted(events: tuple[MoveCheck, ...]) -> str:
    """Why no share is shown of renewals that were made, for the note."""
    from detente.analysis.negotiation.explained_moves import NO_FORECAST

    if not any(e.contradicted for e in events):
        return ""
    return (
        f" No share is shown of renewals that were made where the model would not: {NO_FORECAST}."
    )


def bounds_table(context: NegotiationViewContext) -> Table:
    """What each observed move says about its mover, whatever the estimates."""
    parts = [e for e in context.negotiation.events if e.bound]
    left = [e for e in parts if e.verdict == _UNEXPLAINED]
    first = (left or parts)[-1]
    return Table(
        "negotiation-bounds",
        "What each observed move implies",
        f"{w.sentence(context.whom(first.party))} on {day(first.date)}: "
        f"{context.named(first.bound)}",
        (
            Column("date", "Day", kind="date"),
            Column("party", "Who"),
            Column("change", "What it did"),
            Column("bound", "What it implies"),
        ),
        tuple(
            (
                e.date.isoformat(),
                context.party(e.party),
                w.sentence(e.change),
                context.named(e.bound),
            )
            for e in parts
        ),
        note="From the trade model and the move alone, for each mover that is a government; for a "
        "bloc, for its members.",
        lead=6,
    )


def notes_table(context: NegotiationViewContext) -> Table:
    """What was assumed or approximated on the way."""
    notes = context.negotiation.notes
    return Table(
        "negotiation-notes",
        "What the negotiation assumes",
        f"{w.sentence(w.count(len(notes), 'assumption'))} were made on the way to these results."
        if len(notes) > 1
        else "One assumption was made on the way to these results.",
        (Column("note", "Note"),),
        tuple((context.named(note),) for note in notes),
    )


def chances_table(context: NegotiationViewContext) -> Table:
    """The chance of every answer, and the parameter that turns it most often."""
    found = context.negotiation.chances
    rows: list[tuple[Cell, ...]] = [
        (
            _GROUPS[c.question],
            w.sentence(c.label),
            "yes" if c.central else "no",
            100 * c.chance,
            _turned(context, c) if c.turned_by else None,
            100 * c.turned if c.turned_by else None,
        )
        for c in _grouped(found)
    ]
    return Table(
        "negotiation-chances",
        "How likely each answer is, and what turns it",
        _chances_sentence(context, found),
        (
            Column("question", "Question", group=True),
            Column("of", "Of"),
            Column("central", "At central values"),
            Column("chance", "Yes in", "% of draws", "number"),
            Column("turned_by", "What alone turns it most often"),
            Column("turned", "In", "% of its draws", "number"),
        ),
        tuple(rows),
        note=f"{w.number(found[0].draws)} draws of what parties value, of patience and of the "
        "parameters of trade, each over its range and independently of the others: shares of draws "
        "say how far an answer hangs on the estimates, not how likely an event is." + _fewer(found),
    )


def _fewer(found: tuple[AnswerChance, ...]) -> str:
    """Which answers were asked in fewer draws, if any."""
    fewer = [c.draws for c in found if c.draws < found[0].draws]
    if not fewer:
        return ""
    return (
        f" Stability by SEQ, and if no member refused a renewal: the first {w.number(fewer[0])} of "
        "these, and what turns it was not asked."
    )


def _grouped(found: tuple[AnswerChance, ...]) -> list[AnswerChance]:
    order = list(_GROUPS)
    return sorted(found, key=lambda c: order.index(c.question))


def _chances_sentence(context: NegotiationViewContext, found: tuple[AnswerChance, ...]) -> str:
    from detente.analysis.negotiation.feasible_packages import points_left_out

    kept = points_left_out(context.negotiation)
    found = tuple(c for c in found if c.of not in kept)
    close = min(found, key=lambda c: abs(c.chance - 0.5))
    firm = [c for c in found if c.chance in (0.0, 1.0)]
    text = (
        f"{w.sentence(w.count(len(firm), 'answer'))} of {w.count(len(found), '').strip()} "
        f"{'is' if len(firm) == 1 else 'are'} the same in every draw"
    )
    if 0 < close.chance < 1:
        text += (
            f". The most open is about {w.quoted(close.label)}: "
            f"{_GROUPS[close.question][0].lower()}{_GROUPS[close.question][1:]}. It is yes in "
            f"{w.share(close.chance)} of the draws"
        )
        text += f", turned most often by {_turned(context, close)}" if close.turned_by else ""
    return f"{text}."


def _turned(context: NegotiationViewContext, c: AnswerChance) -> str:
    """The parameter that alone turns an answer most often, and others that do so as often."""
    text = context.parameter(c.turned_by)
    return f"{text}, as often by {_equal(context, c)}" if c.turned_too else text


def _equal(context: NegotiationViewContext, c: AnswerChance) -> str:
    return some((context.parameter(n) for n in c.turned_too), 2)


def chances_chart(context: NegotiationViewContext, table: Table) -> Chart | None:
    """The answers that differ between draws, as bars; None if none does."""
    varying = [c for c in context.negotiation.chances if 0 < c.chance < 1]
    groups = [
        {"label": label, "rows": [_bar(context, c) for c in varying if c.question == question]}
        for question, label in _GROUPS.items()
    ]
    if not varying:
        return None
    return Chart(
        "negotiation-chances",
        "chances",
        "Answers that hang on the estimates",
        "share of the draws in which the answer is yes, %; answers that are the same in every "
        "draw are in the table only",
        context.source,
        f"Bars from 0 to 100 % of the draws. {table.sentence}",
        table.id,
        {"groups": [group for group in groups if group["rows"]]},
    )


def _bar(context: NegotiationViewContext, c: AnswerChance) -> dict[str, Any]:
    turned = ""
    if c.turned_by:
        turned = f"turned by {context.parameter(c.turned_by)} alone in {w.share(c.turned)} of draws"
        turned += f", as often by {_equal(context, c)}" if c.turned_too else ""
    return {
        "label": w.sentence(c.label),
        "chance": float(c.chance),
        "central": bool(c.central),
        "said": turned,
    }
