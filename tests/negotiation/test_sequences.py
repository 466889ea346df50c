"""Orders of steps against the definition, written out step by step, and theories of small steps."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from detente.negotiation import (
    Exchange,
    NegotiationError,
    Step,
    explain_orders,
    find_sequences,
    regime,
    regime_of,
    shrinking_steps,
    trust_threshold,
)
from detente.negotiation.sequencing import search
from detente.negotiation.sequencing.orders import best_order, possible, sweep
from detente.negotiation.sequencing.sequences import Patience


def random_exchange(seed: int, size: int, parties: int, noise: float = 0.15) -> Exchange:
    """Steps that cost their owner and serve the others, with interactions."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, parties, size)
    own = owner[:, None] == np.arange(parties)
    worth = np.where(own, -rng.random((size, parties)), 1.6 * rng.random((size, parties)))
    value = np.zeros((1, parties))
    for j in range(size):
        value = np.concatenate([value, value + worth[j]])
    steps = tuple(
        Step(f"s{j}", "ABC"[owner[j]], bool(rng.random() < 0.7), {"A": float(rng.normal(0, 0.3))})
        for j in range(size)
    )
    return Exchange(
        steps,
        tuple("ABC"[:parties]),
        value + noise * rng.normal(size=value.shape),
        tuple(rng.uniform(0.7, 0.95, parties)),
        snap_back=bool(seed % 3),
    )


def temptation(exchange: Exchange, order: tuple[int, ...], t: int, p: int) -> list[float]:
    """What a party has by each deviation before turn t: streams of payoffs, summed one by one."""
    done = set(order[:t])
    reversible = {j for j in done if exchange.steps[j].reversible}
    own = {j for j in reversible if exchange.steps[j].owner == exchange.parties[p]}
    others = reversible - own if exchange.snap_back else set()
    delta = exchange.patience[p]

    def pay(state: set[int]) -> float:
        return float(exchange.payoff_sp[sum(1 << j for j in state), p])

    later = delta / (1 - delta)
    ways = []
    if t < len(order) and exchange.steps[order[t]].owner == exchange.parties[p]:
        ways.append(pay(done) + later * max(pay(done - others), pay(done - others - own)))
    if own:
        ways.append(pay(done - own) + later * pay(done - own - others))
    return ways


def going_on(exchange: Exchange, order: tuple[int, ...], t: int, p: int) -> float:
    """Present value of taking the rest of an order, as a sum over periods."""
    delta, total, state = exchange.patience[p], 0.0, sum(1 << j for j in order[:t])
    for k, j in enumerate(order[t:]):
        state |= 1 << j
        once = exchange.steps[j].once.get(exchange.parties[p], 0.0)
        total += delta**k * (exchange.payoff_sp[state, p] + once)
    return total + delta ** (len(order) - t) * exchange.payoff_sp[-1, p] / (1 - delta)


def worst(exchange: Exchange, order: tuple[int, ...]) -> dict[int, float]:
    """The largest gain of anybody from deviating, by turn."""
    return {
        t: max(
            (
                way - going_on(exchange, order, t, p)
                for p in range(len(exchange.parties))
                for way in temptation(exchange, order, t, p)
            ),
            default=-np.inf,
        )
        for t in range(len(order) + 1)
    }


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("size", "parties"), [(3, 2), (4, 2), (4, 3)])
def test_orders_against_their_definition(seed: int, size: int, parties: int, monkeypatch) -> None:
    exchange = random_exchange(seed, size, parties)
    holds, mean = {}, {}
    for order in permutations(range(size)):
        short = worst(exchange, order)
        holds[order] = max(short.values()) <= 1e-9
        mean[order] = sum(
            (1 - d) * going_on(exchange, order, 0, p) for p, d in enumerate(exchange.patience)
        )
        (stated,) = explain_orders(exchange, [[f"s{j}" for j in order]])
        assert stated.enforces_itself == holds[order]
        if stated.unravelling is not None:
            turn = max(t for t, gain in short.items() if gain > 1e-9)
            assert stated.unravelling.turn == turn + 1
            assert stated.unravelling.amount == pytest.approx(short[turn], rel=1e-9)
            assert stated.unravelling.party in str(stated)
    found = find_sequences(exchange)
    assert (found.count, found.tried, found.exact) == (sum(holds.values()), len(holds), True)
    best = max((m for o, m in mean.items() if holds[o]), default=None)
    if best is None:
        assert found.best is None
        assert "No order enforces itself" in str(found)
    else:
        chosen = tuple(int(s[1:]) for s in found.best.steps)
        assert holds[chosen]
        assert mean[chosen] == pytest.approx(best, rel=1e-12)

    # The sweep over the lattice, made to answer for these small packages too.
    monkeypatch.setattr(search, "ALL_ORDERS", 0)
    swept = find_sequences(exchange)
    if swept.best is not None:
        assert holds[tuple(int(s[1:]) for s in swept.best.steps)]
    else:
        assert swept.exact
    assert (swept.best is None) == (best is None)


