"""Comparison of scenarios of one case: levels, differences against the first, and bands.

`Comparison` is the result and `comparison` makes it; `Figure` and `Comparer` say which figures are
compared. `find_world` and `idle_measures` say what names stand for and which measures do nothing in
a scenario.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente._shown import Shown, Small
from detente.analysis.measure_effects import NOISE, negligible, touches_trade
from detente.analysis.metrics import output
from detente.analysis.scenarios import Scenarios, solve_days
from detente.cases import CaseError, Fault

if TYPE_CHECKING:
    from detente.analysis.assessment import Array
    from detente.analysis.uncertainty.draws import Ensemble
    from detente.cases import Case
    from detente.world import World


Band = tuple["Array", "Array"]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """Some scenarios on the same axes.

    Attributes:
        scenarios: solved, on the day of the first.
        asked: which figures, which scenarios and whose.
        level: (figures, sides, scenarios); money against the base year without measures.
        difference: of the same shape; `Chosen.less` says which scenario less which.
        ensemble: of the draws, with `level` and `difference` of each; None without.
    """

    scenarios: Scenarios
    asked: Comparer
    level: Array = field(repr=False)
    difference: Array = field(repr=False)
    ensemble: Ensemble | None = field(default=None, repr=False)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What is compared."""
        return self.asked.figures

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        """The scenarios."""
        return self.asked.chosen

    @property
    def sides(self) -> tuple[Side, ...]:
        """Whose figures they are."""
        return self.asked.sides

    @property
    def hypothetical(self) -> tuple[Chosen, ...]:
        """The scenarios whose measures are not those that the case has in force on their day."""
        own = self.scenarios.case.own
        return tuple(c for c in self.chosen if {m.id for m in own.regime(c.day)} != set(c.measures))

    def band(self, which: str) -> Band | None:
        """Lower and upper ends of `level` or `difference`; None without draws."""
        return None if self.ensemble is None else self.ensemble.band(which)

    @property
    def notes(self) -> tuple[str, ...]:
        """Scenarios that are no other than the first, with the reason."""
        return tuple(f"{c.label}: {text}" for c, text in self._idle() if text)

    def _idle(self) -> Iterator[tuple[Chosen, str]]:
        for k, scenario in enumerate(self.chosen[1:], start=1):
            text = scenario.note
            at = next(k for k, f in enumerate(self.figures) if f.key == "equivalent_variation")
            if not text and np.abs(self.difference[at, :, k]).max(initial=0.0) < NOISE:
                text = (
                    f"moves nobody here by USD {1e3 * NOISE:.0f} thousand a year against "
                    f"‘{self.chosen[0].label}’, as where other measures set the same or it sets "
                    "next to nothing."
                )
            yield scenario, text

    def plain(self) -> dict[str, Any]:
        """Everything as plain values."""
        case, shots = self.scenarios.case, self._shots()
        out: dict[str, Any] = {
            "case": case.name,
            "title": case.title,
            "date": self.scenarios.date.isoformat(),
            "horizon": self.scenarios.horizon,
            "transfers": self.scenarios.transfers,
            "draws": None,
            "scenarios": [
                {
                    "label": c.label,
                    "difference": None if c is self.chosen[0] else c.less(self.chosen[0]),
                    "hypothetical": c in self.hypothetical,
                    "date": c.day.isoformat(),
                    "measures": list(shot.measures),
                    "note": note,
                    "certificate": shot.certificate.sentence,
                }
                for (c, note), shot in zip(
                    [(self.chosen[0], ""), *self._idle()], shots, strict=True
                )
            ],
            "rows": self._rows(None),
            "commodities": [
                {"name": c.name, "label": c.label, "unit": c.unit, "rows": self._rows(c.name)}
                for c in case.commodities
            ],
        }
        if self.ensemble is not None:
            e = self.ensemble
            out["draws"] = {
                "asked": e.asked,
                "done": e.done,
                "failed": e.failed,
                "why_failed": e.why,
                "seed": e.seed,
            }
        return out

    def _shots(self) -> list[Any]:
        return [self.scenarios.on(c.day).snapshot(c.measures) for c in self.chosen]

    def _rows(self, commodity: str | None) -> list[dict[str, Any]]:
        """A row for each side: every figure over scenarios, with differences and bands."""
        rows: list[dict[str, Any]] = [
            {"id": s.id, "label": s.label, "countries": list(s.countries)} for s in self.sides
        ]
        for name, values in (("", self.level), ("_difference", self.difference)):
            band = self.band("difference" if name else "level")
            for f, figure in enumerate(self.figures):
                if figure.commodity != commodity:
                    continue
                for r, row in enumerate(rows):
                    row[f"{figure.key}{name}"] = values[f, r].tolist()
                    if band is not None:
                        row[f"{figure.key}{name}_low"] = band[0][f, r].tolist()
                        row[f"{figure.key}{name}_high"] = band[1][f, r].tolist()
        return rows

    def _lines(self) -> Sequence[str]:
        s = self.scenarios
        return (
            f"{s.case.title}, {s.date}, {s.horizon} run",
            f"{len(self.chosen)} scenarios, {len(self.figures)} figures, {len(self.sides)} sides",
        )

    def _small(self) -> Small:
        shown = self.chosen[:4]
        rows = [
            (side.label, *map(float, self.level[0, r, : len(shown)]))
            for r, side in enumerate(self.sides[:8])
        ]
        first = self.figures[0]
        return f"{first.label}, {first.unit}", ("", *(c.label for c in shown)), rows


