"""Tables of countries: who gains and who pays under the regime."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.brief import wording as w
from detente.brief.names import in_sentence, name_of
from detente.brief.options import NEGLIGIBLE
from detente.brief.table import Cell, Column, Table, day, welfare

if TYPE_CHECKING:
    from detente.brief.page import Band, Page
    from detente.study.assessment import Assessment

PAYING, GAINING, WORLD = "All who pay", "All who gain", "World"


def gains_table(a: Assessment, page: Page) -> Table:
    """Every country by what the regime does to it, those whom it moves most first."""
    value = a.regime.equivalent_variation_n
    percent = 100 * a.regime.real_income_change_n
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(a.world.countries[n]),
            a.world.countries[n],
            float(value[n]),
            float(percent[n]),
        )
        for n in page.keep("gains", lambda: np.argsort(-np.abs(value), kind="stable"))
    ]
    return Table(
        "gains",
        "Who gains and who pays",
        page.say(lambda: _gains_sentence(a, page)),
        (
            Column("country", "Country"),
            Column("code", "Code"),
            welfare("equivalent_variation", "Effect of the regime", "USD million a year", value),
            replace(welfare("real_income", "Real income", "%", percent), decimals=4),
        ),
        tuple(rows),
        note="Against the base year without the case's measures. Equivalent variation in USD of "
        f"{a.world.year}.",
        lead=12,
    )


def totals_table(a: Assessment, page: Page) -> Table:
    """What those who pay, those who gain and all economies come to."""
    value = a.regime.equivalent_variation_n
    rows = [
        (PAYING, float(value[value < 0].sum())),
        (GAINING, float(value[value > 0].sum())),
        (WORLD, float(value.sum())),
    ]
    return Table(
        "totals",
        "All economies together",
        page.say(
            lambda: (
                f"Those who pay lose {w.money(rows[0][1], _total(page, PAYING))} a year, those who "
                f"gain win {w.money(rows[1][1], _total(page, GAINING))}."
            )
        ),
        (
            Column("who", "Who"),
            welfare("equivalent_variation", "Effect of the regime", "USD million a year", value),
        ),
        tuple(rows),
        note="A sum of money over economies, in which a dollar counts the same everywhere.",
    )


def _total(page: Page, row: str) -> Band | None:
    return page.band("totals", row, "equivalent_variation")


def _gains_sentence(a: Assessment, page: Page) -> str:
    value = a.regime.equivalent_variation_n
    order = np.argsort(value, kind="stable")
    worst, best = int(order[0]), int(order[-1])
    codes = a.world.countries

    def band(n: int) -> Band | None:
        return page.band("gains", name_of(codes[n]), "equivalent_variation")

    def income(n: int) -> str:
        return w.sizes(page.band("gains", name_of(codes[n]), "real_income"))

    if max(-value[worst], value[best]) < NEGLIGIBLE:
        return f"The regime of {day(a.date)} moves no country by USD 0.1 million a year."
    gainers, payers = value > NEGLIGIBLE, value < -NEGLIGIBLE
    text = f"Under the regime of {day(a.date)}"
    parts = []
    if payers.any():
        verb = "pays" if payers.sum() == 1 else "together pay"
        parts.append(
            f"{w.count(int(payers.sum()), 'economy', 'economies')} {verb} "
            f"{w.money(float(value[payers].sum()), _total(page, PAYING))} a year, most of all "
            f"{in_sentence(codes[worst])} with {w.money(float(value[worst]), band(worst))}, "
            f"{w.percent(a.regime.real_income_change_n[worst])}{income(worst)} of its real income"
        )
    if gainers.any():
        verb = "gains" if gainers.sum() == 1 else "gain"
        parts.append(
            f"{w.count(int(gainers.sum()), 'economy', 'economies')} {verb} "
            f"{w.money(float(value[gainers].sum()), _total(page, GAINING))}, most of all "
            f"{in_sentence(codes[best])} with {w.money(float(value[best]), band(best))}"
        )
    whole = float(value.sum())
    return (
        f"{text}, {'; '.join(parts)}. The world as a whole {'loses' if whole < 0 else 'gains'} "
        f"{w.money(whole, _total(page, WORLD))} a year."
    )
