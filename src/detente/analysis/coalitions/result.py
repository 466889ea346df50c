"""What is known of a coalition: its members' shares in the harm, in the cost, and their reasons."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente._shown import Framed, Small
from detente.analysis.document_head import UNIT
from detente.negotiation.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from detente.analysis.coalitions.game import Game
    from detente.analysis.coalitions.transfers import Sharing
    from detente.analysis.context import Context


@dataclass(frozen=True)
class Member:
    """One member of the coalition of all; losses are positive, USD million a year.

    Attributes:
        id: as asked for.
        label: for readers.
        countries: ISO3 codes.
        measures: ids of what it contributes; empty for an embargo of a bare world.
        alone: the target's loss when it acts alone.
        marginal: what the target's loss would fall by if it left.
        shapley: its contribution averaged over all orders of joining.
        shapley_error: standard error where orders were sampled, 0 where all were counted.
        loss_in: its own loss when all act.
        loss_out: its own loss when all others act and it does not.
        relative_loss: `loss_in` as a share of its real income where nobody acts.
        leaving: what it gains by leaving, in money alone; NaN where all others have no equilibrium.
        implied_rate: what one dollar of the target's loss must be worth to it, for staying to pay;
            0 where it stays for money, NaN where leaving does not change the target's loss.
        would_leave: whether it would, at the rate that was asked about.
        keeps: the transfer that keeps it at that rate; 0 where it stays.
        transfer: received under the transfers that equalise relative losses; negative is paid.
    """

    id: str
    label: str
    countries: tuple[str, ...]
    measures: tuple[str, ...]
    alone: float
    marginal: float
    shapley: float
    shapley_error: float
    loss_in: float
    loss_out: float
    relative_loss: float
    leaving: float
    implied_rate: float
    would_leave: bool
    keeps: float
    transfer: float

    @property
    def sentence(self) -> str:
        """Why it stays or leaves."""
        if math.isnan(self.leaving):
            return (
                f"What {self.label} would gain by leaving is not known: the coalition of all "
                "others was not solved."
            )
        if self.leaving <= 0:
            return (
                f"{self.label} stays for money alone: leaving would cost it {-self.leaving:,.0f}."
            )
        text = f"{self.label} would gain {self.leaving:,.0f} by leaving"
        if math.isfinite(self.implied_rate):
            text += (
                f"; it stays if a dollar of the target's loss is worth "
                f"{self.implied_rate:.2f} dollars to it"
            )
        if self.would_leave:
            text += f", or for a transfer of {self.keeps:,.0f}"
        return f"{text}."


@dataclass(frozen=True, eq=False, repr=False)
class Coalition(Framed):
    """Every coalition of some senders against a target.

    Attributes:
        context: where it was asked.
        target: as asked for.
        members: in the order asked for.
        goods: that a bare world's embargo covers; empty where measures of a case act.
        rate: what a dollar of the target's loss was taken to be worth to each member.
        loss: of the target when all act, against nobody acting.
        cost: of the members together.
        change: of the real income of every country of the coalition under the transfers, against
            nobody acting.
        game: every coalition that was solved.
        sharing: the transfers; None where cancelled before them, or where none were found.
        unshared: why there are none; empty where there are.
        equilibria: how many were solved.
        seconds: that it took.
    """

    context: Context
    target: str
    members: tuple[Member, ...]
    goods: tuple[str, ...]
    rate: float
    loss: float
    cost: float
    change: float
    game: Game = field(repr=False)
    sharing: Sharing | None = field(repr=False)
    unshared: str
    equilibria: int
    seconds: float

    def value(self, *members: str) -> float:
        """The target's loss to a coalition, by the ids of its members.

        Raises:
            QuestionError: a name that is no member, or a coalition that was not solved.
        """
        from detente.analysis.context import QuestionError

        names = [m.id for m in self.members]
        unknown = [m for m in members if m not in names]
        if unknown:
            raise QuestionError(
                f"{', '.join(unknown)} is no member of this coalition. It has {', '.join(names)}.",
                "Name members of it.",
            )
        number = sum(1 << names.index(m) for m in set(members))
        if number not in self.game.variation:
            raise QuestionError(
                "That coalition was not among those sampled or solved.",
                "Ask for fewer members or a larger budget, so that every coalition is solved.",
            )
        return self.game.loss(number, self.context.at(self.context.countries(self.target)))

    @property
    def stable(self) -> bool:
        """Whether no member would leave, at the rate."""
        return not any(m.would_leave for m in self.members)

    @property
    def affordable(self) -> bool:
        """Whether those who stay gain enough, at the rate, to pay what keeps the others."""
        known = [m for m in self.members if math.isfinite(m.keeps)]
        slack = sum(max(self.rate * m.marginal - m.leaving, 0.0) for m in known)
        return slack >= self._keeping

    @property
    def _keeping(self) -> float:
        """What keeps all who would leave, USD million a year."""
        return sum(m.keeps for m in self.members if m.would_leave)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The main answers in words."""
        return tuple(self._words())

    def _words(self) -> list[str]:
        names = ", ".join(m.label for m in self.members)
        many = len(self.members) > 1
        one = "" if many else "s"
        own = (
            f"gain{one} {-self.cost:,.0f}"
            if self.cost < 0
            else f"{'themselves' if many else 'itself'} {self.cost:,.0f}"
        )
        out = [
            f"{'Together ' if many else ''}{names} cost{one} {self.target} {self.loss:,.0f} USD "
            f"million a year and {own} ({self.context.sentence})."
        ]
        if self.game.complete:
            how = f"every one of the {self.equilibria} coalitions was solved"
        elif self.game.orders:
            how = (
                f"contributions are means over {len(self.game.orders)} orders of joining, with "
                f"their standard errors; {self.equilibria} coalitions were solved"
            )
        else:
            how = f"{self.equilibria} coalitions were solved, too few for Shapley's contributions"
        tail = "; cancelled before the rest" if self.game.cut_short else ""
        out.append(f"{how[0].upper()}{how[1:]} in {self.seconds:.1f} s{tail}.")
        if self.game.failed:
            number, why = next(iter(self.game.failed.items()))
            out.append(
                f"{len(self.game.failed)} coalitions have no value and are in no mean, first "
                f"{' + '.join(self._inside(number))}: {why}"
            )
        value = (
            "in money alone"
            if self.rate == 0
            else f"where a dollar of the target's loss is worth {self.rate:g} to each member"
        )
        if self.stable:
            known = all(math.isfinite(m.leaving) for m in self.members)
            out.append(f"No member{'' if known else ' of whom it is known'} would leave, {value}.")
        else:
            leaving = sum(m.would_leave for m in self.members)
            leavers = ", ".join(m.label for m in self.members if m.would_leave)
            whether = "nobody stays to pay for it"
            if not all(m.would_leave for m in self.members):
                whether = (
                    "those who stay could pay for it"
                    if self.affordable
                    else "those who stay do not gain enough to pay for it"
                )
            out.append(
                f"{leavers} would leave, {value}; {self._keeping:,.0f} a "
                f"year keeps {'it' if leaving == 1 else 'them'}, and {whether}."
            )
        out += [m.sentence for m in self.members]
        if self.sharing is not None:
            verb = "gains" if self.change > 0 else "loses"
            out.append(
                f"Under transfers of {sum(max(m.transfer, 0.0) for m in self.members):,.0f} in all "
                f"every country of the coalition {verb} the same {percent(abs(self.change), 3)} of "
                f"its real income."
            )
        elif self.unshared not in ("", "cancelled"):
            out.append(f"There are no transfers that equalise losses here: {self.unshared}")
        return out

    def _inside(self, number: int) -> list[str]:
        """The ids of a coalition's members."""
        return [m.id for k, m in enumerate(self.members) if number >> k & 1]

    def to_frame(self) -> pl.DataFrame:
        """One row a member."""
        import polars as pl

        return pl.DataFrame(
            [
                asdict(m) | {"countries": " ".join(m.countries), "measures": " ".join(m.measures)}
                for m in self.members
            ]
        )

    def values_frame(self) -> pl.DataFrame:
        """One row a coalition that was solved: its members, the target's loss, each member's."""
        import polars as pl

        return pl.DataFrame(
            [
                {"members": " ".join(inside), "size": len(inside), "target_loss": harm}
                | {f"loss_{member}": loss for member, loss in own.items()}
                for inside, harm, own in self._coalitions()
            ]
        )

    def _coalitions(self) -> list[tuple[list[str], float, dict[str, float]]]:
        """The members of each that was solved, the target's loss, and each member's."""
        hit = self.context.at(self.context.countries(self.target))
        at = {m.id: self.context.at(m.countries) for m in self.members}
        return [
            (
                self._inside(number),
                self.game.loss(number, hit),
                {member: self.game.loss(number, rows) for member, rows in at.items()},
            )
            for number in sorted(self.game.variation, key=lambda c: (c.bit_count(), c))
        ]

    def transfers_frame(self) -> pl.DataFrame:
        """One row a country of the coalition: the transfer that equalises relative losses."""
        import polars as pl

        if self.sharing is None:
            return pl.DataFrame()
        rows = [
            (m.id, c, float(self.sharing.amount_n[self.context.world.country(c)]))
            for m in self.members
            for c in m.countries
        ]
        return pl.DataFrame(rows, schema=["member", "country", "transfer"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; `docs/json.md` says what each key means."""
        return document(
            "coalition",
            self.context.head(self.sentences)
            | {
                "target": self.target,
                "goods": self.goods,
                "rate": self.rate,
                "harm": self.loss,
                "cost": self.cost,
                "relative_change": self.change,
                "stable": self.stable,
                "affordable": self.affordable,
                "exact": self.game.complete,
                "orders": len(self.game.orders),
                "equilibria": self.equilibria,
                "seconds": self.seconds,
                "cut_short": self.game.cut_short,
                "members": [asdict(m) | {"sentence": m.sentence} for m in self.members],
                "coalitions": [
                    {"members": inside, "harm": harm, "loss": own}
                    for inside, harm, own in self._coalitions()
                ],
                "transfers_by_country": self.transfers_frame().to_dicts(),
                "unsolved": [
                    {"members": self._inside(c), "why": why} for c, why in self.game.failed.items()
                ],
            },
        )

    def _lines(self) -> Sequence[str]:
        return self.sentences[:3]

    def _small(self) -> Small:
        rows = [[m.id, m.shapley, m.loss_in, m.leaving] for m in self.members[:8]]
        heads = ("", "harm (Shapley)", "own loss", "gain by leaving")
        return f"Shares in the harm to {self.target}, {UNIT}", heads, rows