@pytest.mark.parametrize(
    ("size", "parties", "noise", "seed", "exists"),
    [
        (3, 2, 0.3, 395, True),
        (4, 3, 0.15, 176, True),
        (5, 2, 0.3, 194, True),
        (5, 3, 0.6, 320, True),
        (4, 3, 1.0, 248, False),
        (5, 3, 0.3, 32, False),
    ],
)
def test_what_the_sweep_leaves_open_is_decided_exactly(
    size: int, parties: int, noise: float, seed: int, exists: bool, monkeypatch
) -> None:
    exchange = random_exchange(seed, size, parties, noise)
    # The sweep finds no order here, and no party's own best continuation rules one out.
    assert not sweep(exchange, np.ones(parties)).order()
    assert possible(exchange)[0]
    tried = find_sequences(exchange)
    assert (tried.best is not None) == exists
    monkeypatch.setattr(search, "ALL_ORDERS", 0)
    found = find_sequences(exchange)
    assert (found.tried, found.exact) == (0, True)
    if tried.best is None:
        assert found.best is None
    else:
        assert found.best.steps == tried.best.steps
        assert found.best.value == pytest.approx(tried.best.value, rel=1e-12)
    # With too many continuations to keep, the answer is that nothing is known.
    monkeypatch.setattr(search, "_KEPT", 1)
    given_up = find_sequences(exchange)
    assert (given_up.best, given_up.exact) == (None, False)


@pytest.mark.parametrize("seed", range(8))
def test_without_an_order_the_one_shown_takes_the_largest_sum_at_each_turn(
    seed: int, monkeypatch
) -> None:
    exchange = random_exchange(seed, 4, 3, noise=0.5)
    hopeless = Exchange(exchange.steps, exchange.parties, exchange.payoff_sp, (0.0,) * 3)
    weights = {"A": 3.0, "B": 1.0, "C": 0.5}
    monkeypatch.setattr(search, "ALL_ORDERS", 0)
    found = find_sequences(hopeless, weights=weights)
    assert found.best is None
    done: list[int] = []
    while len(done) < 4:
        worth = {}
        for j in set(range(4)) - set(done):
            paid = exchange.payoff_sp[sum(1 << k for k in (*done, j))]
            once = exchange.steps[j].once
            gain = [x + once.get(p, 0.0) for p, x in zip(exchange.parties, paid, strict=True)]
            worth[j] = sum(weights[p] * g for p, g in zip(exchange.parties, gain, strict=True))
        done.append(max(worth, key=worth.__getitem__))
    assert found.nearest.steps == tuple(f"s{j}" for j in done)


@pytest.mark.parametrize("seed", range(6))
def test_least_patience_is_where_an_order_begins_to_hold(seed: int) -> None:
    exchange = random_exchange(seed, 4, 2)
    found = find_sequences(exchange)
    order = tuple(int(s[1:]) for s in (found.best or found.nearest).steps)
    for p, asked in enumerate(found.patience):

        def held(delta: float, p: int = p) -> bool:
            patience = list(exchange.patience)
            patience[p] = delta
            other = Exchange(exchange.steps, exchange.parties, exchange.payoff_sp,
                             tuple(patience), exchange.snap_back)  # fmt: skip
            return all(
                way <= going_on(other, order, t, p) + 1e-9
                for t in range(len(order) + 1)
                for way in temptation(other, order, t, p)
            )

        grid = np.linspace(0.0005, 0.9995, 1000)
        first = next((d for d in grid if held(d)), None)
        if asked.least is None:
            assert first is None
        elif asked.most - asked.least > 0.002:  # an interval narrower than the grid may be missed
            assert first == pytest.approx(asked.least, abs=0.0011)
            assert held(asked.least + 1e-6)
            assert asked.least < 1e-6 or not held(asked.least - 1e-6)


