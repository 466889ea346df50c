"""A small case with one of everything, which the tests damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
schema: 2
name: small
title: A small case
summary: One of everything.
world: oecd-2020
date: 2023-01-01
parties:
  - {id: US, name: United States, members: [USA]}
  - {id: EU, name: European Union, members: [EU]}
parameters:
  price: {value: 241, range: [216, 256], unit: USD per tonne, date: 2020, source: World Bank}
  leak: {value: 0.02, range: [0, 0.1], unit: share, date: 2022, source: analyst estimate}
  share: {value: 0.9, unit: share, date: 2020, source: analyst estimate}
  room:
    {value: 8, by_date: {2022-01-01: 2, 2023-01-01: 8}, unit: t, date: 2022, source: a paper}
elasticities:
  - {good: AGRI_MIN_FOOD, input_substitution: 0.3}
commodities:
  - name: POTASH
    label: Potash
    parent: MANUF_EXFOOD
    hs: '3104'
    flows: flows.csv
    unit: t
    period: 2019-2021
    price: price
    users: {AGRI_MIN_FOOD: share, MANUF_EXFOOD: rest}
    labour_share: 0.2
    capital_share: 0.2
    resource_share: 0.3
    inputs: {UTILITIES: 1, TRANSPORT: 2}
    trade_elasticity: 8
    input_substitution: 1
    overrides:
      - {origin: BLR, market: USA, quantity: 670000, source: customs}
    source: an estimate
route_choices:
  - label: Overseas
    commodity: POTASH
    origin: BLR
    markets: '* except EU, RUS, CHN'
    route_elasticity: 6
    routes:
      - {id: port, label: Port, base_share: share, fee: 5, transit: LTU, source: a paper}
      - {id: rail, label: Rail, base_share: rest, capacity: room, source: a paper, via: [[30, 50]]}
    congestion: {level: 0.5, power: 8}
  - label: To China
    commodity: POTASH
    origin: BLR
    markets: CHN
    route_elasticity: 4
    routes:
      - {id: rail, label: Rail, base_share: 1, extra_cost: 2, source: a second paper}
    congestion: {level: 0.5, power: 8}
measures:
  - id: ban
    label: Import ban
    owner: EU
    kind: sanction
    sets:
      - embargo: {origin: BLR, market: EU, goods: POTASH, leakage: leak}
      - iceberg:
          {origin: BLR, market: '* except EU, RUS', goods: POTASH, extra_cost: 25}
    acts:
      - {title: An act, date: 2022-03-02, href: 'https://example.org/act'}
    in_force:
      - {from: 2022-03-03, until: 2024-03-03, document: An act}
      - {from: 2025-03-03, document: A second act}
    source: a publication
  - id: duty
    label: Duty
    owner: US
    kind: tariff
    sets:
      - tariff: {origin: CAN, market: USA, goods: [POTASH, MANUF_EXFOOD], add: 0.1}
      - export_tax: {origin: RUS, goods: '*', rate: 0.05}
      - productivity: {country: BLR, goods: TRANSPORT, factor: 0.99}
    in_force:
      - {from: 2022-01-01, document: A third act}
    source: a publication
  - id: stop
    label: Stop of transit
    owner: EU
    kind: transit
    sets:
      - route: {commodity: POTASH, origin: BLR, routes: port, close: true}
      - route: {commodity: POTASH, origin: BLR, routes: [rail], extra_cost: 10}
    in_force:
      - {from: 2024-01-01, document: A fourth act}
    source: a publication
claims:
  - id: dearer
    paraphrase: The ban makes potash dearer in Germany.
    speaker: A speaker
    date: undated
    source: a speech
    tests:
      - quantity: price_paid
        of: DEU
        commodity: POTASH
        scenario: {lift: ban}
        change: relative
        at_most: 0
        note: A ban that is lifted should lower the price.
  - id: motive
    paraphrase: The ban has a motive.
    speaker: A speaker
    date: 2023
    source: a speech
    not_testable: Motives are no quantities.
published:
  - id: freight
    label: Freight income
    value: 61
    range: [60, 100]
    unit: million EUR
    date: 2021
    source: a newspaper
    compare: {quantity: transit_revenue, of: LTU, scenario: {none: true}, change: level}
    conversion: 1.14
"""

FLOWS = """\
origin,market,tonnes,kind,note
BLR,USA,1230000,export,
BLR,DEU,200000,export,
CAN,USA,7000000,export,
CAN,CAN,1000000,own,
BLR,BLR,700000,own,"a note, quoted"
"""

