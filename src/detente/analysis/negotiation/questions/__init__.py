"""Each question about a negotiation: a function of a case, and the result that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.analysis.negotiation.questions.agreement import DealAnswer as DealAnswer
    from detente.analysis.negotiation.questions.agreement import (
        DealSearchAnswer as DealSearchAnswer,
    )
    from detente.analysis.negotiation.questions.agreement import deal as deal
    from detente.analysis.negotiation.questions.agreement import find_deal as find_deal
    from detente.analysis.negotiation.questions.bargaining import DealsAnswer as DealsAnswer
    from detente.analysis.negotiation.questions.blocking import BlockersAnswer as BlockersAnswer
    from detente.analysis.negotiation.questions.communication import (
        ChannelsAnswer as ChannelsAnswer,
    )
    from detente.analysis.negotiation.questions.deal_thresholds import (
        ThresholdsAnswer as ThresholdsAnswer,
    )
    from detente.analysis.negotiation.questions.deal_thresholds import thresholds as thresholds
    from detente.analysis.negotiation.questions.functions import blockers as blockers
    from detente.analysis.negotiation.questions.functions import channels as channels
    from detente.analysis.negotiation.questions.functions import deals as deals
    from detente.analysis.negotiation.questions.functions import stable as stable
    from detente.analysis.negotiation.questions.functions import steps as steps
    from detente.analysis.negotiation.questions.functions import why as why
    from detente.analysis.negotiation.questions.motives import WhyAnswer as WhyAnswer
    from detente.analysis.negotiation.questions.onlookers import OnlookerAnswer as OnlookerAnswer
    from detente.analysis.negotiation.questions.sequencing import StepsAnswer as StepsAnswer
    from detente.analysis.negotiation.questions.stability import StableAnswer as StableAnswer


_HOME = {
    "BlockersAnswer": "blocking",
    "ChannelsAnswer": "communication",
    "DealAnswer": "agreement",
    "DealSearchAnswer": "agreement",
    "DealsAnswer": "bargaining",
    "OnlookerAnswer": "onlookers",
    "StableAnswer": "stability",
    "StepsAnswer": "sequencing",
    "ThresholdsAnswer": "deal_thresholds",
    "WhyAnswer": "motives",
    "blockers": "functions",
    "channels": "functions",
    "deal": "agreement",
    "deals": "functions",
    "find_deal": "agreement",
    "stable": "functions",
    "steps": "functions",
    "thresholds": "deal_thresholds",
    "why": "functions",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)