def two_sided(relief_costs: float) -> Exchange:
    """Two releases that cannot be undone against two steps of relief that can."""
    steps = (
        Step("first release", "BLR", reversible=False, once={"USA": 10.0, "BLR": -1.0}),
        Step("second release", "BLR", reversible=False, once={"USA": 10.0, "BLR": -1.0}),
        Step("relief for the airline", "USA"),
        Step("relief for potash", "USA"),
    )
    relief = np.array([(s >> 2 & 1) + (s >> 3 & 1) for s in range(16)], float)
    payoff = np.stack([-relief_costs * relief, 3 * relief], axis=1)
    return Exchange(steps, ("USA", "BLR"), payoff, (0.9, 0.9))


def test_irreversible_releases_unravel_if_holding_relief_costs_anything() -> None:
    found = find_sequences(two_sided(0.5))
    assert found.best is None
    assert {o.unravelling.party for o in found.orders} == {"USA"}
    assert all(
        not o.unravelling.step for o in found.orders
    )  # after the last step the USA has nothing to wait for
    assert "It unravels after the last step: USA would gain 10 by rolling back" in str(found)
    free = find_sequences(two_sided(0.0))
    assert free.best is not None
    assert free.exact
    assert free.count > 0
    assert "enforces itself" in str(free)


def test_a_package_too_large_to_try_is_swept_and_says_what_it_knows() -> None:
    exchange = random_exchange(1, 10, 2, noise=0.01)
    patient = Exchange(exchange.steps, exchange.parties, exchange.payoff_sp, (0.99, 0.99))
    found = find_sequences(patient)
    assert found.count is None
    if found.best is None:
        assert found.exact
    else:
        places = tuple(int(s[1:]) for s in found.best.steps)
        assert max(worst(patient, places).values()) <= 1e-9
    hopeless = Exchange(exchange.steps, exchange.parties, exchange.payoff_sp, (0.0, 0.0))
    assert find_sequences(hopeless).best is None


@pytest.mark.parametrize("patience", [0.5, 0.8, 0.95])
def test_steps_shrink_towards_the_limit_of_lockwood_and_thomas(patience: float) -> None:
    path = shrinking_steps(patience, 1.0, 1.0, 400)
    assert path.limit == pytest.approx(patience, rel=1e-15)
    assert all(a > b > 0 for a, b in zip(path.steps, path.steps[1:], strict=False))
    # With x = c/limit, x' = (1 + x²)/2, so that 1 − x falls like 2/t.
    assert 1 - path.level[-1] / path.limit == pytest.approx(2 / 400, rel=0.05)
    assert all(c < path.limit for c in path.level)
    # Nobody leaves: the gain from stopping at c equals what going on brings, at every step.
    for now, then in zip((0.0, *path.level), path.level, strict=False):
        assert then <= path.limit / 2 + now**2 / (2 * path.limit) + 1e-12
    assert regime(["A"], [path.steps]).trend == "shrinking"


@pytest.mark.parametrize(
    ("payoffs", "threshold"),
    [((1, 3, 0, -2), 0.5), ((0, 3, 0, -1), 0.25), ((4, 3, 0, -1), 1.0), ((1, 3, 0, 0), 0.0)],
)
def test_the_threshold_of_trust(payoffs, threshold: float) -> None:
    found = trust_threshold(*payoffs)
    assert found.threshold == pytest.approx(threshold, abs=1e-15)
    t, r, p, s = payoffs
    if 0 < threshold < 1:
        assert threshold * r + (1 - threshold) * s == pytest.approx(
            threshold * t + (1 - threshold) * p, rel=1e-12
        )


