"""Bands of menus and of the coalition over draws of a case's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.study.sanctioning import Joint, Sanctions, sanctions_of
from detente.study.sensitivities.lines import band, ratio_band
from detente.study.uncertainty import run_draws

if TYPE_CHECKING:
    from detente.study.assessment import Array
    from detente.study.scenarios import Scenarios
    from detente.study.sensitivities import Entry
    from detente.study.targeting import Sides
    from detente.study.uncertainty import Ensemble

#: Of a member of the coalition, what is drawn.
DRAWN = (
    "alone",
    "marginal",
    "shapley",
    "loss_in",
    "relative_loss",
    "leaving",
    "implied_rate",
    "keeps",
    "transfer",
)


def banded(
    scenarios: Scenarios,
    sides: Sides,
    found: Sanctions,
    draws: int,
    *,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Sanctions:
    """The same sanctions with bands of menus and coalition; curves have none.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
        sides: as they were asked about.
        found: at central values.
        draws: how many sets of parameters to draw.
        seed: of the draws.
        progress: told how many draws are done.

    Raises:
        NoDraws: no draw converged, or none was finished.
    """
    ensemble = run_draws(
        scenarios.case,
        _Collector(sides, found),
        draws=draws,
        seed=seed,
        progress=progress,
        guide=scenarios,
    )
    values = ensemble.required()
    place = {_key(e): k for k, e in enumerate(_entries(found))}
    menus = {
        s: tuple(_with_bands(e, *values["menu"][:, place[_key(e)]].T) for e in entries)
        for s, entries in found.menus.items()
    }
    return replace(found, menus=menus, joint=_joint(found, ensemble), draws=ensemble.done)


@dataclass(frozen=True, eq=False)
class _Collector:
    """The numbers of one draw, in the order of the answer at central values."""

    sides: Sides
    central: Sanctions

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        found = sanctions_of(scenarios, self.sides)
        drawn = {_key(e): e for e in _entries(found)}
        # A flow too small for a menu in this draw moves nothing.
        menu = [
            (e.harm, e.cost) if e is not None else (0.0, 0.0)
            for e in (drawn.get(_key(e)) for e in _entries(self.central))
        ]
        out = {"menu": np.array(menu)}
        if self.central.joint is not None:
            joint = found.joint
            out["whole"] = np.array([np.nan] * 2 if joint is None else [joint.loss, joint.cost])
            by = {} if joint is None else {m.id: m for m in joint.members}
            out["members"] = np.array(
                [
                    [getattr(by[m.id], name) if m.id in by else np.nan for name in DRAWN]
                    for m in self.central.joint.members
                ]
            )
        return out


def _entries(found: Sanctions) -> Iterator[Entry]:
    for entries in found.menus.values():
        yield from entries


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.sender, entry.direction, entry.good


def _with_bands(entry: Entry, harm: Array, cost: Array) -> Entry:
    # What is closed at central values has no slope there, even where a draw leaks.
    if np.isnan([entry.harm, *harm, *cost]).any():
        return entry
    return replace(
        entry, harm_band=band(harm), cost_band=band(cost), ratio_band=ratio_band(harm, cost)
    )


def _joint(found: Sanctions, ensemble: Ensemble) -> Joint | None:
    joint = found.joint
    if joint is None:
        return None
    low, high = (end.tolist() for end in ensemble.band("members"))
    bands = {
        m.id: dict(zip(DRAWN, zip(low[k], high[k], strict=True), strict=True))
        for k, m in enumerate(joint.members)
    }
    low, high = (end.tolist() for end in ensemble.band("whole"))
    bands[""] = dict(zip(("loss", "cost"), zip(low, high, strict=True), strict=True))
    return replace(joint, bands=bands)
