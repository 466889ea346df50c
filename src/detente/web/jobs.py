"""Long jobs as functions of a case in a scenario: each says how far it is, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.study.answering import DATE_ONLY, Extent, answer
from detente.study.claims import RULINGS
from detente.web.figures import Collect, Figure
from detente.web.live import plain_table, plain_views

if TYPE_CHECKING:
    from detente.brief import Views
    from detente.case import Case

#: Called with what is done, of how much, and what is next.
Told = Callable[[int, int, str], None]
_CLAIMS = Extent(in_time=False, horizons=(), claims=True)


class Stopped(Exception):
    """Nobody waits for the job any more."""


@dataclass(frozen=True)
class Job:
    """A long job.

    Attributes:
        kind: which of `JOBS`.
        case: as the scenario has it.
        key: of case and scenario; equal keys have equal answers.
        full: with all regimes in time and the other horizons.
        draws: of the parameters.
        seed: of the draws.
        figures: what draws keep.
    """

    kind: str
    case: Case
    key: str
    full: bool = False
    draws: int = 0
    seed: int = 0
    figures: tuple[Figure, ...] = ()


def run(job: Job, told: Told) -> Any:
    """Do a job; plain values, or text for a brief."""
    return JOBS[job.kind](job, told)


def views(job: Job, told: Told) -> dict[str, Any]:
    """Everything that the brief shows of the scenario, each measure switched."""
    return plain_views(_views(job, told))


def brief(job: Job, told: Told) -> str:
    """The brief as one HTML file."""
    from detente.brief import brief_html

    return brief_html(_views(job, told))


def bands(job: Job, told: Told) -> dict[str, Any]:
    """The figures of the scenario over draws of the parameters, 5 to 95 %, and what moves them."""
    from detente.study import run_draws

    def count(done: int) -> None:
        try:
            told(done, job.draws, "draws of the parameters")
        except Stopped:
            raise KeyboardInterrupt from None  # ends the draws; those done are kept

    ensemble = run_draws(
        job.case, Collect(job.figures), draws=job.draws, seed=job.seed, processes=1, progress=count
    )
    out = {}
    for name in ensemble.values:
        low, high = ensemble.band(name)
        out[name] = {
            "low": float(low),
            "high": float(high),
            "drivers": [
                {"parameter": parameter, "correlation": round(rho, 3)}
                for parameter, rho in ensemble.drivers(name)[:3]
            ],
        }
    return {
        "asked": ensemble.asked,
        "done": ensemble.done,
        "failed": ensemble.failed,
        "seed": ensemble.seed,
        "bands": out,
    }


def claims(job: Job, told: Told) -> dict[str, Any]:
    """What others have said, held against the numbers of the case."""
    from detente.brief.claim_views import claims_table

    told(0, 1, "claims")
    found = _kept(f"{job.key}/claims", partial(answer, job.case, extent=_CLAIMS))
    table = claims_table(found.assessment, found.tested, None)
    verdict = table.column("verdict")
    return {
        "sentence": table.sentence,
        "counts": {ruling: verdict.count(ruling) for ruling in RULINGS},
        "table": plain_table(table),
    }


JOBS: dict[str, Callable[[Job, Told], Any]] = {
    "views": views,
    "brief": brief,
    "bands": bands,
    "claims": claims,
}


def _views(job: Job, told: Told) -> Views:
    from detente.brief import views_of

    told(0, 2, "each measure switched")
    extent = Extent() if job.full else DATE_ONLY
    found = _kept(f"{job.key}/{job.full}", partial(answer, job.case, extent=extent))
    told(1, 2, "tables and charts")
    return views_of(found)


_cache: dict[str, Any] = {}
_MOST = 12


def _kept(key: str, make: Callable[[], Any]) -> Any:
    """A value made once; the one made longest ago is forgotten."""
    if key not in _cache:
        while len(_cache) >= _MOST:
            _cache.pop(next(iter(_cache)))
        _cache[key] = make()
    return _cache[key]
