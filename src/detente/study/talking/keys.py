"""Who holds the key to a measure by its rules alone, whatever anybody values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.talks import Conflict, Unanimity
from detente.talks.words import listed, number_word, quoted

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer
    from detente.study.talking.votes import MeasureVotes


def lock_words(votes: MeasureVotes) -> str:
    """Who could end a measure, or all that one decision renews, and who keeps it: a sentence."""
    what = quoted(votes.label)
    if len(votes.measures) > 1:
        what += f" ({number_word(len(votes.measures))} measures, one decision)"
    return f"{what}: {_key(votes, 'it', 'it stays')}."


def keys_of(answer: TalksAnswer, changed: int) -> str:
    """The same for the measures that a move changes, as the end of a sentence; empty if no votes.

    Args:
        answer: the negotiation.
        changed: the bits that the move changes.
    """
    conflict = answer.conflict
    if not isinstance(conflict, Conflict):
        return ""
    names = {b for k, b in enumerate(conflict.space.bits) if changed >> k & 1}
    bits = {v.measure: {b for m in v.measures for b in _bits(conflict, m)} for v in answer.votes}
    # What one decision renews and the move ends as a whole is told as one.
    whole = [v for v in answer.votes if len(v.measures) > 1 and bits[v.measure] <= names]
    told = {m for v in whole for m in v.measures}
    single = [v for v in answer.votes if len(v.measures) == 1 and v.measure not in told]
    voted = whole + [v for v in single if names & bits[v.measure]]
    one = len(voted) == 1 and len(voted[0].measures) == 1
    said = {_key(v, "it" if one else "them", "it stays" if one else "they stay") for v in voted}
    if len(said) <= 1:
        return next(iter(said), "")
    return "; ".join(f"of {quoted(v.label)}, {_key(v, 'it', 'it stays')}" for v in voted)


def refusal_words(conflict: Conflict) -> str:
    """Where what lapses unless renewed ends, as the end of a sentence; empty if nothing lapses."""
    owners = {p.name: p for p in conflict.parties}
    lapsing = [m for m in conflict.space.measures if m.expiry == "lapses"]
    rules = [rule for m in lapsing if (rule := m.renew or owners[m.owner].rule) is not None]
    if not lapsing:
        return ""
    if not rules:
        return "where its owner gains by that"
    if all(isinstance(rule, Unanimity) for rule in rules):
        return "where one member that loses by it can refuse the renewal"
    return "where those who lose by it are enough to refuse the renewal by its rule"


def _bits(conflict: Conflict, measure: str) -> tuple[str, ...]:
    return next(m.bits for m in conflict.space.measures if m.name == measure)


def _key(votes: MeasureVotes, it: str, stays: str) -> str:
    moments = votes.votes.moments
    size = len(moments.members)
    if votes.ratifiers:
        return f"a change needs {listed(list(votes.members))}"
    keeps = _alone(votes, "repeal")
    if moments.expiry != "lapses":
        until = "they are" if it == "them" else "it is"
        return f"{stays} until {until} repealed, and at repeal {_any(keeps, size)} keeps {it}"
    ends = _alone(votes, "renew")
    keeper = "any one" if ends == keeps == size else _any(keeps, size)
    when = "at renewal"
    if votes.together:
        when = f"at renewal, one decision over it and {listed(votes.others)},"
    kept = it
    if votes.together or len(votes.measures) > 1:
        it = "all of them" if it == "them" else "all of it"
    return f"{when} {_any(ends, size)} could end {it}, at repeal {keeper} keeps {kept}"


def _alone(votes: MeasureVotes, moment: str) -> int:
    """How many members can block alone by the rule of a moment."""
    rule = getattr(votes.votes.moments, moment)
    return sum(bool(rule.blocks(1 << k)) for k in range(len(rule.members)))


def _any(count: int, size: int) -> str:
    if count == size:
        return f"any one of {size} members"
    return f"any one of {count} among {size} members" if count else "no member alone"
