"""The check of a case file: all faults at once, what each measure closes, what has no effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._shown import Framed
from detente.analysis import idle_measures
from detente.analysis import labels as w
from detente.analysis.closings import share_words, shares_of
from detente.analysis.negotiation.labels import patience_words
from detente.analysis.reach import reach_of
from detente.analysis.uncertainty.range_ends import draw_faults, end_faults
from detente.cases import CaseError, load_case
from detente.cases.check_negotiation import unrenewed
from detente.cases.locate import title_of
from detente.cases.resolve import world_of
from detente.report.views.measures import described_setting, reached

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.closings import Share
    from detente.analysis.reach import Reach
    from detente.cases import Case, Fault, Measure


@dataclass(frozen=True, eq=False, repr=False)
class CaseCheck(Framed):
    """What there is to say of a case file before it is answered.

    Attributes:
        name: of the case; as it was asked for where it cannot be read.
        on: the day on which measures are in force or not; None where it cannot be read.
        faults: all of them; empty where the case can be used.
        refusal: the faults in words.
        case: the case; None where it cannot be read.
        reach: what each measure sets, and the flows of the base year that this concerns.
        shares: of each of these settings, which part of whose trade it concerns.
        idle: measures and parameters that have no effect, each with the reason.
        unrenewed: measures that lapse unless renewed, each with the reason.
        remarks: on keys of before and on files of the folder that the case does not include.
    """

    name: str
    on: dt.date | None = None
    faults: tuple[Fault, ...] = ()
    refusal: str = ""
    case: Case | None = None
    reach: tuple[tuple[Measure, tuple[Reach, ...]], ...] = ()
    shares: tuple[tuple[tuple[Share, ...], ...], ...] = ()
    idle: tuple[tuple[str, str], ...] = ()
    unrenewed: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the case can be used."""
        return not self.faults

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is in the case and what each measure reaches; or its faults."""
        return tuple(self._words())

    def _words(self) -> Iterator[str]:
        if self.case is None:
            yield from self.refusal.splitlines()
            return
        yield from (f"Repaired: {text}" for text in self.case.repairs)
        yield from (f"Assumed: {text}" for text in self.case.assumptions)
        yield self._counts(self.case)
        for (measure, found), shares in zip(self.reach, self.shares, strict=True):
            status = "in force" if self._in_force(measure) else "not in force"
            owner = self.case.party(measure.owner).name
            yield f"{measure.id} ({owner}, {status} on {self.on}):"
            for one, parts in zip(found, shares, strict=True):
                yield f"  {self._reached(self.case, measure, one, parts)}."
        yield from (f"- {text}" for text in self.case.not_computed)
        yield from patience_words(self.case)
        yield from (f"- {text}" for text in self.remarks)
        yield from (f"- {name} has no effect: {why}" for name, why in self.idle)
        yield from (f"- {name} lapses unless renewed: {why}" for name, why in self.unrenewed)

    def _counts(self, case: Case) -> str:
        ranged = sum(p.range is not None for p in case.parameters.values())
        tried = f" ({ranged} with a range, both ends of which can be)" if ranged else ""
        return (
            f"{case.name}: no faults. {w.count(len(case.measures), 'measure').capitalize()}, "
            f"{w.count(len(case.parties), 'party', 'parties')}, "
            f"{w.count(len(case.parameters), 'parameter')}{tried}, "
            f"{w.count(len(case.commodities), 'commodity', 'commodities')}."
        )

    def _in_force(self, measure: Measure) -> bool:
        return self.on is not None and measure.in_force_on(self.on)

    def _reached(self, case: Case, measure: Measure, reach: Reach, shares: Sequence[Share]) -> str:
        owner = case.party(measure.owner).name
        part = share_words(shares, " of it") if reach.flows else ""
        return f"{described_setting(case, reach.setting)}: {reached(reach, owner, part)}"

    def to_frame(self) -> pl.DataFrame:
        """One row a measure and setting: the flows that it concerns, and what they are worth."""
        import polars as pl

        return pl.DataFrame(
            [
                {"measure": measure.id, "in_force": self._in_force(measure)}
                | {"kind": one.setting.kind, "flows": one.flows, "base_value": one.value}
                for measure, found in self.reach
                for one in found
            ],
            infer_schema_length=None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        case = self.case
        return document(
            "check",
            {
                "case": self.name,
                "date": self.on,
                "unit": "USD million",
                "ok": self.ok,
                "digest": None if case is None else case.digest,
                "sentences": self.sentences,
                "repairs": () if case is None else case.repairs,
                "assumptions": () if case is None else case.assumptions,
                "remarks": self.remarks,
                "files": [] if case is None else _files(case),
                "faults": [asdict(f) for f in self.faults],
                "measures": []
                if case is None
                else [
                    self._measure(case, *m, shares)
                    for m, shares in zip(self.reach, self.shares, strict=True)
                ],
                "no_effect": [{"id": name, "why": why} for name, why in self.idle],
                "not_renewed": [{"id": name, "why": why} for name, why in self.unrenewed],
            },
        )

    def _measure(
        self,
        case: Case,
        measure: Measure,
        found: Sequence[Reach],
        shares: Sequence[Sequence[Share]],
    ) -> dict[str, Any]:
        return {
            "id": measure.id,
            "owner": measure.owner,
            "in_force": self._in_force(measure),
            "settings": [
                {
                    "kind": one.setting.kind,
                    "sentence": self._reached(case, measure, one, parts),
                    "flows": one.flows,
                    "base_value": one.value,
                    "shares": [asdict(part) for part in parts],
                    "outside_owner": {
                        "flows": one.outside,
                        "base_value": one.outside_value,
                        "buyers": one.outsiders,
                    },
                }
                for one, parts in zip(found, shares, strict=True)
            ],
        }

    def _lines(self) -> Sequence[str]:
        return self.sentences


def _files(case: Case) -> list[str]:
    """The files of a case, as they lie in its folder."""
    return [f.relative_to(case.files[0].parent).as_posix() for f in case.files]


def check_case(case: str, date: dt.date | str | None = None) -> CaseCheck:
    """Check a case file, both ends of every range included.

    Equilibria are solved only to find what has no effect.

    Args:
        case: the name of a packaged case, or a path.
        date: the day on which measures are in force or not; the case's own if None.
    """
    try:
        read = load_case(case)
    except CaseError as error:
        return CaseCheck(case, faults=tuple(error.faults), refusal=str(error))
    ends = tuple(end_faults(read)) or tuple(draw_faults(read))
    if ends:
        name = title_of(read.path) if read.path else read.name
        count = f"{len(ends)} fault{'s' * (len(ends) != 1)}"
        head = f"{name} cannot be drawn: {count} in its ranges."
        return CaseCheck(case, faults=ends, refusal="\n".join([head, *(f"- {f}" for f in ends)]))
    on = read.date if date is None else dt.date.fromisoformat(str(date))
    reach: list[tuple[Measure, tuple[Reach, ...]]] = []
    shares: list[tuple[tuple[Share, ...], ...]] = []
    if read.has_trade:
        world = world_of(read)
        reach = [(m, reach_of(read, m, world, on)) for m in read.trade_measures]
        shares = [tuple(shares_of(read, m, one, world) for one in found) for m, found in reach]
    return CaseCheck(
        read.name,
        on,
        case=read,
        reach=tuple(reach),
        shares=tuple(shares),
        idle=tuple(idle_measures(read, date=date)),
        unrenewed=tuple(unrenewed(read)),
        remarks=tuple(read.remarks),
    )
