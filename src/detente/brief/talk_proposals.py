"""Named packages, and what two parties alone could agree on: who gains, and who would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.brief import wording as w
from detente.brief.table import Cell, Column, Table, welfare
from detente.brief.talk_deals import package, with_caveat
from detente.brief.talk_scene import MONEY, TalkScene

if TYPE_CHECKING:
    from detente.study.talking.deals import Deals, Proposal


def proposals_table(scene: TalkScene, deals: Deals) -> Table:
    """Named packages: what each would do for every signatory, and who would refuse."""
    given = deals.proposals
    parties = list(dict.fromkeys(p for d in given for p in d.parties))
    every = [g for d in given for g in d.gain]
    rows: list[tuple[Cell, ...]] = [
        (
            d.label,
            w.sentence(_change(scene, d)),
            *(d.gain[d.parties.index(p)] if p in d.parties else None for p in parties),
            "yes" if d.accepted_by_owners else "no",
            _refusal(scene, d) or None,
        )
        for d in given
    ]
    return Table(
        "talks-proposals",
        "Named packages: who gains and who would refuse",
        _proposals_sentence(scene, given),
        (
            Column("package", "Package"),
            Column("change", "What changes"),
            *(welfare(f"gain-{p}", f"{scene.together(p)} gains", MONEY, every) for p in parties),
            Column("owners", "Accepted by those whose measures change"),
            Column("refused", "Refused by"),
        ),
        tuple(rows),
        note=with_caveat(scene)
        + "Packages that the case names with their source, then the points that were found. "
        "Members of a bloc and ratifiers who would refuse stand in brackets. The gain of a bloc is "
        "the sum over all its members.",
    )


def _change(scene: TalkScene, proposal: Proposal) -> str:
    return scene.change(scene.talks.conflict.status_quo, proposal.code)


def _refusal(scene: TalkScene, proposal: Proposal) -> str:
    inside = dict(proposal.blockers)
    parts = []
    for party in dict.fromkeys([*proposal.refused_by, *inside]):
        names = w.listing(scene.party(m) for m in inside.get(party, ())[:6])
        more = len(inside.get(party, ())) - 6
        names += f" and {more} others" if more > 0 else ""
        parts.append(f"{scene.party(party)}{f' ({names})' if names else ''}")
    return "; ".join(parts)


def _proposals_sentence(scene: TalkScene, given: tuple[Proposal, ...]) -> str:
    named = [d for d in given if d.source]
    if not named:
        return "The case names no package; these are the points that were found."
    parts = [f"{w.quoted(d.label)} {_verdict(scene, d)}" for d in named]
    return w.sentence("; ".join(parts)) + "."


def _verdict(scene: TalkScene, d: Proposal) -> str:
    if d.accepted:
        return "would be signed by all"
    refusing = scene.whom(*d.refused_by)
    if d.accepted_by_owners:
        return f"would be carried out by {scene.whom(*d.owners)}, though {refusing} would not sign"
    return f"would be refused by {refusing}"


def pairs_table(scene: TalkScene, deals: Deals) -> Table:
    """What two parties could agree on by their own measures alone."""
    rows: list[tuple[Cell, ...]] = []
    gains: list[float] = []
    for pair in deals.pairs:
        found = pair.packages
        nash = found.point("Nash") if found.points else None
        gains += [] if nash is None else [float(g) for g in nash.gain]
        rows.append(
            (
                scene.parties(pair.parties),
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
        who = scene.whom(*deals.pairs[best].parties)
        text = (
            f"By their own measures alone {who} could agree on most: together they would "
            f"gain {w.money(_sum(rows[best]))} a year at their Nash point."
        )
    return Table(
        "talks-pairs",
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
