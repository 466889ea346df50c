"""Views of measures: what each sets in the model, what it costs whom, and the boomerang.

`described` says in words what a measure sets. `in_force_table`, `cost_table` and `boomerang_table`
are the tables, with their sentences on joint and idle measures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.labels import day, name_of, short_day
from detente.analysis.measure_effects import NOISE, negligible
from detente.analysis.options import burden_n
from detente.analysis.places import Place, collapse, country
from detente.report.departure import departure_of
from detente.report.table import Cell, Column, Link, Table, welfare
from detente.world.names import good_name, lower_first

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment, MeasureEffect
    from detente.analysis.reach import Reach
    from detente.cases import Case, Measure, RouteChange, Setting
    from detente.cases.fields import Selection
    from detente.report.table import Page


_WORDS = {
    "embargo": "embargo",
    "tariff": "tariff",
    "iceberg": "extra trade cost",
    "export_tax": "export tax",
    "productivity": "productivity",
}
_RATES = {"rate": "{:g} %", "add": "{:+g} points", "leakage": "leakage {:g} %"}


def described(case: Case, measure: Measure) -> str:
    """Everything that a measure sets: 'embargo on potash, Belarus → United States'."""
    return "; ".join(described_setting(case, setting) for setting in measure.sets)


def described_setting(case: Case, setting: Setting) -> str:
    """One thing that a measure sets."""
    if setting.route is not None:
        return _route(case, setting.route)
    effect = setting.goods_effect
    words = [f"{_WORDS.get(setting.kind, setting.kind)} on {_goods(case, effect.goods)}"]
    ends = [getattr(effect, key, None) for key in ("origin", "market", "country")]
    words.append(" → ".join(_whom(end) for end in ends if end is not None))
    for key in ("rate", "add", "leakage", "factor", "extra_cost"):
        given = getattr(effect, key, None)
        amount = 0.0 if given is None else case.number(given)
        if given is not None and not (key == "leakage" and amount == 0):
            words.append(_amount(key, amount, _unit(case, effect.goods)))
    return ", ".join(word for word in words if word)


def reached(reach: Reach, owner: str) -> str:
    """How much of the base year a setting closes or changes, and what of it is not the owner's.

    Args:
        reach: from `detente.analysis.reach.reach_of`.
        owner: the name of the owner.
    """
    s = reach.setting
    worth = f"worth {w.money(reach.value)} in the base year"
    if s.productivity is not None:
        text = f"changes {w.count(reach.flows, 'industry', 'industries')} with sales {worth}"
    elif s.route is not None:
        verb = "closes" if s.route.close else "makes dearer"
        text = f"{verb} ways of {w.count(reach.flows, 'flow')}; what passes there is {worth}"
    else:
        verb = "closes" if s.embargo is not None else "changes"
        text = f"{verb} {w.count(reach.flows, 'flow')} {worth}"
    if reach.outside:
        whole = reach.outside == reach.flows
        these = "all of these have" if whole else f"{reach.outside:,} of these have"
        who = w.listing(
            [*map(name_of, reach.outsiders[:4])]
            + ([f"{len(reach.outsiders) - 4} others"] if len(reach.outsiders) > 4 else [])
        )
        text += (
            f". Look again: {these} neither seller nor buyer in {owner}, whose measure it is "
            f"({w.money(reach.outside_value)}, bought by {who})"
        )
    if reach.idle:
        text += f". The exception of {w.listing(map(_label, reach.idle))} takes nobody out"
    return text


def _label(label: str) -> str:
    return name_of(label) if len(label) == 3 else label


def _route(case: Case, change: RouteChange) -> str:
    labels = {
        way.id: way.label
        for routes in case.routes
        for way in routes.ways
        if (routes.commodity, routes.origin) == (change.commodity, change.origin)
    }
    goods = lower_first(case.commodity(change.commodity).label)
    ways = w.listing(labels.get(way, way) for way in change.way)
    if change.close:
        return f"no {goods} from {name_of(change.origin)} by way of {ways}"
    extra = case.number(change.extra_cost or 0.0)
    unit = case.commodity(change.commodity).unit
    return f"USD {extra:g} per {unit} more for {goods} by way of {ways}"


def _goods(case: Case, selection: Selection) -> str:
    labels = {c.name: c.label for c in case.commodities}
    return _words(
        selection, lambda good: lower_first(labels[good]) if good in labels else good_name(good)
    )


def _whom(selection: Selection) -> str:
    return _words(selection, _label)


def _words(selection: Selection, name: Callable[[str], str]) -> str:
    chosen = "all" if "*" in selection.include else w.listing(map(name, selection.include))
    return (
        f"{chosen} but {w.listing(map(name, selection.exclude))}" if selection.exclude else chosen
    )


def _unit(case: Case, selection: Selection) -> str:
    return next((c.unit for c in case.commodities if c.name in selection.include), "unit")


def _amount(key: str, value: float, unit: str) -> str:
    if key in _RATES:
        return _RATES[key].format(100 * value).replace("-", w.MINUS)
    if key == "extra_cost":
        return f"USD {value:g} per {unit}"
    return "closed" if math.isinf(value) else f"{100 * (value - 1):+.3g} %".replace("-", w.MINUS)


MONEY = "USD million a year"


def in_force_table(a: Assessment) -> Table:
    """Which measures of the case are in force on the date, by which act, and what they set."""
    owners = {party.id: party.name for party in a.case.parties}
    state = departure_of(a.case, a.date, a.horizon, a.transfers)
    filed = {m.id: m for m in a.case.own.measures}
    told = {e.measure.id: state.measure(e.measure.id) for e in a.effects}
    rows: list[tuple[Cell, ...]] = []
    for e in sorted(a.effects, key=lambda e: not e.in_force):
        m = e.measure
        # An act's days are those of the case, whatever a hypothetical state makes of it.
        spells = list(filed[m.id].in_force)
        rows.append(
            (
                "in force" if e.in_force else "not in force",
                m.label,
                owners.get(m.owner, m.owner),
                tuple(Link(f"{act.title}, {short_day(act.date)}", act.href) for act in m.acts),
                "; ".join(s.start.isoformat() for s in spells),
                "; ".join(s.until.isoformat() if s.until else "open" for s in spells),
                *([told[m.id] or None] if any(told.values()) else []),
                described(a.case, m),
            )
        )
    active = [e for e in a.effects if e.in_force]
    text = w.sentence(
        f"{w.count(len(active), '') if active else 'none '}of the case's "
        f"{w.count(len(a.effects), 'measure')} "
        f"{'is' if len(active) == 1 else 'are'} in force on {day(a.date)}"
        f"{' in this hypothetical state' if any(told.values()) else ''}"
    )
    text += f": {w.listing(w.quoted(e.measure.label) for e in active)}." if active else "."
    idle = [w.quoted(e.measure.label) for e in a.effects if not e.has_effect]
    if idle:
        text += (
            f" {w.sentence(w.listing(idle))} {'change' if len(idle) > 1 else 'changes'} no flow of"
            " the base year, so the figures below hold no effect of"
            f" {'them' if len(idle) > 1 else 'it'}."
        )
    return Table(
        "in-force",
        f"Measures in force on {day(a.date)}",
        text,
        (
            Column("status", "Status", group=True),
            Column("measure", "Measure"),
            Column("owner", "Owner"),
            Column("acts", "Legal act", kind="links"),
            Column("since", "Since", kind="date"),
            Column("until", "Until", kind="date"),
            *([Column("hypothetical", "Hypothetical")] if any(told.values()) else []),
            Column("sets", "What it sets in the model"),
        ),
        tuple(rows),
        note="Since and until are the days of the acts in the case. What the state changes of them "
        "is hypothetical and stands in a column of its own."
        if any(told.values())
        else "",
    )


def _role(e: MeasureEffect, place: Place, authors: list[Place], targets: list[Place]) -> str:
    if place in targets:
        return "target"
    return "author" if place in authors else "third country"


def _touched(a: Assessment, e: MeasureEffect, most: int = 3) -> list[tuple[Place, str]]:
    """A measure's targets, authors and the third countries that it moves most."""
    authors, targets = collapse(a, e.authors), collapse(a, e.targets)
    named = {p.key: p for p in [*targets, *authors]}
    taken = {k for p in named.values() for k in p.members}
    size = np.maximum(np.abs(burden_n(e)), np.abs(e.alone_n))
    floor = max(0.05 * float(size.max()), 0.5)
    thirds = [int(k) for k in np.argsort(-size, kind="stable") if int(k) not in taken]
    for k in [k for k in thirds if size[k] >= floor][:most]:
        place = country(a, k)
        named.setdefault(place.key, place)
    return [(p, _role(e, p, authors, targets)) for p in named.values()]


