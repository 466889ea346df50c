"""Numbers of an equilibrium that claims are held against, from a market of three by hand."""

from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import metrics
from detente.analysis.measure_effects import NOISE
from detente.cases import CaseError

COUNTRIES = ("A", "B", "C")
DAY, EVE = dt.date(2023, 1, 1), dt.date(2022, 12, 31)

#: By market and origin: what is spent, and million tonnes.
SPENT = np.array([[10.0, 30.0, 0.0], [20.0, 40.0, 40.0], [0.0, 0.0, 0.0]])
TONNES = np.array([[0.1, 0.2, 0.0], [0.1, 0.4, 0.25], [0.0, 0.0, 0.0]])
TARIFF = np.array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.25], [0.0, 0.0, 0.0]])


def scenarios(
    variation: tuple[float, ...] = (-6.0, -2.0, 1.0), *, route_choices: tuple[Any, ...] = ()
) -> Any:
    total = SPENT.sum(axis=1)
    outcome = SimpleNamespace(
        share_ni=np.divide(SPENT, total[:, None], out=np.zeros((3, 3)), where=total[:, None] > 0),
        tonnes_ni=TONNES,
        price_paid_n=np.array([200.0, 125.0, np.nan]),
        price_received_n=np.array([100.0, 200.0, np.nan]),
        sales_n=np.array([30.0, 80.0, 0.0]),
    )
    shot = SimpleNamespace(
        equivalent_variation_n=np.array(variation),
        transit_revenue_n=np.array([1.0, 2.0, 4.0]),
        commodities={"POTASH": outcome},
    )
    world = SimpleNamespace(
        countries=COUNTRIES, country=COUNTRIES.index, good=lambda name: 1,
        income_n=np.array([100.0, 300.0, 50.0]),
    )  # fmt: skip
    solved = SimpleNamespace(
        solution=SimpleNamespace(spending_jn=np.stack([np.ones(3), total])),
        wedges=SimpleNamespace(good=lambda j: (None, TARIFF, None)),
    )
    return SimpleNamespace(
        world=world, case=SimpleNamespace(name="toy", route_choices=route_choices),
        snapshot=lambda measures: shot, equilibrium=lambda measures: solved,
    )  # fmt: skip


def output(quantity: str, of: str, **more: Any) -> float:
    given = {k: tuple(v.split()) if k != "commodity" else v for k, v in more.items()}
    return metrics.output(scenarios(), quantity, ("ban",), tuple(of.split()), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quantity", "of", "more", "expected"),
    [
        ("equivalent_variation", "A B", {}, -8.0),
        ("real_income_change", "A B", {}, -8.0 / 400),
        ("transit_revenue", "B C", {}, 6.0),
        ("boomerang", "B", {"target": "A"}, 2 / 6),
        ("boomerang", "B", {"target": "C"}, math.nan),
        ("sales", "A B", {}, 110.0),
        # Tonnes sold are what is earned over the price.
        ("price_received", "A B", {}, 110.0 / (0.3 + 0.4)),
        ("price_received", "C", {}, math.nan),
        ("tonnes", "A B", {}, 1.05),
        ("tonnes", "A B", {"supplier": "A C"}, 0.45),
        ("price_paid", "A B C", {}, 140.0 / (40 / 200 + 100 / 125)),
        ("price_paid", "C", {}, math.nan),
        ("supplier_share", "A B", {"supplier": "B"}, 70 / 140),
        ("supplier_share", "C", {"supplier": "B"}, math.nan),
        # Without what each supplies to itself.
        ("import_share", "A B", {"supplier": "B"}, 30 / 90),
        ("largest_share", "A B", {}, 0.5),
        ("largest_share", "C", {}, math.nan),
        ("herfindahl", "A", {}, 0.25**2 + 0.75**2),
        # At the border, without the duty: 20 over 0.2 against 32 over 0.25.
        ("unit_value_ratio", "A B", {"supplier": "B", "rival": "C"}, (20 / 0.2) / (32 / 0.25)),
        ("unit_value_ratio", "A B", {"supplier": "B"}, (20 / 0.2) / ((20 + 32) / (0.1 + 0.25))),
        ("unit_value_ratio", "A", {"supplier": "C"}, math.nan),
    ],
)
def test_numbers_by_hand(quantity: str, of: str, more: dict[str, str], expected: float) -> None:
    economy = quantity in ("equivalent_variation", "real_income_change", "transit_revenue",
                           "boomerang")  # fmt: skip
    given = more if economy else {"commodity": "POTASH", **more}
    assert output(quantity, of, **given) == pytest.approx(expected, nan_ok=True)


