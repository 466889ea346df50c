"""Several regimes of one case side by side, and what a name on the command line stands for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from detente.case import CaseError, Fault
from detente.study.assessing import NOISE, negligible, touches_trade
from detente.study.comparing_figures import Chosen, Comparer, Side, figures_of
from detente.study.comparing_result import Comparison
from detente.study.scenarios import Scenarios

if TYPE_CHECKING:
    from detente.case import Case
    from detente.world import World


def find_world(name: str) -> World:
    """A base year by what a user may call it: a bundled or saved world, a table, or a case."""
    from pathlib import Path

    from detente.case import cases, load_case
    from detente.study.economy import world_of
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


def comparison(
    case: Case | str,
    date: dt.date | str | None = None,
    *,
    lift: list[list[str]],
    impose: list[list[str]],
    countries: list[str],
    dates: list[str] | None = None,
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
        lift: sets of measures to lift, a scenario each.
        impose: sets of measures to impose, a scenario each.
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
    """
    if isinstance(case, str):
        from detente.case import load_case

        case = load_case(case)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    scenarios = Scenarios(case, date=day, horizon=horizon, transfers=transfers, tolerance=tolerance)
    chosen = _scenarios(case, day, lift, impose, list(map(dt.date.fromisoformat, dates or [])))
    sides = _sides(case, scenarios.world, day, countries)
    comparer = Comparer(figures_of(case), tuple(chosen), tuple(sides))
    values = comparer(scenarios)
    ensemble = None
    if draws:
        from detente.study.uncertainty import run_draws

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
    lift: list[list[str]],
    impose: list[list[str]],
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
        names = [case.measure(m).id for m in gone]
        idle = [m for m in names if m not in in_force]
        label = f"without {' '.join(names)}"
        note = _not_in_force(idle, day, "not in force", "lifting")
        out.append(Chosen(label, day, _less(in_force, names), note))
    for more in impose:
        names = [case.measure(m).id for m in more]
        idle = [m for m in names if m in in_force]
        note = _not_in_force(idle, day, "in force already", "imposing")
        measures = tuple(dict.fromkeys([*in_force, *names]))
        out.append(Chosen(f"with {' '.join(names)}", day, measures, note))
    for other in dates:
        measures = tuple(m.id for m in case.regime(other))
        out.append(Chosen(f"regime of {other}", other, measures, is_reference=True))
    return out


def _less(in_force: tuple[str, ...], gone: list[str]) -> tuple[str, ...]:
    return tuple(m for m in in_force if m not in gone)


def _not_in_force(names: list[str], day: dt.date, state: str, doing: str) -> str:
    if not names:
        return ""
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"{', '.join(names)} {verb} {state} on {day}, so that {doing} {them} changes nothing."


def _sides(case: Case, world: World, day: dt.date, countries: list[str]) -> list[Side]:
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