@dataclass(frozen=True)
class Figure:
    """What is compared.

    Attributes:
        key: its name in files; of a commodity's figures, one of `output` or `sold`.
        label: for readers.
        unit: of its values.
        commodity: whose figure it is; None for a figure of the whole economy.
        is_share: whether its differences are points of a fraction.
    """

    key: str
    label: str
    unit: str
    commodity: str | None = None
    is_share: bool = False


@dataclass(frozen=True)
class Chosen:
    """One scenario: a set of measures on a day.

    Attributes:
        label: for readers.
        day: whose members of groups and dated parameters hold.
        measures: ids of those in force.
        note: why it is no other than the first, if that is known before solving.
        is_reference: whether the first is held against it, as against the regime of another day;
            differences are then the first less this one, and else this one less the first.
    """

    label: str
    day: dt.date
    measures: tuple[str, ...]
    note: str = ""
    is_reference: bool = False

    def less(self, first: Chosen) -> str:
        """Which state less which a difference is."""
        one, other = (first, self) if self.is_reference else (self, first)
        return f"{one.label} less {other.label}"


@dataclass(frozen=True)
class Side:
    """One party or country: a column of the comparison.

    Attributes:
        id: of the party, or ISO3 code.
        label: for readers.
        countries: ISO3 codes.
    """

    id: str
    label: str
    countries: tuple[str, ...]


ECONOMY = (
    Figure("equivalent_variation", "Equivalent variation", "USD million a year"),
    Figure("real_income_change", "Real income", "fraction", is_share=True),
    Figure("transit_revenue", "Income from transit", "USD million a year"),
)


def figures_of(case: Case) -> tuple[Figure, ...]:
    """The figures of a case: of the economy, and of every commodity's market."""
    found = [f for f in ECONOMY if case.routes or f.key != "transit_revenue"]
    for good in case.commodities:
        found += [
            Figure("price_paid", "price paid", f"USD per {good.unit}", good.name),
            Figure("largest_share", "largest supplier's share", "fraction", good.name, True),
            Figure("tonnes", "bought", f"million {good.unit} a year", good.name),
            Figure("sold", "sold", f"million {good.unit} a year", good.name),
            Figure("sales", "sales", "USD million a year", good.name),
        ]
    return tuple(found)


@dataclass(frozen=True)
class Comparer:
    """Reads the figures of some scenarios; importable, so that draws can be made anywhere.

    Attributes:
        figures: what is read.
        chosen: the scenarios; differences are those of `Chosen.less`.
        sides: whose figures are read.
    """

    figures: tuple[Figure, ...]
    chosen: tuple[Chosen, ...]
    sides: tuple[Side, ...]

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """`level` and `difference`, (figures, sides, scenarios) each; not a number for none."""
        there = [(scenarios.on(c.day), c.measures) for c in self.chosen]
        solve_days([(on, [measures]) for on, measures in there])
        level = np.array(
            [
                [[_value(on, f, measures, side) for on, measures in there] for side in self.sides]
                for f in self.figures
            ]
        )
        sign = np.array([-1.0 if c.is_reference else 1.0 for c in self.chosen])
        return {"level": level, "difference": sign * (level - level[:, :, :1])}


