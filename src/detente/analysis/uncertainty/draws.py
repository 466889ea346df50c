"""Draws over every parameter that has a range: bands, and which parameters move a figure.

`Ensemble` is the result and `run_draws` makes it. `headlines` lists the figures that draws keep of
every answer. `draws_in_words`, `left_out` and `caution` say what the draws covered.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Array, Transfers
from detente.analysis.document_head import draws_entry
from detente.analysis.scenarios import Scenarios
from detente.analysis.uncertainty.failures import MOST_FAILED, Failure, why_failed, with_values
from detente.analysis.uncertainty.pool import Collect, Done, Job, parallel, serial
from detente.analysis.uncertainty.ranges import Ranged, Uncertain, correlated, sample, uncertain_of
from detente.errors import DetenteError
from detente.negotiation.words import upper_first

if TYPE_CHECKING:
    from detente.cases import Case


def headlines(scenarios: Scenarios) -> dict[str, Array]:
    """The figures of the regime of the scenarios' date, each over the world's countries.

    Returns:
        By name, (N,) each: `regime` (equivalent variation against no measures, USD million),
        `switch/ID` (of switching one measure, given the rest), `alone/ID` (of one measure alone),
        `everything` (of lifting all), `GOOD/price_paid` (USD per unit), `GOOD/price_received`,
        `GOOD/sales` (USD million), `GOOD/largest_share`, `GOOD/herfindahl`, `GOOD/exports` (million
        units, own sales left out) and `transit_revenue` (USD million), all under the regime.
    """
    case = scenarios.case
    regime = tuple(m.id for m in case.regime(scenarios.date))
    switched = {m.id: tuple(sorted({m.id} ^ set(regime))) for m in case.trade_measures}
    scenarios.solve_together(
        [(), regime, *switched.values(), *((m.id,) for m in case.trade_measures)]
    )
    now = scenarios.snapshot(regime)
    out = {
        "regime": now.equivalent_variation_n,
        "everything": scenarios.snapshot(()).equivalent_variation_n - now.equivalent_variation_n,
        "transit_revenue": now.transit_revenue_n,
    }
    for measure, without in switched.items():
        other = scenarios.snapshot(without).equivalent_variation_n
        out[f"switch/{measure}"] = other - now.equivalent_variation_n
        out[f"alone/{measure}"] = scenarios.snapshot((measure,)).equivalent_variation_n
    for good, market in now.commodities.items():
        out[f"{good}/price_paid"] = market.price_paid_n
        out[f"{good}/price_received"] = market.price_received_n
        out[f"{good}/sales"] = market.sales_n
        out[f"{good}/largest_share"] = market.largest_share_n
        out[f"{good}/herfindahl"] = market.herfindahl_n
        sold = market.tonnes_ni.sum(axis=0)
        out[f"{good}/exports"] = sold - np.diagonal(market.tonnes_ni)
    return out


_WORTH_PROCESSES = 6
#: Draws after which those done so far are handed on.
_EVERY = 8
#: With fewer draws than this the ends of bands and what moves a figure are rough.
FEW = 50


class NoDraws(DetenteError, ValueError):
    """There are no bands: no draw was finished, or too many of them have no answer."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What was collected over the draws that have an answer.

    Attributes:
        values: by name, the draws stacked along the first axis.
        parameters: by name, the values drawn, in the same order.
        asked: how many draws were asked for.
        done: how many were run; fewer after a cancellation.
        failed: how many of those have no answer; they are in no band.
        seed: of the draws.
        failures: why, one for each of them, as far as that is known.
    """

    values: dict[str, Array] = field(repr=False)
    parameters: dict[str, Array] = field(repr=False)
    asked: int
    done: int
    failed: int
    seed: int
    failures: tuple[Failure, ...] = field(default=(), repr=False)

    @property
    def counts(self) -> dict[str, Any] | None:
        """How many draws there are, as the entry `draws` of an answer."""
        return draws_entry(self.asked, self.done, self.failed, self.seed, self.why)

    @property
    def answered(self) -> list[int]:
        """The numbers of the draws that have an answer, in the order of `values`."""
        failed = {f.draw for f in self.failures}
        return [draw for draw in range(self.done) if draw not in failed]

    @property
    def why(self) -> str:
        """Why some draws have no answer, with parameters and values; empty if all have one."""
        return why_failed(self.failures)

    def enough(self) -> None:
        """Refuse bands of a rest: more than a small share of the draws has no answer.

        Raises:
            NoDraws: with the reasons.
        """
        if self.failed > MOST_FAILED * self.done:
            text = f" {upper_first(self.why)}." if self.why else ""
            head = (
                f"{self.failed} of {self.done} draws of the parameters failed, more than "
                f"{100 * MOST_FAILED:.0f} %: bands of the rest would say less than the ranges of "
                "the case."
                if self.failed < self.done
                else f"None of {self.done} draws of the parameters has an answer, so there are no "
                "bands."
            )
            raise NoDraws(
                f"{head}{text}",
                "Narrow the ranges (`detente check` tries both ends of each), or ask for no draws.",
            )

    def required(self) -> dict[str, Array]:
        """The values, of which there must be some.

        Raises:
            NoDraws: no draw was finished, or too many failed; says which and why.
        """
        self.enough()
        if self.values:
            return self.values
        if not self.done:
            raise NoDraws(
                f"The draws were stopped before the first of {self.asked} was done, so there are "
                "no bands.",
                "Let some be done before Ctrl-C, or ask for none with --draws 0.",
            )
        raise NoDraws(
            "Nothing was collected of the draws, so there are no bands.",
            "Give a function that returns one figure or more.",
        )

    def band(self, name: str, level: float = 0.9) -> tuple[Array, Array]:
        """The lower and upper end of the central band of that probability, 5 to 95 % as given."""
        tail = (1 - level) / 2
        low, high = np.quantile(self.values[name], [tail, 1 - tail], axis=0)
        return low, high

    @cached_property
    def _ranked(self) -> dict[str, Array]:
        return {name: _ranks(values) for name, values in self.parameters.items()}

    def drivers(self, name: str, at: tuple[int, ...] = ()) -> list[tuple[str, float]]:
        """Which parameters move a figure: Spearman's rank correlation, strongest first.

        Args:
            name: of the collected values.
            at: the position within each draw's array.
        """
        figure = _ranks(np.array([draw[at] for draw in self.values[name]]))
        found = [(k, _correlation(ranks, figure)) for k, ranks in self._ranked.items()]
        return sorted(found, key=lambda pair: -abs(pair[1]))


def draws_in_words(done: int, asked: int) -> str:
    """How many draws there are: '400 draws', or '92 draws, stopped before 400 were done'."""
    noun = "draw" if done == 1 else "draws"
    return f"{done} {noun}" + (f", stopped before {asked} were done" if done < asked else "")


def left_out(failed: int, why: str = "") -> str:
    """How many draws are in no band, and why, as the end of a sentence; empty for none."""
    if not failed:
        return ""
    verb = "is" if failed == 1 else "are"
    reasons = f": {why}" if why else ""
    return f"{failed} of them failed and {verb} in no band{reasons}"


def bands_sentence(done: int, asked: int, failed: int, why: str = "") -> str:
    """What a band is, how many draws are behind it, and why others are not."""
    comma = "," if done < asked else ""
    text = f"Bands run from 5 to 95 % of {draws_in_words(done, asked)}{comma} of every parameter"
    text += " with a range"
    if failed:
        text += f"; {left_out(failed, why)}. They are bands of {done - failed} draws."
    else:
        text += "; all of them converged."
    return f"{text} {caution(done - failed)}".rstrip()


def caution(drawn: int) -> str:
    """What to say beside bands of few draws; nothing where there are enough."""
    if not 0 < drawn < FEW:
        return ""
    return f"Fewer than {FEW} draws are few: the ends of bands, and what moves a figure, are rough."


def run_draws(
    case: Case,
    collect: Collect,
    *,
    draws: int,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
    so_far: Callable[[Ensemble], None] | None = None,
    guide: Scenarios | None = None,
    elasticities: Sequence[Ranged] = (),
) -> Ensemble:
    """Answer a case under many draws of its uncertain parameters.

    Each parameter follows a triangular distribution over its range with its value as mode,
    independently of the others but for the rank correlations that the case states. The draws are a
    scrambled Sobol sequence: the first n of more draws are the same n, whatever the number of
    processes.

    Args:
        case: the case.
        collect: what to keep of a draw; importable from a module if several processes are used.
        draws: how many.
        seed: of the sequence.
        horizon: as in `assess`.
        transfers: as in `assess`.
        processes: how many; as many as there are processors if None and worth it.
        progress: called with the number of draws done so far.
        so_far: called with the draws done so far, after every eight.
        guide: scenarios at central values that were solved before, on the day, at the horizon and
            under the transfer rule of the draws; those of the arguments if None.
        elasticities: of the world's own goods, drawn too; see `ranged_elasticities`.

    Returns:
        Ensemble: of the draws that have an answer; of the others it says why. A cancellation
            (Ctrl-C) keeps those that were done.
    """
    if guide is None:
        guide = Scenarios(case, horizon=horizon, transfers=transfers)
    uncertain = [*uncertain_of(case, guide.horizon), *(r.uncertain for r in elasticities)]
    points = correlated(sample(len(uncertain), draws, seed), uncertain, case)
    job = Job(guide, collect, points, tuple(elasticities))
    count = processes or (os.cpu_count() or 1)
    parts = (
        serial(job)
        if count == 1 or (processes is None and draws < _WORTH_PROCESSES)
        else parallel(job, count)
    )
    ensemble = gather(parts, uncertain, points, seed=seed, progress=progress, so_far=so_far)
    return with_reasons(ensemble, case, uncertain, points)


def with_reasons(
    ensemble: Ensemble, case: Case, uncertain: Sequence[Uncertain], points: Array
) -> Ensemble:
    """The ensemble with the parameters behind its failures named.

    Args:
        ensemble: of draws of a case.
        case: at central values.
        uncertain: what was drawn.
        points: at which probabilities, (draws, D).
    """
    if not ensemble.failures:
        return ensemble
    drawn = {
        f.draw: [float(u.quantile(p)) for u, p in zip(uncertain, points[f.draw], strict=True)]
        for f in ensemble.failures
    }
    named = with_values(ensemble.failures, case, uncertain, drawn)
    return replace(ensemble, failures=named)


def gather(
    parts: Done,
    uncertain: Sequence[Uncertain],
    points: Array,
    *,
    seed: int,
    progress: Callable[[int], None] | None = None,
    so_far: Callable[[Ensemble], None] | None = None,
) -> Ensemble:
    """Draws put together as they come; a cancellation (Ctrl-C) keeps those that were done.

    Args:
        parts: the number of each draw and what it contributes, or why it failed.
        uncertain: what was drawn, D.
        points: at which probabilities, (draws, D).
        seed: of the points.
        progress: called with the number of draws done so far.
        so_far: called with the draws done so far, after every eight.
    """
    kept: dict[int, dict[str, Array]] = {}
    failures: list[Failure] = []
    done = 0

    def gathered() -> Ensemble:
        order = sorted(kept)
        names = kept[order[0]] if order else {}
        return Ensemble(
            values={name: np.stack([kept[k][name] for k in order]) for name in names},
            parameters={u.name: u.quantile(points[order, d]) for d, u in enumerate(uncertain)},
            asked=len(points),
            done=done,
            failed=done - len(kept),
            seed=seed,
            failures=tuple(sorted(failures, key=lambda f: f.draw)),
        )

    try:
        with closing(parts):
            for k, found in parts:
                done += 1
                if isinstance(found, Failure):
                    failures.append(found)
                else:
                    kept[k] = found
                if progress is not None:
                    progress(done)
                if so_far is not None and done % _EVERY == 0 and done < len(points):
                    so_far(gathered())
    except KeyboardInterrupt:
        pass
    except BrokenExecutor as error:
        if not _interrupted(error):
            raise NoDraws(
                "A process that worked out draws ended before they were done.",
                "In a script on Windows or macOS put the call under `if __name__ == '__main__':`. "
                "Otherwise free some memory, or give processes=1.",
            ) from error
    return gathered()


def _interrupted(error: BaseException) -> bool:
    """Whether an error came of an interruption, as where it reached a process that was starting."""
    before = error.__context__
    return before is not None and (isinstance(before, KeyboardInterrupt) or _interrupted(before))


def _ranks(values: Array) -> Array:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def _correlation(a: Array, b: Array) -> float:
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
