"""Every damaged case file is refused with line, key and remedy; none with a traceback."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.cases import CaseError, load_case, observed

# By place: name, what is replaced, by what, key of the fault there, words of the message or remedy.
DAMAGED: dict[str, list[tuple[str, str, str, str, str]]] = {
    "": [
        ("tab", "  - {id: US", "\t- {id: US", "", "is not YAML"),
        ("unclosed bracket", "members: [USA]", "members: [USA", "", "is not YAML"),
        ("unclosed quote", "'3104'", "'3104", "", "is not YAML"),
        ("bad indentation", "    label: Potash", "   label: Potash", "", "is not YAML"),
        ("unknown alias", "world: oecd-2020", "world: *nowhere", "", "is not YAML"),
        ("two documents", "measures:", "---\nmeasures:", "", "is not YAML"),
        ("control character", "title: A small", "title: \x01 A small", "", "is not YAML"),
        ("key twice", "title: A small case", "title: A\ntitle: B", "title", "stands twice"),
        (
            "key not a text",
            "date: 2023-01-01",
            "date: 2023-01-01\n? [a, b]\n: c",
            "",
            "key that is",
        ),
        ("grows into itself", "summary: One of", "a: &a [*a]\nsummary: One of", "a[0]", "itself"),
        ("schema of tomorrow", "schema: 2", "schema: 3", "schema", "Update détente"),
        ("schema missing", "schema: 2\n", "", "schema", "missing"),
        ("title missing", "title: A small case\n", "", "title", "missing"),
        ("unknown key", "summary:", "sumary:", "sumary", "Did you mean summary?"),
        ("name with spaces", "name: small", "name: a small case", "name", "not a name"),
        ("title a list", "title: A small case", "title: [A, B]", "title", "is a list"),
        ("title blank", "title: A small case", "title: ' '", "title", "is empty"),
        ("title empty", "title: A small case", "title:", "title", "is empty"),
        ("unknown world", "oecd-2020", "oecd-2021", "world", "Did you mean oecd"),
        ("date of no calendar", "date: 2023-01-01", "date: 2023-02-30", "date", "YYYY-MM-DD"),
        ("date in words", "date: 2023-01-01", "date: spring", "date", "not a day"),
        ("date a year", "date: 2023-01-01", "date: 2023", "date", "is 2023, not a day"),
        ("date of year 1", "date: 2023-01-01", "date: 0001-01-01", "date", "years 1800 to 2200"),
        ("date of year 9999", "date: 2023-01-01", "date: 9999-12-31", "date", "Correct the year"),
        (
            "hex of 5,000 digits",
            "date: 2023-01-01",
            f"date: 0x{'f' * 5000}",
            "date",
            "not a day. Write it as YYYY-MM-DD",
        ),
        (
            "half a character",
            "title: A small case",
            'title: "\\ud800"',
            "title",
            "half a character",
        ),
        ("horizon", "date: 2023-01-01", "date: 2023-01-01\nhorizon: lnog", "horizon", "mean long"),
        (
            "transfers",
            "date: 2023-01-01",
            "date: 2023-01-01\ntransfers: none",
            "transfers",
            "fixed",
        ),
        ("parties a mapping", "  - {id: US, name", "  US: {id: US, name", "", "is not YAML"),
    ],
    "parameters": [
        ("parameter twice", "  leak: {", "  price: {", "price", "stands twice"),
        ("reserved name", "  share: {", "  rest: {", "rest", "another name"),
    ],
    "parameters.leak": [
        ("unknown inner key", "unit: share,", "unitt: share,", "unitt", "unit?"),
    ],
    "parties[0]": [
        ("unknown member", "members: [USA]", "members: [UAS]", "members", "mean"),
        ("no members", "members: [USA]", "members: []", "members", "at least 1"),
    ],
    "parties[1]": [
        ("unknown group", "members: [EU]", "members: [EUU]", "members", "EU"),
        ("party twice", "id: EU", "id: US", "id", "already at parties[0]"),
    ],
    "parameters.price": [
        ("value nan", "value: 241", "value: .nan", "value", "not a finite"),
        ("value infinite", "value: 241", "value: .inf", "value", "not a finite"),
        ("value a text", "value: 241", "value: cheap", "value", "not a finite"),
        ("value of 5,000 digits", "value: 241", f"value: {'9' * 5000}", "value", "not a finite"),
        ("value in hex", "value: 241", f"value: 0x{'f' * 5000}", "value", "not a finite"),
        ("value next to 0", "value: 241", "value: 8e-301", "value", "out of all proportion"),
        ("value beyond all", "value: 241", "value: 1e300", "value", "from 1e-15 to 1e+15"),
        ("year below 0", "date: 2020,", "date: -2024,", "date", "is -2024, not a year"),
        ("year as a text", "date: 2020,", "date: '99999',", "date", "not a year"),
        ("day of year 1", "date: 2020,", "date: 0001-01-01,", "date", "not a day of the years"),
        ("value true", "value: 241", "value: true", "value", "not a finite"),
        ("range reversed", "[216, 256]", "[256, 216]", "range", "reversed"),
        ("range of one", "[216, 256]", "[216]", "range", "missing"),
        ("range of three", "[216, 256]", "[1, 2, 3]", "range", "at most 2"),
        ("outside range", "value: 241", "value: 300", "value", "outside its own"),
        ("no source", ", source: World Bank", "", "source", "analyst estimate"),
        ("no unit", "unit: USD per tonne, ", "", "unit", "measured"),
    ],
    "parameters.room": [
        ("by_date is no day", "2022-01-01: 2,", "spring: 2,", "by_date.spring", "YYYY-MM-DD"),
        ("by_date disagrees", "{value: 8, by_date", "{value: 9, by_date", "value", "by_date says"),
        ("by_date of nothing", "{value: 8, by_date", "{value: 0, by_date", "value", "proportion"),
        ("by_date no number", "2022-01-01: 2,", "2022-01-01: two,", "by_date.2022", "two"),
    ],
    "route_choices[0]": [
        (
            "routes of nothing",
            "    commodity: POTASH",
            "    commodity: POTASS",
            "commodity",
            "POTA",
        ),
        ("routes' origin", "    origin: BLR", "    origin: BRL", "origin", "BLR"),
        ("routes' market", "'* except EU, RUS, CHN'", "'* except EU, RU, CHN'", "markets", "RUS"),
        (
            "routes to itself",
            "markets: '* except EU, RUS, CHN'",
            "markets: BLR",
            "markets",
            "none",
        ),
        ("indifferent", "route_elasticity: 6", "route_elasticity: 0", "route_elasticity", "above"),
        (
            "dated elasticity",
            "route_elasticity: 6",
            "route_elasticity: room",
            "route_elasticity",
            "changes with the date",
        ),
        (
            "level 0",
            "congestion: {level: 0.5, power: 8}\n  - l",
            "congestion: {level: 0, power: 8}\n  - l",
            "congestion.level",
            "above 0",
        ),
        ("no rest left", "base_share: share", "base_share: 1", "routes", "leave nothing for rest"),
        ("shares' sum", "base_share: rest", "base_share: 0.3", "routes", "sum to 1.2"),
        (
            "two rests of a route",
            "base_share: share",
            "base_share: rest",
            "routes",
            "2 of the shares",
        ),
    ],
    "route_choices[0].routes[0]": [
        ("share 0", "base_share: share", "base_share: 0", "base_share", "above 0"),
        ("share unknown", "base_share: share", "base_share: shar", "base_share", "mean share"),
        ("fee below 0", "fee: 5", "fee: -5", "fee", "0 or more"),
        ("fee of nobody", ", transit: LTU", "", "fee", "earned by nobody"),
        ("transit country", "transit: LTU", "transit: LIT", "transit", "LTU"),
        ("no source of a way", "transit: LTU, source: a paper", "transit: LTU", "source", "Name"),
        ("way's cost below 0", "fee: 5", "fee: 5, extra_cost: -1", "extra_cost", "0 or more"),
        ("typo of a key", "fee: 5", "fees: 5", "fees", "mean fee"),
    ],
    "route_choices[0].routes[1]": [
        ("capacity 0", "capacity: room", "capacity: 0", "capacity", "above 0"),
        (
            "no congestion",
            "    congestion: {level: 0.5, power: 8}\n  - l",
            "  - l",
            "capacity",
            "near",
        ),
        (
            "way twice",
            "{id: rail, label: Rail, base_share: rest",
            "{id: port, label: Rail, base_share: rest",
            "id",
            "already at routes[0]",
        ),
        ("off the map", "via: [[30, 50]]", "via: [[50, 130]]", "via[0]", "longitude"),
        ("no point", "via: [[30, 50]]", "via: [30, 50]", "via[0]", "not a point"),
    ],
    "route_choices[1]": [
        ("markets twice", "'* except EU, RUS, CHN'", "'* except EU, RUS'", "markets", "already"),
        (
            "one way, two sizes",
            "extra_cost: 2, source",
            "capacity: 9, source",
            "routes[0].capacity",
            "same route",
        ),
        (
            "one way, two crowds",
            "paper}\n    congestion: {level: 0.5, power: 8}\nm",
            "paper}\n    congestion: {level: 0.5, power: 4}\nm",
            "congestion",
            "same in both",
        ),
    ],
    "measures[2].sets[0].route": [
        (
            "unknown way",
            "routes: port, close",
            "routes: prot, close",
            "routes",
            "Did you mean port?",
        ),
        (
            "no such ways",
            "{commodity: POTASH, origin: BLR, routes: port",
            "{commodity: TRADE, origin: BLR, routes: port",
            "commodity",
            "no routes of 'TRADE'",
        ),
        (
            "ways of another",
            "origin: BLR, routes: port",
            "origin: RUS, routes: port",
            "origin",
            "BLR",
        ),
        ("way a number", "routes: port, close", "routes: 7, close", "routes", "not a name"),
        ("close: false", "close: true", "close: false", "close", "False, not one of True"),
    ],
    "measures[2].sets[0]": [
        ("close and cost", "close: true", "close: true, extra_cost: 1", "route", "close and extra"),
        ("neither", ", close: true", "", "route", "exactly one of close"),
    ],
    "measures[2].sets[1].route": [
        ("cost below 0", "extra_cost: 10", "extra_cost: -10", "extra_cost", "0 or more"),
        (
            "one of two ways",
            "routes: [rail]",
            "routes: [rail, raul]",
            "routes",
            "Did you mean rail?",
        ),
    ],
    "claims[0]": [
        ("no date of a claim", "    date: undated\n", "", "date", "period it describes"),
    ],
    "claims[1]": [
        (
            "no test, no reason",
            "\n    not_testable: Motives are no quantities.",
            "",
            "",
            "exactly one of tests, not_testable",
        ),
        ("claim twice", "id: motive", "id: dearer", "id", "already at claims[0]"),
    ],
    "claims[0].tests[0]": [
        ("unknown quantity", "quantity: price_paid", "quantity: price", "quantity", "price_paid"),
        ("unknown measure", "{lift: ban}", "{lift: bann}", "scenario.lift", "Did you mean ban?"),
        ("not in force", "{lift: ban}", "{lift: stop}", "scenario.lift", "not in force on 2023"),
        ("in force already", "{lift: ban}", "{impose: ban}", "scenario.impose", "already on 2023"),
        ("two kinds", "{lift: ban}", "{lift: ban, none: true}", "scenario", "exactly one"),
        ("empty scenario", "{lift: ban}", "{}", "scenario", "has none of them"),
        ("nobody's price", "of: DEU", "of: GER", "of", "party, country or group"),
        (
            "price of what",
            "        commodity: POTASH\n        scen",
            "        scen",
            "",
            "needs it",
        ),
        ("price from whom", "of: DEU", "of: DEU\n        supplier: BLR", "supplier", "nothing to"),
        ("price and target", "of: DEU", "of: DEU\n        target: BLR", "target", "nothing to"),
        (
            "unknown commodity",
            "commodity: POTASH\n        s",
            "commodity: POTAS\n        s",
            "commodity",
            "POTASH",
        ),
        ("no bound", "        at_most: 0\n", "", "", "at_least, at_most or both"),
        (
            "bounds exchanged",
            "at_most: 0",
            "at_least: 1\n        at_most: 0",
            "at_least",
            "Exchange",
        ),
        (
            "level against",
            "change: relative",
            "against: {none: true}\n        change: level",
            "against",
            "level",
        ),
        ("unknown change", "change: relative", "change: relativ", "change", "mean relative"),
        (
            "no reason",
            "\n        note: A ban that is lifted should lower the price.",
            "",
            "note",
            "missing",
        ),
        (
            "whole economy",
            "quantity: price_paid",
            "quantity: real_income_change",
            "commodity",
            "nothing",
        ),
        (
            "money in money",
            "quantity: price_paid",
            "quantity: equivalent_variation",
            "change",
            "money",
        ),
        (
            "boomerang of whom",
            "quantity: price_paid",
            "quantity: boomerang",
            "",
            "'target' is missing",
        ),
        ("share of whom", "quantity: price_paid", "quantity: import_share", "", "'supplier' is"),
        (
            "ratio of whom",
            "quantity: price_paid",
            "quantity: unit_value_ratio",
            "",
            "'supplier' is",
        ),
        ("rival of a price", "of: DEU", "of: DEU\n        rival: BLR", "rival", "nothing to"),
        (
            "no such figure",
            "at_most: 0\n",
            "at_most: 0\n        published: railway\n",
            "published",
            "no published figure 'railway'",
        ),
        (
            "another figure",
            "at_most: 0\n",
            "at_most: 0\n        published: freight\n",
            "published",
            "no figure of the price_paid",
        ),
    ],
    "published[0]": [
        ("no figure", "    value: 61\n    range: [60, 100]\n", "", "", "value, range or both"),
        ("figure reversed", "[60, 100]", "[100, 60]", "range", "reversed"),
        ("figure outside", "value: 61", "value: 6", "value", "outside its own"),
        ("conversion 0", "conversion: 1.14", "conversion: 0", "conversion", "above 0"),
        (
            "bound of a figure",
            "change: level}",
            "change: level, at_most: 1}",
            "compare.at_most",
            "key",
        ),
    ],
    "elasticities[0]": [
        ("elasticity's good", "good: AGRI_MIN_FOOD", "good: AGRI", "good", "AGRI_MIN"),
        (
            "elasticity below 0",
            "input_substitution: 0.3",
            "input_substitution: -1",
            "input_substitution",
            "0 or more",
        ),
    ],
    "commodities[0]": [
        ("parent", "parent: MANUF_EXFOOD", "parent: MANUF", "parent", "MANUF_EXFOOD"),
        ("name taken", "name: POTASH", "name: TRADE", "name", "already"),
        ("flows missing", "flows: flows.csv", "flows: none.csv", "flows", "no table"),
        ("flows bundled", "flows: flows.csv", "flows: potash", "flows", "potash-2020"),
        ("hs in words", "hs: '3104'", "hs: potash", "hs", "HS code"),
        ("users' sum", "MANUF_EXFOOD: rest", "MANUF_EXFOOD: 0.2", "users", "sum to 1.1"),
        ("two rests", "AGRI_MIN_FOOD: share", "final: rest", "users", "what is left"),
        (
            "share above 1",
            "labour_share: 0.2",
            "labour_share: 1.2",
            "labour_share",
            "between 0 and 1",
        ),
        (
            "factors above 1",
            "labour_share: 0.2",
            "labour_share: 0.7",
            "resource_share",
            "more than 1",
        ),
        ("all weights 0", "UTILITIES: 1, TRANSPORT: 2", "TRADE: 0", "inputs", "not all"),
        (
            "no elasticity",
            "trade_elasticity: 8",
            "trade_elasticity: 0",
            "trade_elasticity",
            "above 0",
        ),
        ("dated price", "price: price", "price: room", "price", "changes with the date"),
        (
            "no outcome",
            "unit: t\n",
            "unit: t\n    observed: potash\n",
            "observed",
            "potash-observed",
        ),
        ("no price", "price: price", "price: prise", "price", "Did you mean price?"),
    ],
    "commodities[0].users": [
        ("unknown user", "{AGRI_MIN_FOOD: share", "{FARM: share", "FARM", "good"),
    ],
    "commodities[0].overrides[0]": [
        (
            "override's market",
            "{origin: BLR, market: USA, quantity",
            "{origin: BLR, market: US, quantity",
            "market",
            "USA",
        ),
        ("override below 0", "quantity: 670000", "quantity: -1", "quantity", "0 or more"),
    ],
    "measures[0]": [
        ("unknown owner", "owner: EU", "owner: EUU", "owner", "Did you mean EU?"),
        ("unknown kind", "kind: sanction", "kind: sanctoin", "kind", "mean sanction"),
        ("id a number", "id: ban", "id: 7", "id", "is 7, not a text"),
        (
            "two effects",
            "- embargo: {",
            "- tariff: {origin: CAN, market: EU, goods: TRADE, rate: 0}\n        embargo: {",
            "sets[0]",
            "exactly one",
        ),
    ],
    "measures[1]": [
        ("measure twice", "id: duty", "id: ban", "id", "already at measures[0]"),
        (
            "no effect",
            "- productivity: {country: BLR, goods: TRANSPORT, factor: 0.99}",
            "- {}",
            "sets[2]",
            "has none of them",
        ),
        (
            "no days in force",
            "\n    in_force:\n      - {from: 2022-01-01, document: A third act}",
            "",
            "in_force",
            "no move",
        ),
    ],
    "measures[0].sets[0].embargo": [
        ("leakage above 1", "leakage: leak", "leakage: 1.5", "leakage", "0 and 1"),
        (
            "leakage's range",
            "range: [0, 0.1]",
            "range: [0, 10]",
            "leakage",
            "range of parameter leak",
        ),
        ("leakage unknown", "leakage: leak", "leakage: leek", "leakage", "Did you mean leak?"),
        (
            "unknown good",
            "market: EU, goods: POTASH",
            "market: EU, goods: POTAS",
            "goods",
            "POTASH?",
        ),
        ("unknown origin", "embargo: {origin: BLR", "embargo: {origin: BRL", "origin", "BLR"),
        ("cost of an embargo", "leakage: leak", "extra_cost: 1", "extra_cost", "not a key"),
    ],
    "measures[0].sets[1].iceberg.market": [
        ("unknown exception", "'* except EU, RUS'", "'* except EU, RU'", "except", "RUS"),
    ],
    "measures[0].sets[1].iceberg": [
        ("selection", "'* except EU, RUS'", "{without: EU}", "market", "except"),
        (
            "extra cost of a sector",
            "goods: POTASH, extra_cost: 25",
            "goods: TRADE, extra_cost: 25",
            "extra_cost",
            "Use factor",
        ),
        ("extra cost below price", "extra_cost: 25", "extra_cost: -250", "extra_cost", "above 0"),
    ],
    "measures[1].sets[0].tariff": [
        ("no goods", "goods: [POTASH, MANUF_EXFOOD]", "goods: []", "goods", "choice"),
        ("tariff in points", "add: 0.1", "rate: -1.5", "rate", "above -1"),
    ],
    "measures[1].sets[0]": [
        ("rate and add", "add: 0.1", "add: 0.1, rate: 0.2", "tariff", "rate and add"),
    ],
    "measures[1].sets[2].productivity": [
        ("factor 0", "factor: 0.99", "factor: 0", "factor", "above 0"),
    ],
    "measures[1].sets[1].export_tax": [
        ("subsidy of 100 %", "rate: 0.05", "rate: -1", "rate", "above -1"),
    ],
    "measures[0].in_force[0]": [
        ("until before from", "until: 2024-03-03", "until: 2021-03-03", "until", "not after"),
        ("until is from", "until: 2024-03-03", "until: 2022-03-03", "until", "not after"),
    ],
    "measures[0].in_force[1]": [
        ("periods overlap", "until: 2024-03-03", "until: 2026-01-01", "from", "falls into"),
        ("open period first", "until: 2024-03-03, ", "", "from", "without end"),
    ],
    "measures[1].in_force[0]": [
        ("no document", ", document: A third act", "", "document", "Name the act"),
    ],
    "measures[0].acts[0]": [
        ("act's address", "https://example.org/act", "example.org", "href", "https://"),
    ],
}
ROWS = [
    pytest.param(old, new, f"{place}.{key}".strip("."), words, id=name)
    for place, rows in DAMAGED.items()
    for name, old, new, key, words in rows
]

# Where the fault shows elsewhere than at the damage: the words at which it stands.
ELSEWHERE = {
    ("\n    in_force:\n      - {from: 2022-01-01, document: A third act}", ""): "- id: duty",
    ("title: A small case", "title: A\ntitle: B"): "title: B",
    ("date: 2023-01-01", "date: 2023-01-01\nhorizon: lnog"): "horizon",
    ("date: 2023-01-01", "date: 2023-01-01\ntransfers: none"): "transfers",
    ("labour_share: 0.2", "labour_share: 0.7"): "resource_share",
    ("range: [0, 0.1]", "range: [0, 10]"): "- embargo",
    ("until: 2024-03-03", "until: 2026-01-01"): "- {from: 2025-03-03",
    ("until: 2024-03-03, ", ""): "- {from: 2025-03-03",
    ("unit: t\n", "unit: t\n    observed: potash\n"): "observed",
    ("base_share: share", "base_share: 1"): "routes:",
    ("base_share: rest", "base_share: 0.3"): "routes:",
    ("base_share: share", "base_share: rest"): "routes:",
    ("    congestion: {level: 0.5, power: 8}\n  - l", "  - l"): "- {id: rail",
    ("'* except EU, RUS, CHN'", "'* except EU, RUS'"): "markets: CHN",
    (
        "paper}\n    congestion: {level: 0.5, power: 8}\nm",
        "paper}\n    congestion: {level: 0.5, power: 4}\nm",
    ): "congestion: {level: 0.5, power: 4}",
    ("    date: undated\n", ""): "- id: dearer",
    ("        commodity: POTASH\n        scen", "        scen"): "- quantity",
    ("of: DEU", "of: DEU\n        supplier: BLR"): "supplier",
    ("of: DEU", "of: DEU\n        target: BLR"): "target",
    ("of: DEU", "of: DEU\n        rival: BLR"): "rival",
    ("at_most: 0\n", "at_most: 0\n        published: railway\n"): "published: railway",
    ("at_most: 0\n", "at_most: 0\n        published: freight\n"): "published: freight",
    ("        at_most: 0\n", ""): "- quantity",
    ("quantity: price_paid", "quantity: real_income_change"): "commodity: POTASH\n        sc",
    ("quantity: price_paid", "quantity: equivalent_variation"): "change: relative",
    ("\n    not_testable: Motives are no quantities.", ""): "- id: motive",
    ("    value: 61\n    range: [60, 100]\n", ""): "- id: freight",
}


@pytest.mark.parametrize(("old", "new", "key", "words"), ROWS)
def test_a_damaged_case_is_refused_with_line_and_key(write, small_text, old, new, key, words):
    assert small_text.count(old) >= 1
    text = small_text.replace(old, new, 1)
    with pytest.raises(CaseError) as caught:
        load_case(write(text))
    found = [f for f in caught.value.faults if f.key.startswith(key) and words in str(f)]
    assert found, str(caught.value)
    lines = text.splitlines()
    assert all(1 <= f.line <= len(lines) and f.file == "small.yaml" for f in found)
    assert f"small.yaml:{found[0].line}: " in str(caught.value)
    place = small_text.index(old) + len(new) - len(new.lstrip("\n"))
    line = text[:place].count("\n") + 1
    if (old, new) in ELSEWHERE:
        line = text[: text.index(ELSEWHERE[old, new])].count("\n") + 1
    if key and words != "missing":
        assert found[0].line == line


def test_there_are_at_least_fifty():
    assert len({row.id for row in ROWS}) == len(ROWS) >= 50


FLOW_FAULTS = [
    ("", 1, "is empty"),
    ("origin,market,tonnes,kind,note\n", 1, "no flow"),
    ("origin,tonnes\nBLR,1\n", 1, "no column market"),
    ("origin,market\nBLR,USA\n", 1, "no column tonnes"),
    ("origin,market,tonnes\nBLR,USA,1\nBLR,UAS,1\n", 3, "USA"),
    ("origin,market,tonnes\nBLR,USA,1,2\n", 2, "4 cells"),
    ("origin,market,tonnes\nBLR,USA,many\n", 2, "'many' is not a number"),
    ("origin,market,tonnes\nBLR,USA,-1\n", 2, "0 or more"),
    ("origin,market,tonnes\nBLR,USA,nan\n", 2, "0 or more"),
    ("origin,market,tonnes\nBLR,USA,1\nBLR,USA,2\n", 3, "stands twice"),
    ("origin,market,tonnes,kind\nBLR,USA,1,own\n", 2, "does not fit"),
    ("origin,market,tonnes,kind\nBLR,USA,1,exprot\n", 2, "Did you mean export?"),
    ('origin,market,tonnes,note\nBLR,USA,1,"open\n', 2, "cannot be read"),
    (f"origin,market,tonnes,{'n' * 200_000}\nBLR,USA,1,\n", 1, "field larger than field limit"),
    ("origin,market,tonnes\rBLR,USA,1\rBLR,UAS,1\r", 3, "USA"),
    ("origin,market,tonnes\n" + "BLR,UAS,1,1\n" * 5000, 1, "has 5,000 faults; the first 100"),
]


@pytest.mark.parametrize(("flows", "line", "words"), FLOW_FAULTS)
def test_a_bad_row_of_flows_is_named(write, small_text, flows, line, words):
    with pytest.raises(CaseError) as caught:
        load_case(write(small_text, flows))
    assert [f for f in caught.value.faults if (f.file, f.line) == ("flows.csv", line)]
    assert words in str(caught.value)
    assert caught.value.faults[0].key == "commodities[0].flows"


OBSERVED_FAULTS = [
    ("", 1, "needs the columns year, origin"),
    (f"year,origin,market,tonnes,{'u' * 200_000}\n", 1, "field larger than field limit"),
    ("year,origin,market,tonnes,usd\r2022,BLR,USA,1,1\r2023,BLR,USA,x,1\r", 3, "'2023,BLR"),
    ('year,origin,market,tonnes,usd\n2022,BLR,USA,"1,1\n', 2, "cannot be read"),
    ("year,origin,market,tonnes,usd\n-2022,BLR,USA,1,1\n", 2, "'-2022,BLR"),
    ("year,origin,market,tonnes,usd\n" + "1,A,B,1\n" * 4000, 1, "has 4,000 faults"),
]


@pytest.mark.parametrize(("text", "line", "words"), OBSERVED_FAULTS)
def test_a_bad_row_of_what_was_observed_is_named(tmp_path, text, line, words):
    (tmp_path / "seen.csv").write_bytes(text.encode())
    with pytest.raises(CaseError) as caught:
        observed("seen.csv", tmp_path)
    assert [f for f in caught.value.faults if (f.file, f.line) == ("seen.csv", line)]
    assert words in str(caught.value)


def test_lines_of_any_program_are_read(tmp_path):
    text = "year,origin,market,tonnes,usd\n2022,BLR,USA,1,2\n2023,BLR,USA,3,4\n"
    for end in ("\r", "\r\n", "\n"):
        (tmp_path / "seen.csv").write_bytes(text.replace("\n", end).encode())
        assert [flow.tonnes for flow in observed("seen.csv", tmp_path)] == [1, 3]


def test_every_fault_comes_at_once_even_across_stages(write, small_text):
    text = (
        small_text.replace("schema: 2", "schema: 9")
        .replace("owner: US", "owner: UK")
        .replace("until: 2024-03-03", "until: 2020-01-01")
        .replace("value: 241", "value: 999")
        .replace("members: [USA]", "members: [XYZ]")
        .replace("kind: tariff", "kind: tarif")
        .replace("parent: MANUF_EXFOOD", "parent: STEEL")
    )
    with pytest.raises(CaseError) as caught:
        load_case(write(text, "origin,market,tonnes\nBLR,XXX,1\n"))
    keys = {f.key for f in caught.value.faults}
    assert keys >= {
        "schema",
        "parties[0].members",
        "parameters.price.value",
        "commodities[0].parent",
        "commodities[0].flows",
        "measures[0].in_force[0].until",
        "measures[1].kind",
    }
    sentence = str(caught.value).splitlines()
    assert sentence[0].startswith("small.yaml cannot be used: ")
    assert "- measures" in sentence
    assert sum(line.startswith("  - ") for line in sentence) == len(caught.value.faults)


def test_names_of_faulty_entries_are_still_known(write, small_text):
    text = small_text.replace("value: 0.02", "value: .nan").replace("id: EU, name", "id: EU, nam")
    with pytest.raises(CaseError) as caught:
        load_case(write(text))
    keys = {f.key for f in caught.value.faults}
    assert keys == {"parameters.leak.value", "parties[1].nam", "parties[1].name"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"- a\n- b\n", "not a mapping"),
        (b"just words", "not a mapping"),
        (b"schema: 2\nname: \xff\n", "not UTF-8"),
        ("schema: 2".encode("utf-16"), "not UTF-8"),
        (b"[" * 5000, "is not YAML"),
        (b"\x00", "is not YAML"),
        (b"schema: 2\n", "missing"),
    ],
)
def test_files_that_are_no_case(write, content, words):
    with pytest.raises(CaseError, match=words):
        load_case(write(content))


def test_places_that_are_no_file(tmp_path: Path):
    with pytest.raises(CaseError, match=r"is a folder without case.yaml. Name .* case.yaml\.$"):
        load_case(tmp_path)
    with pytest.raises(CaseError, match="Did you mean belarus"):
        load_case("belrus")
    with pytest.raises(CaseError, match="no packaged case and no file"):
        load_case("x" * 5000)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_random_damage_never_gives_another_error(write, small_text, seed):
    dice = random.Random(seed)
    letters = list(small_text)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(letters))
        letters[place] = dice.choice(["", "\n", ":", "[", "}", "'", "0", "-", " ", "&", "é", "nan"])
    with contextlib.suppress(CaseError):
        load_case(write("".join(letters)))


def test_a_question_that_has_no_answer_is_no_fault_of_the_file():
    case = load_case("belarus")
    with pytest.raises(CaseError) as caught:
        case.measure("us-potsh")
    text = str(caught.value)
    assert text.startswith("belarus: there is no measure 'us-potsh'. Did you mean us-potash or")
    with pytest.raises(CaseError) as caught:
        load_case("belrus")
    text = str(caught.value)
    assert text == "There is no packaged case and no file or folder 'belrus'. Did you mean belarus?"