def _value(scenarios: Scenarios, figure: Figure, measures: tuple[str, ...], side: Side) -> float:
    if figure.key != "sold":
        return output(
            scenarios,
            figure.key,  # type: ignore[arg-type]
            measures,
            side.countries,
            commodity=figure.commodity,
        )
    where = [scenarios.world.country(c) for c in side.countries]
    outcome = scenarios.snapshot(measures).commodities[str(figure.commodity)]
    return float(outcome.tonnes_ni[:, where].sum())


def find_world(name: str) -> World:
    """A base year by what a user may call it: a bundled or saved world, a table, or a case."""
    from pathlib import Path

    from detente.cases import cases, load_case
    from detente.cases.resolve import world_of
    from detente.world import load_world, read_icio

    if name.endswith(".csv"):
        return read_icio(Path(name))
    if name in {c.name for c in cases()} or name.endswith((".yaml", ".yml")):
        return world_of(load_case(name))
    return load_world(name)


def idle_measures(case: Case, date: dt.date | str | None = None) -> list[tuple[str, str]]:
    """Measures that change nothing, each with the reason: (id, why).

    A measure is idle when no flow of the base year meets what it sets, when it moves next to
    nothing even alone, or when, on the date, all that it sets is already set by others (a lock that
    another measure keeps closed).
    """
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    if not case.has_trade:
        return list(case.idle_talks())
    scenarios = Scenarios(case, date=day)
    in_force = [m.id for m in case.regime(day)]
    idle = []
    for measure in case.trade_measures:
        if not touches_trade(scenarios, measure):
            idle.append(
                (
                    measure.id,
                    "no flow of the base year changes its terms: none meets what it sets, or that "
                    "holds already.",
                )
            )
            continue
        rest = [m for m in in_force if m != measure.id]
        other = rest if measure.id in in_force else [*in_force, measure.id]
        margin = (
            scenarios.equilibrium(in_force).equivalent_variation.values
            - scenarios.equilibrium(other).equivalent_variation.values
        )
        if not negligible(margin):
            continue
        alone = (
            scenarios.equilibrium([measure.id]).equivalent_variation.values
            - scenarios.equilibrium(()).equivalent_variation.values
        )
        if negligible(alone):
            why = (
                "it moves next to nothing: no country gains or loses as much as "
                f"USD {1e3 * NOISE:.0f} thousand a year by it, with the others or alone."
            )
        else:
            verb = "lifting" if measure.id in in_force else "imposing"
            why = (
                f"{verb} it alone on {day} changes nothing, since other measures in force set "
                "the same (it does have an effect without them)."
            )
        idle.append((measure.id, why))
    return [*idle, *case.idle_talks()]


