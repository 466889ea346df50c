"""Labels of parties and parameters in the form that sentences need.

`party_labels` and `with_article` name parties, `parameter_words` names what is drawn, and
`patience_words` says what a party's patience means from one step to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.negotiation.chances import TRADE
from detente.cases.overrides import drawn
from detente.negotiation.words import quoted
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.cases import Case


_WITH_ARTICLE = {
    *("Commission", "Community", "Congress", "Council", "Emirates", "Federation", "Government"),
    *("Kingdom", "Ministry", "Nations", "Netherlands", "Parliament", "Philippines", "Republic"),
    *("Senate", "States", "Union"),
}


def with_article(name: str) -> str:
    """A party's name inside a sentence: 'the United States', 'Belarus'."""
    if name.startswith("The "):
        return lower_first(name)
    return f"the {name}" if _WITH_ARTICLE.intersection(name.split()) else name


def party_labels(case: Case) -> dict[str, str]:
    """The name of each party inside a sentence, by its id."""
    return {p.id: with_article(p.name) for p in case.parties}


def parameter_words(case: Case, name: str) -> str:
    """A parameter that is drawn, by its dotted name, in words; members by code."""
    labels = party_labels(case)
    head, *rest = name.split(".")
    if head == "valuations" and len(rest) >= 2:
        interest = next((i.label for i in case.interests if i.id == rest[-1]), rest[-1])
        return f"what {quoted(interest)} is worth to {labels.get(rest[-2], rest[-2])}"
    if head == "interests" and rest:
        return f"the weight of {quoted(next(i.label for i in case.interests if i.id == rest[0]))}"
    if head == "patience" and rest:
        return f"the patience of {labels.get(rest[0], rest[0])}"
    if head == "reservation" and rest:
        return f"what {labels.get(rest[0], rest[0])} needs to sign"
    return f"the {name}" if name == TRADE else name


def patience_words(case: Case) -> list[str]:
    """The patience of a case per year and per step, in sentences; none where it states none."""
    given = {
        p.name: drawn(case, f"patience.{p.id}", p.patience.value)
        for p in case.parties
        if p.patience is not None
    }
    if not given:
        return []
    yearly = ", ".join(f"{name} {value:g}" for name, value in given.items())
    text = f"Patience is what one year's delay leaves of a value, per year: {yearly}."
    if case.negotiation is None:
        return [text]
    years = case.number(case.negotiation.step_years)
    stepwise = ", ".join(f"{name} {value**years:.3g}" for name, value in given.items())
    span = f"{years:g} year{'s' * (years != 1)}"
    return [f"{text} A step of the negotiation takes {span}, so that per step it is: {stepwise}."]
