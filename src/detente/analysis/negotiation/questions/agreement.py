"""The deal: what one package is worth to each who would have to sign it, and the search for one.

`DealAnswer` and `DealSearchAnswer` are the results, and `deal` and `find_deal` ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._near import did_you_mean
from detente._shown import Framed, Small
from detente.analysis import labels as w
from detente.analysis.departure import Departure, departure_of
from detente.analysis.document_head import UNIT, banded, data_entry, draws_entry, head
from detente.analysis.negotiation.bands import Band
from detente.analysis.negotiation.conflict import Bargaining, bargaining_notes
from detente.analysis.negotiation.deal_bands import DealBands, deal_bands
from detente.analysis.negotiation.deal_search import (
    CRITERIA,
    CriterionId,
    DealSearch,
    owning,
    search_of,
)
from detente.analysis.negotiation.deals import Proposal, proposal, reachable
from detente.analysis.negotiation.durability import Durability, durability_of
from detente.analysis.negotiation.full_answer import setting_of, with_draws
from detente.analysis.negotiation.signatures import Signature, signatures_of
from detente.analysis.negotiation.thresholds import valued
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.precomputed.negotiation import packaged_negotiation
from detente.cases import CaseError, Fault
from detente.negotiation.words import beside, figure, number_word, signed, upper_first

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.scenarios import Scenarios
    from detente.cases import Case

    Asked = Case | str | Scenarios | Bargaining

#: Members that a sentence names.
_NAMED = 5


@dataclass(frozen=True, eq=False, repr=False)
class DealTable(Framed):
    """What a question about a deal is asked of, and the head of its document."""

    setting: Bargaining
    horizon: str

    @cached_property
    def departure(self) -> Departure:
        """How the state that the negotiation starts from differs from that of the case's own."""
        case = self.setting.case
        own = case.own.negotiation_terms().day
        return departure_of(case, self.setting.terms.day, self.horizon or None, own_date=own)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed on the way."""
        return tuple(map(upper_first, (*self.setting.notes, *bargaining_notes(self.setting))))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in words, the main result first."""
        return tuple(map(upper_first, self._words()))

    def _words(self) -> Iterator[str]:
        raise NotImplementedError

    def _document(self, kind: str, entries: dict[str, Any]) -> dict[str, Any]:
        case = self.setting.case
        about = head(
            case.name,
            self.departure,
            data=data_entry(case),
            date=self.setting.terms.day,
            horizon=self.horizon,
            transfers=case.transfers if self.horizon else "",
            draws=self._draws(),
            sentences=self.sentences,
            notes=self.notes,
        )
        return document(kind, about | entries)

    def _draws(self) -> dict[str, Any] | None:
        """The draws of trade that bands rest on."""
        money = self.setting.money
        if money is None or money.drawn_dqn is None:
            return None
        made = len(money.drawn_dqn) + money.failed
        return draws_entry(made, made, money.failed, money.seed)

    def _lines(self) -> Sequence[str]:
        return self.sentences[:4]


