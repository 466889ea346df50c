"""Which rows the figures of an answer have: chosen once, at central values, for all draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.figures.commodities import (
    largest_changes,
    largest_suppliers,
    main_markets,
    pairs_of,
    sellers,
    visible_suppliers,
)
from detente.analysis.figures.partners import partners_of
from detente.analysis.figures.routes import earning_of
from detente.analysis.options import EVERYTHING, Option, burden_n, lifting_options
from detente.analysis.places import Place, collapse, country, parties_of, thirds_of
from detente.analysis.sides import Sides, sides_of

if TYPE_CHECKING:
    from detente.analysis.answer_data import AnswerData
    from detente.analysis.assessment import AssessmentData, MeasureEffect


@dataclass(frozen=True, eq=False)
class Selection:
    """Whom and what the figures of an answer are of.

    Attributes:
        parties: of the case, as far as the world holds them.
        places: the parties, and third countries that the regime or a change of it moves.
        markets: parties and other large markets of each commodity, by good.
        flows: those that change most, as positions of market and origin, by good.
        sellers: positions of those who sell a commodity, by good.
        suppliers: positions of those whom a market sees, by good and key of the market.
        largest: each market's largest supplier before and under, by good and key of the market.
        touched: whom a measure hits, whose it is and whom else it moves, with their roles, by id.
        concerned: whose measures an option lifts and whom they hit, with their roles, by id.
        earning: positions of countries with income from transit.
        partners: with whom the trade of those hit changes most, where no commodity is followed.
        sides: whom the measures in force hit, and who holds them; None where they hit nobody.
    """

    parties: tuple[Place, ...]
    places: tuple[Place, ...]
    markets: dict[str, tuple[Place, ...]] = field(repr=False)
    flows: dict[str, tuple[tuple[int, int], ...]] = field(repr=False)
    sellers: dict[str, tuple[int, ...]] = field(repr=False)
    suppliers: dict[str, dict[str, tuple[int, ...]]] = field(repr=False)
    largest: dict[str, dict[str, tuple[int, int]]] = field(repr=False)
    touched: dict[str, tuple[tuple[Place, str], ...]] = field(repr=False)
    concerned: dict[str, tuple[tuple[Place, str], ...]] = field(repr=False)
    earning: tuple[int, ...]
    sides: Sides | None
    partners: tuple[Place, ...] = ()


def selection_of(answer: AnswerData) -> Selection:
    """The rows of an answer's figures, chosen by its own numbers."""
    a = answer.assessment
    parties, options, pairs = parties_of(a), lifting_options(a), pairs_of(a)
    sides = sides_of(a)
    markets = {p.good: tuple(main_markets(a, p.before, parties)) for p in pairs}
    largest = {p.good: {m.key: largest_suppliers(p, m) for m in markets[p.good]} for p in pairs}
    return Selection(
        parties=tuple(parties),
        places=(*parties, *thirds_of(a, parties)),
        markets=markets,
        flows={p.good: tuple(largest_changes(p)) for p in pairs},
        sellers={p.good: tuple(sellers(p)) for p in pairs},
        suppliers={
            p.good: {m.key: tuple(visible_suppliers(p, options, m)) for m in markets[p.good]}
            for p in pairs
        },
        largest={
            good: {key: two for key, two in found.items() if two is not None}
            for good, found in largest.items()
        },
        touched={e.measure.id: tuple(_touched(a, e)) for e in a.effects if e.has_effect},
        concerned={o.id: tuple(_concerned(a, o)) for o in options},
        earning=tuple(earning_of(a)) if a.base.routes else (),
        sides=sides,
        partners=()
        if pairs or sides is None or answer.scenarios is None
        else partners_of(answer, parties, sides),
    )


def _touched(a: AssessmentData, e: MeasureEffect, most: int = 3) -> list[tuple[Place, str]]:
    """A measure's targets, authors and the third countries that it moves most."""
    authors, targets = collapse(a, e.authors), collapse(a, e.targets)
    named = {p.key: p for p in [*targets, *authors]}
    taken = {k for p in named.values() for k in p.members}
    size = np.maximum(np.abs(burden_n(e)), np.abs(e.alone_n))
    floor = max(0.05 * float(size.max()), 0.5)
    thirds = [int(k) for k in np.argsort(-size, kind="stable") if int(k) not in taken]
    for k in [k for k in thirds if size[k] >= floor][:most]:
        place = country(a, k)
        named.setdefault(place.key, place)
    return [(p, _role(p, authors, targets)) for p in named.values()]


def _role(place: Place, authors: list[Place], targets: list[Place]) -> str:
    if place in targets:
        return "target"
    return "author" if place in authors else "third country"


def _concerned(a: AssessmentData, option: Option) -> list[tuple[Place, str]]:
    """Whose the measures of an option are, and whom they hit."""
    effects = [e for e in a.effects if e.in_force and e.has_effect and _part(option, e)]
    authors = collapse(a, tuple(dict.fromkeys(c for e in effects for c in e.authors)))
    targets = collapse(a, tuple(dict.fromkeys(c for e in effects for c in e.targets)))
    both = {p.key for p in authors} & {p.key for p in targets}
    named = [(p, "author and target" if p.key in both else "author") for p in authors]
    return named + [(p, "target") for p in targets if p.key not in both]


def _part(option: Option, effect: MeasureEffect) -> bool:
    return option.id == EVERYTHING or effect.measure.id not in option.snapshot.measures
