"""The ranked menu of instruments: each flow with its harm, its cost and what both signs mean.

`Sensitivity` is the result, with an `Entry` for each flow and a `MeasureEntry` for each measure in
force. `Lines` sums margins to entries and ranks them, and `sentences_of` says the main ones in
words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente._document import document
from detente._shown import Framed, Small
from detente._types import Index
from detente.analysis.context import Context
from detente.analysis.document_head import draws_entry
from detente.analysis.measure_effects import NOISE
from detente.analysis.sensitivities.margins import INSTRUMENTS, Cells, cells_of_shock
from detente.analysis.uncertainty.draws import left_out
from detente.negotiation.words import figure, fixed, upper_first

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array
    from detente.analysis.sensitivities.margins import Direction, Found, Instrument, Question
    from detente.analysis.uncertainty.draws import Ensemble
    from detente.trade import Gradient


Verdict = Literal[
    "costs both", "pays the sender", "helps the target", "helps both", "moves nothing", "closed"
]

MEANING: dict[Verdict, str] = {
    "costs both": "a little more of it costs both sides; the ratio says how they share it",
    "pays the sender": (
        "a little more of it hurts the target and costs the sender nothing: the sender gains more "
        "from better prices or from revenue than it loses in trade"
    ),
    "helps the target": (
        "a little more of it costs the sender and helps the target, whose own producers or "
        "remaining customers gain more than the flow is worth to it"
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
    """One line of the menu: a good, a direction, two sides; USD million a year of the base year.

    Attributes:
        good: its name.
        direction: `imports` or `exports` of the sender.
        sender: the sender as asked for, or one of its countries.
        target: the target as asked for, or one of its countries.
        instrument: `barrier` (a step is 1 % of delivered cost) or `tax` (a step is one percentage
            point of a tariff on imports or an export tax on exports).
        flow: what is traded now, net of taxes.
        base_flow: the same in the base year.
        harm: loss of the whole target from one step.
        cost: loss of the whole sender from one step; negative is a gain.
        ratio: harm per unit of cost; NaN unless the sender pays.
        verdict: what the signs mean; see `MEANING`.
        measures: ids of the sender's measures in force on it.
        harm_band: 5 to 95 % over the draws, NaN without draws.
        cost_band: likewise.
        ratio_band: likewise, where the sender pays in every draw.
        label: what readers call the good, inside a sentence.
    """

    good: str
    direction: Direction
    sender: str
    target: str
    instrument: Instrument
    flow: float
    base_flow: float
    harm: float
    cost: float
    ratio: float
    verdict: Verdict
    measures: tuple[str, ...] = ()
    harm_band: Band = NO_BAND
    cost_band: Band = NO_BAND
    ratio_band: Band = NO_BAND
    label: str = ""

    @property
    def what(self) -> str:
        """'imports of agriculture, mining and food'."""
        return f"{self.direction} of {self.label or self.good}"

    @property
    def sentence(self) -> str:
        """The line in words."""
        route = "from" if self.direction == "imports" else "to"
        what = f"{self.what} ({self.sender} {route} {self.target})"
        if self.verdict == "closed":
            return f"{what}: {MEANING['closed']}."
        step = "1 % of delivered cost" if self.instrument == "barrier" else "a point of tax"
        both = [("the target", self.harm, figure(abs(self.harm)))]
        both.append(("the sender", self.cost, figure(abs(self.cost))))
        does = moves("costs", "gives", both)
        text = f"{what}: {step} {does} USD million a year"
        if self.verdict == "costs both":
            return f"{text}, {figure(self.ratio)} to 1."
        return f"{text}. {upper_first(MEANING[self.verdict])}."


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
        ratio_band: likewise, where the sender pays in every draw.
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
    ratio_band: Band = NO_BAND

    @property
    def step_verdict(self) -> Verdict | None:
        """What the signs of the step mean; None where there is no margin."""
        if not math.isfinite(self.step_harm):
            return None
        return verdict_of(self.step_harm, self.step_cost)


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Framed):
    """What a little more of every barrier between a sender and a target costs each of them.

    Attributes:
        context: where it was asked.
        target: as asked for.
        sender: as asked for.
        entries: one a good and direction, both sides taken together, for both instruments.
        pairs: the same for each country of the sender with each of the target; empty where both
            are one.
        measures: of the sender, in force, that hit the target, the cheapest to hold first.
        draws: how many the bands are of; 0 for none.
        asked: how many draws were asked for; those beyond `draws` failed or were cancelled.
        failed: draws that have no answer.
        why: the reasons.
        seed: of the draws.
    """

    context: Context
    target: str
    sender: str
    entries: tuple[Entry, ...] = field(repr=False)
    pairs: tuple[Entry, ...] = field(repr=False)
    measures: tuple[MeasureEntry, ...] = field(repr=False)
    draws: int = 0
    asked: int = 0
    failed: int = 0
    why: str = ""
    seed: int = 0

    def to_hold(
        self, instrument: Instrument = "barrier", *, each: bool = False
    ) -> tuple[Entry, ...]:
        """Flows by harm to the target per unit of cost to the sender, the cheapest first.

        Those that cost the sender nothing come before all others, by harm.
        """
        found = (e for e in self._of(instrument, each) if e.verdict in _HELD)
        return tuple(sorted(found, key=place_of))

    def to_lift(
        self, instrument: Instrument = "barrier", *, each: bool = False
    ) -> tuple[Entry, ...]:
        """Flows by gain to the sender per unit of relief for the target, the most valuable first.

        Those that help the target come before all others, by cost. In a case only flows on which
        the sender has something in force, as on the others there is nothing to lift; in a bare
        world all, for whatever hinders them in its base year.
        """
        found = (
            e
            for e in self._of(instrument, each)
            if e.verdict in _LIFTED and (e.measures or self.context.case is None)
        )
        return tuple(sorted(found, key=place_of, reverse=True))

    def closed(self, *, each: bool = False) -> tuple[Entry, ...]:
        """Flows that an embargo closes."""
        return tuple(e for e in self._of("barrier", each) if e.verdict == "closed")

    def _of(self, instrument: Instrument, each: bool) -> list[Entry]:
        return [e for e in self.lines(each=each) if e.instrument == instrument]

    def lines(self, *, each: bool = False) -> tuple[Entry, ...]:
        """The entries of both sides as wholes, or of each pair of their countries."""
        return self.pairs if each and self.pairs else self.entries

    @property
    def sentences(self) -> tuple[str, ...]:
        """The main answers in words, of barriers between both sides as wholes."""
        return tuple(self.said())

    def said(self, instrument: Instrument = "barrier", *, each: bool = False) -> list[str]:
        """The main answers in words, of one instrument."""
        return sentences_of(self, instrument, each=each)

    def to_frame(self, *, each: bool = False) -> pl.DataFrame:
        """One row an entry, of both instruments."""
        import polars as pl

        return pl.DataFrame([_row(e) for e in self.lines(each=each)], infer_schema_length=None)

    def to_dict(
        self, instrument: Instrument | None = None, *, each: bool = False, top: int | None = None
    ) -> dict[str, Any]:
        """Everything as plain data, with the menus ranked.

        Args:
            instrument: of the menus, the sentences and the entries; None for the menus of barriers
                beside the entries of both.
            each: whether the menus and sentences are of every pair of countries.
            top: lines of each menu; all if None.
        """
        ranked = instrument or "barrier"
        entries, pairs = (
            [_row(e) for e in lines if instrument in (None, e.instrument)]
            for lines in (self.entries, self.pairs)
        )
        drawn = draws_entry(self.asked, self.draws + self.failed, self.failed, self.seed, self.why)
        return document(
            "sensitivity",
            self.context.head(self.said(ranked, each=each), drawn)
            | {
                "target": self.target,
                "sender": self.sender,
                "instrument": ranked,
                "each": each,
                "measures": list(map(_row, self.measures)),
                "to_hold": list(map(_row, self.to_hold(ranked, each=each)[:top])),
                "to_lift": list(map(_row, self.to_lift(ranked, each=each)[:top])),
                "closed": list(map(_row, self.closed(each=each))),
                "entries": entries,
                "pairs": pairs,
            },
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences[:3]

    def _small(self) -> Small | None:
        shown = self.to_hold()[:7]
        rows = [[e.what, e.harm, e.cost, e.ratio] for e in shown]
        title = "Cheapest barriers to hold, USD million a year per 1 % of delivered cost"
        return (title, ("", "harm", "cost", "ratio"), rows) if shown else None


_HELD: tuple[Verdict, ...] = ("pays the sender", "costs both")
_LIFTED: tuple[Verdict, ...] = ("costs both", "helps the target")
_ORDER: tuple[Verdict, ...] = (*_HELD, "helps the target", "helps both", "moves nothing", "closed")


def place_of(line: Entry | MeasureEntry) -> tuple[int, float]:
    """Where a line stands from the cheapest to hold to the most valuable to lift, to sort by."""
    by = {"pays the sender": -line.harm, "costs both": -line.ratio}
    return _ORDER.index(line.verdict), by.get(line.verdict, line.cost)


def _row(line: Entry | MeasureEntry) -> dict[str, Any]:
    """A line with the ends of each band beside its number."""
    out: dict[str, Any] = {}
    for name, value in asdict(line).items():
        if name.endswith("_band"):
            out[name.replace("_band", "_low")], out[name.replace("_band", "_high")] = value
        else:
            out[name] = value
    return out


def moves(plus: str, minus: str, both: Sequence[tuple[str, float, str]]) -> str:
    """Whom something moves by how much, as "costs A 5 and B 3" or "costs A 5 and gives B 3"."""
    out, last = [], ""
    for whom, value, shown in both:
        verb = plus if value > 0 else minus
        out.append(f"{whom} {shown}" if verb == last else f"{verb} {whom} {shown}")
        last = verb
    return " and ".join(out)


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


def rank(verdict: str, harm: float, cost: float, ratio: float) -> tuple[int, float]:
    """Where something stands between the cheapest to hold and the most valuable to lift."""
    order = ("pays the sender", "costs both", "helps both", "helps the target", "moves nothing")
    by = {"costs both": -ratio, "helps the target": cost}.get(verdict, -harm)
    return (order.index(verdict), by) if verdict in order else (len(order), 0.0)


#: Flows below this many USD million a year are left out of the menu.
_SMALLEST_FLOW = 0.05


@dataclass(frozen=True, eq=False)
class Side:
    """A sender and a target of one part of the menu, and which flows lie between them, (C,)."""

    sender: str
    target: str
    flows: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lines:
    """Flows summed to lines of the menu."""

    context: Context
    cells: Cells
    found: Found
    ensemble: Ensemble | None

    def entries(self, sides: Sequence[Side]) -> tuple[Entry, ...]:
        """A line for each side, direction, good and instrument with a flow in the base year."""
        world, cells = self.context.world, self.cells
        base = world.trade_jni[cells.at]
        force = self._in_force()
        out = []
        for side in sides:
            for imports in (True, False):
                for j in range(len(world.goods)):
                    at = np.nonzero(side.flows & (cells.imports == imports) & (cells.good == j))[0]
                    if base[at].sum() < _SMALLEST_FLOW:
                        continue
                    measures = tuple(m for m, flows in force.items() if flows[at].any())
                    out += [self._entry(side, k, at, measures) for k in range(len(INSTRUMENTS))]
        return tuple(out)

    def _in_force(self) -> dict[str, NDArray[np.bool_]]:
        """Which flows each of the sender's measures in force concerns, (C,)."""
        flat = np.ravel_multi_index(self.cells.at, self.context.world.trade_jni.shape)
        return {
            m: np.isin(flat, cells_of_shock(self.context.world, self.context.shock([m])))
            for m in self.found.lifted
        }

    def _entry(self, side: Side, k: int, at: Index, measures: tuple[str, ...]) -> Entry:
        m, cells = self.found.margins, self.cells
        base, now = (
            float(trade[tuple(x[at] for x in cells.at)].sum())
            for trade in (self.context.world.trade_jni, self.found.equilibrium.trade_jni)
        )
        is_open = at[~m.closed[at]]
        harm, cost = float(m.harm[k, is_open].sum()), float(m.cost[k, is_open].sum())
        harms = costs = ratios = NO_BAND
        if self.ensemble is not None and self.ensemble.values and len(is_open):
            h, c = (self.ensemble.values[x][:, k][:, is_open].sum(axis=1) for x in ("harm", "cost"))
            harms, costs, ratios = band(h), band(c), ratio_band(h, c)
        shut = not len(is_open)
        good = self.context.world.goods[int(cells.good[at[0]])]
        return Entry(
            good=good,
            label=self.context.good_label(good),
            direction="imports" if cells.imports[at[0]] else "exports",
            sender=side.sender,
            target=side.target,
            instrument=INSTRUMENTS[k],
            flow=now,
            base_flow=base,
            harm=math.nan if shut else harm,
            cost=math.nan if shut else cost,
            ratio=math.nan if shut else ratio_of(harm, cost),
            verdict="closed" if shut else verdict_of(harm, cost),
            measures=measures,
            harm_band=harms,
            cost_band=costs,
            ratio_band=ratios,
        )


