"""Gradients of an equilibrium by everything that a shock can change."""
