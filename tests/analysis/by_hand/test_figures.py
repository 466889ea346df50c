"""Every figure and finding of an invented assessment, reckoned by hand."""

from __future__ import annotations

import functools
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from invented_assessment import (
    BEFORE,
    CODES,
    IN_FORCE,
    REGIME_EV,
    UNDER,
    Case,
    assessment,
    effect,
    flow,
    outcome,
    shot,
    terms,
)

from detente.analysis import findings as said
from detente.analysis.answer_data import AnswerData
from detente.analysis.assessment import AssessmentData
from detente.analysis.figures import commodities, effects, partners, routes
from detente.analysis.figures.drawn import headline_figures
from detente.analysis.figures.frame import (
    Bands,
    Figures,
    Frame,
    FrameBands,
    Quantity,
    bands_of_frame,
    figures_with,
    frame_of,
)
from detente.analysis.figures.named_sides import named_sides_of
from detente.analysis.figures.selection import Selection, selection_of
from detente.analysis.figures.trade import frames_of, runs_of
from detente.analysis.options import imposing_options, lifting_options, only_together_n
from detente.analysis.places import Place, collapse, parties_of, prose_of, thirds_of
from detente.analysis.sides import Sender, Sides

DIRECT = ("lift-ban", "lift-embargo", "lift-transit", "lift-rail", "lift-still")
OPTIONS = (*DIRECT, "lift-transit-and-rail", "lift-everything")
A = assessment()


@functools.cache
def selection() -> Selection:
    return selection_of(AnswerData(A))


@functools.cache
def frames() -> dict[str, Frame]:
    return {f.id: f for f in frames_of(AnswerData(A), selection())}


@functools.cache
def plain() -> Figures:
    return figures_with(frames().values(), None)


def same(frame: Frame, expected: dict[Any, list[float]]) -> None:
    """Rows in that order with those values."""
    assert list(frame.rows) == [k if isinstance(k, tuple) else (k,) for k in expected]
    np.testing.assert_allclose(frame.values, list(expected.values()), rtol=1e-9, atol=1e-12)


nan = float("nan")


def test_who_gains_and_what_lifting_brings() -> None:
    assert list(frames()) == [
        "gains", "totals", "options", "cost", "boomerang", "POTASH-flows", "POTASH-producers",
        "POTASH-markets", "POTASH-shares", "POTASH-dependence", "POTASH-routes-BLR", "transit",
        "design-measures",
    ]  # fmt: skip
    same(frames()["gains"], {
        "BLR": [-30, -3], "CAN": [12, 1.2], "DEU": [-4, -0.4], "LTU": [-6, -0.6],
        "USA": [2.5, 0.25],
    })  # fmt: skip
    same(frames()["totals"], {"paying": [-40], "gaining": [14.5], "world": [-25.5]})
    same(frames()["options"], {
        "BLR": [10, 7, 0, 0, 0, 6, 30, 13],
        "EU": [-0.8, 4, -0.02, -0.02, -0.02, 3.5, 10, 6.86],
        "USA": [2, -0.1, 0, 0, 0, 0, -2.5, -4.4],
        "CAN": [-4, -2, 0.01, 0.01, 0.01, -1, -12, -6.03],
        "world": [7.2, 8.9, -0.01, -0.01, -0.01, 8.5, 25.5, 9.43],
    })  # fmt: skip
    columns = frames()["options"].columns
    assert [c.key for c in columns] == [*OPTIONS, "only-together"]
    assert [c.short for c in columns] == [
        "ban", "embargo", "transit", "rail", "still", "transit + rail", "everything", ""
    ]  # fmt: skip
    assert columns[0].label == "Lift ‘The ban’"
    assert columns[5].label == "Lift ‘The transit ban’ and ‘The rail ban’ together"


def test_what_measures_cost_and_how_they_fall_back() -> None:
    still = [0.0, 0.0]
    same(frames()["cost"], {
        ("ban", "BLR"): [-10, -12], ("ban", "USA"): [-2, -1.5], ("ban", "CAN"): [4, 5],
        ("ban", "DEU"): [1, 1], ("ban", "world"): [-7.2, -7.5],
        ("embargo", "BLR"): [-7, -9], ("embargo", "EU"): [-4, -5], ("embargo", "CAN"): [2, 4],
        ("embargo", "world"): [-8.9, -9.7],
        **{(m, place): row for m in ("transit", "rail") for place, row in (
            ("BLR", [0, -5]), ("EU", [0.02, -3]), ("CAN", [-0.01, 1]), ("world", [0.01, -7]))},
        ("still", "BLR"): still, ("still", "USA"): still, ("still", "world"): [0.01, -0.01],
        ("levy", "CAN"): [-3, -3.5], ("levy", "USA"): [1, 1.5], ("levy", "world"): [-1.6, -2],
    })  # fmt: skip
    same(frames()["boomerang"], {
        "ban": [-2, -10, -0.2, 0.125], "embargo": [-4, -7, 4 / 7, 5 / 9],
        "transit": [0.02, 0, nan, 0.6], "rail": [0.02, 0, nan, 0.6], "still": [0, 0, nan, nan],
        "levy": [1, -3, -1 / 3, -0.4],
    })  # fmt: skip
    held = frames()["design-measures"]
    same(held, {
        ("EU", "embargo"): [7, 4, 1.75], ("EU", "transit-and-rail"): [6, 3.5, 6 / 3.5],
        ("US", "ban"): [10, 2, 5], ("US", "still"): [0, 0, nan],
    })  # fmt: skip
    assert held.labels[1] == "The transit ban and The rail ban, together"
    assert [c.label for c in held.columns][:2] == ["Belarus loses", "The sender loses"]


