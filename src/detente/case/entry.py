"""What all parts of a case file have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """Any part of a case file: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
