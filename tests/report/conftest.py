"""A made-up assessment of realistic shape: every number in it is invented, none is a result."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.analysis import Assessment
from detente.analysis.assessment import CommodityOutcome, MeasureEffect, Snapshot
from detente.world.names import label_of

COUNTRIES_TEXT = (
    "ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COL CRI CYP CZE DEU DNK EGY ESP "
    "EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA JOR JPN KAZ KHM KOR LAO LTU LUX LVA "
    "MAR MEX MLT MMR MYS NGA NLD NOR NZL PAK PER PHL POL PRT ROU RUS SAU SEN SGP SVK SVN SWE THA "
    "TUN TUR TWN UKR USA VNM ZAF ROW"
)
COUNTRIES = tuple(COUNTRIES_TEXT.split())
EU_TEXT = (
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT "
    "ROU SVK SVN SWE"
)
EU = tuple(EU_TEXT.split())
SUPPLY = {"CAN": 20.0, "RUS": 12.0, "BLR": 12.0, "CHN": 9.0, "DEU": 5.0, "ISR": 3.5, "JOR": 2.4}
SUPPLY |= {"CHL": 1.1, "USA": 0.8, "ESP": 0.7, "LAO": 0.5, "GBR": 0.2}
DEMAND = {"BRA": 11.0, "CHN": 16.0, "USA": 9.5, "IND": 4.5, "IDN": 3.0, "MYS": 1.6, "POL": 1.2}
DEMAND |= {"DEU": 0.9, "FRA": 0.8, "VNM": 1.1, "ROW": 5.0, "RUS": 2.0, "BLR": 0.9, "LTU": 0.2}
N = len(COUNTRIES)
OTHER_NAMES = ("GOODS", "SERVICES")


def at(code: str) -> int:
    return COUNTRIES.index(code)


def outcome(cut: dict[tuple[str, str], float], price: float) -> CommodityOutcome:
    rng = np.random.default_rng(7)
    supply, demand = np.zeros(N), np.full(N, 0.05)
    for code, mt in SUPPLY.items():
        supply[at(code)] = mt
    for code, mt in DEMAND.items():
        demand[at(code)] = mt
    tonnes = np.outer(demand, supply) * rng.uniform(0.3, 1.7, (N, N))
    for (market, origin), left in cut.items():
        rows = [at(c) for c in EU] if market == "EU" else [at(market)]
        tonnes[rows, at(origin)] *= left
    tonnes *= demand[:, None] / tonnes.sum(axis=1, keepdims=True)
    delivered = price * rng.uniform(0.9, 1.2, (N, N))
    value = tonnes * delivered
    share = value / value.sum(axis=1, keepdims=True)
    sold = tonnes.sum(axis=0)
    received = np.divide(0.85 * value.sum(axis=0), sold, out=np.full(N, np.nan), where=sold > 0)
    return CommodityOutcome(
        good="POTASH",
        label="Potash",
        value_ni=value,
        tonnes_ni=tonnes,
        price_paid_n=value.sum(axis=1) / tonnes.sum(axis=1),
        price_received_n=received,
        sales_n=value.sum(axis=0),
        share_ni=share,
        largest_supplier_n=share.argmax(axis=1),
        largest_share_n=share.max(axis=1),
        herfindahl_n=(share**2).sum(axis=1),
    )


INCOME = np.random.default_rng(3).uniform(2e4, 2e6, N)


def snapshot(
    ids: tuple[str, ...], effect: dict[str, float], cut: dict[tuple[str, str], float], price: float
) -> Snapshot:
    value = np.random.default_rng(len(ids)).normal(0, 1.5, N) if ids else np.zeros(N)
    for code, usd in effect.items():
        value[at(code)] = usd
    certificate: Any = SimpleNamespace(
        status="converged",
        largest_violation=3.1e-10,
        evaluations=48,
        condition="fixed factors",
    )
    return Snapshot(
        ids, value, value / INCOME, {"POTASH": outcome(cut, price)}, (), 0 * value, certificate
    )


def setting(kind: str, **fields: Any) -> Any:
    return SimpleNamespace(kind=kind, route=None, goods_effect=SimpleNamespace(**fields))


def measure(identifier: str, label: str, owner: str, sets: list[Any], until: Any = None) -> Any:
    return SimpleNamespace(
        id=identifier,
        label=label,
        owner=owner,
        kind="sanction",
        sets=sets,
        acts=(
            SimpleNamespace(
                title=f"Made-up act <no. {len(label)}> & annex",
                date=dt.date(2021, 8, 9),
                href=f"https://example.org/acts/{identifier}?a=1&b=2",
            ),
        ),
        in_force=(SimpleNamespace(start=dt.date(2021, 12, 8), until=until, document="made up"),),
        in_force_on=lambda day: dt.date(2021, 12, 8) <= day and (until is None or day < until),
        source="made up",
        note="",
        not_computed="",
    )


def chosen(*include: str) -> Any:
    return SimpleNamespace(include=include, exclude=())


def embargo(origin: str, market: str) -> Any:
    ends = {"origin": chosen(origin), "market": chosen(market)}
    return setting("embargo", **ends, goods=chosen("POTASH"), leakage=0.02)


MEASURES = (
    ("us-potash", "US sanctions on Belarusian potash", "us", ("USA",), {"BLR": 31.0, "USA": 40.0,
     "CAN": -28.0}, True),
    ("eu-potash", "EU import ban on potash", "eu", EU, {"BLR": 96.0, "POL": 22.0, "DEU": -14.0,
     "LTU": 4.0}, True),
    ("lt-transit", "Lithuanian transit stop", "lt", ("LTU",), {"BLR": 310.0, "BRA": 55.0,
     "LTU": 60.0, "RUS": -70.0, "CAN": -90.0}, True),
    ("us-banks", "US sanctions on banks", "us", ("USA",), {}, True),
    ("us-tariff", "US tariff on Canadian potash", "us", ("USA",), {"CAN": -120.0, "USA": -75.0,
     "BLR": 3.0}, False),
)  # fmt: skip


def effects(regime: Snapshot) -> tuple[MeasureEffect, ...]:
    out = []
    for identifier, label, owner, authors, gain, active in MEASURES:
        switched = snapshot((identifier,), {}, {("USA", "BLR"): 0.5}, 281.0)
        value = regime.equivalent_variation_n.copy()
        for code, usd in gain.items():
            value[at(code)] += usd
        switched = replace(
            switched, equivalent_variation_n=value, real_income_change_n=value / INCOME
        )
        margin = value - regime.equivalent_variation_n
        target = "CAN" if identifier == "us-tariff" else "BLR"
        loss = margin[at(target)] * (1 if active else -1)
        own = sum(margin[at(c)] for c in authors) * (1 if active else -1)
        ratio = float(own / loss) if loss > 0 else None
        until = None if active else dt.date(2025, 3, 7)
        sets = [embargo(target, "EU" if owner == "eu" else authors[0])]
        out.append(
            MeasureEffect(
                measure=measure(identifier, label, owner, sets, until),
                in_force=active,
                has_effect=bool(gain),
                alone_n=-1.2 * margin if active else 1.1 * margin,
                margin_n=margin,
                authors=authors,
                targets=(target,),
                boomerang_alone=ratio,
                boomerang_margin=ratio,
                switched=switched,
            )
        )
    return tuple(out)


def case() -> Any:
    parameter = SimpleNamespace(
        value=0.02,
        range=(0.0, 0.1),
        unit="share",
        date="2023",
        source="analyst estimate",
        note="",
        is_estimate=True,
    )
    price = SimpleNamespace(
        value=263.4,
        range=None,
        unit="USD/t",
        date="2019-2021",
        source="A made-up bulletin, https://example.org/prices; another one",
        note="Three-year mean </script> & more",
        is_estimate=False,
    )
    made = SimpleNamespace(
        name="made-up",
        title="Made-up case: an embargo & its neighbours",
        summary="Every number in this case is invented; it exists to test what a brief shows.",
        parties=tuple(
            SimpleNamespace(id=i, name=n, members=m, rule=None)
            for i, n, m in (
                ("by", "Belarus", ("BLR",)),
                ("us", "United States", ("USA",)),
                ("eu", "European Union", ("EU",)),
                ("lt", "Lithuania", ("LTU",)),
                ("ca", "Canada", ("CAN",)),
            )
        ),
        parameters={"leakage": parameter, "potash_price": price},
        parameter_label=label_of,
        commodities=(
            SimpleNamespace(name="POTASH", label="Potash", unit="t", flows="made-up", source=""),
        ),
        changes={},
        named_scenario=None,
        digest="c" * 64,
        world="oecd-2020",
        path=None,
        has_trade=True,
        goods=(),
        number=float,
        measures=(),
        added=(),
        uncertainties=(),
        not_computed=(),
        valuations=(),
        conflict=None,
        record=None,
        negotiation=None,
        date=dt.date(2025, 12, 1),
        horizon="long",
        transfers="fixed",
    )
    made.own = made
    return made


def made_up_assessment() -> Assessment:
    """The whole of it, ready for `views_of`."""
    goods = ("POTASH", *OTHER_NAMES)
    world: Any = SimpleNamespace(
        stand_in_notes=(),
        countries=COUNTRIES,
        goods=goods,
        trade_elasticity_j=np.array([8.0, 4.0, 2.5]),
        input_substitution_j=np.array([0.5, 1.0, 1.0]),
        sales_jn=np.ones((3, N)) * 1e5,
        year=2020,
        name="made-up",
        source="made-up table",
        digest="d" * 64,
        notes=("Every number is invented.",),
    )
    base = snapshot((), {}, {}, 260.0)
    loss = {"BLR": -438.0, "USA": -41.5, "CAN": 122.0, "RUS": 88.0, "LTU": -64.0, "BRA": -61.0}
    cut = {("USA", "BLR"): 0.02, ("EU", "BLR"): 0.02, ("BRA", "BLR"): 0.5}
    regime = snapshot(("us-potash", "eu-potash", "lt-transit", "us-banks"), loss, cut, 283.0)
    found, made = effects(regime), case()
    made.measures = tuple(e.measure for e in found)
    return Assessment(
        case=made,
        world=world,
        date=dt.date(2025, 12, 1),
        horizon="long",
        transfers="fixed",
        base=base,
        regime=regime,
        joint=(),
        effects=found,
        groups={
            p.id: tuple(at(c) for c in (EU if p.id == "eu" else p.members)) for p in case().parties
        },
    )


@pytest.fixture(scope="session")
def assessment() -> Assessment:
    """The made-up one: fast, with an unsafe title, and known totals."""
    return made_up_assessment()


@pytest.fixture(scope="session")
def belarus() -> Assessment:
    """The packaged case, answered by the model."""
    from detente.analysis import assess

    return assess("belarus", draws=0)


@pytest.fixture(scope="session")
def in_time(belarus: Assessment) -> Any:
    """Every regime of the packaged case."""
    from detente.analysis import timeline

    return timeline(belarus.case)


@pytest.fixture(scope="session")
def runs(belarus: Assessment) -> dict[str, Assessment]:
    """The packaged case at its other horizons."""
    from detente.analysis import assess

    return {h: assess(belarus.case, horizon=h, draws=0) for h in ("short", "medium")}
