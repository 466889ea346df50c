"""Stability against the published definitions, published answers and its own invariances."""

from __future__ import annotations

import numpy as np
import pytest
from invented import elmira, graph_of, invented, invented_list

from detente.negotiation import (
    Conflict,
    ListedConflict,
    Measure,
    Party,
    joint_improvements,
    path_to_stability,
    stable_states,
)
from detente.negotiation.stability.concepts import CONCEPTS, stable
from detente.negotiation.stability.moves import game_of, stacked_game


def test_elmira() -> None:
    found = stable_states(elmira())
    published = {
        "Nash": [5, 8, 9], "SEQ": [5, 8, 9], "GMR": [1, 4, 5, 8, 9], "SMR": [1, 4, 5, 8, 9]
    }  # fmt: skip
    assert {c: (found.equilibria(c) + 1).tolist() for c in CONCEPTS} == published
    assert "the local government would move away" in found.sentences[0]
    assert [row[1] for row in found.table().rows] == ["1", "4", "5", "8", "9"]
    (joint,) = joint_improvements(elmira(), 4).moves
    assert (joint.parties, joint.state) == (("the MoE", "Uniroyal"), "8")
    assert [s.state for s in path_to_stability(elmira()).steps] == ["5"]
    together = path_to_stability(elmira(), joint=True)
    assert [s.state for s in together.steps] == ["5", "8"]
    assert "then by the MoE and Uniroyal, to 8. Stable for all (SEQ): 8." in str(together)


@pytest.mark.parametrize("listed", [False, True])
def test_prisoners_dilemma(listed: bool) -> None:
    states = ["", "A", "B", "A B"]
    money = {"P": [3, 4, 1, 2], "Q": [3, 1, 4, 2]}
    conflict: Conflict | ListedConflict
    if listed:
        order = {
            k: sorted(states, key=lambda s, v=v: -v[states.index(s)]) for k, v in money.items()
        }
        other = (
            {"": "A", "A": "", "B": "A B", "A B": "B"},
            {"": "B", "B": "", "A": "A B", "A B": "A"},
        )
        moves = {k: {a: [b] for a, b in o.items()} for k, o in zip(money, other, strict=True)}
        conflict = ListedConflict.of(states, moves, order)
    else:
        measures = [Measure("A", "P"), Measure("B", "Q")]
        parties = [Party("P"), Party("Q")]
        conflict = Conflict.of(parties, measures, status_quo=[], money=money, trade=["A", "B"])
    found = stable_states(conflict)
    both = {c: found.equilibria(c).tolist() for c in CONCEPTS}
    assert both == {"Nash": [3], "GMR": [0, 3], "SMR": [0, 3], "SEQ": [0, 3]}


@pytest.mark.parametrize("kind", ["free", "masked", "blocs", "listed"])
def test_published_definitions(kind: str) -> None:
    rng = np.random.default_rng(["free", "masked", "blocs", "listed"].index(kind))
    for _ in range(125):
        if kind == "listed":
            conflict, graph = invented_list(rng)
        else:
            conflict = invented(rng, kind)
            graph = graph_of(conflict)
        found = stable(game_of(conflict))
        n, size = conflict.rank_is.shape
        for concept, held in found.items():
            for i in range(n):
                wanted = [
                    bool(conflict.rank_is[i, s] >= 0 and graph.stable(s, i, concept))
                    for s in range(size)
                ]
                assert held[i].tolist() == wanted, (kind, concept, i)


@pytest.mark.parametrize("kind", ["free", "masked", "blocs"])
def test_units_and_order(kind: str) -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        conflict = invented(rng, kind)
        found = stable(game_of(conflict))
        scale = rng.uniform(0.1, 10, len(conflict.parties))[conflict.payoffs.party_h]
        shift = rng.normal(0, 100, len(scale))
        money = conflict.payoffs.money_hq * scale[:, None] + shift[:, None]
        other = stable(game_of(conflict.with_payoffs(conflict.payoffs.with_money(money))))
        turned = _reversed(conflict)
        again = stable(game_of(turned))
        to = [
            turned.space.code(conflict.space.in_force(s)) if f else 0
            for s, f in enumerate(conflict.space.feasible_s)
        ]
        for concept in CONCEPTS:
            assert (found[concept] == other[concept]).all()
            moved = again[concept][::-1][:, to] & conflict.space.feasible_s
            assert (found[concept] == moved).all()


