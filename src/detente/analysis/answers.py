"""A case answered in full: on a date, in time, at every horizon, and on the claims it lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from detente._shown import Shown, Small
from detente.analysis.claims import tested_numbers, tested_sets
from detente.analysis.measure_effects import assessment_of, sets_of
from detente.analysis.regimes import regime_sets, regimes_in_time
from detente.analysis.scenarios import Scenarios, Wanted, solve_horizons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detente.analysis.assessment import Array, Assessment
    from detente.analysis.regimes import Timeline
    from detente.cases import Case


HORIZONS = ("short", "medium", "long")


@dataclass(frozen=True)
class Extent:
    """How much of a case is answered besides the regime of its date.

    Attributes:
        in_time: every regime that the measures of the case made.
        horizons: names of the horizons that stand beside the case's own.
        claims: the numbers that its claims are tested on.
    """

    in_time: bool = True
    horizons: tuple[str, ...] = HORIZONS
    claims: bool = True


#: The regime of the date and nothing besides.
DATE_ONLY = Extent(in_time=False, horizons=(), claims=False)


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Shown):
    """What a case comes to.

    Attributes:
        assessment: of the regime of its date.
        scenarios: what it was solved with, which draws start from.
        timeline: every regime in time, or None where it was not asked for.
        horizons: the same regime at other horizons, by name, with the effect of lifting each
            measure in force.
        tested: the numbers that claims are tested on, by claim, (tests,).
    """

    assessment: Assessment
    scenarios: Scenarios | None = field(default=None, repr=False)
    timeline: Timeline | None = None
    horizons: dict[str, Assessment] = field(default_factory=dict)
    tested: dict[str, Array] = field(default_factory=dict)

    @property
    def extent(self) -> Extent:
        """How much of the case was answered."""
        return Extent(self.timeline is not None, tuple(self.horizons), bool(self.tested))

    def _lines(self) -> Sequence[str]:
        said = [f"at the horizons {', '.join(self.horizons)} as well"] if self.horizons else []
        if self.timeline is not None:
            said.append(f"{len(self.timeline.regimes)} regimes in time")
        if self.tested:
            said.append(f"the numbers of {len(self.tested)} claims")
        return (*self.assessment._lines(), *([f"Besides: {'; '.join(said)}."] if said else []))

    def _small(self) -> Small:
        title, heads, rows = self.assessment._small()
        return title, heads, [*rows[:3], *rows[-3:]] if len(rows) > 6 else rows


def answer(
    case: Case | str,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    transfers: Literal["fixed", "proportional", "zero"] | None = None,
    tolerance: float = 1e-9,
    extent: Extent | None = None,
) -> Answer:
    """What a case comes to: what each measure does now, did in time, and does by horizon.

    Args:
        case: a case, the name of a packaged one, or a path.
        date: the day whose regime is assessed; the case's own if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.
        extent: what is answered besides the regime of the date; everything if None.

    Raises:
        CaseError: faults of the case file, all at once.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Returns:
        Answer: the assessment of the date, and what else was asked for.

    Example:
        >>> import detente
        >>> from detente.analysis.answers import DATE_ONLY
        >>> found = detente.answer("belarus", extent=DATE_ONLY)
        >>> found.assessment.date.isoformat()
        '2025-12-01'
    """
    if isinstance(case, str):
        from detente.cases import load_case

        case = load_case(case)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    return answer_of(
        Scenarios(case, date=day, horizon=horizon, transfers=transfers, tolerance=tolerance),
        extent or Extent(),
    )


def _sets(scenarios: Scenarios, extent: Extent, like: Answer | None) -> list[Wanted]:
    """What an answer needs solved at its own horizon and, if it is like another, at the others.

    What the other horizons need is known from an answer; else it follows from the first results.
    """
    case, date = scenarios.case, scenarios.date
    model = None if like is None else like.assessment
    wanted: list[Wanted] = [(scenarios, sets_of(case, date, model))]
    wanted += regime_sets(scenarios) if extent.in_time else []
    wanted += tested_sets(scenarios) if extent.claims else []
    if model is not None:
        wanted += [
            (scenarios.at(h), sets_of(case, date, model, margins_only=True))
            for h in extent.horizons
            if h != scenarios.horizon
        ]
    return wanted


def answer_of(
    scenarios: Scenarios,
    extent: Extent,
    like: Answer | None = None,
    *,
    besides: Iterable[Wanted] = (),
) -> Answer:
    """The answer of some scenarios, with all their regimes solved together.

    Args:
        scenarios: of the case, on the day and horizon asked for.
        extent: what is answered besides the regime of the date.
        like: an answer of the same extent with other numbers; see `assessment_of`.
        besides: what is needed solved for more than the answer, and is solved along with it.
    """
    model = None if like is None else like.assessment
    solve_horizons([*_sets(scenarios, extent, like), *besides])
    assessment = assessment_of(scenarios, model)
    return Answer(
        assessment,
        scenarios,
        timeline=regimes_in_time(scenarios) if extent.in_time else None,
        horizons={
            h: assessment_of(scenarios.at(h), assessment, margins_only=True)
            for h in extent.horizons
            if h != scenarios.horizon
        },
        tested=tested_numbers(scenarios) if extent.claims else {},
    )
