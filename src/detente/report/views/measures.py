"""Views of measures: what each sets in the model, what it costs whom, and the boomerang.

`described` says in words what a measure sets. `in_force_table`, `cost_table` and `boomerang_table`
are the tables, with their sentences on joint and idle measures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.departure import departure_of
from detente.analysis.figures.effects import WORLD
from detente.analysis.findings import (
    boomerang_words,
    idle_words,
    joint_words,
)
from detente.analysis.labels import day, name_of, short_day
from detente.analysis.options import burden_n
from detente.analysis.places import collapse
from detente.cases.measures import Licence, PriceCap, Quota
from detente.report.table import (
    Cell,
    Column,
    Link,
    Table,
    figure_column,
    figure_table,
)
from detente.world.names import good_name, lower_first

if TYPE_CHECKING:
    from detente.analysis.answers import Assessment
    from detente.analysis.figures.frame import Frame, Key
    from detente.analysis.reach import Reach
    from detente.cases import Case, Measure, RouteChange, Setting
    from detente.cases.fields import Selection
    from detente.cases.measures import Act, Effect
    from detente.report.context import ViewContext


_WORDS = {
    "embargo": "embargo",
    "tariff": "tariff",
    "iceberg": "extra trade cost",
    "export_tax": "export tax",
    "quota": "quota",
    "licence": "licence",
    "price_cap": "price cap",
    "productivity": "productivity",
}
#: What a setting does to the flows that it concerns.
_VERBS = {
    "embargo": "closes",
    "quota": "limits",
    "licence": "lets an amount pass of",
    "price_cap": "caps the price of",
}
_RATES = {"rate": "{:g} %", "add": "{:+g} points", "leakage": "of which {:g} % still passes"}


def act_link(act: Act) -> Link:
    """An act with its address, or a word that it has none."""
    text = f"{act.title}, {short_day(act.date)}"
    return Link(text, act.href) if act.href else Link(f"{text} (no link: {act.note})", "")


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
    words += _limits(case, effect)
    return ", ".join(word for word in words if word)


def _limits(case: Case, limited: Effect) -> list[str]:
    """How much may pass under a quota or licence, or the price of a cap."""
    if isinstance(limited, PriceCap):
        return [f"at {case.number(limited.price):g} {limited.unit}", "not yet computed"]
    if not isinstance(limited, Quota | Licence):
        return []
    if limited.share is not None:
        words = [f"at most {100 * case.number(limited.share):g} % of the base flow"]
    elif limited.quantity is not None:
        unit = _unit(case, limited.goods)
        words = [f"at most {case.number(limited.quantity):,.6g} {unit} a year"]
    else:
        words = [f"at most {w.money(case.number(limited.value or 0.0))} a year"]
    beyond = limited.beyond if isinstance(limited, Quota) else None
    if beyond is not None:
        words.append(f"beyond it {100 * case.number(beyond):+g} points".replace("-", w.MINUS))
    return [*words, "rent to the exporter"] if limited.rent == "origin" else words


def reached(reach: Reach, owner: str, part: str = "") -> str:
    """How much of the base year a setting closes or changes, and what of it is not the owner's.

    Args:
        reach: from `detente.analysis.reach.reach_of`.
        owner: the name of the owner.
        part: which part of whose trade that is, from `share_words`; left out if empty.
    """
    s = reach.setting
    worth = f"worth {w.money(reach.value)} in the base year"
    if s.productivity is not None:
        text = f"changes {w.count(reach.flows, 'industry', 'industries')} with sales {worth}"
    elif s.route is not None:
        verb = "closes" if s.route.close else "makes dearer"
        text = f"{verb} routes of {w.count(reach.flows, 'flow')}; what passes there is {worth}"
    else:
        verb = _VERBS.get(s.kind, "changes")
        text = f"{verb} {w.count(reach.flows, 'flow')} {worth}"
    text += f". That is {part}" if part else ""
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
        route.id: route.label
        for choice in case.route_choices
        for route in choice.routes
        if (choice.commodity, choice.origin) == (change.commodity, change.origin)
    }
    goods = lower_first(case.commodity(change.commodity).label)
    routes = w.listing(labels.get(route, route) for route in change.routes)
    if change.close:
        return f"no {goods} from {name_of(change.origin)} by {routes}"
    extra = case.number(change.extra_cost or 0.0)
    unit = case.commodity(change.commodity).unit
    return f"USD {extra:g} per {unit} more for {goods} by {routes}"


def _goods(case: Case, selection: Selection) -> str:
    labels = {c.name: c.label for c in case.commodities}
    return _words(
        selection,
        lambda good: lower_first(labels[good]) if good in labels else good_name(good),
        most=3,
    )


def _whom(selection: Selection) -> str:
    return _words(selection, _label)


def _words(selection: Selection, name: Callable[[str], str], most: int = 30) -> str:
    named = [name(label) for label in selection.include]
    if len(named) > most:
        named = [*named[: most - 1], f"{len(named) - most + 1} others"]
    chosen = "all" if "*" in selection.include else w.listing(named)
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


def in_force_table(a: Assessment) -> Table:
    """Which measures of the case are in force on the date, by which act, and what they set."""
    owners = {party.id: party.name for party in a.case.parties}
    state = departure_of(a.case, a.date, a.horizon, a.transfers)
    filed = {m.id: m for m in a.case.own.measures}
    stated = {e.measure.id: state.measure(e.measure.id) for e in a.effects}
    rows: list[tuple[Cell, ...]] = []
    for e in sorted(a.effects, key=lambda e: not e.in_force):
        m = e.measure
        # An act's days are those of the case, whatever a scenario makes of it.
        spells = list(filed[m.id].in_force)
        rows.append(
            (
                "in force" if e.in_force else "not in force",
                m.label,
                owners.get(m.owner, m.owner),
                tuple(map(act_link, m.acts)),
                "; ".join(s.start.isoformat() for s in spells),
                "; ".join(s.until.isoformat() if s.until else "open" for s in spells),
                *([stated[m.id] or None] if any(stated.values()) else []),
                described(a.case, m),
            )
        )
    active = [e for e in a.effects if e.in_force]
    text = w.sentence(
        f"{w.count(len(active), '') if active else 'none '}of the case's "
        f"{w.count(len(a.effects), 'measure')} "
        f"{'is' if len(active) == 1 else 'are'} in force on {day(a.date)}"
        f"{' in your scenario' if any(stated.values()) else ''}"
    )
    text += f": {w.listing(w.quoted(e.measure.label) for e in active)}." if active else "."
    text += "".join(f" {words}" for words in a.case.not_computed)
    idle = [
        w.quoted(e.measure.label)
        for e in a.effects
        if not e.has_effect and not e.measure.not_computed
    ]
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
            *([Column("hypothetical", "Your scenario")] if any(stated.values()) else []),
            Column("sets", "What it sets in the model"),
        ),
        tuple(rows),
        note="Since and until are the days of the acts in the case. What the state changes of them "
        "is your scenario and stands in a column of its own."
        if any(stated.values())
        else "",
    )


def cost_table(context: ViewContext) -> Table:
    """What each measure does to its target, its author and the third countries it moves most."""
    frame, a = context.figures["cost"], context.assessment
    effects = [e for e in a.effects if e.has_effect]
    rows: list[tuple[Key, tuple[Cell, ...]]] = []
    for e in sorted(effects, key=lambda e: (not e.in_force, float(burden_n(e).min()))):
        status = "in force" if e.in_force else "not in force"
        named = {
            (e.measure.id, p.key): (e.measure.label, status, p.name, role)
            for p, role in context.selection.touched[e.measure.id]
        }
        named[e.measure.id, WORLD] = (e.measure.label, status, "World", "all countries")
        rows += [(key, named[key]) for key in sorted(named, key=lambda key: _rank(frame, key))]
    every = frame.values.ravel()
    return figure_table(
        frame,
        _cost_sentence(context),
        (
            Column("measure", "Measure", group=True),
            Column("status", "Status", group=True),
            Column("country", "Country"),
            Column("role", "Role"),
            figure_column(frame, "given_the_rest", every, signed=True, toned=True),
            figure_column(frame, "alone", every, signed=True, toned=True),
        ),
        rows,
        note="Equivalent variation: the money that households would accept in place of the "
        "measure. Negative is a loss. ‘Given the other measures’ compares the regime with the "
        "regime without the measure (for one not in force, with the regime plus it); the two "
        "columns differ where measures overlap. Per measure: those it hits, those whose it is, and "
        "up to three others.",
    )


def _rank(frame: Frame, key: Key) -> tuple[bool, float, float]:
    """Those who lose most first, the world's total last."""
    margin, alone = frame.value(key, "given_the_rest"), frame.value(key, "alone")
    return key[1] == WORLD, round(margin, 1), alone