@dataclass(frozen=True, eq=False, repr=False)
class DealAnswer(DealTable):
    """One package on the table: who signs, what each gives and gets, and whether it lasts.

    Attributes:
        setting: the conflict that it is asked of.
        horizon: how far the economy adjusts; empty without trade.
        package: what it changes, and what it is worth.
        signatures: what each signatory makes of it.
        durability: whether it lasts once it is carried out.
    """

    package: Proposal
    signatures: tuple[Signature, ...]
    durability: Durability

    @cached_property
    def bands(self) -> DealBands | None:
        """Bands of gains and money by signatory, this being the one deal; None without draws."""
        return deal_bands(self.setting, [self.package.code], self.package.parties)

    @property
    def moves(self) -> tuple[str, ...]:
        """Ids of the measures that change, in the order of the case."""
        changed = self.setting.status_quo ^ self.package.code
        moves = self.setting.terms.moves
        return tuple(m.id for m in moves if changed & self.setting.code([m.id]))

    @property
    def signed_by_all(self) -> bool:
        """Whether every signatory would sign."""
        return self.package.accepted

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Ids of the signatories that would refuse."""
        return self.package.refused_by

    @property
    def payment_total(self) -> float | None:
        """What would win over all who refuse, USD million a year; None where nothing would.

        A member of a bloc that signs for itself as well is paid once.
        """
        paid: dict[str, float] = {}
        voices = {v.id: v.members for v in self.setting.terms.parties}
        for s in self.signatures:
            if s.payment is None:
                return None
            alone = voices[s.party][0] if len(voices[s.party]) == 1 else s.party
            said = [(m.member, m.payment) for m in s.members] or [(alone, s.payment)]
            for key, payment in said:
                paid[key] = max(paid.get(key, 0.0), payment)
        return sum(paid.values())

    def signature(self, party: str) -> Signature:
        """What one signatory makes of it.

        Raises:
            CaseError: for a party that does not sign; names the nearest.
        """
        found = {s.party: s for s in self.signatures}
        if party not in found:
            raise self.setting.case.unknown("signatory", party, found)
        return found[party]

    def to_frame(self) -> pl.DataFrame:
        """One row a signatory: gain, money, stake, payment, and whether it signs."""
        import polars as pl

        keys = ("party", "signs", "owner", "gain", "money", "stake", "reserve", "payment")
        rows = [{k: getattr(s, k) for k in keys} for s in self.signatures]
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        return self._document("deal", self._entries())

    def _words(self) -> Iterator[str]:
        if not self.moves:
            yield "Nothing changes: every party keeps what it has."
            return
        yield f"{self.package.change}."
        yield from _signing(self)
        for k, signature in enumerate(self.signatures):
            yield from _said(signature, *self._ends(k))
        if not self.signed_by_all and self.package.accepted_by_owners:
            yield "All whose measures change would carry it out without the others' signature."
        yield from self.durability.sentences

    def _ends(self, place: int) -> tuple[Band | None, Band | None]:
        """Bands of a signatory's gain and of its money."""
        if self.bands is None:
            return None, None
        return self.bands.gain[0][place], self.bands.money[0][place]

    def rows(self) -> tuple[str, tuple[str, ...], list[list[str]]]:
        """What it brings each signatory, as a title, headings and rows of words."""
        rows = []
        for k, s in enumerate(self.signatures):
            gain, money = self._ends(k)
            rows.append(
                [
                    upper_first(s.label),
                    beside(s.gain, gain, signed),
                    beside(s.money, money, signed),
                    "yes" if s.signs else "no",
                    "none would do" if s.payment is None else figure(s.payment),
                ]
            )
        columns = ("", "gain", "of it money", "signs", "payment to win it")
        known = (
            "no band is known of this state"
            if self.bands is None
            else f"90 % of {self.bands.draws} draws in brackets"
        )
        return f"What it brings, {UNIT}; {known}", columns, rows

    def _small(self) -> Small:
        title, columns, rows = self.rows()
        return title, columns, [list(row) for row in rows]

    def _entries(self) -> dict[str, Any]:
        return {
            "change": self.package.change,
            "state": self.package.code,
            "moves": [
                {
                    **_move(self.setting, move),
                    "begins": not self.setting.status_quo & self.setting.code([move]),
                }
                for move in self.moves
            ],
            "signatures": [
                {
                    **asdict(s),
                    "stake": s.stake,
                    **banded("gain", s.gain, self._ends(k)[0]),
                    **banded("money", s.money, self._ends(k)[1]),
                }
                for k, s in enumerate(self.signatures)
            ],
            "signed_by_all": self.signed_by_all,
            "carried_out": self.package.accepted_by_owners,
            "refused_by": self.refused_by,
            "vetoes": [
                {"party": s.party, "id": key, "label": label}
                for s in self.signatures
                for key, label in s.vetoes
            ],
            "payment_total": self.payment_total,
            "stability": {
                "holds": self.durability.holds,
                "leavers": [asdict(x) for x in self.durability.leavers],
                "self_enforcing": self.durability.self_enforcing,
                "steps": self.durability.steps,
                "sentences": self.durability.sentences,
            },
            "choices": _choices(self.setting),
        }


