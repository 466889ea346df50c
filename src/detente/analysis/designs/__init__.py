"""Tariffs, taxes and barriers chosen for an aim: harm at least cost, own gain, a tariff war."""

from __future__ import annotations

from detente.analysis.designs.first_order_conditions import Optimality as Optimality
from detente.analysis.designs.levers import Levers as Levers
from detente.analysis.designs.nash import Nash as Nash
from detente.analysis.designs.nash import nash_tariffs as nash_tariffs
from detente.analysis.designs.question import design as design
from detente.analysis.designs.question import optimal_tariffs as optimal_tariffs
from detente.analysis.designs.result import Design as Design
from detente.analysis.designs.result import Point as Point