NEGOTIATION = """\
interests:
  - {id: freed, label: People set free, unit: person}
  - {id: pressure, label: Pressure upheld, unit: all measures}
valuations:
  - {party: US, interest: freed, value: 0.2, range: [0.05, 1], source: analyst estimate}
  - {party: EU, interest: pressure, value: worth, source: a paper}
  - {party: EU, member: HUN, interest: pressure, value: -5, range: [-30, 5], source: a paper}
  - {party: Hungary, interest: freed, value: 3, source: a paper}
channels:
  - {id: direct, name: Direct, between: [US, BY], fidelity: [0.6, 1], from: 2022-06-01, source: a}
  - {id: old, name: Old, between: [US, EU], until: 2022-06-01, source: a paper}
events:
  - {date: 2022-09-01, party: EU, move: keep, measures: ban, source: a paper}
  - {date: 2022-03-03, party: EU, move: adopt, measures: [ban], source: a paper}
negotiation:
  moves: [ban, first, second, again]
  status_quo: 2023-01-01
  signatories: [BY, EU]
  constraints:
    - {measure: again, excludes: ban}
  packages:
    - {id: swap, label: A swap, lift: ban, adopt: second, steps: [[second], [ban]]}
  step_years: 0.5
claims:
"""
MEASURES = """\
  - id: first
    label: A first release
    owner: BY
    kind: release
    effects: {freed: 40}
    reversible: false
    in_force: [{from: 2022-07-01, document: a decree}]
    source: a newspaper
  - id: second
    label: A second release
    owner: BY
    kind: release
    effects: {freed: many, pressure: -0.5}
    reversible: false
    after: first
    ratified_by: US
    source: a newspaper
  - id: again
    label: Detention again
    owner: BY
    kind: detention
    effects: {freed: -40}
    after: first
    source: a newspaper
claims:
"""
EU = "  - {id: EU, name: European Union, members: [EU]}\n"
PARTIES = """\
  - {id: EU, name: European Union, members: [EU], rule: unanimity, patience: [0.8, 0.9]}
  - {id: BY, name: Belarus, members: [BLR], patience: 0.9}
  - {id: Hungary, name: Hungary, members: [HUN]}
  - {id: Senate, name: A senate, role: ratifier}
"""
PARAMETERS = """\
  many: {value: 100, range: [50, 200], unit: person, date: 2023, source: a paper}
  worth: {value: 60, range: [10, 90], unit: USD million, date: 2023, source: a paper}
elasticities:
"""
BAN = "    source: a publication\n  - id: duty"
RULES = """\
    effects: {pressure: 1}
    rules:
      renew: {kind: weighted, votes: {%s}, quota: 20}
      repeal: double_majority
    expiry: lapses
    renewed: [2023-03-03]
"""
CODES = "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD"
VOTES = ", ".join(f"{c}: 1" for c in f"{CODES} POL PRT ROU SVK SVN SWE".split())


def with_negotiation(text: str) -> str:
    """The small case with a negotiation in it."""
    for old, new in (
        (EU, PARTIES),
        ("elasticities:\n", PARAMETERS),
        (BAN, RULES % VOTES + BAN),
        ("claims:\n", MEASURES),
        ("claims:\n", NEGOTIATION),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


CONFLICT = """\
schema: 2
name: dilemma
title: Two prisoners
summary: The smallest conflict.
date: 2024-01-01
parties:
  - {id: A, name: The first}
  - {id: B, name: The second}
conflict:
  options:
    - {id: a, label: Confess, owner: A}
    - {id: b, label: Confess, owner: B}
  states:
    - {id: CC}
    - {id: DC, taken: [a]}
    - {id: CD, taken: [b]}
    - {id: DD, taken: [a, b]}
  preferences:
    A: [DC, CC, DD, CD]
    B: [CD, [CC], DD, DC]
  source: folklore
"""

Write = Callable[..., Path]


@pytest.fixture
def small_text() -> str:
    return SMALL


@pytest.fixture
def negotiation_text() -> str:
    return with_negotiation(SMALL)


@pytest.fixture
def conflict_text() -> str:
    return CONFLICT


@pytest.fixture
def flows_text() -> str:
    return FLOWS


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a case file and its flows; the path of the case."""

    def write_case(text: str | bytes = SMALL, flows: str | None = FLOWS) -> Path:
        path = tmp_path / "small.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if flows is not None:
            (tmp_path / "flows.csv").write_text(flows, encoding="utf-8")
        return path

    return write_case
