"""The rules of a case as the analysis of talks applies them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.study.talking.answer import NoTalks
from detente.talks import DoubleMajority, Rule, Unanimity, WeightedVotes

if TYPE_CHECKING:
    from detente.case import Case
    from detente.case import Rule as CaseRule


def engine_rule(
    case: Case, rule: CaseRule, members: Sequence[str], party: str, *, of: str = ""
) -> Rule | None:
    """A rule of the case as the analysis of talks has it; None for a government.

    Raises:
        NoTalks: if a single measure of a bloc is said to be decided by nobody's vote.
    """
    kind = rule.kind
    if kind == "sovereign":
        if of and members:
            raise NoTalks(
                case.name,
                f"{of} belongs to {party}, a bloc, and has the rule `sovereign`.",
                "Write unanimity, double_majority or weighted.",
            )
        return None
    if of and not members:
        raise NoTalks(
            case.name,
            f"{of} has the rule {kind}, and its owner {party} decides alone.",
            "Give the party a rule, or leave that of the measure out.",
        )
    if kind == "unanimity":
        return Unanimity(tuple(members))
    if kind == "weighted":
        votes = tuple(int(rule.votes.get(m, 0)) for m in members)
        return WeightedVotes(tuple(members), votes, int(rule.quota or 0))
    return _double_majority(case, rule, tuple(members), party)


def _double_majority(case: Case, rule: CaseRule, members: tuple[str, ...], party: str) -> Rule:
    from detente.talks.voting.council import populations

    given = rule.populations or populations()
    lacking = [m for m in members if m not in given]
    if lacking:
        raise NoTalks(
            case.name,
            f"the rule of {party} has no population of {', '.join(lacking)}.",
            "Write `populations` in the rule.",
        )
    return DoubleMajority(
        members,
        tuple(int(given[m]) for m in members),
        rule.member_share,
        rule.population_share,
        int(rule.blocking_minority),
    )
