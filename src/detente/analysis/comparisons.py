"""Comparison of scenarios of one case: levels, differences against the first, and bands.

`Comparison` is the result. `compare` solves the scenarios and makes it; `compared` makes it of
scenarios that were solved elsewhere. `Figure`, `State` and `Side` say what of which scenario and of
whom is compared, and `Comparer` reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente._document import document
from detente._shown import Framed, Small
from detente._types import Transfers
from detente.analysis.departure import Departure, departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.measure_effects import NOISE
from detente.analysis.places import prose_of
from detente.analysis.scenarios import Scenarios, solve_days
from detente.cases import CaseError, Fault, NamedScenario, load_case
from detente.negotiation.words import figure, listed, quoted

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array
    from detente.analysis.assessment import CommodityOutcome, Snapshot
    from detente.analysis.uncertainty.draws import Ensemble
    from detente.cases import Case
    from detente.world import World


Band = tuple["Array", "Array"]
Values = Literal["level", "difference"]
#: A state solved: its base year, and what its measures come to.
Solved = tuple["World", "Snapshot"]


@dataclass(frozen=True)
class Figure:
    """What is compared.

    Attributes:
        key: its name in files.
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

    def read(self, shot: Snapshot, income_n: Array, member_sn: Array) -> Array:
        """Its value for some sides, (S,); not a number where there is none.

        The members of a side count as one: money and tonnes are summed, a price is the mean that
        they pay by tonnes, and a supplier's share is that of all they buy.

        Args:
            shot: the scenario.
            income_n: of the base year, USD million, (N,).
            member_sn: 1 for each country of each side, else 0, (S, N).
        """
        if self.commodity is not None:
            return self._of_market(shot.commodities[self.commodity], member_sn)
        if self.key == "transit_revenue":
            return member_sn @ shot.transit_revenue_n
        gain_s = member_sn @ shot.equivalent_variation_n
        return gain_s if self.key == "equivalent_variation" else gain_s / (member_sn @ income_n)

    def _of_market(self, market: CommodityOutcome, member_sn: Array) -> Array:
        if self.key == "price_paid":
            return np.array([market.mean_price_paid(row > 0) for row in member_sn])
        if self.key == "largest_share":
            share_s = np.array([market.supplier_share_i(row > 0).max() for row in member_sn])
            return np.where(share_s > 0, share_s, np.nan)
        sums = {
            "sales": market.sales_n,
            "sold": market.tonnes_ni.sum(axis=0),
            "tonnes": market.tonnes_ni.sum(axis=1),
        }
        found: Array = member_sn @ sums[self.key]
        return found


MONEY = "USD million a year"
ECONOMY = (
    Figure("equivalent_variation", "Equivalent variation", MONEY),
    Figure("real_income_change", "Real income", "fraction", is_share=True),
    Figure("transit_revenue", "Income from transit", MONEY),
)


def figures_of(case: Case) -> tuple[Figure, ...]:
    """The figures of a case: of the economy, and of every commodity's market."""
    found = [f for f in ECONOMY if case.route_choices or f.key != "transit_revenue"]
    for good in case.commodities:
        found += [
            Figure("price_paid", "price paid", f"USD per {good.unit}", good.name),
            Figure("largest_share", "largest supplier's share", "fraction", good.name, True),
            Figure("tonnes", "bought", f"million {good.unit} a year", good.name),
            Figure("sold", "sold", f"million {good.unit} a year", good.name),
            Figure("sales", "sales", MONEY, good.name),
        ]
    return tuple(found)


@dataclass(frozen=True)
class State:
    """One scenario: a case as it has it, and a set of measures on a day.

    Attributes:
        label: for readers.
        case: with its days in force and its values of parameters.
        day: whose members of groups and dated parameters hold.
        measures: ids of those in force.
        horizon: `short`, `medium` or `long`.
        transfers: `fixed`, `proportional` or `zero`.
        note: why it is no other than the first, if that is known before solving.
        is_reference: whether the first is held against it, as against the regime of another day;
            differences are then the first less this one, and else this one less the first.
    """

    label: str
    case: Case = field(repr=False)
    day: dt.date
    measures: tuple[str, ...]
    horizon: str
    transfers: Transfers
    note: str = ""
    is_reference: bool = False

    @property
    def departure(self) -> Departure:
        """How it differs from the case as its file has it."""
        return departure_of(self.case, self.day, self.horizon, self.transfers)

    def less(self, first: State) -> str:
        """Which state less which a difference is."""
        one, other = (first, self) if self.is_reference else (self, first)
        return f"{one.label} less {other.label}"

    @property
    def family(self) -> tuple[Any, ...]:
        """What it shares with states that can be solved together: parameters, horizon, deficits."""
        return tuple(sorted(self.case.changes.items())), self.horizon, self.transfers