def test_who_sells_what_to_whom() -> None:
    same(frames()["POTASH-flows"], {
        ("BLR", "DEU"): [0.6, 0, -0.6, 120, 0, -120],
        ("BLR", "USA"): [0.5, 0, -0.5, 100, 0, -100],
        ("CAN", "DEU"): [0.2, 0.5, 0.3, 50, 150, 100],
        ("BLR", "LTU"): [0.3, 0, -0.3, 60, 0, -60],
        ("CAN", "USA"): [1.5, 1.75, 0.25, 375, 525, 150],
        ("DEU", "USA"): [0, 0.25, 0.25, 0, 68.75, 68.75],
        ("CAN", "LTU"): [0.1, 0.3, 0.2, 25, 90, 65],
        ("DEU", "DEU"): [1.2, 1.4, 0.2, 300, 385, 85],
        ("DEU", "LTU"): [0, 0.1, 0.1, 0, 27.5, 27.5],
    })  # fmt: skip
    assert frames()["POTASH-flows"].labels[0] == "Belarus to Germany"
    same(frames()["POTASH-producers"], {
        "CAN": [3.8, 4.55, 950, 1365, 100 * (1365 / 950 - 1), 250, 300, 20],
        "BLR": [2.4, 1, 480, 100, 100 * (100 / 480 - 1), 200, 100, -50],
        "DEU": [1.2, 1.75, 300, 481.25, 100 * (481.25 / 300 - 1), 250, 275, 10],
    })  # fmt: skip
    # The Union: 2 of 300 and 0.4 of 310 before, 1.9 of 320 and 0.4 of 340 under the regime.
    union = (724 / 2.4, (1.9 * 320 + 0.4 * 340) / 2.3)
    same(frames()["POTASH-markets"], {
        "EU": [2.4, 2.3, *union, 100 * (union[1] / union[0] - 1)],
        "USA": [2, 2, 320, 360, 12.5], "CAN": [2, 2, 260, 280, 100 * 2 / 26],
        "BLR": [1, 1, 250, 300, 20],
    })  # fmt: skip
    first, second = np.array([300, 75, 180]) / 5.55, np.array([412.5, 240, 0]) / 6.525
    shares = {
        ("EU", "DEU"): (first[0], second[0]), ("EU", "CAN"): (first[1], second[1]),
        ("EU", "BLR"): (first[2], second[2]), ("USA", "CAN"): (375 / 4.75, 525 / 5.9375),
        ("USA", "BLR"): (100 / 4.75, 0), ("USA", "DEU"): (0, 68.75 / 5.9375),
        ("CAN", "CAN"): (100, 100), ("BLR", "BLR"): (100, 100),
    }  # fmt: skip
    same(frames()["POTASH-shares"], {k: [x, *[y] * 7, x] for k, (x, y) in shares.items()})
    by = [[(x / 100) ** 2 for x in some] for some in (first, second)]
    same(frames()["POTASH-dependence"], {
        ("EU", "DEU", "DEU"): [first[0], second[0], sum(by[0]), sum(by[1])],
        ("USA", "CAN", "CAN"): [
            375 / 4.75, 525 / 5.9375, (375**2 + 100**2) / 475**2, (525**2 + 68.75**2) / 593.75**2
        ],
        ("CAN", "CAN", "CAN"): [100, 100, 1, 1], ("BLR", "BLR", "BLR"): [100, 100, 1, 1],
    })  # fmt: skip


def test_what_takes_which_route() -> None:
    # Of Lithuania's 26 a twenty-sixth is earned by 1/26 of fee times tonnes: 20 and 6.
    same(frames()["POTASH-routes-BLR"], {
        "port": [1, 0, 50, 0, 1.5, nan, 20, 0], "north": [0.6, 0.5, 30, 50, nan, 25, 6, 5],
        "river": [0.4, 0.5, 20, 50, nan, 0, nan, nan], "all": [2, 1, *[nan] * 6],
    })  # fmt: skip
    same(frames()["transit"], {("LTU", "model"): [26, 5, -21]})
    (found,) = routes.export_routes_of(A)
    assert (found.id, found.origin, found.label) == ("POTASH-routes-BLR", "BLR", "Potash")
    assert (found.before, found.under) == (2.0, 1.0)
    one = replace(found, route_uses=found.route_uses[:1])
    assert routes.routes_frame(one).rows == (("port",),)


def test_the_rows_that_are_chosen() -> None:
    s = selection()
    assert [p.key for p in s.parties] == ["BLR", "EU", "USA"]
    assert [p.key for p in s.places] == ["BLR", "EU", "USA", "CAN"]
    assert [p.key for p in s.markets["POTASH"]] == ["EU", "USA", "CAN", "BLR"]
    assert s.sellers == {"POTASH": (1, 0, 2)}
    assert s.suppliers["POTASH"] == {
        "EU": (2, 1, 0), "USA": (1, 0, 2), "CAN": (1,), "BLR": (0,)
    }  # fmt: skip
    assert s.largest["POTASH"] == {"EU": (2, 2), "USA": (1, 1), "CAN": (1, 1), "BLR": (0, 0)}
    roles = {m: [(p.key, role) for p, role in some] for m, some in s.touched.items()}
    third = "third country"
    assert roles["ban"] == [
        ("BLR", "target"), ("USA", "author"), ("CAN", third), ("DEU", third)
    ]  # fmt: skip
    assert roles["levy"] == [("CAN", "target"), ("USA", "author")]
    assert "idle" not in roles
    whose = {o: [(p.key, role) for p, role in some] for o, some in s.concerned.items()}
    assert whose["lift-transit"] == [("EU", "author"), ("BLR", "target")]
    assert whose["lift-everything"] == [("EU", "author"), ("USA", "author"), ("BLR", "target")]
    assert s.earning == (3,)
    assert s.sides is not None
    assert [x.id for x in s.sides.senders] == ["EU", "US"]
    tit = assessment(
        effects=(
            A.effects[0],
            effect("tit", "Tit", "BLR", "USA", [0.0, 0, 0, 0, 9], [0.0, 0, 0, 0, -9], (0, 0)),
        ),
        joint=(),
    )
    assert [
        (p.key, role) for p, role in selection_of(AnswerData(tit)).concerned["lift-everything"]
    ] == [("BLR", "author and target"), ("USA", "author and target")]  # fmt: skip


