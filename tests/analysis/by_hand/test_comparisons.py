"""Scenarios side by side, on invented equilibria of five countries."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from invented_assessment import BEFORE, CODES, DAY, UNDER, shot

from detente._document import plain
from detente.analysis import comparisons
from detente.analysis.comparisons import (
    Comparer,
    Comparison,
    Figure,
    Side,
    State,
    compared,
    figures_of,
    regime_state,
)
from detente.cases import Case, CaseError, load_case
from detente.cases.resolve import world_of

WORLD: Any = SimpleNamespace(
    countries=CODES, country=CODES.index, income_n=np.array([1000.0, 2000, 3000, 500, 9000])
)
SIDES = (
    Side("BLR", "Belarus", ("BLR",)),
    Side("EU", "European Union", ("DEU", "LTU"), "the European Union"),
    Side("*", "All", CODES),
)
nan = float("nan")


@functools.cache
def belarus() -> Case:
    return load_case("belarus")


def state(label: str, **more: Any) -> State:
    given: dict[str, Any] = {"horizon": "long", "transfers": "fixed", **more}
    return State(label, belarus(), DAY, ("a", "b"), **given)


def made(*states: State, shots: tuple[Any, ...]) -> Comparison:
    case = belarus()
    asked = Comparer(figures_of(case), states, SIDES)
    return compared(case, asked, [(WORLD, s) for s in shots])


def three() -> Comparison:
    return made(
        state("regime"), state("all lifted"), state("regime of old", is_reference=True),
        shots=(
            shot(("a", "b"), [-30.0, 12, -4, -6, 2.5], transit=(0, 0, 1.0, 5.0, 0)),
            shot((), [0.0] * 5, BEFORE, transit=(0.0, 0, 0, 26.0, 0)),
            shot(("a",), [-20.0, 12, -4.5, -5, 2.5], transit=(0.0, 0, 0, 26.0, 0)),
        ),
    )  # fmt: skip


def test_what_is_compared() -> None:
    case = belarus()
    keys = [(f.key, f.commodity, f.unit, f.is_share) for f in figures_of(case)]
    assert keys == [
        ("equivalent_variation", None, "USD million a year", False),
        ("real_income_change", None, "fraction", True),
        ("transit_revenue", None, "USD million a year", False),
        ("price_paid", "POTASH", f"USD per {case.commodities[0].unit}", False),
        ("largest_share", "POTASH", "fraction", True),
        ("tonnes", "POTASH", f"million {case.commodities[0].unit} a year", False),
        ("sold", "POTASH", f"million {case.commodities[0].unit} a year", False),
        ("sales", "POTASH", "USD million a year", False),
    ]
    bare = [f.key for f in figures_of(case.model_copy(update={"commodities": ()}))]
    assert bare[:2] == ["equivalent_variation", "real_income_change"]
    assert ("transit_revenue" in bare) == bool(
        case.model_copy(update={"commodities": ()}).route_choices
    )
    none: Any = SimpleNamespace(route_choices=(), commodities=())
    assert [f.key for f in figures_of(none)] == ["equivalent_variation", "real_income_change"]


def test_figures_of_sides_by_hand() -> None:
    found = three()
    expected = {
        "equivalent_variation": ([-30, 0, -20], [-10, 0, -9.5], [-25.5, 0, -15]),
        "real_income_change": (
            [-0.03, 0, -0.02], [-10 / 3500, 0, -9.5 / 3500], [-25.5 / 15500, 0, -15 / 15500]
        ),
        "transit_revenue": ([0, 0, 0], [6, 26, 26], [6, 26, 26]),
    }  # fmt: skip
    for key, rows in expected.items():
        for side, row in zip(("BLR", "EU", "*"), rows, strict=True):
            assert found.of("level", key, side).tolist() == pytest.approx(row)
    # The Union pays by tonnes 2 of 300 and 0.4 of 310 before, 1.9 of 320 and 0.4 of 340 now.
    union = [(1.9 * 320 + 0.4 * 340) / 2.3, 724 / 2.4, (1.9 * 320 + 0.4 * 340) / 2.3]
    assert found.of("level", "price_paid", "EU", "POTASH").tolist() == pytest.approx(union)
    shares = [412.5 / 652.5, 300 / 555, 412.5 / 652.5]
    assert found.of("level", "largest_share", "EU", "POTASH").tolist() == pytest.approx(shares)
    for key, row in {
        "tonnes": [2.3, 2.4, 2.3], "sold": [1.75, 1.2, 1.75], "sales": [481.25, 300, 481.25]
    }.items():  # fmt: skip
        assert found.of("level", key, "EU", "POTASH").tolist() == pytest.approx(row)
    # Against another day the first is held; else each scenario is held against the first.
    gains = found.of("difference", "equivalent_variation", "EU")
    assert gains.tolist() == pytest.approx([0, 10, -0.5])
    assert found.of("difference", "equivalent_variation", "BLR").tolist() == [0, 30, -10]
    with pytest.raises(KeyError, match="No price_paid of EU is compared"):
        found.of("level", "price_paid", "EU")
    nobody = shot((), [0.0] * 5, np.zeros((5, 5)))
    empty = made(state("regime"), shots=(nobody,))
    assert np.isnan(empty.of("level", "largest_share", "EU", "POTASH")).all()
    assert np.isnan(empty.of("level", "price_paid", "EU", "POTASH")).all()


def test_sentences_and_notes_of_scenarios() -> None:
    found = three()
    assert found.sentences == (
        "Against ‘regime’: ‘all lifted’ moves Belarus most (+30 USD million a year) and ‘regime "
        "of old’ moves Belarus most (−10 USD million a year).",
    )
    assert found.notes == ()
    assert found.states[1].less(found.states[0]) == "all lifted less regime"
    assert found.states[2].less(found.states[0]) == "regime less regime of old"
    one = made(state("regime"), shots=(shot((), [0.0] * 5),))
    assert one.sentences == ("One scenario; name another to compare.",)

    def moved(*gain: float, note: str = "") -> Comparison:
        return made(
            state("regime"), state("other", note=note),
            shots=(shot((), [0.0] * 5), shot((), list(gain))),
        )  # fmt: skip

    # All countries together are no side where others are.
    assert moved(0.3, 90, 0.3, 0.3, 9).sentences == (
        "Against ‘regime’: ‘other’ moves the European Union most (+0.6 USD million a year).",
    )
    assert moved(0.4, 90, 0.2, 0.29, 9).sentences == ("Against ‘regime’: ‘other’ moves no one.",)
    assert moved(-0.5, 0, 0.2, 0.29, 9).sentences == (
        "Against ‘regime’: ‘other’ moves Belarus most (−0.5 USD million a year).",
    )
    idle = (
        "other: moves nobody here by USD 50 thousand a year against ‘regime’, as where other "
        "measures set the same or it sets next to nothing."
    )
    assert moved(0.02, 0.0, 0.01, 0.01, 0.0).notes == (idle,)
    assert moved(0.05, 0.0, 0.01, 0.01, 0.0).notes == ()
    assert moved(0, 0, 0, 0, 0.06).notes == ()
    assert moved(9, 0, 0, 0, 0, note="b is not in force.").notes == ("other: b is not in force.",)
    alone = Comparer(found.figures, found.states[:2], SIDES[2:])
    whole = compared(found.case, alone, found.solved[:2])
    assert whole.sentences[0].endswith("moves All most (+25.5 USD million a year).")


def test_a_comparison_as_a_document_and_in_short() -> None:
    found = three()
    stated = plain(found.to_dict())
    assert [s["difference"] for s in stated["scenarios"]] == [
        None, "all lifted less regime", "regime less regime of old"
    ]  # fmt: skip
    assert [s["measures"] for s in stated["scenarios"]] == [["a", "b"], [], ["a"]]
    assert [s["note"] for s in stated["scenarios"]] == ["", "", ""]
    assert stated["scenarios"][0]["certificate"] == "Converged."
    assert stated["unit"] == "USD million a year"
    assert stated["draws"] is None
    row = stated["rows"][0]
    assert row["id"] == "BLR"
    assert row["countries"] == ["BLR"]
    assert row["equivalent_variation"] == [-30, 0, -20]
    assert row["equivalent_variation_difference"] == [0, 30, -10]
    assert row["equivalent_variation_low"] is row["equivalent_variation_high"] is None
    assert "price_paid" not in row
    (potash,) = stated["commodities"]
    assert (potash["id"], potash["rows"][1]["sold"]) == ("POTASH", [1.75, 1.2, 1.75])
    assert "equivalent_variation" not in potash["rows"][1]
    assert found._lines() == (
        f"{found.case.title}, 2025-12-01, long run", "3 scenarios, 8 figures, 3 sides"
    )  # fmt: skip
    title, heads, rows = found._small()
    assert title == "Equivalent variation, USD million a year"
    assert heads == ("", "regime", "all lifted", "regime of old")
    assert rows[0] == ("Belarus", -30.0, 0.0, -20.0)
    wide = made(
        *[state(str(k)) for k in range(6)], shots=tuple(found.solved[0][1] for _ in "123456")
    )
    assert [len(part) for part in wide._small()[1:]] == [5, 3]
    many = Comparer(found.figures, found.states[:1], tuple(SIDES[0] for _ in range(9)))
    assert len(compared(found.case, many, found.solved[:1])._small()[2]) == 8
    frame = found.to_frame()
    assert frame.shape == (8 * 3 * 3, 7)
    (at,) = frame.filter(scenario="all lifted", side="EU", figure="sold").to_dicts()
    assert (at["level"], at["difference"], at["commodity"]) == (
        1.2, pytest.approx(-0.55), "POTASH"
    )  # fmt: skip


def test_bands_stand_in_documents_and_frames() -> None:
    found = three()
    level = np.stack([found.level - 1, found.level + 1])
    ensemble: Any = SimpleNamespace(
        counts={"done": 2},
        band=lambda name: (found.level - 1, found.level + 1) if name == "level" else (
            found.difference - 2, found.difference + 3),
    )  # fmt: skip
    drawn = replace(found, ensemble=ensemble)
    assert level.shape[0] == 2
    row = plain(drawn.to_dict())["rows"][0]
    assert row["equivalent_variation_low"] == [-31, -1, -21]
    assert row["equivalent_variation_high"] == [-29, 1, -19]
    assert row["equivalent_variation_difference_low"] == [-2, 28, -12]
    assert row["equivalent_variation_difference_high"] == [3, 33, -7]
    columns = drawn.to_frame().columns
    assert columns[5:] == [
        "level", "level_low", "level_high", "difference", "difference_low", "difference_high"
    ]  # fmt: skip
    assert drawn.to_frame()["difference_high"][1] == 33.0
    assert found.band("level") is None


def test_states_that_are_asked_for() -> None:
    case = belarus()
    day = case.date
    first = regime_state("regime", case, day)
    assert (first.horizon, first.transfers) == (case.horizon, case.transfers)
    on = first.measures
    plainly = comparisons._states(first, (), (), [], ())
    assert [s.label for s in plainly] == ["regime", *(f"without {m}" for m in on), "all lifted"]
    assert plainly[1].measures == on[1:]
    assert plainly[-1].measures == ()
    lone = comparisons._states(replace(first, measures=on[:1]), (), (), [], ())
    assert [s.label for s in lone] == ["regime", f"without {on[0]}"]
    off = next(m.id for m in case.trade_measures if m.id not in on)
    found = comparisons._states(
        first, [on[:2], off, [on[0], off]], [[off], on[0], on[:2]], [dt.date(2020, 1, 1)], ()
    )
    assert [(s.label, s.note, s.is_reference) for s in found] == [
        (f"regime of {day}", "", False),
        (f"without {on[0]} {on[1]}", "", False),
        (f"without {off}",
         f"{off} is not in force on {day}, so that lifting it changes nothing.", False),
        (f"without {on[0]} {off}",
         f"{off} is not in force on {day}, so that lifting it changes nothing.", False),
        (f"with {off}", "", False),
        (f"with {on[0]}",
         f"{on[0]} is in force already on {day}, so that imposing it changes nothing.", False),
        (f"with {on[0]} {on[1]}",
         f"{on[0]}, {on[1]} are in force already on {day}, so that imposing them changes nothing.",
         False),
        ("regime of 2020-01-01", "", True),
    ]  # fmt: skip
    assert found[1].measures == on[2:]
    assert off in found[4].measures
    assert found[7].measures == tuple(m.id for m in case.regime(dt.date(2020, 1, 1)))
    assert first.family == found[1].family == ((), case.horizon, case.transfers)


def test_whose_figures_are_asked_for() -> None:
    case = belarus()

    world = world_of(case)
    parties = comparisons._sides(case, world, case.date, ())
    assert [s.id for s in parties] == [p.id for p in case.parties if p.members]
    union, poland, one = comparisons._sides(
        case, world, case.date, ["european union", "POL", "Belarus"]
    )
    assert (union.id, len(union.countries), union.prose) == ("EU", 27, "the European Union")
    assert (poland.id, poland.label, poland.countries) == ("POL", "POL", ("POL",))
    assert one.countries == ("BLR",)
    mute = next((p for p in case.parties if not p.members), None)
    if mute is not None:
        with pytest.raises(CaseError, match="speaks for no country"):
            comparisons._sides(case, world, case.date, [mute.id])


def test_progress_of_families_is_that_of_one_run() -> None:
    told: list[int] = []
    assert comparisons._shared(None, 0, 3, 10) is None
    assert comparisons._shared(told.append, 0, 1, 10) is not None
    second = comparisons._shared(told.append, 1, 3, 12)
    assert second is not None
    second(3)
    second(12)
    # Five quarters of three runs are 5 of 12 draws, and two of three are 8.
    assert told == [5, 8]
    alone = comparisons._shared(told.append, 0, 1, 12)
    assert alone is not None
    alone(7)
    assert told[-1] == 7


def test_a_case_without_routes_has_no_income_from_transit() -> None:
    case: Any = SimpleNamespace(route_choices=("x",), commodities=())
    assert [f.key for f in figures_of(case)][-1] == "transit_revenue"
    assert isinstance(belarus(), Case)
    one = Figure("sold", "sold", "t", "POTASH")
    member = np.array([[1.0, 0, 1, 0, 0]])
    assert one.read(shot((), [0.0] * 5, UNDER), WORLD.income_n, member).tolist() == [2.75]
