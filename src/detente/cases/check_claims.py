"""Checks of claims and back-tests: whether what they name exists in the case and its world.

`claim_faults` asks whether a claim or published figure can be held against a number of the case.
`record_faults` asks it of what a back-test names.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.cases.claims import WHOLE_ECONOMY, ClaimTest, Published, Reading, Scenario
from detente.cases.errors import Complaint, KeyPath
from detente.cases.labels import Labels, selection_faults, unknown
from detente.cases.partial_case import Parts


def record_faults(parts: Parts, labels: Labels | None) -> Iterator[Complaint]:
    """Every parameter, measure, party or country that is not there."""
    given = parts.record
    if given is None:
        return
    for key, what, named, known in (
        ("parameters_in_view", "parameter", given.parameters_in_view, parts.parameter_names),
        ("informed", "parameter", given.informed, parts.parameter_names),
        ("measures_in_view", "measure", given.measures_in_view, parts.measure_ids),
    ):
        for name in named:
            yield from unknown(("record", key, name), what, (name,), known)
    if labels is None:
        return
    for key, chosen in (
        ("exporter", given.exporter),
        ("rival", given.rival),
        ("price_market", given.price_market),
        ("shortfall", given.shortfall),
    ):
        if chosen is not None:
            where = ("record", key, "country")
            yield from unknown(where, "country", (chosen.country,), labels.countries)
    if given.silent is not None:
        where = ("record", "silent", "countries")
        yield from unknown(where, "country", given.silent.countries, labels.countries)
    known = (*parts.party_ids, *labels.countries)
    where = ("record", "buyers", "labels")
    yield from unknown(where, "party or country", given.buyers.labels, known)


_SUPPLIED = ("supplier_share", "import_share", "unit_value_ratio")


def claim_faults(parts: Parts, labels: Labels | None) -> Iterator[Complaint]:
    """Every test and comparison that names what is not there, or asks what has no answer."""
    for index, claim in parts.claims.items():
        for place, test in enumerate(claim.tests or ()):
            path: KeyPath = ("claims", index, "tests", place)
            yield from _bound_faults(path, test)
            yield from _beside_faults(path, test, parts)
            yield from _reading_faults(path, test, parts, labels)
    for index, published in parts.published.items():
        path = ("published", index)
        yield from _figure_faults(path, published)
        if published.compare is not None:
            yield from _reading_faults((*path, "compare"), published.compare, parts, labels)


def _bound_faults(path: KeyPath, test: ClaimTest) -> Iterator[Complaint]:
    if test.at_least is None and test.at_most is None:
        yield path, "has no bound.", "Write at_least, at_most or both."
    elif test.at_least is not None and test.at_most is not None and test.at_least > test.at_most:
        message = f"is {test.at_least:g}, above at_most, {test.at_most:g}."
        yield (*path, "at_least"), message, "Exchange the two?"


def _beside_faults(path: KeyPath, test: ClaimTest, parts: Parts) -> Iterator[Complaint]:
    if test.published is None:
        return
    figures = {p.id: p for p in parts.published.values()}
    yield from unknown((*path, "published"), "published figure", (test.published,), tuple(figures))
    figure = figures.get(test.published)
    compare = None if figure is None else figure.compare
    if figure is not None and (
        compare is None or (compare.quantity, compare.unit) != (test.quantity, test.unit)
    ):
        message = f"{test.published} is no figure of the {test.quantity} that is tested."
        yield (*path, "published"), message, "Name one whose `compare` asks for the same number."


def _figure_faults(path: KeyPath, published: Published) -> Iterator[Complaint]:
    if published.value is None and published.range is None:
        yield path, "has no figure.", "Write value, range or both."
        return
    low, high = published.range or (published.value or 0.0, published.value or 0.0)
    if low > high:
        yield (*path, "range"), f"is reversed: {low:g} to {high:g}.", "Write the lower end first."
    elif published.value is not None and not low <= published.value <= high:
        message = f"{published.value:g} lies outside its own range, {low:g} to {high:g}."
        yield (*path, "value"), message, "Widen the range or correct the value."


def _reading_faults(
    path: KeyPath, reading: Reading, parts: Parts, labels: Labels | None
) -> Iterator[Complaint]:
    yield from _key_faults(path, reading)
    if reading.commodity is not None:
        names = parts.commodity_names
        yield from unknown((*path, "commodity"), "commodity", (reading.commodity,), names)
    if labels is not None:
        known = (*parts.party_ids, *labels.countries, *labels.groups)
        for key, chosen in reading.choices.items():
            what = "party, country or group"
            yield from selection_faults((*path, key), what, chosen, known)
    yield from _scenario_faults((*path, "scenario"), reading.scenario, parts)
    if reading.against is not None:
        yield from _scenario_faults((*path, "against"), reading.against, parts)


def _key_faults(path: KeyPath, reading: Reading) -> Iterator[Complaint]:
    quantity = reading.quantity
    whole = quantity in WHOLE_ECONOMY
    for key, missing, idle in (
        ("commodity", not whole, whole and quantity != "transit_revenue"),
        ("supplier", quantity in _SUPPLIED, quantity not in (*_SUPPLIED, "tonnes")),
        ("rival", False, quantity != "unit_value_ratio"),
        ("target", quantity == "boomerang", quantity != "boomerang"),
    ):
        given = getattr(reading, key)
        if missing and given is None:
            yield path, f"{key!r} is missing: {quantity} needs it.", "Add the key."
        elif idle and given is not None:
            yield (*path, key), f"means nothing to {quantity}.", "Remove it."
    if reading.change == "level" and reading.against is not None:
        yield (*path, "against"), "means nothing to a level.", "Remove it, or change `change`."
    if quantity == "boomerang" and reading.change != "absolute":
        yield (*path, "change"), "means nothing to a boomerang, a ratio.", "Remove it."
    if quantity == "equivalent_variation" and reading.change == "relative":
        message = "cannot be relative: it is a difference of money already."
        yield (*path, "change"), message, "Use real_income_change, or an absolute change."


def _scenario_faults(path: KeyPath, scenario: Scenario, parts: Parts) -> Iterator[Complaint]:
    for key in ("lift", "impose", "only"):
        given: tuple[str, ...] = getattr(scenario, key)
        yield from unknown((*path, key), "measure", given, parts.measure_ids)
    day = scenario.regime or parts.date
    if day is None:
        return
    on = {m.id: m.in_force_on(day) for m in parts.measures.values()}
    for key, wanted, words in (
        ("lift", True, "is not in force"),
        ("impose", False, "is in force already"),
    ):
        for name in getattr(scenario, key):
            if on.get(name, wanted) != wanted:
                remedy = "Take it out, or name another day under regime."
                yield (*path, key), f"{name} {words} on {day}.", remedy