def test_ways_of_lifting() -> None:
    options = lifting_options(A)
    assert [o.id for o in options] == list(OPTIONS)
    assert [o.kind for o in options] == [*["single"] * 5, "joint", "all"]
    ban = options[0]
    assert (ban.outcome, ban.prose) == ("‘The ban’ lifted", "Lifting ‘The ban’ alone")
    # Belarus's income is 0.97 of the base year under the regime, and 0.98 without the ban.
    assert ban.income_n[0] == pytest.approx(0.98 / 0.97 - 1)
    assert options[-1].income_n[0] == pytest.approx(1 / 0.97 - 1)
    assert options[-1].gain_n.tolist() == [-v for v in REGIME_EV]
    together = options[5]
    assert (together.short, together.outcome) == (
        "transit + rail", "‘The transit ban’ and ‘The rail ban’ lifted"
    )  # fmt: skip
    assert together.income_n[0] == pytest.approx(0.976 / 0.97 - 1)
    (levy,) = imposing_options(A)
    assert (levy.id, levy.label, levy.prose) == (
        "impose-levy", "Impose ‘The levy’", "Imposing ‘The levy’"
    )  # fmt: skip
    assert levy.outcome == "‘The levy’ imposed"
    alone = lifting_options(assessment(effects=A.effects[:1], joint=()))
    assert [(o.id, o.prose) for o in alone] == [("lift-ban", "Lifting ‘The ban’")]
    assert only_together_n(alone) is None
    # What is lifted together is everything here, so that it is said once.
    both = lifting_options(assessment(effects=A.effects[2:4]))
    assert [o.kind for o in both] == ["single", "single", "all"]


def test_findings_of_everything() -> None:
    found = said.findings_of(AnswerData(A), selection(), plain())
    assert found == (
        "Under the regime of 1 December 2025, three economies together pay USD 40 million a year. "
        "Belarus pays most of all: USD 30 million, 3 % of its real income. Two economies gain USD "
        "14 million a year, most of all Canada with USD 12 million. The world as a whole loses USD "
        "26 million a year.",
        "Lifting ‘The ban’ alone would bring Belarus USD 10 million a year. It would also bring "
        "the United States USD 2 million. It would cost Canada USD 4 million and the European "
        "Union USD 0.80 million.",
        "Lifting ‘The embargo’ alone would bring Belarus USD 7 million a year. It would also bring "
        "the European Union USD 4 million. It would cost Canada USD 2 million.",
        "Lifting ‘The transit ban’ and ‘The rail ban’ together would bring Belarus USD 6 million "
        "a year. It would also bring the European Union USD 3.5 million. It would cost Canada USD "
        "1 million.",
        "‘The transit ban’ and ‘The rail ban’ hold the same thing closed: lifting one of them "
        "alone moves nothing while another stands.",
        "Lifting ‘The still duty’ moves next to nothing: no country gains or loses as much as USD "
        "50 thousand a year.",
        "Lifting everything in force would bring Belarus USD 30 million a year. It would also "
        "bring the European Union USD 10 million. It would cost Canada USD 12 million and the "
        "United States USD 2.5 million. Of Belarus's gain, USD 13 million comes only if the "
        "measures are lifted together.",
        "For each dollar that ‘The embargo’ costs Belarus, the European Union loses 0.57 dollars, "
        "given the other measures. No other measure in force falls back harder on its author.",
        "Of the markets that buy abroad, the United States depends most on one supplier: Canada "
        "provides 88 % of what it buys under the regime, against 79 % before.",
        "‘The cap’: its price is not computed.",
        "Lithuania's net income from transit falls from USD 26 million to USD 5 million a year.",
        "Of the measures in force against Belarus, ‘The ban’ is the cheapest to hold. Belarus "
        "loses 5 dollars for each dollar that the United States loses. The most valuable to lift "
        "is ‘The transit ban and The rail ban, together’, where Belarus loses 1.7 dollars for each "
        "dollar that the European Union loses.",
    )


def moved(variation: list[float], **more: Any) -> AssessmentData:
    """The assessment where the regime means this for the five countries."""
    regime = replace(
        A.regime,
        equivalent_variation_n=np.array(variation),
        real_income_change_n=np.array(variation) / 1000,
    )
    return assessment(regime=regime, **more)


def banded(**ends: tuple[float, float]) -> Any:
    """Every figure of a frame has the same ends here; other frames have none."""
    bands = {
        name: bands_of_frame(
            frames()[name], np.full(frames()[name].values.shape, low),
            np.full(frames()[name].values.shape, high),
        )
        for name, (low, high) in ((k.replace("_", "-"), v) for k, v in ends.items())
    }  # fmt: skip
    counts = {"asked": 200, "draws": 200, "failed": 0, "seed": 0}
    return figures_with(frames().values(), Bands(frames=bands, **counts))


def test_who_gains_in_words() -> None:
    none = "The regime of 1 December 2025 moves no country by USD 0.1 million a year."
    assert said.gains_words(moved([-0.09, 0.09, 0, 0, 0]), plain()) == none
    assert said.gains_words(moved([0.0] * 5), plain()) == none
    assert said.gains_words(moved([0, 0.2, 0, 0, 0.0]), plain()) == (
        "Under the regime of 1 December 2025, one economy gains USD 0.20 million a year, most of "
        "all Canada with USD 0.20 million. The world as a whole gains USD 0.20 million a year."
    )
    assert said.gains_words(moved([-0.2, 0.05, 0, 0, 0.0]), plain()) == (
        "Under the regime of 1 December 2025, one economy pays USD 0.20 million a year. Belarus "
        "pays most of all: USD 0.20 million, 0.020 % of its real income. The world as a whole "
        "loses USD 0.15 million a year."
    )
    text = said.gains_words(A, banded(gains=(-50.0, -20.0), totals=(-60.0, -30.0)))
    assert (
        "together pay USD 40 million (30 to 60) a year. Belarus pays most of all: USD 30 " in text
    )
    assert "USD 30 million (20 to 50), 3 % (20 to 50) of its real income" in text


