"""A whole brief from a case, in one call: the answer, the back-test, bands, and the views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from detente.brief.bands import bands_of
from detente.brief.kept import kept_bands
from detente.brief.kept_sanctions import sanctions_beside
from detente.brief.table import day
from detente.brief.views import Views, views_of
from detente.study.answering import DATE_ONLY, Extent, answer_of
from detente.study.aside import aside
from detente.study.backtest_plan import plan_of, testable
from detente.study.backtesting import backtest_of
from detente.study.scenarios import Scenarios

if TYPE_CHECKING:
    from detente.brief.page import Bands
    from detente.case import Case
    from detente.study.backtest_plan import Plan
    from detente.study.backtesting import BackTest
    from detente.study.talking import TalksAnswer


def make_brief(
    case: Case | str,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    transfers: Literal["fixed", "proportional", "zero"] | None = None,
    tolerance: float = 1e-9,
    draws: int | None = None,
    seed: int = 0,
    full: bool = True,
    curve: bool = False,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
    talks_progress: Callable[[int], None] | None = None,
) -> Views:
    """Everything that a brief of a case shows.

    Args:
        case: a case, the name of a packaged one, or a path.
        date: the day whose regime is assessed; the case's own if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.
        draws: how many sets of parameters to draw for bands; 0 for none. None takes the bands that
            are packaged with a case, if there are any for these settings.
        seed: of the draws.
        full: with regimes in time, other horizons, claims, the back-test, sanctions by design and
            the talks.
        curve: also the curve of harm against own cost where it is not packaged with the case for
            these settings, which takes half a minute or more.
        processes: how many to draw in; see `detente.study.run_draws`.
        progress: told how many draws are done.
        talks_progress: the same of the draws of the talks, which come after the others.

    A cancellation (Ctrl-C) of the draws keeps those that are done and draws nothing more.

    Raises:
        CaseError: faults of the case file, all at once.
        NoDraws: no draw was finished, or none converged.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Example:
        >>> from detente.brief import make_brief
        >>> views = make_brief("belarus", full=False)
        >>> "gains" in views.tables
        True
    """
    if isinstance(case, str):
        from detente.case import load_case

        case = load_case(case)
    if not case.has_trade:
        return views_of(None, talks=_talks(case, draws or 0, seed, talks_progress)[0])
    extent = Extent() if full else DATE_ONLY
    scenarios = Scenarios(
        case,
        date=dt.date.fromisoformat(date) if isinstance(date, str) else date,
        horizon=horizon,
        transfers=transfers,
        tolerance=tolerance,
    )
    bands = kept_bands(scenarios, extent) if draws is None else None
    plan = plan_of(case) if full and testable(case) else None
    tested = None if draws or plan is None else aside(_held(scenarios, plan, bands))
    found = answer_of(scenarios, extent)
    if draws:
        bands = bands_of(found, draws, seed=seed, plan=plan, processes=processes, progress=progress)
        tested = None if plan is None else aside(_held(scenarios, plan, bands))
    designed = sanctions_beside(found, curve=curve) if full else None
    talks, lacking = None, ""
    if full and case.talks is not None:
        stopped = bands is not None and bands.draws < bands.asked
        wanted = 0 if stopped else draws or 0
        talks, lacking = _talks_on(scenarios, wanted, seed, talks_progress)
    views = views_of(
        found,
        bands=bands,
        backtest=None if tested is None else tested(),
        talks=talks,
        sanctions=None if designed is None else designed(),
    )
    return replace(views, findings=(*views.findings, lacking)) if lacking else views


def _held(scenarios: Scenarios, plan: Plan, bands: Bands | None) -> Callable[[], BackTest]:
    """The back-test, to be begun."""
    return partial(
        backtest_of,
        scenarios,
        plan,
        {} if bands is None else bands.backtest,
        asked=0 if bands is None else bands.asked,
        draws=0 if bands is None else bands.draws,
        failed=0 if bands is None else bands.failed,
        variants=False,
    )


def _talks_on(
    scenarios: Scenarios, draws: int, seed: int, progress: Callable[[int], None] | None
) -> tuple[TalksAnswer | None, str]:
    """The talks of a day; on another day than the case's own they may make no sense."""
    from detente.talks import TalksError

    try:
        return _talks(scenarios, draws, seed, progress)
    except TalksError as error:
        if scenarios.date == scenarios.case.date:
            raise
        return (
            None,
            f"The talks of the case cannot be asked about on {day(scenarios.date)}: {error}",
        )


def _talks(
    case: Case | Scenarios, draws: int, seed: int, progress: Callable[[int], None] | None
) -> tuple[TalksAnswer, str]:
    """The talks, without chances where no draw of them was finished, and what to say of that."""
    from detente.study.talking import talk
    from detente.study.uncertainty import NoDraws

    try:
        return talk(case, draws=draws, seed=seed, progress=progress), ""
    except NoDraws as error:
        return talk(case, seed=seed), f"The talks have no bands and no chances: {error}"