def state_of(case: Case, scenario: NamedScenario | str) -> State:
    """A scenario of a case as a state: one of the file's by its label, or any other.

    Raises:
        CaseError: as in `Case.in_scenario`.
    """
    there = case.in_scenario(scenario)
    label = scenario if isinstance(scenario, str) else scenario.label
    return regime_state(label, there, there.date)


def regime_state(label: str, case: Case, day: dt.date, **more: Any) -> State:
    """The measures that a case has in force on a day, as a state.

    Args:
        label: for readers.
        case: the case.
        day: the day.
        more: other attributes of the state; horizon and deficits are the case's if left out.
    """
    measures = tuple(m.id for m in case.regime(day))
    own = {"horizon": case.horizon, "transfers": case.transfers}
    return State(label, case, day, measures, **(own | more))


@dataclass(frozen=True)
class Side:
    """One party, country or group: a column of the comparison.

    Attributes:
        id: of the party, or ISO3 code.
        label: for readers.
        countries: ISO3 codes.
        prose: as it stands inside a sentence; the label if empty.
    """

    id: str
    label: str
    countries: tuple[str, ...]
    prose: str = ""


@dataclass(frozen=True)
class Comparer:
    """Reads the figures of some scenarios; importable, so that draws can be made anywhere.

    Attributes:
        figures: what is read.
        states: the scenarios; differences are those of `State.less`.
        sides: whose figures are read.
    """

    figures: tuple[Figure, ...]
    states: tuple[State, ...]
    sides: tuple[Side, ...]

    def place(self, key: str, side: str, commodity: str | None = None) -> tuple[int, int]:
        """Where a figure of a side stands in `level` and `difference`.

        Raises:
            KeyError: no such figure or side is compared.
        """
        for f, one in enumerate(self.figures):
            for s, whose in enumerate(self.sides):
                if (one.key, one.commodity, whose.id) == (key, commodity, side):
                    return f, s
        raise KeyError(f"No {key} of {side} is compared.")

    def __call__(self, scenarios: Scenarios) -> dict[str, Array]:
        """What `read` gives of states of one family, solved at the values of some scenarios."""
        there = [(scenarios.on(s.day), s.measures) for s in self.states]
        solve_days([(on, [measures]) for on, measures in there])
        return self.read([(on.world, on.snapshot(measures)) for on, measures in there])

    def read(self, solved: Sequence[Solved]) -> dict[str, Array]:
        """`level` and `difference`, (figures, sides, scenarios) each; not a number for none.

        Args:
            solved: one entry for each scenario.
        """
        levels = []
        for world, shot in solved:
            member_sn = np.zeros((len(self.sides), len(world.countries)))
            for s, side in enumerate(self.sides):
                member_sn[s, [world.country(c) for c in side.countries]] = 1
            levels.append([f.read(shot, world.income_n, member_sn) for f in self.figures])
        level = np.moveaxis(np.array(levels), 0, -1)
        return {"level": level, "difference": self.differences(level)}

    def differences(self, level: Array) -> Array:
        """Every scenario against the first, along the last axis; see `State.less`."""
        sign = np.array([-1.0 if s.is_reference else 1.0 for s in self.states])
        out: Array = sign * (level - level[..., :1])
        return out


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Framed):
    """Some scenarios on the same axes.

    Attributes:
        case: the case as its file has it, or as it was given.
        asked: which figures, which scenarios and whose.
        solved: base year and snapshot of each scenario.
        level: (figures, sides, scenarios); money against the base year without measures.
        difference: of the same shape; `State.less` says which scenario less which.
        ensemble: of the draws, with `level` and `difference` of each; None without.
    """

    case: Case = field(repr=False)
    asked: Comparer = field(repr=False)
    solved: tuple[Solved, ...] = field(repr=False)
    level: Array = field(repr=False)
    difference: Array = field(repr=False)
    ensemble: Ensemble | None = field(default=None, repr=False)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What is compared."""
        return self.asked.figures

    @property
    def states(self) -> tuple[State, ...]:
        """The scenarios."""
        return self.asked.states

    @property
    def sides(self) -> tuple[Side, ...]:
        """Whose figures they are."""
        return self.asked.sides

    def of(self, values: Values, key: str, side: str, commodity: str | None = None) -> Array:
        """One figure of one side in every scenario: levels, or differences against the first.

        Raises:
            KeyError: no such figure or side is compared.
        """
        array = self.level if values == "level" else self.difference
        found: Array = array[self.asked.place(key, side, commodity)]
        return found

    def band(self, which: Values) -> Band | None:
        """Lower and upper ends of `level` or `difference`; None without draws."""
        return None if self.ensemble is None else self.ensemble.band(which)

    @property
    def notes(self) -> tuple[str, ...]:
        """Scenarios that are no other than the first, and what of measures is not computed."""
        same = (f"{s.label}: {text}" for s, text in self._idle() if text)
        return (*same, *self.states[0].case.not_computed)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Whom each scenario moves most against the first."""
        if len(self.states) < 2:
            return ("One scenario; name another to compare.",)
        at, everyone = self._place("equivalent_variation"), len(self.solved[0][0].countries)
        parts = [r for r, side in enumerate(self.sides) if len(side.countries) < everyone]
        whose = parts or list(range(len(self.sides)))
        moved = []
        for k, state in enumerate(self.states[1:], start=1):
            most = whose[int(np.abs(self.difference[at, whose, k]).argmax())]
            size, side = float(self.difference[at, most, k]), self.sides[most]
            amount = f"{figure(size, signed=True)} {MONEY}"
            whom = f"{side.prose or side.label} most ({amount})"
            moved.append(f"{quoted(state.label)} moves {whom if abs(size) >= 0.5 else 'no one'}")
        return (f"Against {quoted(self.states[0].label)}: {listed(moved)}.",)

    def _place(self, key: str) -> int:
        return next(f for f, one in enumerate(self.figures) if one.key == key)

    def _idle(self) -> Iterator[tuple[State, str]]:
        at = self._place("equivalent_variation")
        for k, state in enumerate(self.states[1:], start=1):
            text = state.note
            if not text and np.abs(self.difference[at, :, k]).max(initial=0.0) < NOISE:
                text = (
                    f"moves nobody here by USD {1e3 * NOISE:.0f} thousand a year against "
                    f"{quoted(self.states[0].label)}, as where other measures set the same or it "
                    "sets next to nothing."
                )
            yield state, text

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the document that the command and the app answer with."""
        first = self.states[0]
        return document(
            "comparison",
            {
                **head(
                    self.case.name,
                    first.departure,
                    data=data_entry(self.case),
                    date=first.day,
                    horizon=first.horizon,
                    transfers=first.transfers,
                    draws=None if self.ensemble is None else self.ensemble.counts,
                    sentences=self.sentences,
                    notes=self.notes,
                    unit=MONEY,
                ),
                "title": self.case.title,
                "scenarios": [
                    {
                        "label": s.label,
                        "date": s.day,
                        "horizon": s.horizon,
                        "transfers": s.transfers,
                        "measures": shot.measures,
                        "difference": None if s is first else s.less(first),
                        "note": note,
                        "certificate": shot.certificate.sentence,
                        **s.departure.entries(),
                    }
                    for (s, note), (_, shot) in zip(
                        [(first, ""), *self._idle()], self.solved, strict=True
                    )
                ],
                "rows": self._rows(None),
                "commodities": [
                    {"id": c.name, "label": c.label, "unit": c.unit, "rows": self._rows(c.name)}
                    for c in self.case.commodities
                ],
            },
        )

    def to_frame(self) -> pl.DataFrame:
        """A row for each figure of each side in each scenario, as a polars frame.

        The ends of bands, `level_low` and so on, are there where parameters were drawn.
        """
        import polars as pl

        shape = self.level.shape
        f, s, k = (index.ravel().tolist() for index in np.indices(shape))
        columns: dict[str, Any] = {
            "scenario": [self.states[at].label for at in k],
            "side": [self.sides[at].id for at in s],
            "commodity": [self.figures[at].commodity for at in f],
            "figure": [self.figures[at].key for at in f],
            "unit": [self.figures[at].unit for at in f],
        }
        arrays: tuple[tuple[Values, Array], ...] = (
            ("level", self.level),
            ("difference", self.difference),
        )
        for name, values in arrays:
            columns[name] = values.ravel()
            band = self.band(name)
            if band is not None:
                columns |= {f"{name}_low": band[0].ravel(), f"{name}_high": band[1].ravel()}
        schema = {"commodity": pl.String}
        return pl.DataFrame(columns, schema_overrides=schema, nan_to_null=True)

    def _rows(self, commodity: str | None) -> list[dict[str, Any]]:
        """A row for each side: every figure over scenarios, with differences and bands."""
        rows: list[dict[str, Any]] = [
            {"id": s.id, "label": s.label, "countries": s.countries} for s in self.sides
        ]
        for name, values in (("", self.level), ("_difference", self.difference)):
            band = self.band("difference" if name else "level")
            ends = None if band is None else np.stack(band, axis=-1)
            for f, one in enumerate(self.figures):
                if one.commodity != commodity:
                    continue
                for r, row in enumerate(rows):
                    row[f"{one.key}{name}"] = values[f, r]
                    row[f"{one.key}{name}_low"] = None if ends is None else ends[f, r, :, 0]
                    row[f"{one.key}{name}_high"] = None if ends is None else ends[f, r, :, 1]
        return rows

    def _lines(self) -> Sequence[str]:
        first = self.states[0]
        return (
            f"{self.case.title}, {first.day}, {first.horizon} run",
            f"{len(self.states)} scenarios, {len(self.figures)} figures, {len(self.sides)} sides",
        )

    def _small(self) -> Small:
        shown = self.states[:4]
        rows = [
            (side.label, *map(float, self.level[0, r, : len(shown)]))
            for r, side in enumerate(self.sides[:8])
        ]
        first = self.figures[0]
        return f"{first.label}, {first.unit}", ("", *(s.label for s in shown)), rows


def compared(case: Case, asked: Comparer, solved: Sequence[Solved]) -> Comparison:
    """A comparison of scenarios that were solved before, without bands.

    Args:
        case: the case.
        asked: which figures, which scenarios and whose.
        solved: base year and snapshot of each scenario.
    """
    values = asked.read(solved)
    return Comparison(case, asked, tuple(solved), values["level"], values["difference"])


def compare(
    case: Case | str,
    date: dt.date | str | None = None,
    *,
    lift: Sequence[Sequence[str]] = (),
    impose: Sequence[Sequence[str]] = (),
    countries: Sequence[str] = (),
    dates: Sequence[str] = (),
    scenarios: Sequence[NamedScenario | str] = (),
    horizon: str | None = None,
    transfers: Transfers | None = None,
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
            Without `lift`, `impose`, `dates` and `scenarios`, every measure in force is lifted
            alone, and then all together.
        impose: sets of measures to impose, a scenario each, written likewise.
        countries: codes, names or groups of countries, or ids of parties; all parties if empty.
        dates: other days, against whose regimes this one is set: differences are the regime of
            the day less that of the other.
        scenarios: scenarios of the case file by their labels, or others; what one leaves open is
            as the case has it.
        horizon: as in `assess`; scenarios may set their own.
        transfers: as in `assess`; scenarios may set their own.
        tolerance: as in `assess`.
        draws: how many sets of parameters to draw for bands; 0 for none. Each draw takes all
            parameters at the same place of their ranges in every scenario.
        seed: of the draws.
        processes: how many to draw in; see `run_draws`.
        progress: told how many draws are done.

    Raises:
        CaseError: an unknown measure, party or scenario, with near ones.
        NoDraws: no draw was finished, or none converged.
        ShockError: as in `assess`.

    Returns:
        Comparison: levels and differences, (figures, sides, scenarios), money in USD million a
            year.

    Example:
        >>> import detente
        >>> found = detente.compare("belarus", lift=["us-potash"], countries=["BLR"])
        >>> [s.label for s in found.states], found.level.shape[1:]
        (['regime', 'without us-potash'], (1, 2))
    """
    case = load_case(case)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    first = regime_state(
        "regime",
        case,
        day,
        horizon=horizon or case.horizon,
        transfers=transfers or case.transfers,
    )
    others = list(map(dt.date.fromisoformat, dates))
    states = _states(first, lift, impose, others, scenarios)
    families: dict[Any, list[int]] = {}
    for k, state in enumerate(states):
        families.setdefault(state.family, []).append(k)
    solvers = [_solver([states[k] for k in at], tolerance) for at in families.values()]
    sides = tuple(_sides(case, solvers[0].world, day, countries))
    asked = Comparer(figures_of(case), tuple(states), sides)
    parts = [replace(asked, states=tuple(states[k] for k in at)) for at in families.values()]
    solved: list[Any] = [None] * len(states)
    for part, there, at in zip(parts, solvers, families.values(), strict=True):
        solve_days([(there.on(s.day), [s.measures]) for s in part.states])
        for k, s in zip(at, part.states, strict=True):
            solved[k] = there.world, there.on(s.day).snapshot(s.measures)
    found = compared(case, asked, solved)
    if not draws:
        return found
    from detente.analysis.uncertainty.draws import run_draws

    ensembles = [
        run_draws(
            there.case,
            part,
            draws=draws,
            seed=seed,
            processes=processes,
            progress=_shared(progress, place, len(parts), draws),
            guide=there,
        )
        for place, (part, there) in enumerate(zip(parts, solvers, strict=True))
    ]
    for ensemble in ensembles:
        ensemble.required()
    return replace(found, ensemble=joined_draws(asked, list(families.values()), ensembles))


