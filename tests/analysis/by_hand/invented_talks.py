"""Talks with everything a negotiation can have, without an economy and with invented money.

Alpha and Beta exchange what they hold; a senate must consent to what Alpha gives. The Union of four
members renews two curbs by one decision, and a third measure of it stays until repealed. Lithuania
is a member and signs for itself. China looks on. What trade is worth to a country is the sum of
what each measure takes, and the transit ban and Lithuania's gate hold the same way closed.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis.negotiation import NegotiationAnswer, negotiate
from detente.analysis.negotiation.conflict import bargaining
from detente.analysis.negotiation.trade_settings import Money
from detente.cases import Case, read_case

TALKS = """\
schema: 2
name: talks
title: Invented talks
summary: Everything that talks can have.
date: 2023-03-01
parties:
  - {id: US, name: Alpha, members: [USA], patience: [0.8, 0.95], weight: 2}
  - {id: BY, name: Beta, members: [BLR], patience: 0.85}
  - {id: EU, name: The Union, members: [DEU, FRA, LTU, POL], rule: unanimity, patience: 0.9}
  - {id: LT, name: Lithuania, members: [LTU], patience: 0.9}
  - {id: CN, name: China, members: [CHN]}
  - {id: Senate, name: The senate, role: ratifier}
interests:
  - {id: freed, label: People set free, unit: person}
  - {id: pressure, label: Pressure upheld, unit: measure}
  - {id: quiet, label: A quiet border, unit: month}
measures:
  - id: ban
    label: The ban
    owner: US
    kind: sanction
    effects: {pressure: 1}
    ratified_by: Senate
    in_force: [{from: 2022-01-01, document: a}]
    source: a
  - id: embassy
    label: The embassy closed
    owner: US
    kind: sanction
    effects: {pressure: 0.5}
    in_force: [{from: 2022-01-01, until: 2023-02-10, document: a}]
    source: a
  - id: curb
    label: The curb
    owner: EU
    kind: sanction
    effects: {pressure: 1}
    in_force: [{from: 2022-01-01, document: a}]
    expiry: lapses
    source: a
  - id: transit
    label: The transit ban
    owner: EU
    kind: sanction
    effects: {pressure: 1}
    in_force: [{from: 2022-01-01, document: a}]
    expiry: lapses
    source: a
  - id: list
    label: The list
    owner: EU
    kind: sanction
    effects: {pressure: 0.25}
    rules: {repeal: {kind: weighted, votes: {DEU: 4, FRA: 4, LTU: 1, POL: 3}, quota: 8}}
    in_force: [{from: 2022-02-01, document: a}]
    source: a
  - id: gate
    label: The gate
    owner: LT
    kind: sanction
    effects: {pressure: 0.5}
    in_force: [{from: 2022-06-01, document: a}]
    source: a
  - id: first
    label: The first release
    owner: BY
    kind: release
    effects: {freed: 40}
    reversible: false
    in_force: [{from: 2023-02-08, document: a}]
    source: a
  - id: rest
    label: The other release
    owner: BY
    kind: release
    effects: {freed: 100}
    reversible: false
    source: a
  - id: border
    label: A quiet border
    owner: BY
    kind: other
    effects: {quiet: 12}
    source: a
renewals:
  - id: yearly
    label: The yearly decision
    owner: EU
    measures: [curb, transit]
    rule: unanimity
    renewed: [{date: 2022-07-01, source: a}, {date: 2023-01-01, source: b}]
    source: a
valuations:
  - {party: US, interest: freed, value: 1, range: [0.5, 2], source: a}
  - {party: US, interest: pressure, value: 30, source: a}
  - {party: BY, interest: freed, value: -0.4, range: [-0.8, -0.2], source: analyst estimate}
  - {party: BY, interest: pressure, value: -20, source: a}
  - {party: BY, interest: quiet, value: -1, source: analyst estimate}
  - {party: EU, interest: pressure, value: 40, source: a}
  - {party: EU, interest: freed, value: 0.2, source: analyst estimate}
  - {party: EU, member: LTU, interest: pressure, value: 60, source: a}
  - {party: EU, member: FRA, interest: pressure, value: 2, range: [-4, 8], source: a}
  - {party: LT, interest: quiet, value: 2.5, source: a}
  - {party: Senate, interest: freed, value: 0.1, source: a}
  - {party: Senate, interest: pressure, value: 4, source: a}
