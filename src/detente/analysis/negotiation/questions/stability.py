"""Stability: which states last, how parties get to one, and what would keep the status quo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from detente.analysis.negotiation.chances import LASTING
from detente.analysis.negotiation.lasting import lasts, standing_words
from detente.analysis.negotiation.published_conflict import reported_words
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.sentences import (
    lasting_states,
    path_words,
    remedy_words,
    stability_words,
    state_ids,
)

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from detente.negotiation import Conflict, ListedConflict, Path, Remedies, Stability
    from detente.negotiation.stability.concepts import Concept


class StableAnswer(NegotiationQuestion):
    """Which states are stable in which sense. It has what `Stability` has, and says it."""

    kind = "stable"
    asked = LASTING

    @property
    def found(self) -> Stability:
        """The stability of every state for every party."""
        return self.answer.stability

    @property
    def conflict(self) -> Conflict | ListedConflict:
        """States, parties and payoffs."""
        return self.found.conflict

    @property
    def stable_is(self) -> dict[Concept, NDArray[np.bool_]]:
        """Which states are stable for each party, by concept, (n, S)."""
        return dict(self.found.stable_is)

    def equilibria(self, concept: Concept) -> NDArray[np.int64]:
        """Codes of the states that are stable for all parties."""
        return self.found.equilibria(concept)

    def movers(self, state: int, concept: Concept) -> tuple[str, ...]:
        """Labels of the parties for which a state is not stable."""
        return self.found.movers(state, concept)

    @property
    def paths(self) -> tuple[Path, ...]:
        """From the status quo to a stable state; of a published conflict also by joint moves."""
        answer = self.answer
        published = not answer.horizon and answer.money is None
        return (answer.path, answer.joint_path) if published else (answer.path,)

    @property
    def stability_words(self) -> list[str]:
        """How stable the status quo is, what a publication reports, and the paths out of it."""
        answer = self.answer
        lines = [*stability_words(answer), *reported_words(answer.reported)]
        return self.said([*lines, *(path_words(answer, p) for p in self.paths)])

    @property
    def remedy_words(self) -> list[str]:
        """What would make the status quo and the states of the case's packages last."""
        return self.said(remedy_words(self.answer))

    @property
    def standing_words(self) -> list[str]:
        """Whether the status quo lasts and how parties would leave it, without terms of theory."""
        return self.said(standing_words(self.answer))

    @property
    def remedies_here(self) -> list[str]:
        """What would make the status quo last."""
        return self.said(remedy_words(self.answer, here_only=True))

    @property
    def lasting(self) -> list[tuple[str, str]]:
        """The status quo, then states within reach that last: its name, and whether it does."""
        concepts = tuple(self.found.stable_is)
        return [
            (name, lasts(dict(zip(concepts, held, strict=True)))) for name, held in self.states()
        ]

    def states(self) -> list[tuple[str, tuple[bool, ...]]]:
        """The status quo, then states within reach that last: its name, and in which senses."""
        return [(state_ids(self.answer, code), held) for code, held in lasting_states(self.answer)]

    def to_frame(self) -> pl.DataFrame:
        """One row a state that is stable in some sense, with the status quo first."""
        import polars as pl

        rows = [{"state": s["state"], "label": s["label"]} | s["stable"] for s in self._states()]
        return pl.DataFrame(rows, infer_schema_length=None)

    def _lines(self) -> Sequence[str]:
        return self.stability_words

    def _words(self) -> Iterator[str]:
        yield from self.stability_words
        yield from self.remedy_words
        yield from self.chance_words()
        details = self.chance_words(details=True)
        if details:
            yield f"Details. {self.caveat}"
            yield from details

    def _states(self) -> list[dict[str, Any]]:
        concepts = tuple(concept.lower() for concept in self.found.stable_is)
        return [
            {"state": code, "label": label, "stable": dict(zip(concepts, held, strict=True))}
            for code, label, *held in self.found.table().rows
        ]

    def _entries(self) -> dict[str, Any]:
        answer = self.answer
        return {
            "status_quo": answer.conflict.status_quo,
            "states": self._states(),
            "path": [
                {
                    "parties": self._ids(step.parties),
                    "change": step.change,
                    "state": step.after,
                    "label": step.state,
                }
                for step in answer.path.steps
            ],
            "joint_moves": len(answer.joint.moves),
            "reported": [
                asdict(r) | {"concept": r.concept.lower(), "agrees": r.agrees}
                for r in answer.reported
            ],
            "remedies": list(map(self._remedy, answer.remedies)),
            "chances": self._chance_entries(),
        }

    def _remedy(self, r: Remedies) -> dict[str, Any]:
        labels = r.conflict.labels
        paid = [(x, float(p)) for x, p in zip(labels, r.payment_i, strict=True) if x in r.movers]
        paid += [pair for b in r.blocs for pair in zip(b.members, b.payments, strict=True)]
        return {
            "state": r.state,
            "would_leave": self._ids(r.movers),
            "sentences": self.said(r.sentences),
            "payments": {self._ids([name])[0]: payment for name, payment in paid},
            "valuations": [
                {
                    "party": self._ids([v.party])[0],
                    "interest": v.interest,
                    "value": v.value,
                    "change": v.change,
                }
                for v in r.revaluations
            ],
        }
