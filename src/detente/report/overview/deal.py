"""The deal that would hold: what it asks of whom and what it gives them, or that there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis import labels as w
from detente.analysis.negotiation.feasible_packages import points_left_out
from detente.analysis.negotiation.labels import party_labels
from detente.analysis.negotiation.lasting import standing_sentence
from detente.negotiation import Conflict
from detente.negotiation.words import fixed, number_word

if TYPE_CHECKING:
    from detente._types import Array, Codes
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.analysis.negotiation.deals import Proposal

#: Sums of money below this, USD million a year, count as none.
_SMALL = 0.05


@dataclass(frozen=True)
class DealTerm:
    """What a deal asks of one signatory, and what it is worth to it.

    Attributes:
        party: its id.
        name: for readers.
        asks: what it would do, 'ending ‘A’'; what only some packages ask says of how many it is.
            Empty where nothing is asked.
        worth: what it is worth to it in all by the values of the case, in words.
        low: the same in USD million a year; of several packages, the least.
        high: of several packages, the most.
        signs: whether it would sign.
    """

    party: str
    name: str
    asks: tuple[str, ...]
    worth: str
    low: float
    high: float
    signs: bool


@dataclass(frozen=True)
class Deal:
    """The deal that would hold, or the nearest one.

    Attributes:
        sentences: whether there is one, what it does to trade, and what else could be agreed.
        terms: by signatory; empty where the case states no packages.
        title: what the terms are of.
        holds: whether all would sign.
    """

    sentences: tuple[str, ...]
    terms: tuple[DealTerm, ...] = ()
    title: str = ""
    holds: bool = False

    def term(self, party: str) -> DealTerm | None:
        """What it asks of a party and gives it; None for one that does not sign."""
        return next((t for t in self.terms if t.party == party), None)

    def plain(self) -> dict[str, Any]:
        """Itself as plain values."""
        return {
            "sentences": list(self.sentences),
            "title": self.title,
            "holds": self.holds,
            "terms": [
                {
                    "party": t.party,
                    "name": t.name,
                    "asks": list(t.asks),
                    "worth": t.worth,
                    "low": t.low,
                    "high": t.high,
                    "signs": t.signs,
                }
                for t in self.terms
            ],
        }


def deal_of(negotiation: NegotiationAnswer) -> Deal:
    """The packages that all would sign, and what they ask of whom; else the nearest package."""
    deals, conflict = negotiation.deals, negotiation.conflict
    if deals is None or not isinstance(conflict, Conflict):
        return Deal(tuple(_listed(negotiation)))
    rest = [*_between_two(negotiation), *order_words(negotiation), *resting_words(negotiation)]
    if len(deals.everybody.codes_k):
        one = len(deals.everybody.codes_k) == 1
        return Deal(
            (package_words(negotiation), *_on_trade(negotiation), *rest),
            tuple(_terms(negotiation)),
            "What it asks of whom" if one else "What these packages ask of whom",
            True,
        )
    nearest = _nearest(negotiation)
    if nearest is None:
        return Deal((package_words(negotiation), *rest))
    return Deal(
        (package_words(negotiation), _refused(nearest), *rest),
        tuple(_proposed(negotiation, nearest)),
        f"What {w.quoted(nearest.label)} asks of whom",
    )


def package_words(negotiation: NegotiationAnswer) -> str:
    """How many packages all would sign; of a case that states none, whether the state lasts."""
    deals = negotiation.deals
    if deals is None:
        return standing_sentence(negotiation.stability)
    count, of = len(deals.everybody.codes_k), deals.everybody.examined
    who = w.count(len(deals.everybody.signatories), "signatory", "signatories")
    if not count:
        if of == 1:
            return f"The one package on the table would not be signed by all {who}."
        return f"None of the {of:,} packages on the table would be signed by all {who}."
    better = int((deals.everybody.gain_kp > deals.everybody.tolerance).all(axis=1).sum())
    text = (
        f"{w.sentence(w.count(count, 'package', 'packages'))} of {of:,} would be signed by "
        f"all {who}"
    )
    if better == count:
        return f"{text}, who would all be better off."
    return f"{text}."


def _listed(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Of a case that states no packages: where moves lead, one at a time and together."""
    yield standing_sentence(negotiation.stability)
    conflict = negotiation.conflict
    reached = set()
    for path in (negotiation.path, negotiation.joint_path):
        if not path.arrives or not path.steps or path.steps[-1].after in reached:
            continue
        last = path.steps[-1]
        reached.add(last.after)
        how = "If they also move together" if path.joint else "If parties move one at a time"
        verb = "end" if len(last.parties) > 1 else "ends"
        who, where = w.listing(last.parties), w.quoted(_state(conflict.label(last.after)))
        yield f"{how}, {who} {verb} at {where}, and nobody moves on."


