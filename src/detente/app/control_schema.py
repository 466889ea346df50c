"""The sheet of a case: everything that the controls of the page show and may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from detente.analysis.enforcement import enforcement_words
from detente.analysis.idle_controls import idle_controls, names_in
from detente.analysis.labels import label_of, name_of, sentence
from detente.analysis.regimes import change_days
from detente.analysis.scenarios import Scenarios
from detente.cases.fields import REST
from detente.cases.measures import Kind, RouteChange
from detente.report.overview.chapter import QUESTIONS
from detente.report.views.basis import linked
from detente.report.views.measures import act_link, described
from detente.world.names import good_name

if TYPE_CHECKING:
    from detente.app.cases import Held
    from detente.cases import Case, Measure, Parameter, RouteChoice
    from detente.world import World


#: What a number of a setting is for readers, and whether more of it means less enforcement.
_ROLES = {
    "leakage": "leakage",
    "rate": "rate",
    "add": "points added",
    "factor": "factor",
    "extra_cost": "extra cost",
}
#: What a slider of such a number spans, and its unit.
_REACH = {
    "leakage": (0.0, 1.0),
    "rate": (0.0, 2.0),
    "add": (0.0, 1.0),
    "factor": (0.5, 2.0),
    "extra_cost": (0.0, 200.0),
}
_UNITS = {
    "leakage": "share",
    "rate": "share",
    "add": "share",
    "factor": "ratio",
    "extra_cost": "USD per unit",
}
#: Numbers of one entry of `route_choices`, and of one of its routes.
_OF_ROUTE = {
    "base_share": "share before the measures",
    "capacity": "capacity",
    "fee": "fee of transit",
    "extra_cost": "extra cost",
}


def sheet_of(held: Held, world: World) -> dict[str, Any]:
    """The case as plain values."""
    case = held.case
    days = change_days(case)
    return {
        "id": held.id,
        "added": len(held.added),
        "trade": case.has_trade,
        "negotiation": case.negotiation is not None or case.conflict is not None,
        "payoffs": case.negotiation is not None,
        "text": held.own_text,
        "alone": held.alone,
        "name": case.name,
        "title": case.title,
        "summary": case.summary,
        "digest": case.digest,
        "date": case.date.isoformat(),
        "horizon": case.horizon,
        "transfers": case.transfers,
        "base_year": str(world.year) if case.has_trade else "",
        "first_day": (days[0] if days else case.date).isoformat(),
        "days": [{"date": d.isoformat(), "label": _change(case, d)} for d in days],
        "parties": [{"id": p.id, "label": p.name} for p in case.parties],
        "measures": [_measure(case, m, m.id in case.added) for m in case.measures],
        "route_choices": [_routes(case, r) for r in case.route_choices],
        "parameters": {n: _parameter(case, n, p) for n, p in case.parameters.items()},
        "scenarios": [s.model_dump(mode="json", by_alias=True) for s in case.scenarios],
        "choices": _choices(case, world),
        "idle": idle_of(case, world),
        "questions": [{"id": i, "question": q} for i, q in _questions(case).items()],
    }


def _questions(case: Case) -> dict[str, str]:
    """Those of the four questions that a case may have an answer to."""
    left = {"how-sure"}
    if case.has_trade:
        left |= {"who-pays", "where-goods-go"}
    if case.negotiation is not None or case.conflict is not None:
        left |= {"what-deal"}
    return {i: q for i, q in QUESTIONS.items() if i in left}


def idle_of(case: Case, world: World) -> dict[str, str]:
    """The controls that move nothing in trade in a state, each with the reason."""
    return idle_controls(Scenarios(case, world=world)) if case.has_trade else {}


def _measure(case: Case, measure: Measure, added: bool) -> dict[str, Any]:
    owner = case.party(measure.owner)
    return {
        "id": measure.id,
        "label": measure.label,
        "owner": owner.id,
        "owner_label": owner.name,
        "kind": measure.kind.replace("_", " "),
        "description": measure.description,
        "note": measure.note,
        "trade": bool(measure.sets),
        "sets": described(case, measure),
        "in_force": measure.in_force_on(case.date),
        "periods": [
            {
                "from": p.start.isoformat(),
                "until": None if p.until is None else p.until.isoformat(),
                "document": p.document,
            }
            for p in measure.in_force
        ],
        "acts": [
            {"text": act_link(a).text, "href": a.href or "", "note": a.note} for a in measure.acts
        ],
        "source": _links(measure.source),
        "strength": _strength(case, measure, added),
    }


def _strength(case: Case, measure: Measure, added: bool) -> list[dict[str, Any]]:
    """What says how hard a measure bites: parameters, each once, and numbers of an added one.

    A number has its place in the measure as added, where another may be written.
    """
    found: dict[str, dict[str, Any]] = {}
    for place, setting in enumerate(measure.sets):
        for key, words in _ROLES.items():
            given = getattr(setting.effect, key, None)
            row: dict[str, Any] = {"parameter": "", "role": key, "label": words}
            if key == "leakage":
                row["degrees"] = list(enforcement_words(measure))
            if isinstance(given, str) and given in case.parameters:
                # One measure may have several numbers of a kind; the case says which is which.
                own = case.parameters[given].label if key != "leakage" else ""
                found.setdefault(given, {**row, "label": own or words, "parameter": given})
            elif added and isinstance(given, int | float):
                at = ["sets", place, setting.kind, key]
                low, high = _REACH[key]
                found[f"{place} {key}"] = {
                    **row,
                    "value": given,
                    "at": at,
                    "low": low,
                    "high": high,
                    "unit": _UNITS[key],
                }
    return list(found.values())


def _routes(case: Case, choice: RouteChoice) -> dict[str, Any]:
    closing: dict[str, list[str]] = {}
    for measure in case.measures:
        for setting in measure.sets:
            change = setting.effect
            if (
                isinstance(change, RouteChange)
                and change.close
                and (change.commodity, change.origin) == (choice.commodity, choice.origin)
            ):
                for route in change.routes:
                    closing.setdefault(route, []).append(measure.id)
    return {
        "label": choice.label,
        "commodity": choice.commodity,
        "origin": choice.origin,
        "routes": [
            {
                "id": route.id,
                "label": route.label,
                "transit": name_of(route.transit) if route.transit else "",
                "closed_by": closing.get(route.id, []),
                "numbers": [
                    {"parameter": given, "label": words}
                    for key, words in _OF_ROUTE.items()
                    if isinstance(given := getattr(route, key, None), str) and given != REST
                ],
            }
            for route in choice.routes
        ],
        "numbers": [
            {"parameter": given, "label": words}
            for given, words in _shared(choice)
            if given in case.parameters
        ],
    }


def _shared(choice: RouteChoice) -> list[tuple[str, str]]:
    limits = choice.congestion
    named = [(choice.route_elasticity, "elasticity of the choice among routes")]
    if limits is not None:
        named += [(limits.level, "cost of congestion"), (limits.power, "how suddenly it comes")]
    return [(given, words) for given, words in named if isinstance(given, str)]


def _parameter(case: Case, name: str, p: Parameter) -> dict[str, Any]:
    low, high = p.range if p.range is not None else (None, None)
    return {
        "name": name,
        "label": sentence(p.label or label_of(name)),
        "value": p.value,
        "low": low,
        "high": high,
        "unit": p.unit,
        "date": str(p.date),
        "source": _links(p.source),
        "estimate": p.is_estimate,
        "note": p.note,
        "dated": bool(p.by_date),
        "uses": _uses(case, name),
    }


def _uses(case: Case, name: str) -> list[str]:
    """What of the case a parameter bears on, in words."""
    out = [c.label for c in case.commodities if name in names_in(c)]
    out += ["elasticities" for e in case.elasticities if name in names_in(e)][:1]
    out += ["the choice among routes" for r in case.route_choices if name in names_in(r)][:1]
    out += [m.label for m in case.measures if name in names_in(m.sets)]
    out += ["published figures" for f in case.published if name in names_in(f)][:1]
    return out


def _links(text: str) -> list[dict[str, str]]:
    return [{"text": link.text, "href": link.href} for link in linked(text)]


def _change(case: Case, day: Any) -> str:
    """What begins and ends on a day."""
    begun = [m.label for m in case.measures if any(p.start == day for p in m.in_force)]
    ended = [m.label for m in case.measures if any(p.until == day for p in m.in_force)]
    parts = []
    if begun:
        parts.append(f"begins: {'; '.join(begun)}")
    if ended:
        parts.append(f"ends: {'; '.join(ended)}")
    return ". ".join(parts) or "other values of dated parameters"


def _choices(case: Case, world: World) -> dict[str, Any]:
    """What a measure that is added may be made of."""
    from detente.world import available_groups

    commodities = {c.name: c.label for c in case.commodities}
    return {
        "kinds": [{"id": k, "label": k.replace("_", " ")} for k in get_args(Kind)],
        "countries": sorted(
            ({"id": c, "label": name_of(c)} for c in world.countries), key=lambda c: c["label"]
        ),
        "groups": [{"id": g, "label": g} for g in available_groups()],
        "goods": [
            {"id": g, "label": commodities.get(g) or sentence(good_name(g))} for g in world.goods
        ],
        "routes": [
            {
                "commodity": r.commodity,
                "origin": r.origin,
                "id": route.id,
                "label": f"{commodities.get(r.commodity, r.commodity)} from {name_of(r.origin)}: "
                f"{route.label}",
            }
            for r in case.route_choices
            for route in r.routes
        ],
    }
