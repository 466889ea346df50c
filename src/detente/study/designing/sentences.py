"""What a design says of itself in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.study.designing.levers import BANS

if TYPE_CHECKING:
    from detente.study.designing.designs import Design, Point


def sentences_of(found: Design) -> list[str]:
    """The main answers of a design: what the rates do, how sure that is, what they replace."""
    p = found.best
    own = f"{found.sender} would {_moved(p.cost, 'lose', 'gain')}"
    others = f"everybody else {_moved(p.others, 'loses', 'gains')}"
    if found.target:
        first = (
            f"The best {_what(found)} at a weight of {p.own_weight:g} on its own loss cost "
            f"{found.target} {p.harm:,.1f} USD million a year and {own}; {others} "
            f"({found.ground.sentence})."
        )
    else:
        first = (
            f"With the {_what(found)} that serve it best {own} USD million a year; {others} "
            f"({found.ground.sentence})."
        )
    out = [first]
    if p.bans is None or (~found.levers.are(*BANS)).any():
        out.append(p.certificate.sentence)
    return [*out, *_starts(p), *_bans(found), *_present(found), *_rest(found)]


def _what(found: Design) -> str:
    bans = found.levers.are(*BANS)
    if bans.all():
        return "bans"
    return "rates and bans" if bans.any() else "rates"


def _moved(loss: float, loses: str, gains: str) -> str:
    return f"{loses} {loss:,.1f}" if loss > 0 else f"{gains} {-loss:,.1f}"


def _starts(point: Point) -> list[str]:
    if point.starts < 2:
        return []
    if point.apart < 0.05:
        return [f"Searches from {point.starts} starts end at the same aim."]
    return [
        f"It is the best of searches from {point.starts} starts, of which the worst ends "
        f"{point.apart:,.1f} lower: barriers and bans have several local optima, and a better one "
        f"cannot be ruled out."
    ]


def _bans(found: Design) -> list[str]:
    bans = found.best.bans
    if bans is None:
        return []
    out = [f"Bans: {', '.join(found.banned)}." if found.banned else "No ban serves the aim."]
    checked = (
        "no single ban more or less does better"
        if bans.settled
        else "cancelled or not settled before every ban was tried from here"
    )
    said = f"Each was tried by an exact solution ({bans.tried} sets): {checked}"
    if math.isfinite(bans.gained) and found.banned:
        said += f"; they add {bans.gained:,.1f} to the aim over the best without a ban"
    out.append(f"{said}.")
    if bans.impossible:
        out.append(
            f"Without an equilibrium, hence left out: {', '.join(bans.impossible)}. A country "
            f"would lose its last supplier; give the bans a leakage, as 0.02, to have them."
        )
    return out


def _present(found: Design) -> list[str]:
    from detente.study.designing.designs import worth

    now, best = found.present, found.best
    if now is None:
        return []
    out = []
    if now.replaced:
        do = f"{now.harm:,.1f} and itself {now.cost:,.1f}" if found.target else f"{now.cost:,.1f}"
        whom = f"{found.target} " if found.target else "itself "
        out.append(
            f"The measures of {found.sender} in force whose place the {_what(found)} take "
            f"({', '.join(now.replaced)}) cost {whom}{do}."
        )
        theirs = worth(now.harm, now.cost, best.own_weight)
        aim = (
            "own gain"
            if math.isinf(best.own_weight)
            else f"harm less {best.own_weight:g} times the own loss"
        )
        compared = (
            f"By this aim ({aim}) they are worth {theirs:,.1f}, the {_what(found)} "
            f"{best.worth:,.1f}"
        )
        if theirs > best.worth:
            compared += (
                ": what is in force does better than anything these levers can do. Ask with more "
                "goods, higher bounds or other instruments, as ban"
            )
        out.append(f"{compared}.")
    if now.kept:
        out.append(
            f"Under the {_what(found)} stay {', '.join(now.kept)}, which act on ways of transport "
            f"or on others too, so that nothing here could take their place."
        )
    return out


def _rest(found: Design) -> list[str]:
    out = []
    unsure = [q for q in found.curve if q.certificate.status != "converged"]
    if unsure:
        weights = ", ".join(f"{q.own_weight:g}" for q in unsure)
        out.append(f"On the curve the conditions hold only roughly at weights of {weights}.")
    if found.cut_short:
        kept = "the curve holds the points that were done" if found.curve else "the best so far"
        out.append(f"Cancelled: {kept}.")
    return out
