"""Steps: orders in which a package enforces itself, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from detente.analysis.negotiation.labels import patience_words
from detente.analysis.negotiation.questions.question import NegotiationQuestion

if TYPE_CHECKING:
    import polars as pl

    from detente.analysis.negotiation.steps import Ordering


class StepsAnswer(NegotiationQuestion, Sequence["Ordering"]):
    """The orders of each package; a sequence of `Ordering`."""

    kind = "steps"
    asked = ("self-enforcing",)

    @property
    def orders(self) -> tuple[Ordering, ...]:
        """The packages of the case, then the Nash points."""
        return self.answer.orders

    def __len__(self) -> int:
        return len(self.orders)

    @overload
    def __getitem__(self, at: int) -> Ordering: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Ordering]: ...
    def __getitem__(self, at: int | slice) -> Ordering | Sequence[Ordering]:
        """The orders of one package by its place."""
        return self.orders[at]

    def packages(self, *, details: bool = False) -> list[Ordering]:
        """The packages that are main results, or the points of bargaining that are details."""
        return [o for o in self.orders if (o.id in self.details) is details]

    @property
    def patience(self) -> list[str]:
        """What patience was assumed; where no package has two steps, that there is none."""
        if self.orders:
            return self.said(patience_words(self.answer.case))
        return ["No package of the case has two steps or more, and none was found."]

    def to_frame(self) -> pl.DataFrame:
        """One row a package and step: gain from going on, and the trust that is needed."""
        import polars as pl

        rows = [
            {"package": o.id} | step
            for o in self.orders
            for step in (() if o.shown is None else self._steps(o))
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def _words(self) -> Iterator[str]:
        for order in self.packages():
            yield from order.sentences
        yield from self.patience
        yield from self.chance_words()
        if self.packages(details=True):
            yield f"Details. {self.caveat}"
            for order in self.packages(details=True):
                yield from order.sentences
            yield from self.chance_words(details=True)

    def _steps(self, order: Ordering) -> list[dict[str, Any]]:
        return [
            row | {"owner": self._ids([row["owner"]])[0] if row["step"] else None}
            for row in order.rows()
        ]

    def _entries(self) -> dict[str, Any]:
        return {
            "packages": list(map(self._package, self.orders)),
            "patience": self.patience,
            "chances": self._chance_entries(),
        }

    def _package(self, o: Ordering) -> dict[str, Any]:
        best = o.sequences.best
        return {
            "id": o.id,
            "label": o.label,
            "detail": o.id in self.details,
            "enforces_itself": best is not None,
            "order_is": o.order_is,
            "sentences": self.said(o.sentences),
            "steps": self._steps(o),
            "trend": o.regime.trend,
            "sizes": [
                {"owner": self._ids([str(party)])[0], "step": step, "worth_to_others": worth}
                for party, step, worth in o.regime.table().rows
            ],
            "best_order": () if best is None else best.steps,
            "best_trend": None if best is None else o.sequences.regime.trend,
        }
