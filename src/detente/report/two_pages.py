"""The brief of two pages: what it says, in the order in which it is read.

`TwoPages` is the result, the same for HTML and for a Word document; `two_pages_of` takes it from
the overview of a report, or from one party's chair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente._near import did_you_mean
from detente.analysis import labels as w
from detente.analysis.options import NEGLIGIBLE
from detente.cases.errors import CaseError, Fault
from detente.negotiation.words import digits_beside
from detente.report.overview.effects import apart

if TYPE_CHECKING:
    from detente.report.contents import Views
    from detente.report.overview.effects import PartyEffect
    from detente.report.overview.options import OptionsTable
    from detente.report.overview.overview import Overview
    from detente.report.overview.party_view import PartyView

#: Bars of the picture, at most.
BARS = 8
#: Sentences on who can block, at most, where a party's own come first.
_BLOCKING = 4
#: Digits of the digest that are printed.
_DIGEST = 12


@dataclass(frozen=True)
class Bar:
    """What the measures do to one country or bloc, as the picture draws it.

    Attributes:
        name: for readers.
        figure: the effect in USD million a year.
        band: its band, or nothing.
        tone: `gain`, `loss` or `zero`.
        start: where the bar begins, in per cent of the width.
        width: how wide it is.
        low: where the band begins; None without one.
        high: where it ends.
        own: whether it is the party from whose chair the brief is written.
    """

    name: str
    figure: str
    band: str
    tone: str
    start: float
    width: float
    low: float | None = None
    high: float | None = None
    own: bool = False


@dataclass(frozen=True)
class Row:
    """One option.

    Attributes:
        label: what is lifted.
        figures: what it brings each column, USD million a year.
        tones: `gain`, `loss` or `zero` for each.
        needs: whose consent it takes.
    """

    label: str
    figures: tuple[str, ...]
    tones: tuple[str, ...]
    needs: str


@dataclass(frozen=True)
class Ask:
    """What a deal asks of one signatory, and what it is worth to it.

    Attributes:
        name: of the signatory.
        asks: what it would do.
        worth: in USD million a year, from the least to the most of several packages.
        signs: whether it would sign.
    """

    name: str
    asks: str
    worth: str
    signs: bool


@dataclass(frozen=True)
class TwoPages:
    """A brief of two pages.

    Attributes:
        title: the main result.
        state: how the state differs from the case, in a line; empty for the case's own.
        about: the case, the day assessed and the run in one line.
        seen_from: the party from whose chair it is written; empty for none.
        answer: the answer, three sentences at most.
        bars: who pays and who gains; empty where nobody does.
        zero: where nothing lies in the picture, in per cent of its width.
        goods: where the goods go instead; empty without an answer to it.
        columns: countries and blocs of the options.
        rows: the options; empty where no lifting moves anything.
        more: that some options are not shown; empty if all are.
        blocking: who can block.
        deal: whether a deal would hold, and what it rests on.
        holds: whether all would sign it.
        asks_title: what the asks are of.
        asks: what it asks of whom.
        sure: label and text of each line of the box.
        sources: what it rests on.
        reproduce: the command that makes it again; empty without one.
        name: of the case.
    """

    title: str
    state: str
    about: str
    seen_from: str
    answer: tuple[str, ...]
    bars: tuple[Bar, ...]
    zero: float
    goods: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    more: str
    blocking: tuple[str, ...]
    deal: tuple[str, ...]
    holds: bool
    asks_title: str
    asks: tuple[Ask, ...]
    sure: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    reproduce: str
    name: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that is said in whole sentences, in reading order."""
        said = [*self.answer, self.goods, self.more, *self.blocking, *self.deal]
        return tuple(s for s in (*said, *(text for _, text in self.sure), *self.sources) if s)


def two_pages_of(views: Views, party: str | None = None) -> TwoPages:
    """The brief of two pages of what was answered.

    Args:
        views: of a case answered, from `views_of`.
        party: from whose chair it is written, by id or name; None for nobody's.

    Raises:
        CaseError: the case has no such party; names the nearest.
    """
    overview = views.overview
    seen = None if party is None else _party(views, party)
    options = overview.options if seen is None else seen.options
    effects = _drawn(overview, seen)
    zero, bars = _bars(effects, seen)
    goods = overview.chapter("where-goods-go")
    sure = overview.chapter("how-sure")
    rows = {str(row[0]): str(row[1]) for row in views.tables["reproduce"].rows}
    return TwoPages(
        title=overview.headline if seen is None else seen.headline,
        state=views.departure.heading,
        about=_about(views),
        seen_from="" if seen is None else seen.name,
        answer=overview.answer if seen is None else seen.sentences[:3],
        bars=bars,
        zero=zero,
        goods="" if goods is None else goods.sentence,
        columns=() if options is None else tuple(p.name for p in options.places),
        rows=() if options is None else tuple(_rows(options)),
        more="" if options is None else _more(options),
        blocking=overview.blocking if seen is None else _blocking(overview, seen),
        deal=tuple(_deal(overview, seen)),
        holds=overview.deal is not None and overview.deal.holds,
        asks_title="" if overview.deal is None else overview.deal.title,
        asks=tuple(_asks(overview, seen)),
        sure=() if sure is None else sure.points,
        sources=overview.sources,
        reproduce=rows.get("Command line", ""),
        name=views.name,
    )