def option(gain: list[float]) -> Any:
    return SimpleNamespace(id="lift-ban", kind="single", prose="Lifting it", gain_n=np.array(gain))


def test_what_an_option_brings_in_words() -> None:
    places = selection().places

    def words(*gain: float, figures: Figures | None = None) -> str:
        return said.option_words(option(list(gain)), places, figures or plain())

    # A twentieth of the largest, and no less than half a million, is told.
    assert words(10, -0.49, 0.25, 0.25, 0.49) == (
        "Lifting it would bring Belarus USD 10 million a year. It would also bring the European "
        "Union USD 0.50 million."
    )
    assert words(0.49, -0.49, 0.2, 0.2, 0) == (
        "Lifting it would move no one here by as much as USD 0.50 million a year."
    )
    assert words(-4, -5, 0, -3, -2) == (
        "Lifting it would cost Canada USD 5 million and Belarus USD 4 million a year."
    )
    assert words(4, 3, 1, 1, 5).startswith(
        "Lifting it would bring the United States USD 5 million a year. It would also bring "
        "Belarus USD 4 million and Canada USD 3 million."
    )
    assert words(20, 0.99, -0.5, -0.5, 1).endswith(
        "bring Belarus USD 20 million a year. It would also bring the United States USD 1 "
        "million. It would cost the European Union USD 1 million."
    )
    assert words(20, 0, 0, 0, 0, figures=banded(options=(15.0, 31.0))) == (
        "Lifting it would bring Belarus USD 20 million (15 to 31) a year."
    )
    # A part of a place that is told is not told beside it.
    germany = Place("DEU", "Germany", "Germany", (2,))
    assert said.option_words(option([0, 0, 3, 1, 0]), [*places, germany], plain()) == (
        "Lifting it would bring the European Union USD 4 million a year."
    )


def test_the_steps_that_move_most_come_first() -> None:
    options = lifting_options(A)
    told = said.options_words(A, options, selection().places, plain())
    assert len(told) == 6
    small = [replace(o, gain_n=o.gain_n * (0.0 if o.kind == "all" else 1e-9)) for o in options]
    # Nothing moves by itself, and lifting all moves nothing either.
    assert said.everything_words(small, selection().places, plain()) == [
        "Lifting everything in force would move no one here by as much as USD 0.50 million a year."
    ]
    assert said.options_words(assessment(joint=()), small, selection().places, plain())[0] == (
        "Lifting ‘The transit ban’ moves next to nothing: no country gains or loses as much as "
        "USD 50 thousand a year."
    )
    assert said.everything_words(options[:3], selection().places, plain()) == []
    # Where single steps bring more than three quarters, nothing is said of lifting together.
    for part, told_apart in ((0.74, True), (0.76, False)):
        steps = [
            replace(o, gain_n=-part * np.array(REGIME_EV) * (o.id == "lift-ban"))
            for o in options
            if o.kind == "single"
        ]
        (text,) = said.everything_words([*steps, options[-1]], selection().places, plain())
        assert ("only if the measures are lifted together" in text) is told_apart


def test_boomerangs_in_words() -> None:
    ban, embargo = A.effects[:2]
    none = said.boomerang_words(assessment(effects=A.effects[2:]), plain())
    assert (
        none == "No measure in force costs its target anything, so there is no boomerang to report."
    )
    assert said.boomerang_words(assessment(effects=(ban,)), plain()) == (
        "For each dollar that ‘The ban’ costs Belarus, the United States gains 0.20 dollars, given "
        "the other measures. No other measure in force falls back harder on its author."
    )
    nought = replace(ban, boomerang_margin=0.0)
    assert "the United States loses 0.00 dollars" in said.boomerang_words(
        assessment(effects=(nought,)), plain()
    )
    assert "gains 0.20 (0.10 to 0.30) dollars" in said.boomerang_words(
        assessment(effects=(ban,)), banded(boomerang=(-0.3, -0.1))
    )
    assert "the European Union loses 0.57 (0.30 to 0.90) dollars" in said.boomerang_words(
        assessment(effects=(ban, embargo)), banded(boomerang=(0.3, 0.9))
    )


def test_dependence_in_words() -> None:
    pair = commodities.pairs_of(A)[0]
    markets = selection().markets["POTASH"]
    for low, high, told in ((70.0, 95.0, "88 (70 to 95) %"), (88.0, 88.0, "88 %")):
        text = said.dependence_words(pair, markets, banded(POTASH_dependence=(low, high)))
        assert f"Canada provides {told} of what it buys" in text
    own = replace(frames()["POTASH-dependence"], rows=(("EU", "EU", "EU"), *(
        (k, k, k) for k in ("USA", "CAN", "BLR"))))  # fmt: skip
    assert said.dependence_words(pair, markets, figures_with([own], None)) == (
        "Every main market is its own largest supplier."
    )
    turned = replace(frames()["POTASH-dependence"], rows=(
        ("EU", "BLR", "DEU"), ("USA", "BLR", "CAN"), ("CAN", "CAN", "CAN"), ("BLR", "BLR", "BLR")
    ))  # fmt: skip
    assert said.dependence_words(pair, markets, figures_with([turned], None)) == (
        "Of the markets that buy abroad, the United States depends most on one supplier: Canada "
        "provides 88 % of what it buys under the regime. Before, Belarus provided most: 79 %."
    )
    assert said.dependence_order(plain(), "POTASH") == [
        ("CAN",) * 3, ("BLR",) * 3, ("USA", "CAN", "CAN"), ("EU", "DEU", "DEU")
    ]  # fmt: skip