def test_numbers_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CaseError, match="sales needs a commodity"):
        output("sales", "A")
    of_two = scenarios(
        route_choices=(SimpleNamespace(commodity="POTASH"), SimpleNamespace(commodity="OIL"))
    )
    with pytest.raises(CaseError, match="fees on POTASH cannot be told from those on OIL"):
        metrics.output(of_two, "transit_revenue", (), ("A",), commodity="POTASH")
    assert metrics.output(of_two, "transit_revenue", (), ("A",)) == 1.0
    one = scenarios(route_choices=(SimpleNamespace(commodity="POTASH"),))
    assert metrics.output(one, "transit_revenue", (), ("A",), commodity="POTASH") == 1.0


def reading(quantity: str, change: str) -> Any:
    chosen = SimpleNamespace
    return SimpleNamespace(
        quantity=quantity, change=change, scenario="now", against="before", commodity=None,
        of=chosen(codes=("A",)), supplier=None, rival=None, target=chosen(codes=("B",)),
    )  # fmt: skip


def value(quantity: str, change: str, now: float, before: float) -> float:
    def at(level: float) -> Any:
        found = scenarios((level, -4.0 if level == now else 0.0, 0.0))
        found.world.income_n = np.ones(3)
        return found

    where = {"now": (("ban",), DAY), "before": ((), EVE)}
    both: Any = {DAY: at(now), EVE: at(before)}
    here = at(now)
    here.case = SimpleNamespace(
        name="toy",
        route_choices=(),
        scenario=where.__getitem__,
        chosen=lambda choice, *_: choice.codes,
    )
    for one in both.values():
        one.case = here.case
    return metrics.test_value(here, reading(quantity, change), both)


def test_levels_and_changes() -> None:
    assert value("equivalent_variation", "level", 6.0, 4.0) == 6.0
    assert value("equivalent_variation", "absolute", 6.0, 4.0) == 2.0
    assert value("equivalent_variation", "relative", 6.0, 4.0) == 0.5
    assert math.isnan(value("equivalent_variation", "relative", 6.0, 0.0))
    # What is less than the noise between two solutions counts as nothing.
    assert value("equivalent_variation", "absolute", 4.0 + 0.9 * NOISE, 4.0) == 0.0
    assert value("equivalent_variation", "absolute", 4.0 - 2 * NOISE, 4.0) == pytest.approx(-0.1)
    assert value("real_income_change", "absolute", 4.0 + 0.9 * NOISE, 4.0) != 0.0
    # A boomerang is of the change: A loses 2 where B loses 4.
    assert value("boomerang", "level", 2.0, 4.0) == pytest.approx(0.5)


def test_what_readings_need_solved() -> None:
    where = {"now": (("ban",), DAY), "before": ((), EVE)}
    days: list[dt.date] = []

    def on(day: dt.date) -> Any:
        days.append(day)
        return f"on {day}"

    here: Any = SimpleNamespace(case=SimpleNamespace(scenario=where.__getitem__), on=on)
    level, change = reading("sales", "level"), reading("sales", "absolute")
    assert metrics.reading_sets(here, [level]) == [(f"on {DAY}", [("ban",)])]
    assert metrics.reading_sets(here, [level, change, change]) == [
        (f"on {DAY}", [("ban",)]), (f"on {EVE}", [()])
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        solved: list[Any] = []
        patch.setattr(metrics, "solve_days", solved.extend)
        assert metrics.solved_days(here, [change]) == {DAY: f"on {DAY}", EVE: f"on {EVE}"}
    assert len(solved) == 2
