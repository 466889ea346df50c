"""A whole brief from a case, stage by stage: answer, bands, negotiation and record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from detente._types import Transfers
from detente.analysis.answer_data import answer_of
from detente.analysis.answers import answered
from detente.analysis.background import run_in_background
from detente.analysis.extent import DATE_ONLY, Extent
from detente.analysis.figures.drawn import bands_of
from detente.analysis.labels import day
from detente.analysis.precomputed.bands import packaged_bands
from detente.analysis.precomputed.negotiation import negotiation_of
from detente.analysis.precomputed.sanctions import sanctions_beside
from detente.analysis.record.history import history_of
from detente.analysis.record.plan import plan_of, testable
from detente.analysis.record.result import backtest_of
from detente.analysis.regimes import regimes_in_time
from detente.analysis.scenarios import Scenarios
from detente.analysis.uncertainty.range_effects import range_effects
from detente.cases import load_case
from detente.report.contents import Views, views_of

if TYPE_CHECKING:
    from detente.analysis.answers import Answer
    from detente.analysis.figures.frame import Bands
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.record.plan import Plan
    from detente.analysis.record.result import BackTest
    from detente.analysis.regimes import Timeline
    from detente.analysis.sanctions import Sanctions
    from detente.analysis.uncertainty.range_effects import RangeEffects
    from detente.cases import Case


#: Called with how many stages are done, of how many, and what the next one is.
OnStage = Callable[[int, int, str], None]
_MEASURES, _REGIMES = "each measure switched", "every regime and horizon"
_NEGOTIATION, _TEST, _DESIGN = "the negotiation", "the back-test", "sanctions by design"
_RANGES = "each assumption at both ends of its range"
_PATHS, _SHOWN = "the path over time", "tables and charts"


@dataclass(frozen=True, eq=False)
class PartialBrief:
    """A brief as far as it is made.

    Attributes:
        answer: of the trade model, with bands if there are any; None for a case without trade.
        backtest: the case held against later years, once that is done.
        negotiation: its negotiation, once that is answered.
        sanctions: menus, coalition and curves, once they are worked out.
        ranges: the measures with one parameter changed at a time, where the case has no back-test.
        timeline: the regimes, where the answer does not hold them and their paths are shown.
        lacking: what the negotiation of this state lacks, in a sentence.
        complete: whether nothing more comes.
    """

    answer: Answer | None = field(default=None, repr=False)
    backtest: BackTest | None = field(default=None, repr=False)
    negotiation: NegotiationAnswer | None = field(default=None, repr=False)
    sanctions: Sanctions | None = field(default=None, repr=False)
    ranges: RangeEffects | None = field(default=None, repr=False)
    timeline: Timeline | None = field(default=None, repr=False)
    lacking: str = ""
    complete: bool = False

    def views(self) -> Views:
        """What a brief shows of it."""
        views = views_of(
            self.answer,
            backtest=self.backtest,
            negotiation=self.negotiation,
            sanctions=self.sanctions,
            ranges=self.ranges,
            timeline=self.timeline,
        )
        if not self.lacking:
            return views
        return replace(views, findings=(*views.findings, self.lacking), lacking=self.lacking)


def make_brief(
    case: Case | str,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    transfers: Transfers | None = None,
    tolerance: float = 1e-9,
    draws: int | None = None,
    seed: int = 0,
    full: bool = True,
    curve: bool = False,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
    negotiation_progress: Callable[[int], None] | None = None,
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
            the negotiation.
        curve: also the curve of harm against own cost where it is not packaged with the case for
            these settings, which takes half a minute or more.
        processes: how many to draw in; see `detente.analysis.run_draws`.
        progress: told how many draws are done.
        negotiation_progress: told of draws of the negotiation, which come after the others.

    A cancellation (Ctrl-C) of the draws keeps those that are done and draws nothing more.

    Returns:
        Views: tables, charts and sentences, for `write_brief` and `print_summary`.

    Raises:
        CaseError: faults of the case file, all at once.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Example:
        >>> from detente.report import make_brief
        >>> views = make_brief("belarus", full=False)
        >>> "gains" in views.tables
        True
    """
    case = load_case(case)
    stages = brief_stages(
        case,
        dt.date.fromisoformat(date) if isinstance(date, str) else date,
        horizon,
        transfers=transfers,
        tolerance=tolerance,
        draws=draws,
        seed=seed,
        full=full,
        negotiation=full,
        curve=curve,
        processes=processes,
        progress=progress,
        negotiation_progress=negotiation_progress,
    )
    *_, last = stages
    return last.views()


