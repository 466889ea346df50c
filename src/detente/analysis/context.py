"""Where a question is asked: a case on a day or a bare base year, with names read as countries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Transfers
from detente.analysis.departure import AS_FILED, Departure, departure_of
from detente.analysis.document_head import data_entry, head
from detente.analysis.scenarios import Scenarios
from detente.cases.resolve import find_world, shock_of, world_of
from detente.errors import DetenteError
from detente.negotiation.words import plural
from detente.trade import Shock, horizon_named, solve, solve_many
from detente.world.names import good_name, lower_first

if TYPE_CHECKING:
    from detente._types import Array
    from detente.cases import Case
    from detente.trade import Equilibrium, Horizon
    from detente.world import World


def good_label(case: Case | None, good: str) -> str:
    """What readers call a good of a case's world, inside a sentence."""
    labels = {c.name: lower_first(c.label) for c in case.commodities} if case is not None else {}
    return labels.get(good) or good_name(good)


class QuestionError(DetenteError, ValueError):
    """A question that makes no sense here: what is wrong with it and what to ask instead."""


@dataclass(frozen=True, eq=False)
class Context:
    """An economy and what is in force in it.

    Attributes:
        name: of the case or the world.
        world: the base year.
        span: how far the economy adjusts.
        transfers: how trade deficits behave.
        tolerance: of every certificate.
        date: whose group members are meant; None for today's on file.
        case: whose measures are in force; None for a bare world.
        in_force: ids of those measures.
    """

    name: str
    world: World = field(repr=False)
    span: Horizon
    transfers: Transfers
    tolerance: float
    date: dt.date | None = None
    case: Case | None = field(default=None, repr=False)
    in_force: tuple[str, ...] = ()

    @property
    def departure(self) -> Departure:
        """How the state differs from the case; a bare world has none to differ from."""
        if self.case is None:
            return AS_FILED
        return departure_of(self.case, self.date, self.span.name, self.transfers)

    def head(self, sentences: Sequence[str], draws: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the document of an answer begins with; see `document_head.head`."""
        found = head(
            None if self.case is None else self.case.name,
            self.departure,
            data=data_entry(self.case, self.world),
            date=None if self.case is None else self.date,
            horizon=self.span.name,
            transfers=self.transfers,
            draws=draws,
            sentences=sentences,
        )
        return found | {
            "world": self.world.name,
            "digest": self.world.digest,
            "subject": self.sentence,
        }

    def shock(self, measures: Iterable[str] | None = None) -> Shock:
        """What measures of the case set; those in force if None."""
        if self.case is None or self.date is None:
            return Shock()
        wanted = self.in_force if measures is None else measures
        found = [self.case.measure(m) for m in wanted]
        return shock_of(self.case, found, self.world, self.date)

    def solve(self, shock: Shock, start: Equilibrium | None = None) -> Equilibrium:
        """The equilibrium of a shock at this horizon; see `detente.trade.solve`."""
        return solve(self.world, shock, self.span, self.transfers, self.tolerance, start=start)

    def solve_many(self, shocks: Sequence[Shock]) -> list[Equilibrium]:
        """The equilibria of many shocks; see `detente.trade.solve_many`."""
        return solve_many(self.world, shocks, self.span, self.transfers, self.tolerance)

    def scenarios(self) -> Scenarios | None:
        """Solver of sets of the case's measures here; None for a bare world."""
        if self.case is None:
            return None
        return Scenarios(
            self.case,
            date=self.date,
            horizon=self.span.name,
            transfers=self.transfers,
            tolerance=self.tolerance,
            world=self.world,
            spans={self.span.name: self.span},
        )

    def countries(self, labels: str | Iterable[str]) -> tuple[str, ...]:
        """Countries that parties of the case, ISO3 codes, groups or `*` stand for.

        Raises:
            UnknownLabel: a name that is none of them, with near ones.
        """
        from detente.world import expand
        from detente.world.groups import parted

        listed = (labels,) if isinstance(labels, str) else tuple(labels)
        found: set[str] = set()
        for label in listed:
            included, excluded = map(self._spread, parted(label))
            without = expand(excluded, self.world, self.date) if excluded else ()
            found |= set(expand(included, self.world, self.date)) - set(without)
        return tuple(c for c in self.world.countries if c in found)

    def _spread(self, labels: Iterable[str]) -> tuple[str, ...]:
        """Labels with parties of the case, by id or name, replaced by their members."""
        parties = {p.id: p.members for p in self.case.parties} if self.case else {}
        named = {p.name.casefold(): p.members for p in self.case.parties} if self.case else {}
        known = {*self.world.countries, "*"}
        return tuple(
            c
            for label in labels
            for c in parties.get(
                label, (label,) if label in known else named.get(label.casefold(), (label,))
            )
        )

    def pair(self, target: str, sender: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The countries of a target and of a sender, which have none in common.

        `*` as sender is everyone but the target.

        Raises:
            QuestionError: a country on both sides.
            UnknownLabel: a name that nobody has.
        """
        hit, by = self.countries(target), self.countries(sender)
        if sender == "*":
            by = tuple(c for c in by if c not in hit)
        both = [c for c in by if c in hit]
        if both:
            raise QuestionError(
                f"{', '.join(both)} would be both target and sender ({target}, {sender}).",
                "Name a target outside the sender.",
            )
        return hit, by

    def goods(self, labels: Iterable[str] | None, exempt: Iterable[str] = ()) -> tuple[str, ...]:
        """Goods by name in the world's order, `*` or None being all, without those exempt.

        Raises:
            QuestionError: none is left.
            UnknownLabel: a good that the world does not have.
        """
        wanted = ("*",) if labels is None else tuple(labels)
        keep = set(self.world.goods if "*" in wanted else wanted)
        out = {self.world.goods[self.world.good(g)] for g in exempt}
        unknown = [self.world.good(g) for g in keep]
        if not set(unknown) - {self.world.good(g) for g in out}:
            raise QuestionError(
                "The set of goods is empty.",
                f"Name one or more of {', '.join(self.world.goods)}, or exempt fewer.",
            )
        return tuple(g for g in self.world.goods if g in keep and g not in out)

    def at(self, countries: Iterable[str]) -> list[int]:
        """Positions of countries in the world."""
        return [self.world.country(c) for c in countries]

    def label(self, name: str) -> str:
        """What readers call a party, group or country."""
        if self.case is not None:
            for party in self.case.parties:
                if party.id == name:
                    return party.name
        return name

    def good_label(self, good: str) -> str:
        """What readers call a good, inside a sentence."""
        return good_label(self.case, good)

    def sum_over(self, variation_n: Array, countries: Iterable[str]) -> float:
        """The sum of a variation over countries, USD million a year."""
        return float(np.asarray(variation_n)[self.at(countries)].sum())

    @property
    def sentence(self) -> str:
        """Where the question is asked."""
        force = (
            f"{plural(len(self.in_force), 'measure')} in force on {self.date}"
            if self.case is not None
            else "no measures"
        )
        return f"{self.name}, {self.span.name} run, {force}"


def context_of(
    where: str | Case | World | Context,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    tolerance: float = 1e-9,
) -> Context:
    """The context of a case on a day, or of a world without measures.

    Args:
        where: a case or its name or path, or a world or its name; a context passes through.
        date: whose regime is meant; the case's own if None.
        horizon: `short`, `medium` or `long`; the case's own, `long` for a world, if None.
        transfers: how trade deficits behave; the case's own, `fixed` for a world, if None.
        tolerance: of every certificate.

    Returns:
        Context: what questions are asked of.

    Raises:
        CaseError: faults of the case file.
        WorldError: there is neither a case nor a world of that name.
        QuestionError: a case without an economy.
    """
    from detente.cases import Case, is_case, load_case
    from detente.world import World

    if isinstance(where, Context):
        return where
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    if isinstance(where, str) and is_case(where):
        where = load_case(where)
    if isinstance(where, Case):
        if not where.has_trade:
            raise QuestionError(
                f"No measure of the case {where.name} sets anything in an economy.",
                "Ask of a case that has trade, as belarus, or of a world, as oecd-2020.",
            )
        on = day or where.date
        return Context(
            where.name,
            world_of(where),
            horizon_named(horizon or where.horizon),
            transfers or where.transfers,
            tolerance,
            on,
            where,
            tuple(m.id for m in where.regime(on)),
        )
    world = where if isinstance(where, World) else find_world(where)
    return Context(
        world.name or "world",
        world,
        horizon_named(horizon or "long"),
        transfers or "fixed",
        tolerance,
        day,
    )


def context_of_scenarios(scenarios: Scenarios) -> Context:
    """The context that scenarios solve, as in one draw of an ensemble."""
    case = scenarios.case
    return Context(
        case.name,
        scenarios.world,
        scenarios.span,
        scenarios.transfers,
        scenarios.tolerance,
        scenarios.date,
        case,
        tuple(m.id for m in case.regime(scenarios.date)),
    )
