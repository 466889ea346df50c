"""The ranked menu: each flow with its harm, its cost and what the signs of both mean."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from detente.study.ground import Ground

if TYPE_CHECKING:
    import polars as pl

    from detente.study.sensitivities.margins import Direction, Instrument

Verdict = Literal[
    "costs both", "pays the sender", "helps the target", "helps both", "moves nothing", "closed"
]

MEANING: dict[Verdict, str] = {
    "costs both": "a little more of it costs both sides; the ratio says how they share it",
    "pays the sender": (
        "a little more of it hurts the target and costs the sender nothing: the sender gains more "
        "from better terms of trade or from revenue than it loses in trade"
    ),
    "helps the target": (
        "a little more of it costs the sender and helps the target, whose own producers or "
        "remaining customers gain more than the flow is worth to it: a reason to lift, none to hold"
    ),
    "helps both": "a little more of it helps both sides; third parties pay",
    "moves nothing": (
        "neither side gains or loses: other measures in force set the same, or there is no flow"
    ),
    "closed": "an embargo without leakage leaves no flow here, so that there is no margin",
}
Band = tuple[float, float]
NO_BAND: Band = (math.nan, math.nan)


@dataclass(frozen=True)
class Entry:
    """One line of the menu: a good, a direction, a sender; USD million a year of the base year.

    Attributes:
        good: its name.
        direction: `imports` or `exports` of the sender.
        sender: the sender as asked for, or one of its countries.
        instrument: `barrier` (a step is 1 % of delivered cost) or `tax` (a step is one percentage
            point of a tariff on imports or an export tax on exports).
        flow: what is traded now, net of taxes.
        base_flow: the same in the base year.
        harm: loss of the target from one step.
        cost: loss of the whole sender from one step; negative is a gain.
        ratio: harm per unit of cost; NaN unless the sender pays.
        verdict: what the signs mean; see `MEANING`.
        harm_band: 5 to 95 % over the draws, NaN without draws.
        cost_band: likewise.
        ratio_band: likewise, where the sender pays in every draw.
    """

    good: str
    direction: Direction
    sender: str
    instrument: Instrument
    flow: float
    base_flow: float
    harm: float
    cost: float
    ratio: float
    verdict: Verdict
    harm_band: Band = NO_BAND
    cost_band: Band = NO_BAND
    ratio_band: Band = NO_BAND

    @property
    def sentence(self) -> str:
        """The line in words."""
        what = f"{self.direction} of {self.good} ({self.sender})"
        if self.verdict == "closed":
            return f"{what}: {MEANING['closed']}."
        step = "1 % of delivered cost" if self.instrument == "barrier" else "a point of tax"
        said = (
            f"{what}: {step} costs the target {self.harm:.3g} and the sender {self.cost:.3g} USD "
            f"million a year"
        )
        if self.verdict == "costs both":
            return f"{said}, {self.ratio:.2g} to 1."
        return f"{said}; {MEANING[self.verdict]}."


@dataclass(frozen=True)
class MeasureEntry:
    """A measure of the case in force: all of it lifted, beside a little more of it.

    Attributes:
        id: of the measure.
        label: for readers.
        harm: what the target would gain if it were lifted, the rest standing, USD million a year.
        cost: what the sender would gain.
        ratio: harm per unit of cost; NaN unless the sender pays.
        verdict: what the signs mean, of the whole measure.
        step_harm: loss of the target from one more per cent of delivered cost on all open flows
            that the measure concerns; NaN where it concerns none (a way of transport, a closed
            flow).
        step_cost: of the sender.
        step_ratio: of the two.
        harm_band: 5 to 95 % over the draws, NaN without draws.
        cost_band: likewise.
    """

    id: str
    label: str
    harm: float
    cost: float
    ratio: float
    verdict: Verdict
    step_harm: float
    step_cost: float
    step_ratio: float
    harm_band: Band = NO_BAND
    cost_band: Band = NO_BAND

    @property
    def step_verdict(self) -> Verdict | None:
        """What the signs of the step mean; None where there is no margin."""
        if not math.isfinite(self.step_harm):
            return None
        return verdict_of(self.step_harm, self.step_cost)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What a little more of every barrier between a sender and a target costs each of them.

    Attributes:
        ground: where it was asked.
        target: as asked for.
        sender: as asked for.
        entries: one a good and direction, the sender taken together, for both instruments.
        pairs: the same for each country of the sender; empty where it is one.
        measures: of the sender, in force, that hit the target.
        draws: how many the bands are of; 0 for none.
    """

    ground: Ground
    target: str
    sender: str
    entries: tuple[Entry, ...] = field(repr=False)
    pairs: tuple[Entry, ...] = field(repr=False)
    measures: tuple[MeasureEntry, ...] = field(repr=False)
    draws: int = 0

    def to_hold(
        self, instrument: Instrument = "barrier", *, each: bool = False
    ) -> tuple[Entry, ...]:
        """Flows by harm to the target per unit of cost to the sender, the cheapest first.

        Those that cost the sender nothing come before all others, by harm.
        """
        found = [e for e in self._of(instrument, each) if e.verdict == "pays the sender"]
        free = sorted(found, key=lambda e: -e.harm)
        paid = [e for e in self._of(instrument, each) if e.verdict == "costs both"]
        return (*free, *sorted(paid, key=lambda e: -e.ratio))

    def to_lift(
        self, instrument: Instrument = "barrier", *, each: bool = False
    ) -> tuple[Entry, ...]:
        """Flows by gain to the sender per unit of relief for the target, the most valuable first.

        Those that help the target come before all others, by cost.
        """
        found = [e for e in self._of(instrument, each) if e.verdict == "helps the target"]
        wasted = sorted(found, key=lambda e: -e.cost)
        paid = [e for e in self._of(instrument, each) if e.verdict == "costs both"]
        return (*wasted, *sorted(paid, key=lambda e: e.ratio))

    def closed(self, *, each: bool = False) -> tuple[Entry, ...]:
        """Flows that an embargo closes."""
        return tuple(e for e in self._of("barrier", each) if e.verdict == "closed")

    def _of(self, instrument: Instrument, each: bool) -> list[Entry]:
        chosen = self.pairs if each and self.pairs else self.entries
        return [e for e in chosen if e.instrument == instrument]

    @property
    def sentences(self) -> list[str]:
        """The main answers in words."""
        out = [
            f"Margins between {self.sender} and {self.target} ({self.ground.sentence}): one "
            f"step is 1 % of delivered cost (barrier) or one percentage point of tax, all else "
            f"adjusting."
        ]
        for name, listed in (
            ("Cheapest to hold", self.to_hold()),
            ("Most valuable to lift", self.to_lift()),
        ):
            if listed:
                out.append(f"{name}: {listed[0].sentence}")
        shut = self.closed()
        if shut:
            names = ", ".join(f"{e.direction} of {e.good}" for e in shut)
            out.append(f"Closed by embargo, hence without a margin: {names}.")
        seen = {e.verdict for e in self.entries if e.instrument == "barrier"}
        out += [
            f"'{v}': {MEANING[v]}."
            for v in ("pays the sender", "helps the target", "helps both")
            if v in seen
        ]
        return out

    def to_frame(self, *, each: bool = False) -> pl.DataFrame:
        """One row an entry, of both instruments."""
        import polars as pl

        chosen = self.pairs if each and self.pairs else self.entries
        return pl.DataFrame([_row(asdict(e)) for e in chosen], infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "ground": self.ground.sentence,
            "target": self.target,
            "sender": self.sender,
            "draws": self.draws,
            "sentences": self.sentences,
            "entries": [asdict(e) for e in self.entries],
            "pairs": [asdict(e) for e in self.pairs],
            "measures": [asdict(m) for m in self.measures],
        }


def _row(plain: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in plain.items():
        if name.endswith("_band"):
            out[name.replace("_band", "_low")], out[name.replace("_band", "_high")] = value
        else:
            out[name] = value
    return out


def verdict_of(harm: float, cost: float, noise: float = 0.0) -> Verdict:
    """What the signs of a harm and a cost mean; both within the noise is nothing."""
    if max(abs(harm), abs(cost)) <= noise:
        return "moves nothing"
    if harm > 0:
        return "costs both" if cost > 0 else "pays the sender"
    return "helps the target" if cost > 0 else "helps both"


def ratio_of(harm: float, cost: float) -> float:
    """Harm per unit of cost, NaN unless the sender pays."""
    return harm / cost if cost > 0 else math.nan
