"""What governments want, can block and can agree on. Knows arrays and labels only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.talks.channels.channels import Channels as Channels
    from detente.talks.channels.channels import Link as Link
    from detente.talks.channels.channels import SignalPath as SignalPath
    from detente.talks.channels.channels import Signing as Signing
    from detente.talks.channels.messages import Messages as Messages
    from detente.talks.channels.messages import believable_messages as believable_messages
    from detente.talks.channels.worth import ChannelWorth as ChannelWorth
    from detente.talks.channels.worth import MyersonValues as MyersonValues
    from detente.talks.channels.worth import channel_worth as channel_worth
    from detente.talks.channels.worth import coalition_worths as coalition_worths
    from detente.talks.channels.worth import myerson as myerson
    from detente.talks.channels.worth import myerson_values as myerson_values
    from detente.talks.conflict import Conflict as Conflict
    from detente.talks.errors import TalksError as TalksError
    from detente.talks.listed import ListedConflict as ListedConflict
    from detente.talks.measures import Measure as Measure
    from detente.talks.packages.front import pareto_front as pareto_front
    from detente.talks.packages.packages import Lottery as Lottery
    from detente.talks.packages.packages import Packages as Packages
    from detente.talks.packages.packages import Point as Point
    from detente.talks.packages.packages import Refusal as Refusal
    from detente.talks.packages.search import find_packages as find_packages
    from detente.talks.packages.signatory import Signatory as Signatory
    from detente.talks.packages.split import Split as Split
    from detente.talks.packages.split import rubinstein as rubinstein
    from detente.talks.parties import Party as Party
    from detente.talks.payoffs import Interest as Interest
    from detente.talks.payoffs import Payoffs as Payoffs
    from detente.talks.payoffs import Valuation as Valuation
    from detente.talks.reasons import Why as Why
    from detente.talks.reasons import why as why
    from detente.talks.sequences.gradualism import Regime as Regime
    from detente.talks.sequences.gradualism import ShrinkingSteps as ShrinkingSteps
    from detente.talks.sequences.gradualism import TrustThreshold as TrustThreshold
    from detente.talks.sequences.gradualism import regime as regime
    from detente.talks.sequences.gradualism import shrinking_steps as shrinking_steps
    from detente.talks.sequences.gradualism import trust_threshold as trust_threshold
    from detente.talks.sequences.search import explain_orders as explain_orders
    from detente.talks.sequences.search import find_sequences as find_sequences
    from detente.talks.sequences.search import regime_of as regime_of
    from detente.talks.sequences.sequences import Order as Order
    from detente.talks.sequences.sequences import Patience as Patience
    from detente.talks.sequences.sequences import Sequences as Sequences
    from detente.talks.sequences.sequences import Unravelling as Unravelling
    from detente.talks.sequences.steps import Exchange as Exchange
    from detente.talks.sequences.steps import Step as Step
    from detente.talks.stability.bloc_remedies import BlocRemedy as BlocRemedy
    from detente.talks.stability.joint import JointMoves as JointMoves
    from detente.talks.stability.joint import joint_improvements as joint_improvements
    from detente.talks.stability.path import Path as Path
    from detente.talks.stability.path import path_to_stability as path_to_stability
    from detente.talks.stability.remedies import Remedies as Remedies
    from detente.talks.stability.remedies import remedies as remedies
    from detente.talks.stability.stability import Stability as Stability
    from detente.talks.stability.stability import stable_states as stable_states
    from detente.talks.states import StateSpace as StateSpace
    from detente.talks.table import Table as Table
    from detente.talks.uncertainty.chances import Chances as Chances
    from detente.talks.uncertainty.chances import chances as chances
    from detente.talks.uncertainty.lasting import LastingChances as LastingChances
    from detente.talks.uncertainty.lasting import lasting_chances as lasting_chances
    from detente.talks.uncertainty.ranges import Range as Range
    from detente.talks.voting.blocking import Blocking as Blocking
    from detente.talks.voting.blocking import BlockingSets as BlockingSets
    from detente.talks.voting.blocking import blocking as blocking
    from detente.talks.voting.blocking import minimal_blocking_sets as minimal_blocking_sets
    from detente.talks.voting.council import qualified_majority as qualified_majority
    from detente.talks.voting.council import unanimity as unanimity
    from detente.talks.voting.moments import Moments as Moments
    from detente.talks.voting.moments import MomentVote as MomentVote
    from detente.talks.voting.moments import MomentVotes as MomentVotes
    from detente.talks.voting.moments import who_can_block as who_can_block
    from detente.talks.voting.power import PowerIndices as PowerIndices
    from detente.talks.voting.power import power as power
    from detente.talks.voting.power import power_at as power_at
    from detente.talks.voting.proposer import ProposerShare as ProposerShare
    from detente.talks.voting.proposer import proposer_share as proposer_share
    from detente.talks.voting.rule import Rule as Rule
    from detente.talks.voting.rules import DoubleMajority as DoubleMajority
    from detente.talks.voting.rules import Sovereign as Sovereign
    from detente.talks.voting.rules import Unanimity as Unanimity
    from detente.talks.voting.rules import WeightedVotes as WeightedVotes

_HOME = {
    "Conflict": "conflict",
    "TalksError": "errors",
    "ListedConflict": "listed",
    "Measure": "measures",
    "pareto_front": "packages.front",
    "Lottery": "packages.packages",
    "Packages": "packages.packages",
    "Point": "packages.packages",
    "Refusal": "packages.packages",
    "find_packages": "packages.search",
    "Signatory": "packages.signatory",
    "Split": "packages.split",
    "rubinstein": "packages.split",
    "Party": "parties",
    "Interest": "payoffs",
    "Payoffs": "payoffs",
    "Valuation": "payoffs",
    "Why": "reasons",
    "why": "reasons",
    "BlocRemedy": "stability.bloc_remedies",
    "JointMoves": "stability.joint",
    "joint_improvements": "stability.joint",
    "Path": "stability.path",
    "path_to_stability": "stability.path",
    "Remedies": "stability.remedies",
    "remedies": "stability.remedies",
    "Stability": "stability.stability",
    "stable_states": "stability.stability",
    "StateSpace": "states",
    "Regime": "sequences.gradualism",
    "ShrinkingSteps": "sequences.gradualism",
    "TrustThreshold": "sequences.gradualism",
    "regime": "sequences.gradualism",
    "shrinking_steps": "sequences.gradualism",
    "trust_threshold": "sequences.gradualism",
    "explain_orders": "sequences.search",
    "find_sequences": "sequences.search",
    "regime_of": "sequences.search",
    "Order": "sequences.sequences",
    "Patience": "sequences.sequences",
    "Sequences": "sequences.sequences",
    "Unravelling": "sequences.sequences",
    "Exchange": "sequences.steps",
    "Step": "sequences.steps",
    "Channels": "channels.channels",
    "Link": "channels.channels",
    "SignalPath": "channels.channels",
    "Signing": "channels.channels",
    "Messages": "channels.messages",
    "believable_messages": "channels.messages",
    "ChannelWorth": "channels.worth",
    "MyersonValues": "channels.worth",
    "channel_worth": "channels.worth",
    "coalition_worths": "channels.worth",
    "myerson": "channels.worth",
    "myerson_values": "channels.worth",
    "Table": "table",
    "Chances": "uncertainty.chances",
    "chances": "uncertainty.chances",
    "LastingChances": "uncertainty.lasting",
    "lasting_chances": "uncertainty.lasting",
    "Range": "uncertainty.ranges",
    "Blocking": "voting.blocking",
    "BlockingSets": "voting.blocking",
    "blocking": "voting.blocking",
    "minimal_blocking_sets": "voting.blocking",
    "qualified_majority": "voting.council",
    "unanimity": "voting.council",
    "MomentVote": "voting.moments",
    "MomentVotes": "voting.moments",
    "Moments": "voting.moments",
    "who_can_block": "voting.moments",
    "PowerIndices": "voting.power",
    "power": "voting.power",
    "power_at": "voting.power",
    "ProposerShare": "voting.proposer",
    "proposer_share": "voting.proposer",
    "Rule": "voting.rule",
    "DoubleMajority": "voting.rules",
    "Sovereign": "voting.rules",
    "Unanimity": "voting.rules",
    "WeightedVotes": "voting.rules",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)