def band(values: Array) -> Band:
    """5 to 95 % of values."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def ratio_band(harm: Array, cost: Array) -> Band:
    """The band of a ratio, where the sender pays in every draw."""
    return band(harm / cost) if (cost > 0).all() else NO_BAND


def measures_of(
    context: Context, question: Question, found: Found, ensemble: Ensemble | None
) -> tuple[MeasureEntry, ...]:
    """The sender's measures in force that hit the target, the cheapest to hold first."""
    from detente.trade import gradients

    if not found.lifted:
        return ()
    sides = [dict.fromkeys(side, 1.0) for side in (question.target, question.sender)]
    pair = gradients(found.equilibrium, sides)
    out = []
    for k, name in enumerate(found.lifted):
        step_harm, step_cost = _step(context, pair, name)
        harm, cost = float(found.lifted_harm[k]), float(found.lifted_cost[k])
        harms = costs = ratios = NO_BAND
        if ensemble is not None and ensemble.values:
            h, c = (ensemble.values[f"lifted_{what}"][:, k] for what in ("harm", "cost"))
            harms, costs, ratios = band(h), band(c), ratio_band(h, c)
        assert context.case is not None
        out.append(
            MeasureEntry(
                id=name,
                label=context.case.measure(name).label,
                harm=harm,
                cost=cost,
                ratio=ratio_of(harm, cost),
                verdict=verdict_of(harm, cost, noise=NOISE),
                step_harm=step_harm,
                step_cost=step_cost,
                step_ratio=ratio_of(step_harm, step_cost),
                harm_band=harms,
                cost_band=costs,
                ratio_band=ratios,
            )
        )
    return tuple(sorted(out, key=place_of))


