"""The regimes of a case in time: what begins and ends when, and what each regime means for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._document import document
from detente._shown import Framed, Small
from detente._types import Transfers
from detente.analysis.departure import departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.figures.frame import (
    MONEY,
    Bands,
    Figures,
    Frame,
    Quantity,
    bands_of_frame,
    bands_with,
    figures_with,
)
from detente.analysis.labels import count, day, money, sentence
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.places import party_places
from detente.analysis.scenarios import Scenarios, solve_days
from detente.cases import load_case
from detente.negotiation.words import listed

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

    from detente._types import Array
    from detente.analysis.assessment import Snapshot
    from detente.analysis.places import Place
    from detente.cases import Case, Party
    from detente.world import World


@dataclass(frozen=True, eq=False)
class Regime:
    """The measures in force from one day on, until the next regime.

    Attributes:
        start: the first day.
        measures: ids of the measures in force, in the case's order.
        begun: those that were not in force the day before.
        ended: those that were in force the day before and no longer are.
        snapshot: what the regime means, against the base year without measures.
    """

    start: dt.date
    measures: tuple[str, ...]
    begun: tuple[str, ...]
    ended: tuple[str, ...]
    snapshot: Snapshot = field(repr=False)


@dataclass(frozen=True, eq=False, repr=False)
class Timeline(Framed):
    """All regimes of a case in order of time, on one base year.

    Attributes:
        case: the case.
        world: the base year with the case's commodities.
        horizon: how far the economy adjusts within each regime.
        transfers: how trade deficits behave.
        regimes: the first is the day before any measure.
        bands: of its figures, if parameters were drawn.
    """

    case: Case
    world: World
    horizon: str
    transfers: str
    regimes: tuple[Regime, ...]
    bands: Bands | None = field(default=None, repr=False)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties that speak for countries."""
        return tuple(p for p in self.case.parties if p.members)

    @property
    def effect_rp(self) -> Array:
        """What each regime means for each party, USD million a year, (regimes, parties).

        Equivalent variation against the base year without measures; members are those of the
        regime's first day.
        """
        case, world = self.case, self.world
        return np.array(
            [
                [
                    r.snapshot.equivalent_variation_n[
                        [world.country(c) for c in case.members(p.id, world, r.start)]
                    ].sum()
                    for p in self.parties
                ]
                for r in self.regimes
            ]
        ).reshape(len(self.regimes), len(self.parties))

    @cached_property
    def frame(self) -> Frame:
        """`effect_rp` as figures: a row for each regime by its first day, a column a party."""
        names = self.places
        return Frame(
            "regimes",
            "Regimes in time",
            ("from",),
            tuple((r.start.isoformat(),) for r in self.regimes),
            tuple(f"from {day(r.start)}" for r in self.regimes),
            tuple(
                Quantity(p.id, names[p.id].name if p.id in names else p.name, MONEY)
                for p in self.parties
            ),
            self.effect_rp,
        )

    @cached_property
    def figures(self) -> Figures:
        """The frame `regimes`, with bands if parameters were drawn."""
        return figures_with([self.frame], self.bands)

    @cached_property
    def places(self) -> dict[str, Place]:
        """The parties as sentences name them, by id; members are those of the case's date."""
        case, world = self.case, self.world
        groups = {
            p.id: tuple(world.country(c) for c in case.members(p.id, world)) for p in self.parties
        }
        return party_places(self.parties, world.countries, groups)

    @property
    def sentences(self) -> tuple[str, ...]:
        """How often the measures change, who loses most under which regime, and on bands."""
        text = in_time_words(self, self.places, self.figures)
        drawn = [] if self.bands is None else [self.bands.sentence]
        return (text, *self.case.not_computed, *drawn)

    def changed(self, regime: Regime) -> str:
        """What is new in a regime: measures, or dated parameters alone."""
        parts = [*(f"+ {m}" for m in regime.begun), *(f"- {m}" for m in regime.ended)]
        if parts or not regime.measures:
            return "  ".join(parts) or "no measure in force"
        dated = [n for n, p in self.case.parameters.items() if regime.start in p.by_date]
        return f"only dated parameters change: {', '.join(dated)}"

    def change_words(self, regime: Regime) -> str:
        """What is new in a regime, in a sentence."""
        sentences = [
            f"{listed(ids)} {verb}{'s' * (len(ids) == 1)}"
            for ids, verb in ((regime.begun, "begin"), (regime.ended, "end"))
            if ids
        ]
        if sentences:
            return f"{' and '.join(sentences)}."
        if not regime.measures:
            return "No measure is in force."
        dated = [n for n, p in self.case.parameters.items() if regime.start in p.by_date]
        return f"Only the size of this changes: {listed([*map(self.case.parameter_label, dated)])}."

    def plot(self, ax: Axes | None = None) -> Axes:
        """What each regime means for each party, as cells that are shaded around zero.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.

        Returns:
            Axes: with a row for each regime and a column for each party.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
        """
        from detente._plots import shaded

        frame = self.frame
        heads = [column.label for column in frame.columns]
        return shaded(ax, frame.labels, heads, frame.values, frame.title, MONEY)

    def to_frame(self) -> pl.DataFrame:
        """A row for each regime: its first day, then each party's gain or loss with its band."""
        return self.figures["regimes"].to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Itself as JSON holds it: settings, sentences, regimes and figures."""
        return document(
            "timeline",
            {
                **head(
                    self.case.name,
                    departure_of(self.case, None, self.horizon, self.transfers),
                    data=data_entry(self.case),
                    horizon=self.horizon,
                    transfers=self.transfers,
                    draws=self.figures.draws,
                    sentences=self.sentences,
                ),
                "title": self.case.title,
                "figures": self.figures.entries(),
                "parties": [p.id for p in self.parties],
                "regimes": self.entries(),
            },
        )

    def entries(self) -> list[dict[str, Any]]:
        """Every regime as an entry of `regimes`: what is in force and what is new."""
        return [
            {
                "start": r.start,
                "measures": r.measures,
                "begun": r.begun,
                "ended": r.ended,
                "changed": self.changed(r),
                "certificate": r.snapshot.certificate.sentence,
            }
            for r in self.regimes
        ]

    def _lines(self) -> Sequence[str]:
        return (f"{self.case.title}, {self.horizon} run: {len(self.regimes)} regimes",)

    def _small(self) -> Small:
        shown, frame = self.regimes[-9:], self.figures["regimes"]
        reach = np.abs(frame.values).max(axis=0, initial=0.0)
        moved = sorted(np.argsort(-reach, kind="stable")[:3].tolist())
        columns = [frame.columns[k] for k in moved]
        which = "all" if len(shown) == len(self.regimes) else f"the last {len(shown)}"
        rows = [
            (r.start, *(frame.cell(r.start.isoformat(), c.key, 0) for c in columns)) for r in shown
        ]
        return (
            f"Regimes in time, {which}: {MONEY} for the parties moved most",
            ("from", *(c.label for c in columns)),
            rows,
        )


def in_time_words(
    timeline: Timeline, places: Mapping[str, Place], figures: Figures | None = None
) -> str:
    """How often the measures change, and who loses most, when.

    Args:
        timeline: every regime.
        places: whom to speak of, by id of the party.
        figures: with the bands of the regimes, if there are any.
    """
    regimes = timeline.regimes
    changes = sum(bool(r.begun or r.ended) for r in regimes)
    if not changes:
        return "No measure that touches trade is ever in force."
    text = (
        f"Between {day(regimes[0].start)} and {day(regimes[-1].start)} the measures change "
        f"{count(changes, 'time')}"
    )
    value = {name: timeline.frame.column(name) for name in places}
    name = min(places, key=lambda p: float(value[p].min()), default="")
    if not name or value[name].min() > -NEGLIGIBLE:
        return f"{text}."
    at = int(value[name].argmin())
    worst, last = (
        None if figures is None else figures.band("regimes", regimes[t].start.isoformat(), name)
        for t in (at, -1)
    )
    text += (
        f". {sentence(places[name].prose)} loses most, {money(value[name][at], worst)} a year, "
        f"under the regime that begins on {day(regimes[at].start)}"
    )
    if at + 1 == len(regimes):
        return f"{text}, the last one."
    now = float(value[name][-1])
    left = money(now, last) if now < -NEGLIGIBLE else "nothing"
    return f"{text}, and {left} under the last one, from {day(regimes[-1].start)}."


def timeline(
    case: Case | str,
    *,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    tolerance: float = 1e-9,
    draws: int | None = 0,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Timeline:
    """Every regime that the measures of a case made, one after the other.

    Each regime is an equilibrium of the same base year before the sanctions, not a step from the
    regime before: in exact changes a flow that an embargo has closed could not grow again.

    Args:
        case: a case, the name of a packaged one, or a path.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.
        draws: how many sets of parameters to draw for bands; 0 for none. None takes the bands that
            are packaged with a case, if there are any for these settings.
        seed: of the draws.
        processes: how many to draw in; see `run_draws`.
        progress: told how many draws are done.

    Raises:
        CaseError: faults of the case file, all at once.
        NoDraws: no draw was finished, or none converged.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Returns:
        Timeline: regimes with their effects on parties, USD million a year.

    Example:
        >>> import detente
        >>> found = detente.timeline("belarus")
        >>> found.regimes[0].measures, found.effect_rp.shape[0] == len(found.regimes)
        ((), True)
    """
    case = load_case(case)
    scenarios = Scenarios(case, horizon=horizon, transfers=transfers, tolerance=tolerance)
    found = regimes_in_time(scenarios)
    if draws is None:
        from detente.analysis.precomputed.bands import packaged_bands

        return replace(found, bands=packaged_bands(scenarios))
    if not draws:
        return found
    from detente.analysis.uncertainty.draws import run_draws

    ensemble = run_draws(
        case,
        party_effects,
        draws=draws,
        seed=seed,
        processes=processes,
        progress=progress,
        guide=scenarios,
    )
    ensemble.required()
    frames = {"regimes": bands_of_frame(found.frame, *ensemble.band("effect"))}
    return replace(found, bands=bands_with(frames, ensemble))


def party_effects(scenarios: Scenarios) -> dict[str, Array]:
    """What every regime means for every party: `effect`, as of `Timeline.effect_rp`."""
    return {"effect": regimes_in_time(scenarios).effect_rp}


def regimes_in_time(scenarios: Scenarios) -> Timeline:
    """Every regime of the case of some scenarios, solved together; see `timeline`."""
    case = scenarios.case
    solve_days(regime_sets(scenarios))
    days = _days(case)
    in_force = [tuple(m.id for m in case.regime(day)) for day in days]
    regimes = [
        Regime(
            start=day,
            measures=now,
            begun=tuple(m for m in now if m not in before),
            ended=tuple(m for m in before if m not in now),
            snapshot=scenarios.on(day).snapshot(now),
        )
        for day, now, before in zip(days, in_force, [(), *in_force], strict=False)
    ]
    return Timeline(case, scenarios.world, scenarios.horizon, scenarios.transfers, tuple(regimes))


def regime_sets(scenarios: Scenarios) -> list[tuple[Scenarios, list[tuple[str, ...]]]]:
    """The sets of measures that a timeline needs solved, each with the scenarios of its day."""
    case = scenarios.case
    return [(scenarios.on(d), [tuple(m.id for m in case.regime(d))]) for d in _days(case)]


def _days(case: Case) -> list[dt.date]:
    """The day before anything changes, and the days of change; the case's own if nothing does."""
    days = change_days(case)
    return [days[0] - dt.timedelta(days=1), *days] if days else [case.date]


def change_days(case: Case) -> list[dt.date]:
    """The days on which a measure begins or ends or a dated parameter changes, in order.

    Changes of parameters before the first measure change nothing that is in force, and without any
    measure in force nothing ever changes.
    """
    first = min((p.start for m in case.trade_measures for p in m.in_force), default=dt.date.max)
    days = {d for p in case.parameters.values() for d in p.by_date if d > first}
    for measure in case.trade_measures:
        for period in measure.in_force:
            days.add(period.start)
            if period.until is not None:
                days.add(period.until)
    return sorted(days)
