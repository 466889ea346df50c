"""What was designed: the rates, what they do, and the curve of harm against own cost."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from detente.study.assessment import Array
    from detente.study.designing.levers import Levers
    from detente.study.designing.optimality import Optimality
    from detente.study.ground import Ground


@dataclass(frozen=True, eq=False)
class Point:
    """The best rates at one weight of the sender's own loss; USD million a year.

    Attributes:
        own_weight: λ; infinity asks for the sender's own gain alone.
        harm: the target's loss from the rates, given what else is in force; 0 without a target.
        cost: the sender's loss; negative is a gain.
        others: loss of everybody else.
        mean_rate: of the rates, weighted by the base year's trade.
        rate: chosen, in the order of the levers, (L,).
        certificate: of the first-order conditions.
    """

    own_weight: float
    harm: float
    cost: float
    others: float
    mean_rate: float
    rate: Array = field(repr=False)
    certificate: Optimality

    def to_dict(self) -> dict[str, Any]:
        """The point as plain data, without the rates."""
        plain = {k: getattr(self, k) for k in ("harm", "cost", "others", "mean_rate")}
        weight = "inf" if math.isinf(self.own_weight) else self.own_weight
        return {"own_weight": weight} | plain | {"certificate": asdict(self.certificate)}


@dataclass(frozen=True, eq=False)
class Design:
    """The rates that serve an aim best, and what they do.

    Attributes:
        ground: where it was asked.
        target: as asked for; empty where only the sender's own gain counts.
        sender: as asked for.
        levers: what could be chosen.
        best: the point asked for.
        curve: points at other weights, from the one that asks for most harm on; may be empty.
        present: harm and cost of the sender's measures in force, which the rates replace; None
            where there are none.
        cut_short: whether it was cancelled before the curve was done.
    """

    ground: Ground
    target: str
    sender: str
    levers: Levers = field(repr=False)
    best: Point
    curve: tuple[Point, ...] = field(repr=False)
    present: tuple[float, float] | None
    cut_short: bool = False

    @property
    def sentences(self) -> list[str]:
        """The main answers in words."""
        p, whom = self.best, f"{self.target} " if self.target else ""
        gain = f"cost {p.cost:,.1f}" if p.cost > 0 else f"gain {-p.cost:,.1f}"
        out = []
        if self.target:
            out.append(
                f"The best rates at a weight of {p.own_weight:g} on its own loss cost "
                f"{whom}{p.harm:,.1f} USD million a year and {self.sender} would {gain}; everybody "
                f"else loses {p.others:,.1f} ({self.ground.sentence})."
            )
        else:
            out.append(
                f"With the rates that serve it best {self.sender} would {gain} USD million a year; "
                f"everybody else loses {p.others:,.1f} ({self.ground.sentence})."
            )
        out.append(p.certificate.sentence)
        if self.present is not None:
            out.append(
                f"The measures of {self.sender} in force cost {whom}{self.present[0]:,.1f} and "
                f"itself {self.present[1]:,.1f}; the rates stand in their place."
            )
        unsure = [q for q in self.curve if q.certificate.status != "converged"]
        if unsure:
            weights = ", ".join(f"{q.own_weight:g}" for q in unsure)
            out.append(f"On the curve the conditions hold only roughly at weights of {weights}.")
        if self.cut_short:
            out.append("Cancelled: the curve holds the points that were done.")
        return out

    def to_frame(self) -> pl.DataFrame:
        """One row a rate: instrument, partner, good, the rate (a fraction) and its bound."""
        import polars as pl

        kinds = [lever.kind for lever in self.levers.names]
        # The rate of a barrier is shown as the fraction of value that it costs.
        shown = [
            math.expm1(r) if k == "barrier" else r
            for k, r in zip(kinds, self.best.rate.tolist(), strict=True)
        ]
        caps = [
            math.expm1(r) if k == "barrier" else r
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
                {k: v for k, v in p.to_dict().items() if k not in ("certificate", "own_weight")}
                | {
                    "own_weight": p.own_weight,
                    "residual": p.certificate.residual,
                    "status": p.certificate.status,
                }
                for p in self.curve
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "ground": self.ground.sentence,
            "target": self.target,
            "sender": self.sender,
            "sentences": self.sentences,
            "best": self.best.to_dict(),
            "rates": self.to_frame().to_dicts(),
            "present": self.present,
            "curve": [p.to_dict() for p in self.curve],
        }
