"""A small case with one of everything, which the tests damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
schema: 1
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
routes:
  - label: Overseas
    commodity: POTASH
    origin: BLR
    markets: {except: [EU, RUS, CHN]}
    route_elasticity: 6
    ways:
      - {id: port, label: Port, base_share: share, fee: 5, transit: LTU, source: a paper}
      - {id: rail, label: Rail, base_share: rest, capacity: room, source: a paper, via: [[30, 50]]}
    congestion: {level: 0.5, power: 8}
  - label: To China
    commodity: POTASH
    origin: BLR
    markets: CHN
    route_elasticity: 4
    ways:
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
          {origin: BLR, market: {except: [EU, RUS]}, goods: POTASH, extra_cost: 25}
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
      - route: {commodity: POTASH, origin: BLR, way: port, close: true}
      - route: {commodity: POTASH, origin: BLR, way: [rail], extra_cost: 10}
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

Write = Callable[..., Path]


@pytest.fixture
def small_text() -> str:
    return SMALL


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
