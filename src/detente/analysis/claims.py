"""Claims of a case held against its numbers: what they support, contradict or leave open."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from detente._document import document
from detente._shown import Framed, Small
from detente._types import Transfers
from detente.analysis import claim_words as words
from detente.analysis.departure import departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.figures.frame import (
    Bands,
    Figures,
    FrameBands,
    Quantity,
    bands_with,
    figures_with,
    frame_of,
)
from detente.analysis.metrics import reading_sets, solved_days, test_value
from detente.analysis.scenarios import Scenarios
from detente.cases import load_case

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array
    from detente.cases import Case, Claim, ClaimTest


Ruling = Literal["supported", "not contradicted", "contradicted", "undecided", "not testable"]
RULINGS: tuple[Ruling, ...] = get_args(Ruling)


@dataclass(frozen=True)
class Finding:
    """One test of a claim with the number that it asks for.

    Attributes:
        test: the number and its bounds.
        value: the number at the case's own parameters, in `test.unit`; NaN where there is none.
        low: 5 % of the draws lie below it; None without draws.
        high: 5 % of the draws lie above it; None without draws.
        ruling: whether the band, or without draws the value, meets the bounds.
        published: lowest and highest of a published figure that the test names, in `test.unit`.
        label: the number in words.
        sentence: the test with its value, the bounds and whether they are met.
    """

    test: ClaimTest
    value: float
    low: float | None
    high: float | None
    ruling: Ruling
    published: tuple[float, float] | None
    label: str
    sentence: str

    @property
    def threshold(self) -> str:
        """What is asked of the number, with its unit."""
        return words.bounds(self.test)

    @property
    def unit(self) -> str:
        """The unit of the number for readers."""
        return words.unit(self.test)


@dataclass(frozen=True)
class Verdict:
    """What the numbers of the model say about one claim.

    Attributes:
        claim: as written in the case.
        ruling: contradicted if any test is, supported if all are, else undecided; not contradicted
            if all are met and one of them is only necessary; `not testable` where the case states
            no test.
        findings: one for each test.
        sentence: who said what, and which number stands against it.
    """

    claim: Claim
    ruling: Ruling
    findings: tuple[Finding, ...]
    sentence: str

    @property
    def decided_by(self) -> tuple[Finding, ...]:
        """The tests that the verdict rests on: those not met, else those open, else all."""
        return deciding(self.ruling, self.findings)


@dataclass(frozen=True, eq=False, repr=False)
class Verdicts(Framed):
    """All claims of a case.

    Attributes:
        case: the case.
        horizon: how far the economy adjusts.
        transfers: how trade deficits behave.
        verdicts: in the case's order.
        bands: of the numbers that claims are tested on, if parameters were drawn.
    """

    case: Case
    horizon: str
    transfers: str
    verdicts: tuple[Verdict, ...] = field(repr=False)
    bands: Bands | None = field(default=None, repr=False)

    @property
    def asked(self) -> int:
        """Draws of the parameters that were to be made; 0: point estimates only."""
        return 0 if self.bands is None else self.bands.asked

    @property
    def draws(self) -> int:
        """Draws that were made."""
        return 0 if self.bands is None else self.bands.draws

    @property
    def failed(self) -> int:
        """Draws that have no answer and enter no band."""
        return 0 if self.bands is None else self.bands.failed

    @property
    def why(self) -> str:
        """Why some draws have no answer."""
        return "" if self.bands is None else self.bands.why

    @cached_property
    def figures(self) -> Figures:
        """The frame `claims`: a row for each test, by claim, place among its tests, and unit."""
        found = [(v, k, f) for v in self.verdicts for k, f in enumerate(v.findings)]
        frame = frame_of(
            "claims",
            "Numbers that claims are tested on",
            ("claim", "test", "unit"),
            (Quantity("value", "In this model", "the unit of the row"),),
            [((v.claim.id, str(k), f.test.unit), f.label, [f.value]) for v, k, f in found],
        )
        if self.bands is None:
            return figures_with([frame], None)
        low, high = (
            np.array([[np.nan if end is None else end] for end in ends]).reshape(len(found), 1)
            for ends in ([f.low for *_, f in found], [f.high for *_, f in found])
        )
        ends = FrameBands(frame.rows, ("value",), low, high)
        return figures_with([frame], replace(self.bands, frames={"claims": ends}))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What all verdicts come to, and then each claim with its verdict and its numbers."""
        return (self.sentence, *(v.sentence for v in self.verdicts))

    def to_dict(self) -> dict[str, Any]:
        """Itself as JSON holds it: settings, sentences, figures and every claim with its tests."""
        return document(
            "claims",
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
                "counts": {ruling.replace(" ", "_"): n for ruling, n in self.counts.items()},
                "claims": self.entries(),
            },
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have which verdict."""
        found = Counter(v.ruling for v in self.verdicts)
        return {ruling: found[ruling] for ruling in RULINGS}

    @property
    def sentence(self) -> str:
        """What all verdicts rest on, for the head of a table."""
        return words.head(self.counts, self.asked, self.draws, self.failed, self.why)

    def to_frame(self) -> pl.DataFrame:
        """A row for each test, and one for each claim without a test."""
        import polars as pl

        rows: list[dict[str, Any]] = []
        for v in self.verdicts:
            for place, f in enumerate(v.findings):
                rows.append(
                    {
                        **_row(v),
                        "test": place,
                        "quantity": f.test.quantity,
                        "value": f.value,
                        "low": f.low,
                        "high": f.high,
                        "unit": f.test.unit,
                        "at_least": f.test.at_least,
                        "at_most": f.test.at_most,
                        "necessary": f.test.necessary,
                        "test_verdict": f.ruling,
                        "decides": f in v.decided_by,
                    }
                )
            if not v.findings:
                rows.append({**_row(v), "reason": v.claim.not_testable})
        return pl.DataFrame(rows, infer_schema_length=None)

    def entries(self) -> list[dict[str, Any]]:
        """Every claim as an entry of `claims`: its verdict and its tests."""
        return [_entry(v) for v in self.verdicts]

    def _lines(self) -> Sequence[str]:
        return (self.case.title, self.sentence)

    def _small(self) -> Small:
        shown = self.verdicts[:9]
        which = "All claims" if len(shown) == len(self.verdicts) else f"The first {len(shown)}"
        return (
            which,
            ("claim", "verdict", "in this model"),
            [(v.claim.id, v.ruling, _numbers(v)) for v in shown],
        )


def verdicts(
    case: Case | str,
    draws: int | None = 0,
    *,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verdicts:
    """What the numbers of a case say about each statement that it lists.

    A verdict is about a statement as the test reads it, not about its speaker. With draws, a claim
    is supported or contradicted only if the whole band from 5 to 95 % is on one side of the bounds.
    A test that the case calls necessary can contradict a claim and cannot support it.

    Args:
        case: a case, the name of a packaged one, or a path.
        draws: how many sets of parameters to draw from their ranges; 0 for point estimates. None
            takes the bands that are packaged with a case, if there are any for these settings.
        seed: of the draws.
        horizon: `short`, `medium` or `long`; the case's own if None.
        transfers: how trade deficits behave; the case's own if None.
        processes: how many to draw in; see `run_draws`.
        progress: told how many draws are done.

    Returns:
        Verdicts: one a claim, with the figure that it was held against and its band.

    Raises:
        CaseError: faults of the case file, all at once.
        NoDraws: no draw was finished, or none converged.
        ShockError: a scenario that leaves a country without a supplier.
        NotConverged: a scenario that the solver could not solve.

    Example:
        >>> from detente.analysis import verdicts
        >>> found = verdicts("belarus")
        >>> sum(found.counts.values()) == len(found.verdicts)
        True
    """
    case = load_case(case)
    scenarios = Scenarios(case, horizon=horizon, transfers=transfers)
    bands = None
    if draws is None:
        from detente.analysis.precomputed.bands import packaged_bands

        bands = packaged_bands(scenarios)
    elif draws:
        from detente.analysis.uncertainty.draws import run_draws

        ensemble = run_draws(
            case,
            tested_numbers,
            draws=draws,
            seed=seed,
            horizon=horizon,
            transfers=transfers,
            processes=processes,
            progress=progress,
        )
        found = {name: ensemble.band(name) for name in ensemble.required()}
        bands = bands_with({}, ensemble, tested=found)
    numbers = tested_numbers(scenarios)
    return verdicts_on(case, numbers, bands, horizon=horizon, transfers=transfers)


def verdicts_on(
    case: Case,
    values: Mapping[str, Array],
    bands: Bands | None = None,
    *,
    horizon: str | None = None,
    transfers: str | None = None,
) -> Verdicts:
    """The verdicts that some numbers come to.

    Args:
        case: whose claims they are.
        values: by claim, as of `tested_numbers`.
        bands: of the same numbers, if parameters were drawn.
        horizon: of the numbers; the case's own if None.
        transfers: of the numbers; the case's own if None.
    """
    ends = {} if bands is None else bands.tested
    return Verdicts(
        case=case,
        horizon=horizon or case.horizon,
        transfers=transfers or case.transfers,
        verdicts=tuple(_verdict(case, c, values, ends) for c in case.claims),
        bands=bands,
    )


def tested_numbers(scenarios: Scenarios) -> dict[str, Array]:
    """Every number that the claims of a case are tested on, by claim id: (tests,)."""
    claims = [c for c in scenarios.case.claims if c.tests]
    days = solved_days(scenarios, (t for c in claims for t in c.tests or ()))
    return {c.id: np.array([test_value(scenarios, t, days) for t in c.tests or ()]) for c in claims}


def tested_sets(scenarios: Scenarios) -> list[tuple[Scenarios, list[tuple[str, ...]]]]:
    """The sets of measures that the claims need solved, each with the scenarios of its day."""
    return reading_sets(scenarios, [t for c in scenarios.case.claims for t in c.tests or ()])


def ruling_of(test: ClaimTest, value: float, low: float | None, high: float | None) -> Ruling:
    """Whether a number and its band meet the bounds of a test.

    Supported if the value and both ends of the band hold, contradicted if the value fails and the
    band lies wholly on the failing side, else undecided; so too where there is no number. What
    would be supported is not contradicted where the bound is only necessary.
    """
    met: Ruling = "not contradicted" if test.necessary else "supported"
    ends = [value] if low is None or high is None else [value, low, high]
    if not all(map(math.isfinite, ends)):
        return "undecided"
    if all(map(test.holds, ends)):
        return met
    below = test.at_least is not None and max(ends) < test.at_least
    above = test.at_most is not None and min(ends) > test.at_most
    return "contradicted" if below or above else "undecided"


def beside(test: ClaimTest, ruling: Ruling, published: tuple[float, float] | None) -> Ruling:
    """The ruling once a published figure of the same number is known.

    Where it lies on the other side of the bounds, the model is as open to doubt as the statement.
    """
    if published is None or ruling == "undecided":
        return ruling
    held = [test.holds(end) for end in published]
    against = all(held) if ruling == "contradicted" else not any(held)
    return "undecided" if against else ruling


def deciding(ruling: Ruling, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The tests that a verdict rests on.

    Args:
        ruling: of the claim.
        findings: its tests. A claim is contradicted by those that are, undecided by those that
            are, and supported or not contradicted by all.
    """
    if ruling in ("contradicted", "undecided"):
        return tuple(f for f in findings if f.ruling == ruling)
    return tuple(findings)