def brief_stages(
    case: Case,
    date: dt.date | None = None,
    horizon: str | None = None,
    *,
    transfers: Transfers | None = None,
    tolerance: float = 1e-9,
    draws: int | None = None,
    seed: int = 0,
    full: bool = True,
    negotiation: bool = True,
    record: bool | None = None,
    paths: bool = False,
    curve: bool = False,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
    negotiation_progress: Callable[[int], None] | None = None,
    on_stage: OnStage | None = None,
) -> Iterator[PartialBrief]:
    """A brief in the order in which its parts are ready: trade, negotiation, back-test.

    The one place that decides what of a case is shown, for the file, the terminal and the app.

    Args:
        case: the case, as a named scenario has it or as its file has it.
        date: as in `make_brief`, and so are the others but for these:
        horizon: as in `make_brief`.
        transfers: as in `make_brief`.
        tolerance: as in `make_brief`.
        draws: as in `make_brief`.
        seed: as in `make_brief`.
        full: with regimes in time, other horizons, claims and sanctions by design.
        negotiation: with the negotiation, if the case has one; a case without trade always has it.
        record: with the back-test or, where the case has none, with each assumption at both ends of
            its range; as `full` if None.
        paths: with the path of each commodity over time, which `full` has in any case.
        curve: as in `make_brief`.
        processes: as in `make_brief`.
        progress: as in `make_brief`.
        negotiation_progress: as in `make_brief`.
        on_stage: told before each stage.

    Yields:
        PartialBrief: what there is after each stage; the last has everything.

    Raises:
        CaseError, InfeasibleShock, NotConverged: as in `make_brief`.
    """
    speaks = negotiation and case.negotiation is not None
    record = full if record is None else record
    plan = plan_of(case) if record and case.has_trade and testable(case) else None
    apart = paths and not full and case.has_trade and bool(case.commodities)
    last = None if not record else _RANGES if plan is None else _TEST
    stages = _stage_names(case, full=full, speaks=speaks, paths=apart, last=last)
    tell = _teller(on_stage, [*stages, _SHOWN])
    if not case.has_trade:
        tell(_NEGOTIATION)
        on = asked_day(case, date or case.date)
        found, missing = _negotiation(case, draws, seed, negotiation_progress, on)
        tell(_SHOWN)
        yield PartialBrief(negotiation=found, lacking=missing, complete=True)
        return
    extent = Extent() if full else DATE_ONLY
    scenarios = Scenarios(
        case, date=date, horizon=horizon, transfers=transfers, tolerance=tolerance
    )
    bands = packaged_bands(scenarios) if draws is None else None
    tested = None if plan is None or draws else _begun(scenarios, plan, packaged=draws is None)
    tell(stages[0])
    answer = answered(answer_of(scenarios, extent), bands)
    if draws:
        bands = bands_of(
            answer, draws, seed=seed, plan=plan, processes=processes, progress=progress
        )
        answer = answer.with_bands(bands)
        tested = None if plan is None else run_in_background(_held(scenarios, plan, bands))
    designed = sanctions_beside(answer, curve=curve) if full else None
    made = PartialBrief(answer)
    if speaks:
        yield made
        tell(_NEGOTIATION)
        stopped = bands is not None and bands.draws < bands.asked
        wanted = 0 if stopped else draws
        negotiation_part, missing = _negotiation_on(scenarios, wanted, seed, negotiation_progress)
        made = replace(made, negotiation=negotiation_part, lacking=missing)
    if apart:
        yield made
        tell(_PATHS)
        made = replace(made, timeline=regimes_in_time(scenarios))
    if record:
        yield made
        tell(_RANGES if tested is None else _TEST)
        rests = {"ranges": range_effects(scenarios)} if tested is None else {"backtest": tested()}
        made = replace(made, **rests)
    if designed is not None:
        yield made
        tell(_DESIGN)
        made = replace(made, sanctions=designed())
    tell(_SHOWN)
    yield replace(made, complete=True)


