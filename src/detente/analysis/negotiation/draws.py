"""Draws of a negotiation: its answers under drawn valuations, patience and trade parameters.

`NegotiationDraws` holds what the draws gave. `Asker` answers under one draw, from payoffs in the
few states that the questions need, and `chances_of` counts over all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente._types import Array, Codes, Mask
from detente.analysis.negotiation.bands import Draws, NegotiationBands, worth_of_draws
from detente.analysis.negotiation.chances import TRADE, AnswerChance
from detente.analysis.negotiation.conflict import DRAWN, Bargaining, reserves
from detente.analysis.negotiation.deals import Deals, Proposal
from detente.analysis.negotiation.observed_moves import Observed, judge
from detente.analysis.negotiation.reasons import drawn_holders
from detente.analysis.negotiation.stability_draws import lasting_chances
from detente.analysis.negotiation.steps import exchange_of, ordered, possible_orders
from detente.negotiation import Exchange, chances, explain_orders, find_sequences
from detente.negotiation.acceptance import bloc_carries
from detente.negotiation.uncertainty.chances import drawn


@dataclass(frozen=True, eq=False)
class NegotiationDraws:
    """Draws of the trade side, of valuations, patience and reservations, and what came of them.

    Attributes:
        asked: draws of the trade side that were asked for; valuations are drawn more often.
        seed: of the draws.
        failed: draws of the trade side that did not converge; they enter nothing.
        money_dqn: as `Money.drawn_dqn`; None without trade measures among the moves.
        events_dan: money of the sets that observed moves need, (D, A, N); None as before.
        chances: how likely answers are.
        events: by observed move, share of the draws in which it is rational in either way, alone.
        bands: of gains, votes and channels.
    """

    asked: int
    seed: int
    failed: int
    money_dqn: Array | None = field(repr=False)
    events_dan: Array | None = field(repr=False)
    chances: tuple[AnswerChance, ...] = field(repr=False)
    events: tuple[tuple[float, float], ...] = field(repr=False)
    bands: NegotiationBands = field(repr=False)


#: Packages of more steps are asked about in the order shown only.
_ALL_ORDERS = 4
_SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Line:
    """One package as steps: what is fixed from draw to draw.

    Attributes:
        proposal: the package.
        exchange: at central values.
        orders: those that are asked about.
        states: places of the states of its parts, (2^M,).
        movers: indices of the parties that take steps.
    """

    proposal: Proposal
    exchange: Exchange
    orders: tuple[tuple[str, ...], ...] = field(repr=False)
    states: Codes = field(repr=False)
    movers: tuple[int, ...]


class Asker:
    """Every question under any draw; what does not change from draw to draw is kept.

    Args:
        setting: the case, with money drawn.
        deals: the packages.
        seen: the observed moves.
        value_an: money of the sets that these asked for, (A, N).
        drawn_dan: `value_an` by draw; as at central values if None.
    """

    def __init__(
        self,
        setting: Bargaining,
        deals: Deals,
        seen: Sequence[Observed],
        value_an: Array,
        drawn_dan: Array | None,
    ) -> None:
        self.setting, self.deals, self.seen = setting, deals, seen
        self.value_an, self.drawn_dan = value_an, drawn_dan
        self.worth = worth_of_draws(setting, seen)
        self.money = drawn_holders(setting)
        self.central = np.array([r.value for r in self.worth.ranges])
        self.place: dict[int, int] = {}
        self.stable = [("status quo", "The status quo", setting.status_quo)]
        self.stable += [(p.id, p.label, p.code) for p in deals.proposals]
        self.moves = {code: self._own_moves(code) for _, _, code in self.stable}
        self.lines = tuple(line for p in ordered(deals) if (line := self._line(p)) is not None)
        payoffs = setting.conflict.payoffs
        self.codes = np.array(list(self.place), dtype=np.int64)
        self.effect_kc = payoffs.effect_ks[:, self.codes]
        self.setting_c = payoffs.setting_s[self.codes]
        self.rows = [
            np.flatnonzero(payoffs.party_h == i) for i in range(len(setting.conflict.parties))
        ]

    @property
    def questions(self) -> list[tuple[str, str, str]]:
        """Question, id and label of every answer but those on observed moves."""
        out = [("accepted", p.id, p.label) for p in self.deals.proposals]
        out += [("carried out", p.id, p.label) for p in self.deals.proposals]
        out += [("stable", of, label) for of, label, _ in self.stable]
        conflict = self.setting.conflict
        out += [("holds", n, x) for n, x in zip(conflict.names, conflict.labels, strict=True)]
        return out + [("self-enforcing", x.proposal.id, x.proposal.label) for x in self.lines]

    def answers(self, values_bp: Array, index_b: Codes) -> Mask:
        """All answers for some draws, (B, A); those on observed moves last, two for each."""
        return np.array(
            [self._one(v, int(k)) for v, k in zip(values_bp, index_b, strict=True)], dtype=np.bool_
        )

    def _at(self, code: int) -> int:
        return self.place.setdefault(int(code), len(self.place))

    def _own_moves(self, code: int) -> list[Codes]:
        """The states that each party can move to; all are noted as needed."""
        space = self.setting.alone.space
        out = []
        for i in range(len(space.parties)):
            there = space.reachable(code, i)
            for state in (code, *there.tolist()):
                self._at(state)
            out.append(there)
        return out

    def _line(self, proposal: Proposal) -> Line | None:
        exchange, bits, states = exchange_of(self.setting, proposal.code)
        if len(bits) < 2 or not exchange.patience:
            return None
        every = possible_orders(self.setting, exchange, bits)
        if every is None or len(bits) > _ALL_ORDERS:
            found = find_sequences(exchange, orders=every)
            shown = found.best or found.nearest
            every = [shown.steps] if shown is not None else []
        labels = self.setting.conflict.labels
        return Line(
            proposal,
            exchange,
            tuple(every),
            np.array([self._at(s) for s in states.tolist()]),
            tuple(labels.index(p) for p in exchange.parties),
        )

    def _one(self, values: Array, k: int) -> list[bool]:
        shift = (values - self.central)[: self.worth.valued]
        worth_v = self.worth.base_v + self.worth.slope_vp @ shift
        payoffs = self.setting.conflict.payoffs
        money = payoffs.money_hq if k < 0 or self.money is None else self.money[k]
        worth_hk = worth_v.reshape(len(payoffs.holders), -1)
        payoff_hc = money[:, self.setting_c] + worth_hk @ self.effect_kc
        consent = self._consents(shift)
        drawn = dict(zip([r.name for r in self.worth.ranges], values.tolist(), strict=True))
        signs = [self._signs(payoff_hc, consent, p.code, drawn) for p in self.deals.proposals]
        out = [all(s.values()) for s in signs]
        out += [
            all(s[o] for o in p.owners if o in s)
            for p, s in zip(self.deals.proposals, signs, strict=True)
        ]
        out += [all(self._stays(payoff_hc, code)) for _, _, code in self.stable]
        out += self._stays(payoff_hc, self.setting.status_quo)
        out += [self._enforces(payoff_hc, x, values) for x in self.lines]
        value = self.value_an if k < 0 or self.drawn_dan is None else self.drawn_dan[k]
        for j, seen in enumerate(self.seen):
            worth = self.worth.event_hk[j] + np.tensordot(shift, self.worth.event_slope[j], 1)
            alone = judge(self.setting, seen, seen.alone, value, worth).carried
            either = alone or (
                seen.together is not None
                and judge(self.setting, seen, seen.together, value, worth).carried
            )
            out += [either, alone]
        return out

    def _consents(self, shift: Array) -> dict[str, Array]:
        """The gain of each ratifier over the status quo in every state that is needed."""
        worth = self.worth.ratifier_rk + np.tensordot(shift, self.worth.ratifier_slope, 1)
        here = self.place[self.setting.status_quo]
        total = worth @ self.effect_kc
        return dict(zip(self.setting.ratifiers, total - total[:, [here]], strict=True))

    def _signs(
        self, payoff_hc: Array, consent: dict[str, Array], code: int, drawn: dict[str, float]
    ) -> dict[str, bool]:
        """Which signatories accept a package."""
        conflict, here = self.setting.conflict, self.setting.status_quo
        gain_h = payoff_hc[:, self.place[code]] - payoff_hc[:, self.place[here]]
        needs = {n.removeprefix(DRAWN): v for n, v in drawn.items() if n.startswith(DRAWN)}
        out = {}
        for name in self.setting.terms.signatories:
            if name not in conflict.names:
                continue
            i = conflict.index(name)
            who, own = conflict.parties[i], gain_h[self.rows[i]]
            own = own - reserves(self.setting, name, needs)
            if who.rule is not None:
                order = [who.members.index(m) for m in who.rule.members]
                out[name] = bool(who.rule.accepts(own[order], tolerance=_SMALL))
                continue
            changed = (here ^ code) & conflict.space.own(i)
            asked = [r for r, bits in self.setting.ratifiers.items() if bits & changed]
            out[name] = bool(own.sum() >= -_SMALL) and all(
                consent[r][self.place[code]] >= -_SMALL for r in asked
            )
        return out

    def _stays(self, payoff_hc: Array, code: int) -> list[bool]:
        """Whether each party would stay in a state rather than move by itself (Nash)."""
        conflict = self.setting.alone
        out = []
        at = self.place[code]
        for i, there in enumerate(self.moves[code]):
            if not len(there):
                out.append(True)
                continue
            where = np.array([self.place[int(t)] for t in there])
            gain_hp = payoff_hc[np.ix_(self.rows[i], where)] - payoff_hc[self.rows[i], at][:, None]
            who = conflict.parties[i]
            if who.rule is None:
                moves = gain_hp.sum(axis=0) > _SMALL
            else:
                before = np.full_like(there, code)
                moves = bloc_carries(conflict.space, i, who, gain_hp, before, there, _SMALL)
            out.append(not bool(moves.any()))
        return out

    def _enforces(self, payoff_hc: Array, line: Line, values: Array) -> bool:
        """Whether some order of the steps enforces itself."""
        conflict, years = self.setting.conflict, self.setting.terms.step_years
        drawn = dict(zip([r.name for r in self.worth.ranges], values.tolist(), strict=True))
        patience = [
            drawn[name] ** years if (name := f"patience.{conflict.names[i]}") in drawn else d
            for i, d in zip(line.movers, line.exchange.patience, strict=True)
        ]
        payoff = np.stack(
            [payoff_hc[np.ix_(self.rows[i], line.states)].sum(axis=0) for i in line.movers], axis=1
        )
        exchange = replace(
            line.exchange, payoff_sp=(payoff - payoff[0]) * years, patience=tuple(patience)
        )
        return any(o.enforces_itself for o in explain_orders(exchange, line.orders))


#: Draws of valuations and patience; those of the trade side are taken in turn.
VALUED = 512
_ALONE = 32


def chances_of(
    setting: Bargaining,
    deals: Deals,
    seen: Sequence[Observed],
    value_an: Array,
    drawn_dan: Array | None,
    *,
    seed: int,
) -> tuple[tuple[AnswerChance, ...], tuple[tuple[float, float], ...], Draws]:
    """How likely answers are, and which parameter turns each.

    Args:
        setting: the case, with money drawn.
        deals: the packages.
        seen: the observed moves.
        value_an: money of the sets that these asked for, (A, N).
        drawn_dan: `value_an` by draw; as at central values if None.
        seed: of the sequence.

    Returns:
        Of packages, the status quo and orders; by observed move, the share of the draws in which it
        is rational in either way, and alone; payoffs under each draw.
    """
    asker = Asker(setting, deals, seen, value_an, drawn_dan)
    count = 0 if asker.money is None else len(asker.money)
    found = chances(
        asker.answers,
        asker.worth.ranges,
        draws=VALUED,
        seed=seed,
        supplied=TRADE if count else "",
        supplied_draws=count,
        alone=_ALONE,
    )
    questions = asker.questions
    sentences = []
    for a, (question, of, label) in enumerate(questions):
        turned = found.turned_by(a)
        sentences.append(
            AnswerChance(
                question,  # type: ignore[arg-type]
                of,
                label,
                bool(found.central_a[a]),
                float(found.chance_a[a]),
                turned[0] if turned else "",
                turned[1] if turned else 0.0,
                VALUED,
                _ALONE,
                found.turned_too(a),
            )
        )
    at = len(questions)
    events = tuple(
        (float(found.chance_a[at + 2 * k]), float(found.chance_a[at + 2 * k + 1]))
        for k in range(len(seen))
    )
    values_dp = drawn(asker.worth.ranges, VALUED, seed)
    draws = Draws.of(setting, asker.worth, values_dp, asker.money)
    # Answers on states that last stand together.
    last = max((k for k, c in enumerate(sentences) if c.question == "stable"), default=-1) + 1
    sentences[last:last] = lasting_chances(draws, asker.stable)
    return tuple(sentences), events, draws