def combined(rulings: Sequence[Ruling]) -> Ruling:
    """One verdict of several tests, all of which a claim needs."""
    if not rulings:
        return "not testable"
    if "contradicted" in rulings:
        return "contradicted"
    if "undecided" in rulings:
        return "undecided"
    return "not contradicted" if "not contradicted" in rulings else "supported"


def _verdict(
    case: Case,
    claim: Claim,
    values: Mapping[str, Array],
    bands: Mapping[str, tuple[Array, Array]],
) -> Verdict:
    findings = []
    for k, test in enumerate(claim.tests or ()):
        value = float(values[claim.id][k])
        low = high = None
        if claim.id in bands:
            low, high = (float(end[k]) for end in bands[claim.id])
        published = None if test.published is None else case.published_range(test.published)
        own = ruling_of(test, value, low, high)
        ruling = beside(test, own, published)
        sentence = words.finding(case, test, value, low, high, own)
        if published is not None:
            sentence += f" {words.published(test, published, ruling != own)}"
        label = words.label(case, test)
        findings.append(Finding(test, value, low, high, ruling, published, label, sentence))
    ruling = combined([f.ruling for f in findings])
    sentence = words.verdict(
        claim,
        ruling,
        [f.sentence for f in findings],
        [(f.label, f.threshold) for f in deciding(ruling, findings)],
        bool(bands),
    )
    return Verdict(claim, ruling, tuple(findings), sentence)