@dataclass(frozen=True, eq=False, repr=False)
class DealSearchAnswer(DealTable):
    """A deal that a criterion picks, or why there is none and which condition to drop.

    Attributes:
        setting: the conflict that it is asked of.
        horizon: how far the economy adjusts; empty without trade.
        search: what was asked, and what was found.
        found: the package; None if there is none.
        nearest: the best package that one signatory alone refuses; None if there is none.
    """

    search: DealSearch
    found: DealAnswer | None
    nearest: DealAnswer | None

    def to_frame(self) -> pl.DataFrame:
        """The rows of the package that was found, or of the nearest; empty without either."""
        import polars as pl

        shown = self.found or self.nearest
        return pl.DataFrame() if shown is None else shown.to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        search = self.search
        return self._document(
            "deal_search",
            {
                "criterion": search.criterion.id,
                "without": search.without,
                "signed_by": search.signed_by,
                "examined": search.packages.examined,
                "accepted": search.accepted,
                "found": self.found is not None,
                "deal": None if self.found is None else self.found.to_dict(),
                "tied": search.tied,
                "droppable": [{**asdict(c), "sentence": _dropped(c)} for c in search.droppable],
                "nearest": None if self.nearest is None else self.nearest.to_dict(),
            },
        )

    def _words(self) -> Iterator[str]:
        search = self.search
        count, of = search.accepted, search.packages.examined
        who = w.listing(self.setting.labels[p] for p in search.signed_by)
        if self.found is not None:
            yield (
                f"Of {w.count(of, 'package')} under these conditions {number_word(count)} would be "
                f"signed by {who}."
            )
            yield f"{search.criterion.label}: {self.found.sentences[0]}"
            if search.tied:
                others = w.count(search.tied, "other package")
                yield f"{others} {'meets' if search.tied == 1 else 'meet'} this equally."
            yield from self.found.sentences[1:]
            return
        if not of:
            yield "No package meets these conditions: every measure has to stay as it is."
        elif count:
            yield f"{who} would sign some packages, but none leaves anybody better off."
        else:
            yield f"None of {w.count(of, 'package')} would be signed by {who}."
        yield from map(_dropped, search.droppable)
        if not search.droppable:
            yield "Dropping a single condition would not change that."
        if self.nearest is not None:
            asked = [s for s in self.nearest.signatures if s.party in search.signed_by]
            refusing = w.listing(s.label for s in asked if not s.signs)
            yield f"The best that one alone refuses is this; {refusing} would have to be won over."
            yield from self.nearest.sentences

    def _small(self) -> Small | None:
        shown = self.found or self.nearest
        return None if shown is None else shown._small()


def deal(
    case: Asked,
    moves: Sequence[str] = (),
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    valuations: Mapping[str, float] | None = None,
) -> DealAnswer:
    """What a package is worth to each who would have to sign it, and whether it lasts.

    Args:
        case: as in `negotiate`, or the setting of an answer, of which nothing is solved again.
        moves: ids of the measures that change: one in force ends, another begins.
        date: the day of the status quo; that of the case's negotiation if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        valuations: other values of what somebody would pay a year for one unit of an interest, USD
            million, by name as `valuations.Lithuania.quiet`; trade is not solved again for them.

    Returns:
        DealAnswer: signatures with gains in money and besides, vetoes, payments and durability;
        USD million a year.

    Raises:
        NoNegotiation: the case has no negotiation.
        CaseError: a measure that is no move, a package that cannot be, or a valuation that the case
            does not have.

    Example:
        >>> import detente
        >>> found = detente.deal("russia-coalition", ["eu-energy"])
        >>> found.signature("EU").rule
        'unanimity of 27'
    """
    setting, span = table_of(case, date, horizon)
    if valuations:
        setting = valued(setting, valuations)
    return deal_of(setting, span, package_of(setting, moves))


