"""The model against what happened: exports, suppliers and prices of later years, and two rivals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._shown import Framed, Small
from detente._types import Transfers
from detente.analysis.departure import Departure, departure_of
from detente.analysis.document_head import banded, data_entry, draws_entry, head
from detente.analysis.figures.frame import Bands, bands_with
from detente.analysis.record import forecasts, words
from detente.analysis.record.figures import BackTestFigures
from detente.analysis.record.forecasts import banded_parts
from detente.analysis.record.plan import Plan, outcome_of, plan_of, values_in_view
from detente.analysis.record.scores import (
    price_scores,
    scores_of,
    variant_scores,
)
from detente.analysis.record.supply_shortfall import split_of
from detente.analysis.record.variants import variants_of
from detente.analysis.scenarios import Scenarios
from detente.cases import load_case

if TYPE_CHECKING:
    import polars as pl

    from detente.cases import Case


@dataclass(frozen=True, eq=False, repr=False)
class BackTest(BackTestFigures, Framed):
    """A case held against later years.

    Attributes:
        case: the case.
        world: its base year.
        plan: whose exports, which buyers, which years, and where calibration ends.
        horizon: of the main results.
        asked: draws that were to be made; 0: no bands.
        draws: draws that were made.
        failed: draws that have no answer, in any of the ensembles; they are in no band.
        outcome: what was observed.
        forecast_yni: by forecast, million tonnes by year, market and origin, (Y, N, N).
        bands: lower and upper end over draws, by name; see `forecasts.collected`.
        scores: errors by variant, record, year and forecast.
        prices: by year and horizon.
        parts: of the measures in the price of the first year, short run.
        split: parts of the measures and of a fall of supply in a price; None without such a fall.
        set_in_view: parameters of the case that were set with later trade in view.
        informed: parameters that lean on years of the test otherwise.
        measures_in_view: measures that are in the case because of later trade.
        why: why some draws have no answer.
        transfers: how trade deficits behave.
        seed: of the draws; None where it is not known.
    """

    @property
    def departure(self) -> Departure:
        """How the state of the main results differs from the case."""
        return departure_of(self.case, None, self.horizon, self.transfers)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result, what it rests on and what the observed data cannot show, in words."""
        return words.sentences(self)

    def errors(self, variant: str | None = "main", record: str | None = "") -> pl.DataFrame:
        """A row for each year and forecast: errors in million tonnes and in fractions.

        Args:
            variant: `main`, another by its name, or None for all.
            record: what the forecasts are scored against, the headline if left out, None for all.
        """
        return words.errors(self, variant, self.headline if record == "" else record)

    def flows(self) -> pl.DataFrame:
        """A row for each year and market of the exporter, million tonnes."""
        return words.flows(self)

    def shares(self) -> pl.DataFrame:
        """A row for each year, buyer and supplier, fractions of tonnes imported."""
        return words.shares(self)

    def price_frame(self) -> pl.DataFrame:
        """A row for each year and horizon: change of the price on the base year, fractions."""
        import polars as pl

        return pl.DataFrame([vars(p) for p in self.prices], infer_schema_length=None)

    def to_frame(self) -> pl.DataFrame:
        """The errors of the main results against the headline: a row a year and forecast."""
        return self.errors()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        about = head(
            self.case.name,
            self.departure,
            data=data_entry(self.case),
            horizon=self.horizon,
            transfers=self.transfers,
            draws=draws_entry(self.asked, self.draws, self.failed, self.seed, self.why),
            sentences=self.sentences,
            unit="million tonnes",
        )
        return document(
            "record",
            about
            | {
                "exporter": self.plan.exporter,
                "years": self.plan.years,
                "calibrated_on": self.plan.calibrated_on,
                "headline": self.headline,
                "errors": self.errors(None, None).to_dicts(),
                "flows": list(map(_with_band, self.flows().to_dicts())),
                "shares": list(map(_with_band, self.shares().to_dicts())),
                "prices": list(map(_with_band, self.price_frame().to_dicts())),
                "price_parts": [_with_band(asdict(p), "part") for p in self.parts],
                "price_split": None if self.split is None else _parts(asdict(self.split)),
                "reassigned": [asdict(m) for m in self.outcome.moved],
                "set_in_view": self.set_in_view,
                "measures_in_view": self.measures_in_view,
                "informed": self.informed,
            },
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences[:2]

    def _small(self) -> Small:
        main = [s for s in self.scores if (s.variant, s.record) == ("main", self.headline)]
        rows = [[f"{s.year} {s.forecast}", s.errors.mean_error] for s in main[:9]]
        return "Mean error of exports by market", ("", "million tonnes"), rows


def _with_band(row: dict[str, Any], of: str = "model") -> dict[str, Any]:
    """A row with the ends of its band beside the number that they are of."""
    band = (row.pop("low"), row.pop("high"))
    return row | banded(of, row[of], band)


def _parts(split: dict[str, Any]) -> dict[str, Any]:
    """The parts of a price, each with the ends of its band beside it."""
    out: dict[str, Any] = {}
    for key, part in split.items():
        if isinstance(part, dict):
            out |= banded(key, part["value"], (part["low"], part["high"]))
        else:
            out[key] = part
    return out


def record(
    case: Case | str,
    years: Sequence[int] = (2022, 2023, 2024),
    draws: int = 0,
    *,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    variants: bool = True,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> BackTest:
    """How far the model is from what happened after the measures came into force.

    The regime of 1 July of each year is imposed on the base year before the sanctions; the
    exporter's sales by market, the suppliers of large buyers and the price are set beside what was
    declared and published, and beside two forecasts that need no model: nothing changes, and
    embargoed flows vanish while the exporter sells the same total elsewhere in old proportions.
    Nothing is fitted here. Whose exports, which buyers, which market's price, where calibration
    ends and what was seen are in the case's block `record`.

    Args:
        case: a case, the name of a packaged one, or a path.
        years: with observed flows.
        draws: how many sets of parameters to draw for bands; 0 for none.
        seed: of the draws.
        horizon: of the main results; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        variants: whether to run the variants that show what the result hangs on.
        processes: see `run_draws`.
        progress: told how many draws are done.

    Raises:
        CaseError: faults of the case, or no observed flows.
        NoDraws: no draw was finished, or none converged.
        ShockError: a regime that leaves a country without a supplier.
        NotConverged: a regime that the solver could not solve.

    Returns:
        BackTest: forecasts, what was observed, and errors in million tonnes and fractions.

    Example:
        >>> import detente
        >>> found = detente.record("belarus", years=[2023], variants=False)
        >>> found.headline
        'origins re-assigned'
    """
    case = load_case(case)
    plan = plan_of(case, years)
    main = Scenarios(case, horizon=horizon, transfers=transfers)
    bands = None
    if draws:
        from detente.analysis.uncertainty.draws import run_draws

        ensemble = run_draws(
            case,
            partial(forecasts.collected, plan=plan),
            draws=draws,
            seed=seed,
            processes=processes,
            progress=progress,
            guide=main,
        )
        found = {name: ensemble.band(name) for name in ensemble.required()}
        bands = bands_with({}, ensemble, backtest=found)
    return backtest_of(main, plan, bands, variants=variants)


def backtest_of(
    main: Scenarios,
    plan: Plan,
    bands: Bands | None = None,
    *,
    variants: bool = True,
) -> BackTest:
    """The back-test of some scenarios, with bands that were drawn before; see `record`.

    Args:
        main: of the case, at the horizon of the main results.
        plan: whose exports, which buyers, which years.
        bands: of the figures that it compares, if parameters were drawn.
        variants: whether to run the variants that show what the result hangs on.
    """
    case = main.case
    drawn = {} if bands is None else dict(bands.backtest)
    outcome = outcome_of(case, main.world, plan)
    tonnes_yni, price_y = forecasts.model_tonnes(main, plan)
    all_yni = {forecasts.MODEL: tonnes_yni} | forecasts.naive_tonnes(main, plan)
    scores = scores_of("main", main, plan, outcome, all_yni, drawn)
    given = case.record
    in_view = {} if given is None else given.measures_in_view
    set_in_view = values_in_view(case)
    others = variants_of(case, plan, main.horizon, in_view, set_in_view)
    for v in others if variants else ():
        scores += variant_scores(v, plan, outcome, main.transfers)
    return BackTest(
        case=case,
        world=main.world,
        plan=plan,
        horizon=main.horizon,
        asked=0 if bands is None else bands.asked,
        draws=0 if bands is None else bands.draws,
        failed=0 if bands is None else bands.failed,
        why="" if bands is None else bands.why,
        transfers=main.transfers,
        seed=None if bands is None else bands.seed,
        outcome=outcome,
        forecast_yni=all_yni,
        bands=drawn,
        scores=tuple(scores),
        prices=price_scores(main, plan, outcome, price_y, drawn),
        parts=banded_parts(main.at("short"), plan, plan.years[0], drawn),
        split=split_of(main.at("short"), plan, outcome, drawn),
        set_in_view=set_in_view,
        informed={} if given is None else {k: v.seen for k, v in given.informed.items()},
        measures_in_view={k: v.seen for k, v in in_view.items()},
    )
