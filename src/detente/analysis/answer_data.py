"""An answer before it says anything: the regime of a date, regimes in time, horizons and claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.analysis.claims import tested_numbers, tested_sets
from detente.analysis.extent import Extent
from detente.analysis.measure_effects import assessment_of, sets_of
from detente.analysis.regimes import regime_sets, regimes_in_time
from detente.analysis.scenarios import Scenarios, Wanted, solve_horizons

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente._types import Array
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.regimes import Timeline


@dataclass(frozen=True, eq=False, repr=False)
class AnswerData:
    """What a case comes to, in numbers; `Answer` says it.

    Attributes:
        assessment: of the regime of its date.
        scenarios: what it was solved with, which draws start from.
        timeline: every regime in time, or None where it was not asked for.
        horizons: the same regime at other horizons, by name, with the effect of lifting each
            measure in force.
        tested: the numbers that claims are tested on, by claim, (tests,).
    """

    assessment: AssessmentData
    scenarios: Scenarios | None = field(default=None, repr=False)
    timeline: Timeline | None = None
    horizons: dict[str, AssessmentData] = field(default_factory=dict)
    tested: dict[str, Array] = field(default_factory=dict)

    @property
    def extent(self) -> Extent:
        """How much of the case was answered."""
        return Extent(self.timeline is not None, tuple(self.horizons), bool(self.tested))


def _sets(scenarios: Scenarios, extent: Extent, like: AnswerData | None) -> list[Wanted]:
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
    like: AnswerData | None = None,
    *,
    besides: Iterable[Wanted] = (),
) -> AnswerData:
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
    return AnswerData(
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