def earning(before: list[float], under: list[float], *published: Any) -> AssessmentData:
    case: Any = Case()
    case.published = published
    return assessment(
        case=case, base=replace(A.base, transit_revenue_n=np.array(before)),
        regime=replace(A.regime, transit_revenue_n=np.array(under)),
    )  # fmt: skip


def published(
    name: str, low: float, high: float, measures: tuple[str, ...] = (), **more: Any
) -> Any:
    compare = SimpleNamespace(
        quantity="transit_revenue", of=("LTU",), scenario=measures, **more.pop("compare", {})
    )
    given = {"label": f"as {name} says", "value": low, "conversion": 2.0, "range": (low, high)}
    return SimpleNamespace(id=name, **{"compare": compare, **given, **more})


def test_transit_in_words() -> None:
    zero = [0.0] * 5
    assert said.transit_words(earning(zero, [0, 0, 0, 0.09, 0]), plain()) == (
        "The regime moves no country's net income from transit noticeably."
    )
    many = earning([0.0, 1, 0, 30, 3], [0.04, 3, 0.11, 0.04, 6.2])
    assert said.transit_words(many, plain()) == (
        "Lithuania's net income from transit falls from USD 30 million to nothing a year. Canada's "
        "rises from USD 1 million to USD 3 million. The United States' rises from USD 3 million to "
        "USD 6.2 million."
    )
    text = said.transit_words(A, banded(transit=(2.0, 9.0)))
    assert text == (
        "Lithuania's net income from transit falls from USD 26 million (2.0 to 9.0) to USD 5.0 "
        "million (2.0 to 9.0) a year."
    )
    figures = (published("a", 40.0, 60.0), published("b", 50.0, 90.0), published("now", 1.0, 1.0,
               IN_FORCE), published("other", 1.0, 1.0, ("ban",)))  # fmt: skip
    told = said.transit_words(earning([0, 0, 0, 26.0, 0], [0, 0, 0, 5.0, 0], *figures), plain())
    assert told.endswith(
        " a year. Published figures put Lithuania's gross revenue before the measures, which is "
        "not net income, at USD 40 million to USD 90 million a year."
    )
    one = said.transit_words(
        earning([0, 0, 0, 26.0, 0], [0, 0, 0, 5.0, 0], published("a", 40.0, 40.0)), plain()
    )
    assert one.endswith("at USD 40 million a year.")


def test_published_income_beside_the_model() -> None:
    both = published("both", 5.0, 5.0)
    both.compare.of = ("LTU", "CAN")
    other = published("price", 5.0, 5.0)
    other.compare.quantity = "price_paid"
    a = earning(
        [0, 0, 0, 26.0, 0], [0, 0, 1.0, 5.0, 0], published("a", 40.0, 60.0),
        published("now", 3.0, 3.0, IN_FORCE[::-1]), published("some", 3.0, 3.0, ("ban",)),
        published("no", 3.0, 3.0, value=None), both, other,
        SimpleNamespace(compare=None),
    )  # fmt: skip
    found = routes.published_income(a)
    assert {k: [f.id for f in v] for k, v in found.items()} == {"LTU": ["a", "now", "some", "no"]}
    assert routes.earning_of(a) == [3, 2]
    assert routes.earning_of(earning([0.0] * 5, [0.0] * 5, published("a", 1.0, 1.0))) == [3]
    assert routes.earning_of(earning([0, 2.0, 0, 0, 2.0], [0, 1.0, 3.0, 0, 5.0])) == [4, 1, 2]
    frame = routes.transit_frame(a, [3, 2])
    same(frame, {
        ("LTU", "model"): [26, 5, -21], ("LTU", "a"): [80, nan, nan], ("LTU", "now"): [nan, 6, nan],
        ("LTU", "some"): [nan] * 3, ("LTU", "no"): [nan] * 3, ("DEU", "model"): [0, 1, 1],
    })  # fmt: skip
    assert frame.labels[:2] == ("Lithuania: net income, this model", "Lithuania: as a says")
    assert [routes.published_state(a, f) for f in a.case.published[:3]] == ["before", "under", ""]
    lone: Any = SimpleNamespace(compare=None)
    assert routes.published_state(a, lone) == ""


def test_where_goods_leave_the_railway() -> None:
    def port(distance: float | None, *via: tuple[float, float]) -> Any:
        way: Any = terms("port", 1.0, None, distance_km=distance, via=via)
        return routes.RouteUse(way, flow("port", 1, 1), flow("port", 1, 1), 0.0, 0.0).port

    # A degree of the equator is 111.19 km, and the railway is a fifth longer: 133.4 km.
    line = ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0))
    assert port(None) is None
    assert port(5.0) is None
    assert port(None, *line) == (3.0, 0.0)
    assert port(140.0, *line) == (1.0, 0.0)
    assert port(265.0, *line) == (2.0, 0.0)
    assert port(60.0, *line) == (0.0, 0.0)
    assert port(9000.0, *line) == (3.0, 0.0)
    assert routes.apart((0, 0), (1, 0)) == pytest.approx(np.pi / 180 * 6371)
    assert routes.apart((10, 60), (10, 60)) == 0.0
    assert routes.apart((0, 0), (180, 0)) == pytest.approx(np.pi * 6371)
    assert routes.apart((0, 0), (0, 90)) == routes.apart((40, 0), (17, -90))
    # Along the 60th parallel a degree is half as long.
    assert routes.apart((0, 60), (1, 60)) == pytest.approx(np.pi / 360 * 6371, rel=1e-4)
    wide: Any = terms("port", 1.0, None, capacity=2.5e6)
    assert routes.RouteUse(wide, flow("a", 1, 1), flow("a", 1, 1), 0, 0).capacity == 2.5