def _reversed(conflict: Conflict) -> Conflict:
    """The same with parties and measures in the opposite order."""
    space, payoffs = conflict.space, conflict.payoffs
    trade = [f"M{k}" for k in range(len(space.bits))]
    infeasible = np.flatnonzero(~space.feasible_s)
    patterns = [
        {b: bool(s >> k & 1) for k, b in enumerate(space.bits)} for s in infeasible.tolist()
    ]
    return Conflict.of(
        conflict.parties[::-1],
        space.measures[::-1],
        status_quo=space.in_force(conflict.status_quo),
        money=dict(zip(payoffs.holders, payoffs.money_hq, strict=True)),
        trade=trade,
        forbidden=patterns,
    )


@pytest.mark.parametrize("kind", ["free", "masked", "blocs"])
def test_many_as_one(kind: str) -> None:
    rng = np.random.default_rng(11)
    conflict = invented(rng, kind)
    shape = conflict.payoffs.money_hq.shape
    drawn = [
        conflict.with_payoffs(conflict.payoffs.with_money(rng.integers(0, 9, shape)))
        for _ in range(5)
    ]
    together = stable(stacked_game(drawn))
    for k, each in enumerate(drawn):
        part = slice(k * conflict.space.size, (k + 1) * conflict.space.size)
        for concept, held in stable(game_of(each)).items():
            assert (together[concept][:, part] == held).all()


def test_joint_moves() -> None:
    rng = np.random.default_rng(3)
    for kind in ("free", "masked", "blocs") * 10:
        conflict = invented(rng, kind)
        found = {m.after: m.parties for m in joint_improvements(conflict).moves}
        here, total = conflict.status_quo, conflict.payoffs.total_is
        for after, who in found.items():
            movers = [conflict.labels.index(w) for w in who]
            owners = {
                int(conflict.space.owner_b[b])
                for b in range(len(conflict.space.bits))
                if (after ^ here) >> b & 1
            }
            assert owners == set(movers)
            assert len(movers) > 1
            for i in movers:
                gains = conflict.payoffs.members(i)[:, after] - conflict.payoffs.members(i)[:, here]
                assert gains.max() > 0
                assert conflict.parties[i].is_bloc or total[i, after] > total[i, here]
        if kind == "free":
            wanted = 0
            for after in range(conflict.space.size):
                own = {
                    int(conflict.space.owner_b[b])
                    for b in range(len(conflict.space.bits))
                    if (after ^ here) >> b & 1
                }
                wanted += len(own) > 1 and all(total[i, after] > total[i, here] for i in own)
            assert len(found) == wanted


def test_path_ends_in_stability() -> None:
    rng = np.random.default_rng(5)
    lengths = set()
    for joint in (False, True) * 15:
        conflict = invented(rng, "masked")
        found = path_to_stability(conflict, "Nash", joint=joint)
        lengths.add(len(found.steps))
        ends = stable_states(conflict).equilibria("Nash")
        assert found.arrives == (
            found.after in ends and (not joint or not _joint(conflict, found.after))
        )
        here = found.before
        for step in found.steps:
            for label in step.parties:
                assert conflict.gain(conflict.labels.index(label), here, step.after) > 0
            here = step.after
    assert max(lengths) > 1


def _joint(conflict: Conflict, state: int) -> bool:
    return bool(joint_improvements(conflict, state).moves)