def cost_table(a: Assessment, page: Page) -> Table:
    """What each measure does to its target, its author and the third countries it moves most."""
    effects = [e for e in a.effects if e.has_effect]
    flat: list[tuple[Cell, ...]] = []
    for k in page.keep("cost", lambda: _by_weight(effects)):
        e = effects[k]
        rows: list[tuple[Cell, ...]] = [
            (
                e.measure.label,
                "in force" if e.in_force else "not in force",
                place.name,
                role,
                place.total(burden_n(e)),
                place.total(e.alone_n),
            )
            for place, role in page.keep(f"cost {e.measure.id}", partial(_touched, a, e))
        ]
        rows.append(
            (
                e.measure.label,
                "in force" if e.in_force else "not in force",
                "World",
                "all countries",
                float(burden_n(e).sum()),
                float(e.alone_n.sum()),
            )
        )
        flat += [rows[r] for r in page.keep(f"cost {e.measure.id} order", partial(_ranked, rows))]
    values = [v for row in flat for v in row[4:]]
    return Table(
        "cost",
        "What each measure costs, and whom",
        page.say(lambda: _cost_sentence(a, [e for e in effects if e.in_force], page)),
        (
            Column("measure", "Measure", group=True),
            Column("status", "Status", group=True),
            Column("country", "Country"),
            Column("role", "Role"),
            welfare("given_the_rest", "Given the other measures", MONEY, values),
            welfare("alone", "If it were the only one", MONEY, values),
        ),
        tuple(flat),
        note="Equivalent variation: the money that households would accept in place of the "
        "measure. Negative is a loss. ‘Given the other measures’ compares the regime with the "
        "regime without the measure (for one not in force, with the regime plus it); the two "
        "columns differ where measures overlap. Per measure: those it hits, those whose it is, and "
        "up to three others.",
    )


