"""Several regimes of one case side by side, and what a name on the command line stands for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from detente.case import CaseError, Fault
from detente.study.assessing import negligible, touches_trade
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

    A measure is idle when no flow of the base year meets what it sets, or when, on the date, all
    that it sets is already set by others (a lock that another measure keeps closed).
    """
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    if not case.has_trade:
        return list(case.idle_talks())
    scenarios = Scenarios(case, date=day)
    in_force = [m.id for m in case.regime(day)]
    idle = []
    for measure in case.trade_measures:
        if not touches_trade(scenarios, measure):
            idle.append((measure.id, "no flow of the base year meets what it sets."))
            continue
        rest = [m for m in in_force if m != measure.id]
        other = rest if measure.id in in_force else [*in_force, measure.id]
        margin = (
            scenarios.equilibrium(in_force).equivalent_variation.values
            - scenarios.equilibrium(other).equivalent_variation.values
        )
        if negligible(margin):
            verb = "lifting" if measure.id in in_force else "imposing"
            idle.append(
                (
                    measure.id,
                    f"{verb} it alone on {day} changes nothing, since other measures in force set "
                    f"the same (it does have an effect without them).",
                )
            )
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
) -> dict[str, Any]:
    """The regime of a day and variants of it, on the same axes, as plain data.

    Args:
        case: a case or its name.
        date: the day; the case's own if None.
        lift: sets of measures to lift, a scenario each.
        impose: sets of measures to impose, a scenario each.
        countries: ISO3 codes or ids of parties to show; all parties if empty.
        dates: other days, whose regimes are set beside this one.
        horizon: as in `assess`.
        transfers: as in `assess`.
        tolerance: as in `assess`.

    Raises:
        CaseError: an unknown measure or party, with near ones.
        ShockError: as in `assess`.
    """
    if isinstance(case, str):
        from detente.case import load_case

        case = load_case(case)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date or case.date
    scenarios = Scenarios(case, date=day, horizon=horizon, transfers=transfers, tolerance=tolerance)
    in_force = [m.id for m in case.regime(day)]
    variants = _variants(case, in_force, lift, impose, bool(dates))
    scenarios.solve_together(chosen for _, chosen in variants)
    world = scenarios.world
    rows = _rows(case, world, day, countries)
    snapshots = [scenarios.snapshot(chosen) for _, chosen in variants]
    for other in map(dt.date.fromisoformat, dates or []):
        chosen = [m.id for m in case.regime(other)]
        variants.append((f"regime of {other}", chosen))
        snapshots.append(scenarios.on(other).snapshot(chosen))
    return {
        "case": case.name,
        "title": case.title,
        "date": day.isoformat(),
        "horizon": horizon or case.horizon,
        "transfers": scenarios.transfers,
        "scenarios": [
            {
                "label": label,
                "measures": list(shot.measures),
                "certificate": shot.certificate.sentence,
            }
            for (label, _), shot in zip(variants, snapshots, strict=True)
        ],
        "rows": [
            {
                "id": identifier,
                "label": label,
                "countries": [world.countries[n] for n in where],
                "equivalent_variation": [
                    float(s.equivalent_variation_n[where].sum()) for s in snapshots
                ],
                "real_income_change": [
                    float(s.equivalent_variation_n[where].sum() / world.income_n[where].sum())
                    for s in snapshots
                ],
            }
            for identifier, label, where in rows
        ],
    }


def _variants(
    case: Case,
    in_force: list[str],
    lift: list[list[str]],
    impose: list[list[str]],
    dated: bool,
) -> list[tuple[str, list[str]]]:
    out = [("regime", list(in_force))]
    if not lift and not impose and not dated:
        out += [(f"without {m}", [x for x in in_force if x != m]) for m in in_force]
        if len(in_force) > 1:
            out.append(("all lifted", []))
        return out
    for gone in lift:
        names = [case.measure(m).id for m in gone]
        out.append((f"without {' '.join(names)}", [m for m in in_force if m not in names]))
    for more in impose:
        names = [case.measure(m).id for m in more]
        out.append((f"with {' '.join(names)}", list(dict.fromkeys([*in_force, *names]))))
    return out


def _rows(
    case: Case, world: World, day: dt.date, countries: list[str]
) -> list[tuple[str, str, list[int]]]:
    parties = {p.id: p for p in case.parties}
    wanted = countries or [p.id for p in case.parties if p.members]
    rows = []
    for label in wanted:
        codes = case.members(label, world, day) if label in parties else (label,)
        if not codes:
            message = f"the party {label} speaks for no country of the world {world.name}."
            raise CaseError([Fault(0, "parties", message, "Name another.")], case.name)
        name = parties[label].name if label in parties else label
        rows.append((label, name, [world.country(c) for c in codes]))
    return rows