def find_deal(
    case: Asked,
    criterion: CriterionId = "fairest",
    without: Sequence[str] = (),
    signed_by: Sequence[str] | None = None,
    date: dt.date | str | None = None,
    horizon: str | None = None,
) -> DealSearchAnswer:
    """A deal that a criterion picks among all that those who sign accept, or why there is none.

    Args:
        case: as in `deal`.
        criterion: `fairest` (Kalai & Smorodinsky 1975), `largest-gain`, `worst-off` (Kalai 1977),
            `nash` (Nash 1950) or `fewest-moves`.
        without: ids of measures that stay as they are.
        signed_by: ids of the parties that sign, whose measures alone may change; all signatories
            if None.
        date: as in `deal`.
        horizon: as in `deal`.

    Returns:
        DealSearchAnswer: the package, or which condition to drop.

    Raises:
        NoNegotiation: the case has no negotiation.
        CaseError: an unknown criterion, measure or signatory.

    Example:
        >>> import detente
        >>> detente.find_deal("russia-coalition", signed_by=["US", "UK"]).search.signed_by
        ('US', 'UK')
    """
    setting, span = table_of(case, date, horizon)
    asked = signing_of(setting, criterion, without, signed_by)
    found = search_of(setting, criterion, tuple(dict.fromkeys(without)), asked)
    return DealSearchAnswer(
        setting,
        span,
        found,
        None if found.code is None else deal_of(setting, span, found.code),
        None if found.nearest is None else deal_of(setting, span, found.nearest),
    )


def signing_of(
    setting: Bargaining,
    criterion: str,
    without: Sequence[str],
    signed_by: Sequence[str] | None,
) -> list[str] | None:
    """Who signs what is searched for, in the order of the case; None for all.

    Raises:
        CaseError: an unknown criterion, measure or signatory.
    """
    name = setting.case.name
    if criterion not in CRITERIA:
        message = f"there is no criterion {criterion!r}."
        raise CaseError([Fault(0, "criterion", message, did_you_mean(criterion, CRITERIA))], name)
    known_moves(setting, without, "without")
    signing = owning(setting)
    for party in signed_by or ():
        if party not in signing:
            message = f"{party!r} is no signatory with a measure of its own."
            raise CaseError([Fault(0, "signed_by", message, did_you_mean(party, signing))], name)
    if not signing or (signed_by is not None and not signed_by):
        raise CaseError([Fault(0, "signed_by", "nobody signs.", "Name a signatory.")], name)
    return None if signed_by is None else [p for p in signing if p in signed_by]


def table_of(
    case: Asked, date: dt.date | str | None, horizon: str | None
) -> tuple[Bargaining, str]:
    """What a question about a deal is asked of, and its horizon; empty without trade."""
    if isinstance(case, Bargaining):
        return case, horizon or (case.case.horizon if case.case.has_trade else "")
    setting, scenarios = setting_of(case, date, horizon)
    if scenarios is None:
        return setting, ""
    return with_draws(setting, packaged_negotiation(scenarios, date)), scenarios.horizon


def package_of(setting: Bargaining, moves: Sequence[str]) -> int:
    """The state that some moves lead to.

    Raises:
        CaseError: a measure that is no move, or a package that cannot be.
    """
    known_moves(setting, moves)
    code = setting.status_quo ^ setting.code(tuple(dict.fromkeys(moves)))
    if not reachable(setting)[code]:
        raise CaseError([_impossible(setting, code)], setting.case.name)
    return code


def deal_of(setting: Bargaining, horizon: str, code: int) -> DealAnswer:
    """The answer about the package that leads to a state."""
    package = proposal(setting, "deal", "The deal", code)
    signatures = signatures_of(setting, package)
    return DealAnswer(setting, horizon, package, signatures, durability_of(setting, code))


def known_moves(setting: Bargaining, moves: Sequence[str], key: str = "moves") -> None:
    """Refuse measures that are no moves of the negotiation.

    Raises:
        CaseError: naming each.
    """
    known = [m.id for m in setting.terms.moves]
    faults = [
        Fault(0, key, f"{m!r} is no measure of the negotiation.", did_you_mean(m, known))
        for m in moves
        if m not in known
    ]
    if faults:
        raise CaseError(faults, setting.case.name)


