"""Who can block: the votes at adopting, renewing and repealing, and how much power each has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.analysis import labels as w
from detente.report.table import Cell, Chart, Column, Table
from detente.report.views.negotiation_context import NegotiationViewContext, some

if TYPE_CHECKING:
    from detente.analysis.negotiation import MeasureVotes
    from detente.negotiation import MomentVote, MomentVotes, PowerIndices


_MOMENTS = {"adopt": "Adopting", "renew": "Renewing", "repeal": "Repealing"}
BASES = (("money", "money alone"), ("all", "money and analyst estimates"))


def by_basis(votes: MeasureVotes) -> tuple[MomentVotes, MomentVotes]:
    """The votes on one measure by money alone, and with what members value besides."""
    from detente.negotiation import who_can_block

    money = who_can_block(votes.votes.moments, votes.money, votes.label, tolerance=_TOLERANCE)
    return money, votes.votes


_TOLERANCE = 1e-6


def votes_table(context: NegotiationViewContext) -> Table:
    """Every vote on every measure: the rule, the outcome, and who is in the way."""
    rows: list[tuple[Cell, ...]] = []
    for v in context.negotiation.votes:
        money, whole = by_basis(v)
        for m, a in zip(money.votes, whole.votes, strict=True):
            rows.append(
                (
                    f"{v.label} ({context.party(v.owner)})",
                    _MOMENTS[m.moment],
                    _rule_name(m),
                    *_cells(context, m),
                    *_cells(context, a),
                )
            )
    return Table(
        "negotiation-votes",
        "Who can block each measure, at each moment",
        " ".join(_sentences(context)),
        (
            Column("measure", "Measure", group=True),
            Column("moment", "Moment"),
            Column("rule", "Rule"),
            Column("money_outcome", "By money alone it is then"),
            Column("money_blockers", "Who blocks"),
            Column("outcome", "With analyst estimates"),
            Column("blockers", "Who blocks"),
        ),
        tuple(rows),
        note="Each vote is by what the measure in force is worth to each member against not in "
        "force, all else as in the status quo. Under unanimous renewal any one member can end a "
        "measure, under unanimous repeal any one can keep it; the table names those who would.",
    )


def _rule_name(vote: MomentVote) -> str:
    if vote.together:
        return f"with all that one decision renews: {vote.together}"
    return vote.blocking.rule.name if vote.applies else "not needed"


def _cells(context: NegotiationViewContext, vote: MomentVote) -> tuple[Cell, ...]:
    if vote.together:
        return ("as decided for all", None)
    if not vote.applies:
        return ("in force", None)
    return ("in force" if vote.in_force else "not in force", _blockers(context, vote) or None)


def _blockers(context: NegotiationViewContext, vote: MomentVote, most: int = 6) -> str:
    b = vote.blocking
    if b.alone:
        alone = ", each alone" if len(b.alone) > 1 else ""
        return f"{some((context.party(m) for m in b.alone), most)}{alone}"
    if b.passes or not b.minimal_sets:
        return ""
    return f"together, such as {context.parties(b.minimal_sets[0])}"


def _sentences(context: NegotiationViewContext) -> list[str]:
    """Sentences on who could end a measure by the rules and by money, and who would keep it."""
    from detente.analysis.negotiation.explained_moves import record_words
    from detente.analysis.negotiation.stakes import lock_words

    sentences = []
    for v in context.negotiation.votes:
        money = by_basis(v)[0]
        if (
            v.together
            or not v.in_force
            or (len(v.members) < 3 and len(context.negotiation.votes) > 1)
        ):
            continue
        sentences.append(lock_words(v))
        recorded = [context.named(line) for line in record_words(context.negotiation, v)]
        sentences += recorded
        if recorded:
            continue
        ends, keeps = money.can_end_alone, money.repeal.blocking.alone
        if ends or keeps:
            keeping = context.whom(*keeps) if len(keeps) < 4 else f"{len(keeps)} members"
            ending = context.whom(*ends) if len(ends) < 4 else f"{len(ends)} members"
            sentences.append(
                f"By money alone {ending or 'nobody'} would end it and {keeping or 'nobody'} would "
                "keep it."
            )
    return sentences or ["None of the measures that are voted on is in force."]


def votes_chart(context: NegotiationViewContext, table: Table) -> Chart:
    """The votes as strips of members, by money alone or with estimates."""
    panels: dict[str, list[dict[str, Any]]] = {basis: [] for basis, _ in BASES}
    for v in sorted(context.negotiation.votes, key=_size):
        for (basis, _), votes in zip(BASES, by_basis(v), strict=True):
            panels[basis].append(_panel(context, v, votes))
    return Chart(
        "negotiation-votes",
        "votes",
        "Who stands where when a measure is adopted, renewed and repealed",
        "each box is a member; dark boxes can block alone",
        context.source,
        f"Strips of members by measure and moment. {table.sentence}",
        table.id,
        {
            "bases": [{"id": basis, "label": label} for basis, label in BASES],
            "panels": panels,
        },
    )


def _size(votes: MeasureVotes) -> tuple[int, bool]:
    """Large bodies first, and of these votes in which money is at stake."""
    return -len(votes.members), not any(abs(m) > _TOLERANCE for m in votes.money)


def _panel(
    context: NegotiationViewContext, votes: MeasureVotes, found: MomentVotes
) -> dict[str, Any]:
    return {
        "label": f"{votes.label} ({context.party(votes.owner)})",
        "note": "in force" if votes.in_force else "not in force",
        "members": [
            {
                "code": m if m == m.upper() and len(m) == 3 else context.party(m),
                "label": context.party(m),
            }
            for m in votes.members
        ],
        "moments": [
            {
                "label": _MOMENTS[v.moment],
                "outcome": _said(context, v),
                "votes": [_stance(v, m) for m in votes.members] if _told(v) else [],
            }
            for v in found.votes
        ],
    }


def _told(vote: MomentVote) -> bool:
    """Whether there is a vote in which somebody gains or loses."""
    return vote.applies and len(vote.blocking.indifferent) < len(vote.blocking.rule.members)


def _stance(vote: MomentVote, member: str) -> str:
    b = vote.blocking
    if member in b.alone:
        return "alone"
    if member in b.indifferent:
        return "even"
    return "no" if member in b.opponents else "yes"


def _said(context: NegotiationViewContext, vote: MomentVote) -> str:
    if vote.together:
        return "no vote of its own: one decision renews it with others, or all lapse"
    if not vote.applies:
        return "no vote: it stays in force until it is repealed"
    text = f"{vote.blocking.rule.name}; then {'in force' if vote.in_force else 'not in force'}"
    if len(vote.blocking.indifferent) == len(vote.blocking.rule.members):
        return f"{text}: nobody gains or loses by it"
    blockers = _blockers(context, vote)
    return f"{text}, blocked by {blockers}" if blockers else text


def power_table(context: NegotiationViewContext) -> Table:
    """Exact power indices of the members, by the rules that the measures have."""
    bodies = _bodies(context)
    members = list(dict.fromkeys(m for body in bodies.values() for m in body.members))
    columns: list[Column] = []
    cells: list[list[Cell]] = [[] for _ in members]
    for k, (name, found) in enumerate(bodies.items()):
        at = {m: i for i, m in enumerate(found.members)}
        for key, label, share in (
            ("banzhaf", "Banzhaf", found.banzhaf),
            ("shapley", "Shapley-Shubik", found.shapley),
            ("prevent", "power to prevent", found.prevent),
        ):
            columns.append(Column(f"{key}-{k}", f"{w.sentence(name)}: {label}", "%", "number", 2))
            for m, into in zip(members, cells, strict=True):
                into.append(100 * float(share[at[m]]) if m in at else None)
    rows = [(context.party(m), *into) for m, into in zip(members, cells, strict=True)]
    rows.sort(key=lambda row: -max(float(v) for v in row[1:] if isinstance(v, float)))
    return Table(
        "negotiation-power",
        "Power of members under each rule",
        " ".join(_power_sentence(context, name, p) for name, p in bodies.items()),
        (Column("member", "Member"), *columns),
        tuple(rows),
        note="Exact counts over all coalitions and orders, whatever members want. Power to "
        "prevent: the share of winning coalitions that need the member.",
        lead=8 if len({row[1:] for row in rows}) > 1 else 3,
    )


def _bodies(context: NegotiationViewContext) -> Mapping[str, PowerIndices]:
    """Different rules with more than one member, by name, each with the measures' moments."""
    found: dict[str, PowerIndices] = {}
    for v in context.negotiation.votes:
        for power in v.power.values():
            if len(power.members) > 2:
                found.setdefault(power.rule.name, power)
    return found


def _power_sentence(context: NegotiationViewContext, name: str, power: PowerIndices) -> str:
    top = power.most_decisive
    share = w.number(100 * float(power.banzhaf[power.members.index(top[0])]), 1)
    if len(top) == len(power.members):
        return (
            f"By {name} every member has the same power: {share} % of the decisive votes, and each "
            "can prevent a decision."
            if power.prevent[0] == 1
            else f"By {name} every member has the same power, {share} %."
        )
    if len(top) > 1:
        return (
            f"By {name} {some(map(context.party, top))} are most often decisive, equally: "
            f"{share} % "
            "of the decisive votes each (Banzhaf)."
        )
    return (
        f"By {name} {context.party(top[0])} is most often decisive, in {share} % of the decisive "
        "votes (Banzhaf)."
    )


def has_power(context: NegotiationViewContext) -> bool:
    """Whether any body has more than two members."""
    return bool(_bodies(context))