channels:
  - {id: direct, name: Direct, between: [US, BY], fidelity: 0.8, from: 2022-01-01, source: a}
  - {id: side, name: The side room, between: [US, LT], fidelity: 0.6, from: 2022-01-01, source: a}
  - {id: hall, name: The hall, between: [EU, LT], fidelity: 1.0, from: 2022-01-01, source: a}
  - {id: late, name: Later, between: [BY, LT], fidelity: 0.5, from: 2024-01-01, source: a}
events:
  - {id: freeing, date: 2023-02-08, party: BY, move: adopt, measures: first, source: a}
  - {id: opening, date: 2023-02-10, party: US, move: lift, measures: embassy, source: a}
  - {id: closing, date: 2022-06-01, party: LT, move: adopt, measures: gate, source: a}
  - {id: staying, date: 2022-09-01, party: LT, move: keep, measures: gate, source: a}
  - {id: listing, date: 2022-02-01, party: EU, move: adopt, measures: list, source: a}
negotiation:
  moves: [ban, embassy, curb, transit, list, gate, first, rest, border]
  status_quo: 2023-01-15
  signatories: [US, BY, EU, LT]
  constraints:
    - {measure: embassy, requires: ban, note: An embassy stays closed only under the ban}
  packages:
    - {id: swap, label: A swap, lift: [embassy], adopt: [first], steps: [[first], [embassy]],
       source: a}
    - {id: large, label: A large swap, lift: [ban, embassy], adopt: [first, rest], source: a}
    - {id: way, label: The way opened, lift: [transit, gate], adopt: border,
       source: analyst estimate}
    - {id: own, label: A trade of the Union, lift: [curb], adopt: [rest], source: a}
  step_years: 0.5
"""
COUNTRIES = ("USA", "BLR", "DEU", "FRA", "LTU", "POL", "CHN")
TRADE = ("ban", "curb", "transit", "gate")
#: What each measure alone means for each country, USD million a year.
EACH = {
    "ban": [-8.0, -30.0, 0.0, 0.0, 0.0, 1.0, 4.0],
    "curb": [1.0, -20.0, -12.0, -6.0, -1.5, 2.0, 0.0],
}
#: What the closed way means, be it closed by the transit ban, by the gate or by both.
WAY = [0.0, -25.0, 0.0, 0.4, -9.0, 3.0, -0.6]


def worth(measures: Iterable[str]) -> list[float]:
    """What a set of measures means for each country."""
    on = set(measures)
    rows = [EACH[m] for m in EACH if m in on] + [WAY] * bool(on & {"transit", "gate"})
    return np.sum([np.zeros(7), *rows], axis=0).tolist()


VARIATION = np.array(
    [worth(m for k, m in enumerate(TRADE) if q >> k & 1) for q in range(1 << len(TRADE))]
)


def talks(*changes: tuple[str, str]) -> Case:
    """The case, with some texts replaced."""
    text = TALKS
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_case(text)


def negotiated(case: Case, *, draws: int = 0) -> NegotiationAnswer:
    """The talks with invented money; drawn, it is halved in one draw and raised in the other."""
    full = importlib.import_module("detente.analysis.negotiation.full_answer")
    drawing = importlib.import_module("detente.analysis.negotiation.draws")
    size = {c: 10.0 + k for k, c in enumerate(COUNTRIES)}
    money = Money(TRADE, COUNTRIES, VARIATION, 15)
    scale = np.array([0.5, 1.5])[:, None, None]
    scenarios = SimpleNamespace(horizon="long")

    def dated(_: Any, asked: Any) -> np.ndarray:
        return np.array([worth(measures) for _, measures in asked])

    def drawn(_: Any, terms: Any, money: Any, asked: Any, exactly: Any, **__: Any) -> Any:
        return scale * VARIATION, scale * dated(None, asked), 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(full, "_scenarios", lambda *_: scenarios)
        patch.setattr(full, "_setting", lambda case, terms, _: bargaining(case, terms, money, size))
        patch.setattr(full, "dated_values", dated)
        patch.setattr(full, "drawn_money", drawn)
        patch.setattr(
            Case, "trade_measures",
            property(lambda self: tuple(m for m in self.measures if m.id in TRADE)),
        )  # fmt: skip
        patch.setattr(drawing, "VALUED", 128)
        patch.setattr(drawing, "_ALONE", 32)
        return negotiate(case, draws=draws)