def compare(
    case: Case | str,
    date: dt.date | str | None = None,
    *,
    lift: Sequence[Sequence[str]] = (),
    impose: Sequence[Sequence[str]] = (),
    countries: Sequence[str] = (),
    dates: Sequence[str] = (),
    horizon: str | None = None,
    transfers: Literal["fixed", "proportional", "zero"] | None = None,
    tolerance: float = 1e-9,
    draws: int = 0,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """The regime of a day and variants of it, on the same axes.

    Args:
        case: a case or its name.
        date: the day; the case's own if None.
        lift: sets of measures to lift, a scenario each; one measure alone may stand as its id.
            Without `lift`, `impose` and `dates`, every measure in force is lifted alone, and then
            all together.
        impose: sets of measures to impose, a scenario each, written likewise.
        countries: codes, names or groups of countries, or ids of parties; all parties if empty.
        dates: other days, against whose regimes this one is set: differences are the regime of
            the day less that of the other.
        horizon: as in `assess`.
        transfers: as in `assess`.
        tolerance: as in `assess`.
        draws: how many sets of parameters to draw for bands; 0 for none.
        seed: of the draws.
        processes: how many to draw in; see `run_draws`.
        progress: told how many draws are done.

    Raises:
        CaseError: an unknown measure or party, with near ones.
        NoDraws: no draw was finished, or none converged.
        ShockError: as in `assess`.

    Returns:
        Comparison: levels and differences, (figures, sides, scenarios), money in USD million a
            year.

    Example:
        >>> import detente
        >>> found = detente.compare("belarus", lift=["us-potash"], countries=["BLR"])
        >>> [c.label for c in found.chosen], found.level.shape[1:]
        (['regime', 'without us-potash'], (1, 2))
    """
    if isinstance(case, str):
        from detente.cases import load_case

        case = load_case(case)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    scenarios = Scenarios(case, date=day, horizon=horizon, transfers=transfers, tolerance=tolerance)
    chosen = _scenarios(case, day, lift, impose, list(map(dt.date.fromisoformat, dates)))
    sides = _sides(case, scenarios.world, day, countries)
    comparer = Comparer(figures_of(case), tuple(chosen), tuple(sides))
    values = comparer(scenarios)
    ensemble = None
    if draws:
        from detente.analysis.uncertainty.draws import run_draws

        ensemble = run_draws(
            case,
            comparer,
            draws=draws,
            seed=seed,
            processes=processes,
            progress=progress,
            guide=scenarios,
        )
        ensemble.required()
    return Comparison(scenarios, comparer, values["level"], values["difference"], ensemble)


def _scenarios(
    case: Case,
    day: dt.date,
    lift: Sequence[Sequence[str]],
    impose: Sequence[Sequence[str]],
    dates: list[dt.date],
) -> list[Chosen]:
    in_force = tuple(m.id for m in case.regime(day))
    # Beside the regimes of other days, that of the day says which it is.
    out = [Chosen(f"regime of {day}" if dates else "regime", day, in_force)]
    if not lift and not impose and not dates:
        out += [Chosen(f"without {m}", day, _less(in_force, [m])) for m in in_force]
        if len(in_force) > 1:
            out.append(Chosen("all lifted", day, ()))
    for gone in lift:
        names = [case.measure(m).id for m in _listed(gone)]
        idle = [m for m in names if m not in in_force]
        label = f"without {' '.join(names)}"
        note = _not_in_force(idle, day, "not in force", "lifting")
        out.append(Chosen(label, day, _less(in_force, names), note))
    for more in impose:
        names = [case.measure(m).id for m in _listed(more)]
        idle = [m for m in names if m in in_force]
        note = _not_in_force(idle, day, "in force already", "imposing")
        measures = tuple(dict.fromkeys([*in_force, *names]))
        out.append(Chosen(f"with {' '.join(names)}", day, measures, note))
    for other in dates:
        measures = tuple(m.id for m in case.regime(other))
        out.append(Chosen(f"regime of {other}", other, measures, is_reference=True))
    return out


def _listed(measures: Sequence[str]) -> Sequence[str]:
    return [measures] if isinstance(measures, str) else measures


def _less(in_force: tuple[str, ...], gone: list[str]) -> tuple[str, ...]:
    return tuple(m for m in in_force if m not in gone)


def _not_in_force(names: list[str], day: dt.date, state: str, doing: str) -> str:
    if not names:
        return ""
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"{', '.join(names)} {verb} {state} on {day}, so that {doing} {them} changes nothing."


def _sides(case: Case, world: World, day: dt.date, countries: Sequence[str]) -> list[Side]:
    from detente.world import expand
    from detente.world.groups import resolved

    parties = {p.id: p for p in case.parties}
    by_name = {p.name.casefold(): p.id for p in case.parties}
    wanted = countries or [p.id for p in case.parties if p.members]
    sides = []
    for given in wanted:
        here = given in parties or given in world.countries
        label = given if here else by_name.get(given.casefold(), resolved(given, world.countries))
        if label not in parties:
            sides.append(Side(label, label, expand(label, world, day)))
            continue
        codes = case.members(label, world, day)
        if not codes:
            message = f"the party {label} speaks for no country of the world {world.name}."
            raise CaseError([Fault(0, "parties", message, "Name another.")], case.name)
        sides.append(Side(label, parties[label].name, codes))
    return sides
