"""Does what a back-test names exist in the case and its world?"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.errors import Complaint
from detente.case.label_checks import unknown
from detente.case.labels import Labels
from detente.case.parts import Parts


def backtest_faults(parts: Parts, labels: Labels | None) -> Iterator[Complaint]:
    """Every parameter, measure, party or country that is not there."""
    given = parts.backtest
    if given is None:
        return
    for key, what, named, known in (
        ("parameters_in_view", "parameter", given.parameters_in_view, parts.parameter_names),
        ("informed", "parameter", given.informed, parts.parameter_names),
        ("measures_in_view", "measure", given.measures_in_view, parts.measure_ids),
    ):
        for name in named:
            yield from unknown(("backtest", key, name), what, (name,), known)
    if labels is None:
        return
    for key, chosen in (
        ("exporter", given.exporter),
        ("rival", given.rival),
        ("price_market", given.price_market),
        ("shortfall", given.shortfall),
    ):
        if chosen is not None:
            where = ("backtest", key, "country")
            yield from unknown(where, "country", (chosen.country,), labels.countries)
    if given.silent is not None:
        where = ("backtest", "silent", "countries")
        yield from unknown(where, "country", given.silent.countries, labels.countries)
    known = (*parts.party_ids, *labels.countries)
    where = ("backtest", "buyers", "labels")
    yield from unknown(where, "party or country", given.buyers.labels, known)
