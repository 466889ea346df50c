"""Trade and negotiation joined: what governments want, can block and can agree on, in one case.

The only room that joins the trade model with the analysis of negotiations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.analysis.negotiation.answer import NegotiationAnswer as NegotiationAnswer
    from detente.analysis.negotiation.answer_data import NegotiationData as NegotiationData
    from detente.analysis.negotiation.bands import ChannelBands as ChannelBands
    from detente.analysis.negotiation.bands import NegotiationBands as NegotiationBands
    from detente.analysis.negotiation.bands import VoteChances as VoteChances
    from detente.analysis.negotiation.chances import AnswerChance as AnswerChance
    from detente.analysis.negotiation.channels import ChannelAnswer as ChannelAnswer
    from detente.analysis.negotiation.conflict import NoNegotiation as NoNegotiation
    from detente.analysis.negotiation.deals import Deals as Deals
    from detente.analysis.negotiation.deals import Proposal as Proposal
    from detente.analysis.negotiation.draws import NegotiationDraws as NegotiationDraws
    from detente.analysis.negotiation.full_answer import negotiate as negotiate
    from detente.analysis.negotiation.observed_moves import MoveCheck as MoveCheck
    from detente.analysis.negotiation.steps import Ordering as Ordering
    from detente.analysis.negotiation.trade_settings import Money as Money
    from detente.analysis.negotiation.trade_settings import MoveMoney as MoveMoney
    from detente.analysis.negotiation.votes import MeasureVotes as MeasureVotes


_HOME = {
    "AnswerChance": "chances",
    "ChannelAnswer": "channels",
    "ChannelBands": "bands",
    "Deals": "deals",
    "NegotiationDraws": "draws",
    "MeasureVotes": "votes",
    "Money": "trade_settings",
    "MoveCheck": "observed_moves",
    "MoveMoney": "trade_settings",
    "NoNegotiation": "conflict",
    "Ordering": "steps",
    "Proposal": "deals",
    "NegotiationBands": "bands",
    "NegotiationAnswer": "answer",
    "NegotiationData": "answer_data",
    "VoteChances": "bands",
    "negotiate": "full_answer",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)
