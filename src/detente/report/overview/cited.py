"""One of the four answers with all that a reader needs to cite and repeat it.

`CitedAnswer` is the result: a chapter with its figures, bands, what the record says of it, its
sources and the command that gives it again. `cited` takes it from a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._near import did_you_mean
from detente.analysis.document_head import head
from detente.analysis.places import prose_of
from detente.cases import CaseError, Fault
from detente.report.overview.chapter import QUESTIONS, Chapter, ChapterId
from detente.report.table import Link, Table

if TYPE_CHECKING:
    from detente.cases import Case
    from detente.report.contents import Views
    from detente.report.overview.effects import PartyEffect

#: Tables whose links are the sources of each answer; the first that a report has of each name.
_SOURCES: dict[ChapterId, tuple[str, ...]] = {
    "who-pays": ("in-force",),
    "where-goods-go": ("in-force",),
    "what-deal": ("negotiation-moves", "in-force"),
    "how-sure": ("claims", "assumptions"),
}
_WITHOUT = {
    "who-pays": "The case has no trade, so it does not say who pays.",
    "where-goods-go": "The case has no trade that it could follow, so no goods go elsewhere.",
    "what-deal": "The case has no negotiation, so it does not say what deal would hold.",
    "how-sure": "No figure of the case can be checked.",
}


@dataclass(frozen=True)
class Source:
    """A document that an answer rests on; the address is empty where there is none."""

    text: str
    href: str


@dataclass(frozen=True)
class AboutParty:
    """What an answer says of one party.

    Attributes:
        id: of the party, or the code of its country.
        name: for readers.
        sentence: what the measures in force do to it.
        value: the same in USD million a year; None without trade.
        low: lower end of the band; None without draws.
        high: upper end of the band; None without draws.
    """

    id: str
    name: str
    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class CitedAnswer:
    """One question answered, ready to be cited.

    Attributes:
        views: the report that it is taken from.
        question: which of the four.
        chapter: the answer; None where the case has none.
        party: what is said of the party that was asked about; None where none was.
        verdict: what the record says of figures like these.
        bands: what the bands hold, or that there are none.
        sources: what it rests on.
    """

    views: Views
    question: ChapterId
    chapter: Chapter | None
    party: AboutParty | None
    verdict: str
    bands: str
    sources: tuple[Source, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in words; the first says it where the state is not the case's own."""
        found = self.views.departure.sentence
        said = [found] if found else []
        if self.chapter is None:
            return (*said, _WITHOUT[self.question])
        said += [self.chapter.sentence]
        said += [self.party.sentence] if self.party is not None else []
        said += [self.chapter.paragraph] if self.chapter.paragraph else []
        return tuple(said)

    @property
    def reproduction(self) -> dict[str, str]:
        """The command, the Python and the digests that give the same answer."""
        given = {str(row[0]): row[1] for row in self.views.tables["reproduce"].rows}
        return {key: str(given.get(label, "")) for key, label in _REPRODUCE.items()}

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        views, overview = self.views, self.views.overview.plain()
        trade = self.question in ("who-pays", "where-goods-go", "what-deal")
        about = head(
            views.name,
            views.departure,
            data=views.data,
            date=views.date,
            horizon=views.horizon,
            transfers=views.transfers,
            draws=None if views.bands is None else views.bands.counts,
            sentences=self.sentences,
        )
        return document(
            "cited_answer",
            about
            | {
                "title": views.title,
                "question": QUESTIONS[self.question],
                "answered": self.chapter is not None,
                "verdict": self.verdict,
                "bands": self.bands,
                "party": None if self.party is None else asdict(self.party),
                "effects": overview["effects"] if trade else [],
                "options": overview["options"] if trade else None,
                "sources": [asdict(s) for s in self.sources],
                "reproduction": self.reproduction,
            },
        )


_REPRODUCE = {
    "command": "Command line",
    "python": "Python",
    "case_digest": "Case digest (SHA-256)",
    "world_digest": "World digest (SHA-256)",
    "versions": "Versions",
}


def cited(views: Views, case: Case, question: ChapterId, party: str | None = None) -> CitedAnswer:
    """One of the four answers of a report, with what it rests on.

    Args:
        views: the report.
        case: that it is of.
        question: which of `QUESTIONS`.
        party: the id or name of a party, or the code of a country in the report; None for all.

    Raises:
        CaseError: the report knows no such party.
    """
    sure = views.overview.chapter("how-sure")
    bands = "The figures have no bands: no parameters were drawn."
    return CitedAnswer(
        views,
        question,
        views.overview.chapter(question),
        None if party is None else _party(views, case, party),
        "" if sure is None else sure.sentence,
        bands if views.bands is None else views.bands.sentence,
        tuple(dict.fromkeys(_sources(views, question))),
    )


def _sources(views: Views, question: ChapterId) -> Iterator[Source]:
    """Acts of measures that are in force, then what the base year is; or claims and parameters."""
    for name in _SOURCES[question]:
        table = views.tables.get(name)
        if table is not None:
            yield from _links(table)
            break
    for row in views.tables["reproduce"].rows:
        if row[0] == "World":
            yield Source(str(row[1]), "")


def _links(table: Table) -> Iterator[Source]:
    keys = [c.key for c in table.columns]
    status = keys.index("status") if "status" in keys else None
    for row in table.rows:
        if status is not None and row[status] == "not in force":
            continue
        for cell in row:
            if isinstance(cell, tuple):
                yield from (Source(x.text, x.href) for x in cell if isinstance(x, Link))


def _party(views: Views, case: Case, asked: str) -> AboutParty:
    """What the measures in force do to a party, in a sentence that states its band."""
    effects = {e.place.key: e for e in views.overview.effects}
    names = {p.id: p.name for p in case.parties}
    keys = {p.id: p.id for p in case.parties}
    for p in case.parties:
        if p.id not in effects and len(p.members) == 1 and p.members[0] in effects:
            keys[p.id] = p.members[0]
    names = {k: e.place.name for k, e in effects.items() if k not in keys.values()} | names
    wanted = asked.strip().casefold()
    for identifier, name in names.items():
        key = keys.get(identifier, identifier)
        if wanted in (identifier.casefold(), key.casefold(), name.casefold()):
            return _about(identifier, name, effects.get(key))
    message = f"there is no party {asked!r}."
    raise CaseError(
        [Fault(0, "", message, did_you_mean(asked, [*names, *names.values()]))], case.name
    )


def _about(identifier: str, name: str, effect: PartyEffect | None) -> AboutParty:
    prose = prose_of(name) if effect is None else effect.place.prose
    if effect is None:
        text = f"The report has no figure of what the measures do to {prose}."
        return AboutParty(identifier, name, text)
    if effect.pays:
        text = f"The measures cost {prose} {effect.money} a year."
    elif effect.gains:
        text = f"The measures bring {prose} {effect.money} a year."
    else:
        text = f"The measures move {prose} by less than USD 0.1 million a year."
    low, high = (None, None) if effect.band is None else effect.band
    return AboutParty(identifier, name, text, effect.value, low, high)
