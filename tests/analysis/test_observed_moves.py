"""Observed moves judged by hand: gains by rule, what would make them rational, and their words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.negotiation.observed_moves import (
    Contrast,
    Judged,
    MoveCheck,
    Observed,
    _by_majority,
    _changes,
    _counted,
    _of_renewal,
    _same_days,
    at_renewal,
    band_of,
    bound_of,
    judge,
    money_drawn,
    words_of,
)
from detente.analysis.negotiation.votes import MeasureVotes
from detente.negotiation import Moments, Unanimity, WeightedVotes, who_can_block

DAY = dt.date(2023, 3, 1)
BLOC = ("A", "B", "C")
MAJORITY = WeightedVotes(BLOC, (1, 1, 1), 2)


def setting(renewed: tuple[dt.date, ...] = (), *, later: bool = False, unit: str = "person") -> Any:
    case = SimpleNamespace(
        interests=(SimpleNamespace(unit=unit), SimpleNamespace(unit="prestige")),
        renewed_on=lambda name: renewed,
        renewed_no_later=lambda name, date: later,
        measure=lambda name: SimpleNamespace(label=f"the {name}"),
    )
    return SimpleNamespace(case=case, money=SimpleNamespace(countries=("X", *BLOC)))


def seen(move: str, effect: tuple[float, float] = (0.0, 0.0), **more: Any) -> Observed:
    event = SimpleNamespace(
        date=DAY, party="P", move=move, measures=more.pop("measures", ("ban",)), id="e"
    )
    terms = SimpleNamespace(
        parties=[SimpleNamespace(members=("X", "C"))], place=lambda party: 0
    )  # fmt: skip
    given: dict[str, Any] = {"rules": (), "holders": ("P",), "together": None, "others": ()}
    given |= more
    return Observed(event, terms, Contrast(0, 1, np.array(effect)), **given)  # type: ignore[arg-type]


#: Money of X, A, B and C before and after.
VALUE = np.array([[0.0, 0.0, 0.0, 0.0], [2.0, 5.0, -3.0, -1.0]])


def test_a_government_gains_money_and_what_it_values() -> None:
    worth = np.array([[0.5, 0.0]])
    made = seen("adopt", (4.0, 0.0))
    found = judge(setting(), made, made.alone, VALUE, worth)
    # X and C are its members: 2 − 1, and four units at a half.
    assert (found.money_h.tolist(), found.gain_h.tolist(), found.carried) == ([1.0], [3.0], True)
    kept = seen("keep", (4.0, 0.0))
    found = judge(setting(), kept, kept.alone, VALUE, worth)
    assert (found.money_h.tolist(), found.gain_h.tolist(), found.carried) == ([-1.0], [-3.0], False)
    even = seen("lift", (-2.0, 0.0))
    assert judge(setting(), even, even.alone, VALUE, worth).carried
    dear = seen("lift", (-2.1, 0.0))
    assert not judge(setting(), dear, dear.alone, VALUE, worth).carried
    poor = setting()
    poor.money = None
    assert judge(poor, made, made.alone, VALUE, worth).money_h.tolist() == [0.0]


def test_a_bloc_moves_where_its_rules_carry() -> None:
    worth = np.zeros((3, 2))
    made = seen("adopt", rules=(MAJORITY,), holders=BLOC)
    found = judge(setting(), made, made.alone, VALUE, worth)
    assert found.money_h.tolist() == [5.0, -3.0, -1.0]
    assert not found.carried
    lifted = replace(made, rules=(WeightedVotes(BLOC, (3, 1, 1), 3),))
    assert judge(setting(), lifted, made.alone, VALUE, worth).carried
    both = replace(made, rules=(WeightedVotes(BLOC, (3, 1, 1), 3), MAJORITY))
    assert not judge(setting(), both, made.alone, VALUE, worth).carried
    # Renewed: two of three gain by keeping what costs A.
    kept = seen("keep", rules=(MAJORITY,), holders=BLOC)
    renewal = judge(setting((DAY,)), kept, kept.alone, VALUE, worth)
    assert renewal.gain_h.tolist() == [-5.0, 3.0, 1.0]
    assert renewal.carried
    # Not lifted without a renewal: that its end would not carry explains it.
    assert judge(setting(), kept, kept.alone, VALUE, worth).carried
    eager = replace(kept, rules=(WeightedVotes(BLOC, (3, 1, 1), 3),))
    assert not judge(setting(), eager, kept.alone, VALUE, worth).carried
    # Where nobody gains by the end it stays, even if the rule would let it pass.
    flat = Contrast(0, 0, np.zeros(2))
    idle = replace(kept, rules=(Unanimity(BLOC),), alone=flat)
    assert judge(setting(), idle, flat, VALUE, worth).carried


def test_renewals_are_those_on_record() -> None:
    event = seen("keep", measures=("ban", "stop")).event
    assert at_renewal(setting((DAY,)), event)
    assert not at_renewal(setting((DAY + dt.timedelta(1),)), event)
    assert not at_renewal(setting((DAY,)), seen("lift").event)


def test_money_by_draw() -> None:
    kept = seen("keep", rules=(MAJORITY,), holders=BLOC)
    drawn = np.stack([VALUE, 2 * VALUE])
    np.testing.assert_allclose(
        money_drawn(setting(), kept, kept.alone, drawn), [[-5, 3, 1], [-10, 6, 2]]
    )
    made = seen("adopt")
    np.testing.assert_allclose(money_drawn(setting(), made, made.alone, drawn), [[1], [2]])
    assert money_drawn(setting(), made, made.alone, None) is None
    assert band_of(None) is None
    assert band_of(np.zeros(0)) is None
    assert band_of(np.arange(101.0)) == pytest.approx((5.0, 95.0))


def said(observed: Observed, money: list[float], drawn: np.ndarray | None = None) -> str:
    judged = Judged(np.array(money), np.array(money), True)
    return bound_of(setting(), observed, judged, drawn)


def test_what_would_make_a_move_rational_in_words() -> None:
    assert said(seen("adopt"), [12.0]) == (
        "The move brings 12 million USD a year in money. It is rational if what else is given up "
        "by it is worth at most that."
    )
    assert said(seen("keep"), [-12.0]) == (
        "Keeping costs 12 million USD a year in money. It is rational if what else is kept or won "
        "by it is worth at least that."
    )
    assert said(seen("lift"), [0.0]) == "The move brings and costs nothing in money."
    drawn = -np.arange(101.0)[:, None]
    assert said(seen("lift", (123.0, 0.5)), [-50.0], drawn) == (
        "The move costs 50 (5 to 95) million USD a year in money. It is rational if what else is "
        "kept or won by it is worth at least that, 0.41 (0.041 to 0.77) million a person."
    )
    exchange = seen("lift", together=Contrast(0, 1, np.zeros(2)))
    assert said(exchange, [-50.0]).startswith("The exchange costs 50 million")
    assert said(seen("keep", together=Contrast(0, 1, np.zeros(2))), [9.0]).startswith(
        "The exchange brings 9 million"
    )


@pytest.mark.parametrize(
    ("effect", "counted"),
    [
        ((123.0, 0.0), ("person", 123.0)),
        ((-2.0, 0.5), ("person", 2.0)),
        ((1.0, 0.0), None),
        ((-1.0, 3.0), ("prestige", 3.0)),
        ((2.5, 0.0), None),
        ((2.0, 3.0), None),
    ],
)
def test_only_whole_numbers_above_one_are_a_count(
    effect: tuple[float, float], counted: tuple[str, float] | None
) -> None:
    assert _counted(setting(), seen("lift", effect)) == counted


def test_what_a_renewal_asks_of_its_members_in_words() -> None:
    names = tuple("ABCDEFG")
    kept = seen("keep", rules=(Unanimity(names),), holders=names)
    money = np.array([-1.0, -7.0, 3.0, -2.0, -3.0, -4.0, -5.0])
    assert _of_renewal(kept, money, None) == (
        "By unanimity it is rational only if each member that the measures cost money values "
        "keeping them at no less than that. In million USD a year they cost B 7, G 5, F 4, E 3 "
        "and 2 others less."
    )
    drawn = np.outer(np.arange(101.0), money)
    assert "B 7 (35 to 660), G 5 (25 to 480)" in _of_renewal(kept, money, drawn)
    assert _of_renewal(kept, np.abs(money), None) == (
        "In money, the measures cost no member anything."
    )
    assert bound_of(setting((DAY,)), kept, Judged(money, money, True), None).startswith(
        "By unanimity it is rational only"
    )
    majority = WeightedVotes(names, (1,) * 7, 2)
    few = seen("keep", rules=(majority,), holders=names)
    assert _by_majority(few, np.array([-1.0, 2.0, 2.0, 0, 0, 0, 0]), "They cost A 1.") == (
        "The measures cost some members money, but by 2 of 7 votes these are too few to "
        "prevent the renewal: money alone explains it. They cost A 1."
    )
    strict = replace(few, rules=(majority, WeightedVotes(names, (1,) * 7, 6)))
    assert _by_majority(strict, money, "They cost B 7.") == (
        "By 2 of 7 votes it is rational only if enough of the members that the measures cost money "
        "value keeping them at no less than that. They cost B 7."
    )
    assert "By 2 of 7 votes" in _of_renewal(few, money, None)


def test_moves_in_words() -> None:
    one, two = seen("adopt").event, seen("adopt", measures=("ban", "stop")).event
    assert words_of(setting(), one) == "‘the ban’ comes into force"
    assert words_of(setting(), two) == "‘the ban’ and ‘the stop’ come into force"
    assert words_of(setting(), seen("lift").event) == "‘the ban’ ends"
    assert words_of(setting(), seen("lift", measures=("a", "b")).event) == "‘the a’ and ‘the b’ end"
    kept = seen("keep").event
    assert words_of(setting(), kept) == "‘the ban’ is kept"
    assert words_of(setting((DAY,)), kept) == "‘the ban’ is renewed"
    both = seen("keep", measures=("a", "b")).event
    assert words_of(setting((DAY,), later=True), both) == (
        "‘the a’ and ‘the b’ are renewed on this day or before"
    )
    assert words_of(setting(later=True), one) == "‘the ban’ comes into force"


def test_moves_of_others_within_a_week_are_one_exchange() -> None:
    def event(days: int, party: str, move: str = "lift", measures: tuple[str, ...] = ("m",)) -> Any:
        return SimpleNamespace(
            date=DAY + dt.timedelta(days), party=party, move=move, measures=measures
        )

    mine = event(0, "P", "adopt", ("a", "b"))
    near = [event(7, "Q"), event(-7, "R", "adopt", ("c",))]
    rest = [event(8, "Q"), event(-8, "Q"), event(1, "P"), event(1, "Q", "keep")]
    assert _same_days(mine, [mine, *near, *rest]) == near
    assert _changes([mine, *near]) == {"a": True, "b": True, "m": False, "c": True}
    assert _changes([event(0, "P", "keep")]) == {"m": False}


def check(**more: Any) -> MoveCheck:
    given: dict[str, Any] = {
        "date": DAY, "party": "P", "move": "keep", "measures": ("ban",), "change": "",
        "gain": 1.0, "money": 1.0, "with_others": (), "gain_exchange": 1.0, "money_exchange": 1.0,
        "carried": True, "carried_exchange": True, "renewal": True,
    }  # fmt: skip
    return MoveCheck(**{**given, **more})


def test_verdicts_on_moves_and_what_contradicts_them() -> None:
    assert check().verdict == "rational by itself"
    assert check(carried=False).verdict == "rational as part of an exchange"
    neither = check(carried=False, carried_exchange=False)
    assert neither.verdict == "not explained"
    assert neither.contradicted
    assert not replace(neither, renewal=False).contradicted
    assert not check().contradicted
    assert check(share=0.49).contradicted
    assert not check(share=0.5).contradicted
    assert not check(share=0.1, renewal=False).contradicted
    assert check(in_view=("x",)).in_sample
    assert not check().in_sample


def test_renewals_on_record_contradict_votes_that_fail() -> None:
    def votes(gain: list[float], renewed: tuple[dt.date, ...], expiry: str = "lapses") -> Any:
        moments = Moments(MAJORITY, MAJORITY, MAJORITY, expiry)  # type: ignore[arg-type]
        found = who_can_block(moments, gain, "‘the ban’")
        return MeasureVotes(
            "ban", "the ban", "P", True, BLOC, tuple(gain), tuple(gain), found, {}, renewed=renewed
        )

    fails, carries = [-1.0, -1.0, 2.0], [1.0, -1.0, 2.0]
    assert votes(fails, (DAY,)).contradicted()
    assert not votes(fails, ()).contradicted()
    assert not votes(fails, (DAY,), "stays").contradicted()
    assert not votes(carries, (DAY,)).contradicted()
    assert votes(carries, (DAY,)).contradicted(0.49)
    assert not votes(carries, (DAY,)).contradicted(0.5)
    assert not votes(carries, (DAY,)).together
    assert str(votes(carries, ())).startswith("At adoption (2 of 3 votes): 2 of 3 members")