def test_horizons_in_words_and_figures() -> None:
    def at(h: str, *lost: float) -> AssessmentData:
        return replace(moved(list(lost)), horizon=h, effects=A.effects[:1], joint=())

    long = replace(moved([-10.0, 4, -2, -1, 1]), joint=())
    short = at("short", -14.0, 5, -2, -2, 1)
    answer = AnswerData(long, horizons={"short": short, "own": at("own", 3.0, 0, 0, 0, 0)})
    runs = runs_of(answer)
    assert list(runs) == ["short", "long", "own"]
    assert runs_of(AnswerData(long)) == {}
    made = {f.id: f for f in frames_of(answer, selection_of(answer))}
    horizons = made["horizons"]
    same(horizons, {
        ("regime", "BLR"): [-14, -10, 3], ("regime", "EU"): [-4, -3, 0],
        ("regime", "USA"): [1, 1, 0],
        ("lift-ban", "USA"): [2, 2, 2], ("lift-ban", "BLR"): [10, 10, 10],
        ("lift-embargo", "EU"): [nan, 4, nan], ("lift-embargo", "BLR"): [nan, 7, nan],
        **{(f"lift-{m}", who): [nan, v, nan] for m in ("transit", "rail")
           for who, v in (("EU", -0.02), ("BLR", 0))},
        ("lift-still", "USA"): [nan, 0, nan], ("lift-still", "BLR"): [nan, 0, nan],
        ("lift-everything", "EU"): [nan, 3, nan], ("lift-everything", "USA"): [nan, -1, nan],
        ("lift-everything", "BLR"): [nan, 10, nan],
    })  # fmt: skip
    assert [c.label for c in horizons.columns] == ["Short run", "Long run", "Own run"]
    assert horizons.labels[0] == "Under the regime: Belarus"
    assert horizons.labels[3] == "Lift ‘The ban’: United States"
    prices = made["POTASH-horizon-prices"]
    assert prices.column("before").tolist() == pytest.approx([724 / 2.4, 320, 260, 250])
    assert prices.value("USA", "short") == 360
    assert prices.value("USA", "own_change") == pytest.approx(12.5)
    assert [c.unit for c in prices.columns] == [*["USD per tonne"] * 4, *["%"] * 3]
    assert said.horizons_words(long, runs, plain()) == (
        "In the short run the regime costs Belarus USD 14 million a year. In the long run it "
        "costs USD 10 million and in the own run it brings USD 3 million."
    )
    tiny = {"short": at("short", -0.05, 0, 0, 0, 0)}
    assert said.horizons_words(tiny["short"], tiny, plain()) == (
        "The regime moves no party noticeably over any of these horizons."
    )
    nobody = replace(long, groups={})
    assert said.horizons_words(nobody, runs, plain()) == (
        "The case names no party that the world lists."
    )
    low = np.full(horizons.values.shape, -20.0)
    with_bands = figures_with(made.values(), Bands(
        {"horizons": bands_of_frame(horizons, low, low + 12)}, 9, 9, 0, 0))  # fmt: skip
    assert said.horizons_words(long, runs, with_bands).startswith(
        "In the short run the regime costs Belarus USD 14 million (8.0 to 20) a year. In the"
    )


def test_what_is_cheapest_to_hold_in_words() -> None:
    named = named_sides_of(A, selection().sides) if selection().sides else None
    assert named is not None
    held = frames()["design-measures"]

    def words(*rows: tuple[str, str, float, float], figures: Any = None) -> str:
        frame = frame_of(
            held.id, held.title, held.keys, held.columns,
            [((s, m), f"The {m}", [h, c, h / c if c else None]) for s, m, h, c in rows],
        )  # fmt: skip
        return said.held_words(named, figures or figures_with([frame], None))

    assert words(("US", "ban", 0.1, -0.1), ("EU", "x", 0.0, 0.0)) == (
        "No measure in force moves anything for Belarus or for those who hold it."
    )
    assert words(("US", "ban", 0.11, 0.0)) == (
        "Of the measures in force against Belarus, ‘The ban’ is the cheapest to hold. Belarus "
        "loses USD 0.11 million a year and the United States nothing."
    )
    assert words(("US", "ban", 3.0, 1.5), ("EU", "gift", -1.0, 2.0), ("EU", "free", 4.0, -1.0)) == (
        "Of the measures in force against Belarus, ‘The free’ is the cheapest to hold. Belarus "
        "loses USD 4 million a year and the European Union nothing. The most valuable to lift is "
        "‘The gift’, where the European Union loses USD 2 million a year and Belarus nothing."
    )
    assert words(("EU", "both", -1.0, -2.0)).endswith("cheapest to hold. Both gain.")
    assert "Belarus loses 5 (3 to 8) dollars" in said.held_words(
        named, banded(design_measures=(3.0, 8.0))
    )


def test_whose_figures_are_ranked_by_what_drives_them() -> None:
    found = headline_figures(AnswerData(A), selection())
    assert len(found) == len(set(found))
    assert set(found) == {
        *(("gains", (k,), "equivalent_variation") for k in ("BLR", "USA", "CAN")),
        *(("options", (k,), o) for o in OPTIONS for k in ("BLR", "EU", "USA", "CAN")),
        *(("POTASH-producers", (k,), "tonnes_under") for k in ("BLR", "USA", "CAN")),
        *(("POTASH-markets", (k,), "price_under") for k in ("EU", "USA", "CAN")),
    }


