"""Documents of sanctions: sensitivity, coalition, design and tariff war."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from detente.documents.base import (
    Country,
    Fraction,
    High,
    Low,
    MeasureId,
    Money,
    OfCase,
    Optimality,
    Part,
    PartyId,
)

Who: TypeAlias = Annotated[
    str, Field(description="As asked for: a country, a group or a party of the case.")
]
Verdict: TypeAlias = Literal[
    "costs both", "pays the sender", "helps the target", "helps both", "moves nothing", "closed"
]


class OfContext(OfCase):
    """The head of an answer in a case or a bare base year."""

    world: Annotated[str, Field(description="The name of the base year.")]
    digest: Annotated[str, Field(description="SHA-256 of its data.")]
    subject: Annotated[str, Field(description="Where it was asked, in words.")]


class Margin(Part):
    """A flow and what a little more of a barrier on it costs each side."""

    good: str
    label: str
    direction: Literal["imports", "exports"]
    sender: Who
    target: Who
    instrument: Literal["barrier", "tax"]
    flow: Annotated[Money, Field(description="What is traded now.")]
    base_flow: Annotated[Money, Field(description="The same in the base year.")]
    harm: Annotated[float | None, Field(description="Loss of the target by one step.")]
    harm_low: Low
    harm_high: High
    cost: Annotated[float | None, Field(description="Loss of the sender by one step.")]
    cost_low: Low
    cost_high: High
    ratio: Annotated[float | None, Field(description="Harm per cost; null unless it pays.")]
    ratio_low: Low
    ratio_high: High
    verdict: Verdict
    measures: Annotated[list[MeasureId], Field(description="In force on it.")]


class MeasureMargin(Part):
    """A measure in force lifted as a whole, beside a little more of it."""

    id: MeasureId
    label: str
    harm: Money
    harm_low: Low
    harm_high: High
    cost: Money
    cost_low: Low
    cost_high: High
    ratio: float | None
    ratio_low: Low
    ratio_high: High
    verdict: Verdict
    step_harm: float | None
    step_cost: float | None
    step_ratio: float | None


class Sensitivity(OfContext):
    """What a little more of every barrier costs a sender and a target."""

    kind: Literal["sensitivity"]
    target: Who
    sender: Who
    instrument: Annotated[Literal["barrier", "tax"], Field(description="Of the menus.")]
    each: Annotated[bool, Field(description="Whether menus are of each pair of countries.")]
    measures: list[MeasureMargin]
    to_hold: list[Margin]
    to_lift: list[Margin]
    closed: list[Margin]
    entries: list[Margin]
    pairs: list[Margin]


class Member(Part):
    """One member of a coalition."""

    id: PartyId
    label: str
    countries: list[Country]
    measures: list[MeasureId]
    alone: Annotated[Money, Field(description="Harm when it acts alone.")]
    marginal: Annotated[Money, Field(description="Harm that would go if it left.")]
    shapley: Money
    shapley_error: Annotated[float, Field(description="Standard error; 0 if all were counted.")]
    loss_in: Annotated[float | None, Field(description="Its own loss when all act.")]
    loss_out: Annotated[float | None, Field(description="Its own loss when all others act.")]
    relative_loss: Fraction | None
    leaving: Annotated[float | None, Field(description="What it gains by leaving.")]
    implied_rate: float | None
    would_leave: bool
    keeps: Annotated[float | None, Field(description="The transfer that keeps it.")]
    transfer: Annotated[float | None, Field(description="Received under equal losses.")]
    sentence: str


class CoalitionValue(Part):
    """A coalition that was solved."""

    members: list[PartyId]
    harm: Money
    loss: Annotated[dict[PartyId, Money], Field(description="By member of the whole.")]


class Transfer(Part):
    """The transfer that equalises relative losses, by country."""

    member: PartyId
    country: Country
    transfer: Money


class Unsolved(Part):
    """A coalition without a value."""

    members: list[PartyId]
    why: str


class Coalition(OfContext):
    """What every coalition of senders costs a target."""

    kind: Literal["coalition"]
    target: Who
    goods: list[str]
    rate: Annotated[float, Field(description="What a dollar of harm is worth to each member.")]
    harm: Annotated[Money, Field(description="Loss of the target when all act.")]
    cost: Annotated[Money, Field(description="Loss of the members together.")]
    relative_change: Annotated[
        float | None, Field(description="Of real income of every country under the transfers.")
    ]
    stable: bool
    affordable: bool
    exact: Annotated[bool, Field(description="Whether every coalition was solved.")]
    orders: Annotated[int, Field(description="Orders of joining that were sampled.")]
    equilibria: int
    seconds: float
    cut_short: bool
    members: list[Member]
    coalitions: list[CoalitionValue]
    transfers_by_country: list[Transfer]
    unsolved: list[Unsolved]


class Bans(Part):
    """How a set of bans was found."""

    settled: bool
    tried: int
    gained: float | None
    impossible: list[str]


class DesignPoint(Part):
    """The best rates at one weight of the sender's own loss."""

    own_weight: Annotated[float | None, Field(description="Null asks for own gain alone.")]
    harm: Money
    cost: Money
    cost_to_others: Money
    worth: Money
    mean_rate: Fraction
    starts: int
    apart: float
    certificate: Optimality
    bans: Bans | None


class Rate(Part):
    """A rate that was chosen."""

    instrument: str
    partner: str
    good: str
    rate: Fraction
    highest: Fraction
    base_trade: Money


class Present(Part):
    """The sender's own measures in force."""

    replaced: list[MeasureId]
    kept: list[MeasureId]
    harm: Money
    cost: Money
    worth: Money


class Design(OfContext):
    """The rates and bans that serve an aim best."""

    kind: Literal["design"]
    target: Annotated[str | None, Field(description="Null: the sender's own gain alone.")]
    sender: Who
    best: DesignPoint
    rates: list[Rate]
    present: Present | None
    banned: list[str]
    cut_short: bool
    curve: list[DesignPoint]


class Player(Part):
    """A bloc in a tariff war."""

    id: Who
    gain: Money
    relative_gain: Fraction
    mean_rate: Fraction
    gain_by_best_answer: Annotated[
        float | None, Field(description="Null where it was not searched for.")
    ]


class Tariff(Part):
    """A tariff in a war."""

    player: str
    partner: str
    good: str
    rate: Fraction
    base_trade: Money


class TariffWar(OfContext):
    """Tariffs from which no bloc gains by departing."""

    kind: Literal["tariff_war"]
    players: list[Player]
    gain_of_others: Money
    certificate: Optimality
    cut_short: bool
    rates: list[Tariff]
