"""The app without its transport: cases, warm models, answers."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.brief.table import day
from detente.case import CaseError, Fault
from detente.web.cases import Cases, Held
from detente.web.comparing import comparison_charts, comparison_table, scenario_line
from detente.web.figures import Figure, figures_of, readings
from detente.web.jobs import Job
from detente.web.live import as_json, live_parts, plain_parts, plain_table
from detente.web.sheet import sheet_of
from detente.web.warm import WarmModel
from detente.web.workshop import Workshop

if TYPE_CHECKING:
    from detente.case import Case, NamedScenario
    from detente.study import Assessment
    from detente.web.asked import AnswerAsked, CaseAsked, CompareAsked, ScenarioAsked
    from detente.web.limits import Limits

_MODELS, _ANSWERS = 6, 64


class Superseded(RuntimeError):
    """A later request of the same client came in."""


class Service:
    """Answers scenarios of cases; one warm model a case.

    Args:
        limits: what a client may ask for.
        case: the case to begin with: a packaged one's name, or a path.
    """

    def __init__(self, limits: Limits, case: str = "belarus") -> None:
        self.limits = limits
        self.cases = Cases(limits)
        self.start = self.cases.take(Path(case)).id if Path(case).is_file() else case
        self.workshop = Workshop(limits.jobs)
        self.ready = threading.Event()
        self._models: OrderedDict[str, WarmModel] = OrderedDict()
        self._figures: dict[str, tuple[Figure, ...]] = {}
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._latest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Have the first case answered once, so that every later answer is quick."""
        held = self.cases.open(self.start)
        model = self.model(held)
        self.figures(held)
        model.prepare(held.case)
        live_parts(model.assessment(held.case))
        self.ready.set()

    def model(self, held: Held) -> WarmModel:
        """The warm model of a case."""
        with self._lock:
            found = self._models.get(held.key)
            if found is None:
                found = self._models[held.key] = WarmModel(held.case)
            self._models.move_to_end(held.key)
            while len(self._models) > _MODELS:
                gone, _ = self._models.popitem(last=False)
                self._figures.pop(gone, None)
            return found

    def figures(self, held: Held) -> tuple[Figure, ...]:
        """The figures of a case, the same in all its scenarios."""
        if held.key not in self._figures:
            self._figures[held.key] = figures_of(self.model(held).assessment(held.case))
        return self._figures[held.key]

    def sheet(self, asked: CaseAsked) -> dict[str, Any]:
        """What the controls of a case show."""
        held = self.cases.open(asked.case, asked.added)
        return sheet_of(held, self.model(held).world(held.case))

    def expect(self, client: str, sequence: int) -> None:
        """Note a client's request: earlier ones need no answer."""
        if not client:
            return
        with self._lock:
            self._latest[client] = max(sequence, self._latest.pop(client, 0))
            while len(self._latest) > 4 * self.limits.waiting:
                self._latest.popitem(last=False)

    def answer(self, asked: AnswerAsked) -> bytes:
        """A scenario answered, as JSON.

        Raises:
            Superseded: a later request of the client came in.
            CaseError: faults of what was asked.
            ShockError: no prices can meet it.
            NotConverged: none were found.
        """
        with self._lock:
            if asked.client and self._latest.get(asked.client, 0) > asked.sequence:
                raise Superseded("A later change is being answered.")
        key = _key(asked.case, asked.added, asked.scenario) + str(asked.parts)
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            return known.replace(b'"sequence": 0', f'"sequence": {asked.sequence}'.encode(), 1)
        begun = time.perf_counter()
        held = self.cases.open(asked.case, asked.added)
        case = held.case.in_scenario(asked.scenario)
        model, figures = self.model(held), self.figures(held)
        applied = time.perf_counter()
        found = model.assessment(case)
        solved = time.perf_counter()
        text = self._written(found, figures, asked.parts, (begun, applied, solved))
        with self._lock:
            self._answers[key] = text
            while len(self._answers) > _ANSWERS:
                self._answers.popitem(last=False)
        return text.replace(b'"sequence": 0', f'"sequence": {asked.sequence}'.encode(), 1)

    def _written(
        self,
        a: Assessment,
        figures: tuple[Figure, ...],
        parts: bool,
        times: tuple[float, float, float],
    ) -> bytes:
        begun, applied, solved = times
        certificate = a.regime.certificate
        data: dict[str, Any] = {
            "sequence": 0,
            "subject": f"Measures in force on {day(a.date)} · {a.horizon} run · "
            f"base year {a.world.year}",
            "measures": list(a.regime.measures),
            "certificate": {
                "status": certificate.status,
                "largest_violation": float(certificate.largest_violation),
                "evaluations": int(certificate.evaluations),
                "sentence": certificate.sentence,
            },
            "figures": readings(figures, a.base, a.regime, a.world),
            **plain_parts(live_parts(a) if parts else []),
        }
        shown = time.perf_counter()
        data["milliseconds"] = {
            "prepare": round(1e3 * (applied - begun), 2),
            "solve": round(1e3 * (solved - applied), 2),
            "views": round(1e3 * (shown - solved), 2),
        }
        return as_json(data).encode()

    def prepare(self, asked: ScenarioAsked) -> None:
        """Make later answers of this horizon quick."""
        held = self.cases.open(asked.case, asked.added)
        self.model(held).prepare(held.case.in_scenario(asked.scenario))

    def prepared(self, asked: ScenarioAsked) -> bool:
        """Whether they are."""
        held = self.cases.open(asked.case, asked.added)
        return self.model(held).prepared(held.case.in_scenario(asked.scenario))

    def compare(self, asked: CompareAsked) -> bytes:
        """Several scenarios on the same axes, as JSON."""
        held = self.cases.open(asked.case, asked.added)
        model, figures = self.model(held), self.figures(held)
        labels = [s.label for s in asked.scenarios]
        if len(set(labels)) < len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            raise CaseError([Fault(0, "scenarios", f"{twice!r} stands twice.", "Rename one.")])
        answers = [model.assessment(held.case.in_scenario(s)) for s in asked.scenarios]
        data = {
            "scenarios": [scenario_line(*pair) for pair in zip(labels, answers, strict=True)],
            "table": plain_table(comparison_table(labels, answers, figures)),
            "charts": [c.plain() for c in comparison_charts(labels, answers, figures)],
        }
        return as_json(data).encode()

    def job(self, kind: str, asked: ScenarioAsked, **more: Any) -> Job:
        """A long job on a scenario, for the workshop."""
        held = self.cases.open(asked.case, asked.added)
        case = _in_scenario(held, asked.scenario)
        key = _key(asked.case, asked.added, asked.scenario)
        return Job(kind, case, key, figures=self.figures(held), **more)


def _in_scenario(held: Held, scenario: NamedScenario) -> Case:
    """The case in a scenario; one that only moves the date is the packaged case on that date."""
    case = held.case.in_scenario(scenario)
    plain = not (scenario.measures or scenario.in_force or scenario.parameters)
    if plain and not held.added and held.case.path is not None:
        moved = {"date": case.date, "horizon": case.horizon, "transfers": case.transfers}
        return held.case.model_copy(update=moved)
    return case


def _key(case: str, added: list[dict[str, Any]], scenario: NamedScenario) -> str:
    text = json.dumps([case, added, scenario.model_dump_json(by_alias=True)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
