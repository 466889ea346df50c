"""Draws over every parameter that has a range: bands, and which parameters move a figure."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from detente.study.elasticity_ranges import Ranged
from detente.study.scenarios import Scenarios
from detente.study.uncertain import Array, Uncertain, correlated, sample, uncertain_of
from detente.study.uncertainty_pool import Collect, Done, Job, parallel, serial

if TYPE_CHECKING:
    from detente.case import Case

Transfers = Literal["fixed", "proportional", "zero"]

_WORTH_PROCESSES = 6
#: With fewer draws than this the ends of bands and what moves a figure are rough.
FEW = 50


class NoDraws(ValueError):
    """No draw contributes anything: none was finished, or none converged."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What was collected over the draws that converged.

    Attributes:
        values: by name, the draws stacked along the first axis.
        parameters: by name, the values drawn, in the same order.
        asked: how many draws were asked for.
        done: how many were run; fewer after a cancellation.
        failed: how many of those did not converge or had no equilibrium; they are in no band.
        seed: of the draws.
    """

    values: dict[str, Array] = field(repr=False)
    parameters: dict[str, Array] = field(repr=False)
    asked: int
    done: int
    failed: int
    seed: int

    def required(self) -> dict[str, Array]:
        """The values, of which there must be some.

        Raises:
            NoDraws: no draw was finished, or none converged; says which.
        """
        if self.values:
            return self.values
        if not self.done:
            raise NoDraws(
                f"The draws were stopped before the first of {self.asked} was done, so there are "
                "no bands. Let some be done before Ctrl-C, or ask for none with --draws 0."
            )
        raise NoDraws(
            f"None of {self.done} draws of the parameters converged, so there are no bands. Narrow "
            "the ranges, or ask for no draws."
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


def bands_sentence(done: int, asked: int, failed: int) -> str:
    """What a band is, and how many draws are behind it."""
    comma = "," if done < asked else ""
    text = f"Bands run from 5 to 95 % of {draws_in_words(done, asked)}{comma} of every parameter"
    text += " with a range"
    if failed:
        verb = "is" if failed == 1 else "are"
        text += f"; {failed} of them did not converge and {verb} in no band."
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
        guide: scenarios at central values that were solved before, on the day, at the horizon and
            under the transfer rule of the draws; those of the arguments if None.
        elasticities: of the world's own goods, drawn too; see `ranged_elasticities`.

    Returns:
        Ensemble: of the draws that converged. A cancellation (Ctrl-C) keeps those that were done.
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
    return gather(parts, uncertain, points, seed=seed, progress=progress)


def gather(
    parts: Done,
    uncertain: Sequence[Uncertain],
    points: Array,
    *,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """Draws put together as they come; a cancellation (Ctrl-C) keeps those that were done.

    Args:
        parts: the number of each draw and what it contributes, None where it failed.
        uncertain: what was drawn, D.
        points: at which probabilities, (draws, D).
        seed: of the points.
        progress: called with the number of draws done so far.
    """
    kept: dict[int, dict[str, Array]] = {}
    done = 0
    try:
        with closing(parts):
            for k, found in parts:
                done += 1
                if found is not None:
                    kept[k] = found
                if progress is not None:
                    progress(done)
    except KeyboardInterrupt:
        pass
    except BrokenExecutor as error:
        if not _interrupted(error):
            raise
    order = sorted(kept)
    names = kept[order[0]] if order else {}
    return Ensemble(
        values={name: np.stack([kept[k][name] for k in order]) for name in names},
        parameters={u.name: u.quantile(points[order, d]) for d, u in enumerate(uncertain)},
        asked=len(points),
        done=done,
        failed=done - len(kept),
        seed=seed,
    )


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
