"""What a negotiation comes to, as data: what views, tables, questions and commands speak from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from detente.analysis.departure import Departure, departure_of
from detente.analysis.negotiation.conflict import NoNegotiation
from detente.negotiation import path_to_stability

if TYPE_CHECKING:
    from detente.analysis.negotiation.bands import NegotiationBands
    from detente.analysis.negotiation.chances import AnswerChance
    from detente.analysis.negotiation.channels import ChannelAnswer
    from detente.analysis.negotiation.deals import Deals
    from detente.analysis.negotiation.draws import NegotiationDraws
    from detente.analysis.negotiation.observed_moves import MoveCheck
    from detente.analysis.negotiation.steps import Ordering
    from detente.analysis.negotiation.trade_settings import Money, MoveMoney
    from detente.analysis.negotiation.votes import MeasureVotes
    from detente.cases import Case
    from detente.negotiation import (
        Conflict,
        JointMoves,
        ListedConflict,
        Path,
        Remedies,
        Stability,
        Why,
    )


@dataclass(frozen=True)
class Reported:
    """The stable states that a publication reports in one sense, beside those that are found.

    Attributes:
        concept: `Nash`, `GMR`, `SMR` or `SEQ`.
        published: ids of states, in the order of the file.
        found: likewise.
    """

    concept: str
    published: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether both are the same states."""
        return set(self.published) == set(self.found)


@dataclass(frozen=True, eq=False, repr=False)
class NegotiationData:
    """A negotiation answered in full. Every part can say itself in sentences and give its table.

    Parts that a case cannot have are None or empty, and `unanswered` says why.

    Attributes:
        case: the case.
        date: the day of the status quo.
        horizon: how far the economy adjusts; empty without trade.
        conflict: states, parties and payoffs, members' kept; `ListedConflict` of a published one.
        money: what each setting of the trade measures is worth to every country.
        moves: what each move taken alone at the status quo is worth in money, by party.
        whys: why each party holds or moved, with the stake that this implies.
        stability: of every state, under the four concepts; moves that a ratifier would block are
            taken to be out of the owner's hands.
        renewed: the same if no member ever refuses a renewal; None if nothing lapses.
        path: from the status quo to a stable state (SEQ), one party at a time.
        joint: joint moves from the status quo by which all who move gain.
        remedies: what would make states stable (Nash), the status quo first; then what the
            packages of the case lead to.
        deals: packages that all signatories accept, those of two alone, those named in the case.
        orders: in which order of steps packages enforce themselves.
        votes: who inside a bloc, and which ratifier, can block each measure, at each moment.
        channels: who can sign with whom, what channels are worth, how signals travel.
        events: the observed moves against the model, in order of time.
        drawn: what draws of all that is uncertain gave; None without draws.
        headlines: the main results in sentences, those that rest on no valuation first.
        notes: what was approximated or assumed on the way.
        unanswered: by question (`why`, `deals`, `steps`, `blockers`, `channels`), why there is no
            answer.
        reported: the stable states of a publication against those that are found.
    """

    case: Case
    date: dt.date
    horizon: str
    conflict: Conflict | ListedConflict
    stability: Stability
    path: Path
    joint: JointMoves
    renewed: Stability | None = None
    money: Money | None = None
    moves: tuple[MoveMoney, ...] = ()
    whys: tuple[Why, ...] = ()
    remedies: tuple[Remedies, ...] = ()
    deals: Deals | None = None
    orders: tuple[Ordering, ...] = ()
    votes: tuple[MeasureVotes, ...] = ()
    channels: ChannelAnswer | None = None
    events: tuple[MoveCheck, ...] = ()
    drawn: NegotiationDraws | None = field(default=None, repr=False)
    headlines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unanswered: Mapping[str, str] = field(default_factory=dict)
    reported: tuple[Reported, ...] = ()

    @cached_property
    def departure(self) -> Departure:
        """How the state that the negotiation starts from differs from that of the case's own."""
        own = self.case.own
        own_date = own.date if own.negotiation is None else own.negotiation_terms().day
        return departure_of(self.case, self.date, self.horizon, own_date=own_date)

    @property
    def chances(self) -> tuple[AnswerChance, ...]:
        """How likely answers are over draws; empty without draws."""
        return () if self.drawn is None else self.drawn.chances

    @property
    def guessed(self) -> bool:
        """Whether any value of what is not money is an analyst estimate.

        While that is so, no point of bargaining is a main result: it is picked by such values.
        """
        return any(v.is_estimate and v.value for v in self.case.valuations)

    @property
    def bands(self) -> NegotiationBands | None:
        """The bands of gains, votes and channels over draws; None without draws."""
        return None if self.drawn is None else self.drawn.bands

    @property
    def draws(self) -> int:
        """Draws of the trade side; 0 for none."""
        return 0 if self.drawn is None else self.drawn.asked

    @property
    def seed(self) -> int:
        """The seed of the draws."""
        return 0 if self.drawn is None else self.drawn.seed

    @cached_property
    def joint_path(self) -> Path:
        """The path to a stable state if parties may also move together; seconds on many states."""
        return path_to_stability(self.stability.conflict, joint=True)

    def why(self, party: str) -> Why:
        """Why one party holds or moved.

        Raises:
            CaseError: for a party that has no move of its own; names the nearest.
        """
        self.require("why")
        found = dict(zip(self.conflict.names, self.whys, strict=True))
        if party not in found:
            raise self.case.unknown("party with a move of its own", party, found)
        return found[party]

    def require(self, question: str) -> None:
        """Raise `NoNegotiation` if there is no answer to a question."""
        if question in self.unanswered:
            raise NoNegotiation(self.case.name, self.unanswered[question])
