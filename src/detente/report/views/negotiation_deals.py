"""Views of deals: packages that all would sign, the front, named packages, and pairs of parties.

`packages_table` and `pareto_chart` show the gains of two parties and the points among them.
`proposals_table`, `refusals_table` and `pairs_table` show who gains, and who would refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis import labels as w
from detente.report.table import Cell, Chart, Column, Table, welfare
from detente.report.views.negotiation_context import (
    MONEY,
    NegotiationViewContext,
    changes_in_words,
    measured,
)

if TYPE_CHECKING:
    from detente.analysis.negotiation.deals import Deals, Proposal
    from detente.negotiation import Packages


_MOST_DOTS = 700
_GRID = 48


def packages_table(context: NegotiationViewContext, deals: Deals) -> Table:
    """The front of what all would sign, with each one's gain and the points that pick it."""
    found = deals.everybody
    order = _ranked(found)
    every = found.gain_kp[order].ravel()
    rows: list[tuple[Cell, ...]] = [
        (
            w.sentence(package(found, int(found.codes_k[k]))),
            _points(found, k) or None,
            *(float(g) for g in found.gain_kp[k]),
            "yes" if k in set(found.front.tolist()) else "no",
        )
        for k in order
    ]
    return Table(
        "negotiation-packages",
        "Packages that every signatory would accept",
        _packages_sentence(context, found),
        (
            Column("package", "What changes"),
            Column("points", "Picked by"),
            *(
                welfare(f"gain-{k}", f"{context.apart(p)} gains", MONEY, every)
                for k, p in enumerate(found.parties)
            ),
            Column("front", "On the front"),
        ),
        tuple(rows),
        note=with_caveat(context)
        + "The Pareto front: no other package that all accept gives one more without giving "
        "another less. Nash: the largest product of gains; Kalai-Smorodinsky: the largest equal "
        "share of what each could get; egalitarian: the largest least gain; utilitarian: the "
        "largest sum. A bloc accepts by its rule and may lose as a sum; members of it that sign "
        "for themselves are left out of its gain here, so that nothing counts twice.",
        lead=8,
    )


def with_caveat(context: NegotiationViewContext) -> str:
    """What points of bargaining are not, before the words on what they are."""
    from detente.analysis.negotiation.feasible_packages import caveat

    text = caveat(context.negotiation)
    return f"{text} " if text else ""


def _ranked(found: Packages) -> list[int]:
    """Packages at the points first, then the rest of the front by the sum of gains."""
    picked = {code for p in found.points for code in (p.code, *p.tied)}
    place = {int(c): k for k, c in enumerate(found.codes_k)}
    shown = {*found.front.tolist(), *(place[c] for c in picked)}
    total = found.gain_kp.sum(axis=1)
    return sorted(shown, key=lambda k: (int(found.codes_k[k]) not in picked, -float(total[k])))


def _points(found: Packages, k: int) -> str:
    code = int(found.codes_k[k])
    picked = (p for p in found.points if code in (p.code, *p.tied))
    return w.listing(f"{p.name} (tied)" if p.tied else p.name for p in picked)


def package(found: Packages, code: int) -> str:
    """A package by its state: what ends and what begins."""
    changed = measured(code ^ found.status_quo)
    ends = [found.measures[b] for b in changed if found.status_quo >> b & 1]
    begins = [found.measures[b] for b in changed if not found.status_quo >> b & 1]
    return changes_in_words(ends, begins)


def _bit(found: Packages, bit: int) -> str:
    ends = found.status_quo >> bit & 1
    return f"{'ends' if ends else 'begins'}: {found.measures[bit]}"


def _packages_sentence(context: NegotiationViewContext, found: Packages) -> str:
    """What all would sign has in common; a point of bargaining only where no value is a guess."""
    from detente.analysis.negotiation.feasible_packages import feasible_words

    text = " ".join(context.named(line) for line in feasible_words(context.negotiation))
    if not found.points or context.negotiation.guessed:
        return text
    nash = found.point("Nash")
    gains = w.listing(
        f"{context.apart(p)} {w.number(g, 0 if abs(g) >= 10 else 1, signed=True)}"
        for p, g in zip(nash.parties, nash.gain, strict=True)
    )
    which = f", one of {w.number(1 + len(nash.tied))} that attain it," if nash.tied else ""
    return f"{text} At the Nash point{which} ({package(found, nash.code)}) the gains are: {gains}."


