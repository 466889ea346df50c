"""What a back-test may hang on: the same test with one thing changed, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.analysis.record.plan import Plan
    from detente.cases import Case


#: A leakage of all but nothing; nothing itself would leave buyers without any supplier.
SMALL_LEAKAGE = 0.001


@dataclass(frozen=True)
class Variant:
    """A case with one thing changed.

    Attributes:
        name: what was changed.
        case: the case so changed.
        horizon: of the test.
        without: ids of measures that are not imposed.
    """

    name: str
    case: Case
    horizon: str
    without: tuple[str, ...] = ()


def variants_of(
    case: Case,
    plan: Plan,
    horizon: str,
    measures_in_view: Iterable[str],
    set_in_view: Iterable[str],
) -> list[Variant]:
    """The variants that a case allows.

    Another table of flows if one is bundled that does not use the later pattern of the exporter;
    other horizons; leakages of next to nothing and no measure that was chosen in view of later
    trade, as somebody without that trade would have written them; both ends of the route
    elasticity.
    """
    from detente.cases.tables import find_table

    out = []
    flows = f"{case.commodity(plan.commodity).flows}-noprior"
    if find_table(flows, case.path.parent if case.path else None) is not None:
        out.append(Variant(f"flows of {flows}", case.with_flows(plan.commodity, flows), horizon))
    out += [Variant(f"{h} run", case, h) for h in ("short", "medium", "long") if h != horizon]
    leaks = {
        p: SMALL_LEAKAGE
        for p in set_in_view
        if p in case.parameters and case.value(p) > SMALL_LEAKAGE
    }
    measures = tuple(m for m in measures_in_view if m in {x.id for x in case.trade_measures})
    if leaks or measures:
        names = " and ".join([*(["leakages"] if leaks else []), *measures])
        out.append(
            Variant(f"without {names}", case.with_parameters(leaks), horizon, without=measures)
        )
    for name in _route_elasticities(case, plan):
        for end in case.parameters[name].range or ():
            label = f"{name} {end:g}"
            out.append(Variant(label, case.with_parameters({name: end}), horizon))
    return out


def regime_without(case: Case, day: dt.date, without: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the measures in force on a day but for some."""
    return tuple(m.id for m in case.regime(day) if m.id not in without)


def _route_elasticities(case: Case, plan: Plan) -> tuple[str, ...]:
    names = (
        r.route_elasticity
        for r in case.route_choices
        if (r.commodity, r.origin) == (plan.commodity, plan.exporter)
    )
    return tuple(dict.fromkeys(n for n in names if isinstance(n, str)))