def _step(context: Context, pair: Sequence[Gradient], measure: str) -> tuple[float, float]:
    """Harm and cost of one more per cent on all open flows that a measure concerns.

    Args:
        context: whose measure it is.
        pair: the gradients of the target's and of the sender's real income.
        measure: its id.
    """
    world = context.world
    flows = cells_of_shock(world, context.shock([measure]))
    losses = []
    for gradient in pair:
        by_cost = gradient.iceberg_jni.values.ravel()[flows]
        known = by_cost[np.isfinite(by_cost) & (world.trade_jni.ravel()[flows] > 0)]
        losses.append(-0.01 * float(known.sum()) if len(known) else math.nan)
    return losses[0], losses[1]


_STEPS: dict[Instrument, str] = {
    "barrier": "1 % of delivered cost",
    "tax": "one percentage point of a tariff on imports or of an export tax on exports",
}


def sentences_of(menu: Sensitivity, instrument: Instrument, *, each: bool) -> list[str]:
    """What can be held or lifted, what a little more of anything costs, and how sure that is."""
    each = each and bool(menu.pairs)
    whose = f"each country of {menu.sender} and each of {menu.target}" if each else ""
    out = [
        *_measures(menu),
        f"Margins between {whose or f'{menu.sender} and {menu.target}'} ({menu.context.sentence}): "
        f"one step is {_STEPS[instrument]}, all else adjusting.",
    ]
    for name, listed in (
        ("Cheapest to hold", menu.to_hold(instrument, each=each)),
        ("Most valuable to lift", menu.to_lift(instrument, each=each)),
    ):
        if listed:
            out.append(f"{name}: {listed[0].sentence}")
    shut = menu.closed(each=each)
    if shut:
        names = "; ".join(e.what + (f" ({e.sender}, {e.target})" if each else "") for e in shut)
        out.append(f"Closed by embargo, hence without a margin: {names}.")
    seen = {e.verdict for e in menu.lines(each=each) if e.instrument == instrument}
    out += [
        f"'{v}': {MEANING[v]}."
        for v in ("pays the sender", "helps the target", "helps both")
        if v in seen
    ]
    return [*out, _bands(menu)]