def _signed(context: NegotiationViewContext, found: Packages) -> str:
    who = w.sentence(context.whom(*found.parties))
    size = w.number(len(found.codes_k)) if len(found.codes_k) else "none"
    return f"{who} would all sign {size} of {w.number(found.examined)} packages."


def refusals_table(context: NegotiationViewContext, deals: Deals) -> Table:
    """Who stands in the way how often, and of what."""
    found = deals.everybody
    rows: list[tuple[Cell, ...]] = [
        (
            context.party(r.party),
            r.refused,
            r.alone,
            w.sentence(package(found, r.best_code)) if r.best else None,
        )
        for r in sorted(found.refusals, key=lambda r: -r.refused)
    ]
    top = max(r.refused for r in found.refusals)
    most = [r for r in found.refusals if r.refused == top]
    alone = w.listing(w.number(r.alone) for r in most)
    return Table(
        "negotiation-refusals",
        "Who refuses what",
        f"{_signed(context, found)} Most are refused by {context.whom(*(r.party for r in most))}: "
        f"{w.number(top)}{' each' if len(most) > 1 else ''}, {alone} of them by nobody else.",
        (
            Column("party", "Party"),
            Column("refused", "Packages it refuses", "", "number"),
            Column("alone", "It alone", "", "number"),
            Column("best", "The best for all of these, by the sum of gains"),
        ),
        tuple(rows),
    )


def pareto_chart(context: NegotiationViewContext, deals: Deals, table: Table) -> Chart:
    """Accepted packages by what two parties gain, the front, the points, the status quo.

    Args:
        context: the negotiation.
        deals: with a package at least that all who would sign it accept.
        table: whose sentence describes the chart.
    """
    given = [("all signatories", deals.everybody)]
    given += [(f"{context.whom(*p.parties)} alone", p.packages) for p in deals.pairs]
    return Chart(
        "negotiation-packages",
        "pareto",
        "Packages that all who sign would accept, by what two of them gain",
        f"{MONEY} over the status quo; at analyst estimates",
        context.source,
        f"A plane of two parties' gains with a dot for each package. {table.sentence}",
        table.id,
        {
            "unit": MONEY,
            "sets": [
                {"id": str(k), "label": label} | _drawn(context, found)
                for k, (label, found) in enumerate(given)
                if len(found.codes_k)
            ],
        },
    )


def _drawn(context: NegotiationViewContext, found: Packages) -> dict[str, Any]:
    """One set of packages as the drawing takes it."""
    front = set(found.front.tolist())
    shown = _thinned(found)
    return {
        "parties": [context.apart(p) for p in found.parties],
        "left": len(found.codes_k) - len(shown),
        "measures": [_bit(found, b) for b in range(len(found.measures))],
        "dots": [
            {
                "gain": [_figure(g) for g in found.gain_kp[k]],
                "front": k in front,
                "changed": measured(int(found.codes_k[k]) ^ found.status_quo),
            }
            for k in shown
        ],
        "marks": [
            {
                "label": p.name,
                "gain": [_figure(g) for g in p.gain],
                "changed": measured(p.code ^ found.status_quo),
            }
            for p in found.points
        ],
    }


def _figure(value: float) -> float:
    return float(f"{float(value):.5g}")


def _thinned(found: Packages) -> list[int]:
    """All on the front, and of the others one of those that look alike, up to a number."""
    keep = set(found.front.tolist())
    place = {int(c): k for k, c in enumerate(found.codes_k)}
    keep |= {place[p.code] for p in found.points}
    if len(found.codes_k) <= _MOST_DOTS:
        return list(range(len(found.codes_k)))
    gains = found.gain_kp
    span = np.ptp(gains, axis=0)
    cell = np.floor(_GRID * (gains - gains.min(axis=0)) / np.where(span > 0, span, 1.0))
    _, first = np.unique(cell, axis=0, return_index=True)
    others = [k for k in first.tolist() if k not in keep]
    room = max(_MOST_DOTS - len(keep), 0)
    chosen = np.linspace(0, len(others) - 1, min(room, len(others))).astype(int)
    return sorted(keep | {others[c] for c in set(chosen.tolist())})