def _row(verdict: Verdict) -> dict[str, Any]:
    claim = verdict.claim
    return {
        "claim": claim.id,
        "speaker": claim.speaker,
        "date": str(claim.date),
        "paraphrase": claim.paraphrase,
        "verdict": verdict.ruling,
        "test": None,
        "quantity": None,
        "value": None,
        "low": None,
        "high": None,
        "unit": None,
        "at_least": None,
        "at_most": None,
        "necessary": None,
        "test_verdict": None,
        "decides": None,
        "reason": None,
    }


def _entry(v: Verdict) -> dict[str, Any]:
    return {
        "id": v.claim.id,
        "speaker": v.claim.speaker,
        "date": v.claim.date,
        "paraphrase": v.claim.paraphrase,
        "source": v.claim.source,
        "verdict": v.ruling,
        "reason": v.claim.not_testable,
        "sentence": v.sentence,
        "tests": [_test(f, decides=f in v.decided_by) for f in v.findings],
    }


def _test(f: Finding, *, decides: bool) -> dict[str, Any]:
    return {
        "quantity": f.test.quantity,
        "label": f.label,
        "unit": f.test.unit,
        "value": f.value,
        "low": f.low,
        "high": f.high,
        "at_least": f.test.at_least,
        "at_most": f.test.at_most,
        "threshold": f.threshold,
        "necessary": f.test.necessary,
        "published": f.published,
        "verdict": f.ruling,
        "decides": decides,
        "note": f.test.note,
    }


def _numbers(v: Verdict) -> str:
    """The number of the first test that decides, with its band."""
    if not v.decided_by:
        return ""
    f = v.decided_by[0]
    text = words.amount(f.test, f.value)
    if f.low is None or f.high is None:
        return text
    return f"{text} ({words.figure(f.test, f.low)} to {words.figure(f.test, f.high)})"
