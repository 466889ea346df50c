"""Documents of a negotiation: each question by itself, and all of them together."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from detente.documents.base import (
    Day,
    High,
    HighBy,
    Low,
    LowBy,
    MeasureId,
    Money,
    MoneyBy,
    OfCase,
    Part,
    PartyId,
    Sentences,
    Share,
    State,
)

Moment: TypeAlias = Literal["adopt", "renew", "repeal"]
Concept: TypeAlias = Literal["nash", "gmr", "smr", "seq"]


class Chance(Part):
    """How likely an answer is over draws."""

    question: Literal[
        "accepted",
        "carried out",
        "stable",
        "stable (SEQ)",
        "stable if renewed",
        "stable if renewed (SEQ)",
        "holds",
        "self-enforcing",
    ]
    of: Annotated[str, Field(description="The id of a package or party, or `status quo`.")]
    label: str
    central: Annotated[bool, Field(description="The answer at central values.")]
    chance: Annotated[Share, Field(description="Share of the draws in which it is yes.")]
    turned_by: Annotated[str, Field(description="The parameter that alone turns it most often.")]
    turned: Annotated[Share, Field(description="How often it does.")]
    draws: int
    alone: Annotated[int, Field(description="Draws of each parameter alone.")]
    turned_too: Annotated[list[str], Field(description="Others that turn it as often.")]
    sentence: str


class Package(Part):
    """A package of measures, what it brings each signatory, and who would sign."""

    id: str
    label: str
    state: State
    change: Annotated[str, Field(description="What it changes, in words.")]
    source: Annotated[str, Field(description="Who proposed it; empty for a point found.")]
    detail: Annotated[bool, Field(description="Whether estimates pick it: no main result.")]
    owners: Annotated[list[PartyId], Field(description="Whose measures change.")]
    gain: Annotated[MoneyBy, Field(description="Over the status quo.")]
    gain_low: LowBy
    gain_high: HighBy
    gain_of: Annotated[dict[PartyId, str], Field(description="Whose gain it is, in words.")]
    money: Annotated[MoneyBy, Field(description="The part of the gain that is money.")]
    accepts: dict[PartyId, bool]
    blockers: dict[PartyId, list[PartyId]]
    accepted_by_all: bool
    carried_out: Annotated[bool, Field(description="Whether all owners accept.")]


class BargainingPoint(Part):
    """A package that a definition of a fair compromise picks."""

    id: str
    label: str
    change: str
    state: State
    gain: MoneyBy
    gain_of: dict[PartyId, str]
    tied_states: list[State]


class FrontPackage(Part):
    """A package on the Pareto front."""

    change: str
    state: State
    gain: MoneyBy
    points: Annotated[list[str], Field(description="Ids of the points that pick it.")]


class Refusal(Part):
    """How often a signatory stands in the way."""

    party: PartyId
    refused: int
    refused_alone: int
    best_refused_alone: Annotated[str, Field(description="In words; empty if there is none.")]
    sentence: str


class Deals(OfCase):
    """Which packages all who sign accept."""

    kind: Literal["deals"]
    accepted: Annotated[int, Field(description="Packages that all signatories accept.")]
    examined: Annotated[int, Field(description="Packages that were looked at.")]
    caveat: Annotated[str, Field(description="What has to be said beside points of bargaining.")]
    packages: list[Package]
    points: list[BargainingPoint]
    front: list[FrontPackage]
    refusals: list[Refusal]
    chances: list[Chance]


class Step(Part):
    """One step of an order, or its end."""

    turn: int
    step: Annotated[str, Field(description="Empty after the last step.")]
    owner: PartyId | None
    gain: Annotated[
        Money, Field(description="The least that anybody gains by going on, present value.")
    ]
    trust: Annotated[Share | None, Field(description="Trust in the others that it takes.")]


class StepSize(Part):
    """What a step is worth to the others."""

    owner: PartyId
    step: int
    worth_to_others: Money


class OrderedPackage(Part):
    """A package in the order that is shown."""

    id: str
    label: str
    detail: bool
    enforces_itself: Annotated[bool, Field(description="Whether some order does.")]
    order_is: Literal["as the case orders it", "the best order", "the nearest order"]
    sentences: Sentences
    steps: list[Step]
    trend: str
    sizes: list[StepSize]
    best_order: list[str]
    best_trend: str | None


class Steps(OfCase):
    """Orders of steps in which packages enforce themselves."""

    kind: Literal["steps"]
    packages: list[OrderedPackage]
    patience: list[str]
    chances: list[Chance]


class Power(Part):
    """How much a member can decide."""

    member: PartyId
    banzhaf: float
    banzhaf_absolute: float
    shapley: float
    prevent: Annotated[float, Field(description="Coleman's power to prevent.")]
    initiate: Annotated[float, Field(description="Coleman's power to initiate.")]
    swings: int
    pivots: int
    blocking_coalitions: int


class Vote(Part):
    """The vote on a measure at one moment."""

    moment: Moment
    rule: str
    applies: bool
    passes: bool
    in_force_after: bool
    in_favour: list[PartyId]
    not_in_favour: list[PartyId]
    can_block_alone: list[PartyId]
    minimal_blocking_sets: list[list[PartyId]]
    power: list[Power]


class VoteChances(Part):
    """The votes on a measure over draws."""

    draws: int
    carried: dict[Moment, Share]
    blocks_alone: dict[Moment, dict[PartyId, Share]]


class Votes(Part):
    """The votes on a measure, or on all that one decision renews."""

    id: Annotated[str, Field(description="Of the measure or the renewal.")]
    label: str
    measures: list[MeasureId]
    owner: PartyId
    in_force: bool
    rule: str
    sentences: Sentences
    gain: Annotated[MoneyBy, Field(description="By member: in force against not.")]
    gain_low: LowBy
    gain_high: HighBy
    money: MoneyBy
    moments: list[Vote]
    renewed: list[Day]
    record: list[str]
    can_end_alone: list[PartyId]
    can_keep_alone: list[PartyId]
    chances: VoteChances | None


class Blockers(OfCase):
    """Who can block each measure."""

    kind: Literal["blockers"]
    votes: list[Votes]


class Link(Part):
    """An open channel."""

    between: list[PartyId]
    fidelity: Share


class Signing(Part):
    """Whether some parties can sign together."""

    signatories: list[PartyId]
    possible: bool
    direct: bool


class ChannelWorth(Part):
    """What a channel is worth."""

    between: list[PartyId]
    exists: Annotated[bool, Field(description="False of one that could be opened.")]
    total: Money
    total_low: Low
    total_high: High
    gain: MoneyBy
    gain_low: LowBy
    gain_high: HighBy
    matters_in: Annotated[
        Share | None, Field(description="Share of the draws in which it is worth anything.")
    ]


class Signal(Part):
    """How a signal fares."""

    path: list[PartyId]
    fidelity: Share


class Channels(OfCase):
    """Who can talk and sign with whom, and what channels are worth."""

    kind: Literal["channels"]
    links: list[Link]
    signing: list[Signing]
    myerson_value: Annotated[MoneyBy, Field(description="What each can expect (Myerson 1977).")]
    myerson_value_low: LowBy
    myerson_value_high: HighBy
    worth: list[ChannelWorth]
    signals: list[Signal]


class StableState(Part):
    """A state and in which senses it is stable for all parties."""

    state: State
    label: str
    stable: Annotated[dict[Concept, bool], Field(description="For all parties, by concept.")]


class PathStep(Part):
    """A move on the path to a stable state."""

    parties: list[PartyId]
    change: str
    state: State
    label: str


class Reported(Part):
    """Stable states of a publication against those found."""

    concept: Concept
    published: list[str]
    found: list[str]
    agrees: bool


class Revaluation(Part):
    """A change of one valuation by which a party would stay."""

    party: PartyId
    interest: str
    value: float
    change: Annotated[float | None, Field(description="Null where no value would do.")]


class Remedy(Part):
    """What would make a state last."""

    state: State
    would_leave: list[PartyId]
    sentences: Sentences
    payments: dict[PartyId, float | None]
    valuations: list[Revaluation]


class Stable(OfCase):
    """Which states are stable, and the path from the status quo."""

    kind: Literal["stable"]
    status_quo: State
    states: list[StableState]
    path: list[PathStep]
    joint_moves: int
    reported: list[Reported]
    remedies: list[Remedy]
    chances: list[Chance]


class OwnMove(Part):
    """A move of a party and what it would bring it."""

    change: str
    gain: Money
    gain_by_part: Annotated[
        dict[str, Money], Field(description="By `money` and by id of the interest.")
    ]
    carried: bool


class PartyWhy(Part):
    """Why one party holds or moves, and the stake that this implies."""

    id: PartyId
    behaviour: Literal["holds", "moves"]
    sentence: str
    money: Annotated[Money | None, Field(description="What the move brings it in money.")]
    bound: Annotated[
        Money | None,
        Field(description="Least (holds) or most (moves) that all else can be worth to it."),
    ]
    bound_low: Low
    bound_high: High
    with_others: list[MeasureId]
    moves: list[OwnMove]


class MoneyOfChange(Part):
    """What one change brings each party in money."""

    change: str
    measures: list[MeasureId]
    owners: list[PartyId]
    money: MoneyBy
    money_low: LowBy
    money_high: HighBy
    money_of_members: MoneyBy


class Explained(Part):
    """How many observed moves have each verdict."""

    rational_by_itself: int
    rational_as_part_of_an_exchange: int
    not_explained: int


class Tally(Part):
    """The count of observed moves with values set in view of them, and of the others."""

    in_sample: Explained
    out_of_sample: Explained


class ObservedMove(Part):
    """An observed move against the model."""

    id: str
    date: Day
    party: PartyId
    move: Literal["adopt", "keep", "lift"]
    measures: list[MeasureId]
    change: str
    gain: Money
    money: Money
    with_others: list[MeasureId]
    gain_exchange: Money
    money_exchange: Money
    money_exchange_low: Low
    money_exchange_high: High
    carried: bool
    carried_exchange: bool
    opposed: MoneyBy
    opposed_money: MoneyBy
    share: Annotated[Share | None, Field(description="Share of the draws in which rational.")]
    share_alone: Share | None
    bound: Annotated[str, Field(description="The stake that it implies, in words.")]
    renewal: bool
    in_view: Annotated[list[str], Field(description="Values set in view of it.")]
    leans_on: list[str]
    verdict: str
    in_sample: bool
    contradicted: bool
    sentence: str


class Why(OfCase):
    """Why each party moves or holds."""

    kind: Literal["why"]
    parties: list[PartyWhy]
    moves: list[MoneyOfChange]
    renewals: dict[str, list[str]]
    tally: Tally
    observed_moves: list[ObservedMove]


class Ballot(Part):
    """What a measure is worth to somebody who votes on it."""

    measure: str
    label: str
    money: Money
    gain: Money
    blocks_at: list[Moment]


class OnlookerMoney(Part):
    """What one change brings one that has no move."""

    change: str
    measures: list[MeasureId]
    money: Money


class WhyOnlooker(OfCase):
    """What there is to say of one that has no move."""

    kind: Literal["why_onlooker"]
    party: PartyId
    inside: Annotated[list[PartyId], Field(description="The blocs in which it votes.")]
    ballots: list[Ballot]
    moves: list[OnlookerMoney]


class Negotiation(OfCase):
    """A negotiation answered in full: the documents of all questions."""

    kind: Literal["negotiation"]
    unanswered: Annotated[
        dict[str, str], Field(description="By question, why it has no answer; it is null.")
    ]
    why: Why | None
    deals: Deals | None
    steps: Steps | None
    blockers: Blockers | None
    channels: Channels | None
    stable: Stable


class TableMove(Part):
    """A measure that may be laid on the table."""

    id: MeasureId
    label: str
    owner: PartyId
    owner_label: str
    in_force: bool
    reversible: bool


class TableSignatory(Part):
    """A party that may sign."""

    id: PartyId
    label: str


class DealCriterion(Part):
    """By what a deal may be chosen."""

    id: Literal["fairest", "largest-gain", "worst-off", "nash", "fewest-moves"]
    label: str
    description: str


class DealChoices(Part):
    """What may be asked of the negotiation."""

    moves: list[TableMove]
    signatories: list[TableSignatory]
    criteria: list[DealCriterion]


class DealMove(Part):
    """A measure that a deal changes."""

    id: MeasureId
    label: str
    owner: PartyId
    owner_label: str
    begins: Annotated[bool, Field(description="Whether it comes into force; else it ends.")]


class MemberVote(Part):
    """How a member of a bloc votes on a deal."""

    member: PartyId
    label: str
    gain: Money
    money: Money
    in_favour: bool
    can_veto: Annotated[bool, Field(description="Whether its no alone stops the deal.")]
    payment: Annotated[Money, Field(description="In the cheapest way to win the bloc over.")]


class RatifierSay(Part):
    """What a party that must consent makes of a deal."""

    party: PartyId
    label: str
    gain: Money
    blocks: bool
    payment: Money


class Signature(Part):
    """Whether one party signs a deal."""

    party: PartyId
    label: str
    signs: bool
    owner: Annotated[bool, Field(description="Whether any of its measures changes.")]
    gain: Annotated[Money, Field(description="Over the status quo.")]
    gain_low: Low
    gain_high: High
    money: Annotated[Money, Field(description="The part of the gain that is money.")]
    money_low: Low
    money_high: High
    stake: Annotated[Money, Field(description="The rest: what it values besides.")]
    reserve: Annotated[Money, Field(description="What it has to gain to sign.")]
    payment: Annotated[
        float | None,
        Field(description="The least that would win it over; 0 if it signs, null if nothing."),
    ]
    gives: list[MeasureId]
    gets: list[MeasureId]
    rule: Annotated[str, Field(description="How a bloc decides; empty for a government.")]
    members: list[MemberVote]
    ratifiers: list[RatifierSay]


class Veto(Part):
    """A member or ratifier that could stop a deal alone."""

    party: PartyId
    id: PartyId
    label: str


class Leaver(Part):
    """A party that would leave a deal that was carried out."""

    party: PartyId
    label: str
    payment: Annotated[Money, Field(description="What would keep it.")]


class DealStability(Part):
    """Whether a deal lasts."""

    holds: Annotated[bool | None, Field(description="Nobody would leave it; null of no change.")]
    leavers: list[Leaver]
    self_enforcing: Annotated[
        bool | None, Field(description="In some order of steps; null for fewer than two steps.")
    ]
    steps: list[Step]
    sentences: Sentences


class Deal(OfCase):
    """One package: who signs, what each gives and gets, and whether it lasts."""

    kind: Literal["deal"]
    change: Annotated[str, Field(description="What changes, in words.")]
    state: State
    moves: list[DealMove]
    signatures: list[Signature]
    signed_by_all: bool
    carried_out: Annotated[bool, Field(description="Whether all owners would sign.")]
    refused_by: list[PartyId]
    vetoes: list[Veto]
    payment_total: Annotated[
        float | None, Field(description="What would win over all; null where nothing would.")
    ]
    stability: DealStability
    choices: DealChoices


class DealCondition(Part):
    """A condition whose dropping alone makes a deal possible."""

    kind: Literal["without", "signed_by"]
    id: str
    label: str
    accepted: int
    sentence: str


class DealSearch(OfCase):
    """A deal by a criterion, or why there is none."""

    kind: Literal["deal_search"]
    criterion: Literal["fairest", "largest-gain", "worst-off", "nash", "fewest-moves"]
    without: list[MeasureId]
    signed_by: list[PartyId]
    examined: Annotated[int, Field(description="Packages that meet the conditions.")]
    accepted: Annotated[int, Field(description="Of these, those that all who sign accept.")]
    found: bool
    deal: Deal | None
    tied: Annotated[int, Field(description="Other packages that meet the criterion equally.")]
    droppable: list[DealCondition]
    nearest: Annotated[
        Deal | None, Field(description="The best package that one signatory alone refuses.")
    ]


class SigningSpan(Part):
    """A part of a range in which somebody signs, or refuses."""

    low: float
    high: float
    answer: bool


class LastingSpan(Part):
    """A part of a range in which a deal lasts, or not."""

    low: float
    high: float
    answer: Annotated[
        bool | None, Field(description="Nobody would leave it; null of no change, or out of reach.")
    ]


class FindingSpan(Part):
    """A part of a range in which a search finds the same deal."""

    low: float
    high: float
    state: Annotated[State | None, Field(description="Where it leads; null where none is found.")]
    change: Annotated[str, Field(description="What it changes, in words; empty without a deal.")]


class SigningThresholds(Part):
    """Where one signatory signs a deal, over the range of one valuation."""

    party: PartyId
    label: str
    gain: Annotated[float, Field(description="At a valuation of 0, USD million a year.")]
    slope: Annotated[float, Field(description="Change of the gain per unit of the valuation.")]
    spans: list[SigningSpan]


class ValuationThresholds(Part):
    """Where the answers about a deal flip, over the range of one valuation."""

    id: Annotated[str, Field(description="Its name, as `valuations.Lithuania.quiet`.")]
    party: PartyId
    member: Annotated[str, Field(description="Whose own value it is inside a bloc, or empty.")]
    interest: str
    value: Annotated[float, Field(description="As it is, USD million a year for one unit.")]
    low: Annotated[float, Field(description="Lower end of its range.")]
    high: Annotated[float, Field(description="Upper end.")]
    stated: Annotated[bool, Field(description="Whether the case states the range.")]
    voice: Annotated[PartyId, Field(description="Who values it: the member, else the party.")]
    voice_label: str
    label: Annotated[str, Field(description="What is valued.")]
    unit: Annotated[str, Field(description="What one unit of it is.")]
    cost: Annotated[bool, Field(description="Worth nothing or less over the whole range.")]
    signing: list[SigningThresholds]
    lasting: list[LastingSpan]
    finding: Annotated[
        list[FindingSpan] | None,
        Field(description="Null where nothing was searched, or two signatories' gains move."),
    ]
    turns: Annotated[list[float], Field(description="Every value at which an answer changes.")]
    sentences: Sentences


class DealThresholds(OfCase):
    """At which value of what a side cares about the answers about a deal flip."""

    kind: Literal["thresholds"]
    change: Annotated[str, Field(description="What the deal changes, in words.")]
    moves: list[MeasureId]
    criterion: Annotated[str | None, Field(description="By what a deal was searched for.")]
    valuations: list[ValuationThresholds]
