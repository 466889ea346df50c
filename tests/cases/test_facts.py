"""Facts of the default case that stand beside its numbers, and the record that a rate is from."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest

from detente.cases import load_case

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "../shared/data/commodity/us_imports_potash_canada_monthly_2025_2026.csv"
DUTY = 0.1


def test_the_us_duty_on_canadian_potash_is_next_to_nothing():
    rate = load_case("belarus").parameters["us_canada_potash_rate"]
    # USITC: at least 99.97 % of every month from July 2025 on was claimed under the USMCA.
    assert 0 < rate.value <= DUTY * 0.0003
    assert rate.range == (0, pytest.approx(DUTY * 0.0003))
    assert "not decided" in rate.note


def test_the_duty_is_that_of_the_customs_record():
    if not RECORD.is_file():
        pytest.skip(f"the record is not at {RECORD}")
    months = defaultdict(lambda: [0.0, 0.0])
    with RECORD.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            months[row["month"]][0] += float(row["usd"])
            months[row["month"]][1] += float(row["usd_usmca"])
    known = {m: v for m, v in months.items() if m >= "2025_07"}
    assert all(claimed == 0 for m, (_, claimed) in months.items() if m not in known)
    total, claimed = (sum(v[k] for v in known.values()) for k in (0, 1))
    rate = load_case("belarus").parameters["us_canada_potash_rate"]
    assert rate.value == pytest.approx(DUTY * (1 - claimed / total), abs=1e-6)
    assert rate.range[1] == pytest.approx(
        max(DUTY * (1 - c / t) for t, c in known.values()), abs=3e-6
    )


def test_the_arbitration_and_the_share_in_the_terminal_are_on_record():
    case = load_case("belarus")
    figures = {p.id: p for p in case.published}
    assert figures["arbitration-claim"].value == pytest.approx(12.09)
    assert figures["arbitration-claim"].unit.startswith("billion USD")
    assert figures["terminal-stake"].value == pytest.approx(0.3)
    stop = next(m for m in case.measures if m.id == "lt-transit")
    assert "12.09 billion USD" in stop.note
    assert "disputes" in stop.note
    (claim,) = (c for c in case.claims if c.id == "arbitration")
    assert claim.speaker == "Belaruskali"
    assert "disputes" in claim.not_testable


def test_what_became_of_general_license_13_is_said_as_far_as_it_is_known():
    measures = {m.id: m for m in load_case("belarus").measures}
    assert "is unknown" in measures["us-potash"].note
    licence = measures["us-finance"].acts[-1]
    assert "General License 14" in licence.title
    assert licence.date == dt.date(2026, 3, 26) == measures["us-finance"].in_force[0].until
    assert "not checked" in licence.note
    assert measures["us-potash"].in_force[-1].until == dt.date(2025, 12, 15)
