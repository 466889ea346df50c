"""What every coalition of senders costs a target, who carries it, and who would leave."""

from __future__ import annotations

from detente.analysis.coalitions.game import Game as Game
from detente.analysis.coalitions.game import shapley as shapley
from detente.analysis.coalitions.question import coalition as coalition
from detente.analysis.coalitions.result import Coalition as Coalition
from detente.analysis.coalitions.result import Member as Member
from detente.analysis.coalitions.transfers import equalise as equalise
