"""What every coalition of senders costs a target, who carries it, and who would leave."""

from __future__ import annotations

from detente.study.coalitions.asking import coalition as coalition
from detente.study.coalitions.game import Game as Game
from detente.study.coalitions.game import shapley as shapley
from detente.study.coalitions.result import Coalition as Coalition
from detente.study.coalitions.result import Member as Member
from detente.study.coalitions.transfers import equalise as equalise