def _by_weight(effects: list[MeasureEffect]) -> list[int]:
    """Measures in force first, those that cost somebody most first."""
    weights = [(not e.in_force, float(burden_n(e).min())) for e in effects]
    return sorted(range(len(effects)), key=weights.__getitem__)


def _ranked(rows: list[tuple[Cell, ...]]) -> list[int]:
    return sorted(range(len(rows)), key=lambda r: _rank(rows[r]))


def _rank(row: tuple[Cell, ...]) -> tuple[bool, float, float]:
    """Those who lose most first, the world's total last."""
    margin, alone = (float(cell) if isinstance(cell, float) else 0.0 for cell in row[4:6])
    return row[2] == "World", round(margin, 1), alone


def _cost_sentence(a: Assessment, effects: list[MeasureEffect], page: Page) -> str:
    if not effects:
        return "No measure in force changes a flow of the base year."
    parts = []
    for e in effects:
        places = [p for p, _ in _touched(a, e)]
        worst = min(places, key=lambda p: p.total(burden_n(e)))
        best = max(places, key=lambda p: p.total(burden_n(e)))
        parts.append((worst.total(burden_n(e)), e, worst, best))
    loss, e, worst, best = min(parts, key=lambda part: part[0])
    gain = best.total(burden_n(e))
    text = f"Given the other measures, {w.quoted(e.measure.label)} weighs most"
    hurt, helped = (
        page.band("cost", (e.measure.label, "in force", p.name), "given_the_rest")
        for p in (worst, best)
    )
    text += f": it costs {worst.prose} {w.money(loss, hurt)} a year" if loss < 0 else ""
    text += f" and brings {best.prose} {w.money(gain, helped)}." if gain > 0.05 else "."
    return " ".join([text, *joint_sentences(a), *idle_sentences(a)])


