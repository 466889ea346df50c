"""Each question about a negotiation as a function of a case: a part of what `negotiate` does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from detente.analysis.negotiation.answer import NegotiationAnswer
from detente.analysis.negotiation.full_answer import negotiate
from detente.analysis.negotiation.questions.bargaining import DealsAnswer
from detente.analysis.negotiation.questions.blocking import BlockersAnswer
from detente.analysis.negotiation.questions.communication import ChannelsAnswer
from detente.analysis.negotiation.questions.motives import WhyAnswer
from detente.analysis.negotiation.questions.sequencing import StepsAnswer
from detente.analysis.negotiation.questions.stability import StableAnswer

if TYPE_CHECKING:
    from detente.analysis.scenarios import Scenarios
    from detente.cases import Case

    Asked = Case | str | Scenarios | NegotiationAnswer


def _answered(
    case: Asked, question: str, date: dt.date | str | None, horizon: str | None, draws: int
) -> NegotiationAnswer:
    """What `negotiate` answers, or the answer itself where one is given."""
    found = (
        case if isinstance(case, NegotiationAnswer) else negotiate(case, date, horizon, draws=draws)
    )
    found.require(question)
    return found


def why(
    case: Asked,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
) -> WhyAnswer:
    """Why each party holds or moved, and the stake that its behaviour implies.

    Args:
        case: as in `negotiate`, or an answer of `negotiate`, of which nothing is worked out again;
            the date, horizon and draws are then those of the answer.
        date: the day of the status quo; that of the case's negotiation if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        draws: of the trade side, for bands and chances; 0 for none.

    Returns:
        WhyAnswer: by id of the party; money in USD million a year.

    Raises:
        NoNegotiation: the case does not carry the answer; says what it lacks.
        CaseError: faults of the case file, all at once.

    Example:
        >>> import detente
        >>> sorted(detente.why("russia-coalition"))
        ['Canada', 'EU', 'Japan', 'UK', 'US']
    """
    return WhyAnswer(_answered(case, "why", date, horizon, draws))


def deals(
    case: Asked,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
) -> DealsAnswer:
    """Which packages all who sign accept, and who stands in the way.

    Args:
        case: as in `why`.
        date: as in `why`.
        horizon: as in `why`.
        draws: as in `why`.

    Returns:
        DealsAnswer: the packages that all signatories accept, with the Pareto front, the solution
        concepts (Nash 1950, Kalai & Smorodinsky 1975, Kalai 1977) and who refuses; what two could
        agree on alone; and the packages of the case. Gains are in USD million a year.

    Raises:
        NoNegotiation: the case does not carry the answer; says what it lacks.

    Example:
        >>> import detente
        >>> detente.deals("russia-coalition").everybody.examined
        4095
    """
    return DealsAnswer(_answered(case, "deals", date, horizon, draws))


def steps(
    case: Asked,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
) -> StepsAnswer:
    """In which order of steps packages enforce themselves.

    Args:
        case: as in `why`.
        date: as in `why`.
        horizon: as in `why`.
        draws: as in `why`.

    Returns:
        StepsAnswer: an `Ordering` for each package of the case, and for the Nash point, that
        has two steps or more: its best order, or where all orders unravel.

    Raises:
        NoNegotiation: the case does not carry the answer; says what it lacks.

    Example:
        >>> import detente
        >>> len(detente.steps("russia-coalition"))
        6
    """
    return StepsAnswer(_answered(case, "steps", date, horizon, draws))


def blockers(
    case: Asked,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
) -> BlockersAnswer:
    """Who inside a bloc, and which ratifier, can block each measure, at each moment.

    Args:
        case: as in `why`.
        date: as in `why`.
        horizon: as in `why`.
        draws: as in `why`.

    Returns:
        BlockersAnswer: a `MeasureVotes` for each measure or renewal that members of a bloc vote
        on or ratifiers have a say in, with votes at adoption, renewal and repeal, and power
        indices.

    Raises:
        NoNegotiation: the case does not carry the answer; says what it lacks.

    Example:
        >>> import detente
        >>> [votes.measure for votes in detente.blockers("russia-coalition")][:2]
        ['eu-russia', 'eu-energy']
    """
    return BlockersAnswer(_answered(case, "blockers", date, horizon, draws))


def channels(
    case: Asked,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
) -> ChannelsAnswer:
    """Who can sign with whom, what channels are worth, and how signals travel.

    Args:
        case: as in `why`.
        date: as in `why`.
        horizon: as in `why`.
        draws: as in `why`.

    Returns:
        ChannelsAnswer: who can sign with whom, what each signatory can expect given who can talk to
        whom (Myerson 1977), and what each channel is worth, in USD million a year.

    Raises:
        NoNegotiation: no channel is open on the day, or the case does not carry the answer.

    Example:
        >>> import detente
        >>> detente.channels("belarus").channels.parties[:2]
        ('the United States', 'Belarus')
    """
    return ChannelsAnswer(_answered(case, "channels", date, horizon, draws))


def stable(
    case: Asked,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
) -> StableAnswer:
    """Which states last, under four concepts of stability.

    Args:
        case: as in `why`.
        date: as in `why`.
        horizon: as in `why`.
        draws: as in `why`.

    Returns:
        StableAnswer: the states that are stable for each party and for all, by Nash, GMR, SMR
        and SEQ (Fang, Hipel & Kilgour 1993, Interactive Decision Making, chapter 3).

    Raises:
        NoNegotiation: the case has no negotiation.

    Example:
        >>> import detente
        >>> detente.stable("elmira").equilibria("Nash").tolist()
        [4, 7, 8]
    """
    return StableAnswer(_answered(case, "stable", date, horizon, draws))
