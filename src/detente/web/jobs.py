"""Long jobs as functions of a case in a scenario: each says how far it is, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.web.figures import Collect, Figure
from detente.web.live import plain_table, plain_views

if TYPE_CHECKING:
    from detente.brief import Table, Views
    from detente.case import Case
    from detente.study import Assessment, Timeline, Verdicts

#: Called with what is done, of how much, and what is next.
Told = Callable[[int, int, str], None]
OTHERS = ("short", "medium", "long")


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
    return plain_views(_views(job, told)[0])


def brief(job: Job, told: Told) -> str:
    """The brief as one HTML file."""
    from detente.brief import brief_html

    _, answer, regimes, others = _views(job, told)
    return brief_html(answer, regimes, others)


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
    from detente.study import verdicts

    told(0, 1, "claims")
    found = verdicts(job.case)
    return {"sentence": found.sentence, "counts": found.counts, "table": plain_table(_table(found))}


JOBS: dict[str, Callable[[Job, Told], Any]] = {
    "views": views,
    "brief": brief,
    "bands": bands,
    "claims": claims,
}
_Answered = tuple["Assessment", "Timeline | None", "dict[str, Assessment]"]


def _views(
    job: Job, told: Told
) -> tuple[Views, Assessment, Timeline | None, dict[str, Assessment]]:
    from detente.brief import views_of

    answer, regimes, others = _answered(job, told)
    return views_of(answer, regimes, others), answer, regimes, others


def _answered(job: Job, told: Told) -> _Answered:
    from detente.study import assess, timeline

    steps = 5 if job.full else 2
    told(0, steps, "each measure switched")
    answer = _kept(job.key, partial(assess, job.case))
    regimes, others = None, {}
    if job.full:
        told(1, steps, "all regimes in time")
        regimes = _kept(f"{job.key}/time", partial(timeline, job.case))
        for k, horizon in enumerate(h for h in OTHERS if h != job.case.horizon):
            told(2 + k, steps, f"{horizon} run")
            others[horizon] = _kept(
                f"{job.key}/{horizon}", partial(assess, job.case, None, horizon)
            )
    told(steps - 1, steps, "tables and charts")
    return answer, regimes, others


_cache: dict[str, Any] = {}
_MOST = 12


def _kept(key: str, make: Callable[[], Any]) -> Any:
    """A value made once; the one made longest ago is forgotten."""
    if key not in _cache:
        while len(_cache) >= _MOST:
            _cache.pop(next(iter(_cache)))
        _cache[key] = make()
    return _cache[key]


def _table(found: Verdicts) -> Table:
    from detente.brief import Column, Link, Table
    from detente.brief.basis_tables import linked
    from detente.study.claims_words import figure, unit

    rows = []
    for v in found.verdicts:
        numbers = "; ".join(
            f"{f.test.quantity.replace('_', ' ')}: {figure(f.test, f.value)} {unit(f.test)}".strip()
            for f in v.findings
        )
        rows.append(
            (
                v.ruling,
                v.claim.paraphrase,
                f"{v.claim.speaker}, {v.claim.date}",
                numbers or (v.claim.not_testable or ""),
                v.sentence,
                linked(v.claim.source) if v.claim.source else (Link(""),),
            )
        )
    rows.sort(key=lambda row: _ORDER.index(row[0]))
    return Table(
        "claims",
        "What others have said, held against the numbers",
        found.sentence,
        (
            Column("verdict", "Verdict", group=True),
            Column("claim", "Claim"),
            Column("speaker", "Who said it"),
            Column("numbers", "Number of the model, or why there is none"),
            Column("reason", "In words"),
            Column("source", "Source", kind="links"),
        ),
        tuple(rows),
        note="A verdict is about a statement as its test reads it, not about its speaker; with the "
        "parameters as they stand here, on the days that the tests name.",
    )


_ORDER = ("supported", "contradicted", "undecided", "not testable")
