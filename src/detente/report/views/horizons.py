"""Short, medium and long run side by side: welfare, prices, and the elasticities behind them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.options import EVERYTHING, NEGLIGIBLE, Option, lifting_options
from detente.analysis.places import Place, collapse, parties_of
from detente.report.table import GENERAL, Cell, Column, Table, as_float, numbers, welfare
from detente.report.views.basis import _range, linked
from detente.report.views.commodities import main_markets, paid
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment, CommodityOutcome, MeasureEffect
    from detente.report.table import Page


MONEY = "USD million a year"

#: Reading order of the horizons that every world knows; others follow.
ORDER = ("short", "medium", "long")

Runs = dict[str, "Assessment"]


def runs_of(a: Assessment, horizons: Runs) -> Runs:
    """The assessment among those at other horizons, from the short run to the long."""
    known = {**horizons, a.horizon: a}
    return {h: known[h] for h in [*ORDER, *(h for h in known if h not in ORDER)] if h in known}


def horizons_table(a: Assessment, runs: Runs, page: Page) -> Table:
    """What the regime does to each party, and lifting to its author and target, by horizon."""
    rows: list[tuple[Cell, ...]] = [
        (
            "Under the regime",
            p.name,
            "",
            *(p.total(r.regime.equivalent_variation_n) for r in runs.values()),
        )
        for p in parties_of(a)
    ]
    gains = {h: {o.id: o.gain_n for o in lifting_options(r)} for h, r in runs.items()}
    for option in lifting_options(a):
        for place, role in page.keep(f"horizons {option.id}", partial(_concerned, a, option)):
            values = [
                place.total(gains[h][option.id]) if option.id in gains[h] else None for h in runs
            ]
            rows.append((option.label, place.name, role, *values))
    every = [v for row in rows for v in row[3:]]
    return Table(
        "horizons",
        "Short, medium and long run",
        page.say(lambda: horizons_sentence(a, runs, page)),
        (
            Column("change", "Change", group=True),
            Column("country", "Country"),
            Column("role", "Role"),
            *(welfare(h, f"{w.sentence(h)} run", MONEY, every) for h in runs),
        ),
        tuple(rows),
        note="Equivalent variation: of the regime against the base year without measures, of "
        "lifting against the regime. Each run stands for an economy that has had about that time "
        "to adjust; demand, other shocks and stocks are as in the base year. Lines of lifting: "
        "those whose measure it is, and those whom it hits. A union includes its members.",
        lead=len(parties_of(a)) + 8,
    )


def _concerned(a: Assessment, option: Option) -> list[tuple[Place, str]]:
    """Whose the measures of an option are, and whom they hit."""
    effects = [e for e in a.effects if e.in_force and e.has_effect and _part(option, e)]
    authors = collapse(a, tuple(dict.fromkeys(c for e in effects for c in e.authors)))
    targets = collapse(a, tuple(dict.fromkeys(c for e in effects for c in e.targets)))
    both = {p.key for p in authors} & {p.key for p in targets}
    named = [(p, "author and target" if p.key in both else "author") for p in authors]
    return named + [(p, "target") for p in targets if p.key not in both]


def _part(option: Option, effect: MeasureEffect) -> bool:
    return option.id == EVERYTHING or effect.measure.id not in option.snapshot.measures


def horizons_sentence(a: Assessment, runs: Runs, page: Page) -> str:
    """'The regime costs Belarus USD 1.4 billion a year in the short run, 1.1 billion …'."""
    parties = parties_of(a)
    if not parties:
        return "The case names no party that the world lists."
    place = max(parties, key=lambda p: abs(p.total(a.regime.equivalent_variation_n)))
    totals = {h: place.total(r.regime.equivalent_variation_n) for h, r in runs.items()}
    if max(abs(v) for v in totals.values()) < NEGLIGIBLE:
        return "The regime moves no party noticeably over any of these horizons."
    verb = "costs" if totals[a.horizon] < 0 else "brings"
    parts = w.listing(
        f"{w.money(v, page.band('horizons', ('Under the regime', place.name), h))} a year in the "
        f"{h} run"
        for h, v in totals.items()
    )
    return f"The regime {verb} {place.prose} {parts}."


def horizon_prices_table(a: Assessment, runs: Runs, good: str, page: Page) -> Table:
    """Prices paid in the main markets under the regime, by horizon."""
    base = a.base.commodities[good]
    markets = page.keep(f"{good}-markets", lambda: main_markets(a, base, parties_of(a)))
    rows: list[tuple[Cell, ...]] = []
    for place in markets:
        before = paid(base, place)
        after = [paid(r.regime.commodities[good], place) for r in runs.values()]
        rows.append((place.name, before, *after, *(_change(before, v) for v in after)))
    changes = [v for row in rows for v in row[2 + len(runs) :]]
    return Table(
        f"{good}-horizon-prices",
        f"{base.label}: prices paid by horizon",
        page.say(lambda: _price_sentence(base, runs, markets, rows, page)),
        (
            Column("market", "Market"),
            Column("before", "Before", "USD per tonne", "number"),
            *(Column(h, f"{w.sentence(h)} run", "USD per tonne", "number") for h in runs),
            *(
                numbers(f"{h}_change", f"{w.sentence(h)} run", "%", changes, signed=True)
                for h in runs
            ),
        ),
        tuple(rows),
        note="The base price times the exact index of delivered prices, taxes included, under the "
        "regime; on the right its change against the base year.",
    )


def _change(before: float, after: float) -> float | None:
    return float(100 * (after / before - 1)) if before > 0 else None


def _price_sentence(
    base: CommodityOutcome,
    runs: Runs,
    markets: list[Place],
    rows: list[tuple[Cell, ...]],
    page: Page,
) -> str:
    """The market whose bill the regime changes most over any horizon."""
    good = lower_first(base.label)
    bought = [p.total(base.tonnes_ni.sum(axis=1)) for p in markets]
    sizes = [
        tonnes * max(abs(as_float(v) - as_float(row[1])) for v in row[2 : 2 + len(runs)])
        for tonnes, row in zip(bought, rows, strict=True)
    ]
    if not sizes or max(sizes) < NEGLIGIBLE:
        return f"The regime changes no price of {good} noticeably over any of these horizons."
    k = max(range(len(rows)), key=lambda k: sizes[k])
    parts = w.listing(
        f"{w.number(as_float(v), 1, signed=True)} %{_band(page, base.good, markets[k].name, h)} in "
        f"the {h} run"
        for h, v in zip(runs, rows[k][2 + len(runs) :], strict=True)
    )
    return (
        f"Counted in money, the price of {good} moves most in the market of {markets[k].prose}: "
        f"{parts}."
    )


def _band(page: Page, good: str, market: str, horizon: str) -> str:
    band = page.band(f"{good}-horizon-prices", market, f"{horizon}_change")
    return w.within(band, lambda end: w.number(end, 1, signed=True))


def horizon_parameters_table(a: Assessment, runs: Runs) -> Table:
    """The elasticities behind each horizon, with range and source."""
    from detente.trade import horizon_parameters

    stored = horizon_parameters()
    rows: list[tuple[Cell, ...]] = []
    for h in (h for h in runs if h in stored):
        entry = stored[h]
        rows += [
            (
                str(entry["label"]),
                w.sentence(key.replace("_", " ")),
                float(p["value"]),
                _range(p.get("range")),
                p["unit"],
                linked(p["source"]),
                p.get("note", ""),
            )
            for key, p in entry.items()
            if isinstance(p, dict)
        ]
        factor = float(entry["trade_elasticity_factor"]["value"])
        rows += [
            (
                str(entry["label"]),
                f"Trade elasticity of {lower_first(c.label)}",
                factor * float(a.world.trade_elasticity_j[a.world.goods.index(c.name)]),
                "",
                "elasticity",
                linked("factor above times the long-run elasticity under Assumptions"),
                "",
            )
            for c in a.case.commodities
        ]
    return Table(
        "horizon-parameters",
        "What sets the horizons apart",
        f"{w.sentence(w.count(len({row[1] for row in rows}), 'number'))} set the horizons apart: "
        "how strongly trade answers to cost, how easily inputs replace each other, and how much "
        "capital stays in its sector.",
        (
            Column("horizon", "Horizon", group=True),
            Column("parameter", "Parameter"),
            Column("value", "Value", kind="number", decimals=GENERAL),
            Column("range", "Range"),
            Column("unit", "Unit"),
            Column("source", "Source", kind="links"),
            Column("note", "Note"),
        ),
        tuple(rows),
        note="All other parameters are those under Assumptions at every horizon.",
    )