def _about(views: Views) -> str:
    """The case, the day and the run in one line."""
    run = f"{views.horizon} run" if views.horizon else ""
    case = views.departure.untitled(views.title)
    return " · ".join(part for part in (case, w.day(views.date), run) if part)


def _party(views: Views, party: str) -> PartyView:
    """A party by its id, its name or the code of its country."""
    found = views.overview.parties
    wanted = party.casefold()
    for view in found:
        code = "" if view.effect is None else view.effect.place.key.casefold()
        if wanted in (view.party.casefold(), view.name.casefold(), code):
            return view
    message = f"there is no party {party!r}."
    raise CaseError(
        [Fault(0, "", message, did_you_mean(party, [v.party for v in found]))], views.name
    )


def _drawn(overview: Overview, seen: PartyView | None) -> list[PartyEffect]:
    """Whom the picture shows: the target, those who hold measures, and others moved most."""
    ends = [e for e in overview.effects if e.target or e.owns]
    others = [e for e in apart(overview.effects) if not e.target and not e.owns]
    chosen = [*ends, *others]
    if seen is not None and seen.effect is not None:
        own = seen.effect.place.key
        chosen = [seen.effect, *(e for e in chosen if e.place.key != own)]
    moved = [e for e in chosen if abs(e.value) > NEGLIGIBLE][:BARS]
    return sorted(moved, key=lambda e: e.value)


def _bars(effects: Sequence[PartyEffect], seen: PartyView | None) -> tuple[float, tuple[Bar, ...]]:
    """The bars on one axis, and where its zero lies."""
    ends = [v for e in effects for v in (e.value, *(e.band or ()))]
    if not ends:
        return 0.0, ()
    low, high = min(0.0, *ends), max(0.0, *ends)

    def at(value: float) -> float:
        return float(round(100 * (value - low) / (high - low), 2))

    own = None if seen is None or seen.effect is None else seen.effect.place.key
    inside = _inside(effects)
    bars = []
    for e in effects:
        band = None if e.band is None or e.band[0] == e.band[1] else e.band
        start, end = sorted((at(0.0), at(e.value)))
        bars.append(
            Bar(
                f"{e.place.name}{inside.get(e.place.key, '')}",
                w.cell(e.value),
                "" if band is None else f"{_end(band[0])} to {_end(band[1])}",
                "loss" if e.value < 0 else "gain",
                start,
                round(max(end - start, 0.4), 2),
                None if band is None else at(band[0]),
                None if band is None else at(band[1]),
                e.place.key == own,
            )
        )
    return at(0.0), tuple(bars)


def _end(value: float) -> str:
    """One end of a band, with a minus where it is below nothing."""
    return digits_beside(value)


def _inside(effects: Sequence[PartyEffect]) -> dict[str, str]:
    """Of a country that is counted in a bloc beside it: in which."""
    found = {}
    for e in effects:
        for other in effects:
            if set(e.place.members) < set(other.place.members):
                found[e.place.key] = f" (in the {other.place.name})"
    return found


def _rows(options: OptionsTable) -> Iterator[Row]:
    for row in options.rows:
        figures = tuple(map(w.cell, row.gains))
        tones = tuple(
            "zero" if text == "0" else "loss" if value < 0 else "gain"
            for text, value in zip(figures, row.gains, strict=True)
        )
        yield Row(row.label, figures, tones, row.needs)


def _more(options: OptionsTable) -> str:
    """How many options are left to the annex."""
    if not options.left_out:
        return ""
    others = w.count(options.left_out, "smaller option is", "smaller options are")
    return f"{w.sentence(others)} in the annex."


def _blocking(overview: Overview, seen: PartyView) -> tuple[str, ...]:
    """What a party can block, then who else can."""
    rest = [s for s in overview.blocking if s not in seen.blocks]
    return (*seen.blocks, *rest[: max(_BLOCKING - len(seen.blocks), 0)])


def _deal(overview: Overview, seen: PartyView | None) -> Iterator[str]:
    if overview.deal is None:
        yield "This brief leaves the negotiation out, so that it names no deal."
        return
    shown = overview.answer if seen is None else seen.sentences[:3]
    said = [s for s in overview.deal.sentences if s not in shown]
    asks = [] if seen is None else [*seen.asks]
    if said[:1] == [overview.deal.sentences[0]]:
        yield said.pop(0)
    yield from (*asks, *said)


def _asks(overview: Overview, seen: PartyView | None) -> Iterator[Ask]:
    """What the deal asks of whom, the party itself first."""
    if overview.deal is None:
        return
    own = "" if seen is None else seen.party
    for term in sorted(overview.deal.terms, key=lambda t: t.party != own):
        asks = w.sentence(", and ".join(term.asks)) if term.asks else "Nothing"
        low, high = w.cell(term.low), w.cell(term.high)
        worth = low if low == high else f"{low} to {high}"
        yield Ask(term.name, asks, worth, term.signs)
