"""Scenarios of a case set side by side: levels, differences against the first, and bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.study.assessing import NOISE

if TYPE_CHECKING:
    from detente.study.assessment import Array
    from detente.study.comparing_figures import Chosen, Comparer, Figure, Side
    from detente.study.scenarios import Scenarios
    from detente.study.uncertainty import Ensemble

Band = tuple["Array", "Array"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Some scenarios on the same axes.

    Attributes:
        scenarios: solved, on the day of the first.
        asked: which figures, which scenarios and whose.
        level: (figures, sides, scenarios); money against the base year without measures.
        difference: of the same shape; `Chosen.less` says which scenario less which.
        ensemble: of the draws, with `level` and `difference` of each; None without.
    """

    scenarios: Scenarios
    asked: Comparer
    level: Array = field(repr=False)
    difference: Array = field(repr=False)
    ensemble: Ensemble | None = field(default=None, repr=False)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What is compared."""
        return self.asked.figures

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        """The scenarios."""
        return self.asked.chosen

    @property
    def sides(self) -> tuple[Side, ...]:
        """Whose figures they are."""
        return self.asked.sides

    @property
    def hypothetical(self) -> tuple[Chosen, ...]:
        """The scenarios whose measures are not those that the case has in force on their day."""
        own = self.scenarios.case.own
        return tuple(c for c in self.chosen if {m.id for m in own.regime(c.day)} != set(c.measures))

    def band(self, which: str) -> Band | None:
        """Lower and upper ends of `level` or `difference`; None without draws."""
        return None if self.ensemble is None else self.ensemble.band(which)

    @property
    def notes(self) -> tuple[str, ...]:
        """Scenarios that are no other than the first, with the reason."""
        return tuple(f"{c.label}: {text}" for c, text in self._idle() if text)

    def _idle(self) -> Iterator[tuple[Chosen, str]]:
        for k, scenario in enumerate(self.chosen[1:], start=1):
            text = scenario.note
            at = next(k for k, f in enumerate(self.figures) if f.key == "equivalent_variation")
            if not text and np.abs(self.difference[at, :, k]).max(initial=0.0) < NOISE:
                text = (
                    f"moves nobody here by USD {1e3 * NOISE:.0f} thousand a year against "
                    f"‘{self.chosen[0].label}’, as where other measures set the same or it sets "
                    "next to nothing."
                )
            yield scenario, text

    def plain(self) -> dict[str, Any]:
        """Everything as plain values."""
        case, shots = self.scenarios.case, self._shots()
        out: dict[str, Any] = {
            "case": case.name,
            "title": case.title,
            "date": self.scenarios.date.isoformat(),
            "horizon": self.scenarios.horizon,
            "transfers": self.scenarios.transfers,
            "draws": None,
            "scenarios": [
                {
                    "label": c.label,
                    "difference": None if c is self.chosen[0] else c.less(self.chosen[0]),
                    "hypothetical": c in self.hypothetical,
                    "date": c.day.isoformat(),
                    "measures": list(shot.measures),
                    "note": note,
                    "certificate": shot.certificate.sentence,
                }
                for (c, note), shot in zip(
                    [(self.chosen[0], ""), *self._idle()], shots, strict=True
                )
            ],
            "rows": self._rows(None),
            "commodities": [
                {"name": c.name, "label": c.label, "unit": c.unit, "rows": self._rows(c.name)}
                for c in case.commodities
            ],
        }
        if self.ensemble is not None:
            e = self.ensemble
            out["draws"] = {
                "asked": e.asked,
                "done": e.done,
                "failed": e.failed,
                "why_failed": e.why,
                "seed": e.seed,
            }
        return out

    def _shots(self) -> list[Any]:
        return [self.scenarios.on(c.day).snapshot(c.measures) for c in self.chosen]

    def _rows(self, commodity: str | None) -> list[dict[str, Any]]:
        """A row for each side: every figure over scenarios, with differences and bands."""
        rows: list[dict[str, Any]] = [
            {"id": s.id, "label": s.label, "countries": list(s.countries)} for s in self.sides
        ]
        for name, values in (("", self.level), ("_difference", self.difference)):
            band = self.band("difference" if name else "level")
            for f, figure in enumerate(self.figures):
                if figure.commodity != commodity:
                    continue
                for r, row in enumerate(rows):
                    row[f"{figure.key}{name}"] = values[f, r].tolist()
                    if band is not None:
                        row[f"{figure.key}{name}_low"] = band[0][f, r].tolist()
                        row[f"{figure.key}{name}_high"] = band[1][f, r].tolist()
        return rows
