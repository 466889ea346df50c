"""Tariffs, taxes and barriers chosen for an aim: harm at least cost, own gain, a tariff war."""

from __future__ import annotations

from detente.study.designing.asking import design as design
from detente.study.designing.asking import optimal_tariffs as optimal_tariffs
from detente.study.designing.designs import Design as Design
from detente.study.designing.designs import Point as Point
from detente.study.designing.levers import Levers as Levers
from detente.study.designing.nash import Nash as Nash
from detente.study.designing.nash import nash_tariffs as nash_tariffs
from detente.study.designing.optimality import Optimality as Optimality