@pytest.mark.parametrize(
    ("sizes", "trend"),
    [
        ([[1, 2, 4], [3, 3, 5]], "growing"),
        ([[4, 2, 1], [5]], "shrinking"),
        ([[4, 2], [1, 2]], "mixed"),
        ([[1, 3, 2]], "mixed"),
        ([[2, 2]], "level"),
        ([[2], [3]], "too few steps"),
        ([[-10, -5, -1]], "no exchange"),
        ([[-1317, -1217], [-752]], "no exchange"),
        ([[1, 2, 4], [0]], "no exchange"),
    ],
)
def test_which_regime_the_steps_show(sizes, trend: str) -> None:
    found = regime("AB"[: len(sizes)], sizes)
    assert found.trend == trend
    assert len(found.table().rows) == sum(map(len, sizes))
    assert ("Watson" in str(found)) == (trend == "growing")
    assert ("Lockwood" in str(found)) == (trend == "shrinking")


def test_the_regime_is_that_of_the_order_asked_about() -> None:
    steps = [Step("a", "A"), Step("b", "A"), Step("c", "B")]
    # What A's steps are worth to B is 1 and 3; C's to A is 2; nothing costs its owner anything.
    bits = np.arange(8)
    payoff = np.stack([2.0 * (bits >> 2 & 1), 1.0 * (bits & 1) + 3.0 * (bits >> 1 & 1)], axis=1)
    exchange = Exchange(steps, ("A", "B"), payoff, (0.5, 0.5))
    assert regime_of(exchange, ["a", "c", "b"]).sizes == ((2.0, 6.0), (4.0,))
    assert regime_of(exchange, ["a", "c", "b"]).trend == "growing"
    assert regime_of(exchange, ["b", "a", "c"]).trend == "shrinking"
    assert "No trust is needed." in str(find_sequences(exchange))


@pytest.mark.parametrize(
    ("ask", "parts"),
    [
        (
            lambda: Exchange(
                (Step("x", "US", once={"B": np.nan}), Step("x", "B")),
                ("USA", "B"),
                np.zeros((3, 2)),
                (1.0,),
            ),
            ["'US'", "Did you mean USA?", "more often: x", "(4, 2)", "pays once to B", "of USA is"],
        ),
        (
            lambda: Exchange(
                tuple(Step(f"s{j}", "A") for j in range(30)), ("A",), np.zeros((1, 1)), (0.5,)
            ),
            ["2^30", "up to 22"],
        ),
        (
            lambda: Exchange((Step("x", "A"),), ("A", "B"), [[0, "x"], [1, 2]], (0.9, "q")),
            ["payoff of B in state 0 is 'x', not a number", "patience of B is 'q'"],
        ),
        (
            lambda: Exchange((Step("x", "A"),), ("A", "B"), [[0, 1], [1]], (0.9, 0.9)),
            ["rows of different length"],
        ),
        (lambda: find_sequences(two_sided(0), weights={"US": -1}), ["'US'", "of US is -1"]),
        (lambda: explain_orders(two_sided(0), [["relief"]]), ["'relief' is no step"]),
        (lambda: explain_orders(two_sided(0), [["first release"]]), ["each of 4 steps once"]),
        (lambda: shrinking_steps(1.0, -1, np.inf, 0), ["patience", "gain", "cost", "0 periods"]),
        (lambda: trust_threshold(1, np.inf, 0, 0), ["R is not"]),
    ],
)
def test_faults_are_told_together(ask, parts) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    for part in parts:
        assert part in str(raised.value)


@pytest.mark.parametrize("seed", range(6))
def test_where_all_gain_by_every_step_the_sweep_finds_the_best_order(seed: int) -> None:
    """Nobody is tempted and all are as patient, so that the best of all orders is found exactly."""
    rng = np.random.default_rng(seed)
    steps = tuple(
        Step(f"s{j}", "AB"[j % 2], bool(j % 3), {"A": float(rng.random())}) for j in range(4)
    )
    payoff = np.zeros((16, 2))
    for j in range(4):
        payoff[(np.arange(16) >> j & 1) == 1] += rng.random(2)
    exchange = Exchange(steps, ("A", "B"), payoff, (0.8, 0.8))
    weight = np.array([1.0, 0.3])
    best = find_sequences(exchange, weights={"A": 1.0, "B": 0.3})
    assert best.count == 24
    order = sweep(exchange, weight).order()
    assert tuple(f"s{j}" for j in order) == best.best.steps
    assert sweep(exchange, weight).found.all()
    assert possible(exchange).all()
    kept = best_order(exchange, weight, possible(exchange), 1000)
    assert (kept.order, kept.exact) == (order, True)


