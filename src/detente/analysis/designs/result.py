"""A design: the chosen rates, what they do, and the curve of harm against own cost.

`Design` is the result, with each `Point` of the curve and, as `Present`, the sender's measures in
force. `sentences_of` says in words what was chosen, from how many starts, and which bans were
tried.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._shown import Framed, Small
from detente.analysis.designs.levers import BANS, BARRIERS
from detente.analysis.sensitivities.instruments import moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from detente._types import Array
    from detente.analysis.context import Context
    from detente.analysis.designs.first_order_conditions import Optimality
    from detente.analysis.designs.levers import Levers
    from detente.analysis.designs.optimise import BanCheck


def sentences_of(found: Design) -> list[str]:
    """The main answers of a design: what the rates do, how sure that is, what they replace."""
    p = found.best
    own = f"{found.sender} would {_moved(p.cost, 'lose', 'gain')}"
    others = f"Everybody else {_moved(p.others, 'loses', 'gains')}"
    if found.target:
        first = (
            f"The best {_what(found)} at a weight of {p.own_weight:g} on its own loss cost "
            f"{found.target} {p.harm:,.1f} USD million a year and {own}. {others} "
            f"({found.context.sentence})."
        )
    else:
        first = (
            f"With the {_what(found)} that serve it best {own} USD million a year. {others} "
            f"({found.context.sentence})."
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
    return f"{loses if loss > 0 else gains} {abs(loss):,.1f}"


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
    out = [
        f"Bans: {'; '.join(found.banned_in_words)}." if found.banned else "No ban serves the aim."
    ]
    checked = (
        "no single ban more or less does better"
        if bans.settled
        else "cancelled or not settled before every ban was tried from here"
    )
    text = f"Each was tried by an exact solution ({bans.tried} sets): {checked}"
    if math.isfinite(bans.gained) and found.banned:
        text += f"; they add {bans.gained:,.1f} to the aim over the best without a ban"
    out.append(f"{text}.")
    if bans.impossible:
        out.append(
            f"Without an equilibrium, hence left out: {'; '.join(bans.impossible)}. A country "
            f"would lose its last supplier; give the bans a leakage, as 0.02, to have them."
        )
    return out


def _present(found: Design) -> list[str]:

    now, best = found.present, found.best
    if now is None:
        return []
    out = []
    if now.replaced:
        both = [(found.target, now.harm, f"{abs(now.harm):,.1f}")] if found.target else []
        both.append(("itself", now.cost, f"{abs(now.cost):,.1f}"))
        does = moves("cost", "give", both)
        out.append(
            f"The measures of {found.sender} in force whose place the {_what(found)} take "
            f"({', '.join(now.replaced)}) {does}."
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
            f"Under the {_what(found)} stay {', '.join(now.kept)}, which act on routes "
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


@dataclass(frozen=True, eq=False)
class Point:
    """The best rates and bans at one weight of the sender's own loss; USD million a year.

    Attributes:
        own_weight: λ; infinity asks for the sender's own gain alone.
        harm: the target's loss from the rates, given what else is in force; 0 without a target.
        cost: the sender's loss; negative is a gain.
        others: loss of everybody else.
        mean_rate: of the rates, weighted by the base year's trade.
        rate: chosen, in the order of the levers, (L,).
        certificate: of the first-order conditions of the rates.
        bans: how the bans were found; None where none could be set.
        value: of the aim against the base year.
        starts: searches that it is the best of.
        apart: how much lower the aim is where the worst of them ended.
    """

    own_weight: float
    harm: float
    cost: float
    others: float
    mean_rate: float
    rate: Array = field(repr=False)
    certificate: Optimality
    bans: BanCheck | None
    value: float = field(repr=False)
    starts: int = 1
    apart: float = 0.0

    @property
    def worth(self) -> float:
        """The worth of the rates by their aim: the harm less the weight times the own cost."""
        return worth(self.harm, self.cost, self.own_weight)

    def to_dict(self) -> dict[str, Any]:
        """The point as plain data, without the rates; no weight asks for the own gain alone."""
        kept = ("harm", "cost", "worth", "mean_rate", "starts", "apart")
        return (
            {"own_weight": self.own_weight if math.isfinite(self.own_weight) else None}
            | {k: getattr(self, k) for k in kept}
            | {"cost_to_others": self.others}
            | {"certificate": self.certificate.to_dict()}
            | {"bans": None if self.bans is None else asdict(self.bans)}
        )


def worth(harm: float, cost: float, own_weight: float) -> float:
    """A harm less the weight times the own cost; at infinity the own gain alone."""
    return -cost if math.isinf(own_weight) else harm - own_weight * cost


@dataclass(frozen=True)
class Present:
    """The sender's own measures in force; USD million a year.

    Attributes:
        replaced: ids of those that the rates stand in the place of.
        kept: ids of those that stay, as they act on routes or on others too.
        harm: the target's loss from those that are replaced, the rest standing.
        cost: the sender's.
    """

    replaced: tuple[str, ...]
    kept: tuple[str, ...]
    harm: float
    cost: float


@dataclass(frozen=True, eq=False, repr=False)
class Design(Framed):
    """The rates that serve an aim best, and what they do.

    Attributes:
        context: where it was asked.
        target: as asked for; empty where only the sender's own gain counts.
        sender: as asked for.
        levers: what could be chosen.
        best: the point asked for.
        curve: points at other weights, from the one that asks for most harm on; may be empty.
        present: the sender's measures in force and what those that the rates replace do; None
            where there are none.
        cut_short: whether it was cancelled before all was done.
    """

    context: Context
    target: str
    sender: str
    levers: Levers = field(repr=False)
    best: Point
    curve: tuple[Point, ...] = field(repr=False)
    present: Present | None
    cut_short: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """The main answers in words."""
        return tuple(sentences_of(self))

    @property
    def banned(self) -> tuple[str, ...]:
        """The bans chosen, as `import_ban POTASH`."""
        return tuple(
            f"{lever.kind} {lever.good}" + (f" ({lever.partner})" if self._many else "")
            for lever, rate in zip(self.levers.names, self.best.rate, strict=True)
            if lever.kind in BANS and rate > 0
        )

    @property
    def banned_in_words(self) -> tuple[str, ...]:
        """The bans in words for readers: 'import ban on potash'."""
        return tuple(
            lever.words(self.context) + (f" ({lever.partner})" if self._many else "")
            for lever, rate in zip(self.levers.names, self.best.rate, strict=True)
            if lever.kind in BANS and rate > 0
        )

    @property
    def _many(self) -> bool:
        return len({lever.partner for lever in self.levers.names}) > 1

    def to_frame(self) -> pl.DataFrame:
        """One row a lever: instrument, partner, good, the rate (a fraction) and its bound.

        A ban has the rate 1 where it is set.
        """
        import polars as pl

        kinds = [lever.kind for lever in self.levers.names]
        # The rate of a barrier is shown as the fraction of value that it costs.
        shown = [
            math.expm1(r) if k in BARRIERS else r
            for k, r in zip(kinds, self.best.rate.tolist(), strict=True)
        ]
        caps = [
            math.expm1(r) if k in BARRIERS else r
            for k, r in zip(kinds, self.levers.highest.tolist(), strict=True)
        ]
        return pl.DataFrame(
            {
                "instrument": kinds,
                "partner": [lever.partner for lever in self.levers.names],
                "good": [lever.good for lever in self.levers.names],
                "rate": shown,
                "highest": caps,
                "base_trade": self.levers.size.tolist(),
            }
        )

    def curve_frame(self) -> pl.DataFrame:
        """One row a point of the curve."""
        import polars as pl

        return pl.DataFrame(
            [
                {
                    k: v
                    for k, v in p.to_dict().items()
                    if k not in ("certificate", "own_weight", "bans", "cost_to_others")
                }
                | {
                    "own_weight": p.own_weight,
                    "others": p.others,
                    "residual": p.certificate.residual,
                    "status": p.certificate.status,
                }
                for p in self.curve
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        return document(
            "design",
            self.context.head(self.sentences)
            | {
                "target": self.target or None,
                "sender": self.sender,
                "best": self.best.to_dict(),
                "rates": self.to_frame().to_dicts(),
                "present": None if self.present is None else self._present(self.present),
                "banned": self.banned,
                "cut_short": self.cut_short,
                "curve": [p.to_dict() for p in self.curve],
            },
        )

    def _present(self, present: Present) -> dict[str, Any]:
        weight = self.best.own_weight
        return asdict(present) | {"worth": worth(present.harm, present.cost, weight)}

    def _lines(self) -> Sequence[str]:
        return self.sentences[:4]

    def _small(self) -> Small:
        largest = self.to_frame().sort("base_trade", descending=True).head(7)
        rows = [
            [f"{r['instrument']} {r['good']} ({r['partner']})", r["rate"], r["highest"]]
            for r in largest.to_dicts()
        ]
        return "Rates on the largest flows, fractions", ("", "rate", "highest"), rows