def _measures(menu: Sensitivity) -> list[str]:
    """The measures in force that a sender can hold or lift, as wholes."""
    moving = [m for m in menu.measures if m.verdict != "moves nothing"]
    idle = [m.id for m in menu.measures if m.verdict == "moves nothing"]
    whose = f"Of the measures of {menu.sender} in force that hit {menu.target}"
    out = []
    if len(moving) == 1:
        out.append(f"{whose} one moves something: {_lifted(menu, moving[0])}.")
    elif moving:
        out.append(
            f"{whose} the cheapest to hold is {_lifted(menu, moving[0])}. The most valuable to "
            f"lift is {_lifted(menu, moving[-1])}."
        )
    if idle:
        out.append(f"Lifted alone, {', '.join(idle)} would move nothing: others set the same.")
    return out


def _lifted(menu: Sensitivity, m: MeasureEntry) -> str:
    ratio = f", {fixed(m.ratio, 2)} to 1" if m.verdict == "costs both" else f" ({m.verdict})"
    both = [(menu.target, m.harm, f"{abs(m.harm):,.1f}")]
    both.append((menu.sender, m.cost, f"{abs(m.cost):,.1f}"))
    does = moves("give", "cost", both)
    return f"{m.id}, whose end would {does} USD million a year{ratio}"


def _bands(menu: Sensitivity) -> str:
    if not menu.asked:
        return "There are no bands, as no draws were asked for."
    left = menu.asked - menu.draws - menu.failed
    text = f"Bands are 5 to 95 % over {menu.draws} draws" if menu.draws else "There are no bands"
    if left:
        text += f"; {left} of the {menu.asked} draws asked for were cancelled"
    if menu.failed:
        text += f"; {left_out(menu.failed, menu.why)}"
    of = (
        "the case, of the horizon and of the world's trade elasticities"
        if menu.context.case is not None
        else "the world's trade elasticities and of the horizon"
    )
    return f"{text}. What is drawn are the ranges of {of}."