def _solver(states: Sequence[State], tolerance: float) -> Scenarios:
    """What solves the states of one family."""
    first = states[0]
    return Scenarios(
        first.case,
        date=first.day,
        horizon=first.horizon,
        transfers=first.transfers,
        tolerance=tolerance,
    )


def _shared(
    progress: Callable[[int], None] | None, place: int, of: int, draws: int
) -> Callable[[int], None] | None:
    """Progress over several families in turn, as of one run of draws."""
    if progress is None or of == 1:
        return progress
    return lambda done: progress((place * draws + done) // of)


def joined_draws(
    asked: Comparer, families: Sequence[Sequence[int]], ensembles: Sequence[Ensemble]
) -> Ensemble:
    """The draws of all families together: those that have an answer in every one of them."""
    if len(ensembles) == 1:
        return ensembles[0]
    common = sorted(set.intersection(*(set(e.answered) for e in ensembles)))
    shape = (len(common), len(asked.figures), len(asked.sides), len(asked.states))
    level = np.empty(shape)
    for at, ensemble in zip(families, ensembles, strict=True):
        place = {draw: row for row, draw in enumerate(ensemble.answered)}
        level[..., list(at)] = ensemble.values["level"][[place[draw] for draw in common]]
    first = ensembles[0]
    rows = [first.answered.index(draw) for draw in common]
    done = min(e.done for e in ensembles)
    failures = {f.draw: f for e in ensembles for f in e.failures if f.draw < done}
    joined = replace(
        first,
        values={"level": level, "difference": asked.differences(level)},
        parameters={name: values[rows] for name, values in first.parameters.items()},
        done=done,
        failed=done - len(common),
        failures=tuple(failures[draw] for draw in sorted(failures)),
    )
    joined.required()
    return joined


def _states(
    first: State,
    lift: Sequence[Sequence[str]],
    impose: Sequence[Sequence[str]],
    dates: list[dt.date],
    scenarios: Sequence[NamedScenario | str],
) -> list[State]:
    case, day, in_force = first.case, first.day, first.measures
    # Beside the regimes of other days, that of the day says which it is.
    out = [replace(first, label=f"regime of {day}") if dates else first]
    if not lift and not impose and not dates and not scenarios:
        out += [_switched(first, f"without {m}", {m: False}) for m in in_force]
        if len(in_force) > 1:
            out.append(_switched(first, "all lifted", dict.fromkeys(in_force, False)))
        return out
    for gone in lift:
        names = [case.measure(m).id for m in _names(gone)]
        note = _not_in_force([m for m in names if m not in in_force], day, "not in force", "lift")
        label = f"without {' '.join(names)}"
        out.append(_switched(first, label, dict.fromkeys(names, False), note))
    for more in impose:
        names = [case.measure(m).id for m in _names(more)]
        note = _not_in_force([m for m in names if m in in_force], day, "in force already", "impos")
        label = f"with {' '.join(names)}"
        out.append(_switched(first, label, dict.fromkeys(names, True), note))
    for other in dates:
        measures = tuple(m.id for m in case.regime(other))
        label = f"regime of {other}"
        out.append(replace(first, label=label, day=other, measures=measures, is_reference=True))
    for scenario in scenarios:
        out.append(state_of(case, scenario))
    return out


def _switched(first: State, label: str, measures: dict[str, bool], note: str = "") -> State:
    """The first state with some measures switched on or off."""
    scenario = NamedScenario(label=label, date=first.day, measures=measures)
    case = first.case.in_scenario(scenario)
    return replace(
        first, label=label, case=case, measures=tuple(m.id for m in case.regime()), note=note
    )


def _names(measures: Sequence[str]) -> Sequence[str]:
    return [measures] if isinstance(measures, str) else measures


def _not_in_force(names: list[str], day: dt.date, state: str, doing: str) -> str:
    if not names:
        return ""
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"{', '.join(names)} {verb} {state} on {day}, so that {doing}ing {them} changes nothing."


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
        name = parties[label].name
        sides.append(Side(label, name, codes, prose_of(name)))
    return sides
