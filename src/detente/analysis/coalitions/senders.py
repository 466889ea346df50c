"""Who may join, and what each contributes: its measures of a case, or an embargo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.analysis.context import Context, QuestionError
from detente.cases.resolve import targets_of
from detente.trade import InfeasibleShock, Shock, ShockError, embargo
from detente.world.groups import EVERYONE

if TYPE_CHECKING:
    from detente._types import Array


@dataclass(frozen=True, eq=False)
class Senders:
    """Those who may act against a target, as the game knows them.

    Attributes:
        context: where.
        target: ISO3 codes.
        ids: of the members.
        countries: ISO3 codes of each.
        measures: ids of the measures of each; empty for an embargo.
        others: measures in force that stay whoever acts.
        goods: of an embargo; empty where measures act.
        leakage: of an embargo.
    """

    context: Context
    target: tuple[str, ...]
    ids: tuple[str, ...]
    countries: tuple[tuple[str, ...], ...]
    measures: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]
    goods: tuple[str, ...]
    leakage: float

    def shock(self, coalition: int) -> Shock:
        """What a coalition sets, on top of what stays."""
        acting = [m for m in range(len(self.ids)) if coalition >> m & 1]
        if not self.goods:
            wanted = {*self.others, *(x for m in acting for x in self.measures[m])}
            return self.context.shock(x for x in self.context.in_force if x in wanted)
        out = self.context.shock(self.others)
        by = [c for m in acting for c in self.countries[m]]
        if by:
            out += embargo(self.target, by, self.goods, leakage=self.leakage)
            out += embargo(by, self.target, self.goods, leakage=self.leakage)
        return out

    def variations(self, coalitions: Sequence[int]) -> list[Array]:
        """The equivalent variation of every country under each coalition, (N,) each."""
        try:
            found = self.context.solve_many([self.shock(c) for c in coalitions])
        except InfeasibleShock as error:
            raise InfeasibleShock(
                f"A coalition of these members has no equilibrium. {error}",
                error.cells,
                (f"Give the embargo a leakage, or name fewer goods or members than {self.ids}.",),
            ) from error
        return [e.equivalent_variation.values for e in found]


def senders_of(
    context: Context,
    target: str,
    members: Sequence[str] | None,
    goods: Sequence[str] | None,
    leakage: float,
) -> Senders:
    """The members of a question, checked.

    Raises:
        QuestionError: a target inside the coalition, overlapping members, nobody, no goods.
        UnknownLabel: a name that is no country, group or party.
        ShockError: a leakage outside 0 to 1.
    """
    if not 0 <= leakage <= 1:
        raise ShockError(
            f"The leakage of an embargo is a share between 0 and 1, not {leakage!r}.",
            "Give 0 for none, or the share of the base flow that gets through.",
        )
    hit = context.countries(target)
    by_case = context.case is not None and goods is None
    covered = () if by_case else context.goods(goods)
    ids = tuple(dict.fromkeys(_owners(context, hit) if members is None else members))
    if len(ids) < 1:
        raise QuestionError(
            f"Nobody acts against {target} in {context.name}.", "Name the members of the coalition."
        )
    if EVERYONE in ids:
        raise QuestionError(
            f"'*' is everybody, the target {target} among them.",
            "Name the members of the coalition, as EU,USA,GBR.",
        )
    countries = tuple(context.countries(m) for m in ids)
    _apart(target, hit, ids, countries)
    owned = tuple(_measures(context, c) if by_case else () for c in countries)
    idle = [m for m, own in zip(ids, owned, strict=True) if by_case and not own]
    if idle:
        raise QuestionError(
            f"{', '.join(idle)} has no measure in force on {context.date} in the case "
            f"{context.name}.",
            "Leave it out, choose another date, or name goods to embargo.",
        )
    mine = {x for own in owned for x in own}
    others = tuple(x for x in context.in_force if x not in mine)
    return Senders(context, hit, ids, countries, owned, others, covered, leakage)


def _apart(
    target: str, hit: Sequence[str], ids: Sequence[str], countries: Sequence[Sequence[str]]
) -> None:
    """Refuse a target that is a member, and a country that two members speak for."""
    seen: dict[str, str] = {}
    for name, codes in zip(ids, countries, strict=True):
        both = [c for c in codes if c in hit]
        if both:
            raise QuestionError(
                f"The target {target} is inside the coalition: {', '.join(both)} belongs to the "
                f"member {name}.",
                "Name members without it.",
            )
        for code in codes:
            if code in seen:
                raise QuestionError(
                    f"{code} belongs to two members, {seen[code]} and {name}. Each country can act "
                    f"in one member only.",
                    f"Leave {code} out of one of them.",
                )
            seen[code] = name


def _measures(context: Context, countries: Sequence[str]) -> tuple[str, ...]:
    """Measures in force whose authors are all among some countries."""
    case = context.case
    if case is None:
        return ()
    return tuple(
        m
        for m in context.in_force
        if set(case.members(case.measure(m).owner, context.world, context.date)) <= set(countries)
    )


def _owners(context: Context, hit: Sequence[str]) -> tuple[str, ...]:
    """Parties with a measure in force that hits a target, but for those inside another of them."""
    case = context.case
    if case is None or context.date is None:
        raise QuestionError(
            "A bare world has no senders of its own.",
            "Name the members of the coalition, as --members EU,USA,GBR.",
        )
    out: dict[str, frozenset[str]] = {}
    for name in context.in_force:
        measure = case.measure(name)
        authors = case.members(measure.owner, context.world, context.date)
        if set(targets_of(case, measure, authors, context.world, context.date)) & set(hit):
            out[measure.owner] = frozenset(authors)
    # A member state's measures are among those of its union.
    return tuple(p for p, own in out.items() if not any(own < other for other in out.values()))
