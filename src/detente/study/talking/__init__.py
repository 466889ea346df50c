"""Trade and talks joined: what governments want, can block and can agree on, in one case.

The only room that joins the trade model with the analysis of talks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.study.talking.answer import NoTalks as NoTalks
    from detente.study.talking.answer import TalksAnswer as TalksAnswer
    from detente.study.talking.bands import ChannelBands as ChannelBands
    from detente.study.talking.bands import TalkBands as TalkBands
    from detente.study.talking.bands import VoteChances as VoteChances
    from detente.study.talking.chancing import AnswerChance as AnswerChance
    from detente.study.talking.channelling import ChannelAnswer as ChannelAnswer
    from detente.study.talking.deals import Deals as Deals
    from detente.study.talking.deals import Proposal as Proposal
    from detente.study.talking.drawn import DrawnTalks as DrawnTalks
    from detente.study.talking.events import MoveCheck as MoveCheck
    from detente.study.talking.money import Money as Money
    from detente.study.talking.money import MoveMoney as MoveMoney
    from detente.study.talking.steps import Ordering as Ordering
    from detente.study.talking.talk import talk as talk
    from detente.study.talking.votes import MeasureVotes as MeasureVotes

_HOME = {
    "AnswerChance": "chancing",
    "ChannelAnswer": "channelling",
    "ChannelBands": "bands",
    "Deals": "deals",
    "DrawnTalks": "drawn",
    "MeasureVotes": "votes",
    "Money": "money",
    "MoveCheck": "events",
    "MoveMoney": "money",
    "NoTalks": "answer",
    "Ordering": "steps",
    "Proposal": "deals",
    "TalkBands": "bands",
    "TalksAnswer": "answer",
    "VoteChances": "bands",
    "talk": "talk",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)