def proposals_table(context: NegotiationViewContext, deals: Deals) -> Table:
    """Named packages: what each would do for every signatory, and who would refuse."""
    given = deals.proposals
    parties = list(dict.fromkeys(p for d in given for p in d.parties))
    every = [g for d in given for g in d.gain]
    rows: list[tuple[Cell, ...]] = [
        (
            d.label,
            w.sentence(_change(context, d)),
            *(d.gain[d.parties.index(p)] if p in d.parties else None for p in parties),
            "yes" if d.accepted_by_owners else "no",
            _refusal(context, d) or None,
        )
        for d in given
    ]
    return Table(
        "negotiation-proposals",
        "Named packages: who gains and who would refuse",
        _proposals_sentence(context, given),
        (
            Column("package", "Package"),
            Column("change", "What changes"),
            *(welfare(f"gain-{p}", f"{context.together(p)} gains", MONEY, every) for p in parties),
            Column("owners", "Accepted by those whose measures change"),
            Column("refused", "Refused by"),
        ),
        tuple(rows),
        note=with_caveat(context)
        + "Packages that the case names with their source, then the points that were found. "
        "Members of a bloc and ratifiers who would refuse stand in brackets. The gain of a bloc is "
        "the sum over all its members.",
    )


def _change(context: NegotiationViewContext, proposal: Proposal) -> str:
    return context.change(context.negotiation.conflict.status_quo, proposal.code)


def _refusal(context: NegotiationViewContext, proposal: Proposal) -> str:
    inside = dict(proposal.blockers)
    parts = []
    for party in dict.fromkeys([*proposal.refused_by, *inside]):
        names = w.listing(context.party(m) for m in inside.get(party, ())[:6])
        more = len(inside.get(party, ())) - 6
        names += f" and {more} others" if more > 0 else ""
        parts.append(f"{context.party(party)}{f' ({names})' if names else ''}")
    return "; ".join(parts)


def _proposals_sentence(context: NegotiationViewContext, given: tuple[Proposal, ...]) -> str:
    named = [d for d in given if d.source]
    if not named:
        return "The case names no package. These are the points that were found."
    return " ".join(f"{w.quoted(d.label)} {_verdict(context, d)}." for d in named)


def _verdict(context: NegotiationViewContext, d: Proposal) -> str:
    if d.accepted:
        return "would be signed by all"
    refusing = context.whom(*d.refused_by)
    if d.accepted_by_owners:
        return (
            f"would be carried out by {context.whom(*d.owners)}, though {refusing} would not sign"
        )
    return f"would be refused by {refusing}"


def pairs_table(context: NegotiationViewContext, deals: Deals) -> Table:
    """What two parties could agree on by their own measures alone."""
    rows: list[tuple[Cell, ...]] = []
    gains: list[float] = []
    for pair in deals.pairs:
        found = pair.packages
        nash = found.point("Nash") if found.points else None
        gains += [] if nash is None else [float(g) for g in nash.gain]
        rows.append(
            (
                context.parties(pair.parties),
                len(found.codes_k),
                None if nash is None else w.sentence(package(found, nash.code)),
                *(() if nash is None else (float(nash.gain[0]), float(nash.gain[1]))),
                *((None, None) if nash is None else ()),
                "yes" if pair.signing.direct else "no",
            )
        )
    best = max(range(len(rows)), key=lambda k: _sum(rows[k]), default=None)
    text = "No two parties could agree on anything by their own measures alone."
    if best is not None:
        who = context.whom(*deals.pairs[best].parties)
        text = (
            f"By their own measures alone {who} could agree on most: together they would "
            f"gain {w.money(_sum(rows[best]))} a year at their Nash point."
        )
    return Table(
        "negotiation-pairs",
        "What two parties alone could agree on",
        text,
        (
            Column("pair", "Pair"),
            Column("packages", "Packages both accept", "", "number"),
            Column("nash", "The Nash point among them"),
            welfare("first", "The first gains", MONEY, gains),
            welfare("second", "The second gains", MONEY, gains),
            Column("direct", "They talk directly"),
        ),
        tuple(rows),
        note="A member of a bloc that signs for itself is left out of the bloc's gain."
        if deals.inside
        else "",
    )


def _sum(row: tuple[Any, ...]) -> float:
    return sum(v for v in row[3:5] if isinstance(v, float))
