"""Long jobs as functions of a case in a scenario: each says how far it is, and can be stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from detente.brief.departure import departure_of
from detente.brief.making import made_in_stages
from detente.study.answering import Extent, answer
from detente.study.claims import RULINGS
from detente.web.bands import Drawing
from detente.web.live import plain_table, plain_views
from detente.web.writing import digest_of, draft_of

if TYPE_CHECKING:
    from detente.brief import Views
    from detente.brief.making import Made
    from detente.case import Case, NamedScenario
    from detente.web.cases import Held
    from detente.web.figures import Figure
    from detente.web.writing import Draft

#: Called with what is done, of how much, and what is next.
Told = Callable[[int, int, str], None]
#: Called with what there is before the end, in the form of the result.
Shown = Callable[[Any], None]
_CLAIMS = Extent(in_time=False, horizons=(), claims=True)
#: Draws after which bands are shown again.
_EVERY = 8
_DIGEST = "Case digest (SHA-256)"


class Stopped(Exception):
    """Nobody waits for the job any more."""


@dataclass(frozen=True)
class Job:
    """A long job.

    Attributes:
        kind: which of `JOBS`.
        case: as the scenario has it.
        key: of case and scenario; equal keys have equal answers.
        date: another day than the case's own; None for that.
        horizon: another than the case's own; None for that.
        transfers: another rule than the case's own; None for that.
        draft: the file that holds the scenario, if the case as it stands does not.
        full: with all regimes in time, the other horizons, claims and the back-test.
        draws: of the parameters.
        seed: of the draws.
        figures: what draws keep.
    """

    kind: str
    case: Case
    key: str
    date: dt.date | None = None
    horizon: str | None = None
    transfers: Literal["fixed", "proportional", "zero"] | None = None
    draft: Draft | None = field(default=None, repr=False)
    full: bool = False
    draws: int = 0
    seed: int = 0
    figures: tuple[Figure, ...] = ()

    @property
    def stem(self) -> str:
        """What files made of it are called: marked where the state is not the case's own."""
        state = departure_of(self.case, self.date, self.horizon, self.transfers)
        return state.stem(self.case.name)


def job_of(held: Held, case: Case, scenarios: Sequence[NamedScenario], **more: Any) -> Job:
    """The job on a case in a scenario.

    Args:
        held: the case as the app holds it.
        case: the same in the first scenario.
        scenarios: that one, and others that stand beside it in the case file.
        more: other attributes of the job.
    """
    first = scenarios[0]
    changed = first.measures or first.in_force or first.parameters or held.added
    if changed or held.case.path is None:
        return Job(case=case, draft=draft_of(held, scenarios), **more)
    # The case's own file answers it, with options of the command line.
    return Job(
        case=held.case,
        date=first.date,
        horizon=first.horizon,
        transfers=first.transfers,
        **more,
    )


def run(job: Job, told: Told, shown: Shown) -> Any:
    """Do a job; plain values, or text for a brief."""
    return JOBS[job.kind](job, told, shown)


def views(job: Job, told: Told, shown: Shown) -> dict[str, Any]:
    """Everything that the brief shows of the scenario; trade is shown before the talks."""
    name = f"{job.key}/{job.full}"
    digest = _digest(job)
    if name not in _cache:
        for made in _stages(job, told, draws=0):
            if made.complete:
                _keep(name, made)
            else:
                shown(plain_views(_views(made, digest)))
    return plain_views(_views(_cache[name], digest))


def brief(job: Job, told: Told, shown: Shown) -> str:
    """The brief as one HTML file: what `detente brief` writes, and the talks even without all."""
    from detente.brief import brief_html

    del shown
    *_, last = _stages(job, told, draws=None)
    return brief_html(_views(last, _digest(job)))


def bands(job: Job, told: Told, shown: Shown) -> dict[str, Any]:
    """The figures of the scenario over draws of the parameters, 5 to 95 %, and what moves them."""
    from detente.study import Scenarios, run_draws

    guide = Scenarios(job.case, date=job.date, horizon=job.horizon, transfers=job.transfers)
    drawing = Drawing(job.figures, guide, job.draws, job.seed)

    def count(done: int) -> None:
        drawing.done = done
        told(done, job.draws, "draws of the parameters")
        if done % _EVERY == 0 and done < job.draws:
            shown(drawing.so_far())

    ensemble = run_draws(
        job.case, drawing, draws=job.draws, seed=job.seed, processes=1, progress=count, guide=guide
    )
    ensemble.enough()
    drawing.why = ensemble.why
    return drawing.so_far()


def claims(job: Job, told: Told, shown: Shown) -> dict[str, Any]:
    """What others have said, held against the numbers of the case."""
    from detente.brief.claim_views import claims_table

    del shown
    told(0, 1, "claims")
    name = f"{job.key}/claims"
    found = _cache.get(name)
    if found is None:
        asked = partial(answer, job.case, job.date, job.horizon, transfers=job.transfers)
        found = _keep(name, asked(extent=_CLAIMS))
    table = claims_table(found.assessment, found.tested, None)
    verdict = table.column("verdict")
    return {
        "sentence": table.sentence,
        "counts": {ruling: verdict.count(ruling) for ruling in RULINGS},
        "table": plain_table(table),
    }


JOBS: dict[str, Callable[[Job, Told, Shown], Any]] = {
    "views": views,
    "brief": brief,
    "bands": bands,
    "claims": claims,
}


def _stages(job: Job, told: Told, *, draws: int | None) -> Iterator[Made]:
    return made_in_stages(
        job.case,
        job.date,
        job.horizon,
        transfers=job.transfers,
        draws=draws,
        full=job.full,
        processes=1,
        told=told,
    )


def _digest(job: Job) -> str | None:
    """The digest of the file that holds the scenario; None for the case's own."""
    return None if job.draft is None else digest_of(job.draft)


def _views(made: Made, digest: str | None) -> Views:
    """The views, with that digest in place of the one of the file that the case came from."""
    found = made.views()
    if digest is None:
        return found
    table = found.tables["reproduce"]
    rows = tuple((_DIGEST, digest) if row[0] == _DIGEST else row for row in table.rows)
    return replace(found, tables={**found.tables, "reproduce": replace(table, rows=rows)})


_cache: dict[str, Any] = {}
_MOST = 12


def _keep(name: str, value: Any) -> Any:
    """A value kept for the next job; the one kept longest is forgotten."""
    while len(_cache) >= _MOST:
        _cache.pop(next(iter(_cache)))
    _cache[name] = value
    return value
