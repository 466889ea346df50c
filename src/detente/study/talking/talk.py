"""A negotiation answered: payoffs from the trade model, then every question of the talks."""

from __future__ import annotations