def joint_sentences(a: Assessment) -> list[str]:
    """Which measures in force hold each other in place, so that lifting one alone moves nothing."""
    return [
        f"{w.sentence(w.listing(w.quoted(m.label) for m in joint.measures))} hold the same thing "
        "closed: lifting one of them alone moves nothing while another stands."
        for joint in a.joint
    ]


def idle_sentences(a: Assessment) -> list[str]:
    """Which measures in force change flows and move next to nothing, alone or with one another."""
    held = {m.id for joint in a.joint for m in joint.measures}
    return [
        f"Lifting {w.quoted(e.measure.label)} moves next to nothing: no country gains or loses as "
        f"much as USD {1e3 * NOISE:.0f} thousand a year."
        for e in a.effects
        if e.in_force and e.has_effect and negligible(e.margin_n) and e.measure.id not in held
    ]


def boomerang_table(a: Assessment, page: Page) -> Table:
    """What a measure's authors lose for each dollar that its targets lose."""
    rows: list[tuple[Cell, ...]] = []
    for e in (e for e in a.effects if e.has_effect):
        authors, targets = collapse(a, e.authors), collapse(a, e.targets)
        burden = burden_n(e)
        rows.append(
            (
                e.measure.label,
                "in force" if e.in_force else "not in force",
                w.listing(p.name for p in authors),
                w.listing(p.name for p in targets),
                sum(p.total(burden) for p in authors),
                sum(p.total(burden) for p in targets),
                e.boomerang_margin,
                e.boomerang_alone,
            )
        )
    rows = [rows[k] for k in page.keep("boomerang", lambda: _hardest(rows))]
    money = [v for row in rows for v in row[4:6]]
    return Table(
        "boomerang",
        "Boomerang: what the author loses per dollar of the target's loss",
        page.say(lambda: _boomerang_sentence(a, page)),
        (
            Column("measure", "Measure"),
            Column("status", "Status"),
            Column("authors", "Author"),
            Column("targets", "Target"),
            welfare("authors_effect", "Effect on author", MONEY, money),
            welfare("targets_effect", "Effect on target", MONEY, money),
            Column("ratio", "Ratio given the other measures", "USD per USD", "number", 2),
            Column("ratio_alone", "Ratio if alone", "USD per USD", "number", 2),
        ),
        tuple(rows),
        note="Above 1 the measure costs its author more than its target; below 0 the author gains. "
        "A dash: the target loses nothing, so there is no ratio; nor is there a band where that is "
        "so in some draws.",
    )


def _hardest(rows: list[tuple[Cell, ...]]) -> list[int]:
    """Measures in force first, those that fall back hardest first."""
    ratios = [r[6] if isinstance(r[6], float) else -np.inf for r in rows]
    return sorted(range(len(rows)), key=lambda k: (rows[k][1] != "in force", -ratios[k]))


def _boomerang_sentence(a: Assessment, page: Page) -> str:
    known = [e for e in a.effects if e.has_effect and e.in_force and e.boomerang_margin is not None]
    if not known:
        return "No measure in force costs its target anything, so there is no boomerang to report."
    e = max(known, key=lambda e: e.boomerang_margin or 0.0)
    ratio = e.boomerang_margin or 0.0
    authors = w.listing(p.prose for p in collapse(a, e.authors))
    targets = w.listing(p.prose for p in collapse(a, e.targets))
    verb = "loses" if ratio >= 0 else "gains"
    text = (
        f"For each dollar that {w.quoted(e.measure.label)} costs {targets}, {authors} {verb} "
        f"{w.number(abs(ratio), 2)}{_ratio_band(page, e, ratio)} dollars, given the other measures"
    )
    return f"{text}; no other measure in force falls back harder on its author."


def _ratio_band(page: Page, effect: MeasureEffect, ratio: float) -> str:
    band = page.band("boomerang", effect.measure.label, "ratio")
    if band is None:
        return ""
    ends = sorted(end if ratio >= 0 else -end for end in band)
    return w.within((ends[0], ends[1]), lambda end: w.number(end, 2))
