"""What governments want, can block and can agree on. Knows arrays and labels only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.negotiation.bargaining.alternating_offers import Split as Split
    from detente.negotiation.bargaining.alternating_offers import rubinstein as rubinstein
    from detente.negotiation.bargaining.packages import Lottery as Lottery
    from detente.negotiation.bargaining.packages import Packages as Packages
    from detente.negotiation.bargaining.packages import Point as Point
    from detente.negotiation.bargaining.packages import Refusal as Refusal
    from detente.negotiation.bargaining.pareto import pareto_front as pareto_front
    from detente.negotiation.bargaining.search import find_packages as find_packages
    from detente.negotiation.bargaining.signatory import Signatory as Signatory
    from detente.negotiation.communication.channels import Channels as Channels
    from detente.negotiation.communication.channels import Link as Link
    from detente.negotiation.communication.channels import SignalPath as SignalPath
    from detente.negotiation.communication.channels import Signing as Signing
    from detente.negotiation.communication.messages import Messages as Messages
    from detente.negotiation.communication.messages import (
        believable_messages as believable_messages,
    )
    from detente.negotiation.communication.worth import ChannelWorth as ChannelWorth
    from detente.negotiation.communication.worth import MyersonValues as MyersonValues
    from detente.negotiation.communication.worth import channel_worth as channel_worth
    from detente.negotiation.communication.worth import coalition_worths as coalition_worths
    from detente.negotiation.communication.worth import myerson as myerson
    from detente.negotiation.communication.worth import myerson_values as myerson_values
    from detente.negotiation.conflict import Conflict as Conflict
    from detente.negotiation.conflict import ListedConflict as ListedConflict
    from detente.negotiation.errors import NegotiationError as NegotiationError
    from detente.negotiation.model import Measure as Measure
    from detente.negotiation.model import Party as Party
    from detente.negotiation.model import StateSpace as StateSpace
    from detente.negotiation.payoffs import Interest as Interest
    from detente.negotiation.payoffs import Payoffs as Payoffs
    from detente.negotiation.payoffs import Valuation as Valuation
    from detente.negotiation.reasons import Why as Why
    from detente.negotiation.reasons import why as why
    from detente.negotiation.sequencing.gradualism import Regime as Regime
    from detente.negotiation.sequencing.gradualism import ShrinkingSteps as ShrinkingSteps
    from detente.negotiation.sequencing.gradualism import TrustThreshold as TrustThreshold
    from detente.negotiation.sequencing.gradualism import regime as regime
    from detente.negotiation.sequencing.gradualism import shrinking_steps as shrinking_steps
    from detente.negotiation.sequencing.gradualism import trust_threshold as trust_threshold
    from detente.negotiation.sequencing.search import explain_orders as explain_orders
    from detente.negotiation.sequencing.search import find_sequences as find_sequences
    from detente.negotiation.sequencing.search import regime_of as regime_of
    from detente.negotiation.sequencing.sequences import Order as Order
    from detente.negotiation.sequencing.sequences import Patience as Patience
    from detente.negotiation.sequencing.sequences import Sequences as Sequences
    from detente.negotiation.sequencing.sequences import Unravelling as Unravelling
    from detente.negotiation.sequencing.steps import Exchange as Exchange
    from detente.negotiation.sequencing.steps import Step as Step
    from detente.negotiation.stability.bloc_remedies import BlocRemedy as BlocRemedy
    from detente.negotiation.stability.paths import JointMoves as JointMoves
    from detente.negotiation.stability.paths import Path as Path
    from detente.negotiation.stability.paths import joint_improvements as joint_improvements
    from detente.negotiation.stability.paths import path_to_stability as path_to_stability
    from detente.negotiation.stability.remedies import Remedies as Remedies
    from detente.negotiation.stability.remedies import remedies as remedies
    from detente.negotiation.stability.stability import Stability as Stability
    from detente.negotiation.stability.stability import stable_states as stable_states
    from detente.negotiation.uncertainty.chances import Chances as Chances
    from detente.negotiation.uncertainty.chances import Range as Range
    from detente.negotiation.uncertainty.chances import chances as chances
    from detente.negotiation.uncertainty.stability_draws import LastingChances as LastingChances
    from detente.negotiation.uncertainty.stability_draws import lasting_chances as lasting_chances
    from detente.negotiation.voting.blocking import Blocking as Blocking
    from detente.negotiation.voting.blocking import BlockingSets as BlockingSets
    from detente.negotiation.voting.blocking import blocking as blocking
    from detente.negotiation.voting.blocking import minimal_blocking_sets as minimal_blocking_sets
    from detente.negotiation.voting.council import qualified_majority as qualified_majority
    from detente.negotiation.voting.council import unanimity as unanimity
    from detente.negotiation.voting.decision_stages import Moments as Moments
    from detente.negotiation.voting.decision_stages import MomentVote as MomentVote
    from detente.negotiation.voting.decision_stages import MomentVotes as MomentVotes
    from detente.negotiation.voting.decision_stages import who_can_block as who_can_block
    from detente.negotiation.voting.power import PowerIndices as PowerIndices
    from detente.negotiation.voting.power import power as power
    from detente.negotiation.voting.power import power_at as power_at
    from detente.negotiation.voting.proposer import ProposerShare as ProposerShare
    from detente.negotiation.voting.proposer import proposer_share as proposer_share
    from detente.negotiation.voting.rules import DoubleMajority as DoubleMajority
    from detente.negotiation.voting.rules import Rule as Rule
    from detente.negotiation.voting.rules import Sovereign as Sovereign
    from detente.negotiation.voting.rules import Unanimity as Unanimity
    from detente.negotiation.voting.rules import WeightedVotes as WeightedVotes
    from detente.negotiation.words import Table as Table


_HOME = {
    "Conflict": "conflict",
    "NegotiationError": "errors",
    "ListedConflict": "conflict",
    "Measure": "model",
    "pareto_front": "bargaining.pareto",
    "Lottery": "bargaining.packages",
    "Packages": "bargaining.packages",
    "Point": "bargaining.packages",
    "Refusal": "bargaining.packages",
    "find_packages": "bargaining.search",
    "Signatory": "bargaining.signatory",
    "Split": "bargaining.alternating_offers",
    "rubinstein": "bargaining.alternating_offers",
    "Party": "model",
    "Interest": "payoffs",
    "Payoffs": "payoffs",
    "Valuation": "payoffs",
    "Why": "reasons",
    "why": "reasons",
    "BlocRemedy": "stability.bloc_remedies",
    "JointMoves": "stability.paths",
    "joint_improvements": "stability.paths",
    "Path": "stability.paths",
    "path_to_stability": "stability.paths",
    "Remedies": "stability.remedies",
    "remedies": "stability.remedies",
    "Stability": "stability.stability",
    "stable_states": "stability.stability",
    "StateSpace": "model",
    "Regime": "sequencing.gradualism",
    "ShrinkingSteps": "sequencing.gradualism",
    "TrustThreshold": "sequencing.gradualism",
    "regime": "sequencing.gradualism",
    "shrinking_steps": "sequencing.gradualism",
    "trust_threshold": "sequencing.gradualism",
    "explain_orders": "sequencing.search",
    "find_sequences": "sequencing.search",
    "regime_of": "sequencing.search",
    "Order": "sequencing.sequences",
    "Patience": "sequencing.sequences",
    "Sequences": "sequencing.sequences",
    "Unravelling": "sequencing.sequences",
    "Exchange": "sequencing.steps",
    "Step": "sequencing.steps",
    "Channels": "communication.channels",
    "Link": "communication.channels",
    "SignalPath": "communication.channels",
    "Signing": "communication.channels",
    "Messages": "communication.messages",
    "believable_messages": "communication.messages",
    "ChannelWorth": "communication.worth",
    "MyersonValues": "communication.worth",
    "channel_worth": "communication.worth",
    "coalition_worths": "communication.worth",
    "myerson": "communication.worth",
    "myerson_values": "communication.worth",
    "Table": "words",
    "Chances": "uncertainty.chances",
    "chances": "uncertainty.chances",
    "LastingChances": "uncertainty.stability_draws",
    "lasting_chances": "uncertainty.stability_draws",
    "Range": "uncertainty.chances",
    "Blocking": "voting.blocking",
    "BlockingSets": "voting.blocking",
    "blocking": "voting.blocking",
    "minimal_blocking_sets": "voting.blocking",
    "qualified_majority": "voting.council",
    "unanimity": "voting.council",
    "MomentVote": "voting.decision_stages",
    "MomentVotes": "voting.decision_stages",
    "Moments": "voting.decision_stages",
    "who_can_block": "voting.decision_stages",
    "PowerIndices": "voting.power",
    "power": "voting.power",
    "power_at": "voting.power",
    "ProposerShare": "voting.proposer",
    "proposer_share": "voting.proposer",
    "Rule": "voting.rules",
    "DoubleMajority": "voting.rules",
    "Sovereign": "voting.rules",
    "Unanimity": "voting.rules",
    "WeightedVotes": "voting.rules",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