def test_joint_moves_and_paths_in_words_and_rows() -> None:
    """Two prisoners who both confess would both gain by being silent."""
    conflict = Conflict.of(
        [Party("P"), Party("Q")],
        [Measure("A", "P"), Measure("B", "Q")],
        status_quo=["A", "B"],
        money={"P": [3, 4, 1, 2], "Q": [3, 1, 4, 2]},
        trade=["A", "B"],
    )
    joint = joint_improvements(conflict)
    assert str(joint) == (
        "From ‘A’ and ‘B’ in force, 1 joint move would leave all who make it better off, among "
        "them that of P and Q to nothing in force."
    )
    assert joint.table().rows == (("P and Q", 0, "nothing in force"),)
    none = joint_improvements(conflict, 0)
    assert str(none) == "From nothing in force, no parties gain by moving together."
    assert (none.before, joint.before) == (0, 3)
    stays = path_to_stability(conflict)
    assert (stays.steps, stays.after, stays.arrives) == ((), 3, True)
    assert str(stays) == "‘A’ and ‘B’ in force: stable for all (SEQ)."
    walk = path_to_stability(conflict, "Nash", start=0)
    assert [s.after for s in walk.steps] == [1, 3]
    assert str(walk) == (
        "From nothing in force: by P, ‘A’ comes into force; then by Q, ‘B’ comes into force. "
        "Stable for all (Nash): ‘A’ and ‘B’ in force."
    )
    assert walk.table().rows == (
        (1, "P", "‘A’ comes into force", 1, "‘A’ in force"),
        (2, "Q", "‘B’ comes into force", 3, "‘A’ and ‘B’ in force"),
    )
    lost = path_to_stability(conflict, "Nash", joint=True)
    assert not lost.arrives
    assert str(lost) == (
        "From ‘A’ and ‘B’ in force, no sequence of moves by which each mover, alone or together, "
        "gains leads to a state that is stable for all (Nash)."
    )
    found = stable_states(conflict, ("Nash", "SEQ"))
    assert str(found) == (
        "Nash, if no answer is expected: 1 state is stable for all parties; the status quo is "
        "‘A’ and ‘B’ in force, and it is stable for all parties.\n"
        "SEQ, if an answer deters only where those who give it gain: 2 states are stable for all "
        "parties; the status quo is ‘A’ and ‘B’ in force, and it is stable for all parties."
    )
    assert found.table().rows == (
        (3, "‘A’ and ‘B’ in force", True, True),
        (0, "nothing in force", False, True),
    )
    assert [row[0] for row in found.table(every=True).rows] == [3, 0, 1, 2]
    assert found.movers(1, "Nash") == ("Q",)


def test_a_walk_of_three_moves_is_the_shortest() -> None:
    """A line of states that one party walks down, and the other may jump over."""
    states = list("abcde")
    one = {"a": ["b"], "b": ["c"], "c": ["d"], "d": ["e"]}
    other = {"b": ["d"], "a": ["e"]}
    orders = {"P": ["e", "d", "c", "b", "a"], "Q": ["d", "e", "c", "b", "a"]}
    conflict = ListedConflict.of(states, {"P": one, "Q": other}, orders, status_quo="b")
    found = path_to_stability(conflict, "Nash")
    assert [(s.parties, s.state) for s in found.steps] == [(("Q",), "d"), (("P",), "e")]
    assert str(found) == "From b: by Q, to d; then by P, to e. Stable for all (Nash): e."
    assert conflict.index("Q") == 1
    # Together they reach from c what neither can alone: nobody moves twice in succession.
    rows = joint_improvements(conflict, 0).moves
    assert {(m.state, m.parties) for m in rows} == {("d", ("P", "Q"))}


def test_one_concept_is_answered_as_among_all() -> None:
    rng = np.random.default_rng(6)
    for kind in ("free", "masked", "blocs"):
        game = game_of(invented(rng, kind))
        every = stable(game)
        for concept in CONCEPTS:
            alone = stable(game, (concept,))
            assert list(alone) == [concept]
            assert (alone[concept] == every[concept]).all()