def test_trust_that_a_step_needs_is_the_threshold_of_a_single_game() -> None:
    """A gives 2 to B at a cost of 1, then B gives 3 to A at a cost of 1; δ is a half."""
    steps = (Step("a", "A"), Step("b", "B"))
    payoff = np.array([[0, 0], [-1, 2], [3, -1], [2, 1]], float)
    exchange = Exchange(steps, ("A", "B"), payoff, (0.5, 0.5))
    (order,) = explain_orders(exchange, [["a", "b"]])
    assert order.value == pytest.approx((-1 + 0.5 * 4, 2 + 0.5 * 2))
    assert order.stay == (0.0, 0.0)
    # Before its step A gains 1 by going on against nothing. Let down, it has −1 once, and its own
    # step stands and nobody snaps anything of B back: staying with −1 or taking back makes 0 then.
    assert order.slack[0] == pytest.approx(1.0)
    assert order.trust[0] == pytest.approx(trust_threshold(0, 1, 0, -1).threshold)
    # If B withholds it keeps 2 now and nothing later, as A snaps back: 2 as well by going on.
    assert order.slack[1] == pytest.approx(0.0, abs=1e-12)
    assert order.enforces_itself
    assert order.table().rows[-1] == (3, "", "", order.slack[2], None)
    assert order.table().rows[0] == (1, "a", "A", order.slack[0], order.trust[0])
    assert str(order).startswith(
        "a (A) → b (B). It enforces itself; against no package, in present value: A +1, B +3."
    )
    assert "The most trust is needed at step " in str(order)


def test_patience_in_words() -> None:
    found = find_sequences(random_exchange(0, 4, 2))
    for asked in found.patience:
        text = str(asked)
        assert text.startswith(asked.party)
        if asked.least is None:
            assert text.endswith("at any patience.")
        elif (asked.least, asked.most) != (0, 1):
            assert f"from a patience of {asked.least:.3f}" in text
            assert (f"up to {asked.most:.3f}" in text) == (asked.most < 1)
    assert str(Patience("A", 0.9, None, None)) == "A would not keep to it at any patience."
    assert str(Patience("A", 0.9, 0.0, 1.0)) == "A keeps to it at any patience."
    assert str(Patience("A", 0.9, 0.25, 1.0)) == (
        "A keeps to it from a patience of 0.250 per step (assumed: 0.9)."
    )
    assert str(Patience("A", 0.9, 0.0, 0.5)) == (
        "A keeps to it from a patience of 0.000 per step, and up to 0.500 (assumed: 0.9)."
    )


def test_small_steps_in_words_and_rows() -> None:
    path = shrinking_steps(0.5, 2.0, 1.0, 2)
    assert (path.level, path.limit) == ((0.5, 0.625), 1.0)
    assert path.steps == (0.5, 0.125)
    assert path.table().rows == ((1, 0.5, 0.5), (2, 0.125, 0.625))
    assert "from 0.5 to 0.125 over 2 periods; cooperation reaches 0.625, never more than 1." in str(
        path
    )
    assert trust_threshold(1, 3, 0, -2).table().rows == ((1, 3, 0, -2, 0.5),)
    assert "chance of at least 50.0 %" in str(trust_threshold(1, 3, 0, -2))
    assert str(trust_threshold(3, 3, 0, -1)).startswith("No trust suffices")
    # Where mutual defection is worse than being let down, a chance below the threshold is feared.
    assert trust_threshold(4, 3, -2, -1).threshold == pytest.approx(0.5)
    assert trust_threshold(2, 3, 0, 0).threshold == 0.0
    stated = regime(["A", "B"], [[2, 1], [3]])
    assert stated.trends == ("shrinking", "too few steps")
    assert stated.table().rows == (("A", 1, 2), ("A", 2, 1), ("B", 1, 3))
    assert stated.said_of("this order").startswith("In this order, steps shrink, as patience")
    assert "A 2 → 1 and B 3." in str(stated)
    assert regime(["A", "B"], [[2, 2], [3]]).trend == "level"


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda: Exchange((Step("x", "A"),), ("A",), [[0, "x"], [0, 0]], (0.5,)),
            "Payoffs hold 'x'",
        ),
        (lambda: Exchange((Step("x", "A"),), ("A",), [[0], [0]], (0.5, "q")), "of a party is 'q'"),
        (lambda: Exchange((Step("x", "A"),), ("A",), [[0], [0]], (0.5, 0.5)), "1 parties need"),
        (lambda: Exchange((Step("x", "A"),), ("A",), [[0], [0]], (-0.1,)), "of A is -0.1"),
        (
            lambda: Exchange((Step("x", "A"),), ("A", "B"), [[0, 0], [0, np.inf]], (0.5, 0.5)),
            "payoff of B in state 1 is not a finite number",
        ),
        (
            lambda: Exchange((Step("x", "A"),), ("A", "A"), np.zeros((2, 2)), (0.5, 0.5)),
            "Each party may stand once; more often: A.",
        ),
        (
            lambda: find_sequences(two_sided(0), weights={"USA": 0.0}),
            "The weight of USA is 0.0",
        ),
        (lambda: shrinking_steps(0.5, 1.0, 1.0, 0), "0 periods"),
        (lambda: shrinking_steps(0.0, 1.0, 1.0, 1), "patience is 0.0"),
        (lambda: shrinking_steps(0.5, 0.0, 1.0, 1), "gain is 0.0"),
        (lambda: shrinking_steps(0.5, 1.0, np.inf, 1), "cost is inf"),
    ],
)
def test_each_fault_is_told_alone(ask, told: str) -> None:
    with pytest.raises(NegotiationError) as raised:
        ask()
    assert len(raised.value.faults) == 1
    assert told in str(raised.value)


