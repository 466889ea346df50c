"""Thresholds of a deal: at which value of what a side cares about the answer flips.

`ThresholdsAnswer` is the result and `thresholds` asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from detente._shown import Small
from detente.analysis import labels as w
from detente.analysis.negotiation.deal_search import CRITERIA, CriterionId
from detente.analysis.negotiation.questions.agreement import (
    DealAnswer,
    DealTable,
    deal_of,
    package_of,
    signing_of,
    table_of,
)
from detente.analysis.negotiation.search_thresholds import finder
from detente.analysis.negotiation.thresholds import (
    Span,
    Thresholds,
    ValuationRange,
    at,
    thresholds_of,
    valuation_ranges,
)
from detente.negotiation.words import MINUS, figure, quoted, upper_first
from detente.world.names import lower_first

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.negotiation.questions.agreement import Asked

#: Sentences on the search that stand in the answer; others stand with their valuation.
_NAMED = 3
#: Words of a unit that can stand behind 'for each'.
_SHORT = 2


@dataclass(frozen=True, eq=False, repr=False)
class ThresholdsAnswer(DealTable):
    """Where the answers about a deal flip, by what each side cares about.

    Attributes:
        setting: the conflict that it is asked of.
        horizon: how far the economy adjusts; empty without trade.
        deal: the deal at the valuations as they are.
        criterion: by what a deal was searched for; None where none was.
        thresholds: of each valuation that bears on the answers; by party, those first whose
            threshold of a signature is nearest to what it is, as a share of the range.
    """

    deal: DealAnswer
    criterion: CriterionId | None
    thresholds: tuple[Thresholds, ...]

    def of(self, valuation: str) -> Thresholds:
        """Those of one valuation, by its name.

        Raises:
            CaseError: for one that bears on no answer; names the nearest.
        """
        found = {t.valuation.id: t for t in self.thresholds}
        if valuation not in found:
            raise self.setting.case.unknown("valuation", valuation, found)
        return found[valuation]

    def to_frame(self) -> pl.DataFrame:
        """One row a span: valuation, whose answer, from, to, and the answer."""
        import polars as pl

        rows: list[dict[str, Any]] = []
        for t in self.thresholds:
            for party, spans in t.signing.items():
                about = {"valuation": t.valuation.id, "answer": "signs", "party": party}
                rows += [about | {"low": s.low, "high": s.high, "is": s.answer} for s in spans]
            about = {"valuation": t.valuation.id, "answer": "lasts", "party": ""}
            rows += [about | {"low": s.low, "high": s.high, "is": s.answer} for s in t.lasting]
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        return self._document(
            "thresholds",
            {
                "change": self.deal.package.change,
                "moves": self.deal.moves,
                "criterion": self.criterion,
                "valuations": [self._entry(t) for t in self.thresholds],
            },
        )

    def rows(self) -> tuple[str, tuple[str, ...], list[list[str]]]:
        """Every threshold of a signature, as a title, headings and rows of words."""
        rows = [
            [
                upper_first(self.voice(t.valuation)),
                self.interest(t.valuation),
                figure(t.valuation.value),
                f"{figure(t.valuation.low)} to {figure(t.valuation.high)}",
                upper_first(self.setting.labels[party]),
                figure(span.low),
            ]
            for t in self.thresholds
            for party, spans in t.signing.items()
            for span in spans[1:]
        ]
        columns = ("values", "what", "now", "range", "who turns", "at")
        return "Where a signature turns, USD million a year for one unit", columns, rows

    def _small(self) -> Small | None:
        title, columns, rows = self.rows()
        return (title, columns, [list(r) for r in rows]) if rows else None

    def _words(self) -> Iterator[str]:
        near = sorted(self.thresholds, key=_from_found)
        found = [line for t in near for line in self.finding_words(t)]
        if not self.deal.moves and self.criterion is not None:
            if not found:
                yield "No value of a single thing that a side cares about turns the search."
        elif not self.deal.moves:
            yield "Nothing changes, so that nothing hangs on what a side cares about."
        else:
            said = [line for t in self.thresholds for line in self.signing_words(t)]
            yield from said
            if not said:
                yield (
                    "No value of a single thing that a side cares about, within its range, "
                    "changes who signs."
                )
            yield from (line for t in self.thresholds for line in self.lasting_words(t))
        yield from found[:_NAMED]
        if len(found) > _NAMED:
            others = w.count(len(found) - _NAMED, "other value")
            verb = "turns" if len(found) == _NAMED + 1 else "turn"
            yield f"{others} further from what the case says {verb} the search as well."

    def voice(self, valuation: ValuationRange) -> str:
        """Who values it, inside a sentence."""
        if valuation.member:
            return w.in_sentence(valuation.member)
        return self.setting.labels[valuation.party]

    def interest(self, valuation: ValuationRange) -> str:
        """What is valued, inside a sentence."""
        found = {i.id: i.label for i in self.setting.case.interests}
        return lower_first(found[valuation.interest])

    def unit(self, valuation: ValuationRange) -> str:
        """What one unit is."""
        return {i.id: i.unit for i in self.setting.case.interests}[valuation.interest]

    def said(self, valuation: ValuationRange, value: float) -> str:
        """A value in words: 'USD 12 million a year'; of what is a cost over its range, its size."""
        shown = -value if is_cost(valuation) else value
        sign = MINUS if shown < 0 else ""
        unit = self.unit(valuation)
        each = f" for each {unit}" if len(unit.split()) <= _SHORT else ""
        return f"USD {sign}{figure(abs(shown))} million a year{each}"

    def signing_words(self, t: Thresholds) -> Iterator[str]:
        """At which values of one valuation who would sign, or would no longer."""
        for party, spans in t.signing.items():
            if len(spans) < 2:
                continue
            signs = at(spans, t.valuation.value)
            near = nearest(spans, t.valuation.value, not signs)
            who = upper_first(self.setting.labels[party])
            does = "would no longer sign" if signs else "would sign"
            yield f"{who} {does} {self._condition(t.valuation, near, party, strict=signs)}."

    def lasting_words(self, t: Thresholds) -> Iterator[str]:
        """At which values of one valuation the deal would last, or would no longer."""
        answers = {s.answer for s in t.lasting}
        if len(answers) < 2 or None in answers:
            return
        lasts = bool(at(t.lasting, t.valuation.value))
        near = nearest(t.lasting, t.valuation.value, not lasts)
        does = "somebody would leave it" if lasts else "nobody would leave it any more"
        condition = self._condition(t.valuation, near, "", strict=lasts)
        yield f"Once it is carried out, {does} {condition}."

    def finding_words(self, t: Thresholds) -> Iterator[str]:
        """Between which values of one valuation a search finds the same deal."""
        if t.finding is None or self.criterion is None or len(t.finding) < 2:
            return
        v = t.valuation
        k = next(k for k, s in enumerate(t.finding) if v.value <= s.high)
        here, beside = (
            t.finding[k],
            [t.finding[j] for j in (k - 1, k + 1) if 0 <= j < len(t.finding)],
        )
        gone = {s.answer is None for s in beside}
        other = (
            "another deal"
            if gone == {False}
            else "no deal"
            if gone == {True}
            else ("another deal or none")
        )
        if here.answer is None:
            other = "a deal"
        label = CRITERIA[self.criterion].label
        yield (
            f"By ‘{label}’ the search finds {other} if {self._values(v, '')} "
            f"{self._outside(v, here)}; the case says {figure(self._shown(v, v.value))}."
        )

    def _condition(self, v: ValuationRange, span: Span[Any], subject: str, *, strict: bool) -> str:
        """'if it valued ‘a quiet border’ at USD 12 million a year or more; the case says 25'."""
        low, high = span.low, span.high
        bottom, top = low <= v.low, high >= v.high
        if is_cost(v):
            bottom, top, low, high = top, bottom, high, low
        if strict:
            what = f"less than {self.said(v, high)}" if bottom else f"more than {self.said(v, low)}"
            if not bottom and not top:
                what = f"between {self.said(v, low)} and {figure(self._shown(v, high))}"
        elif bottom:
            what = f"{self.said(v, high)} or less"
        elif top:
            what = f"{self.said(v, low)} or more"
        else:
            what = f"between {self.said(v, low)} and {figure(self._shown(v, high))}"
        at_what = what if what.startswith("between") else f"at {what}"
        return (
            f"if {self._values(v, subject)} {at_what}; the case says "
            f"{figure(self._shown(v, v.value))}"
        )

    def _outside(self, v: ValuationRange, span: Span[Any]) -> str:
        low, high = span.low, span.high
        bottom, top = low <= v.low, high >= v.high
        if is_cost(v):
            bottom, top, low, high = top, bottom, high, low
        if bottom:
            return f"at more than {self.said(v, high)}"
        if top:
            return f"at less than {self.said(v, low)}"
        return f"at less than {figure(self._shown(v, low))} or more than {self.said(v, high)}"

    def _values(self, v: ValuationRange, subject: str) -> str:
        """'it valued ‘a quiet border’', or by name where the subject is somebody else."""
        own = not v.member and v.party == subject
        who = "it" if own else self.voice(v)
        what = quoted(self.interest(v))
        return f"{who} put what {what} costs it" if is_cost(v) else f"{who} valued {what}"

    def _shown(self, v: ValuationRange, value: float) -> float:
        return -value if is_cost(v) else value

    def _entry(self, t: Thresholds) -> dict[str, Any]:
        v, setting = t.valuation, self.setting
        finding = None
        if t.finding is not None:
            finding = [
                {
                    "low": s.low,
                    "high": s.high,
                    "state": s.answer,
                    "change": ""
                    if s.answer is None
                    else setting.conflict.change(setting.status_quo, s.answer),
                }
                for s in t.finding
            ]
        return {
            **asdict(v),
            "voice": v.member or v.party,
            "voice_label": upper_first(self.voice(v)),
            "label": self.interest(v),
            "unit": self.unit(v),
            "cost": is_cost(v),
            "signing": [
                {
                    "party": party,
                    "label": setting.labels[party],
                    "gain": t.gain[party][0],
                    "slope": t.gain[party][1],
                    "spans": [asdict(s) for s in spans],
                }
                for party, spans in t.signing.items()
            ],
            "lasting": [asdict(s) for s in t.lasting],
            "finding": finding,
            "turns": t.turns,
            "sentences": tuple(
                map(
                    upper_first,
                    (*self.signing_words(t), *self.lasting_words(t), *self.finding_words(t)),
                )
            ),
        }


def is_cost(valuation: ValuationRange) -> bool:
    """Whether it is worth nothing or less over its whole range."""
    return valuation.high <= 0


def nearest(spans: Sequence[Span[Any]], value: float, answer: bool) -> Span[Any]:
    """The span with an answer that lies nearest to a value."""
    among = [s for s in spans if s.answer is answer]
    return min(among, key=lambda s: max(s.low - value, value - s.high, 0.0))


def thresholds(
    case: Asked,
    moves: Sequence[str] = (),
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    criterion: CriterionId | None = None,
    without: Sequence[str] = (),
    signed_by: Sequence[str] | None = None,
) -> ThresholdsAnswer:
    """At which value of what a side cares about the answers about a deal flip.

    Of each valuation of those who sign or can veto, one at a time over its range: where each
    signatory comes to sign or to refuse, where the deal comes to last or no longer to last, and
    where a search comes to another deal. Payoffs are linear in each valuation, so that thresholds
    are crossings of lines and exact; trade is not solved again. The range is that of the case, or
    from 0 to twice the value where the case states none.

    Args:
        case: as in `deal`.
        moves: as in `deal`.
        date: as in `deal`.
        horizon: as in `deal`.
        criterion: by what a deal is searched for, as in `find_deal`; None for no search.
        without: as in `find_deal`.
        signed_by: as in `find_deal`.

    Returns:
        ThresholdsAnswer: by valuation, spans with one answer each; USD million a year for one unit.

    Raises:
        NoNegotiation: the case has no negotiation.
        CaseError: a measure that is no move, a package that cannot be, or an unknown criterion.

    Example:
        >>> import detente
        >>> found = detente.thresholds("belarus", ["us-potash", "release-2025-12"])
        >>> round(found.of("valuations.Belarus.freed").turns[0], 2)
        -0.1
    """
    setting, span = table_of(case, date, horizon)
    code = package_of(setting, moves)
    find = None
    if criterion is not None:
        asked = signing_of(setting, criterion, without, signed_by)
        find = finder(setting, criterion, tuple(dict.fromkeys(without)), asked)
    every = (thresholds_of(setting, v, code, find) for v in valuation_ranges(setting))
    found = [t for t in every if t.turns or any(step for _, step in t.gain.values())]
    return ThresholdsAnswer(
        setting, span, deal_of(setting, span, code), criterion, tuple(sorted(found, key=_place))
    )


def _place(t: Thresholds) -> tuple[int, float]:
    """Those whose nearest threshold of a signature is near come first, others by what they move."""
    v = t.valuation
    ends = [s.low for spans in t.signing.values() for s in spans[1:]]
    if ends:
        return 0, min(abs(e - v.value) for e in ends) / (v.high - v.low)
    if t.turns:
        return 1, min(abs(e - v.value) for e in t.turns) / (v.high - v.low)
    return 2, -max(abs(step) for _, step in t.gain.values()) * (v.high - v.low)


def _from_found(t: Thresholds) -> float:
    """How far the nearest end of the span in which the same deal is found lies, as a share."""
    if t.finding is None or len(t.finding) < 2:
        return float("inf")
    v = t.valuation
    return min(abs(s.low - v.value) for s in t.finding[1:]) / (v.high - v.low)