def _cost_sentence(context: ViewContext) -> str:
    a, frame = context.assessment, context.figures["cost"]
    effects = [e for e in a.effects if e.in_force and e.has_effect]
    if not effects:
        return "No measure in force changes a flow of the base year."
    parts = []
    for e in effects:
        places = [p for p, _ in context.selection.touched[e.measure.id]]
        worst = min(places, key=lambda p: p.total(burden_n(e)))
        best = max(places, key=lambda p: p.total(burden_n(e)))
        parts.append((worst.total(burden_n(e)), e, worst, best))
    loss, e, worst, best = min(parts, key=lambda part: part[0])
    gain = best.total(burden_n(e))
    text = f"Given the other measures, {w.quoted(e.measure.label)} weighs most"
    hurt, helped = (frame.band((e.measure.id, p.key), "given_the_rest") for p in (worst, best))
    text += f": it costs {worst.prose} {w.money(loss, hurt)} a year" if loss < 0 else ""
    text += f" and brings {best.prose} {w.money(gain, helped)}." if gain > 0.05 else "."
    return " ".join([text, *joint_words(a), *idle_words(a)])


def boomerang_table(context: ViewContext) -> Table:
    """What a measure's authors lose for each dollar that its targets lose."""
    frame, a = context.figures["boomerang"], context.assessment
    known = {e.measure.id: e for e in a.effects}

    def hardest(row: Key) -> tuple[bool, float]:
        """Measures in force first, those that fall back hardest first."""
        ratio = frame.value(row, "ratio")
        return not known[row[0]].in_force, math.inf if math.isnan(ratio) else -ratio

    def cells(row: Key) -> tuple[Cell, ...]:
        e = known[row[0]]
        status = "in force" if e.in_force else "not in force"
        named = (w.listing(p.name for p in collapse(a, x)) for x in (e.authors, e.targets))
        return (e.measure.label, status, *named)

    money = [v for key in ("authors_effect", "targets_effect") for v in frame.column(key)]
    return figure_table(
        frame,
        boomerang_words(a, context.figures),
        (
            Column("measure", "Measure"),
            Column("status", "Status"),
            Column("authors", "Author"),
            Column("targets", "Target"),
            figure_column(frame, "authors_effect", money, signed=True, toned=True),
            figure_column(frame, "targets_effect", money, signed=True, toned=True),
            figure_column(frame, "ratio", decimals=2),
            figure_column(frame, "ratio_alone", decimals=2),
        ),
        [(row, cells(row)) for row in sorted(frame.rows, key=hardest)],
        note="Above 1 the measure costs its author more than its target; below 0 the author gains. "
        "A dash: the target loses nothing, so there is no ratio; nor is there a band where that is "
        "so in some draws.",
    )