def _impossible(setting: Bargaining, code: int) -> Fault:
    """Why a package cannot be, with the measures that stand against one another."""
    terms, here = setting.terms, setting.status_quo
    name = [w.quoted(setting.case.measure(m.id).label) for m in terms.moves]
    bit = [setting.code([m.id]) for m in terms.moves]
    for k, move in enumerate(terms.moves):
        if here & bit[k] and not code & bit[k] and not move.reversible:
            return Fault(0, "moves", f"{name[k]} cannot be undone.", "Leave it out.")
    for a, b in terms.implications:
        if code & bit[a] and not code & bit[b]:
            message = f"{name[a]} cannot be in force without {name[b]}."
            return Fault(0, "moves", message, "Add the second, or leave the first out.")
    for a, b in terms.exclusions:
        if code & bit[a] and code & bit[b]:
            message = f"{name[a]} and {name[b]} exclude one another."
            return Fault(0, "moves", message, "Leave one of them out.")
    return Fault(0, "moves", "the package cannot be.", "Leave a measure out.")


def _move(setting: Bargaining, identifier: str) -> dict[str, str]:
    measure = setting.case.measure(identifier)
    label = setting.case.party(measure.owner).name
    return {
        "id": identifier,
        "label": measure.label,
        "owner": measure.owner,
        "owner_label": label,
    }


def _choices(setting: Bargaining) -> dict[str, Any]:
    """What may be laid on the table, who signs, and by what a deal may be chosen."""
    case = setting.case
    return {
        "moves": [
            {
                **_move(setting, m.id),
                "in_force": bool(setting.status_quo & setting.code([m.id])),
                "reversible": m.reversible,
            }
            for m in setting.terms.moves
        ],
        "signatories": [{"id": p, "label": case.party(p).name} for p in owning(setting)],
        "criteria": [
            {"id": c.id, "label": c.label, "description": c.description} for c in CRITERIA.values()
        ],
    }


def _signing(found: DealAnswer) -> Iterator[str]:
    """Who would sign and who would refuse."""
    signing = [s.label for s in found.signatures if s.signs]
    refusing = [s.label for s in found.signatures if not s.signs]
    if not refusing:
        every = "It would be signed by" if len(signing) == 1 else "All would sign:"
        yield f"{every} {w.listing(signing)}."
    elif not signing:
        yield f"Nobody would sign: {w.listing(refusing)} would refuse."
    else:
        yield f"{w.listing(signing)} would sign; {w.listing(refusing)} would refuse."


def _said(
    signature: Signature, gain: Band | None = None, money: Band | None = None
) -> Iterator[str]:
    """What it brings one signatory, who in it could stop it, and what would win it over."""
    yield _gain(signature, gain, money)
    if signature.signs:
        return
    vetoes = [label for _, label in signature.vetoes]
    if vetoes:
        names = w.listing(vetoes[:_NAMED])
        more = len(vetoes) - _NAMED
        if more > 0:
            names = f"{', '.join(vetoes[:_NAMED])} and {w.count(more, 'other')}"
        each = "alone could refuse" if len(vetoes) == 1 else "could each refuse alone"
        yield f"For {signature.label}, {names} {each}."
    if signature.payment is None:
        yield f"No payment would win {signature.label} over."
    elif signature.payment > NEGLIGIBLE:
        yield f"{w.money(signature.payment)} a year would win {signature.label} over."


def _gain(signature: Signature, gain_band: Band | None, money_band: Band | None) -> str:
    """What it brings one signatory: 'Belarus gains USD 21 million a year, none of it in money'."""
    gain, money = signature.gain, signature.money
    in_money = w.money(money, money_band)
    if abs(gain) < NEGLIGIBLE:
        if abs(money) < NEGLIGIBLE:
            return f"{signature.label} neither gains nor loses."
        verb = "gains" if money > 0 else "loses"
        return (
            f"{signature.label} {verb} {in_money} a year in money, which what it values "
            "besides outweighs."
        )
    verb = "gains" if gain > 0 else "loses"
    text = f"{signature.label} {verb} {w.money(gain, gain_band)} a year"
    if abs(money) < NEGLIGIBLE:
        return f"{text}, none of it in money."
    if money > 0:
        return f"{text}; in money it gains {in_money}."
    return f"{text}; in money it loses {in_money}."


def _dropped(condition: Any) -> str:
    count = w.count(condition.accepted, "package")
    if condition.kind == "without":
        return f"If {w.quoted(condition.label)} may change, {count} would be signed."
    return (
        f"If {condition.label} does not have to sign and keeps its measures, {count} would be "
        "signed by the others."
    )