def test_whom_a_brief_speaks_of() -> None:
    assert [p.key for p in parties_of(A, 2)] == ["BLR", "EU"]
    places = collapse(A, ("USA", "LTU", "DEU", "ZZZ"))
    assert [(p.key, p.members) for p in places] == [("EU", (2, 3)), ("USA", (4,))]
    assert [p.key for p in collapse(A, ("USA", "DEU"))] == ["DEU", "USA"]
    assert collapse(A, ()) == []
    union = places[0]
    assert (union.name, union.prose) == ("European Union", "the European Union")
    assert (union.total(np.arange(5.0)), places[1].total(np.arange(5.0))) == (5.0, 4.0)
    assert [prose_of(n) for n in ("The Union", "the Union", "Union", "United States")] == [
        "the Union", "the Union", "the Union", "the United States"
    ]  # fmt: skip
    belarus = parties_of(A)[:1]
    assert [p.key for p in thirds_of(A, belarus)] == ["CAN", "LTU", "DEU", "USA"]
    assert [p.key for p in thirds_of(A, belarus, 2)] == ["CAN", "LTU"]
    # Canada is moved by less than a hundredth of what Belarus is, and Germany by just that.
    quiet = assessment(
        regime=replace(A.regime, equivalent_variation_n=np.array([-30, 0.29, 0.3, 0, 0])),
        effects=(),
    )
    assert [p.key for p in thirds_of(quiet, belarus)] == ["DEU"]


def test_thresholds_of_a_market() -> None:
    before, under = BEFORE.copy(), UNDER.copy()
    pair = commodities.Pair(A, A.base.commodities["POTASH"], A.regime.commodities["POTASH"])
    assert (pair.good, pair.name, pair.moves, pair.codes) == ("POTASH", "potash", True, CODES)
    for change, moves in ((0.0004, False), (0.0006, True)):
        near = BEFORE.copy()
        near[2, 0] -= change
        assert replace(pair, under=outcome(near, [1.0] * 5, [1.0] * 5)).moves is moves
    assert commodities.main_suppliers(pair) == [1, 0, 2]
    assert commodities.main_suppliers(pair, 2) == [1, 0]
    before[:] = 0.0
    before[0, :] = [0.02, 0.0199, 0.05, 0.0499, 1]
    some = replace(pair, before=outcome(before, [1.0] * 5, [1.0] * 5))
    assert commodities.main_suppliers(some) == [4, 2, 3, 0]
    assert commodities.sellers(some) == [4, 2]
    # Flows that are traces before and after are left out, and so are those that stay.
    under[:] = before
    before[1, 2], under[1, 2] = 0.0004, 0.0
    before[1, 3], under[1, 3] = 0.0004, 0.0005
    before[1, 4], under[1, 4] = 0.0, 0.3
    before[2, 4], under[2, 4] = 0.4, 0.0
    ones = [1.0] * 5
    changed = replace(pair, before=outcome(before, ones, ones), under=outcome(under, ones, ones))
    assert commodities.largest_changes(changed) == [(2, 4), (1, 4), (1, 3)]
    assert commodities.largest_changes(changed, 1) == [(2, 4)]
    # Nobody sells to Germany before, so that it has no largest supplier.
    bare = BEFORE.copy()
    bare[2] = 0.0
    nothing = replace(pair, before=outcome(bare, ones, ones))
    germany, union = (Place(k, k, k, m) for k, m in (("DEU", (2,)), ("EU", (2, 3))))
    assert commodities.largest_suppliers(nothing, germany) is None
    assert commodities.largest_suppliers(nothing, union) == (0, 2)
    assert commodities.largest_suppliers(pair, union) == (2, 2)
    lithuania = Place("LTU", "LTU", "LTU", (3,))
    assert commodities.largest_suppliers(pair, lithuania) == (0, 1)
    frame = commodities.dependence_frame(pair, [union, germany], {"DEU": (2, 2)})
    assert [r[0] for r in frame.rows] == ["DEU"]
    assert commodities._change(0.0, 3.0) != commodities._change(0.0, 3.0)
    assert commodities._change(0.5, 0.25) == -50.0


def test_main_markets_are_parties_and_the_nine_largest_others() -> None:
    codes = ("BLR", "DEU", "LTU", "CAN", "USA", "CHN", "IND", "BRA", "IDN", "MYS", "NOR", "VNM",
             "POL")  # fmt: skip
    tonnes = np.zeros((13, 13))
    tonnes[:, 0] = [0.0, 0.3, 0.2, 9, 8, 7, 6, 5, 4, 3, 0.01, 0.0099, 0.02]
    world: Any = SimpleNamespace(countries=codes)
    a: Any = SimpleNamespace(world=world)
    bloc, belarus = Place("EU", "EU", "the EU", (1, 2)), Place("BLR", "B", "B", (0,))
    prices = [1.0] * 13
    found = commodities.main_markets(a, outcome(tonnes, prices, prices), [belarus, bloc])
    # The members of a bloc stand in it; a party stays although it buys nothing.
    assert [p.key for p in found] == [
        "CAN", "USA", "CHN", "IND", "BRA", "IDN", "MYS", "EU", "POL", "NOR", "BLR"
    ]  # fmt: skip
    tonnes[3, 0] = 0.0
    found = commodities.main_markets(a, outcome(tonnes, prices, prices), [bloc])
    assert [p.key for p in found] == ["USA", "CHN", "IND", "BRA", "IDN", "MYS", "EU", "POL", "NOR"]


def test_suppliers_of_a_hundredth_are_seen() -> None:
    before, under = BEFORE.copy(), UNDER.copy()
    before[4] = [0.99, 0, 0.0099, 0.0001, 0]
    under[4] = [0.5, 0.4, 0.0, 0.1, 0]
    ones = [1.0] * 5
    pair = commodities.Pair(A, outcome(before, ones, ones), outcome(under, ones, ones))
    usa = Place("USA", "USA", "USA", (4,))
    assert commodities.visible_suppliers(pair, [], usa) == [0, 1, 3]
    before[4] = [0.98, 0, 0.01, 0.01, 0]
    under[4] = [0.99, 0, 0.0099, 0.0001, 0]
    pair = commodities.Pair(A, outcome(before, ones, ones), outcome(under, ones, ones))
    assert commodities.visible_suppliers(pair, [], usa) == [0, 2, 3]