def _stage_names(
    case: Case, *, full: bool, speaks: bool, paths: bool, last: str | None
) -> list[str]:
    """The stages of a brief in their order."""
    if not case.has_trade:
        return [_NEGOTIATION]
    asked = [
        (_REGIMES if full else _MEASURES, True),
        (_NEGOTIATION, speaks),
        (_PATHS, paths),
        (last or "", last is not None),
        (_DESIGN, full),
    ]
    return [name for name, wanted in asked if wanted]


def card_of(
    case: Case,
    date: dt.date | None = None,
    horizon: str | None = None,
    *,
    transfers: Transfers | None = None,
    on_stage: OnStage | None = None,
) -> dict[str, Any]:
    """A case as small as it stands in a list of cases, of the first stage of its brief.

    Args:
        case: the case, as a named scenario has it or as its file has it.
        date: as in `make_brief`, and so are the others but for the last:
        horizon: as in `make_brief`.
        transfers: as in `make_brief`.
        on_stage: told before the stage.

    Returns:
        dict: `sentence`, and `bars` with `label` and `value` in USD million a year.

    Raises:
        CaseError, InfeasibleShock, NotConverged: as in `make_brief`.
    """
    stages = brief_stages(
        case, date, horizon, transfers=transfers, full=False, processes=1, on_stage=on_stage
    )
    return next(stages).views().overview.card()


def _teller(on_stage: OnStage | None, stages: list[str]) -> Callable[[str], None]:
    """Says that a stage begins."""

    def tell(stage: str) -> None:
        if on_stage is not None:
            on_stage(stages.index(stage), len(stages), stage)

    return tell


def _begun(scenarios: Scenarios, plan: Plan, *, packaged: bool) -> Callable[[], BackTest]:
    """The back-test of a state under way: what is switched today leaves the years behind alone."""
    past = history_of(scenarios, plan)
    return run_in_background(_held(past, plan, packaged_bands(past) if packaged else None))


def _held(scenarios: Scenarios, plan: Plan, bands: Bands | None) -> Callable[[], BackTest]:
    """The back-test, to be begun."""
    return partial(backtest_of, scenarios, plan, bands, variants=False)


def asked_day(case: Case, date: dt.date) -> dt.date | None:
    """The day that a reader chose or switched measures on; None for the negotiation's own."""
    if date != case.date:
        return date
    scenario = case.named_scenario
    if scenario is not None and (scenario.date or scenario.measures or scenario.in_force):
        return date
    return None


def _negotiation_on(
    scenarios: Scenarios, draws: int | None, seed: int, progress: Callable[[int], None] | None
) -> tuple[NegotiationAnswer | None, str]:
    """The negotiation of a state; in another state than the case's own it may make no sense."""
    from detente.negotiation import NegotiationError

    asked = asked_day(scenarios.case, scenarios.date)
    try:
        return _negotiation(scenarios, draws, seed, progress, asked)
    except NegotiationError as error:
        on = day(scenarios.date)
        return None, f"The negotiation of the case cannot be asked about on {on}: {error}"


def _negotiation(
    case: Case | Scenarios,
    draws: int | None,
    seed: int,
    progress: Callable[[int], None] | None,
    date: dt.date | None = None,
) -> tuple[NegotiationAnswer, str]:
    """The negotiation, without chances if no draw was finished, and what to say of that."""
    from detente.analysis.uncertainty.draws import NoDraws

    try:
        return negotiation_of(case, date, draws=draws, seed=seed, progress=progress), ""
    except NoDraws as error:
        return negotiation_of(
            case, date, draws=0
        ), f"The negotiation has no bands and no chances: {error}"
