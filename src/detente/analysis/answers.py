"""A case answered: on a date (`Assessment`), or in time, at every horizon and on claims (`Answer`).

Both carry their figures with bands, sentences, frames and documents; `assess` and `answer` ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._shown import Framed, Small, extremes
from detente._types import Transfers
from detente.analysis.answer_data import AnswerData, answer_of
from detente.analysis.assessment import AssessmentData
from detente.analysis.claims import verdicts_on
from detente.analysis.departure import departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.extent import DATE_ONLY, Extent
from detente.analysis.figures.drawn import bands_of
from detente.analysis.figures.effects import ONLY_TOGETHER
from detente.analysis.figures.frame import MONEY, Bands, Figures, figures_with
from detente.analysis.figures.selection import Selection, selection_of
from detente.analysis.figures.trade import frames_of
from detente.analysis.findings import findings_of
from detente.analysis.options import NEGLIGIBLE
from detente.analysis.precomputed.bands import packaged_bands
from detente.analysis.scenarios import Scenarios
from detente.cases import load_case

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

    from detente.analysis.claims import Verdicts
    from detente.analysis.places import Place
    from detente.cases import Case

#: How many parties and options of lifting a small table shows.
_PLACES, _OPTIONS = 6, 4


@dataclass(frozen=True, eq=False, repr=False)
class Assessment(AssessmentData, Framed):
    """A case answered at one date: the regime, each measure in it, and who gains and who pays.

    Attributes:
        case: the case file as read.
        world: the base year with the case's commodities split out.
        date: the day whose regime is assessed.
        horizon: `short`, `medium` or `long`.
        transfers: how trade deficits behave.
        base: the equilibrium without any measure of the case (the base year itself).
        regime: the equilibrium with all measures in force on the date.
        effects: one per measure of the case (per measure in force where only margins were asked
            for), in the case's order.
        joint: measures that only move something together, such as two bans of one route.
        groups: named groups of countries for totals, as positions in `world.countries`.
        bands: of its figures, if parameters were drawn.
    """

    bands: Bands | None = field(default=None, repr=False)

    @cached_property
    def selection(self) -> Selection:
        """Whom and what the figures are of."""
        return selection_of(AnswerData(self))

    @cached_property
    def figures(self) -> Figures:
        """Every figure by name of its frame, with bands if parameters were drawn."""
        return figures_with(frames_of(AnswerData(self), self.selection), self.bands)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Who gains and who pays, what lifting would bring, and what the bands are."""
        text = findings_of(AnswerData(self), self.selection, self.figures)
        return (*text, *([] if self.bands is None else [self.bands.sentence]))

    def to_frame(self, name: str | None = None) -> pl.DataFrame:
        """One frame of the figures as a polars table, with the ends of bands beside each number.

        Args:
            name: of the frame, as in `figures`; if None `options`, what each way of lifting would
                bring whom, or `gains` where nothing can be lifted.

        Returns:
            polars.DataFrame: a row for each of its entries.

        Raises:
            KeyError: there is no such frame; it lists those that are.
        """
        return self.figures[name or _main(self.figures)].to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Itself as JSON holds it: settings, measures, sentences and figures.

        Returns:
            dict: a document with `schema_version`, as `--json` prints it.
        """
        return document("assessment", _entries(self, self.sentences, self.figures))

    def plot(self, ax: Axes | None = None, most: int = 8) -> Axes:
        """Who loses and who gains most by the measures in force, as bars.

        Args:
            ax: the axes of matplotlib to draw into; None for a new figure.
            most: how many losers, and how many gainers, are shown at most.

        Returns:
            Axes: with the bars of the equivalent variation, the largest loss on top.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
        """
        from detente._plots import bars

        worth_n = self.regime.equivalent_variation_n
        shown = extremes(self.world.countries, worth_n.tolist(), most)
        return bars(
            ax,
            [self.world.countries[k] for k in shown],
            [float(worth_n[k]) for k in shown],
            f"The measures in force on {self.date}: who loses and who gains most",
            f"equivalent variation, {self.world.unit} a year",
        )

    def _lines(self) -> Sequence[str]:
        inside = len(self.regime.measures)
        drawn = [] if self.bands is None else [self.bands.sentence]
        return (
            f"{self.case.title}",
            f"{self.date}, {self.horizon} run, transfers {self.transfers}: {inside} measures of "
            f"{len(self.effects)} in force",
            self.regime.certificate.sentence,
            *drawn,
        )

    def _small(self) -> Small:
        return _small(self.figures, self.selection)

    def _wide(self) -> Small:
        return lifting(self.figures, self.selection) or _extremes(self.figures)


@dataclass(frozen=True, eq=False, repr=False)
class Answer(AnswerData, Framed):
    """What a case comes to.

    Attributes:
        assessment: of the regime of its date, with the bands of all figures.
        scenarios: what it was solved with, which draws start from.
        timeline: every regime in time, or None where it was not asked for.
        horizons: the same regime at other horizons, by name, with the effect of lifting each
            measure in force.
        tested: the numbers that claims are tested on, by claim, (tests,).
    """

    assessment: Assessment

    def plot(self, ax: Axes | None = None, most: int = 8) -> Axes:
        """Who loses and who gains most by the measures in force; see `Assessment.plot`.

        Args:
            ax: as in `Assessment.plot`.
            most: as in `Assessment.plot`.

        Returns:
            Axes: with the bars.

        Raises:
            PackageMissing: matplotlib is not installed; it is the extra `plot`.
        """
        return self.assessment.plot(ax, most)

    @property
    def bands(self) -> Bands | None:
        """The bands of every figure, if parameters were drawn."""
        return self.assessment.bands

    def with_bands(self, bands: Bands | None) -> Answer:
        """Itself with the bands of its figures."""
        return replace(self, assessment=replace(self.assessment, bands=bands))

    @cached_property
    def selection(self) -> Selection:
        """Whom and what the figures are of."""
        return selection_of(self)

    @cached_property
    def figures(self) -> Figures:
        """Every figure by name of its frame, with bands if parameters were drawn."""
        return figures_with(frames_of(self, self.selection), self.bands)

    @cached_property
    def verdicts(self) -> Verdicts:
        """The claims of the case, held against its numbers."""
        a = self.assessment
        return verdicts_on(
            a.case, self.tested, self.bands, horizon=a.horizon, transfers=a.transfers
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The findings: on gains, lifting, dependence, horizons, measures, claims and bands."""
        text = findings_of(self, self.selection, self.figures)
        claims = [self.verdicts.sentence] if self.tested else []
        return (*text, *claims, *([] if self.bands is None else [self.bands.sentence]))

    def to_frame(self, name: str | None = None) -> pl.DataFrame:
        """One frame of the figures as a polars table, as of `Assessment.to_frame`.

        Args:
            name: of the frame, as in `figures`.

        Raises:
            KeyError: there is no such frame; it lists those that are.
        """
        return self.figures[name or _main(self.figures)].to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Itself as JSON holds it: an assessment, with regimes in time and claims."""
        entries = _entries(self.assessment, self.sentences, self.figures)
        entries["horizons"] = [*self.horizons]
        entries["regimes"] = [] if self.timeline is None else self.timeline.entries()
        entries["claims"] = self.verdicts.entries() if self.tested else []
        return document("answer", entries)

    def _lines(self) -> Sequence[str]:
        phrases = [f"at the horizons {', '.join(self.horizons)} as well"] if self.horizons else []
        if self.timeline is not None:
            phrases.append(f"{len(self.timeline.regimes)} regimes in time")
        if self.tested:
            phrases.append(f"the numbers of {len(self.tested)} claims")
        return (
            *self.assessment._lines(),
            *([f"Besides: {'; '.join(phrases)}."] if phrases else []),
        )

    def _small(self) -> Small:
        title, heads, rows = _small(self.figures, self.selection)
        return title, heads, [*rows[:3], *rows[-3:]] if len(rows) > 6 else rows

    def _wide(self) -> Small:
        return lifting(self.figures, self.selection) or _extremes(self.figures)


def _entries(a: Assessment, sentences: tuple[str, ...], figures: Figures) -> dict[str, Any]:
    scenario = a.case.named_scenario
    return {
        **head(
            a.case.name,
            departure_of(a.case, a.date, a.horizon, a.transfers),
            data=data_entry(a.case),
            date=a.date,
            horizon=a.horizon,
            transfers=a.transfers,
            draws=figures.draws,
            sentences=sentences,
        ),
        "title": a.case.title,
        "state": {
            "scenario": None if scenario is None else scenario.label,
            "parameters": a.case.changes,
        },
        "measures": a.regime.measures,
        "certificate": a.regime.certificate.sentence,
        "figures": figures.entries(),
    }


def _main(figures: Figures) -> str:
    """The frame that answers: of lifting, or of who gains where nothing can be lifted."""
    return "options" if figures["options"].columns else "gains"


def _shown(figures: Figures, selection: Selection) -> tuple[list[Place], list[str]]:
    """The first parties of the case, and the options of lifting that move them most."""
    frame = figures["options"]
    places = [*(selection.parties or selection.places)][:_PLACES]
    moved = {
        c.key: sum(abs(frame.value(p.key, c.key)) for p in places)
        for c in frame.columns
        if c.key != ONLY_TOGETHER
    }
    most = sorted((key for key in moved if moved[key] > NEGLIGIBLE), key=lambda k: -moved[k])
    return places, [key for key in moved if key in most[:_OPTIONS]]


def lifting(figures: Figures, selection: Selection) -> Small | None:
    """What the ways of lifting that move most bring the first parties, a row for each way.

    Args:
        figures: with their bands, if there are any.
        selection: whom they are of.

    Returns:
        Title, heads and rows; None where nothing can be lifted, or nobody is moved.
    """
    frame, (places, options) = figures["options"], _shown(figures, selection)
    if not options:
        return None
    labels = {c.key: c.label for c in frame.columns}
    rows = [(labels[key], *(frame.cell(p.key, key, 0) for p in places)) for key in options]
    drawn = "" if figures.bands is None else ", 5 to 95 % of the draws in brackets"
    title = f"What lifting would bring, {MONEY} against the regime{drawn}"
    return title, ("", *(p.name for p in places)), rows


def _small(figures: Figures, selection: Selection) -> Small:
    """The summary as text, a row for each party; who gains where nothing can be lifted."""
    found = lifting(figures, selection)
    if found is None:
        return _extremes(figures)
    title, heads, rows = found
    turned = [(head, *(row[k] for row in rows)) for k, head in enumerate(heads) if k]
    short = {c.key: c.short or c.label for c in figures["options"].columns}
    return title, ("", *(short[key] for key in _shown(figures, selection)[1])), turned


def _extremes(figures: Figures) -> Small:
    """Who loses and who gains most by the measures in force."""
    frame = figures["gains"]
    worth = frame.column("equivalent_variation")
    rows = [frame.rows[k] for k in extremes(frame.labels, worth.tolist(), 4)]
    return (
        "Who loses and who gains most by the measures in force",
        ("country", f"equivalent variation, {MONEY}", "real income, %"),
        [
            (row[0], frame.cell(row, "equivalent_variation"), frame.cell(row, "real_income"))
            for row in rows
        ],
    )


def assess(
    case: Case | str,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    transfers: Transfers | None = None,
    tolerance: float = 1e-9,
    draws: int | None = None,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Assessment:
    """What the measures of a case do on a date, each alone and given the rest.

    All welfare figures are equivalent variations in base-year USD million a year, so that they add
    up: a measure's effect at the margin is the difference of two of them.

    Args:
        case: a case, the name of a packaged one, or a path.
        date: the day whose regime is assessed; the case's own if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.
        draws: how many sets of parameters to draw for bands; 0 for none. None takes the bands that
            are packaged with a case, if there are any for these settings.
        seed: of the draws.
        processes: how many to draw in; see `detente.analysis.run_draws`.
        progress: told how many draws are done.

    Returns:
        Assessment: the regime of the date, and the effect of each measure alone and at the margin,
        by country, in USD million a year; with bands where there are draws.

    Raises:
        CaseError: faults of the case file, all at once.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.
        NoDraws: draws were asked for, and none was finished, or too many failed.

    Example:
        >>> import detente
        >>> found = detente.assess("belarus")
        >>> found.regime.certificate.status
        'converged'
        >>> found.figures["options"].cell("BLR", "lift-everything", 0)
        '+430 (330 to 580)'
    """
    return answer(
        case,
        date,
        horizon,
        transfers=transfers,
        tolerance=tolerance,
        extent=DATE_ONLY,
        draws=draws,
        seed=seed,
        processes=processes,
        progress=progress,
    ).assessment


def answer(
    case: Case | str,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    transfers: Transfers | None = None,
    tolerance: float = 1e-9,
    extent: Extent | None = None,
    draws: int | None = None,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Answer:
    """What a case comes to: what each measure does now, did in time, and does by horizon.

    Args:
        case: a case, the name of a packaged one, or a path.
        date: the day whose regime is assessed; the case's own if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        tolerance: largest relative violation of any market.
        extent: what is answered besides the regime of the date; everything if None.
        draws: as in `assess`.
        seed: of the draws.
        processes: as in `assess`.
        progress: told how many draws are done.

    Raises:
        CaseError: faults of the case file, all at once.
        InfeasibleShock: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.
        NoDraws: as in `assess`.

    Returns:
        Answer: the assessment of the date, and what else was asked for.

    Example:
        >>> import detente
        >>> from detente.analysis.extent import DATE_ONLY
        >>> found = detente.answer("belarus", extent=DATE_ONLY)
        >>> found.assessment.date.isoformat()
        '2025-12-01'
    """
    case = load_case(case)
    asked = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    scenarios = Scenarios(
        case, date=asked, horizon=horizon, transfers=transfers, tolerance=tolerance
    )
    found = answered(answer_of(scenarios, extent or Extent()))
    if draws is None:
        return found.with_bands(packaged_bands(scenarios))
    if not draws:
        return found
    bands = bands_of(found, draws, seed=seed, processes=processes, progress=progress)
    return found.with_bands(bands)


def answered(data: AnswerData, bands: Bands | None = None) -> Answer:
    """An answer that says what some numbers come to, with their bands if there are any."""
    parts = {f.name: getattr(data, f.name) for f in fields(AnswerData)}
    return Answer(**parts | {"assessment": assessed(data.assessment, bands)})


def assessed(data: AssessmentData, bands: Bands | None = None) -> Assessment:
    """An assessment that says what some numbers come to, with their bands if there are any."""
    parts = {f.name: getattr(data, f.name) for f in fields(AssessmentData)}
    return Assessment(**parts, bands=bands)
