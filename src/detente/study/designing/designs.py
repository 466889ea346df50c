"""What was designed: the rates, what they do, and the curve of harm against own cost."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from detente.study.designing.levers import BANS, BARRIERS
from detente.study.designing.sentences import sentences_of

if TYPE_CHECKING:
    import polars as pl

    from detente.study.assessment import Array
    from detente.study.designing.choosing import BanCheck
    from detente.study.designing.levers import Levers
    from detente.study.designing.optimality import Optimality
    from detente.study.ground import Ground


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
        """Of the rates by their aim: the harm less the weight times the own cost."""
        return worth(self.harm, self.cost, self.own_weight)

    def to_dict(self) -> dict[str, Any]:
        """The point as plain data, without the rates."""
        kept = ("harm", "cost", "others", "worth", "mean_rate", "starts", "apart")
        weight = "inf" if math.isinf(self.own_weight) else self.own_weight
        return (
            {"own_weight": weight}
            | {k: getattr(self, k) for k in kept}
            | {"certificate": asdict(self.certificate)}
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
        kept: ids of those that stay, as they act on ways or on others too.
        harm: the target's loss from those that are replaced, the rest standing.
        cost: the sender's.
    """

    replaced: tuple[str, ...]
    kept: tuple[str, ...]
    harm: float
    cost: float


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
        present: the sender's measures in force and what those that the rates replace do; None
            where there are none.
        cut_short: whether it was cancelled before all was done.
    """

    ground: Ground
    target: str
    sender: str
    levers: Levers = field(repr=False)
    best: Point
    curve: tuple[Point, ...] = field(repr=False)
    present: Present | None
    cut_short: bool = False

    @property
    def sentences(self) -> list[str]:
        """The main answers in words."""
        return sentences_of(self)

    @property
    def banned(self) -> tuple[str, ...]:
        """The bans chosen, as `import_ban POTASH`."""
        return tuple(
            f"{lever.kind} {lever.good}" + (f" ({lever.partner})" if self._many else "")
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
                    if k not in ("certificate", "own_weight", "bans")
                }
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
            "present": None if self.present is None else self._present(self.present),
            "banned": self.banned,
            "cut_short": self.cut_short,
            "curve": [p.to_dict() for p in self.curve],
        }

    def _present(self, present: Present) -> dict[str, Any]:
        weight = self.best.own_weight
        return asdict(present) | {"worth": worth(present.harm, present.cost, weight)}