def test_means_and_shares_of_several_markets() -> None:
    found = outcome(BEFORE, [250.0, 260, 300, nan, 320], [200.0, 250, 250, nan, nan])
    assert found.bought_n.tolist() == [200, 500, 120 + 50 + 300, 85, 475]
    # Lithuania's price is unknown, so that the mean is Germany's.
    assert found.mean_price_paid((2, 3)) == 300
    assert found.mean_price_paid((2, 4)) == pytest.approx((2 * 300 + 2 * 320) / 4)
    assert np.isnan(found.mean_price_paid((3,)))
    assert found.mean_price_paid(np.array([True, False, False, False, True])) == pytest.approx(
        (250 + 640) / 3
    )
    assert found.supplier_share_i((2, 3)).tolist() == pytest.approx(
        [180 / 555, 75 / 555, 300 / 555, 0, 0]
    )
    nothing = outcome(np.zeros((5, 5)), [nan] * 5, [nan] * 5)
    assert nothing.supplier_share_i((2, 3)).tolist() == [0.0] * 5
    tiny = outcome(BEFORE * 1e-4, [1.0] * 5, [1.0] * 5)
    assert tiny.supplier_share_i((1,)).tolist() == [0, 1, 0, 0, 0]


def test_partners_of_those_hit() -> None:
    sides = Sides("BY", ("BLR",), (Sender("US", ("USA",), ("ban",), ()),))
    trade = {(): np.zeros((2, 5, 5)), IN_FORCE: np.zeros((2, 5, 5))}
    # By good, market and origin.
    trade[()][0, 2, 0], trade[()][1, 3, 0], trade[()][0, 4, 0] = 60.0, 20.0, 10.0
    trade[()][0, 0, 1], trade[()][1, 0, 0], trade[()][1, 1, 2] = 70.0, 500.0, 900.0
    trade[IN_FORCE][0, 2, 0], trade[IN_FORCE][0, 0, 1], trade[IN_FORCE][0, 0, 4] = 30.0, 120.0, 49.0
    scenarios: Any = SimpleNamespace(equilibrium=lambda m: SimpleNamespace(trade_jni=trade[m]))
    answer = AnswerData(A, scenarios)
    parties = selection().parties
    chosen = partners.partners_of(answer, parties, sides)
    # The Union 30 + 20, the United States 10 + 49, Canada 50.
    assert [p.key for p in chosen] == ["EU", "USA", "CAN"]
    same(partners.partners_frame(answer, chosen, sides), {
        ("sold", "EU"): [80, 30, -50], ("sold", "USA"): [10, 0, -10], ("sold", "CAN"): [0, 0, 0],
        ("sold", "all"): [90, 30, -60], ("bought", "EU"): [0, 0, 0], ("bought", "USA"): [0, 49, 49],
        ("bought", "CAN"): [70, 120, 50], ("bought", "all"): [70, 169, 99],
    })  # fmt: skip
    assert partners.partners_frame(answer, chosen, sides).labels[0] == "Sold to European Union"
    trade[IN_FORCE][0, 0, 1], trade[IN_FORCE][0, 0, 4] = 119.9, 39.9
    assert [p.key for p in partners.partners_of(answer, parties, sides)] == ["EU"]


def test_frames_and_cells() -> None:
    frame = frame_of(
        "f", "A frame", ("who",), (Quantity("a", "A", "%"), Quantity("b", "B", "Mt")),
        [(("x",), "X", [0.0004, -0.0006]), (("y",), "Y", [0.9996, 99.96]),
         (("z",), "Z", [None, -1234.5])],
    )  # fmt: skip
    assert [frame.cell(k, c) for k in "xyz" for c in "ab"] == [
        "0.000", "-0.001", "+1.000", "+100.0", "–", "-1234"
    ]  # fmt: skip
    assert frame.cell("y", "b", 0) == "+100"
    assert frame._lines() == ("f: 3 rows by who, 2 columns, in %, Mt",)
    assert frame._small() == (
        "A frame", ("", "A", "B"),
        [("X", "0.000", "-0.001"), ("Y", "+1.000", "+100.0"), ("Z", "–", "-1234")],
    )  # fmt: skip
    assert frame.position("x", "b") == (0, 1)
    assert frame.position("x", "c") is frame.position("w", "a") is None
    found = FrameBands((("y",), ("z",)), ("b",), np.array([[90.0], [-2000.0]]),
                       np.array([[110.0], [nan]]))  # fmt: skip
    drawn = frame.banded(found)
    assert drawn.cell("y", "b") == "+100 (90 to 110)"
    assert drawn.cell("z", "b") == "-1234"
    assert drawn.band("z", "b") is drawn.band("y", "a") is None
    assert frame.banded(None) is frame
    zero = replace(frame, low=np.zeros((3, 2)), high=np.full((3, 2), 0.0004))
    assert zero.cell("x", "a") == "0.000"
    assert replace(zero, high=np.full((3, 2), 0.0006)).cell("x", "a") == "0.000 (0.000 to 0.001)"
    many = frame_of("m", "M", ("who",), [Quantity(c, c, "%") for c in "abcde"],
                    [((str(k),), str(k), [k] * 5) for k in range(9)])  # fmt: skip
    _, heads, rows = many._small()
    assert (heads, len(rows), len(rows[0])) == (("", "a", "b", "c", "d"), 8, 5)
    figures = figures_with([frame, many], None)
    assert (len(figures), list(figures), "m" in figures, "n" in figures) == (
        2, ["f", "m"], True, False
    )  # fmt: skip
    assert figures.band("n", "x", "a") is None
    assert figures.draws is None
    assert [e["id"] for e in figures.entries()] == ["f", "m"]


def test_totals_leave_out_who_is_not_moved() -> None:
    a = moved([-1.0, 2.0, 0.0, -0.5, 0.0])
    assert effects.totals_frame(a).values.tolist() == [[-1.5], [2.0], [0.5]]
    base = shot((), [0.0] * 5, BEFORE)
    assert routes.export_routes_of(assessment(base=base)) == []
