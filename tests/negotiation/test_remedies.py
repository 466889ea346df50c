"""The inverse question: what is returned makes the state stable, and slightly less does not."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from invented import invented

from detente.negotiation import (
    Conflict,
    DoubleMajority,
    Interest,
    Measure,
    NegotiationError,
    Party,
    Unanimity,
    Valuation,
    WeightedVotes,
    remedies,
)
from detente.negotiation.stability.bloc_remedies import common, nearest_zero, union
from detente.negotiation.stability.concepts import CONCEPTS, Concept, stable
from detente.negotiation.stability.moves import game_of
from detente.negotiation.stability.revaluation import Revaluation


def with_interest(conflict: Conflict, effects: np.ndarray, worth: list[float]) -> Conflict:
    """The conflict with one more interest, valued by every party."""
    payoffs = conflict.payoffs
    values = [Valuation(p.name, "more", w) for p, w in zip(conflict.parties, worth, strict=True)]
    return conflict.with_payoffs(
        replace(
            payoffs,
            interests=(*payoffs.interests, Interest("more", effects)),
            effect_ks=np.vstack([payoffs.effect_ks, effects]),
            valuations=(*payoffs.valuations, *values),
            worth_v=np.append(payoffs.worth_v, worth),
        )
    )


def held(conflict: Conflict, state: int, concept: Concept) -> list[bool]:
    return stable(game_of(conflict), (concept,))[concept][:, state].tolist()


def cases(kind: str, seed: int) -> list[Conflict]:
    rng = np.random.default_rng(seed)
    return [invented(rng, kind) for _ in range(25)]


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("kind", ["free", "masked", "blocs"])
def test_payment(kind: str, concept: Concept) -> None:
    asked = 0
    for conflict in cases(kind, 1):
        state = conflict.status_quo
        found = remedies(conflict, state, concept)
        here = (conflict.space.codes == state).astype(float)
        due = found.payment_i
        for i, party in enumerate(conflict.parties):
            if party.is_bloc or due[i] == 0:
                continue
            asked += 1
            for share, wanted in ((1.0, True), (1 - 1e-6, False)):
                worth = [share * due[i] if j == i else 0.0 for j in range(len(due))]
                assert held(with_interest(conflict, here, worth), state, concept)[i] is wanted
        if np.isfinite(due).all() and not any(p.is_bloc for p in conflict.parties):
            assert all(held(with_interest(conflict, here, due.tolist()), state, concept))
    assert asked > 2


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("kind", ["free", "masked", "blocs"])
def test_revaluation(kind: str, concept: Concept) -> None:
    rng = np.random.default_rng(2)
    asked = 0
    for plain in cases(kind, 3):
        effects = rng.integers(-2, 3, plain.space.size).astype(float)
        conflict = with_interest(plain, effects, [1.0] * len(plain.parties))
        state = conflict.status_quo
        asked_for = remedies(conflict, state, concept)
        for found in asked_for.revaluations:
            i = conflict.labels.index(found.party)
            for change in (*np.linspace(-20, 20, 17) + 1e-3, found.change):
                if np.isnan(change):
                    continue
                worth = [1.0 + (change if j == i else 0.0) for j in range(len(plain.parties))]
                stays = held(with_interest(plain, effects, worth), state, concept)[i]
                # A rounding's width at the ends, where the party is just indifferent.
                assert stays == any(a - 1e-9 <= change <= b + 1e-9 for a, b in found.stable_for)
            if not np.isnan(found.change):
                asked += 1
                worth = [1.0 + (found.change if j == i else 0.0) for j in range(len(plain.parties))]
                settled = all(held(with_interest(plain, effects, worth), state, concept))
                assert asked_for.holds(found) is settled
                worth = [
                    1.0 + (found.change * (1 - 1e-6) if j == i else 0.0)
                    for j in range(len(plain.parties))
                ]
                assert not held(with_interest(plain, effects, worth), state, concept)[i]
    assert asked > 2


def test_sentences() -> None:
    conflict = next(c for c in cases("free", 1) if remedies(c, c.status_quo).movers)
    found = remedies(conflict, conflict.status_quo)
    assert f"{found.movers[0]} would stay (Nash) for" in str(found)
    assert found.table().column("party")[0] == found.movers[0]
    assert found.total == pytest.approx(found.payment_i.sum(), rel=1e-15)


def test_impossible_state() -> None:
    conflict = next(c for c in cases("masked", 1) if not c.space.all_feasible)
    with pytest.raises(NegotiationError, match="cannot exist"):
        remedies(conflict, int(np.flatnonzero(~conflict.space.feasible_s)[0]))


def paying(conflict: Conflict, state: int, paid: dict[str, float]) -> Conflict:
    """The conflict if members get something while a state lasts."""
    payoffs = conflict.payoffs
    here = (conflict.space.codes == state).astype(float)
    return conflict.with_payoffs(
        replace(
            payoffs,
            interests=(*payoffs.interests, Interest("paid", here)),
            effect_ks=np.vstack([payoffs.effect_ks, here]),
            valuations=(*payoffs.valuations, *(Valuation(m, "paid", p) for m, p in paid.items())),
            worth_v=np.append(payoffs.worth_v, list(paid.values())),
        )
    )


@pytest.mark.parametrize("seed", range(3))
def test_members_of_a_bloc_are_paid_the_least_that_keeps_it(seed: int) -> None:
    """Against every combination of what members gain by the moves: one of them is the cheapest."""
    asked = 0
    for conflict in cases("blocs", seed):
        state = conflict.status_quo
        found = remedies(conflict, state)
        for i, party in enumerate(conflict.parties):
            bloc = found.bloc(party.label)
            if bloc is None:
                continue
            asked += 1
            assert found.payment_i[i] == bloc.total
            more = {m: p + 1e-6 for m, p in zip(bloc.members, bloc.payments, strict=True)}
            assert held(paying(conflict, state, more), state, "Nash")[i]
            gain = conflict.payoffs.members(i)[:, bloc.moves]
            gain = gain - conflict.payoffs.members(i)[:, [state]]
            prices = [sorted({0.0, *(g for g in row if g > 0)}) for row in gain]
            enough = [
                sum(each)
                for each in product(*prices)
                if held(
                    paying(
                        conflict, state,
                        {m: p + 1e-6 for m, p in zip(party.members, each, strict=True)},
                    ),
                    state,
                    "Nash",
                )[i]
            ]  # fmt: skip
            assert bloc.total == pytest.approx(min(enough), abs=1e-9)
            for way in (w for m in bloc.members for w in found.ways(m)):
                assert way.party in bloc.members
    assert asked > 5


def test_a_double_majority_is_restored_by_its_cheapest_blocking_set() -> None:
    members = tuple("ABCDEFG")
    rule = DoubleMajority(members, (40, 20, 10, 10, 10, 5, 5), 0.55, 0.65, 3)
    conflict = Conflict.of(
        [Party("Bloc", rule=rule), Party("X")],
        [Measure("ban", "Bloc"), Measure("other", "X")],
        status_quo=["ban"],
        money={"A": [9, 0], "B": [7, 0], "C": [3, 0], "D": [3, 0], "E": [2, 0], "F": [1, 0],
               "G": [0, 5], "X": [0, 0]},
        trade=["ban"],
    )  # fmt: skip
    # Six of seven with 95 % gain by an end. Three members block if the others have too little
    # weight; the cheapest way is that four or more members do, whatever their weight.
    bloc = remedies(conflict, conflict.status_quo).bloc("Bloc")
    assert set(bloc.members) == {"E", "F", "C"} or set(bloc.members) == {"E", "F", "D"}
    assert bloc.total == pytest.approx(6)


def test_under_unanimous_renewal_each_that_would_refuse_has_to_be_paid() -> None:
    rule = Unanimity(tuple("ABC"))
    lapsing = Measure("ban", "Bloc", expiry="lapses")
    conflict = Conflict.of(
        [Party("Bloc", rule=rule), Party("X")],
        [lapsing, Measure("other", "X")],
        status_quo=["ban"],
        interests=[Interest("firm", {"ban": 1.0})],
        valuations=[Valuation("A", "firm", -4.0), Valuation("B", "firm", -1.0),
                    Valuation("C", "firm", 9.0)],
    )  # fmt: skip
    found = remedies(conflict, conflict.status_quo)
    bloc = found.bloc("Bloc")
    assert dict(zip(bloc.members, bloc.payments, strict=True)) == {"A": 4.0, "B": 1.0}
    assert [(w.party, w.value + w.change) for m in bloc.members for w in found.ways(m)] == [
        ("A", 0.0), ("B", 0.0),
    ]  # fmt: skip
    assert "A 4 and B 1" in str(found)


@pytest.mark.parametrize(("change", "needed"), [(0.1 - 2.5e-16, 0.0), (0.1, 0.0), (0.3, 0.2)])
def test_a_value_that_cancels_is_zero(change, needed):
    found = Revaluation("A", "peace", -0.1, change, ())
    assert found.needed == pytest.approx(needed, abs=0.0, rel=1e-12)


@pytest.mark.parametrize("kind", ["free", "blocs"])
def test_payments_are_in_the_unit_of_the_payoffs(kind: str) -> None:
    """Payoffs in another unit ask for payments in that unit, however small or large it is."""
    asked = 0
    for conflict in cases(kind, 4)[:12]:
        due = remedies(conflict, conflict.status_quo)
        for unit in (1e-14, 1e7):
            money = conflict.payoffs.with_money(conflict.payoffs.money_hq * unit)
            other = remedies(conflict.with_payoffs(money), conflict.status_quo)
            np.testing.assert_allclose(other.payment_i, unit * due.payment_i, rtol=1e-9)
            assert other.movers == due.movers
        asked += len(due.movers)
    assert asked > 2


def test_many_persons_are_weighed() -> None:
    """A quota of the population that a thousand persons of a hundred million decide."""
    members = tuple("ABCD")
    people = (39_999_000, 30_000_000, 20_000_000, 10_001_000)
    rule = DoubleMajority(members, people, 0.5, 0.6, 1)

    def bloc(gain: tuple[float, ...]):
        conflict = Conflict.of(
            [Party("Bloc", rule=rule), Party("X")],
            [Measure("ban", "Bloc"), Measure("other", "X")],
            status_quo=["ban"],
            money={m: [g, 0] for m, g in zip(members, gain, strict=True)} | {"X": [0, 0]},
            trade=["ban"],
        )
        return remedies(conflict, conflict.status_quo).bloc("Bloc")

    # All gain by the end; who keeps the ban needs more than 40 % of the persons.
    found = bloc((5.0, 3.0, 2.5, 1.0))
    assert dict(zip(found.members, found.payments, strict=True)) == {"B": 3.0, "D": 1.0}
    # A falls short of it alone, by a thousand persons.
    cheap = bloc((0.5, 3.0, 2.5, 1.0))
    assert dict(zip(cheap.members, cheap.payments, strict=True)) == {"A": 0.5, "D": 1.0}


def test_remedies_in_words_and_rows() -> None:
    conflict = Conflict.of(
        [Party("A"), Party("B")],
        [Measure("ban", "A"), Measure("door", "B")],
        status_quo=["ban"],
        money={"A": [10, 0], "B": [0, 0]},
        trade=["ban"],
        interests=[Interest("honour", {"ban": 2.0}), Interest("view", {"door": 1.0})],
        valuations=[Valuation("A", "honour", 3.0), Valuation("A", "view", 1.0)],
    )
    found = remedies(conflict, conflict.status_quo)
    assert found.payment_i.tolist() == [4.0, 0.0]
    assert str(found) == (
        "With ‘ban’ in force, A would stay (Nash) for 4 million a year, or if it valued honour at "
        "5 instead of 3."
    )
    assert found.table().rows[0] == ("A", "payment", None, 0.0, 4.0)
    assert found.table().rows[1] == ("A", "valuation", "honour", 3.0, 2.0)
    assert [w.interest for w in found.ways("A")] == ["honour"]
    (honour, view) = found.revaluations
    assert honour.stable_for == ((2.0, np.inf),)
    assert view.stable_for == ()
    assert np.isnan(view.change)
    assert found.holds(honour)
    gone = remedies(conflict, 0)
    assert str(gone) == "Nothing in force: stable for all (Nash) as it is."
    assert gone.total == 0.0


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        ([(0, 1), (1, 2)], ((0, 2),)),
        ([(3, 4), (0, 1)], ((0, 1), (3, 4))),
        ([(0, 5), (1, 2)], ((0, 5),)),
        ([(2, 1)], ()),
        ([(1, 1)], ((1, 1),)),
    ],
)
def test_intervals(parts, joined) -> None:
    assert union(parts) == joined
    assert common(union(parts), ((-9, 9),)) == joined
    assert common(joined, ()) == ()


def test_the_number_nearest_to_zero() -> None:
    assert nearest_zero(((-3, -2), (1, 4))) == 1
    assert nearest_zero(((-1, 5),)) == 0
    assert nearest_zero(((-3, -2), (4, 5))) == -2
    assert np.isnan(nearest_zero(()))


def test_who_neither_gains_nor_loses_is_not_paid() -> None:
    """Two of three are indifferent, so that the ban is not renewed unless they vote for it."""
    rule = WeightedVotes(tuple("ABC"), (1, 1, 1), 3)
    conflict = Conflict.of(
        [Party("Bloc", rule=rule), Party("X")],
        [Measure("ban", "Bloc", expiry="lapses"), Measure("other", "X")],
        status_quo=["ban"],
        money={"A": [2, 0], "B": [0, 0], "C": [0, 0], "X": [0, 0]},
        trade=["ban"],
    )
    bloc = remedies(conflict, conflict.status_quo).bloc("Bloc")
    assert bloc.members[0] == "A"
    assert bloc.payments == (2.0, *[0.0] * (len(bloc.members) - 1))