def _state(label: str) -> str:
    """A listed state without its number: 'state 5 (delay by appeal)' is 'delay by appeal'."""
    head, bracket, inside = label.partition(" (")
    numbered = bracket and inside.endswith(")") and any(c.isdigit() for c in head)
    return inside[:-1] if numbered else label


def _on_trade(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Whether the packages that all would sign touch trade, and what they do in money."""
    deals, conflict, money = negotiation.deals, negotiation.conflict, negotiation.money
    assert deals is not None
    assert isinstance(conflict, Conflict)
    if money is None:
        return
    trade = sum(1 << conflict.space.bits.index(m) for m in money.trade)
    touched = int(((deals.everybody.codes_k ^ conflict.status_quo) & trade != 0).sum())
    count = len(deals.everybody.codes_k)
    none = deals.money_kp is not None and not (np.abs(deals.money_kp) >= _SMALL).any()
    what = f"the {number_word(count)} packages"
    if not touched and none and count == 1:
        yield "The package changes no measure on trade, and in money nobody gains or loses by it."
    elif not touched and none:
        yield f"None of {what} changes a measure on trade, and none brings or costs anybody money."
    elif touched and count == 1:
        yield "The package changes measures on trade."
    elif touched == count:
        yield f"{w.sentence(what)} all change measures on trade."
    elif touched:
        yield f"{w.sentence(number_word(touched))} of {what} change measures on trade."


def _terms(negotiation: NegotiationAnswer) -> Iterator[DealTerm]:
    """What the packages that all would sign ask of each signatory, and what they give it."""
    deals, conflict = negotiation.deals, negotiation.conflict
    assert deals is not None
    assert isinstance(conflict, Conflict)
    changed_k = deals.everybody.codes_k ^ conflict.status_quo
    gain_kp = deals.everybody.gain_kp
    for p, (party, label) in enumerate(_signing(negotiation)):
        yield DealTerm(
            party,
            w.sentence(deals.apart(label)),
            _asked(conflict, party, changed_k),
            _between(gain_kp[:, p], _around(deals.bands_kp, p)),
            float(gain_kp[:, p].min()),
            float(gain_kp[:, p].max()),
            True,
        )


def _signing(negotiation: NegotiationAnswer) -> list[tuple[str, str]]:
    """Ids and labels of the signatories, in the order of the packages' gains."""
    assert negotiation.deals is not None
    labels = party_labels(negotiation.case)
    ids = {label: party for party, label in labels.items()}
    return [(ids.get(s, s), s) for s in negotiation.deals.everybody.parties]


def _asked(conflict: Conflict, party: str, changed_k: Codes) -> tuple[str, ...]:
    """What packages ask of a party: in all of them, then in at least half of them."""
    space, here, size = conflict.space, conflict.status_quo, len(changed_k)
    own = space.own(space.parties.index(party))
    both = int(np.bitwise_and.reduce(changed_k))
    asked = [space.doing(here, here ^ (both & own))] if both & own else []
    for measure in space.measures:
        if measure.owner != party:
            continue
        bits = sum(1 << space.bits.index(b) for b in measure.bits)
        found = [int(c) & bits for c in changed_k if int(c) & bits]
        if found and not both & bits and 2 * len(found) >= size:
            doing = space.doing(here, here ^ found[0])
            asked.append(f"in {number_word(len(found))} of {number_word(size)}, {doing}")
    return tuple(asked)


def _around(bands_kp: Sequence[Sequence[Sequence[float]]] | None, place: int) -> list[float] | None:
    """From the lowest end of one signatory's bands to the highest; None without bands."""
    if bands_kp is None:
        return None
    return [min(b[place][0] for b in bands_kp), max(b[place][1] for b in bands_kp)]


def _between(gain_k: Array, band: Sequence[float] | None) -> str:
    """What packages are worth at least and at most: 'USD 6.7 to 8.7 million (−40 to 90)'."""
    ends = [w.significant(float(f(gain_k))) for f in (np.min, np.max)]
    size = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    around = "" if band is None else f" ({w.significant(band[0])} to {w.significant(band[1])})"
    return f"USD {size} million a year{around}"


def _nearest(negotiation: NegotiationAnswer) -> Proposal | None:
    """The package of the case that fewest refuse; of several, that on which least is lacking."""
    assert negotiation.deals is not None
    named = [p for p in negotiation.deals.proposals if p.source]

    def lacking(proposal: Proposal) -> tuple[int, float]:
        return len(proposal.refused_by), -sum(min(g, 0.0) for g in proposal.gain)

    return min(named, key=lacking, default=None)


def _refused(proposal: Proposal) -> str:
    """How far the nearest package is from being signed."""
    refusing, size = len(proposal.refused_by), len(proposal.parties)
    if size > 1:
        who = f"all {number_word(size)}" if refusing == size else number_word(refusing)
        who = f"{who} of {number_word(size)}" if refusing < size else who
        return (
            f"Of the packages that the case names, {w.quoted(proposal.label)} comes nearest, and "
            f"{who} would refuse it."
        )
    return f"The case names {w.quoted(proposal.label)}, which would be refused."


def _proposed(negotiation: NegotiationAnswer, proposal: Proposal) -> Iterator[DealTerm]:
    """What a package asks of each signatory, and what it is worth to it."""
    conflict = negotiation.conflict
    assert isinstance(conflict, Conflict)
    labels = party_labels(negotiation.case)
    space, here = conflict.space, conflict.status_quo
    known = negotiation.bands
    bands = [None] * len(proposal.gain) if known is None else known.proposals[proposal.id]
    rows = zip(proposal.parties, proposal.gain, bands, proposal.accepts, strict=True)
    for party, gain, band, accepts in rows:
        own = (here ^ proposal.code) & space.own(space.parties.index(party))
        yield DealTerm(
            party,
            w.sentence(labels[party]),
            (space.doing(here, here ^ own),) if own else (),
            _sum(gain, band),
            gain,
            gain,
            accepts,
        )


def _sum(gain: float, band: tuple[float, float] | None) -> str:
    """A gain or loss in words: 'a loss of USD 1.2 billion (0.9 to 1.6) a year'."""
    if abs(gain) < 0.095:
        return "0"
    return f"a {'gain' if gain > 0 else 'loss'} of {w.money(gain, band)} a year"


def _between_two(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Two parties that could settle most between themselves, by their own measures alone."""
    assert negotiation.deals is not None
    pairs = [p for p in negotiation.deals.pairs if p.signing.possible]
    if len(negotiation.deals.everybody.parties) < 3 or not pairs:
        return
    labels = party_labels(negotiation.case)
    best = max(pairs, key=lambda p: len(p.packages.codes_k))
    one, other = (labels[p] for p in best.parties)
    count = len(best.packages.codes_k)
    size = w.count(count, "package") if count <= 10 else f"{fixed(count)} packages"
    yield f"{w.sentence(one)} and {other} could settle {size} between themselves alone."


def order_words(negotiation: NegotiationAnswer) -> Iterator[str]:
    """Whether a package can be carried out step by step so that nobody gains by breaking off."""
    found = points_left_out(negotiation)
    orders = [o for o in negotiation.orders if o.id not in found and _named(negotiation, o.id)]
    if not orders:
        return
    holding = [o for o in orders if o.sequences.best]
    if not holding:
        yield "No order of steps makes any of the named packages enforce itself."
        return
    names = w.listing(w.quoted(o.label) for o in holding[:2])
    verb = "enforces itself" if len(holding) == 1 else "enforce themselves"
    yield f"Carried out step by step, {names} {verb}: nobody gains by breaking off."


def _named(negotiation: NegotiationAnswer, package: str) -> bool:
    """Whether the case names the package, rather than a definition that picks one."""
    if negotiation.deals is None:
        return False
    return any(p.id == package and p.source for p in negotiation.deals.proposals)


def resting_words(negotiation: NegotiationAnswer) -> Iterator[str]:
    """That what parties value besides money is estimated."""
    if negotiation.deals is not None and negotiation.guessed:
        yield "What parties value besides money is estimated by analysts."
