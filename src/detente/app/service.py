"""The app without its transport: cases, warm models, answers."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._document import document
from detente.analysis.comparisons import compared, regime_state, state_of
from detente.analysis.departure import departure_of
from detente.analysis.idle_controls import held_twice, idle_controls
from detente.analysis.influence import (
    influence_of_measures,
    influence_of_pairs,
    influence_of_parameters,
    watched,
)
from detente.analysis.negotiation.questions.agreement import deal, find_deal, table_of
from detente.analysis.negotiation.questions.deal_thresholds import thresholds
from detente.analysis.precomputed.cards import packaged_card
from detente.analysis.scenarios import NoTrade, Scenarios
from detente.app.additions import addition_of
from detente.app.cache import Budget, Superseded, WarmModel
from detente.app.cases import Cases, Held, packaged
from detente.app.control_schema import idle_of, sheet_of
from detente.app.export import case_file, draft_of
from detente.app.jobs import Job, Workshop, job_of
from detente.app.views import as_json, beside, live_parts, without_trade
from detente.cases import CaseError, Fault
from detente.report.build import asked_day
from detente.report.contents import subject_of
from detente.report.page_figures import (
    EVERYONE,
    GAIN,
    PageFigure,
    asked_for,
    page_figures,
    readings,
)
from detente.report.table import plain_parts
from detente.report.views.comparison import comparison_charts, comparison_table
from detente.report.views.countries import source_of
from detente.trade import NotConverged, ShockError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente._types import Array
    from detente.analysis import Assessment
    from detente.analysis.negotiation.conflict import Bargaining
    from detente.app.limits import Limits
    from detente.app.requests import (
        AdditionRequest,
        AnswerRequest,
        CaseRequest,
        CompareRequest,
        DealRequest,
        DealSearchRequest,
        FileRequest,
        InfluenceRequest,
        ScenarioRequest,
        ThresholdsRequest,
    )
    from detente.cases import Case, NamedScenario


_MODELS, _ANSWERS = 6, 64
_log = logging.getLogger(__name__)


class Service:
    """Answers scenarios of cases; one warm model a case.

    Args:
        limits: what a client may ask for.
        case: the case to begin with: a packaged one's name, or a path.
    """

    def __init__(self, limits: Limits, case: str = "belarus") -> None:
        self.limits = limits
        self.cases = Cases(limits)
        self.start = case if case in packaged() else self.cases.take(Path(case)).id
        self.workshop = Workshop(limits.jobs)
        self.ready = threading.Event()
        self._models: OrderedDict[str, WarmModel] = OrderedDict()
        self._figures: dict[str, tuple[PageFigure, ...]] = {}
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._tables: OrderedDict[str, Bargaining] = OrderedDict()
        self._latest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()
        self._cards: dict[str, dict[str, Any]] | None = None
        self._looking = threading.Lock()

    def warm(self) -> None:
        """Have the first case answered once, so that every later answer is quick."""
        try:
            self.cards()
            held = self.cases.open(self.start)
            if held.case.has_trade:
                model = self.model(held)
                self.figures(held)
                model.prepare(held.case)
                live_parts(model.assessment(held.case))
        except (ShockError, NotConverged) as error:
            _log.warning("The case as it stands has no answer: %s", error)
        finally:
            self.ready.set()

    def cards(self) -> dict[str, dict[str, Any]]:
        """The packaged cards of the cases that have one, by name; they are looked up once."""
        with self._looking:
            if self._cards is None:
                found = {name: packaged_card(self.cases.open(name).case) for name in packaged()}
                self._cards = {name: card for name, card in found.items() if card is not None}
            return self._cards

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

    def figures(self, held: Held, watch: Budget | None = None) -> tuple[PageFigure, ...]:
        """The figures of a case, the same in all its scenarios; none of a case without trade."""
        if not held.case.has_trade:
            return ()
        found = self._figures.get(held.key)
        if found is None:
            found = page_figures(self.model(held).assessment(held.case, watch))
            self._figures[held.key] = found
        return found

    def sheet(self, query: CaseRequest) -> dict[str, Any]:
        """What the controls of a case show."""
        held = self.cases.open(query.case, query.added)
        return sheet_of(held, self.model(held).world(held.case))

    def expect(self, client: str, sequence: int) -> None:
        """Note a client's request: earlier ones need no answer."""
        if not client:
            return
        with self._lock:
            self._latest[client] = max(sequence, self._latest.pop(client, 0))
            while len(self._latest) > 4 * self.limits.waiting:
                self._latest.popitem(last=False)

    def answer(self, query: AnswerRequest) -> bytes:
        """A scenario answered, as JSON.

        Raises:
            Superseded: a later request of the client came in, before or while this was solved.
            OverBudget: its equilibrium takes longer than a live answer may.
            CaseError: faults of what was asked.
            ShockError: no prices can meet it.
            NotConverged: none were found.
        """
        if self._overtaken(query):
            raise Superseded
        key = _key(query.case, query.added, query.scenario) + str(query.parts)
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            return known.replace(b'"sequence": 0', f'"sequence": {query.sequence}'.encode(), 1)
        begun = time.perf_counter()
        held = self.cases.open(query.case, query.added)
        case = held.case.in_scenario(query.scenario)
        if case.has_trade:
            budget = Budget(self.limits.evaluations, lambda: self._overtaken(query))
            model, figures = self.model(held), self.figures(held, budget)
            applied = time.perf_counter()
            found = model.assessment(case, budget)
            solved = time.perf_counter()
            text = self._written(found, figures, query.parts, (begun, applied, solved))
        else:
            text = as_json(without_trade(case)).encode()
        with self._lock:
            self._answers[key] = text
            while len(self._answers) > _ANSWERS:
                self._answers.popitem(last=False)
        return text.replace(b'"sequence": 0', f'"sequence": {query.sequence}'.encode(), 1)

    def _overtaken(self, query: ScenarioRequest) -> bool:
        """Whether a later request of the same client came in."""
        return bool(query.client) and self._latest.get(query.client, 0) > query.sequence

    def _written(
        self,
        a: Assessment,
        figures: tuple[PageFigure, ...],
        parts: bool,
        times: tuple[float, float, float],
    ) -> bytes:
        begun, applied, solved = times
        now = regime_state("regime", a.case, a.date)
        none = replace(now, label="no measures", measures=())
        read = compared(
            a.case, asked_for(figures, [none, now]), [(a.world, a.base), (a.world, a.regime)]
        )
        certificate = a.regime.certificate
        data: dict[str, Any] = {
            **document("state", {}),
            "sequence": 0,
            "subject": subject_of(a),
            **departure_of(a.case, a.date, a.horizon, a.transfers).entries(),
            "measures": list(a.regime.measures),
            "certificate": {
                "status": certificate.status,
                "largest_violation": float(certificate.largest_violation),
                "evaluations": int(certificate.evaluations),
                "sentence": certificate.sentence,
            },
            "figures": readings(figures, read),
            **plain_parts(live_parts(a) if parts else []),
        }
        shown = time.perf_counter()
        data["milliseconds"] = {
            "prepare": _milliseconds(begun, applied),
            "solve": _milliseconds(applied, solved),
            "views": _milliseconds(solved, shown),
        }
        return as_json(data).encode()

    def idle(self, query: ScenarioRequest) -> dict[str, str]:
        """The controls that move nothing in trade in a scenario, each with the reason.

        Raises:
            CaseError: faults of what was asked.
            ShockError: measures that no prices can meet.
        """
        held = self.cases.open(query.case, query.added)
        case = held.case.in_scenario(query.scenario)
        return idle_of(case, self.model(held).world(case))

    def influence(self, query: InfluenceRequest) -> dict[str, Any]:
        """What the controls of a scenario move most, the strongest first.

        Raises:
            OverBudget: an equilibrium takes longer than a live answer may.
            CaseError: faults of what was asked.
            ShockError: no prices can meet the scenario itself.
        """
        held = self.cases.open(query.case, query.added)
        case = held.case.in_scenario(query.scenario)
        if not case.has_trade:
            return {"measures": [], "pairs": [], "parameters": []}
        model, most = self.model(held), self.limits.evaluations
        world = model.world(case)
        shown = (f for f in self.figures(held, Budget(most)) if f.figure.key == GAIN)
        sides = watched(
            ((f.side.id, f.label, f.side.countries) for f in shown if f.side.id != EVERYONE), world
        )

        def gains(state: Case, measures: Sequence[str]) -> Array:
            return model.snapshot(state, measures, Budget(most)).equivalent_variation_n

        scenarios = Scenarios(case, world=world)
        idle = idle_controls(scenarios)
        wanted = influence_of_parameters(case, sides, gains, idle) if query.parameters else []
        return {
            "measures": influence_of_measures(case, sides, gains, idle),
            "pairs": influence_of_pairs(case, sides, gains, held_twice(scenarios)),
            "parameters": wanted,
        }

    def prepare(self, query: ScenarioRequest) -> None:
        """Make later answers of this horizon quick."""
        held = self.cases.open(query.case, query.added)
        case = held.case.in_scenario(query.scenario)
        if case.has_trade:
            self.model(held).prepare(case, Budget(self.limits.evaluations))

    def compare(self, query: CompareRequest) -> bytes:
        """Several scenarios on the same axes, as JSON."""
        held = self.cases.open(query.case, query.added)
        _distinct(query.scenarios)
        if not held.case.has_trade:
            raise NoTrade(held.case.name)
        most = self.limits.evaluations
        model, figures = self.model(held), self.figures(held, Budget(most))
        states = [state_of(held.case, s) for s in query.scenarios]
        answers = [model.assessment(s.case, Budget(most)) for s in states]
        found = compared(
            held.case, asked_for(figures, states), [(a.world, a.regime) for a in answers]
        )
        table = comparison_table(found, figures)
        charts = comparison_charts(found, figures, source_of(answers[0]))
        return as_json(beside(found.to_dict(), [table, *charts])).encode()

    def deal(self, query: DealRequest) -> bytes:
        """The document `deal` of a package in a scenario, as JSON."""
        found = deal(self._table(query), query.moves, valuations=query.valuations)
        return as_json(found.to_dict()).encode()

    def thresholds(self, query: ThresholdsRequest) -> bytes:
        """The document `thresholds` of a package in a scenario, as JSON."""
        found = thresholds(
            self._table(query), query.moves,
            criterion=query.criterion, without=query.without, signed_by=query.signed_by,
        )  # fmt: skip
        return as_json(found.to_dict()).encode()

    def find_deal(self, query: DealSearchRequest) -> bytes:
        """The document `deal_search` of a scenario, as JSON."""
        table = self._table(query)
        found = find_deal(table, query.criterion, query.without, query.signed_by)
        return as_json(found.to_dict()).encode()

    def _table(self, query: ScenarioRequest) -> Bargaining:
        """What deals are asked of in a scenario; the last ones are kept."""
        key = _key(query.case, query.added, query.scenario)
        with self._lock:
            known = self._tables.get(key)
        if known is not None:
            return known
        held = self.cases.open(query.case, query.added)
        case = held.case.in_scenario(query.scenario)
        if not departure_of(case).changes:
            # Draws are packaged for the case as its file has it.
            case = held.case
        table, _ = table_of(case, asked_day(case, case.date), None)
        with self._lock:
            self._tables[key] = table
            while len(self._tables) > _MODELS:
                self._tables.popitem(last=False)
        return table

    def addition(self, query: AdditionRequest) -> dict[str, Any]:
        """What is wrong with a measure that is added, or what it closes."""
        held = self.cases.open(query.case)
        world = self.model(held).world(held.case)
        return addition_of(self.cases, query.case, query.added, query.place, world).to_dict()

    def checked(self, query: FileRequest) -> dict[str, Any]:
        """The sheet of a case, its scenarios checked as those of a file are."""
        _distinct(query.scenarios)
        held = self.cases.open(query.case, query.added)
        for scenario in query.scenarios:
            held.case.in_scenario(scenario)
        return self.sheet(query)

    def upload(self, content: bytes) -> dict[str, Any]:
        """The sheet of a case file, with its scenarios checked."""
        held = self.cases.upload(content)
        for scenario in held.case.scenarios:
            held.case.in_scenario(scenario)
        return sheet_of(held, self.model(held).world(held.case))

    def file(self, query: FileRequest) -> tuple[str, str]:
        """What its file is called, and the file with what was added and with the scenarios.

        The name says whether the first scenario, what is on the screen, is the case's own state.
        """
        _distinct(query.scenarios)
        held = self.cases.open(query.case, query.added)
        text = case_file(draft_of(held, query.scenarios))
        name = held.case.name
        if query.scenarios:
            name = departure_of(held.case.in_scenario(query.scenarios[0])).stem(name)
        return name, text

    def job(
        self,
        kind: str,
        query: ScenarioRequest,
        kept: Sequence[NamedScenario] = (),
        **more: Any,
    ) -> Job:
        """A long job on a scenario, for the workshop.

        Args:
            kind: which.
            query: the scenario.
            kept: others that stand beside it in the case file.
            more: attributes of the job.

        Raises:
            NoTrade: figures or claims of a case without trade are asked for.
            CaseError: faults of what was asked.
        """
        _distinct([query.scenario, *kept])
        held = self.cases.open(query.case, query.added)
        case = held.case.in_scenario(query.scenario)
        if kind in ("bands", "claims") and not case.has_trade:
            raise NoTrade(case.name)
        figures = self.figures(held, Budget(self.limits.evaluations)) if kind == "bands" else ()
        key = _key(query.case, query.added, query.scenario)
        scenarios = [query.scenario, *kept]
        return job_of(held, case, scenarios, kind=kind, key=key, figures=figures, **more)


def _milliseconds(begun: float, ended: float) -> float:
    """Between two readings of a clock in seconds."""
    return round(1e3 * (ended - begun), 2)


def _distinct(scenarios: Sequence[NamedScenario]) -> None:
    """Refuse a label that stands twice.

    Raises:
        CaseError: naming it.
    """
    labels = [s.label for s in scenarios]
    faults = [
        Fault(0, f"scenarios[{k}].label", f"{label!r} stands twice.", "Rename one.")
        for k, label in enumerate(labels)
        if label in labels[:k]
    ]
    if faults:
        raise CaseError(faults)


def _key(case: str, added: list[dict[str, Any]], scenario: NamedScenario) -> str:
    text = json.dumps([case, added, scenario.model_dump_json(by_alias=True)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
