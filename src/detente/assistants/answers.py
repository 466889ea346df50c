"""Answers to assistants: each is one of the four answers of the brief that a command makes.

`Answers` keeps the briefs that were asked for last, so that the second question is quick.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente._document import document, plain
from detente.cases import Case, CaseError, Fault, load_case
from detente.cases.fields import EARLIEST, LATEST
from detente.report.build import make_brief
from detente.report.overview.cited import cited

if TYPE_CHECKING:
    from detente.report.contents import Views
    from detente.report.overview.chapter import ChapterId

#: Most draws that one question may ask for.
MOST_DRAWS = 200


class Answers:
    """Answers about cases, from briefs of which the last are kept.

    Args:
        kept: how many briefs are kept.
    """

    def __init__(self, kept: int = 3) -> None:
        self._kept = kept
        self._briefs: OrderedDict[tuple[Any, ...], tuple[Case, Views]] = OrderedDict()
        self._lock = threading.Lock()

    def cases(self) -> dict[str, Any]:
        """The document `cases`: the packaged cases and episodes."""
        from detente.cases import cases, episodes

        lines = [
            {"case": c.name, "title": c.title, "summary": " ".join(c.summary.split())}
            for c in (*cases(), *episodes())
        ]
        return dict(plain(document("cases", {"cases": lines})))

    def measures(self, case: str, date: str | None = None) -> dict[str, Any]:
        """What `lift`, `impose` and `party` may name in a case on a day."""
        found = load_case(case)
        on = _day(date) or found.date
        return {
            "case": found.name,
            "title": found.title,
            "date": on.isoformat(),
            "measures": [
                {"id": m.id, "label": m.label, "owner": m.owner, "in_force": m.in_force_on(on)}
                for m in found.measures
            ],
            "parties": [{"id": p.id, "name": p.name} for p in found.parties],
        }

    def answer(
        self,
        question: ChapterId,
        case: str,
        date: str | None = None,
        lift: Sequence[str] = (),
        impose: Sequence[str] = (),
        party: str | None = None,
        draws: int | None = None,
    ) -> dict[str, Any]:
        """The document `cited_answer` of one question.

        Args:
            question: `who-pays`, `where-goods-go`, `what-deal` or `how-sure`.
            case: the name of a packaged case, or the path of a case file or its folder.
            date: a day, as 2025-12-01; the case's own if None.
            lift: ids of measures that are not to be in force.
            impose: ids of measures that are to be in force.
            party: whom to speak of besides.
            draws: of the parameters, for bands; None takes those packaged with the case.

        Raises:
            DetenteError: a name that leads nowhere, faults of the case, or no equilibrium.
        """
        if draws is not None and not 0 <= draws <= MOST_DRAWS:
            message = f"{draws} draws were asked for."
            raise CaseError([Fault(0, "", message, f"Ask for 0 to {MOST_DRAWS}.")], case)
        found, views = self._brief(case, _day(date), tuple(lift), tuple(impose), draws)
        return dict(plain(cited(views, found, question, party).to_dict()))

    def _brief(
        self,
        name: str,
        date: dt.date | None,
        lift: tuple[str, ...],
        impose: tuple[str, ...],
        draws: int | None,
    ) -> tuple[Case, Views]:
        case = load_case(name)
        if lift or impose:
            case = case.switched(lift, impose, date)
        key = (name, case.digest, date, frozenset(lift), frozenset(impose), draws)
        # One brief at a time: two would only share the same processors.
        with self._lock:
            if key not in self._briefs:
                self._briefs[key] = case, make_brief(case, date, draws=draws)
                while len(self._briefs) > self._kept:
                    self._briefs.popitem(last=False)
            self._briefs.move_to_end(key)
            return self._briefs[key]


def _day(text: str | None) -> dt.date | None:
    """A day as it was given; a wrong one is one message."""
    if text is None:
        return None
    try:
        given = dt.date.fromisoformat(text)
    except ValueError:
        fault = Fault(0, "", f"{text!r} is not a day.", "Write it as 2025-12-01.")
        raise CaseError([fault]) from None
    if not EARLIEST <= given <= LATEST:
        message = f"{text} is not a day of the years {EARLIEST.year} to {LATEST.year}."
        raise CaseError([Fault(0, "", message, "Correct the year.")])
    return given
