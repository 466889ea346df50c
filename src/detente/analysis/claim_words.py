"""Sentences on claims: who said what, which number stands against it, and what was asked of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.analysis.uncertainty.draws import caution, left_out
from detente.negotiation.words import fixed
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.cases import Case, Claim, ClaimTest, Reading, Scenario, Selection


_LABEL = {
    "equivalent_variation": "the gain of {of}",
    "real_income_change": "real income of {of}",
    "boomerang": "the loss of {of} per dollar lost by {target}",
    "supplier_share": "the share of {supplier} in purchases of {good} by {of}",
    "import_share": "the share of {supplier} in imports of {good} by {of}",
    "largest_share": "the share of the largest supplier of {good} to {of}",
    "herfindahl": "the concentration of suppliers of {good} to {of}",
    "unit_value_ratio": "the customs value per unit of {good} from {supplier} in {of} over that "
    "from {rival}",
    "price_paid": "the price of {good} that {of} pays",
    "price_received": "the price of {good} that producers in {of} receive",
    "sales": "sales of {good} by {of}",
    "tonnes": "purchases of {good} by {of}",
    "transit_revenue": "income of {of} from transit",
}
#: What a met test says that a statement needs without following from it.
_NECESSARY = "not contradicted: necessary, not sufficient"
_UNITS = {
    "boomerang": "USD per USD",
    "herfindahl": "of 1",
    "unit_value_ratio": "times",
    "tonnes": "million tonnes",
    "price_paid": "USD per unit",
    "price_received": "USD per unit",
}
_PLURAL = ("sales", "tonnes")
_FRACTIONS = (
    "real_income_change",
    "supplier_share",
    "import_share",
    "largest_share",
)


def head(counts: Mapping[str, int], asked: int, draws: int, failed: int, why: str = "") -> str:
    """What a table of verdicts rests on."""
    if not any(counts.values()):
        return "The case lists no claims, so that none is held against its numbers."
    tested = sum(n for ruling, n in counts.items() if ruling != "not testable")
    parts = ", ".join(f"{n} {ruling}" for ruling, n in counts.items())
    basis = (
        f"bands of 5 to 95 % over {draws - failed} of {draws} draws"
        + (f", stopped before {asked} were done" if draws < asked else "")
        + (f"; {left_out(failed, why)}" if failed else "")
        if draws
        else "point estimates only, without bands"
    )
    text = f"{tested} of {sum(counts.values())} claims can be tested: {parts} ({basis})."
    return f"{text} {caution(draws - failed)}".rstrip()


def verdict(
    claim: Claim,
    ruling: str,
    findings: Sequence[str],
    decided: Sequence[tuple[str, str]],
    banded: bool,
) -> str:
    """Who said what, what the numbers say to it, and which of them decides.

    Args:
        claim: as written in the case.
        ruling: on the claim.
        findings: a sentence for each test.
        decided: the tests that the ruling rests on: the number in words and what is asked of it.
        banded: whether parameters were drawn.
    """
    text = f"{claim.speaker}: {claim.paraphrase}"
    if claim.not_testable is not None:
        return f"{text} Not testable here: {_stopped(claim.not_testable)}"
    basis = "" if banded else " (point estimate only)"
    by = " and by ".join(f"{label}, {threshold}" for label, threshold in decided)
    what = _NECESSARY if ruling == "not contradicted" else ruling
    return f"{text} {' '.join(findings)} {what.capitalize()}{basis}, decided by {by}."


def label(case: Case, test: Reading) -> str:
    """The number of a test in words: whose, whether it is a change, and under which measures."""
    change = "" if test.change == "level" or _is_gain(test) else "change of "
    return f"{change}{_subject(case, test)} {_when(case, test)}"


def finding(
    case: Case, test: ClaimTest, value: float, low: float | None, high: float | None, ruling: str
) -> str:
    """The number of the model, its band and the bounds."""
    subject = f"{_when(case, test)}, {_subject(case, test)}"
    if not math.isfinite(value):
        return f"In the model, {subject} has no value: nothing is traded or lost."
    verbs = ("are", "change by") if test.quantity in _PLURAL else ("is", "changes by")
    verb = verbs[0] if test.change == "level" or _is_gain(test) else verbs[1]
    ends = ""
    if low is not None and high is not None:
        known = math.isfinite(low) and math.isfinite(high)
        ends = (
            f" ({amount(test, low)} to {amount(test, high)})"
            if known
            else " (no band: some draws have no number)"
        )
    return (
        f"In the model, {subject} {verb} {amount(test, value)}{ends}. "
        f"The test asks for {bounds(test)} and is {met(ruling)}."
    )


def met(ruling: str) -> str:
    """Whether a test is met, for readers."""
    return {
        "supported": "met",
        "not contradicted": _NECESSARY,
        "contradicted": "not met",
    }.get(ruling, "open")


def published(test: Reading, ends: tuple[float, float], against: bool) -> str:
    """A published figure beside the model's number.

    Args:
        test: what both are held to.
        ends: lowest and highest figure, in the unit of the test.
        against: whether it lies on the other side of the bounds, which leaves the test open.
    """
    low, high = (figure(test, end) for end in ends)
    span = low if low == high else f"{low} to {high}"
    why = ", on the other side of what is asked, so that the test is open" if against else ""
    return f"Published: {span} {unit(test)}{why}."


def bounds(test: ClaimTest) -> str:
    """What a test asks for."""
    parts = []
    if test.at_least is not None:
        parts.append(f"at least {amount(test, test.at_least)}")
    if test.at_most is not None:
        parts.append(f"at most {amount(test, test.at_most)}")
    return " and ".join(parts)


def amount(test: Reading, value: float) -> str:
    """A number with its unit for readers: percent, points, dollars or tonnes."""
    return f"{figure(test, value)} {unit(test)}".rstrip()


def figure(test: Reading, value: float) -> str:
    """A number without its unit, as `unit` has it."""
    signed = test.change != "level"
    if not math.isfinite(value):
        return "none"
    if test.change == "relative":
        return fixed(100 * value, 1, signed=signed)
    if test.quantity in _FRACTIONS:
        digits = 2 if test.quantity == "real_income_change" else 1
        return fixed(100 * value, digits, signed=signed)
    if test.quantity in ("boomerang", "herfindahl", "tonnes", "unit_value_ratio"):
        return fixed(value, 2, signed=signed and test.quantity != "boomerang")
    if test.quantity in ("price_paid", "price_received") or abs(value) >= 100:
        return fixed(value, signed=signed)
    return fixed(value, 1, signed=signed)


def unit(test: Reading) -> str:
    """The unit of a tested number for readers."""
    if test.change == "relative":
        return "%"
    if test.quantity in _FRACTIONS:
        change = test.change == "absolute" and test.quantity != "real_income_change"
        return "points" if change else "%"
    return _UNITS.get(test.quantity, "USD million a year")


def _subject(case: Case, test: Reading) -> str:
    text = _LABEL[test.quantity].format(
        of=_whom(case, test.of),
        supplier=_whom(case, test.supplier),
        rival=_whom(case, test.rival) or "all others abroad",
        target=_whom(case, test.target),
        good="" if test.commodity is None else lower_first(case.commodity(test.commodity).label),
    )
    if test.quantity == "tonnes" and test.supplier is not None:
        text += f" from {_whom(case, test.supplier)}"
    return text


def _when(case: Case, test: Reading) -> str:
    text = _scenario(case, test.scenario)
    if test.change != "level" and test.against is not None:
        text += f" rather than {_scenario(case, test.against)}"
    return text


def _scenario(case: Case, scenario: Scenario) -> str:
    if scenario.none:
        return "without any measure"
    if scenario.only:
        return f"with {_list(scenario.only)} alone"
    parts = []
    if scenario.regime is not None:
        parts.append(f"on {scenario.regime}")
    if scenario.lift:
        parts.append(f"with {_list(scenario.lift)} lifted")
    if scenario.impose:
        parts.append(f"with {_list(scenario.impose)} imposed")
    return " ".join(parts) or f"on {case.date}"


def _whom(case: Case, choice: Selection | None) -> str:
    if choice is None:
        return ""
    names = {p.id: p.name for p in case.parties}
    by_code = {p.members[0]: p.name for p in case.parties if len(p.members) == 1}

    def named(labels: tuple[str, ...]) -> str:
        return _list(tuple(names.get(x, by_code.get(x, x)) for x in labels))

    if choice.include == ("*",):
        rest = f" but {named(choice.exclude)}" if choice.exclude else ""
        return f"all countries{rest}"
    return named(choice.include)


def _is_gain(test: Reading) -> bool:
    return test.quantity in ("equivalent_variation", "boomerang")


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _stopped(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