def test_what_a_step_costs_its_owner_is_no_part_of_its_size() -> None:
    steps = [Step("a", "A", once={"A": -7.0, "B": 1.0}), Step("b", "B"), Step("c", "C")]
    bits = np.arange(8)
    one, two, three = (bits >> k & 1 for k in range(3))
    payoff = np.stack([-2.0 * one + 5 * two + three, 4.0 * one - two, 0.5 * one + two], axis=1)
    exchange = Exchange(steps, ("A", "B", "C"), payoff, (0.5, 0.75, 0.0))
    found = regime_of(exchange, ["a", "b", "c"])
    # What lasts counts as a present value: twice for A, four times for B, once for C.
    assert found.sizes == ((1 + 4 * 4 + 0.5,), (2 * 5 + 1.0,), (2 * 1.0,))
    assert found.trends == ("too few steps",) * 3


def test_patience_begins_at_none_even_if_less_would_do() -> None:
    """A step that costs 2 at once and pays 3 for ever asks 1 + 2δ ≥ 0, which holds from −1/2 on."""
    exchange = Exchange((Step("x", "A", once={"A": -2.0}),), ("A",), [[0], [3]], (0.5,))
    (asked,) = find_sequences(exchange).patience
    assert (asked.least, asked.most) == (0.0, 1.0)
    dear = Exchange((Step("x", "A", once={"A": -4.0}),), ("A",), [[0], [3]], (0.5,))
    # −1 + 4δ ≥ 0 from a quarter on.
    (asked,) = find_sequences(dear).patience
    assert asked.least == pytest.approx(0.25)
    assert asked.most == 1.0


def test_sequences_in_words_and_rows() -> None:
    found = find_sequences(two_sided(0.5))
    first = found.orders[0]
    assert found.table().rows[0] == (
        " → ".join(first.steps), False, 5, "USA", "rolling back", first.unravelling.amount
    )  # fmt: skip
    assert len(found.table().rows) == 24
    assert found.sentences()[0] == "No order enforces itself. 24 orders tried."
    assert found.sentences()[1].startswith("The nearest: ")
    free = find_sequences(two_sided(0.0))
    assert free.table().rows[0][1:] == (True, None, None, None, None)
    assert free.sentences()[0].startswith(
        f"An order that enforces itself exists ({free.count} of 24 do). The best: "
    )
    assert free.sentences()[-1].startswith("In the best order, ")
    bad = Step("x", "A", reversible=False)
    one = find_sequences(Exchange((bad,), ("A",), [[0], [-1]], (0.5,)))
    assert one.sentences()[0] == "No order enforces itself. 1 order tried."
    assert one.orders[0].unravelling.way == "withholding"
    assert str(one.orders[0].unravelling) == (
        "It unravels at step 1, x: A would gain 2 by withholding x."
    )
