"""Gradients of an equilibrium by everything that a shock can change."""

from __future__ import annotations

from detente.trade.adjoint.derivatives import Gradient as Gradient
from detente.trade.adjoint.derivatives import gradient as gradient
from detente.trade.adjoint.derivatives import gradients as gradients
from detente.trade.adjoint.targets import Target as Target
from detente.trade.adjoint.targets import Weights as Weights
